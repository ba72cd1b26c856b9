/** Private names of each kind, on instances that were stamped before the edit. */
import { story, type SwapCase } from '../case.ts';

export const privateCases: readonly SwapCase[] = [
  story({
    name: 'private fields, methods and accessors',
    files: `class Account {
  #balance = 10;
  #fee() { return 'fee1'; }
  get #label() { return 'label1 ' + this.#balance; }
  set #label(v) { this.#balance = v; }
  add(n) { this.#balance += n; return this; }
  set(v) { this.#label = v; return this; }
  show() { return [this.#balance, this.#fee(), this.#label].join(' '); }
}
const old = new Account().add(5);
const other = new Account().set(99);
probe(() => [old.show(), other.show(), new Account().show()]);`,
    starts: ['15 fee1 label1 15', '99 fee1 label1 99', '10 fee1 label1 10'],
    steps: [
      { edit: [["'fee1'", "'fee2'"]], says: ['15 fee2 label1 15', '99 fee2 label1 99', '10 fee2 label1 10'] },
      {
        edit: [
          ["'label1 '", "'label2 '"],
          ["join(' ')", "join('|')"],
        ],
        says: ['15|fee2|label2 15', '99|fee2|label2 99', '10|fee2|label2 10'],
      },
      {
        edit: [['#balance = 10', '#balance = 1000']],
        says: ['15|fee2|label2 15', '99|fee2|label2 99', '1000|fee2|label2 1000'],
        kept: true,
      },
    ],
  }),
  story({
    name: 'an added private field is initialised for old instances, with their state',
    files: `class Timer {
  #start = 1;
  constructor(name) { this.name = name; }
  show() { return this.name + this.#start; }
}
const old = new Timer('old');
setInterval(turn, 1);
function turn() { old.tick?.(); }
probe(() => [old.show(), new Timer('new').show()]);`,
    starts: ['old1', 'new1'],
    steps: [
      {
        edit: [
          ['  constructor', "  #laps = ['from ' + this.#start];\n  tick() { this.#laps.push('lap'); }\n  constructor"],
          ['this.name + this.#start', "this.name + this.#laps.join(' ')"],
        ],
        says: ['oldfrom 1 lap', 'newfrom 1'],
      },
      { edit: [["push('lap')", "push('LAP')"]], says: ['oldfrom 1 lap LAP', 'newfrom 1'], kept: true },
    ],
  }),
  story({
    name: 'private methods and accessors are added and removed; a field becomes an accessor',
    files: `class Api {
  #key = 'k';
  #old() { return 'old'; }
  call() { return this.#old() + this.#key; }
}
const old = new Api();
const held = old.call.bind(old);
probe(() => [held()]);`,
    starts: ['oldk'],
    steps: [
      {
        edit: [
          [
            "  #old() { return 'old'; }\n",
            "  #fresh(x) { return 'fresh' + x + this.#twice; }\n  get #twice() { return this.#key + this.#key; }\n",
          ],
          ['this.#old() + this.#key', "this.#fresh('!')"],
        ],
        says: ['fresh!kk'],
      },
      { edit: [["#key = 'k';", "get #key() { return 'K'; }"]], says: ['fresh!KK'], orRefused: true },
    ],
  }),
  story({
    name: '#x in o: brands of old and new instances, and of strangers',
    files: `class Brand {
  #x = 1;
  #m() {}
  static is(o) { return [#x in o, #m in o].join('/'); }
  show() { return 's1'; }
}
const old = new Brand();
probe(() => [Brand.is(old), Brand.is(new Brand()), Brand.is({}), Brand.is(Object.create(old)), old.show()]);`,
    starts: ['true/true', 'true/true', 'false/false', 'false/false', 's1'],
    steps: [
      { edit: [["'s1'", "'s2'"]], says: ['true/true', 'true/true', 'false/false', 'false/false', 's2'] },
      {
        edit: [
          ['#m() {}', '#m() {}\n  #added = 2;'],
          ['#m in o]', '#m in o, #added in o]'],
        ],
        says: ['true/true/true', 'true/true/true', 'false/false/false', 'false/false/false', 's2'],
      },
    ],
  }),
  story({
    name: 'a private name is read from the wrong object: a TypeError, before and after',
    files: `class Own { #x = 'x'; read(o) { return 'v1 ' + o.#x; } write(o) { o.#x = 1; } call(o) { return o.#m(); } #m() { return 'm'; } }
const old = new Own();
const kind = (run) => { try { return run(); } catch (error) { return error.constructor.name; } };
probe(() => [old.read(old), kind(() => old.read({})), kind(() => old.write({})), kind(() => old.call({})), kind(() => old.call(old))]);`,
    starts: ['v1 x', 'TypeError', 'TypeError', 'TypeError', 'm'],
    steps: [{ edit: [["'v1 '", "'v2 '"]], says: ['v2 x', 'TypeError', 'TypeError', 'TypeError', 'm'] }],
  }),
  story({
    name: 'static private fields, methods and accessors',
    files: `class Pool {
  static #made = 0;
  static #limit() { return 'limit1'; }
  static get #state() { return 'state1 ' + Pool.#made; }
  static make() { Pool.#made++; return new Pool(); }
  static show() { return [Pool.#made, this.#limit(), Pool.#state].join(' '); }
}
Pool.make(); Pool.make();
const held = Pool.show.bind(Pool);
probe(() => [held()]);`,
    starts: ['2 limit1 state1 2'],
    steps: [
      {
        edit: [
          ["'limit1'", "'limit2'"],
          ["'state1 '", "'state2 '"],
        ],
        says: ['2 limit2 state2 2'],
      },
      {
        edit: [
          ['  static make', "  static #extra = ['e'];\n  static make"],
          ['Pool.#state]', 'Pool.#state, Pool.#extra]'],
        ],
        says: ['2 limit2 state2 2 e'],
      },
      { edit: [['static #made = 0', 'static #made = 40']], says: ['40 limit2 state2 40 e'], kept: true },
    ],
  }),
  story({
    name: 'private names on frozen instances',
    files: `class Vault { #secret = 's'; set(v) { this.#secret = v; return this; } show() { return 'v1 ' + this.#secret; } }
const old = Object.freeze(new Vault()).set('written');
probe(() => [old.show(), String(Object.isFrozen(old))]);`,
    starts: ['v1 written', 'true'],
    steps: [
      { edit: [["'v1 '", "'v2 '"]], says: ['v2 written', 'true'] },
      {
        edit: [
          ["#secret = 's';", "#secret = 's'; #more = 'more';"],
          ['this.#secret; }', 'this.#secret + this.#more; }'],
        ],
        says: ['v2 writtenmore', 'true'],
      },
    ],
  }),
  story({
    name: 'the same private name in a class and its subclass, and in a class inside a method',
    files: `class A { #x = 'A'; a() { return 'a1' + this.#x; } inner() { return new (class { #x = 'inner'; get() { return this.#x; } })().get() + this.#x; } }
class B extends A { #x = 'B'; b() { return 'b1' + this.#x; } }
const old = new B();
probe(() => [old.a(), old.b(), old.inner()]);`,
    starts: ['a1A', 'b1B', 'innerA'],
    steps: [
      { edit: [["'a1'", "'a2'"]], says: ['a2A', 'b1B', 'innerA'] },
      {
        edit: [
          ["'b1' + this.#x", "'b2' + this.#x + this.a()"],
          ['get() + this.#x', "get() + '+' + this.#x"],
        ],
        says: ['a2A', 'b2Ba2A', 'inner+A'],
      },
    ],
  }),
  story({
    name: 'private names in closures, operators and patterns: ++, ??=, destructuring, optional chains, tagged calls',
    files: `class Ops {
  #n = 1; #o = null; #list = [];
  run() { return 'none'; }
  same(o) { return o?.#n; }
}
const old = new Ops();
setInterval(turn, 1);
function turn() { old.last = old.run(); }
probe(() => [old.last, String(old.same(undefined)), String(old.same(old))]);`,
    starts: ['none', 'undefined', '1'],
    steps: [
      {
        edit: [
          [
            "return 'none'",
            "this.#n++; ++this.#n; this.#n **= 2; this.#o ??= { deep: 'd' }; [this.#list[0], ...this.#list] = ['p', 'q']; ({ x: this.#o.x } = { x: 'X' }); const get = () => this.#n; return [get(), this.#o?.deep, this.#list.join(''), this.#o.x, typeof this.#n].join()",
          ],
        ],
        says: ['9,d,q,X,number', 'undefined', '9'],
      },
    ],
  }),
  story({
    name: 'a private instance arrow that a listener holds',
    files: `const target = new EventTarget();
class Widget {
  #hits = 0;
  #onPing = (event) => { event.said = 'v1 ' + this.#name() + this.#hits; };
  #name() { return 'widget '; }
  connect() { target.addEventListener('ping', this.#onPing); return this; }
  hit() { this.#hits++; return this; }
}
const old = new Widget().connect().hit();
function ping() { const event = new Event('ping'); target.dispatchEvent(event); return event.said; }
probe(() => [ping()]);`,
    starts: ['v1 widget 1'],
    steps: [
      { edit: [["'v1 '", "'v2 '"]], says: ['v2 widget 1'] },
      { edit: [["'widget '", "'gadget '"]], says: ['v2 gadget 1'] },
    ],
  }),
  story({
    name: 'the private field of a class whose constructor returns another object',
    files: `class Trust { constructor(o) { return o; } }
class Stamp extends Trust { #mark = 'mark'; static read(o) { return 'v1 ' + o.#mark; } static has(o) { return #mark in o; } }
const plain = {};
new Stamp(plain);
probe(() => [Stamp.read(plain), String(Stamp.has(plain)), String(Stamp.has({}))]);`,
    starts: ['v1 mark', 'true', 'false'],
    steps: [{ edit: [["'v1 '", "'v2 '"]], says: ['v2 mark', 'true', 'false'] }],
  }),
];
