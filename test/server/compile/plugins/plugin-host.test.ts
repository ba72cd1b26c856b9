/**
 * Plugins of esbuild run by esbuild and by us: each case is one plugin and one program, built by both, and what the callbacks were given, which
 * modules came of it, and which errors and warnings, has to be the same. https://esbuild.github.io/plugins/
 */
import assert from 'node:assert/strict';
import path from 'node:path';
import { describe, test, type TestContext } from 'node:test';
import { build, type BuildFailure, type Location, type Plugin, type PluginBuild } from 'esbuild';
import { createPluginHost } from '../../../../src/server/compile/plugins/plugin-host.ts';
import { originalPosition } from '../../../../src/server/compile/source-map.ts';
import { placeAt } from '../../../../src/server/errors.ts';
import type { Project } from '../../../../src/server/project.ts';
import { fixture, type Fixture, type FixtureFiles } from '../../../harness/fixture.ts';
import { openProject } from '../../../harness/project.ts';

/** Notes a call, and hands on what it was given. */
type Log = <T extends object>(hook: string, args: T) => T;

interface Case {
  readonly files: FixtureFiles;
  readonly setup: (build: PluginBuild, log: Log, folder: string) => void;
}

interface Outcome {
  /** In no order: esbuild's own is not fixed. */
  readonly calls: readonly string[];
  /** `namespace:path`, or the path of a file. */
  readonly modules: readonly string[];
  readonly errors: readonly string[];
  readonly warnings: readonly string[];
}

const PLACEHOLDER = '<folder>';

function recorder(folder: string): { readonly log: Log; readonly calls: string[] } {
  const calls: string[] = [];
  return {
    calls,
    log(hook, args) {
      calls.push(`${hook} ${JSON.stringify(args, Object.keys(args).toSorted())}`.replaceAll(folder, PLACEHOLDER));
      return args;
    },
  };
}

const plugin = (setup: Plugin['setup']): Plugin => ({ name: 'tested', setup });

/** How both tell a message: its text, and line and column from 1. */
const told = (text: string, place?: { file: string; line: number; column: number }): string =>
  `${text.replace(/^\[\w+\] /, '')}${place ? ` at ${path.basename(place.file)}:${place.line}:${place.column}` : ''}`;

async function byEsbuild(folder: string, { setup }: Case): Promise<Outcome> {
  const { log, calls } = recorder(folder);
  const result = await build({
    entryPoints: [path.join(folder, 'main.js')],
    absWorkingDir: folder,
    bundle: true,
    write: false,
    metafile: true,
    format: 'esm',
    logLevel: 'silent',
    outdir: folder,
    plugins: [plugin((api) => setup(api, log, folder))],
  }).catch((failure: BuildFailure) => failure);
  // Its columns are bytes.
  const place = (location: Location | null) =>
    location ? { ...location, column: Buffer.from(location.lineText).subarray(0, location.column).toString().length + 1 } : undefined;
  const inputs = 'metafile' in result ? Object.keys(result.metafile?.inputs ?? {}) : [];
  return {
    // Entry points are a bundler's.
    calls: calls.filter((call) => !call.includes('"kind":"entry-point"')).toSorted(),
    modules: inputs.toSorted(),
    errors: result.errors.map(({ text, location }) => told(text, place(location))),
    warnings: result.warnings.map(({ text }) => told(text)),
  };
}

function open(folder: string, { setup }: Pick<Case, 'setup'>, log: Log, warn: (message: string) => void): Project {
  return openProject(folder, { plugins: [plugin((api) => setup(api, log, folder))], warn });
}

async function byUs(folder: string, one: Case): Promise<Outcome> {
  const { log, calls } = recorder(folder);
  const warnings: string[] = [];
  const project = open(folder, one, log, (message) => warnings.push(told(message)));
  await project.ready.catch(() => undefined);
  const nodes = await project.graph.closure('/main.js', { entry: true });
  const errors = project.graph.errorsOf(nodes);
  await project.plugins.end([]);
  project.close();
  const nameOf = (id: string): string =>
    decodeURIComponent(id)
      .replace(/^\/(@plugin\/)?/, '')
      .replace(/\?json$/, '');
  return {
    calls: calls.toSorted(),
    modules: errors.length > 0 ? [] : nodes.map(({ id }) => nameOf(id)).toSorted(),
    errors: errors.map(({ message, location }) => told(message, location)),
    warnings: warnings.map((text) => text.replace(/ \(.*\)$/, '')),
  };
}

async function same(t: TestContext, one: Case): Promise<{ readonly ours: Outcome; readonly files: Fixture }> {
  const files = await fixture({ 'package.json': '{"type":"module"}', ...one.files });
  t.after(() => files[Symbol.asyncDispose]());
  const theirs = await byEsbuild(files.path, one);
  const ours = await byUs(files.path, one);
  assert.deepEqual(ours, theirs);
  return { ours, files };
}

describe('onResolve', () => {
  test('is given path, importer, namespace, resolveDir, kind and pluginData, for files', async (t) => {
    const { ours } = await same(t, {
      files: {
        'main.js': `import './sub/a.js'; import('./b.js'); export * from './c.js';`,
        'sub/a.js': `import '../b.js';`,
        'b.js': 'export {}',
        'c.js': 'export {}',
      },
      setup: (api, log) =>
        api.onResolve({ filter: /\.js$/ }, (args) => {
          log('resolve', args);
          return undefined;
        }),
    });
    assert.equal(ours.calls.length, 4);
  });

  test('a namespace: what its modules import is asked for in it, with what their loader handed on', async (t) => {
    const { ours } = await same(t, {
      files: { 'main.js': `import 'virtual:one'; import 'virtual:two';`, 'real.js': 'export {}' },
      setup(api, log, folder) {
        api.onResolve({ filter: /^virtual:/ }, (args) => {
          log('resolve', args);
          return { path: args.path.slice(8), namespace: 'made', pluginData: { asked: args.path } };
        });
        api.onResolve({ filter: /.*/, namespace: 'made' }, (args) => {
          log('resolve in made', args);
          return args.path.startsWith('virtual:') ? undefined : { path: path.join(folder, 'real.js') };
        });
        api.onLoad({ filter: /.*/, namespace: 'made' }, (args) => {
          log('load', args);
          return { contents: args.path === 'one' ? `import 'virtual:three'` : `import 'real'`, pluginData: { from: args.path } };
        });
        api.onLoad({ filter: /.*/, namespace: 'other' }, (args) => {
          log('never', args);
          return undefined;
        });
      },
    });
    assert.deepEqual(ours.modules, ['made:one', 'made:three', 'made:two', 'main.js', 'real.js'].toSorted());
  });

  test('resolveDir: where the imports of a made module start', async (t) => {
    await same(t, {
      files: { 'main.js': `import 'x'`, 'deep/er/a.js': 'export {}' },
      setup(api, log, folder) {
        api.onResolve({ filter: /^x$/ }, () => ({ path: 'x', namespace: 'made' }));
        api.onResolve({ filter: /a\.js$/ }, (args) => {
          log('resolve', args);
          return undefined;
        });
        api.onLoad({ filter: /.*/, namespace: 'made' }, () => ({ contents: `import './a.js'`, resolveDir: path.join(folder, 'deep/er') }));
      },
    });
  });

  test('suffix: a file with another query is another module', async (t) => {
    const { ours } = await same(t, {
      files: { 'main.js': `import 'a'; import 'b';`, 'file.txt': 'text' },
      setup(api, log, folder) {
        api.onResolve({ filter: /^[ab]$/ }, (args) => ({
          path: path.join(folder, 'file.txt'),
          suffix: `?${args.path}`,
          pluginData: args.path,
        }));
        api.onLoad({ filter: /\.txt$/ }, (args) => {
          log('load', args);
          return { contents: 'export {}' };
        });
      },
    });
    assert.equal(ours.calls.length, 2);
  });

  test('callbacks are asked in order, and the first answer ends it, also one that names nothing', async (t) => {
    const { ours } = await same(t, {
      files: { 'main.js': `import 'x'; import './y.js';`, 'y.js': '' },
      setup(api, log) {
        api.onResolve({ filter: /^x$/ }, (args) => (log('first', args), null));
        api.onResolve({ filter: /^x$/ }, (args) => (log('second', args), { path: 'x', namespace: 'made' }));
        api.onResolve({ filter: /^x$/ }, (args) => (log('never', args), { path: 'y', namespace: 'made' }));
        api.onResolve({ filter: /y/ }, (args) => (log('nothing', args), {}));
        api.onResolve({ filter: /y/ }, (args) => (log('never', args), { path: 'y', namespace: 'made' }));
        api.onLoad({ filter: /.*/, namespace: 'made' }, () => ({ contents: '' }));
      },
    });
    assert.deepEqual(ours.modules.toSorted(), ['made:x', 'main.js', 'y.js']);
    assert.equal(ours.calls.length, 3);
  });

  test('external', async (t) => {
    await same(t, {
      files: { 'main.js': `import 'https://example.org/a.js'` },
      setup: (api) => api.onResolve({ filter: /^https:/ }, (args) => ({ path: args.path, external: true })),
    });
  });

  test('import attributes', async (t) => {
    await same(t, {
      files: { 'main.js': `import a from './a.data' with { type: 'json' }; export { a };`, 'a.data': '{}' },
      setup(api, log) {
        api.onResolve({ filter: /\.data$/ }, (args) => (log('resolve', { ...args, with: JSON.stringify(args.with) }), undefined));
        api.onLoad({ filter: /\.data$/ }, (args) => {
          log('load', { ...args, with: JSON.stringify(args.with) });
          return { contents: '{}', loader: 'json' };
        });
      },
    });
  });
});

describe('onLoad', () => {
  test('pluginData comes from onResolve; a module that no loader took hands nothing on', async (t) => {
    await same(t, {
      files: { 'main.js': `import './a.js'; import './b.js';`, 'a.js': `import 'end'`, 'b.js': `import 'end'` },
      setup(api, log) {
        api.onResolve({ filter: /^\.\/[ab]\.js$/ }, (args) => ({ path: path.join(args.resolveDir, args.path), pluginData: 'resolved' }));
        api.onResolve({ filter: /^end$/ }, (args) => (log('resolve', args), { path: 'end', namespace: 'made' }));
        api.onLoad({ filter: /a\.js$/ }, (args) => (log('load', args), { contents: `import 'end'`, pluginData: 'loaded' }));
        api.onLoad({ filter: /.*/, namespace: 'made' }, () => ({ contents: '' }));
      },
    });
  });

  test('bytes, and every loader', async (t) => {
    const loaders = ['js', 'jsx', 'ts', 'tsx', 'json', 'text', 'base64', 'binary', 'dataurl', 'empty', 'default'] as const;
    await same(t, {
      files: { 'main.js': loaders.map((loader) => `import './${loader}.js';`).join('') },
      setup(api, log, folder) {
        api.onResolve({ filter: /.*/ }, (args) => (args.kind === 'entry-point' ? undefined : { path: path.join(folder, args.path) }));
        api.onLoad({ filter: /\w+\.js$/ }, (args) => {
          const loader = loaders.find((name) => name === path.basename(args.path, '.js'));
          return loader && (log('load', args), { contents: new TextEncoder().encode(loader === 'json' ? '{"a":1}' : ''), loader });
        });
      },
    });
  });

  test('errors and warnings: text, place, and the name of whoever says it', async (t) => {
    const { ours } = await same(t, {
      files: { 'main.js': `import './a.x'; import './b.x';`, 'a.x': 'ä bad word', 'b.x': 'fine' },
      setup(api) {
        api.onLoad({ filter: /\.x$/ }, ({ path: file }) => {
          const location = { file, line: 1, column: 3, lineText: 'ä bad word' };
          if (file.endsWith('b.x')) return { contents: '', warnings: [{ text: 'not so fine', location }] };
          return { errors: [{ text: 'a bad word', location: { ...location, column: Buffer.from('ä ').length } }], watchFiles: [file] };
        });
      },
    });
    assert.deepEqual(ours.warnings, ['not so fine']);
  });

  test('what a callback throws is an error', async (t) => {
    const files = await fixture({ 'package.json': '{"type":"module"}', 'main.js': `import './a.x'`, 'a.x': '' });
    t.after(() => files[Symbol.asyncDispose]());
    const one: Case = {
      files: {},
      setup: (api) =>
        api.onLoad({ filter: /\.x$/ }, () => {
          throw new Error('thrown');
        }),
    };
    assert.match((await byEsbuild(files.path, one)).errors.join(), /^thrown/);
    assert.match((await byUs(files.path, one)).errors.join(), /^thrown at a\.x:1:1/);
  });
});

describe('build', () => {
  test('onStart and onEnd: once a build, and at the same time or in order', async (t) => {
    const { ours } = await same(t, {
      files: { 'main.js': '' },
      setup(api, log) {
        let open = (): void => undefined;
        const gate = new Promise<void>((resolve) => (open = resolve));
        // Were they run one after the other, the first would wait for ever.
        api.onStart(async () => (await gate, void log('start', { n: 1 })));
        api.onStart(() => (open(), void log('start', { n: 2 })));
        api.onEnd((result) => void log('end', { errors: result.errors.length }));
      },
    });
    assert.equal(ours.calls.length, 3);
  });

  test('resolve: with the callbacks of all plugins, and the rules of files', async (t) => {
    await same(t, {
      files: { 'main.js': `import 'ask'`, 'sub/found.js': 'export {}' },
      setup(api, log, folder) {
        api.onResolve({ filter: /^inner$/ }, (args) => {
          log('inner', args);
          return { path: 'inner', namespace: 'made', pluginData: 'given', suffix: '?s' };
        });
        api.onResolve({ filter: /^ask$/ }, async () => {
          const file = await api.resolve('./found.js', { kind: 'import-statement', resolveDir: path.join(folder, 'sub') });
          log('file', {
            path: file.path,
            namespace: file.namespace,
            errors: file.errors.length,
            suffix: file.suffix,
            external: file.external,
          });
          const inner = await api.resolve('inner', { kind: 'dynamic-import', importer: 'me', namespace: 'mine', pluginData: 7 });
          log('made', { path: inner.path, namespace: inner.namespace, suffix: inner.suffix, pluginData: inner.pluginData as string });
          const nothing = await api.resolve('./nothing.js', { kind: 'import-statement', resolveDir: folder });
          log('nothing', { path: nothing.path, errors: nothing.errors.length });
          return { path: file.path };
        });
      },
    });
  });

  test('esbuild itself is at hand, and initialOptions may be changed', async (t) => {
    await same(t, {
      files: { 'main.js': `import words from './a.words'; log(words, WORD)`, 'a.words': 'one two' },
      setup(api, log) {
        const { initialOptions } = api;
        initialOptions.define = { ...initialOptions.define, WORD: '"defined"' };
        initialOptions.loader = { ...initialOptions.loader, '.words': 'text' };
        api.onStart(async () => {
          const { code } = await api.esbuild.transform('let x: number', { loader: 'ts' });
          log('transformed', { code, dir: initialOptions.absWorkingDir });
        });
      },
    });
  });

  test('onDispose is called at the end', async (t) => {
    const files = await fixture({ 'package.json': '{"type":"module"}', 'main.js': '' });
    t.after(() => files[Symbol.asyncDispose]());
    const { log, calls } = recorder(files.path);
    const project = open(files.path, { setup: (api) => api.onDispose(() => void log('disposed', {})) }, log, () => undefined);
    await project.ready;
    assert.deepEqual(calls, []);
    project.close();
    project.close();
    assert.deepEqual(calls, ['disposed {}']);
  });
});

test('a map in what was loaded leads to the text of the author, and its change alone is none', async (t) => {
  const files = await fixture({ 'package.json': '{"type":"module"}', 'main.js': `import './a.x'`, 'a.x': '' });
  t.after(() => files[Symbol.asyncDispose]());
  let style = 'red';
  const mapOf = (): string => {
    // The second line of the code is the third of the source.
    const map = { version: 3, sources: ['a.x'], sourcesContent: [`style ${style}\n\nscript`], names: [], mappings: ';AAEA' };
    return `//# sourceMappingURL=data:application/json;base64,${Buffer.from(JSON.stringify(map)).toString('base64')}`;
  };
  const loads = plugin((api) => api.onLoad({ filter: /\.x$/ }, () => ({ contents: `'made';\nscript();\n${mapOf()}` })));
  const project = openProject(files.path, { plugins: [loads] });
  for (const node of await project.graph.closure('/main.js', { entry: true })) node.toldHash = node.built?.meta.hash;
  const map = await project.compiler.map('/a.x');
  assert.deepEqual([map?.sources, map?.sourcesContent], [['/a.x'], ['style red\n\nscript']]);
  const text = project.graph.node('/a.x')?.built?.text ?? '';
  const { line, column } = placeAt(text, text.indexOf('script()'));
  assert.deepEqual(map && originalPosition(map, line, column), { source: 'a.x', line: 3, column: 1 });
  style = 'blue';
  assert.deepEqual(await project.graph.rebuild([files.resolve('a.x')], 'none'), []);
  project.close();
});

test('a plugin that does not answer is named, and fails in the end', async (t) => {
  // Its timers alone keep no process running.
  const alive = setInterval(() => undefined, 1_000);
  t.after(() => clearInterval(alive));
  const warnings: string[] = [];
  const host = createPluginHost({
    root: '/site',
    folder: '/site',
    plugins: [plugin((api) => api.onLoad({ filter: /.*/ }, () => new Promise<never>(() => undefined)))],
    resolve: () => assert.fail('nothing is resolved'),
    warn: (message) => void warnings.push(message),
    patience: { warnMs: 0, failMs: 1 },
  });
  await host.start();
  const load = host.loaderOf({ path: '/site/a.x', namespace: 'file', suffix: '', pluginData: undefined });
  await assert.rejects(load?.() ?? assert.fail('nobody loads it'), /\[tested\] has not answered for 0\.001 s \(a\.x\)/);
  assert.deepEqual(warnings, ['[tested] has not answered for 0 s (a.x).']);
});

describe('a batch of changes', () => {
  test('a part is made after its importer and whenever that is, and a file is watched that an error names', async (t) => {
    const files = await fixture({ 'package.json': '{"type":"module"}', 'main.js': `import './a.x'`, 'a.x': 'one' });
    t.after(() => files[Symbol.asyncDispose]());
    const watched: string[] = [];
    const { log, calls } = recorder(files.path);
    let text = 'one';
    const setup: Case['setup'] = (api) => {
      let kept = '';
      api.onResolve({ filter: /^part$/ }, () => ({ path: 'part', namespace: 'part' }));
      api.onLoad({ filter: /\.x$/ }, async (args) => {
        await new Promise((resolve) => setImmediate(resolve));
        kept = text;
        log('whole', { path: args.path });
        if (text === 'broken') return { errors: [{ text }], watchFiles: ['/elsewhere/part.y'] };
        return { contents: `import 'part'` };
      });
      api.onLoad({ filter: /.*/, namespace: 'part' }, () => ({ contents: `log('${kept}')` }));
    };
    const project = openProject(files.path, {
      plugins: [plugin((api) => setup(api, log, files.path))],
      onFile: (file) => void watched.push(file),
    });
    const part = '/@plugin/part:part';
    await project.graph.closure('/main.js', { entry: true });
    for (const node of await project.graph.closure('/main.js')) node.toldHash = node.built?.meta.hash;
    assert.match(project.graph.node(part)?.built?.text ?? '', /'one'/);
    text = 'two';
    const changed = await project.graph.rebuild([files.resolve('a.x')], 'none');
    assert.deepEqual(
      changed.map(({ id }) => id),
      [part],
    );
    assert.match(project.graph.node(part)?.built?.text ?? '', /'two'/);
    text = 'broken';
    await project.graph.rebuild([files.resolve('a.x')], 'none');
    assert.equal(project.graph.errors().length, 1);
    assert.ok(watched.includes('/elsewhere/part.y'));
    assert.equal(calls.length, 3);
    project.close();
  });
});
