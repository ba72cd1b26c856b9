/**
 * `newInterval` and `newTimeout`: timers that end with the version that has made them, also when that was while serving a request, where plain
 * timers live on.
 */
import { findBridge } from './bridge.ts';

/** Stops it; harmless when it has stopped. */
export type Stop = () => void;

/**
 * Calls back every `ms` until that returns (or resolves to) `false`, or the program is hot-reloaded. A call that still runs is waited for,
 * so that a slow one never overlaps itself.
 */
export function newInterval(ms: number, callback: () => unknown): Stop {
  let isRunning = false;
  const tick = async (): Promise<void> => {
    if (isRunning) return;
    isRunning = true;
    try {
      if ((await callback()) === false) stop();
    } finally {
      isRunning = false;
    }
  };
  // What the callback throws is an unhandled rejection here, and ends the process as it would from a plain timer.
  const timer = setInterval(() => void tick(), ms);
  const stop = untilReload(() => clearInterval(timer));
  return stop;
}

/** Calls back once after `ms`, unless the program is hot-reloaded before. */
export function newTimeout(ms: number, callback: () => unknown): Stop {
  const timer = setTimeout(() => {
    stop();
    callback();
  }, ms);
  const stop = untilReload(() => clearTimeout(timer));
  return stop;
}

function untilReload(clear: () => void): Stop {
  const forget = findBridge()?.onHotReload(clear);
  return () => {
    forget?.();
    clear();
  };
}
