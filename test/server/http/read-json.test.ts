import assert from 'node:assert/strict';
import { once } from 'node:events';
import net from 'node:net';
import { test } from 'node:test';
import { readJson, type JsonBody } from '../../../src/server/http/read-json.ts';
import { serve, type TestServer } from './raw-http.ts';

/** A server whose next body is read; `before` is a middleware in front of it. */
async function reader(
  before: (req: AsyncIterable<Buffer>) => Promise<object> = async () => ({}),
): Promise<{ server: TestServer; body: Promise<JsonBody> }> {
  const { promise: body, resolve } = withResolvers<JsonBody>();
  const server = await serve((req, res) => {
    void before(req)
      .then((extra) => readJson(Object.assign(req, extra)))
      .then(resolve)
      .then(() => res.end());
  });
  return { server, body };
}

function withResolvers<T>(): { promise: Promise<T>; resolve: (value: T) => void } {
  let resolve: (value: T) => void = () => {};
  const promise = new Promise<T>((given) => (resolve = given));
  return { promise, resolve };
}

const post = (server: TestServer, body: string): Promise<Response> => fetch(server.url, { method: 'POST', body });

test('JSON, and what is none', async () => {
  for (const [text, expected] of [
    ['{ "a": [1] }', { kind: 'json', value: { a: [1] } }],
    ['{', { kind: 'refused', status: 400, message: 'The body is not JSON.' }],
    ['', { kind: 'refused', status: 400, message: 'The body is not JSON.' }],
  ] as const) {
    const { server, body } = await reader();
    await using _server = server;
    await post(server, text);
    assert.deepEqual(await body, expected);
  }
});

test('a body that another middleware has read and parsed', async () => {
  const { server, body } = await reader(async (req) => {
    const parts: Buffer[] = [];
    for await (const part of req) parts.push(part);
    return { body: JSON.parse(Buffer.concat(parts).toString()) as unknown };
  });
  await using _server = server;
  await post(server, '{ "a": 1 }');
  assert.deepEqual(await body, { kind: 'json', value: { a: 1 } });
});

test('an empty `body` of a parser that did not feel concerned does not stand for the real one', async () => {
  const { server, body } = await reader(async () => ({ body: {} }));
  await using _server = server;
  await post(server, '{ "a": 1 }');
  assert.deepEqual(await body, { kind: 'json', value: { a: 1 } });
});

test('a client that leaves in the middle is refused, which is no error of ours', async () => {
  const { server, body } = await reader();
  await using _server = server;
  const asked = once(server.server, 'request');
  const socket = net.connect(server.port, '127.0.0.1');
  socket.on('error', () => {});
  socket.write('POST / HTTP/1.1\r\nHost: x\r\nContent-Length: 100\r\n\r\n{ "a"');
  await asked;
  socket.resetAndDestroy();
  assert.equal((await body).kind, 'refused');
});
