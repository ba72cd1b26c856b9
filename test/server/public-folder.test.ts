import assert from 'node:assert/strict';
import fs from 'node:fs';
import { describe, test } from 'node:test';
import { resolveOptions } from '../../src/server/config/config.ts';
import { createStaticFiles } from '../../src/server/http/static-files.ts';
import { createPublicFolder } from '../../src/server/public-folder.ts';
import { fixture } from '../harness/fixture.ts';
import { serve } from './http/raw-http.ts';
import { navigation } from './http/site.ts';

const FILES = { 'a.txt': 'own', 'public/a.txt': 'public', 'public/sub/é x.txt': 'sub', 'index.html': 'start' };

test('names: the other address of a file, and the file of an address', async () => {
  await using files = await fixture(FILES);
  const folder = createPublicFolder(files.path, 'public');
  assert.equal(folder.aliasOf('/public/sub/%C3%A9%20x.txt'), '/sub/%C3%A9%20x.txt');
  for (const url of ['/public/a.txt', '/a.txt', '/publication/x', '/public']) assert.equal(folder.aliasOf(url), undefined, url);
  assert.equal(folder.fileFor(files.resolve('sub/é x.txt')), files.resolve('public/sub/é x.txt'));
  for (const name of ['a.txt', 'none.txt']) assert.equal(folder.fileFor(files.resolve(name)), files.resolve(name));
  const none = createPublicFolder(files.path, false);
  assert.deepEqual([none.aliasOf('/public/x.txt'), none.fileFor('/x'), none.path], [undefined, '/x', undefined]);
});

describe('served', () => {
  test('what the folder has comes first, then what is in it, under the same rules', async () => {
    await using secret = await fixture({ 'secret.txt': 'secret' });
    await using files = await fixture({
      ...FILES,
      'public/.env': 'x',
      'public/server.key': 'x',
      'public/.well-known/x.txt': 'known',
      'public/.git/HEAD': 'x',
    });
    fs.symlinkSync(secret.path, files.resolve('public/outside'));
    fs.symlinkSync(files.resolve('index.html'), files.resolve('public/inside.html'));
    const site = createStaticFiles({ root: files.path, publicFolder: files.resolve('public') });
    await using server = await serve((req, res) => void site.serve(req, res));
    const found = {
      '/a.txt': 'own',
      '/public/a.txt': 'public',
      '/sub/%C3%A9%20x.txt': 'sub',
      '/.well-known/x.txt': 'known',
      '/inside': 'start',
    };
    for (const [target, text] of Object.entries(found)) assert.equal((await server.get(target)).text, text, target);
    for (const target of ['/.env', '/public/.env', '/server.key', '/outside/secret.txt', '/.git/HEAD', '/none.txt'])
      assert.equal((await server.get(target)).status, 404, target);
    assert.equal((await server.get('/../public/a.txt')).status, 400);
    assert.equal((await server.get('/sub', navigation)).status, 404);
  });

  test('nothing by a short address without such a folder', async () => {
    await using files = await fixture(FILES);
    const site = createStaticFiles({ root: files.path });
    await using server = await serve((req, res) => void site.serve(req, res));
    assert.equal((await server.get('/sub/%C3%A9%20x.txt')).status, 404);
  });
});

describe('publicDir', () => {
  test('is public, another folder, or none', () => {
    const dirs = [undefined, 'static', 'a/b', false] as const;
    assert.deepEqual(
      dirs.map((publicDir) => resolveOptions({ publicDir }).publicDir),
      ['public', 'static', 'a/b', false],
    );
  });
  for (const wrong of ['', '../x', '/x', '.git', 'a//b', 'C:\\x']) {
    test(`${JSON.stringify(wrong)} is refused`, () =>
      assert.throws(() => resolveOptions({ publicDir: wrong }), /publicDir takes the name of a folder/));
  }
});
