/**
 * Modules that arrive late, in Chromium: `import()` of literal and computed paths, before and after a change, twice at once, and while the
 * change is on its way. Whatever arrives has to be the newest.
 */
import assert from 'node:assert/strict';
import { test } from 'node:test';
import type { Page } from 'playwright-core';
import { html, inlineHtml, openHot, sorted } from './hot-page.ts';

const call = <T>(page: Page, expression: string): Promise<T> => page.evaluate<T>(expression);

test('a lazy module: nothing before it is loaded, an update after, to whoever accepts it', async (t) => {
  const site = await openHot(t, {
    'main.js': `window.load = () => import('./lazy.js'); import.meta.hot.accept('./lazy.js', (lazy) => say('took ' + lazy.n));`,
    'lazy.js': `import { part } from './part.js'; say('lazy'); export const n = part;`,
    'part.js': `export const part = 1;`,
  });
  assert.equal(await call(site.page, 'load().then(({ n }) => n)'), 1);
  await site.save({ 'part.js': `export const part = 2;` });
  assert.deepEqual(await site.said(), ['lazy', 'lazy', 'took 2']);
  assert.deepEqual(await site.printed(), ['hot updated: /main.js via /lazy.js']);
  assert.equal(await call(site.page, 'load().then(({ n }) => n)'), 2);
});

test('a page that has loaded many names the last hundred: a request may not grow for ever', async (t) => {
  const names = Array.from({ length: 110 }, (_, n) => `lazy-${n}.js`);
  const site = await openHot(t, {
    'main.js': `window.load = (name) => import('./' + name);`,
    ...Object.fromEntries([...names, 'last.js'].map((name) => [name, `export const name = '${name}';`])),
  });
  await call(site.page, `Promise.all(${JSON.stringify(names)}.map(load))`);
  const request = site.page.waitForRequest(/\/last\.js/);
  await call(site.page, `load('last.js')`);
  assert.equal(new URL((await request).url()).searchParams.get('without')?.split('.').length, 100);
});

test('a lazy module whose importer accepts nothing reloads the page', async (t) => {
  const site = await openHot(t, { 'main.js': `window.load = () => import('./lazy.js');`, 'lazy.js': `export const n = 1;` });
  await call(site.page, 'load()');
  await site.saveAndReload({ 'lazy.js': `export const n = 2;` });
  assert.equal(await site.terminalLine('lazy.js'), 'lazy.js: page reload (/main.js ← /lazy.js: /main.js accepts nothing)');
});

test('computed paths: each module is an edge of its own, templates and containers included', async (t) => {
  const panel = (name: string, n: number): string => `say('${name} ${n}'); export const n = ${n}; export const name = '${name}';`;
  const site = await openHot(t, {
    'src/main.ts': `import { container } from 'hmr-dev/client';
      (window as any).show = (name: string) => container({ [\`./panels/\${name}.ts\`]: 'panel' }, ({ panel }) => say('shown', panel.name, panel.n));
      (window as any).peek = async (name: string) => (await import(\`./panels/\${name}.ts\`)).n;
      declare const say: (...values: unknown[]) => void;
      import.meta.hot!.accept('./panels/two.ts');`,
    'src/panels/one.ts': panel('one', 1),
    'src/panels/two.ts': panel('two', 1),
    'index.html': html('/src/main.ts'),
  });
  await call(site.page, `show('one')`);
  await call(site.page, `peek('two')`);
  assert.deepEqual(await site.said(), ['one 1', ['shown', 'one', 1], 'two 1']);
  await site.save({ 'src/panels/one.ts': panel('one', 2) });
  await site.save({ 'src/panels/two.ts': panel('two', 2) });
  assert.deepEqual(await site.said(), ['one 2', ['shown', 'one', 2], 'two 2']);
  assert.equal(await call(site.page, `peek('two')`), 2);
  assert.deepEqual(await site.printed(), [
    'hot updated: /src/main.ts via /src/panels/one.ts',
    'hot updated: /src/main.ts via /src/panels/two.ts',
  ]);
});

test('changed before it was first loaded: what is loaded is what is on disk', async (t) => {
  const site = await openHot(t, {
    'main.js': `window.load = () => import('./lazy.js'); window.loadOther = () => import('./other.js');`,
    'lazy.js': `import { part } from './part.js'; export const n = part;`,
    'other.js': `export { part } from './part.js';`,
    'part.js': `export const part = 1;`,
  });
  // The server knows the module through another page; this one has never seen it.
  const other = await site.open('/');
  await other.page.evaluate('loadOther()');
  // Chromium cannot close a page that is about to reload.
  const reloaded = other.page.waitForEvent('load');
  await site.save({ 'part.js': `export const part = 2;` }, 2);
  await reloaded;
  assert.equal(await call(site.page, 'load().then(({ n }) => n)'), 2);
});

test('two import() at once are one request and one run', async (t) => {
  const requests: string[] = [];
  const site = await openHot(
    t,
    {
      'main.js': `window.both = async () => { const [a, b] = await Promise.all([import('./lazy.js'), import('./lazy' + '.js')]); return [a === b, a.n]; };`,
      'lazy.js': `say('lazy'); export const n = await new Promise((resolve) => requestAnimationFrame(() => resolve('late')));`,
    },
    { prepare: async (page) => void page.on('request', (request) => requests.push(new URL(request.url()).pathname)) },
  );
  assert.deepEqual(await call(site.page, 'both()'), [true, 'late']);
  assert.deepEqual(await site.said(), ['lazy']);
  assert.equal(requests.filter((path) => path === '/lazy.js').length, 1);
});

test('an import() on its way while the module is saved ends with the new one', async (t) => {
  let release = (): void => {};
  const released = new Promise<void>((resolve) => (release = resolve));
  let fetched = (): void => {};
  const isFetched = new Promise<void>((resolve) => (fetched = resolve));
  const site = await openHot(
    t,
    {
      'main.js': `window.load = async () => { window.lazy = await import('./lazy.js'); say('loaded ' + lazy.n); };
        import.meta.hot.accept('./lazy.js', (next) => { window.lazy = next; say('took ' + next.n); });`,
      'lazy.js': `export const n = 1;`,
    },
    {
      async prepare(page) {
        await page.route(/lazy\.js/, async (route) => {
          const response = await route.fetch();
          fetched();
          await released;
          await route.fulfill({ response });
        });
      },
    },
  );
  const loading = call(site.page, 'load()');
  await isFetched;
  assert.equal((await site.save({ 'lazy.js': `export const n = 2;` }))[0]?.kind, 'ignored');
  release();
  await loading;
  await site.page.waitForFunction('lazy.n === 2');
  assert.deepEqual(await site.said(), ['loaded 1', 'took 2']);
});

test('a page that loads while its modules are saved ends with the new ones', async (t) => {
  let release = (): void => {};
  const released = new Promise<void>((resolve) => (release = resolve));
  let fetched = (): void => {};
  const isFetched = new Promise<void>((resolve) => (fetched = resolve));
  const site = await openHot(t, {
    'main.js': `say('main');`,
    'slow.html': html('/slow.js'),
    'slow.js': `import { n } from './part.js'; say('slow ' + n); import.meta.hot.accept();`,
    'part.js': 'export const n = 1;',
  });
  const page = await site.page.context().newPage();
  t.after(() => page.close());
  await page.route(/\/slow\.js/, async (route) => {
    const response = await route.fetch();
    fetched();
    await released;
    await route.fulfill({ response });
  });
  void page.goto(site.server.url('/slow.html'));
  await isFetched;
  await site.save({ 'part.js': 'export const n = 2;' }, 2);
  release();
  await page.waitForFunction(`window.said?.includes('slow 2')`);
});

test('an import() that throws rejects every time, until the module is mended and accepted', async (t) => {
  const site = await openHot(t, {
    'main.js': `window.load = () => import('./lazy.js').then(({ n }) => n, (error) => error.message); import.meta.hot.accept('./lazy.js', (lazy) => say('took ' + lazy.n));`,
    'lazy.js': `say('runs'); throw new Error('broken');`,
  });
  assert.deepEqual([await call(site.page, 'load()'), await call(site.page, 'load()')], ['broken', 'broken']);
  await site.save({ 'lazy.js': `export const n = 2;` });
  assert.deepEqual(await site.said(), ['runs', 'took 2']);
  assert.equal(await call(site.page, 'load()'), 2);
});

test('a module that does not compile rejects its import(); when it is mended the page reloads, since a rejection cannot be taken back', async (t) => {
  const site = await openHot(t, {
    'main.js': `window.load = () => import('./lazy.js').then(({ n }) => n, (error) => 'no: ' + error.constructor.name);`,
    'lazy.js': `export const n = ;`,
  });
  assert.match(await call<string>(site.page, 'load()'), /^no: /);
  await site.page.locator('hmr-dev-overlay').waitFor({ state: 'attached' });
  await site.saveAndReload({ 'lazy.js': `export const n = 1;` });
  await site.tab.waitForConsole(/page reload \/lazy\.js \(its modules compile now\)/);
  assert.equal(await call(site.page, 'load()'), 1);
});

test('two module scripts on one page share a module: it runs once, both accept its update', async (t) => {
  const entry = (name: string): string =>
    `import { n } from './shared.js'; say('${name} ' + n); import.meta.hot.accept('./shared.js', (shared) => say('${name} took ' + shared.n));`;
  const site = await openHot(t, {
    'index.html': html('/a.js', '/b.js'),
    'a.js': entry('a'),
    'b.js': entry('b'),
    'shared.js': `say('shared'); export const n = 1;`,
  });
  assert.deepEqual(await site.said(), ['shared', 'a 1', 'b 1']);
  await site.save({ 'shared.js': `say('shared'); export const n = 2;` });
  assert.deepEqual(await site.said(), ['shared', 'a took 2', 'b took 2']);
  assert.deepEqual(sorted(await site.printed()), ['hot updated: /a.js via /shared.js', 'hot updated: /b.js via /shared.js']);
});

test('an inline module script has import.meta.hot, with its page as the base', async (t) => {
  const site = await openHot(t, {
    'index.html': '<!doctype html>',
    'sub/page.html': inlineHtml(`import { n } from './view.js'; say('inline ' + n, import.meta.url.endsWith('/sub/page.html'));
      import.meta.hot.accept('./view.js', (view) => say('took ' + view.n)); import.meta.hot.dispose(() => say('never'));`),
    'sub/view.js': `export const n = 1;`,
  });
  const inline = await site.open('/sub/page.html');
  await inline.printed();
  assert.deepEqual(await inline.said(), [['inline 1', true]]);
  await site.save({ 'sub/view.js': `export const n = 2;` }, 2);
  assert.deepEqual(await inline.said(), ['took 2']);
  assert.deepEqual(await inline.printed(), ['hot updated: /sub/page.html?inline-module=0 via /sub/view.js']);
});
