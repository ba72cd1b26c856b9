import assert from 'node:assert/strict';
import { test } from 'node:test';
import { authorsText, installSourceText, showInstead } from '../../src/runtime/source-text.ts';
import { link } from '../../src/server/compile/link.ts';

/** What the compile step makes of a declaration, without what stands around it. */
function compiled(code: string): string {
  const { factory } = link(code, { file: 'm.js', hotswap: 'classes' });
  const [, body = ''] = factory.split('yield;');
  return body.replace(/^let f = |;?\s*\}\)$/g, '').trim();
}

const texts: readonly string[] = [
  'function f(a, b) { return a + b; }',
  'async function f() { await 1; }',
  'function* f() { yield 1; }',
  'function f(a = 1, ...b) { return new.target ? a : b; }',
];

for (const text of texts) test(`the author's: ${text}`, () => assert.equal(authorsText(compiled(text)), text));

test("the author's arrow functions", () => {
  assert.equal(authorsText(compiled('const f = (a, b) => a + b;')), '(a, b) => a + b');
  assert.equal(authorsText(compiled('const f = () => ({ a: 1 });')), '() => ({ a: 1 })');
  assert.equal(authorsText(compiled('const f = async a => { await a; };')), 'async (a) => { await a; }');
});

test('toString() shows it, and of a function that was replaced the newest; others are what they were', () => {
  installSourceText();
  installSourceText();
  // oxlint-disable-next-line typescript/no-implied-eval -- its text is what the compile step emits
  const [old, now] = new Function(
    'var $s0;return [function f(a) {if($s0)return $s0.apply(this,arguments); return 1; }, {["f"](a) { return $scope.n + (0,$scope.g)(a); }}.f]',
  )() as [() => void, () => void];
  assert.equal(old.toString(), 'function f(a) { return 1; }');
  const back = showInstead(old, now);
  assert.equal(String(old), '["f"](a) { return n + g(a); }');
  back();
  assert.equal(String(old), 'function f(a) { return 1; }');
  assert.match(Function.prototype.toString.call(Map), /\[native code\]/);
  assert.throws(() => Function.prototype.toString.call({}), TypeError);
});
