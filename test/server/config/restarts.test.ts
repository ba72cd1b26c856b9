/** Restarts as a library sees them, many of them: what has to be gone after each is gone. */
import assert from 'node:assert/strict';
import { EventEmitter } from 'node:events';
import { test } from 'node:test';
import v8 from 'node:v8';
import vm from 'node:vm';
import type { Plugin, PluginServer } from '../../../src/server/compile/plugins/plugin.ts';
import { resolveOptions, type DevServerOptions } from '../../../src/server/config/config.ts';
import { ConfigError, type ConfigSources } from '../../../src/server/config/config-sources.ts';
import { restartOnChange } from '../../../src/server/config/restarts.ts';
import { createLineLog } from '../../harness/diagnostics.ts';
import { fixture } from '../../harness/fixture.ts';
import { SCRIPT, capturingLogger, startServer } from '../../harness/server.ts';

v8.setFlagsFromString('--expose-gc');
const collectGarbage = vm.runInNewContext('gc') as () => void;

const FILES = {
  'index.html': '<script type="module" src="main.js"></script>',
  'main.js': `import './style.css'; import './a.ts'; console.log(__X__);`,
  'style.css': 'p { color: red }',
  'a.ts': 'export const a: number = 1;',
};

/** As its module would be, which Node never forgets: what a plugin keeps of the server it is told of. */
const kept: unknown[] = [];

function plugin(): Plugin {
  return {
    name: 'keeps',
    setup(build) {
      kept.push(build);
      build.onLoad({ filter: /never/ }, () => undefined);
    },
    configureServer(server: PluginServer) {
      kept.push(server);
      server.onMessage('x', () => undefined);
      server.use((_req, _res, next) => next());
    },
  };
}

test('30 restarts leave no watcher, no timer, no listener and no graph behind', async () => {
  await using folder = await fixture(FILES);
  await using server = await startServer(folder.path, { define: { __X__: '0' }, configurationFiles: [folder.resolve('x.json')] });
  const resources = (): Record<string, number> => {
    const counts: Record<string, number> = {};
    for (const name of process.getActiveResourcesInfo()) counts[name] = (counts[name] ?? 0) + 1;
    return { watchers: counts['FSEventWrap'] ?? 0, timers: counts['Timeout'] ?? 0 };
  };
  const load = async (): Promise<string> => (await fetch(server.url('/main.js'), { headers: SCRIPT })).text();
  assert.match(await load(), /console\.log\(0\)/);
  const before = resources();
  const options: WeakRef<object>[] = [];
  const restart = async (round: number): Promise<void> => {
    const define = { __X__: String(round) };
    // Held by everything that compiles.
    options.push(new WeakRef(define));
    await server.server.restart({ cache: false, define, plugins: [plugin()], configurationFiles: [folder.resolve('x.json')] });
    assert.match(await load(), new RegExp(`console\\.log\\(${round}\\)`));
  };
  for (let round = 1; round <= 30; round++) await restart(round);
  await server.server.restart({ cache: false, define: { __X__: '31' } });
  assert.match(await load(), /console\.log\(31\)/);
  const after = resources();
  assert.equal(after['watchers'], before['watchers']);
  assert.ok((after['timers'] ?? 0) <= (before['timers'] ?? 0) + 2, JSON.stringify([before, after]));
  collectGarbage();
  await new Promise((resolve) => setImmediate(resolve));
  collectGarbage();
  const alive = options.filter((ref) => ref.deref() !== undefined).length;
  assert.ok(alive <= 1, `${alive} of 30 are still there`);
  assert.equal(kept.length, 60);
});

test('a restart that fails leaves the server as it was, and nothing else', async () => {
  await using folder = await fixture(FILES);
  await using server = await startServer(folder.path, { define: { __X__: '0' } });
  const breaks: Plugin = {
    name: 'breaks',
    setup() {
      throw new Error('no');
    },
  };
  for (let round = 0; round < 3; round++) {
    await assert.rejects(server.server.restart({ define: { __X__: '1' }, plugins: [breaks] }), /\[breaks\] no/);
    await assert.rejects(server.server.restart({ port: -1 }), /--port/);
  }
  assert.match(await (await fetch(server.url('/main.js'), { headers: SCRIPT })).text(), /console\.log\(0\)/);
});

const CURRENT: ConfigSources = { files: ['/x/config'], isCurrent: () => true };

interface Stage {
  readonly emitter: EventEmitter;
  readonly lines: readonly string[];
  readonly restarted: DevServerOptions[];
  readonly watched: string[];
  waitFor(pattern: RegExp): Promise<string>;
}

function stage(reads: (() => Promise<{ configured: DevServerOptions; sources: ConfigSources }>)[], sources = CURRENT): Stage {
  const emitter = new EventEmitter();
  const log = createLineLog('the log');
  const logger = capturingLogger(log);
  const restarted: DevServerOptions[] = [];
  const watched: string[] = [];
  restartOnChange({
    options: resolveOptions({ logger }),
    sources,
    read: () => (reads.shift() ?? (() => Promise.reject(new Error('one read too many'))))(),
    server: {
      on(event, listener) {
        emitter.on(event, listener);
        return () => undefined;
      },
      async restart(options) {
        restarted.push(options);
      },
      watchConfiguration: (files) => void watched.push(...files),
    },
  });
  return { emitter, lines: log.lines, restarted, watched, waitFor: (pattern) => log.waitFor(pattern) };
}

const good =
  (mode: string, sources = CURRENT) =>
  () =>
    Promise.resolve({ configured: { mode }, sources });

test('what changes while one restart is under way makes one more', async () => {
  let go = (): void => undefined;
  const waiting = new Promise<void>((resolve) => (go = resolve));
  const { emitter, restarted, waitFor } = stage([() => waiting.then(good('a')), good('b')]);
  emitter.emit('configuration', ['a']);
  emitter.emit('configuration', ['b']);
  emitter.emit('configuration', ['c']);
  go();
  await waitFor(/restarted in \d+ ms: b, c changed/);
  assert.deepEqual(
    restarted.map(({ mode }) => mode),
    ['a', 'b'],
  );
});

test('what changed before anybody watched is found', async () => {
  let isCurrent = false;
  const late = { files: ['/x/late'], isCurrent: () => isCurrent || ((isCurrent = true), false) };
  const { restarted, watched, waitFor } = stage([good('a', late), good('b')], { files: [], isCurrent: () => false });
  await waitFor(/restarted/);
  await waitFor(/restarted.*×2/);
  assert.deepEqual(
    restarted.map(({ mode }) => mode),
    ['a', 'b'],
  );
  assert.deepEqual(watched, ['/x/late', '/x/config']);
});

test('a failure names what is watched next; one that is nobody’s mistake does not end it', async () => {
  const broken = { files: ['/x/import'], isCurrent: () => true };
  const { emitter, lines, watched, waitFor } = stage([
    () => Promise.reject(new ConfigError('it is broken', broken)),
    () => Promise.reject(new TypeError('ours')),
    good('a'),
  ]);
  emitter.emit('configuration', ['first']);
  await waitFor(/first changed, and does not work/);
  assert.ok(watched.includes('/x/import'));
  emitter.emit('configuration', ['second']);
  await waitFor(/second changed, and does not work/);
  assert.match(lines.join('\n'), /it is broken[\s\S]*TypeError: ours/);
  emitter.emit('configuration', ['third']);
  await waitFor(/restarted in \d+ ms: third changed/);
});
