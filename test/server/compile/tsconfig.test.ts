import assert from 'node:assert/strict';
import path from 'node:path';
import { describe, it } from 'node:test';
import { createTsconfigFinder, type TsconfigFinder } from '../../../src/server/compile/tsconfig.ts';
import { HmrError } from '../../../src/server/errors.ts';
import { fixture, type Fixture, type FixtureFiles } from '../../harness/fixture.ts';

interface Project extends AsyncDisposable {
  readonly folder: Fixture;
  readonly finder: TsconfigFinder;
  options(name: string): Record<string, unknown>;
  /** Of the tsconfig of a file, relative to the folder. */
  files(name: string): string[] | undefined;
  errorOf(name: string): HmrError;
}

async function project(files: FixtureFiles, root = '.'): Promise<Project> {
  const folder = await fixture(files);
  const finder = createTsconfigFinder({ root: folder.resolve(root) });
  return {
    folder,
    finder,
    options: (name) => ({ ...finder.rawFor(folder.resolve(name)).compilerOptions }),
    files: (name) => finder.find(folder.resolve(name))?.files.map((file) => path.relative(folder.path, file)),
    errorOf(name) {
      try {
        finder.rawFor(folder.resolve(name));
      } catch (error) {
        assert.ok(error instanceof HmrError);
        return error;
      }
      return assert.fail('nothing was wrong');
    },
    [Symbol.asyncDispose]: () => folder[Symbol.asyncDispose](),
  };
}

const options = (compilerOptions: object, more: object = {}): string => JSON.stringify({ compilerOptions, ...more });

describe('the tsconfig of a file', () => {
  it('is the nearest above it', async () => {
    await using site = await project({
      'tsconfig.json': options({ jsx: 'react' }),
      'sub/deep/tsconfig.json': options({ jsx: 'react-jsx' }),
    });
    assert.deepEqual(site.options('main.ts'), { jsx: 'react' });
    assert.deepEqual(site.options('sub/main.ts'), { jsx: 'react' });
    assert.deepEqual(site.options('sub/deep/er/main.ts'), { jsx: 'react-jsx' });
  });

  it('may lie above the served folder', async () => {
    await using site = await project({ 'tsconfig.json': options({ jsxImportSource: 'preact' }), 'src/main.ts': '' }, 'src');
    assert.deepEqual(site.options('src/main.ts'), { jsxImportSource: 'preact' });
    assert.deepEqual(site.files('src/main.ts'), ['tsconfig.json']);
  });

  it('is asked by a path relative to the served folder, too', async () => {
    await using site = await project({ 'src/tsconfig.json': options({ jsx: 'react' }) }, 'src');
    assert.deepEqual(site.finder.rawFor('main.ts'), { compilerOptions: { jsx: 'react' } });
  });

  it('may be a jsconfig.json, but not beside a tsconfig.json', async () => {
    await using site = await project({
      'a/jsconfig.json': options({ jsx: 'react' }),
      'b/jsconfig.json': options({ jsx: 'react' }),
      'b/tsconfig.json': options({ jsx: 'react-jsx' }),
    });
    assert.deepEqual([site.options('a/x.js'), site.options('b/x.js')], [{ jsx: 'react' }, { jsx: 'react-jsx' }]);
  });

  it('is none for packages', async () => {
    await using site = await project({ 'tsconfig.json': options({ jsx: 'react' }), 'node_modules/x/tsconfig.json': '{' });
    assert.deepEqual(site.options('node_modules/x/index.ts'), {});
    assert.equal(site.finder.find(site.folder.resolve('node_modules/x/index.ts')), undefined);
  });
});

describe('options', () => {
  it('are those that esbuild knows', async () => {
    const known = {
      experimentalDecorators: true,
      jsx: 'react',
      jsxFactory: 'h',
      jsxFragmentFactory: 'Fragment',
      target: 'es2020',
      useDefineForClassFields: false,
      verbatimModuleSyntax: true,
    };
    await using site = await project({ 'tsconfig.json': options({ ...known, outDir: 'dist', lib: ['dom'], skipLibCheck: true }) });
    assert.deepEqual(site.options('a.ts'), known);
  });

  it('may stand among comments and trailing commas', async () => {
    await using site = await project({ 'tsconfig.json': '\ufeff// c\n{ "compilerOptions": { /* d */ "jsx": "react", }, }\n' });
    assert.deepEqual(site.options('a.ts'), { jsx: 'react' });
  });

  it('that keep JSX mean the automatic form', async () => {
    await using site = await project({
      'tsconfig.json': options({ jsx: 'preserve' }),
      'b/tsconfig.json': options({ jsx: 'react-native' }),
    });
    assert.deepEqual([site.options('a.tsx'), site.options('b/a.tsx')], [{ jsx: 'react-jsx' }, { jsx: 'react-jsx' }]);
  });

  it('may be none', async () => {
    await using site = await project({ 'tsconfig.json': '{}' });
    assert.deepEqual(site.options('a.ts'), {});
  });
});

describe('extends', () => {
  it('takes over from a file, a list and a package', async () => {
    await using site = await project({
      'tsconfig.json': options({ jsx: 'react-jsx' }, { extends: ['./base.json', '@scope/config/strict.json'] }),
      'base.json': options({ jsx: 'react', jsxImportSource: 'preact' }, { extends: './deep/base' }),
      'deep/base.json': options({ experimentalDecorators: true }),
      'node_modules/@scope/config/package.json': '{"name": "@scope/config"}',
      'node_modules/@scope/config/strict.json': options({ verbatimModuleSyntax: true }),
    });
    assert.deepEqual(site.options('a.ts'), {
      jsx: 'react-jsx',
      jsxImportSource: 'preact',
      experimentalDecorators: true,
      verbatimModuleSyntax: true,
    });
    assert.deepEqual(site.files('a.ts'), ['tsconfig.json', 'base.json', 'deep/base.json']);
  });

  it('of what is missing is an error with a place', async () => {
    await using site = await project({ 'tsconfig.json': '{\n  "extends": "./nope.json"\n}' });
    const error = site.errorOf('a.ts');
    assert.equal(error.code, 'RESOLVE');
    assert.match(error.message, /tsconfig\.json could not be read: .*nope\.json/);
    assert.deepEqual(error.location, { file: site.folder.resolve('tsconfig.json'), line: 2, column: 3 });
    assert.match(error.frame ?? '', /> 2 \|/);
  });

  it('in a circle is an error', async () => {
    await using site = await project({ 'tsconfig.json': '{"extends": "./b.json"}', 'b.json': '{"extends": "./tsconfig.json"}' });
    assert.match(site.errorOf('a.ts').message, /[Cc]ircular/);
  });
});

describe('a broken tsconfig', () => {
  it('says where', async () => {
    await using site = await project({ 'tsconfig.json': '{\n  "compilerOptions": {\n    "jsx" "react"\n  }\n}' });
    const error = site.errorOf('src/a.ts');
    assert.deepEqual([error.code, error.message], ['SYNTAX', `Expected ':', found "`]);
    assert.deepEqual(error.location, { file: site.folder.resolve('tsconfig.json'), line: 3, column: 11 });
  });

  it('may be one that another extends', async () => {
    await using site = await project({ 'tsconfig.json': '{"extends": "./base.json"}', 'base.json': '{' });
    assert.equal(site.errorOf('a.ts').location?.file, site.folder.resolve('base.json'));
    assert.ok(['tsconfig.json', 'base.json'].every((name) => site.finder.reads(site.folder.resolve(name))));
  });

  it('stays broken until it is read again', async () => {
    await using site = await project({ 'tsconfig.json': '{' });
    const error = site.errorOf('a.ts');
    await site.folder.write('tsconfig.json', '{}');
    assert.equal(site.errorOf('b.ts'), error);
    site.finder.invalidate();
    assert.deepEqual(site.options('a.ts'), {});
  });

  it('concerns the files below it only', async () => {
    await using site = await project({ 'a/tsconfig.json': '{', 'tsconfig.json': '{}' });
    assert.deepEqual(site.options('b.ts'), {});
    assert.equal(site.errorOf('a/b.ts').code, 'SYNTAX');
  });
});

describe('a solution', () => {
  const files = {
    'tsconfig.json': JSON.stringify({ files: [], references: [{ path: './tsconfig.app.json' }, { path: './tools' }] }),
    'tsconfig.app.json': options({ jsx: 'react-jsx' }, { include: ['src'] }),
    'tools/tsconfig.json': options({ jsx: 'react' }, { include: ['**/*', '../vite.config.ts'] }),
  };

  it('hands on to the project that includes the file', async () => {
    await using site = await project(files);
    assert.deepEqual(site.options('src/main.tsx'), { jsx: 'react-jsx' });
    assert.deepEqual(site.options('vite.config.ts'), { jsx: 'react' });
    assert.deepEqual(site.files('vite.config.ts'), ['tools/tsconfig.json', 'tsconfig.json']);
  });

  it('answers itself for a file that none includes', async () => {
    await using site = await project(files);
    assert.deepEqual(site.options('other/a.ts'), {});
  });

  it('with a reference to nothing is an error', async () => {
    await using site = await project({ 'tsconfig.json': JSON.stringify({ files: [], references: [{ path: './nope' }] }) });
    assert.match(site.errorOf('a.ts').message, /nope.*could not be read/);
  });
});

describe('pathCandidates', () => {
  it('come from paths, of the file that declares them', async () => {
    await using site = await project({
      'tsconfig.json': '{"extends": "./config/base.json"}',
      'config/base.json': options({ paths: { '@/*': ['../src/*', '../lib/*'], exact: ['../src/exact.ts'] } }),
    });
    const found = site.finder.find(site.folder.resolve('src/a.ts'));
    const relative = (specifier: string): string[] =>
      (found?.pathCandidates(specifier) ?? []).map((file) => path.relative(site.folder.path, file));
    assert.deepEqual(relative('@/ui/button'), ['src/ui/button', 'lib/ui/button']);
    assert.deepEqual(relative('exact'), ['src/exact.ts']);
    assert.deepEqual(relative('lodash'), []);
  });

  it('come from baseUrl', async () => {
    await using site = await project({ 'tsconfig.json': options({ baseUrl: './src' }) });
    const found = site.finder.find(site.folder.resolve('src/a.ts'));
    assert.deepEqual(found?.pathCandidates('ui/button'), [site.folder.resolve('src/ui/button')]);
  });

  it('are none without either', async () => {
    await using site = await project({ 'tsconfig.json': '{}' });
    assert.deepEqual(site.finder.find(site.folder.resolve('a.ts'))?.pathCandidates('@/a'), []);
  });
});

describe('invalidate', () => {
  it('finds what came, went and changed', async () => {
    await using site = await project({ 'tsconfig.json': options({ jsx: 'react' }), 'sub/tsconfig.json': '{}' });
    assert.deepEqual([site.options('a.ts'), site.options('sub/a.ts')], [{ jsx: 'react' }, {}]);
    await site.folder.write('tsconfig.json', options({ jsx: 'react-jsx' }));
    await site.folder.remove('sub/tsconfig.json');
    assert.deepEqual([site.options('a.ts'), site.options('sub/a.ts')], [{ jsx: 'react' }, {}]);
    site.finder.invalidate();
    assert.deepEqual([site.options('a.ts'), site.options('sub/a.ts')], [{ jsx: 'react-jsx' }, { jsx: 'react-jsx' }]);
  });
});
