/** What a module asks of a swap: `migrate`, `track`, `keep` and `reset` of `import.meta.hot`. */
import { story, type SwapCase } from '../case.ts';

export const migrateCases: readonly SwapCase[] = [
  story({
    name: 'keep: a binding keeps its value when its initialiser is edited',
    level: 'bindings',
    files: `let n = 1;
let o = { a: 1, b: 1 };
const K = 1, D = K * 2;
n = 5;
o.a = 5;
import.meta.hot?.keep('n', 'o', 'K');
function text() { return String(n); }
probe(() => [text(), JSON.stringify(o), K + ' ' + D]);`,
    starts: ['5', '{"a":5,"b":1}', '1 2'],
    steps: [
      {
        edit: [
          ['n = 1;', 'n = 2;'],
          ['b: 1', 'b: 2, c: 2'],
          ['K = 1', 'K = 7'],
          ['return String(n)', "return String(n) + '!'"],
        ],
        says: ['5!', '{"a":5,"b":1}', '1 2'],
        kept: true,
      },
      { edit: [['D = K * 2', 'D = K * 3']], says: ['5!', '{"a":5,"b":1}', '1 3'], kept: true },
    ],
  }),
  story({
    name: 'keep that comes with the edit, and goes',
    level: 'bindings',
    files: `let n = 1;
const m = { a: 1 };
const names = ['n', 'm'];
n = 5;
import.meta.hot?.accept();
probe(() => [String(n), JSON.stringify(m)]);`,
    starts: ['5', '{"a":1}'],
    steps: [
      {
        edit: [
          ['n = 1;', 'n = 2;'],
          ['hot?.accept()', "hot?.keep('n')"],
        ],
        says: ['5', '{"a":1}'],
      },
      {
        edit: [
          ['n = 2;', 'n = 3;'],
          ['a: 1', 'a: 2'],
          ["hot?.keep('n')", 'hot?.keep(...names)'],
        ],
        kept: true,
        says: ['5', '{"a":1}'],
      },
      {
        edit: [
          ['let n = 3;', 'let n = 4;'],
          ['hot?.keep(...names)', 'hot?.accept()'],
        ],
        kept: true,
        says: ['4', '{"a":1}'],
      },
    ],
  }),
  story({
    name: 'reset: a binding takes its initialiser’s value at every swap',
    level: 'bindings',
    files: `let n = 1;
const o = { a: 1 };
const D = n + 1;
let other = 1;
function f() { return 'v1'; }
const turn = () => { n++; o.a++; other++; };
setInterval(turn, 1);
import.meta.hot?.reset('n', 'o');
probe(() => [n + ' ' + o.a + ' ' + other + ' ' + D, f()]);`,
    starts: ['2 2 2 2', 'v1'],
    steps: [
      { edit: [['v1', 'v2']], says: ['2 2 3 2', 'v2'], kept: true },
      { edit: [['n = 1;', 'n = 10;']], says: ['11 2 4 11', 'v2'], kept: true },
      {
        edit: [
          ["reset('n', 'o')", "reset('o')"],
          ['v2', 'v3'],
        ],
        says: ['12 2 5 11', 'v3'],
        kept: true,
      },
    ],
  }),
  story({
    name: 'reset that comes with the edit',
    level: 'bindings',
    files: `let n = 1;
const list = ['n'];
n = 5;
function f() { return 'v1'; }
import.meta.hot?.accept();
probe(() => [String(n), f()]);`,
    starts: ['5', 'v1'],
    steps: [
      {
        edit: [
          ['hot?.accept()', 'hot?.reset(...list)'],
          ['v1', 'v2'],
        ],
        kept: true,
        says: ['1', 'v2'],
      },
    ],
  }),
  story({
    name: 'migrate of bindings: the hook decides, nothing is merged, and what follows follows',
    level: 'bindings',
    files: {
      '/main.js': `import { state, total } from './state.js';
const twice = state.hits * 2;
const copy = { total };
probe(() => [JSON.stringify(state), String(total), String(twice), JSON.stringify(copy)]);`,
      '/state.js': `export let state = { hits: 1, gone: 1 };
export const total = 1;
const held = [state];
function same() { return held[0] === state ? 'same' : 'other'; }
state.hits = 4;
import.meta.hot?.accept();
probe(() => [same()]);`,
    },
    starts: ['same', '{"hits":4,"gone":1}', '1', '8', '{"total":1}'],
    steps: [
      {
        edit: {
          '/state.js': [
            ['{ hits: 1, gone: 1 }', '{ hits: 0, label: "new" }'],
            ['total = 1', 'total = 2'],
            [
              'hot?.accept()',
              'hot?.migrate({ state: (prev, next) => ({ ...next, hits: prev.hits * 10, had: prev.gone }), total: (prev, next) => prev + next })',
            ],
          ],
        },
        says: ['other', '{"hits":40,"label":"new","had":1}', '3', '80', '{"total":3}'],
        kept: true,
      },
      // A hook runs when the initialiser has changed.
      {
        edit: { '/state.js': [["'other'", "'the other'"]] },
        says: ['the other', '{"hits":40,"label":"new","had":1}', '3', '80', '{"total":3}'],
        kept: true,
      },
    ],
  }),
  story({
    name: 'migrate: a hook of a binding that throws takes the swap back',
    files: `let n = 1;
const o = { a: 1 };
function f() { return 'v1'; }
n = 5;
o.a = 5;
class C { m() { return 'm1'; } }
const old = new C();
old.x = 1;
import.meta.hot?.migrate({ C: (c) => { c.x = 2; } });
probe(() => [String(n), JSON.stringify(o), f(), old.m() + old.x]);`,
    starts: ['5', '{"a":5}', 'v1', 'm11'],
    steps: [
      {
        edit: [
          ['n = 1;', 'n = 2;'],
          ['a: 1', 'b: 2'],
          ['v1', 'v2'],
          ["'m1'", "'m2'"],
          ['C: (c) => { c.x = 2; }', "C: (c) => { c.x = 3; throw new Error('no way'); }, n: (prev) => prev * 2"],
        ],
        refused: 'no way',
      },
      {
        edit: [
          ['n = 1;', 'n = 2;'],
          ['v1', 'v2'],
          ['C: (c) => { c.x = 2; }', "n: () => { throw new Error('no way') }"],
        ],
        refused: 'no way',
      },
      {
        edit: [
          ['n = 1;', 'n = 2;'],
          ['v1', 'v2'],
          ['c.x = 2; }', 'c.x = 4; }, n: (prev) => prev * 2'],
        ],
        says: ['10', '{"a":5}', 'v2', 'm14'],
        kept: true,
      },
    ],
  }),
  story({
    name: 'migrate of a class: every instance, once for each version of the hook',
    files: `class Apple { seeds = 3; #runs = 0; ran() { this.#runs++; } show() { return this.seeds + ' ' + this.#runs; } }
class Red extends Apple { colour = 'red'; }
const all = [new Apple(), new Red()];
function note() { return 'n1'; }
import.meta.hot?.migrate({ Apple: () => {} });
probe(() => [...all.map((a) => a.show()), note()]);`,
    starts: ['3 0', '3 0', 'n1'],
    steps: [
      { edit: [['n1', 'n2']], says: ['3 0', '3 0', 'n2'] },
      { edit: [['Apple: () => {}', 'Apple: (a) => { a.ran(); a.seeds += 1; }']], says: ['4 1', '4 1', 'n2'], kept: true },
      { edit: [['n2', 'n3']], says: ['4 1', '4 1', 'n3'], kept: true },
      // What else changes in the statement makes no new version of the hook, and neither does a formatter.
      {
        edit: [['a.seeds += 1; }', "a.seeds += 1 /* one */; }, note: 0 || (() => 'of a function')"]],
        says: ['4 1', '4 1', 'n3'],
        kept: true,
      },
      { edit: [['seeds += 1', 'seeds += 2']], says: ['6 2', '6 2', 'n3'], kept: true },
      { edit: [['seeds = 3', 'seeds = 30']], says: ['6 2', '6 2', 'n3'], kept: true },
    ],
  }),
  story({
    name: 'migrate: instances that were made since are met when their class changes',
    files: `class Apple { seeds = 3; show() { return String(this.seeds); } }
const all = [];
const turn = () => { all.push(new Apple()); };
setInterval(turn, 1);
import.meta.hot?.migrate({ Apple: (a) => { if (typeof a.seeds === 'number') a.seeds = [a.seeds]; } });
probe(() => [all.map((a) => a.show() + typeof a.seeds).join()]);`,
    starts: ['3number'],
    steps: [
      { edit: [['String(this.seeds)', "String(this.seeds) + ' '"]], says: ['3 number,3 number'], kept: true },
      { edit: [['seeds = 3', 'seeds = [0]']], says: ['3 object,3 object,0 object'], kept: true },
    ],
  }),
  story({
    name: 'migrate: a function of the module is the hook',
    files: `class Apple { seeds = 3; }
const old = new Apple();
function upgrade(apple) { apple.seeds++; }
const again = (apple) => { apple.more = 1; };
import.meta.hot?.migrate({ Apple: upgrade });
probe(() => [JSON.stringify(old)]);`,
    starts: ['{"seeds":3}'],
    steps: [
      { edit: [['seeds++', 'seeds += 2']], says: ['{"seeds":5}'], kept: true },
      { edit: [['Apple: upgrade', 'Apple: again']], says: ['{"seeds":5,"more":1}'], kept: true },
      { edit: [['more = 1', 'more = 2']], says: ['{"seeds":5,"more":2}'], kept: true },
    ],
  }),
  story({
    name: 'migrate that comes with a later version: each instance when it is used',
    files: `class Apple {
  seeds = 3;
  #secret = 's';
  arrow = () => typeof this.seeds;
  show() { return typeof this.seeds + ' ' + this.seeds + this.#secret; }
  get kind() { return typeof this.seeds; }
  set kind(value) { this.seeds = value + typeof this.seeds; }
  *walk() { yield typeof this.seeds; }
}
class Red extends Apple { show() { return 'red ' + super.show(); } }
const a = new Apple(), b = new Apple(), c = new Red(), d = new Apple(), e = new Apple(), f = new Apple(), untouched = new Apple();
const { arrow } = d, bound = a.show.bind(a);
probe(() => [bound(), b.kind, c.show(), arrow(), [...e.walk()].join(), new Apple().show(), typeof untouched.seeds]);
const setOn = (apple) => { apple.kind = 'k'; return apple.seeds; };
probe(() => [setOn(new Apple())]);`,
    starts: ['number 3s', 'number', 'red number 3s', 'number', 'number', 'number 3s', 'number', 'knumber'],
    steps: [
      {
        edit: [
          ['seeds = 3', "seeds = ['new']"],
          [
            'probe(() => [setOn',
            "import.meta.hot?.migrate({ Apple: (apple) => { if (typeof apple.seeds === 'number') apple.seeds = [apple.seeds]; } });\nprobe(() => [setOn",
          ],
        ],
        says: ['object 3s', 'object', 'red object 3s', 'object', 'object', 'object news', 'number', 'kobject'],
        kept: true,
      },
      {
        edit: [['+ this.#secret; }', "+ this.#secret + '!'; }\n  added() { return this.show(); }"]],
        says: ['object 3s!', 'object', 'red object 3s!', 'object', 'object', 'object news!', 'number', 'kobject'],
        kept: true,
      },
      {
        edit: [['apple.seeds = [apple.seeds]; }', 'apple.seeds = [apple.seeds]; if (apple.seeds[0] === 3) apple.seeds.push(7); }']],
        says: ['object 3,7s!', 'object', 'red object 3,7s!', 'object', 'object', 'object news!', 'number', 'kobject'],
        kept: true,
      },
    ],
  }),
  story({
    name: 'migrate that comes with a later version, and a method that comes with it',
    files: `class Base { hi() { return 'base'; } }
class Apple extends Base { seeds = 3; hi() { return super.hi() + this.seeds; } constructor(x) { super(); this.x = x; } }
const a = new Apple(1), b = new Apple(2);
const turn = (apple) => apple.hi() + apple.x;
probe(() => [turn(a), turn(b), turn(new Apple(3))]);`,
    starts: ['base31', 'base32', 'base33'],
    steps: [
      {
        edit: [
          ['seeds = 3; hi()', 'seeds = 3; count() { return this.seeds; } get own() { return this.seeds; } hi()'],
          ['apple.hi() + apple.x', 'apple.count() + apple.hi() + apple.x + apple.own'],
          ['probe', 'import.meta.hot?.migrate({ Apple: (apple) => { apple.seeds *= 2; } });\nprobe'],
        ],
        says: ['6base616', '6base626', '3base333'],
        kept: true,
      },
    ],
  }),
  story({
    name: 'migrate of a class that a swap has added',
    files: `let made = [];
const make = () => undefined;
const turn = () => { made.push(make()); };
setInterval(turn, 1);
probe(() => [made.map((m) => m ? m.show() : 'none').join()]);`,
    starts: ['none'],
    steps: [
      {
        edit: [
          ['const make = () => undefined;', "class Late { n = 1; show() { return 'late' + this.n; } }\nconst make = () => new Late();"],
        ],
        says: ['none,late1'],
        kept: true,
      },
      { edit: [['probe', 'import.meta.hot?.migrate({ Late: (l) => { l.n += 10; } });\nprobe']], says: ['none,late11,late1'], kept: true },
      { edit: [['n += 10', 'n += 20']], says: ['none,late31,late21,late1'], kept: true },
    ],
  }),
  story({
    name: 'track: a module migrates instances of a class that it imports',
    files: {
      '/main.js': `import { Model as M } from './model.js';
const old = new M(), other = new M();
import.meta.hot?.track(M);
probe(() => [old.show(), String(other.seeds)]);`,
      '/model.js': `class Parent { name() { return 'p'; } }
export class Model extends Parent { seeds = 1; show() { return super.name() + this.seeds; } }`,
    },
    starts: ['p1', '1'],
    steps: [
      {
        edit: { '/main.js': [['track(M)', 'track(M); import.meta.hot?.migrate({ M: (m) => { m.seeds += 10; } })']] },
        says: ['p11', '1'],
        kept: true,
      },
      { edit: { '/model.js': [["'p'", "'q'"]] }, says: ['q11', '1'], kept: true },
    ],
  }),
  story({
    name: 'track: the module’s own class tells of its instances, and the host of those that it has',
    files: {
      '/main.js': `import { Model } from './model.js';
class Own { seeds = 1; }
const own = new Own(), shown = new Model(), hidden = new Model();
attach(shown);
import.meta.hot?.track(Own, Model);
probe(() => [String(own.seeds), String(shown.seeds), String(hidden.seeds)]);`,
      '/model.js': `export class Model { seeds = 1; }`,
    },
    starts: ['1', '1', '1'],
    steps: [
      {
        edit: {
          '/main.js': [
            [
              'track(Own, Model)',
              'track(Own, Model); import.meta.hot?.migrate({ Own: (m) => { m.seeds += 10; }, Model: (m) => { m.seeds += 100; } })',
            ],
          ],
        },
        says: ['11', '101', '1'],
        kept: true,
      },
    ],
  }),
  story({
    name: 'a class that tells of its instances works as any other',
    files: `class Node { #list = []; static count = 0; constructor(x = 1) { this.x = x; Node.count++; } add(n) { this.#list.push(n); return this; } get size() { return this.#list.length; } }
const Leaf = class extends Node { constructor(...args) { super(...args); this.leaf = true; } };
const leaf = new Leaf(5), node = new Node().add(leaf);
const frozen = Object.freeze(new Node());
import.meta.hot?.migrate({ Node() {}, Leaf() {} });
probe(() => [JSON.stringify(leaf), String(node.size), String(Node.count), Object.getOwnPropertyNames(frozen).join(), String(Node.name + Leaf.length)]);`,
    starts: ['{"x":5,"leaf":true}', '1', '3', 'x', 'Node0'],
    steps: [
      { edit: [['this.leaf = true', 'this.leaf = false']], kept: true, says: ['{"x":5,"leaf":true}', '1', '3', 'x', 'Node0'] },
      {
        edit: [['Leaf() {}', 'Leaf(leaf) { leaf.leaf = "migrated"; leaf.add(1); }']],
        kept: true,
        says: ['{"x":5,"leaf":"migrated"}', '1', '3', 'x', 'Node0'],
      },
    ],
  }),
  story({
    name: 'hot statements that run again register anew, listeners too',
    level: 'bindings',
    files: `function f() { return 'v1'; }
import.meta.hot?.on('hmr-dev:afterUpdate', () => log('told'));
import.meta.hot?.keep('n');
probe(() => [f()]);`,
    starts: ['v1'],
    steps: [
      { edit: [['v1', 'v2']], says: ['told', 'v2'] },
      {
        edit: [
          ["keep('n')", "keep('m')"],
          ['v2', 'v3'],
        ],
        says: ['told', 'v3'],
      },
    ],
  }),
  story({
    name: 'functions in values that are kept or made anew have the newest code',
    files: `const kept = { n: 1, go() { return 'k1 ' + this.n; } };
const fresh = { n: 1, go: () => 'f1', get now() { return 'g1'; } };
const turn = () => { kept.n++; fresh.n++; };
setInterval(turn, 1);
const held = kept.go.bind(kept);
function note() { return 'n1'; }
import.meta.hot?.keep('kept');
import.meta.hot?.reset('fresh');
probe(() => [held(), fresh.go() + fresh.now + fresh.n, note()]);`,
    starts: ['k1 2', 'f1g12', 'n1'],
    steps: [
      { edit: [['n1', 'n2']], says: ['k1 3', 'f1g12', 'n2'], kept: true },
      {
        edit: [
          ["'k1 '", "'k2 '"],
          ["'f1'", "'f2'"],
          ["'g1'", "'g2'"],
          ['kept = { n: 1', 'kept = { m: 1'],
        ],
        says: ['k2 4', 'f2g22', 'n2'],
        kept: true,
      },
      {
        edit: [
          ["'k2 '", "'k3 '"],
          ["'f2'", "'f3'"],
          ["'g2'", "'g3'"],
        ],
        says: ['k3 5', 'f3g32', 'n2'],
        kept: true,
      },
    ],
  }),
  story({
    name: 'a class whose instances are met when they are used goes on as any other',
    files: `class Base { constructor(x) { this.x = x; this.start(); } start() { this.started = 1; } }
class Apple extends Base {
  #p = 'p';
  async wait() { return 'w1' + this.#p; }
  #own() { return 'o1' + this.n; }
  n = 1;
  field = () => 'f1' + this.#own();
  show() { return super.constructor.name + this.x + this.field(); }
}
const all = [new Apple('a'), new Apple('b')];
const turn = () => { all.push(new Apple('c' + all.length)); };
setInterval(turn, 1);
let waited = '';
const wait = () => { all[1].wait().then((text) => { waited = text; }); };
setInterval(wait, 1);
probe(() => [all.map((a) => a.show() + a.started).join(), waited]);`,
    starts: ['Baseaf1o111,Basebf1o111,Basec2f1o111', 'w1p'],
    steps: [
      {
        edit: [['let waited', 'import.meta.hot?.migrate({ Apple(a) { a.n += 1; } });\nlet waited']],
        says: ['Baseaf1o121,Basebf1o121,Basec2f1o121,Basec3f1o111', 'w1p'],
        kept: true,
      },
      {
        edit: [
          ["'w1'", "'w2'"],
          ["'o1'", "'o2'"],
          ["'f1'", "'f2'"],
          ['n = 1;', 'n = 5; added = 1;'],
        ],
        says: ['Baseaf2o221,Basebf2o221,Basec2f2o221,Basec3f2o221,Basec4f2o251', 'w2p'],
        kept: true,
      },
      {
        edit: [
          ["'f2'", "'f3' + this.added"],
          ['import.meta.hot?.migrate({ Apple(a) { a.n += 1; } });\n', ''],
        ],
        says: ['Baseaf31o221,Basebf31o221,Basec2f31o221,Basec3f31o221,Basec4f31o251,Basec5f31o251', 'w2p'],
        kept: true,
      },
    ],
  }),
];
