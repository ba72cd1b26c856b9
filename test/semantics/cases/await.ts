/**
 * Top-level await between modules: who waits for whom, who starts beside whom, and how failures travel (ECMA-262 §16.2.1.5.3,
 * AsyncModuleExecutionFulfilled and its sisters).
 */
import type { SemanticsCase } from '../case.ts';

export const awaitCases: readonly SemanticsCase[] = [
  {
    name: 'a dependent waits, its binding has the awaited value',
    files: {
      'main.js': `import { x } from './a.js'; log('main', x); done();`,
      'a.js': `log('a 1'); export const x = await Promise.resolve('awaited'); log('a 2');`,
    },
  },
  {
    name: 'siblings start in order and overlap',
    files: {
      'main.js': `import './a.js'; import './b.js'; import './c.js'; log('main'); done();`,
      'a.js': `log('a 1'); await null; log('a 2'); await null; log('a 3');`,
      'b.js': `log('b 1'); await null; log('b 2');`,
      'c.js': `log('c, synchronous');`,
    },
  },
  {
    name: 'a synchronous dependent of one sibling does not wait for the other',
    files: {
      'main.js': `import './left.js'; import './right.js'; log('main'); done();`,
      'left.js': `import './slow.js'; log('left');`,
      'right.js': `import './quick.js'; log('right');`,
      'slow.js': `log('slow 1'); for (let i = 0; i < 10; i++) await null; log('slow 2');`,
      'quick.js': `log('quick 1'); await null; log('quick 2');`,
    },
  },
  {
    name: 'modules that became ready together run in the order of their asking',
    files: {
      'main.js': `import './1.js'; import './2.js'; import './3.js'; log('main'); done();`,
      '1.js': `import './wait.js'; log(1);`,
      '2.js': `import './wait.js'; log(2);`,
      '3.js': `import './wait.js'; log(3);`,
      'wait.js': `log('wait 1'); await null; log('wait 2');`,
    },
  },
  {
    name: 'a deep chain above an await',
    files: {
      'main.js': `import { v } from './1.js'; log('main', v); done();`,
      '1.js': `import { v } from './2.js'; log(1, v); export { v };`,
      '2.js': `import { v } from './3.js'; await null; log(2, v); export { v };`,
      '3.js': `export let v = 'early'; log(3); await null; v = 'late'; log('3 again');`,
    },
  },
  {
    name: 'await is one turn of the microtask queue',
    files: {
      'main.js': `import './a.js'; log('main'); done();`,
      'a.js': `let turns = 0; const count = () => Promise.resolve().then(() => { turns++; if (turns < 40) count(); }); count();
log('start', turns); await null; log('after null', turns); await Promise.resolve(1); log('after a promise', turns);
await { then(resolve) { resolve(); } }; log('after a thenable', turns); await (async () => {})(); log('after an async function', turns);
await Promise.all([1, 2]); log('after all', turns);`,
    },
  },
  {
    name: 'interleaving of two awaiting modules, turn by turn',
    files: {
      'main.js': `import './a.js'; import './b.js'; log('main'); done();`,
      'a.js': `for (const n of [1, 2, 3, 4]) { log('a', n); await n; } log('a end');`,
      'b.js': `for (const n of [1, 2]) { log('b', n); await n; } log('b end');`,
    },
  },
  {
    name: 'a rejection reaches the importer, which never runs',
    files: {
      'main.js': `import './a.js'; log('never');`,
      'a.js': `import './fails.js'; log('never');`,
      'fails.js': `log('fails'); await Promise.reject(new Error('rejected'));`,
    },
    uncaught: true,
  },
  {
    name: 'import() of a module that rejects after an await, twice the same error',
    files: {
      'main.js': `const first = await import('./a.js').catch((error) => error);
const second = await import('./a.js').catch((error) => error);
const dependent = await import('./b.js').catch((error) => error); log(first, first === second, first === dependent); done();`,
      'a.js': `log('a'); await null; throw new Error('late');`,
      'b.js': `import './a.js'; log('never');`,
    },
  },
  {
    name: 'siblings of a failing one go on',
    files: {
      // How many turns a rejected import() takes is the host's business; that it is rejected is not.
      'main.js': `const failed = import('./both.js').catch((error) => error); await import('./ok.js'); log('caught', await failed); done();`,
      'both.js': `import './fails.js'; import './ok.js'; log('never');`,
      'fails.js': `await null; throw new Error('one');`,
      'ok.js': `log('ok 1'); await new Promise((resolve) => setTimeout(resolve, 20)); log('ok 2');`,
    },
  },
  {
    name: 'a cycle with an await in it',
    files: {
      'main.js': `import { a } from './a.js'; log('main', a); done();`,
      'a.js': `import { b } from './b.js'; log('a 1', b); await null; export const a = 'A'; log('a 2');`,
      'b.js': `import { a } from './a.js'; log('b 1'); try { a; } catch (error) { log(error.name); } await null; try { a; }
catch (error) { log(error.name); } export const b = 'B'; log('b 2');`,
    },
  },
  {
    name: 'a dependent of a cycle waits for the whole cycle',
    files: {
      'main.js': `import './outside.js'; log('main'); done();`,
      'outside.js': `import { b } from './b.js'; import './a.js'; log('outside', b);`,
      'a.js': `import './b.js'; log('a 1'); await null; log('a 2');`,
      'b.js': `import './a.js'; export const b = 'b'; log('b');`,
    },
  },
  {
    name: 'import() during evaluation waits for its end',
    files: {
      // Which of the two is told first is the host's business.
      'main.js': `const both = [import('./a.js'), import('./a.js')].map((promise) => promise.then((ns) => ns.x));
Promise.all(both).then((values) => { log('both', values); done(); });`,
      'a.js': `log('a 1'); await null; export const x = 'x'; log('a 2');`,
    },
  },
  {
    name: 'an async module between synchronous ones',
    files: {
      'main.js': `import './before.js'; import './async.js'; import './after.js'; log('main'); done();`,
      'before.js': `log('before');`,
      'async.js': `log('async 1'); await 1; log('async 2');`,
      'after.js': `import './async.js'; log('after');`,
    },
  },
  {
    name: 'a graph that settled asynchronously is synchronous for the next importer',
    files: {
      'main.js': `import './a.js'; log('main'); await import('./later.js'); log('end'); done();`,
      'a.js': `await null; log('a');`,
      'later.js': `import './a.js'; import './sync.js'; log('later');`,
      'sync.js': `log('sync');`,
    },
  },
  {
    name: 'functions of an awaiting module can be used meanwhile',
    files: {
      'main.js': `import './a.js'; log('main'); done();`,
      'a.js': `import { poke } from './b.js'; export function early() { return typeof late; } export var v = 'v1'; poke(); await null;
let late = 1; v = 'v2'; poke(); `,
      'b.js': `import { early, v } from './a.js'; export function poke() { try { log(v, early()); } catch (error) { log(v, error.name);
} }`,
    },
  },
];
