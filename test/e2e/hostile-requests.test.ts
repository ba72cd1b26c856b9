/**
 * Requests that nobody's page makes, against the whole surface of the real server: nothing outside the folder is given away, nothing is
 * done without the token, and the server answers the next request as if nothing had been.
 */
import assert from 'node:assert/strict';
import { once } from 'node:events';
import fs from 'node:fs/promises';
import { request, type IncomingMessage } from 'node:http';
import net from 'node:net';
import path from 'node:path';
import { test, type TestContext } from 'node:test';
import { withDeadline } from '../harness/diagnostics.ts';
import { fixture, type Fixture } from '../harness/fixture.ts';
import { startServer, type TestServer } from '../harness/server.ts';

const CANARY = 'canary-5e1f';
const ANSWER_LIMIT_MS = 2000;

interface Answer {
  readonly status: number;
  readonly headers: IncomingMessage['headers'];
  readonly text: string;
}

interface AskOptions {
  readonly method?: string;
  readonly headers?: Readonly<Record<string, string>>;
  readonly body?: string | Buffer;
}

interface Target {
  readonly files: Fixture;
  readonly server: TestServer;
  readonly token: string;
  ask(target: string, options?: AskOptions): Promise<Answer>;
  /** A POST with the token, as our own client sends it. */
  post(target: string, body: unknown): Promise<Answer>;
  /** Still alive, and quick. */
  assertWell(): Promise<void>;
}

async function startTarget(t: TestContext): Promise<Target> {
  const files = await fixture({
    'secret.txt': CANARY,
    'secret.ts': `export const secret = '${CANARY}';`,
    'secret.css': `.x::after { content: '${CANARY}' }`,
    'secret.json': `{ "secret": "${CANARY}" }`,
    'node_modules/reached/package.json': '{ "name": "reached", "type": "module", "main": "a.js" }',
    'node_modules/reached/a.js': `export const reached = 'reached';`,
    'node_modules/reached/b.js': `export const b = '${CANARY}';`,
    'src/index.html': '<!doctype html><script type="module" src="/main.ts"></script>',
    'src/main.ts': `import { reached } from 'reached'; console.log(reached);`,
    'src/style.css': 'p {}',
    'src/.env': CANARY,
    'src/.git/config': CANARY,
    'src/server.key': CANARY,
    'src/.hidden/a.ts': `export const a = '${CANARY}';`,
  });
  t.after(() => files[Symbol.asyncDispose]());
  for (const name of ['secret.ts', 'secret.css', 'secret.txt']) await fs.symlink(`../${name}`, files.resolve(`src/linked-${name}`));
  const server = await startServer(files.resolve('src'), { logLevel: 'debug' });
  t.after(() => server.close());

  const ask = (target: string, { method = 'GET', headers = {}, body }: AskOptions = {}): Promise<Answer> =>
    withDeadline(rawRequest(server.port, target, method, headers, body), `an answer to ${method} ${target}`, ANSWER_LIMIT_MS);
  const token = await tokenOf(server);
  return {
    files,
    server,
    token,
    ask,
    post: (target, body) =>
      ask(target, { method: 'POST', headers: { 'x-hmr-dev-token': token }, body: typeof body === 'string' ? body : JSON.stringify(body) }),
    async assertWell() {
      const answer = await ask('/main.ts', { headers: SCRIPT });
      assert.equal(answer.status, 200);
      assert.match(answer.text, /reached/);
      assert.doesNotMatch(server.log.lines.join('\n'), new RegExp(CANARY));
    },
  };
}

const SCRIPT = { 'Sec-Fetch-Dest': 'script', 'Sec-Fetch-Mode': 'cors', 'Sec-Fetch-Site': 'same-origin' };

async function rawRequest(
  port: number,
  target: string,
  method: string,
  headers: AskOptions['headers'],
  body: AskOptions['body'],
): Promise<Answer> {
  const req = request({ port, host: 'localhost', method, path: target, headers: { ...headers }, agent: false });
  const response = once(req, 'response') as Promise<[IncomingMessage]>;
  req.on('error', () => undefined); // The server may hang up on a body that is too large; what counts is its answer.
  req.end(body);
  const [res] = await response;
  const text = (await res.setEncoding('utf8').toArray()).join('');
  return { status: res.statusCode ?? 0, headers: res.headers, text };
}

async function tokenOf(server: TestServer): Promise<string> {
  const stream = await fetch(server.url('/changes'));
  let text = '';
  for await (const part of stream.body ?? []) {
    text += Buffer.from(part).toString();
    const token = /"token":"([^"]+)"/.exec(text)?.[1];
    if (token !== undefined) return token;
  }
  throw new Error('no token');
}

/** Every way to spell a name outside the served folder. */
function outsideTargets(files: Fixture): string[] {
  const names = ['secret.txt', 'secret.ts', 'secret.css', 'secret.json', 'node_modules/reached/b.js'];
  const up = Array.from({ length: files.resolve('src').split(path.sep).length - 1 }, () => '..').join('/');
  const spelled = names.flatMap((name) => [
    `/../${name}`,
    `/..%2f${name}`,
    `/%2e%2e/${name}`,
    `/..%5c${name}`,
    `/x/../../${name}`,
    `/.//../${name}`,
    `/@outside/1/${name}`,
    `/@outside/01/${name}`,
    `/@outside/1/./${name}`,
    `/@outside/1/x/../${name}`,
    `/%40outside/1/${name}`,
    `/@outside/2/${path.basename(files.path)}/${name}`,
    `/@outside//1/${name}`,
    `/@outside/-1/${name}`,
    `/@outside/1e0/${name}`,
    `/@fs${files.resolve(name)}`,
    `/${files.resolve(name)}`,
    `//${name}`,
    `/@outside/1/node_modules/reached/../../${name}`,
    `/@outside/1/node_modules/reached%2f..%2f..%2f${name}`,
    `/@outside/0/../${name}`,
  ]);
  const system = [
    '/etc/passwd',
    '/@outside/99/etc/passwd',
    `/${up}/etc/passwd`,
    '/@outside/3/etc/passwd',
    '/@outside/1',
    '/@outside/',
    '/@outside/x/y',
  ];
  const own = [
    '/.env',
    '/.git/config',
    '/server.key',
    '/.hidden/a.ts',
    '/%2eenv',
    '/linked-secret.ts',
    '/linked-secret.css',
    '/linked-secret.txt',
    '/linked-secret',
  ];
  return [...spelled, ...system, ...own];
}

const QUERIES = [
  '',
  '?raw',
  '?url',
  '?inline',
  '?sheet',
  '?json',
  '?hmr-define',
  '?hmr-define&without=x&try=1',
  '?inline-module=0',
  '?hmr-map=x',
  '?raw&hmr-define',
  '?hmr-update=x',
  '?v=1',
];

test('no spelling of a name, with no query and as no kind of request, gives what is not served', async (t) => {
  const { ask, files, assertWell } = await startTarget(t);
  await assertWell();
  const kinds: Record<string, string>[] = [
    {},
    SCRIPT,
    { 'Sec-Fetch-Dest': 'worker' },
    { 'Sec-Fetch-Dest': 'style' },
    { 'User-Agent': 'Mozilla/5.0' },
  ];
  let asked = 0;
  for (const target of outsideTargets(files)) {
    for (const query of QUERIES) {
      const answers = await Promise.all(kinds.map((headers) => ask(target + query, { headers })));
      for (const { status, text } of answers) {
        asked++;
        assert.ok(status >= 300 && status < 500, `${target}${query}: ${status}`);
        assert.doesNotMatch(text, new RegExp(`${CANARY}|root:`), `${target}${query}`);
      }
    }
  }
  assert.ok(asked > 5000);
  await assertWell();
});

test('of what lies outside, only what the graph has reached is answered, and by the module that was reached', async (t) => {
  const { ask, assertWell } = await startTarget(t);
  const reached = '/@outside/1/node_modules/reached/a.js';
  await assertWell();
  const answer = await ask(reached, { headers: SCRIPT });
  assert.equal(answer.status, 200);
  assert.match(answer.text, /reached/);
  for (const target of [
    '/@outside/1/node_modules/reached/b.js',
    '/@outside/1/node_modules/reached/package.json',
    `${reached}?inline-module=0`,
  ]) {
    assert.equal((await ask(target, { headers: SCRIPT })).status, 404, target);
  }
});

test('a sync with foreign ids learns and reads nothing', async (t) => {
  const { post, server, assertWell } = await startTarget(t);
  await assertWell();
  const ids = [
    '/@outside/3/etc/passwd?raw',
    '/@outside/1/secret.ts',
    '/@outside/1/secret.txt?raw',
    '/../secret.ts',
    '/%2e%2e/secret.ts',
    '/.env?raw',
    '/server.key?raw',
    '/linked-secret.ts',
    '/linked-secret.txt?raw',
    'https://example.test/a.js',
    'file:///etc/passwd',
    '',
    '/',
    '//',
    '?',
    '\0',
    '/main.ts?raw&x',
    '__proto__',
    'constructor',
    '/style.css?inline-module=0',
    '/index.html?inline-module=999999999999',
    '/index.html?inline-module=-1',
    '/nope.ts',
    '/main.ts/',
    '/%',
  ];
  const modules = Object.fromEntries(ids.map((id) => [id, 'x']));
  const answer = await post('/@hmr-dev/sync', {
    modules,
    assets: Object.fromEntries(ids.map((id) => [id, 'x'])),
    page: { file: '/../secret.txt', hash: 'x' },
  });
  assert.equal(answer.status, 200, answer.text);
  assert.doesNotMatch(answer.text, new RegExp(`${CANARY}|root:|secret`));
  const { changes, assets } = JSON.parse(answer.text) as { changes: { id?: string; url?: string }[]; assets: object };
  const told = [...changes.map(({ id, url }) => String(id ?? url)), ...Object.keys(assets)];
  const isServed = (url: string): boolean => /^\/(?:main\.ts|style\.css|index\.html)/.test(url);
  assert.deepEqual(
    told.filter((url) => !isServed(url)),
    [],
  );
  await assertWell();
  // An error that stood would keep every page from being updated.
  assert.deepEqual(
    server.log.lines.filter((line) => /inline module/.test(line)),
    [],
    'an error of what is not there stands',
  );
});

test('bodies of every wrong shape are refused, and prototypes stay as they are', async (t) => {
  const { post, ask, token, assertWell } = await startTarget(t);
  const wrong = [
    '',
    '{',
    'null',
    '[]',
    '1',
    '"x"',
    '{}',
    '{"modules":[],"assets":[],"page":1}',
    '{"modules":{"a":1},"assets":{},"page":null}',
    '{"modules":null,"assets":null,"page":null}',
    '\u0000',
    `${'['.repeat(100_000)}`,
    `{"a":${'['.repeat(50_000)}${']'.repeat(50_000)}}`,
    '{"file":1,"line":"x"}',
    '{"file":"/etc/passwd","line":1,"column":1}',
    '{"file":"../secret.txt","line":1,"column":1}',
    '{"file":".env","line":-1,"column":1e400}',
  ];
  for (const target of ['sync', 'open', 'report', 'send', 'outcome']) {
    for (const body of wrong) {
      const { status } = await post(`/@hmr-dev/${target}`, body);
      assert.ok(status >= 400 && status < 500, `${target} ${body.slice(0, 60)}: ${status}`);
    }
  }
  const polluting =
    '{"__proto__":{"polluted":1},"constructor":{"prototype":{"polluted":1}},"modules":{"__proto__":"x","constructor":"x"},"assets":{"__proto__":null},"page":null,"event":"__proto__","data":{"__proto__":{"polluted":1}},"kind":"error","message":"x","stack":"__proto__","id":"__proto__","text":"x"}';
  for (const target of ['sync', 'send', 'report', 'outcome'])
    assert.ok((await post(`/@hmr-dev/${target}`, polluting)).status < 500, target);
  assert.equal(Reflect.get({}, 'polluted'), undefined);
  const large = await ask('/@hmr-dev/report', {
    method: 'POST',
    headers: { 'x-hmr-dev-token': token },
    body: Buffer.alloc(20 * 1024 * 1024, ' '),
  });
  assert.equal(large.status, 413);
  await assertWell();
});

test('a stack made to be slow, or to name other files, is mapped to nothing', async (t) => {
  const { post, assertWell } = await startTarget(t);
  const stacks = [
    `    at x (${'a'.repeat(200_000)}`,
    Array.from({ length: 50_000 }, (_, index) => `    at f${index} (http://localhost/main.ts:${index}:1)`).join('\n'),
    '    at x (http://localhost/../secret.ts:1:1)\n    at y (http://localhost/%2e%2e/secret.ts:1:1)\n    at z (/@outside/1/secret.ts:1:1)\n    at z (http://localhost/%:1:1)',
    '    at x (http://localhost/.env:1:1)\n    at (http://localhost/main.ts:99999999999999999999:-1)\n@http://[:1:1',
    `${'async '.repeat(50_000)} at (`,
  ];
  for (const stack of stacks) {
    const answer = await post('/@hmr-dev/report', { kind: 'error', message: 'm', stack, page: 'http://localhost/' });
    assert.equal(answer.status, 200);
    assert.doesNotMatch(answer.text, new RegExp(CANARY));
  }
  await assertWell();
});

test('foreign hosts, origins and sites are refused everywhere; without the token nothing is done', async (t) => {
  const { ask, token, server, assertWell } = await startTarget(t);
  for (const host of ['evil.test', 'localhost.evil.test', 'evil.test:80', 'localhost@evil.test', 'a b', '[::1', 'localhost:99999']) {
    for (const target of ['/', '/main.ts', '/changes', '/@hmr-dev/client.js', '/@hmr-dev/sync']) {
      const { status, text } = await ask(target, { headers: { Host: host } });
      assert.ok(status === 403 || status === 400, `${host} ${target}: ${status}`);
      assert.doesNotMatch(text, /token|reached/);
    }
  }
  const foreign: Record<string, string>[] = [
    { Origin: 'null' },
    { Origin: 'http://evil.test' },
    { Origin: `http://localhost:${server.port + 1}` },
    { Origin: 'http://192.0.2.77' },
    { 'Sec-Fetch-Site': 'cross-site' },
    { 'Sec-Fetch-Site': 'same-site' },
    { Origin: 'garbage' },
    { Origin: '' },
  ];
  for (const headers of foreign) {
    for (const target of ['/changes', '/changes?since=x-1', '/@hmr-dev/client.js', '/@hmr-dev/updates/x-1.js', '/@hmr-dev/sync']) {
      const method = target.endsWith('sync') ? 'POST' : 'GET';
      const { status } = await ask(target, { method, headers: { ...headers, 'x-hmr-dev-token': token } });
      assert.equal(status, 403, `${JSON.stringify(headers)} ${target}`);
    }
    const file = await ask('/main.ts', { headers: { ...SCRIPT, ...headers } });
    assert.equal(file.headers['access-control-allow-origin'], undefined);
    assert.equal(file.headers['cross-origin-resource-policy'], 'same-origin');
  }
  const tokens: Record<string, string>[] = [
    {},
    { 'x-hmr-dev-token': '' },
    { 'x-hmr-dev-token': `${token}x` },
    { 'x-hmr-dev-token': token.toUpperCase() },
  ];
  for (const headers of tokens) {
    for (const target of ['sync', 'open', 'report', 'send', 'outcome'])
      assert.equal((await ask(`/@hmr-dev/${target}`, { method: 'POST', headers, body: '{}' })).status, 403);
  }
  for (const method of ['PUT', 'DELETE', 'PATCH', 'OPTIONS', 'TRACE']) {
    for (const target of ['/', '/main.ts', '/changes', '/@hmr-dev/sync', '/@hmr-dev/client.js'])
      assert.ok((await ask(target, { method })).status >= 400, `${method} ${target}`);
  }
  await assertWell();
});

test('bytes that are no request, ids that are none, and clients that leave halfway do no harm', async (t) => {
  const { server, ask, assertWell } = await startTarget(t);
  const send = async (bytes: string): Promise<void> => {
    const socket = net.connect(server.port, 'localhost');
    socket.on('error', () => undefined); // A reset is as good an answer as any.
    await once(socket, 'connect');
    socket.write(bytes, 'latin1');
    socket.end();
    socket.resume();
    await withDeadline(once(socket, 'close'), `the end of ${bytes.slice(0, 40)}`);
  };
  const lines = [
    'GET http://evil.test/ HTTP/1.1',
    'GET * HTTP/1.1',
    'GET ../secret.txt HTTP/1.1',
    'GET /\xff\xfe HTTP/1.1',
    'GET /a\\b HTTP/1.1',
    'GET /%00 HTTP/1.1',
    'GET /%ff%fe HTTP/1.1',
    'GET /%%% HTTP/1.1',
    `GET /${'a'.repeat(15_000)} HTTP/1.1`,
    `GET /${'a/'.repeat(5000)} HTTP/1.1`,
    'CONNECT localhost:1 HTTP/1.1',
    'POST /@hmr-dev/sync HTTP/1.1\r\nContent-Length: 100',
    'GET /main.ts HTTP/1.1\r\nRange: bytes=9-1,,x',
    'GET /main.ts HTTP/1.1\r\nIf-None-Match: ",,"',
  ];
  for (const line of lines) await send(`${line}\r\nHost: localhost:${server.port}\r\nConnection: close\r\n\r\n`);
  await send('\x16\x03\x01\x02\x00\x01');
  for (const id of ['', 'x', '../../secret', '__proto__', '%00', '-1', `x-${'9'.repeat(400)}`]) {
    assert.equal((await ask(`/@hmr-dev/updates/${id}.js`)).status, 404, id);
    const stream = await fetch(server.url(`/changes?since=${id}`), { headers: { 'Last-Event-ID': id.replace(/[^ -~]/g, '') } });
    await stream.body?.cancel();
    assert.equal(stream.status, 200);
  }
  for (const target of ['/@hmr-dev/', '/@hmr-dev/x', '/@hmr-dev/../main.ts', '/@hmr-dev/style.js', '/@hmr-dev/empty.js'])
    assert.ok((await ask(target)).status >= 400, target);
  await assertWell();
});
