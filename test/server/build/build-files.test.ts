import assert from 'node:assert/strict';
import { test } from 'node:test';
import { isSource } from '../../../src/server/build/build-files.ts';

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
