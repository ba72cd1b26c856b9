/**
 * Cycles: what is hoisted can be used before its module ran, what is not is in its temporal dead zone (ECMA-262 §9.1.1.5,
 * §16.2.1.6.4). These are the cases that a two-phase factory exists for.
 */
import type { SemanticsCase } from '../case.ts';

export const cycleCases: readonly SemanticsCase[] = [
  {
    name: 'a hoisted function of a cycle can be called before its module ran',
    files: {
      'main.js': `import { a } from './a.js'; log('main', a());`,
      'a.js': `import { b } from './b.js'; log('a'); export function a() { return 'a' + b(); }`,
      'b.js': `import { a } from './a.js'; log('b', typeof a, a.name, a.length); export function b() { return 'b'; } log(a());`,
    },
  },
  {
    name: 'let, const and class of a cycle are in their dead zone',
    files: {
      'main.js': `import './a.js';`,
      'a.js': `import './b.js'; export let l = 1; export const c = 2; export class K {}`,
      'b.js': `import { l, c, K } from './a.js';
attempt('let', () => l); attempt('const', () => c); attempt('class', () => K); attempt('new', () => new K());
attempt('call', () => l());`,
    },
  },
  {
    name: 'typeof an import in its dead zone throws',
    files: {
      'main.js': `import './a.js';`,
      'a.js': `import './b.js'; export const value = 1;`,
      'b.js': `import { value } from './a.js'; attempt('typeof', () => typeof value);`,
    },
  },
  {
    name: 'var of a cycle is undefined, then has its value',
    files: {
      'main.js': `import { later } from './b.js'; log(later());`,
      'a.js': `import './b.js'; export var v = 1; { var nested = 2; } for (var i = 0; i < 3; i++); export { nested, i };`,
      'b.js': `import { v, nested, i } from './a.js'; log(v, nested, i); export const later = () => [v, nested, i];`,
    },
  },
  {
    name: 'the dead zone ends when the declaration ran',
    files: {
      'main.js': `import { read } from './b.js'; log('main', read());`,
      'a.js': `import { read } from './b.js';
attempt('before', read);
export let value = 'set';
attempt('after', read);
value = 'changed';
attempt('changed', read);`,
      'b.js': `import { value } from './a.js'; export function read() { return value; }`,
    },
  },
  {
    name: 'generator, async and async generator functions are hoisted too',
    files: {
      'main.js': `import './a.js';`,
      'a.js': `import './b.js'; export function* g() { yield 1; } export async function f() {} export async function* ag() {}`,
      'b.js': `import { g, f, ag } from './a.js'; log(g, f, ag, [...g()], f());`,
    },
  },
  {
    name: 'a hoisted function that reads a dead binding of its own module throws',
    files: {
      'main.js': `import './a.js';`,
      'a.js': `import './b.js'; const secret = 1; export function read() { return secret; } log(read());`,
      'b.js': `import { read } from './a.js'; attempt('read', read);`,
    },
  },
  {
    name: 'an anonymous default function is hoisted and has its name',
    files: {
      'main.js': `import './a.js';`,
      'a.js': `import './b.js'; export default function () { return 7; }`,
      'b.js': `import f from './a.js'; log(f, f.name, f());`,
    },
  },
  {
    name: 'default classes and expressions of a cycle are in their dead zone',
    files: {
      'main.js': `import './c.js'; import './e.js';`,
      'c.js': `import './in-c.js'; export default class {}`,
      'e.js': `import './in-e.js'; export default 5;`,
      'in-c.js': `import value from './c.js'; import * as ns from './c.js';
try { value; log('no error'); } catch (error) { log(error.name); }
try { ns.default; log('no error'); } catch (error) { log(error.name); }`,
      'in-e.js': `import value from './e.js'; try { value; log('no error'); } catch (error) { log(error.name); }`,
    },
  },
  {
    name: 'three modules in a ring run in post-order',
    files: {
      'main.js': `import './a.js'; log('main');`,
      'a.js': `import { b } from './b.js'; export const a = 'a'; log('a sees', b);`,
      'b.js': `import { c } from './c.js'; export const b = 'b'; log('b sees', c);`,
      'c.js': `import { a } from './a.js'; export const c = 'c'; attempt('c sees', () => a);`,
    },
  },
  {
    name: 'the entry is part of a cycle',
    files: {
      'main.js': `import { dep } from './dep.js'; export const main = 'main'; export function hoisted() { return 'hoisted'; }
log('main', dep);`,
      'dep.js': `import { main, hoisted } from './main.js'; export const dep = 'dep'; attempt('main', () => main); log(hoisted());`,
    },
  },
  {
    name: 'a module imports itself',
    files: {
      'main.js': `import { value as self, fn as same } from './main.js'; import * as ns from './main.js';
try { self; } catch (error) { log(error.name); }
try { ns.value; } catch (error) { log(error.name); }
export let value = 1;
export function fn() { return 'fn'; }
log(self, ns.value, same === ns.fn, same === fn, same());
value = 2;
log(self, ns.value);`,
    },
  },
  {
    name: 'a namespace object of a cycle: functions there, var undefined, the rest dead',
    files: {
      'main.js': `import './a.js';`,
      'a.js': `import './b.js'; export function f() {} export var v = 1; export let l = 2; export const c = 3; export class K {}`,
      'b.js': `import * as ns from './a.js';
log(Object.getOwnPropertyNames(ns), 'l' in ns, ns.f, ns.v);
for (const key of ['l', 'c', 'K']) { try { ns[key]; } catch (error) { log(key, error.name); } }
try { Object.hasOwn(ns, 'l'); } catch (error) { log('hasOwn', error.name); }
try { Object.keys(ns); } catch (error) { log('keys', error.name); }
attempt('descriptor', () => Object.getOwnPropertyDescriptor(ns, 'v'));`,
    },
  },
  {
    name: 'a dead binding through a re-export and a star',
    files: {
      'main.js': `import './source.js';`,
      'source.js': `import './reader.js'; export let value = 1; export function fn() { return value; }`,
      'named.js': `export { value, fn } from './source.js';`,
      'star.js': `export * from './source.js';`,
      'reader.js': `import { value as a, fn } from './named.js'; import { value as b } from './star.js';
try { a; } catch (error) { log(error.name); }
try { b; } catch (error) { log(error.name); }
attempt('fn', fn);`,
    },
  },
  {
    name: 'stars that point at each other',
    files: {
      'main.js': `import * as a from './a.js'; import * as b from './b.js'; log(a, b);`,
      'a.js': `export * from './b.js'; export const fromA = 1;`,
      'b.js': `export * from './a.js'; export const fromB = 2;`,
    },
  },
  {
    name: 'a class cannot extend one of its own cycle before that ran',
    files: {
      'main.js': `import './base.js'; log('main');`,
      'base.js': `import './child.js'; export class Base {} log('base');`,
      'child.js': `import { Base } from './base.js'; attempt('extends', () => class Child extends Base {});`,
    },
  },
  {
    name: 'an uncaught read in the dead zone ends the graph',
    files: {
      'main.js': `import './a.js'; log('main never runs');`,
      'a.js': `import './b.js'; export let value = 1; log('a never runs');`,
      'b.js': `import { value } from './a.js'; log('b'); value; log('not reached');`,
    },
    uncaught: true,
  },
  {
    name: 'a hoisted function under two names, called early and reassigned later',
    files: {
      'main.js': `import { one, two } from './a.js'; log(one(), two(), one === two);`,
      'a.js': `import './b.js'; export { f as one, f as two }; function f() { return 'first'; } f = () => 'second';`,
      'b.js': `import { one, two } from './a.js'; log(one(), two(), one === two);`,
    },
  },
  {
    name: 'an import is initialised before the functions of its module are used by a sibling',
    files: {
      'main.js': `import './left.js'; import { right } from './right.js'; log('main', right());`,
      'left.js': `import { right } from './right.js'; log('left', right()); export const fromLeft = 'L';`,
      'right.js': `import { fromLeft } from './left.js';
export function right() { try { return fromLeft; } catch (error) { return error.name; } }
log('right', right());`,
    },
  },
];
