/**
 * The frameworks that people write servers with, under load while new versions come; WebSockets of ws; a large upload.
 */
import assert from 'node:assert/strict';
import { once } from 'node:events';
import http from 'node:http';
import { describe, test } from 'node:test';
import { WebSocket } from 'ws';
import { bodyOf, startLoad } from './http-clients.ts';
import { startRun } from './run-process.ts';

const SWAPS = 10;

describe('ten new versions under load fail no request, and leave nothing behind', () => {
  for (const name of ['express5', 'fastify', 'fastifyLater', 'koa', 'polka', 'hono', 'ws']) {
    test(name, async () => {
      await using run = await startRun();
      const port = await run.serve('frameworks', name);
      const agent = new http.Agent({ keepAlive: true });
      const load = startLoad((isKept) => bodyOf(http.get({ host: 'localhost', port, agent: isKept ? agent : false })));
      for (let version = 2; version <= SWAPS + 1; version++) {
        await load.more(50);
        assert.deepEqual(await run.swap('frameworks', name, { port }), { version, status: 'committed' });
      }
      await load.more(50);
      await load.stop();
      assert.deepEqual(load.failures, []);
      assert.deepEqual(new Set(load.answers).size, SWAPS + 1);
      await run.retired();
      // With the kept connections still open.
      await run.untilLive([SWAPS + 1]);
      agent.destroy();
    });
  }
});

test('an upload of 100 MB reaches the version that has begun to read it, over five new ones', async () => {
  await using run = await startRun();
  const port = await run.serve('http', 'hello');
  const request = http.request({ port, method: 'POST', agent: false });
  const answer = bodyOf(request);
  const chunk = Buffer.alloc(1024 * 1024);
  for (let index = 0; index < 100; index++) {
    if (!request.write(chunk)) await once(request, 'drain');
    if (index === 0) await run.told('uploading');
    if (index % 20 === 10) assert.equal((await run.swap('http', 'hello', { port })).status, 'committed');
  }
  request.end();
  assert.equal(await answer, `v1 ${100 * chunk.length}`);
});

describe('WebSockets', () => {
  test('stay with the version that has accepted them, over 20; new ones get the newest', async () => {
    await using run = await startRun();
    const port = await run.serve('frameworks', 'ws');
    const first = await open(port);
    for (let version = 2; version <= 21; version++) {
      await run.swap('frameworks', 'ws', { port });
      assert.equal(await echo(first, 'hello'), 'v1 hello');
    }
    const second = await open(port);
    assert.equal(await echo(second, 'hello'), 'v21 hello');
    await run.retired();
    assert.deepEqual(await run.alive(), [
      { version: 1, why: '1 open WebSocket, GET /chat' },
      { version: 21, why: 'current' },
    ]);
    await run.untilLive([1, 21]);
    first.terminate();
    assert.equal(await run.told('closed'), 1);
    assert.deepEqual(await run.alive(), [{ version: 21, why: 'current' }]);
    await run.untilLive([21]);
    second.terminate();
  });
  test('are closed with 1012 if the option says so', async () => {
    await using run = await startRun({ closeWebSockets: true });
    const port = await run.serve('frameworks', 'ws');
    const socket = await open(port);
    const closed = once(socket, 'close');
    await run.swap('frameworks', 'ws', { port });
    const [code] = (await closed) as [number];
    assert.equal(code, 1012);
    assert.equal(await run.told('closed'), 1);
    const again = await open(port);
    assert.equal(await echo(again, '!'), 'v2 !');
    again.terminate();
  });
  test('of a server that listens itself', async () => {
    await using run = await startRun();
    const port = await run.serve('frameworks', 'wsAlone');
    for (let version = 2; version <= 4; version++) {
      await run.swap('frameworks', 'wsAlone', { port });
      const socket = new WebSocket(`ws://localhost:${port}`);
      const [data] = (await once(socket, 'message')) as [Buffer];
      assert.equal(data.toString(), `v${version}`);
      socket.terminate();
    }
  });
});

async function open(port: number): Promise<WebSocket> {
  const socket = new WebSocket(`ws://localhost:${port}/chat`);
  await once(socket, 'open');
  return socket;
}

async function echo(socket: WebSocket, text: string): Promise<string> {
  const answer = once(socket, 'message');
  socket.send(text);
  const [data] = (await answer) as [Buffer];
  return data.toString();
}
