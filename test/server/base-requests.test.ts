/** Requests to a server with a base, byte for byte: what is under it, what is sent on to it, and every other spelling of it. */
import assert from 'node:assert/strict';
import type { IncomingMessage, ServerResponse } from 'node:http';
import { describe, test } from 'node:test';
import { createDevServer, type DevServer } from '../../src/server/dev-server.ts';
import { ensureBuilt } from '../harness/built.ts';
import { createLineLog } from '../harness/diagnostics.ts';
import { fixture } from '../harness/fixture.ts';
import { capturingLogger } from '../harness/server.ts';
import { serve, type RawAnswer, type TestServer } from './http/raw-http.ts';

type Next = (error?: unknown) => void;
type MountedRequest = IncomingMessage & { originalUrl?: string; baseUrl?: string };

interface Site extends AsyncDisposable {
  readonly server: DevServer;
  get(target: string, headers?: Readonly<Record<string, string>>, method?: string): Promise<RawAnswer>;
}

const FILES = {
  'index.html': '<!doctype html>home',
  'about.html': '<!doctype html>about',
  'a b.js': 'a',
  'app/inner.txt': 'inner',
  'docs/index.html': '<!doctype html>docs',
  'plain/x.txt': 'x',
  '.env': 'SECRET',
};

/** @param mount calls the handler as some program does; default: as a server of its own */
async function open(mount?: (server: DevServer) => (req: IncomingMessage, res: ServerResponse) => void): Promise<Site> {
  await ensureBuilt();
  const folder = await fixture(FILES);
  const server = createDevServer({ root: folder.path, base: '/app/', cache: false, logger: capturingLogger(createLineLog('the log')) });
  const http: TestServer = await serve(mount?.(server) ?? ((req, res) => server.handler(req, res)));
  return {
    server,
    get: http.get,
    async [Symbol.asyncDispose]() {
      await http[Symbol.asyncDispose]();
      await server.close();
      await folder[Symbol.asyncDispose]();
    },
  };
}

const CLIENT = /<script .*?<\/script>/;

/** Status and text, or the address that a redirect leads to. */
const brief = ({ status, headers, text }: RawAnswer): string => `${status} ${headers['location'] ?? text.trim().replace(CLIENT, '')}`;

/** What connect and express do with `app.use(path, handler)`; express says `baseUrl` besides. */
function mountAt(
  path: string,
  handler: DevServer['handler'],
  isExpress: boolean,
): (req: MountedRequest, res: ServerResponse, next: Next) => void {
  return (req, res, next) => {
    const { url = '' } = req;
    if (!new RegExp(`^${path}(?:[/?]|$)`, 'i').test(url)) return next();
    req.originalUrl ??= url;
    req.url = url.slice(path.length).replace(/^(?!\/)/, '/');
    if (isExpress) req.baseUrl = url.slice(0, path.length);
    handler(req, res, (error) => {
      req.url = url;
      next(error);
    });
  };
}

describe('a server of its own', () => {
  test('answers what is under the base', async () => {
    await using site = await open();
    assert.equal(brief(await site.get('/app/')), '200 <!doctype html>home');
    assert.equal(brief(await site.get('/app/about')), '200 <!doctype html>about');
    assert.equal(brief(await site.get('/app/app/inner.txt')), '200 inner');
    assert.equal(brief(await site.get('/app/docs?x')), '302 /app/docs/?x');
    assert.equal(brief(await site.get('/app/about/')), '302 /app/about');
    assert.match((await site.get('/app/plain/')).text, /href="\.\.\/".*href="\.\/x\.txt"/s);
    assert.match((await site.get('/app/nothing', { Accept: 'text/html' })).text, /<a href="\/app\/">To the start/);
    assert.match((await site.get('/app/@hmr-dev/client.js')).text, /"hmr-dev-base:\/app\/"/);
    assert.match((await site.get('/app/@hmr-dev/stream-worker.js')).text, /"hmr-dev-base:\/app\/"/);
    assert.match((await site.get('/app/', { Accept: 'text/html' })).text, /<script src="\/app\/@hmr-dev\/client\.js"/);
  });

  test('sends on what was written for the root', async () => {
    await using site = await open();
    for (const [from, to] of [
      ['/', '/app/'],
      ['/?a=/b', '/app/?a=/b'],
      ['/app', '/app/'],
      ['/app?x=1', '/app/?x=1'],
      ['/about', '/app/about'],
      ['/a%20b.js?v=1', '/app/a%20b.js?v=1'],
      ['/docs', '/app/docs'],
      ['/docs/', '/app/docs/'],
    ] as const)
      assert.equal(brief(await site.get(from)), `302 ${to}`, from);
    assert.equal((await site.get('/about')).headers['cache-control'], 'no-cache');
  });

  test('says where it is to whoever asks for anything else', async () => {
    await using site = await open();
    for (const target of ['/changes', '/@hmr-dev/client.js', '/nothing.js', '/APP/', '/App/about', '/apple'])
      assert.equal(brief(await site.get(target)), `404 Everything is served under /app/: this would be /app${target}`, target);
    assert.equal(brief(await site.get('/%61pp/about')), '404 Everything is served under /app/: this would be /app/app/about');
    assert.equal(brief(await site.get('/about', {}, 'POST')), '404 Everything is served under /app/: this would be /app/about');
    assert.equal(brief(await site.get('/.env')), '404 Everything is served under /app/');
  });

  test('takes no other spelling of the base, and checks what follows it as ever', async () => {
    await using site = await open();
    const spellings = `/app%2f /app%2fabout /app%5cabout //app/ //app/about /app//about /app//host.example /// //host.example/
      /app/../about /app/../.env /app/./about /app/%2e%2e/about /app/%2e%2e /app/.. /./app/ /../app/ /%2e/app/
      /app\\about /app/a\\b /app/..%2f.env /app/% /app/%00 /%2fapp/ http://127.0.0.1/app/ * /app#x`;
    for (const target of spellings.split(/\s+/)) {
      const answer = await site.get(target);
      assert.equal(answer.status, 400, `${target}: ${brief(answer)}`);
    }
    assert.equal((await site.get('/app/.env')).status, 404);
    assert.equal((await site.get('/app/', { Host: 'evil.example' })).status, 403);
    assert.equal((await site.get('/', { Host: 'evil.example' })).status, 403);
    assert.equal((await site.get('/app/changes', { Origin: 'http://evil.example' })).status, 403);
  });
});

for (const [name, use] of [
  ['the whole program', (server: DevServer) => server.handler],
  ['connect, at the base', (server: DevServer) => mountAt('/app', server.handler, false)],
  ['express, at the base', (server: DevServer) => mountAt('/app', server.handler, true)],
] as const) {
  test(`as middleware of ${name}: takes the base off once, and leaves the rest to others`, async () => {
    await using site = await open((server) => {
      const handler = use(server);
      return (req, res) => handler(req, res, () => res.end(`next: ${req.url}`));
    });
    assert.equal(brief(await site.get('/app/about')), '200 <!doctype html>about');
    assert.equal(brief(await site.get('/app/app/inner.txt')), '200 inner');
    assert.equal(brief(await site.get('/app/inner.txt')), '200 next: /app/inner.txt');
    assert.equal(brief(await site.get('/app')), '302 /app/');
    assert.equal(brief(await site.get('/app?x')), '302 /app/?x');
    assert.equal(brief(await site.get('/app/docs?x')), '302 /app/docs/?x');
    for (const target of ['/', '/about', '/changes', '/apple', '/app/nothing?x', '/APP/about'])
      assert.equal(brief(await site.get(target)), `200 next: ${target}`);
  });
}

test('as middleware, an address that somebody before has rewritten counts', async () => {
  const rewrite =
    (handler: (req: MountedRequest, res: ServerResponse, next: Next) => void) =>
    (req: MountedRequest, res: ServerResponse): void => {
      handler(req, res, () => res.end('next'));
    };
  await using mounted = await open((server) =>
    rewrite(mountAt('/app', (req, res, next) => ((req.url = '/index.html'), server.handler(req, res, next)), true)),
  );
  assert.equal(brief(await mounted.get('/app/some/route')), '200 <!doctype html>home');
  await using whole = await open((server) =>
    rewrite((req, res, next) => {
      req.originalUrl = req.url ?? '';
      req.url = '/app/index.html';
      server.handler(req, res, next);
    }),
  );
  assert.equal(brief(await whole.get('/app/some/route')), '200 <!doctype html>home');
});

test('as middleware, a failure goes to the next with the address as it came', async (t) => {
  await using site = await open((server) => (req, res) => server.handler(req, res, (error) => res.end(`${String(error)} ${req.url}`)));
  t.mock.method(URLSearchParams.prototype, 'has', () => {
    throw new Error('broken');
  });
  assert.equal(brief(await site.get('/app/a.js')), '200 Error: broken /app/a.js');
});
