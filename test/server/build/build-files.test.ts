import assert from 'node:assert/strict';
import { symlink } from 'node:fs/promises';
import { test } from 'node:test';
import { isSource, siteFiles } from '../../../src/server/build/build-files.ts';
import { fixture } from '../../harness/fixture.ts';

test('what is made into something else, or says how, is no part of a site', () => {
  const sources = [
    'a.ts',
    'a.d.mts',
    'a.tsx',
    'a.vue',
    'a.scss',
    'a.test.js',
    'package.json',
    'package-lock.json',
    'tsconfig.app.json',
    'vite.config.js',
  ];
  for (const name of [...sources, 'README.md', 'Dockerfile', 'yarn.lock', 'pnpm-lock.yaml', 'debug.log', 'app.sqlite'])
    assert.ok(isSource(`/x/${name}`), name);
  for (const name of ['a.js', 'a.css', 'robots.txt', 'CNAME', 'feed.xml', 'list.json', 'a.wasm', 'site.webmanifest', 'notes.md', 'LICENSE'])
    assert.ok(!isSource(`/x/${name}`), name);
});

test('links go along as they are served: to files of the folder that are no secret', async () => {
  await using files = await fixture({ 'site/a.txt': 'a', 'site/.env': 'SECRET=1', 'site/key.pem': '', 'outside.txt': '' });
  for (const [name, target] of [
    ['to-a.txt', 'a.txt'],
    ['to-env.txt', '.env'],
    ['to-key.txt', 'key.pem'],
    ['to-outside.txt', '../outside.txt'],
    ['to-nothing.txt', 'nothing.txt'],
  ] as const)
    await symlink(target, files.resolve(`site/${name}`));
  const found = siteFiles({
    root: files.resolve('site'),
    publicFolder: undefined,
    isHidden: (filePath) => /\.(?:env|pem)$/.test(filePath),
  });
  assert.deepEqual(
    found,
    ['a.txt', 'to-a.txt'].map((name) => files.resolve(`site/${name}`)),
  );
});
