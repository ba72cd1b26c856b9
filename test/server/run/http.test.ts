/**
 * A running server of node:http gets new versions: the port never closes, idle connections get the new code, open responses keep the old.
 */
import assert from 'node:assert/strict';
import { once } from 'node:events';
import http from 'node:http';
import { describe, test } from 'node:test';
import { withDeadline } from '../../harness/diagnostics.ts';
import { createKeptConnection, get, startLoad, bodyOf } from './http-clients.ts';
import { startRun } from './run-process.ts';

describe('a new version of an HTTP server', () => {
  test('takes over the port of the one before', async () => {
    await using run = await startRun();
    const port = await run.serve('http', 'hello');
    assert.equal(await get({ port }), 'v1');
    assert.deepEqual(await run.swap('http', 'hello', { port }), { version: 2, status: 'committed' });
    assert.equal(await run.told('port'), port);
    assert.equal(await get({ port }), 'v2');
    await run.retired();
    assert.deepEqual(await run.alive(), [{ version: 2, why: 'current' }]);
  });
  test('answers the next request on a connection that was opened before', async () => {
    await using run = await startRun();
    const port = await run.serve('http', 'hello');
    using kept = createKeptConnection({ port });
    for (let version = 1; version <= 5; version++) {
      assert.equal(await kept.get(), `v${version}`);
      await run.swap('http', 'hello', { port });
    }
  });
  test('an idle connection holds nothing of the version that has opened it', async () => {
    await using run = await startRun();
    const port = await run.serve('http', 'hello');
    using kept = createKeptConnection({ port });
    assert.equal(await kept.get(), 'v1');
    await run.swap('http', 'hello', { port });
    await run.retired();
    await run.untilLive([2]);
    assert.equal(await kept.get(), 'v2');
  });
  test('an old server is free when its last connection has ended', async () => {
    await using run = await startRun();
    const port = await run.serve('http', 'marksServer');
    const kept = createKeptConnection({ port });
    assert.equal(await kept.get(), 'v1');
    await run.swap('http', 'marksServer', { port });
    await run.untilLive([1, 2]);
    kept[Symbol.dispose]();
    assert.equal(await run.told('disconnected'), 1);
    await run.untilLive([2]);
  });
  test('leaves requests in flight to the one that has them', async () => {
    await using run = await startRun();
    const port = await run.serve('http', 'hello');
    const answers: Promise<string>[] = [];
    for (let version = 1; version <= 3; version++) {
      for (let index = 0; index < 10; index++) {
        answers.push(get({ port }, '/hold'));
        await run.told('held');
      }
      await run.swap('http', 'hello', { port });
    }
    assert.deepEqual(
      (await run.alive()).map(({ version, why }) => `${version}: ${why}`),
      ['1: 10 open responses, GET /hold', '2: 10 open responses, GET /hold', '3: 10 open responses, GET /hold', '4: current'],
    );
    await run.call('release');
    assert.deepEqual(
      await Promise.all(answers),
      ['v1', 'v2', 'v3'].flatMap((answer) => Array.from({ length: 10 }, () => answer)),
    );
    assert.deepEqual(await run.alive(), [{ version: 4, why: 'current' }]);
  });
  test('fails no request while it comes, ten times', async () => {
    await using run = await startRun();
    const port = await run.serve('http', 'hello');
    const agent = new http.Agent({ keepAlive: true });
    const load = startLoad((isKept) => bodyOf(http.get({ port, agent: isKept ? agent : false })));
    for (let version = 2; version <= 11; version++) {
      await load.more(50);
      await run.swap('http', 'hello', { port });
    }
    await load.more(50);
    await load.stop();
    agent.destroy();
    assert.deepEqual(load.failures, []);
    assert.deepEqual([...new Set(load.answers)].toSorted(), Array.from({ length: 11 }, (_, index) => `v${index + 1}`).toSorted());
  });
  test('streams of server-sent events stay with the version that has opened them, over 20', async () => {
    await using run = await startRun();
    const port = await run.serve('http', 'hello');
    const response = await new Promise<http.IncomingMessage>((resolve) => http.get({ port, path: '/events', agent: false }, resolve));
    const chunks = response.setEncoding('utf8')[Symbol.asyncIterator]() as AsyncIterator<string>;
    assert.equal((await chunks.next()).value, 'data: v1\n\n');
    for (let version = 2; version <= 21; version++) {
      await run.swap('http', 'hello', { port });
      await run.call('sendEvent');
      assert.equal((await chunks.next()).value, 'data: still v1\n\n');
    }
    await run.retired();
    assert.deepEqual(await run.alive(), [
      { version: 1, why: '1 open response, GET /events' },
      { version: 21, why: 'current' },
    ]);
    await run.untilLive([1, 21]);
    response.destroy();
  });
});

describe('a process that leaves its addresses to another one', () => {
  const openStream = async (port: number): Promise<http.IncomingMessage> => {
    const response = await new Promise<http.IncomingMessage>((resolve) => http.get({ port, path: '/events', agent: false }, resolve));
    await once(
      response.on('error', () => {}),
      'data',
    );
    return response;
  };
  test('has ended when its last stream has', async () => {
    await using run = await startRun({ limits: { leaveMs: 1_000_000 } });
    const response = await openStream(await run.serve('http', 'hello'));
    let hasEnded = false;
    const left = run.leave().then(() => (hasEnded = true));
    assert.deepEqual(await run.alive(), [{ version: 1, why: 'current' }]);
    assert.equal(hasEnded, false);
    response.destroy();
    await withDeadline(left, 'the end');
  });
  test('does not wait for a stream longer than its limit', async () => {
    await using run = await startRun({ limits: { leaveMs: 1 } });
    const response = await openStream(await run.serve('http', 'hello'));
    await withDeadline(run.leave(), 'the end');
    assert.equal(response.destroyed, false, 'what ends it is the end of the process');
    response.destroy();
  });
});
