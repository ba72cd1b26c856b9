import assert from 'node:assert/strict';
import fs from 'node:fs/promises';
import net from 'node:net';
import { once } from 'node:events';
import { describe, test } from 'node:test';
import { createStaticFiles } from '../../../src/server/http/static-files.ts';
import { fixture } from '../../harness/fixture.ts';
import { openFilesBelow, serve } from './raw-http.ts';
import { navigation, settledTag, site } from './site.ts';

describe('a file', () => {
  test('with its headers', async () => {
    await using server = await site({ 'a.js': 'let a;' });
    const { status, headers, text } = await server.get('/a.js');
    assert.deepEqual([status, text], [200, 'let a;']);
    assert.equal(headers['content-type'], 'text/javascript; charset=utf-8');
    assert.equal(headers['content-length'], '6');
    assert.equal(headers['cache-control'], 'no-cache');
    assert.equal(headers['accept-ranges'], 'bytes');
    assert.equal(headers['x-content-type-options'], 'nosniff');
    assert.equal(headers['cross-origin-resource-policy'], 'same-origin');
    assert.equal(headers['access-control-allow-origin'], undefined);
    assert.ok(Date.parse(headers['last-modified'] ?? '') > 0);
    assert.match(headers['etag'] ?? '', /^"[\w-]+"$/);
  });

  test('HEAD: the same headers, no body', async () => {
    await using server = await site({ 'a.js': 'let a;', 'big.bin': Buffer.alloc(300_000) });
    for (const target of ['/a.js', '/big.bin']) {
      await settledTag(server, target);
      const [get, head] = [await server.get(target), await server.get(target, {}, 'HEAD')];
      assert.equal(head.body.length, 0);
      const { date: _1, ...expected } = get.headers;
      const { date: _2, ...actual } = head.headers;
      assert.deepEqual(actual, expected);
    }
  });

  test('large, streamed, byte for byte; empty; with a name that needs encoding', async () => {
    const big = Buffer.alloc(1_000_003, 'abcdefg\n');
    await using server = await site({ 'big.txt': big, 'empty.txt': '', 'é & ü/a b#?.txt': 'odd' });
    assert.ok((await server.get('/big.txt')).body.equals(big));
    const empty = await server.get('/empty.txt');
    assert.deepEqual([empty.status, empty.headers['content-length'], empty.text], [200, '0', '']);
    assert.equal((await server.get('/%C3%A9%20&%20%C3%BC/a%20b%23%3F.txt')).text, 'odd');
  });

  test('a query selects nothing', async () => {
    await using server = await site({ 'a.js': 'a', 'b.js': 'b' });
    assert.equal((await server.get('/a.js?/b.js')).text, 'a');
    assert.equal((await server.get('/a.js?../b.js')).text, 'a');
  });

  test('other methods are refused', async () => {
    await using server = await site({ 'a.js': 'a' });
    const answer = await server.get('/a.js', {}, 'DELETE');
    assert.deepEqual([answer.status, answer.headers['allow']], [405, 'GET, HEAD']);
    assert.equal(answer.headers['x-content-type-options'], 'nosniff');
  });

  test('without the right to read it', { skip: process.getuid?.() === 0 && 'root may read everything' }, async () => {
    await using server = await site({ 'a.js': 'a' });
    await fs.chmod(server.folder.resolve('a.js'), 0);
    const answer = await server.get('/a.js');
    assert.equal(answer.status, 403);
    assert.match(answer.text, /permissions/);
  });
});

describe('conditional requests', () => {
  test('304 by tag and by date, 200 after an edit', async () => {
    await using server = await site({ 'a.js': 'one' });
    const etag = await settledTag(server, '/a.js');
    const same = await server.get('/a.js', { 'If-None-Match': `"x", W/${etag}` });
    assert.deepEqual([same.status, same.body.length, same.headers['etag']], [304, 0, etag]);
    assert.equal(same.headers['cache-control'], 'no-cache');
    const modified = (await server.get('/a.js')).headers['last-modified'] ?? '';
    assert.equal((await server.get('/a.js', { 'If-Modified-Since': modified })).status, 304);
    assert.equal((await server.get('/a.js', { 'If-Modified-Since': 'nonsense' })).status, 200);
    await server.folder.write('a.js', 'two');
    const changed = await server.get('/a.js', { 'If-None-Match': etag });
    assert.deepEqual([changed.status, changed.text], [200, 'two']);
  });

  test('saves of equal size right after each other are never mistaken', async () => {
    await using server = await site({ 'a.js': '000' });
    let etag = '';
    for (let i = 1; i < 60; i++) {
      await fs.writeFile(server.folder.resolve('a.js'), String(i).padStart(3, '0'));
      const answer = await server.get('/a.js', { 'If-None-Match': etag });
      assert.equal(answer.text, String(i).padStart(3, '0'));
      etag = answer.headers['etag'] ?? '';
    }
  });
});

describe('ranges', () => {
  const cases: [range: string, status: number, contentRange: string | undefined, text: string][] = [
    ['bytes=0-0', 206, 'bytes 0-0/10', '0'],
    ['bytes=2-4', 206, 'bytes 2-4/10', '234'],
    ['bytes=7-', 206, 'bytes 7-9/10', '789'],
    ['bytes=-3', 206, 'bytes 7-9/10', '789'],
    ['bytes=-99', 206, 'bytes 0-9/10', '0123456789'],
    ['bytes=8-99', 206, 'bytes 8-9/10', '89'],
    ['bytes=10-', 416, 'bytes */10', ''],
    ['bytes=-0', 416, 'bytes */10', ''],
    ['bytes=0-1,3-4', 200, undefined, '0123456789'],
    ['bytes=4-2', 200, undefined, '0123456789'],
    ['chunks=0-1', 200, undefined, '0123456789'],
  ];
  for (const [range, status, contentRange, text] of cases) {
    test(range, async () => {
      await using server = await site({ 'a.txt': '0123456789' });
      const answer = await server.get('/a.txt', { Range: range });
      assert.deepEqual([answer.status, answer.headers['content-range'], answer.text], [status, contentRange, text]);
      assert.equal(answer.headers['content-length'], String(text.length));
    });
  }

  test('of a streamed file', async () => {
    const big = Buffer.from(Array.from({ length: 200_000 }, (_, i) => i % 251));
    await using server = await site({ 'a.bin': big });
    const answer = await server.get('/a.bin', { Range: 'bytes=65530-140000' });
    assert.equal(answer.status, 206);
    assert.ok(answer.body.equals(big.subarray(65530, 140001)));
  });

  test('If-Range: the same file only', async () => {
    await using server = await site({ 'a.txt': '0123456789' });
    const etag = await settledTag(server, '/a.txt');
    const statusFor = async (value: string): Promise<number> =>
      (await server.get('/a.txt', { Range: 'bytes=1-2', 'If-Range': value })).status;
    assert.equal(await statusFor(etag), 206);
    assert.equal(await statusFor(`W/${etag}`), 200);
    assert.equal(await statusFor('"other"'), 200);
  });

  test('HEAD has no range, and 304 goes first', async () => {
    await using server = await site({ 'a.txt': '0123456789' });
    const etag = await settledTag(server, '/a.txt');
    const head = await server.get('/a.txt', { Range: 'bytes=1-2' }, 'HEAD');
    assert.deepEqual([head.status, head.headers['content-length']], [200, '10']);
    assert.equal((await server.get('/a.txt', { Range: 'bytes=1-2', 'If-None-Match': etag })).status, 304);
  });
});

describe('clients and files that go away', () => {
  test('an aborted download closes its file', { skip: process.platform !== 'linux' }, async () => {
    await using folder = await fixture({ 'big.bin': Buffer.alloc(50_000_000) });
    const files = createStaticFiles({ root: folder.path });
    const answers: Promise<boolean>[] = [];
    await using server = await serve((req, res) => void answers.push(files.serve(req, res)));
    for (let i = 0; i < 20; i++) {
      const socket = net.connect(server.port, '127.0.0.1');
      socket.on('error', () => {});
      socket.write('GET /big.bin HTTP/1.1\r\nHost: localhost\r\n\r\n');
      await once(socket, 'data');
      if (i % 2) socket.destroy();
      else socket.resetAndDestroy();
    }
    assert.deepEqual(await Promise.all(answers), Array<boolean>(20).fill(true));
    assert.deepEqual(await openFilesBelow(folder.path), []);
  });

  test('a client that is gone before the answer begins', { skip: process.platform !== 'linux' }, async () => {
    await using folder = await fixture({ 'big.bin': Buffer.alloc(5_000_000), 'index.html': '<!doctype html>' });
    const files = createStaticFiles({ root: folder.path, html: ({ source }) => source });
    const answers: Promise<boolean>[] = [];
    await using server = await serve((req, res) => {
      req.socket.destroy();
      answers.push(files.serve(req, res));
    });
    for (const target of ['/big.bin', '/', '/none', '/big.bin']) await server.get(target, navigation);
    assert.deepEqual(await Promise.all(answers), [true, true, true, true]);
    assert.deepEqual(await openFilesBelow(folder.path), []);
  });

  test('a file that shrinks while it is sent: the connection ends, nobody waits', async () => {
    await using folder = await fixture({ 'big.bin': Buffer.alloc(30_000_000) });
    const files = createStaticFiles({ root: folder.path });
    await using server = await serve((req, res) => void files.serve(req, res));
    const socket = net.connect(server.port, '127.0.0.1');
    socket.on('error', () => {});
    let received = 0;
    socket.write('GET /big.bin HTTP/1.1\r\nHost: localhost\r\n\r\n');
    socket.once('data', () => socket.pause());
    await once(socket, 'data');
    await fs.truncate(folder.resolve('big.bin'), 1000);
    socket.on('data', (chunk: Buffer) => (received += chunk.length));
    const closed = new Promise((resolve) => socket.once('close', resolve));
    socket.resume();
    await closed;
    assert.ok(received < 30_000_000);
  });

  test('a thousand requests leave no file open', { skip: process.platform !== 'linux' }, async () => {
    await using server = await site({ 'a.js': 'a', 'sub/index.html': 'x', 'big.bin': Buffer.alloc(100_000), 'page.html': 'p' });
    const targets = ['/a.js', '/sub', '/sub/', '/page', '/page/', '/none', '/big.bin', '/big.bin?x', '/.env', '/%'];
    for (let i = 0; i < 100; i++) await Promise.all(targets.map((target) => server.get(target)));
    assert.deepEqual(await openFilesBelow(server.folder.path), []);
  });
});
