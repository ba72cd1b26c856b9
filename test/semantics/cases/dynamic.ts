/** `import()`: one instance a module, resolved against the asking module, and its errors are rejections (ECMA-262 §13.3.10). */
import type { SemanticsCase } from '../case.ts';

export const dynamicCases: readonly SemanticsCase[] = [
  {
    name: 'one namespace, however often it is asked for',
    files: {
      'main.js': `const [a, b] = await Promise.all([import('./a.js'), import('./a.js')]); log(a === b, a === await import('./a.js'), a);
done();`,
      'a.js': `log('once'); export const x = 1; export default 2;`,
    },
  },
  {
    name: 'resolved against the module that asks',
    files: {
      'main.js': `import { load } from './deep/loader.js'; log((await load()).where, (await import('./target.js')).where); done();`,
      'deep/loader.js': `export const load = () => import('./target.js');`,
      'deep/target.js': `export const where = 'deep';`,
      'target.js': `export const where = 'top';`,
    },
  },
  {
    name: 'computed specifiers',
    files: {
      'main.js': `const names = ['a', 'b']; for (const name of names) { const { value } = await import('./parts/' + name + '.js');
log(value); }
const object = { toString: () => './parts/a.js' }; log((await import(object)).value);
log((await import(new URL('./parts/b.js', import.meta.url).href)).value);
log((await import(new URL('./parts/b.js', import.meta.url))).value); done();`,
      'parts/a.js': `log('a runs'); export const value = 'A';`,
      'parts/b.js': `log('b runs'); export const value = 'B';`,
    },
  },
  {
    name: 'a specifier that throws while it becomes a string rejects',
    files: {
      'main.js': `const promise = import({ toString() { throw new Error('no string'); } }); log(promise);
await promise.catch((error) => log(error)); await import(Symbol('s')).catch((error) => log(error.name));
try { import((() => { throw new Error('thrown at once'); })()); } catch (error) { log(error); } done();`,
    },
  },
  {
    name: 'always asynchronous',
    files: {
      'main.js': `import './a.js'; log('main 1'); import('./a.js').then(() => { log('then'); done(); }); log('main 2');`,
      'a.js': `log('a');`,
    },
  },
  {
    name: 'modules in a dynamic graph share those already there',
    files: {
      'main.js': `import { state } from './state.js'; state.push('main'); await import('./lazy.js'); log(state); done();`,
      'lazy.js': `import { state } from './state.js'; import './more.js'; state.push('lazy');`,
      'more.js': `import { state } from './state.js'; state.push('more');`,
      'state.js': `log('state'); export const state = [];`,
    },
  },
  {
    name: 'import() of the importer itself',
    files: {
      'main.js': `export let x = 1; import('./main.js').then((ns) => { log(ns.x); x = 2; log(ns.x); done(); }); log('end of body');`,
    },
  },
  {
    name: 'cycles through import()',
    files: {
      'main.js': `import { go } from './a.js'; log(await go()); done();`,
      'a.js': `export const a = 'a'; export const go = () => import('./b.js').then((ns) => ns.b());`,
      'b.js': `import { a } from './a.js'; export const b = () => a + 'b';`,
    },
  },
  {
    name: 'a failing module rejects each time with one error',
    files: {
      'main.js': `const errors = []; for (let i = 0; i < 3; i++) await import('./bad.js').catch((error) => errors.push(error));
log(errors.length, errors[0] === errors[2], errors[0]); done();`,
      'bad.js': `log('runs'); throw new TypeError('bad');`,
    },
  },
  {
    name: 'lazily loaded modules run in order among themselves',
    files: {
      'main.js': `log('main'); await import('./x.js'); log('between'); await import('./y.js'); done();`,
      'x.js': `import './shared.js'; import './x1.js'; log('x');`,
      'x1.js': `log('x1');`,
      'y.js': `import './x1.js'; import './shared.js'; import './y1.js'; log('y');`,
      'y1.js': `log('y1');`,
      'shared.js': `log('shared');`,
    },
  },
  {
    name: 'in callbacks, methods, getters, parameters and arrows',
    files: {
      'main.js': `class Loader { load = () => import('./a.js'); static async all(p = import('./a.js')) { return (await p).x; }
get it() { return import('./a.js'); } }
const loader = new Loader(); log((await loader.load()).x, await Loader.all(), (await loader.it).x);
log(await new Promise((resolve) => setTimeout(() => resolve(import('./a.js').then((m) => m.x)))));
log((await import('./a.js')).default?.y, typeof (await import('./a.js')).default); done();`,
      'a.js': `export const x = 'x'; export default { y: 'y' };`,
    },
  },
  {
    name: 'destructured and chained',
    files: {
      'main.js': `const { default: d, x, ...rest } = await import('./a.js'); log(d, x, rest);
import('./a.js').finally(() => log('finally')).then(({ x }) => { log(x); done(); });`,
      'a.js': `export default 'd'; export const x = 'x', y = 'y', z = 'z';`,
    },
  },
];
