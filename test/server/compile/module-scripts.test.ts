import assert from 'node:assert/strict';
import { test } from 'node:test';
import { createFormats } from '../../../src/server/compile/formats.ts';
import { createModuleScripts, type ModuleScripts } from '../../../src/server/compile/module-scripts.ts';
import { createPluginModules } from '../../../src/server/compile/plugins/plugin-modules.ts';
import { createSources } from '../../../src/server/compile/sources.ts';
import { createTsconfigFinder } from '../../../src/server/compile/tsconfig.ts';
import { fixture } from '../../harness/fixture.ts';

interface Setup {
  readonly scripts: ModuleScripts;
  readonly read: string[];
}

function setup(root: string, version: (filePath: string) => string | undefined = () => undefined): Setup {
  const read: string[] = [];
  const scripts = createModuleScripts({
    root,
    tsconfig: createTsconfigFinder({ root }),
    formats: createFormats(root),
    sources: createSources({
      root,
      plugins: { loaderOf: () => undefined },
      onRead: (filePath) => void read.push(filePath),
      onReadByPlugin: () => undefined,
    }),
    modules: createPluginModules(root),
    settings: () => ({ define: {}, loader: {}, refresh: undefined, hotswap: 'off' }),
    env: () => '',
    version,
    mediaType: () => 'text/plain',
    inlineModule: async (_, baseUrlPath) => ({ source: 'export {};', baseUrlPath }),
    css: {
      render: async (_, text) => ({ versioned: text, unversioned: text }),
      stamp: async () => '?v=1',
      files: async (filePath) => [filePath],
      hash: async () => undefined,
      isSheet: (filePath) => filePath.endsWith('.css'),
      made: async () => undefined,
    },
  });
  return { scripts, read };
}

test('what is imported by its address is not read: it may be a film', async () => {
  await using files = await fixture({ 'a.mp4': 'film', 'b.txt': 'text' });
  const { scripts, read } = setup(files.path, (filePath) => (filePath.endsWith('gone.mp4') ? undefined : 'large'));
  const { code, unversioned, contentKey } = await scripts.read('/a.mp4');
  assert.deepEqual([code, unversioned, contentKey], ['export default "/a.mp4?v=1";\n', 'export default "/a.mp4";\n', 'large']);
  await scripts.read('/b.txt?url');
  assert.deepEqual(read, []);
  await assert.rejects(scripts.read('/gone.mp4'), { code: 'READ', message: 'gone.mp4 could not be read.' });
});

test('what an inline module imports is imported by its page, by that name', async () => {
  await using files = await fixture({ 'docs/start.html': '<script type="module">export {};</script>' });
  const { importerPath } = await setup(files.path).scripts.read('/docs/start.html?inline-module=0');
  assert.equal(importerPath, files.resolve('docs/start.html'));
});
