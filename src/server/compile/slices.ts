/**
 * Long synchronous work in slices, so that requests are answered in between. Linking a thousand modules is half a second in which not even
 * their page would be served.
 *
 *     while (slices.isUsedUp()) await slices.next();
 *     work();                       // in the same breath, or all who waited would find the new slice unused
 */
import { setImmediate as nextTurn } from 'node:timers/promises';

export interface Slices {
  isUsedUp(): boolean;
  /** Resolves when everybody else had a turn, and with a slice that has just begun for the first who waited. */
  next(): Promise<void>;
}

export function createSlices(sliceMs = 10): Slices {
  let startedAt = -Infinity;
  let turn: Promise<void> | undefined;
  return {
    isUsedUp: () => performance.now() - startedAt > sliceMs,
    next: () =>
      (turn ??= nextTurn().then(() => {
        startedAt = performance.now();
        turn = undefined;
      })),
  };
}
