/** Which unit is which, and when nobody can tell: from the shapes of two texts. */
import assert from 'node:assert/strict';
import { describe, test } from 'node:test';
import { matchShapes } from '../../../src/runtime/swap/match.ts';
import { shapeOf } from '../../swap/shape-of.ts';

/** The reason, or what of the old is what of the new, by slots. */
function matched(before: string, after: string): string {
  const result = matchShapes(shapeOf(before), shapeOf(after));
  if ('refusal' in result) return `${result.refusal.line ?? '?'}: ${result.refusal.reason}`;
  return result.match.functions.map((entry) => `${entry.before?.slot ?? 'new'}→${entry.after.slot}`).join(' ');
}

describe('functions of statements', () => {
  test('one that changed', () => assert.equal(matched('on("a", () => 1);', 'on("a", () => 2);'), '0→0'));
  test('two that changed places', () =>
    assert.equal(matched('on("a", () => 1); on("b", () => 2);', 'on("b", () => 2); on("a", () => 1);'), '1→0 0→1'));
  test('one of two that are alike', () => assert.equal(matched('on(() => 1); on(() => 2);', 'on(() => 1); on(() => 3);'), '0→0 1→1'));
  test('both of two that are alike', () =>
    assert.match(matched('on(() => 1); on(() => 2);', 'on(() => 3); on(() => 4);'), /which of two statements that are alike/));
  test('one more that is alike is new', () => assert.equal(matched('on(() => 1);', 'on(() => 0); on(() => 1);'), 'new→0 0→1'));
  test('one more, while the other changed', () => assert.match(matched('on(() => 1);', 'on(() => 0); on(() => 2);'), /are alike/));
  test('one less', () => assert.match(matched('on(() => 1); on(() => 2);', 'on(() => 2);'), /removed/));
});

describe('functions of values', () => {
  test('by the way to them', () =>
    assert.equal(matched('const a = { f() {}, g() {} };', 'const a = { g() {}, x: 1, f() {} };'), '1→0 0→1'));
  test('an added one is new', () => assert.equal(matched('const a = { f() {} };', 'const a = { e() {}, f() {} };'), 'new→0 0→1'));
  test('two of a list that changed places', () =>
    assert.match(matched('const a = [() => 1, () => 2];', 'const a = [() => 2, () => 1];'), /which/));
  test('one of a list', () => assert.equal(matched('const a = [() => 1, () => 2];', 'const a = [() => 1, () => 3];'), '0→0 1→1'));
  test('two methods that changed bodies', () =>
    assert.equal(matched('const a = { f() { 1 }, g() { 2 } };', 'const a = { f() { 2 }, g() { 1 } };'), '0→0 1→1'));
  test('in a list, by what they are', () =>
    assert.equal(matched('const a = [() => 1, () => 2];', 'const a = [() => 2, () => 1, 0];'), '1→0 0→1'));
});

describe('refused', () => {
  const cases: readonly (readonly [string, string, string, RegExp])[] = [
    ['a changed statement', 'f(1);', 'f(2);', /^1: a statement at module level changed/],
    ['a removed statement', 'f(1); g();', 'g();', /removed/],
    ['a variable that becomes a function', 'let f = 1;', 'function f() {}', /f was a variable and is a function now/],
    ['eval', 'let a; function f() {}', 'let a; function f() { eval("a") }', /eval/],
    ['an added statement that awaits', 'f();', 'f();\nawait g();', /^2: .*awaits/],
    ['a changed static block', 'class A { static { f(1) } }', 'class A { static { f(2) } }', /static block/],
    ['a private name of another kind', 'class A { #x = 1 }', 'class A { #x() {} }', /#x of A/],
  ];
  for (const [name, before, after, reason] of cases) test(name, () => assert.match(matched(before, after), reason));
});
