/**
 * The server as a library: middleware of another program, beside its routes and its own pages; its events; two at once; and its end.
 */
import assert from 'node:assert/strict';
import { once } from 'node:events';
import { createServer, type IncomingMessage, type Server, type ServerResponse } from 'node:http';
import { test, type TestContext } from 'node:test';
import { createDevServer, type DevServer } from '../../src/server/index.ts';
import type { ServerEvents } from '../../src/server/dev-server.ts';
import { openPage } from '../harness/browser.ts';
import { ensureBuilt } from '../harness/built.ts';
import { createLineLog, withDeadline } from '../harness/diagnostics.ts';
import { fixture, type Fixture, type FixtureFiles } from '../harness/fixture.ts';
import { SCRIPT, capturingLogger, startServer } from '../harness/server.ts';
import { ONCE_ONLY } from '../server/http/site.ts';
import { HEAD, pageOf, resultOf } from './link-support.ts';

type Next = (error?: unknown) => void;
type Middleware = (req: IncomingMessage, res: ServerResponse, next: Next) => void;

/** What connect and express do, in ten lines. */
function chain(...all: readonly Middleware[]): (req: IncomingMessage, res: ServerResponse) => void {
  return (req, res) => {
    const run = (index: number, error?: unknown): void => {
      if (error !== undefined) return void res.writeHead(500).end(`failed: ${String(error)}`);
      const middleware = all[index];
      if (!middleware) return void res.writeHead(404).end('not found by anybody');
      middleware(req, res, (next) => run(index + 1, next));
    };
    run(0);
  };
}

async function listen(
  t: TestContext,
  handler: (req: IncomingMessage, res: ServerResponse) => void,
): Promise<{ http: Server; origin: string }> {
  const http = createServer(handler);
  http.listen(0, 'localhost');
  await once(http, 'listening');
  t.after(() => {
    http.closeAllConnections();
    http.close();
  });
  const address = http.address();
  return { http, origin: `http://localhost:${typeof address === 'object' ? address?.port : ''}` };
}

async function createProject(t: TestContext, files: FixtureFiles): Promise<{ files: Fixture; server: DevServer }> {
  await ensureBuilt();
  const folder = await fixture(files);
  const server = createDevServer({ root: folder.path, logger: capturingLogger(createLineLog('the log')) });
  t.after(async () => {
    await server.close();
    await folder[Symbol.asyncDispose]();
  });
  return { files: folder, server };
}

test('as middleware it answers what it has and hands on what it has not', async (t) => {
  const { files, server } = await createProject(t, {
    'index.html': pageOf('/main.ts'),
    'main.ts': `import { view } from './view'; const api = await fetch('/api').then((answer) => answer.json()); globalThis.result = [view, api]; import.meta.hot?.accept('./view', (m) => console.log('view', m.view));`,
    'view.ts': `export const view: string = 'v1';`,
    '404.html': 'the folder has a page for what is missing, but it is not alone here',
  });
  const before: Middleware = (req, res, next) => (req.url === '/api' ? res.end('{"api":true}') : next());
  const after: Middleware = (req, res, next) => (req.url === '/late' ? res.end('late') : next());
  const { origin } = await listen(t, chain(before, server.handler, after));
  await using tab = await openPage(origin);
  assert.deepEqual(await resultOf(tab), ['v1', { api: true }]);
  await files.edit('view.ts', 'v1', 'v2');
  await tab.waitForConsole(/^view v2$/);
  const get = async (urlPath: string, init?: RequestInit): Promise<string> => {
    const answer = await fetch(origin + urlPath, init);
    return `${answer.status} ${await answer.text()}`;
  };
  assert.equal(await get('/late'), '200 late');
  assert.equal(await get('/nothing'), '404 not found by anybody');
  assert.equal(await get('/nothing.js', { headers: SCRIPT }), '404 not found by anybody');
  assert.equal(await get('/main.ts', { method: 'POST', body: 'x' }), '404 not found by anybody');
  assert.equal(await get('/folder/'), '404 not found by anybody');
  assert.match(await get('/@hmr-dev/nothing'), /^404 No such address/);
});

test('a page that another program serves, without our client, imports linked modules natively', async (t) => {
  const { files, server } = await createProject(t, {
    'lib.ts': `import { part } from './part'; export let count = 0; export const bump = (): number => ++count; export default part; import.meta.hot?.accept('./part', (m) => console.log('part', m.part));`,
    'part.ts': `export const part: string = 'p1';`,
    'other.ts': `export { count as again } from './lib';`,
  });
  const own: Middleware = (req, res, next) => {
    if (req.url !== '/own') return next();
    res.setHeader('Content-Type', 'text/html');
    res.end(
      `${HEAD}<script type="module">import part, { count, bump } from '/lib.ts'; import { again } from '/other.ts'; const before = count; bump(); globalThis.result = [part, before, count, again];</script>`,
    );
  };
  const { origin } = await listen(t, chain(own, server.handler));
  await using tab = await openPage(`${origin}/own`);
  assert.deepEqual(await resultOf(tab), ['p1', 0, 1, 1]);
  await files.edit('part.ts', 'p1', 'p2');
  await tab.waitForConsole(/^part p2$/);
  assert.deepEqual(tab.errors, []);
});

test("an error of the program behind it stays that program's, and one of ours goes to next", async (t) => {
  const { server } = await createProject(t, { 'index.html': 'x' });
  const failing: Middleware = (_req, _res, next) => next(new Error('of the program'));
  const { origin } = await listen(t, chain(server.handler, failing));
  assert.equal(await fetch(`${origin}/nothing`).then((answer) => answer.text()), 'failed: Error: of the program');
  assert.equal(await fetch(origin).then((answer) => answer.status), 200);
});

test('events: update, error, fixed, outcome, page-error and message, until the listener is taken off', async () => {
  await using files = await fixture({
    'index.html': pageOf('/main.js'),
    'main.js': `import './view.js'; import.meta.hot.accept('./view.js'); import.meta.hot.on('from:server', (data) => { import.meta.hot.send('from:page', { got: data }); queueMicrotask(() => { throw new Error('of the page'); }); }); console.log('ran');`,
    'view.js': `export const view = 1;`,
  });
  await using started = await startServer(files.path);
  const { server } = started;
  const next = <K extends keyof ServerEvents>(event: K): Promise<ServerEvents[K]> =>
    withDeadline(
      new Promise((resolve) => {
        const off = server.on(event, (payload) => {
          off();
          resolve(payload);
        });
      }),
      `the event ${event}`,
    );
  await using tab = await openPage(started.url());
  await tab.waitForConsole(/^ran$/);
  await tab.waitForConsole(/connected/);

  const [update, outcome] = [next('update'), next('outcome')];
  await files.write('view.js', 'export const view = 2;');
  const { files: changed, modules } = await update;
  assert.deepEqual([changed, modules], [['view.js'], ['/view.js']]);
  const { kind, text } = await outcome;
  assert.equal(kind, 'updated');
  assert.match(text, /hot updated \/main\.js via \/view\.js/);

  const error = next('error');
  await files.write('view.js', 'export const view = ;');
  const [report] = await error;
  assert.deepEqual(report?.place, { file: 'view.js', line: 1, column: 21 });
  const fixed = next('fixed');
  await files.write('view.js', 'export const view = 3;');
  await fixed;

  const [message, pageError] = [next('message'), next('page-error')];
  server.send('from:server', { n: 1 });
  assert.deepEqual(await message, { event: 'from:page', data: { got: { n: 1 } } });
  assert.match((await pageError).message, /of the page/);

  const reloaded = tab.page.waitForEvent('load');
  server.reload('because the test says so');
  await reloaded;
  await tab.waitForConsole(/page reload.*because the test says so/);
});

test('two servers in one process, one of which ends while the other compiles', async () => {
  const files = { 'index.html': pageOf('/main.ts'), 'main.ts': `globalThis.result = location.port as string;` };
  await using one = await fixture(files);
  await using two = await fixture(files);
  await using first = await startServer(one.path);
  await using second = await startServer(two.path);
  await using tab = await openPage(second.url());
  assert.equal(await resultOf(tab), String(second.port));
  const ask = (): Promise<Response> => fetch(second.url('/main.ts'), { headers: SCRIPT });
  await two.write('main.ts', `globalThis.result = 'again' as string;`);
  const [answer] = await Promise.all([ask(), first.close(), first.close()]);
  assert.equal(answer.status, 200);
  await first.server.close();
  await assert.rejects(fetch(first.url()));
  await tab.page.waitForFunction(() => Reflect.get(globalThis, 'result') === 'again');
});

test('closing ends streams and requests, also when it never listened, and before the watcher was ready', async () => {
  await using files = await fixture({ 'index.html': 'x' });
  await createDevServer({ root: files.path, port: 0 }).close();
  const logger = capturingLogger(createLineLog('the log'));
  const server = createDevServer({ root: files.path, port: 0, logger });
  const listening = server.listen();
  await Promise.all([server.close(), listening.catch(() => undefined)]);
  await assert.rejects(fetch(`http://localhost:${(await listening).port}`));
  const late = createDevServer({ root: files.path, port: 0, logger });
  await late.close();
  await assert.rejects(late.listen(), /closed/);
  await using other = await startServer(files.path);
  const stream = await fetch(other.url('/changes'));
  await withDeadline(other.close(), 'the end of the server');
  const chunks: Uint8Array[] = [];
  for await (const chunk of stream.body ?? []) chunks.push(chunk);
  assert.match(Buffer.concat(chunks).toString(), /event: hello/);
});

test('ETags: a graph and a page are asked for again with 304 until they change', async () => {
  await using files = await fixture({
    'index.html': pageOf('/main.ts'),
    'main.ts': `import './a.ts';`,
    'a.ts': `export const a: number = 1;`,
  });
  await using server = await startServer(files.path);
  const get = async (
    urlPath: string,
    headers: Record<string, string>,
  ): Promise<{ status: number; etag: string; caching: string | null }> => {
    const answer = await fetch(server.url(urlPath), { headers });
    await answer.text();
    return { status: answer.status, etag: answer.headers.get('etag') ?? '', caching: answer.headers.get('cache-control') };
  };
  for (const [urlPath, headers] of [
    ['/', {}],
    ['/main.ts', SCRIPT],
    ['/main.ts', {}],
  ] as const) {
    let first = await get(urlPath, headers);
    while (ONCE_ONLY.test(first.etag)) first = await get(urlPath, headers);
    assert.equal(first.status, 200);
    assert.notEqual(first.etag, '');
    assert.match(String(first.caching), /no-cache/);
    assert.equal((await get(urlPath, { ...headers, 'If-None-Match': first.etag })).status, 304, urlPath);
  }
  const { etag } = await get('/main.ts', SCRIPT);
  assert.equal((await get('/main.ts', { 'If-None-Match': etag })).status, 200, 'the source is not the graph');
  const updated = withDeadline(new Promise((resolve) => server.server.on('update', resolve)), 'the update');
  await files.write('a.ts', 'export const a: number = 2;');
  await updated;
  assert.equal((await get('/main.ts', { ...SCRIPT, 'If-None-Match': etag })).status, 200);
  const head = await fetch(server.url('/main.ts'), { method: 'HEAD', headers: SCRIPT });
  assert.equal(head.status, 200);
  assert.ok(Number(head.headers.get('content-length')) > 100);
});
