import assert from 'node:assert/strict';
import { test } from 'node:test';
import { createStreamBacklog } from '../../src/client/stream-backlog.ts';
import type { BacklogLimits, StreamBacklog } from '../../src/client/stream-backlog.ts';
import { parseEventId } from '../../src/client/stream-messages.ts';

function filled(limits?: BacklogLimits): StreamBacklog {
  const backlog = createStreamBacklog(limits);
  backlog.reset({ epoch: 'e', sequence: 10 });
  for (const id of ['e-11', 'e-12', 'e-13']) {
    backlog.push({ name: 'update', data: id, id });
    backlog.push({ name: 'message', data: `plain ${id}`, id });
  }
  return backlog;
}

const after = (backlog: StreamBacklog, id: string): string[] | null =>
  backlog.after(parseEventId(id))?.map((message) => message.data) ?? null;

test('gives what came after an event, whole batches', () => {
  const backlog = filled();
  assert.deepEqual(after(backlog, 'e-12'), ['e-13', 'plain e-13']);
  assert.deepEqual(after(backlog, 'e-13'), []);
  assert.equal(after(backlog, 'e-10')?.length, 6);
  assert.deepEqual(backlog.position, { epoch: 'e', sequence: 13 });
});

test('an event that is still on its way here has nothing after it', () => {
  assert.deepEqual(after(filled(), 'e-20'), []);
});

test('cannot tell: before its beginning, another epoch, no id, never started', () => {
  assert.equal(after(filled(), 'e-9'), null);
  assert.equal(after(filled(), 'f-12'), null);
  assert.equal(filled().after(undefined), null);
  assert.equal(after(createStreamBacklog(), 'e-1'), null);
});

test('a batch of which a part was dropped counts as gone', () => {
  const backlog = filled({ messages: 3, characters: 1_000 });
  assert.equal(after(backlog, 'e-11'), null);
  assert.deepEqual(after(backlog, 'e-12'), ['e-13', 'plain e-13']);
});

test('is bounded in size too', () => {
  const backlog = createStreamBacklog({ messages: 100, characters: 1_000 });
  backlog.reset({ epoch: 'e', sequence: 0 });
  for (let n = 1; n <= 50; n++) backlog.push({ name: 'update', data: 'x'.repeat(300), id: `e-${n}` });
  assert.equal(after(backlog, 'e-46'), null);
  assert.equal(after(backlog, 'e-47')?.length, 3);
  backlog.push({ name: 'update', data: 'x'.repeat(5_000), id: 'e-51' });
  assert.equal(after(backlog, 'e-50'), null);
  assert.deepEqual(after(backlog, 'e-51'), []);
});

test('a message without an id belongs to the event before it; one of another epoch to nobody', () => {
  const backlog = filled();
  backlog.push({ name: 'message', data: 'bare', id: '' });
  backlog.push({ name: 'update', data: 'foreign', id: 'f-99' });
  assert.deepEqual(after(backlog, 'e-12'), ['e-13', 'plain e-13', 'bare']);
  assert.deepEqual(backlog.position, { epoch: 'e', sequence: 13 });
});

test('starts anew', () => {
  const backlog = filled();
  backlog.reset({ epoch: 'f', sequence: 2 });
  assert.equal(after(backlog, 'e-12'), null);
  assert.deepEqual(after(backlog, 'f-2'), []);
  backlog.clear();
  assert.equal(backlog.position, undefined);
  backlog.push({ name: 'update', data: '', id: 'f-3' });
  assert.equal(after(backlog, 'f-2'), null);
});
