import assert from 'node:assert/strict';
import { describe, test } from 'node:test';
import { createPaint, stripColors, supportsColor } from '../../src/server/colors.ts';

const terminal = { isTTY: true, write: () => true };
const pipe = { write: () => true };

describe('supportsColor', () => {
  test('a terminal yes, a pipe no', () => {
    assert.equal(supportsColor(terminal, {}), true);
    assert.equal(supportsColor(pipe, {}), false);
  });
  test('NO_COLOR turns it off, unless it is empty', () => {
    assert.equal(supportsColor(terminal, { NO_COLOR: '1' }), false);
    assert.equal(supportsColor(terminal, { NO_COLOR: '' }), true);
  });
  test('FORCE_COLOR decides before everything else', () => {
    assert.equal(supportsColor(pipe, { FORCE_COLOR: '1' }), true);
    assert.equal(supportsColor(pipe, { FORCE_COLOR: '', NO_COLOR: '1' }), true);
    assert.equal(supportsColor(terminal, { FORCE_COLOR: '0' }), false);
    assert.equal(supportsColor(terminal, { FORCE_COLOR: 'false' }), false);
  });
  test('a dumb terminal has none', () => assert.equal(supportsColor(terminal, { TERM: 'dumb' }), false));
});

describe('createPaint', () => {
  test('adds escape sequences, which stripColors removes', () => {
    const painted = createPaint(true)(['red', 'bold'], 'x');
    assert.ok(painted.startsWith('\u001b['));
    assert.equal(stripColors(painted), 'x');
  });
  test('leaves the text alone when off', () => assert.equal(createPaint(false)('red', 'x'), 'x'));
});
