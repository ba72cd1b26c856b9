import assert from 'node:assert/strict';
import { test } from 'node:test';
import type { ModuleNode } from '../../../src/server/hot/module-graph.ts';
import { createWorkerEntries, type WorkerEntries } from '../../../src/server/hot/worker-entries.ts';

/** Modules and what they import; `~` before a name is an `import()`. */
function entries(graph: Readonly<Record<string, string>>, ...workers: string[]): WorkerEntries {
  const node = (id: string): ModuleNode | undefined => {
    const names = graph[id]?.split(' ').filter(Boolean);
    if (!names) return undefined;
    const meta = {
      deps: names.filter((name) => !name.startsWith('~')),
      specifiers: Object.fromEntries(names.filter((name) => name.startsWith('~')).map((name) => [name, name.slice(1)])),
    };
    return { id, built: { meta: { ...meta, hash: names.join() } } } as unknown as ModuleNode;
  };
  const created = createWorkerEntries({ node, closure: async () => [] });
  for (const worker of workers) created.add(worker);
  return created;
}

test('a change is told to the workers in whose programs it is', () => {
  const { reaching } = entries(
    { '/w.ts': '/a.ts', '/a.ts': '/b.ts', '/b.ts': '', '/v.ts': '/c.ts', '/c.ts': '', '/main.ts': '/b.ts' },
    '/w.ts',
    '/v.ts',
  );
  assert.deepEqual(reaching(['/b.ts']), ['/w.ts']);
  assert.deepEqual(reaching(['/w.ts', '/c.ts']), ['/w.ts', '/v.ts']);
  assert.deepEqual(reaching(['/main.ts']), []);
  assert.deepEqual(reaching([]), []);
});

test('what a worker imports later counts, and cycles end', () => {
  const { reaching } = entries({ '/w.ts': '~/later.ts', '/later.ts': '/w.ts /x.ts', '/x.ts': '' }, '/w.ts');
  assert.deepEqual(reaching(['/x.ts']), ['/w.ts']);
});

test('a worker that starts another one is told with it', () => {
  const { reaching } = entries({ '/w.ts': '/n.ts?url', '/n.ts?url': '', '/n.ts': '/deep.ts', '/deep.ts': '' }, '/w.ts', '/n.ts');
  assert.deepEqual(reaching(['/deep.ts']), ['/w.ts', '/n.ts']);
});

test('an address of what is no worker is only an address', () => {
  const { reaching } = entries({ '/w.ts': '/n.ts?url', '/n.ts?url': '', '/n.ts': '/deep.ts', '/deep.ts': '' }, '/w.ts');
  assert.deepEqual(reaching(['/deep.ts']), []);
});

test('the programs of two servers differ where a module in them does', () => {
  const graph = { '/w.ts': '/a.ts', '/a.ts': '', '/main.ts': '/a.ts', '/v.ts': '' };
  const before = entries(graph, '/w.ts', '/v.ts').programs();
  assert.deepEqual([...before.keys()], ['/w.ts', '/v.ts']);
  assert.deepEqual(entries({ ...graph, '/main.ts': '/v.ts' }, '/w.ts', '/v.ts').programs(), before);
  const after = entries({ ...graph, '/a.ts': '/b.ts', '/b.ts': '' }, '/w.ts', '/v.ts').programs();
  assert.notEqual(after.get('/w.ts'), before.get('/w.ts'));
  assert.equal(after.get('/v.ts'), before.get('/v.ts'));
});
