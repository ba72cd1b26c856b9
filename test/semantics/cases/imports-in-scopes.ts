/**
 * References to imports in every kind of scope and expression. The linked form rewrites each reference, so each kind of scope that
 * can shadow a name, and each position that only looks like a reference, is here.
 */
import type { SemanticsCase } from '../case.ts';

const SOURCE = `export const b = 'import'; export function fn(...args) { return [this, ...args]; }
export const o = { m() { return this === o; }, K: class { tag = 'OK'; }, list: [1, 2] };
export class K { constructor(v) { this.v = v; this.target = new.target === K; } static s() { return this === K; } }
export const t = (strings, ...values) => strings.raw.join('|') + values.join(); export let n = 1; export const key = 'k';`;

export const scopeCases: readonly SemanticsCase[] = [
  {
    name: 'shadowed by parameters, variables, functions and classes',
    files: {
      'main.js': `import { b } from './a.js';
log((function (b) { return b; })(1), ((b) => b)(2), (({ b }) => b)({ b: 3 }), (([b]) => b)([4]), ((...b) => b)(5), ((b = 6) => b)());
log((() => { var b = 7; return b; })(), (() => { let b = 8; return b; })(), (() => { function b() {} return b.name;
})(), (() => { class b {} return b.name; })());
log((function b() { return typeof b; })(), (class b { static m() { return typeof b; } }).m(), b);
try { throw 9; } catch (b) { log(b); } try { throw { b: 10 }; } catch ({ b }) { log(b); } try { throw 0; } catch { log(b); }
for (let b = 11; b < 12; b++) log(b); for (const b of [12]) log(b); for (const b in { k: 1 }) log(b); log(b);`,
      'a.js': SOURCE,
    },
  },
  {
    name: 'a var in a nested block shadows the whole function',
    files: {
      'main.js': `import { b } from './a.js';
function f() { log(typeof b); if (true) { for (;;) { var b = 1; break; } } return b; } log(f(), b);
function g() { { function b() {} log(typeof b); } return b; } log(g());
function h() { log(b); { let b = 2; log(b); } { class b {} log(typeof b); } switch (1) { case 1: const b = 3; log(b); } log(b); } h();`,
      'a.js': SOURCE,
    },
  },
  {
    name: 'parameter scope is not body scope',
    files: {
      'main.js': `import { b, n } from './a.js';
function f(g = () => b) { var b = 1; return [g(), b]; } log(f());
function h(x = b, { y = b } = {}, [z = b] = []) { return [x, y, z]; } log(h());
attempt('later parameter', () => ((x = b, b) => x)()); log(((b, x = b) => x)('own')); log((({ [b]: v }) => v)({ import: 'computed' }));
log((function (x = function () { return b; }) { function b() {} return typeof x(); })());`,
      'a.js': SOURCE,
    },
  },
  {
    name: 'positions that are not references',
    files: {
      'main.js': `import { b } from './a.js';
const obj = { b: 1, 'b': 2, ['b']: 3, b() { return 4; } }; log(obj.b(), { b: 5 }.b, obj?.b.name); class C { b = 6; static b = 7;
get #b() { return 8; } m() { return [this.b, this.#b, #b in this]; } static async *b2() {} } log(new C().m(), C.b);
b: for (;;) { for (;;) { break b; } } const { b: renamed } = { b: 9 }; log(renamed); log({ get b() { return 10; }, set b(v) {} }.b);
log(/b/.source, 'b', \`b\`, { b }.b, { b: b }.b); export { renamed as b };`,
      'a.js': SOURCE,
    },
  },
  {
    name: 'shorthand, spread, computed keys, templates',
    files: {
      'main.js': `import { b, o, key, t, n } from './a.js';
log({ b }, { b, n }, { ...o.list }, [...o.list], { [key]: b }, { [\`\${key}2\`]: b });
log(\`\${b}\${\`\${n}\`}\`, t\`x\${b}y\${n}z\`, t\`\\n\`); class C { [key] = b; static [b] = key; [\`\${key}m\`]() { return n; } }
log(new C(), C.import, new C().km());
const { [key]: picked = b } = {}; log(picked); log(Object.keys({ b, get [key]() { return 1; } }));`,
      'a.js': SOURCE,
    },
  },
  {
    name: 'calls have no this, members do',
    files: {
      'main.js': `import { fn, o, t, K } from './a.js'; import * as ns from './a.js';
log(fn(1), (fn)(2), fn?.(3), (0, fn)(4), fn.call('that', 5), fn\`t\`.length, o.m(), (o.m)(), o?.m(), o['m'](), (0, o.m).name);
log(ns.fn()[0] === ns, new K(1), new K, new o.K(), new (o.K)().tag, new ns.K(2).v, K.s(),
  new (class extends K {})(3).v, Reflect.construct(K, [4]).v);
const bound = fn.bind('bound'); log(bound()[0].length, [1].map(fn).length, typeof fn, fn.name);
log(fn
  (6));
const list = [1]
fn(7)
log(list)`,
      'a.js': SOURCE,
    },
  },
  {
    name: 'class extends an import; super; instanceof',
    files: {
      'main.js': `import { K } from './a.js'; import Default, * as ns from './b.js';
class Child extends K { constructor() { super('child'); } static s() { return super.s() === false; } } const child = new Child();
log(child.v, child instanceof K, Child.s(), Object.getPrototypeOf(Child) === K); class Other extends ns.default {}
log(new Other().base, Other.name); log(new (class extends Default { m() { return super.m(); } })().m());`,
      'a.js': SOURCE,
      'b.js': `export default class { base = 'base'; m() { return 'super'; } }`,
    },
  },
  {
    name: 'assigning to an import is a TypeError, when it is executed',
    files: {
      'main.js': `import { n, b } from './a.js'; import * as ns from './a.js'; import d from './d.js';
attempt('=', () => { n = 2; }); attempt('++', () => n++); attempt('+=', () => { n += 1; }); attempt('[]', () => { [n] = [1]; });
attempt('{}', () => { ({ n } = { n: 1 }); }); attempt('{:}', () => { ({ x: n = 5 } = {}); });
attempt('for of', () => { for (n of [1]) log('not reached'); }); attempt('for in', () => { for (n in { a: 1 }) log('not reached'); });
attempt('no iteration', () => { for (n of []); return 'fine'; }); attempt('namespace', () => { ns = 1; });
attempt('default', () => { d = 1; }); log(n, b, d);`,
      'a.js': SOURCE,
      'd.js': `export default 'd';`,
    },
  },
  {
    name: 'assigning to an import: the right side runs first, logical forms may not assign',
    files: {
      'main.js': `import { n, b, key } from './a.js'; export let zero = 0;
attempt('=', () => { n = log('right side'); }); attempt('+=', () => { n += (log('right side of +='), 1); });
attempt('||= truthy', () => b ||= log('never')); attempt('&&= truthy', () => { b &&= log('right side of &&='); });
attempt('??= set', () => key ??= log('never')); log(n, b);`,
      'a.js': SOURCE,
    },
  },
  {
    name: 'closures made in loops and generators',
    files: {
      'main.js': `import { n, b } from './a.js'; const fns = []; for (let i = 0; i < 3; i++) fns.push(() => [i, n, b]);
log(fns.map((f) => f())); function* g(x = b) { yield x; yield b; const b2 = yield b; yield* [n, b2]; } const it = g();
log(it.next().value, it.next().value, it.next().value, it.next('sent').value, it.next().value);
const o = { get g() { return b; }, set s(v) { log(v, b); }, async a() { return b; }, *gen() { yield b; } }; o.s = 1;
log(o.g, [...o.gen()]); o.a().then((v) => { log(v); done(); });`,
      'a.js': SOURCE,
    },
  },
  {
    name: 'fields, static blocks, private members and accessors read imports',
    files: {
      'main.js': `import { b, n, key } from './a.js'; class C { static made = []; static { this.made.push(b); { let b = 'block';
this.made.push(b); } var n = 'static var'; this.made.push(n); } #p = b; f = () => [this.#p, n, key]; get [key]() { return this.#p; }
static #q = n; static q() { return C.#q; } } const c = new C(); log(C.made, c.f(), c.k, C.q());`,
      'a.js': SOURCE,
    },
  },
  {
    name: 'operators on imports',
    files: {
      'main.js': `import { n, b, o, K } from './a.js';
log(-n, +n, !n, ~n, typeof n, void n, n + n, n ? b : 0, n && b, n || b, n ?? b, (n, b), n in [0, 1],
  o instanceof Object, n === 1, [n][0], b[0], b.length, o?.list?.[n], o.none?.[n]?.x, delete o.gone,
  b in { import: 1 }, n ** 2, await n, 'x' in o, K === K, b < n, n << 2);
if (n) log('if'); switch (n) { case n: log('case'); } label: { if (b) break label; log('never'); } do log('do'); while (!n);
for (const x of o.list) log(x); throwIt(); function throwIt() { try { throw b; } catch (x) { log(x); } } done();`,
      'a.js': SOURCE,
    },
  },
];
