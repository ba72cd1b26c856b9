/** What counts as a change of a unit, and what a formatter or a comment may do without one: hashes of shapes, from the text of modules. */
import assert from 'node:assert/strict';
import { describe, test } from 'node:test';
import { link } from '../../../../src/server/compile/link.ts';
import { shapeOf } from '../../../swap/shape-of.ts';

/** Hashes alone, without what only patches say. */
function hashes(code: string): unknown {
  return JSON.parse(JSON.stringify(shapeOf(code), (key, value: unknown) => (key === 'line' || key === 'hasThis' ? undefined : value)));
}

describe('the same to hot-swap', () => {
  const same: readonly (readonly [string, string, string])[] = [
    ['comments and white space', 'const a = {x: 1}; f(a)', 'const a = { // why\n  x: 1,\n};\nf(a); /* done */'],
    ['quotes', `const a = 'x';`, `const a = "x";`],
    ['semicolons and trailing commas', 'const a = [1, 2]\nf(a)', 'const a = [\n  1,\n  2,\n];\nf(a);'],
    ['blank lines between functions', 'function a() { return 1 }\nfunction b() {}', 'function a() {\n  return 1;\n}\n\n\nfunction b() {}'],
  ];
  for (const [name, a, b] of same) test(name, () => assert.deepEqual(hashes(a), hashes(b)));
});

describe('another thing to hot-swap', () => {
  const other: readonly (readonly [string, string, string])[] = [
    ['a space in a string', `const a = 'x y';`, `const a = 'xy';`],
    ['a template', 'const a = `x ${1}`;', 'const a = `x  ${1}`;'],
    ['a regular expression', 'const a = / /;', 'const a = /  /;'],
    ['where an import comes from', `import { a } from './a.js'; function f() { a() }`, `import { a } from './b.js'; function f() { a() }`],
    ['which export an import is', `import { a as x } from './a.js'; f(x)`, `import { b as x } from './a.js'; f(x)`],
    ['a global that becomes a name of the module', 'function f() { return K }', 'const K = 1; function f() { return K }'],
    ['async', 'function f() {}', 'async function f() {}'],
    ['a number', 'const a = 1;', 'const a = 1n;'],
  ];
  for (const [name, a, b] of other) test(name, () => assert.notDeepEqual(hashes(a), hashes(b)));
});

test('a function that is called at once belongs to its value; one that is kept does not', () => {
  const hashOf = (code: string): unknown => {
    const [unit] = shapeOf(code).units;
    return unit && 'hash' in unit ? unit.hash : undefined;
  };
  assert.notEqual(hashOf('const a = [1].map((x) => x);'), hashOf('const a = [1].map((x) => x + 1);'));
  assert.notEqual(hashOf('const a = (() => 1)();'), hashOf('const a = (() => 2)();'));
  assert.equal(hashOf('const a = { f() { return 1 } };'), hashOf('const a = { f() { return 2 } };'));
  assert.equal(hashOf('on(() => 1);'), hashOf('on(() => 2);'));
});

test('functions that see names of a block have no slot; the statement is what changes', () => {
  const [unit] = shapeOf('for (const x of xs) on(() => x);').units;
  assert.ok(unit?.kind === 'statement' && unit.functions === undefined);
});

test('off leaves the text as it was', () => {
  const code = 'export const f = (a) => a;';
  assert.equal(link(code, { file: 'm.js', hotswap: 'off' }).factory, link(code, { file: 'm.js' }).factory);
});
