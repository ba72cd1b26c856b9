import assert from 'node:assert/strict';
import { once } from 'node:events';
import http, { type RequestListener } from 'node:http';
import net, { type AddressInfo } from 'node:net';
import { describe, test } from 'node:test';
import { HmrError } from '../../../src/server/errors.ts';
import { listen, prepareServer } from '../../../src/server/http/listen.ts';
import { exchange, parseAnswer } from './raw-http.ts';

interface Prepared extends AsyncDisposable {
  readonly server: http.Server;
  readonly close: () => Promise<void>;
}

function prepared(listener: RequestListener = (_req, res) => res.end('ok')): Prepared {
  const server = http.createServer(listener);
  const close = prepareServer(server);
  return { server, close, [Symbol.asyncDispose]: close };
}

/** Another program that holds a port; with 0, any. */
async function holder(host: string, port = 0): Promise<{ port: number } & AsyncDisposable> {
  const server = net.createServer().listen({ host, port, ipv6Only: true });
  await once(server, 'listening');
  return {
    port: (server.address() as AddressInfo).port,
    async [Symbol.asyncDispose]() {
      server.close();
      await once(server, 'close');
    },
  };
}

const isPortError = (message: RegExp, hint: RegExp) => (error: unknown) => {
  assert.ok(error instanceof HmrError, String(error));
  assert.equal(error.code, 'PORT');
  assert.match(error.message, message);
  assert.match(error.hint ?? '', hint);
  return true;
};

const hasIPv6 = await holder('::1').then(
  async (other) => other[Symbol.asyncDispose]().then(() => true),
  () => false,
);

describe('listening', () => {
  test('on any free port, on the loopback address', async () => {
    await using one = prepared();
    const { address, port } = await listen(one.server, { host: 'localhost', port: 0 });
    assert.equal(address, '127.0.0.1');
    assert.equal(await (await fetch(`http://127.0.0.1:${port}/`)).text(), 'ok');
  });

  test('on the next port if the one asked for is taken', async () => {
    await using taken = await holder('127.0.0.1');
    await using one = prepared();
    const { port } = await listen(one.server, { host: 'localhost', port: taken.port });
    assert.ok(port > taken.port && port <= taken.port + 50);
    assert.equal(await (await fetch(`http://127.0.0.1:${port}/`)).text(), 'ok');
  });

  test('not beside a program that has the other loopback address', { skip: !hasIPv6 && 'no IPv6 here' }, async () => {
    await using taken = await holder('::1');
    await using one = prepared();
    const { port } = await listen(one.server, { host: 'localhost', port: taken.port });
    assert.notEqual(port, taken.port);
    await using two = prepared();
    await assert.rejects(listen(two.server, { host: '0.0.0.0', port: taken.port, strictPort: true }), isPortError(/in use/, /--port/));
  });

  test('strict: one line with the way out', async () => {
    await using taken = await holder('127.0.0.1');
    await using one = prepared();
    const failure = listen(one.server, { host: 'localhost', port: taken.port, strictPort: true });
    await assert.rejects(failure, isPortError(new RegExp(`^Port ${taken.port} is already in use\\.$`), /leave out --strict-port/));
    assert.equal(one.server.listenerCount('error'), 0);
    assert.ok((await listen(one.server, { host: 'localhost', port: 0 })).port > 0); // may be tried again
  });

  test('an address that is not of this machine, or no address at all', async () => {
    for (const host of ['203.0.113.7', 'no-such-host.invalid']) {
      await using one = prepared();
      await assert.rejects(listen(one.server, { host, port: 0 }), isPortError(/has no address|Cannot listen/, /--host/));
    }
  });

  test('a port of the system', { skip: process.getuid?.() === 0 && 'root may' }, async () => {
    await using one = prepared();
    await assert.rejects(
      listen(one.server, { host: 'localhost', port: 1, strictPort: true }),
      isPortError(/may not be used/, /above 1023/),
    );
  });

  test('the highest port is the last that is tried', async () => {
    // Whoever else has it will do as well.
    await using _taken = await holder('127.0.0.1', 65535).catch((error: NodeJS.ErrnoException) => {
      if (error.code !== 'EADDRINUSE') throw error;
      return null;
    });
    await using one = prepared();
    await assert.rejects(listen(one.server, { host: 'localhost', port: 65535 }), isPortError(/65535 is already in use/, /--port/));
  });
});

describe('what is not HTTP', () => {
  const cases: [name: string, text: string, status: number][] = [
    ['nonsense', 'hello\r\n\r\n', 400],
    ['TLS', '\x16\x03\x01\x02\0\x01\0\x01\xfc\x03\x03', 400],
    ['no Host', 'GET / HTTP/1.1\r\n\r\n', 400],
    ['a space in the target', 'GET /a b HTTP/1.1\r\nHost: x\r\n\r\n', 400],
    ['a header without name', 'GET / HTTP/1.1\r\nHost: x\r\n: a\r\n\r\n', 400],
    ['two lengths', 'POST / HTTP/1.1\r\nHost: x\r\nContent-Length: 1\r\nContent-Length: 2\r\n\r\n', 400],
    ['length and chunks', 'POST / HTTP/1.1\r\nHost: x\r\nContent-Length: 1\r\nTransfer-Encoding: chunked\r\n\r\n', 400],
    ['a broken chunk', 'POST / HTTP/1.1\r\nHost: x\r\nTransfer-Encoding: chunked\r\n\r\nzz\r\n', 200],
    ['a header of 100 kB', `GET / HTTP/1.1\r\nHost: x\r\nA: ${'a'.repeat(100_000)}\r\n\r\n`, 431],
    ['a target of 100 kB', `GET /${'a'.repeat(100_000)} HTTP/1.1\r\nHost: x\r\n\r\n`, 431],
  ];
  for (const [name, text, status] of cases) {
    test(`${name}: ${status}, and the server goes on`, async () => {
      await using one = prepared();
      const { port } = await listen(one.server, { host: 'localhost', port: 0 });
      const answer = parseAnswer(await exchange(port, text));
      assert.equal(answer.status, status);
      if (status >= 400) assert.equal(answer.headers['connection'], 'close');
      assert.equal(await (await fetch(`http://127.0.0.1:${port}/`)).text(), 'ok');
    });
  }

  test('behind a good request: the answer of that one is whole', async () => {
    await using one = prepared();
    const { port } = await listen(one.server, { host: 'localhost', port: 0 });
    const bytes = await exchange(port, 'GET / HTTP/1.1\r\nHost: x\r\n\r\nnonsense\r\n\r\n');
    assert.match(bytes.toString(), /^HTTP\/1\.1 200 OK[^]*ok/);
  });

  test('in the middle of an answer: nothing is written into it', async () => {
    await using one = prepared((_req, res) => {
      res.writeHead(200, { 'Content-Type': 'text/event-stream' });
      res.write('data: 1\n\n');
    });
    const { port } = await listen(one.server, { host: 'localhost', port: 0 });
    const socket = net.connect(port, '127.0.0.1');
    let text = '';
    socket.on('data', (chunk: Buffer) => (text += chunk.toString()));
    socket.on('error', () => {});
    socket.write('GET / HTTP/1.1\r\nHost: x\r\n\r\n');
    await once(socket, 'data');
    const closed = new Promise((resolve) => socket.once('close', resolve));
    socket.write('\0nonsense\r\n\r\n');
    await closed;
    assert.doesNotMatch(text, /400/);
  });

  test('clients that hang up at every point', async () => {
    await using one = prepared((_req, res) => void setImmediate(() => res.end('x'.repeat(1000))));
    const { port } = await listen(one.server, { host: 'localhost', port: 0 });
    const request = 'GET / HTTP/1.1\r\nHost: x\r\nContent-Length: 5\r\n\r\nabc';
    for (let length = 0; length <= request.length; length += 3) {
      const socket = net.connect(port, '127.0.0.1');
      socket.on('error', () => {});
      await once(socket, 'connect');
      const closed = new Promise((resolve) => socket.once('close', resolve));
      socket.write(request.slice(0, length), () => socket.resetAndDestroy());
      await closed;
    }
    assert.equal((await fetch(`http://127.0.0.1:${port}/`)).status, 200);
  });
});

describe('closing', () => {
  test('ends open streams and idle connections, twice', async () => {
    const { server, close } = prepared((req, res) => {
      res.writeHead(200, { 'Content-Type': 'text/event-stream' });
      if (req.url === '/stream') res.write('data: 1\n\n');
      else res.end();
    });
    const { port } = await listen(server, { host: 'localhost', port: 0 });
    const sockets = ['GET /stream HTTP/1.1\r\nHost: x\r\n\r\n', 'GET / HTTP/1.1\r\nHost: x\r\n\r\n', 'GET / HT'].map((text) => {
      const socket = net.connect(port, '127.0.0.1');
      socket.on('error', () => {});
      socket.resume();
      socket.write(text);
      return socket;
    });
    await Promise.all([once(sockets[0] ?? server, 'data'), once(sockets[1] ?? server, 'data')]);
    const closed = Promise.all(sockets.map((socket) => new Promise((resolve) => socket.once('close', resolve))));
    await Promise.all([close(), close()]);
    await closed;
    assert.equal(server.listening, false);
    await close();
  });

  test('a server that never listened', async () => {
    const { close } = prepared();
    await close();
  });
});
