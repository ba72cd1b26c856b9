/**
 * When a page has time for what it may need later: it has loaded, its event stream is open, and the browser has nothing else to do. What is
 * asked for earlier would stand in the way of the author's own files.
 */
import type { HotEvents } from '../runtime/events.ts';

/** An animation may leave no time at all. */
const LONGEST_WAIT_MS = 2000;

export async function untilIdle({ on }: Pick<HotEvents, 'on'>): Promise<void> {
  await Promise.all([
    new Promise((resolve) => addEventListener('load', resolve)),
    new Promise((resolve) => on('hmr-dev:ws:connect', resolve)),
  ]);
  await new Promise<unknown>((resolve) => {
    // Safari has it behind a switch.
    if (typeof requestIdleCallback === 'function') requestIdleCallback(resolve, { timeout: LONGEST_WAIT_MS });
    else setTimeout(resolve);
  });
}
