/** The command as a developer has it: a process, a terminal, an open page, and an editor that saves. */
import assert from 'node:assert/strict';
import { test } from 'node:test';
import { openPage } from '../harness/browser.ts';
import { BIN, startCli } from '../harness/cli.ts';
import { fixture } from '../harness/fixture.ts';
import { noTerminal, openTerminal } from '../harness/terminal.ts';

const FILES = {
  'index.html': '<!doctype html><title>x</title><p id="out"></p><script type="module" src="main.js"></script>',
  'main.js': `import { container } from 'hmr-dev/client';
    const startedAt = performance.timeOrigin + Math.random();
    globalThis.startedAt = startedAt;
    await container({ './view.js': 'view' }, ({ view }) => { document.querySelector('#out').textContent = view.text; });`,
  'view.js': `export const text = 'one';`,
};

test('a save is seen in the page and explained in the terminal', async () => {
  await using folder = await fixture(FILES);
  await using cli = await startCli([folder.path, '--port', '0']);
  await using page = await openPage(cli.url('/'));
  await page.untilText('#out', 'one');
  await page.markDocument();
  await page.waitForConsole(/^\[hmr-dev\] connected/);
  await folder.edit('view.js', 'one', 'two');
  await page.untilText('#out', 'two');
  assert.ok(await page.isSameDocument());
  assert.match(await cli.log.waitFor(/view\.js: (?!sent; )/), /^\d\d:\d\d:\d\d view\.js: .*\/view\.js.* \([\d.]+ m?s\)/);
  assert.deepEqual(page.errors, []);
});

test('a syntax error stands in the terminal with its place, and the page goes on', async () => {
  await using folder = await fixture(FILES);
  await using cli = await startCli([folder.path, '--port', '0']);
  await using page = await openPage(cli.url('/'));
  // It runs what it imports later than its connection stands.
  await page.untilText('#out', 'one');
  await page.waitForConsole(/^\[hmr-dev\] connected/);
  await page.markDocument();
  await folder.write('view.js', 'export const text = ;');
  await cli.log.waitFor(/Syntax error view\.js:1:21/);
  await cli.log.waitFor(/> 1 \| export const text = ;/);
  await page.untilText('#out', 'one');
  await folder.write('view.js', `export const text = 'fixed';`);
  await page.untilText('#out', 'fixed');
  assert.ok(await page.isSameDocument());
});

test('r reloads the page', { skip: noTerminal }, async () => {
  await using folder = await fixture(FILES);
  await using terminal = await openTerminal(`${process.execPath} ${BIN} ${folder.path} --port 0`);
  const line = await terminal.log.waitFor(/Local: +http/);
  await using page = await openPage(/http\S+/.exec(line)?.[0] ?? '');
  await page.waitForConsole(/^\[hmr-dev\] connected/);
  await page.markDocument();
  const reloaded = page.page.waitForEvent('load');
  terminal.type('r');
  await reloaded;
  await terminal.log.waitFor(/reload \(r was pressed\): sent to the open pages/);
  assert.equal(await page.isSameDocument(), false);
  await page.untilText('#out', 'one');
  terminal.type('q');
  assert.equal(await terminal.end(), 0);
});
