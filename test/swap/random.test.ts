/**
 * Hot-swap of random programs under random edits, beside a model of what they should do (random-model.ts, random-swap.ts): after every save
 * all that was ever taken from the program, functions, instances, objects, listeners, is asked again, and has to say what the new source says
 * with the state of before. A failure prints its seed and a small example.
 *
 *     SWAP_PROGRAMS=2000 SWAP_SEED=1 node --import tsx --test test/swap/random.test.ts
 */
import assert from 'node:assert/strict';
import { test, type TestContext } from 'node:test';
import type { Level } from './case.ts';
import { createCounts, describeFailure, runSeed, shrink, type Counts } from './random-run.ts';

const SEED = Number(process.env['SWAP_SEED'] ?? 1);
const PROGRAMS = Number(process.env['SWAP_PROGRAMS'] ?? 200);
/** Replays of smaller examples, a few hundredths of a second each. */
const SHRINKS = 600;

/** Which part of all programs a level gets. */
const SHARES: readonly (readonly [Level, number])[] = [
  ['classes', 0.5],
  ['closures', 0.25],
  ['bindings', 0.25],
];

/** Of saves with this edit alone, how many may be refused: what cannot be swapped by its nature. Of all others one in ten, for what else the edit touches. */
const REFUSED: Readonly<Record<string, number>> = {
  'statement removed': 1,
  'name became another kind': 1,
  flavour: 0.7,
  form: 0.8,
  'property form': 0.5,
  'member kind': 0.5,
  undo: 0.5,
  extends: 0.8,
  table: 0.3,
  block: 0.6,
  'statement added': 0.1,
};
/** Fewer saves than this tell nothing of a share. */
const ENOUGH = 20;

for (const [level, share] of SHARES) {
  test(`random programs (${level})`, async (t) => {
    const counts = createCounts();
    for (let seed = SEED; seed < SEED + Math.ceil(PROGRAMS * share); seed++) {
      const failure = await runSeed(seed, level, counts);
      if (!failure) continue;
      const small = await shrink(failure, SHRINKS);
      assert.fail(`seed ${seed}: ${failure.wrong.message}\n${describeFailure(small)}`);
    }
    report(t, counts);
    for (const [edit, { swapped, refused }] of Object.entries(counts.edits)) {
      const all = swapped + refused;
      assert.ok(all < ENOUGH || refused / all <= (REFUSED[edit] ?? 0.1), `${edit}: ${refused} of ${all} saves were refused`);
    }
    assert.ok(counts.swaps > counts.saves * 0.75, `only ${counts.swaps} of ${counts.saves} saves were swapped`);
  });
}

function report(t: TestContext, { edits, refusals, ...numbers }: Counts): void {
  t.diagnostic(JSON.stringify(numbers));
  const byCount = Object.entries(refusals).toSorted(([, a], [, b]) => b - a);
  t.diagnostic(`refused: ${byCount.map(([reason, count]) => `${count} × ${reason}`).join('; ')}`);
  t.diagnostic(
    `swapped, refused: ${Object.entries(edits)
      .map(([edit, { swapped, refused }]) => `${edit} ${swapped}, ${refused}`)
      .join('; ')}`,
  );
}
