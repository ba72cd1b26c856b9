import assert from 'node:assert/strict';
import { describe, test } from 'node:test';
import { parseRange } from '../../../src/server/http/range.ts';

describe('one range of ten bytes', () => {
  const parts: [header: string, start: number, end: number][] = [
    ['bytes=0-0', 0, 0],
    ['bytes=0-4', 0, 4],
    ['bytes=9-9', 9, 9],
    ['bytes=3-', 3, 9],
    ['bytes=0-', 0, 9],
    ['bytes=-1', 9, 9],
    ['bytes=-10', 0, 9],
    ['bytes=-99', 0, 9],
    ['bytes=5-99', 5, 9],
    ['bytes=5-99999999999999999999999999', 5, 9],
    ['Bytes = 1 - 2', 1, 2],
    ['bytes=007-8', 7, 8],
  ];
  for (const [header, start, end] of parts) {
    test(header, () => assert.deepEqual(parseRange(header, 10), { kind: 'part', start, end }));
  }
});

describe('behind the end', () => {
  for (const header of ['bytes=10-', 'bytes=10-11', 'bytes=-0', 'bytes=99999999999999999999999999-']) {
    test(header, () => assert.deepEqual(parseRange(header, 10), { kind: 'unsatisfiable' }));
  }
  test('everything of an empty file, save its last bytes', () => {
    assert.deepEqual(parseRange('bytes=0-', 0), { kind: 'unsatisfiable' });
    assert.deepEqual(parseRange('bytes=0-0', 0), { kind: 'unsatisfiable' });
    assert.deepEqual(parseRange('bytes=-5', 0), { kind: 'whole' });
  });
});

describe('answered with the whole file', () => {
  const headers = [
    undefined,
    '',
    'bytes',
    'bytes=',
    'bytes=-',
    'bytes=a-b',
    'bytes=5-2',
    'bytes=0-1,3-4',
    'bytes=0-1, -1',
    'bytes=,',
    'bytes=1--2',
    'bytes=--1',
    'items=0-1',
    'bytes=0x0-1',
    'bytes=1.5-2',
    'bytes=+1-2',
    'bytes=0-1;',
    '0-1',
    'bytes:0-1',
    `bytes=${'0-0,'.repeat(5e3)}0-0`,
  ];
  for (const header of headers) test(String(header).slice(0, 40), () => assert.deepEqual(parseRange(header, 10), { kind: 'whole' }));
});
