import { test } from 'node:test';
import { openProject, pageOf, HEAD } from './link-support.ts';
test('x', async (t) => {
  const { files, tab, server } = await openProject(t, {
    'index.html': pageOf('/main.ts'),
    'main.ts': `
      const ask = (name, worker) => { const target = worker.port ?? worker; target.onmessage = ({ data }) => console.log(name, JSON.stringify(data)); worker.onerror = (event) => { console.log(name, 'error', event.message, event.filename, event.lineno); };   };
      ask('typed', new Worker(new URL('./workers/typed.ts', import.meta.url), { type: 'module' }));
      ask('plain', new Worker('/workers/plain.js', { type: 'module' }));
      ask('classic', new Worker(new URL('./workers/classic.js', import.meta.url)));
      ask('shared', new SharedWorker(new URL('./workers/shared.ts', import.meta.url), { type: 'module', name: 's' }));
      `,
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
  }, {prepare: async (page) => {  page.on('response', async (r) => console.log(r.status(), r.url(), (await r.text().catch(String)).slice(0, 300))); page.on('requestfailed', (r) => console.log('failed', r.url()));
  page.on('worker', (w) => console.log('worker', w.url())); }});
  await new Promise((r) => setTimeout(r, 2000));
  console.log(tab.console.lines, server.log.lines, tab.errors);
});
