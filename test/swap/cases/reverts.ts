/** Long lives: reverts, many versions, a program that is many versions behind, and state that changes its form. */
import { story, type SwapCase } from '../case.ts';

const KINDS = `const K = 1;
let state = 0;
function f() { return 'f1' + K; }
class C { #p = 'p'; x = 1; m() { return 'm1' + this.#p + this.x; } static s() { return 's1'; } arrow = () => 'a1' + this.x; }
const o = { n: 1, go() { return 'o1' + this.n; } };
state = 5;
o.n = 7;
const old = new C();
old.x = 50;
const held = [f, old.m.bind(old), old.arrow, C.s, o.go.bind(o)];
probe(() => [...held.map((g) => g()), String(state), String(K)]);`;

const KINDS_EDITS = [
  ['const K = 1', 'const K = 2'],
  ["'f1'", "'f2'"],
  ["'m1'", "'m2'"],
  ["'s1'", "'s2'"],
  ["'a1'", "'a2'"],
  ["'o1'", "'o2'"],
] as const;

const COUNTER = `let count = 0;
const said = [];
class Counter { n = 0; step() { this.n++; return 'v1 '; } }
const old = new Counter();
function hit() { count++; return old.step() + 'w1'; }
setInterval(turn, 1);
function turn() { last = hit(); }
let last = 'none';
probe(() => [last, count + ' ' + old.n]);`;

export const revertCases: readonly SwapCase[] = [
  story({
    name: 'back to the first version, and forth again',
    files: KINDS,
    starts: ['f11', 'm1p50', 'a150', 's1', 'o17', '5', '1'],
    steps: [
      { edit: KINDS_EDITS, says: ['f22', 'm2p50', 'a250', 's2', 'o27', '5', '2'] },
      { edit: KINDS_EDITS.map(([from, to]) => [to, from] as const), says: ['f11', 'm1p50', 'a150', 's1', 'o17', '5', '1'] },
      { edit: KINDS_EDITS, says: ['f22', 'm2p50', 'a250', 's2', 'o27', '5', '2'] },
    ],
  }),
  story({
    name: 'case 8: twenty-nine swaps in a row: a counter keeps counting',
    files: COUNTER,
    starts: ['v1 w1', '1 1'],
    steps: Array.from({ length: 29 }, (_, index) => ({
      edit:
        index % 2 === 0
          ? ([[`'v${index / 2 + 1} '`, `'v${index / 2 + 2} '`]] as const)
          : ([[`'w${(index + 1) / 2}'`, `'w${(index + 1) / 2 + 1}'`]] as const),
      says: [`v${Math.floor(index / 2) + 2} w${Math.floor((index + 1) / 2) + 1}`, `${index + 2} ${index + 2}`],
      kept: true as const,
    })),
  }),
  story({
    name: 'from version 1 straight to version 5',
    files: {
      '/main.js': `import { K } from './k.js';
let count = 0;
class A { n = 1; m() { return 'm1'; } gone() {} }
function f() { return 'f1' + K; }
count = 9;
const old = new A(), held = f;
old.n = 5;
probe(() => [held(), old.m(), typeof old.gone, typeof old.added, String(count)]);`,
      '/k.js': `export const K = 'k1';`,
    },
    starts: ['f1k1', 'm1', 'function', 'undefined', '9'],
    steps: [
      {
        edit: {
          '/main.js': [
            ["import { K } from './k.js';", "import { K, more } from './k.js';"],
            ["'m1'; } gone() {}", "'m5' + this.n + this.fresh + this.#p; } added() {} fresh = 'fresh'; #p = 'p';"],
            ["return 'f1' + K;", "return helper('f5' + K + more());"],
            ['function f', 'function helper(s) { return s + suffix; }\nconst suffix = "!";\nfunction f'],
          ],
          '/k.js': [["'k1';", "'k5';\nexport function more() { return 'more'; }"]],
        },
        says: ['f5k5more!', 'm55freshp', 'undefined', 'function', '9'],
      },
    ],
  }),
  story({
    name: 'a function is added, removed, and added again under the same name',
    level: 'bindings',
    files: `function main() { return 'alone'; }
const held = main;
probe(() => [held()]);`,
    starts: ['alone'],
    steps: [
      {
        edit: [
          ["return 'alone'", "return 'with ' + helper()"],
          ['function main', "function helper() { return 'h1'; }\nfunction main"],
        ],
        says: ['with h1'],
      },
      {
        edit: [
          ["return 'with ' + helper()", "return 'alone'"],
          ["function helper() { return 'h1'; }\n", ''],
        ],
        says: ['alone'],
      },
      {
        edit: [
          ["return 'alone'", "return 'with ' + helper()"],
          ['function main', "function helper() { return 'h1'; }\nfunction main"],
        ],
        says: ['with h1'],
      },
      { edit: [["'h1'", "'h2'"]], says: ['with h2'] },
    ],
  }),
  story({
    name: 'a class is added, removed, and added again',
    files: `function main() { return 'none'; }
const held = main;
probe(() => [held()]);`,
    starts: ['none'],
    steps: [
      {
        edit: [
          ["return 'none'", 'return new Late().hi()'],
          ['const held', "class Late { #x = 'x'; hi() { return 'late1' + this.#x; } }\nconst held"],
        ],
        says: ['late1x'],
      },
      { edit: [["'late1'", "'late2'"]], says: ['late2x'] },
      {
        edit: [
          ['return new Late().hi()', "return 'none'"],
          ["class Late { #x = 'x'; hi() { return 'late2' + this.#x; } }\n", ''],
        ],
        says: ['none'],
      },
      {
        edit: [
          ["return 'none'", 'return new Late().hi()'],
          ['const held', "class Late { #x = 'x'; hi() { return 'late3' + this.#x; } }\nconst held"],
        ],
        says: ['late3x'],
      },
    ],
  }),
  story({
    name: 'an instance of a class that was added by a swap gets the next swap’s methods',
    files: `let made;
function make() { return undefined; }
setInterval(turn, 1);
function turn() { made ??= make(); }
probe(() => [made ? made.hi() : 'nothing']);`,
    starts: ['nothing'],
    steps: [
      {
        edit: [
          [
            'function make() { return undefined; }',
            "class Late { n = 1; hi() { return 'late1 ' + this.n; } }\nfunction make() { return new Late(); }",
          ],
        ],
        says: ['late1 1'],
      },
      {
        edit: [
          ["'late1 '", "'late2 '"],
          ['n = 1', 'n = 2'],
        ],
        says: ['late2 1'],
        kept: true,
      },
    ],
  }),
  story({
    name: 'case 5: a changed data model with migrate',
    files: `let hits = 0;
class AppleModel { seeds = 3; show() { return typeof this.seeds + ' ' + this.seeds; } }
const old = new AppleModel();
hits = 4;
import.meta.hot?.migrate({ AppleModel: () => {} });
probe(() => [typeof hits + ' ' + hits, old.show(), new AppleModel().show()]);`,
    starts: ['number 4', 'number 3', 'number 3'],
    steps: [
      {
        edit: [
          ['let hits = 0', 'let hits = 0n'],
          ['seeds = 3', 'seeds = []'],
          ['this.seeds; }', 'this.seeds.length; }'],
          [
            '{ AppleModel: () => {} }',
            "{ hits: (prev) => BigInt(prev), AppleModel: (apple) => { if (typeof apple.seeds === 'number') apple.seeds = Array.from({ length: apple.seeds }, () => 'seed'); } }",
          ],
        ],
        says: ['bigint 4', 'object 3', 'object 0'],
        kept: true,
      },
    ],
  }),
  story({
    name: 'case 6: private fields, accessors, statics, symbol keys and a frozen instance at once',
    files: `const tag = Symbol('tag');
class Thing {
  static made = 0;
  #id = ++Thing.made;
  get id() { return 'id1 ' + this.#id; }
  [tag]() { return 'tag1 ' + this.#id; }
  static count() { return 'count1 ' + this.made; }
}
const a = new Thing(), frozen = Object.freeze(new Thing());
probe(() => [a.id, frozen.id, frozen[tag](), Thing.count()]);`,
    starts: ['id1 1', 'id1 2', 'tag1 2', 'count1 2'],
    steps: [
      {
        edit: [
          ["'id1 '", "'id2 '"],
          ["'tag1 '", "'tag2 '"],
          ["'count1 '", "'count2 '"],
        ],
        says: ['id2 1', 'id2 2', 'tag2 2', 'count2 2'],
      },
      {
        edit: [
          ['get id()', "#note = 'note'; get note() { return this.#note; } get id()"],
          ["'tag2 ' + this.#id", "'tag3 ' + this.note"],
        ],
        says: ['id2 1', 'id2 2', 'tag3 note', 'count2 2'],
      },
    ],
  }),
];
