/**
 * Graphs that do not link: the page gets a SyntaxError before any module of the graph ran (ECMA-262 §16.2.1.6.4,
 * InitializeEnvironment). Engines word it differently; that it names the export and the module is what is compared.
 */
import type { SemanticsCase } from '../case.ts';

export const linkErrorCases: readonly SemanticsCase[] = [
  {
    name: 'a missing named export',
    files: {
      'main.js': `import './first.js'; import { missing } from './a.js'; log('never');`,
      'first.js': `log('never');`,
      'a.js': `log('never');`,
    },
    linkError: { exportName: 'missing', modules: ['a.js'] },
  },
  {
    name: 'a missing default export',
    files: { 'main.js': `import d from './a.js'; log('never', d);`, 'a.js': `log('never'); export const x = 1;` },
    linkError: { exportName: 'default', modules: ['a.js'] },
  },
  {
    name: 'a default that is not passed on by a star',
    files: { 'main.js': `import d from './star.js'; log(d);`, 'star.js': `export * from './a.js';`, 'a.js': `export default 1;` },
    linkError: { exportName: 'default', modules: ['star.js'] },
  },
  {
    name: 'a missing export deep in the graph: nothing runs at all',
    files: {
      'main.js': `import './ok.js'; import './one.js'; log('never');`,
      'ok.js': `log('never');`,
      'one.js': `import './two.js'; log('never');`,
      'two.js': `import { gone } from './leaf.js'; log('never');`,
      'leaf.js': `log('never'); export const here = 1;`,
    },
    linkError: { exportName: 'gone', modules: ['leaf.js'] },
  },
  {
    name: 're-exporting what is missing, though nobody imports it',
    files: { 'main.js': `import './re.js'; log('never');`, 're.js': `export { gone } from './a.js';`, 'a.js': `log('never');` },
    linkError: { exportName: 'gone', modules: ['a.js'] },
  },
  {
    name: 'an ambiguous star name',
    files: {
      'main.js': `import { x } from './both.js'; log('never', x);`,
      'both.js': `export * from './a.js'; export * from './b.js';`,
      'a.js': `export const x = 'a';`,
      'b.js': `export const x = 'b';`,
    },
    linkError: { exportName: 'x', modules: ['both.js'] },
  },
  {
    name: 're-exports that go in a circle',
    files: {
      'main.js': `import { x } from './a.js'; log('never', x);`,
      'a.js': `export { x } from './b.js';`,
      'b.js': `export { x } from './a.js';`,
    },
    linkError: { exportName: 'x', modules: ['a.js', 'b.js'] },
  },
  {
    name: 'a missing export of the module itself',
    files: { 'main.js': `import { nothing } from './main.js'; log('never');` },
    linkError: { exportName: 'nothing', modules: ['main.js'] },
  },
  {
    name: 'a JSON module has no named exports of its own',
    files: {
      'main.js': `import { missing } from './data.json' with { type: 'json' }; log('never', missing);`,
      'data.json': `{"there": 1}`,
    },
    linkError: { exportName: 'missing', modules: ['data.json'] },
  },
  {
    name: 'import() of a graph that does not link rejects, and the page goes on',
    files: {
      'main.js': `log('before');
import('./broken.js').then(() => log('never'), (error) => { log(error.name, error.message.includes('missing'));
return import('./fine.js'); })
  .then((ns) => { log(ns.x); done(); });`,
      'broken.js': `import './fine.js'; import { missing } from './fine.js'; log('never');`,
      'fine.js': `log('fine runs when it is asked for'); export const x = 'x';`,
    },
  },
  {
    name: 'a namespace simply lacks what is missing',
    files: { 'main.js': `import * as ns from './a.js'; log(ns.missing, 'missing' in ns);`, 'a.js': `export const x = 1;` },
  },
  {
    name: 'import() of a module with a syntax error rejects with a SyntaxError',
    files: {
      'main.js': `import('./bad.js').then(() => log('never'), (error) => { log(error.name); done(); });`,
      'bad.js': `log('never'); let 1x;`,
    },
  },
  {
    name: 'import() of a module that exports a name twice rejects with a SyntaxError',
    files: {
      'main.js': `import('./bad.js').then(() => log('never'), (error) => { log(error.name); done(); });`,
      'bad.js': `log('never'); const a = 1, b = 2; export { a as x, b as x };`,
    },
  },
  {
    name: 'import() of a file that does not exist rejects with a TypeError',
    files: { 'main.js': `import('./nowhere.js').then(() => log('never'), (error) => { log(error.name); done(); });` },
    browserOnly: true,
  },
];
