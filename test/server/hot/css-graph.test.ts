import assert from 'node:assert/strict';
import path from 'node:path';
import { test } from 'node:test';
import { replaceUrls, scanCss } from '../../../src/server/compile/css.ts';
import { hashOf } from '../../../src/server/content-hash.ts';
import { createCssGraph, withVersion, type CssGraph } from '../../../src/server/hot/css-graph.ts';

interface Folder {
  readonly graph: CssGraph;
  readonly files: Map<string, string>;
  /** What was read, hashed and tokenized: paths, paths and texts. */
  readonly reads: string[];
  readonly hashed: string[];
  readonly scanned: string[];
  readonly reported: Set<string>;
  /** As a `<link>` gets it. */
  served(filePath: string): Promise<string>;
}

function folder(content: Readonly<Record<string, string>>): Folder {
  const files = new Map(Object.entries(content));
  const reads: string[] = [];
  const hashed: string[] = [];
  const scanned: string[] = [];
  const reported = new Set<string>();
  const graph = createCssGraph({
    async read(filePath) {
      reads.push(filePath);
      const text = files.get(filePath);
      if (text === undefined) throw Object.assign(new Error(`no ${filePath}`), { code: 'ENOENT' });
      return { content: Buffer.from(text), loader: undefined, watched: [], isMade: false };
    },
    isSheet: (filePath) => filePath.endsWith('.css'),
    version(filePath) {
      hashed.push(filePath);
      const text = files.get(filePath);
      return text === undefined ? undefined : hashOf(text);
    },
    scan(source) {
      scanned.push(source);
      return scanCss(source);
    },
    replace: replaceUrls,
    onFile: (filePath) => void reported.add(filePath),
    fileOf: (specifier, fromFile) => path.posix.resolve(path.posix.dirname(fromFile), specifier.replace(/[?#].*$/, '')),
  });
  const served = (filePath: string): Promise<string> => graph.serve(filePath, Buffer.from(files.get(filePath) ?? ''));
  return { graph, files, reads, hashed, scanned, reported, served };
}

const FILES = {
  '/a.css': '@import "sub/b.css"; p { background: url(dot.png) }',
  '/sub/b.css': '@import url("../c.css"); q { background: url("../dot.png#x") }',
  '/c.css': 'r { color: red }',
  '/other.css': 's {}',
  '/dot.png': 'dot',
};

test('a sheet is served as it is while nothing has changed', async () => {
  const { graph, served } = folder(FILES);
  assert.equal(await served('/a.css'), FILES['/a.css']);
  assert.deepEqual(await graph.files('/a.css'), ['/a.css', '/sub/b.css', '/c.css', '/dot.png']);
  assert.equal(await graph.stamp('/dot.png'), '');
});

test('a change deep down is a change of every sheet above it', async () => {
  const { graph, files } = folder(FILES);
  await graph.hash('/a.css');
  await graph.hash('/other.css');
  const before = await graph.hash('/a.css');
  files.set('/c.css', 'r { color: blue }');
  assert.deepEqual(graph.changed('/c.css'), new Set(['/c.css', '/sub/b.css', '/a.css']));
  assert.notEqual(await graph.hash('/a.css'), before);
  assert.deepEqual(graph.changed('/dot.png'), new Set(['/a.css', '/sub/b.css']));
  assert.deepEqual(graph.changed('/unknown.css'), new Set());
});

test('what leads to a changed file gets a version, what does not stays as the author wrote it', async () => {
  const { graph, files, served } = folder(FILES);
  await graph.hash('/a.css');
  files.set('/c.css', 'r {}');
  graph.changed('/c.css');
  assert.match(await served('/a.css'), /^@import "sub\/b\.css\?v=[\w-]{10}"; p \{ background: url\(dot\.png\) \}$/);
  assert.match(await served('/sub/b.css'), /url\("\.\.\/c\.css\?v=[\w-]{10}"\)/);
  files.set('/dot.png', 'another');
  graph.changed('/dot.png');
  assert.match(await served('/sub/b.css'), /url\("\.\.\/dot\.png\?v=[\w-]{10}#x"\)/);
});

test('a hash is of the content and not of versions: the next server comes to the same', async () => {
  const first = folder(FILES);
  await first.graph.hash('/a.css');
  first.files.set('/dot.png', 'new');
  first.graph.changed('/dot.png');
  const second = folder({ ...FILES, '/dot.png': 'new' });
  assert.equal(await second.graph.hash('/a.css'), await first.graph.hash('/a.css'));
  assert.notEqual(await second.served('/a.css'), await first.served('/a.css'));
});

test('after stampAll every file has a version, the same as if it had changed', async () => {
  const first = folder(FILES);
  await first.graph.hash('/a.css');
  first.graph.changed('/dot.png');
  const second = folder(FILES);
  assert.equal(second.graph.stampAll(), true);
  assert.equal(second.graph.stampAll(), false);
  assert.equal(await second.graph.stamp('/dot.png'), await first.graph.stamp('/dot.png'));
  assert.match(await second.served('/a.css'), /b\.css\?v=.*dot\.png\?v=/);
});

test('text that was made from a sheet gets the same versions', async () => {
  const { graph } = folder(FILES);
  await graph.hash('/a.css');
  graph.changed('/dot.png');
  const stamp = await graph.stamp('/dot.png');
  assert.deepEqual(await graph.render('/sub/any.css', '.x_1 { background: url(/dot.png) }'), {
    versioned: `.x_1 { background: url(/dot.png${stamp}) }`,
    unversioned: '.x_1 { background: url(/dot.png) }',
  });
  assert.equal((await graph.render('/a.css', '.x_1 { color: red }')).versioned, '.x_1 { color: red }');
});

test('a missing file: told of once it is there', async () => {
  const { graph, files } = folder({ '/a.css': '@import "late.css";' });
  const before = await graph.hash('/a.css');
  assert.equal(await graph.hash('/late.css'), undefined);
  files.set('/late.css', 'p {}');
  assert.deepEqual(graph.changed('/late.css'), new Set(['/a.css']));
  assert.notEqual(await graph.hash('/a.css'), before);
  await assert.rejects(graph.serve('/nothing.css', Buffer.alloc(0)), { code: 'ENOENT' });
});

test('sheets that import each other', async () => {
  const { graph, served } = folder({ '/a.css': '@import "b.css";', '/b.css': '@import "a.css"; c { background: url(gone.png) }' });
  assert.deepEqual(await graph.files('/a.css'), ['/a.css', '/b.css', '/gone.png']);
  assert.equal(await graph.hash('/gone.png'), undefined);
  assert.deepEqual(graph.changed('/a.css'), new Set(['/a.css', '/b.css']));
  assert.match(await served('/a.css'), /b\.css\?v=/);
});

test('a file is read once until it changes', async () => {
  const { graph, reads, served } = folder(FILES);
  await graph.hash('/a.css');
  await served('/a.css');
  assert.equal(reads.length, 3);
  graph.changed('/c.css');
  await graph.hash('/a.css');
  assert.deepEqual(reads.slice(3), ['/c.css']);
});

test('serving a sheet reads nothing that it names until something has changed', async () => {
  const { graph, reads, hashed, served } = folder(FILES);
  await served('/a.css');
  assert.deepEqual([reads, hashed], [['/a.css'], []]);
  graph.changed('/other.css');
  await served('/a.css');
  assert.deepEqual([reads, hashed], [['/a.css', '/sub/b.css', '/c.css'], []]);
});

test('a sheet that changed without a word is served as it is now, and counts as changed', async () => {
  const { graph, files, served } = folder(FILES);
  await served('/sub/b.css');
  await served('/a.css');
  const before = await graph.hash('/a.css');
  files.set('/sub/b.css', 'q { background: url(new.png) }');
  assert.equal(await served('/sub/b.css'), 'q { background: url(new.png) }');
  assert.notEqual(await graph.hash('/a.css'), before);
  assert.match(await served('/a.css'), /b\.css\?v=/);
  assert.deepEqual(graph.changed('/sub/new.png'), new Set(['/sub/b.css', '/a.css']));
});

test('URLs can be replaced on the way, and a text is tokenized once', async () => {
  const { graph, files, scanned } = folder(FILES);
  await graph.hash('/a.css');
  files.set('/a.css', 'p { background: url(dot.png) }');
  graph.changed('/a.css');
  graph.changed('/dot.png');
  scanned.length = 0;
  const { versioned, unversioned } = await graph.render('/a.css', files.get('/a.css') ?? '', (url) => `/served/${url}`);
  assert.equal(unversioned, 'p { background: url(/served/dot.png) }');
  assert.match(versioned, /^p \{ background: url\(\/served\/dot\.png\?v=[\w-]{10}\) \}$/);
  await graph.files('/a.css');
  assert.equal(scanned.length, 1);
});

test('every sheet and all that it names is told, to be watched wherever it is', async () => {
  const { graph, reported } = folder(FILES);
  await graph.files('/a.css');
  assert.deepEqual([...reported], ['/a.css', '/sub/b.css', '/dot.png', '/c.css']);
});

test('versions go in front of a fragment and behind a query', () => {
  assert.equal(withVersion('a.svg#icon', '?v=1'), 'a.svg?v=1#icon');
  assert.equal(withVersion('a.css?theme=dark', '?v=1'), 'a.css?theme=dark&v=1');
  assert.equal(withVersion('a.css', '?v=1'), 'a.css?v=1');
});
