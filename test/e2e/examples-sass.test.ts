/**
 * The Sass example: esbuild-sass-plugin as it comes from the registry, for a linked sheet, an imported one, a CSS module, and what they use.
 */
import assert from 'node:assert/strict';
import { test } from 'node:test';
import { linkPackages, openExample } from './examples-support.ts';

test('sass: linked sheet, imported sheet, CSS module and partial are edited, and nothing runs again', async (t) => {
  const { files, tab, untilStyle, assertAlive } = await openExample(t, 'sass');
  await tab.untilText('.notes', 'Nothing chosen yet.');
  await untilStyle('h1', 'color', 'rgb(207, 100, 154)');
  await tab.page.getByLabel('#2a9d8f').click();
  await tab.untilText('.notes', 'You chose #2a9d8f.');
  await untilStyle('button:nth-child(2)', 'outline-style', 'solid');

  await files.edit('src/site.scss', 'font-size: 1.3rem', 'font-size: 30px');
  await untilStyle('h1', 'font-size', '30px');
  await files.edit('src/notes.scss', 'color: darkslategray', 'color: rgb(1, 2, 3)');
  await untilStyle('.notes', 'color', 'rgb(1, 2, 3)');
  await files.edit('src/swatch.module.scss', 'width: 3rem', 'width: 50px');
  await untilStyle('button:nth-child(2)', 'width', '50px');

  await files.edit('src/_palette.scss', '$accent: #cf649a', '$accent: rgb(10, 20, 200)');
  await untilStyle('h1', 'color', 'rgb(10, 20, 200)');
  await untilStyle('.notes', 'border-left-color', 'rgb(10, 20, 200)');
  await untilStyle('button:nth-child(2)', 'outline-color', 'rgb(10, 20, 200)');
  await tab.untilText('.notes', 'You chose #2a9d8f.');
  await assertAlive();
});

test('sass: a mistake in a partial is shown where it is, and the fix takes over', async (t) => {
  const { files, tab, untilStyle, breakAndMend, assertAlive } = await openExample(t, 'sass');
  await tab.untilText('.notes', 'Nothing chosen yet.');
  await untilStyle('h1', 'color', 'rgb(207, 100, 154)');
  await breakAndMend('src/_palette.scss', '$radius: 0.75rem;', '$radius: 0.75rem +;', /src\/_palette\.scss:5:\d+/);
  await files.edit('src/_palette.scss', '$accent: #cf649a', '$accent: rgb(1, 1, 1)');
  await untilStyle('h1', 'color', 'rgb(1, 1, 1)');
  await assertAlive(/_palette\.scss/);
});

test('sass: a project that starts with a mistake in a partial, mended', async (t) => {
  const { files, cli, tab, untilStyle } = await openExample(t, 'sass', {
    arrange: async (copy) => {
      await copy.edit('src/_palette.scss', '$radius: 0.75rem;', '$radius: 0.75rem +;');
      await linkPackages(copy);
    },
  });
  await cli.log.waitFor(/src\/_palette\.scss:5:\d+/);
  await files.edit('src/_palette.scss', '$radius: 0.75rem +;', '$radius: 0.75rem;');
  await tab.untilText('.notes', 'Nothing chosen yet.');
  await untilStyle('h1', 'color', 'rgb(207, 100, 154)');
  assert.equal(cli.log.lines.filter((line) => /deprecat/i.test(line)).length, 0);
});
