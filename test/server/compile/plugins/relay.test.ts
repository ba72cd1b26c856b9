import assert from 'node:assert/strict';
import { test } from 'node:test';
import { createRelay } from '../../../../src/server/compile/plugins/relay.ts';

test('hands on until its end, and is an object like any other', () => {
  let reads = 0;
  const calls: unknown[] = [];
  const { relay, end } = createRelay({
    root: '/x',
    get lazy() {
      return ++reads;
    },
    add: (...args: number[]) => calls.push(args),
  });
  assert.equal(reads, 0);
  assert.deepEqual([relay.root, relay.lazy, relay.add(1, 2)], ['/x', 1, 1]);
  const wrapped = { ...relay, add: () => relay.add(3) };
  assert.equal(wrapped.add(), 2);
  const { add } = relay;
  end();
  assert.deepEqual([relay.root, relay.lazy, add(4)], ['/x', undefined, undefined]);
  assert.deepEqual(calls, [[1, 2], [3]]);
});
