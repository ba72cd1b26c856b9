import assert from 'node:assert/strict';
import { test } from 'node:test';
import { html, openTab, startScriptedServer } from './client-support.ts';

test('what a page shows, however it names it; nonsense, other origins and its own parts are nothing', async () => {
  await using server = await startScriptedServer();
  const names = ['a.css', 'icon.svg', 'old.js', 'img.svg', 'srcset.svg', 'poster.svg', 'object.svg', 'use.svg', 'inline.svg', 'rule.svg'];
  for (const name of names) server.resources.set(`/${name}`, { body: '' });
  server.resources.set(
    '/',
    html(
      `<img src="//:0"><img src="http://"><img src=""><img src="https://example.invalid/x.svg"><svg><use href="#part"/></svg>
       <img src="img.svg"><img srcset="srcset.svg 2x"><video poster="poster.svg"></video><object data="object.svg"></object>
       <svg><use href="use.svg#part"/></svg><i style="background: url(inline.svg)"></i>`,
      `<link rel="stylesheet" href="a.css"><link rel="icon" href="icon.svg"><script src="old.js"></script>
       <style>b { background: url(rule.svg) }</style>`,
    ),
  );
  await using tab = await openTab(server.origin, {
    prepare: async (page) => void (await page.route('https://example.invalid/**', (route) => route.abort())),
  });
  const known = await tab.page.evaluate(() => {
    const assets = globalThis.hmr.createPageAssets(globalThis.hmr.createImages());
    assets.learn({ '/img.svg': 'h1' });
    return assets.known();
  });
  const expected = Object.fromEntries([...names, 'pieces.js'].map((name) => [`/${name}`, name === 'img.svg' ? 'h1' : null]));
  assert.deepEqual(known, expected);
});
