import assert from 'node:assert/strict';
import { readFileSync } from 'node:fs';
import path from 'node:path';
import { test } from 'node:test';
import type { Plugin } from '../../../src/server/compile/plugins/plugin.ts';
import { changesIn, openUpdates, updatesIn } from './updates-folder.ts';

test('an inline module that an edit took away stops nothing', async (t) => {
  const page = await openUpdates(t, { 'index.html': `<script type="module">import './a.js';</script>`, 'a.js': '1' });
  await page.load('/index.html?inline-module=0');
  assert.deepEqual(changesIn(await page.save({ 'index.html': '<p></p>' })), ['page /index.html']);
  assert.deepEqual(changesIn(await page.save({ 'a.js': '2' })), ['module /a.js', 'asset /a.js']);
});

test('an entry that goes together with what it imports stops nothing, and comes back with its errors', async (t) => {
  const files = { 'main.js': `import './view.js';`, 'view.js': `import './word.js';`, 'word.js': '' };
  const page = await openUpdates(t, { ...files, 'other.js': '1' });
  await page.load('/main.js');
  await page.load('/other.js');
  await page.save({ 'main.js': null, 'word.js': null });
  assert.deepEqual(page.updates.errors, []);
  assert.deepEqual(changesIn(await page.save({ 'other.js': '2' })), ['module /other.js', 'asset /other.js']);
  await page.save({ 'main.js': files['main.js'] });
  assert.match(page.updates.errors.map(({ key }) => key).join(), /^RESOLVE:view\.js/);
  await page.save({ 'word.js': '' });
  assert.deepEqual(page.updates.errors, []);
});

test('a page that another tab has loaded since its save is told all the same', async (t) => {
  const page = await openUpdates(t, { 'index.html': '<p>1</p>' });
  await page.open('index.html');
  await page.files.write('index.html', '<p>2</p>');
  await page.open('index.html');
  assert.deepEqual(changesIn(await page.batch({ 'index.html': 'change' })), ['page /index.html']);
  assert.deepEqual(await page.batch({ 'index.html': 'change' }), []);
});

test('an error that a batch has read, which was overtaken then, is told with its file', async (t) => {
  const page = await openUpdates(t, { 'main.js': '1' });
  await page.load('/main.js');
  await page.files.write('main.js', 'const = 1');
  const batch = { files: new Map([[page.files.resolve('main.js'), 'change'] as const]), firstEventAt: 0 };
  await page.updates.onBatch({ ...batch, isOvertaken: async () => true });
  await page.updates.onBatch({ ...batch, isOvertaken: async () => false });
  assert.deepEqual(page.blamed, [['main.js']]);
});

test('a sheet that a plugin makes of a part, in a batch that was overtaken, is told as a sheet', async (t) => {
  const made: Plugin = {
    name: 'made',
    setup: (build) =>
      build.onLoad({ filter: /\.scss$/ }, ({ path: file }) => {
        const part = path.join(path.dirname(file), 'part.txt');
        return { contents: `p { color: ${readFileSync(part, 'utf8')} }`, loader: 'css', watchFiles: [part] };
      }),
  };
  const page = await openUpdates(t, { 'a.scss': '', 'part.txt': 'red' }, '', [made]);
  await page.project.ready;
  await page.project.css.made(page.files.resolve('a.scss'));
  await page.files.write('part.txt', 'blue');
  const batch = { files: new Map([[page.files.resolve('part.txt'), 'change'] as const]), firstEventAt: 0 };
  await page.updates.onBatch({ ...batch, isOvertaken: async () => true });
  assert.ok(changesIn(await page.batch({})).includes('style /a.scss'));
});

for (const [what, content, file] of [
  ['a module', { 'ui/x.ts': 'const = 1' }, 'ui/x.ts'],
  ['a configuration', { 'ui/x.ts': '', 'ui/tsconfig.json': '{' }, 'ui/tsconfig.json'],
] as const) {
  test(`${what} outside the folder that is broken at first is watched`, async (t) => {
    const page = await openUpdates(t, { 'app/main.js': `import '../ui/x.ts';`, ...content }, 'app');
    await page.load('/main.js');
    assert.equal(page.updates.errors.length, 1);
    assert.ok(page.included.includes(page.files.resolve(file)));
  });
}

test('only files that somebody uses have to be written to their end', async (t) => {
  const files = { 'index.html': '<p>1</p>', 'main.js': `import './view.js';`, 'view.js': '', 'a.css': '', 'app.log': '' };
  const page = await openUpdates(t, files);
  await page.load('/main.js');
  await page.project.css.hash(page.files.resolve('a.css'));
  await page.save({ 'index.html': '<p>2</p>', 'view.js': '2', 'a.css': 'p {}', 'app.log': '2', 'new.db': '1' });
  assert.deepEqual(page.askedForEnd.toSorted(), ['a.css', 'index.html', 'view.js']);
});

test('a file that an address names goes and comes back, and stops nothing', async (t) => {
  const main = `export const url = new URL('./x.svg', import.meta.url);`;
  const page = await openUpdates(t, { 'main.js': main, 'x.svg': '<svg/>' });
  await page.load('/main.js');
  assert.deepEqual(changesIn(await page.save({ 'x.svg': null })), ['module /main.js']);
  assert.deepEqual(page.updates.errors, []);
  assert.deepEqual(changesIn(await page.save({ 'x.svg': '<svg/>' })), ['module /main.js', 'asset /x.svg']);
});

test('a configuration that another extends is watched, and counts when it is saved', async (t) => {
  const base = (jsxImportSource: string): string => JSON.stringify({ compilerOptions: { jsx: 'react-jsx', jsxImportSource } });
  const page = await openUpdates(
    t,
    {
      'config/base.json': base('/one'),
      'app/tsconfig.json': '{ "extends": "../config/base.json" }',
      'app/main.tsx': 'export const p = <p/>;',
      'app/one/jsx-dev-runtime.js': 'export const jsxDEV = 1, jsx = 1;',
      'app/one/jsx-runtime.js': 'export const jsxDEV = 1, jsx = 1;',
      'app/two/jsx-dev-runtime.js': 'export const jsxDEV = 2, jsx = 2;',
      'app/two/jsx-runtime.js': 'export const jsxDEV = 2, jsx = 2;',
    },
    'app',
  );
  await page.load('/main.tsx');
  assert.deepEqual(page.updates.errors, []);
  assert.ok(page.included.includes(page.files.resolve('config/base.json')));
  assert.deepEqual(changesIn(await page.save({ 'config/base.json': base('/two') })), ['module /main.tsx']);
});

test('a saved import map reaches the modules that are compiled already', async (t) => {
  const html = (imports: object): string => `<script type="importmap">${JSON.stringify({ imports })}</script>`;
  const page = await openUpdates(t, { 'index.html': html({}), 'main.js': `import 'lib';`, 'one.js': '1', 'two.js': '2' });
  await page.open('index.html');
  await page.load('/main.js');
  assert.equal(page.updates.errors.length, 1);
  await page.save({ 'index.html': html({ lib: '/one.js' }) });
  assert.deepEqual(page.updates.errors, []);
  await page.load('/main.js');
  assert.deepEqual(changesIn(await page.save({ 'index.html': html({ lib: '/two.js' }) })), ['module /main.js', 'page /index.html']);
});

for (const [size, isInline] of [
  [200_000, true],
  [300_000, false],
] as const) {
  test(`a save that brings in ${size} bytes is sent ${isInline ? 'with the event' : 'to who asks'}`, async (t) => {
    const page = await openUpdates(t, { 'main.js': '1', 'lib.js': `export const text = '${'x'.repeat(size)}';` });
    await page.load('/main.js');
    const [change] = updatesIn(await page.save({ 'main.js': `import './lib.js';` }));
    assert.equal(change?.kind === 'module' && change.code !== undefined, isInline);
    assert.equal(page.project.graph.node('/lib.js')?.toldHash !== undefined, isInline);
  });
}

test('files that come and go are looked for only where something may mean them', async (t) => {
  const main = `import './other.js'; import('./data/new%20notes.txt?raw').catch(() => {}); new URL('./x.svg', import.meta.url);`;
  const page = await openUpdates(t, { 'main.js': main, 'other.js': '' });
  await page.load('/main.js');
  const lookedUp: string[] = [];
  for (const id of ['/main.js', '/other.js']) {
    const built = page.project.graph.node(id)?.built;
    assert.ok(built);
    const { resolvesAlike } = built;
    t.mock.method(built, 'resolvesAlike', () => {
      lookedUp.push(id);
      return resolvesAlike();
    });
  }
  for (const name of ['app.log', 'shot.png', 'page.html']) for (const text of ['1', null]) await page.save({ [name]: text });
  assert.deepEqual(lookedUp.splice(0), []);
  assert.deepEqual(changesIn(await page.save({ 'data/new notes.txt': '' })), ['module /main.js', 'asset /data/new%20notes.txt']);
  assert.deepEqual(changesIn(await page.save({ 'x.svg': '' })), ['module /main.js', 'asset /x.svg']);
  lookedUp.length = 0;
  await page.save({ 'other.ts': '' });
  assert.ok(lookedUp.includes('/other.js'));
});

test('a file that comes or goes is an update of the modules whose patterns find it, whatever kind it is, and of no other', async (t) => {
  const page = await openUpdates(t, {
    'main.js': `import './code.js'; import './texts.js'; import './other.js';`,
    'code.js': `import.meta.glob('./pages/*.js', { eager: true });`,
    'texts.js': `import.meta.glob('./notes/**/*.md', { query: '?raw' });`,
    'other.js': `import('./lazy.js');`,
    'pages/a.js': '',
    'notes/a.md': '',
  });
  await page.load('/main.js');
  assert.deepEqual(changesIn(await page.save({ 'pages/b.js': '' })), ['module /code.js', 'asset /pages/b.js']);
  assert.deepEqual(changesIn(await page.save({ 'notes/deep/b c.md': '' })), ['module /texts.js', 'asset /notes/deep/b%20c.md']);
  assert.deepEqual(changesIn(await page.save({ 'notes/a.txt': '', 'pages/deep/c.js': '' })), [
    'asset /notes/a.txt',
    'asset /pages/deep/c.js',
  ]);
  // Nobody has read it.
  assert.deepEqual(changesIn(await page.save({ 'notes/a.md': null })), ['module /texts.js']);
  assert.deepEqual(changesIn(await page.save({ 'pages/a.js': null, 'pages/b.js': null })), ['module /code.js']);
  assert.deepEqual(page.updates.errors, []);
});

test('a file that came and went before anybody looked is not told, though a pattern would find it', async (t) => {
  const page = await openUpdates(t, { 'main.js': `import.meta.glob('./pages/*');` });
  await page.load('/main.js');
  assert.deepEqual(await page.batch({ 'pages/a.js': 'unlink' }), []);
});

test('what an eager pattern picks has to be exported by each of its files', async (t) => {
  const page = await openUpdates(t, {
    'main.ts': `interface Unused {}\nconst pages: object = import.meta.glob('./pages/*.ts', { eager: true, import: 'title' }); export { pages };`,
    'pages/a.ts': 'export const title = 1;',
  });
  await page.load('/main.ts');
  assert.equal(page.updates.errors.length, 0);
  await page.save({ 'pages/b.ts': 'export const tilte = 1;' });
  const [error] = page.updates.errors;
  assert.match(error?.message ?? '', /'\/pages\/b\.ts' does not provide an export named 'title'/);
  assert.deepEqual(error?.place, { file: 'main.ts', line: 2, column: 23 });
  await page.save({ 'pages/b.ts': 'export const title = 1;' });
  assert.equal(page.updates.errors.length, 0);
});
