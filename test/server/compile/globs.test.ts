import assert from 'node:assert/strict';
import { symlink } from 'node:fs/promises';
import path from 'node:path';
import { describe, it } from 'node:test';
import type { GlobCall } from '../../../src/server/compile/glob-call.ts';
import { createGlobs, type Globs } from '../../../src/server/compile/globs.ts';
import { link } from '../../../src/server/compile/link.ts';
import { fixture, type Fixture } from '../../harness/fixture.ts';

const call = (patterns: string | readonly string[], more: Partial<GlobCall> = {}): GlobCall => ({
  patterns: [patterns].flat(),
  eager: false,
  name: '*',
  query: '',
  base: undefined,
  exhaustive: false,
  ...more,
});

interface Folder {
  readonly files: Fixture;
  readonly globs: Globs;
  keys(of: GlobCall): string[];
  ids(of: GlobCall): string[];
  matches(of: GlobCall, name: string): boolean;
}

/** The folder `site` is served, and `site/src/main.ts` asks. */
function open(files: Fixture, isHidden = (filePath: string): boolean => /[\\/](?:\.|node_modules)/.test(filePath)): Folder {
  const root = files.resolve('site');
  const globs = createGlobs({
    root,
    isHidden: (filePath, exhaustive) => !exhaustive && isHidden(path.relative(root, filePath)),
    aliases: (pattern) => (pattern.startsWith('@/') ? [path.join(root, 'src', pattern.slice(2))] : []),
  });
  const importer = { filePath: files.resolve('site/src/main.ts'), importerPath: files.resolve('site/src/main.ts') };
  return {
    files,
    globs,
    keys: (of) => globs.find(of, importer).map(({ key }) => key),
    ids: (of) => globs.find(of, importer).map(({ id }) => id),
    matches: (of, name) => globs.follow({ globs: [of], requests: [], dynamic: [] }, importer).wouldHave(files.resolve(name)),
  };
}

const FILES = Object.fromEntries(
  [
    'site/index.ts',
    'site/src/main.ts',
    'site/src/other.ts',
    'site/src/pages/a.ts',
    'site/src/pages/b.tsx',
    'site/src/pages/[id].ts',
    'site/src/pages/deep/er/c d.ts',
    'site/src/pages/node_modules/x/y.ts',
    'site/src/.secret/z.ts',
    'site/lib/l.ts',
    'shared/s.ts',
  ].map((name) => [name, '']),
);

describe('the files of a pattern', () => {
  const cases: [of: GlobCall, keys: string[]][] = [
    [call('./*.ts'), ['./other.ts']],
    [call('./*'), ['./other.ts']],
    [call('./pages/*.{ts,tsx}'), ['./pages/[id].ts', './pages/a.ts', './pages/b.tsx']],
    [call('./pages/**/*.ts'), ['./pages/[id].ts', './pages/a.ts', './pages/deep/er/c d.ts']],
    [call('./pages/*/er/*'), ['./pages/deep/er/c d.ts']],
    [call('./pages/\\[id\\].ts'), ['./pages/[id].ts']],
    [call('./pages/[ab].ts'), ['./pages/a.ts']],
    [call('./pages/{a.ts,deep/er/*}'), ['./pages/a.ts', './pages/deep/er/c d.ts']],
    [call(['./pages/*.ts', '!./pages/a.ts']), ['./pages/[id].ts']],
    [call(['./pages/**', '!**/*.ts']), ['./pages/b.tsx']],
    [call(['./pages/*.ts', './pages/a.*', '../lib/*']), ['../lib/l.ts', './pages/[id].ts', './pages/a.ts']],
    [call('./pages/a.ts'), ['./pages/a.ts']],
    [call('./pages'), []],
    [call('./nothing/*.ts'), []],
    [call('/lib/*.ts'), ['/lib/l.ts']],
    [call('/../../lib/*.ts'), ['/lib/l.ts']],
    [call(['/lib/*.ts', './*.ts']), ['/lib/l.ts', '/src/other.ts']],
    [call('**/l.ts'), ['/lib/l.ts']],
    [call('@/pages/a.*'), ['/src/pages/a.ts']],
    [call('../../shared/*'), ['../../shared/s.ts']],
    [call('./*.ts', { base: './pages' }), ['./[id].ts', './a.ts']],
    [call('../*.ts', { base: './pages' }), ['../other.ts']],
    [call('./**/*.ts', { base: '/lib' }), ['./l.ts']],
    [call('/src/*.ts', { base: '/lib' }), ['../src/other.ts']],
    [call('./pages/**/y.ts', { exhaustive: true }), ['./pages/node_modules/x/y.ts']],
  ];
  for (const [of, keys] of cases) {
    it(`${of.patterns.join(' ')}${of.base === undefined ? '' : ` from ${of.base}`}`, async () => {
      await using files = await fixture(FILES);
      assert.deepEqual(open(files).keys(of).sort(), [...keys].sort());
    });
  }

  it('are named as an import of them is', async () => {
    await using files = await fixture(FILES);
    const { ids } = open(files);
    assert.deepEqual(ids(call(['./pages/deep/**', '../../shared/*'], { query: '?raw' })), [
      '/@outside/1/shared/s.ts?raw',
      '/src/pages/deep/er/c%20d.ts?raw',
    ]);
  });

  it('come in order, so that a list is the same on every machine', async () => {
    await using files = await fixture({ 'site/src/main.ts': '', 'site/src/B.ts': '', 'site/src/a.ts': '', 'site/src/a/z.ts': '' });
    assert.deepEqual(open(files).keys(call('./**')), ['./B.ts', './a.ts', './a/z.ts']);
  });

  it('are not behind links, which may lead anywhere', async () => {
    await using files = await fixture({ 'site/src/main.ts': '', 'outside/secret.ts': '' });
    await symlink(files.resolve('outside'), files.resolve('site/src/linked'), 'dir');
    await symlink(files.resolve('outside/secret.ts'), files.resolve('site/src/file.ts'));
    const { keys } = open(files);
    for (const pattern of ['./**/*.ts', './linked/*.ts', './linked/secret.ts', './file.ts', '/src/linked/**']) {
      assert.deepEqual(keys(call(pattern)), [], pattern);
    }
  });

  it('a file that comes is one of them, or not', async () => {
    await using files = await fixture(FILES);
    const { matches } = open(files);
    assert.ok(matches(call('./pages/*.ts'), 'site/src/pages/new.ts'));
    assert.ok(matches(call('./none/**/*.ts'), 'site/src/none/deep/new.ts'));
    for (const name of ['src/pages/new.js', 'src/pages/deep/new.ts', 'src/new.ts', 'src/pages/.new.ts', 'src/pages/no.ts']) {
      assert.ok(!matches(call(['./pages/*.ts', '!./**/no.ts']), `site/${name}`), name);
    }
    assert.ok(!matches(call('./*.ts'), 'site/src/main.ts'));
  });

  it('are the same until one comes or goes, eager or not', async () => {
    await using files = await fixture(FILES);
    const { globs } = open(files);
    const importer = { filePath: files.resolve('site/src/main.ts'), importerPath: files.resolve('site/src/main.ts') };
    const calls = [call('./*.ts', { query: '?raw' }), call('./pages/*.tsx', { eager: true })];
    const {
      requests,
      dynamic,
      globs: found,
    } = link(
      `import './x'; import.meta.glob('./*.ts', { query: '?raw' }); import.meta.glob('./pages/*.tsx', { eager: true }); import('./y');`,
      { file: 'x', globOf: (one) => globs.find(one, importer) },
    );
    assert.deepEqual(found, calls);
    const followed = globs.follow({ requests, dynamic, globs: found }, importer);
    assert.ok(followed.isSame());
    assert.ok(followed.has(files.resolve('site/src/other.ts')) && followed.has(files.resolve('site/src/pages/b.tsx')));
    assert.ok(!followed.has(files.resolve('site/src/pages/a.ts')));
    await files.write('site/src/pages/c.tsx', '');
    assert.ok(!followed.isSame());
  });

  it('a pattern that starts nowhere is an error', async () => {
    await using files = await fixture(FILES);
    assert.throws(() => open(files).keys(call('pages/*.ts')), { code: 'GLOB', message: /"pages\/\*\.ts" is no pattern/ });
  });
});
