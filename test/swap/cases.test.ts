/**
 * The cases of hot-swap themselves, without any swap: each starts as it says, every version is a program, and what a step says is what a
 * fresh run of its files says, but where the step tells that the program's past makes a difference (`kept`).
 */
import assert from 'node:assert/strict';
import { describe, test } from 'node:test';
import { type Files, type SwapCase } from './case.ts';
import { caseGroups } from './cases/index.ts';
import { runProgram, type Look } from './host.ts';
import { runText } from './texts.ts';

async function fresh(swapCase: SwapCase, files: Files): Promise<Look> {
  // A save of nothing: probes that change what they look at say something else the second time.
  const { start, saves } = await runProgram(runText({ ...swapCase, files, steps: [{ save: {} }] }, 'off'));
  assert.deepEqual(saves[0]?.look.probed, start.probed, 'a second look');
  return start;
}

test('names are names of one case each', () => {
  const names = Object.values(caseGroups).flatMap((cases) => cases.map(({ name }) => name));
  assert.deepEqual(
    names.filter((name, index) => names.indexOf(name) !== index),
    [],
  );
});

for (const [group, cases] of Object.entries(caseGroups)) {
  describe(`cases of hot-swap: ${group}`, () => {
    for (const swapCase of cases) {
      test(swapCase.name, async () => {
        const start = await fresh(swapCase, swapCase.files);
        assert.deepEqual([...start.logged, ...start.probed], swapCase.starts);
        await assertSteps(swapCase, start);
      });
    }
  });
}

async function assertSteps(swapCase: SwapCase, start: Look): Promise<void> {
  let files = swapCase.files;
  let before: readonly string[] = start.probed;
  for (const [index, { save, says = before, refused, kept }] of swapCase.steps.entries()) {
    // What is refused links all the same, but for what is refused by linking.
    runText({ ...swapCase, files: save, steps: [] }, 'off');
    if (refused !== undefined) continue;
    files = { ...files, ...save };
    const { probed } = await fresh(swapCase, files);
    if (kept) assert.notDeepEqual(probed, says.slice(-probed.length), `save ${index + 1} needs no "kept"`);
    else assert.deepEqual(probed, says.slice(-probed.length), `a fresh run of the files of save ${index + 1}`);
    before = says.slice(-probed.length);
  }
}
