/**
 * A clock that moves when a test says so. Timers run in the order of their time; between two of them everything that was promised is
 * let happen, so that code which awaits between its timers behaves as it does in real time.
 */
import type { Clock } from '../../../src/server/hot/clock.ts';

export interface TestClock extends Clock {
  /** Runs every timer that is due until then. */
  advance(durationMs: number): Promise<void>;
  /** Timers that have not run. */
  readonly pending: number;
}

export function createTestClock(): TestClock {
  const timers = new Set<{ at: number; run: () => void }>();
  let now = 1000;
  return {
    now: () => now,
    schedule(run, delayMs) {
      const timer = { at: now + Math.max(0, delayMs), run };
      timers.add(timer);
      return () => timers.delete(timer);
    },
    async advance(durationMs) {
      const until = now + durationMs;
      for (;;) {
        await new Promise(setImmediate);
        const [next] = [...timers].filter(({ at }) => at <= until).sort((a, b) => a.at - b.at);
        if (!next) break;
        timers.delete(next);
        now = Math.max(now, next.at);
        next.run();
      }
      now = until;
    },
    get pending() {
      return timers.size;
    },
  };
}
