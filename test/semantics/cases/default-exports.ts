/** Default exports: each form, the name it gives to what has none (ECMA-262 §16.2.3.7), and each way to import it. */
import type { SemanticsCase } from '../case.ts';

export const defaultExportCases: readonly SemanticsCase[] = [
  {
    name: 'anonymous defaults are named default',
    files: {
      'main.js': `import a from './function.js'; import b from './class.js'; import c from './arrow.js'; import d from './async.js';
import e from './generator.js'; import f from './async-arrow.js'; import g from './async-generator.js';
for (const value of [a, b, c, d, e, f, g]) log(value, Object.getOwnPropertyDescriptor(value, 'name'));`,
      'function.js': `export default function () {}`,
      'class.js': `export default class {}`,
      'arrow.js': `export default () => {};`,
      'async.js': `export default async function () {}`,
      'generator.js': `export default function* () {}`,
      'async-arrow.js': `export default async () => {};`,
      'async-generator.js': `export default async function* () {}`,
    },
  },
  {
    name: 'parenthesised and wrapped expressions',
    files: {
      'main.js': `import a from './a.js'; import b from './b.js'; import c from './c.js'; import d from './d.js'; import e from './e.js';
log(a.name, b.name, JSON.stringify(c.name), d.name, e.name);`,
      'a.js': `export default (function () {});`,
      'b.js': `export default (class {});`,
      'c.js': `export default (0, function () {});`,
      'd.js': `export default (((() => {})));`,
      'e.js': `export default (function own() {});`,
    },
  },
  {
    name: 'named functions and classes keep their names and a local binding',
    files: {
      'main.js': `import f from './f.js'; import K from './k.js'; log(f, K, f(), new K().self());`,
      'f.js': `log(typeof f); export default function f() { return f.name; }`,
      'k.js': `attempt('early', () => K); export default class K { self() { return K.name; } } log(K);`,
    },
  },
  {
    name: 'a class with its own static name',
    files: {
      'main.js': `import a from './a.js'; import b from './b.js'; log(a.name, b.name());`,
      'a.js': `export default class { static name = 'own'; }`,
      'b.js': `export default class { static name() { return 'method'; } }`,
    },
  },
  {
    name: 'values of every kind',
    files: {
      'main.js': `import a from './a.js'; import b from './b.js'; import c from './c.js'; import d from './d.js'; import e from './e.js';
import f from './f.js';
log(a, b, c, d, e, f);`,
      'a.js': `export default 42`,
      'b.js': `export default { key: [1] };`,
      'c.js': `export default /x\\/[/]y/gi`,
      'd.js': `export default \`template \${1 + 1}\`;`,
      'e.js': `let x; export default x = 5; log(x);`,
      'f.js': `export default null`,
    },
  },
  {
    name: 'a default declaration ends without a semicolon',
    files: {
      'main.js': `import f from './f.js'; import K from './k.js'; log(f(), K);`,
      'f.js': `export default function () { return 'f' }\n(log('its own statement'))\n`,
      'k.js': `export default class {}\n[1, 2].forEach((n) => log(n))\n`,
    },
  },
  {
    name: 'default together with named and namespace imports',
    files: {
      'main.js': `import d, { x, default as again } from './a.js'; import e, * as ns from './a.js'; log(d, x, again, e, ns);`,
      'a.js': `export default 'd'; export const x = 'x';`,
    },
  },
  {
    name: 'default through re-exports',
    files: {
      'main.js': `import a, { b, c } from './re.js'; import swapped, { inner } from './swap.js'; log(a, b, c, swapped, inner);`,
      're.js': `export { default, default as b, x as c } from './a.js';`,
      'swap.js': `export { x as default, default as inner } from './a.js';`,
      'a.js': `export default 'd'; export const x = 'x';`,
    },
  },
  {
    name: 'export * leaves the default out',
    files: {
      'main.js': `import * as star from './star.js'; log(star, 'default' in star);`,
      'star.js': `export * from './a.js';`,
      'a.js': `export default 'd'; export const x = 'x';`,
    },
  },
  {
    name: 'a default function can be called above its declaration',
    files: {
      'main.js': `import './a.js';`,
      'a.js': `import self from './a.js'; log(self()); export default function () { return this === undefined; }`,
    },
  },
  {
    name: 'an anonymous default class with heritage, fields and a static block',
    files: {
      'main.js': `import K from './k.js'; log(K.name, new K().field, K.made, new K() instanceof Array);`,
      'k.js': `export default class extends Array { field = 'f'; static made; static { this.made = this.name; } }`,
    },
  },
  {
    name: 'a default export that throws leaves the binding dead',
    files: {
      'main.js': `import('./a.js').catch((error) => log(error)).then(() => import('./a.js')).catch((error) => { log(error.message);
done(); });`,
      'a.js': `export default (() => { throw new Error('no default'); })();`,
    },
  },
];
