/** Inheritance: levels, modules, changed parents, built-ins. */
import { story, type SwapCase } from '../case.ts';

const LEVELS_FILES = {
  '/main.js': `import { Leaf } from './leaf.js';
import { Mid } from './mid.js';
import { Base } from './base.js';
const old = new Leaf('old');
old.hits = 5;
const proto = Object.getPrototypeOf(old);
probe(() => [old.show(), new Leaf('new').show(), new Mid('mid').show(),
  [old instanceof Leaf, old instanceof Mid, old instanceof Base, Object.getPrototypeOf(old) === proto, Object.getPrototypeOf(Leaf) === Mid, Object.getPrototypeOf(Mid.prototype) === Base.prototype].join()]);`,
  '/leaf.js': `import { Mid } from './mid.js';
export class Leaf extends Mid { show() { return 'leaf1 ' + super.show(); } }`,
  '/mid.js': `import { Base } from './base.js';
export class Mid extends Base { show() { return 'mid1 ' + super.show(); } }`,
  '/base.js': `export class Base { hits = 0; constructor(name) { log('constructs ' + name); this.name = name; } show() { return 'base1 ' + this.name + this.hits; } }`,
};

export const inheritanceCases: readonly SwapCase[] = [
  story({
    name: 'case 3: three levels over three modules, base and leaf changed twice; no constructor runs again',
    files: {
      ...LEVELS_FILES,
      '/main.js': `import { Leaf } from './leaf.js';
import { Mid } from './mid.js';
import { Base } from './base.js';
const old = new Leaf('old');
old.hits = 5;
const proto = Object.getPrototypeOf(old);
probe(() => [old.show(), [old instanceof Leaf, old instanceof Mid, old instanceof Base, Object.getPrototypeOf(old) === proto, Object.getPrototypeOf(Leaf) === Mid, Object.getPrototypeOf(Mid.prototype) === Base.prototype].join()]);`,
    },
    starts: ['constructs old', 'leaf1 mid1 base1 old5', 'true,true,true,true,true,true'],
    steps: [
      { edit: { '/base.js': [['base1', 'base2']] }, says: ['leaf1 mid1 base2 old5', 'true,true,true,true,true,true'] },
      { edit: { '/leaf.js': [['leaf1', 'leaf2']] }, says: ['leaf2 mid1 base2 old5', 'true,true,true,true,true,true'] },
      {
        edit: { '/base.js': [['base2', 'base3']], '/leaf.js': [['leaf2', 'leaf3']] },
        says: ['leaf3 mid1 base3 old5', 'true,true,true,true,true,true'],
      },
    ],
  }),
  story({
    name: 'new instances of a leaf run the changed constructors of all levels',
    files: {
      ...LEVELS_FILES,
      '/main.js': `import { Leaf } from './leaf.js';
const old = new Leaf('old');
probe(() => [old.show(), new Leaf('new').show()]);`,
      '/base.js': `export class Base { hits = 0; constructor(name) { this.name = name; } show() { return 'base1 ' + this.name + this.hits; } }`,
    },
    starts: ['leaf1 mid1 base1 old0', 'leaf1 mid1 base1 new0'],
    steps: [
      {
        edit: { '/base.js': [['this.name = name;', "this.name = name + '2';"]] },
        says: ['leaf1 mid1 base1 old0', 'leaf1 mid1 base1 new20'],
        kept: true,
      },
      {
        edit: { '/mid.js': [['{ show', "{ constructor(name) { super('mid ' + name); this.hits = 9; } show"]] },
        says: ['leaf1 mid1 base1 old0', 'leaf1 mid1 base1 mid new29'],
        kept: true,
      },
      {
        edit: { '/mid.js': [["constructor(name) { super('mid ' + name); this.hits = 9; } ", '']] },
        says: ['leaf1 mid1 base1 old0', 'leaf1 mid1 base1 new20'],
        kept: true,
      },
    ],
  }),
  story({
    name: 'a changed parent: old instances follow it, and super does',
    files: `class A { hi() { return 'A'; } static s() { return 'sA'; } }
class B { hi() { return 'B'; } static s() { return 'sB'; } only() { return 'only B'; } }
class C extends A { x = 'x'; hi() { return 'C' + super.hi() + this.x; } }
const old = new C();
old.x = 'live';
probe(() => [old.hi(), typeof old.only, C.s(), [old instanceof A, old instanceof B, old instanceof C].join()]);`,
    starts: ['CAlive', 'undefined', 'sA', 'true,false,true'],
    steps: [
      { edit: [['C extends A', 'C extends B']], says: ['CBlive', 'function', 'sB', 'false,true,true'] },
      { edit: [["return 'B'", "return 'B2'"]], says: ['CB2live', 'function', 'sB', 'false,true,true'] },
      { edit: [['C extends B', 'C extends A']], says: ['CAlive', 'undefined', 'sA', 'true,false,true'] },
    ],
  }),
  story({
    name: 'extends is added, and removed',
    files: `class Base { constructor(n = 1) { this.base = n; } hi() { return 'base ' + this.base; } }
class Plain { own = 'own'; show() { return 'plain ' + this.own; } }
const old = new Plain();
const hi = (o) => typeof o.hi === 'function' ? o.hi() : 'no hi';
probe(() => [old.show(), hi(old), hi(new Plain()), String(old instanceof Base), String(Object.getPrototypeOf(Plain) === Base)]);`,
    starts: ['plain own', 'no hi', 'no hi', 'false', 'false'],
    steps: [
      {
        edit: [['class Plain {', 'class Plain extends Base {']],
        says: ['plain own', 'base undefined', 'base 1', 'true', 'true'],
        kept: true,
      },
      {
        edit: [["own = 'own';", "own = 'own'; constructor() { super(7); }"]],
        says: ['plain own', 'base undefined', 'base 7', 'true', 'true'],
        kept: true,
      },
      {
        edit: [
          ['class Plain extends Base {', 'class Plain {'],
          [' constructor() { super(7); }', ''],
        ],
        says: ['plain own', 'no hi', 'no hi', 'false', 'false'],
      },
    ],
  }),
  story({
    name: 'super: constructor arguments, accessors, assignments, statics, methods of arrows',
    files: `class A { constructor(v) { this.v = v; } get g() { return 'gA' + this.v; } set g(v) { this.v = v; } m(x) { return 'mA' + x; } static s() { return 'sA'; } }
class B extends A {
  constructor(v) { super(v + '!'); }
  get g() { return 'gB' + super.g; }
  set g(v) { super.g = v; }
  m(x) { return [1, 2].map((n) => super.m(n + x)).join(); }
  static s() { return 'sB' + super.s(); }
}
const old = new B('old');
old.g = 'set';
probe(() => [old.g, old.m('x'), B.s(), new B('new').v]);`,
    starts: ['gBgAset', 'mA1x,mA2x', 'sBsA', 'new!'],
    steps: [
      {
        edit: [
          ["'gA'", "'GA'"],
          ["'mA'", "'MA'"],
          ["'sA'", "'SA'"],
        ],
        says: ['gBGAset', 'MA1x,MA2x', 'sBSA', 'new!'],
      },
      {
        edit: [
          ["'gB' + super.g", "super.g + '/' + super.m('g')"],
          ['[1, 2].map', '[3].map'],
          ["'sB' + super.s()", "super.s() + 'B'"],
          ["v + '!'", "v + '?'"],
        ],
        says: ['GAset/MAg', 'MA3x', 'SAB', 'new?'],
      },
    ],
  }),
  story({
    name: 'subclasses of Map, Error, Array and Promise',
    files: `class Registry extends Map { get(key) { return 'r1 ' + super.get(key); } add(key) { return this.set(key, key.toUpperCase()); } }
class AppError extends Error { constructor(message) { super(message); this.name = 'AppError'; } describe() { return 'e1 ' + this.message; } }
class List extends Array { last() { return 'l1 ' + this.at(-1); } }
class Task extends Promise { kind() { return 't1'; } }
const registry = new Registry().add('a'), error = new AppError('bad'), list = List.from([1, 2]), task = Task.resolve(1);
probe(() => [registry.get('a') + registry.size, error.describe() + ' ' + String(error) + (error instanceof Error), list.last() + list.length + Array.isArray(list) + list.map((x) => x * 2).last(), task.kind() + (task.then(() => 1) instanceof Task)]);`,
    starts: ['r1 A1', 'e1 bad AppError: badtrue', 'l1 22truel1 4', 't1true'],
    steps: [
      {
        edit: [
          ["'r1 '", "'r2 '"],
          ["'e1 '", "'e2 '"],
          ["'l1 '", "'l2 '"],
          ["'t1'", "'t2'"],
        ],
        says: ['r2 A1', 'e2 bad AppError: badtrue', 'l2 22truel2 4', 't2true'],
      },
      {
        edit: [
          ['add(key)', 'has(key) { return true; } add(key)'],
          ["'r2 ' + super.get(key)", "this.has('x') + ' ' + super.has('x')"],
        ],
        says: ['true false1', 'e2 bad AppError: badtrue', 'l2 22truel2 4', 't2true'],
      },
    ],
  }),
  story({
    name: 'extends null',
    files: `class Bare extends null { static make() { return Object.create(Bare.prototype); } hi() { return 'n1'; } }
const old = Bare.make();
probe(() => [old.hi(), String('toString' in old), String(old instanceof Bare)]);`,
    starts: ['n1', 'false', 'true'],
    steps: [{ edit: [["'n1'", "'n2'"]], says: ['n2', 'false', 'true'] }],
  }),
  story({
    name: 'mixins: the class that uses them, and what they make from now on',
    files: `const Loud = (B) => class extends B { shout() { return this.say().toUpperCase(); } };
const Counted = (B) => class extends B { n = 1; count() { return 'n' + this.n; } };
class Base { say() { return 'base1'; } }
class Thing extends Counted(Loud(Base)) { say() { return 'thing1 ' + super.say(); } }
const old = new Thing();
old.n = 5;
const made = () => new (Loud(Base))().shout();
probe(() => [old.say(), old.shout(), old.count(), made()]);`,
    starts: ['thing1 base1', 'THING1 BASE1', 'n5', 'BASE1'],
    steps: [
      { edit: [["'base1'", "'base2'"]], says: ['thing1 base2', 'THING1 BASE2', 'n5', 'BASE2'] },
      { edit: [["'thing1 '", "'thing2 '"]], says: ['thing2 base2', 'THING2 BASE2', 'n5', 'BASE2'] },
    ],
  }),
  story({
    name: 'a base that is imported and replaced by another export',
    files: {
      '/main.js': `import { Round as Shape } from './shapes.js';
class Button extends Shape { draw() { return 'button ' + super.draw(); } }
const old = new Button();
probe(() => [old.draw(), old.corners]);`,
      '/shapes.js': `export class Round { corners = 'none'; draw() { return 'round1'; } }
export class Square { corners = 'four'; draw() { return 'square1'; } }`,
    },
    starts: ['button round1', 'none'],
    steps: [
      { edit: { '/main.js': [['Round as Shape', 'Square as Shape']] }, says: ['button square1', 'none'], kept: true },
      { edit: { '/shapes.js': [['square1', 'square2']] }, says: ['button square2', 'none'], kept: true },
    ],
  }),
  story({
    name: 'methods move between parent and child',
    files: `class P { hi() { return 'P ' + this.x; } }
class C extends P { x = 'x'; }
const old = new C(), held = old.hi.bind(old);
probe(() => [old.hi(), String(Object.hasOwn(C.prototype, 'hi')), String(Object.hasOwn(P.prototype, 'hi'))]);`,
    starts: ['P x', 'false', 'true'],
    steps: [
      {
        edit: [
          ["{ hi() { return 'P ' + this.x; } }", '{ }'],
          ["x = 'x';", "x = 'x'; hi() { return 'C ' + this.x; }"],
        ],
        says: ['C x', 'true', 'false'],
      },
      {
        edit: [
          ['{ }', "{ hi() { return 'P2 ' + this.x; } }"],
          [" hi() { return 'C ' + this.x; }", ''],
        ],
        says: ['P2 x', 'false', 'true'],
      },
    ],
  }),
  story({
    name: 'classes that refer to each other before they are defined',
    files: `class Tree { children = [new_('root')]; static parse(s) { return new Leaf(s); } show() { return 'tree1 ' + this.children.map((c) => c.show()).join(); } }
class Leaf { constructor(s) { this.s = s; } up() { return new Tree(); } show() { return 'leaf1 ' + this.s; } }
function new_(s) { return new Leaf(s); }
const old = new Tree(), leaf = Tree.parse('p');
probe(() => [old.show(), leaf.show(), leaf.up().show()]);`,
    starts: ['tree1 leaf1 root', 'leaf1 p', 'tree1 leaf1 root'],
    steps: [
      { edit: [["'leaf1 '", "'leaf2 '"]], says: ['tree1 leaf2 root', 'leaf2 p', 'tree1 leaf2 root'] },
      {
        edit: [
          ["'tree1 '", "'tree2 '"],
          ["'root'", "'ROOT'"],
        ],
        says: ['tree2 leaf2 root', 'leaf2 p', 'tree2 leaf2 ROOT'],
        kept: true,
      },
    ],
  }),
];
