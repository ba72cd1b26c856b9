/** Imports, exports, cycles, and saves of several modules. */
import { story, type SwapCase } from '../case.ts';

export const moduleCases: readonly SwapCase[] = [
  story({
    name: 'an imported function is held by the importer, and imported under two names',
    level: 'bindings',
    files: {
      '/main.js': `import { greet, greet as hello } from './a.js';
import * as ns from './a.js';
const held = [greet, hello, ns.greet];
probe(() => [...held.map((f) => f()), greet(), ns.greet(), String(held[0] === greet && held[2] === ns.greet)]);`,
      '/a.js': `export function greet() { return 'v1'; }`,
    },
    starts: ['v1', 'v1', 'v1', 'v1', 'v1', 'true'],
    steps: [{ edit: { '/a.js': [['v1', 'v2']] }, says: ['v2', 'v2', 'v2', 'v2', 'v2', 'true'] }],
  }),
  story({
    name: 'export let is live before and after; its value is kept',
    level: 'bindings',
    files: {
      '/main.js': `import { count, hit } from './state.js';
import * as state from './state.js';
const read = () => count;
const held = [read, hit];
hit(); held[1]();
setInterval(turn, 1);
function turn() { held[1](); }
probe(() => [held[0]() + ' ' + state.count]);`,
      '/state.js': `export let count = 0;
export function hit() { count++; }`,
    },
    starts: ['3 3'],
    steps: [
      { edit: { '/state.js': [['count++', 'count += 10']] }, says: ['13 13'], kept: true },
      { edit: { '/main.js': [['() => count', "() => 'c' + count"]] }, says: ['c23 23'], kept: true },
      { edit: { '/state.js': [['let count = 0', 'let count = 100']] }, says: ['c110 110'], kept: true },
    ],
  }),
  story({
    name: 'a changed constant reaches importers, namespaces and barrels',
    level: 'bindings',
    files: {
      '/main.js': `import { K, Renamed } from './barrel.js';
import * as barrel from './barrel.js';
import * as base from './base.js';
const held = barrel;
function show() { return [K, Renamed, barrel.K, base.K, barrel.inner.K].join(); }
probe(() => [show(), Object.keys(held).join(), String(held === barrel)]);`,
      '/barrel.js': `export * from './base.js';
export { K as Renamed } from './base.js';
export * as inner from './base.js';`,
      '/base.js': `export const K = 'k1';`,
    },
    starts: ['k1,k1,k1,k1,k1', 'K,Renamed,inner', 'true'],
    steps: [{ edit: { '/base.js': [["'k1'", "'k2'"]] }, says: ['k2,k2,k2,k2,k2', 'K,Renamed,inner', 'true'] }],
  }),
  story({
    name: 'an export is added with the import that uses it, removed, and added again',
    level: 'bindings',
    files: {
      '/main.js': `import { a } from './lib.js';
function show() { return a(); }
const held = show;
probe(() => [held()]);`,
      '/lib.js': `log('lib runs');
export function a() { return 'a1'; }`,
    },
    starts: ['lib runs', 'a1'],
    steps: [
      {
        edit: {
          '/main.js': [
            ['{ a }', '{ a, b }'],
            ['return a()', 'return a() + b()'],
          ],
          '/lib.js': [['export function a', "export const b = () => 'b1';\nexport function a"]],
        },
        says: ['a1b1'],
      },
      {
        edit: {
          '/main.js': [
            ['{ a, b }', '{ a }'],
            ['a() + b()', 'a()'],
          ],
          '/lib.js': [["export const b = () => 'b1';\n", '']],
        },
        says: ['a1'],
      },
      {
        edit: {
          '/main.js': [
            ['{ a }', '{ a, b }'],
            ['return a()', 'return a() + b()'],
          ],
          '/lib.js': [['export function a', "export const b = () => 'b2';\nexport function a"]],
        },
        says: ['a1b2'],
      },
    ],
  }),
  story({
    name: 'an import of a new module is added: it runs once',
    level: 'bindings',
    files: {
      '/main.js': `function show() { return 'none'; }
const held = show;
probe(() => [held()]);`,
    },
    starts: ['none'],
    steps: [
      {
        edit: {
          '/main.js': [
            ['function show', "import { x } from './new.js';\nfunction show"],
            ["'none'", 'x()'],
          ],
        },
        save: { '/new.js': `log('new runs'); export function x() { return 'x1'; }` },
        says: ['new runs', 'x1'],
      },
      { edit: { '/new.js': [["'x1'", "'x2'"]] }, says: ['x2'] },
    ],
  }),
  story({
    name: 'an import is removed, and added again: the module and its state live on',
    level: 'bindings',
    files: {
      '/main.js': `import { next } from './counter.js';
import './other.js';
function show() { return 'v1 ' + next(); }
const held = show;
probe(() => [held()]);`,
      '/other.js': `import { advance } from './counter.js';
setInterval(advance, 1);`,
      '/counter.js': `log('counter runs');
let n = 0;
export function advance() { n++; }
export function next() { return n + 1; }`,
    },
    starts: ['counter runs', 'v1 2'],
    steps: [
      {
        edit: {
          '/main.js': [
            ["import { next } from './counter.js';\n", ''],
            ["'v1 ' + next()", "'v2'"],
          ],
        },
        says: ['v2'],
      },
      {
        edit: {
          '/main.js': [
            ['function show', "import { next } from './counter.js';\nfunction show"],
            ["'v2'", "'v3 ' + next()"],
          ],
        },
        says: ['v3 4'],
        kept: true,
      },
    ],
  }),
  story({
    name: 'a module that awaits at top level',
    files: {
      '/main.js': `import { load, Store } from './data.js';
const old = new Store(), held = load;
probe(() => [held(), old.all()]);`,
      '/data.js': `const list = await Promise.resolve(['x']);
list.push('live');
log('data runs');
export function load() { return 'v1 ' + list.join(); }
export class Store { all() { return 's1 ' + list.length; } }`,
    },
    starts: ['data runs', 'v1 x,live', 's1 2'],
    steps: [
      {
        edit: {
          '/data.js': [
            ["'v1 '", "'v2 '"],
            ["'s1 '", "'s2 '"],
          ],
        },
        says: ['v2 x,live', 's2 2'],
      },
    ],
  }),
  story({
    name: 'a module that came by import(): its namespace and its function',
    files: {
      '/main.js': `const ns = await import('./lazy.js');
const held = ns.fn, { default: Lazy } = ns, old = new Lazy();
probe(() => [held(), ns.fn(), old.m(), String(held === ns.fn), String(ns.K)]);`,
      '/lazy.js': `log('lazy runs');
export const K = 1;
export const fn = () => 'f1 ' + K;
export default class Lazy { m() { return 'm1'; } }`,
    },
    starts: ['lazy runs', 'f1 1', 'f1 1', 'm1', 'true', '1'],
    steps: [
      {
        edit: {
          '/lazy.js': [
            ["'f1 '", "'f2 '"],
            ["'m1'", "'m2'"],
            ['K = 1', 'K = 2'],
          ],
        },
        says: ['f2 2', 'f2 2', 'm2', 'true', '2'],
      },
    ],
  }),
  story({
    name: 'an import moves to another module, and changes its name',
    level: 'bindings',
    files: {
      '/main.js': `import { x } from './a.js';
function show() { return x + ' v1'; }
const D = x + '!';
const held = show;
probe(() => [held(), D]);`,
      '/a.js': `export const x = 'a';`,
      '/b.js': `export const x = 'b', y = 'by';`,
      '/also.js': `import './b.js';`,
    },
    starts: ['a v1', 'a!'],
    steps: [
      { edit: { '/main.js': [["'./a.js'", "'./b.js'"]] }, says: ['b v1', 'b!'] },
      { edit: { '/main.js': [['{ x }', '{ y as x }']] }, says: ['by v1', 'by!'] },
    ],
  }),
  story({
    name: 'an import cycle of functions and classes',
    files: {
      '/main.js': `import { Even } from './even.js';
import { odd } from './odd.js';
const old = new Even(4), held = odd;
probe(() => [old.show(), held(3), held.name]);`,
      '/even.js': `import { odd } from './odd.js';
export class Even { constructor(n) { this.n = n; } show() { return 'even1 ' + odd(this.n - 1); } }
export function even(n) { return n === 0 ? 'E' : odd(n - 1); }`,
      '/odd.js': `import { even, Even } from './even.js';
export function odd(n) { return n === 0 ? 'O' : even(n - 1); }
export const make = () => new Even(2);`,
    },
    starts: ['even1 E', 'E', 'odd'],
    steps: [
      { edit: { '/odd.js': [["'O'", "'o'"]], '/even.js': [["'E'", "'e'"]] }, says: ['even1 e', 'e', 'odd'] },
      { edit: { '/even.js': [["'even1 ' + odd(this.n - 1)", "'even2 ' + odd(this.n)"]] }, says: ['even2 o', 'e', 'odd'] },
    ],
  }),
  story({
    name: 'a hoisted function of a cycle was taken before its module ran',
    files: {
      '/main.js': `import { taken } from './first.js';
import { late } from './second.js';
probe(() => [taken(), String(taken === late)]);`,
      '/second.js': `import './first.js';
const value = 'value1';
export function late() { return 'late1 ' + value; }`,
      '/first.js': `import { late } from './second.js';
export const taken = late;`,
    },
    starts: ['late1 value1', 'true'],
    steps: [
      {
        edit: {
          '/second.js': [
            ["'late1 '", "'late2 '"],
            ["'value1'", "'value2'"],
          ],
        },
        says: ['late2 value2', 'true'],
      },
    ],
  }),
  story({
    name: 'several modules in one save: new code of each sees the others’ new code',
    files: {
      '/main.js': `import { View } from './view.js';
const old = new View();
probe(() => [old.render()]);`,
      '/view.js': `import { format } from './format.js';
import { Store } from './store.js';
export class View { store = new Store(); render() { return 'view1 ' + format(this.store.all()); } }`,
      '/format.js': `export const format = (list) => 'format1 ' + list.join();`,
      '/store.js': `export class Store { list = ['x']; all() { return this.list; } }`,
    },
    starts: ['view1 format1 x'],
    steps: [
      {
        edit: {
          '/view.js': [["'view1 ' + format(this.store.all())", "'view2 ' + format(this.store.all(), this.store.size)"]],
          '/format.js': [["(list) => 'format1 '", "(list, size) => 'format2 ' + size + ' '"]],
          '/store.js': [['all()', 'get size() { return this.list.length; } all()']],
        },
        says: ['view2 format2 1 x'],
      },
    ],
  }),
  story({
    name: 'case 7: a transaction over two modules of which the second fails: neither changed',
    files: {
      '/main.js': `import { a, A } from './a.js';
import { b, K } from './b.js';
const held = [a, b], old = new A();
probe(() => [...held.map((f) => f()), old.m(), K, typeof old.added]);`,
      '/a.js': `export function a() { return 'a1'; }
export class A { m() { return 'm1'; } }`,
      '/b.js': `export const K = 'k1';
export function b() { return 'b1 ' + K; }`,
    },
    starts: ['a1', 'b1 k1', 'm1', 'k1', 'undefined'],
    steps: [
      {
        edit: {
          '/a.js': [
            ["'a1'", "'a2'"],
            ["'m1'", "'m2'"],
            ['class A {', 'class A { added() {}'],
          ],
          '/b.js': [
            ["'k1'", "'k2'"],
            ["'b1 ' + K; }", "'b2 ' + K; }\nthrow new Error('boom');"],
          ],
        },
        refused: 'boom',
      },
      { edit: { '/a.js': [["'a1'", "'a3'"]], '/b.js': [["'b1 '", "'b3 '"]] }, says: ['a3', 'b3 k1', 'm1', 'k1', 'undefined'] },
    ],
  }),
  story({
    name: 'a transaction with a module that cannot be swapped: neither changed',
    files: {
      '/main.js': `import { a } from './a.js';
import { b } from './b.js';
const held = [a, b];
probe(() => held.map((f) => f()));`,
      '/a.js': `export function a() { return 'a1'; }`,
      '/b.js': `globalThis.swapCaseSetup = 1;
export function b() { return 'b1'; }`,
    },
    starts: ['a1', 'b1'],
    steps: [
      {
        edit: {
          '/a.js': [["'a1'", "'a2'"]],
          '/b.js': [
            ['swapCaseSetup = 1', 'swapCaseSetup = 2'],
            ["'b1'", "'b2'"],
          ],
        },
        refused: 'statement',
      },
      { edit: { '/a.js': [["'a1'", "'a3'"]], '/b.js': [["'b1'", "'b3'"]] }, says: ['a3', 'b3'] },
    ],
  }),
  story({
    name: 'a save that does not link: nothing changed',
    level: 'bindings',
    files: {
      '/main.js': `import { a } from './a.js';
function show() { return 'v1 ' + a(); }
const held = show;
probe(() => [held()]);`,
      '/a.js': `export function a() { return 'a1'; }
export const other = 1;`,
    },
    starts: ['v1 a1'],
    steps: [
      {
        edit: {
          '/main.js': [
            ['{ a }', '{ a, missing }'],
            ["'v1 '", "'v2 ' + missing"],
          ],
        },
        refused: 'missing',
      },
      { edit: { '/a.js': [['export function a', 'export function renamed']] }, refused: 'export' },
      { edit: { '/main.js': [["'v1 '", "'v3 '"]], '/a.js': [["'a1'", "'a3'"]] }, says: ['v3 a3'] },
    ],
  }),
  story({
    name: 'an unchanged function is bound anew when its import comes from elsewhere',
    level: 'bindings',
    files: {
      '/main.js': `import { fn as work } from './a.js';
import { fn as other } from './b.js';
function show() { return work() + other(); }
const held = show;
probe(() => [held()]);`,
      '/a.js': `export function fn() { return 'a'; }`,
      '/b.js': `export function fn() { return 'b'; }`,
    },
    starts: ['ab'],
    steps: [
      {
        edit: {
          '/main.js': [
            ['fn as work', 'fn as tmp'],
            ['fn as other', 'fn as work'],
            ['fn as tmp', 'fn as other'],
          ],
        },
        says: ['ba'],
      },
      { edit: { '/b.js': [["'b'", "'B'"]] }, says: ['Ba'] },
    ],
  }),
  story({
    name: 'a function moves from the module into an import, and back',
    level: 'bindings',
    files: {
      '/main.js': `function work() { return 'own'; }
function show() { return 'show ' + work(); }
const held = show;
probe(() => [held()]);`,
      '/work.js': `export function work() { return 'imported'; }`,
    },
    starts: ['show own'],
    steps: [
      {
        edit: { '/main.js': [["function work() { return 'own'; }", "import { work } from './work.js';"]] },
        says: ['show imported'],
        orRefused: true,
      },
    ],
  }),
  story({
    name: 'a default-exported value and an exported pattern',
    level: 'bindings',
    files: {
      '/main.js': `import value, { x, y } from './data.js';
const show = () => [value, x, y].join();
const held = show;
probe(() => [held()]);`,
      '/data.js': `const K = 2;
export default K * 10;
export const { x, y } = { x: 'x1', y: 'y1' };`,
    },
    starts: ['20,x1,y1'],
    steps: [
      { edit: { '/data.js': [["'x1'", "'x2'"]] }, says: ['20,x2,y1'] },
      { edit: { '/data.js': [['K * 10', 'K * 100']] }, says: ['200,x2,y1'] },
      { edit: { '/data.js': [['K = 2', 'K = 3']] }, says: ['300,x2,y1'] },
    ],
  }),
  story({
    name: 'an added top-level statement runs once, with the live variables',
    level: 'bindings',
    files: `const list = [];
list.push('first');
function show() { return 'v1 ' + list.join(); }
const held = show;
probe(() => [held()]);`,
    starts: ['v1 first'],
    steps: [
      { edit: [['function show', "log('added ' + list.length);\nfunction show"]], says: ['added 1', 'v1 first'] },
      { edit: [["'v1 '", "'v2 '"]], says: ['v2 first'] },
    ],
  }),
  story({
    name: 'comments and white space change nothing',
    level: 'bindings',
    files: `let n = 1;
function show() { return 'n' + n; }
n = 5;
const held = show;
probe(() => [held(), String(held === show)]);`,
    starts: ['n5', 'true'],
    steps: [
      {
        edit: [
          ['function show() { return', '// a comment\n\nfunction show(/* nothing */) {\n  return'],
          ['n = 5;', 'n   =   5; // five'],
        ],
      },
    ],
  }),
  story({
    name: 'declarations change their order and places',
    files: `const K = 1;
function a() { return 'a' + K; }
class C { m() { return 'm' + K; } n() { return 'n'; } }
let live = 0;
live = 3;
const old = new C(), held = a;
probe(() => [held(), old.m(), old.n(), String(live)]);`,
    starts: ['a1', 'm1', 'n', '3'],
    steps: [
      {
        edit: [
          [
            "function a() { return 'a' + K; }\nclass C { m() { return 'm' + K; } n() { return 'n'; } }\nlet live = 0;\n",
            "let live = 0;\nclass C { n() { return 'n2'; } m() { return 'm' + K; } }\n",
          ],
          ['probe(', "function a() { return 'A' + K; }\nprobe("],
        ],
        says: ['A1', 'm1', 'n2', '3'],
      },
    ],
  }),

  story({
    name: 'exports under other names, as default, and as text',
    level: 'bindings',
    files: {
      '/main.js': `import d, { renamed, 'any text' as text, n } from './lib.js';
import * as ns from './lib.js';
const held = [d, renamed, text];
probe(() => [...held.map((f) => f()), String(n) + ns.n, String(ns.default === d && ns['any text'] === text)]);`,
      '/lib.js': `function one() { return 'one1'; }
const two = () => 'two1';
let n = 1;
n = 5;
export { one as default, one as renamed, two as 'any text', n };`,
    },
    starts: ['one1', 'one1', 'two1', '55', 'true'],
    steps: [
      {
        edit: {
          '/lib.js': [
            ["'one1'", "'one2'"],
            ["'two1'", "'two2'"],
          ],
        },
        says: ['one2', 'one2', 'two2', '55', 'true'],
      },
    ],
  }),
  story({
    name: 'a barrel changes where a name comes from',
    level: 'bindings',
    files: {
      '/main.js': `import { thing } from './barrel.js';
import './a.js';
import './b.js';
function show() { return thing(); }
const held = show;
probe(() => [held()]);`,
      '/barrel.js': `export { thing } from './a.js';`,
      '/a.js': `export function thing() { return 'a1'; }`,
      '/b.js': `export function thing() { return 'b1'; }`,
    },
    starts: ['a1'],
    steps: [
      { edit: { '/barrel.js': [["'./a.js'", "'./b.js'"]] }, says: ['b1'] },
      { edit: { '/b.js': [["'b1'", "'b2'"]], '/a.js': [["'a1'", "'a2'"]] }, says: ['b2'] },
    ],
  }),
];
