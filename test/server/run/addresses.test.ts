/**
 * Addresses: every form of `listen`, several servers in one program, port 0, ports that change, servers that the program closes itself.
 */
import assert from 'node:assert/strict';
import { once } from 'node:events';
import fs from 'node:fs';
import http from 'node:http';
import type { Socket } from 'node:net';
import os from 'node:os';
import path from 'node:path';
import { describe, test } from 'node:test';
import { withDeadline } from '../../harness/diagnostics.ts';
import { stablePort } from '../../harness/ports.ts';
import { createKeptConnection, get, openTalk } from './http-clients.ts';
import { NEVER_MS, startRun } from './run-process.ts';

describe('every form of listen is taken over', () => {
  const onPort: Record<string, string> = {
    port: '::1',
    text: '::1',
    host: 'localhost',
    backlog: '127.0.0.1',
    options: '127.0.0.1',
    ipv6Only: '::1',
    signal: '127.0.0.1',
  };
  for (const [form, host] of Object.entries(onPort)) {
    test(form, async () => {
      await using run = await startRun();
      const port = await stablePort();
      let first: unknown;
      for (let version = 1; version <= 3; version++) {
        assert.deepEqual(await run.swap('http', 'listenForm', { form, port }), { version, status: 'committed' });
        const listening = await run.told('listening');
        first ??= listening;
        assert.deepEqual(listening, first, 'server.listening and server.address()');
        assert.equal(await run.told('callback'), version);
        assert.equal(await get({ host, port }), `v${version}`);
      }
    });
  }
  for (const form of ['path', 'pathOptions']) {
    test(`${form}, a Unix socket`, { skip: process.platform === 'win32' }, async (t) => {
      const folder = fs.mkdtempSync(path.join(os.tmpdir(), 'hmr-dev-socket-'));
      t.after(() => fs.rmSync(folder, { recursive: true }));
      const socketPath = path.join(folder, 'app.sock');
      await using run = await startRun();
      for (let version = 1; version <= 3; version++) {
        assert.equal((await run.swap('http', 'listenForm', { form, path: socketPath })).status, 'committed');
        assert.deepEqual(await run.told('listening'), { isListening: true, address: socketPath });
        assert.equal(await get({ socketPath }), `v${version}`);
      }
      if (form === 'pathOptions') assert.equal(fs.statSync(socketPath).mode & 0o666, 0o666);
    });
  }
  test('nothing, which is port 0', async () => {
    await using run = await startRun();
    const ports = new Set<number>();
    for (let version = 1; version <= 3; version++) {
      await run.swap('http', 'listenForm', { form: 'nothing' });
      const { address } = await run.told<{ address: { port: number } }>('listening');
      ports.add(address.port);
      assert.equal(await get({ port: address.port }), `v${version}`);
    }
    assert.equal(ports.size, 1);
  });
  test('a handle that the program has kept', async () => {
    await using run = await startRun();
    for (let version = 1; version <= 3; version++) {
      assert.equal((await run.swap('http', 'listenForm', { form: 'handle' })).status, 'committed');
      const { address } = await run.told<{ address: { port: number } }>('listening');
      assert.equal(await get({ port: address.port }), `v${version}`);
    }
  });
});

test('several servers on port 0 find their own by order', async () => {
  await using run = await startRun();
  await run.swap('http', 'several');
  const ports = await run.told<number[]>('ports');
  await run.swap('http', 'several');
  assert.deepEqual(await run.told('ports'), ports);
  for (const [index, port] of ports.entries()) assert.equal(await get({ port }), `v2 #${index}`);
});

describe('an address that the new version does not listen on', () => {
  test('closes after a grace, with the idle connections of all versions', async () => {
    await using run = await startRun({ limits: { graceMs: 1 } });
    const port = await run.serve('http', 'hello', { keepAliveMs: NEVER_MS });
    const kept = new http.Agent({ keepAlive: true });
    const request = http.get({ port, agent: kept });
    const [socket] = (await once(request, 'socket')) as [Socket];
    const closed = once(socket, 'close');
    const [response] = (await once(request, 'response')) as [http.IncomingMessage];
    response.resume();
    await run.swap('http', 'hello', { port });
    const other = await stablePort();
    await run.swap('http', 'hello', { port: other });
    assert.equal((await run.retired()).version, 2);
    await withDeadline(closed, 'the end of an idle connection');
    await assert.rejects(get({ port }), { code: 'ECONNREFUSED' });
    assert.equal(await get({ port: other }), 'v3');
    assert.deepEqual(await run.alive(), [{ version: 3, why: 'current' }]);
  });
  test('is there if it comes back within the grace', async () => {
    await using run = await startRun();
    const [one, two] = [await stablePort(), await stablePort()];
    await run.swap('http', 'hello', { port: one });
    await run.swap('http', 'hello', { port: two });
    assert.equal(await get({ port: one }), 'v1', 'whoever has not heard of the change');
    assert.deepEqual(await run.alive(), [
      { version: 1, why: `listens on :${one}` },
      { version: 2, why: 'current' },
    ]);
    await run.swap('http', 'hello', { port: one });
    assert.equal(await get({ port: one }), 'v3');
  });
  test('stays while the new version listens nowhere', async () => {
    await using run = await startRun({ limits: { graceMs: 1, listenMs: 1 } });
    const port = await stablePort();
    await run.swap('http', 'hello', { port });
    assert.equal((await run.swap('http', 'listensNowhere')).status, 'committed');
    for (let round = 0; round < 20; round++) assert.equal(await get({ port }), 'v1');
    await run.swap('http', 'hello', { port });
    assert.equal(await get({ port }), 'v3');
    await run.retired();
    assert.deepEqual(await run.alive(), [{ version: 3, why: 'current' }]);
  });
});

test('an address that overlaps the one before is opened in its place', async () => {
  await using run = await startRun();
  const port = await stablePort();
  await run.swap('http', 'hello', { port });
  assert.equal(await get({ port, host: '127.0.0.1' }), 'v1');
  assert.equal((await run.swap('http', 'hello', { port, host: '127.0.0.1' })).status, 'committed');
  await run.told('port');
  assert.equal(await get({ port, host: '127.0.0.1' }), 'v2');
  await assert.rejects(get({ port, host: '::1' }), { code: 'ECONNREFUSED' });
  assert.equal((await run.swap('http', 'hello', { port })).status, 'committed');
  assert.equal(await get({ port, host: '::1' }), 'v3');
});

test('a version that fails keeps nothing of an overlapping address', async () => {
  await using run = await startRun();
  const port = await stablePort();
  await run.swap('http', 'hello', { port });
  assert.equal((await run.swap('http', 'throwsAfterListen', { port, host: '127.0.0.1' })).status, 'failed');
  assert.equal(await get({ port, host: '::1' }), 'v1');
});

describe('a program that closes its server', () => {
  test('closes the port', async () => {
    await using run = await startRun();
    const port = await run.serve('http', 'closesOnReload');
    assert.equal(await run.call('closeServer'), 'closed v1');
    await assert.rejects(get({ port }), { code: 'ECONNREFUSED' });
    await run.swap('http', 'hello', { port });
    assert.equal(await get({ port }), 'v2');
  });
  test('after it was replaced closes neither the port nor idle connections', async () => {
    await using run = await startRun();
    const port = await run.serve('http', 'closesOnReload');
    using kept = createKeptConnection({ port });
    assert.equal(await kept.get(), 'v1');
    await run.swap('http', 'hello', { port });
    assert.equal(await run.call('closeServer'), 'closed v1');
    await run.call('closeAll');
    assert.equal(await kept.get(), 'v2');
  });
  test('after it was replaced is called back when its own responses have ended', async () => {
    await using run = await startRun();
    const port = await run.serve('http', 'closesOnReload');
    const held = get({ port }, '/hold');
    await run.told('held');
    await run.swap('http', 'hello', { port });
    const closed = run.call('closeServer');
    assert.equal(await Promise.race([closed, run.call('heldCount')]), 1);
    await run.call('release');
    assert.equal(await held, 'v1');
    assert.equal(await closed, 'closed v1');
  });
});

describe('what clients cause reaches the newest version on connections from before', () => {
  const head = (text: string): string => `${text}Host: localhost\r\n\r\n`;
  const cases: Record<string, readonly [text: string, answer: string]> = {
    request: [head('GET / HTTP/1.1\r\nConnection: close\r\n'), 'v3'],
    upgrade: [head('GET / HTTP/1.1\r\nConnection: Upgrade\r\nUpgrade: test\r\n'), 'upgraded v3'],
    connect: [head('CONNECT a:1 HTTP/1.1\r\n'), 'connected v3'],
    checkContinue: [head('GET / HTTP/1.1\r\nConnection: close\r\nExpect: 100-continue\r\n'), 'continue v3'],
    checkExpectation: [head('GET / HTTP/1.1\r\nConnection: close\r\nExpect: tea\r\n'), 'expectation v3'],
    clientError: ['no request\r\n\r\n', 'clientError v3'],
  };
  for (const [event, [text, answer]] of Object.entries(cases)) {
    test(event, async () => {
      await using run = await startRun();
      const port = await run.serve('http', 'events');
      const talk = openTalk({ port });
      await talk.say(head('GET / HTTP/1.1\r\n'), /v1/);
      for (let version = 2; version <= 3; version++) await run.swap('http', 'events', { port });
      assert.ok((await talk.sayLast(text)).includes(answer));
    });
  }
  test('dropRequest', async () => {
    await using run = await startRun();
    const port = await run.serve('http', 'events', { maxRequests: 1 });
    const talk = openTalk({ port });
    await talk.say(head('GET / HTTP/1.1\r\n'), /v1/);
    await run.swap('http', 'events', { port });
    await talk.sayLast(head('GET / HTTP/1.1\r\n'));
    assert.equal(await run.told('dropped'), 2);
  });
});
