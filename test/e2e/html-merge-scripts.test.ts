/**
 * Scripts of a page whose HTML is edited: which run again, which never do, and which need the page to load again.
 */
import assert from 'node:assert/strict';
import { test } from 'node:test';
import { openPage } from '../harness/browser.ts';
import { openSite } from './html-merge-support.ts';
/** Counts its runs. */
const counting = (name: string, attributes = ''): string =>
  `<script${attributes}>globalThis.${name} = (globalThis.${name} ?? 0) + 1;</script>`;

test('scripts: unchanged ones never run again, a new one runs once, a changed or removed one reloads', async (t) => {
  const { tab, edit, editAndReload, ask } = await openSite(
    t,
    `${counting('first')}<h1>one</h1><script src="classic.js"></script><main></main>`,
    '<script type="module" src="main.js"></script>',
    {
      'classic.js': 'globalThis.second = (globalThis.second ?? 0) + 1;',
      'main.js': 'globalThis.third = (globalThis.third ?? 0) + 1;',
      'new.js': 'globalThis.fifth = (globalThis.fifth ?? 0) + 1;',
      'module.js': 'globalThis.sixth = (globalThis.sixth ?? 0) + 1;',
    },
  );
  await tab.page.waitForFunction('globalThis.third');
  await edit(
    '<main></main>',
    `<main>${counting('fourth')}<script src="new.js"></script><script type="module" src="module.js"></script></main>`,
  );
  await tab.page.waitForFunction('globalThis.sixth');
  await edit('<main>', `<main><script type="application/json">{}</script>${counting('seventh', ' type="module"')}`);
  await tab.page.waitForFunction('globalThis.seventh');
  await edit('<h1>one</h1>', '<section><h1>two</h1></section>');
  await edit(/<script>[^<]*first[^<]*<\/script><section>(.*)<\/section>/, '<section><h1>two</h1></section>' + counting('first'));
  assert.deepEqual(await ask('[first, second, third, fourth, fifth, sixth, seventh]'), [1, 1, 1, 1, 1, 1, 1]);
  assert.ok(await tab.isSameDocument());
  assert.match(
    await editAndReload('globalThis.fourth', 'globalThis.other'),
    /an inline script was changed or removed, and has run already/,
  );
  assert.match(await editAndReload('<script src="classic.js"></script>', ''), /classic\.js was changed or removed/);
});

test('inline modules: a changed one is updated like a file, whatever comes or goes in front of it', async (t) => {
  const module = (name: string, value: string): string => `<script type="module">
    const value = '${value}';
    (globalThis.runs ??= []).push('${name} ' + value);
    import.meta.hot.accept();
  </script>`;
  const { tab, edit, ask, server } = await openSite(t, `<h1>one</h1>${module('a', '1')}${module('b', '1')}`);
  await tab.page.waitForFunction('globalThis.runs?.length === 2');
  // Lines above it are nothing to a module.
  assert.equal(await edit('<h1>one</h1>', '<h1>one</h1>\n\n<p>new</p>'), 'html merged (1 node)');
  assert.equal(
    await edit(`const value = '1';\n    (globalThis.runs ??= []).push('b`, `const value = '2';\n    (globalThis.runs ??= []).push('b`),
    'hot updated /index.html?inline-module=1',
  );
  await edit('<h1>one</h1>', `<h1>one</h1>${module('c', '1')}`);
  await tab.page.waitForFunction('globalThis.runs.length === 4');
  await edit(`push('a '`, `push('A '`);
  await edit(`push('b '`, `push('B '`);
  assert.deepEqual(await ask('runs'), ['a 1', 'b 1', 'b 2', 'c 1', 'A 1', 'B 2']);
  assert.ok(await tab.isSameDocument());
  const second = await openPage(server.url());
  t.after(() => second.close());
  await second.page.waitForFunction('globalThis.runs?.length === 3');
  assert.deepEqual(await second.page.evaluate('runs'), ['c 1', 'A 1', 'B 2']);
  assert.deepEqual(second.errors, []);
});

test('one save of an inline module, a sheet of the page and its text is one update', async (t) => {
  const { tab, edit } = await openSite(
    t,
    `<style>h1 { color: red }</style><h1>one</h1><script type="module">globalThis.value = 'one'; import.meta.hot.accept();</script>`,
  );
  await tab.page.waitForFunction(`globalThis.value === 'one'`);
  const text = await edit(
    /<style>.*<\/script>/,
    `<style>h1 { color: blue }</style><h1>two</h1><script type="module">globalThis.value = 'two'; import.meta.hot.accept();</script>`,
  );
  assert.equal(text, 'hot updated /index.html?inline-module=0, html merged (2 nodes)');
  assert.equal(
    await tab.page.evaluate(
      `[value, document.querySelector('h1').textContent, getComputedStyle(document.querySelector('h1')).color].join()`,
    ),
    'two,two,rgb(0, 0, 255)',
  );
});

test('scripts that were only indented, as editors do when something is wrapped, are the same', async (t) => {
  const script = 'const values = [\n  1,\n];\nglobalThis.runs = (globalThis.runs ?? 0) + values[0];\n';
  const template = 'globalThis.text = `a\nb`;';
  const { tab, edit, editAndReload, ask } = await openSite(
    t,
    `<main>\n<script>\n${script}</script>\n<script type="module">\n${script}</script>\n<script>\n${template}\n</script>\n</main>`,
  );
  await tab.page.waitForFunction('globalThis.runs === 2');
  const indent = (text: string): string => text.replaceAll(/^(?=.)/gm, '  ');
  await edit(
    new RegExp(`<main>[^]*${'values\\[0\\];'}\n</script>`),
    indent(`<main><p id="new">new</p>\n<script>\n${script}</script>\n<script type="module">\n${script}</script>`),
  );
  assert.equal(await tab.text('#new'), 'new');
  assert.equal(await ask('runs'), 2);
  assert.ok(await tab.isSameDocument());
  assert.match(await editAndReload(template, indent(template)), /an inline script was changed/);
});
