/**
 * Pages and their scripts: what is a module and what stays classic, modules shared by several scripts and pages, native importers, workers,
 * and requests for the source itself.
 */
import assert from 'node:assert/strict';
import { test } from 'node:test';
import { openPage } from '../harness/browser.ts';
import { HEAD, openProject, pageOf, resultOf } from './link-support.ts';

test('several module scripts on one page, by src and inline: each module runs once, in order', async (t) => {
  const { result, assertAlive, tab } = await openProject(t, {
    'index.html': `${HEAD}<script type="module" src="./a.ts"></script><script type="module">import { shared } from './shared.ts'; shared.order.push('inline 1');</script>
      <script type="module" src="/b.ts"></script><script type="module" src="a.ts"></script>
      <script type="module">import { shared } from '/shared.ts'; import './a.ts'; shared.order.push('inline 2'); globalThis.result = [shared.order, globalThis.runs];</script>`,
    'a.ts': `import { shared } from './shared'; shared.order.push('a');`,
    'b.ts': `import './a.ts'; import { shared } from './shared'; shared.order.push('b'); await null; shared.order.push('b end');`,
    'shared.ts': `globalThis.runs = (globalThis.runs ?? 0) + 1; export const shared = { order: [] as string[] };`,
  });
  assert.deepEqual(await result(), [['a', 'inline 1', 'b', 'b end', 'inline 2'], 1]);
  assert.deepEqual(tab.errors, []);
  await assertAlive();
});

test('two pages share modules; an edit reaches both', async (t) => {
  const { server, files, tab } = await openProject(t, {
    'index.html': pageOf('/one.js'),
    'two.html': pageOf('/two.js'),
    'one.js': `import { view } from './view.js'; const show = () => document.title = view; show(); import.meta.hot.accept('./view.js', show); console.log('ran');`,
    'two.js': `import { view } from './view.js'; import './own.js'; const show = () => document.title = 'two ' + view; show(); import.meta.hot.accept('./view.js', show); console.log('ran');`,
    'view.js': `export const view = 'v1';`,
    'own.js': `export {};`,
  });
  const second = await openPage(server.url('/two'), { context: tab.page.context() });
  await Promise.all([tab, second].map((each) => each.waitForConsole(/^ran$/)));
  await files.edit('view.js', 'v1', 'v2');
  await tab.page.waitForFunction(() => document.title === 'v2');
  await second.page.waitForFunction(() => document.title === 'two v2');
  assert.equal(tab.loads.length + second.loads.length, 2);
});

test('a module script without import or export is a module all the same', async (t) => {
  const { result, assertAlive } = await openProject(t, {
    'index.html': `${HEAD}<script type="module" src="/plain.js"></script><script type="module" src="/plain2.ts"></script>`,
    'plain.js': `var local = 1; globalThis.first = [typeof this, typeof globalThis.local, (function () { return typeof this; })(), document.currentScript === null];`,
    'plain2.ts': `const local: number = 2; globalThis.result = [...globalThis.first, local];`,
  });
  assert.deepEqual(await result(), ['undefined', 'undefined', 'undefined', true, 2]);
  await assertAlive();
});

test('classic scripts stay classic: sloppy, global, in place, deferred, in TypeScript, with crossorigin', async (t) => {
  const { result, assertAlive, tab, files } = await openProject(t, {
    'index.html': `${HEAD}<body><script src="/sloppy.js"></script><script>inline = shared + ' inline';</script><script src="/cross.js" crossorigin></script>
      <script src="typed.ts"></script><script src="crosstyped.ts" crossorigin="anonymous"></script><script defer src="/defer.js"></script><p id="last"></p>
      <script type="module" src="/main.ts"></script>`,
    'sloppy.js': `var shared = 'shared'; undeclared = 5; this.viaThis = document.currentScript.src.endsWith('/sloppy.js'); var early = document.querySelector('#last') === null;`,
    'cross.js': `var cross = typeof this; with ({ x: 1 }) { cross += x; }`,
    'typed.ts': `enum Level { Low = 1 } var level: number = Level.Low; declare var inline: string;`,
    'crosstyped.ts': `var crossTyped: string = (function () { return this === window ? 'sloppy' : 'strict' })();`,
    'defer.js': `var deferred = document.querySelector('#last') !== null;`,
    'main.ts': `globalThis.result = [shared, undeclared, viaThis, early, inline, cross, level, crossTyped, deferred];`,
  });
  assert.deepEqual(await result(), ['shared', 5, true, true, 'shared inline', 'object1', 1, 'sloppy', true]);
  await assertAlive();
  await files.edit('typed.ts', 'Low = 1', 'Low = 3');
  await tab.waitForConsole(/page reload .*typed\.ts.*classic script/);
  await tab.page.waitForFunction(() => Reflect.get(globalThis, 'level') === 3);
});

test('code that is not linked imports natively: live bindings, the same instance, updates', async (t) => {
  const { result, files, tab, assertAlive } = await openProject(t, {
    'index.html': `${HEAD}<script type="module" src="/main.js"></script>`,
    'main.js': `
      import { state } from '/src/a.ts'; import * as linked from '/src/a.ts';
      const raw = URL.createObjectURL(new Blob(["import fallback, { count, bump, state, later } from '" + location.origin + "/src/a.ts'; export const read = () => [count, fallback, later]; export { bump, state };"], { type: 'text/javascript' }));
      const native = await (0, eval)('(url) => import(url)')(raw);
      const before = native.read()[0]; native.bump();
      globalThis.read = native.read;
      globalThis.result = [before, native.read()[0], linked.count, native.state === state, native.read()[2], globalThis.runs];`,
    'src/a.ts': `globalThis.runs = (globalThis.runs ?? 0) + 1; import.meta.hot?.accept(() => console.log('read', JSON.stringify(globalThis.read()))); export let count: number = 1; export const bump = () => { count++; }; export const state = {}; export default 'fallback'; export { later } from './b';`,
    'src/b.ts': `export let later = 'early'; later = 'later';`,
  });
  assert.deepEqual(await result(), [1, 2, 2, true, 'later', 1]);
  await files.edit('src/a.ts', "'fallback'", "'changed'");
  // The count is kept: nothing of the module runs again.
  await tab.waitForConsole(/^read \[2,"changed","later"\]$/);
  await assertAlive();
});

test('workers: module, shared, nested, TypeScript, with imports and import(); classic ones stay classic', async (t) => {
  const { result, assertAlive } = await openProject(t, {
    'index.html': pageOf('/main.ts'),
    'main.ts': `
      const ask = (worker: Worker | MessagePort): Promise<unknown> => new Promise((resolve, reject) => {
        worker.onmessage = ({ data }) => resolve(data); (worker as Worker).onerror = (event) => { event.preventDefault(); reject(new Error(event.message)); };
      });
      const typed = ask(new Worker(new URL('./workers/typed.ts', import.meta.url), { type: 'module' }));
      const url = ask(new Worker('/workers/plain.js', { type: 'module' }));
      const classic = ask(new Worker(new URL('./workers/classic.js', import.meta.url)));
      const shared = new SharedWorker(new URL('./workers/shared.ts', import.meta.url), { type: 'module', name: 's' });
      const port = ask(shared.port);
      const echo = new Worker(new URL('./workers/echo.ts', import.meta.url), { type: 'module' });
      const echoed = ask(echo); echo.postMessage('sent at once');
      globalThis.result = await Promise.all([typed, url, classic, port, echoed]);`,
    'workers/echo.ts': `import { add } from '../lib/add'; onmessage = ({ data }) => postMessage([data, add(1, 1)]);`,
    'workers/typed.ts': `import { add } from '../lib/add'; import { depth } from './deep';
      const later = await import('../lib/later'); const nested = new Worker(new URL('./nested.ts', import.meta.url), { type: 'module' });
      nested.onmessage = ({ data }) => postMessage([add(1, 2), depth, later.default, data, typeof import.meta.hot, self.constructor.name]);`,
    'workers/nested.ts': `import { add } from '../lib/add'; const value: number = add(20, 1); postMessage(value);`,
    'workers/deep.ts': `export const depth: string = 'deep';`,
    'workers/plain.js': `postMessage(['plain', typeof importScripts]);`,
    'workers/classic.js': `importScripts('./imported.js'); postMessage(['classic', imported]);`,
    'workers/imported.js': `var imported = 'imported';`,
    'workers/shared.ts': `import { add } from '../lib/add'; (self as unknown as SharedWorkerGlobalScope).onconnect = ({ ports: [port] }) => port.postMessage(add(5, 5));`,
    'lib/add.ts': `export const add = (a: number, b: number): number => a + b;`,
    'lib/later.ts': `export default 'later';`,
  });
  assert.deepEqual(await result(), [
    [3, 'deep', 'later', 21, 'object', 'DedicatedWorkerGlobalScope'],
    ['plain', 'function'],
    ['classic', 'imported'],
    10,
    ['sent at once', 2],
  ]);
  await assertAlive();
});

test('a change of what a worker runs reloads the page, with the reason', async (t) => {
  const { result, files, tab } = await openProject(t, {
    'index.html': pageOf('/main.js'),
    'main.js': `
      const listen = (worker) => { worker.onmessage = ({ data }) => { globalThis.result = data; console.log('says', data); }; };
      listen(new Worker(new URL('./worker.ts', import.meta.url), { type: 'module' })); listen(new Worker('/plain.js'));
      console.log(new Worker('/empty.js') instanceof Worker, Worker.name);`,
    'empty.js': '',
    'plain.js': `postMessage('plain one')`,
    'worker.ts': `import { word } from './word'; postMessage(word); new Worker(new URL('./nested.ts', import.meta.url), { type: 'module' }).onmessage = ({ data }) => postMessage(data);`,
    'nested.ts': `import { word } from './other'; postMessage(word);`,
    'word.ts': `export const word: string = 'one';`,
    'other.ts': `export const word: string = 'nested one';`,
  });
  await result();
  // All of them, each time: the page that was reloaded then runs everything that the next edit is about.
  const says = async (from: number, ...texts: readonly string[]): Promise<void> => {
    await Promise.all(texts.map((text) => tab.waitForConsole(new RegExp(`^says ${text}$`), from)));
  };
  await Promise.all([says(0, 'one', 'nested one', 'plain one'), tab.waitForConsole(/^true Worker$/)]);
  let from = tab.console.lines.length;
  await files.edit('word.ts', 'one', 'two');
  await says(from, 'two', 'nested one', 'plain one');
  await tab.waitForConsole(/page reload .*\/worker\.ts runs in a worker/);
  from = tab.console.lines.length;
  await files.edit('other.ts', 'nested one', 'nested two');
  await says(from, 'two', 'nested two', 'plain one');
  from = tab.console.lines.length;
  await files.edit('plain.js', 'plain one', 'plain two');
  await says(from, 'two', 'nested two', 'plain two');
  await tab.waitForConsole(/page reload .*\/plain\.js runs in a worker/);
  from = tab.console.lines.length;
  await files.edit('worker.ts', 'postMessage(word)', "postMessage(word + '!')");
  await says(from, 'two!', 'nested two', 'plain two');
});

test('a worker whose file is accepted is started anew by its module, and the page stays', async (t) => {
  const { files, tab, assertAlive } = await openProject(t, {
    'index.html': pageOf('/main.ts'),
    'main.ts': `
      let worker: Worker | undefined;
      const start = (): void => { worker?.terminate(); worker = new Worker(new URL('./worker.ts', import.meta.url), { type: 'module' }); worker.onmessage = ({ data }) => console.log('says', data); };
      start(); import.meta.hot?.accept('./worker.ts?url', start);`,
    'worker.ts': `postMessage('one'); export {};`,
  });
  await tab.waitForConsole(/^says one$/);
  await files.edit('worker.ts', 'one', 'two');
  await tab.waitForConsole(/^says two$/);
  await assertAlive();
});

test('fetch gets the text of the file, whatever its kind; links that preload modules are used', async (t) => {
  const source = `export const a: number = 1;`;
  const requests: string[] = [];
  const { result, assertAlive } = await openProject(
    t,
    {
      'index.html': `${HEAD}<link rel="modulepreload" href="/src/a.ts"><link rel="modulepreload" href="./src/main.ts"><script type="module" src="/src/main.ts"></script>`,
      'src/main.ts': `import { a } from './a.ts'; const read = (url) => fetch(url).then((answer) => answer.text());
        globalThis.result = [a, await read('/src/a.ts'), await read('/src/a.ts?raw'), await read('./src/data.json'), await read('/src/style.css')];`,
      'src/a.ts': source,
      'src/data.json': '{ "a": 1 }',
      'src/style.css': 'p {}',
    },
    { prepare: async (page) => void page.on('request', (request) => requests.push(new URL(request.url()).pathname)) },
  );
  assert.deepEqual(await result(), [1, source, source, '{ "a": 1 }', 'p {}']);
  assert.equal(requests.filter((urlPath) => urlPath === '/src/main.ts').length, 1);
  await assertAlive();
});

test('a graph is one response, and a second load asks again and gets 304', async (t) => {
  const answers: string[] = [];
  const { result, tab } = await openProject(
    t,
    {
      'index.html': pageOf('/main.ts'),
      'main.ts': `import { a } from './a'; globalThis.result = a;`,
      'a.ts': `export { b as a } from './b';`,
      'b.ts': `export const b: number = 3;`,
    },
    {
      prepare: async (page) =>
        void page.on('response', (response) => answers.push(`${response.status()} ${new URL(response.url()).pathname}`)),
    },
  );
  assert.equal(await result(), 3);
  const modules = (): string[] => answers.filter((answer) => answer.endsWith('.ts'));
  assert.deepEqual(modules(), ['200 /main.ts']);
  const etag = await tab.page.request.get(tab.page.url(), { headers: { Accept: 'text/html' } }).then((answer) => answer.headers()['etag']);
  assert.ok(etag);
  await tab.page.goto(tab.page.url());
  assert.equal(await resultOf(tab), 3);
  assert.equal(modules().length, 2);
});
