import assert from 'node:assert/strict';
import { test } from 'node:test';
import { fileOfId, idOfFile, isOutside } from '../../../src/server/compile/module-ids.ts';

const root = '/projects/app/src';
const files: [filePath: string, search: string, id: string][] = [
  ['/projects/app/src/main.ts', '', '/main.ts'],
  ['/projects/app/src/a/logo.svg', '?raw', '/a/logo.svg?raw'],
  ['/projects/app/src/with space/ü#%?.ts', '', '/with%20space/%C3%BC%23%25%3F.ts'],
  ['/projects/app/node_modules/d3/index.js', '', '/@outside/1/node_modules/d3/index.js'],
  ['/other/lib.ts', '?url', '/@outside/3/other/lib.ts?url'],
];

for (const [filePath, search, id] of files) {
  test(`${filePath} is ${id}, and back`, () => {
    assert.equal(idOfFile(root, { filePath, search }), id);
    assert.deepEqual(fileOfId(root, id), { filePath, search });
    // An id is the path of a URL: the browser must not spell it in another way.
    assert.equal(new URL(id, 'http://x').pathname + new URL(id, 'http://x').search, id);
  });
}

test('only what lies outside says so', () => {
  assert.deepEqual(
    files.map(([, , id]) => isOutside(id)),
    [false, false, false, true, true],
  );
});
