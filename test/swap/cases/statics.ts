/** Statics: methods, fields, accessors, blocks. */
import { story, type SwapCase } from '../case.ts';

export const staticCases: readonly SwapCase[] = [
  story({
    name: 'static methods and accessors, captured and inherited',
    files: `class A { static count = 3; static make() { return 'm1 ' + this.count; } static get info() { return 'i1 ' + this.count; } }
class B extends A { static count = 4; static both() { return 'b1 ' + super.make(); } }
const { make } = A;
A.count = 30;
probe(() => [make.call({ count: 'x' }), A.make(), B.make(), A.info, B.info, B.both()]);`,
    starts: ['m1 x', 'm1 30', 'm1 4', 'i1 30', 'i1 4', 'b1 m1 4'],
    steps: [
      {
        edit: [
          ["'m1 '", "'m2 '"],
          ["'i1 '", "'i2 '"],
        ],
        says: ['m2 x', 'm2 30', 'm2 4', 'i2 30', 'i2 4', 'b1 m2 4'],
      },
      { edit: [["'b1 '", "'b2 '"]], says: ['m2 x', 'm2 30', 'm2 4', 'i2 30', 'i2 4', 'b2 m2 4'] },
    ],
  }),
  story({
    name: 'static fields: unchanged keep their value, changed get the new one',
    files: `class Config { static a = 1; static b = 2; static list = []; static show() { return [this.a, this.b, this.list.length].join(); } }
Config.a = 10; Config.b = 20; Config.list.push('x');
probe(() => [Config.show()]);`,
    starts: ['10,20,1'],
    steps: [
      { edit: [['static b = 2', 'static b = 200']], says: ['10,200,1'], kept: true },
      { edit: [['join()', "join('-')"]], says: ['10-200-1'], kept: true },
    ],
  }),
  story({
    name: 'statics are added and removed, and added again',
    files: `class Kit { static one() { return 'one'; } static size = 1; }
const Held = Kit;
probe(() => [Held.one(), typeof Held.two, String(Held.extra), String(Held.size), Object.keys(Held).sort().join()]);`,
    starts: ['one', 'undefined', 'undefined', '1', 'size'],
    steps: [
      {
        edit: [['static size = 1;', "static size = 1; static extra = 'e' + Kit.size; static two() { return 'two'; }"]],
        says: ['one', 'function', 'e1', '1', 'extra,size'],
      },
      {
        edit: [
          [" static extra = 'e' + Kit.size; static two() { return 'two'; }", ''],
          [' static size = 1;', ''],
        ],
        says: ['one', 'undefined', 'undefined', 'undefined', ''],
      },
      {
        edit: [["return 'one'; }", "return 'ONE'; } static size = 2; static two() {}"]],
        says: ['ONE', 'function', 'undefined', '2', 'size'],
      },
    ],
  }),
  story({
    name: 'a static block does not run again',
    files: `class Setup { static ready = false; static { log('block runs'); this.ready = 'by block'; } static show() { return 'v1 ' + this.ready; } m() { return 'm1'; } }
const old = new Setup();
probe(() => [Setup.show(), old.m()]);`,
    starts: ['block runs', 'v1 by block', 'm1'],
    steps: [
      { edit: [["'v1 '", "'v2 '"]], says: ['v2 by block', 'm1'] },
      { edit: [["'m1'", "'m2'"]], says: ['v2 by block', 'm2'] },
    ],
  }),
  story({
    name: 'a static block is added: it runs once',
    files: `class Setup { static list = []; static show() { return 'v1 ' + this.list.join(); } }
Setup.list.push('live');
probe(() => [Setup.show()]);`,
    starts: ['v1 live'],
    steps: [
      {
        edit: [['static show', "static { this.list.push('block'); }\n  static show"]],
        says: ['v1 live,block'],
        kept: true,
        orRefused: true,
      },
      { edit: [["'v1 '", "'v2 '"]], says: ['v2 live,block'], kept: true, orRefused: true },
    ],
  }),
  story({
    name: 'static arrows and static async and generator methods',
    files: `class S { static tag = 'S'; static arrow = (x) => 'a1 ' + this.tag + x; static *gen() { yield 'g1'; } static fn = function () { return 'f1'; }; }
const { arrow, fn, gen } = S;
probe(() => [arrow('!'), fn(), [...gen()].join(), String(arrow === S.arrow && fn === S.fn && gen === S.gen)]);`,
    starts: ['a1 S!', 'f1', 'g1', 'true'],
    steps: [
      {
        edit: [
          ["'a1 '", "'a2 '"],
          ["'f1'", "'f2'"],
          ["'g1'", "'g2'"],
        ],
        says: ['a2 S!', 'f2', 'g2', 'true'],
      },
    ],
  }),
  story({
    name: 'static and instance members of one name are two things',
    files: `class Two { static go() { return 'static1'; } go() { return 'instance1'; } static get [Symbol.species]() { return Array; } }
const old = new Two(), held = [Two.go, old.go];
probe(() => held.map((f) => f()));`,
    starts: ['static1', 'instance1'],
    steps: [
      { edit: [["'instance1'", "'instance2'"]], says: ['static1', 'instance2'] },
      { edit: [["'static1'", "'static2'"]], says: ['static2', 'instance2'] },
    ],
  }),
  story({
    name: 'a singleton held in a static, made by a static method',
    files: `class Store { static #only; static get() { return Store.#only ??= new Store(); } n = 0; inc() { this.n++; return this; } show() { return 'v1 ' + this.n; } }
const held = Store.get().inc().inc();
probe(() => [held.show(), String(Store.get() === held)]);`,
    starts: ['v1 2', 'true'],
    steps: [
      { edit: [["'v1 '", "'v2 '"]], says: ['v2 2', 'true'] },
      {
        edit: [
          ['n = 0;', "n = 0; label = 'L';"],
          ["'v2 ' + this.n", "'v3 ' + this.n + this.label"],
        ],
        says: ['v3 2L', 'true'],
      },
    ],
  }),
];
