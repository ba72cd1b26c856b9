/**
 * `import.meta.hot` in Chromium: what accepting means in all its forms, as libraries written for Vite rely on it.
 */
import assert from 'node:assert/strict';
import { test } from 'node:test';
import { html, openHot } from './hot-page.ts';

const kinds = (reports: readonly { kind: string }[]): string[] => reports.map(({ kind }) => kind);

test('accept(): the module runs again, its importers do not, and read the new exports', async (t) => {
  const site = await openHot(t, {
    'main.js': `import { name } from './view.js'; say('main'); window.read = () => name;`,
    'view.js': `say('view 1'); export const name = 'one'; import.meta.hot.accept();`,
  });
  assert.deepEqual(await site.said(), ['view 1', 'main']);
  await site.tab.markDocument();
  assert.deepEqual(kinds(await site.save({ 'view.js': `say('view 2'); export const name = 'two'; import.meta.hot.accept();` })), [
    'updated',
  ]);
  assert.deepEqual(await site.said(), ['view 2']);
  assert.equal(await site.page.evaluate('read()'), 'two');
  assert.deepEqual(await site.printed(), ['hot updated: /view.js']);
  assert.equal(await site.terminalLine('view.js'), 'view.js: hot updated /view.js');
  assert.equal(await site.tab.isSameDocument(), true);
});

test('accept(callback): several calls stack, are called in order, each awaited, and get the new module', async (t) => {
  const view = (n: number): string => `export const n = ${n};
    import.meta.hot.accept(async (module) => { await null; say('first', module.n); });
    import.meta.hot.accept((module) => { say('second', module.n); throw new Error('of the second'); });
    import.meta.hot.accept((module) => say('third', module.n));`;
  const site = await openHot(t, { 'main.js': `import './view.js';`, 'view.js': view(1) });
  await site.save({ 'view.js': view(2) });
  assert.deepEqual(await site.said(), [
    ['first', 2],
    ['second', 2],
    ['third', 2],
  ]);
  // The one that throws is shown, and stops nothing.
  await site.tab.untilText('hmr-dev-overlay', /of the second/);
  await site.save({ 'view.js': view(3).replace(/throw new Error\(.*?\);/, '') });
  assert.deepEqual(await site.said(), [
    ['first', 3],
    ['second', 3],
    ['third', 3],
  ]);
});

test('accept(dependency, callback): the literal is resolved as an import, and optional chaining is understood', async (t) => {
  const site = await openHot(t, {
    'index.html': html('/src/main.ts'),
    'src/main.ts': `import { title } from './view'; say('main'); import.meta.hot?.accept('./view', (view) => say('got', view.title, title));`,
    'src/view.ts': `import { part } from './lib'; say('view'); export const title: string = 'view of ' + part;`,
    'src/lib/index.ts': `export const part: number = 1;`,
  });
  await site.said();
  await site.save({ 'src/lib/index.ts': `export const part: number = 2;` });
  assert.deepEqual(await site.said(), ['view', ['got', 'view of 2', 'view of 2']]);
  assert.deepEqual(await site.printed(), ['hot updated: /src/main.ts via /src/view.ts']);
  assert.equal(await site.terminalLine('index.ts'), 'src/lib/index.ts: hot updated /src/main.ts via /src/view.ts');
});

test('accept([dependencies], callback): one call a save, in which only updated slots are filled', async (t) => {
  const site = await openHot(t, {
    'main.js': `import './a.js'; import './b.js'; import './c.js';
      import.meta.hot.accept(['./a.js', './b.js', './c.js'], (modules) => say(modules.map((module) => module?.n ?? null)));`,
    'a.js': `export const n = 'a1';`,
    'b.js': `export const n = 'b1';`,
    'c.js': `export const n = 'c1';`,
  });
  await site.save({ 'b.js': `export const n = 'b2';` });
  assert.deepEqual(await site.said(), [[null, 'b2', null]]);
  await site.saveTogether({ 'a.js': `export const n = 'a3';`, 'c.js': `export const n = 'c3';` });
  assert.deepEqual(await site.said(), [['a3', null, 'c3']]);
  assert.deepEqual(await site.printed(), [
    'hot updated: /main.js via /b.js',
    'hot updated: /main.js via /a.js',
    'hot updated: /main.js via /c.js',
  ]);
});

test('accept(callback) gets undefined when the new module failed, and again the module when it is mended', async (t) => {
  const view = (body: string): string =>
    `${body}; export const n = 1; import.meta.hot.accept((module) => say(module === undefined ? 'failed' : 'fine'));`;
  const site = await openHot(t, { 'main.js': `import './view.js';`, 'view.js': view('') });
  assert.deepEqual(kinds(await site.save({ 'view.js': view(`throw new Error('while running')`) })), ['failed']);
  assert.deepEqual(await site.said(), ['failed']);
  assert.deepEqual(kinds(await site.save({ 'view.js': view(`say('runs')`) })), ['updated']);
  assert.deepEqual(await site.said(), ['runs', 'fine']);
});

test('acceptExports: as long as importers use these names only', async (t) => {
  const view = (n: number): string =>
    `export const one = ${n}, two = ${n}; import.meta.hot.acceptExports(['one'], (module) => say('accepted', module.one));`;
  const uses: readonly [code: string, isAccepted: boolean][] = [
    [`import { one } from './view.js'; window.used = [one];`, true],
    [`import './view.js';`, true],
    [`import { one, two } from './view.js'; window.used = [one, two];`, false],
    [`import * as view from './view.js'; window.used = view;`, false],
    [`window.used = await import('./view.js');`, false],
    [`import { one } from './view.js'; window.used = [one, await import('./view.js')];`, false],
    [`export * from './view.js';`, false],
  ];
  for (const [code, isAccepted] of uses) {
    const site = await openHot(t, { 'main.js': `${code} say('main');`, 'view.js': view(1) });
    await site.said(1);
    if (isAccepted) {
      assert.deepEqual(kinds(await site.save({ 'view.js': view(2) })), ['updated'], code);
      assert.deepEqual(await site.said(), [['accepted', 2]], code);
    } else {
      await site.saveAndReload({ 'view.js': view(2) });
      await site.tab.waitForConsole(/page reload \/view\.js \(\/main\.js ← \/view\.js: \/main\.js accepts nothing\)/);
    }
    await site.tab.close();
  }
});

test("data survives updates, is each module's own, and is gone after prune", async (t) => {
  const counter = (name: string, n: number): string =>
    `const { data } = import.meta.hot; data.runs = (data.runs ?? 0) + 1; say('${name}', data.runs); import.meta.hot.accept(); // ${n}`;
  const site = await openHot(t, {
    'main.js': `import './a.js'; import './b.js'; import.meta.hot.accept();`,
    'a.js': counter('a', 1),
    'b.js': counter('b', 1),
  });
  await site.save({ 'a.js': counter('a', 2).replace('//', 'say("x");') });
  await site.save({ 'a.js': counter('a', 3) + '\nsay("y");' });
  assert.deepEqual(await site.said(), [['a', 1], ['b', 1], ['a', 2], 'x', ['a', 3], 'y']);
  await site.save({ 'main.js': `import './b.js'; import.meta.hot.accept();` });
  await site.save({ 'main.js': `import './a.js'; import './b.js'; import.meta.hot.accept();` });
  assert.deepEqual(await site.said(), [['a', 1], 'y']);
});

test('decline: a change of the module reloads, whoever accepts', async (t) => {
  const site = await openHot(t, {
    'main.js': `import './view.js'; import.meta.hot.accept('./view.js');`,
    'view.js': `import.meta.hot.accept(); import.meta.hot.decline(); export const n = 1;`,
  });
  await site.saveAndReload({ 'view.js': `export const n = 2;` });
  await site.tab.waitForConsole(/^\[hmr-dev\] page reload \/view\.js \(\/view\.js declined hot updates\)$/);
  assert.equal(await site.terminalLine('view.js'), 'view.js: page reload (/view.js declined hot updates)');
});
