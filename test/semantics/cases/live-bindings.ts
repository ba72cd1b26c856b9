/**
 * Live bindings: an importer sees every later value of an exported binding, by whatever syntax the exporter assigned it
 * (ECMA-262 §9.1.1.5.5, CreateImportBinding). One case for each form of assignment that the link step has to find.
 */
import type { SemanticsCase } from '../case.ts';

export const liveBindingCases: readonly SemanticsCase[] = [
  {
    name: 'plain assignment, seen by name, by namespace and through a re-export',
    files: {
      'main.js': `import { value, set } from './a.js'; import * as ns from './a.js'; import { renamed } from './re.js';
log(value, ns.value, renamed); log(set(2)); log(value, ns.value, renamed);`,
      'a.js': `export let value = 1; export function set(v) { return value = v; }`,
      're.js': `export { value as renamed } from './a.js';`,
    },
  },
  {
    name: 'prefix and postfix keep their own value',
    files: {
      'main.js': `import { n, run } from './a.js'; run(() => n);`,
      'a.js': `export let n = 1;
export function run(see) {
  log(n++, see()); log(++n, see()); log(n--, see()); log(--n, see());
  n = '5'; log(n++, see()); n = 'x'; log(n++, see()); n = 9007199254740993n; log(n++, see()); log(-n--, see());
  n = { valueOf() { return 41; } }; log(n++, see());
}`,
    },
  },
  {
    name: 'every compound assignment',
    files: {
      'main.js': `import { n, run } from './a.js'; run(() => n);`,
      'a.js': `export let n = 7;
export function run(see) {
  log(n += 3, see()); log(n -= 1, see()); log(n *= 2, see()); log(n /= 3, see()); log(n %= 4, see()); log(n **= 5, see());
  log(n <<= 2, see()); log(n >>= 1, see()); log(n >>>= 1, see()); log(n &= 12, see()); log(n |= 3, see()); log(n ^= 5, see());
  n = 'a'; log(n += 'b', see());
}`,
    },
  },
  {
    name: 'logical assignment assigns only when it must',
    files: {
      'main.js': `import { a, b, c, run } from './a.js'; run(() => [a, b, c]);`,
      'a.js': `export let a = 0, b = 1, c = null;
export function run(see) {
  log(a ||= 'or', see()); log(a ||= log('not evaluated'), see());
  log(b &&= 'and', see()); b = 0; log(b &&= log('not evaluated'), see());
  log(c ??= 'nullish', see()); log(c ??= log('not evaluated'), see());
}`,
    },
  },
  {
    name: 'destructuring assignment: arrays, objects, defaults, rest, nested',
    files: {
      'main.js': `import { a, b, c, d, run } from './a.js'; run(() => [a, b, c, d]);`,
      'a.js': `export let a, b, c, d;
export function run(see) {
  log([a, b] = [1, 2], see());
  ({ a, x: b = 'default', ...c } = { a: 3, y: 4, z: 5 }); log(see());
  ({ a: { deep: [d] }, ...b } = { a: { deep: [6] }, k: 7 }); log(see());
  [a = 'da', [b = 'db'] = [], ...c] = [undefined, undefined, 8, 9]; log(see());
  [a, b] = [b, a]; log(see());
}`,
    },
  },
  {
    name: 'a destructuring assignment that throws half-way has assigned its first half',
    files: {
      'main.js': `import { a, b, run } from './a.js'; run(() => [a, b]);`,
      'a.js': `export let a = 0, b = 0;
export function run(see) {
  attempt('object', () => { ({ a, b } = { a: 1, get b() { throw new Error('half'); } }); }); log(see());
  attempt('array', () => { [a, b] = (function* () { yield 2; throw new Error('half'); })(); }); log(see());
}`,
    },
  },
  {
    name: 'an importer looks in the middle of a destructuring assignment',
    files: {
      'main.js': `import { a, run } from './a.js'; run(() => a);`,
      'a.js': `export let a = 0, b = 0; export function run(see) { [a, b = see()] = [1]; log(a, b); ({ a, b = see() } = { a: 2 });
log(a, b); }`,
    },
  },
  {
    name: 'heads of for-of, for-in and for assign',
    files: {
      'main.js': `import { item, key, i, run } from './a.js'; run(() => [item, key, i]);`,
      'a.js': `export let item, key, i;
export function run(see) {
  for (item of ['x', 'y']) log(see());
  for (key in { p: 1, q: 2 }) log(see());
  for (i = 0; i < 2; i++) log(see());
  for ([item, { key }] of [[1, { key: 2 }], [3, { key: 4 }]]) log(see());
  for (const item of ['shadow']) log(item, see());
  log(see());
}`,
    },
  },
  {
    name: 'var in loop heads at module level',
    files: {
      'main.js': `import { see } from './see.js'; import './a.js'; log(see());`,
      'see.js': `import { i, k, o } from './a.js'; export function see() { return [i, k, o]; }`,
      'a.js': `import { see } from './see.js';
for (var i = 0; i < 2; i++) log(see()); for (var k in { a: 1, b: 2 }) log(see()); for (var o of [5, 6]) log(see());
for (var { length: i, [0]: k } of ['abc']) log(see());
export { i, k, o };`,
    },
  },
  {
    name: 'a var declared again assigns',
    files: {
      'main.js': `import { v, run } from './a.js'; log(v); run(() => v);`,
      'a.js': `export var v = 1; var v = 2; { var v = 3; } if (true) { var [v] = [4]; } var v;
export function run(see) { var v = 'local'; log(v, see()); { let v = 'block'; v = 'again'; log(v, see()); } }`,
    },
  },
  {
    name: 'functions and classes can be assigned',
    files: {
      'main.js': `import { f, K, run } from './a.js'; log(f(), new K().tag); run(); log(f(), new K().tag);`,
      'a.js': `export function f() { return 'f1'; } export class K { tag = 'k1'; }
export function run() { f = () => 'f2'; K = class { tag = 'k2'; }; log(f.name, K.name); }`,
    },
  },
  {
    name: 'an export without a value is undefined, then assigned',
    files: {
      'main.js': `import { late, set } from './a.js'; log(late); set(); log(late);`,
      'a.js': `export let late; export function set() { late = 'now'; }`,
    },
  },
  {
    name: 'one local, three names',
    files: {
      'main.js': `import d, { x, y, bump } from './a.js'; log(x, y, d); log(bump()); log(x, y, d);`,
      'a.js': `let local = 1; export { local as x, local as y, local as default }; export const bump = () => local++;`,
    },
  },
  {
    name: 'export default of a variable is not live, a renamed one is',
    files: {
      'main.js': `import a from './a.js'; import b from './b.js'; import f from './f.js'; import K from './k.js';
log(a, b, f(), K.tag);`,
      'a.js': `let value = 'first'; export default value; value = 'second';`,
      'b.js': `let value = 'first'; export { value as default }; value = 'second';`,
      'f.js': `export default function f() { return 'first'; } f = () => 'second';`,
      'k.js': `export default class K { static tag = 'first'; } K = { tag: 'second' };`,
    },
  },
  {
    name: 'assigned from closures of every kind',
    files: {
      'main.js': `import { n, o } from './a.js'; log(n);
o.method(); log(n); o.setter = 1; log(n); o.getter; log(n); o.arrow(); log(n); new o.K(); log(n); o.param(); log(n);
[...o.generator()]; log(n); o.later().then(() => { log(n); done(); });`,
      'a.js': `export let n = 0;
export const o = {
  method() { n++; }, set setter(v) { n += v; }, get getter() { return n++; }, arrow: () => (n = n + 1), K: class { field = n++; },
  param(p = n++) { return p; }, *generator() { yield n++; }, async later() { await null; n++; },
};`,
    },
  },
  {
    name: 'locals of the same name are left alone',
    files: {
      'main.js': `import { x, run } from './a.js'; run(() => x); log(x);`,
      'a.js': `export let x = 'module';
export function run(see) {
  (function (x) { x = 1; x++; })(); (() => { let x; x = 2; })(); try { throw 3; } catch (x) { x = 4; }
  (function x() { try { x = 5; } catch (error) { log(error.name); } })();
  for (let x = 0; x < 1; x++); ((x = 6) => x++)(); class C { x = 7; m() { this.x = 8; } } new C().m();
  const o = { x: 9 }; o.x = 10; o.x++; ({ x: o.x } = { x: 11 }); x: for (;;) { break x; }
  log(see());
}`,
    },
  },
  {
    name: 'assigning before the declaration is a ReferenceError, to a const a TypeError',
    files: {
      'main.js': `import { l, c } from './a.js'; log(l, c);`,
      'a.js': `attempt('let', () => { l = 1; }); attempt('compound', () => { l += 1; });
export let l = 'l'; export const c = 'c';
attempt('const', () => { c = 2; }); attempt('const++', () => { c++; }); attempt('const []', () => { [c] = [3]; });`,
    },
  },
  {
    name: 'declared by destructuring',
    files: {
      'main.js': `import * as ns from './a.js'; import { a, set } from './a.js'; log(ns); set(); log(a, ns.c);`,
      'a.js': `export let { a, b: [b, c = a + b], ...rest } = { a: 1, b: [2], x: 3, y: 4 }, [d, , e = d] = 'pq';
export function set() { a = 'new'; c = 'new c'; }`,
    },
  },
  {
    name: 'declarators see the exports of those before them',
    files: {
      'main.js': `import { one, two, three } from './a.js'; log(one, two, three);`,
      'a.js': `import { peek } from './peek.js'; export const one = 1, two = peek() + one, three = peek() + two;`,
      'peek.js': `import { one } from './a.js'; export function peek() { return one * 10; }`,
    },
  },
  {
    name: 'assignments inside of larger expressions keep order and value',
    files: {
      'main.js': `import { x, y, run } from './a.js'; run(() => [x, y]);`,
      'a.js': `export let x = 1, y = 2;
export function run(see) {
  log((x = 5) + x++ + x, see()); log(x = y = 9, see()); log([x = 1, x, y = x, y], see()); log(x ? (y = 'then') : (y = 'else'), see());
  log((x = 3, y = 4), see()); const o = { [x = 'key']: y = 'v' }; log(o, see()); log(\`\${x = 't'}\${x}\`, see());
  log(((a, b) => a + b)(x = 1, x += 1), see()); x = (y = 5, see()); log(x); if ((x = 0) || (y = 1)) log(see());
  var f = x = () => 1; log(f.name, x.name); while (x = null) ; log(see()); log(typeof (x = 1), !(x = 0), void (x = 2), see());
  return x = 'returned';
}
log(run(() => [x, y]), x);`,
    },
  },
  {
    name: 'live through a chain of re-exports and stars',
    files: {
      'main.js': `import { n as deep } from './one.js'; import * as ns from './one.js'; import { bump } from './source.js';
log(deep, ns.n); bump(); log(deep, ns.n);`,
      'one.js': `export * from './two.js';`,
      'two.js': `export { m as n } from './three.js';`,
      'three.js': `import { value as m } from './source.js'; export { m };`,
      'source.js': `export let value = 1; export function bump() { value++; }`,
    },
  },
];
