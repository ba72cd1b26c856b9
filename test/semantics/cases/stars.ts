/** `export *`: which names pass, what wins, what becomes ambiguous (ECMA-262 §16.2.1.6.2 GetExportedNames, §16.2.1.6.3 ResolveExport). */
import type { SemanticsCase } from '../case.ts';

export const starCases: readonly SemanticsCase[] = [
  {
    name: 'names that two stars define differently are left out of the namespace',
    files: {
      'main.js': `import * as ns from './both.js'; log(ns, 'x' in ns, ns.x, Object.keys(ns));`,
      'both.js': `export * from './a.js'; export * from './b.js';`,
      'a.js': `export const x = 'a', onlyA = 1;`,
      'b.js': `export const x = 'b', onlyB = 2;`,
    },
  },
  {
    name: 'the same binding through two stars is not ambiguous',
    files: {
      'main.js': `import { x } from './both.js'; import * as ns from './both.js'; log(x, Object.keys(ns));`,
      'both.js': `export * from './a.js'; export * from './b.js';`,
      'a.js': `export * from './source.js';`,
      'b.js': `export { x } from './source.js';`,
      'source.js': `export const x = 'one';`,
    },
  },
  {
    name: 'the same namespace under one name through two stars is not ambiguous',
    files: {
      'main.js': `import { all } from './both.js'; log(all);`,
      'both.js': `export * from './a.js'; export * from './b.js';`,
      'a.js': `export * as all from './source.js';`,
      'b.js': `export * as all from './source.js';`,
      'source.js': `export const x = 'one';`,
    },
    // An old V8 (Node 20) calls it ambiguous.
    browserOnly: true,
  },
  {
    name: 'an exported namespace import stands for the namespace',
    files: {
      'main.js': `import * as ns from './both.js'; log(Object.keys(ns));`,
      'both.js': `export * from './a.js'; export * from './b.js';`,
      'a.js': `export * as all from './source.js';`,
      'b.js': `import * as inner from './source.js'; export { inner as all }; export { inner };`,
      'source.js': `export const x = 'one';`,
    },
    // So since ES2025; an old V8 (Node 20) takes it for a binding of its own.
    browserOnly: true,
  },
  {
    name: 'one value in two bindings is ambiguous all the same',
    files: {
      'main.js': `import * as ns from './both.js'; log(Object.keys(ns));`,
      'both.js': `export * from './a.js'; export * from './b.js';`,
      'a.js': `import { shared } from './source.js'; export const x = shared;`,
      'b.js': `import { shared } from './source.js'; export const x = shared;`,
      'source.js': `export const shared = {};`,
    },
  },
  {
    name: 'a local export wins over stars',
    files: {
      'main.js': `import { x, y } from './local.js'; log(x, y);`,
      'local.js': `export * from './a.js'; export * from './b.js'; export const x = 'local';`,
      'a.js': `export const x = 'a', y = 'ya';`,
      'b.js': `export const x = 'b';`,
    },
  },
  {
    name: 'an explicit re-export resolves a conflict',
    files: {
      'main.js': `import * as ns from './pick.js'; log(ns);`,
      'pick.js': `export * from './a.js'; export * from './b.js'; export { x } from './b.js';`,
      'a.js': `export const x = 'a';`,
      'b.js': `export const x = 'b';`,
    },
  },
  {
    name: 'stars of stars',
    files: {
      'main.js': `import { deep } from './1.js'; import * as ns from './1.js'; log(deep, Object.keys(ns));`,
      '1.js': `export * from './2.js'; export const one = 1;`,
      '2.js': `export * from './3.js'; export const two = 2;`,
      '3.js': `export const deep = 'deep', one = 'hidden';`,
    },
  },
  {
    name: 'a star cycle with a conflict on the way',
    files: {
      'main.js': `import * as a from './a.js'; import * as b from './b.js'; import * as c from './c.js';
log(Object.keys(a), Object.keys(b), Object.keys(c), a.own, b.own, c.own);`,
      'a.js': `export * from './b.js'; export const own = 'a', x = 1;`,
      'b.js': `export * from './c.js'; export const y = 2;`,
      'c.js': `export * from './a.js'; export const own = 'c', z = 3;`,
    },
  },
  {
    name: 'a star of the module itself',
    files: { 'main.js': `export * from './main.js'; export const x = 1; import * as self from './main.js'; log(self);` },
  },
  {
    name: 'a diamond of stars runs each module once, in order',
    files: {
      'main.js': `import { x } from './top.js'; log(x);`,
      'top.js': `export * from './left.js'; export * from './right.js'; log('top');`,
      'left.js': `export * from './base.js'; log('left');`,
      'right.js': `export * from './base.js'; log('right');`,
      'base.js': `export let x = 'x'; log('base');`,
    },
  },
  {
    name: 'star and star as from one module',
    files: {
      'main.js': `import * as ns from './a.js'; log(ns);`,
      'a.js': `export * from './b.js'; export * as b from './b.js'; import * as local from './b.js'; log(local.x);`,
      'b.js': `export const x = 1, y = 2;`,
    },
  },
  {
    name: 'a star over a module that exports nothing',
    files: {
      'main.js': `import * as ns from './a.js'; log(ns, Object.keys(ns).length);`,
      'a.js': `export * from './b.js'; log('a');`,
      'b.js': `log('b');`,
    },
  },
  {
    name: 'members of a namespace that come from elsewhere: by list, by star, nested, called',
    files: {
      'main.js': `import * as ns from './barrel.js'; import { set } from './a.js';
log(ns.x, ns.renamed, ns.fromStar, ns.deep, ns.default, ns.all.x, ns.all.default, ns.fn(), ns.missing,
  typeof ns.x, ns.fn.name, ns.all.fn() === ns.all); set('new'); log(ns.x, ns.renamed, ns.all.x, ns['x'], \`\${ns.x}\`, { x: ns.x });`,
      'barrel.js': `export { x, x as renamed, default, fn } from './a.js'; export * from './b.js'; export * as all from './a.js';`,
      'a.js': `export let x = 'x'; export default 'd'; export function fn() { return this; } export function set(v) { x = v; }`,
      'b.js': `export const fromStar = 'star'; export * from './c.js';`,
      'c.js': `export const deep = 'deep';`,
    },
  },
  {
    name: 'members of a namespace through a barrel in a cycle',
    files: {
      'main.js': `import './source.js'; log('main');`,
      'source.js': `import { later } from './reader.js'; export let value = 1; export function fn() { return 'fn'; } log(later());`,
      'barrel.js': `export { value } from './source.js'; export * from './source.js';`,
      'reader.js': `import * as ns from './barrel.js'; import * as direct from './source.js';
for (const read of [() => ns.value, () => direct.value]) { try { log(read()); } catch (error) { log(error.name); } }
log(ns.fn(), direct.fn(), 'value' in ns); export const later = () => [ns.value, direct.value];`,
    },
  },
];
