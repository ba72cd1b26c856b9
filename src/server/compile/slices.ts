/**
 * Long synchronous work in slices, so that requests are answered in between. Linking a thousand modules is half a second in which not even
 * their page would be served; and to serve it takes several turns of the event loop, so a slice has to be short.
 *
 *     while (slices.isUsedUp()) await slices.next();
 *     work();                       // in the same breath
 */
export interface Slices {
  isUsedUp(): boolean;
  /** Others wait: they may go first. */
  isAwaited(): boolean;
  /** Resolves when everybody else had a turn and those who waited before have worked. */
  next(): Promise<void>;
}

export function createSlices(sliceMs = 4): Slices {
  const waiting: (() => void)[] = [];
  let startedAt = -Infinity;
  let isScheduled = false;

  const isUsedUp = (): boolean => performance.now() - startedAt > sliceMs;

  const begin = (): void => {
    startedAt = performance.now();
    release();
  };
  /** One after the other: woken together, hundreds would find the slice used up, and wait again. */
  const release = (): void => {
    const resolve = waiting.shift();
    isScheduled = resolve !== undefined;
    if (!resolve) return;
    resolve();
    // Behind what that one does now.
    queueMicrotask(() => (isUsedUp() ? void setImmediate(begin) : release()));
  };

  return {
    isUsedUp,
    isAwaited: () => waiting.length > 0,
    next: () =>
      new Promise((resolve) => {
        waiting.push(resolve);
        if (isScheduled) return;
        isScheduled = true;
        setImmediate(begin);
      }),
  };
}
