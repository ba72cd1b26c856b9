/**
 * What linked modules do when they run, each program run natively as well: whatever it says, both must say the same.
 */
import assert from 'node:assert/strict';
import { after, before, describe, it } from 'node:test';
import { transformSync } from 'esbuild';
import { runLinked, startNativeRunner, type Files, type NativeRunner } from './linked-program.ts';

type Case = readonly [name: string, files: string | Files];

/** Every program may import these. */
const LIBRARY: Files = {
  'lib.js': `
export let b = 1, count = 0;
export const obj = { v: 1, f() { return this === obj; } }, big = 10n, zero = 0, nothing = null;
export function self() { return this; }
export function tag(strings, ...values) { return [this, strings.join('|'), ...values]; }
export class K { constructor(v) { this.v = v; } static make() { return class { inner = 1 } } }
export const fn = () => class { made = true };
export function up() { return ++count; }
export function list() { return [1, 2, 3]; }
export default function named() { return 'default'; }
const odd = 'odd';
export { odd as 'a-b', odd as __proto__, odd as toString };`,
};

const IMPORTS = `import dflt, { b, count, obj, big, zero, nothing, self, tag, K, fn, up, list, 'a-b' as ab } from './lib.js';
  import * as ns from './lib.js';\n`;

let native: NativeRunner;
before(async () => {
  native = await startNativeRunner();
});
after(async () => native[Symbol.asyncDispose]());

async function runsAlike(files: Files): Promise<void> {
  const expected = await native.run(files);
  assert.ok(expected.length > 0, 'the program says something');
  assert.ok(!expected.some((line) => line.startsWith('SyntaxError')), expected.join());
  assert.deepEqual(await runLinked(files), expected);
}

function compare(cases: readonly Case[]): void {
  for (const [name, program] of cases) {
    it(name, () => runsAlike({ ...LIBRARY, ...(typeof program === 'string' ? { 'main.js': IMPORTS + program } : program) }));
  }
}

describe('reading imports', () =>
  compare([
    ['calls have no this', `log(self(), (self)(), self?.(), (0, self)(), tag\`a\${1}b\`)`],
    ['default and string names', `log(dflt(), dflt.name, ab, typeof b, typeof K)`],
    ['live', `log(count); up(); up(); log(count, { count }, \`\${count}\`, [count][0])`],
    [
      'new in all its forms',
      `log(new K(1).v, new (K)(2).v, new K, new (fn())().made, new (K.make()), new ns.K(3).v, new (ns.fn())().made)`,
    ],
    ['a namespace is no constructor', `try { new ns() } catch (e) { log(e.name) } log(new ns['K'](4).v, new (ns.K.make())().inner)`],
    ['a namespace passes itself', `log(ns.self() === ns, (ns.self)() === ns, ns?.self?.() === ns, ns.tag\`x\`[0] === ns, (0, ns.self)())`],
    ['a namespace as a value', `log(ns.b, ns['b'], 'b' in ns, Object.keys(ns).length > 3, ns === ns, typeof ns, ns.nope)`],
    ['members of a namespace', `up(); log(ns.count, ns.obj.v, ns.obj.f(), ns?.obj?.v, ns.toString, ns.__proto__, delete ns.obj.v, ns.obj)`],
    ['shorthand and computed', `log({ b, [b]: b, b: 2, m() { return b } }.m(), { ns }.ns === ns, class { [b] = b; static s = b }.s)`],
    ['heritage', `class A extends K {} class B extends ns.K {} log(new A(1).v, new B(2).v, A.name)`],
    ['optional chains', `log(obj?.v, obj?.f(), nothing?.x.y.z(), nothing?.[b](), obj.nope?.(b))`],
    [
      'after a line without semicolon',
      `let x = 1\nself()\nx = b\ntag\`q\`\nns.self()\nlog(x)\nself?.()\nif (x)\nself()\nelse\nself()\nlog(2)`,
    ],
    [
      'in every kind of expression',
      `log(b ? b : b, b + b ** 2, b in [1, 2], [...list()], { ...obj }.v, void b, (b, b), !b, b ?? 1, b && b || b)`,
    ],
    [
      'in every kind of statement',
      `for (const x of list()) for (const k in obj) { switch (b) { case b: if (b) log(x, k) } } do { log(b) } while (!b);
        try { throw b } catch (e) { log(e) } finally { log(b) }`,
    ],
    [
      'in functions of every kind',
      `const o = { get g() { return b }, async a() { return b }, *i() { yield b }, set s(v) { log(v, b) } }; o.s = 1;
        log(o.g, await o.a(), [...o.i()], (() => b)(), await (async () => b)())`,
    ],
    ['in default values', `const f = (x = b, { y = count, ...z } = obj, [w = self()] = []) => [x, y, z, w]; log(f())`],
    [
      'too early',
      {
        'main.js': `import { x, early } from './other.js'; log(x)`,
        'other.js': `import './third.js'; export const x = 1; export function early() {}`,
        'third.js': `import { x, early } from './other.js'; import * as o from './other.js'; log(typeof early);
          for (const f of [() => x, () => typeof x, () => o.x, () => o['x']]) try { f() }
          catch (e) { log(e.name, e.message) }`,
      },
    ],
  ]));

describe('shadowing', () =>
  compare([
    [
      'parameters',
      `log(((b) => b)(5), (function (b) { return b })(6), (({ b }) => b)({ b: 7 }), (([b], ...count) => [b, count])([8], 9),
        ((b = 3) => b)())`,
    ],
    ['var hoists out of blocks', `function f() { log(b); { if (1) { var b = 2 } } log(b) } f(); log(b)`],
    ['var in for heads', `(function () { log(b); for (var b of [7]) log(b); for (var count = 0; count < 1; count++); log(count) })()`],
    [
      'let, const, class and function in blocks',
      `{ let b = 2; const count = 3; class K {} function up() { return 4 } log(b, count, K.name, up()) } log(b, new K(1).v)`,
    ],
    ['for heads', `for (let b = 0; b < 2; b++) log(b); for (const b of [3]) log(b); for (const b in { x: 1 }) log(b); log(b)`],
    ['the right side of a for head is in its dead zone', `try { for (const b of b) log(b) } catch (e) { log(e.name) }`],
    [
      'switch',
      `switch (b) { case 1: let b2 = b; { let b = b2 + 1; log(b) } } try { switch (b) { case 1: let b = 1 } } catch (e) { log(e.name) }`,
    ],
    ['switch discriminant is outside', `switch (b) { default: let count = b; log(count) }`],
    ['catch', `try { throw 3 } catch (b) { log(b); { var q = b } } try { throw [4] } catch ([b, count = b]) { log(b, count) } log(b, q)`],
    [
      'named function and class expressions',
      `const f = function b() { return typeof b }; const c = class count { static s = typeof count }; log(f(), c.s, b)`,
    ],
    [
      'parameters do not see the body',
      `log((function (x = b) { var b = 9; return [x, b] })(), (function (x = () => b, b = 2) { return x() })())`,
    ],
    ['static blocks', `class A { static { var b = 3; let count = 4; log(b, count) } static { log(b) } }`],
    ['functions hoist in their block', `{ log(up()); function up() { return 'inner' } } log(up())`],
    [
      'labels, keys and members are no references',
      `b: for (;;) { break b } const o = { b: 2, up() { return 3 }, get count() { return 4 } }; log(o.b, o.up(), o.count);
        class C { b = 5; static up() { return 6 } #b = 7; m() { return this.#b } } log(new C().b, C.up(), new C().m())`,
    ],
    [
      'destructuring declarations',
      `{ const { b, x: count = 3, ...ns } = { b: 1, y: 2 }; log(b, count, ns) } { const [[up], ...self] = [[1], 2]; log(up, self) }`,
    ],
    ['arrow bodies and closures', `const fs = []; for (let i of [1, 2]) { const b = i; fs.push(() => b) } log(fs.map((f) => f()), b)`],
  ]));

describe('writing to imports', () => {
  const writes = [
    'b = 1',
    'b += 1',
    'b++',
    '--b',
    '[b] = [1]',
    '({ b } = {})',
    '({ b = 2 } = {})',
    '({ x: [b] } = { x: [1] })',
    '({ ...b } = {})',
  ];
  writes.push(
    'for (b of [1]);',
    'for (b in { x: 1 });',
    'ns = 1',
    'ns.b = 1',
    'ns.nope = 1',
    'delete ns.b',
    'ns.b++',
    '[ns.b] = [1]',
    '({ x: ns.b } = {})',
  );
  writes.push(
    'b ||= 2',
    'zero ||= 2',
    'b &&= 2',
    'zero &&= 2',
    'nothing ??= 2',
    'b ??= 2',
    ';(b) ??= (2)',
    'big++',
    'big += 1n',
    'K = 1',
    ';(b) = (2)',
  );
  compare([
    ...writes.map((write): Case => [write, `let n = 0\ntry {\nn\n${write}\nlog('no error')\n} catch (e) { log(e.name) }\nlog(b)`]),
    ['only when executed', `if (count) b = 1; const f = () => { b = 1 }; log('fine')`],
    ['the value is computed first', `try { b = log('value') } catch (e) { log(e.name, e.message) }`],
    ['no round without a value', `for (b of []); for (b in {}); [] = []; log('fine')`],
    [
      'reading comes first',
      {
        'main.js': `import './a.js'`,
        'a.js': `import { x } from './b.js'; export let y = x`,
        'b.js': `import { y } from './a.js'; export let x = 1;
          for (const f of [() => y++, () => { y += 1 }, () => { y ??= 1 }]) try { f() } catch (e) { log(e.name) }`,
      },
    ],
  ]);
});

/** A watcher that logs every export of `main.js` after each step. */
const watched = (program: string): Files => ({
  'main.js': `import * as me from './main.js'; import { watch }
    from './watch.js';\nconst see = (...more) => watch(me, ...more);\n${program}`,
  'watch.js': `export const watch = (ns, ...more) => { const seen = {};
    for (const name of Reflect.ownKeys(ns).filter((key) => typeof key === 'string').sort()) { try { seen[name] = ns[name] }
    catch (e) { seen[name] = e.name } } log(seen, ...more) }`,
});

describe('exports', () =>
  compare([
    ['declared one after the other', watched(`export let x, y = see('y'), [z, { w }] = [see('z'), { w: 2 }]; see()`)],
    ['an initialiser sees the one before', watched(`export const p = 1, q = () => see(), r = q(); see()`)],
    [
      'hoisted functions and vars',
      watched(
        `see(); export function f() {} export var v = 1; export async function* g() {} see(); if (1) { var v = 2, w = 3 }
          export { w }; see()`,
      ),
    ],
    ['classes', watched(`try { see() } catch {} export class C { static s = see('static') } see(); C = 2; see()`)],
    [
      'a class that writes to its own name',
      watched(`export class C { static { try { C = 1 } catch (e) { see(e.name) } } m() { return C } } see(new C().m() === C)`),
    ],
    [
      'lists, renames, string names',
      watched(`export { x as y, x as 'a b', x as default, f as g }; see(); let x = 1; x = 2; see(); function f() {} f = 3; see()`),
    ],
    [
      'assignments of all kinds',
      watched(
        `export let x = 1; see(x = 2); see(x += 3); see(x ||= 9); see(x &&= 4); see(x ??= 5); see(x **= 2); see(x = x = 7);
          x = undefined; see(x ??= 8)`,
      ),
    ],
    [
      'updates',
      watched(
        `export let x = 1, big = 1n, s = '5'; see(x++); see(++x); see(x--, --x); see(big++); see(s++); x++; see();
          for (; x < 4; x++) see('round')`,
      ),
    ],
    [
      'updates keep their value in lines without semicolons',
      watched(`export let x = 1\nlet y = x\nx++\ny = x++ + 1\nx++ ? see(y) : 0\n;[x] = [9]\nsee()`),
    ],
    [
      'destructuring assignments',
      watched(
        `export let x, y, z; const o = { y: 3, q: 4 }; see([x] = [1]); [x, y] = [y, x]; see(); ({ y, ...z } = o);
          see(({ y, w: x = 7 } = o) === o); [x = (y = 8)] = []; see()`,
      ),
    ],
    [
      'a destructuring assignment is seen half-way',
      watched(
        `export let x, y, z; const o = { get a() { see('a'); return 1 }, get b() { see('b'); throw 'stop' } };
          try { ({ a: x, b: y } = o) } catch (e) { see(e) } [x, y = see('default'), ...z] = [2, , 3]; see();
          for ([x, { y }] of [[4, { get y() { see('loop'); return 5 } }]]) see()`,
      ),
    ],
    [
      'default values in patterns keep their names',
      watched(
        `export let f, g, C; [f = () => {}, g = (function () {})] = []; ({ C = class {}, q: f = f } = {});
          see(f?.name, g.name, C.name); for ([f = () => {}] of [[]]) see(f.name)`,
      ),
    ],
    [
      'loops',
      watched(
        `export let x, k; export var v; for (x of [1, 2]) see(); for (k in { a: 1 }) see(); for (var v of [3]) see();
          for (var w in { b: 1 }) see(); export { w }; for ([x, { k }] of [[4, { k: 5 }]]) { see() }`,
      ),
    ],
    [
      'loops without a block',
      watched(`export let x; for (x of [1, 2]) if (x > 1) see(); else see('else')\nfor (var v = 0, u = 2; v < u; v++) see(); export { v }`),
    ],
    [
      'var again in nested places',
      watched(
        `export var v = 1; if (v) var v = 2; see(); try { throw 0 } catch (v) { var v = 3 } see(); { var [v] = [4] } see();
          switch (v) { case 4: var v = 5 } see()`,
      ),
    ],
    [
      'from functions',
      watched(
        `export let x = 0; function f() { x++; (() => { x = x + 10 })(); return x } see(f()); const o = { set s(v) { x = v } };
           o.s = 5; see()`,
      ),
    ],
    [
      'shadowed names are left alone',
      watched(
        `export let x = 0; { let x = 1; x = 2 } ((x) => { x = 3; x++ })(); (function () { var x = 4; for (x of [1]); })();
          class A { static { var x; x = 9 } } see()`,
      ),
    ],
    ['constants', watched(`export const x = 1; try { x = 2 } catch (e) { see(e.name) } try { x++ } catch (e) { see(e.name) }`)],
    [
      'a re-export of an import',
      {
        'main.js': `export { b as c, ns, b }; import { b } from './lib.js'; import * as ns from './lib.js';
          import * as me from './main.js'; log(me.c, me.b, me.ns === ns)`,
      },
    ],
    [
      'stars',
      {
        'main.js': `import * as s from './s.js'; log(s.b, s.mine, s.all.b, s.default, s.count, s.up(), s.count)`,
        's.js': `export * from './lib.js'; export * as all from './lib.js'; export const mine = 1`,
      },
    ],
    [
      'exports in a cycle',
      {
        'main.js': `import './a.js'`,
        'a.js': `import { fb } from './b.js'; export function fa() { return 'fa' } export var va = 1; export let la = 1; log(fb())`,
        'b.js': `import { fa, va, la } from './a.js'; export function fb() { return [fa(), va, la] } log(fa(), va); try { la }
          catch (e) { log(e.name) }`,
      },
    ],
  ]));

describe('names', () =>
  compare([
    [
      'declared',
      watched(
        `export const f = () => {}, g = function () {}, C = class {}; log(f.name, g.name, C.name); export let h; h = () => {};
          log(h.name); var i = () => {}; export { i as j }; log(i.name); h ??= 1; h = null; h ??= () => {}; log(h.name)`,
      ),
    ],
    ...[
      'function () {}',
      'async function* () {}',
      'class {}',
      'class { static name = "own" }',
      '() => 1',
      '(function () {})',
      '(class {})',
      'function f() {}',
      'class C {}',
      '(class D {})',
      'async () => {};',
      '(0, () => {})',
    ].map((code): Case => [`default: ${code}`, { 'main.js': `import d from './d.js'; log(d.name)`, 'd.js': `export default ${code}` }]),
    [
      'an anonymous default function is hoisted',
      { 'main.js': `import d from './main.js'; log(d(), d.name); export default function () { return 1 }` },
    ],
    [
      'default expression is not live, default declaration is',
      {
        'main.js': `import d, { e } from './d.js'; log(d, e)`,
        'd.js': `let x = 1; export default x; x = 2; export { e } from './e.js'`,
        'e.js': `import { default as e } from './f.js'; export { e }`,
        'f.js': `export default function f() {} f = 5`,
      },
    ],
  ]));

describe('module code', () =>
  compare([
    [
      'arguments and this',
      `log(this, typeof arguments, (() => typeof arguments)()); try { arguments } catch (e) { log(e.name, e.message) }
        try { ({ arguments }) } catch (e) { log(e.name) } (function () { log(arguments.length, (() => arguments[0])()) })(7);
        class A { m() { return arguments.length } } log(new A().m(1))`,
    ],
    ['strict', `try { undeclared = 1 } catch (e) { log(e.name) } log((function () { return this })())`],
    ['directives', `'use strict'; let x = 3, y = 1\nlog(x --> 1, y)`],
    [
      'await in expressions',
      `log(await 1, [await Promise.resolve(2)], \`\${await 3}\`, { [await 'k']: await 4 }, (await 5) ** 2,
        await await 6, -(await 7), await (8, 9), await b)`,
    ],
    [
      'await in statements',
      `let x = 1\nawait x\nconst y = await\n  2\nif (await y) log('if');
        for (let i = await 0; i < await 2; i += await 1) log(i); switch (await 1) { case await 1: log('case') }
        class A { [await 'm']() { return 1 } } log(new A().m()); do {} while (await 0); label: { log(await y); break label }
        throw await 'end'`,
    ],
    ['await after a line without semicolon', `let x = self\nawait x\nlog(1)\nawait 0\nlog`],
    ['await of what rejects', `try { await Promise.reject(new Error('no')) } catch (e) { log(e.message) } finally { log(await 1) }`],
    [
      'await with calls of imports',
      `log(await self(), await (up()), (await list())[0], await tag\`t\`); await ns.self; export let z = await 4; log(z)`,
    ],
    [
      'for await over values',
      `for await (const x of [1, Promise.resolve(2)]) log(x); let y; for await (y of [3]) ; log(y);
        for await (var { v = 1 } of [{}]) log(v); const o = {}; for await (o.p of [5]) log(o);
        for await ([y] of (0, [[6]])) log(y); for await ({ y } of [{ y: 7 }]) log(y)`,
    ],
    ['for await announces', watched(`export let x; for await (x of [1, 2]) see(); export var v; for await (var v of [3]) { see() }`)],
    [
      'for await with labels',
      `outer: for await (const x of [1, 2, 3]) { inner: for await (const y of [1, 2]) { if (x === 1) continue outer;
        if (y === 2) continue inner; if (x === 3) break outer; log(x, y) } } log('end')`,
    ],
    [
      'for await gives closures their own variable',
      `const fs = []; for await (const x of [1, 2]) fs.push(() => x); log(fs.map((f) => f()))`,
    ],
    [
      'for await closes on break',
      `const it = { [Symbol.asyncIterator]() { let n = 0; return { async next() { return { value: ++n, done: n > 3 }
        }, async return() { log('closed'); return {} } } } }; for await (const x of it) { log(x); if (x === 2) break }
        for await (const x of it) log(x); try { for await (const x of it) throw 'body' } catch (e) { log(e) }
        l: for (;;) for await (const x of it) break l; log('end')`,
    ],
    [
      'for await: an error of the body wins',
      `const it = { [Symbol.asyncIterator]() { return { async next() { return { value: 1 }
        }, async return() { throw 'closing' } } } }; try { for await (const x of it) throw 'body' } catch (e) { log(e) }
        try { for await (const x of it) break } catch (e) { log(e) }`,
    ],
    ['for await over nothing iterable', `try { for await (const x of null) log(x) } catch (e) { log(e.name) }`],
    [
      'functions keep their await',
      `const f = async () => { for await (const x of [1]) log(await x); return await 2 }; log(await f());
        async function* g() { yield await 1; yield* [2] } for await (const v of g()) log(v)`,
    ],
  ]));

describe('import.meta and import()', () => {
  const said = async (program: string): Promise<readonly string[]> => runLinked({ 'main.js': program });
  it('come from the context', async () => {
    assert.deepEqual(await said(`log(import.meta.url, (() => import.\nmeta.marker)(), new URL('./x', 'http://h/').href)`), [
      './main.js meta http://h/x',
    ]);
    assert.deepEqual(await said(`log(await import('./x.js'), await import(\n'./y.js', { with: {} }))`), [
      `{ specifier: './x.js', options: undefined } { specifier: './y.js', options: { with: {} } }`,
    ]);
    assert.deepEqual(await said(`log(new (class { t = new.target })().t, (function () { return new.target === undefined })())`), [
      'undefined true',
    ]);
  });
});

describe('what esbuild emits', () => {
  const snippets: Record<string, string> = {
    enums: `export enum Color { Red = 'r', Green = 2, Blue } export const enum Size { S = 1 } log(Color, Size.S, Color[2])`,
    namespaces: `export namespace N { export const x = 1; export namespace M { export let y = 2 } } log(N.x, N.M)`,
    'parameter properties': `export default class Point { static origin = new Point(0, 0);
      constructor(readonly x: number, private y = 1) {} } log(Point.origin)`,
    'anonymous default class': `export default class { private a = 1; static b = log('static') }`,
    decorators: `const d = (value: Function, context: any) => { log(context.kind, String(context.name)) };
      @d export class A { @d m() {} @d static f = 1; @d accessor g = 2 } @d class B {} export { B as default };
      log(new A().g)`,
    'legacy decorators': `function d(...args: any[]) { log(args.length) } @d export class A { @d m() {} } export const b = new A()`,
    using: `const r = (n: number) => ({ [Symbol.dispose ?? Symbol.for('Symbol.dispose')]() { log('disposed', n) } });
      { using a = r(1); log('in') } export let x = 2; x++`,
    'type imports': `import { b, type Foo } from './lib.js'; import type { Bar } from './nope.js'; export type { Bar };
      export { b as again }; let f: Foo = b; log(f)`,
    'satisfies and assertions': `import { obj } from './lib.js'; export const o = obj satisfies object as any, n = o!.v;
      log(n); export let { v, f: g } = o; (v as number)++; log(v)`,
    'lowered class fields': `import { b } from './lib.js'; export class A { #p = b; static s = b; get p() { return this.#p } }
      log(new A().p, A.s)`,
  };
  for (const [name, source] of Object.entries(snippets)) {
    for (const target of ['esnext', 'es2022']) {
      it(`${name}, ${target}`, async () => {
        const experimentalDecorators = name.startsWith('legacy');
        const { code } = transformSync(source, {
          loader: 'ts',
          target,
          supported: { decorators: false, using: false },
          tsconfigRaw: { compilerOptions: { experimentalDecorators } },
        });
        await runsAlike({ ...LIBRARY, 'main.js': code });
      });
    }
  }
});
