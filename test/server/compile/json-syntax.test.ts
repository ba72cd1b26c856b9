import assert from 'node:assert/strict';
import { describe, it } from 'node:test';
import { findJsonError, jsonSyntaxError, readJsonObject, readRelaxedJsonText } from '../../../src/server/compile/json-syntax.ts';
import { HmrError } from '../../../src/server/errors.ts';
import { fixture } from '../../harness/fixture.ts';

const strict = { relaxed: false };
const relaxed = { relaxed: true };

describe('findJsonError', () => {
  const wrong: [text: string, offset: number, message: string][] = [
    ['', 0, 'Expected a value, found the end of the file'],
    ['{', 1, 'Expected a name in double quotes, found the end of the file'],
    ['{"a" 1}', 5, `Expected ':', found 1`],
    ['{"a":}', 5, 'Expected a value, found }'],
    ['{"a":1,}', 7, 'Expected a name in double quotes, found }'],
    ['{a:1}', 1, 'Expected a name in double quotes, found a'],
    [`{'a':1}`, 1, `Expected a name in double quotes, found '`],
    ['{"a":1 "b":2}', 7, `Expected ',' or '}', found "`],
    ['[1,2', 4, `Expected ',' or ']', found the end of the file`],
    ['[1,,2]', 3, 'Expected a value, found ,'],
    ['[1] x', 4, 'Expected the end of the file, found x'],
    ['[01]', 1, 'Expected a value, found 01'],
    ['[undefined]', 1, 'Expected a value, found undefined'],
    ['["a\nb"]', 1, 'Expected a string that ends on its line and has no wrong escape, found "'],
    ['["\\x"]', 1, 'Expected a string that ends on its line and has no wrong escape, found "'],
    ['[1] // c', 4, 'Expected the end of the file, found a comment'],
  ];
  for (const [text, offset, message] of wrong) {
    it(`says where ${JSON.stringify(text)} is wrong`, () => assert.deepEqual(findJsonError(text, strict), { offset, message }));
    it(`agrees with JSON.parse on ${JSON.stringify(text)}`, () => assert.throws(() => JSON.parse(text), SyntaxError));
  }

  const right = ['1', '-1.5e+3', '"\\u00e9\\n"', 'null', '[]', '{}', ' {"a": [1, {"b": true}], "": false} \r\n', '"\u2028"'];
  for (const text of right) {
    it(`accepts ${JSON.stringify(text)}`, () => {
      assert.equal(findJsonError(text, strict), undefined);
      JSON.parse(text);
    });
  }

  it('accepts comments and trailing commas where they are allowed', () => {
    const text = '\ufeff// one\n{ /* two */ "a": [1, 2,], // three\n}\n/* four */';
    assert.equal(findJsonError(text, relaxed), undefined);
    assert.notEqual(findJsonError(text, strict), undefined);
  });

  it('does not take a comment that never ends', () => {
    assert.equal(findJsonError('{} /* a', relaxed)?.offset, 3);
  });
});

describe('jsonSyntaxError', () => {
  it('has place, frame and, for a comment, the reason', () => {
    const error = jsonSyntaxError('{\n  // no\n}', '/x/data.json', strict);
    assert.ok(error);
    assert.equal(error.code, 'SYNTAX');
    assert.deepEqual(error.location, { file: '/x/data.json', line: 2, column: 3 });
    assert.match(error.frame ?? '', /> 2 \| {3}\/\/ no/);
    assert.equal(error.hint, 'JSON has no comments.');
  });

  it('is undefined for what is right', () => assert.equal(jsonSyntaxError('{}', '/x.json', strict), undefined));
});

describe('reading', () => {
  it('gives the members of an object, and none of anything else', async () => {
    await using folder = await fixture({ 'a.json': '\ufeff{"type": "module"}', 'b.json': '12' });
    assert.deepEqual(readJsonObject(folder.resolve('a.json')), { type: 'module' });
    assert.deepEqual(readJsonObject(folder.resolve('b.json')), {});
  });

  it('fails with a place', async () => {
    await using folder = await fixture({ 'a.json': '{\n"type" "module"}' });
    for (const read of [readJsonObject, readRelaxedJsonText]) {
      assert.throws(
        () => read(folder.resolve('a.json')),
        (error: unknown) => error instanceof HmrError && error.location?.line === 2 && error.location.column === 8,
      );
    }
  });

  it('names a file that is not there', () => {
    assert.throws(
      () => readRelaxedJsonText('/nowhere/tsconfig.json'),
      (error: unknown) => error instanceof HmrError && error.code === 'READ' && error.message.includes('/nowhere/tsconfig.json'),
    );
  });
});
