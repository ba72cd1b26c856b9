/**
 * Export and import lists: renames, string names, names that collide with JavaScript's own machinery, re-exports. The names of
 * `Object.prototype` matter because environments and namespace objects are objects in the linked form.
 */
import type { SemanticsCase } from '../case.ts';

export const exportCases: readonly SemanticsCase[] = [
  {
    name: 'a list before its declarations, with renames',
    files: {
      'main.js': `import { a, renamed as b, k } from './a.js'; import * as ns from './a.js'; log(a, b, k, Object.keys(ns));`,
      'a.js': `export { a, b as renamed, K as k, f }; const a = 1; let b = 2; class K {} function f() {}`,
    },
  },
  {
    name: 'string names',
    files: {
      'main.js': `import { 'a-b' as ab, '☃' as snow, '' as empty } from './a.js'; import { 'x y' as xy, again } from './re.js';
import * as ns from './re.js';
log(ab, snow, empty, xy, again, ns);`,
      'a.js': `const one = 1, two = 2, three = 3; export { one as 'a-b', two as '☃', three as '' };`,
      're.js': `export { 'a-b' as 'x y', '☃' as again } from './a.js'; export * as 'all of it' from './a.js';`,
    },
  },
  {
    name: 'a string name can be default',
    files: {
      'main.js': `import d, { 'default' as e } from './a.js'; log(d, e);`,
      'a.js': `const x = 'x'; export { x as 'default' };`,
    },
  },
  {
    name: 'keywords as names',
    files: {
      'main.js': `import { if as a, class as b, let as c, await as d, yield as e, arguments as f, eval as g } from './a.js';
log(a, b, c, d, e, f, g);`,
      'a.js': `const x = 'x'; export { x as if, x as class, x as let, x as await, x as yield, x as arguments, x as eval };`,
    },
  },
  {
    name: 'names of Object.prototype',
    files: {
      'main.js': `import { toString, constructor, hasOwnProperty, valueOf, isPrototypeOf } from './a.js'; import * as ns from './a.js';
log(toString, constructor, hasOwnProperty, valueOf(), isPrototypeOf, Object.keys(ns));
import * as plain from './b.js';
log(plain.toString, plain.constructor, plain.hasOwnProperty, 'toString' in plain, 'constructor' in plain);`,
      'a.js': `export const toString = 1, constructor = 2, hasOwnProperty = 3; export function valueOf() { return 4; }
export let isPrototypeOf;`,
      'b.js': `export const x = 1;`,
    },
  },
  {
    name: 'an export named __proto__',
    files: {
      'main.js': `import { __proto__ as proto, set } from './a.js'; import * as ns from './a.js';
log(proto, ns.__proto__, Object.getPrototypeOf(ns), '__proto__' in ns, Object.keys(ns)); set(); log(proto, ns.__proto__);
import * as without from './b.js'; log('__proto__' in without, without.__proto__);`,
      'a.js': `export let __proto__ = { p: 1 }; export function set() { __proto__ = 'changed'; }`,
      'b.js': `export const x = 1;`,
    },
  },
  {
    name: 'a missing name of Object.prototype is still missing',
    files: { 'main.js': `import { toString } from './a.js'; log('never');`, 'a.js': `log('never'); export const x = 1;` },
    linkError: { exportName: 'toString', modules: ['a.js'] },
  },
  {
    name: 'an exported then makes import() wait for it',
    files: {
      'main.js': `import * as ns from './a.js'; log(typeof ns.then); import('./a.js').then((value) => { log('resolved with', value);
done(); });`,
      'a.js': `export function then(resolve) { log('then called', typeof resolve); resolve('not a namespace'); } export const x = 1;`,
    },
  },
  {
    name: 'an imported binding is exported again by a list',
    files: {
      'main.js': `import { a, ns, d, again } from './re.js'; import * as source from './a.js'; log(a, ns === source, d, again);`,
      're.js': `import d, { a, a as other } from './a.js'; import * as ns from './a.js'; export { a, ns, d, other as again };`,
      'a.js': `export const a = 'a'; export default 'd';`,
    },
  },
  {
    name: 'a long chain of re-exports',
    files: {
      'main.js': `import { e } from './4.js'; log(e);`,
      '4.js': `log(4); export { d as e } from './3.js';`,
      '3.js': `log(3); export { c as d } from './2.js';`,
      '2.js': `log(2); export { b as c } from './1.js';`,
      '1.js': `log(1); export const b = 'from one';`,
    },
  },
  {
    name: 'empty lists still load their module',
    files: {
      'main.js': `import {} from './a.js'; export {} from './b.js'; import './c.js'; export {}; log('main');`,
      'a.js': `log('a');`,
      'b.js': `log('b');`,
      'c.js': `log('c'); export {};`,
    },
  },
  {
    name: 'one export imported several times under several names',
    files: {
      'main.js': `import { x, x as y } from './a.js'; import { x as z } from './a.js'; import * as n1 from './a.js';
import * as n2 from './a.js'; log(x, y, z, n1 === n2);`,
      'a.js': `export const x = {}; log('a once');`,
    },
  },
  {
    name: 'export * as, also as default',
    files: {
      'main.js': `import { all } from './b.js'; import all2 from './c.js'; import * as a from './a.js'; log(all === a, all2 === a, all);`,
      'a.js': `export const x = 1; export default 2;`,
      'b.js': `export * as all from './a.js';`,
      'c.js': `export * as default from './a.js';`,
    },
  },
  {
    name: 'unicode identifiers and escapes',
    files: {
      'main.js': `import { naïve, 变量, \\u0061bc, $ as dollar, _ } from './a.js'; log(naïve, 变量, abc, dollar, _);`,
      'a.js': `export const naïve = 1, 变量 = 2, a\\u{62}c = 3, $ = 4, _ = 5;`,
    },
  },
  {
    name: 'names that a tool might use itself',
    files: {
      'main.js': `import { $export as e, $module as m, $define, $a, exports } from './a.js'; const $main = 'main', module = 1, require = 2;
log(e, m, $define, $a, exports, $main, module, require);`,
      'a.js': `export const $export = 1, $module = 2, $define = 3, $a = 4, exports = 5; const $b = $export + $module; log($b);`,
    },
  },
];
