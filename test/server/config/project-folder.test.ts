import assert from 'node:assert/strict';
import { test } from 'node:test';
import { foldersUpToProject, projectFolder } from '../../../src/server/config/project-folder.ts';
import { fixture } from '../../harness/fixture.ts';

test('the nearest folder with a package.json, itself or above', async () => {
  await using folder = await fixture({ 'package.json': '{}', 'a/b/x': '', 'c/package.json': '{}', 'c/d/x': '' });
  const at = folder.resolve;
  assert.equal(projectFolder(folder.path), folder.path);
  assert.equal(projectFolder(at('a/b')), folder.path);
  assert.equal(projectFolder(at('c/d')), at('c'));
  assert.deepEqual(foldersUpToProject(at('a/b')), [at('a/b'), at('a'), folder.path]);
  assert.deepEqual(foldersUpToProject(at('c')), [at('c')]);
  // It may come yet.
  assert.deepEqual(foldersUpToProject(at('c/not/there')), [at('c/not/there'), at('c/not'), at('c')]);
});

test('without a package.json anywhere, the folder itself', async () => {
  await using folder = await fixture({ 'a/b/x': '' });
  assert.equal(projectFolder(folder.resolve('a/b')), folder.resolve('a/b'));
  assert.deepEqual(foldersUpToProject(folder.resolve('a/b')), [folder.resolve('a/b')]);
});
