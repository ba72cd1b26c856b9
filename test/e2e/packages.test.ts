/**
 * Packages of `node_modules`, CommonJS above all: the same imports run in Node and in the page, and say the same. What only a page has
 * (`browser` fields, no modules of Node) and what only a running page can show (a package that is met later) has tests of its own.
 */
import assert from 'node:assert/strict';
import { execFile } from 'node:child_process';
import fs from 'node:fs/promises';
import { test } from 'node:test';
import { promisify } from 'node:util';
import { openProject, pageOf, resultOf } from './link-support.ts';
import { SCRIPT } from '../harness/server.ts';

const run = promisify(execFile);

/** `name` → files of `node_modules/name`; a package.json only where it says something. */
function packages(all: Readonly<Record<string, Readonly<Record<string, string>>>>): Record<string, string> {
  const files: Record<string, string> = {};
  for (const [name, own] of Object.entries(all)) {
    files[`node_modules/${name}/package.json`] = `{"name":"${name}"}`;
    for (const [file, text] of Object.entries(own)) files[`node_modules/${name}/${file}`] = text;
  }
  return files;
}

const SHAPES = packages({
  callable: { 'index.js': `module.exports = function hello(name) { return 'hello ' + name; }; module.exports.helper = () => 'help';` },
  named: { 'index.js': `exports.a = 1; exports.b = () => exports.a + 1; exports.self = module.exports === exports && this === exports;` },
  transpiled: {
    'index.js': `Object.defineProperty(exports, '__esModule', { value: true }); exports.default = 'the default'; exports.other = 'other';`,
  },
  cycle: {
    'index.js': `exports.early = 1; const { other } = require('./other'); exports.seen = other; exports.late = 2;`,
    'other.js': `const partial = require('./index.js'); exports.other = [partial.early, partial.late];`,
  },
  data: { 'index.js': `module.exports = [require('./data.json'), require('./data').n];`, 'data.json': '{"n": 7}' },
  lazy: {
    'index.js': `const log = []; exports.log = log; log.push('begin'); exports.load = () => require('./part.js'); log.push('end');`,
    'part.js': `require('./index.js').log.push('part'); exports.part = 'part';`,
  },
  optional: { 'index.js': `try { require('not-installed'); } catch (error) { exports.code = error.code; }` },
  builds: {
    'index.js': `if (process.env.NODE_ENV === 'production') { module.exports = require('./small.js'); } else { module.exports = require('./large.js'); }`,
    'small.js': `exports.build = 'small';`,
    'large.js': `exports.build = 'large ' + process.env.NODE_ENV;`,
  },
  deep: { 'index.js': `exports.shared = require('./lib/shared.js');`, 'lib/shared.js': `module.exports = { id: 'shared' };` },
  self: {
    'package.json': `{"name":"self","exports":{".":"./index.js","./sub":"./sub.js"}}`,
    'index.js': `exports.sub = require('self/sub').sub;`,
    'sub.js': `exports.sub = 'sub';`,
  },
  conditions: {
    'package.json': `{"name":"conditions","exports":{"import":"./index.mjs","require":"./index.cjs"}}`,
    'index.mjs': `export default 'module';`,
    'index.cjs': `module.exports = 'commonjs';`,
  },
  asks: { 'index.js': `exports.got = require('conditions');` },
  // Written for Node: the default import is all of `module.exports`.
  strict: {
    'package.json': `{"name":"strict","type":"module"}`,
    'index.js': `import all, { other } from 'transpiled'; export default [all.default, other];`,
  },
  'needs-module': {
    'index.js': `const m = require('only-module'); exports.names = Object.keys(m); exports.flag = m.__esModule; exports.value = m.default;`,
  },
  'only-module': {
    'package.json': `{"name":"only-module","type":"module"}`,
    'index.js': `export default 'default'; export const live = 1;`,
  },
  '@scope/pkg': {
    'package.json': `{"name":"@scope/pkg","main":"lib"}`,
    'lib/index.js': `exports.name = __filename.split('/').slice(-3).join('/');`,
  },
  sloppy: {
    'index.js': `#!/usr/bin/env node\nvar exports_ = exports; exports_.type = typeof require + typeof module + typeof global; return;`,
  },
});

const ASKS = `
  import hello, { helper } from 'callable';
  import * as callable from 'callable';
  import named, { a, b } from 'named';
  import { other } from 'transpiled';
  import cycle from 'cycle';
  import data from 'data';
  import { log, load } from 'lazy';
  import { code } from 'optional';
  import { build } from 'builds';
  import { shared } from 'deep';
  import again from 'deep/lib/shared.js';
  import { sub } from 'self';
  import conditions from 'conditions';
  import { got } from 'asks';
  import strict from 'strict';
  import needs from 'needs-module';
  import * as only from 'only-module';
  import { name } from '@scope/pkg';
  import sloppy from 'sloppy';
  const before = [...log]; const { part } = load(); load();
  const later = await import('named');
  export const answers = [hello('you'), helper(), callable.default === hello, typeof callable.helper, a, b(), named.self, other, cycle, data, before,
    log, part, code, build, shared === again, sub, conditions, got, strict, needs, Object.keys(only), name, sloppy.type, later.a, later.default === named];
`;

test('CommonJS packages of every shape, as in Node', async (t) => {
  const { files, result, tab } = await openProject(t, {
    'index.html': pageOf('/main.js'),
    'package.json': '{"type":"module"}',
    'asks.js': ASKS,
    'main.js': `import { answers } from './asks.js'; globalThis.result = answers;`,
    'node.js': `import { answers } from './asks.js'; console.log(JSON.stringify(answers));`,
    ...SHAPES,
  });
  const env = { ...process.env, NODE_ENV: 'development', NODE_OPTIONS: '' };
  const { stdout } = await run(process.execPath, ['--no-warnings', '--experimental-require-module', files.resolve('node.js')], { env });
  assert.deepEqual(JSON.parse(JSON.stringify(await result())), JSON.parse(stdout));
  assert.deepEqual(tab.errors, []);
});

test('forms that are rare in packages', async (t) => {
  const { result, tab } = await openProject(t, {
    'index.html': pageOf('/main.js'),
    'main.js': `
      import { parse } from 'statics'; import { add, total } from 'instance'; import * as all from './barrel.js'; import { one, own } from './barrel.js';
      import { forms } from 'forms'; import { lazy } from 'imports'; import { g } from 'globals'; import { picked } from 'conditional';
      const broken = await import('octal').catch((error) => error.message);
      const url = new URL('asset-package/worker.mjs', import.meta.url).pathname;
      globalThis.result = [parse(), add(2), total, all.one, all.two, one, own, forms, await lazy(), g, picked, broken, url];`,
    'barrel.js': `export * from 'first'; export * from 'second'; export * from './own.js';`,
    'own.js': `export const own = 'own';`,
    ...packages({
      statics: { 'index.js': `module.exports = class { static parse() { return 'parsed'; } };` },
      instance: { 'index.js': `class Counter { total = 1; add(n) { return n + 1; } } module.exports = new Counter();` },
      first: { 'index.js': `exports.one = 1;` },
      second: { 'package.json': `{"name":"second","type":"module"}`, 'index.js': `export const two = 2;` },
      forms: {
        'index.js': 'exports.forms = [require(`./part`), require(/* webpack: x */ "./part")];',
        'part.js': `module.exports = 'part';`,
      },
      imports: {
        'index.js': `const named = { import(x) { return x; } }; exports.lazy = () => named.import('m') + 'x';`,
        'other.js': '',
      },
      globals: { 'index.js': `const global = { g: 'own global' }; exports.g = global.g;` },
      conditional: {
        'package.json': `{"name":"conditional","exports":{"browser":"./browser.js","import":"./node.mjs","require":"./node.js"}}`,
        'browser.js': `exports.picked = 'browser';`,
        'node.mjs': `import 'fs'; export const picked = 'node';`,
      },
      octal: { 'index.js': `exports.mode = 0777;` },
      'asset-package': { 'worker.mjs': '' },
    }),
  });
  const answers = (await result()) as unknown[];
  assert.deepEqual(answers.slice(0, 11), ['parsed', 3, 1, 1, 2, 1, 'own', ['part', 'part'], 'mx', 'own global', 'browser']);
  assert.match(String(answers[11]), /node_modules\/octal\/index\.js: SyntaxError: Octal/);
  assert.equal(answers[12], '/node_modules/asset-package/worker.mjs');
  assert.deepEqual(tab.errors, []);
});

test('import() of CommonJS is one of ours', async (t) => {
  const { result } = await openProject(t, {
    'index.html': pageOf('/main.js'),
    'main.js': `import { load } from 'imports'; globalThis.result = await load();`,
    ...packages({
      imports: {
        'index.js': `exports.load = () => Promise.all([import('./part.js'), import('other')]).then((all) => all.map((m) => m.default));`,
        'part.js': `module.exports = 'part';`,
      },
      other: { 'index.js': `module.exports = 'other';` },
    }),
  });
  assert.deepEqual(await result(), ['part', 'other']);
});

test('a transpiled default is the default import of code that nobody wrote for Node', async (t) => {
  const { result } = await openProject(t, {
    'main.ts': `import value, { other } from 'transpiled'; import * as all from 'transpiled'; globalThis.result = [value, other, all.default];`,
    'index.html': pageOf('/main.ts'),
    ...SHAPES,
  });
  assert.deepEqual(await result(), ['the default', 'other', 'the default']);
});

test('the build that is not taken is not sent', async (t) => {
  const { result, server } = await openProject(t, {
    'index.html': pageOf('/main.js'),
    'main.js': `import { build } from 'builds'; globalThis.result = build;`,
    ...SHAPES,
  });
  assert.equal(await result(), 'large development');
  const script = await (await fetch(server.url('/main.js'), { headers: SCRIPT })).text();
  assert.match(script, /"\/node_modules\/builds\/large\.js"/);
  assert.doesNotMatch(script, /small\.js/);
});

test('a browser field replaces files and packages, and what it switches off is empty', async (t) => {
  const { result } = await openProject(t, {
    'index.html': pageOf('/main.js'),
    'main.js': `import { got } from 'mapped'; globalThis.result = got;`,
    ...packages({
      mapped: {
        'package.json': `{"name":"mapped","browser":{"./node.js":"./page.js","path":false,"real":"stand-in"}}`,
        'index.js': `exports.got = [require('./node.js'), Object.keys(require('path')), require('real')];`,
        'node.js': `module.exports = require('fs').readFileSync;`,
        'page.js': `module.exports = 'for a page';`,
      },
      'stand-in': { 'index.js': `module.exports = 'stand-in';` },
      real: { 'index.js': `module.exports = 'real';` },
    }),
  });
  assert.deepEqual(await result(), ['for a page', [], 'stand-in']);
});

test('a package may import what only Node has, as long as it does not call it', async (t) => {
  const { result, tab } = await openProject(t, {
    'index.html': pageOf('/main.js'),
    'main.js': `
      import { isNode, open, Own, read } from 'universal'; import { join } from 'universal-module';
      const errors = [];
      for (const use of [read, join, open, () => new Own()]) try { use(); } catch (error) { errors.push(error.message); }
      globalThis.result = [isNode, errors];`,
    ...packages({
      universal: {
        'index.js': `const fs = require('node:fs'); const { inherits, promises: { open } } = require('util'); exports.open = open;
          exports.Own = class extends require('stream').Readable {}; exports.isNode = typeof process === 'object'; exports.read = () => fs.readFileSync('a');`,
      },
      'universal-module': {
        'package.json': `{"name":"universal-module","type":"module"}`,
        'index.js': `import path from 'path'; export const join = () => path.join('a');`,
      },
    }),
  });
  const [isNode, errors] = (await result()) as [boolean, string[]];
  assert.equal(isNode, false);
  assert.match(errors[0] ?? '', /"fs\.readFileSync" is not in browsers.*node_modules\/universal\/index\.js/);
  assert.match(errors[1] ?? '', /"path\.join" is not in browsers.*universal-module/);
  assert.match(errors[2] ?? '', /"util\.promises\.open" is not in browsers/);
  assert.match(errors[3] ?? '', /"stream\.Readable" is not in browsers/);
  assert.deepEqual(tab.errors, []);
});

test('a package that is met later arrives without a reload, and shares what is there', async (t) => {
  const { files, result, tab, assertAlive } = await openProject(t, {
    'index.html': pageOf('/main.js'),
    'main.js': `import './view.js';`,
    'view.js': `import { count } from 'first'; globalThis.result = [count()]; import.meta.hot.accept();`,
    ...packages({
      first: { 'index.js': `exports.count = require('store').next;` },
      second: {
        'index.js': `exports.count = require('store').next; exports.more = require('./more.js');`,
        'more.js': `module.exports = 'more';`,
      },
      store: { 'index.js': `let n = 0; exports.next = () => ++n;` },
    }),
  });
  assert.deepEqual(await result(), [1]);
  const updated = tab.waitForConsole(/hot updated: \/view\.js/);
  await files.write(
    'view.js',
    `import { count } from 'first'; import * as second from 'second'; globalThis.result = [count(), second.count(), second.more]; import.meta.hot.accept();`,
  );
  await updated;
  assert.deepEqual(await resultOf(tab), [2, 3, 'more']);
  await assertAlive();
});

test('a linked workspace is source: compiled, watched and hot, CommonJS too', async (t) => {
  const { files, result, tab, assertAlive } = await openProject(
    t,
    {
      'app/index.html': pageOf('/main.js'),
      'app/main.js': `import { text } from 'lib'; import { word } from 'old'; globalThis.result = [text, word]; import.meta.hot.accept();`,
      'packages/lib/package.json': `{"name":"lib","type":"module","exports":"./src/index.ts"}`,
      'packages/lib/src/index.ts': `export const text: string = 'one';`,
      'packages/old/package.json': `{"name":"old"}`,
      'packages/old/index.js': `exports.word = require('./word.js');`,
      'packages/old/word.js': `module.exports = 'red';`,
    },
    {
      root: 'app',
      async arrange(folder) {
        await fs.mkdir(folder.resolve('node_modules'));
        for (const name of ['lib', 'old'])
          await fs.symlink(folder.resolve(`packages/${name}`), folder.resolve(`node_modules/${name}`), 'junction');
      },
    },
  );
  assert.deepEqual(await result(), ['one', 'red']);
  const hot = async (file: string, from: string, to: string): Promise<unknown> => {
    const updated = tab.waitForConsole(/hot updated: \/main\.js/, tab.console.lines.length);
    await files.edit(file, from, to);
    await updated;
    return resultOf(tab);
  };
  assert.deepEqual(await hot('packages/lib/src/index.ts', 'one', 'two'), ['two', 'red']);
  assert.deepEqual(await hot('packages/old/word.js', 'red', 'blue'), ['two', 'blue']);
  await assertAlive();
});

const BARREL = packages({
  barrel: {
    'package.json': '{"name":"barrel","type":"module","sideEffects":false}',
    'index.js': `export { default as One } from './one/index.js'; export * from './two.js'; export * from './three.js';`,
    'one/index.js': `export { default } from './one.js';`,
    'one/one.js': `let n = 0; export default () => ++n;`,
    'two.js': `export const two = 'two';`,
    'three.js': `import { One } from './index.js'; globalThis.threes = (globalThis.threes ?? 0) + 1; export const three = () => One();`,
  },
});

test('below a package.json: what is installed there, or renamed in it, arrives', async (t) => {
  const project = (imports: string): string => `{"name":"app","imports":{"#u":"${imports}"}}`;
  const { files, result, tab, server } = await openProject(
    t,
    {
      'package.json': project('./lib/a.js'),
      'lib/a.js': `export default 'a';`,
      'lib/b.js': `export default 'b';`,
      'node_modules/.package-lock.json': '{}',
      'src/index.html': pageOf('/main.js'),
      'node_modules/lazy/package.json': `{"name":"lazy","type":"module"}`,
      'node_modules/lazy/index.js': `export const load = async () => (await import('./part.js')).default;`,
      'node_modules/lazy/part.js': `export default 'part';`,
      'src/main.js': `import u from '#u'; import { load } from 'lazy'; globalThis.result = [u, await load()]; import.meta.hot.accept();`,
    },
    { root: 'src' },
  );
  assert.deepEqual(await result(), ['a', 'part']);
  await files.write('package.json', project('./lib/b.js'));
  await tab.page.waitForFunction(`globalThis.result[0] === 'b'`);
  const missing = server.log.waitFor(/The package "added" was not found/);
  await files.write(
    'src/main.js',
    `import u from '#u'; import added from 'added'; globalThis.result = [u, added]; import.meta.hot.accept();`,
  );
  await missing;
  await files.write('node_modules/added/index.js', `module.exports = 'added';`);
  await files.write('node_modules/added/package.json', `{"name":"added"}`);
  await files.write('node_modules/.package-lock.json', '{"added":1}');
  await tab.page.waitForFunction(`globalThis.result[1] === 'added'`);
  assert.ok(await tab.isSameDocument());
});

test('as pnpm installs: links into a store, where each package sees its own dependencies only', async (t) => {
  const store = 'node_modules/.pnpm';
  const { result, files, tab, assertAlive } = await openProject(
    t,
    {
      'index.html': pageOf('/main.js'),
      'main.js': `import { name, one } from 'first'; import second from 'second';
        const later = await import('first/later.js');
        globalThis.result = [name, second.one === one, later.default, (await fetch(later.picture)).status, await second.load()];
        import.meta.hot.accept();`,
      [`${store}/first@1.0.0/node_modules/first/package.json`]: `{"name":"first","type":"module","exports":{".":"./index.js","./later.js":"./later.js"}}`,
      [`${store}/first@1.0.0/node_modules/first/index.js`]: `import { one } from 'shared'; export const name = 'first'; export { one };`,
      [`${store}/first@1.0.0/node_modules/first/later.js`]: `export const picture = new URL('./dot.svg', import.meta.url).href; export default 'later';`,
      [`${store}/first@1.0.0/node_modules/first/dot.svg`]: `<svg xmlns="http://www.w3.org/2000/svg"/>`,
      [`${store}/second@2.0.0/node_modules/second/package.json`]: `{"name":"second"}`,
      [`${store}/second@2.0.0/node_modules/second/index.js`]: `exports.one = require('shared').one; exports.load = () => import('./part.mjs').then((part) => part.default);`,
      [`${store}/second@2.0.0/node_modules/second/part.mjs`]: `export default 'part';`,
      [`${store}/shared@3.0.0/node_modules/shared/package.json`]: `{"name":"shared"}`,
      [`${store}/shared@3.0.0/node_modules/shared/index.js`]: `exports.one = { only: 'one' };`,
    },
    {
      async arrange({ resolve }) {
        const link = (from: string, to: string): Promise<void> => fs.symlink(to, resolve(from));
        await link('node_modules/first', '.pnpm/first@1.0.0/node_modules/first');
        await link('node_modules/second', '.pnpm/second@2.0.0/node_modules/second');
        for (const name of ['first@1.0.0', 'second@2.0.0'])
          await link(`${store}/${name}/node_modules/shared`, '../../shared@3.0.0/node_modules/shared');
      },
    },
  );
  assert.deepEqual(await result(), ['first', true, 'later', 200, 'part']);
  await files.edit(`${store}/first@1.0.0/node_modules/first/index.js`, `'first'`, `'edited'`);
  await tab.page.waitForFunction(`globalThis.result[0] === 'edited'`);
  await assertAlive();
});

test('of a barrel only what is asked for is sent; one name more, or all, arrives without a reload and shares what is there', async (t) => {
  const { files, result, tab, assertAlive, server } = await openProject(t, {
    'index.html': pageOf('/main.js'),
    'main.js': `import './view.js';`,
    'view.js': `import { One, two } from 'barrel'; globalThis.result = [One(), two]; import.meta.hot.accept();`,
    ...BARREL,
  });
  assert.deepEqual(await result(), [1, 'two']);
  const script = await (await fetch(server.url('/main.js'), { headers: SCRIPT })).text();
  assert.match(script, /barrel\/one\/one\.js"/);
  assert.doesNotMatch(script, /three\.js"|barrel\/index\.js"/);
  const save = async (text: string): Promise<unknown> => {
    const updated = tab.waitForConsole(/hot updated: \/view\.js/, tab.console.lines.length);
    await files.write('view.js', `${text} import.meta.hot.accept();`);
    await updated;
    return resultOf(tab);
  };
  const more = `import { One, three } from 'barrel'; import deep from 'barrel/one/one.js'; globalThis.result = [One(), three(), deep === One];`;
  assert.deepEqual(await save(more), [2, 3, true]);
  const all = `import * as all from 'barrel'; globalThis.result = [Object.keys(all), all.One(), all.three(), globalThis.threes];`;
  assert.deepEqual(await save(all), [['One', 'three', 'two'], 4, 5, 1]);
  await assertAlive();
});

test('a barrel in an installed package that changes is hot', async (t) => {
  const { files, result, tab, assertAlive } = await openProject(t, {
    'index.html': pageOf('/main.js'),
    'main.js': `import { One, two } from 'barrel'; globalThis.result = [typeof One, two]; import.meta.hot.accept();`,
    ...BARREL,
  });
  assert.deepEqual(await result(), ['function', 'two']);
  const updated = tab.waitForConsole(/hot updated: \/main\.js/);
  await files.edit('node_modules/barrel/index.js', `export * from './two.js'`, `export const two = 'own'`);
  await updated;
  assert.deepEqual(await resultOf(tab), ['function', 'own']);
  await assertAlive();
});

test('a package that does not say that its modules only export is taken whole', async (t) => {
  const { result, tab } = await openProject(t, {
    'index.html': pageOf('/main.js'),
    'main.js': `import { two } from 'barrel'; globalThis.result = [two, globalThis.threes];`,
    ...BARREL,
    'node_modules/barrel/package.json': '{"name":"barrel","type":"module","sideEffects":["./three.js"]}',
  });
  assert.deepEqual(await result(), ['two', 1]);
  assert.deepEqual(tab.errors, []);
});

test('a name that a barrel does not have is told where it is imported', async (t) => {
  const { server } = await openProject(t, {
    'index.html': pageOf('/main.js'),
    'main.js': `import { One, Tow } from 'barrel'; globalThis.result = [One, Tow];`,
    ...BARREL,
  });
  await server.log.waitFor(/^Missing export main\.js:1:15$/);
});
