/**
 * Time as the watch path uses it: when is now, and run this later. Injected, so that the rules about bursts, half-written files and
 * heartbeats are tested without waiting for them; `node:test`'s mock timers would also stop the timers of sockets and of the runner.
 */
export interface Clock {
  /** Monotonic milliseconds, as `performance.now()`. */
  now(): number;
  /** Runs later; returns what cancels it. A delay of 0 means after the events that are already waiting. */
  schedule(run: () => void, delayMs: number): () => void;
}

export const systemClock: Clock = {
  now: () => performance.now(),
  schedule(run, delayMs) {
    if (delayMs >= 1) {
      const timer = setTimeout(run, delayMs);
      return () => clearTimeout(timer);
    }
    // Timers know whole milliseconds only; what is less is waited for turn by turn.
    const due = performance.now() + delayMs;
    const turn = (): void => {
      if (performance.now() >= due) run();
      else immediate = setImmediate(turn);
    };
    let immediate = setImmediate(turn);
    return () => clearImmediate(immediate);
  },
};
