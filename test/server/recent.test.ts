import assert from 'node:assert/strict';
import { test } from 'node:test';
import { createRecent } from '../../src/server/recent.ts';

test('the last are kept; one that is set again is the latest', () => {
  const recent = createRecent<number>(2);
  for (const [key, value] of [
    ['a', 1],
    ['b', 2],
    ['a', 3],
    ['c', 4],
  ] as const)
    recent.set(key, value);
  assert.deepEqual([recent.get('a'), recent.get('b'), recent.get('c')], [3, undefined, 4]);
});
