/**
 * What a program host promises besides being like Node: versions, what changes mean, updates below accept boundaries, TypeScript, and errors that a
 * developer can act on.
 */
import assert from 'node:assert/strict';
import { symlink } from 'node:fs/promises';
import { after, before, describe, test } from 'node:test';
import { buildDrivers, type BuiltDrivers } from './built-driver.ts';
import { startSession, type Session } from './session.ts';

let drivers: BuiltDrivers;

before(async () => {
  drivers = await buildDrivers('session-runner');
});
after(() => drivers[Symbol.asyncDispose]());

const MODULE = { 'package.json': '{"type":"module"}' };
const start = (files: Readonly<Record<string, string>>, options?: object): Promise<Session> =>
  startSession(drivers, { ...MODULE, ...files }, options);

describe('versions', () => {
  test('each has its own instances of all local modules, and shares packages', async () => {
    await using session = await start({
      'main.js': `import { list } from './a.js'; import { state } from 'dep'; list.push(1); state.push(1); say(list.length, state.length);`,
      'a.js': `export const list = [];`,
      'node_modules/dep/package.json': '{"name":"dep","type":"module","main":"index.js"}',
      'node_modules/dep/index.js': `export const state = [];`,
    });
    assert.deepEqual(await session.load(), [[1, 1]]);
    assert.deepEqual(await session.load(), [[1, 2]]);
  });

  test('an older version goes on with its own code', async () => {
    await using session = await start({
      'main.js': `import { value } from './a.js'; (globalThis.calls ??= []).push(async () => [value, (await import('./lazy.js')).lazy]); say(await Promise.all(calls.map((call) => call())));`,
      'a.js': `export const value = 1;`,
      'lazy.js': `import { value } from './a.js'; export const lazy = 'lazy ' + value;`,
    });
    assert.deepEqual(await session.load(), [[[1, 'lazy 1']]]);
    assert.equal(await session.save({ 'a.js': `export const value = 2;` }), 'reload');
    assert.deepEqual(await session.load(), [
      [
        [1, 'lazy 1'],
        [2, 'lazy 2'],
      ],
    ]);
  });

  test('a save that fails leaves what runs, and the next one is read', async () => {
    await using session = await start({ 'main.js': `import { v } from './a.js'; say(v);`, 'a.js': 'export const v = 1;' });
    await session.load();
    assert.equal(await session.save({ 'a.js': 'export const v = ;' }), 'reload');
    const failed = await session.ask({ kind: 'load' });
    assert.match(failed.error ?? '', /^SYNTAX\n.*\na\.js:1:18\n> 1 \| export const v = ;\n/);
    assert.deepEqual(await session.ask({ kind: 'load' }), failed, 'tried again');
    assert.equal(await session.save({ 'a.js': 'export const v = 2;' }), 'reload');
    assert.deepEqual(await session.load(), [2]);
  });

  test('what was saved with a file, and is told later, is read with it where it is missing', async () => {
    await using session = await start({ 'main.js': `import { v } from './a.js'; say(v);`, 'a.js': 'export const v = 1;' });
    await session.load();
    await session.folder.write('a.js', 'export const w = 2;');
    assert.equal(await session.save({ 'main.js': `import { w } from './a.js'; say(w);` }), 'reload');
    assert.deepEqual(await session.load(), [2]);
  });

  test('a name that goes and comes in modules that come and go is missed each time', async () => {
    const uses = `import { v } from './b.js'; say(v);`;
    await using session = await start({ 'main.js': uses, 'b.js': `export { v } from './c.js';`, 'c.js': 'export const v = 1;' });
    await session.load();
    await session.save({ 'main.js': `import './c.js'; say('without');`, 'c.js': 'export const other = 1;' });
    assert.deepEqual(await session.load(), ['without']);
    await session.save({ 'main.js': uses });
    assert.match((await session.ask({ kind: 'load' })).error ?? '', /^MISSING_EXPORT\n.*c\.js/);
    await session.save({ 'c.js': 'export const v = 3;' });
    assert.deepEqual(await session.load(), [3]);
  });

  for (const [where, before] of [
    ['in front of the program', ''],
    ['on the way', `import './a.js'; `],
  ] as const) {
    test(`a name that a package does not have is missed at every try: ${where}`, async () => {
      await using session = await start({
        'main.js': `${before}import { none } from 'dep'; import { v } from './b.js'; say(none, v);`,
        'a.js': '',
        'b.js': 'export const v = 1;',
        'node_modules/dep/package.json': '{"name":"dep","type":"module","main":"index.js"}',
        'node_modules/dep/index.js': `export const some = 1;`,
      });
      for (const v of [1, 2, 3]) {
        await session.save({ 'b.js': `export const v = ${v};` });
        assert.match((await session.ask({ kind: 'load' })).error ?? '', /^MISSING_EXPORT\n.*'none'/, `try ${v}`);
      }
    });
  }

  test('a version that throws is followed by any change of its files, also where the older one does not have them', async () => {
    await using session = await start({ 'main.js': `say('ok');` });
    await session.load();
    assert.equal(await session.save({ 'bad.js': `throw new Error('bad');`, 'main.js': `import './bad.js'; say('new');` }), 'reload');
    assert.match((await session.ask({ kind: 'load' })).error ?? '', /bad/);
    assert.equal(await session.save({ 'bad.js': '' }), 'reload');
    assert.deepEqual(await session.load(), ['new']);
    assert.equal(await session.save({ 'other.js': '' }), 'none');
  });

  test('what createRequire gives is of the version, too', async () => {
    await using session = await start({
      'main.js': `import { createRequire } from 'node:module'; const require = createRequire(import.meta.url); say(require('./a.cjs').v);`,
      'a.cjs': 'exports.v = 1;',
    });
    assert.deepEqual(await session.load(), [1]);
    assert.equal(await session.save({ 'a.cjs': 'exports.v = 2;' }), 'reload');
    assert.deepEqual(await session.load(), [2]);
  });

  test('dispose callbacks are called once, dependents first, each guarded', async () => {
    await using session = await start({
      'main.js': `import './a.js'; import.meta.hot.dispose(() => { say('main'); throw new Error('in main'); });`,
      'a.js': `import.meta.hot.dispose(async () => { await null; say('a'); });`,
    });
    await session.load();
    assert.deepEqual(await session.ask({ kind: 'dispose' }), { value: ['Error: in main'], said: ['main', 'a'] });
    assert.deepEqual(await session.ask({ kind: 'dispose' }), { value: [], said: [] });
  });
});

describe('what a change means', () => {
  const files = {
    'main.js': `import './used.js'; import('./lazy' + '.js').then(() => say('lazy')); import './accepting.js';`,
    'used.js': '',
    'lazy.js': '',
    'never.js': '',
    'accepting.js': `import { v } from './accepted.js'; import.meta.hot.accept('./accepted.js', (ns) => say('accepted ' + ns.v)); export const read = () => v;`,
    'accepted.js': `import './below.js'; export const v = 1;`,
    'below.js': '',
    'tsconfig.json': '{}',
  };

  test('of files that the program runs, statically or not, and of others', async () => {
    await using session = await start(files);
    await session.load();
    assert.equal(await session.save({ 'used.js': 'say(1)' }), 'reload');
    assert.equal(await session.save({ 'lazy.js': 'say(1)' }), 'reload');
    assert.equal(await session.save({ 'never.js': 'say(1)' }), 'none');
    assert.equal(await session.save({ 'notes.txt': 'x' }), 'none');
    assert.equal(await session.save({ 'below.js': 'say(1)' }), 'accepted');
    assert.equal(await session.save({ 'below.js': 'say(2)', 'used.js': '' }), 'reload');
    assert.equal(await session.save({ 'package.json': '{"type":"module","x":1}' }), 'restart');
  });

  test('of a file that an import looked for in vain', async () => {
    await using session = await start({ 'main.js': `import './later.js'; say('main');` });
    const { error } = await session.ask({ kind: 'load' });
    assert.match(error ?? '', /^RESOLVE\nCannot find module '.\/later\.js'.*\nmain\.js:1:8\n/);
    assert.ok(((await session.ask({ kind: 'files' })).value as string[]).includes('later.js'));
    assert.equal(await session.save({ 'other.js': '' }), 'none');
    assert.equal(await session.save({ 'later.js': `say('later');` }), 'reload');
    assert.deepEqual(await session.load(), ['later', 'main']);
  });

  test('of a file that was deleted, and comes back', async () => {
    await using session = await start({ 'main.js': `import { v } from './a.js'; say(v);`, 'a.js': 'export const v = 1;' });
    await session.load();
    await session.folder.remove('a.js');
    assert.equal((await session.ask({ kind: 'changed', files: ['a.js'] })).value, 'reload');
    assert.match((await session.ask({ kind: 'load' })).error ?? '', /^RESOLVE\n/);
    assert.equal(await session.save({ 'a.js': 'export const v = 2;' }), 'reload');
    assert.deepEqual(await session.load(), [2]);
  });

  test('of a package in node_modules', async () => {
    await using session = await start({
      'main.js': `import 'dep';`,
      'node_modules/dep/package.json': '{"name":"dep","main":"index.js"}',
      'node_modules/dep/index.js': '',
    });
    await session.load();
    assert.equal(await session.save({ 'node_modules/dep/lib.js': '' }), 'restart');
    assert.equal(await session.save({ 'node_modules/other/lib.js': '' }), 'none');
  });

  test('a module that declines asks for a restart', async () => {
    await using session = await start({ 'main.js': `import.meta.hot.decline();` });
    await session.load();
    assert.equal(await session.save({ 'main.js': `import.meta.hot.decline(); say(1);` }), 'restart');
  });
});

describe('updates below an accept boundary', () => {
  const files = {
    'main.js': `say('main'); import { text } from './view.js'; globalThis.show = () => say(text()); import.meta.hot.accept('./view.js', () => show()); show();`,
    'view.js': `say('view'); let count = 0; import.meta.hot?.dispose(() => say('dispose')); export function text() { return 'one ' + ++count; }`,
  };

  test('a function is changed in place, with the state that it has', async () => {
    await using session = await start({
      ...files,
      'view.js': files['view.js'].replace(` import.meta.hot?.dispose(() => say('dispose'));`, ''),
    });
    assert.deepEqual(await session.load(), ['view', 'main', 'one 1']);
    await session.folder.edit('view.js', 'one', 'two');
    const { value, said } = await session.ask({ kind: 'apply', files: ['view.js'] });
    assert.deepEqual(value, { kind: 'updated', swapped: 1, errors: [] });
    assert.deepEqual(said, ['two 2']);
  });

  test('with hot-swap off the module runs again, after dispose', async () => {
    await using session = await start(files, { hotswap: 'off' });
    await session.load();
    await session.folder.edit('view.js', 'one', 'two');
    const { value, said } = await session.ask({ kind: 'apply', files: ['view.js'] });
    assert.deepEqual(value, { kind: 'updated', swapped: 0, errors: [] });
    assert.deepEqual(said, ['dispose', 'view', 'two 1']);
  });

  test('new code that throws is taken back', async () => {
    await using session = await start(files, { hotswap: 'off' });
    await session.load();
    await session.folder.edit('view.js', `say('view');`, `throw new Error('new');`);
    assert.deepEqual((await session.ask({ kind: 'apply', files: ['view.js'] })).value, { kind: 'failed' });
    await session.folder.edit('view.js', `throw new Error('new');`, `import './more.js';`);
    await session.folder.write('more.js', `say('more');`);
    assert.deepEqual((await session.ask({ kind: 'apply', files: ['view.js'] })).said, ['more', 'one 1']);
  });

  test('CommonJS runs again below an ES module that accepts it', async () => {
    await using session = await start({
      'main.js': `import a from './a.cjs'; import.meta.hot.accept('./a.cjs', (ns) => say(ns.default.v, a.v)); say(a.v);`,
      'a.cjs': `exports.v = require('./b.cjs').v;`,
      'b.cjs': 'exports.v = 1;',
    });
    assert.deepEqual(await session.load(), [1]);
    assert.equal(await session.save({ 'b.cjs': 'exports.v = 2;' }), 'accepted');
    assert.deepEqual((await session.ask({ kind: 'apply', files: ['b.cjs'] })).said, [[2, 2]]);
  });
});

describe('TypeScript', () => {
  test('./x.js that is x.ts, no extension, folders, TSX, enums, paths, JSON', async () => {
    await using session = await start({
      'tsconfig.json': '{"compilerOptions":{"paths":{"@/*":["./src/*"]},"jsx":"react","jsxFactory":"h"}}',
      'main.ts': `import { a } from './a.js'; import { b } from './b'; import { c } from './c'; import { d } from '@/d'; import data from './data.json';
import { view } from './view'; import type { Nothing } from './types-only'; enum Color { Red = 3 } const n: Nothing | number = Color.Red; say(a, b, c, d, data.x, view, n);`,
      'a.ts': `export const a: string = 'a';`,
      'b.mts': `export const b = 'b' as const;`,
      'c/index.ts': `export const c = 'c';`,
      'src/d.ts': `export const d = 'd';`,
      'data.json': '{"x":1}',
      'view.tsx': `const h = (name: string, _: unknown, text: string) => name + text; export const view = <b>bold</b>;`,
      'types-only.ts': 'export interface Nothing {}',
    });
    assert.deepEqual(await session.load(), [['a', 'b', 'c', 'd', 1, 'bbold', 3]]);
  });

  test('decorators and parameter properties, which esbuild has to lower', async () => {
    await using session = await start({
      'tsconfig.json': '{"compilerOptions":{"experimentalDecorators":true}}',
      'main.ts': `const mark = (target: any) => { target.marked = true; }; @mark class A { constructor(private n: number) {} get() { return this.n; } } say(new A(5).get(), (A as any).marked);`,
    });
    assert.deepEqual(await session.load(), [[5, true]]);
  });

  test('in a package without type it has the names of CommonJS, whatever it is written as', async () => {
    await using session = await start({
      'package.json': '{}',
      'main.ts': `import { b } from './b'; const { c } = require('./c'); say(b, c, __filename.slice(-7), __dirname.length > 1, typeof module);`,
      'b.ts': `export const b: number = 1;`,
      'c.ts': `const v: number = 2; module.exports = { c: v };`,
    });
    assert.deepEqual(await session.load(), [[1, 2, 'main.ts', true, 'object']]);
  });

  test('.cts and .mts among each other', async () => {
    await using session = await start(
      {
        'main.mts': `import c from './c.cjs'; say(c);`,
        'c.cts': `const path = require('node:path'); const e = require('./e.mjs') as { e: number }; module.exports = path.basename(__filename) + e.e;`,
        'e.mts': `export const e: number = 5;`,
      },
      { entry: 'main.mts' },
    );
    assert.deepEqual(await session.load(), ['c.cts5']);
  });

  test('places in stacks are the author’s, in each version its own', async () => {
    const text = (lines: string): string =>
      `interface A { x: number }\n${lines}\nexport function where(a: A): string {\n  const e = new Error('x');\n  return /\\w+\\.ts:\\d+:\\d+/.exec(e.stack!)![0];\n}\n`;
    await using session = await start({
      'main.ts': `import { where } from './a.ts'; (globalThis as any).all = [...((globalThis as any).all ?? []), where]; say((globalThis as any).all.map((f: any) => f({ x: 1 })));`,
      'a.ts': text(''),
    });
    assert.deepEqual(await session.load(), [['a.ts:4:13']]);
    assert.equal(await session.save({ 'a.ts': text('\n\ntype B = A;') }), 'reload');
    assert.deepEqual(await session.load(), [['a.ts:4:13', 'a.ts:6:13']]);
  });
});

describe('errors before anything runs', () => {
  const failed = async (files: Readonly<Record<string, string>>): Promise<string> => {
    await using session = await start(files);
    const { error = '', said } = await session.ask({ kind: 'load' });
    assert.deepEqual(said, [], 'nothing runs');
    return error;
  };

  test('a missing export names both files, the place, and what is there', async () => {
    const error = await failed({ 'main.js': `say('never');\nimport { b } from './lib/a.js';`, 'lib/a.js': 'export const a = 1;' });
    assert.equal(
      error,
      `MISSING_EXPORT\nThe requested module 'lib/a.js' does not provide an export named 'b' (imported by main.js)\nmain.js:2:10\n` +
        `  1 | say('never');\n> 2 | import { b } from './lib/a.js';\n    |          ^\nlib/a.js exports a.`,
    );
  });

  test('the same of a module that a type-stripped one imports', async () => {
    assert.match(
      await failed({ 'main.ts': `type A = 1;\nimport { b } from './a.ts'; b();`, 'a.ts': 'export const a = 1;' }),
      /^MISSING_EXPORT\n.*\nmain\.ts:2:/,
    );
  });

  test('a missing package tells how to get it', async () => {
    assert.match(
      await failed({ 'main.js': `import 'no-such';` }),
      /^RESOLVE\nCannot find package 'no-such'.*\nmain\.js:1:8\n[^]*npm install no-such$/,
    );
  });

  test('broken JSON, at its place', async () => {
    assert.match(
      await failed({ 'main.js': `import d from './d.json' with { type: 'json' };`, 'd.json': '{\n "a": }' }),
      /^SYNTAX\n.*\nd\.json:2:7\n/,
    );
  });

  test('CommonJS that V8 refuses, at its place', async () => {
    assert.match(await failed({ 'main.js': `import './a.cjs';`, 'a.cjs': 'const ok = 1;\nlet x = ;' }), /^SYNTAX\n.*\na\.cjs:2:9\n/);
  });

  test('import.meta.glob, which Node has not', async () => {
    assert.match(await failed({ 'main.ts': `type A = 1;\nsay(import.meta.glob('./*.js'));` }), /^GLOB\n.*\nmain\.ts:2:\d+\n/);
  });

  test('an entry that is not there', async () => {
    assert.match(await failed({ 'other.js': '' }), /^READ\nmain is not there/);
  });
});

describe('packages', () => {
  test('an included one runs in the registry', async () => {
    await using session = await start(
      {
        'main.js': `import { v } from 'dep'; say(v);`,
        'node_modules/dep/package.json': '{"name":"dep","main":"index.js"}',
        'node_modules/dep/index.js': 'exports.v = require("./lib").v;',
        'node_modules/dep/lib.js': 'exports.v = 1;',
      },
      { include: ['dep'] },
    );
    assert.deepEqual(await session.load(), [1]);
    assert.equal(await session.save({ 'node_modules/dep/lib.js': 'exports.v = 2;' }), 'reload');
    assert.deepEqual(await session.load(), [2]);
  });

  test('a linked workspace package is app code', async () => {
    await using session = await start({
      'main.js': `import { v } from 'ws'; say(v);`,
      'packages/ws/package.json': '{"name":"ws","type":"module","exports":"./index.ts"}',
      'packages/ws/index.ts': 'export const v: number = 1;',
      'node_modules/other/package.json': '{}',
    });
    await symlink('../packages/ws', session.folder.resolve('node_modules/ws'));
    assert.deepEqual(await session.load(), [1]);
    assert.equal(await session.save({ 'packages/ws/index.ts': 'export const v: number = 2;' }), 'reload');
    assert.deepEqual(await session.load(), [2]);
  });

  test('conditions are told', async () => {
    await using session = await start(
      {
        'main.js': `import { v } from 'dep'; say(v);`,
        'node_modules/dep/package.json': '{"name":"dep","type":"module","exports":{"special":"./s.js","default":"./d.js"}}',
        'node_modules/dep/s.js': 'export const v = "s";',
        'node_modules/dep/d.js': 'export const v = "d";',
      },
      { conditions: ['special'] },
    );
    assert.deepEqual(await session.load(), ['s']);
  });
});
