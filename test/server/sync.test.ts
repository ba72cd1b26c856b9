import assert from 'node:assert/strict';
import fs from 'node:fs/promises';
import { test } from 'node:test';
import type { SyncAnswer } from '../../src/protocol.ts';
import type { Plugin } from '../../src/server/compile/plugins/plugin.ts';
import { createSync } from '../../src/server/sync.ts';
import { fixture } from '../harness/fixture.ts';
import { openProject } from '../harness/project.ts';

test('a sheet that a plugin makes is compared as what it is made into', async (t) => {
  const files = await fixture({ 'site.scss': '@import "part"', 'part.txt': 'p { color: red }' });
  t.after(() => files[Symbol.asyncDispose]());
  const part = files.resolve('part.txt');
  const sass: Plugin = {
    name: 'sass',
    setup(build) {
      build.onLoad({ filter: /\.scss$/ }, async () => ({ contents: await fs.readFile(part), loader: 'css', watchFiles: [part] }));
    },
  };
  const { graph, css, versions } = openProject(files.path, { plugins: [sass] });
  const sync = createSync({
    graph,
    css,
    versions,
    lastId: () => '1-1',
    checkErrors: () => [],
    code: () => ({ code: '' }),
    fileAt: async (urlPath) => files.resolve(urlPath.slice(1)),
    meetPage: async () => undefined,
    pageHash: async () => undefined,
  });
  const ask = (hash: string | null): Promise<SyncAnswer> => sync({ modules: {}, assets: { '/site.scss': hash }, page: null });
  const hash = await css.hash(files.resolve('site.scss'));
  assert.ok(hash);
  assert.deepEqual(await ask(hash), { id: '1-1', changes: [], assets: { '/site.scss': hash } });
  await files.write('part.txt', 'p { color: blue }');
  css.changed(part);
  const { changes } = await ask(hash);
  assert.deepEqual(changes, [{ kind: 'style', url: '/site.scss', hash: await css.hash(files.resolve('site.scss')) }]);
});
