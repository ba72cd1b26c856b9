/**
 * Imports that leave the page's own graph: computed, of other origins, through import maps, of packages; and what is said about those
 * that cannot work.
 */
import assert from 'node:assert/strict';
import { createServer } from 'node:http';
import { once } from 'node:events';
import { test, type TestContext } from 'node:test';
import { HEAD, openProject, pageOf } from './link-support.ts';

/** Another origin, as a CDN is one. */
async function startOrigin(
  t: TestContext,
  files: Readonly<Record<string, string>>,
): Promise<{ readonly origin: string; readonly asked: string[] }> {
  const asked: string[] = [];
  const server = createServer((req, res) => {
    asked.push(req.url ?? '');
    const text = files[req.url ?? ''];
    const type = req.url?.endsWith('.json') ? 'application/json' : 'text/javascript';
    res.writeHead(text === undefined ? 404 : 200, { 'Content-Type': type, 'Access-Control-Allow-Origin': '*' }).end(text);
  });
  server.listen(0, '127.0.0.1');
  await once(server, 'listening');
  t.after(() => server.close());
  const address = server.address();
  return { asked, origin: `http://127.0.0.1:${typeof address === 'object' ? address?.port : ''}` };
}

test('import() of literals, templates, variables, with and without extension, and of what is not there', async (t) => {
  const { result, tab } = await openProject(t, {
    'index.html': pageOf('/app/main.ts'),
    'app/main.ts': `
      import { shared } from './shared';
      const names = ['en', 'de'];
      const loaded = await Promise.all(names.map((name) => import(\`./languages/\${name}.ts\`)));
      const bare = await Promise.all(names.map((name) => import('./languages/' + name)));
      const variable = '../top.js'; const absolute = '/top.js'; const full = new URL('../top.js', import.meta.url).href;
      const top = await Promise.all([import(variable), import(absolute), import(full), import('../top.js')]);
      const missing = await import('./missing-' + names[0]).then(() => 'there', (error) => error instanceof Error);
      const guarded = await import('./not-there.js').catch((error) => error instanceof Error);
      const json = await import('./data.json'); const text = await import('./note.txt?raw');
      globalThis.result = [loaded.map((m) => m.hello), loaded.every((m, i) => m === bare[i]), top.every((m) => m === top[0]), top[0].count,
        missing, guarded, json.default, json.a, text.default, loaded[0].shared === shared, Object.prototype.toString.call(top[0])];`,
    'app/shared.ts': `export const shared = {};`,
    'app/languages/en.ts': `export { shared } from '../shared'; export const hello: string = 'hello';`,
    'app/languages/de.ts': `export { shared } from '../shared'; export const hello: string = 'hallo';`,
    'app/data.json': '{"a": 1}',
    'app/note.txt': 'note',
    'top.js': `globalThis.topRuns = (globalThis.topRuns ?? 0) + 1; export const count = globalThis.topRuns;`,
  });
  assert.deepEqual(await result(), [['hello', 'hallo'], true, true, 1, true, true, { a: 1 }, 1, 'note', true, '[object Module]']);
  assert.deepEqual(tab.errors, []);
});

test('modules of another origin: names, namespace, default, star, dynamic, and one instance', async (t) => {
  const cdn = await startOrigin(t, {
    '/lib.js': `import { inner } from './inner.js'; globalThis.libRuns = (globalThis.libRuns ?? 0) + 1; export let live = 1; export const bump = () => live++; export default 'default'; export { inner };`,
    '/inner.js': `export const inner = 'inner';`,
    '/star.js': `export const a = 'a'; export const b = 'b'; export default 'hidden';`,
  });
  const { result, assertAlive } = await openProject(t, {
    'index.html': pageOf('/main.ts'),
    'main.ts': `
      import fallback, { live, bump, inner } from '${cdn.origin}/lib.js'; import * as lib from '${cdn.origin}/lib.js'; import { a, b } from './stars';
      import * as stars from './stars';
      const before = live; bump();
      const dynamic = await import('${cdn.origin}/lib.js'); const computed = await import(['${cdn.origin}', 'lib.js'].join('/'));
      globalThis.result = [fallback, before, live, lib.live, inner, a, b, Object.keys(stars), dynamic.live, computed === dynamic, globalThis.libRuns];`,
    'stars.ts': `export * from '${cdn.origin}/star.js';`,
  });
  assert.deepEqual(await result(), ['default', 1, 2, 2, 'inner', 'a', 'b', ['a', 'b'], 2, true, 1]);
  await assertAlive();
  assert.equal(cdn.asked.filter((url) => url === '/lib.js').length, 1);
});

test('another origin by the scheme of the page, and JSON of it', async (t) => {
  const cdn = await startOrigin(t, { '/lib.js': `export default 'lib';`, '/data.json': '{"a": 1}' });
  const host = cdn.origin.replace(/^http:/, '');
  const { result, assertAlive } = await openProject(t, {
    'index.html': pageOf('/main.ts'),
    'main.ts': `
      import lib from '${host}/lib.js'; import * as all from '${host}/lib.js'; import data from '${host}/data.json' with { type: 'json' };
      globalThis.result = [lib, all.default, data.a, (await import('${host}/lib.js')).default];`,
  });
  assert.deepEqual(await result(), ['lib', 'lib', 1, 'lib']);
  await assertAlive();
});

test('an import map: to another origin, to a file that stays one instance, by prefix, relative, in a page below', async (t) => {
  const cdn = await startOrigin(t, {
    '/lib.js': `import state from 'state'; export default state;`,
    '/kit/a.js': `export default 'kit a';`,
  });
  const imports = {
    lib: `${cdn.origin}/lib.js`,
    state: '/src/state.ts',
    'kit/': `${cdn.origin}/kit/`,
    '~/': './src/',
    '~/special': './src/other.ts',
  };
  const { result, files, tab, assertAlive } = await openProject(
    t,
    {
      'pages/index.html': `${HEAD}<base href="/"><script type="importmap">${JSON.stringify({ imports })}</script><script type="module" src="src/main.ts"></script>`,
      'src/main.ts': `
        import fromLib from 'lib'; import state from 'state'; import { state as again } from './linked'; import kit from 'kit/a.js';
        import { name } from '~/named'; import special from '~/special';
        const key = 'st' + 'ate'; const computed = await import(key); const prefixed = await import('~/' + 'named');
        globalThis.result = [fromLib === state, state === again, computed.default === state, state.runs, kit, name, special, prefixed.name, import.meta.resolve('kit/b.js')];
        import.meta.hot?.accept('~/named', (m) => console.log('named', m.name));`,
      'src/state.ts': `globalThis.stateRuns = (globalThis.stateRuns ?? 0) + 1; export default { get runs(): number { return globalThis.stateRuns } };`,
      'src/linked.ts': `export { default as state } from './state';`,
      'src/named.ts': `export const name = 'named 1';`,
      'src/other.ts': `export default 'special';`,
    },
    { page: '/pages/' },
  );
  assert.deepEqual(await result(), [true, true, true, 1, 'kit a', 'named 1', 'special', 'named 1', `${cdn.origin}/kit/b.js`]);
  await files.edit('src/named.ts', 'named 1', 'named 2');
  await tab.waitForConsole(/^named named 2$/);
  await assertAlive();
});

test('an import map that is saved reaches modules that are compiled already', async (t) => {
  const script = '<script type="module" src="/main.js"></script>';
  const { result, files, tab } = await openProject(t, {
    'index.html': HEAD + script,
    'main.js': `import lib from 'lib'; import own from './own.js'; globalThis.result = [lib, own];`,
    'own.js': `export default 'own';`,
    'one.js': `export default 'one';`,
    'two.js': `export default 'two';`,
  });
  const saveMap = async (imports: object): Promise<void> => {
    const loaded = tab.page.waitForEvent('load');
    await files.atomicWrite('index.html', `${HEAD}<script type="importmap">${JSON.stringify({ imports })}</script>${script}`);
    await loaded;
  };
  await saveMap({ lib: '/one.js' });
  assert.deepEqual(await result(), ['one', 'own']);
  await saveMap({ lib: '/two.js' });
  assert.deepEqual(await result(), ['two', 'own']);
  await saveMap({ lib: '/two.js', '/own.js': '/one.js' });
  assert.deepEqual(await result(), ['two', 'one']);
});

const manifest = (fields: object): string => JSON.stringify({ name: 'x', version: '1.0.0', ...fields });

test('ES module packages: inside and above the served folder, exports, subpaths, browser field, self, and shared', async (t) => {
  const { result, files, tab, server, assertAlive } = await openProject(
    t,
    {
      'node_modules/above/package.json': manifest({
        type: 'module',
        exports: { '.': { node: './node.js', import: './index.js' }, './sub/*': './lib/*.js' },
      }),
      'node_modules/above/index.js': `import { shared } from './lib/shared.js'; export const above = 'above'; export { shared };`,
      'node_modules/above/node.js': `import 'node:fs';`,
      'node_modules/above/lib/shared.js': `export const shared = { n: 1 };`,
      'node_modules/@scope/pkg/package.json': manifest({
        module: 'dist/index.mjs',
        main: 'dist/index.js',
        browser: { './dist/env.mjs': './dist/env.browser.mjs', fs: false },
      }),
      'node_modules/@scope/pkg/dist/index.mjs': `import { env } from './env.mjs'; import fs from 'fs'; import { above } from 'above'; export default [env, Object.keys(fs).length, above];`,
      'node_modules/@scope/pkg/dist/env.mjs': `export const env = 'node';`,
      'node_modules/@scope/pkg/dist/env.browser.mjs': `export const env = 'browser';`,
      'src/node_modules/inside/package.json': manifest({ type: 'module', main: 'main.js' }),
      'src/node_modules/inside/main.js': `export const inside = 'inside'; export const data = await import('./later.js').then((m) => m.default); export const here = import.meta.url;`,
      'src/node_modules/inside/later.js': `export default 'later';`,
      'src/node_modules/inside/style.css': `body { margin: 7px }`,
      'src/index.html': pageOf('/main.ts'),
      'src/main.ts': `
        import { above, shared } from 'above'; import { shared as direct } from 'above/sub/shared'; import scoped from '@scope/pkg'; import { inside, data, here } from 'inside';
        import 'inside/style.css';
        const later = await import('above');
        globalThis.result = [above, shared === direct, scoped, inside, data, new URL(here).pathname, later.above, getComputedStyle(document.body).marginTop];
        import.meta.hot?.accept('above', (m) => console.log('above is', m.above));`,
    },
    { root: 'src' },
  );
  assert.deepEqual(await result(), [
    'above',
    true,
    ['browser', 0, 'above'],
    'inside',
    'later',
    '/node_modules/inside/main.js',
    'above',
    '7px',
  ]);
  await assertAlive();
  assert.deepEqual(server.log.lines, []);
  assert.equal(await tab.page.evaluate(() => fetch('/@outside/1/node_modules/above/node.js').then((answer) => answer.status)), 404);
  assert.match(await files.read('src/main.ts'), /above/);
});

test('what cannot be imported says so in overlay and terminal, and the page comes when it is mended', async (t) => {
  const cases = [
    { code: `import fs from 'node:fs';`, says: /node:fs/, place: /main\.js:2:16/ },
    { code: `import path from 'path';`, says: /path/, place: /main\.js:2:18/ },
    { code: `import { x } from 'not-installed';`, says: /not-installed/, place: /main\.js:2:19/ },
    { code: `import { x } from './wiev.js';`, says: /view\.js/, place: /main\.js:2:19/ },
    { code: `import { vieww } from './view.js';`, says: /vieww/, place: /main\.js:2:10/ },
    { code: `export { y } from './gone/';`, says: /gone/, place: /main\.js:2:19/ },
    { code: `const a = ;`, says: /Unexpected/, place: /main\.js:2:11/ },
  ];
  const { files, tab, server } = await openProject(t, {
    'index.html': pageOf('/main.js'),
    'main.js': `console.log('good 0');`,
    'view.js': `export const view = 1;`,
  });
  await tab.waitForConsole(/^good 0$/);
  for (const [index, { code, says, place }] of cases.entries()) {
    const from = server.log.lines.length;
    await files.write('main.js', `// ${index}\n${code}`);
    await server.log.waitFor(place, from);
    assert.match(server.log.lines.slice(from).join('\n'), says);
    await tab.untilText('hmr-dev-overlay', says);
    await tab.untilText('hmr-dev-overlay', place);
    await files.write('main.js', `console.log('good ${index + 1}');`);
    await tab.waitForConsole(new RegExp(`^good ${index + 1}$`));
    assert.equal(await tab.page.locator('hmr-dev-overlay').count(), 0);
  }
});
