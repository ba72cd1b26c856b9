/**
 * Hot-swap in Chromium: every case at its level and at those above, plainly, with each save taken back first, and with all saves at once.
 * The runtime and its host are bundled once and evaluated in a blank page; the linked texts come as data, and no server takes part.
 */
import { build } from 'esbuild';
import { before, describe, test } from 'node:test';
import type { Page } from 'playwright-core';
import { browser } from '../harness/browser.ts';
import { REPOSITORY } from '../harness/built.ts';
import { atOnce, levelsOf } from './case.ts';
import { caseGroups } from './cases/index.ts';
import type { runProgram, RunReport, RunText } from './host.ts';
import { runText } from './texts.ts';
import { assertRun } from './verdict.ts';

let page: Page;

before(async () => {
  const { outputFiles } = await build({
    absWorkingDir: REPOSITORY,
    entryPoints: ['test/swap/host.ts'],
    bundle: true,
    write: false,
    format: 'iife',
    globalName: 'swapHost',
    target: 'es2022',
  });
  page = await (await browser()).newPage();
  await page.addScriptTag({ content: outputFiles[0]?.text ?? '' });
});

function run(text: RunText): Promise<RunReport> {
  return page.evaluate((data) => (Reflect.get(globalThis, 'swapHost') as { runProgram: typeof runProgram }).runProgram(data), text);
}

for (const [group, cases] of Object.entries(caseGroups)) {
  describe(`hot-swap in Chromium: ${group}`, () => {
    for (const swapCase of cases) {
      for (const level of levelsOf(swapCase)) {
        test(`${swapCase.name} (${level})`, async () => {
          assertRun(swapCase, await run(runText(swapCase, level)));
        });
        test(`${swapCase.name} (${level}, after a rollback)`, async () => {
          assertRun(swapCase, await run(runText(swapCase, level, true)));
        });
        const last = atOnce(swapCase);
        if (!last) continue;
        test(`${swapCase.name} (${level}, all saves at once)`, async () => {
          assertRun(last, await run(runText(last, level)));
        });
      }
    }
  });
}
