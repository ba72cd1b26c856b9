/** The example site of Markdown pages, as a new user would have it: edited in development, then built, previewed, and the same to look at. */
import assert from 'node:assert/strict';
import fs from 'node:fs/promises';
import { test } from 'node:test';
import { openPage } from '../harness/browser.ts';
import { runCli, startCli } from '../harness/cli.ts';
import { copyExample, linkPackages } from './examples-support.ts';

test('edited, built and previewed', async () => {
  await using files = await copyExample('site');
  await linkPackages(files);
  const look = (): unknown => [
    document.title,
    document.body.innerText,
    ...[...document.images].map(({ naturalWidth }) => naturalWidth),
    document.body.clientHeight,
  ];

  await using cli = await startCli(['--port', '0', '--no-cache'], { cwd: files.path });
  await using page = await openPage(cli.url('/notes.html'));
  await page.untilText('h1', 'Notes');
  await page.waitForConsole(/^\[hmr-dev\] connected/);
  await files.edit('pages/notes.md', '# Notes', '# Notes on tides');
  await page.untilText('h1', 'Notes on tides');
  await files.edit('layout.html', 'Made with', 'Written with');
  await page.untilText('footer', /Written with/);
  await cli.log.waitFor(/\.\.\/layout\.html: html merged/);
  const text = await files.read('pages/notes.md');
  await files.remove('pages/notes.md');
  await page.waitForConsole(/notes\.html is not merged/);
  await files.write('pages/notes.md', text.replace('# Notes', '# More notes'));
  await page.untilText('h1', 'More notes on tides');
  await page.page.click('#theme');
  await page.untilText('#theme', 'Light');
  const developed: unknown[] = [];
  for (const name of ['', 'notes.html', 'about.html']) {
    await page.page.goto(cli.url(`/${name}`));
    developed.push(await page.page.evaluate(look));
  }
  assert.deepEqual(page.errors, []);

  const built = await runCli(['build'], { cwd: files.path });
  assert.deepEqual([built.code, built.stderr], [0, '']);
  assert.deepEqual((await fs.readdir(files.resolve('dist'))).sort(), [
    '.hmr-dev-build.json',
    'about.html',
    'assets',
    'index.html',
    'notes.html',
    'robots.txt',
    'tides.csv',
  ]);
  await using site = await startCli(['preview', '--port', '0'], { cwd: files.path });
  await using other = await openPage(site.url('/notes.html'));
  await other.untilText('#theme', 'Dark');
  await other.page.click('#theme');
  await other.untilText('#theme', 'Light');
  const previewed: unknown[] = [];
  for (const name of ['', 'notes.html', 'about.html']) {
    await other.page.goto(site.url(`/${name}`));
    previewed.push(await other.page.evaluate(look));
  }
  assert.deepEqual(previewed, developed);
  assert.deepEqual(other.errors, []);
});
