import assert from 'node:assert/strict';
import { test } from 'node:test';
import { HmrError } from '../../../src/server/errors.ts';
import { createModuleGraph, type Built, type ModuleGraph } from '../../../src/server/hot/module-graph.ts';

/** A module as `code, imports, exports`: `'1 ./b:x -> y'` is code 1, which imports x of b and exports y. */
interface Program {
  readonly graph: ModuleGraph;
  readonly sources: Map<string, string>;
  /** Modules in the order in which they were built. */
  readonly builds: string[];
  /** For which `resolvesAlike` answers no. */
  readonly renamed: Set<string>;
  /** Builds wait for theirs. */
  readonly gates: Map<string, Promise<void>>;
  /** The same, when they have read their source. */
  readonly readGates: Map<string, Promise<void>>;
}

function program(content: Readonly<Record<string, string>>): Program {
  const sources = new Map(Object.entries(content));
  const builds: string[] = [];
  const renamed = new Set<string>();
  const gates = new Map<string, Promise<void>>();
  const readGates = new Map<string, Promise<void>>();
  const build = async (id: string): Promise<Built> => {
    builds.push(id);
    await gates.get(id);
    const source = sources.get(id);
    await readGates.get(id);
    if (source === undefined) throw new HmrError('READ', `${id} could not be read.`);
    if (source.includes('!')) throw new HmrError('SYNTAX', `a mistake in ${id}`);
    const [code = '', names = ''] = source.split(' -> ');
    const requests = code
      .split(' ')
      .slice(1)
      .map((text) => text.split(':'));
    const deps = requests.map(([dep = '']) => dep);
    const imports = requests.flatMap(([, name], dep) => (name === undefined ? [] : [[dep, name] as const]));
    const meta = {
      id,
      hash: source,
      deps,
      imports,
      exports: names.split(' ').filter(Boolean),
      reexports: [],
      stars: [],
      async: false,
      specifiers: {},
    };
    const locate = (): { location: undefined; frame: string } => ({ location: undefined, frame: `frame of ${id}` });
    return {
      meta,
      text: source,
      lineCount: 1,
      files: [`file:${id}`],
      watched: [],
      locate,
      resolvesAlike: () => !renamed.has(id),
      names: () => false,
      hasFound: () => false,
    };
  };
  return { graph: createModuleGraph(build), sources, builds, renamed, gates, readGates };
}

const APP = { '/main': '1 /a /b', '/a': '1 /c:x', '/b': '1 /c:x', '/c': '1 -> x' };
const tell = (graph: ModuleGraph, ids: Iterable<string>): void => {
  for (const id of ids) {
    const node = graph.node(id);
    if (node) node.toldHash = node.built?.meta.hash;
  }
};

async function started(content: Readonly<Record<string, string>> = APP): Promise<Program> {
  const app = program(content);
  await app.graph.closure('/main', { entry: true });
  tell(app.graph, Object.keys(content));
  app.builds.length = 0;
  return app;
}

test('a graph is built once, dependencies first', async () => {
  const { graph, builds } = program(APP);
  const order = await graph.closure('/main', { entry: true });
  assert.deepEqual(
    order.map(({ id }) => id),
    ['/c', '/a', '/b', '/main'],
  );
  await graph.closure('/main');
  assert.deepEqual(builds.sort(), ['/a', '/b', '/c', '/main']);
  assert.deepEqual(
    [...(graph.node('/c')?.importers ?? [])].map(({ id }) => id),
    ['/a', '/b'],
  );
});

test('a cycle is built once too', async () => {
  const { graph, builds } = program({ '/a': '1 /b /c', '/b': '1 /d', '/c': '1 /d', '/d': '1 /a' });
  const order = await graph.closure('/a', { entry: true });
  assert.deepEqual(
    order.map(({ id }) => id),
    ['/d', '/b', '/c', '/a'],
  );
  assert.equal(builds.length, 4);
});

test('who asks while a graph is being built gets the whole of it', async () => {
  const { graph, gates } = program(APP);
  let open: () => void = () => undefined;
  gates.set('/c', new Promise((resolve) => (open = resolve)));
  const both = [graph.closure('/main'), graph.closure('/main')];
  open();
  for (const order of await Promise.all(both))
    assert.deepEqual(
      order.map(({ id }) => id),
      ['/c', '/a', '/b', '/main'],
    );
});

test('a change builds what is made of the file, and nothing else', async () => {
  const { graph, sources, builds } = await started();
  sources.set('/c', '2 -> x');
  const changed = await graph.rebuild(['file:/c'], 'none');
  assert.deepEqual(
    changed.map(({ id }) => id),
    ['/c'],
  );
  assert.deepEqual(builds, ['/c']);
});

test('output that stays the same is no change', async () => {
  const { graph, builds } = await started();
  assert.deepEqual(await graph.rebuild(['file:/c'], 'none'), []);
  assert.deepEqual(builds, ['/c']);
});

test('files that came or went: only modules whose specifiers mean something else are built again', async () => {
  const { graph, sources, builds, renamed } = await started();
  await graph.rebuild(['file:/new'], 'specifiers');
  assert.deepEqual(builds, []);
  renamed.add('/b');
  sources.set('/b', '1 /d:x');
  sources.set('/d', '1 -> x');
  const changed = await graph.rebuild(['file:/new'], 'specifiers');
  assert.deepEqual(builds, ['/b', '/d']);
  assert.deepEqual(
    changed.map(({ id }) => id),
    ['/b'],
  );
});

test('a changed configuration builds everything again', async () => {
  const { graph, builds } = await started();
  await graph.rebuild([], 'everything');
  assert.deepEqual(builds.sort(), ['/a', '/b', '/c', '/main']);
});

test('after an error the last good build stands, and the error is tried again with every batch', async () => {
  const { graph, sources, builds } = await started();
  sources.set('/c', '!');
  await graph.rebuild(['file:/c'], 'none');
  assert.deepEqual(
    graph.errors().map(({ message }) => message),
    ['a mistake in /c'],
  );
  assert.equal(graph.node('/c')?.built?.meta.hash, '1 -> x');
  sources.set('/c', '3 -> x');
  builds.length = 0;
  const changed = await graph.rebuild(['file:/unrelated'], 'none');
  assert.deepEqual(builds, ['/c']);
  assert.deepEqual(
    changed.map(({ id }) => id),
    ['/c'],
  );
  assert.deepEqual(graph.errors(), []);
});

test('what changed while an error stood is in the answer to the fix', async () => {
  const { graph, sources } = await started();
  sources.set('/c', '!');
  await graph.rebuild(['file:/c'], 'none');
  sources.set('/a', '2 /c:x');
  await graph.rebuild(['file:/a'], 'none');
  sources.set('/c', '2 -> x');
  const changed = await graph.rebuild(['file:/c'], 'none');
  assert.deepEqual(changed.map(({ id }) => id).sort(), ['/a', '/c']);
});

test('a missing export is an error at the importer, with its frame and a suggestion', async () => {
  const { graph, sources } = await started({ '/main': '1 /c:count', '/c': '1 -> count' });
  sources.set('/c', '1 -> cuont other');
  await graph.rebuild(['file:/c'], 'none');
  const [error] = graph.errors();
  assert.equal(error?.code, 'MISSING_EXPORT');
  assert.match(error.message, /'\/c'.*'count'.*\/main/);
  assert.equal(error.frame, 'frame of /main');
  assert.equal(error.hint, `Did you mean 'cuont'? It exports 'cuont', 'other'.`);
  sources.set('/c', '2 -> count');
  await graph.rebuild(['file:/c'], 'none');
  assert.deepEqual(graph.errors(), []);
});

test('the error of what no entry reaches any more does not stand', async () => {
  const { graph, sources } = await started();
  sources.set('/b', '!');
  await graph.rebuild(['file:/b'], 'none');
  assert.equal(graph.errors().length, 1);
  sources.set('/main', '2 /a');
  await graph.rebuild(['file:/main'], 'none');
  assert.deepEqual(graph.errors(), []);
});

test('an entry that is gone is no error, and neither is what only it imported', async () => {
  const { graph, sources } = await started({ '/main': '1 /a', '/a': '1', '/other': '1 /main' });
  sources.delete('/main');
  sources.delete('/a');
  await graph.rebuild(['file:/main', 'file:/a'], 'specifiers');
  assert.deepEqual(graph.errors(), []);
});

test('an entry that comes back is an entry again', async () => {
  const { graph, sources } = await started();
  sources.delete('/main');
  await graph.rebuild(['file:/main'], 'specifiers');
  sources.set('/main', '1 /a /b');
  await graph.rebuild(['file:/main'], 'specifiers');
  sources.set('/c', '!');
  await graph.rebuild(['file:/c'], 'none');
  assert.equal(graph.errors()[0]?.message, 'a mistake in /c');
});

test('a module that is gone is an error where an entry imports it', async () => {
  const { graph, sources } = await started();
  sources.delete('/c');
  await graph.rebuild(['file:/c'], 'specifiers');
  assert.equal(graph.errors()[0]?.message, '/c could not be read.');
});

test('a build that a newer one overtook is dropped', async () => {
  const { graph, sources } = await started();
  sources.set('/c', '2 -> x');
  const first = graph.rebuild(['file:/c'], 'none');
  sources.set('/c', '3 -> x');
  await Promise.all([first, graph.rebuild(['file:/c'], 'none')]);
  assert.equal(graph.node('/c')?.built?.meta.hash, '3 -> x');
});

test('a module that is saved after it was read and before it was built for the first time is built again', async () => {
  for (const before of ['1 -> x', '! a mistake']) {
    const { graph, sources, builds, readGates } = program({ '/main': '1 /a:x', '/a': before });
    let open = (): void => undefined;
    readGates.set('/a', new Promise<void>((resolve) => (open = resolve)));
    const loading = graph.closure('/main', { entry: true });
    await new Promise(setImmediate);
    assert.deepEqual(builds, ['/main', '/a']);
    sources.set('/a', '2 -> x');
    readGates.clear();
    const rebuilt = graph.rebuild(['file:/a'], 'none');
    open();
    await Promise.all([loading, rebuilt]);
    assert.equal(graph.node('/a')?.built?.meta.hash, '2 -> x');
    assert.deepEqual(graph.errors(), []);
  }
});
