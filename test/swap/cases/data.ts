/** Objects made by literals: merged in place, property by property, and the functions in them. */
import { story, type SwapCase } from '../case.ts';

export const dataCases: readonly SwapCase[] = [
  story({
    name: 'a literal without a name, exported: the object stays, what was edited goes into it',
    level: 'bindings',
    files: {
      '/main.js': `import options from './options.js';
const held = options;
options.added = 'live';
probe(() => [Object.values(options).join(), String(held === options)]);`,
      '/options.js': `export default { a: 1, text: 'one' };`,
    },
    starts: ['1,one,live', 'true'],
    steps: [{ edit: { '/options.js': [["'one'", "'two'"]] }, says: ['1,two,live', 'true'] }],
  }),
  story({
    name: 'three-way merge: what the author changed is new, what the program changed stays',
    level: 'bindings',
    files: `const config = { a: 1, b: 2, c: 3, gone: true };
config.a = 'live';
config.extra = 'live';
const held = config;
function show() { return Object.entries(held).map(([k, v]) => k + '=' + v).sort().join(' '); }
probe(() => [show(), String(held === config)]);`,
    starts: ['a=live b=2 c=3 extra=live gone=true', 'true'],
    steps: [
      { edit: [['b: 2', 'b: 20']], says: ['a=live b=20 c=3 extra=live gone=true', 'true'] },
      { edit: [['c: 3, gone: true', 'c: 3, added: 4']], says: ['a=live added=4 b=20 c=3 extra=live', 'true'] },
      { edit: [['a: 1', 'a: 100']], says: ['a=100 added=4 b=20 c=3 extra=live', 'true'], kept: true },
    ],
  }),
  story({
    name: 'the merge goes into nested literals',
    level: 'bindings',
    files: `const state = { window: { width: 100, open: false }, list: [1, 2], deep: { er: { x: 1 } } };
state.window.open = true;
state.list.push(3);
const { window: heldWindow } = state;
const show = () => JSON.stringify(state);
probe(() => [show(), String(heldWindow === state.window)]);`,
    starts: ['{"window":{"width":100,"open":true},"list":[1,2,3],"deep":{"er":{"x":1}}}', 'true'],
    steps: [
      { edit: [['width: 100', 'width: 250']], says: ['{"window":{"width":250,"open":true},"list":[1,2,3],"deep":{"er":{"x":1}}}', 'true'] },
      { edit: [['x: 1', 'x: 2']], says: ['{"window":{"width":250,"open":true},"list":[1,2,3],"deep":{"er":{"x":2}}}', 'true'] },
    ],
  }),
  story({
    name: 'an object singleton: methods through every reference, state stays',
    files: `const store = {
  items: [],
  add(item) { this.items.push(item); return this; },
  get size() { return 'size ' + this.items.length; },
  total: function () { return 'total ' + this.items.join('+'); },
  arrow: () => 'arrow1',
  async later() { return 'later'; },
};
store.add('x').add('y');
const held = { store, total: store.total, arrow: store.arrow, bound: store.total.bind(store) };
probe(() => [held.store.total(), held.bound(), held.total.call({ items: ['other'] }), held.arrow(), store.size, String(held.total === store.total)]);`,
    starts: ['total x+y', 'total x+y', 'total other', 'arrow1', 'size 2', 'true'],
    steps: [
      {
        edit: [
          ["'total '", "'sum '"],
          ["'arrow1'", "'arrow2'"],
          ["'size '", "'count '"],
        ],
        says: ['sum x+y', 'sum x+y', 'sum other', 'arrow2', 'count 2', 'true'],
      },
      {
        edit: [['add(item)', 'set size(n) { this.items.length = n; },\n  first() { return this.items[0]; },\n  add(item)']],
        says: ['sum x+y', 'sum x+y', 'sum other', 'arrow2', 'count 2', 'true'],
      },
      {
        edit: [["'sum ' + this.items.join('+')", "'first ' + store.first()"]],
        says: ['first x', 'first x', 'first x', 'arrow2', 'count 2', 'true'],
      },
    ],
  }),
  story({
    name: 'a method is added to an object singleton, then removed, then added again',
    files: `const api = {
  calls: 0,
  one() { return 'one' + this.calls; },
};
api.calls = 5;
const held = api;
probe(() => [held.one(), typeof held.two, typeof held.two === 'function' ? held.two() : '-', Object.keys(held).sort().join()]);`,
    starts: ['one5', 'undefined', '-', 'calls,one'],
    steps: [
      { edit: [['  one()', "  two() { return 'two' + this.calls; },\n  one()"]], says: ['one5', 'function', 'two5', 'calls,one,two'] },
      { edit: [["  two() { return 'two' + this.calls; },\n", '']], says: ['one5', 'undefined', '-', 'calls,one'] },
      { edit: [['  one()', "  two() { return 'TWO' + this.calls; },\n  one()"]], says: ['one5', 'function', 'TWO5', 'calls,one,two'] },
    ],
  }),
  story({
    name: 'nested functions in a literal, some with the same names in other objects',
    files: `const routes = {
  users: { get: () => 'users get', list: { get: () => 'users list' } },
  posts: { get: () => 'posts get' },
  plugins: [() => 'first plugin', { run() { return 'second plugin'; } }],
};
const held = [routes.users.get, routes.users.list.get, routes.posts.get, routes.plugins[0], routes.plugins[1].run];
probe(() => held.map((f) => f()));`,
    starts: ['users get', 'users list', 'posts get', 'first plugin', 'second plugin'],
    steps: [
      { edit: [["'posts get'", "'POSTS get'"]], says: ['users get', 'users list', 'POSTS get', 'first plugin', 'second plugin'] },
      {
        edit: [
          ["'users get'", "'USERS get'"],
          ["'users list'", "'USERS list'"],
          ["'second plugin'", "'SECOND plugin'"],
        ],
        says: ['USERS get', 'USERS list', 'POSTS get', 'first plugin', 'SECOND plugin'],
      },
    ],
  }),
  story({
    name: 'a live replaced method stays replaced when the source of another changes',
    files: `const api = { one() { return 'one'; }, two() { return 'two'; } };
api.one = () => 'spy';
const held = api;
probe(() => [held.one(), held.two()]);`,
    starts: ['spy', 'two'],
    steps: [{ edit: [["'two'", "'TWO'"]], says: ['spy', 'TWO'] }],
  }),
  story({
    name: 'a frozen singleton: its methods’ bodies',
    files: `const api = Object.freeze({ get: () => 'v1', nested: Object.freeze({ deep() { return 'd1'; } }) });
const held = [api.get, api.nested.deep];
probe(() => [...held.map((f) => f()), String(Object.isFrozen(api))]);`,
    starts: ['v1', 'd1', 'true'],
    steps: [
      {
        edit: [
          ["'v1'", "'v2'"],
          ["'d1'", "'d2'"],
        ],
        says: ['v2', 'd2', 'true'],
      },
    ],
  }),
  story({
    name: 'getters, setters, computed and symbol keys of a literal',
    files: `const KEY = 'computed', sym = Symbol('s');
const o = { _v: 1, get v() { return 'v' + this._v; }, set v(x) { this._v = x; }, [KEY]() { return 'c1'; }, [sym]() { return 's1'; }, 'quoted key'() { return 'q1'; }, 42() { return 'n1'; } };
o.v = 5;
const held = [o[KEY], o[sym], o['quoted key'], o[42]];
probe(() => [o.v, ...held.map((f) => f()), held.map((f) => f.name).join()]);`,
    starts: ['v5', 'c1', 's1', 'q1', 'n1', 'computed,[s],quoted key,42'],
    steps: [
      {
        edit: [
          ["'v' +", "'V' +"],
          ["'c1'", "'c2'"],
          ["'s1'", "'s2'"],
          ["'q1'", "'q2'"],
          ["'n1'", "'n2'"],
        ],
        says: ['V5', 'c2', 's2', 'q2', 'n2', 'computed,[s],quoted key,42'],
      },
    ],
  }),
  story({
    name: 'super in methods of a literal',
    files: `const base = { hi() { return 'base'; } };
const o = { __proto__: base, hi() { return 'o1 ' + super.hi(); } };
const held = o.hi;
probe(() => [held.call(o), o.hi()]);`,
    starts: ['o1 base', 'o1 base'],
    steps: [
      { edit: [["'base'", "'BASE'"]], says: ['o1 BASE', 'o1 BASE'] },
      { edit: [["'o1 ' + super.hi()", "'o2 ' + super.hi() + super.hi()"]], says: ['o2 BASEBASE', 'o2 BASEBASE'] },
    ],
  }),
  story({
    name: 'an array of data: the variable gets the new one',
    level: 'bindings',
    files: `const menu = ['a', 'b'];
function show() { return menu.join(); }
const held = show;
probe(() => [held()]);`,
    starts: ['a,b'],
    steps: [{ edit: [["['a', 'b']", "['a', 'b', 'c']"]], says: ['a,b,c'] }],
  }),
  story({
    name: 'functions in arrays and in maps of the initialiser',
    files: `const steps = [() => 's1', function () { return 'f1'; }];
const table = new Map([['a', () => 'a1'], ['b', () => 'b1']]);
const held = [...steps, table.get('a'), table.get('b')];
probe(() => held.map((f) => f()));`,
    starts: ['s1', 'f1', 'a1', 'b1'],
    steps: [
      { edit: [["'f1'", "'f2'"]], says: ['s1', 'f2', 'a1', 'b1'] },
      { edit: [["'b1'", "'b2'"]], says: ['s1', 'f2', 'a1', 'b2'] },
    ],
  }),
  story({
    name: 'a template text, an object with spread and shorthand follow their constants',
    level: 'bindings',
    files: `const theme = 'light', size = 1;
const base = { theme, size };
const all = { ...base, more: true };
const title = \`theme: \${theme}\`;
const show = () => title + ' ' + JSON.stringify(all);
probe(() => [show()]);`,
    starts: ['theme: light {"theme":"light","size":1,"more":true}'],
    steps: [{ edit: [["'light'", "'dark'"]], says: ['theme: dark {"theme":"dark","size":1,"more":true}'] }],
  }),
];
