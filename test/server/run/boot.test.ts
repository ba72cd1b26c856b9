/**
 * When a version takes over and when it never does: throws, hanging evaluations, listens that come late or fail. Whoever fails was seen by nobody.
 */
import assert from 'node:assert/strict';
import { once } from 'node:events';
import net from 'node:net';
import { describe, test } from 'node:test';
import { stablePort } from '../../harness/ports.ts';
import { get } from './http-clients.ts';
import { NEVER_MS, type RunProcess, startRun } from './run-process.ts';

/** v1 serves and is whole: nothing of a failed version is left. */
async function assertOnlyFirst(run: RunProcess, port: number): Promise<void> {
  assert.equal(await get({ port }), 'v1');
  assert.deepEqual(await run.alive(), [{ version: 1, why: 'current' }]);
}

describe('a version that fails', () => {
  const failures = {
    throwsAfterListen: 'Error: after listen',
    throwsInTick: 'Error: in a tick',
    rejectsUnhandled: 'Error: nobody caught',
    exits: 'ExitError: The program has called process.exit(3) while it started.',
  };
  for (const [name, error] of Object.entries(failures)) {
    test(`is never seen: ${name}`, async () => {
      await using run = await startRun();
      const port = await run.serve('http', 'hello');
      assert.deepEqual(await run.swap('http', name, { port }), { version: 2, status: 'failed', error });
      await assertOnlyFirst(run, port);
      assert.equal((await run.swap('http', 'hello', { port })).status, 'committed');
      assert.equal(await get({ port }), 'v3');
    });
  }
  test('gives back an address that nobody had before', async () => {
    await using run = await startRun();
    const port = await run.serve('http', 'hello');
    const other = await stablePort();
    assert.equal((await run.swap('http', 'throwsAfterListen', { port: other })).status, 'failed');
    await assert.rejects(get({ port: other }), { code: 'ECONNREFUSED' });
    await assertOnlyFirst(run, port);
  });
  test('as the first leaves nothing, and the next one is the first', async () => {
    await using run = await startRun();
    assert.equal((await run.swap('http', 'throwsAfterListen')).status, 'failed');
    assert.deepEqual(await run.alive(), []);
    assert.equal((await run.swap('http', 'hello')).status, 'committed');
  });
});

test('an address that the running version has left is not given to one that still boots', async () => {
  await using run = await startRun({ limits: { settleMs: NEVER_MS, listenMs: 1, graceMs: 1 } });
  const [one, two] = [await stablePort(), await stablePort()];
  await run.serve('http', 'hello', { port: one });
  assert.equal((await run.swap('http', 'listensLater', { port: two })).status, 'committed');
  const { outcome } = await run.boot('http', 'listensThenWaits', { port: one });
  await run.told('waits');
  await run.call('unhang');
  assert.equal(await run.told('port'), two);
  for (let round = 0; round < 20; round++) assert.equal(await get({ port: one }), 'v1');
  await run.call('goOn');
  assert.equal((await outcome).status, 'committed');
  assert.equal(await get({ port: one }), 'v3');
});

test('the first version may end the process', async () => {
  await using run = await startRun();
  const ended = once(run.child, 'exit');
  await assert.rejects(run.swap('http', 'exits'));
  assert.deepEqual(await ended, [3, null]);
});

test('an error while serving a request ends the process, as in Node', async () => {
  await using run = await startRun();
  const port = await run.serve('http', 'failsServing');
  const ended = once(run.child, 'exit');
  await assert.rejects(get({ port }));
  assert.deepEqual(await ended, [1, null]);
});

describe('a listen that fails', () => {
  for (const name of ['hello', 'hasErrorListener']) {
    test(`is a failed version: ${name}`, async () => {
      await using run = await startRun();
      const port = await run.serve('http', 'hello');
      const taken = await takePort();
      const { status, error } = await run.swap('http', name, { port: taken.port });
      assert.equal(status, 'failed');
      assert.match(error ?? '', /EADDRINUSE/);
      await assertOnlyFirst(run, port);
      taken.server.close();
      assert.equal((await run.swap('http', 'hello', { port: taken.port })).status, 'committed');
      assert.equal(await get({ port: taken.port }), 'v3');
    });
  }
  test('is no failure of a program that goes on to the next port', async () => {
    await using run = await startRun();
    await run.serve('http', 'hello');
    const taken = await takePort();
    assert.equal((await run.swap('http', 'nextPort', { port: taken.port })).status, 'committed');
    assert.equal(await get({ port: await run.told<number>('port') }), 'v2');
    taken.server.close();
  });
  test('is a failed version when the program exits for it', async () => {
    await using run = await startRun();
    const port = await run.serve('http', 'hello');
    const taken = await takePort();
    assert.equal((await run.swap('http', 'exitsOnError', { port: taken.port })).status, 'failed');
    await assertOnlyFirst(run, port);
    assert.deepEqual(await run.logged(), []);
    taken.server.close();
  });
  test('a program may look for a free port by listening', async () => {
    await using run = await startRun();
    const port = await run.serve('http', 'hello');
    assert.equal((await run.swap('http', 'probes', { port })).status, 'committed');
    assert.equal(await run.told('port'), port);
    assert.equal(await get({ port }), 'v2');
  });
});

describe('an evaluation that hangs', () => {
  test('leaves the one before in place, and is abandoned for a newer one', async () => {
    await using run = await startRun();
    const port = await run.serve('http', 'hello');
    const { outcome } = await run.boot('http', 'hangs');
    await run.told('hangs');
    assert.deepEqual(await run.alive(), [
      { version: 1, why: 'current' },
      { version: 2, why: 'booting' },
    ]);
    assert.equal(await get({ port }), 'v1');
    assert.equal((await run.swap('http', 'hello', { port })).status, 'committed');
    assert.deepEqual(await outcome, { version: 2, status: 'superseded' });
    assert.equal(await get({ port }), 'v3');
  });
  test('opens nothing when it goes on after that', async () => {
    await using run = await startRun();
    const port = await run.serve('http', 'hello');
    const other = await stablePort();
    const { outcome } = await run.boot('http', 'hangsThenListens', { port: other });
    await run.told('hangs');
    await run.supersede();
    assert.equal((await outcome).status, 'superseded');
    await run.call('unhang');
    await assert.rejects(get({ port: other }), { code: 'ECONNREFUSED' });
    await assertOnlyFirst(run, port);
    assert.equal((await run.swap('http', 'hello', { port })).status, 'committed');
  });
  test('takes over some time after it listens', async () => {
    await using run = await startRun({ limits: { settleMs: 1, listenMs: NEVER_MS } });
    const port = await run.serve('http', 'hello');
    assert.equal((await run.swap('http', 'listensThenHangs', { port })).status, 'committed');
    assert.equal(await get({ port }), 'v2');
  });
  test('and then fails is told, and goes on serving', async () => {
    await using run = await startRun({ limits: { settleMs: 1, listenMs: NEVER_MS } });
    const port = await run.serve('http', 'hello');
    assert.equal((await run.swap('http', 'listensThenRejects', { port })).status, 'committed');
    await run.call('unhang');
    assert.equal(await get({ port }), 'v2');
    assert.match((await run.logged()).join('\n'), /The evaluation of v2 has failed after its end: Error: late/);
  });
});

test('a listen from a callback that has lost its context is of the version that boots', async () => {
  await using run = await startRun();
  const port = await run.serve('http', 'hello');
  const { outcome } = await run.boot('http', 'listensFromLostContext', { port });
  await run.told('ready');
  await run.call('listenNow');
  assert.equal((await outcome).status, 'committed');
  assert.equal(await get({ port }), 'v2');
});

describe('a listen that comes after the evaluation', () => {
  test('is waited for while the version before has the port', async () => {
    await using run = await startRun();
    const port = await run.serve('http', 'hello');
    const { outcome } = await run.boot('http', 'listensLater', { port });
    await run.told('hangs');
    assert.equal(await get({ port }), 'v1');
    await run.call('unhang');
    assert.equal((await outcome).status, 'committed');
    assert.equal(await get({ port }), 'v2');
  });
  test('is waited for no longer than the limit; the port stays open until it comes', async () => {
    await using run = await startRun({ limits: { listenMs: 1, graceMs: 1, settleMs: NEVER_MS } });
    const port = await run.serve('http', 'hello');
    assert.equal((await run.swap('http', 'listensLater', { port })).status, 'committed');
    assert.equal(await get({ port }), 'v1');
    assert.deepEqual(await run.alive(), [
      { version: 1, why: `listens on :${port}` },
      { version: 2, why: 'current' },
    ]);
    await run.call('unhang');
    await run.told('port');
    assert.equal(await get({ port }), 'v2');
    await run.retired();
    assert.deepEqual(await run.alive(), [{ version: 2, why: 'current' }]);
  });
});

/** Another program's port. */
async function takePort(): Promise<{ readonly server: net.Server; readonly port: number }> {
  const server = net.createServer().listen(0);
  await once(server, 'listening');
  return { server, port: (server.address() as net.AddressInfo).port };
}
