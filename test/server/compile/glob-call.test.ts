import assert from 'node:assert/strict';
import { describe, it } from 'node:test';
import { HmrError } from '../../../src/server/errors.ts';
import { readGlobCall, type GlobCall } from '../../../src/server/compile/glob-call.ts';
import { parseModule } from '../../../src/server/compile/parse.ts';

function read(code: string): GlobCall {
  const [statement] = parseModule(code, 'x.js').body;
  assert.ok(statement?.type === 'ExpressionStatement' && statement.expression.type === 'CallExpression');
  return readGlobCall(statement.expression, ({ start, end }, message) => new HmrError('GLOB', `${code.slice(start, end)}: ${message}`));
}

describe('the arguments of import.meta.glob', () => {
  it('are a pattern or several, and options', () => {
    assert.deepEqual(read('import.meta.glob("./a/*.js")'), {
      patterns: ['./a/*.js'],
      eager: false,
      name: '*',
      query: '',
      base: undefined,
      exhaustive: false,
    });
    const call = `import.meta.glob(['./a', \`!./b\`,], { eager: true, 'import': 'default', query: '?raw', base: '/src', exhaustive: true })`;
    assert.deepEqual(read(call), {
      patterns: ['./a', '!./b'],
      eager: true,
      name: 'default',
      query: '?raw',
      base: '/src',
      exhaustive: true,
    });
  });

  it('may give the query as text or object', () => {
    const queryOf = (query: string): string => read(`import.meta.glob('./a', { query: ${query} })`).query;
    assert.deepEqual(["''", "'url'", "'?url'", '{}', '{ raw: true }', `{ a: 'b c', d: 1, e: '' }`].map(queryOf), [
      '',
      '?url',
      '?url',
      '',
      '?raw',
      '?a=b%20c&d=1&e',
    ]);
  });

  const wrong: [code: string, message: RegExp][] = [
    ['import.meta.glob()', /^import\.meta\.glob\(\): .* takes a pattern/],
    ['import.meta.glob("./a", {}, 1)', /^1: /],
    ['import.meta.glob(name)', /^name: A pattern .* literal text/],
    ['import.meta.glob(`./${name}`)', /^`\.\/\$\{name\}`: /],
    ['import.meta.glob(["./a", ...more])', /^\.\.\.more: /],
    ['import.meta.glob([,"./a"])', /^\[,"\.\/a"\]: /],
    ['import.meta.glob("./a" + 1)', /^"\.\/a" \+ 1: /],
    ['import.meta.glob(["!./a"])', /only says what it leaves out/],
    ['import.meta.glob([])', /only says what it leaves out/],
    ['import.meta.glob("./a", options)', /^options: The options/],
    ['import.meta.glob("./a", { ...options })', /^\.\.\.options: The options/],
    ['import.meta.glob("./a", { eager })', /^eager: The option "eager" .* literal boolean/],
    ['import.meta.glob("./a", { eager: 1 })', /^1: /],
    ['import.meta.glob("./a", { import: null })', /^null: The option "import" .* literal string/],
    ['import.meta.glob("./a", { as: "raw" })', /^"raw": .* has no option "as"/],
    ['import.meta.glob("./a", { query: { a: b } })', /^b: "a" in the query/],
    ['import.meta.glob("./a", { base: "pages" })', /^"pages": .* cannot be "pages"/],
    ['import.meta.glob("./a", { ["eager"]: true })', /^\["eager"\]: true: The options/],
  ];
  for (const [code, message] of wrong) it(`are refused: ${code}`, () => assert.throws(() => read(code), { code: 'GLOB', message }));
});
