import assert from 'node:assert/strict';
import path from 'node:path';
import { describe, it } from 'node:test';
import { createIgnore, globToRegExp } from '../../../src/server/hot/ignore.ts';

const root = path.resolve('/srv/.hidden/node_modules/app');
const at = (relative: string): string => path.join(root, ...relative.split('/'));

describe('createIgnore', () => {
  const isIgnored = createIgnore({ root });

  for (const watched of [
    'main.ts',
    'dist/main.js',
    'src/node_modules.ts',
    'src/[id].ts',
    'a~b.js',
    'tmp/a.js',
    'a.tmpl',
    'Makefile',
    '#1.js',
    'swp/x.swift',
    '49130',
    '.well-known/security.txt',
  ]) {
    it(`watches ${watched}`, () => assert.equal(isIgnored(at(watched)), false));
  }
  for (const ignored of [
    'node_modules',
    'node_modules/x/index.js',
    'sub/node_modules/x',
    '.git/HEAD',
    '.hg',
    '.svn/entries',
    '.env',
    'src/.cache/x.js',
    'main.ts~',
    '#main.ts#',
    '.#main.ts',
    '4913',
    '.main.ts.swp',
    'main.ts.swx',
    'main.ts___jb_tmp___',
    'main.ts___jb_old___',
    'main.ts.tmp',
    'main.ts.tmp.4711.1700000000000',
    'main.ts.tmp-4711',
    '4a1b.TMP',
    'image.png.crdownload',
  ]) {
    it(`ignores ${ignored}`, () => assert.equal(isIgnored(at(ignored)), true));
  }

  it('watches the root, whatever the names above it', () => assert.equal(isIgnored(root), false));
  it('ignores what is outside, a sibling with the same prefix too', () => {
    assert.equal(isIgnored(path.dirname(root)), true);
    assert.equal(isIgnored(`${root}-two${path.sep}a.js`), true);
    assert.equal(isIgnored(path.join(path.dirname(root), '..a')), true);
  });
  it('watches a name that begins with two dots only if it is no dotfile', () => assert.equal(isIgnored(at('..a/b.js')), true));

  it('takes expressions over the relative path, with state in none of them', () => {
    const test = createIgnore({ root, ignored: [/\.log$/g, /^gen\//y] });
    for (let times = 0; times < 3; times++) {
      assert.equal(test(at('a/b.log')), true);
      assert.equal(test(at('gen/b.js')), true);
      assert.equal(test(at('a/gen/b.js')), false);
    }
  });
  it('takes absolute patterns inside the root', () => {
    const test = createIgnore({ root, ignored: [at('build')] });
    assert.equal(test(at('build/x.js')), true);
    assert.equal(test(at('sub/build/x.js')), false);
  });
});

describe('globToRegExp', () => {
  const cases: readonly (readonly [glob: string, matches: readonly string[], misses: readonly string[]])[] = [
    ['dist', ['dist', 'dist/a.js', 'a/dist', 'a/dist/b/c.js'], ['distribution', 'a/mydist', 'dist.js']],
    ['dist/', ['dist', 'dist/a.js', 'a/dist/b.js'], ['dist.js']],
    ['/dist', ['dist/a.js'], ['a/dist']],
    ['./dist', ['dist/a.js'], ['a/dist']],
    ['a/b', ['a/b', 'a/b/c'], ['x/a/b', 'a/bc']],
    ['*.log', ['x.log', 'a/b/x.log', 'x.log/y'], ['x.logs', 'xlog']],
    ['gen/*.js', ['gen/a.js'], ['gen/a/b.js', 'a/gen/b.js']],
    ['gen/**/*.js', ['gen/a.js', 'gen/a/b/c.js'], ['gen/a.ts', 'agen/a.js']],
    ['**/cache/**', ['cache/a', 'a/b/cache/c/d'], ['cached/a']],
    ['**/*.snap', ['a.snap', 'a/b.snap'], ['a.snapshot']],
    ['src/**', ['src/a', 'src/a/b'], ['srcs/a']],
    ['?.js', ['a.js', 'x/b.js'], ['ab.js', '.js']],
    ['*.{log,tmp}', ['a.log', 'b/c.tmp'], ['a.js', 'a.{log']],
    ['{a,b/c}/x', ['a/x', 'b/c/x'], ['c/x']],
    ['[id].ts', ['[id].ts', 'a/[id].ts'], ['i.ts', 'd.ts']],
    ['a{b', ['a{b'], ['ab']],
    ['a}b{c', ['a}b{c'], ['abc']],
    ['a+(b)|c$^.js', ['a+(b)|c$^.js'], ['aab']],
    ['a.b', ['a.b'], ['axb']],
  ];
  for (const [glob, matches, misses] of cases) {
    it(`${glob} matches ${matches.join(', ')}`, () => {
      const pattern = globToRegExp(glob);
      for (const name of matches) assert.match(name, pattern);
      for (const name of misses) assert.doesNotMatch(name, pattern);
    });
  }
});
