/**
 * Who takes an update, in Chromium: boundaries, branches, cycles, modules that this page never loaded; and what is printed about it.
 */
import assert from 'node:assert/strict';
import { test } from 'node:test';
import { html, openHot, sorted } from './hot-page.ts';

test('depth first to the nearest boundary; what lies between runs again, what lies above does not', async (t) => {
  const site = await openHot(t, {
    'main.js': `import './page.js'; say('main'); import.meta.hot.accept('./page.js', () => say('main took page'));`,
    'page.js': `import './list.js'; say('page'); import.meta.hot.accept('./list.js', () => say('page took list'));`,
    'list.js': `import { row } from './row.js'; say('list of ' + row);`,
    'row.js': `export const row = 1;`,
  });
  await site.said();
  await site.save({ 'row.js': `export const row = 2;` });
  assert.deepEqual(await site.said(), ['list of 2', 'page took list']);
  await site.save({ 'page.js': `import './list.js'; say('new page');` });
  assert.deepEqual(await site.said(), ['new page', 'main took page']);
  assert.deepEqual(await site.printed(), ['hot updated: /page.js via /list.js', 'hot updated: /main.js via /page.js']);
});

test('two boundaries above one change: each is called, the module runs once', async (t) => {
  const site = await openHot(t, {
    'main.js': `import './a.js'; import './b.js';`,
    'a.js': `import { n } from './shared.js'; import.meta.hot.accept('./shared.js', (shared) => say('a', n, shared.n));`,
    'b.js': `import { n } from './shared.js'; say('b'); import.meta.hot.accept((b) => say('b again'));`,
    'shared.js': `say('shared'); export const n = 1;`,
  });
  await site.said();
  await site.save({ 'shared.js': `say('shared'); export const n = 2;` });
  assert.deepEqual(await site.said(), ['shared', 'b', 'b again', ['a', 2, 2]]);
  assert.deepEqual(sorted(await site.printed()), ['hot updated: /a.js via /shared.js', 'hot updated: /b.js']);
});

test('one branch without a boundary reloads, and nothing is run for the other', async (t) => {
  const site = await openHot(t, {
    'main.js': `import './a.js'; import './b.js'; import.meta.hot.accept('./a.js');`,
    'a.js': `import './shared.js'; console.log('a runs');`,
    'b.js': `import './shared.js';`,
    'shared.js': `export const n = 1;`,
  });
  await site.saveAndReload({ 'shared.js': `export const n = 2;` });
  const reason = '/main.js ← /b.js ← /shared.js: /main.js accepts nothing';
  assert.equal(await site.terminalLine('shared.js'), `shared.js: page reload (${reason})`);
  await site.tab.waitForConsole(/^a runs$/, 1);
  const lines = site.tab.console.lines.filter((line) => !line.endsWith('connected.'));
  assert.deepEqual(lines.slice(0, 4), [
    'a runs',
    // Said before the reload, and again after it for who clears the console in between.
    `[hmr-dev] page reload /shared.js (${reason})`,
    `[hmr-dev] page reload /shared.js (${reason})`,
    'a runs',
  ]);
});

test('a module that this page never loaded: nothing, in page and console; the terminal says that nobody uses it', async (t) => {
  const site = await openHot(t, {
    'main.js': `window.load = () => import('./lazy.js');`,
    'lazy.js': `export const n = 1;`,
    'other.js': `export {};`,
  });
  for (const changes of [{ 'lazy.js': `export const n = 2;` }, { 'other.js': `export const x = 1;` }]) {
    const [report] = await site.save(changes);
    assert.deepEqual([report?.kind, report?.text], ['ignored', '']);
  }
  assert.deepEqual(await site.printed(), []);
  // The second, if the page took its time: a page that has nothing to do about a batch is not worth another line.
  await site.server.log.waitFor(/ lazy\.js: (nothing to change in the open pages|sent; no page has finished with it yet) /);
  // And when it is loaded at last, it is the newest.
  assert.equal(await site.page.evaluate('load().then(({ n }) => n)'), 2);
});

test('two pages with different modules: each decides for itself, the terminal says one line', async (t) => {
  const site = await openHot(t, {
    'main.js': `import { n } from './shared.js'; say('main'); import.meta.hot.accept('./shared.js', () => say('main took', n)); import './only-main.js';`,
    'only-main.js': `import.meta.hot.accept(); say('only main');`,
    'other.html': html('/other.js'),
    'other.js': `import { n } from './shared.js'; say('other of ' + n); import.meta.hot.accept();`,
    'shared.js': `export const n = 1;`,
  });
  const other = await site.open('/other.html');
  await Promise.all([site.said(), other.said(), other.printed()]);
  await site.save({ 'shared.js': `export const n = 2;` }, 2);
  assert.deepEqual([await site.said(), await other.said()], [[['main took', 2]], ['other of 2']]);
  assert.deepEqual([await site.printed(), await other.printed()], [['hot updated: /main.js via /shared.js'], ['hot updated: /other.js']]);
  const reports = await site.save({ 'only-main.js': `import.meta.hot.accept(); say('only main 2');` }, 2);
  assert.deepEqual(reports.map(({ kind }) => kind).sort(), ['ignored', 'updated']);
  assert.deepEqual([await site.said(), await other.said(), await other.printed()], [['only main 2'], [], []]);
  assert.deepEqual(
    site.terminal().filter((line) => line.startsWith('only-main.js')),
    ['only-main.js: hot updated /only-main.js'],
  );
});

test('a boundary inside a changed cycle yields to one outside; without one it takes the update', async (t) => {
  const cycle = {
    'a.js': `import { b } from './b.js'; say('a'); export const a = () => 'a' + b; import.meta.hot.accept(() => say('a took itself'));`,
    'b.js': `import { a } from './a.js'; say('b'); export const b = 1; export const whole = () => a();`,
  };
  const outside = await openHot(t, {
    ...cycle,
    'main.js': `import './a.js'; import.meta.hot.accept('./a.js', ({ a }) => say('main took ' + a()));`,
  });
  await outside.said();
  await outside.save({ 'b.js': cycle['b.js'].replace('b = 1', 'b = 2') });
  assert.deepEqual(await outside.said(), ['b', 'a', 'main took a2']);
  assert.deepEqual(await outside.printed(), ['hot updated: /main.js via /a.js']);

  const inside = await openHot(t, { ...cycle, 'main.js': `import './a.js'; window.kept = true;` });
  await inside.said();
  await inside.save({ 'b.js': cycle['b.js'].replace('b = 1', 'b = 3') });
  assert.deepEqual(await inside.said(), ['b', 'a', 'a took itself']);
  assert.equal(await inside.page.evaluate('kept'), true);
});

test('what runs again runs in the order of a first load, also where a module between stays', async (t) => {
  const site = await openHot(t, {
    'main.js': `import './top.js'; import.meta.hot.accept('./top.js', () => say('main'));`,
    'top.js': `import { read } from './keeps.js'; say('top reads ' + read());`,
    'keeps.js': `import { n } from './leaf.js'; say('keeps'); export const read = () => n; import.meta.hot.accept('./leaf.js', () => say('keeps took leaf'));`,
    'leaf.js': `export const n = 1;`,
  });
  await site.said();
  await site.saveTogether({
    'top.js': `import { read } from './keeps.js'; say('new top reads ' + read());`,
    'leaf.js': `export const n = 2;`,
  });
  assert.deepEqual(await site.said(), ['new top reads 2', 'keeps took leaf', 'main']);
});

test('a module that is both an entry and a dependency reloads, and says why', async (t) => {
  const site = await openHot(t, {
    'index.html': html('/main.js', '/view.js'),
    'main.js': `import './view.js'; import.meta.hot.accept('./view.js');`,
    'view.js': `export const n = 1;`,
  });
  await site.saveAndReload({ 'view.js': `export const n = 2;` });
  assert.equal(await site.terminalLine('view.js'), 'view.js: page reload (/view.js is also loaded by the page itself and accepts nothing)');
});

test('lines of stylesheets: imported ones are named as css', async (t) => {
  const site = await openHot(t, { 'main.js': `import './a.css'; say('main');`, 'a.css': `main { color: red }` });
  await site.said();
  await site.save({ 'a.css': `main { color: blue }` });
  assert.deepEqual(await site.printed(), ['css hot updated: /a.css']);
  assert.equal(await site.terminalLine('a.css'), 'a.css: hot updated /a.css');
  assert.deepEqual(await site.said(), []);
});
