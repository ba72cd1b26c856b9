import assert from 'node:assert/strict';
import { test } from 'node:test';
import { createMemoryLimit } from '../../../../src/server/run/command/memory-limit.ts';

test('is looked at after each reload and from time to time, and asks once', () => {
  let used = 100;
  const restarts: string[] = [];
  const timers: [number, () => void][] = [];
  const limit = createMemoryLimit({
    limitBytes: 200,
    usedBytes: () => used,
    restart: (why) => restarts.push(why),
    warn: () => assert.fail('there is room'),
    every: (ms, run) => timers.push([ms, run]),
  });
  used = 300;
  limit.look();
  assert.deepEqual(restarts, [], 'nothing has taken over');
  used = 100;
  limit.begin();
  limit.look();
  assert.deepEqual(restarts, []);
  const [[ms, tick] = assert.fail('no timer')] = timers;
  assert.equal(ms, 5_000);
  used = 201;
  tick();
  limit.look();
  tick();
  assert.deepEqual(restarts, ['0 MB of memory']);
});
