/**
 * Hot-swap of every function of preact in Chromium: an app renders the same before, after, and while they are replaced, with a component that is
 * being rendered at that moment; also an app that was there before.
 */
import assert from 'node:assert/strict';
import { build } from 'esbuild';
import { test } from 'node:test';
import { browser } from '../harness/browser.ts';
import { REPOSITORY } from '../harness/built.ts';
import { changeEveryFunction, libraryTexts, readLibrary } from './library-texts.ts';
import type { PreactRun, runPreact } from './preact-use.ts';

for (const level of ['bindings', 'classes'] as const) {
  test(`preact and its hooks, at level ${level}`, async () => {
    const source = readLibrary('preact', 'preact/hooks');
    const changed = (round: number): PreactRun['plain'] =>
      libraryTexts(source, level, (text) => changeEveryFunction(text, level, `void ${round}`).source);
    const original = libraryTexts(source, level);
    const run: PreactRun = {
      entry: source.entry,
      plain: libraryTexts(source, 'off'),
      versions: [original, changed(1), changed(2), original],
    };
    const { outputFiles } = await build({
      absWorkingDir: REPOSITORY,
      entryPoints: ['test/swap/preact-use.ts'],
      bundle: true,
      write: false,
      format: 'iife',
      globalName: 'preactUse',
      target: 'es2022',
    });
    const page = await (await browser()).newPage();
    await page.addScriptTag({ content: outputFiles[0]?.text ?? '' });
    const wrong = await page.evaluate(
      (data) => (Reflect.get(globalThis, 'preactUse') as { runPreact: typeof runPreact }).runPreact(data),
      run,
    );
    assert.deepEqual(wrong, []);
    await page.close();
  });
}
