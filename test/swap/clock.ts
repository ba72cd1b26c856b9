/** Timers of a test program, counted in ticks: the host says when time goes on, so nothing waits and nothing races. */

export interface Clock {
  tick(): void;
  /** What the program finds as globals. */
  readonly globals: Readonly<Record<string, unknown>>;
}

interface Timer {
  readonly id: number;
  /** Zero: once. */
  readonly every: number;
  due: number;
  readonly run: () => void;
}

export function createClock(): Clock {
  const timers = new Map<number, Timer>();
  let now = 0;
  let last = 0;
  const add = (run: (...args: unknown[]) => unknown, ticks: number, every: number, args: unknown[]): number => {
    const id = ++last;
    timers.set(id, { id, every, due: now + ticks, run: () => void run(...args) });
    return id;
  };
  const clear = (id: number): void => void timers.delete(id);
  const tick = (): void => {
    now++;
    // Those that are set meanwhile are met as well, and are not due before the next tick.
    for (const timer of timers.values()) {
      if (timer.due > now || !timers.has(timer.id)) continue;
      if (timer.every > 0) timer.due = now + timer.every;
      else timers.delete(timer.id);
      timer.run();
    }
  };
  const setTimeout = (run: () => unknown, ticks = 1, ...args: unknown[]): number => add(run, Math.max(1, ticks), 0, args);
  const setInterval = (run: () => unknown, ticks = 1, ...args: unknown[]): number => add(run, Math.max(1, ticks), Math.max(1, ticks), args);
  return { tick, globals: { clock: { tick }, setTimeout, setInterval, clearTimeout: clear, clearInterval: clear } };
}
