/** What the random programs (../random.test.ts) have found, each as small as it gets. */
import { story, type SwapCase } from '../case.ts';

export const foundCases: readonly SwapCase[] = [
  story({
    name: 'an async function that is none any more: who holds it would get a promise',
    level: 'bindings',
    files: `var f = async () => 'f1';
const held = f;
probe(() => [typeof held]);`,
    starts: ['function'],
    steps: [{ edit: [["async () => 'f1'", "() => 'f2'"]], refused: 'async' }],
  }),
  story({
    name: 'a plain function becomes async, and plain again',
    level: 'bindings',
    files: `const f = () => 'f1';
const held = f;
const kind = (value) => (value instanceof Promise ? 'promise' : value);
probe(() => [kind(held())]);`,
    starts: ['f1'],
    steps: [
      { edit: [["() => 'f1'", "async () => 'f2'"]], says: ['promise'] },
      { edit: [["async () => 'f2'", "() => 'f3'"]], says: ['f3'] },
    ],
  }),
  story({
    name: 'an arrow function becomes one that asks for its own this, now or a version later',
    files: `const o = { n: 'n', f: () => 'f1' };
const held = o;
probe(() => [held.f()]);`,
    starts: ['f1'],
    steps: [
      { edit: [["() => 'f1'", "function () { return 'f2' + this.n; }"]], refused: 'this' },
      { edit: [["() => 'f1'", "function () { return 'f3'; }"]], says: ['f3'] },
      { edit: [["'f3'", "'f4' + this.n"]], refused: 'this' },
    ],
  }),
  story({
    name: 'the quotes of a computed key change',
    files: `class A { ['m']() { return 'm1'; } }
const old = new A();
probe(() => [old.m()]);`,
    starts: ['m1'],
    steps: [{ edit: [["['m']", '["m"]']] }, { edit: [["'m1'", "'m2'"]], says: ['m2'] }],
  }),
  story({
    name: 'a class expression becomes a function',
    files: `let thing = class { static s() { return 'class'; } };
probe(() => [thing.s ? thing.s() : thing()]);`,
    starts: ['class'],
    steps: [{ edit: [["class { static s() { return 'class'; } }", "function () { return 'function'; }"]], says: ['function'] }],
  }),
  story({
    name: 'a generator function that a call has handed on becomes a class',
    files: `const same = (value) => value;
let thing = same(function* () { yield 'generator'; });
const show = () => [...thing()].join();
probe(() => [show()]);`,
    starts: ['generator'],
    steps: [
      {
        edit: [
          ["same(function* () { yield 'generator'; })", "class { m() { return 'class'; } }"],
          ['[...thing()].join()', 'new thing().m()'],
        ],
        says: ['class'],
      },
    ],
  }),
  story({
    name: 'a variable is exported now: its value stays',
    level: 'bindings',
    files: `let n = 0;
n = 5;
probe(() => [String(n)]);`,
    starts: ['5'],
    steps: [
      { add: 'export { n };', says: ['5'] },
      { edit: [['export { n };', 'export { n as m };']], says: ['5'] },
    ],
  }),
  story({
    name: 'a function writes a variable that is exported since a later version',
    level: 'bindings',
    files: {
      '/main.js': `import './n.js';
function show() { return 'none'; }
setInterval(turn, 1);
function turn() { last = show(); }
let last = '';
probe(() => [last]);`,
      '/n.js': `let n = 0;
function bump() { n += 1; }
setInterval(turn, 1);
function turn() { bump(); }`,
    },
    starts: ['none'],
    steps: [
      {
        edit: {
          '/n.js': [['let n', 'export let n']],
          '/main.js': [
            ["import './n.js'", "import { n } from './n.js'"],
            ["'none'", "'n' + n"],
          ],
        },
        says: ['n2'],
        kept: true,
      },
      { edit: { '/n.js': [['n += 1', 'n += 10']] }, says: ['n12'], kept: true },
    ],
  }),
  story({
    name: 'an export name goes to another variable, and the first one is written on',
    level: 'bindings',
    files: {
      '/main.js': `import { b, a } from './n.js';
const show = () => b;
probe(() => [show()]);`,
      '/n.js': `let count = 0;
const name = 'name';
setInterval(turn, 1);
function turn() { count++; }
export { count as a, name as b };`,
    },
    starts: ['name'],
    steps: [
      { edit: { '/n.js': [['count as a', 'count as c']], '/main.js': [['{ b, a }', '{ b }']] }, says: ['name'] },
      { edit: { '/n.js': [['name as b', 'name as a']], '/main.js': [['{ b }', '{ a as b }']] }, says: ['name'] },
      { edit: { '/n.js': [['count++', 'count += 2']] }, says: ['name'] },
    ],
  }),
  story({
    name: 'a parent is exported by another name',
    files: {
      '/main.js': `import { A } from './a.js';
class B extends A {}
const old = new B();
probe(() => [old.m(), String(old instanceof A)]);`,
      '/a.js': `export class A { m() { return 'm1'; } }`,
    },
    starts: ['m1', 'true'],
    steps: [
      {
        edit: {
          '/main.js': [['{ A }', '{ default as A }']],
          '/a.js': [
            ['export class', 'export default class'],
            ['m1', 'm2'],
          ],
        },
        says: ['m2', 'true'],
      },
    ],
  }),
  story({
    name: 'a new module uses what its dependency exports since the same save, and leaves again',
    level: 'bindings',
    files: {
      '/main.js': `import { f } from './a.js';
const held = f;
const show = () => 'v1';
probe(() => [held(), show()]);`,
      '/a.js': `const secret = 'secret';
export function f() { return 'f1'; }`,
    },
    starts: ['f1', 'v1'],
    steps: [
      {
        edit: {
          '/a.js': [['const secret', 'export const secret']],
          '/main.js': [
            ['import { f }', "import { more } from './new.js';\nimport { f }"],
            ["'v1'", 'more()'],
          ],
        },
        save: { '/new.js': `import { secret } from './a.js';\nconst D = secret + '!';\nexport const more = () => D + secret;` },
        says: ['f1', 'secret!secret'],
      },
      {
        edit: {
          '/a.js': [['export const secret', 'const secret']],
          '/main.js': [
            ["import { more } from './new.js';\n", ''],
            ['more()', "'v3'"],
          ],
        },
        says: ['f1', 'v3'],
      },
    ],
  }),
  story({
    name: 'static fields are made with constants of the same save',
    files: `const K = 'k1';
class A { static s = 's1'; }
probe(() => [A.s]);`,
    starts: ['s1'],
    steps: [
      {
        edit: [
          ["'k1'", "'k2'"],
          ["'s1'", 'K'],
        ],
        says: ['k2'],
      },
      {
        edit: [
          ["const K = 'k2';", "const L = 'l';\nclass Late { static s = L; }"],
          ['s = K', 's = Late.s'],
        ],
        says: ['l'],
      },
    ],
  }),
  story({
    name: 'a field of a subclass is removed: the parent’s shows, with private names and without',
    files: `class A { x = 'A'; }
class B extends A { x = 'B'; }
class C extends A { #p = 'p'; x = 'C'; p() { return this.#p; } }
probe(() => [new B().x, new C().x + new C().p()]);`,
    starts: ['B', 'Cp'],
    steps: [
      {
        edit: [
          ["x = 'B';", ''],
          [" x = 'C';", ''],
        ],
        says: ['A', 'Ap'],
      },
    ],
  }),
  story({
    name: 'an instance arrow is removed, and comes back with another body',
    files: `class A { f = () => 'f1'; }
probe(() => [new A().f?.() ?? 'none']);`,
    starts: ['f1'],
    steps: [
      { edit: [["f = () => 'f1';", '']], says: ['none'] },
      { edit: [['class A {', "class A { f = () => 'f2';"]], says: ['f2'] },
    ],
  }),
  story({
    name: 'a static field becomes a getter; a setter goes whose getter has a computed name',
    files: `class A { static s = 's1'; set x(v) {} get ['x']() { return 'x1'; } }
const old = new A();
probe(() => [A.s, old.x]);`,
    starts: ['s1', 'x1'],
    steps: [
      { edit: [["static s = 's1'", "static get s() { return 's2'; }"]], says: ['s2', 'x1'] },
      { edit: [['set x(v) {}', '']], says: ['s2', 'x1'] },
    ],
  }),
  story({
    name: 'private names are added to a class that has static ones, and static ones to any class',
    files: `class A { static #s = 's'; static s() { return A.#s; } m() { return 'm1'; } }
class B { static s() { return 'b1'; } }
const old = new A();
probe(() => [A.s(), old.m(), B.s()]);`,
    starts: ['s', 'm1', 'b1'],
    steps: [
      {
        edit: [
          ["m() { return 'm1'", "#x = 'x'; m() { return 'm2' + this.#x"],
          ["static s() { return 'b1'", "static #t = 't1'; static s() { return 'b2' + this.#t"],
        ],
        says: ['s', 'm2x', 'b2t1'],
      },
      { edit: [["'t1'", "'t2'"]], says: ['s', 'm2x', 'b2t2'] },
    ],
  }),
  story({
    name: 'objects follow a constant property by property, also when they are edited in the same save',
    level: 'bindings',
    files: `const K = 'k1';
const o = { inner: { k: K, n: 0 }, text: 't1' };
o.inner.n = 5;
const { inner } = o;
probe(() => [JSON.stringify(o), String(inner === o.inner)]);`,
    starts: ['{"inner":{"k":"k1","n":5},"text":"t1"}', 'true'],
    steps: [
      { edit: [["'k1'", "'k2'"]], says: ['{"inner":{"k":"k2","n":5},"text":"t1"}', 'true'] },
      {
        edit: [
          ["'k2'", "'k3'"],
          ["'t1'", "'t2'"],
        ],
        says: ['{"inner":{"k":"k3","n":5},"text":"t2"}', 'true'],
      },
    ],
  }),
  story({
    name: 'a constant follows a member of a namespace',
    level: 'bindings',
    files: {
      '/main.js': `import * as all from './k.js';
const D = all.K + '!';
probe(() => [D]);`,
      '/k.js': `export const K = 'k1';`,
    },
    starts: ['k1!'],
    steps: [{ edit: { '/k.js': [["'k1'", "'k2'"]] }, says: ['k2!'] }],
  }),
  story({
    name: 'a constant follows one of a module that imports back',
    level: 'bindings',
    files: {
      '/main.js': `import { K, show } from './k.js';
export const D = K + '!';
probe(() => [D, show()]);`,
      '/k.js': `import { D } from './main.js';
export const K = 'k1';
export function show() { return 'v1' + D; }`,
    },
    starts: ['k1!', 'v1k1!'],
    steps: [
      {
        edit: {
          '/k.js': [
            ["'k1'", "'k2'"],
            ["'v1'", "'v2'"],
          ],
        },
        says: ['k2!', 'v2k2!'],
      },
    ],
  }),
  story({
    name: 'a variable moves to the module that imports its first one, behind a barrel',
    level: 'bindings',
    files: {
      '/main.js': `import { show } from './a.js';
import './barrel.js';
const held = show;
probe(() => [held()]);`,
      '/a.js': `export const v = 'v1';
export function show() { return v; }`,
      '/barrel.js': 'export {};',
    },
    starts: ['v1'],
    steps: [
      {
        edit: {
          '/a.js': [["export const v = 'v1'", "import { v } from './barrel.js'"]],
          '/main.js': [['const held', "export const v = 'v2';\nconst held"]],
        },
        save: { '/barrel.js': `export { v } from './main.js';` },
        says: ['v2'],
      },
    ],
  }),
  story({
    name: 'a barrel hands a name on no more: after a save that failed it is kept level again',
    level: 'bindings',
    files: {
      '/main.js': `import { v } from './barrel.js';
import { write } from './v.js';
const show = () => v;
function tell() { write('x'); const first = show(); write('y'); return first + show(); }
probe(() => [tell()]);`,
      '/v.js': `export let v = 'v';
export function write(value) { v = value; }`,
      '/barrel.js': `export { v } from './v.js';`,
    },
    starts: ['xy'],
    steps: [
      {
        edit: {
          '/main.js': [
            ["import { v } from './barrel.js';", "import './barrel.js';"],
            ['() => v', "() => 'none'"],
          ],
        },
        save: { '/barrel.js': 'export {};' },
        says: ['nonenone'],
      },
    ],
  }),
  story({
    name: 'a function that names itself gets another parameter',
    level: 'bindings',
    files: `const f = function self() { return 'f1'; };
probe(() => [f() + f.length]);`,
    starts: ['f10'],
    steps: [{ edit: [["self() { return 'f1'", "self(a) { return 'f2'"]], says: ['f21'] }],
  }),
  story({
    name: 'all functions of a Map change at once: its keys tell them apart',
    files: `const table = new Map([['a', () => 'a1'], ['b', () => 'b1']]);
const held = [table.get('a'), table.get('b')];
probe(() => held.map((f) => f()));`,
    starts: ['a1', 'b1'],
    steps: [
      {
        edit: [
          ["'a1'", "'a2'"],
          ["'b1'", "'b2'"],
        ],
        says: ['a2', 'b2'],
      },
    ],
  }),
];
