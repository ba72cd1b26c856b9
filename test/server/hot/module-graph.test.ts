import assert from 'node:assert/strict';
import { describe, it } from 'node:test';
import { HmrError } from '../../../src/server/errors.ts';
import { createModuleGraph, type Built, type ModuleGraph } from '../../../src/server/hot/module-graph.ts';

/** Modules as `deps | exports`, builds counted; a build waits for its gate where there is one. */
function graphOf(files: Record<string, string | undefined>): { graph: ModuleGraph; builds: string[]; gates: Map<string, Promise<void>> } {
  const builds: string[] = [];
  const gates = new Map<string, Promise<void>>();
  const build = async (id: string): Promise<Built> => {
    builds.push(id);
    const text = files[id];
    await gates.get(id);
    if (text === undefined) throw new HmrError('READ', `${id} is gone`);
    const [deps = '', exported = ''] = text.split('|');
    const names = (list: string): string[] => list.trim().split(' ').filter(Boolean);
    const imports = names(deps).map((dep, index) => [index, dep.split(':')[1] ?? '*'] as const);
    const meta = {
      id,
      hash: text,
      deps: names(deps).map((dep) => dep.split(':')[0] ?? ''),
      imports,
      exports: names(exported),
      reexports: [],
      stars: [],
      async: false,
      specifiers: {},
    };
    return { meta, text, lineCount: 1, files: [`/root${id}`], locate: () => undefined };
  };
  return { graph: createModuleGraph(build), builds, gates };
}

const ids = (nodes: readonly { id: string }[]): string[] => nodes.map(({ id }) => id);

describe('the module graph', () => {
  it('builds each module once, dependencies first', async () => {
    const { graph, builds } = graphOf({ '/a': '/b /c', '/b': '/d', '/c': '/d', '/d': '/a' });
    assert.deepEqual(ids(await graph.closure('/a', { entry: true })), ['/d', '/b', '/c', '/a']);
    await graph.closure('/a');
    assert.equal(builds.length, 4);
  });

  it('gives the whole graph to who asks while it is being built', async () => {
    let open: () => void = () => undefined;
    const { graph, gates } = graphOf({ '/a': '/b', '/b': '/c', '/c': '' });
    gates.set('/c', new Promise((resolve) => (open = resolve)));
    const first = graph.closure('/a');
    const second = graph.closure('/a');
    open();
    assert.deepEqual(ids(await first), ['/c', '/b', '/a']);
    assert.deepEqual(ids(await second), ['/c', '/b', '/a']);
  });

  it('rebuilds what a file touches, and tells what pages were told otherwise', async () => {
    const files: Record<string, string | undefined> = { '/a': '/b', '/b': '|x' };
    const { graph, builds } = graphOf(files);
    for (const node of await graph.closure('/a', { entry: true })) node.toldHash = node.built?.meta.hash;
    assert.deepEqual(await graph.rebuild(['/root/b'], { namesChanged: false }), []);
    files['/b'] = '/new |x';
    files['/new'] = '';
    builds.length = 0;
    assert.deepEqual(ids(await graph.rebuild(['/root/b'], { namesChanged: false })), ['/b']);
    assert.deepEqual(builds, ['/b', '/new']);
  });

  it('keeps the last good build beside an error, and counts errors of what entries reach only', async () => {
    const files: Record<string, string | undefined> = { '/a': '/b', '/b': '' };
    const { graph } = graphOf(files);
    await graph.closure('/a', { entry: true });
    files['/b'] = undefined;
    await graph.rebuild(['/root/b'], { namesChanged: true });
    assert.deepEqual(
      graph.errors().map(({ message }) => message),
      ['/b is gone'],
    );
    assert.ok(graph.node('/b')?.built);
    files['/a'] = '';
    await graph.rebuild(['/root/a'], { namesChanged: false });
    assert.deepEqual(graph.errors(), []);
  });

  it('finds an export that went missing, though only its module was rebuilt', async () => {
    const files: Record<string, string | undefined> = { '/a': '/b:x', '/b': '|x' };
    const { graph } = graphOf(files);
    await graph.closure('/a', { entry: true });
    assert.deepEqual(graph.errors(), []);
    files['/b'] = '|y';
    await graph.rebuild(['/root/b'], { namesChanged: false });
    assert.match(graph.errors()[0]?.message ?? '', /'\/b' does not provide an export named 'x'/);
    assert.match(graph.errors()[0]?.hint ?? '', /'y'/);
    files['/b'] = '|x y';
    await graph.rebuild(['/root/b'], { namesChanged: false });
    assert.deepEqual(graph.errors(), []);
  });
});
