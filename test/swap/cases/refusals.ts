/** What cannot be changed in place: refused with a reason, nothing changed, and the next save that can be swapped is. */
import { story, type SwapCase } from '../case.ts';

/** What the program of a save that throws in its last line shows, whose function says this. */
const asBefore = (f: string): string[] => [
  '{"a":"live","b":2}',
  '5',
  f,
  '1',
  'm1p1',
  'arrow1',
  'g1',
  '1',
  'undefined',
  'undefined',
  'function',
  'undefined',
  'arrow',
  'constructor,m,g,gone',
  'true',
];

/** A program with a function and a class to see that nothing of a refused save came through. */
function refusal(name: string, before: string, after: string, reason: string): SwapCase {
  const rest = `
function witness() { return 'w1'; }
class Witness { m() { return 'm1'; } }
const held = witness, old = new Witness();
probe(() => [held(), old.m(), typeof old.added]);`;
  return story({
    name,
    files: `${before}${rest}`,
    starts: ['w1', 'm1', 'undefined'],
    steps: [
      {
        edit: [
          [before, after],
          ["'w1'", "'w2'"],
          ["'m1'; }", "'m2'; } added() {}"],
        ],
        refused: reason,
      },
      {
        edit: [
          ["'w1'", "'w3'"],
          ["'m1'", "'m3'"],
        ],
        says: ['w3', 'm3', 'undefined'],
      },
    ],
  });
}

export const refusalCases: readonly SwapCase[] = [
  refusal('a top-level statement is changed', 'globalThis.swapCaseValue = 1;', 'globalThis.swapCaseValue = 2;', 'statement'),
  refusal('a top-level statement is removed', 'globalThis.swapCaseValue = 1;', '', 'statement'),
  refusal(
    'a top-level condition is changed',
    "if (typeof nothing === 'undefined') globalThis.swapCaseValue = 1;",
    "if (typeof nothing !== 'undefined') globalThis.swapCaseValue = 1;",
    'statement',
  ),
  refusal(
    'a top-level call gets another argument',
    'globalThis.swapCaseValue = Math.max(1, 2);',
    'globalThis.swapCaseValue = Math.max(1, 3);',
    'statement',
  ),
  refusal('let f becomes function f', 'let f = () => 1;', 'function f() { return 1; }', 'f'),
  refusal('function f becomes let f', 'function f() { return 1; }', 'let f = () => 1;', 'f'),
  refusal('a function becomes a class', 'function Thing() {}', 'class Thing {}', 'Thing'),
  refusal('a class becomes a constant', 'class Thing {}', 'const Thing = 1;', 'Thing'),
  refusal('direct eval comes into a function', 'function run() { return 1; }', "function run() { return eval('1'); }", 'eval'),
  story({
    name: 'a module with direct eval: any edit',
    files: `const secret = 's';
function run() { return eval('secret') + '1'; }
function witness() { return 'w1'; }
probe(() => [run(), witness()]);`,
    starts: ['s1', 'w1'],
    steps: [{ edit: [["'w1'", "'w2'"]], refused: 'eval' }],
  }),
  ...['constructor', 'prototype'].map((name) =>
    story({
      name: `a module with a variable that is named ${name} runs; any edit is refused`,
      level: 'bindings',
      files: `const ${name} = 'c1';
function witness() { return 'w1'; }
probe(() => [${name}, witness()]);`,
      starts: ['c1', 'w1'],
      steps: [{ edit: [["'w1'", "'w2'"]], refused: 'named' }],
    }),
  ),
  story({
    name: 'a member is added to a frozen prototype: refused, and the rest of the save as well',
    files: `class P { m() { return 'm1'; } }
Object.freeze(P.prototype);
const old = new P();
function witness() { return 'w1'; }
probe(() => [old.m(), typeof old.added, witness()]);`,
    starts: ['m1', 'undefined', 'w1'],
    steps: [
      {
        edit: [
          ["'m1'; }", "'m2'; } added() {}"],
          ["'w1'", "'w2'"],
        ],
        refused: 'added',
      },
      {
        edit: [
          ["'w1'", "'w3'"],
          ["'m1'", "'m3'"],
        ],
        says: ['m3', 'undefined', 'w3'],
      },
    ],
  }),
  story({
    name: 'a static is added to a frozen class: refused',
    files: `class P { static m() { return 'm1'; } }
Object.freeze(P);
function witness() { return 'w1'; }
probe(() => [P.m(), typeof P.added, witness()]);`,
    starts: ['m1', 'undefined', 'w1'],
    steps: [
      {
        edit: [
          ["'m1'; }", "'m2'; } static added() {}"],
          ["'w1'", "'w2'"],
        ],
        refused: 'added',
      },
      { edit: [["'m1'", "'m3'"]], says: ['m3', 'undefined', 'w1'] },
    ],
  }),
  story({
    name: 'added top-level code throws: everything is back, whatever kind of thing changed',
    files: `const config = { a: 1, b: 2 };
config.a = 'live';
let n = 1;
function f(x) { return 'f1'; }
class A { static s = 1; #p = 'p1'; m() { return 'm1' + this.#p; } get g() { return 'g1'; } gone() { return 'gone'; } }
class B extends A { arrow = () => 'arrow1'; }
const old = new B(), held = [f, old.m, old.arrow];
n = 5;
const show = () => [JSON.stringify(config), n, held[0](), held[0].length, held[1].call(old), held[2](), old.g, A.s, typeof A.t, typeof old.added, typeof old.gone, typeof old.field, Object.keys(old).join(), Object.getOwnPropertyNames(A.prototype).join(), Object.getPrototypeOf(B) === A];
probe(() => show().map(String));`,
    starts: asBefore('f1'),
    steps: [
      {
        edit: [
          ['a: 1, b: 2', 'a: 10, c: 3'],
          ['let n = 1', 'let n = 100'],
          ["f(x) { return 'f1'; }", "f(x, y, z) { return 'f2'; }"],
          ['static s = 1;', "static s = 2; static t() {} field = 'field'; added() {} #q = 'q';"],
          ["'m1' + this.#p", "'m2' + this.#p + this.#q"],
          ["get g() { return 'g1'; } gone() { return 'gone'; }", "get g() { return 'g2'; } set g(v) {}"],
          ['class B extends A', 'class B extends Object'],
          ["'arrow1'", "'arrow2'"],
          ['n = 5;', "n = 5;\nthrow new Error('boom');"],
        ],
        refused: 'boom',
      },
      {
        edit: [["'f1'", "'f3'"]],
        says: asBefore('f3'),
      },
    ],
  }),
  story({
    name: 'a new module throws while it runs: its importer is not changed',
    level: 'bindings',
    files: `function show() { return 'v1'; }
const held = show;
probe(() => [held()]);`,
    starts: ['v1'],
    steps: [
      {
        edit: [
          ["'v1'", "'v2' + x"],
          ['function show', "import { x } from './new.js';\nfunction show"],
        ],
        save: { '/new.js': `export const x = 'x'; throw new Error('new boom');` },
        refused: 'new boom',
      },
      { edit: [["'v1'", "'v3'"]], says: ['v3'] },
    ],
  }),
  story({
    name: 'a changed class whose extends throws: nothing changed',
    files: `class A { a() { return 'a1'; } }
class B extends A { b() { return 'b1'; } }
const old = new B();
probe(() => [old.a(), old.b(), String(old instanceof A)]);`,
    starts: ['a1', 'b1', 'true'],
    steps: [
      {
        edit: [
          ["'a1'", "'a2'"],
          ['B extends A', 'B extends nothing()'],
          ['class A {', "function nothing() { throw new Error('no parent'); }\nclass A {"],
        ],
        refused: 'no parent',
      },
      {
        edit: [
          ["'a1'", "'a3'"],
          ["'b1'", "'b3'"],
        ],
        says: ['a3', 'b3', 'true'],
      },
    ],
  }),
];
