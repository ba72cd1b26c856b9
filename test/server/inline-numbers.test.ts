import assert from 'node:assert/strict';
import { test } from 'node:test';
import { createInlineNumbers } from '../../src/server/inline-numbers.ts';

const history = (...versions: readonly (readonly string[])[]): (readonly number[])[] => {
  const numbers = createInlineNumbers();
  return versions.map((texts) => numbers.assign('/index.html', texts));
};

test('scripts are numbered in order, and the same again for the same page', () => {
  assert.deepEqual(history(['a', 'b'], ['a', 'b']), [
    [0, 1],
    [0, 1],
  ]);
});

test('a script that is put in takes a new number, and the others keep theirs', () => {
  assert.deepEqual(history(['a', 'b'], ['x', 'a', 'b'], ['x', 'a', 'y', 'b']).slice(1), [
    [2, 0, 1],
    [2, 0, 3, 1],
  ]);
});

test('a changed script keeps its number: known by who stands before or behind it', () => {
  assert.deepEqual(history(['a', 'b', 'c'], ['a', 'B', 'c'])[1], [0, 1, 2]);
  assert.deepEqual(history(['a', 'b'], ['A', 'b'], ['A', 'B'])[2], [0, 1]);
  assert.deepEqual(history(['a'], ['A'])[1], [0]);
  assert.deepEqual(history(['a', 'b'], ['x', 'a', 'B'])[1], [2, 0, 1]);
});

test('equal scripts are told apart by their order, and moved ones by their text', () => {
  assert.deepEqual(history(['a', 'a'], ['a', 'x', 'a'])[1], [0, 2, 1]);
  assert.deepEqual(history(['a', 'b'], ['b', 'a'])[1], [1, 0]);
});

test('a script that comes back has its old number; a page without any is just being written', () => {
  assert.deepEqual(history(['a', 'b'], ['b'], ['a', 'b'])[2], [0, 1]);
  assert.deepEqual(history(['a', 'b'], [], ['a', 'b'])[2], [0, 1]);
});

test('each page counts for itself', () => {
  const numbers = createInlineNumbers();
  numbers.assign('/index.html', ['a']);
  assert.deepEqual(numbers.assign('/other.html', ['b']), [0]);
});
