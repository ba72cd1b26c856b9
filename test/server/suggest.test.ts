import assert from 'node:assert/strict';
import { describe, test } from 'node:test';
import { closest, editDistance } from '../../src/server/suggest.ts';

describe('editDistance', () => {
  const cases: [string, string, number][] = [
    ['', '', 0],
    ['', 'abc', 3],
    ['abc', '', 3],
    ['port', 'port', 0],
    ['prot', 'port', 1],
    ['por', 'port', 1],
    ['porrt', 'port', 1],
    ['pert', 'port', 1],
    ['kitten', 'sitting', 3],
    ['ab', 'ba', 1],
  ];
  for (const [a, b, distance] of cases) {
    test(`${a} → ${b} is ${distance}`, () => assert.equal(editDistance(a, b), distance));
  }
});

describe('closest', () => {
  test('finds the nearest of several', () => assert.equal(closest('strict-prot', ['port', 'strict-port', 'spa']), 'strict-port'));
  test('says nothing when nothing is near', () => assert.equal(closest('banana', ['port', 'host', 'open']), undefined));
  test('does not replace a short word by another', () => assert.equal(closest('abc', ['xyz', 'spa']), undefined));
  test('ignores case', () => assert.equal(closest('PORT', ['port']), 'port'));
  test('allows one edit in a short word', () => assert.equal(closest('sr', ['src', 'dist']), 'src'));
  test('works without candidates', () => assert.equal(closest('x', []), undefined));
});
