import assert from 'node:assert/strict';
import { setImmediate as nextTurn } from 'node:timers/promises';
import { test } from 'node:test';
import { createSlices } from '../../../src/server/compile/slices.ts';

/** Synchronous work. */
function work(durationMs: number): void {
  const end = performance.now() + durationMs;
  while (performance.now() < end);
}

test('long work lets others in between its pieces, and loses none of them', async () => {
  const slices = createSlices(5);
  let done = 0;
  const all = Promise.all(
    Array.from({ length: 20 }, async () => {
      while (slices.isUsedUp()) await slices.next();
      work(2);
      done++;
    }),
  );
  const seen: number[] = [];
  while (done < 20) {
    await nextTurn();
    seen.push(done);
  }
  await all;
  const between = new Set(seen.filter((count) => count > 0 && count < 20));
  assert.ok(between.size >= 3, `others came in at ${seen.join(', ')}`);
});

test('short work is not interrupted', async () => {
  const slices = createSlices(10_000);
  await slices.next();
  assert.equal(slices.isUsedUp(), false);
});
