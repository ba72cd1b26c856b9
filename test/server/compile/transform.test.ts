import assert from 'node:assert/strict';
import { after, describe, it } from 'node:test';
import { stopEsbuild } from '../../../src/server/compile/esbuild.ts';
import { link } from '../../../src/server/compile/link.ts';
import { linkSource } from '../../../src/server/compile/link-source.ts';
import { loadStripTypes } from '../../../src/server/compile/strip-types.ts';
import { lowerSource, type Transformed, type TransformOptions } from '../../../src/server/compile/transform.ts';
import { HmrError } from '../../../src/server/errors.ts';

after(stopEsbuild);

type Options = Partial<TransformOptions>;
type Transform = (source: string, options: TransformOptions) => Promise<Transformed | undefined>;

async function transformedBy(transform: Transform, source: string, options: Options): Promise<Transformed> {
  const result = await transform(source, { filePath: '/site/main.ts', loader: 'ts', tsconfigRaw: {}, ...options });
  assert.ok(result, 'not left to the other one');
  return result;
}

const codeOf = async (source: string, options: Options = {}): Promise<string> => (await transformedBy(lowerSource, source, options)).code;

async function errorOf(source: string, options: Options = {}): Promise<HmrError> {
  const error: unknown = await codeOf(source, options).then(
    (code) => assert.fail(`compiled to ${code}`),
    (reason: unknown) => reason,
  );
  assert.ok(error instanceof HmrError);
  return error;
}

/** Runs what came out. */
async function evaluate(code: string): Promise<Record<string, unknown>> {
  const namespace: Record<string, unknown> = await import(`data:text/javascript,${encodeURIComponent(code)}`);
  return { ...namespace };
}

const run = async (source: string, options: Options = {}): Promise<Record<string, unknown>> => evaluate(await codeOf(source, options));

const stripTypes: Transform = async (source, options) => (await loadStripTypes())(source, options);

/** Both are used for the same files, so both have to do the same. */
const TRANSFORMS: Readonly<Record<string, Transform>> = { stripTypes, lowerSource };

for (const [name, transform] of Object.entries(TRANSFORMS)) {
  const code = async (source: string, options: Options = {}): Promise<string> => (await transformedBy(transform, source, options)).code;

  describe(`${name}: TypeScript`, () => {
    it('loses its types and keeps its modules', async () => {
      const source = `import { a, type B } from './a.ts';\nimport type { C } from './c.ts';\nexport const d: B | C = a satisfies B;\nexport * from './e.ts';`;
      const text = await code(source);
      assert.match(text, /import \{ a \} from ".\/a.ts"/);
      assert.match(text, /export \* from ".\/e.ts"/);
      assert.doesNotMatch(text, /c\.ts|satisfies|B/);
    });

    it('drops imports that only types use, unless tsconfig says verbatim', async () => {
      const source = `import { T } from './t.ts'; export const x: T = 1;`;
      assert.doesNotMatch(await code(source), /import/);
      assert.match(
        await code(source, { tsconfigRaw: { compilerOptions: { verbatimModuleSyntax: true } } }),
        /import \{ T \} from ".\/t.ts"/,
      );
    });

    it('keeps imports for their effects', async () => {
      assert.match(await code(`import './effect.ts';`), /import ".\/effect.ts"/);
    });

    it('has enums, namespaces, parameter properties and overloads', async () => {
      const exports = await evaluate(
        await code(
          `enum E { A, B = 'b' } enum E { C = 5 } namespace N { export const x = 1; } class P { constructor(readonly y: number) {} }
           function f(a: string): string; function f(a: number): number; function f(a: unknown): unknown { return a; }
           export const a: string = E[0]; export const b = E.B; export const c = E.C; export const x = N.x; export const y = new P(2).y; export const z = f(3)!;`,
        ),
      );
      assert.deepEqual(exports, { a: 'A', b: 'b', c: 5, x: 1, y: 2, z: 3 });
    });

    it('defines class fields, also those without a value', async () => {
      const source = `const set: string[] = []; class A { set x(v: number) { set.push('x'); } } class B extends A { x = 1; y?: number; declare z: string } const b = new B(); export const calls = set.length; export const own = Object.keys(b).join();`;
      assert.deepEqual(await evaluate(await code(source)), { calls: 0, own: 'x,y' });
    });

    it('stays at top level: not wrapped, not shaken, not renamed', async () => {
      const source = `const unused = 1;\nimport.meta.hot?.accept();\nexport {};`;
      assert.equal(await code(source), 'const unused = 1;\nimport.meta.hot?.accept();\nexport {};\n');
    });

    it('keeps import attributes', async () => {
      assert.match(await code(`import a from './a.json' with { type: 'json' }; a();`), /with \{ type: "json" \}/);
    });

    it('says where it came from, and gives the same code', async () => {
      const source = 'type A = 1;\n\nexport const b: A = 1;\n';
      const { code: text, map } = await transformedBy(transform, source, { withMap: true });
      assert.equal(text.replace(/\n\/\/# sourceMappingURL.*/, ''), await code(source));
      assert.deepEqual([map?.version, map?.sources, map?.sourcesContent], [3, ['/site/main.ts'], [source]]);
      assert.match(map?.mappings ?? '', /^AAEO|^AAEA/); // the first line: third line
    });
  });

  describe(`${name}: JSX`, () => {
    const source = 'export const x = <a b="c">d</a>;';
    const cases: [what: string, options: Options, expected: RegExp][] = [
      ['is classic by default', {}, /React\.createElement\("a", \{ b: "c" \}, "d"\)/],
      [
        'is automatic where tsconfig says so',
        { tsconfigRaw: { compilerOptions: { jsx: 'react-jsx' } } },
        /import \{ jsx(?: as _jsx)? \} from "react\/jsx-runtime";/,
      ],
      [
        'imports from another library',
        { tsconfigRaw: { compilerOptions: { jsx: 'react-jsx', jsxImportSource: 'preact' } } },
        /from "preact\/jsx-runtime"/,
      ],
      ['calls another factory', { tsconfigRaw: { compilerOptions: { jsx: 'react', jsxFactory: 'h' } } }, /h\("a"/],
    ];
    for (const [what, options, expected] of cases) {
      it(what, async () => assert.match(await code(source, { loader: 'tsx', ...options }), expected));
    }
    it('has fragments of the author', async () => {
      const compilerOptions = { jsx: 'react', jsxFactory: 'h', jsxFragmentFactory: 'Fragment' } as const;
      assert.match(await code('export const x = <>a</>;', { loader: 'tsx', tsconfigRaw: { compilerOptions } }), /h\(Fragment, null, "a"\)/);
    });
    it('has names with a colon', async () => {
      assert.match(await code('export const x = <svg:path />;', { loader: 'jsx' }), /createElement\("svg:path", null\)/);
    });
    it('works in JavaScript, and with a pragma', async () => {
      assert.match(await code(`/** @jsx h */\n${source}`, { loader: 'jsx' }), /h\("a"/);
    });
  });
}

describe('what stripTypes leaves to lowerSource', () => {
  const cases: readonly (readonly [what: string, source: string, options?: Options])[] = [
    ['a mistake', 'let b = ;'],
    ['a name declared twice', 'let a = 1; let a = 2;'],
    ['using', '{ using a = open(); }'],
    ['using in a loop', 'for (using a of all) {}'],
    ['await using', 'await using a: Handle = open();'],
    [
      'decorators that came before the standard',
      'class A { @dec m() {} }',
      { tsconfigRaw: { compilerOptions: { experimentalDecorators: true } } },
    ],
    ['assigned class fields', 'class A { x = 1 }', { tsconfigRaw: { compilerOptions: { target: 'es2020' } } }],
    ['assigned class fields, by name', 'class A { x = 1 }', { tsconfigRaw: { compilerOptions: { useDefineForClassFields: false } } }],
    ['places in JSX', '<a />', { loader: 'tsx', tsconfigRaw: { compilerOptions: { jsx: 'react-jsxdev' } } }],
  ];
  for (const [what, source, options] of cases) {
    it(what, async () => {
      assert.equal(await stripTypes(source, { filePath: '/site/main.ts', loader: 'ts', tsconfigRaw: {}, ...options }), undefined);
    });
  }
  it('not the word in a comment', async () => {
    const source = '// by using a cache: it is faster\nlet using = 1; using = 2; export { using };\n';
    assert.ok(
      await stripTypes(source, { filePath: '/site/main.ts', loader: 'ts', tsconfigRaw: { compilerOptions: { target: 'es2023' } } }),
    );
  });
});

describe('process.env.NODE_ENV', () => {
  it('has its value, and nothing else is lost', async () => {
    const source = `const unused: number = 1;\nexport const is = process.env.NODE_ENV === 'production';\nexport const said: string = process.env.NODE_ENV;\n`;
    const { compiled } = await linkSource(source, { file: '/site/main.ts', loader: 'ts', tsconfigRaw: {} });
    assert.match(compiled?.code ?? '', /unused/);
    assert.deepEqual(await evaluate(compiled?.code ?? ''), { is: false, said: 'development' });
  });
  it('takes the branch that is never run out of a package', async () => {
    const source = `if (process.env.NODE_ENV === 'production') { module.exports = require('./small.js'); } else { module.exports = require('./large.js'); }`;
    const { linked } = await linkSource(source, {
      file: '/site/node_modules/a/index.js',
      loader: 'js',
      tsconfigRaw: {},
      format: 'commonjs',
    });
    assert.deepEqual(
      linked.dynamic.map(({ specifier }) => specifier),
      ['./large.js'],
    );
  });
});

describe('linkSource', () => {
  const optionsFor = (loader: TransformOptions['loader']) => ({ file: `/site/main.${loader}`, loader, tsconfigRaw: {} });

  it('lowers what the parser refuses', async () => {
    const source = 'function dec<T>(value: T) { return value; } @dec class A { accessor n = 1 } export const n: number = new A().n;';
    const { linked, compiled } = await linkSource(source, optionsFor('ts'));
    assert.deepEqual(linked.exports, ['n']);
    assert.doesNotMatch(compiled?.code ?? '@', /@dec|accessor n/);
  });
  it('takes JavaScript as it is', async () => {
    assert.equal((await linkSource('export const a = 1;', optionsFor('js'))).compiled, undefined);
  });
  it('tells mistakes by their place in what the author wrote', async () => {
    for (const loader of ['ts', 'js'] as const) {
      await assert.rejects(linkSource('\n\nlet b = ;', optionsFor(loader)), (error: unknown) => {
        assert.ok(error instanceof HmrError);
        assert.deepEqual([error.location?.line, error.location?.column, error.message], [3, 9, 'Unexpected ";"']);
        return true;
      });
    }
  });
});

describe('TypeScript', () => {
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
});

describe('JSX', () => {
  it('has places for development', async () => {
    const options: Options = { loader: 'tsx', tsconfigRaw: { compilerOptions: { jsx: 'react-jsxdev' } } };
    assert.match(await codeOf('export const x = <a b="c">d</a>;', options), /fileName: "\/site\/main\.ts",\n\s*lineNumber: 1/);
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
