/** The text of a module: strict mode, comments, automatic semicolons, names given to anonymous functions, meta, attributes. */
import type { SemanticsCase } from '../case.ts';

export const syntaxCases: readonly SemanticsCase[] = [
  {
    name: 'strict mode: this, undeclared names, arguments, frozen objects, sloppy functions',
    files: {
      'main.js': `log(this, (() => this)(), (function () { return this; })(), typeof this); attempt('undeclared', () => { undeclared = 1;
}); attempt('arguments', () => arguments); attempt('frozen', () => { Object.freeze([]).push(1); });
log(typeof arguments, typeof undeclaredToo);
(function () { log(arguments.length); arguments[0] = 2; log(arguments[0], (() => arguments.length)()); })(1);
attempt('caller', () => (function () {}).caller); { function blockScoped() {} } log(typeof blockScoped);
log((function () { return eval('var leak = 1; typeof leak') + typeof leak; })());`,
    },
  },
  {
    name: 'module variables are not global, globals are in reach',
    files: {
      'main.js': `import './a.js'; var v = 1; let l = 2; function f() {} class K {}
log('v' in globalThis, 'l' in globalThis, 'f' in globalThis, 'K' in globalThis, globalThis.shared, shared);
var globalThisCopy = globalThis;
log(typeof globalThisCopy, typeof Array, typeof exports, typeof module, typeof require, typeof __filename);`,
      'a.js': `var v = 'other'; globalThis.shared = 'shared'; const Array = 'local'; log(Array, v);`,
    },
    browserOnly: true,
  },
  {
    name: 'functions, classes and arrows get the names of their exported variables',
    files: {
      'main.js': `import * as ns from './a.js'; for (const key of Object.keys(ns)) log(key, ns[key].name);`,
      'a.js': `export const arrow = () => {}, fn = function () {}, cls = class {},
  own = function mine() {}, paren = (() => {}), asy = async () => {}, gen = function* () {};
export let { d = () => {}, e: [g = class {}] } = { e: [] };
export let late; late = () => {}; let x; x ??= function () {}; export { x };
export var v = () => {}; v = class {}; export const indirect = (0, () => {});
export let again = 1; again ||= 1; again &&= () => {}; [again = () => {}] = [];`,
    },
  },
  {
    name: 'a hashbang, comments that look like imports, strings and regular expressions',
    files: {
      'main.js': `#!/usr/bin/env node
/* import nothing from './nothing.js'; */ // import('./nothing.js'); export default 1
import /* between */ { /* a */ x /* b */ as /* c */ y, /* trailing */ } /* d */ from /* e */ './a.js' /* f */;
const s = "import { z } from './nothing.js'", r = /import\\(['"]\\.\\/nothing\\.js['"]\\)/g, t = \`export \${y} from './\${'x'}'\`;
log(s, r, t, y);
const importer = { import: 1, export: 2, meta: { import: 3 } }; log(importer.import, importer.export, importer.meta.import);
log(10 / 2 / 5, /[/]\\/(?=x)/.test('//x')); let a = 4, g = 2; log(a
/2/g); log((a++) /2/ g); if (/x/.test('x')) /y/.test('y'); // eof without newline, no sourcemap`,
      'a.js': `export const x = 'x'/* end */`,
    },
  },
  {
    name: 'automatic semicolons around imports and exports',
    files: {
      'main.js': `import { x } from './a.js'
import './a.js'
let last = x
log(last)
export let value = 1
export { value as other }
;[1, 2].forEach((n) => log(n))
export default value
;(() => log('own statement'))()
value
++
last
log(value, last)
x
log('after x')
var v = x
;\`template\`
export const f = () => {}
;[3].map((n) => log(n))`,
      'a.js': `export const x = 1
export function f() {}
/re/.test('re') && log('regular expression after a declaration')
export class K {}
/re/.test('re') && log('and after a class')`,
    },
  },
  {
    name: 'line terminators of all kinds, a byte order mark, no last newline',
    files: {
      'main.js': `\uFEFFimport { x } from './a.js';\r\nlog(x);\r// a carriage return ends this\rlog('cr');\u2028log('ls');\u2029log('ps');
log('\u2028'.length)`,
      'a.js': `export const x = 'x' // comment at the end`,
    },
  },
  {
    name: 'empty modules and modules of comments only',
    files: {
      'main.js': `import './empty.js'; import './comment.js'; import * as ns from './empty.js'; log(ns);`,
      'empty.js': ``,
      'comment.js': `// nothing`,
    },
  },
  {
    name: 'directives and strict reserved words',
    files: {
      'main.js': `'use strict'; 'use something'; import { x } from './a.js'; log(x, (function () { 'use strict'; return this; })());`,
      'a.js': `"use client"; export const x = 1`,
    },
  },
  {
    name: 'import.meta: url, identity, shape',
    files: {
      'main.js': `import { url, meta, again } from './folder/a.js';
log(new URL(import.meta.url).pathname, new URL(url).pathname, meta === again, meta === import.meta, Object.getPrototypeOf(import.meta),
  typeof import.meta, Object.isExtensible(import.meta));
import.meta.custom = 1; log(import.meta.custom, new URL('./x.png', import.meta.url).pathname, new URL(import.meta.url).search);
(() => log(import.meta.url.split('/').pop()))();`,
      'folder/a.js': `export const url = import.meta.url; export const meta = import.meta; export const again = (() => import.meta)();`,
    },
  },
  {
    name: 'import.meta.resolve',
    files: {
      'main.js': `log(typeof import.meta.resolve, new URL(import.meta.resolve('./x/y.js')).pathname,
  new URL(import.meta.resolve('../z.js?q')).search, import.meta.resolve('https://example.org/m.js'));`,
    },
    browserOnly: true,
  },
  {
    name: 'import.meta.resolve of a bare name',
    files: { 'main.js': `attempt('bare', () => new URL(import.meta.resolve('bare')).pathname);` },
    browserOnly: true,
  },
  {
    name: 'a query makes another module',
    files: {
      'main.js': `import { n as a } from './a.js'; import { n as b } from './a.js?second'; log(a === b, a, b);`,
      'a.js': `log('runs', new URL(import.meta.url).search); export const n = { search: new URL(import.meta.url).search };`,
    },
  },
  {
    name: 'JSON modules: one object, shared',
    files: {
      'main.js': `import data from './data.json' with { type: 'json' }; import * as ns from './data.json' with { type: 'json' };
import { same } from './b.js'; import list from './list.json' with { type: 'json' };
log(data, ns.default === data, same === data, list, Object.getPrototypeOf(data) === Object.prototype); data.added = true;
log(same.added, Object.hasOwn(data, '__proto__'));`,
      'b.js': `import same from './data.json' with { type: 'json' }; export { same };`,
      'data.json': `{"text": "\\u2028 é", "n": [1, -0.5e3, null, true], "__proto__": {"own": 1}, "default": 1, "class": 2}`,
      'list.json': `[1, "two", {"three": 3}]`,
    },
  },
  {
    name: 'JSON modules export a default only',
    files: {
      'main.js': `import * as ns from './data.json' with { type: 'json' }; log(Object.keys(ns));`,
      'data.json': `{"named": 1}`,
    },
    browserOnly: true,
  },
  {
    name: 'JSON through import()',
    files: {
      'main.js': `import data from './data.json' with { type: 'json' };
const ns = await import('./data.json', { with: { type: 'json' } }); log(ns.default === data, ns, ns[Symbol.toStringTag]); done();`,
      'data.json': `"just a string"`,
    },
  },
  {
    name: 'CSS modules through import attributes',
    files: {
      'main.js': `import sheet from './a.css' with { type: 'css' }; import { same } from './b.js';
log(sheet instanceof CSSStyleSheet, sheet === same, sheet.cssRules.length, sheet.cssRules[0].cssText);
document.adoptedStyleSheets = [sheet]; log(getComputedStyle(document.documentElement).color);`,
      'b.js': `import same from './a.css' with { type: 'css' }; export { same };`,
      'a.css': `html { color: rgb(1, 2, 3); } p { margin: 0; }`,
    },
    browserOnly: true,
  },
  {
    name: 'direct eval sees module variables',
    files: {
      'main.js': `const local = 'local'; export let live = 1; log(eval('local')); log(eval('live')); log((0, eval)('typeof local'));`,
    },
  },
  {
    name: 'direct eval sees imports',
    files: { 'main.js': `import { x } from './a.js'; attempt('eval', () => eval('x'));`, 'a.js': `export const x = 'x';` },
    limit: {
      reason: 'imports are reads of an environment, not variables: a direct eval cannot name them',
      linked: ['eval threw ReferenceError: x is not defined'],
    },
  },
];
