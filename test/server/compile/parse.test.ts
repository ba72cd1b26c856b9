import assert from 'node:assert/strict';
import { describe, it } from 'node:test';
import { HmrError } from '../../../src/server/errors.ts';
import { isAnonymousDefinition, literalText, parseModule, skipTrivia, tryParse, type AnyNode } from '../../../src/server/compile/parse.ts';

function expression(code: string): AnyNode {
  const statement = parseModule(`(${code})`, 'x.js').body[0];
  assert.ok(statement?.type === 'ExpressionStatement');
  return statement.expression;
}

describe('parseModule', () => {
  it('accepts a hashbang and top-level await', () => {
    assert.equal(parseModule('#!/usr/bin/env node\nawait 1;', 'x.js').body.length, 1);
  });

  const wrong: [code: string, message: string, line: number, column: number][] = [
    ['a b', 'Unexpected b', 1, 3],
    ['a = {', 'Unexpected end of file', 1, 6],
    ['a = { // }\n', 'Unexpected end of file', 2, 1],
    ['let a;\nlet a', `Identifier 'a' has already been declared`, 2, 5],
    ['export { b }', `'b' is exported, but nothing in this module declares it`, 1, 10],
    ['a = "b', 'Unterminated string constant', 1, 5],
    ['f(...)', 'Unexpected )', 1, 6],
    ['x = => 1', 'Unexpected =>', 1, 5],
    ['<div/>', 'Unexpected <', 1, 1],
  ];
  for (const [code, message, line, column] of wrong) {
    it(`says what is wrong with ${JSON.stringify(code)}`, () => {
      assert.throws(
        () => parseModule(code, '/x.js'),
        (error: unknown) => {
          assert.ok(error instanceof HmrError);
          assert.deepEqual([error.code, error.message], ['SYNTAX', message]);
          assert.deepEqual(error.location, { file: '/x.js', line, column });
          assert.ok(error.frame?.includes(`> ${line} |`));
          assert.ok(error.cause instanceof SyntaxError);
          return true;
        },
      );
    });
  }
});

it('tryParse tells scripts from modules', () => {
  assert.ok(tryParse('with (a) b', 'script'));
  assert.equal(tryParse('with (a) b', 'module'), undefined);
  assert.equal(tryParse('import "a"', 'script'), undefined);
});

it('skipTrivia passes white space and comments of both kinds', () => {
  const code = ' \t\n// one */ \n/* two\n// */ /**/x / y';
  assert.equal(code[skipTrivia(code, 0)], 'x');
  assert.equal(code[skipTrivia(code, code.indexOf('x') + 1)], '/');
  assert.equal(skipTrivia(code, code.length), code.length);
});

it('literalText takes strings and templates that are as good as one', () => {
  assert.equal(literalText(expression(`'a\\n'`)), 'a\n');
  assert.equal(literalText(expression('`b`')), 'b');
  for (const code of ['`${b}`', '1', 'a', '/a/']) assert.equal(literalText(expression(code)), undefined, code);
});

it('isAnonymousDefinition knows what takes its name from its place', () => {
  for (const code of ['() => 1', 'function () {}', 'class {}', 'async function* () {}'])
    assert.ok(isAnonymousDefinition(expression(code)), code);
  for (const code of ['function f() {}', 'class C {}', '1, () => {}', 'f(() => {})'])
    assert.ok(!isAnonymousDefinition(expression(code)), code);
});
