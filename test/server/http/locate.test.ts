import assert from 'node:assert/strict';
import { describe, test } from 'node:test';
import { openFilesBelow } from './raw-http.ts';
import { site } from './site.ts';

describe('addresses', () => {
  const content = {
    'index.html': 'home',
    'about.html': 'about',
    'docs/index.html': 'docs',
    'docs.html': 'not this',
    'both.html': 'page both',
    'both/a.txt': 'in folder',
    exact: 'no extension',
    'exact.html': 'page exact',
    'empty/sub/a.txt': 'deep',
  };
  const cases: [target: string, status: number, result: string][] = [
    ['/', 200, 'home'],
    ['/?x', 200, 'home'],
    ['/index.html', 200, 'home'],
    ['/about', 200, 'about'],
    ['/about.html', 200, 'about'],
    ['/about?x=1', 200, 'about'],
    ['/about/', 302, '/about'],
    ['/about/?x=1', 302, '/about?x=1'],
    ['/docs', 302, '/docs/'],
    ['/docs?a=/b', 302, '/docs/?a=/b'],
    ['/docs/', 200, 'docs'],
    ['/both', 200, 'page both'],
    ['/both/a.txt', 200, 'in folder'],
    ['/exact', 200, 'no extension'],
    ['/empty', 302, '/empty/'],
    ['/none', 404, 'Nothing is served at /none\n'],
    ['/none/', 404, 'Nothing is served at /none/\n'],
    ['/about.html/', 404, 'Nothing is served at /about.html/\n'],
    ['/docs/none', 404, 'Nothing is served at /docs/none\n'],
  ];
  for (const [target, status, result] of cases) {
    test(target, async () => {
      await using server = await site(content);
      const answer = await server.get(target);
      assert.equal(answer.status, status);
      assert.equal(status === 302 ? answer.headers['location'] : answer.text, result);
      assert.equal(answer.headers['x-content-type-options'], 'nosniff');
    });
  }

  test('lookup tells the file, without an answer', async () => {
    await using server = await site(content);
    const { folder, files } = server;
    const filePath = folder.resolve('about.html');
    assert.deepEqual(await files.lookup('/about?x'), { kind: 'file', filePath, realPath: filePath, urlPath: '/about.html' });
    assert.deepEqual(await files.lookup('/'), {
      kind: 'file',
      filePath: folder.resolve('index.html'),
      realPath: folder.resolve('index.html'),
      urlPath: '/index.html',
    });
    for (const target of ['/none', '/docs', '/both/', '/empty', '/../x', '/.env', 'x', ''])
      assert.deepEqual(await files.lookup(target), { kind: 'none' });
    assert.deepEqual(await openFilesBelow(folder.path), []);
  });
});
