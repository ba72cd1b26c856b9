import assert from 'node:assert/strict';
import { it } from 'node:test';
import { createEdits } from '../../../src/server/compile/edits.ts';

it('wraps outer nodes around inner ones that begin or end at the same place', () => {
  const edits = createEdits('abc');
  edits.open(0, '[');
  edits.close(3, ']');
  edits.open(0, '(');
  edits.close(3, ')');
  edits.replace(0, 1, 'A');
  assert.equal(edits.finish('<', '>'), '<[(Abc)]>');
});

it('puts what closes in front of what opens', () => {
  const edits = createEdits('ab');
  edits.open(1, '(');
  edits.close(1, ')');
  assert.equal(edits.finish('', ''), 'a)(b');
});

it('keeps the line terminators of what it replaces', () => {
  const edits = createEdits('a\r\nb\rc\u2028d\ne');
  edits.replace(0, 8, 'x');
  assert.equal(edits.finish('', ''), 'x\r\n\r\u2028\ne');
});

it('moves a range with what was put in at its ends, and edits inside', () => {
  const edits = createEdits('for (left of right) body');
  const left = 5;
  const body = 20;
  edits.open(left, '{');
  edits.close(left + 4, ';');
  edits.move(left, left + 4, body);
  edits.replace(left, left + 4, 'LEFT');
  edits.open(body, '{');
  assert.equal(edits.finish('', ''), 'for ( of right) {LEFT;{body');
});

it('maps positions behind edits', () => {
  const edits = createEdits('one two\nthree');
  edits.replace(0, 3, 'a longer one');
  const code = edits.finish('first ', '\nlast');
  assert.equal(code, 'first a longer one two\nthree\nlast');
  const map = edits.map('/src/x.js');
  assert.deepEqual(map.sources, ['/src/x.js']);
  const [first = '', second = ''] = map.mappings.split(';');
  assert.ok(first.startsWith('MAAA,'), 'column 6 is column 0');
  assert.ok(second.startsWith('AAC'), 'the second line begins the second line');
});
