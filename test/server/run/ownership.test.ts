/**
 * What a version owns: timers and listeners that it makes for itself end with it, those made for a request live on; hooks, kept values, caches.
 */
import assert from 'node:assert/strict';
import { describe, test } from 'node:test';
import { get } from './http-clients.ts';
import { startRun } from './run-process.ts';

test('after ten new versions there are as many listeners and timers as after the first', async () => {
  await using run = await startRun();
  const port = await run.serve('ownership', 'pilesUp');
  await run.swaps(1, 'ownership', 'pilesUp', { port });
  const counts = await run.counts();
  assert.equal(counts['SIGTERM'], 1);
  const emitters = await run.call('emitterCounts');
  assert.deepEqual(emitters, { stdin: 1, stdout: 1, cluster: 1 });
  await run.swaps(10, 'ownership', 'pilesUp', { port });
  assert.deepEqual(await run.counts(), counts);
  assert.deepEqual(await run.call('emitterCounts'), emitters);
  await run.untilLive([12]);
});

describe('what ticks stops when its version is replaced', () => {
  for (const kind of ['interval', 'timeout', 'immediate', 'promises', 'sleep', 'newInterval']) {
    test(kind, async () => {
      await using run = await startRun();
      await run.swap('ownership', 'ticking', { kind });
      await run.told('tick 1');
      await run.swap('ownership', 'ticking', { kind });
      const count = await run.call('count1');
      for (let round = 0; round < 3; round++) await run.told('tick 2');
      assert.equal(await run.call('count1'), count);
    });
  }
});

test('what the code of a version makes after it was replaced is given back at once', async () => {
  await using run = await startRun();
  await run.swap('ownership', 'sleeper');
  await run.swap('ownership', 'ticking', { kind: 'interval' });
  await run.call('wake');
  for (let round = 0; round < 3; round++) await run.told('tick 2');
  assert.deepEqual(await run.call('whatWasDone'), ['woken']);
  assert.equal((await run.counts())['custom'], undefined);
});

test('what is made while serving a request lives on', async () => {
  await using run = await startRun();
  const port = await run.serve('ownership', 'forRequest');
  const answer = get({ port });
  await run.told('serving');
  await run.swap('http', 'hello', { port });
  await run.retired();
  await run.call('finish');
  assert.equal(await answer, 'v1, listeners 1');
});

describe('the terminal is read by the newest version only', () => {
  for (const [name, what] of [
    ['readsLines', 'line'],
    ['readsKeys', 'key'],
  ] as const) {
    test(name, async () => {
      await using run = await startRun();
      for (let version = 1; version <= 3; version++) {
        await run.swap('ownership', name);
        run.child.stdin?.write(what === 'line' ? 'text\n' : 'x');
        assert.equal(await run.told(what), `v${version} ${what === 'line' ? 'text' : 'x'}`);
      }
    });
  }
});

test('a timer that is shared and only refreshed starts again', async () => {
  await using run = await startRun();
  await run.swap('ownership', 'sharedTimer');
  await run.swap('ownership', 'sharedTimer');
  assert.deepEqual(await run.call('refreshShared', 1), [true, 1_000_000, false, 1]);
});

test('what is made outside of versions stays', async () => {
  await using run = await startRun();
  await run.swaps(3, 'ownership', 'outsideOf');
  assert.equal((await run.counts())['SIGTERM'], 1);
});

describe('hooks of onHotReload', () => {
  test('run once each, the last first, after the new version has taken over, or before it runs; one that throws is reported', async () => {
    await using run = await startRun();
    await run.swap('ownership', 'hooks');
    await run.swap('ownership', 'hooks');
    await run.retired();
    assert.deepEqual(await run.call('hookCalls'), ['1 evaluated', '1 before', '2 evaluated', '1 waited', '1 first']);
    assert.equal((await run.retired()).errors.length, 1);
  });
  test('wait while the version still has an address', async () => {
    await using run = await startRun({ limits: { listenMs: 1 } });
    const port = await run.serve('ownership', 'servesWithHook');
    assert.equal((await run.swap('http', 'listensNowhere')).status, 'committed');
    assert.deepEqual(await run.call('hookCalls'), []);
    await run.serve('http', 'hello', { port });
    assert.deepEqual(await run.call('hookCalls'), [1]);
  });
  test('have a limit each', async () => {
    await using run = await startRun({ limits: { hookMs: 1 } });
    await run.swaps(2, 'ownership', 'hangingHook');
    assert.deepEqual(await run.call('hookCalls'), ['1 after']);
  });
  test('of a version that fails run too, and what it kept is made anew', async () => {
    await using run = await startRun();
    assert.equal((await run.swap('ownership', 'failsWithHook')).status, 'failed');
    assert.deepEqual(await run.call('hookCalls'), ['made by failed', 'failed version']);
    await run.swap('ownership', 'keeps');
    assert.equal(await run.call('ofTheFailed'), 'made anew');
  });
});

test('a kept value is made once, and its timers belong to no version', async () => {
  await using run = await startRun();
  await run.swaps(3, 'ownership', 'keeps');
  assert.deepEqual(await run.call('stats'), { counter: 3, maker: 1 });
  await run.told('kept tick');
  assert.equal(await run.told('kept tick'), 1);
});

test('caches keep their content, unless told otherwise, and heed the limits of the new version', async () => {
  await using run = await startRun();
  await run.swap('ownership', 'caches');
  await run.call('putAll', 'compressed');
  await run.swap('ownership', 'caches');
  assert.deepEqual(await run.call('readAll'), { cache: 'compressed', named: 'compressed', other: 'x', version: 2 });
  await run.swap('ownership', 'caches', { limits: { maxEntries: 1 } });
  assert.deepEqual(await run.call('readAll'), { cache: 'compressed', other: 'x', version: 3 });
});

test('an error of a version that is gone is told, and ends nothing', async () => {
  await using run = await startRun();
  await run.swap('ownership', 'failsWhenGone');
  await run.swap('ownership', 'failsWhenGone', { fail: false });
  await run.call('failNow');
  assert.match((await run.logged()).join('\n'), /v1 has been replaced, and its code has failed: Error: too late/);
});

test('the host gives Node its functions back', async () => {
  await using run = await startRun();
  const port = await run.serve('http', 'hello');
  await run.close();
  await assert.rejects(get({ port }), { code: 'ECONNREFUSED' });
  assert.equal(await run.call('areNative'), true);
});
