import assert from 'node:assert/strict';
import { test } from 'node:test';
import { createTabStorage } from '../../src/client/tab-storage.ts';
import { memoryStorage } from './memory-storage.ts';

test('a note is read as often as wanted and taken once', () => {
  const storage = createTabStorage(() => memory);
  const memory = memoryStorage();
  storage.write('note', { a: [1, 2] });
  assert.deepEqual(storage.read('note'), { a: [1, 2] });
  assert.deepEqual(storage.take('note'), { a: [1, 2] });
  assert.equal(storage.take('note'), undefined);
  assert.equal(memory.length, 0);
});

test('notes stand under names of their own', () => {
  const memory = memoryStorage();
  createTabStorage(() => memory).write('note', 1);
  assert.equal(memory.key(0), 'hmr-dev:note');
});

test('no storage, or what somebody else wrote: no note, no error', () => {
  const denied = createTabStorage(() => {
    throw new DOMException('denied', 'SecurityError');
  });
  denied.write('note', 1);
  assert.equal(denied.take('note'), undefined);
  const broken = createTabStorage(() => memoryStorage({ broken: true }));
  broken.write('note', 1);
  assert.equal(broken.read('note'), undefined);
  const memory = memoryStorage();
  memory.setItem('hmr-dev:note', '{not json');
  assert.equal(createTabStorage(() => memory).read('note'), undefined);
});
