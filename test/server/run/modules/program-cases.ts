/**
 * Programs that ask what only Node answers: CommonJS, JSON, packages, `import.meta`, errors with codes. The native run is the expectation: what is
 * printed, and the exit code.
 */
export interface ProgramCase {
  readonly name: string;
  readonly files: Readonly<Record<string, string>>;
  /** Default: `main.js`. */
  readonly entry?: string;
  /** Links in the folder: from, to. */
  readonly links?: Readonly<Record<string, string>>;
  /** It ends before anything runs, with this code of Node; the program of ours tells it with a place, natively it is an uncaught error. */
  readonly fails?: string;
}

const MODULE = {
  'package.json':
    '{"type":"module","name":"app","imports":{"#local":"./local.js","#pkg":"dep","#sub/*":"./sub/*.js"},"exports":{"./self":"./self.js"}}',
};
const show = 'const show = (value) => console.log(JSON.stringify(value));';
const caught = `const caught = (run) => Promise.resolve().then(run).then(() => console.log('no error'), (error) => console.log(error.name, error.code ?? '', error.message));`;
const dep = {
  'node_modules/dep/package.json':
    '{"name":"dep","version":"1.2.3","exports":{".":{"import":"./index.mjs","require":"./index.cjs"},"./package.json":"./package.json","./only-require":{"require":"./index.cjs"}}}',
  'node_modules/dep/index.mjs': `console.log('dep (import)'); export const kind = 'import'; export default 'd';`,
  'node_modules/dep/index.cjs': `console.log('dep (require)'); exports.kind = 'require';`,
};

const commonjs: readonly ProgramCase[] = [
  {
    name: 'require chain and its order',
    files: {
      'main.js': `console.log('main', require('./a').b);`,
      'a.js': `console.log('a'); exports.b = require('./b.js');`,
      'b.js': `console.log('b'); module.exports = 'B';`,
    },
  },
  {
    name: 'require in a cycle sees what is there so far',
    files: {
      'main.js': `console.log(require('./a'));`,
      'a.js': `exports.one = 1; const b = require('./b'); exports.two = b.seen; `,
      'b.js': `const a = require('./a'); exports.seen = Object.keys(a).join();`,
    },
  },
  {
    name: 'a module runs once',
    files: {
      'main.js': `console.log(require('./a') === require('./a.js'), require('./sub/../a') === require('./a'));`,
      'a.js': `console.log('a'); module.exports = {};`,
      'sub/x': '',
    },
  },
  {
    name: 'require.main, module.id, module.parent, children and loaded',
    files: {
      'main.js': `console.log(require.main === module, module.id, module.parent == null, module.loaded); require('./a'); console.log(module.children.map((m) => require('path').basename(m.id)));`,
      'a.js': `console.log(require.main === module, require('path').basename(module.id), require('path').basename(module.parent.filename), module.loaded, require.main === module.parent);`,
    },
  },
  {
    name: '__filename, __dirname, module.paths and this',
    files: { 'main.js': `console.log(__filename, __dirname, module.paths, this === module.exports, typeof arguments, arguments.length);` },
  },
  {
    name: 'require.resolve and its paths',
    files: {
      'main.js': `console.log(require.resolve('./a'), require.resolve('fs'), require.resolve.paths('x')[0]); try { require.resolve('./no'); } catch (e) { console.log(e.code, e.message); }`,
      'a.js': '',
    },
  },
  {
    name: 'a missing module: code, message and require stack',
    files: {
      'main.js': `try { require('./a'); } catch (e) { console.log(e.code, e.message, e.requireStack); }`,
      'a.js': `require('./b');`,
      'b.js': `require('./missing');`,
    },
  },
  { name: 'a missing package', files: { 'main.js': `try { require('no-such-package'); } catch (e) { console.log(e.code, e.message); }` } },
  {
    name: 'folders: index and the main of a package.json',
    files: {
      'main.js': `console.log(require('./f'), require('./g'), require('./g/'), require('.' + '/f'));`,
      'f/index.js': `module.exports = 'f';`,
      'g/package.json': '{"main":"lib/x"}',
      'g/lib/x.js': `module.exports = 'g';`,
    },
  },
  {
    name: 'JSON: one object for all',
    files: { 'main.js': `const a = require('./d'), b = require('./d.json'); a.x = 2; console.log(a === b, b);`, 'd.json': '{"x":1}' },
  },
  {
    name: 'broken JSON',
    files: {
      'main.js': `try { require('./d.json'); } catch (e) { console.log(e.name, e.message.replace(/ in JSON.*| \\(line.*/, '')); }`,
      'd.json': '{"x":}',
    },
  },
  {
    name: 'module.exports of every kind',
    files: {
      'main.js': `for (const n of ['f', 'c', 'n', 'u']) console.log(n, typeof require('./' + n), require('./' + n));`,
      'f.js': `module.exports = function f() {};`,
      'c.js': `module.exports = class C {};`,
      'n.js': `module.exports = null;`,
      'u.js': `module.exports = undefined;`,
    },
  },
  {
    name: 'computed require',
    files: {
      'main.js': `for (const name of require('fs').readdirSync(__dirname + '/all').sort()) console.log(require('./all/' + name));`,
      'all/a.js': `module.exports = 'a';`,
      'all/b.js': `module.exports = 'b';`,
    },
  },
  {
    name: 'sloppy mode',
    files: {
      'main.js': `undeclared = 1; console.log(undeclared, (function () { return this === globalThis; })(), 010); with ({ x: 5 }) console.log(x);`,
    },
  },
  {
    name: 'a module that throws is tried again',
    files: {
      'main.js': `globalThis.n = 0; for (let i = 0; i < 3; i++) try { console.log(require('./a')); } catch (e) { console.log(e.message); }`,
      'a.js': `if (++n < 3) throw new Error('try ' + n); module.exports = 'ok';`,
    },
  },
  {
    name: 'delete require.cache',
    files: {
      'main.js': `const a = require('./a'); delete require.cache[require.resolve('./a')]; console.log(a === require('./a'), Object.keys(require.cache).includes(require.resolve('./a')));`,
      'a.js': `console.log('runs'); module.exports = {};`,
    },
  },
  {
    name: 'module.require and a hash-bang',
    files: { 'main.js': `#!/usr/bin/env node\nconsole.log(module.require('./a'));`, 'a.js': `module.exports = 1;` },
  },
  {
    name: 'import() from CommonJS',
    files: {
      'main.js': `import('./a.mjs').then(async (ns) => { console.log(ns.x, ns.default, (await import('./b.js')).default, "import('./a.mjs')"); });`,
      'a.mjs': `export const x = 1; export default 'd';`,
      'b.js': `module.exports = 'b'; // import('x')`,
    },
  },
  {
    name: 'require of an ES module',
    files: {
      'main.js': `const a = require('./a.mjs'), b = require('./b.mjs'); console.log(a.x, a.default, a.__esModule, Object.keys(a), b.x, b.__esModule, a === require('./a.mjs'));`,
      'a.mjs': `export const x = 1; export default 'd';`,
      'b.mjs': `export const x = 2;`,
    },
  },
  {
    name: 'require of an ES module that awaits',
    files: { 'main.js': `try { require('./a.mjs'); } catch (e) { console.log(e.code); }`, 'a.mjs': `await 1; export const x = 1;` },
  },
  {
    name: 'packages: conditions of require',
    files: {
      'main.js': `console.log(require('dep').kind, require('dep/package.json').version); try { require('dep/secret'); } catch (e) { console.log(e.code); }`,
      ...dep,
    },
  },
  { name: 'an uncaught error', files: { 'main.js': `console.log('before'); throw new TypeError('out');` } },
  {
    name: 'process.exit and exit code',
    files: {
      'main.js': `process.on('exit', (code) => console.log('exit', code)); process.exitCode = 3; require('./a');`,
      'a.js': `setTimeout(() => process.exit(7), 1);`,
    },
  },
  {
    name: 'a syntax error in a required file',
    files: { 'main.js': `try { require('./a'); } catch (e) { console.log(e.name, e.message); }`, 'a.js': `let x = ;` },
  },
  {
    name: 'import in a CommonJS package is not allowed',
    files: {
      'package.json': '{"type":"commonjs"}',
      'main.js': `try { require('./a'); } catch (e) { console.log(e.name, e.message); }`,
      'a.js': `import fs from 'fs';`,
    },
  },
  {
    name: 'a dynamic import made by new Function',
    files: {
      'main.js': `new Function('s', 'return import(s)')('./a.mjs').then((ns) => console.log(ns.x));`,
      'a.mjs': `export const x = 1;`,
    },
  },
  { name: 'process.argv', files: { 'main.js': `console.log(process.argv.slice(1));` } },
];

const mixed: readonly ProgramCase[] = [
  {
    name: 'names of CommonJS as Node finds them',
    files: {
      ...MODULE,
      'main.js': `import * as ns from './a.cjs'; import d, { x } from './a.cjs'; console.log(Object.keys(ns).filter((n) => n !== 'module.exports'), d === ns.default, x, d);`,
      'a.cjs': `exports.x = 1; module.exports.y = 2; Object.defineProperty(exports, '__esModule', { value: true }); exports.default = 'transpiled'; exports['z' + ''] = 3;`,
    },
  },
  {
    name: 'names that are handed on',
    files: {
      ...MODULE,
      'main.js': `import { x, y } from './a.cjs'; console.log(x, y);`,
      'a.cjs': `module.exports = require('./b.cjs');`,
      'b.cjs': `exports.x = 1; exports.y = 2;`,
    },
  },
  {
    name: 'export * from CommonJS',
    files: {
      ...MODULE,
      'main.js': `import * as ns from './star.js'; console.log(Object.keys(ns).filter((n) => n !== 'module.exports'));`,
      'star.js': `export * from './a.cjs'; export const own = 1;`,
      'a.cjs': `exports.x = 1; exports.own = 2;`,
    },
  },
  {
    name: 'a namespace of CommonJS does not follow later writes',
    files: {
      ...MODULE,
      'main.js': `import { n } from './a.cjs'; import a from './a.cjs'; a.add(); console.log(n, a.n);`,
      'a.cjs': `exports.n = 1; exports.add = () => exports.n++;`,
    },
  },
  {
    name: 'a missing name of CommonJS',
    files: { ...MODULE, 'main.js': `import { nothing } from './a.cjs'; console.log('never');`, 'a.cjs': `exports.x = 1;` },
    fails: 'SyntaxError',
  },
  {
    name: 'order of CommonJS among ES modules',
    files: {
      ...MODULE,
      'main.js': `import './1.js'; import './2.cjs'; import './3.js'; console.log('main');`,
      '1.js': `console.log(1);`,
      '2.cjs': `console.log(2);`,
      '3.js': `console.log(3);`,
    },
  },
  {
    name: 'a package runs behind the file in front of it',
    files: {
      ...MODULE,
      ...dep,
      'main.js': `import './env.js'; import { kind } from 'dep'; console.log('main', kind);`,
      'env.js': `console.log('env');`,
    },
  },
  {
    name: 'packages between files, deep and beside a cycle',
    files: {
      ...MODULE,
      ...dep,
      'node_modules/other/index.js': `console.log('other');`,
      'main.js': `import { a } from './a.js'; import 'other'; console.log(a());`,
      'a.js': `import './first.js'; import { b } from './b.js'; console.log('a'); export const a = () => b();`,
      'b.js': `import { a } from './a.js'; console.log('b'); export const b = () => typeof a;`,
      'first.js': `console.log('first');`,
    },
  },
  {
    name: 'createRequire',
    files: {
      ...MODULE,
      'main.js': `import { createRequire } from 'node:module'; const require = createRequire(import.meta.url); console.log(require('./a.cjs').x, require('./d.json'), require.resolve('./a.cjs'), require('path') === process.getBuiltinModule('path'));`,
      'a.cjs': `exports.x = 1;`,
      'd.json': '[1]',
    },
  },
  {
    name: 'CommonJS and import share an instance',
    files: {
      ...MODULE,
      'main.js': `import a from './a.cjs'; import { again } from './b.cjs'; console.log(a === again);`,
      'a.cjs': `console.log('runs'); module.exports = {};`,
      'b.cjs': `exports.again = require('./a.cjs');`,
    },
  },
  {
    name: 'an ES module is found by its syntax',
    files: {
      'main.js': `import { x } from './a.js'; console.log(x, typeof require, import.meta.url.slice(-7));`,
      'a.js': `export const x = 1;`,
    },
  },
  {
    name: 'require in an ES module is not there',
    files: { ...MODULE, 'main.js': `try { require('x'); } catch (e) { console.log(e.name, typeof module, typeof __filename); }` },
  },
];

const meta: readonly ProgramCase[] = [
  {
    name: 'import.meta',
    files: {
      ...MODULE,
      'main.js': `console.log(import.meta.url, import.meta.filename, import.meta.dirname, import.meta.env, Object.getPrototypeOf(import.meta));`,
    },
  },
  {
    name: 'import.meta.resolve',
    files: {
      ...MODULE,
      ...dep,
      'local.js': '',
      'main.js': `console.log(['./x.js', '../y', 'fs', 'node:os', 'dep', '#local', 'https://a.b/c'].map((s) => import.meta.resolve(s))); try { import.meta.resolve('missing'); } catch (e) { console.log(e.code, e.message); }`,
    },
  },
  {
    name: 'queries make modules of their own',
    files: {
      ...MODULE,
      'main.js': `const a = await import('./a.js?1'), b = await import('./a.js?2'), c = await import('./a.js?1'); console.log(a === b, a === c, a.url.slice(-7), b.url.slice(-7));`,
      'a.js': `console.log('runs'); export const url = import.meta.url;`,
    },
  },
  {
    name: 'JSON with attributes',
    files: {
      ...MODULE,
      'main.js': `import d from './d.json' with { type: 'json' }; const { default: e } = await import('./d.json', { with: { type: 'json' } }); console.log(d, d === e);`,
      'd.json': '{"a":[1,2]}',
    },
  },
  {
    name: 'JSON without attributes',
    files: {
      ...MODULE,
      'main.js': `${caught} await caught(() => import('./d.json')); await caught(() => import('./' + 'd.json'));`,
      'd.json': '{}',
    },
  },
  {
    name: 'JSON without attributes, statically',
    files: { ...MODULE, 'main.js': `import d from './d.json'; console.log('never', d);`, 'd.json': '{}' },
    fails: 'ERR_IMPORT_A',
  },
  {
    name: 'JSON of a package',
    files: { ...MODULE, ...dep, 'main.js': `import p from 'dep/package.json' with { type: 'json' }; console.log(p.version);` },
  },
  {
    name: 'builtins, with and without node:',
    files: {
      ...MODULE,
      'main.js': `import fs, { readFileSync } from 'fs'; import * as ns from 'node:fs'; console.log(fs.readFileSync === readFileSync, ns.default === fs, ns.readFileSync === readFileSync);`,
    },
  },
  { name: 'a data URL', files: { ...MODULE, 'main.js': `import { x } from 'data:text/javascript,export const x = 5'; console.log(x);` } },
  {
    name: 'a file URL, statically and computed',
    files: {
      ...MODULE,
      'main.js': `const url = new URL('./a.js', import.meta.url).href; const a = await import(url); console.log(a.x, a === (await import('./a.js')));`,
      'a.js': `console.log('a'); export const x = 1;`,
    },
  },
  {
    name: 'names with spaces, percent signs and umlauts',
    files: {
      ...MODULE,
      'main.js': `import { x } from './a%20b.js'; import { y } from './ü.js'; console.log(x, y);`,
      'a b.js': `export const x = import.meta.filename.slice(-6);`,
      'ü.js': `export const y = import.meta.url.slice(-9);`,
    },
  },
  {
    name: 'conditions of import, self-reference and imports of the package',
    files: {
      ...MODULE,
      ...dep,
      'main.js': `import { kind } from 'dep'; import { kind as again } from '#pkg'; import { l } from '#local'; import { s } from 'app/self'; import { t } from '#sub/t'; console.log(kind, again, l, s, t);`,
      'local.js': `export const l = 'local';`,
      'self.js': `export const s = 'self';`,
      'sub/t.js': `export const t = 't';`,
    },
  },
  {
    name: 'a linked workspace package is found by its real path',
    links: { 'node_modules/ws': '../packages/ws' },
    files: {
      ...MODULE,
      'packages/ws/package.json': '{"name":"ws","type":"module","exports":"./src/index.js"}',
      'packages/ws/src/index.js': `export const where = import.meta.filename.includes('node_modules');`,
      'main.js': `import { where } from 'ws'; console.log(where);`,
    },
  },
  {
    name: 'a file behind a link is one module',
    links: { 'b.js': 'a.js' },
    files: {
      ...MODULE,
      'a.js': `console.log('runs'); export const x = {};`,
      'main.js': `import { x } from './a.js'; import { x as y } from './b.js'; console.log(x === y);`,
    },
  },
];

const errors: readonly ProgramCase[] = [
  {
    name: 'codes of import()',
    files: {
      ...MODULE,
      ...dep,
      'folder/x.js': '',
      'a.css': '',
      'a.js': '',
      'main.js': `${caught}
await caught(() => import('./missing.js')); await caught(() => import('./' + 'missing.js')); await caught(() => import('no-such-package')); await caught(() => import('./folder'));
await caught(() => import('dep/secret')); await caught(() => import('#nothing')); await caught(() => import('./a.css')); await caught(() => import('./a.js', { with: { type: 'json' } })); await caught(() => import('dep/only-require'));`,
    },
  },
  {
    name: 'a missing file deep in a lazy graph',
    files: {
      ...MODULE,
      'main.js': `${caught} await caught(() => import('./a.js'));`,
      'a.js': `import './b.js'; console.log('never');`,
      'b.js': `import './missing.js';`,
    },
  },
  {
    name: 'a missing file, statically',
    files: { ...MODULE, 'main.js': `import './missing.js'; console.log('never');` },
    fails: 'ERR_MODULE_NOT_FOUND',
  },
  {
    name: 'a missing package, statically',
    files: { ...MODULE, 'main.js': `import 'no-such-package'; console.log('never');` },
    fails: 'ERR_MODULE_NOT_FOUND',
  },
  {
    name: 'no extension in JavaScript',
    files: { ...MODULE, 'main.js': `import './a'; console.log('never');`, 'a.js': '' },
    fails: 'ERR_MODULE_NOT_FOUND',
  },
  {
    name: 'a folder, statically',
    files: { ...MODULE, 'main.js': `import './f'; console.log('never');`, 'f/index.js': '' },
    fails: 'ERR_UNSUPPORTED_DIR_IMPORT',
  },
  {
    name: 'a path that a package does not export',
    files: { ...MODULE, ...dep, 'main.js': `import 'dep/secret'; console.log('never');` },
    fails: 'ERR_PACKAGE_PATH_NOT_EXPORTED',
  },
  {
    name: 'a missing name of a builtin',
    files: { ...MODULE, 'main.js': `import { nothing } from 'node:fs'; console.log('never');` },
    fails: 'SyntaxError',
  },
  {
    name: 'a syntax error',
    files: { ...MODULE, 'main.js': `import './a.js'; console.log('never');`, 'a.js': `let 1x;` },
    fails: 'SyntaxError',
  },
  { name: 'an error of the entry', files: { ...MODULE, 'main.js': `console.log('before'); throw new Error('out');` } },
  {
    name: 'a rejected top-level await',
    files: { ...MODULE, 'main.js': `console.log('before'); await Promise.reject(new RangeError('late'));` },
  },
  { name: 'a top-level await that never ends', files: { ...MODULE, 'main.js': `console.log('before'); await new Promise(() => {});` } },
  {
    name: 'an unhandled rejection',
    files: {
      ...MODULE,
      'main.js': `console.log('before'); Promise.reject(new Error('nobody')); setTimeout(() => console.log('never'), 1000);`,
    },
  },
  {
    name: 'lines of stacks',
    files: {
      ...MODULE,
      'main.js': `import { f } from './a.js'; import d from './b.cjs';\n\n  const where = (e) => e.stack.split('\\n').find((l) => l.includes('at ')).trim();\nconsole.log(where(f()), where(d()));`,
      'a.js': `export let n = 0; export function f() { n++; return new Error('x'); }`,
      'b.cjs': `module.exports = function g() {\n    return new Error('y'); };`,
    },
  },
  {
    name: 'prepareStackTrace of the program',
    files: {
      ...MODULE,
      'main.js': `Error.prepareStackTrace = (e, sites) => sites[0].getFileName() + ':' + sites[0].getLineNumber();\nconsole.log(new Error('x').stack);`,
    },
  },
  {
    name: 'errors of Node keep their code in the stack',
    files: {
      ...MODULE,
      'main.js': `try { Buffer.from(null); } catch (e) { console.log(e.stack.split('\\n')[0]); } try { null.x; } catch (e) { console.log(e.stack.split('\\n')[0]); }`,
    },
  },
];

const order: readonly ProgramCase[] = [
  {
    name: 'ticks, microtasks and timers of a synchronous graph',
    files: {
      ...MODULE,
      'main.js': `import './a.js'; import './b.js'; console.log('main'); process.nextTick(() => console.log('tick main'));`,
      'a.js': `Promise.resolve().then(() => console.log('microtask a')); process.nextTick(() => console.log('tick a')); setTimeout(() => console.log('timer'), 1); console.log('a');`,
      'b.js': `console.log('b');`,
    },
  },
  {
    name: 'top-level await of siblings with CommonJS between',
    files: {
      ...MODULE,
      'main.js': `import './a.js'; import './c.cjs'; import './b.js'; console.log('main');`,
      'a.js': `console.log('a1'); await null; console.log('a2');`,
      'b.js': `console.log('b1'); await null; console.log('b2');`,
      'c.cjs': `console.log('c');`,
    },
  },
  {
    name: 'console.log of a namespace shows its values',
    files: {
      ...MODULE,
      'main.js': `import * as ns from './a.js'; console.log({ ...ns }, Object.entries(ns), ns[Symbol.toStringTag], Object.isSealed(ns));`,
      'a.js': `export let n = 1; export default class {}; n = 2;`,
    },
  },
  {
    name: 'beforeExit and exit',
    files: {
      ...MODULE,
      'main.js': `process.once('beforeExit', () => console.log('beforeExit')); process.on('exit', (code) => console.log('exit', code)); console.log('main');`,
    },
  },
  {
    name: 'JSON.stringify of what modules share',
    files: {
      ...MODULE,
      'main.js': `${show} import { list } from './s.js'; import './one.js'; import './two.js'; show(list);`,
      's.js': 'export const list = [];',
      'one.js': `import { list } from './s.js'; list.push(1);`,
      'two.js': `import { list } from './s.js'; list.push(2);`,
    },
  },
];

export const programCases: Readonly<Record<string, readonly ProgramCase[]>> = {
  CommonJS: commonjs,
  'both kinds of modules': mixed,
  'import.meta and specifiers': meta,
  errors,
  order,
};
