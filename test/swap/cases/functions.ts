/** Functions of each kind, reached through references that were taken before they were edited. */
import { story, type SwapCase } from '../case.ts';

export const functionCases: readonly SwapCase[] = [
  story({
    name: 'a declaration: captured, bound, in a map, and itself',
    level: 'bindings',
    files: `log('run');
function greet(name) { return 'hello ' + name; }
const held = greet;
const bound = greet.bind(null, 'bound');
const map = new Map([['greet', greet]]);
const set = new Set([greet]);
const weak = new WeakMap([[greet, 'weak']]);
probe(() => [held('held'), bound(), map.get('greet')('map'), greet('self'), [held === greet, set.has(greet), weak.get(greet), greet.name].join()]);`,
    starts: ['run', 'hello held', 'hello bound', 'hello map', 'hello self', 'true,true,weak,greet'],
    steps: [
      { edit: [['hello', 'bye']], says: ['bye held', 'bye bound', 'bye map', 'bye self', 'true,true,weak,greet'] },
      { edit: [['bye', 'hi']], says: ['hi held', 'hi bound', 'hi map', 'hi self', 'true,true,weak,greet'] },
    ],
  }),
  story({
    name: 'case 1: a listener bound before runs the new body, with the live variables',
    level: 'bindings',
    files: `let count = 0;
function onHit(event) { count++; return said.push(event.type + ' ' + count); }
const said = [];
const target = new EventTarget();
target.addEventListener('hit', onHit);
setInterval(fire, 1);
function fire() { target.dispatchEvent(new Event('hit')); }
probe(() => [said.join()]);`,
    starts: ['hit 1'],
    steps: [
      { edit: [["' ' + count", "' now ' + count"]], says: ['hit 1,hit now 2'], kept: true },
      { edit: [['count++', 'count += 10']], says: ['hit 1,hit now 2,hit now 12'], kept: true },
    ],
  }),
  story({
    name: 'function expressions and arrows in variables',
    level: 'bindings',
    files: `const one = function () { return 'one ' + this; };
let two = () => 'two';
var three = function named() { return 'three ' + (typeof named); };
const held = [one, two, three];
probe(() => [held[0].call('this'), held[1](), held[2](), String(held[0] === one && held[1] === two && held[2] === three), [one.name, two.name, three.name].join()]);`,
    starts: ['one this', 'two', 'three function', 'true', 'one,two,named'],
    steps: [
      {
        edit: [
          ["'one '", "'1 '"],
          ["'two'", "'2'"],
          ["'three '", "'3 '"],
        ],
        says: ['1 this', '2', '3 function', 'true', 'one,two,named'],
      },
    ],
  }),
  story({
    name: 'an arrow gets a block body, and is still no constructor',
    level: 'bindings',
    files: `const f = (a) => a + 1;
const held = f;
const newable = () => { try { new held(); return 'newable'; } catch (error) { return error.constructor.name; } };
probe(() => [String(held(1)), newable(), String('prototype' in held), held.name]);`,
    starts: ['2', 'TypeError', 'false', 'f'],
    steps: [{ edit: [['(a) => a + 1', '(a) => { const b = a * 2; return b + 3; }']], says: ['5', 'TypeError', 'false', 'f'] }],
  }),
  story({
    name: 'async functions',
    level: 'bindings',
    files: `let answer = 'none';
async function ask(q) { await null; return q + '!'; }
const arrow = async (q) => { await null; return q + '?'; };
const held = [ask, arrow];
setInterval(run, 1);
function run() { Promise.all(held.map((f) => f('a'))).then((all) => { answer = all.join(); }); }
probe(() => [answer, held.map((f) => Object.prototype.toString.call(f)).join()]);`,
    starts: ['a!,a?', '[object AsyncFunction],[object AsyncFunction]'],
    steps: [
      {
        edit: [
          ["'!'", "'!!'"],
          ["'?'", "'??'"],
        ],
        says: ['a!!,a??', '[object AsyncFunction],[object AsyncFunction]'],
      },
    ],
  }),
  story({
    name: 'an async function’s error is a rejection, also with the new body',
    level: 'bindings',
    files: `let outcome = 'none';
async function work(x = 1) { return 'fine ' + x; }
const held = work;
setInterval(run, 1);
function run() { held().then((v) => { outcome = v; }, (error) => { outcome = 'rejected ' + error.message; }); }
probe(() => [outcome]);`,
    starts: ['fine 1'],
    steps: [
      { edit: [["return 'fine ' + x;", "throw new Error('bad ' + x);"]], says: ['rejected bad 1'] },
      { edit: [['x = 1', "x = (() => { throw new Error('default'); })()"]], says: ['rejected default'] },
    ],
  }),
  story({
    name: 'generators',
    level: 'bindings',
    files: `function* numbers(n) { for (let i = 0; i < n; i++) yield i; }
const held = numbers;
probe(() => [[...held(3)].join(), Object.prototype.toString.call(held), String(held(1) instanceof held), String(Object.getPrototypeOf(held(0)) === held.prototype)]);`,
    starts: ['0,1,2', '[object GeneratorFunction]', 'true', 'true'],
    steps: [{ edit: [['yield i;', 'yield i * 10;']], says: ['0,10,20', '[object GeneratorFunction]', 'true', 'true'] }],
  }),
  story({
    name: 'async generators',
    level: 'bindings',
    files: `let got = 'none';
async function* letters() { yield 'a'; await null; yield 'b'; }
const held = letters;
setInterval(run, 1);
async function run() { const all = []; for await (const x of held()) all.push(x); got = all.join(); }
probe(() => [got, Object.prototype.toString.call(held)]);`,
    starts: ['a,b', '[object AsyncGeneratorFunction]'],
    steps: [{ edit: [["yield 'b';", "yield 'B'; yield 'c';"]], says: ['a,B,c', '[object AsyncGeneratorFunction]'] }],
  }),
  story({
    name: 'a function in flight and a suspended generator finish with old code; the next ones are new',
    level: 'bindings',
    files: `const said = [];
let shared = 'v1';
async function slow(tag) { said.push(tag + ' begins ' + shared); await new Promise((resolve) => setTimeout(resolve, 2)); said.push(tag + ' old end ' + shared); }
function* steps() { yield 'old 1'; yield 'old 2'; yield 'old 3'; }
const iterator = steps();
let started = 0;
setInterval(turn, 1);
function turn() { said.push(iterator.next().value); if (started++ < 2) slow('s' + started); }
function rename() { shared = 'unused'; }
probe(() => [said.join('; '), [...steps()].join()]);`,
    starts: ['old 1; s1 begins v1', 'old 1,old 2,old 3'],
    steps: [
      {
        edit: [
          ["' old end '", "' new end '"],
          ["'old 2'; yield 'old 3'", "'new 2'; yield 'new 3'"],
        ],
        says: ['old 1; s1 begins v1; old 2; s2 begins v1', 'old 1,new 2,new 3'],
        kept: true,
      },
      {
        edit: [["'unused'", "'used'"]],
        says: ['old 1; s1 begins v1; old 2; s2 begins v1; old 3; s1 old end v1', 'old 1,new 2,new 3'],
        kept: true,
      },
      {
        edit: [["'used'", "'again'"]],
        says: ['old 1; s1 begins v1; old 2; s2 begins v1; old 3; s1 old end v1; ; s2 new end v1', 'old 1,new 2,new 3'],
        kept: true,
      },
    ],
  }),
  story({
    name: 'default, destructured and rest parameters',
    level: 'bindings',
    files: `const K = 'k';
function defaults(a, b = a + K) { return a + b; }
function destructured({ x, y: [z] = ['z'] } = { x: 'x' }) { return x + z; }
function rest(a, ...others) { return a + others.length; }
const held = [defaults, destructured, rest];
probe(() => [held[0]('a'), held[1](), held[1]({ x: 1, y: [2] }) + '', held[2]('r', 1, 2, 3), held.map((f) => f.length).join()]);`,
    starts: ['aak', 'xz', '3', 'r3', '1,0,1'],
    steps: [
      {
        edit: [
          ['b = a + K', "b = K + K, c = 'c'"],
          ['return a + b;', 'return a + b + c;'],
          ["['z'] } = { x: 'x' }", "['Z'], ...more } = { x: 'X', w: 'w' }"],
          ['return x + z;', 'return x + z + Object.keys(more).length;'],
          ['(a, ...others) { return a + others.length', "(a, b, ...others) { return a + b + ':' + others.join('')"],
        ],
        says: ['akkc', 'XZ1', '3', 'r1:23', '1,0,2'],
      },
    ],
  }),
  story({
    name: 'more and fewer parameters than before, through held references',
    level: 'bindings',
    files: `function none() { return 'none'; }
function one(a) { return 'one ' + a; }
function three(a, b, c) { return 'three ' + [a, b, c].join(''); }
const held = [none, one, three];
const bound = one.bind(null, 'b');
probe(() => [...held.map((f) => f(1, 2, 3, 4, 5) + ' ' + f.length), bound('x', 'y')]);`,
    starts: ['none 0', 'one 1 1', 'three 123 3', 'one b'],
    steps: [
      {
        edit: [
          ["none() { return 'none'; }", "none(a, b, c, d, e) { return 'none ' + [a, b, c, d, e].join(''); }"],
          ["one(a) { return 'one ' + a; }", "one(a, b, c) { return 'one ' + [a, b, c].join(''); }"],
          ["three(a, b, c) { return 'three ' + [a, b, c].join(''); }", "three() { return 'three'; }"],
        ],
        says: ['none 12345 5', 'one 123 3', 'three 0', 'one bxy'],
      },
    ],
  }),
  story({
    name: 'arguments and rest come into use, and go',
    level: 'bindings',
    files: `function a(x) { return 'a' + x; }
function b() { return 'b'; }
function c() { return 'c' + arguments.length; }
const held = [a, b, c];
probe(() => held.map((f) => f(1, 2, 3)));`,
    starts: ['a1', 'b', 'c3'],
    steps: [
      {
        edit: [
          ["'a' + x", "'a' + arguments.length"],
          ["b() { return 'b'", "b(...all) { return 'b' + all.join('')"],
          ["'c' + arguments.length", "'c' + (() => arguments[2])()"],
        ],
        says: ['a3', 'b123', 'c3'],
      },
      { edit: [["'c' + (() => arguments[2])()", "'c'"]], says: ['a3', 'b123', 'c'] },
    ],
  }),
  story({
    name: 'recursion, and named function expressions that call themselves',
    level: 'bindings',
    files: `function sum(n) { return n === 0 ? 0 : n + sum(n - 1); }
const fact = function self(n) { return n < 2 ? 1 : n * self(n - 1); };
const held = [sum, fact];
const even = (n) => n === 0 || odd(n - 1);
const odd = (n) => n !== 0 && even(n - 1);
probe(() => [held[0](4) + '', held[1](4) + '', String(even(6))]);`,
    starts: ['10', '24', 'true'],
    steps: [
      {
        edit: [
          ['n + sum(n - 1)', '2 * n + sum(n - 1)'],
          ['? 1 : n * self(n - 1)', '? 100 : n * self(n - 1)'],
          ['n !== 0 && even', 'n > 5 && even'],
        ],
        says: ['20', '2400', 'false'],
      },
    ],
  }),
  story({
    name: 'a hoisted function is used before its definition',
    level: 'bindings',
    files: `const early = make('early');
const first = make;
function make(tag) { return tag + ' v1'; }
probe(() => [early, first('now'), String(first === make)]);`,
    starts: ['early v1', 'now v1', 'true'],
    steps: [{ edit: [['v1', 'v2']], says: ['early v1', 'now v2', 'true'], kept: true }],
  }),
  story({
    name: 'default exports: named function, anonymous function, arrow, object',
    level: 'bindings',
    files: {
      '/main.js': `import named from './named.js';
import anonymous from './anonymous.js';
import arrow from './arrow.js';
import { default as again } from './named.js';
const held = [named, anonymous, arrow];
probe(() => [...held.map((f) => f.name + ' ' + f()), String(again === held[0])]);`,
      '/named.js': `export default function named() { return 'n1'; }`,
      '/anonymous.js': `export default function () { return 'a1'; }`,
      '/arrow.js': `export default () => 'r1';`,
    },
    starts: ['named n1', 'default a1', 'default r1', 'true'],
    steps: [
      { edit: { '/named.js': [['n1', 'n2']] }, says: ['named n2', 'default a1', 'default r1', 'true'] },
      {
        edit: { '/anonymous.js': [['a1', 'a2']], '/arrow.js': [['r1', 'r2']] },
        says: ['named n2', 'default a2', 'default r2', 'true'],
      },
    ],
  }),
  story({
    name: 'an ES5-style constructor: new, instanceof, new.target, called without new',
    level: 'bindings',
    files: `function Point(x) { if (!new.target) return 'called'; this.x = x; this.by = new.target.name; }
const Held = Point;
const p = new Held(1);
probe(() => [p.x + p.by, Held(), String(p instanceof Point), String(new Held(2).x), String(p.constructor === Held), String(Object.getPrototypeOf(new Point(1)) === Object.getPrototypeOf(p))]);`,
    starts: ['1Point', 'called', 'true', '2', 'true', 'true'],
    steps: [
      { edit: [['this.x = x;', 'this.x = x * 100;']], says: ['1Point', 'called', 'true', '200', 'true', 'true'], kept: true },
      {
        edit: [["return 'called'", "return 'CALLED'"]],
        says: ['1Point', 'CALLED', 'true', '200', 'true', 'true'],
        kept: true,
      },
    ],
  }),
  story({
    name: 'a new function, variable and import are called by an old one',
    level: 'bindings',
    files: {
      '/main.js': `function run() { return 'alone'; }
const held = run;
probe(() => [held()]);`,
      '/dep.js': `log('dep runs'); export const x = 'X';`,
    },
    starts: ['alone'],
    steps: [
      {
        edit: [
          [
            "function run() { return 'alone'; }",
            "function helper() { return 'helped' + n; }\nlet n = 1;\nfunction run() { return helper(); }",
          ],
        ],
        says: ['helped1'],
      },
      {
        edit: [
          ['function helper', "import { x } from './dep.js';\nfunction helper"],
          ["'helped' + n", "'helped' + n + x"],
        ],
        says: ['dep runs', 'helped1X'],
      },
    ],
  }),
  story({
    name: 'a function becomes async, another a generator',
    level: 'bindings',
    files: `function a() { return 'plain'; }
function g() { return ['x']; }
const held = [a, g];
let result = 'none';
setInterval(run, 1);
function run() { const r = held[0](); result = r instanceof Promise ? 'promise' : r; }
probe(() => [result, [...held[1]()].join()]);`,
    starts: ['plain', 'x'],
    steps: [
      {
        edit: [
          ['function a() { return', 'async function a() { return'],
          ["function g() { return ['x']; }", "function* g() { yield 'y'; yield 'z'; }"],
        ],
        says: ['promise', 'y,z'],
        orRefused: true,
      },
    ],
  }),
  story({
    name: 'properties that the program put on a function stay',
    level: 'bindings',
    files: `function tagged() { return 'v1 ' + tagged.calls; }
tagged.calls = 0;
tagged.calls = 7;
const arrow = () => arrow.label;
arrow.label = 'label';
probe(() => [tagged(), arrow(), Object.keys(tagged).join()]);`,
    starts: ['v1 7', 'label', 'calls'],
    steps: [
      {
        edit: [
          ['v1', 'v2'],
          ['() => arrow.label', "() => arrow.label + '2'"],
        ],
        says: ['v2 7', 'label2', 'calls'],
      },
    ],
  }),
  story({
    name: 'shadowed names: a parameter, a local variable, a catch and a label keep their own meaning',
    level: 'bindings',
    files: `let x = 'module';
function f(x) { return x; }
function g() { { let x = 'block'; if (x !== 'block') return x; } return x; }
function h() { try { throw 'caught'; } catch (x) { return x; } }
const o = (y) => ({ x, y, z: { x } });
probe(() => [f('param'), g(), h(), JSON.stringify(o(1))]);`,
    starts: ['param', 'module', 'caught', '{"x":"module","y":1,"z":{"x":"module"}}'],
    steps: [
      {
        edit: [
          ['{ return x; }\nfunction g', "{ x += '!'; return x; }\nfunction g"],
          ['return x; } return x; }', "return x; } x += '!'; x = 'module'; return x + '?'; }"],
          ["throw 'caught'", "throw 'again'"],
          ['({ x, y, z: { x } })', '({ y, x, typeof: typeof x })'],
        ],
        says: ['param!', 'module?', 'again', '{"y":1,"x":"module","typeof":"string"}'],
      },
    ],
  }),
  story({
    name: 'new code writes variables: assignment, update, destructuring, loops',
    level: 'bindings',
    files: `let a = 0, b = 0, c = 0, d = [];
const held = [write];
function write() { }
setInterval(turn, 1);
function turn() { held[0](); }
probe(() => [[a, b, c, d.join('')].join()]);`,
    starts: ['0,0,0,'],
    steps: [
      {
        edit: [['write() { }', 'write() { a++; b += 2; [c] = [c + 3]; for (const x of [4, 5]) d.push(x); }']],
        says: ['1,2,3,45'],
      },
      {
        edit: [
          [
            'a++; b += 2; [c] = [c + 3]; for (const x of [4, 5]) d.push(x);',
            '({ a, b = 9 } = { a: a * 10 }); c ||= 1; c &&= 8; for (a of [70]) ; d = [a];',
          ],
        ],
        says: ['70,9,8,70'],
      },
    ],
  }),
  story({
    name: 'what was a captured method of the global is called without a this',
    level: 'bindings',
    files: `function self() { return typeof this; }
const held = [self];
let got = '';
function call() { return self(); }
probe(() => [call(), held[0].call(1)]);`,
    starts: ['undefined', 'number'],
    steps: [{ edit: [['return self();', "return 'plain ' + self() + (0, self)();"]], says: ['plain undefinedundefined', 'number'] }],
  }),

  story({
    name: 'names that emitted code may need belong to the author: Reflect, Object, a, $',
    files: `const Reflect = 'my Reflect', Object = 'my Object', $ = '$1', current = 'c', slot = 's';
function Root() { return Reflect + $; }
class Symbol { hi() { return Object + current + slot; } }
class Sub extends Symbol { constructor() { super(); this.own = typeof Reflect; } hi() { return super.hi() + this.own; } }
const old = new Sub(), held = Root;
probe(() => [held(), old.hi()]);`,
    starts: ['my Reflect$1', 'my Objectcsstring'],
    steps: [
      {
        edit: [
          ['return Reflect + $', 'return $ + Reflect'],
          ['Object + current', 'current + Object'],
        ],
        says: ['$1my Reflect', 'cmy Objectsstring'],
      },
      {
        edit: [
          ["'$1'", "'$2'"],
          ['super(); this', "super(); const $ = 'local'; this"],
          ['return super.hi()', 'const _ = $; return _ + super.hi()'],
        ],
        says: ['$2my Reflect', '$2cmy Objectsstring'],
      },
    ],
  }),
  story({
    name: 'generators: delegation, return value, return() and throw() of an iterator that was begun before',
    files: `const said = [];
function* inner() { yield 'i1'; return 'r1'; }
function* outer() { const got = yield* inner(); try { yield got; } finally { said.push('closed'); } }
const begun = outer();
begun.next(); begun.next();
setInterval(turn, 1);
function turn() { if (said.length === 0 && ready) begun.return(); ready = true; }
let ready = false;
probe(() => [[...(function* () { yield* inner(); })()].join(), [...inner(), ...[...outer()].filter((x) => x[0] === 'r')].join(), said.slice(0, 1).join()]);`,
    starts: ['i1', 'i1,r1', 'closed'],
    steps: [{ edit: [["yield 'i1'; return 'r1'", "yield 'i2'; yield 'i3'; return 'r2'"]], says: ['i2,i3', 'i2,i3,r2', 'closed'] }],
  }),
  story({
    name: 'a tag function, a comparer, a replacer and a getter handed to the language',
    level: 'bindings',
    files: `function tag(strings, ...values) { return strings.join('_') + values.join(); }
function compare(a, b) { return a - b; }
const replacer = (key, value) => typeof value === 'number' ? value + 1 : value;
const held = { tag, compare, replacer };
const o = Object.defineProperty({}, 'x', { get: tag.bind(null, ['got']) });
probe(() => [held.tag\`a\${1}b\`, [3, 1, 2].sort(held.compare).join(), JSON.stringify({ a: 1 }, held.replacer), o.x]);`,
    starts: ['a_b1', '1,2,3', '{"a":2}', 'got'],
    steps: [
      {
        edit: [
          ["strings.join('_')", "strings.join('-')"],
          ['a - b', 'b - a'],
          ['value + 1', 'value * 10'],
        ],
        says: ['a-b1', '3,2,1', '{"a":10}', 'got'],
      },
    ],
  }),
  story({
    name: 'an async function that is none any more, and a generator: those who hold it would get a promise',
    files: `const wait = async () => 'v1';
function* count() { yield 'g1'; }
const held = wait, many = count;
probe(() => [typeof held().then, [...many()].join()]);`,
    starts: ['function', 'g1'],
    steps: [
      { edit: [["async () => 'v1'", "() => 'v2'"]], refused: 'another kind' },
      { edit: [["function* count() { yield 'g1'; }", "function count() { return ['g2']; }"]], refused: 'another kind' },
    ],
  }),
  story({
    name: 'default values in parentheses, and a class that is assigned',
    files: `const add = (a, { b } = ({ b: 1 }), c = (b || (a + 1))) => 'v1 ' + a + b + c;
class Base { base() { return 'base'; } }
let Made;
if (Base) Made = class extends Base { say() { return 's1 ' + this.base(); } };
const made = new Made();
probe(() => [add(2), made.say(), Made.name]);`,
    starts: ['v1 211', 's1 base', 'Made'],
    steps: [
      {
        edit: [
          ["'v1 '", "'v2 '"],
          ["'s1 '", "'s2 '"],
        ],
        says: ['v2 211', 's2 base', 'Made'],
      },
    ],
  }),
];
