import assert from 'node:assert/strict';
import { test } from 'node:test';
import { EVENT_NAMES, formatEventId, parseEventId, parseJson, parseServerEvent } from '../../src/client/stream-messages.ts';

test('event ids', () => {
  assert.deepEqual(parseEventId('abc-12'), { epoch: 'abc', sequence: 12 });
  assert.deepEqual(parseEventId('a-b-0'), { epoch: 'a-b', sequence: 0 });
  assert.equal(formatEventId({ epoch: 'a-b', sequence: 4 }), 'a-b-4');
  for (const id of ['', '-1', 'abc', 'abc-', 'abc-1x', 'abc-1.5', 'abc--', 'abc-9999999999999999999']) {
    assert.equal(parseEventId(id), undefined, id);
  }
});

test('named events are what their name promises, or nothing', () => {
  const parse = (name: string, data: string): unknown => parseServerEvent({ name, data, id: '' });
  assert.deepEqual(parse('fixed', '{"type":"fixed"}'), { type: 'fixed' });
  assert.deepEqual(parse('reload', '{"type":"reload","reason":"r"}'), { type: 'reload', reason: 'r' });
  assert.equal(parse('update', '{"type":"fixed"}'), undefined);
  assert.equal(parse('message', '{"type":"message"}'), undefined);
  assert.equal(parse('toString', '{"type":"toString"}'), undefined);
  assert.equal(parse('fixed', '<html>502</html>'), undefined);
  assert.equal(parse('fixed', 'null'), undefined);
});

test('every event of the protocol has its name listed once', () => {
  assert.deepEqual([...EVENT_NAMES].sort(), ['custom', 'error', 'fixed', 'hello', 'reload', 'update']);
});

test('text that is not JSON is undefined', () => {
  assert.equal(parseJson('"view.js"'), 'view.js');
  assert.equal(parseJson('view.js'), undefined);
});
