/**
 * Objects that were there before a class changed: what they have for good (fields, private names, what made them), and functions that are
 * taken away from the class and come back.
 */
import { story, type SwapCase } from '../case.ts';

const INVERTED = `class A { a = 1; who() { return 'A'; } }
class B extends A { b = 2; who() { return 'B' + super.who(); } }`;

export const objectsBeforeCases: readonly SwapCase[] = [
  story({
    name: 'inheritance is inverted',
    files: `class B { b = 2; who() { return 'B'; } }
class A extends B { a = 1; who() { return 'A' + super.who(); } }
const a = new A(), b = new B();
probe(() => [a.who(), b.who(), JSON.stringify([new A(), new B()]), [a instanceof B, b instanceof A].join()]);`,
    starts: ['AB', 'B', '[{"b":2,"a":1},{"b":2}]', 'true,false'],
    steps: [
      {
        edit: [
          [
            `class B { b = 2; who() { return 'B'; } }
class A extends B { a = 1; who() { return 'A' + super.who(); } }`,
            INVERTED,
          ],
        ],
        says: ['A', 'BA', '[{"a":1},{"a":1,"b":2}]', 'false,true'],
      },
      {
        edit: [[INVERTED, `${INVERTED.replace('class A {', 'class C {}\nclass A extends C {')}`]],
        says: ['A', 'BA', '[{"a":1},{"a":1,"b":2}]', 'false,true'],
      },
    ],
  }),
  story({
    name: 'inheritance is inverted over modules that import each other',
    files: {
      '/main.js': `import { B } from './b.js';
import { A } from './a.js';
const a = new A(), b = new B();
probe(() => [a.who(), b.who(), typeof a.other(), [a instanceof B, b instanceof A].join()]);`,
      '/a.js': `import { B } from './b.js';
export class A extends B { other() { return B; } who() { return 'A'; } }`,
      '/b.js': `export class B { who() { return 'B'; } }`,
    },
    starts: ['A', 'B', 'function', 'true,false'],
    steps: [
      {
        edit: {
          '/a.js': [['A extends B', 'A']],
          '/b.js': [['export class B', `import { A } from './a.js';\nexport class B extends A`]],
        },
        says: ['A', 'B', 'function', 'false,true'],
      },
    ],
  }),
  story({
    name: 'a ring of three classes is turned, written as values',
    files: `const C = class { c() {} };
const B = class extends C { b() {} };
const A = class extends B { a() {} };
const list = [new A(), new B(), new C()];
probe(() => [list.map((object) => ['a', 'b', 'c'].filter((name) => name in object).join('')).join()]);`,
    starts: ['abc,bc,c'],
    steps: [
      {
        edit: [
          ['const C = class { c() {} };\n', ''],
          ['class extends C {', 'class {'],
          ['const list', 'const C = class extends A { c() {} };\nconst list'],
        ],
        says: ['ab,b,abc'],
      },
    ],
  }),
  story({
    name: 'an arrow function in a field becomes a method, and one again',
    files: `class C { n = 1; go = () => 'a' + this.n; }
const c = new C();
const go = c.go;
probe(() => [c.go(), go.call(c), new C().go()]);`,
    starts: ['a1', 'a1', 'a1'],
    steps: [
      { edit: [["go = () => 'a' + this.n;", "go() { return 'b' + this.n; }"]], says: ['b1', 'b1', 'b1'] },
      { edit: [["'b'", "'c'"]], says: ['c1', 'c1', 'c1'] },
      { edit: [["go() { return 'c' + this.n; }", "go = () => 'd' + this.n;"]], says: ['d1', 'd1', 'd1'] },
      { edit: [["'d'", "'e'"]], says: ['e1', 'e1', 'e1'] },
    ],
  }),
  story({
    name: 'a method becomes an arrow function in a field, for who has bound it too',
    files: `class C { n = 1; go() { return 'a' + this.n; } static go() { return 's'; } }
const c = new C();
const go = c.go.bind(c);
const still = C.go;
probe(() => [c.go(), go(), new C().go(), C.go(), still()]);`,
    starts: ['a1', 'a1', 'a1', 's', 's'],
    steps: [
      {
        edit: [
          ["go() { return 'a' + this.n; }", "go = () => 'b' + this.n;"],
          ["static go() { return 's'; }", "static go = () => 't';"],
        ],
        says: ['b1', 'b1', 'b1', 't', 't'],
      },
      {
        edit: [
          ["'b'", "'c'"],
          ["'t'", "'u'"],
        ],
        says: ['c1', 'c1', 'c1', 'u', 'u'],
      },
    ],
  }),
  story({
    name: 'functions of a class are taken away, and come back with other code',
    files: `class C { #hidden() { return 'h1'; } #arrow = () => 'p1'; go() { return 'g1'; } on = () => 'o1'; get size() { return 1; } run() { return [this.#hidden(), this.#arrow()].join(); } }
const c = new C();
const { go, on } = c;
probe(() => [c.run(), new C().run(), go(), on(), [c.go?.(), c.on?.(), c.size].join()]);`,
    starts: ['h1,p1', 'h1,p1', 'g1', 'o1', 'g1,o1,1'],
    steps: [
      {
        edit: [
          [
            "#hidden() { return 'h1'; } #arrow = () => 'p1'; go() { return 'g1'; } on = () => 'o1'; get size() { return 1; } run() { return [this.#hidden(), this.#arrow()].join(); }",
            "run() { return 'none'; }",
          ],
        ],
        says: ['none', 'none', 'g1', 'o1', ',o1,'],
        kept: true,
      },
      {
        edit: [
          [
            "run() { return 'none'; }",
            "#hidden() { return 'h2'; } #arrow = () => 'p2'; go() { return 'g2'; } on = () => 'o2'; get size() { return 2; } run() { return [this.#hidden(), this.#arrow()].join(); }",
          ],
        ],
        says: ['h2,p2', 'h2,p2', 'g2', 'o2', 'g2,o2,2'],
      },
      {
        edit: [
          ["'h2'", "'h3'"],
          ["'p2'", "'p3'"],
          ["'g2'", "'g3'"],
          ["'o2'", "'o3'"],
        ],
        says: ['h3,p3', 'h3,p3', 'g3', 'o3', 'g3,o3,2'],
      },
    ],
  }),
  story({
    name: 'one of a pair of private accessors goes away, and comes back with other code',
    files: `class C { v = 1; get #p() { return this.v; } set #p(value) { this.v = value - 100; } run() { this.v = 1; this.#p = 105; return this.#p; } }
const c = new C();
probe(() => [String(c.run())]);`,
    starts: ['5'],
    steps: [
      {
        edit: [
          [' set #p(value) { this.v = value - 100; }', ''],
          [' this.#p = 105;', ''],
        ],
        says: ['1'],
      },
      {
        edit: [
          ['get #p() { return this.v; }', 'get #p() { return this.v; } set #p(value) { this.v = value; }'],
          ['this.v = 1;', 'this.v = 1; this.#p = 105;'],
        ],
        says: ['105'],
      },
    ],
  }),
  ...(['get v() { return 2; }', 'v() { return 2; }'] as const).map((member) =>
    story({
      name: `a field becomes "${member}", which objects of before would hide`,
      files: `class C { v = 1; }
const c = new C();
probe(() => [typeof c.v]);`,
      starts: ['number'],
      steps: [{ edit: [['v = 1;', member]], refused: 'v of C was a field' }],
    }),
  ),
  story({
    name: 'a field goes away, and a getter of its name comes later',
    files: `class C { v = 1; }
const c = new C();
probe(() => [String(c.v)]);`,
    starts: ['1'],
    steps: [
      { edit: [[' v = 1;', '']], says: ['1'], kept: true },
      { edit: [['class C {', 'class C { get v() { return 2; }']], refused: 'v of C was a field' },
      { edit: [['class C {', 'class C { get w() { return 2; }']], says: ['1'], kept: true },
    ],
  }),
  story({
    name: 'a getter becomes a field',
    files: `class C { get v() { return 1; } }
const c = new C();
probe(() => [String(c.v), String(new C().v)]);`,
    starts: ['1', '1'],
    steps: [{ edit: [['get v() { return 1; }', 'v = 2;']], says: ['2', '2'] }],
  }),
  ...(
    [
      ['class C {', 'class C extends Map {', 'C extends Map now'],
      ['class D extends Map {', 'class D extends Set {', 'D extends Set now'],
      ['class D extends Map {', 'class D {', 'D does not extend Map any more'],
      ['class D extends Map {', 'class D extends C {', 'D extends what has not made the objects of before'],
    ] as const
  ).map(([from, to, refused]) =>
    story({
      name: `${from.slice(0, -2)} becomes ${to.slice(0, -2)}: a built-in has made the objects of before, or has not`,
      files: `class C { hi() { return 'c'; } }
class D extends Map { hi() { return 'd' + this.size; } }
const c = new C(), d = new D([[1, 1]]);
probe(() => [c.hi(), d.hi()]);`,
      starts: ['c', 'd1'],
      steps: [{ edit: [[from, to]], refused }],
    }),
  ),
  story({
    name: 'a class extends an imported one, which makes other objects',
    files: {
      '/base.js': `export class Base { hi() { return 'base'; } }\nexport class Store extends Map {}`,
      '/main.js': `import { Base, Store } from './base.js';
class C extends Map { hi() { return 'c' + this.size; } }
const c = new C([[1, 1]]);
probe(() => [c.hi(), String(c instanceof Store), String(c instanceof Base)]);`,
    },
    starts: ['c1', 'false', 'false'],
    steps: [
      { edit: [['class C extends Map', 'class C extends Base']], refused: 'C extends what has not made the objects of before' },
      { edit: [['class C extends Map', 'class C extends Store']], says: ['c1', 'true', 'false'] },
    ],
  }),
  story({
    name: 'a class between a class and its built-in parent',
    files: `class C extends Map { hi() { return 'c' + this.size; } }
const c = new C([[1, 1]]);
probe(() => [c.hi(), new C().hi(), String(c.get(1))]);`,
    starts: ['c1', 'c0', '1'],
    steps: [
      {
        edit: [['class C extends Map {', "class M extends Map { get(key) { return 'm' + super.get(key); } }\nclass C extends M {"]],
        says: ['c1', 'c0', 'm1'],
      },
      { edit: [['class C extends M {', 'class C extends Map {']], says: ['c1', 'c0', '1'] },
    ],
  }),
];
