/**
 * Programs beside the page: workers by `?worker` and `?sharedworker`, and WebAssembly by its names, by `?init` and by its address.
 */
import assert from 'node:assert/strict';
import { test } from 'node:test';
import { openProject, pageOf, WASM } from './link-support.ts';

test('?worker and ?sharedworker start the file as a module; a change in its graph reloads the page with the reason', async (t) => {
  const { files, tab, result, server } = await openProject(t, {
    'index.html': pageOf('/main.ts'),
    'main.ts': `
      import Adder from './adder.ts?worker'; import Shared from './shared.ts?sharedworker'; import address from './adder.ts?worker&url';
      const ask = (port: Worker | MessagePort, value: unknown) => new Promise((resolve) => { port.onmessage = ({ data }) => resolve(data); port.postMessage(value); });
      const worker = new Adder({ name: 'sums' });
      const shared = new Shared();
      shared.port.start();
      globalThis.result = [await ask(worker, [1, 2]), await ask(shared.port, 'x'), address];`,
    'adder.ts': `import { add } from './add.ts'; onmessage = ({ data: [a, b] }: MessageEvent<[number, number]>) => postMessage(name + ' ' + add(a, b));`,
    'add.ts': `export const add = (a: number, b: number): number => a + b;`,
    'shared.ts': `onconnect = ({ ports: [port] }: any) => { port.onmessage = ({ data }: any) => port.postMessage('shared ' + data); };`,
  });
  assert.deepEqual(await result(), ['sums 3', 'shared x', '/adder.ts']);
  const told = server.log.waitFor(/add\.ts: page reload/);
  await files.edit('add.ts', 'a + b', 'a * 10 + b');
  assert.match(await told, /worker/);
  await tab.page.waitForFunction(`globalThis.result?.[0] === 'sums 12'`);
});

test('WebAssembly: names and what it imports, ?init, its address; a change reaches those who import it', async (t) => {
  const { files, tab, result } = await openProject(t, {
    'index.html': pageOf('/main.js'),
    'main.js': `
      import { plus, memory } from './sum.wasm'; import * as all from './sum.wasm'; import init from './sum.wasm?init'; import address from './sum.wasm';
      const instance = await init({ './env.js': { base: () => 1000 } });
      globalThis.result = [plus(5), memory instanceof WebAssembly.Memory, Object.keys(all), instance.exports.plus(5), address];
      import.meta.hot.accept();`,
    'env.js': `export const base = () => 100;`,
    'sum.wasm': WASM,
  });
  assert.deepEqual(await result(), [106, true, ['default', 'memory', 'plus'], 1006, '/sum.wasm']);
  await tab.markDocument();
  const changed = Buffer.from(WASM);
  changed[changed.lastIndexOf(0x41) + 1] = 2;
  await files.write('sum.wasm', changed);
  await tab.page.waitForFunction(`globalThis.result[0] === 107`);
  assert.ok(await tab.isSameDocument());
});

test('a file that is no WebAssembly is told with its name', async (t) => {
  const { server } = await openProject(t, {
    'index.html': pageOf('/main.js'),
    'main.js': `import { f } from './broken.wasm'; f();`,
    'broken.wasm': 'text',
  });
  await server.log.waitFor(/Syntax error broken\.wasm/);
});
