/**
 * `import.meta.glob`, in Chromium: what the object holds, and what the page does when a matching file comes, changes or goes.
 */
import assert from 'node:assert/strict';
import { rm } from 'node:fs/promises';
import { test } from 'node:test';
import { withDeadline } from '../harness/diagnostics.ts';
import { html, nextOutcomes, openHot, sorted, type HotSite } from './hot-page.ts';
import { openProject, pageOf } from './link-support.ts';

/** Resolves when the page has said what it did about the files that are gone. */
async function remove({ files, server }: HotSite, name: string): Promise<string> {
  const told = nextOutcomes(server, 1);
  await rm(files.resolve(name));
  const [report] = await withDeadline(told, `what the page did about ${name}`);
  return report?.text ?? '';
}

test('lazy, eager, picked and with a query: keys and modules are those of Vite', async (t) => {
  const site = await openHot(t, {
    'index.html': html('/src/main.ts'),
    'tsconfig.json': `{ "compilerOptions": { "paths": { "@/*": ["./src/*"] } } }`,
    'src/main.ts': `declare const say: (...values: unknown[]) => void;
      const lazy = import.meta.glob<{ n: number }>('./pages/**/*.ts');
      const eager = import.meta.glob(['./pages/*.ts', '!./pages/b.ts', '../other/*.{js,ts}'], { eager: true });
      const named = import.meta.glob('/src/pages/*.ts', { import: 'n', eager: true });
      const text = import.meta.glob('./notes/*', { query: '?raw', import: 'default', eager: true });
      const urls = import.meta.glob('@/notes/*.md', { query: { url: true }, import: 'default' });
      const based = import.meta.glob('./*.ts', { base: './pages', import: 'n', eager: true });
      const beside = import.meta.glob('./*');
      const say1 = say;
      say1('eager', Object.fromEntries(Object.entries(eager).map(([key, module]) => [key, { ...(module as object) }])));
      say1('named', { ...named });
      say1('text', { ...text });
      say1('urls', Object.keys(urls), await urls['/src/notes/one.md']!());
      say1('based', { ...based });
      say1('beside', Object.keys(beside));
      say1('lazy', Object.keys(lazy), (await lazy['./pages/deep/c d.ts']!()).n, await lazy['./pages/deep/c d.ts']!() === await import('./pages/deep/c d'));`,
    'src/beside.ts': '',
    'src/pages/a.ts': 'export const n: number = 1;',
    'src/pages/b.ts': 'export const n: number = 2;',
    'src/pages/.hidden.ts': 'export const n: number = 9;',
    'src/pages/deep/c d.ts': 'export const n: number = 3;',
    'src/pages/node_modules/p/index.ts': 'export const n: number = 9;',
    'src/notes/one.md': '# one',
    'src/notes/server.key': 'secret',
    'other/x.js': 'export default "x";',
  });
  assert.deepEqual(await site.said(7), [
    ['eager', { '../other/x.js': { default: 'x' }, './pages/a.ts': { n: 1 } }],
    ['named', { '/src/pages/a.ts': 1, '/src/pages/b.ts': 2 }],
    ['text', { './notes/one.md': '# one' }],
    ['urls', ['/src/notes/one.md'], '/src/notes/one.md'],
    ['based', { './a.ts': 1, './b.ts': 2 }],
    ['beside', ['./beside.ts']],
    ['lazy', ['./pages/a.ts', './pages/b.ts', './pages/deep/c d.ts'], 3, true],
  ]);
});

test('a file that comes or goes updates the module that globs, and nothing else runs', async (t) => {
  const site = await openHot(t, {
    'main.js': `import './other.js'; import './pages.js'; import './texts.js';`,
    'other.js': `say('other');`,
    'pages.js': `const pages = import.meta.glob('./pages/*.js', { eager: true }); say(Object.entries(pages).map(([key, { n }]) => key + n)); import.meta.hot.accept();`,
    'texts.js': `say(Object.keys(import.meta.glob('./texts/**/*.txt', { query: '?raw' }))); import.meta.hot.accept();`,
    'pages/a.js': `say('a'); export const n = 1;`,
    'texts/a.txt': '',
    'texts/deep/a.txt': '',
  });
  assert.deepEqual(await site.said(4), ['other', 'a', ['./pages/a.js1'], ['./texts/a.txt', './texts/deep/a.txt']]);
  await site.save({ 'pages/b.js': `say('b'); export const n = 2;` });
  assert.deepEqual(await site.said(), ['b', ['./pages/a.js1', './pages/b.js2']]);
  await site.save({ 'pages/b.js': `say('b'); export const n = 3;` });
  assert.deepEqual(await site.said(), ['b', ['./pages/a.js1', './pages/b.js3']]);
  assert.equal(await remove(site, 'pages/a.js'), 'hot updated /pages.js');
  assert.deepEqual(await site.said(), [['./pages/b.js3']]);
  // Nobody has asked for any of these files.
  assert.equal(await remove(site, 'texts/a.txt'), 'hot updated /texts.js');
  await site.save({ 'texts/deep/b.txt': 'b' });
  assert.deepEqual(await site.said(), [['./texts/deep/a.txt'], ['./texts/deep/a.txt', './texts/deep/b.txt']]);
  assert.deepEqual(await site.printed(), [
    'hot updated: /pages.js',
    'hot updated: /pages.js',
    'hot updated: /pages.js',
    'hot updated: /texts.js',
    'hot updated: /texts.js',
  ]);
});

test('what nobody accepts reloads the page, which says why', async (t) => {
  const site = await openHot(t, {
    'main.js': `say(Object.keys(import.meta.glob('./pages/*.js')));`,
    'pages/a.js': '',
  });
  assert.deepEqual(await site.said(1), [['./pages/a.js']]);
  await site.saveAndReload({ 'pages/b.js': '' });
  assert.deepEqual(await site.said(1), [['./pages/a.js', './pages/b.js']]);
  assert.match(await site.terminalLine('pages/b.js'), /^pages\/b\.js: page reload \(.*main\.js accepts nothing\)/);
});

test('a lazy module is an edge of the graph when it was loaded, and one accepted by name is new in the object too', async (t) => {
  const site = await openHot(t, {
    'main.js': `const lazy = import.meta.glob('./lazy/*.js', { import: 'n' });
      const eager = import.meta.glob('./eager/*.js', { eager: true });
      window.load = () => lazy['./lazy/a.js']();
      import.meta.hot.accept(['./lazy/a.js', './eager/a.js'], () => say('took', eager['./eager/a.js'].n));
      say('main');`,
    'lazy/a.js': `export const n = 1;`,
    'lazy/b.js': `say('never'); export const n = 1;`,
    'eager/a.js': `export const n = 1;`,
  });
  await site.said(1);
  assert.equal((await site.save({ 'lazy/b.js': `say('never'); export const n = 2;` }))[0]?.kind, 'ignored');
  assert.equal(await site.page.evaluate('load()'), 1);
  await site.save({ 'lazy/a.js': `export const n = 2;` });
  await site.save({ 'eager/a.js': `export const n = 2;` });
  assert.deepEqual(await site.said(), [
    ['took', 1],
    ['took', 2],
  ]);
  assert.equal(await site.page.evaluate('load()'), 2);
  assert.deepEqual(sorted(await site.printed()), ['hot updated: /main.js via /eager/a.js', 'hot updated: /main.js via /lazy/a.js']);
});

test('a computed pattern is an error with its place in the author’s text, until it is mended', async (t) => {
  const site = await openHot(t, {
    'index.html': html('/main.ts'),
    'main.ts': `declare const say: (value: unknown) => void; say(Object.keys(import.meta.glob('./pages/*.ts'))); import.meta.hot!.accept();`,
    'pages/a.ts': '',
  });
  assert.deepEqual(await site.said(1), [['./pages/a.ts']]);
  const overlay = site.page.locator('hmr-dev-overlay');
  const shown = overlay.waitFor({ state: 'attached' });
  await site.files.write(
    'main.ts',
    `declare const say: (value: unknown) => void;\ninterface Unused {\n  a: 1;\n}\nconst kind: string = 'pages';\nsay(import.meta.glob(\`./\${kind}/*.ts\`));`,
  );
  await shown;
  await site.server.log.waitFor(/A pattern of import\.meta\.glob\(\) has to be a literal text/);
  await site.server.log.waitFor(/main\.ts:6:22/);
  await site.save({
    'main.ts': `declare const say: (value: unknown) => void; say(Object.keys(import.meta.glob('./*.ts', { base: './pages' })));`,
  });
  await overlay.waitFor({ state: 'detached' });
  assert.deepEqual(await site.said(), [['./a.ts']]);
});

test('above the served folder: what is loaded later arrives too', async (t) => {
  const { result } = await openProject(
    t,
    {
      'package.json': '{}',
      'shared/a.ts': `export default 'a';`,
      'src/index.html': pageOf('/main.ts'),
      'src/main.ts': `const [load] = Object.values(import.meta.glob('../shared/*.ts')); globalThis.result = ((await load()) as any).default;`,
    },
    { root: 'src' },
  );
  assert.equal(await result(), 'a');
});
