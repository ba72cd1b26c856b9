/** Classes with each kind of member, seen from instances that were made before the edit. */
import { story, type SwapCase } from '../case.ts';

export const classCases: readonly SwapCase[] = [
  story({
    name: 'case 2: an old instance has the new methods and its old state; a new one the new constructor',
    files: `log('run');
class Counter {
  constructor(start) { this.n = start; }
  show() { return 'n' + this.n; }
}
const old = new Counter(1);
const held = old.show, bound = old.show.bind(old), proto = Counter.prototype, Held = Counter;
old.n = 7;
probe(() => [old.show(), held.call({ n: 'x' }), bound(), new Counter(2).show(), new Held(3).show(),
  [old instanceof Counter, Held === Counter, proto === Counter.prototype, old.constructor === Held, held === Counter.prototype.show, Counter.name].join()]);`,
    starts: ['run', 'n7', 'nx', 'n7', 'n2', 'n3', 'true,true,true,true,true,Counter'],
    steps: [
      {
        edit: [["'n' + this.n", "'N=' + this.n"]],
        says: ['N=7', 'N=x', 'N=7', 'N=2', 'N=3', 'true,true,true,true,true,Counter'],
      },
      {
        edit: [['this.n = start', 'this.n = start * 10']],
        says: ['N=7', 'N=x', 'N=7', 'N=20', 'N=30', 'true,true,true,true,true,Counter'],
      },
    ],
  }),
  story({
    name: 'methods, accessors and fields are added, removed, and added again',
    files: `class Box {
  value = 1;
  a() { return 'a' + this.value; }
}
const old = new Box();
old.value = 5;
const ask = (name) => typeof old[name] === 'function' ? old[name]() : String(old[name]);
probe(() => [['a', 'b', 'c', 'd'].map(ask).join(' ')]);`,
    starts: ['a5 undefined undefined undefined'],
    steps: [
      {
        edit: [['  a()', "  d = 'field' + this.value;\n  b() { return 'b' + this.value; }\n  get c() { return 'c' + this.value; }\n  a()"]],
        says: ['a5 b5 c5 field5'],
        kept: true,
      },
      {
        edit: [["  b() { return 'b' + this.value; }\n  get c() { return 'c' + this.value; }\n", '']],
        says: ['a5 undefined undefined field5'],
        kept: true,
      },
      {
        edit: [['  a()', "  b() { return 'B' + this.value; }\n  get c() { return 'C' + this.value; }\n  a()"]],
        says: ['a5 B5 C5 field5'],
        kept: true,
      },
    ],
  }),
  story({
    name: 'fields: old instances keep their values, new ones get the new initialisers',
    files: `class Item {
  count = 1;
  tag = 'v1';
  bare;
  total() { return this.count + this.tag + this.bare; }
}
const old = new Item();
old.count = 50;
probe(() => [old.total(), new Item().total(), Object.keys(new Item()).join()]);`,
    starts: ['50v1undefined', '1v1undefined', 'count,tag,bare'],
    steps: [
      {
        edit: [
          ['count = 1', 'count = 2'],
          ["'v1'", "'v2'"],
        ],
        says: ['50v1undefined', '2v2undefined', 'count,tag,bare'],
        kept: true,
      },
      { edit: [['  bare;\n', '']], says: ['50v1undefined', '2v2undefined', 'count,tag'], kept: true },
    ],
  }),
  story({
    name: 'an added field of an old instance: first touch, then written, own for each instance',
    files: `class Bag { a = 1; read() { return 'none'; } put() {} }
const one = new Bag(), two = new Bag();
setInterval(turn, 1);
function turn() { one.put('x'); }
probe(() => [one.read(), two.read(), new Bag().read()]);`,
    starts: ['none', 'none', 'none'],
    steps: [
      {
        edit: [
          ['a = 1;', 'a = 1; list = [];'],
          ["return 'none'", "return 'list ' + this.list.join()"],
          ['put() {}', 'put(x) { this.list.push(x); }'],
        ],
        says: ['list x', 'list ', 'list '],
      },
      { edit: [["'list '", "'LIST '"]], says: ['LIST x,x', 'LIST ', 'LIST '], kept: true },
      { edit: [['this.list.push(x);', 'this.list = [x];']], says: ['LIST x', 'LIST ', 'LIST '] },
    ],
  }),
  story({
    name: 'instance arrows: captured ones run the new body with their own this',
    files: `class Button {
  constructor(label) { this.label = label; }
  onClick = (event) => 'v1 ' + this.label + ' ' + event;
  plain = function () { return 'p1 ' + this.label; };
  later = async () => 'l1';
}
const a = new Button('A'), b = new Button('B');
const held = [a.onClick, b.onClick];
probe(() => [held[0]('e'), held[1]('e'), a.plain(), a.plain.call({ label: 'other' }), String(held[0] === a.onClick), held[0].name, new Button('N').onClick('e')]);`,
    starts: ['v1 A e', 'v1 B e', 'p1 A', 'p1 other', 'true', 'onClick', 'v1 N e'],
    steps: [
      { edit: [["'v1 '", "'v2 '"]], says: ['v2 A e', 'v2 B e', 'p1 A', 'p1 other', 'true', 'onClick', 'v2 N e'] },
      { edit: [["'p1 '", "'p2 '"]], says: ['v2 A e', 'v2 B e', 'p2 A', 'p2 other', 'true', 'onClick', 'v2 N e'] },
    ],
  }),
  story({
    name: 'an instance arrow is added, and a method becomes an instance arrow',
    files: `class View { name = 'view'; render() { return 'r1 ' + this.name; } hint() { return 'h1'; } }
const old = new View();
probe(() => [old.render(), typeof old.added, old.hint.call(null), new View().hint.call(null)]);`,
    starts: ['r1 view', 'undefined', 'h1', 'h1'],
    steps: [
      {
        edit: [
          ["name = 'view';", "name = 'view'; added = () => 'added to ' + this.name;"],
          ["'r1 ' + this.name", "'r2 ' + this.added()"],
        ],
        says: ['r2 added to view', 'function', 'h1', 'h1'],
      },
      {
        edit: [["hint() { return 'h1'; }", "hint = () => 'h2 ' + this.name;"]],
        says: ['r2 added to view', 'function', 'h2 view', 'h2 view'],
      },
    ],
  }),
  story({
    name: 'accessors: bodies, a setter added to a getter, a getter removed, a method that becomes a getter',
    files: `class Temp {
  c = 10;
  get f() { return 'f' + this.c; }
  kelvin() { return 'k' + this.c; }
}
const old = new Temp();
old.c = 20;
function write() { try { old.f = 30; return 'written ' + old.c; } catch (error) { return error.constructor.name; } finally { old.c = 20; } }
const kelvin = () => typeof old.kelvin === 'function' ? old.kelvin() : 'got ' + old.kelvin;
probe(() => [String(old.f), write(), kelvin()]);`,
    starts: ['f20', 'TypeError', 'k20'],
    steps: [
      { edit: [["'f' + this.c", "'F' + this.c"]], says: ['F20', 'TypeError', 'k20'] },
      { edit: [['  kelvin()', '  set f(v) { this.c = v; }\n  kelvin()']], says: ['F20', 'written 30', 'k20'] },
      { edit: [['  kelvin()', '  get kelvin()']], says: ['F20', 'written 30', 'got k20'] },
      { edit: [["  get f() { return 'F' + this.c; }\n", '']], says: ['undefined', 'written 30', 'got k20'] },
    ],
  }),
  story({
    name: 'async, generator and async generator methods',
    files: `let got = 'none';
class Work {
  n = 1;
  async load() { await null; return 'a1 ' + this.n; }
  *items() { yield 'g1'; yield this.n; }
  async *pages() { yield 'p1'; yield this.n; }
}
const old = new Work();
old.n = 2;
const held = [old.load, old.items, old.pages];
setInterval(run, 1);
async function run() { const pages = []; for await (const p of held[2].call(old)) pages.push(p); got = [await held[0].call(old), ...pages].join(); }
probe(() => [got, [...held[1].call(old)].join(), held.map((f) => Object.prototype.toString.call(f).slice(8, -1)).join()]);`,
    starts: ['a1 2,p1,2', 'g1,2', 'AsyncFunction,GeneratorFunction,AsyncGeneratorFunction'],
    steps: [
      {
        edit: [
          ["'a1 '", "'a2 '"],
          ["'g1'", "'g2'"],
          ["yield 'p1';", "yield 'p2'; yield 'p3';"],
        ],
        says: ['a2 2,p2,p3,2', 'g2,2', 'AsyncFunction,GeneratorFunction,AsyncGeneratorFunction'],
      },
    ],
  }),
  story({
    name: 'computed names: fields and statics by symbols, edited, added and removed, and formatted',
    files: `const STATE = Symbol('state'), RUN = Symbol.for('run'), TAG = 'tag', HOOK = Symbol('hook');
let made = 0;
const next = () => 'key' + made++;
class Machine {
  [STATE] = 's1';
  static [STATE] = 't1';
  [RUN] = () => 'run1 ' + this[STATE];
  [HOOK]() { return 'hook1'; }
  get [Symbol.toStringTag]() { return 'Machine'; }
  [(0, next)()]() { return 'made1'; }
  static [TAG]() { return 'tag1'; }
}
const old = new Machine();
old[STATE] = 'mine';
const run = old[RUN];
probe(() => {
  const now = new Machine();
  return [old[STATE] + now[STATE], run() + ', ' + now[RUN](), [old[HOOK]?.(), now[HOOK]?.()].join(), String(old), old.key0(), Machine[STATE] + Machine.tag?.(), String(made), String(now[TAG])];
});`,
    starts: ['mines1', 'run1 mine, run1 s1', 'hook1,hook1', '[object Machine]', 'made1', 't1tag1', '1', 'undefined'],
    steps: [
      {
        edit: [
          ["[STATE] = 's1'", "[STATE] = 's2'"],
          ["static [STATE] = 't1'", "static [STATE] = 't2'"],
          ["'run1 '", "'run2 '"],
          ["'made1'", "'made2'"],
        ],
        says: ['mines2', 'run2 mine, run2 s2', 'hook1,hook1', '[object Machine]', 'made2', 't2tag1', '1', 'undefined'],
      },
      {
        edit: [
          ["  [HOOK]() { return 'hook1'; }\n", ''],
          ["  get [Symbol.toStringTag]() { return 'Machine'; }\n", ''],
          ["  static [TAG]() { return 'tag1'; }\n", "  [TAG] = 'field1';\n"],
        ],
        says: ['mines2', 'run2 mine, run2 s2', ',', '[object Object]', 'made2', 't2undefined', '1', 'field1'],
      },
      {
        edit: [
          ["Symbol.for('run')", 'Symbol . for ("run")'],
          ['  [STATE] =', '  [ STATE /* of it */ ] ='],
          ["[TAG] = 'field1'", "[TAG] = 'field2'"],
        ],
        says: ['mines2', 'run2 mine, run2 s2', ',', '[object Object]', 'made2', 't2undefined', '1', 'field2'],
      },
      {
        edit: [["[TAG] = 'field2';", "[HOOK]() { return 'hook2'; }"]],
        says: ['mines2', 'run2 mine, run2 s2', 'hook2,hook2', '[object Object]', 'made2', 't2undefined', '1', 'undefined'],
      },
    ],
  }),
  story({
    name: 'names in quotes, in brackets, and both, that look like others',
    files: `const KEY = 'of key';
class A {
  'a-b'() { return 'a1'; }
  '[x]'() { return 'x1'; }
  '#p'() { return 'p1'; }
  '#f' = 'f1';
  [(KEY)]() { return 'k1'; }
  [( /* [ */ 'c.d')]() { return 'c1'; }
  get ['[g]']() { return 'g1'; }
  static 's s' = 't1';
  [(KEY + '!')] = 'e1';
  [('h')] = 'h1';
}
const old = new A();
probe(() => [old['a-b']?.(), old['[x]'](), old['#p'](), old['#f'] + new A()['#f'], old[KEY](), old['c.d']?.(), old['[g]'], A['s s'], new A()['of key!'] + new A().h].map(String));`,
    starts: ['a1', 'x1', 'p1', 'f1f1', 'k1', 'c1', 'g1', 't1', 'e1h1'],
    steps: [
      {
        edit: [
          ["'a1'", "'a2'"],
          ["'x1'", "'x2'"],
          ["'p1'", "'p2'"],
          ["'f1'", "'f2'"],
          ["'k1'", "'k2'"],
          ["'c1'", "'c2'"],
          ["'g1'", "'g2'"],
          ["'t1'", "'t2'"],
          ["'e1'", "'e2'"],
          ["'h1'", "'h2'"],
        ],
        says: ['a2', 'x2', 'p2', 'f1f2', 'k2', 'c2', 'g2', 't2', 'e2h2'],
        kept: true,
      },
      {
        edit: [
          ["  'a-b'() { return 'a2'; }\n", ''],
          ["  [( /* [ */ 'c.d')]() { return 'c2'; }\n", ''],
          ["get ['[g]']", "get '[g]'"],
          ['  [(KEY)]()', '  [KEY]()'],
        ],
        says: ['undefined', 'x2', 'p2', 'f1f2', 'k2', 'undefined', 'g2', 't2', 'e2h2'],
        kept: true,
      },
      {
        edit: [['class A {', "class A { ['a-b']() { return 'a3'; }"]],
        says: ['a3', 'x2', 'p2', 'f1f2', 'k2', 'undefined', 'g2', 't2', 'e2h2'],
        kept: true,
      },
    ],
  }),
  story({
    name: 'two members whose computed names read the same',
    files: `let made = 0;
const next = () => 'key' + made++;
class A { [next()]() { return 'a1'; } [next()]() { return 'b1'; } m() { return 'm1'; } }
const old = new A();
probe(() => [old.key0(), old.key1(), old.m()]);`,
    starts: ['a1', 'b1', 'm1'],
    steps: [{ edit: [["'m1'", "'m2'"]], refused: 'two members' }],
  }),
  story({
    name: 'computed and symbol keys, Symbol.iterator, toPrimitive and toStringTag',
    files: `const KEY = 'named', sym = Symbol('sym');
class Money {
  constructor(n) { this.n = n; }
  [KEY]() { return 'named1'; }
  [sym]() { return 'sym1'; }
  *[Symbol.iterator]() { yield this.n; }
  [Symbol.toPrimitive](hint) { return hint === 'number' ? this.n : this.n + 'EUR'; }
  get [Symbol.toStringTag]() { return 'Money'; }
}
const old = new Money(5);
probe(() => [old[KEY](), old[sym](), [...old].join(), \`\${old}\`, String(+old), Object.prototype.toString.call(old)]);`,
    starts: ['named1', 'sym1', '5', '5EUR', '5', '[object Money]'],
    steps: [
      {
        edit: [
          ["'named1'", "'named2'"],
          ["'sym1'", "'sym2'"],
          ['yield this.n;', 'yield this.n; yield this.n + 1;'],
          ["'EUR'", "'USD'"],
          ["'Money'; }", "'Cash'; }"],
        ],
        says: ['named2', 'sym2', '5,6', '5USD', '5', '[object Cash]'],
      },
    ],
  }),
  story({
    name: 'Symbol.iterator and Symbol.hasInstance are added',
    files: `class Bag { items = ['x', 'y']; size() { return this.items.length; } }
const old = new Bag();
const spread = () => { try { return [...old].join(); } catch (error) { return error.constructor.name; } };
probe(() => [spread(), String({ bag: true } instanceof Bag)]);`,
    starts: ['TypeError', 'false'],
    steps: [
      {
        edit: [
          [
            'size()',
            '[Symbol.iterator]() { return this.items.values(); }\n  static [Symbol.hasInstance](o) { return o.bag === true; }\n  size()',
          ],
        ],
        says: ['x,y', 'true'],
      },
      { edit: [['this.items.values()', 'this.items.toReversed().values()']], says: ['y,x', 'true'] },
    ],
  }),
  story({
    name: 'new.target: an abstract class stays abstract',
    files: `class Shape { constructor() { if (new.target === Shape) throw new TypeError('abstract 1'); this.made = new.target.name; } area() { return 'area1'; } }
class Square extends Shape {}
const old = new Square();
const make = (C) => { try { return new C().made; } catch (error) { return error.message; } };
probe(() => [make(Shape), make(Square), old.made + old.area(), Reflect.construct(Shape, [], Square).made]);`,
    starts: ['abstract 1', 'Square', 'Squarearea1', 'Square'],
    steps: [
      {
        edit: [
          ["'abstract 1'", "'abstract 2'"],
          ["'area1'", "'area2'"],
        ],
        says: ['abstract 2', 'Square', 'Squarearea2', 'Square'],
      },
      {
        edit: [['this.made = new.target.name', "this.made = 'a ' + new.target.name"]],
        says: ['abstract 2', 'a Square', 'Squarearea2', 'a Square'],
        kept: true,
      },
    ],
  }),
  story({
    name: 'class expressions, named and anonymous, and in an object',
    files: `const A = class { hi() { return 'a1'; } };
const B = class Inner { hi() { return 'b1 ' + Inner.name + (Inner === B); } };
const registry = { C: class { hi() { return 'c1'; } }, D: class extends A { hi() { return 'd1 ' + super.hi(); } } };
const held = [new A(), new B(), new registry.C(), new registry.D()];
probe(() => [...held.map((o) => o.hi()), [A, B, registry.C, registry.D].map((C) => C.name).join()]);`,
    starts: ['a1', 'b1 Innertrue', 'c1', 'd1 a1', 'A,Inner,C,D'],
    steps: [
      {
        edit: [
          ["'a1'", "'a2'"],
          ["'b1 '", "'b2 '"],
        ],
        says: ['a2', 'b2 Innertrue', 'c1', 'd1 a2', 'A,Inner,C,D'],
      },
      {
        edit: [
          ["'c1'", "'c2'"],
          ["'d1 '", "'d2 '"],
        ],
        says: ['a2', 'b2 Innertrue', 'c2', 'd2 a2', 'A,Inner,C,D'],
      },
    ],
  }),
  story({
    name: 'default export classes, anonymous and named',
    files: {
      '/main.js': `import Anonymous from './anonymous.js';
import Named from './named.js';
const held = [new Anonymous(), new Named()];
probe(() => [...held.map((o) => o.hi()), Anonymous.name + ' ' + Named.name, String(held[0] instanceof Anonymous && held[1] instanceof Named)]);`,
      '/anonymous.js': `export default class { hi() { return 'a1'; } }`,
      '/named.js': `export default class Named { hi() { return 'n1'; } }`,
    },
    starts: ['a1', 'n1', 'default Named', 'true'],
    steps: [
      {
        edit: { '/anonymous.js': [["'a1'", "'a2'"]], '/named.js': [["'n1'", "'n2'"]] },
        says: ['a2', 'n2', 'default Named', 'true'],
      },
    ],
  }),
  story({
    name: 'a class cannot be called; a method is no constructor; both also after an edit',
    files: `class C { constructor() { this.x = 'x1'; } m() { return 'm1'; } static s() {} get g() { return 1; } }
const Held = C, held = C.prototype.m;
const kind = (run) => { try { run(); return 'ran'; } catch (error) { return error.constructor.name; } };
probe(() => [kind(() => Held()), kind(() => new held()), kind(() => new C.s()), String('prototype' in held), held() + new Held().x]);`,
    starts: ['TypeError', 'TypeError', 'TypeError', 'false', 'm1x1'],
    steps: [
      {
        edit: [
          ["'x1'", "'x2'"],
          ["'m1'", "'m2'"],
        ],
        says: ['TypeError', 'TypeError', 'TypeError', 'false', 'm2x2'],
      },
    ],
  }),
  story({
    name: 'members are not enumerable, keep their order, names and lengths',
    files: `class C {
  constructor(a, b) { this.a = a; }
  first(x) { return 'f1'; }
  get second() { return 's1'; }
  third(x, y = 1) { return 't1'; }
  static make(a, b, c) { return 'm1'; }
}
const old = new C(1, 2);
const descriptor = (o, k) => { const { enumerable, configurable, writable } = Object.getOwnPropertyDescriptor(o, k); return k + [enumerable, configurable, writable].map((x) => String(x)[0]).join(''); };
const names = () => Object.getOwnPropertyNames(C.prototype);
const inLoop = () => { const all = []; for (const k in old) all.push(k); return all.join(); };
probe(() => [names().join(), names().slice().sort().map((k) => descriptor(C.prototype, k)).join(' '), inLoop(), descriptor(C, 'make') + C.make.length, [C.length, old.first.length, old.third.length, old.third.name].join(), old.first() + old.second + C.make()]);`,
    starts: ['constructor,first,second,third', 'constructorftt firstftt secondftu thirdftt', 'a', 'makeftt3', '2,1,1,third', 'f1s1m1'],
    steps: [
      {
        edit: [
          ["'f1'", "'f2'"],
          ["'s1'", "'s2'"],
          ["'m1'", "'m2'"],
        ],
        says: ['constructor,first,second,third', 'constructorftt firstftt secondftu thirdftt', 'a', 'makeftt3', '2,1,1,third', 'f2s2m2'],
      },
      {
        edit: [
          ['  static make(a, b, c)', "  zero() { return 'z1'; }\n  static make(a)"],
          ['constructor(a, b)', 'constructor(a, b, c)'],
          ['third(x, y = 1)', 'third(x, y)'],
        ],
        says: [
          'constructor,first,second,third,zero',
          'constructorftt firstftt secondftu thirdftt zeroftt',
          'a',
          'makeftt1',
          '3,1,2,third',
          'f2s2m2',
        ],
      },
    ],
  }),
  story({
    name: 'frozen, sealed and non-extensible instances get the new methods',
    files: `class P { constructor(x) { this.x = x; } show() { return 'v1 ' + this.x; } }
const held = [Object.freeze(new P('frozen')), Object.seal(new P('sealed')), Object.preventExtensions(new P('closed'))];
probe(() => [...held.map((p) => p.show()), [Object.isFrozen(held[0]), Object.isSealed(held[1])].join()]);`,
    starts: ['v1 frozen', 'v1 sealed', 'v1 closed', 'true,true'],
    steps: [
      { edit: [["'v1 '", "'v2 '"]], says: ['v2 frozen', 'v2 sealed', 'v2 closed', 'true,true'] },
      {
        edit: [
          ["'v2 ' + this.x", 'this.added()'],
          [' show() {', " added() { return 'added ' + this.x; } show() {"],
        ],
        says: ['added frozen', 'added sealed', 'added closed', 'true,true'],
      },
    ],
  }),
  story({
    name: 'a frozen prototype: bodies are new, since nothing of the prototype itself changes',
    files: `class P { x = 1; show() { return 'v1'; } get g() { return 'g1'; } }
Object.freeze(P.prototype);
const old = new P();
probe(() => [old.show(), old.g, String(Object.isFrozen(P.prototype))]);`,
    starts: ['v1', 'g1', 'true'],
    steps: [
      {
        edit: [
          ["'v1'", "'v2'"],
          ["'g1'", "'g2'"],
        ],
        says: ['v2', 'g2', 'true'],
      },
    ],
  }),
  story({
    name: 'instances in a Map, Set and WeakMap; a subclass made at run time; a prototype chain by hand',
    files: `class Node_ { constructor(id) { this.id = id; } label() { return 'v1 ' + this.id; } }
const map = new Map([['m', new Node_('m')]]), set = new Set([new Node_('s')]), key = new Node_('w'), weak = new WeakMap([[key, 'found']]);
const Sub = (() => class extends Node_ {})();
const byHand = Object.assign(Object.create(Node_.prototype), { id: 'hand' });
const child = Object.create(key);
const sub = new Sub('sub');
probe(() => [map.get('m').label(), [...set][0].label(), key.label() + weak.get(key), sub.label(), byHand.label(), child.label()]);`,
    starts: ['v1 m', 'v1 s', 'v1 wfound', 'v1 sub', 'v1 hand', 'v1 w'],
    steps: [{ edit: [["'v1 '", "'v2 '"]], says: ['v2 m', 'v2 s', 'v2 wfound', 'v2 sub', 'v2 hand', 'v2 w'] }],
  }),
  story({
    name: 'a method the program replaced on one instance, or on the prototype, stays replaced when another changes',
    files: `class A { a() { return 'a1'; } b() { return 'b1'; } c() { return 'c1'; } }
const old = new A();
old.a = () => 'own';
A.prototype.b = function () { return 'patched'; };
probe(() => [old.a() + new A().a(), old.b(), old.c()]);`,
    starts: ['owna1', 'patched', 'c1'],
    steps: [{ edit: [["'c1'", "'c2'"]], says: ['owna1', 'patched', 'c2'] }],
  }),
  story({
    name: 'two instances of a class with a getter that caches itself',
    files: `let reads = 0;
class Lazy { get value() { const value = 'computed'; Object.defineProperty(this, 'value', { value }); return value; } other() { return 'o1 ' + this.value; } }
const touched = new Lazy();
touched.value;
probe(() => [touched.other(), new Lazy().other()]);`,
    starts: ['o1 computed', 'o1 computed'],
    steps: [
      {
        edit: [
          ["'o1 '", "'o2 '"],
          ["'computed'", "'again'"],
        ],
        says: ['o2 computed', 'o2 again'],
        kept: true,
      },
    ],
  }),

  story({
    name: 'methods with default, destructured and rest parameters, arguments, and more or fewer of them',
    files: `class P {
  k = 'k';
  a(x = this.k, ...rest) { return 'a' + x + rest.length; }
  b({ y, z = y } = { y: 'y' }) { return 'b' + y + z; }
  c() { return 'c' + arguments.length; }
  d(x) { return 'd' + x; }
  set e([first]) { this.got = first; }
}
const old = new P(), held = [old.a, old.b, old.c, old.d].map((f) => f.bind(old)), { d } = old;
old.e = ['set'];
probe(() => [held[0](), held[0](1, 2, 3), held[1](), held[2](1, 2), held[3](1, 2, 3), d.length + old.got]);`,
    starts: ['ak0', 'a12', 'byy', 'c2', 'd1', '1set'],
    steps: [
      {
        edit: [
          ['x = this.k, ...rest', 'x, y = this.k + x'],
          ["'a' + x + rest.length", "'A' + y"],
          ['c() {', 'c(first, ...others) {'],
          ["'c' + arguments.length", "'C' + others.length"],
          ["d(x) { return 'd' + x; }", "d(x, y, z) { return 'D' + x + y + z + arguments.length; }"],
        ],
        says: ['Akundefined', 'A2', 'byy', 'C1', 'D1233', '3set'],
      },
    ],
  }),
  story({
    name: 'an async method in flight and a suspended generator method finish with old code and the live fields',
    files: `const said = [];
class Job {
  name = 'v1';
  async run() { said.push('begin1 ' + this.name); await new Promise((resolve) => setTimeout(resolve, 2)); said.push('end1 ' + this.name); }
  *steps() { yield 's1'; yield 's1 ' + this.name; }
}
const job = new Job(), steps = job.steps();
steps.next();
job.run();
setInterval(turn, 1);
function turn() { job.name = 'live'; const { value } = steps.next(); if (value) said.push(value); }
probe(() => [said.join('; '), [...job.steps()].join()]);`,
    starts: ['begin1 v1; s1 live', 's1,s1 live'],
    steps: [
      {
        edit: [
          ["'end1 '", "'end2 '"],
          ["'begin1 '", "'begin2 '"],
          ["yield 's1'; yield 's1 '", "yield 's2'; yield 's2 '"],
        ],
        says: ['begin1 v1; s1 live; end1 live', 's2,s2 live'],
        kept: true,
      },
    ],
  }),
  story({
    name: 'members called name, length, prototype-like and constructor-like',
    files: `class Odd {
  static name = 'custom';
  static length() { return 'length1'; }
  static apply() { return 'apply1'; }
  'constructor '() { return 'spaced1'; }
  ['proto']() { return 'proto1'; }
  get get() { return 'get1'; }
  static static() { return 'static1'; }
  async() { return 'async1'; }
  0() { return 'zero1'; }
}
const old = new Odd(), Held = Odd;
probe(() => [Held.name + Held.length(), Held.apply(), old['constructor '](), old.proto(), old.get, Held.static() + old.async(), old[0]()]);`,
    starts: ['customlength1', 'apply1', 'spaced1', 'proto1', 'get1', 'static1async1', 'zero1'],
    steps: [
      {
        edit: ['length1', 'apply1', 'spaced1', 'proto1', 'get1', 'static1', 'async1', 'zero1'].map(
          (tag) => [`'${tag}'`, `'${tag.replace('1', '2')}'`] as const,
        ),
        says: ['customlength2', 'apply2', 'spaced2', 'proto2', 'get2', 'static2async2', 'zero2'],
      },
    ],
  }),
  story({
    name: 'fields that refer to each other, to the constructor’s arguments and to a module variable',
    files: `const BASE = 10;
let serial = 0;
class Part {
  id = ++serial;
  size = BASE + this.id;
  half = () => 'h1 ' + this.size / 2;
  constructor(scale) { this.scale = scale; }
}
const old = new Part(3);
old.size = 50;
probe(() => [old.half(), String(old.scale), String(old.id)]);`,
    starts: ['h1 25', '3', '1'],
    steps: [
      { edit: [["'h1 ' + this.size / 2", "'h2 ' + this.size / BASE"]], says: ['h2 5', '3', '1'] },
      { edit: [['BASE = 10', 'BASE = 5']], says: ['h2 10', '3', '1'] },
    ],
  }),
];
