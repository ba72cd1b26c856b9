import assert from 'node:assert/strict';
import { test } from 'node:test';
import { createImportMaps } from '../../src/server/import-maps.ts';

test('maps bare names to the folder or to other origins, the longest prefix first', () => {
  const maps = createImportMaps();
  const imports = { app: './src/app.js', 'lib/': 'https://cdn.example/lib/', 'lib/own/': '/own/', broken: 5 };
  maps.learn(JSON.stringify({ imports }), new URL('http://page/pages/index.html'));
  assert.equal(maps.resolve('app'), '/pages/src/app.js');
  assert.equal(maps.resolve('lib/x.js'), 'https://cdn.example/lib/x.js');
  assert.equal(maps.resolve('lib/own/x.js'), '/own/x.js');
  assert.equal(maps.resolve('broken'), undefined);
  assert.equal(maps.resolve('lib'), undefined);
});

test('a map that is no JSON, or none at all, changes nothing', () => {
  const maps = createImportMaps();
  for (const text of ['{', '[]', 'null', '{"imports": 1}', '{"scopes": {}}']) maps.learn(text, new URL('http://page/'));
  assert.equal(maps.resolve('anything'), undefined);
});
