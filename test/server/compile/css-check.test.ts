import assert from 'node:assert/strict';
import { describe, test } from 'node:test';
import { checkCss } from '../../../src/server/compile/css.ts';
import { HmrError } from '../../../src/server/errors.ts';

describe('what loses the rest of a sheet', () => {
  const broken: [string, string, string][] = [
    ['.a {{ color: red }', '"{" is not closed.', '1:4'],
    ['.a { color: red', '"{" is not closed.', '1:4'],
    ['.a { width: calc(1px; }\n.b {}', '"calc(" is not closed.', '1:13'],
    ['a {}\n/* b {}', 'A comment is not closed.', '2:1'],
    ['a { content: "x', 'A string is not closed.', '1:14'],
    ['a { background: url(x', 'A url() is not closed.', '1:17'],
    ['a[b { c: d }', '"[" is not closed.', '1:2'],
  ];
  for (const [source, message, place] of broken) {
    test(JSON.stringify(source), () => {
      assert.throws(
        () => checkCss(source, '/site/a.css'),
        (error) =>
          error instanceof HmrError &&
          error.message === message &&
          `${error.location?.line}:${error.location?.column}` === place &&
          error.frame !== undefined,
      );
    });
  }
});

describe('what browsers pass over', () => {
  for (const source of [
    '',
    'a } b {}',
    'a { b: c) }',
    'a { content: "x\n} b {}',
    '@media (min-width: 1px) { a { b: url(x) } }',
    ':is(a, [b="{"]) { c: "}" }',
    '/* { */',
  ])
    test(JSON.stringify(source), () => checkCss(source, '/site/a.css'));
});
