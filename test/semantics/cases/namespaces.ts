/** Namespace objects are exotic (ECMA-262 §10.4.6): each internal method is asked here, in strict code. */
import type { SemanticsCase } from '../case.ts';

const SOURCE = `export let b = 'b'; export const a = 'a'; export function f() { return this === ns0; } export default 'd';
export function set(v) { b = v; }
import * as ns0 from './a.js';`;

export const namespaceCases: readonly SemanticsCase[] = [
  {
    name: 'keys are sorted, then the tag',
    files: {
      'main.js': `import * as ns from './a.js'; log(Reflect.ownKeys(ns)); log(Object.keys(ns)); log(Object.getOwnPropertyNames(ns));
log(Object.getOwnPropertySymbols(ns));`,
      'a.js': `export const z = 1, a = 2, Z = 3, _ = 4, $ = 5, é = 6, a1 = 7, a10 = 8, a2 = 9; export default 0;`,
    },
  },
  {
    name: 'prototype, tag, extensibility',
    files: {
      'main.js': `import * as ns from './a.js';
log(Object.getPrototypeOf(ns), ns[Symbol.toStringTag], Object.prototype.toString.call(ns), typeof ns);
log(Object.isExtensible(ns), Object.isSealed(ns), Object.isFrozen(ns), ns instanceof Object);
log(Object.getOwnPropertyDescriptor(ns, Symbol.toStringTag));`,
      'a.js': SOURCE,
    },
  },
  {
    name: 'descriptors',
    files: {
      'main.js': `import * as ns from './a.js'; log(Object.getOwnPropertyDescriptor(ns, 'a')); log(Object.getOwnPropertyDescriptors(ns));
log(Object.getOwnPropertyDescriptor(ns, 'none'));
log(ns.propertyIsEnumerable, Object.prototype.propertyIsEnumerable.call(ns, 'a'), Object.hasOwn(ns, 'a'), Object.hasOwn(ns, 'none'));`,
      'a.js': SOURCE,
    },
  },
  {
    name: 'setting throws a TypeError',
    files: {
      'main.js': `import * as ns from './a.js';
const name = (run) => { try { return run(); } catch (error) { return error.name; } };
log(name(() => { ns.a = 1; }), name(() => { ns.a = 'a'; }), name(() => { ns.none = 1; }), name(() => { ns[Symbol.toStringTag] = 'Module';
}));
log(name(() => ns.b++), name(() => { [ns.a] = [1]; }), name(() => { ns['a'] += 1; }), Reflect.set(ns, 'a', 1), Reflect.set(ns, 'none', 1));
log(name(() => Object.assign(ns, { a: 1 })), ns.a, ns.b);`,
      'a.js': SOURCE,
    },
  },
  {
    name: 'deleting',
    files: {
      'main.js': `import * as ns from './a.js';
const name = (run) => { try { return run(); } catch (error) { return error.name; } };
log(name(() => delete ns.a), name(() => delete ns.none), name(() => delete ns[Symbol.toStringTag]), name(() => delete ns[Symbol('x')]));
log(Reflect.deleteProperty(ns, 'a'), Reflect.deleteProperty(ns, 'none'), ns.a);`,
      'a.js': SOURCE,
    },
  },
  {
    name: 'defining',
    files: {
      'main.js': `import * as ns from './a.js';
const define = (key, descriptor) => Reflect.defineProperty(ns, key, descriptor);
log(define('a', { value: 'a' }), define('a', { value: 'other' }), define('a', {}),
  define('a', { writable: false }), define('a', { enumerable: false }));
log(define('a', { configurable: true }), define('a', { configurable: false }), define('a', { get() {} }), define('none', { value: 1 }));
log(define('a', { value: 'a', writable: true, enumerable: true, configurable: false }),
  define(Symbol.toStringTag, { value: 'Module' }), define(Symbol.toStringTag, { value: 'x' }));
try { Object.defineProperty(ns, 'a', { value: 1 }); } catch (error) { log(error.name); }`,
      'a.js': SOURCE,
    },
  },
  {
    name: 'prototype and extension cannot change',
    files: {
      'main.js': `import * as ns from './a.js';
const name = (run) => { try { return run(); } catch (error) { return error.name; } };
log(Reflect.setPrototypeOf(ns, null), Reflect.setPrototypeOf(ns, {}), name(() => Object.setPrototypeOf(ns, {}) === ns),
  Object.setPrototypeOf(ns, null) === ns);
log(Reflect.preventExtensions(ns), Object.preventExtensions(ns) === ns, name(() => Object.seal(ns) === ns),
  name(() => Object.freeze(ns) === ns));`,
      'a.js': SOURCE,
    },
  },
  {
    name: 'in, for-in, spread, JSON, entries, assign',
    files: {
      'main.js': `import * as ns from './a.js';
log('a' in ns, 'none' in ns, Symbol.toStringTag in ns, 'toString' in ns); const keys = []; for (const key in ns) keys.push(key); log(keys);
log({ ...ns }); log(JSON.stringify(ns)); log(Object.entries(ns)); log(Object.assign({}, ns)); const { a, ...rest } = ns;
log(a, Object.keys(rest));
log(structuredCloneable(ns)); function structuredCloneable(value) { try { structuredClone(value); return true; }
catch (error) { return error.name; } }`,
      'a.js': SOURCE,
    },
  },
  {
    name: 'live after being taken',
    files: {
      'main.js': `import * as ns from './a.js'; const copy = { ...ns }; const held = ns; ns.set('new');
log(held.b, copy.b, ns['b'], Reflect.get(ns, 'b'), Object.getOwnPropertyDescriptor(ns, 'b').value);`,
      'a.js': SOURCE,
    },
  },
  {
    name: 'a method called on it gets it as this',
    files: {
      'main.js': `import * as ns from './a.js'; log(ns.f(), ns['f'](), (0, ns.f)(), ns.f?.(), ns?.f(), ns.f.call(undefined));
const { f } = ns; log(f());`,
      'a.js': SOURCE,
    },
  },
  {
    name: 'import() and import * give one object',
    files: {
      'main.js': `import * as ns from './a.js'; import { ns as other } from './b.js'; import { all } from './c.js';
import('./a.js').then((dynamic) => { log(dynamic === ns, other === ns, all === ns); done(); });`,
      'a.js': SOURCE,
      'b.js': `import * as ns from './a.js'; export { ns };`,
      'c.js': `export * as all from './a.js';`,
    },
  },
  {
    name: 'operations on a binding in its dead zone',
    files: {
      'main.js': `import './a.js';`,
      'a.js': `import './b.js'; export let dead = 1; export const ok = 2;`,
      'b.js': `import * as ns from './a.js';
const name = (run) => { try { return run(); } catch (error) { return error.name; } };
log(name(() => ns.dead), name(() => 'dead' in ns), name(() => Object.keys(ns)), name(() => Reflect.ownKeys(ns)),
  name(() => Object.hasOwn(ns, 'dead')));
log(name(() => Object.getOwnPropertyDescriptor(ns, 'dead')), name(() => ({ ...ns })), name(() => JSON.stringify(ns)),
  name(() => Object.isSealed(ns)));
log(name(() => Reflect.set(ns, 'dead', 1)), name(() => Reflect.deleteProperty(ns, 'dead')), name(() => Object.isFrozen(ns)),
  name(() => { for (const k in ns) return k; }));
log(name(() => Reflect.defineProperty(ns, 'dead', { value: 1 })), name(() => Object.prototype.propertyIsEnumerable.call(ns, 'dead')));`,
    },
  },
  {
    name: 'a namespace held in data structures and compared',
    files: {
      'main.js': `import * as a from './a.js'; import * as b from './b.js'; const map = new Map([[a, 'a'], [b, 'b']]);
log(map.get(a), map.get(b), a !== b, [a].includes(a), Object.is(a, a), new WeakSet([a]).has(a));
const { x } = a; const [first] = [a]; log(x, first === a, a ? 'truthy' : 'falsy', a?.x, a['x'], a[\`\${'x'}\`], typeof a.nothing);`,
      'a.js': `export const x = 'ax';`,
      'b.js': `export const x = 'bx';`,
    },
  },
  {
    name: 'inheriting from a namespace object',
    files: {
      'main.js': `import * as ns from './a.js'; const child = Object.create(ns);
log(child.a, 'a' in child, Object.keys(child));
log(Reflect.get(ns, 'a', {}), Reflect.has(ns, 'a')); const proxy = new Proxy(ns, {}); log(proxy.a, Object.keys(proxy));`,
      'a.js': SOURCE,
    },
  },
  {
    name: 'assigning through an heir of a namespace object',
    files: {
      'main.js': `import * as ns from './a.js'; const child = Object.create(ns); for (const key of ['a', 'fresh']) { try { child[key] = 1;
} catch (error) { log(key, error.name); } } log(child.a);`,
      'a.js': SOURCE,
    },
    // An old V8 (Node 20) lets it happen.
    browserOnly: true,
  },
  {
    name: 'conversion to a primitive fails',
    files: {
      'main.js': `import * as ns from './a.js'; for (const run of [() => \`\${ns}\`, () => ns + '', () => +ns]) { try { log(run()); }
catch (error) { log(error.name); } }`,
      'a.js': SOURCE,
    },
  },
];
