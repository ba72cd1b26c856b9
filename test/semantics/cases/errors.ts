/** Errors during evaluation: remembered, given to everybody who asks, and dependents never run (ECMA-262 §16.2.1.5.3). */
import type { SemanticsCase } from '../case.ts';

export const errorCases: readonly SemanticsCase[] = [
  {
    name: 'an error ends the graph: dependents and later siblings do not run',
    files: {
      'main.js': `import './ok.js'; import './fails.js'; import './after.js'; log('never');`,
      'ok.js': `log('ok');`,
      'fails.js': `log('fails'); throw new Error('evaluation');`,
      'after.js': `log('never');`,
    },
    uncaught: true,
  },
  {
    name: 'the error is remembered: import() twice gives the same object, the body runs once',
    files: {
      'main.js': `const first = await import('./a.js').catch((error) => error);
const second = await import('./a.js').catch((error) => error); log(first, first === second); done();`,
      'a.js': `log('a runs'); throw new Error('kept');`,
    },
  },
  {
    name: 'a dependent of a failed module fails with the same error',
    files: {
      'main.js': `const a = await import('./a.js').catch((error) => error); const b = await import('./b.js').catch((error) => error);
log(a === b, b); done();`,
      'a.js': `throw new Error('shared');`,
      'b.js': `import './other.js'; import './a.js'; log('never');`,
      'other.js': `log('other still runs');`,
    },
  },
  {
    name: 'what ran before the error keeps its state',
    files: {
      'main.js': `await import('./a.js').catch((error) => log('caught', error)); const { value } = await import('./state.js'); log(value);
done();`,
      'a.js': `import { set } from './state.js'; set('changed'); throw new Error('later');`,
      'state.js': `log('state'); export let value = 'initial'; export function set(v) { value = v; }`,
    },
  },
  {
    name: 'anything can be thrown',
    files: {
      'main.js': `for (const name of ['string', 'null', 'undefined', 'object'])
  await import(\`./\${name}.js\`).then(() => log('never'), (value) => log(name, value)); done();`,
      'string.js': `throw 'text';`,
      'null.js': `throw null;`,
      'undefined.js': `throw undefined;`,
      'object.js': `throw { custom: true };`,
    },
  },
  {
    name: 'an error inside a cycle fails the whole cycle',
    files: {
      'main.js': `for (const name of ['a', 'b', 'c'])
  await import(\`./\${name}.js\`).then(() => log('fulfilled', name), (error) => log(name, error)); done();`,
      'a.js': `import './b.js'; log('a never');`,
      'b.js': `import './c.js'; log('b'); throw new Error('in the ring');`,
      'c.js': `import './a.js'; log('c');`,
    },
  },
  {
    name: 'an entry’s error does not stop the next entry',
    entries: ['one.js', 'two.js'],
    files: {
      'one.js': `import './shared.js'; throw new Error('one');`,
      'two.js': `import { x } from './shared.js'; log('two', x);`,
      'shared.js': `log('shared'); export const x = 'x';`,
    },
    uncaught: true,
  },
  {
    name: 'a failed entry’s import fails the next entry as well',
    entries: ['one.js', 'two.js'],
    files: {
      'one.js': `import './bad.js'; log('never');`,
      'two.js': `import './bad.js'; log('never');`,
      'bad.js': `log('bad'); throw new Error('bad');`,
    },
    uncaught: true,
  },
  {
    name: 'bindings of a failed module: what was initialised can be read',
    files: {
      'main.js': `import { grab } from './hold.js'; await import('./a.js').catch((error) => log(error)); const ns = grab();
log(ns.early, ns.fn()); try { ns.late; } catch (error) { log(error.name); } done();`,
      'hold.js': `let held; export const keep = (ns) => { held = ns; }; export const grab = () => held;`,
      'a.js': `import * as self from './a.js'; import { keep } from './hold.js'; keep(self); export const early = 'early';
export function fn() { return 'fn'; } throw new Error('half'); export const late = 1;`,
    },
  },
  {
    name: 'an error in a callback later is not the module’s',
    files: {
      'main.js': `import './a.js'; log('main'); setTimeout(() => { log('timer'); done(); });`,
      'a.js': `export const x = 1; Promise.reject(new Error('handled')).catch((error) => log(error));`,
    },
  },
];
