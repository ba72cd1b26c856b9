import assert from 'node:assert/strict';
import { describe, it } from 'node:test';
import { createReplayBuffer, sequenceOf } from '../../../src/server/hot/replay.ts';

function filled(count: number, limits: { events: number; sizeBytes: number }, sizeBytes = 10): (sequence: number) => string[] | null {
  const buffer = createReplayBuffer(limits);
  for (let n = 1; n <= count; n++) buffer.push(Buffer.from(String(n).padEnd(sizeBytes, '.')));
  return (sequence) => buffer.after(sequence)?.map((chunk) => String(chunk).replace(/\.+/, '')) ?? null;
}

describe('createReplayBuffer', () => {
  it('gives what followed', () => {
    const after = filled(3, { events: 10, sizeBytes: 1000 });
    assert.deepEqual(after(0), ['1', '2', '3']);
    assert.deepEqual(after(2), ['3']);
    assert.deepEqual(after(3), []);
  });
  it('knows nothing of the future', () => {
    const after = filled(3, { events: 10, sizeBytes: 1000 });
    assert.equal(after(4), null);
    assert.equal(after(1e15), null);
  });
  it('before the first event, only the beginning is known', () => {
    const after = filled(0, { events: 10, sizeBytes: 1000 });
    assert.deepEqual(after(0), []);
    assert.equal(after(1), null);
  });
  it('is bounded in count', () => {
    const after = filled(100, { events: 10, sizeBytes: 1e6 });
    assert.equal(after(89), null);
    assert.deepEqual(after(90)?.length, 10);
    assert.deepEqual(after(98), ['99', '100']);
  });
  it('is bounded in bytes', () => {
    const after = filled(100, { events: 1000, sizeBytes: 35 });
    assert.equal(after(96), null);
    assert.deepEqual(after(97), ['98', '99', '100']);
  });
  it('keeps nothing where one event is over the limit, and goes on after it', () => {
    const buffer = createReplayBuffer({ events: 10, sizeBytes: 20 });
    buffer.push(Buffer.from('small'));
    buffer.push(Buffer.alloc(21));
    assert.equal(buffer.after(0), null);
    assert.equal(buffer.after(1), null);
    assert.deepEqual(buffer.after(2), []);
    buffer.push(Buffer.from('next'));
    assert.deepEqual(buffer.after(2)?.map(String), ['next']);
  });
});

describe('sequenceOf', () => {
  const cases: readonly (readonly [id: string | null, sequence: number | null])[] = [
    ['e1-0', 0],
    ['e1-7', 7],
    ['e1-123456789012345', 123456789012345],
    ['e1-1234567890123456', null],
    ['e2-7', null],
    ['e1', null],
    ['e1-', null],
    ['e1-07', null],
    ['e1--1', null],
    ['e1-1.5', null],
    ['e1-1e3', null],
    ['e1-0x10', null],
    ['e1-7 ', null],
    [' e1-7', null],
    ['e1-7\n', null],
    ['e1-NaN', null],
    ['7', null],
    ['', null],
    [null, null],
  ];
  for (const [id, sequence] of cases) it(`${JSON.stringify(id)} is ${sequence}`, () => assert.equal(sequenceOf(id, 'e1'), sequence));
});
