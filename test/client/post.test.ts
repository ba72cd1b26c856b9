import assert from 'node:assert/strict';
import { once } from 'node:events';
import { createServer } from 'node:http';
import type { IncomingMessage, ServerResponse } from 'node:http';
import type { AddressInfo } from 'node:net';
import { test } from 'node:test';
import type { TestContext } from 'node:test';
import { createPost } from '../../src/client/post.ts';
import type { Post } from '../../src/client/post.ts';
import { TOKEN_HEADER } from '../../src/protocol.ts';

/** A real server behind a `fetch` that knows its address, as a page's does. */
async function postTo(t: TestContext, answer: (request: IncomingMessage, response: ServerResponse, body: string) => void): Promise<Post> {
  const server = createServer((request, response) => {
    const chunks: Buffer[] = [];
    request.on('data', (chunk: Buffer) => chunks.push(chunk));
    request.on('end', () => answer(request, response, Buffer.concat(chunks).toString()));
  });
  server.listen(0, '127.0.0.1');
  await once(server, 'listening');
  t.after(() => server.close().closeAllConnections());
  const { port } = server.address() as AddressInfo;
  return createPost({ fetch: (path, init) => fetch(new URL(String(path), `http://127.0.0.1:${port}`), init) });
}

test('sends JSON with the token and gives the parsed answer', async (t) => {
  const requests: unknown[] = [];
  const post = await postTo(t, (request, response, body) => {
    requests.push([request.method, request.url, request.headers['content-type'], request.headers[TOKEN_HEADER], body]);
    response.end('{"opened":true}');
  });
  post.setToken('t0');
  assert.deepEqual(await post.send('/@hmr-dev/open', { file: 'a.ts', line: 1 }), { opened: true });
  assert.deepEqual(requests, [['POST', '/@hmr-dev/open', 'application/json', 't0', '{"file":"a.ts","line":1}']]);
});

test('what is sent before the token is known waits for it', async (t) => {
  const tokens: unknown[] = [];
  const post = await postTo(t, (request, response) => {
    tokens.push(request.headers[TOKEN_HEADER]);
    response.end();
  });
  const early = [post.send('/a', {}), post.send('/b', {})];
  post.setToken('first');
  assert.deepEqual(await Promise.all(early), [undefined, undefined]);
  post.setToken('second');
  await post.send('/c', {});
  assert.deepEqual(tokens, ['first', 'first', 'second']);
});

test('a refusal is an error that names path, status and the server’s words', async (t) => {
  const post = await postTo(t, (request, response) => {
    response.statusCode = request.url === '/bare' ? 500 : 403;
    response.end(request.url === '/bare' ? '' : 'wrong token');
  });
  post.setToken('t');
  await assert.rejects(post.send('/@hmr-dev/open', {}), { message: '/@hmr-dev/open answered 403: wrong token' });
  await assert.rejects(post.send('/bare', {}), { message: '/bare answered 500' });
});

test('an unreachable server rejects', async () => {
  const post = createPost({ fetch: () => Promise.reject(new TypeError('fetch failed')) });
  post.setToken('t');
  await assert.rejects(post.send('/a', {}), TypeError);
});
