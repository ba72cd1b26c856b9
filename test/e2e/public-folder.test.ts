/** The files of `public/` at the addresses that Vite's users know them by: served, updated, and never mixed up with those of the folder. */
import assert from 'node:assert/strict';
import { test } from 'node:test';
import { fixture } from '../harness/fixture.ts';
import { stablePort } from '../harness/ports.ts';
import { startServer } from '../harness/server.ts';
import { svgOf } from './link-support.ts';
import { openFolder, openSynced } from './robust-support.ts';

const FILES = {
  'index.html': `<!doctype html><link rel="stylesheet" href="/site.css"><link rel="stylesheet" href="/own.css">
    <img id="logo" src="/logo.svg"><p id="out">page</p><script type="module" src="/plain.js"></script><script type="module" src="/main.js"></script>`,
  'main.js': `document.querySelector('#out').textContent = 'linked';`,
  'own.css': `@import '/deep/part.css'; #out { background: url('/logo.svg') }`,
  'public/plain.js': `window.plain = document.currentScript === null && typeof import.meta.hot;`,
  'public/site.css': `p { margin-top: 3px }`,
  'public/deep/part.css': `p { margin-left: 4px }`,
  'public/logo.svg': svgOf(10),
};

const style = (name: string): string => `getComputedStyle(document.querySelector('#out')).${name}`;

test('pictures and stylesheets by their short address are updated in the page, modules run as they are', async (t) => {
  const { files, tab: page } = await openFolder(t, FILES);
  const untilStyle = (name: string, value: string): Promise<unknown> => page.page.waitForFunction(`${style(name)} === '${value}'`);
  const untilWidth = (width: number): Promise<unknown> =>
    page.page.waitForFunction(`document.querySelector('#logo').naturalWidth === ${width}`);
  await page.untilText('#out', 'linked');
  await untilStyle('marginTop', '3px');
  await untilStyle('marginLeft', '4px');
  await untilWidth(10);
  assert.equal(await page.page.evaluate('window.plain'), 'undefined');
  await files.write('public/site.css', 'p { margin-top: 13px }');
  await untilStyle('marginTop', '13px');
  await files.write('public/deep/part.css', 'p { margin-left: 14px }');
  await untilStyle('marginLeft', '14px');
  await files.write('public/logo.svg', svgOf(20));
  await untilWidth(20);
  await page.page.waitForFunction(`/logo\\.svg\\?v=/.test(${style('backgroundImage')})`);
  assert.ok(await page.isSameDocument());
  const reloaded = page.page.waitForEvent('load');
  await files.write('public/plain.js', `window.plain = 'again';`);
  await reloaded;
  await page.page.waitForFunction(`window.plain === 'again'`);
  assert.deepEqual(page.errors, []);
});

test('a page in it has the client, and its inline modules as they are', async (t) => {
  const content = {
    'public/about.html': `<p id="out"></p><script type="module">out.textContent = typeof import.meta.hot;</script>`,
  };
  const { files, tab: page } = await openFolder(t, content, { path: '/about' });
  await page.untilText('#out', 'undefined');
  await files.write('public/about.html', '<p id="out">new</p>');
  await page.untilText('#out', 'new');
});

test('a missed change of a file in it reaches the page after a restart', async () => {
  await using files = await fixture(FILES);
  const port = await stablePort();
  await using first = await startServer(files.path, { port });
  await using page = await openSynced(first.url());
  await page.untilText('#out', 'linked');
  await page.page.waitForFunction(`${style('marginTop')} === '3px'`);
  await page.waitForConsole(/^\[hmr-dev\] connected/);
  await page.markDocument();
  await first.close();
  await files.write('public/site.css', 'p { margin-top: 23px }');
  await using _second = await startServer(files.path, { port, strictPort: true });
  await page.page.waitForFunction(`${style('marginTop')} === '23px'`);
  assert.ok(await page.isSameDocument());
});
