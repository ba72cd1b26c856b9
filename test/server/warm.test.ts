import assert from 'node:assert/strict';
import { test } from 'node:test';
import { openProject } from '../harness/project.ts';
import { warmEntries } from '../../src/server/warm.ts';
import { fixture } from '../harness/fixture.ts';

test('what a start page loads is compiled, and its errors stand only when a page asks', async () => {
  await using files = await fixture({
    'index.html': `<script type="module" src="/env.js"></script><script type="module" src="main.js"></script>`,
    'main.js': `import './good.js'; import './broken.js';`,
    'good.js': '',
    'broken.js': 'const = 1',
  });
  const root = files.path;
  const { graph, pages } = openProject(root);
  await warmEntries({ root, pages, graph });
  assert.ok(graph.node('/good.js')?.built);
  assert.deepEqual(graph.errors(), []);
  await graph.closure('/main.js', { entry: true });
  assert.deepEqual(
    graph.errors().map(({ code }) => code),
    ['SYNTAX'],
  );
});
