import assert from 'node:assert/strict';
import { describe, it } from 'node:test';
import { fixture, type FixtureFiles } from '../harness/fixture.ts';
import { openProject } from '../harness/project.ts';

/** What the module `main.ts` of the served folder finds, or why it does not compile. */
async function found(files: FixtureFiles, ignored: readonly string[] = [], root = 'site'): Promise<string[]> {
  await using folder = await fixture(files);
  const project = openProject(folder.resolve(root), { ignored });
  await project.graph.closure('/main.ts', { entry: true });
  const { built, error } = project.graph.node('/main.ts') ?? {};
  const { line, column } = error?.location ?? {};
  return error ? [`${error.code} ${line}:${column}`] : Object.values(built?.meta.specifiers ?? {});
}

describe('what patterns find', () => {
  it('is nothing that is hidden, secret or ignored, in the folder and above', async () => {
    const names = ['a.ts', '.env', '.git/config', 'node_modules/p/index.js', 'id_rsa', 'server.key', 'x.swp', 'dist/b.ts', 'old/c.ts'];
    const files = {
      ...Object.fromEntries(names.flatMap((name) => [`site/${name}`, `shared/${name}`].map((file) => [file, '']))),
      'site/main.ts': `import.meta.glob(['./**', './.*', './.git/*', '../shared/**', '../shared/.*'], { query: '?raw' });`,
    };
    assert.deepEqual(await found(files, ['dist', '/old']), [
      '/@outside/1/shared/a.ts?raw',
      // That is ignored where the served folder has it.
      '/@outside/1/shared/old/c.ts?raw',
      '/a.ts?raw',
    ]);
  });

  it('is found through the folders above the served one too', async () => {
    const files = { 'site/deep/site/main.ts': `import.meta.glob('../../**');`, 'site/deep/site/a.ts': '', 'site/deep/b.ts': '' };
    assert.deepEqual(await found(files, [], 'site/deep/site'), ['/@outside/1/b.ts', '/a.ts']);
    const hidden = { 'site/.deep/.site/main.ts': `import.meta.glob('../../.deep/.site/*');`, 'site/.deep/.site/a.ts': '' };
    assert.deepEqual(await found(hidden, [], 'site/.deep/.site'), ['/a.ts']);
  });

  it('is what an exhaustive one finds in packages and ignored files, but nothing secret', async () => {
    const files = {
      'site/main.ts': `import.meta.glob('./**', { exhaustive: true });`,
      'site/node_modules/p/index.js': '',
      'site/node_modules/p/.env': '',
      'site/dist/a.js': '',
      'site/.env': '',
    };
    assert.deepEqual(await found(files, ['dist']), ['/dist/a.js', '/node_modules/p/index.js']);
  });

  it('may start with an alias of the tsconfig, as an import may', async () => {
    const files = {
      'site/tsconfig.json': `{ "compilerOptions": { "paths": { "@/*": ["./src/*"], "#x/*": ["../shared/*"] } } }`,
      'site/main.ts': `import.meta.glob(['@/*/*.ts', '!@/b/*', '#x/?.ts']);`,
      'site/src/a/a.ts': '',
      'site/src/b/b.ts': '',
      'shared/c.ts': '',
      'shared/dd.ts': '',
    };
    assert.deepEqual(await found(files), ['/@outside/1/shared/c.ts', '/src/a/a.ts']);
  });

  it('is an error with its place in the author’s text, whatever compiles that', async () => {
    const glob = 'const x: number = 1;\nenum Unused { A, B }\nexport const pages = import.meta.glob(`./${x}`);';
    assert.deepEqual(await found({ 'site/main.ts': glob }), ['GLOB 3:39']);
    assert.deepEqual(await found({ 'site/main.ts': `${glob}\nconsole.log(process.env.NODE_ENV);` }), ['GLOB 3:39']);
    assert.deepEqual(await found({ 'site/main.ts': `// @ts-nocheck\n${glob}\n@x class C {}` }), ['GLOB 4:39']);
    assert.deepEqual(await found({ 'site/main.ts': `\n  import.meta.glob('pages/*.ts');` }), ['GLOB 2:3']);
  });
});
