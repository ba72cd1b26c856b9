import assert from 'node:assert/strict';
import { test } from 'node:test';
import { isClientMessage, isOpenRequest, isOutcomeReport, isPageErrorReport, isSyncRequest } from '../../src/server/message-shapes.ts';

const garbage: unknown[] = [
  null,
  undefined,
  1,
  'text',
  [],
  {},
  { modules: [] },
  { file: 1 },
  { kind: 'x' },
  JSON.parse('{"__proto__": {"file": "a"}}'),
];

test('what has another shape is refused', () => {
  for (const isShape of [isSyncRequest, isOpenRequest, isPageErrorReport, isOutcomeReport, isClientMessage]) {
    for (const value of garbage) assert.equal(isShape(value), false, `${isShape.name} ${JSON.stringify(value)}`);
  }
});

test('a sync request lists texts by id and versions or null by address', () => {
  assert.ok(isSyncRequest({ modules: { '/a.js': 'hash' }, assets: { '/a.css': null, '/b.css': 'hash' }, page: null }));
  assert.ok(isSyncRequest({ modules: {}, assets: {}, page: { file: '/index.html', hash: 'x' } }));
  assert.equal(isSyncRequest({ modules: { '/a.js': 1 }, assets: {}, page: null }), false);
  assert.equal(isSyncRequest({ modules: {}, assets: { '/a.css': 1 }, page: null }), false);
  assert.equal(isSyncRequest({ modules: {}, assets: {}, page: 'index.html' }), false);
});

test('a place is counted from zero up in whole numbers', () => {
  assert.ok(isOpenRequest({ file: 'a.js', line: 3, column: 1 }));
  for (const line of [-1, 1.5, Number.NaN, '1', null]) assert.equal(isOpenRequest({ file: 'a.js', line, column: 1 }), false);
});
