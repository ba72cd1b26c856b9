/**
 * `hmr-dev/server` in a program that runs under plain `node`: the plain thing is done.
 */
import assert from 'node:assert/strict';
import { spawnSync } from 'node:child_process';
import { once } from 'node:events';
import { describe, test } from 'node:test';
import { keepOnHotReload, newInterval, newTimeout, onHotReload } from '../../../../src/server/run/api/server.ts';
import { ensureBuilt, REPOSITORY } from '../../../harness/built.ts';

describe('hmr-dev/server without hmr-dev run', () => {
  test('onHotReload never calls', () => {
    onHotReload(() => assert.fail())();
    onHotReload(() => assert.fail(), { before: true });
  });
  test('keepOnHotReload makes a value once', () => {
    const made = keepOnHotReload('value', () => ({ counter: 0 }));
    assert.equal(
      keepOnHotReload('value', () => ({ counter: 1 })),
      made,
    );
  });
  test('keepOnHotReload makes anew what has rejected', async () => {
    await assert.rejects(
      keepOnHotReload('connection', () => Promise.reject(new Error('no'))),
      /no/,
    );
    assert.equal(await keepOnHotReload('connection', () => Promise.resolve(1)), 1);
  });
  test('newInterval ends with false, also of a promise, and never overlaps itself', async () => {
    let running = 0;
    let calls = 0;
    const ended = new EventTarget();
    newInterval(1, async () => {
      assert.equal(++running, 1);
      await new Promise((resolve) => setTimeout(resolve, 5));
      running--;
      if (++calls < 3) return true;
      ended.dispatchEvent(new Event('end'));
      return false;
    });
    await once(ended, 'end');
    assert.equal(calls, 3);
  });
  test('newInterval and newTimeout can be stopped', async () => {
    newInterval(0, () => assert.fail())();
    newTimeout(0, () => assert.fail())();
    await new Promise<void>((resolve) => void newTimeout(1, resolve));
  });
});

test('the built package has it, and it keeps no process running', async () => {
  await ensureBuilt();
  const code = `import * as api from 'hmr-dev/server'; console.log(Object.keys(api).join());`;
  const { stdout, stderr } = spawnSync(process.execPath, ['--input-type=module', '-e', code], { cwd: REPOSITORY, encoding: 'utf8' });
  assert.equal(stdout.trim(), 'keepOnHotReload,memoryCache,newInterval,newTimeout,onHotReload', stderr);
});
