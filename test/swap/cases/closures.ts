/** Functions made inside functions: new code, the variables that they captured, and never the code of a neighbour. */
import { story, type SwapCase } from '../case.ts';

export const closureCases: readonly SwapCase[] = [
  story({
    name: 'at every level a closure of an old call goes on with what it captured',
    level: 'bindings',
    files: `function make(start) { let n = start; return { inc() { n++; }, read: () => 'n' + n }; }
const held = make(5);
held.inc();
probe(() => [held.read()]);`,
    starts: ['n6'],
    steps: [{ add: 'function other() { return 1; }', says: ['n6'] }],
  }),
  story({
    name: 'a counter’s closures: new bodies, the same captured variable',
    level: 'closures',
    files: `function make(start) {
  let n = start;
  return { inc() { n++; }, read: () => 'n' + n };
}
const held = [make(5), make(50)];
held[0].inc();
setInterval(turn, 1);
function turn() { for (const counter of held) counter.inc(); }
probe(() => held.map((c) => c.read()));`,
    starts: ['n7', 'n51'],
    steps: [
      { edit: [["'n' + n", "'N=' + n"]], says: ['N=8', 'N=52'], kept: true },
      { edit: [['n++', 'n += 100']], says: ['N=108', 'N=152'], kept: true },
    ],
  }),
  story({
    name: 'imported names beside a closure, in code and in what a class extends',
    level: 'closures',
    files: {
      '/main.js': `import { base, Base } from './base.js';
function make() { const inner = () => base; return 'one ' + inner() + base; }
class A extends Base { say() { return 'A'; } }
const a = new A();
probe(() => [make(), a.say(), a.own()]);`,
      '/base.js': `export const base = 7; export class Base { own() { return 'own'; } } export class Other { own() { return 'other'; } }`,
    },
    starts: ['one 77', 'A', 'own'],
    steps: [
      { edit: [["'one '", "'two '"]], says: ['two 77', 'A', 'own'] },
      {
        edit: [
          ['() => base;', '() => base + 1;'],
          ['{ base, Base }', '{ base, Other as Base }'],
          ["'A'", "'B' + base"],
        ],
        says: ['two 87', 'B7', 'other'],
      },
    ],
  }),
  story({
    name: 'a running interval and a pending timer get new code and keep what they captured',
    level: 'closures',
    files: `const said = [];
function start(tag) {
  let beats = 0;
  setInterval(() => { beats++; said.push(tag + ' beat ' + beats); }, 1);
  setTimeout(() => { said.push(tag + ' done after ' + beats); }, 3);
}
start('t');
probe(() => [said.join('; ')]);`,
    starts: ['t beat 1'],
    steps: [
      { edit: [["' beat '", "' tick '"]], says: ['t beat 1; t tick 2'], kept: true },
      { edit: [["' done after '", "' over after '"]], says: ['t beat 1; t tick 2; t tick 3; t over after 3'], kept: true },
    ],
  }),
  story({
    name: 'listeners of two events in one function: each gets its own',
    level: 'closures',
    files: `const target = new EventTarget();
function listen(name) {
  target.addEventListener('a', (event) => event.said.push(name + ' a1'));
  target.addEventListener('b', (event) => event.said.push(name + ' b1'));
}
listen('x');
function fire(type) { const event = new Event(type); event.said = []; target.dispatchEvent(event); return event.said.join(); }
probe(() => [fire('a'), fire('b')]);`,
    starts: ['x a1', 'x b1'],
    steps: [
      { edit: [["' a1'", "' a2'"]], says: ['x a2', 'x b1'] },
      { edit: [["' b1'", "' b2'"]], says: ['x a2', 'x b2'] },
      {
        edit: [
          [
            "  target.addEventListener('a'",
            "  target.addEventListener('c', (event) => event.said.push(name + ' c1'));\n  target.addEventListener('a'",
          ],
        ],
        says: ['x a2', 'x b2'],
      },
    ],
  }),
  story({
    name: 'indistinguishable listeners are left alone rather than confused',
    level: 'closures',
    files: `const list = [];
function on(f) { list.push(f); }
function listen() {
  on(() => 'first 1');
  on(() => 'second 1');
}
listen();
probe(() => list.map((f) => f().split(' ')[0]));`,
    starts: ['first', 'second'],
    steps: [
      { edit: [["on(() => 'first 1');\n  on(() => 'second 1');", "on(() => 'second 2');\n  on(() => 'first 2');"]], kept: true },
      { edit: [["on(() => 'second 2');", "on(() => 'zeroth 3');\n  on(() => 'second 3');"]], kept: true },
    ],
  }),
  story({
    name: 'closures in closures, each with its own captured variables',
    level: 'closures',
    files: `function outer(a) {
  return function middle(b) {
    return function inner(c) { return 'v1 ' + a + b + c; };
  };
}
const middle = outer(1), inner = middle(2), other = outer(10)(20);
probe(() => [inner(3), other(30), middle(5)(6)]);`,
    starts: ['v1 123', 'v1 102030', 'v1 156'],
    steps: [{ edit: [["'v1 ' + a + b + c", "'v2 ' + [c, b, a].join('-')"]], says: ['v2 3-2-1', 'v2 30-20-10', 'v2 6-5-1'] }],
  }),
  story({
    name: 'this and arguments of the enclosing function in an arrow',
    level: 'closures',
    files: `class Panel {
  constructor(name) { this.name = name; }
  open() { const [first] = arguments; this.close = () => 'v1 ' + this.name + ' ' + first; return this; }
}
const held = new Panel('p').open('arg').close;
probe(() => [held()]);`,
    starts: ['v1 p arg'],
    steps: [{ edit: [["'v1 ' + this.name", "'v2 ' + this.name"]], says: ['v2 p arg'] }],
  }),
  story({
    name: 'a closure’s new body uses a new variable and a new function of the module',
    level: 'closures',
    files: `function make(x) { return () => 'v1 ' + x; }
const held = make('x');
probe(() => [held()]);`,
    starts: ['v1 x'],
    steps: [
      {
        edit: [
          ["'v1 ' + x", 'prefix + shout(x)'],
          ['function make', "const prefix = 'v2 ';\nfunction shout(s) { return s.toUpperCase(); }\nfunction make"],
        ],
        says: ['v2 X'],
      },
    ],
  }),
  story({
    name: 'a closure made in a loop: each keeps its own turn',
    level: 'closures',
    files: `function make() { const all = []; for (let i = 0; i < 3; i++) all.push(() => 'v1:' + i); return all; }
const held = make();
probe(() => [held.map((f) => f()).join()]);`,
    starts: ['v1:0,v1:1,v1:2'],
    steps: [{ edit: [["'v1:'", "'v2:'"]], says: ['v2:0,v2:1,v2:2'] }],
  }),
  story({
    name: 'a class made inside a function (a mixin): methods in old instances',
    level: 'closures',
    files: `class Base { base() { return 'base'; } }
const Loud = (B) => class extends B { shout() { return 'v1 ' + this.base().toUpperCase(); } };
class Thing extends Loud(Base) {}
const thing = new Thing();
probe(() => [thing.shout()]);`,
    starts: ['v1 BASE'],
    steps: [{ edit: [["'v1 '", "'v2 '"]], says: ['v2 BASE'] }],
  }),
  story({
    name: 'a promise’s then that waits, and a generator’s closure',
    level: 'closures',
    files: `const said = [];
function wait(tag) { new Promise((resolve) => setTimeout(resolve, 2)).then(() => { said.push('v1 ' + tag); }); }
wait('w');
function* gen() { const x = 'own'; yield () => 'g1 ' + x; }
const [fromGen] = gen();
probe(() => [said.join(), fromGen()]);`,
    starts: ['', 'g1 own'],
    steps: [
      {
        edit: [
          ["'v1 '", "'v2 '"],
          ["'g1 '", "'g2 '"],
        ],
        says: ['v2 w', 'g2 own'],
        kept: true,
      },
    ],
  }),
  story({
    name: 'a handler map built inside a function',
    level: 'closures',
    files: `function handlers(log) {
  return { save: () => log('save1'), load() { return log('load1'); }, nested: { reset: function () { return log('reset1'); } } };
}
const table = handlers((x) => '<' + x + '>');
const held = [table.save, table.load, table.nested.reset];
probe(() => held.map((f) => f()));`,
    starts: ['<save1>', '<load1>', '<reset1>'],
    steps: [
      { edit: [["'load1'", "'load2'"]], says: ['<save1>', '<load2>', '<reset1>'] },
      {
        edit: [
          ["'save1'", "'save2'"],
          ["'reset1'", "'reset2'"],
        ],
        says: ['<save2>', '<load2>', '<reset2>'],
      },
    ],
  }),

  story({
    name: 'closures made by a constructor and by an instance arrow',
    level: 'closures',
    files: `class Panel {
  constructor(name) { let opens = 0; this.off = () => 'off1 ' + name + opens; this.open = () => { opens++; return this; }; }
  later = (x) => () => 'later1 ' + x;
}
const panel = new Panel('p').open().open(), waiting = panel.later('x');
probe(() => [panel.off(), waiting()]);`,
    starts: ['off1 p2', 'later1 x'],
    steps: [
      {
        edit: [
          ["'off1 '", "'off2 '"],
          ["'later1 '", "'later2 '"],
        ],
        says: ['off2 p2', 'later2 x'],
      },
    ],
  }),
  story({
    name: 'new code that needs a captured variable the old closure lacks: left alone or right, never broken',
    level: 'closures',
    files: `function make() { const a = 'a', b = 'b'; return () => 'v1' + a; }
const held = make();
const one = () => { const value = held(); return ['v1a', 'v2ab', 'v3undefined', 'v3c'].includes(value) ? 'fine' : value; };
probe(() => [one()]);`,
    starts: ['fine'],
    steps: [
      { edit: [["'v1' + a", "'v2' + a + b"]] },
      {
        edit: [
          ["const a = 'a', b = 'b'", "const c = 'c'"],
          ["'v2' + a + b", "'v3' + c"],
        ],
      },
    ],
  }),
  story({
    name: 'functions made by a loop and in a block at top level: each keeps its own variables, or the edit is refused',
    files: `const list = [];
for (const name of ['x', 'y']) list.push(() => 'v1 ' + name);
{ let inner = 'in'; list.push(() => 'b1 ' + inner); }
probe(() => list.map((f) => f()));`,
    starts: ['v1 x', 'v1 y', 'b1 in'],
    steps: [{ edit: [["'v1 '", "'v2 '"]], says: ['v2 x', 'v2 y', 'b1 in'], orRefused: true }],
  }),
  story({
    name: 'a module pattern: the edited initialiser gives the new functions',
    files: `const mod = (() => { const secret = 's'; return { get() { return 'v1 ' + secret; } }; })();
function show() { return mod.get(); }
const held = show;
probe(() => [held()]);`,
    starts: ['v1 s'],
    steps: [{ edit: [["'v1 '", "'v2 '"]], says: ['v2 s'] }],
  }),
  story({
    name: 'names that a closure’s own parameter hides, and a renamed parameter that needs one: never another’s value',
    level: 'closures',
    files: `function make(x) { return (y) => 'v1 ' + x + y; }
function hidden(x) { return { a: (x) => 'a1 ' + x, b: () => 'b1 ' + x }; }
const held = make('x'), both = hidden('X');
probe(() => [held('y'), both.a('own'), both.b()]);`,
    starts: ['v1 xy', 'a1 own', 'b1 X'],
    steps: [
      {
        edit: [
          ["(y) => 'v1 ' + x + y", "(z, w = x) => 'v2 ' + w + z"],
          ["'a1 ' + x", "'a2 ' + x"],
          ["'b1 ' + x", "'b2 ' + x"],
        ],
        says: ['v2 xy', 'a2 own', 'b2 X'],
      },
    ],
  }),
  story({
    name: 'closures of a patched function are patched again, and those of before with them',
    level: 'closures',
    files: `const held = [];
function make(n) { let total = 0; held.push((by) => { total += by; return () => 'v1 ' + n + ':' + total; }); }
make('a');
const inner = [held[0](1)];
setInterval(turn, 1);
let turns = 0;
function turn() { if (turns++ > 0) { make('m' + turns); inner.push(held.at(-1)(turns)); } }
probe(() => inner.map((f) => f()));`,
    starts: ['v1 a:1'],
    steps: [
      { edit: [["'v1 '", "'v2 '"]], says: ['v2 a:1', 'v2 m2:2'], kept: true },
      { edit: [["'v2 '", "'v3 '"]], says: ['v3 a:1', 'v3 m2:2', 'v3 m3:3'], kept: true },
      {
        edit: [["total += by; return () => 'v3 '", "total -= by; return () => 'v4 ' + by + ' '"]],
        says: ['v4 1 a:1', 'v4 2 m2:2', 'v4 3 m3:3', 'v4 4 m4:-4'],
        kept: true,
      },
    ],
  }),
  story({
    name: 'functions of every kind inside a function: declarations, generators, async, accessors, named ones, constructors',
    level: 'closures',
    files: `const said = [];
function make(tag) {
  function declared(a, b = tag) { return 'd1 ' + a + b; }
  function* counts() { yield 'g1 ' + tag; }
  const wait = async () => { await null; return 'w1 ' + tag; };
  function Old(x) { if (!new.target) return 'plain'; this.x = 'o1 ' + x + tag; }
  return { declared, counts, wait, Old, get got() { return 'got1 ' + tag; }, fac: function fac(n) { return n ? fac(n - 1) + '1' : 'f' + tag; } };
}
const held = make('t'), { declared, counts, wait, Old } = held;
setInterval(() => { wait().then((x) => { said.length = 0; said.push(x); }); }, 1);
probe(() => [declared('a'), [...counts()].join(), new Old('n').x, new Old('n') instanceof Old, held.got, held.fac(2), said.join()]);`,
    starts: ['d1 at', 'g1 t', 'o1 nt', 'true', 'got1 t', 'ft11', 'w1 t'],
    steps: [
      {
        edit: [
          ["'d1 '", "'d2 '"],
          ["'g1 '", "'g2 '"],
          ["'w1 '", "'w2 '"],
          ["'o1 '", "'o2 '"],
          ["'got1 '", "'got2 '"],
          ["+ '1' : 'f'", "+ '2' : 'f'"],
        ],
        says: ['d2 at', 'g2 t', 'o2 nt', 'true', 'got2 t', 'ft22', 'w2 t'],
      },
    ],
  }),
  story({
    name: 'super, private names and this in classes that a function has made',
    level: 'closures',
    files: `class Base { hi() { return 'base'; } static make() { return new this(); } }
const Mixed = (B, tag) => class extends B {
  hi() { return 'm1 ' + tag + super.hi(); }
  static make() { return super.make(); }
  later() { return () => 'l1 ' + this.hi(); }
};
class Thing extends Mixed(Base, 't') { hi() { return 'thing ' + super.hi(); } }
function build() { return class { #n = 1; up() { return 'u1 ' + ++this.#n; } on = () => 'on1 ' + this.constructor.name; }; }
const Built = build(), built = new Built();
const thing = Thing.make(), later = thing.later();
probe(() => [thing.hi(), later(), built.on().slice(0, 3)]);`,
    starts: ['thing m1 tbase', 'l1 thing m1 tbase', 'on1'],
    steps: [
      {
        edit: [
          ["'m1 ' + tag", "'m2 ' + tag"],
          ["'l1 '", "'l2 '"],
          ["'u1 '", "'u2 '"],
          ["'on1 '", "'on2 '"],
        ],
        says: ['thing m2 tbase', 'l2 thing m2 tbase', 'on2'],
      },
    ],
  }),
  story({
    name: 'a module in a function that is called at once keeps its variables',
    level: 'closures',
    files: `const store = (() => { let n = 0; return { up() { return ++n; }, say: () => 'v1 ' + n }; })();
store.up(); store.up();
(function () { let seen = 0; setInterval(() => { seen++; held.push('i1 ' + seen); }, 1); })();
var held = [];
const { say } = store;
probe(() => [say(), held.join()]);`,
    starts: ['v1 2', 'i1 1'],
    steps: [
      {
        edit: [
          ["'v1 '", "'v2 '"],
          ["'i1 '", "'i2 '"],
        ],
        says: ['v2 2', 'i1 1,i2 2'],
        kept: true,
      },
    ],
  }),
  story({
    name: 'a constant that a closure writes to is no variable of its old call',
    level: 'closures',
    files: `function make() { const n = 1; return () => 'v1 ' + n; }
const held = make();
probe(() => [held()]);`,
    starts: ['v1 1'],
    steps: [
      {
        edit: [
          ['const n', 'let n'],
          ["'v1 ' + n", "'v2 ' + (n = 2)"],
        ],
        says: ['v1 1'],
        kept: true,
      },
      { edit: [["'v2 ' + (n = 2)", "'v3 ' + n"]], says: ['v3 1'] },
    ],
  }),
  story({
    name: 'a variable that is not there yet, a class and a function of the call, and one caught',
    level: 'closures',
    files: `function make() {
  const early = () => { try { return 'v1 ' + late; } catch (error) { return 'v1 ' + error.name; } };
  const first = early();
  const late = 'late';
  class Box { get() { return 'box'; } }
  function help() { return 'help'; }
  try { throw new Error('e'); } catch ({ message }) { return { first, early, all: () => 'a1 ' + new Box().get() + help() + message }; }
}
const { first, early, all } = make();
probe(() => [first, early(), all()]);`,
    starts: ['v1 ReferenceError', 'v1 late', 'a1 boxhelpe'],
    steps: [
      {
        edit: [
          ["return 'v1 ' + late", "return 'v2 ' + late"],
          ["'a1 ' + new Box", "'a2 ' + new Box"],
        ],
        says: ['v1 ReferenceError', 'v2 late', 'a2 boxhelpe'],
      },
    ],
  }),
  story({
    name: 'a listener that was taken out and one that was put in are not the same',
    level: 'closures',
    files: `const list = [];
const on = (f) => list.push(f);
function listen() {
  on(() => 'gone 1');
  on(() => 'stays 1');
}
listen();
probe(() => list.map((f) => f()));`,
    starts: ['gone 1', 'stays 1'],
    steps: [
      {
        edit: [
          ["on(() => 'gone 1');\n", ''],
          ["on(() => 'stays 1');", "on(() => 'stays 1');\n  on(() => 'new 2');"],
        ],
        says: ['gone 1', 'stays 1'],
        kept: true,
      },
    ],
  }),
];
