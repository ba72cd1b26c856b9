import assert from 'node:assert/strict';
import { after, describe, it } from 'node:test';
import { stopEsbuild } from '../../../src/server/compile/esbuild.ts';
import { link } from '../../../src/server/compile/link.ts';
import { transformSource, transformWithMap, type TransformSourceOptions } from '../../../src/server/compile/transform.ts';
import { HmrError } from '../../../src/server/errors.ts';

after(stopEsbuild);

type Options = Partial<TransformSourceOptions>;

async function codeOf(source: string, options: Options = {}): Promise<string> {
  return (await transformSource(source, { filePath: '/site/main.ts', loader: 'ts', ...options })).code;
}

async function errorOf(source: string, options: Options = {}): Promise<HmrError> {
  const error: unknown = await codeOf(source, options).then(
    (code) => assert.fail(`compiled to ${code}`),
    (reason: unknown) => reason,
  );
  assert.ok(error instanceof HmrError);
  return error;
}

/** Runs what came out. */
async function run(source: string, options: Options = {}): Promise<Record<string, unknown>> {
  const namespace: Record<string, unknown> = await import(`data:text/javascript,${encodeURIComponent(await codeOf(source, options))}`);
  return { ...namespace };
}

describe('TypeScript', () => {
  it('loses its types and keeps its modules', async () => {
    const source = `import { a, type B } from './a.ts';\nimport type { C } from './c.ts';\nexport const d: B | C = a satisfies B;\nexport * from './e.ts';`;
    const code = await codeOf(source);
    assert.match(code, /import \{ a \} from ".\/a.ts"/);
    assert.match(code, /export \* from ".\/e.ts"/);
    assert.doesNotMatch(code, /c\.ts|satisfies|B/);
  });

  it('drops imports that only types use, unless tsconfig says verbatim', async () => {
    const source = `import { T } from './t.ts'; export const x: T = 1;`;
    assert.doesNotMatch(await codeOf(source), /import/);
    assert.match(
      await codeOf(source, { tsconfigRaw: { compilerOptions: { verbatimModuleSyntax: true } } }),
      /import \{ T \} from ".\/t.ts"/,
    );
  });

  it('has enums, namespaces and parameter properties', async () => {
    const exports = await run(
      `enum E { A, B = 'b' } namespace N { export const x = 1; } class P { constructor(readonly y: number) {} }
       export const a: string = E[0]; export const b = E.B; export const x = N.x; export const y = new P(2).y;`,
    );
    assert.deepEqual(exports, { a: 'A', b: 'b', x: 1, y: 2 });
  });

  it('has the decorators of the standard', async () => {
    const exports = await run(
      `const log: string[] = []; function dec<T>(value: T, context: { name: string | symbol }) { log.push(String(context.name)); return value; }
       @dec class A { @dec m() {} @dec accessor n = 1 } export const names = log.join(); export const n = new A().n;`,
    );
    assert.deepEqual(exports, { names: 'm,n,A', n: 1 });
  });

  it('has the decorators that came before it, where tsconfig says so', async () => {
    const source = `const log: string[] = []; const dec = (target: object, key: string) => { log.push(key); }; class A { @dec m() {} } export const keys = log.join();`;
    assert.deepEqual(await run(source, { tsconfigRaw: { compilerOptions: { experimentalDecorators: true } } }), { keys: 'm' });
  });

  it('has the class fields that the target of tsconfig has', async () => {
    const source = `const set: string[] = []; class A { set x(v: number) { set.push('x'); } } class B extends A { x = 1 } new B(); export const calls = set.length;`;
    assert.deepEqual(await run(source), { calls: 0 });
    assert.deepEqual(await run(source, { tsconfigRaw: { compilerOptions: { target: 'es2020' } } }), { calls: 1 });
  });

  it('disposes what was declared with using', async () => {
    const source = `const log: string[] = []; { using a = { [Symbol.dispose ?? Symbol.for('Symbol.dispose')]() { log.push('end'); } }; log.push('body'); } export const said = log.join();`;
    assert.deepEqual(await run(source), { said: 'body,end' });
  });

  it('comes out in a form that can be linked', async () => {
    const source = `export default class A { static #x = 1; static x() { return A.#x } } export enum E { A } export { E as F }; export const f = async () => import('./x.ts'); await f();`;
    const linked = link(await codeOf(source), { file: '/site/main.ts' });
    assert.deepEqual([...linked.exports].sort(), ['E', 'F', 'default', 'f']);
    assert.equal(linked.async, true);
  });

  it('stays at top level: not wrapped, not shaken, not renamed', async () => {
    const source = `const unused = 1;\nimport.meta.hot?.accept();\nexport {};`;
    assert.equal(await codeOf(source), 'const unused = 1;\nimport.meta.hot?.accept();\nexport {};\n');
  });
});

describe('JSX', () => {
  const source = 'export const x = <a b="c">d</a>;';
  const cases: [what: string, options: Options, expected: RegExp][] = [
    ['is classic by default', {}, /React\.createElement\("a", \{ b: "c" \}, "d"\)/],
    [
      'is automatic where tsconfig says so',
      { tsconfigRaw: { compilerOptions: { jsx: 'react-jsx' } } },
      /import \{ jsx \} from "react\/jsx-runtime";/,
    ],
    [
      'imports from another library',
      { tsconfigRaw: { compilerOptions: { jsx: 'react-jsx', jsxImportSource: 'preact' } } },
      /from "preact\/jsx-runtime"/,
    ],
    ['calls another factory', { tsconfigRaw: { compilerOptions: { jsx: 'react', jsxFactory: 'h' } } }, /h\("a"/],
    [
      'has places for development',
      { tsconfigRaw: { compilerOptions: { jsx: 'react-jsxdev' } } },
      /fileName: "\/site\/main\.ts",\n\s*lineNumber: 1/,
    ],
  ];
  for (const [what, options, expected] of cases) {
    it(what, async () => assert.match(await codeOf(source, { loader: 'tsx', ...options }), expected));
  }

  it('works in JavaScript, and with a pragma', async () => {
    assert.match(await codeOf(`/** @jsx h */\n${source}`, { loader: 'jsx' }), /h\("a"/);
  });
});

describe('JavaScript', () => {
  it('that a parser does not know yet is lowered', async () => {
    assert.deepEqual(await run('const dec = (v) => v; @dec class A {} export const name = A.name;', { loader: 'js' }), { name: 'A' });
  });

  it('of today stays as it is', async () => {
    const source = 'export class A {\n  #x = a?.b ?? 1n;\n  static {\n  }\n}\nfor await (const b of c) ;\n/(?<a>.)/v.exec("é");\n';
    assert.equal(await codeOf(source, { loader: 'js' }), source);
  });

  it('keeps import attributes', async () => {
    assert.match(await codeOf(`import a from './a.json' with { type: 'json' }; a();`), /with \{ type: "json" \}/);
  });
});

describe('errors', () => {
  it('have place, frame and the sentence', async () => {
    const error = await errorOf('let a = 1;\nlet b = ;\n');
    assert.deepEqual([error.code, error.message], ['SYNTAX', 'Unexpected ";"']);
    assert.deepEqual(error.location, { file: '/site/main.ts', line: 2, column: 9 });
    assert.match(error.frame ?? '', /> 2 \| let b = ;\n {4}\| {9}\^/);
  });

  it('count columns in UTF-16 units', async () => {
    const source = 'const é = "😀", b: string = ;';
    assert.equal((await errorOf(source)).location?.column, source.indexOf(';') + 1);
  });

  it('tell all that is wrong', async () => {
    const error = await errorOf('let a = 1;\nlet a = 2;\nlet b = 1;\nlet b = 2;\n');
    assert.match(error.message, /^The symbol "a" has already been declared/);
    assert.match(error.message, /\n\/site\/main\.ts:4:5: The symbol "b" has already/);
    assert.match(error.hint ?? '', /"a" was originally declared here \(line 1\)/);
  });

  it('keep the original', async () => assert.ok((await errorOf('(')).cause instanceof Error));

  it('point at the end of a file that ends too early', async () => {
    const { message, location } = await errorOf('function f() {');
    assert.equal(message, 'Unexpected end of file');
    assert.deepEqual([location?.line, location?.column], [1, 15]);
  });
});

describe('warnings', () => {
  it('have a place', async () => {
    const { warnings } = await transformSource('export const a = { x: 1, x: 2 };', { filePath: '/site/main.js', loader: 'js' });
    assert.equal(warnings.length, 1);
    assert.match(warnings[0]?.message ?? '', /Duplicate key "x"/);
    assert.deepEqual(warnings[0]?.location, { file: '/site/main.js', line: 1, column: 26 });
  });

  it('are none for code without faults', async () => {
    assert.deepEqual((await transformSource('export {};', { filePath: '/site/main.ts', loader: 'ts' })).warnings, []);
  });
});

describe('transformWithMap', () => {
  it('gives the same code, and where it came from', async () => {
    const source = 'type A = 1;\n\nexport const b: A = 1;\n';
    const options = { filePath: '/site/main.ts', loader: 'ts' } as const;
    const { code, map } = await transformWithMap(source, options);
    assert.equal(code, (await transformSource(source, options)).code);
    assert.deepEqual([map.version, map.sources, map.sourcesContent], [3, ['/site/main.ts'], [source]]);
    assert.match(map.mappings, /^AAEO/); // first column of the first line: third line, column 7
  });
});
