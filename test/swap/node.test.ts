/**
 * Hot-swap, the quick way: every case at its level and at those above, in this process; again with each save made first together with a
 * module that throws, after which everything has to be as it was; and from the first version straight to the last. The test in the
 * browser (swap.test.ts) runs the same.
 */
import { describe, test } from 'node:test';
import { atOnce, levelsOf } from './case.ts';
import { caseGroups } from './cases/index.ts';
import { runProgram } from './host.ts';
import { runText } from './texts.ts';
import { assertRun } from './verdict.ts';

for (const [group, cases] of Object.entries(caseGroups)) {
  describe(`hot-swap in Node: ${group}`, () => {
    for (const swapCase of cases) {
      for (const level of levelsOf(swapCase)) {
        test(`${swapCase.name} (${level})`, async () => {
          assertRun(swapCase, await runProgram(runText(swapCase, level)));
        });
        test(`${swapCase.name} (${level}, after a rollback)`, async () => {
          assertRun(swapCase, await runProgram(runText(swapCase, level, true)));
        });
        const last = atOnce(swapCase);
        if (!last) continue;
        test(`${swapCase.name} (${level}, all saves at once)`, async () => {
          assertRun(last, await runProgram(runText(last, level)));
        });
      }
    }
  });
}
