import assert from 'node:assert/strict';
import path from 'node:path';
import { test } from 'node:test';
import { findAlias } from '../../../src/server/compile/alias.ts';
import { createResolver } from '../../../src/server/compile/resolve.ts';
import { fixture } from '../../harness/fixture.ts';

const ALIAS = { '@': './src', '@/deep/': './other', a: '/abs/a.js', 'a/b': './b.js', pkg: '@scope/pkg', up: '../x' };

/** Specifier, and what is looked for from `/p`; undefined: no alias. */
const CASES: readonly (readonly [string, string | undefined])[] = [
  ['@', '/p/src'],
  ['@/x', '/p/src/x'],
  ['@/deep', '/p/src/deep'],
  ['@/deep/x', '/p/other/x'],
  ['@x', undefined],
  ['@scope/x', undefined],
  ['a', '/abs/a.js'],
  ['a/c', '/abs/a.js/c'],
  ['a/b', '/p/b.js'],
  ['ab', undefined],
  ['pkg', '@scope/pkg'],
  ['pkg/sub.js', '@scope/pkg/sub.js'],
  ['up/y', '/x/y'],
  ['./a', undefined],
];

for (const [specifier, request] of CASES) {
  test(`${specifier} is ${request ?? 'itself'}`, { skip: path.sep !== '/' && 'POSIX paths' }, () => {
    assert.equal(findAlias(specifier, { folder: '/p', of: () => ALIAS })?.request, request);
  });
}

test('in the resolver: before packages, built-in modules and schemes, from the project, and the last word', async () => {
  await using folder = await fixture({
    'src/main.ts': '',
    'src/shim.ts': '',
    'node_modules/real/package.json': '{"main":"index.js"}',
    'node_modules/real/index.js': '',
    'node_modules/other/package.json': '{"main":"index.js"}',
    'node_modules/other/index.js': '',
    'store/dep/index.js': '',
  });
  const of = (): Record<string, string> => ({
    real: './src/shim',
    fs: './src/shim.ts',
    'node:os': './src/shim',
    'virtual:x': './src/shim',
    dep: 'other',
    other: './gone',
  });
  const resolver = createResolver({ root: folder.resolve('src'), alias: { folder: folder.path, of } });
  const answer = (specifier: string, importer = 'src/main.ts'): string => {
    const found = resolver.resolve(specifier, folder.resolve(importer), { kind: 'import' });
    if (found.kind === 'error') return `${found.error.message} ${found.error.hint}`;
    return found.kind === 'file' ? path.relative(folder.path, found.filePath) : found.kind;
  };
  for (const specifier of ['real', 'fs', 'node:os', 'virtual:x']) assert.equal(answer(specifier), 'src/shim.ts', specifier);
  assert.equal(answer('dep', 'store/dep/index.js'), 'node_modules/other/index.js');
  assert.match(
    answer('other'),
    /^"other" was not found \(imported by main\.ts\): the alias "other" stands for "\.\/gone"\. There is no \.\.\/gone/,
  );
  assert.match(answer('real/x'), /the alias "real" stands for "\.\/src\/shim"/);
});
