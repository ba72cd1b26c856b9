/**
 * The timers of one version. They are held weakly: Node itself holds those that still have to fire, so nobody has to say when one
 * has fired, and a program that makes thousands of them costs nothing.
 */

export type Timer = NodeJS.Timeout | NodeJS.Immediate;

export interface OwnedTimers {
  add(timer: Timer): void;
  /** For a pending promise of `timers/promises`, which is nothing that could be cleared. */
  addSleep(sleep: AbortController): void;
  removeSleep(sleep: AbortController): void;
  clear(): void;
}

/** Dead references are looked for when this many have come since the last time. */
const LEAST_SWEEP = 64;

export function createOwnedTimers(): OwnedTimers {
  let timers = new Set<WeakRef<Timer>>();
  let sweepAt = LEAST_SWEEP;
  const sleeps = new Set<AbortController>();
  return {
    add(timer) {
      timers.add(new WeakRef(timer));
      if (timers.size < sweepAt) return;
      timers = new Set([...timers].filter((reference) => reference.deref() !== undefined));
      sweepAt = Math.max(LEAST_SWEEP, timers.size * 2);
    },
    addSleep(sleep) {
      sleeps.add(sleep);
    },
    removeSleep(sleep) {
      sleeps.delete(sleep);
    },
    clear() {
      for (const reference of timers) {
        const timer = reference.deref();
        if (timer !== undefined) stopTimer(timer);
      }
      timers.clear();
      for (const sleep of sleeps) sleep.abort();
      sleeps.clear();
    },
  };
}

/** The fields that `clearTimeout` empties. */
interface TimeoutFields {
  _idleTimeout: number;
  _onTimeout: unknown;
}

/**
 * Clears a timer so that `refresh()` starts it again. Packages are shared by all versions, and some keep one timer for ever that they
 * only refresh: fetch does, and without this no fetch after the first reload would ever time out.
 */
export function stopTimer(timer: Timer): void {
  if (!('refresh' in timer)) {
    clearImmediate(timer);
    return;
  }
  const fields = timer as unknown as TimeoutFields;
  const { _idleTimeout, _onTimeout } = fields;
  clearTimeout(timer);
  timer.refresh = () => {
    Reflect.deleteProperty(timer, 'refresh');
    Object.assign(fields, { _idleTimeout, _onTimeout });
    return timer.refresh();
  };
}
