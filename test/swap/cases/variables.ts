/** Variables: what keeps its value, what gets the new one, and what follows from it. */
import { story, type SwapCase } from '../case.ts';

export const variableCases: readonly SwapCase[] = [
  story({
    name: 'an unchanged initialiser keeps the value, a changed one gives the new one',
    level: 'bindings',
    files: `let count = 0, step = 1;
const label = 'L1';
function hit() { count += step; }
const held = hit;
held(); held();
probe(() => [label + count + step]);`,
    starts: ['L121'],
    steps: [
      { edit: [["'L1'", "'L2'"]], says: ['L221'] },
      { edit: [['step = 1', 'step = 5']], says: ['L225'], kept: true },
      { edit: [['count = 0', 'count = 100']], says: ['L21005'], kept: true },
      { edit: [["'L2'", "'L3'"]], says: ['L31005'], kept: true },
    ],
  }),
  story({
    name: 'derived constants follow, through several',
    level: 'bindings',
    files: `const K = 2;
const D = K * 2;
const E = D + 1 + '/' + K;
let live = 0;
live = 9;
function show() { return [K, D, E, live].join(); }
const held = show;
probe(() => [held()]);`,
    starts: ['2,4,5/2,9'],
    steps: [
      { edit: [['K = 2;', 'K = 10;']], says: ['10,20,21/10,9'] },
      { edit: [['K * 2', 'K * 3']], says: ['10,30,31/10,9'] },
    ],
  }),
  story({
    name: 'derived constants over three modules',
    level: 'bindings',
    files: {
      '/main.js': `import { D } from './derived.js';
const E = D + 1;
const show = () => D + ' ' + E;
const held = show;
probe(() => [held()]);`,
      '/derived.js': `import { K } from './base.js';
log('derived runs');
export const D = K * 2;`,
      '/base.js': `log('base runs');
export const K = 2;`,
    },
    starts: ['base runs', 'derived runs', '4 5'],
    steps: [
      { edit: { '/base.js': [['2;', '50;']] }, says: ['100 101'] },
      { edit: { '/base.js': [['50;', '60;']], '/derived.js': [['K * 2', 'K * 3']] }, says: ['180 181'] },
    ],
  }),
  story({
    name: 'what a call made of a changed constant is kept: the call may do anything',
    level: 'bindings',
    files: `const SIZE = 2;
let made = 0;
function make(size) { made++; return { size, id: made }; }
const thing = make(SIZE);
const held = thing;
probe(() => [thing.size + ' ' + thing.id + ' ' + made + ' ' + SIZE, String(held === thing)]);`,
    starts: ['2 1 1 2', 'true'],
    steps: [{ edit: [['SIZE = 2', 'SIZE = 3']], says: ['2 1 1 3', 'true'], kept: true }],
  }),
  story({
    name: 'a changed function does not count as a changed initialiser of what it made',
    level: 'bindings',
    files: `let made = 0;
function make() { made++; return ['v1']; }
const thing = make();
thing.push('live');
probe(() => [thing.join() + made]);`,
    starts: ['v1,live1'],
    steps: [{ edit: [["['v1']", "['v2']"]], says: ['v1,live1'], kept: true }],
  }),
  story({
    name: 'callbacks consumed at once and IIFEs belong to the initialiser',
    files: `const list = [1, 2, 3].map((n) => n * 2);
const big = [1, 2, 3].filter((n) => n > 1);
const iife = (() => { return 'i1'; })();
const view = () => [list, big, iife].join(' ');
const held = view;
probe(() => [held()]);`,
    starts: ['2,4,6 2,3 i1'],
    steps: [
      {
        edit: [
          ['n * 2', 'n * 3'],
          ["'i1'", "'i2'"],
        ],
        says: ['3,6,9 2,3 i2'],
      },
      { edit: [['n > 1', 'n > 2']], says: ['3,6,9 3 i2'] },
    ],
  }),
  story({
    name: 'var, and several declarators, patterns and declarations without a value',
    level: 'bindings',
    files: `var a = 1, b;
b = 'set';
const { x, y = 2, ...rest } = { x: 1, z: 3 };
let [first, , third = 't'] = ['f', 's'];
first = 'live';
const show = () => [a, b, x, y, JSON.stringify(rest), first, third].join(' ');
probe(() => [show()]);`,
    starts: ['1 set 1 2 {"z":3} live t'],
    steps: [
      { edit: [['var a = 1', 'var a = 5']], says: ['5 set 1 2 {"z":3} live t'] },
      { edit: [['y = 2, ...rest } = { x: 1', 'y = 20, ...rest } = { x: 10']], says: ['5 set 10 20 {"z":3} live t'] },
    ],
  }),
  story({
    name: 'variables are added and removed; a name that comes back begins anew',
    level: 'bindings',
    files: `let n = 0;
function bump() { n++; return 'v1'; }
function read() { return 'n=' + n; }
const held = [bump, read];
held[0](); held[0]();
setInterval(turn, 1);
function turn() { held[0](); }
probe(() => [held[1]()]);`,
    starts: ['n=3'],
    steps: [
      {
        edit: [
          ['let n = 0;\n', ''],
          ["n++; return 'v1'", "return 'v2'"],
          ["'n=' + n", "'no n'"],
        ],
        says: ['no n'],
      },
      {
        edit: [
          ['function bump() { return', 'let n = 0;\nfunction bump() { n++; return'],
          ["'no n'", "'again ' + n"],
        ],
        says: ['again 1'],
        kept: true,
      },
    ],
  }),
  story({
    name: 'a value with identity: an instance, a Map, a symbol and a regular expression are kept',
    level: 'bindings',
    files: `const key = Symbol('key');
const map = new Map();
const weak = new WeakMap();
const owner = {};
const pattern = /a/g;
map.set(key, 'in map'); weak.set(owner, 'in weak');
const held = [key, map, weak, pattern];
function show() { return 'v1 ' + map.get(key) + ' ' + weak.get(owner); }
probe(() => [show(), String(held[0] === key && held[1] === map && held[2] === weak && held[3] === pattern)]);`,
    starts: ['v1 in map in weak', 'true'],
    steps: [{ edit: [['v1', 'v2']], says: ['v2 in map in weak', 'true'] }],
  }),
  story({
    name: 'a changed constructor call gives a new object to the variable',
    level: 'bindings',
    files: `let tags = new Set(['a']);
tags.add('live');
const show = () => [...tags].join();
const held = show;
probe(() => [held()]);`,
    starts: ['a,live'],
    steps: [{ edit: [["new Set(['a'])", "new Set(['b'])"]], says: ['b'], kept: true }],
  }),
  story({
    name: 'an initialiser that throws drops the whole save',
    level: 'bindings',
    files: `let n = 1;
function show() { return 'v1 ' + n; }
const K = 'fine';
probe(() => [show(), K]);`,
    starts: ['v1 1', 'fine'],
    steps: [
      {
        edit: [
          ['v1', 'v2'],
          ["'fine'", "(() => { throw new Error('boom'); })()"],
        ],
        refused: 'boom',
      },
      { edit: [['v1', 'v3']], says: ['v3 1', 'fine'] },
    ],
  }),
  story({
    name: 'changed initialisers see each other’s new values, in source order',
    level: 'bindings',
    files: `const a = 'a1';
const b = a + ' b1';
function tag() { return 't1'; }
const c = b + ' ' + tag();
probe(() => [a, b, c]);`,
    starts: ['a1', 'a1 b1', 'a1 b1 t1'],
    steps: [
      {
        edit: [
          ["'a1'", "'a2'"],
          ["' b1'", "' b2'"],
          ["'t1'", "'t2'"],
          ["b + ' ' + tag()", "tag() + ' ' + b"],
        ],
        says: ['a2', 'a2 b2', 't2 a2 b2'],
      },
    ],
  }),
];
