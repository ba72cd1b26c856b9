/**
 * The eight places where the reference (Vite 8) is weak and hmr-dev is not; one test each. More about restarts,
 * bursts and errors is in restart, saves and build-errors.
 */
import assert from 'node:assert/strict';
import { test } from 'node:test';
import { stablePort } from '../harness/ports.ts';
import { startServer } from '../harness/server.ts';
import { html, openHot, sorted } from './hot-page.ts';

test('1: a lost connection reloads nothing; what was saved meanwhile arrives when the server is back', async (t) => {
  const view = (n: number): string => `say('view ${n}'); import.meta.hot.accept();`;
  const files = { 'main.js': `import './view.js'; import './other.js';`, 'view.js': view(1), 'other.js': view(100) };
  const site = await openHot(t, files, { port: await stablePort() });
  await site.tab.markDocument();
  const { port } = site.server;
  await site.server.close();
  await site.tab.waitForConsole(/connection lost/);
  await site.files.write('view.js', view(2));
  const again = await startServer(site.files.path, { port, strictPort: true, hotswap: 'off' });
  t.after(() => again.close());
  await site.page.waitForFunction(`said.includes('view 2')`);
  assert.deepEqual(await site.said(), ['view 1', 'view 100', 'view 2']);
  assert.ok((await site.printed()).includes('connection found again.'));
  assert.equal(await site.tab.isSameDocument(), true);
});

test('2: three hundred files of a branch switch are one update; a touch and a save without a change are none', async (t) => {
  const names = Array.from({ length: 300 }, (_, n) => `m${n}.js`);
  const contents = (n: number): Record<string, string> => Object.fromEntries(names.map((name) => [name, `export const n = ${n};`]));
  const site = await openHot(t, {
    ...contents(1),
    'main.js': `${names.map((name) => `import './${name}';`).join('')} import.meta.hot.accept(${JSON.stringify(names.map((name) => `./${name}`))}, (modules) => say(modules.filter(Boolean).length));`,
  });
  let updates = 0;
  site.server.server.on('update', () => updates++);
  await site.save(contents(2));
  assert.deepEqual([updates, await site.said()], [1, [300]]);
  await site.files.write('m1.js', contents(2)['m1.js'] ?? '');
  await site.save({ 'm2.js': `export const n = 3;` });
  assert.deepEqual([updates, await site.said()], [2, [1]]);
});

test('3: what lies above a boundary, and what two boundaries share, exists once', async (t) => {
  const site = await openHot(t, {
    'main.js': `import { store } from './store.js'; import './view.js'; window.store = store; say('main');`,
    'store.js': `say('store'); export const store = { made: (window.made = (window.made ?? 0) + 1) };`,
    'view.js': `import { store } from './store.js'; import { label } from './label.js'; say('view', store === window.store || window.store === undefined); import.meta.hot.accept();`,
    'label.js': `import { store } from './store.js'; export const label = store.made;`,
  });
  await site.said();
  for (const label of ['store.made + 1', 'store.made + 2', 'store.made + 3']) {
    await site.save({ 'label.js': `import { store } from './store.js'; export const label = ${label};` });
  }
  assert.deepEqual(await site.said(), [
    ['view', true],
    ['view', true],
    ['view', true],
  ]);
  assert.equal(await site.page.evaluate('made'), 1);
});

test('4: nothing is disposed for code that does not compile; then every replaced module once, and a throw stops nothing', async (t) => {
  const site = await openHot(t, {
    'main.js': `import './a.js'; import './b.js'; import.meta.hot.accept('./a.js', () => { throw new Error('a is not taken'); }); import.meta.hot.accept('./b.js', () => say('took b'));`,
    'a.js': `import './shared.js'; import.meta.hot.dispose(() => say('end a'));`,
    'b.js': `import './shared.js'; import.meta.hot.dispose(() => say('end b'));`,
    'shared.js': `import.meta.hot.dispose(() => say('end shared'));`,
  });
  await site.files.write('shared.js', `say(`);
  await site.page.locator('hmr-dev-overlay').waitFor({ state: 'attached' });
  assert.deepEqual(await site.said(), []);
  await site.save({ 'shared.js': `say('new');` });
  assert.deepEqual(await site.said(), ['end b', 'end a', 'end shared', 'new', 'took b']);
});

test('5: each page decides from what it runs: one reloads, one updates, one does nothing', async (t) => {
  const site = await openHot(t, {
    'index.html': html('/takes.js'),
    'takes.js': `import './shared.js'; import.meta.hot.accept('./shared.js', () => say('took'));`,
    'reloads.html': html('/reloads.js'),
    'reloads.js': `import './shared.js';`,
    'none.html': html('/none.js'),
    'none.js': `say('none');`,
    'shared.js': `export const n = 1;`,
  });
  const reloads = await site.open('/reloads.html');
  const none = await site.open('/none.html');
  await Promise.all([site, none].map(({ tab }) => tab.markDocument()));
  const loaded = reloads.page.waitForEvent('load');
  const reports = await site.save({ 'shared.js': `export const n = 2;` }, 3);
  await loaded;
  assert.deepEqual(reports.map(({ kind }) => kind).sort(), ['ignored', 'reload', 'updated']);
  assert.deepEqual(await site.said(), ['took']);
  assert.deepEqual([await site.tab.isSameDocument(), await none.tab.isSameDocument(), await none.said()], [true, true, ['none']]);
});

test('6: an HTML edit concerns the pages of that file only, and says so', async (t) => {
  const site = await openHot(t, { 'main.js': `say('main');`, 'about.html': html('/main.js') });
  const about = await site.open('/about.html');
  await site.tab.markDocument();
  await about.tab.markDocument();
  const reports = await site.save({ 'about.html': html('/main.js').replace('<main>', '<main>About') }, 2);
  assert.deepEqual(reports.map(({ kind, text }) => `${kind} ${text}`).sort(), ['ignored ', 'updated html merged (1 node)']);
  await about.tab.untilText('main', 'About');
  assert.ok((await about.printed()).includes('html merged (1 node): /about.html'));
  assert.deepEqual([await about.tab.isSameDocument(), await site.tab.isSameDocument()], [true, true]);
});

test('7: runtime errors are in the overlay, and a build error that stands outlives updates of other modules', async (t) => {
  const site = await openHot(t, {
    'main.js': `import './a.js'; import './b.js'; document.querySelector('main').onclick = () => { throw new Error('clicked'); };`,
    'a.js': `import.meta.hot.accept();`,
    'b.js': `import.meta.hot.accept();`,
  });
  await site.page.evaluate(`document.querySelector('main').click()`);
  await site.tab.untilText('hmr-dev-overlay', /clicked/);
  await site.tab.untilText('hmr-dev-overlay', /main\.js:1:\d+/);
  await site.files.write('a.js', `import.meta.hot.accept(;`);
  await site.tab.untilText('hmr-dev-overlay', /a\.js:1:\d+/);
  await site.files.write('b.js', `import.meta.hot.accept(); say('b');`);
  // Still broken, so that the other file has been seen when this is shown.
  await site.files.write('a.js', `import.meta.hot.accept(; // again`);
  await site.tab.untilText('hmr-dev-overlay', /again/);
  await site.save({ 'a.js': `import.meta.hot.accept(); say('a');` });
  assert.deepEqual(sorted(await site.said()), ['a', 'b']);
  await site.page.locator('hmr-dev-overlay').waitFor({ state: 'detached' });
});

test('8: every reload says why, in the terminal and twice in the console', async (t) => {
  const site = await openHot(t, {
    'main.ts': `import './view.ts';`,
    'index.html': html('/main.ts').replace('</main>', '</main><script src="/classic.js"></script>'),
    'view.ts': `import './part.ts';`,
    'part.ts': `export const n: number = 1;`,
    'classic.js': `window.classic = 1;`,
  });
  const reasons: readonly [changes: Record<string, string>, line: string][] = [
    [{ 'part.ts': `export const n: number = 2;` }, 'page reload /part.ts (/main.ts ← /view.ts ← /part.ts: /main.ts accepts nothing)'],
    [{ 'main.ts': `import './view.ts'; window.changed = 1;` }, 'page reload /main.ts (/main.ts accepts nothing)'],
    [
      { 'classic.js': `window.classic = 2;` },
      'page reload /classic.js (/classic.js is a classic script, which can only run with its page)',
    ],
  ];
  for (const [changes, line] of reasons) {
    await site.saveAndReload(changes);
    await site.tab.waitForConsole(/connected/, site.tab.console.lines.length - 1);
    assert.equal((await site.printed()).filter((printed) => printed === line).length, 2, line);
    const reason = /\((.*)\)$/.exec(line)?.[1] ?? '';
    assert.equal(await site.terminalLine(Object.keys(changes)[0] ?? ''), `${Object.keys(changes)[0]}: page reload (${reason})`);
  }
});
