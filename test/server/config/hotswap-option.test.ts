import assert from 'node:assert/strict';
import { test } from 'node:test';
import { readHotswap, toHotswap } from '../../../src/server/config/hotswap-option.ts';
import { HmrError } from '../../../src/server/errors.ts';

const wrong = (flag: string, expected: string): HmrError => new HmrError('OPTION', `--${flag} takes ${expected}`);

test('a level, always, or both', () => {
  assert.deepEqual(readHotswap(toHotswap('bindings', wrong)), { level: 'bindings', isAlways: false });
  assert.deepEqual(readHotswap(toHotswap('always', wrong)), { level: 'classes', isAlways: true });
  assert.deepEqual(readHotswap(toHotswap('always, closures', wrong)), { level: 'closures', isAlways: true });
  assert.equal(toHotswap(toHotswap('always', wrong), wrong), 'classes,always');
});

test('what is none', () => {
  for (const value of ['', 'all', 'off,classes', true, 3, []])
    assert.throws(() => toHotswap(value, wrong), /--hotswap takes off, bindings/);
});
