import assert from 'node:assert/strict';
import { test } from 'node:test';
import { createBase } from '../../src/server/base.ts';
import { createImportMaps, type ImportMaps } from '../../src/server/import-maps.ts';

const PAGE = new URL('http://page/pages/index.html');

function learn(maps: ImportMaps, imports: object, page = 'a'): boolean {
  return maps.learn(page, [JSON.stringify({ imports })], PAGE);
}

test('maps bare names to the folder or to other origins, the longest prefix first', () => {
  const maps = createImportMaps();
  learn(maps, { app: './src/app.js', 'lib/': 'https://cdn.example/lib/', 'lib/own/': '/own/', broken: 5 });
  assert.equal(maps.resolve('app', '/main.js'), '/pages/src/app.js');
  assert.equal(maps.resolve('lib/x.js', '/main.js'), 'https://cdn.example/lib/x.js');
  assert.equal(maps.resolve('lib/own/x.js', '/main.js'), '/own/x.js');
  assert.equal(maps.resolve('broken', '/main.js'), undefined);
  assert.equal(maps.resolve('lib', '/main.js'), undefined);
});

test('keys that are URLs are relative to the page, specifiers to their module', () => {
  const maps = createImportMaps();
  learn(maps, { './x.js': './y.js', '/deep/': '/other/', 'https://cdn.example/a.js': '/a.js' });
  assert.equal(maps.resolve('./x.js', '/pages/main.js'), '/pages/y.js');
  assert.equal(maps.resolve('../pages/x.js', '/src/main.js'), '/pages/y.js');
  assert.equal(maps.resolve('./x.js', '/src/main.js'), undefined);
  assert.equal(maps.resolve('./b.js', '/deep/a.js'), '/other/b.js');
  assert.equal(maps.resolve('https://cdn.example/a.js', '/main.js'), '/a.js');
});

test('with a base, the browser’s addresses mean what is under it, and those from the root the same', () => {
  const maps = createImportMaps(createBase('/app/'));
  const imports = {
    app: './src/app.js',
    'own/': '/app/own/',
    rooted: '/root.js',
    './x.js': './y.js',
    'lib/': 'https://cdn.example/app/lib/',
  };
  maps.learn('a', [JSON.stringify({ imports })], new URL('http://page/app/pages/index.html'));
  assert.equal(maps.resolve('app', '/main.js'), '/pages/src/app.js');
  assert.equal(maps.resolve('own/a.js', '/main.js'), '/own/a.js');
  assert.equal(maps.resolve('rooted', '/main.js'), '/root.js');
  assert.equal(maps.resolve('../pages/x.js', '/src/main.js'), '/pages/y.js');
  assert.equal(maps.resolve('/app/pages/x.js', '/main.js'), '/pages/y.js');
  assert.equal(maps.resolve('lib/a.js', '/main.js'), 'https://cdn.example/app/lib/a.js');
});

test('a page’s map replaces the one it had, and says whether it is another', () => {
  const maps = createImportMaps();
  assert.equal(learn(maps, {}), false);
  assert.equal(learn(maps, { lib: '/1.js', gone: '/gone.js' }), true);
  assert.equal(learn(maps, { lib: '/1.js', gone: '/gone.js' }), false);
  assert.equal(learn(maps, { lib: '/2.js' }), true);
  assert.deepEqual([maps.resolve('lib', '/'), maps.resolve('gone', '/')], ['/2.js', undefined]);
});

test('where pages differ, the map that changed last counts', () => {
  const maps = createImportMaps();
  learn(maps, { lib: '/a.js', own: '/own.js' }, 'a');
  learn(maps, { lib: '/b.js' }, 'b');
  learn(maps, { lib: '/a.js', own: '/own.js' }, 'a');
  assert.deepEqual([maps.resolve('lib', '/'), maps.resolve('own', '/')], ['/b.js', '/own.js']);
  learn(maps, { lib: '/c.js' }, 'a');
  assert.equal(maps.resolve('lib', '/'), '/c.js');
});

test('two maps in one page are one, in which the first to name a key decides', () => {
  const maps = createImportMaps();
  maps.learn('a', ['{"imports":{"x":"/1.js"}}', '{"imports":{"x":"/2.js","y":"/y.js"}}'], PAGE);
  assert.deepEqual([maps.resolve('x', '/'), maps.resolve('y', '/')], ['/1.js', '/y.js']);
});

test('a map that is no JSON, or none at all, changes nothing', () => {
  const maps = createImportMaps();
  assert.equal(maps.learn('a', ['{', '[]', 'null', '{"imports": 1}', '{"scopes": {}}'], PAGE), false);
  assert.equal(maps.resolve('anything', '/'), undefined);
});
