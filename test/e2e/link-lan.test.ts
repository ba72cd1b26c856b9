/**
 * Over plain HTTP to an address that is not this machine's loopback, browsers send no Sec-Fetch headers, so the server has to tell module
 * scripts, classic scripts and source by itself. Shown on a real address where the machine has one, and behind a proxy that strips them.
 */
import assert from 'node:assert/strict';
import { createServer, request, type IncomingMessage } from 'node:http';
import { once } from 'node:events';
import os from 'node:os';
import { test, type TestContext } from 'node:test';
import { openPage, type TestPage } from '../harness/browser.ts';
import { fixture, type Fixture } from '../harness/fixture.ts';
import { startServer, type TestServer } from '../harness/server.ts';
import { HEAD, resultOf, svgOf } from './link-support.ts';

const FILES = {
  'index.html': `${HEAD}<body><img id="picture" src="/a.svg"><script src="/classic.js"></script><script src="/typed.ts"></script>
    <script src="/cross.js" crossorigin></script><script type="module" src="/src/main.ts"></script><script type="module" src="/src/plain.js"></script>
    <script type="module">import { state } from './src/state.ts'; state.inline = true;</script>`,
  'classic.js': `var classic = 'classic';`,
  'typed.ts': `var typed: string = 'typed';`,
  'cross.js': `var cross = 'cross';`,
  'a.svg': svgOf(9),
  'src/main.ts': `import { state } from './state'; import { view } from './view'; import data from './data.json'; import './style.css'; import classes from './x.module.css';
    state.worker = await new Promise((done) => { new Worker(new URL('./worker.ts', import.meta.url), { type: 'module' }).onmessage = ({ data }) => done(data); });
    const later = await import('./later');
    globalThis.result = [classic, typed, cross, state === later.state, view, data.a, typeof classes.box, state.worker, getComputedStyle(document.body).marginTop];
    import.meta.hot?.accept('./view', (m) => console.log('view', m.view));`,
  'src/plain.js': `globalThis.plain = typeof this;`,
  'src/state.ts': `export const state: { inline?: boolean; worker?: unknown } = {};`,
  'src/view.ts': `export const view: string = 'v1';`,
  'src/later.ts': `export { state } from './state';`,
  'src/data.json': '{ "a": 1 }',
  'src/style.css': 'body { margin-top: 6px }',
  'src/x.module.css': '.box { color: red }',
  'src/worker.ts': `import { view } from './view'; postMessage(view);`,
};

async function assertWorks(tab: TestPage, files: Fixture): Promise<void> {
  assert.deepEqual(await resultOf(tab), ['classic', 'typed', 'cross', true, 'v1', 1, 'string', 'v1', '6px']);
  assert.equal(await tab.page.evaluate((): unknown => Reflect.get(globalThis, 'plain')), 'undefined');
  await files.edit('src/view.ts', 'v1', 'v2');
  await tab.waitForConsole(/^view v2$/);
  await files.write('a.svg', svgOf(19));
  await tab.page.waitForFunction(
    () =>
      document.querySelector('#picture') instanceof HTMLImageElement &&
      document.querySelector<HTMLImageElement>('#picture')?.naturalWidth === 19,
  );
  assert.deepEqual(tab.errors, []);
}

/** Hands everything on, without the headers that tell what a request is for. */
async function startStrippingProxy(t: TestContext, target: TestServer): Promise<string> {
  const proxy = createServer((req, res) => {
    const headers = Object.fromEntries(Object.entries(req.headers).filter(([name]) => !name.startsWith('sec-fetch-')));
    const onward = request({ port: target.port, host: 'localhost', method: req.method, path: req.url, headers }, (answer) => {
      res.writeHead(answer.statusCode ?? 500, answer.headers);
      res.flushHeaders();
      answer.pipe(res);
    });
    onward.on('error', () => res.destroy());
    res.on('close', () => onward.destroy());
    req.pipe(onward);
  });
  proxy.listen(0, '127.0.0.1');
  await once(proxy, 'listening');
  t.after(() => {
    proxy.closeAllConnections();
    proxy.close();
  });
  const address = proxy.address();
  return `http://127.0.0.1:${typeof address === 'object' ? address?.port : ''}/`;
}

test('without Sec-Fetch headers everything loads and updates all the same', async (t) => {
  await using files = await fixture(FILES);
  await using server = await startServer(files.path);
  await using tab = await openPage(await startStrippingProxy(t, server));
  await assertWorks(tab, files);
});

const lanAddress = Object.values(os.networkInterfaces())
  .flatMap((addresses) => addresses ?? [])
  .find(({ family, internal }) => family === 'IPv4' && !internal)?.address;

test('by an address of the local network', { skip: lanAddress === undefined && 'this machine has no such address' }, async () => {
  await using files = await fixture(FILES);
  await using server = await startServer(files.path, { host: true });
  await using tab = await openPage(`http://${lanAddress}:${server.port}/`);
  await assertWorks(tab, files);
  assert.equal(await tab.page.evaluate(() => isSecureContext), false);
});

test('without Sec-Fetch headers the address bar shows source, and tools get files', async () => {
  await using files = await fixture(FILES);
  await using server = await startServer(files.path);
  const get = async (headers: Record<string, string>): Promise<string> => {
    const req = request({ port: server.port, host: 'localhost', path: '/src/view.ts', headers });
    req.end();
    const [res] = (await once(req, 'response')) as [IncomingMessage];
    return (await res.setEncoding('utf8').toArray()).join('');
  };
  assert.equal(await get({ 'User-Agent': 'curl/8.0', Accept: '*/*' }), FILES['src/view.ts']);
  assert.equal(await get({ 'User-Agent': 'Mozilla/5.0', Accept: 'text/html,application/xhtml+xml,*/*;q=0.8' }), FILES['src/view.ts']);
  assert.match(await get({ 'User-Agent': 'Mozilla/5.0', Accept: '*/*' }), /\$define/);
});
