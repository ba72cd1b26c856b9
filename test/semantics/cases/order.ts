/** Order of evaluation: depth first, in source order, once (ECMA-262 §16.2.1.5.3.1, InnerModuleEvaluation). */
import type { SemanticsCase } from '../case.ts';

export const orderCases: readonly SemanticsCase[] = [
  {
    name: 'a diamond',
    files: {
      'main.js': `import './left.js'; import './right.js'; log('main');`,
      'left.js': `import './base.js'; log('left');`,
      'right.js': `import './base.js'; log('right');`,
      'base.js': `log('base');`,
    },
  },
  {
    name: 'imports run before the body, wherever they are written',
    files: {
      'main.js': `log('main 1'); import './a.js'; log('main 2'); export { x } from './b.js'; log('main 3'); export * from './c.js';
import { x } from './a.js'; log(x);`,
      'a.js': `log('a'); export const x = 'x';`,
      'b.js': `log('b'); export const x = 'xb';`,
      'c.js': `log('c');`,
    },
  },
  {
    name: 'a deep and wide graph',
    files: {
      'main.js': `import './a.js'; import './b.js'; import './c.js'; log('main');`,
      'a.js': `import './a1.js'; import './a2.js'; log('a');`,
      'a1.js': `import './shared.js'; log('a1');`,
      'a2.js': `import './c.js'; log('a2');`,
      'b.js': `import './a2.js'; import './b1.js'; log('b');`,
      'b1.js': `log('b1');`,
      'c.js': `import './c1.js'; log('c');`,
      'c1.js': `import './shared.js'; log('c1');`,
      'shared.js': `log('shared');`,
    },
  },
  {
    name: 'a module asked for by several spellings runs once',
    files: {
      'main.js': `import { n as a } from './a.js'; import { n as b } from './folder/../a.js'; import { n as c } from './folder/b.js';
log(a === b, b === c);`,
      'a.js': `log('once'); export const n = {};`,
      'folder/b.js': `export { n } from '../a.js';`,
    },
  },
  {
    name: 'two entries share their modules',
    entries: ['one.js', 'two.js', 'one.js'],
    files: {
      'one.js': `import { count, bump } from './shared.js'; bump(); log('one', count);`,
      'two.js': `import { count, bump } from './shared.js'; bump(); log('two', count);`,
      'shared.js': `log('shared'); export let count = 0; export function bump() { count++; }`,
    },
  },
  {
    name: 'an entry that another entry imports',
    entries: ['one.js', 'two.js'],
    files: { 'one.js': `import { two } from './two.js'; log('one', two);`, 'two.js': `log('two'); export const two = 2;` },
  },
  {
    name: 'side-effect imports and used ones alike keep their place',
    files: {
      'main.js': `import './set.js'; import { seen } from './read.js'; log(seen);`,
      'set.js': `globalThis.flag = 'set';`,
      'read.js': `export const seen = globalThis.flag;`,
    },
  },
  {
    name: 'microtasks run after the whole synchronous graph',
    files: {
      'main.js': `import './a.js'; import './b.js'; log('main'); Promise.resolve().then(() => log('microtask of main')).then(done);`,
      'a.js': `log('a'); Promise.resolve().then(() => log('microtask of a')); queueMicrotask(() => log('second of a'));`,
      'b.js': `log('b'); Promise.resolve().then(() => log('microtask of b'));`,
    },
  },
  {
    name: 'a cycle entered from two sides',
    files: {
      'main.js': `import './y.js'; import './x.js'; log('main');`,
      'x.js': `import './y.js'; log('x');`,
      'y.js': `import './z.js'; log('y');`,
      'z.js': `import './x.js'; log('z');`,
    },
  },
  {
    name: 'inline module scripts share modules with files',
    files: {
      'a.js': `log('a'); export const x = {}; globalThis.held = x;`,
      'main.js': `import { x } from './a.js'; log('main', x === globalThis.held);`,
    },
    html: `<script type="module">import { x } from './a.js'; log('inline', x === globalThis.held, typeof this);</script>
<script type="module" src="./main.js"></script><script>log('classic first');</script>`,
  },
  {
    name: 'a script tag that appears twice runs once',
    files: { 'main.js': `log('main'); globalThis.runs = (globalThis.runs ?? 0) + 1; queueMicrotask(() => log(globalThis.runs));` },
    html: `<script type="module" src="./main.js"></script>
<script type="module" src="./main.js"></script><script type="module">log('inline');</script>`,
  },
];
