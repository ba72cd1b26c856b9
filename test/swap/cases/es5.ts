/** Objects from before classes: constructor functions with prototypes, and `extend` as Backbone has it. */
import { story, type SwapCase } from '../case.ts';

const BACKBONE = `function Model(attributes) { this.attributes = { ...attributes }; this.listeners = []; this.initialize?.(); }
Object.assign(Model.prototype, {
  get(name) { return this.attributes[name]; },
  set(name, value) { this.attributes[name] = value; for (const f of this.listeners) f(this); return this; },
  on(f) { this.listeners.push(f); },
});
function View(options) {
  this.model = options.model; this.el = new EventTarget();
  for (const [type, method] of Object.entries(this.events ?? {})) this.el.addEventListener(type, (event) => this[method](event));
  this.initialize?.();
}
function extend(members) {
  const Parent = this;
  function Child() { return Parent.apply(this, arguments); }
  Object.setPrototypeOf(Child, Parent);
  Child.prototype = Object.create(Parent.prototype, { constructor: { value: Child, writable: true, configurable: true } });
  Object.assign(Child.prototype, members);
  Child.__super__ = Parent.prototype;
  return Child;
}
Model.extend = View.extend = extend;
export { Model, View };`;

export const es5Cases: readonly SwapCase[] = [
  story({
    name: 'a prototype assigned one by one',
    files: `function Dog(name) { this.name = name; }
Dog.prototype.speak = function () { return 'woof ' + this.name; };
Dog.prototype.tricks = ['sit'];
Dog.create = function (name) { return new Dog(name); };
const old = Dog.create('rex'), held = old.speak;
probe(() => [old.speak(), held.call({ name: 'x' }), Dog.create('new').name, String(held === Dog.prototype.speak)]);`,
    starts: ['woof rex', 'woof x', 'new', 'true'],
    steps: [
      { edit: [["'woof '", "'wuff '"]], says: ['wuff rex', 'wuff x', 'new', 'true'] },
      {
        edit: [
          ['new Dog(name); }', "new Dog('made ' + name); }"],
          ['this.name = name;', 'this.name = name.toUpperCase();'],
        ],
        says: ['wuff rex', 'wuff x', 'MADE NEW', 'true'],
        kept: true,
      },
    ],
  }),
  story({
    name: 'a method assigned to a prototype is added',
    files: `function Dog(name) { this.name = name; }
Dog.prototype.speak = function () { return 'woof ' + this.name; };
const old = new Dog('rex');
const ask = (m) => typeof old[m] === 'function' ? old[m]() : 'no ' + m;
probe(() => [ask('speak'), ask('sit')]);`,
    starts: ['woof rex', 'no sit'],
    steps: [
      {
        edit: [['const old', "Dog.prototype.sit = function () { return 'sits ' + this.name; };\nconst old"]],
        says: ['woof rex', 'sits rex'],
      },
      { edit: [["'sits '", "'SITS '"]], says: ['woof rex', 'SITS rex'] },
    ],
  }),
  story({
    name: 'a prototype assigned as an object: its methods’ bodies',
    files: `function Cat(name) { this.name = name; }
Cat.prototype = { constructor: Cat, speak() { return 'meow ' + this.name; }, purr: function () { return 'purr ' + this.name; }, get age() { return 'age1'; } };
const old = new Cat('tom'), held = [old.speak, old.purr];
probe(() => [old.speak(), held[1].call(old), old.age, String(old.constructor === Cat && old.speak === held[0])]);`,
    starts: ['meow tom', 'purr tom', 'age1', 'true'],
    steps: [
      { edit: [["'meow '", "'miau '"]], says: ['miau tom', 'purr tom', 'age1', 'true'] },
      {
        edit: [
          ["'purr '", "'rrrr '"],
          ["'age1'", "'age2'"],
        ],
        says: ['miau tom', 'rrrr tom', 'age2', 'true'],
      },
    ],
  }),
  story({
    name: 'a method is added to a prototype assigned as an object: reached by old instances, or refused',
    files: `function Cat(name) { this.name = name; }
Cat.prototype = { constructor: Cat, speak() { return 'meow ' + this.name; } };
const old = new Cat('tom');
probe(() => [old.speak(), typeof old.purr, String(old instanceof Cat)]);`,
    starts: ['meow tom', 'undefined', 'true'],
    steps: [{ edit: [['speak() {', "purr() { return 'purr'; }, speak() {"]], says: ['meow tom', 'function', 'true'], orRefused: true }],
  }),
  story({
    name: 'Object.defineProperty and Object.assign on a prototype',
    files: `function Item() {}
Object.defineProperty(Item.prototype, 'label', { get() { return 'label1'; }, configurable: true });
Object.assign(Item.prototype, { open() { return 'open1'; }, close: () => 'close1' });
const old = new Item(), held = [old.open, old.close];
probe(() => [old.label, ...held.map((f) => f())]);`,
    starts: ['label1', 'open1', 'close1'],
    steps: [
      {
        edit: [
          ["'label1'", "'label2'"],
          ["'close1'", "'close2'"],
        ],
        says: ['label2', 'open1', 'close2'],
      },
      { edit: [["'open1'", "'open2'"]], says: ['label2', 'open2', 'close2'] },
    ],
  }),
  story({
    name: 'ES5 inheritance: Object.create, call of the parent, inherits',
    files: {
      '/main.js': `import { Animal } from './animal.js';
function Dog(name) { Animal.call(this, name); this.kind = 'dog'; }
Dog.prototype = Object.create(Animal.prototype);
Dog.prototype.constructor = Dog;
Dog.prototype.speak = function () { return 'dog1 ' + Animal.prototype.speak.call(this); };
const old = new Dog('rex');
probe(() => [old.speak(), String(old instanceof Animal && old instanceof Dog), new Dog('new').name]);`,
      '/animal.js': `export function Animal(name) { this.name = name; }
Animal.prototype.speak = function () { return 'animal1 ' + this.name; };`,
    },
    starts: ['dog1 animal1 rex', 'true', 'new'],
    steps: [
      { edit: { '/animal.js': [["'animal1 '", "'animal2 '"]] }, says: ['dog1 animal2 rex', 'true', 'new'] },
      {
        edit: { '/main.js': [["'dog1 '", "'dog2 '"]], '/animal.js': [['this.name = name;', "this.name = name + '!';"]] },
        says: ['dog2 animal2 rex', 'true', 'new!'],
        kept: true,
      },
    ],
  }),
  story({
    name: 'case 4: a Backbone-style model and view; delegated events reach the new method',
    files: {
      '/main.js': `import { Todo } from './todo.js';
import { TodoView } from './todo-view.js';
const model = new Todo({ title: 'milk', done: false });
const view = new TodoView({ model });
model.set('title', 'bread');
function click() { const event = new Event('click'); view.el.dispatchEvent(event); return event.said; }
probe(() => [model.label(), view.text, click(), String(model instanceof Todo && view.model === model)]);`,
      '/todo.js': `import { Model } from './backbone.js';
export const Todo = Model.extend({
  label() { return 'todo1 ' + this.get('title'); },
});`,
      '/todo-view.js': `import { View } from './backbone.js';
export const TodoView = View.extend({
  events: { click: 'onClick' },
  initialize() { this.render(); this.model.on(() => this.render()); },
  onClick(event) { event.said = 'click1 ' + this.model.label(); },
  render() { this.text = 'view1 ' + this.model.label(); return this; },
});`,
      '/backbone.js': BACKBONE,
    },
    starts: ['todo1 bread', 'view1 todo1 bread', 'click1 todo1 bread', 'true'],
    steps: [
      { edit: { '/todo-view.js': [["'click1 '", "'click2 '"]] }, says: ['todo1 bread', 'view1 todo1 bread', 'click2 todo1 bread', 'true'] },
      {
        edit: { '/todo.js': [["'todo1 '", "'todo2 '"]] },
        says: ['todo2 bread', 'view1 todo1 bread', 'click2 todo2 bread', 'true'],
        kept: true,
      },
    ],
  }),
  story({
    name: 'Backbone-style: members are added to extend’s literal and removed; the constructor and the old objects stay',
    files: {
      '/main.js': `import { Todo } from './todo.js';
const Held = Todo, model = new Todo({ title: 'milk' });
const ask = (m) => typeof model[m] === 'function' ? model[m]() : 'no ' + m;
probe(() => [ask('label'), ask('toggle'), String(model instanceof Todo), String(Held === Todo), new Held({ title: 'new' }).label()]);`,
      '/todo.js': `import { Model } from './backbone.js';
export const Todo = Model.extend({
  defaults: 1,
  label() { return 'todo1 ' + this.get('title'); },
});`,
      '/backbone.js': BACKBONE,
    },
    starts: ['todo1 milk', 'no toggle', 'true', 'true', 'todo1 new'],
    steps: [
      {
        edit: { '/todo.js': [['  label()', "  toggle() { return 'toggled ' + this.get('title'); },\n  label()"]] },
        says: ['todo1 milk', 'toggled milk', 'true', 'true', 'todo1 new'],
      },
      {
        edit: {
          '/todo.js': [
            ["'toggled '", "'TOGGLED '"],
            ["'todo1 '", "'todo2 '"],
          ],
        },
        says: ['todo2 milk', 'TOGGLED milk', 'true', 'true', 'todo2 new'],
      },
      {
        edit: { '/todo.js': [["  toggle() { return 'TOGGLED ' + this.get('title'); },\n", '']] },
        says: ['todo2 milk', 'no toggle', 'true', 'true', 'todo2 new'],
      },
    ],
  }),
  story({
    name: 'Backbone-style: the library’s own methods',
    files: {
      '/main.js': `import { Model } from './backbone.js';
const Todo = Model.extend({ label() { return this.get('title'); } });
const model = new Todo({ title: 'milk' });
probe(() => [model.label(), model.get('title')]);`,
      '/backbone.js': BACKBONE,
    },
    starts: ['milk', 'milk'],
    steps: [
      {
        edit: { '/backbone.js': [['return this.attributes[name];', "return 'got ' + this.attributes[name];"]] },
        says: ['got milk', 'got milk'],
      },
    ],
  }),
];
