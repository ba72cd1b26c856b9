/** `hmr-dev build`: a page finds out the same in the built site as under the development server. */
import assert from 'node:assert/strict';
import { describe, test } from 'node:test';
import type { FixtureFiles } from '../harness/fixture.ts';
import { openProject, pageOf, resultOf, svgOf, HEAD, WASM, type ProjectOptions } from './link-support.ts';
import react from '../../src/server/react.ts';
import { linkPackages } from './examples-support.ts';
import { buildSite, openBuilt } from './build-support.ts';
import type { BuildOptions } from '../../src/server/build/build.ts';

interface Feature {
  readonly files: FixtureFiles;
  readonly expected: unknown;
  /** Of both. */
  readonly options?: Pick<BuildOptions, 'define' | 'alias' | 'plugins' | 'base' | 'publicDir'>;
  readonly page?: string;
  /** The repository's packages are there. */
  readonly linked?: boolean;
}

const main = (text: string, more: FixtureFiles = {}): FixtureFiles => ({ 'index.html': pageOf('/main.ts'), 'main.ts': text, ...more });
const color = `getComputedStyle(document.body).color`;
const RED = 'rgb(255, 0, 0)';

const FEATURES: Record<string, Feature> = {
  'TypeScript, JSX by tsconfig, and imports without extension': {
    files: main(`import { view } from './view';\nconst x: number = 1;\nglobalThis.result = [x, view];`, {
      'tsconfig.json': '{ "compilerOptions": { "jsx": "preserve", "jsxFactory": "h" } }',
      'view.tsx': `export const view = <b>t</b>;`,
      'node_modules/react/package.json': '{ "name": "react", "exports": { "./jsx-runtime": "./jsx.js" } }',
      'node_modules/react/jsx.js': 'export const jsx = (tag, { children }) => tag + children;',
    }),
    expected: [1, 'bt'],
  },
  'paths of a tsconfig and an alias': {
    files: main(`import a from '~/a'; import b from '@/b'; globalThis.result = [a, b];`, {
      'tsconfig.json': '{ "compilerOptions": { "paths": { "~/*": ["./lib/*"] } } }',
      'lib/a.ts': 'export default 1;',
      'other/b.ts': 'export default 2;',
    }),
    options: { alias: { '@': './other' } },
    expected: [1, 2],
  },
  'the kinds of import': {
    files: main(
      `import raw from './a.txt?raw'; import inline from './a.svg?inline'; import data, { n } from './d.json'; import only from './d.json' with { type: 'json' };
       import url from './a.svg'; import sheet from './s.css' with { type: 'css' }; import text from './s.css?inline';
       const svg = await (await fetch(url)).text();
       globalThis.result = [raw, inline.slice(0, 19), data.n, n, only.n, svg.length, sheet.cssRules.length, sheet instanceof CSSStyleSheet, /color/.test(text)];`,
      { 'a.txt': 'words', 'a.svg': svgOf(7), 'd.json': '{ "n": 3 }', 's.css': 'p { color: red }\nb { color: blue }' },
    ),
    expected: ['words', 'data:image/svg+xml,', 3, 3, 3, svgOf(7).length, 2, true, true],
  },
  'a stylesheet that code imports': {
    files: main(`import './deep/s.css'; ${readStyle('result', color)}`, {
      'deep/s.css': `@import './t.css';`,
      'deep/t.css': 'body { color: red }',
    }),
    expected: RED,
  },
  'CSS modules, composed': {
    files: main(
      `import names, { box } from './b.module.css'; document.body.className = box; ${readStyle('result', `[${color}, getComputedStyle(document.body).margin, names.box === box, box.split(' ').length]`)}`,
      { 'b.module.css': `.box { composes: base from './base.css'; color: red }`, 'base.css': '.base { margin: 3px }' },
    ),
    expected: [RED, '3px', true, 2],
  },
  'files by new URL': {
    files: main(
      `const url = new URL('./a.svg#x', import.meta.url); globalThis.result = [url.hash, (await (await fetch(url)).text()).length];`,
      {
        'a.svg': svgOf(8),
      },
    ),
    expected: ['#x', svgOf(8).length],
  },
  'import.meta.glob, lazy and eager': {
    files: main(
      `const lazy = import.meta.glob('./p/*.ts'); const eager = import.meta.glob<string>('./p/*.ts', { eager: true, import: 'default' });
       const raw = import.meta.glob('./p/*.txt', { eager: true, query: '?raw', import: 'default' });
       globalThis.result = [Object.keys(lazy), ((await lazy['./p/a.ts']()) as { default: string }).default, { ...eager }, { ...raw }];`,
      { 'p/a.ts': `export default 'a';`, 'p/b.ts': `export default 'b';`, 'p/c.txt': 'c' },
    ),
    expected: [['./p/a.ts', './p/b.ts'], 'a', { './p/a.ts': 'a', './p/b.ts': 'b' }, { './p/c.txt': 'c' }],
  },
  'import.meta.env, define and hot': {
    files: main(
      `globalThis.result = [import.meta.env.PUBLIC_NAME, import.meta.env.SECRET, import.meta.env.BASE_URL, __VERSION__, typeof import.meta.env];
       if (import.meta.hot) import.meta.hot.accept(); import.meta.hot?.dispose(() => {});`,
      { '.env': 'PUBLIC_NAME=n\nSECRET=s' },
    ),
    options: { define: { __VERSION__: '"1.2"' } },
    expected: ['n', undefined, '/', '1.2', 'object'],
  },
  'container() by specifier and by function': {
    files: main(
      `import { container } from 'hmr-dev/client';
       const seen = [];
       await container({ './view.ts': 'view', './model.ts': 'model' }, ({ view, model }) => { seen.push(view.v, model.m); });
       await container({ view: () => import('./view.ts') }, ({ view }) => { seen.push(view.v); });
       globalThis.result = seen;`,
      { 'view.ts': 'export const v = 1;', 'model.ts': 'export const m = 2;' },
    ),
    expected: [1, 2, 1],
  },
  'workers, which may import and start others': {
    files: main(
      `import W from './w.ts?worker';
       const ask = (worker) => new Promise((resolve) => { worker.onmessage = ({ data }) => resolve(data); worker.postMessage(1); });
       globalThis.result = [await ask(new W()), await ask(new Worker(new URL('./w.ts', import.meta.url), { type: 'module' }))];`,
      {
        'w.ts': `import { add } from './add';\nonmessage = ({ data }) => { const inner = new Worker(new URL('./inner.ts', import.meta.url), { type: 'module' }); inner.onmessage = (event) => postMessage(add(data, event.data)); };`,
        'add.ts': 'export const add = (a: number, b: number): number => a + b;',
        'inner.ts': 'postMessage(41);',
      },
    ),
    expected: [42, 42],
  },
  'packages: ES modules, CommonJS, what the browser field turns off': {
    files: main(
      `import cjs, { named } from 'cjs'; import { used } from 'esm'; globalThis.result = [cjs.named, named, used(), process.env.NODE_ENV.length > 0];`,
      {
        'node_modules/cjs/package.json': '{ "name": "cjs", "browser": { "fs": false } }',
        'node_modules/cjs/index.js': `require('fs'); exports.named = 'c';`,
        'node_modules/esm/package.json': '{ "name": "esm", "type": "module", "exports": "./i.js", "sideEffects": false }',
        'node_modules/esm/i.js': `export { used } from './used.js'; export { unused } from './unused.js';`,
        'node_modules/esm/used.js': `import os from 'os'; export const used = () => typeof os.cpus;`,
        'node_modules/esm/unused.js': `export const unused = 'UNUSED';`,
      },
    ),
    expected: ['c', 'c', 'function', true],
  },
  'inline module scripts, and pages in folders': {
    page: '/docs/',
    files: {
      'docs/index.html': `${HEAD}<base href="./"><script type="module">\n  import { a } from '../lib/a.js';\n  import './b.js';\n  globalThis.result = [a, globalThis.b];\n</script>`,
      'lib/a.js': 'export const a = 1;',
      'docs/b.js': 'globalThis.b = 2;',
    },
    expected: [1, 2],
  },
  'an import map': {
    files: {
      'index.html': `${HEAD}<script type="importmap">{ "imports": { "lib": "./lib/l.js", "dir/": "/lib/" } }</script><script type="module" src="main.js"></script>`,
      'main.js': `import a from 'lib'; import b from 'dir/m.js'; globalThis.result = [a, b];`,
      'lib/l.js': 'export default 1;',
      'lib/m.js': 'export default 2;',
    },
    expected: [1, 2],
  },
  'classic scripts, in order with modules': {
    files: {
      'index.html': `${HEAD}<script src="first.js"></script><script type="module" src="main.js"></script><script defer src="last.js"></script>`,
      'first.js': 'var order = ["first", document.currentScript !== null];',
      'main.js': 'order.push("main");',
      'last.js': 'order.push("last"); globalThis.result = order;',
    },
    expected: ['first', true, 'main', 'last'],
  },
  'a base': {
    page: '/app/',
    options: { base: '/app/' },
    files: {
      'index.html': `${HEAD}<link rel="stylesheet" href="/site.css"><img id="a" src="/app/a.svg"><img id="b" src="b.svg"><script type="module" src="/main.js"></script>`,
      'site.css': `body { color: red; background: url('/b.svg') }`,
      'main.js': `import './m.js'; await Promise.all([a, b].map((image) => image.decode()));
        globalThis.result = [a.naturalWidth, b.naturalWidth, getComputedStyle(document.body).color, import.meta.env.BASE_URL];`,
      'm.js': '',
      'a.svg': svgOf(5),
      'public/b.svg': svgOf(6),
    },
    expected: [5, 6, RED, '/app/'],
  },
  'WebAssembly by names, ?init and address': {
    files: main(
      `import { plus, memory } from './sum.wasm'; import * as all from './sum.wasm'; import init from './sum.wasm?init'; import address from './sum.wasm';
       const instance = await init({ './env.js': { base: () => 1000 } });
       globalThis.result = [plus(5), memory instanceof WebAssembly.Memory, Object.keys(all), instance.exports.plus(5), (await fetch(address)).headers.get('content-type')];`,
      { 'env.js': 'export const base = () => 100;', 'sum.wasm': WASM },
    ),
    expected: [106, true, ['default', 'memory', 'plus'], 1006, 'application/wasm'],
  },
  'a shared worker, a classic one, and the address of one': {
    files: main(
      `import Shared from './shared.ts?sharedworker'; import address from './w.ts?worker&url';
       const ask = (port) => new Promise((resolve) => { port.onmessage = ({ data }) => resolve(data); port.postMessage(1); });
       const shared = new Shared();
       globalThis.result = [await ask(shared.port), await ask(new Worker(new URL('./classic.js', import.meta.url))), await ask(new Worker(address, { type: 'module' }))];`,
      {
        'shared.ts': `import { n } from './n'; onconnect = ({ ports: [port] }: any) => { port.onmessage = ({ data }: any) => port.postMessage(data + n); };`,
        'w.ts': `import { n } from './n'; onmessage = ({ data }) => postMessage(data + n + 1);`,
        'n.ts': 'export const n = 1;',
        'classic.js': `var self2 = this === self; onmessage = () => postMessage(self2 && typeof importScripts);`,
      },
    ),
    expected: [2, 'function', 3],
  },
  'names with spaces, umlauts and percent signs': {
    page: '/eine%20Seite.html',
    files: {
      'eine Seite.html': `${HEAD}<link rel="stylesheet" href="stil%20ä.css"><img id="i" src="bild 100%25 ü.svg"><script type="module" src="./skript%20ö.js"></script>`,
      'stil ä.css': `body { color: red; background: url('bild%20100%25%20ü.svg') }`,
      'skript ö.js': `import url from './bild 100% ü.svg'; import './mit leer.js'; await i.decode();
        globalThis.result = [i.naturalWidth, (await fetch(url)).ok, globalThis.leer, getComputedStyle(document.body).color];`,
      'mit leer.js': 'globalThis.leer = 1;',
      'bild 100% ü.svg': svgOf(9),
    },
    expected: [9, true, 1, RED],
  },
  'JSX of hmr-dev/react, without a tsconfig': {
    files: {
      'index.html': pageOf('/main.jsx'),
      'main.jsx': `import { renderToStaticMarkup } from 'react-dom/server.browser'; const View = () => <b>{1 + 1}</b>; globalThis.result = renderToStaticMarkup(<View />);`,
    },
    options: { plugins: [react()] },
    linked: true,
    expected: '<b>2</b>',
  },
  'imports that may fail, and code that is asked for later': {
    files: main(
      `const seen = []; try { await import('./none.js'); } catch { seen.push('caught'); }
       const { a } = await import('./later.ts'); const name = 'b'; seen.push(a, (await import(\`./dir/\${name}.js\`)).b); globalThis.result = seen;`,
      { 'later.ts': 'export const a: number = 1;', 'dir/b.js': 'export const b = 2;' },
    ),
    expected: ['caught', 1, 2],
  },
  'plugins written for esbuild, and html hooks': {
    files: main(
      `import greeting from 'virtual:greeting'; import shout from './a.shout'; globalThis.result = [greeting, shout, document.title];`,
      {
        'a.shout': 'hello',
      },
    ),
    options: {
      plugins: [
        {
          name: 'greeting',
          setup(build) {
            build.onResolve({ filter: /^virtual:/ }, ({ path }) => ({ path, namespace: 'virtual' }));
            build.onLoad({ filter: /./, namespace: 'virtual' }, () => ({
              contents: `export default 'hi' + import.meta.glob('./*.none', { eager: true }).none;`,
              resolveDir: '/',
            }));
            build.onLoad({ filter: /\.shout$/ }, async ({ path }) => {
              const { readFile } = await import('node:fs/promises');
              return { contents: (await readFile(path, 'utf8')).toUpperCase(), loader: 'text' };
            });
          },
          html: (html) => html.replace('<title>t</title>', '<title>made</title>'),
        },
      ],
    },
    expected: ['hiundefined', 'HELLO', 'made'],
  },
};

/** Sheets of a page may still be loading when its code runs. */
function readStyle(name: string, expression: string): string {
  return `await new Promise((resolve) => document.readyState === 'complete' ? resolve(0) : addEventListener('load', resolve)); globalThis.${name} = ${expression};`;
}

describe('the same in development and built', () => {
  for (const [name, { files, expected, options = {}, page = '/', linked = false }] of Object.entries(FEATURES)) {
    test(name, async (t) => {
      const serverOptions: ProjectOptions['serverOptions'] = options;
      const project = await openProject(t, files, { page, serverOptions, ...(linked && { arrange: linkPackages }) });
      assert.deepEqual(await project.result(), expected, 'in development');
      const site = await buildSite(t, files, { ...options, ...(linked && { arrange: linkPackages }) });
      const tab = await openBuilt(t, site, page);
      assert.deepEqual(await resultOf(tab), expected, 'built');
      assert.deepEqual(tab.errors, []);
      assert.deepEqual(site.log.lines, []);
    });
  }
});
