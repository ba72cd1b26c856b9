/**
 * The hand-over for https with a renewed certificate, HTTP/2 in both forms, raw TCP and TLS, Unix sockets, and a worker of a cluster.
 */
import assert from 'node:assert/strict';
import { X509Certificate } from 'node:crypto';
import { once } from 'node:events';
import fs from 'node:fs';
import type { IncomingMessage } from 'node:http';
import http2 from 'node:http2';
import https from 'node:https';
import net from 'node:net';
import os from 'node:os';
import path from 'node:path';
import { describe, test } from 'node:test';
import tls from 'node:tls';
import { makeCertificate } from '../../../src/server/http/certificate.ts';
import { bodyOf, createKeptConnection, get, startLoad } from './http-clients.ts';
import { startRun } from './run-process.ts';

const DAY_MS = 24 * 60 * 60_000;

function certificate(): string {
  return makeCertificate({ hosts: ['localhost'], from: new Date(Date.now() - DAY_MS), until: new Date(Date.now() + DAY_MS) });
}

/** Text of one HTTP/2 request in a session that is kept. */
async function ask(session: http2.ClientHttp2Session, urlPath = '/'): Promise<string> {
  const stream = session.request({ ':path': urlPath }).setEncoding('utf8');
  let text = '';
  for await (const chunk of stream) text += String(chunk);
  return text;
}

test('https: old connections get the new version, new ones its certificate too', async () => {
  const pems = [certificate(), certificate(), certificate()];
  await using run = await startRun();
  const port = await run.serve('protocols', 'secure', { pem: pems[0] });
  const agent = new https.Agent({ keepAlive: true, maxSockets: 1, rejectUnauthorized: false });
  const request = async (): Promise<{ text: string; isReused: boolean }> => {
    const sent = https.get({ port, agent });
    const [response] = (await once(sent, 'response')) as [IncomingMessage];
    let text = '';
    for await (const chunk of response.setEncoding('utf8')) text += String(chunk);
    return { text, isReused: sent.reusedSocket };
  };
  assert.equal((await request()).text, 'v1');
  for (const [index, pem] of pems.entries()) {
    assert.equal(await fingerprint(port), new X509Certificate(pem).fingerprint256);
    assert.deepEqual(await request(), { text: `v${index + 1}`, isReused: true });
    await run.swap('protocols', 'secure', { pem: pems[index + 1] ?? pem, port });
  }
  agent.destroy();
});

async function fingerprint(port: number): Promise<string> {
  const socket = tls.connect({ port, rejectUnauthorized: false });
  await once(socket, 'secureConnect');
  const { fingerprint256 } = socket.getPeerCertificate();
  socket.destroy();
  return fingerprint256;
}

for (const form of ['http2Requests', 'http2Streams']) {
  for (const isSecure of [false, true]) {
    test(`${form}, ${isSecure ? 'with' : 'without'} TLS: a session gets the newest version with its next stream`, async (t) => {
      await using run = await startRun();
      const args = isSecure ? { pem: certificate() } : {};
      const port = await run.serve('protocols', form, args);
      const session = http2.connect(`${isSecure ? 'https' : 'http'}://localhost:${port}`, { rejectUnauthorized: false });
      t.after(() => session.destroy());
      for (let version = 1; version <= 4; version++) {
        assert.equal(await ask(session), `v${version}`);
        await run.swap('protocols', form, { ...args, port });
      }
      await run.retired();
      assert.deepEqual(await run.alive(), [{ version: 5, why: 'current' }]);
      if (form === 'http2Requests') await run.untilLive([5]);
    });
  }
}

for (const form of ['http2Requests', 'http2Streams']) {
  test(`a stream of HTTP/2 in flight stays with its version: ${form}`, async (t) => {
    await using run = await startRun();
    const port = await run.serve('protocols', form);
    const session = http2.connect(`http://localhost:${port}`);
    t.after(() => session.destroy());
    const held = ask(session, '/hold');
    await run.told('held');
    await run.swap('protocols', form, { port });
    assert.deepEqual(await run.alive(), [
      { version: 1, why: '1 open response, GET /hold' },
      { version: 2, why: 'current' },
    ]);
    assert.equal(await ask(session), 'v2');
    await run.call('release');
    assert.equal(await held, 'v1');
    await run.retired();
    assert.deepEqual(await run.alive(), [{ version: 2, why: 'current' }]);
  });
}

test('a server keeps the process running if its own version says so', async () => {
  await using run = await startRun();
  const port = await run.serve('protocols', 'unreferenced');
  for (const [name, servers] of [
    ['secure', 1],
    ['unreferenced', 0],
    ['raw', 1],
  ] as const) {
    await run.serve('protocols', name, { port });
    assert.equal((await run.counts())['servers'], servers, name);
  }
});

test('http after https on one port, and back', async () => {
  const pem = certificate();
  await using run = await startRun();
  const port = await run.serve('protocols', 'secure', { pem });
  await run.swap('http', 'hello', { port });
  assert.equal(await get({ port }), 'v2');
  await run.swap('protocols', 'secure', { pem, port });
  assert.equal(typeof (await fingerprint(port)), 'string');
});

describe('raw connections stay with the version that has accepted them', () => {
  for (const [name, connect] of Object.entries({
    raw: (port: number) => net.connect(port),
    rawTls: (port: number) => tls.connect({ port, rejectUnauthorized: false }),
  })) {
    test(name, async () => {
      await using run = await startRun();
      const args = name === 'rawTls' ? { pem: certificate() } : {};
      const port = await run.serve('protocols', name, args);
      const lines: AsyncIterator<string>[] = [];
      const sockets: net.Socket[] = [];
      for (let version = 1; version <= 3; version++) {
        const socket = connect(port).setEncoding('utf8');
        sockets.push(socket);
        const chunks = socket[Symbol.asyncIterator]() as AsyncIterator<string>;
        lines.push(chunks);
        assert.equal((await chunks.next()).value, `v${version}\n`);
        await run.swap('protocols', name, { ...args, port });
      }
      for (const [index, socket] of sockets.entries()) {
        socket.write('?');
        assert.equal((await lines[index]?.next())?.value, `v${index + 1}\n`);
      }
      assert.deepEqual(await run.alive(), [
        { version: 1, why: '1 open connection' },
        { version: 2, why: '1 open connection' },
        { version: 3, why: '1 open connection' },
        { version: 4, why: 'current' },
      ]);
      for (const socket of sockets) socket.destroy();
    });
  }
});

test('a raw server on a Unix socket', { skip: process.platform === 'win32' }, async (t) => {
  const folder = fs.mkdtempSync(path.join(os.tmpdir(), 'hmr-dev-socket-'));
  t.after(() => fs.rmSync(folder, { recursive: true }));
  const socketPath = path.join(folder, 'raw.sock');
  await using run = await startRun({ limits: { graceMs: 1 } });
  for (let version = 1; version <= 3; version++) {
    await run.swap('protocols', 'raw', { path: socketPath });
    const socket = net.connect(socketPath).setEncoding('utf8');
    const [text] = (await once(socket, 'data')) as [string];
    assert.equal(text, `v${version}\n`);
    socket.destroy();
  }
  await run.swap('http', 'hello');
  await run.retired();
  assert.ok(!fs.existsSync(socketPath), 'an address that is left is removed');
});

for (const cluster of ['shared', 'dealt'] as const) {
  test(`a worker of a cluster keeps its address, connections ${cluster}`, async () => {
    await using run = await startRun({}, { cluster });
    await run.swap('protocols', 'isWorker');
    assert.equal(await run.told('isWorker'), true);
    const port = await run.serve('http', 'hello');
    using kept = createKeptConnection({ port });
    assert.equal(await kept.get(), 'v2');
    for (let version = 3; version <= 5; version++) {
      assert.equal((await run.swap('http', 'hello', { port })).status, 'committed');
      assert.equal(await kept.get(), `v${version}`);
      assert.equal(await get({ port }), `v${version}`);
    }
  });
}

describe('ten new versions under load fail no request', () => {
  const SWAPS = 10;
  /** Asks and reads to the end, on a connection of its own or on one that is kept. */
  type Client = (isKept: boolean) => Promise<string>;
  const clients: Readonly<
    Record<string, readonly [program: string, makeClient: (place: { port: number; path: string }) => Client & { end?(): void }]>
  > = {
    https: [
      'secure',
      ({ port }) => {
        const agent = new https.Agent({ keepAlive: true, rejectUnauthorized: false });
        return Object.assign((isKept: boolean) => bodyOf(https.get({ port, rejectUnauthorized: false, agent: isKept ? agent : false })), {
          end: () => agent.destroy(),
        });
      },
    ],
    'http2, with TLS': [
      'http2Requests',
      ({ port }) => {
        const connect = (): http2.ClientHttp2Session => http2.connect(`https://localhost:${port}`, { rejectUnauthorized: false });
        const kept = connect();
        const client: Client = async (isKept) => {
          if (isKept) return ask(kept);
          const session = connect();
          return ask(session).finally(() => session.close());
        };
        return Object.assign(client, { end: () => kept.close() });
      },
    ],
    net: [
      'raw',
      ({ port }) =>
        () =>
          firstLine(net.connect(port)),
    ],
    tls: [
      'rawTls',
      ({ port }) =>
        () =>
          firstLine(tls.connect({ port, rejectUnauthorized: false })),
    ],
    'a Unix socket': [
      'raw',
      ({ path: socketPath }) =>
        () =>
          firstLine(net.connect(socketPath)),
    ],
  };
  for (const [name, [program, makeClient]] of Object.entries(clients)) {
    const isSocket = name === 'a Unix socket';
    test(name, { skip: isSocket && process.platform === 'win32' }, async (t) => {
      const folder = fs.mkdtempSync(path.join(os.tmpdir(), 'hmr-dev-socket-'));
      t.after(() => fs.rmSync(folder, { recursive: true }));
      const socketPath = path.join(folder, 'app.sock');
      const args = { pem: name === 'net' || isSocket ? undefined : certificate(), ...(isSocket && { path: socketPath }) };
      await using run = await startRun();
      const port = await run.serve('protocols', program, args);
      const client = makeClient({ port, path: socketPath });
      const load = startLoad(client);
      for (let version = 2; version <= SWAPS + 1; version++) {
        await load.more(20);
        assert.deepEqual(await run.swap('protocols', program, { ...args, port }), { version, status: 'committed' });
      }
      await load.more(20);
      await load.stop();
      client.end?.();
      assert.deepEqual(load.failures, []);
      assert.equal(new Set(load.answers).size, SWAPS + 1);
    });
  }
});

/** Until the server has said one. */
async function firstLine(socket: net.Socket): Promise<string> {
  const [text] = (await once(socket.setEncoding('utf8'), 'data')) as [string];
  socket.destroy();
  return text;
}
