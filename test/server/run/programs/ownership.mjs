/** What a program makes for itself, and what it makes for a request. */
import cluster from 'node:cluster';
import http from 'node:http';
import { createInterface, emitKeypressEvents } from 'node:readline';
import { scheduler, setInterval as ticks, setTimeout as sleep } from 'node:timers/promises';
import { promisify } from 'node:util';
import { keepOnHotReload, memoryCache, newInterval, newTimeout, onHotReload } from '../../../../src/server/run/api/server.ts';

const FAR_MS = 1_000_000;

/** Everything that would pile up. */
export function pilesUp({ version, tell, mark, port = 0 }) {
  const handler = () => version;
  mark(handler);
  setTimeout(handler, FAR_MS);
  setInterval(handler, FAR_MS);
  for (let index = 0; index < 100; index++) setTimeout(handler, FAR_MS);
  void promisify(setTimeout)(FAR_MS).then(handler);
  void sleep(FAR_MS).then(handler);
  void scheduler.wait(FAR_MS).then(handler);
  void (async () => {
    for await (const _ of ticks(FAR_MS)) handler();
  })();
  newInterval(FAR_MS, handler);
  newTimeout(FAR_MS, handler);
  process.on('SIGTERM', handler);
  process.once('SIGUSR2', handler);
  process.on('uncaughtException', handler).prependListener('unhandledRejection', handler);
  process.on('exit', handler);
  process.stdin.on('data', handler);
  process.stdout.on('drain', handler);
  cluster.on('fork', handler);
  globalThis.emitterCounts = () => ({
    stdin: process.stdin.listenerCount('data'),
    stdout: process.stdout.listenerCount('drain'),
    cluster: cluster.listenerCount('fork'),
  });
  const server = http.createServer((_req, res) => res.end(`v${version}`));
  server.listen(port, () => tell('port', server.address().port));
}

/** Ticks until it is stopped from outside; says who ticks. */
export function ticking({ version, tell, kind }) {
  let count = 0;
  const tick = () => tell(`tick ${version}`, ++count);
  const kinds = {
    interval: () => setInterval(tick, 1),
    timeout: () => {
      const again = () => {
        tick();
        setTimeout(again, 1);
      };
      again();
    },
    immediate: () => {
      const again = () => {
        tick();
        setImmediate(again);
      };
      again();
    },
    promises: async () => {
      for await (const _ of ticks(1)) tick();
    },
    sleep: async () => {
      while (true) {
        await sleep(1);
        tick();
      }
    },
    newInterval: () => newInterval(1, tick),
  };
  void kinds[kind]();
  globalThis[`count${version}`] = () => count;
}

/** Goes on when `wake()` is called, and makes all that a version could own. */
export function sleeper() {
  const done = [];
  globalThis.whatWasDone = () => done;
  const main = async () => {
    await new Promise((resolve) => (globalThis.wake = resolve));
    process.on('custom', () => {});
    setTimeout(() => done.push('timeout'));
    setInterval(() => done.push('interval'), 1);
    setImmediate(() => done.push('immediate'));
    void sleep(1).then(() => done.push('sleep'));
    void ticks(1)
      .next()
      .then(() => done.push('ticks'));
    onHotReload(() => done.push('hook'));
    done.push('woken');
  };
  void main();
}

/** Timers and a listener that are made while serving a request, in the handler and at the end of its body; they wait for `finish()`. */
export function forRequest({ version, tell, port = 0 }) {
  let isFinished = false;
  globalThis.finish = () => {
    isFinished = true;
  };
  const finished = () =>
    new Promise((resolve) => {
      const timer = setInterval(() => {
        if (!isFinished) return;
        clearInterval(timer);
        resolve();
      }, 1);
    });
  const server = http.createServer((req, res) => {
    process.on('custom', () => {});
    const inHandler = finished();
    req.resume().on('end', () => {
      void Promise.all([inHandler, finished()]).then(() => res.end(`v${version}, listeners ${process.listenerCount('custom')}`));
      tell('serving', version);
    });
  });
  server.listen(port, () => tell('port', server.address().port));
}

/** Reads keys as prompts and menus do. */
export function readsKeys({ version, tell }) {
  emitKeypressEvents(process.stdin);
  process.stdin.on('keypress', (key) => tell('key', `v${version} ${key}`));
  process.stdin.resume();
}

/** Reads lines. */
export function readsLines({ version, tell }) {
  createInterface({ input: process.stdin }).on('line', (line) => tell('line', `v${version} ${line}`));
}

/** A timer that a package shares between all versions and only refreshes, as fetch does. */
export function sharedTimer({ tell }) {
  globalThis.sharedTimer ??= setTimeout(() => tell('shared fired', true), FAR_MS);
  globalThis.refreshShared = (ms) => {
    const timer = globalThis.sharedTimer;
    timer.refresh();
    return [timer.hasRef(), timer._idleTimeout, timer._destroyed, ms];
  };
}

export function outsideOf({ outside, version }) {
  if (version === 1) outside(() => process.on('SIGTERM', () => {}));
}

export function hooks({ version, tell, calls = (globalThis.calls ??= []) }) {
  globalThis.hookCalls = () => calls;
  onHotReload(() => calls.push(`${version} first`));
  onHotReload(() => {
    throw new Error(`hook of ${version}`);
  });
  onHotReload(async () => {
    await new Promise((resolve) => setTimeout(resolve, 1));
    calls.push(`${version} waited`);
  });
  const forget = onHotReload(() => calls.push('forgotten'));
  forget();
  onHotReload(() => calls.push(`${version} before`), { before: true });
  calls.push(`${version} evaluated`);
  tell('evaluated', version);
}

export function hangingHook({ version, calls = (globalThis.calls ??= []) }) {
  globalThis.hookCalls = () => calls;
  onHotReload(() => calls.push(`${version} after`));
  onHotReload(() => new Promise(() => {}));
}

export function servesWithHook({ version, tell, port = 0, calls = (globalThis.calls ??= []) }) {
  globalThis.hookCalls = () => calls;
  onHotReload(() => calls.push(version));
  const server = http.createServer((_req, res) => res.end());
  server.listen(port, () => tell('port', server.address().port));
}

export function failsWithHook({ calls = (globalThis.calls ??= []) }) {
  globalThis.hookCalls = () => calls;
  onHotReload(() => calls.push('failed version'));
  keepOnHotReload('of the failed', () => calls.push('made by failed'));
  throw new Error('no');
}

export function keeps({ version, tell }) {
  const stats = keepOnHotReload('stats', () => {
    setInterval(() => tell('kept tick', version), 1);
    return { counter: 0, maker: version };
  });
  stats.counter++;
  globalThis.stats = () => stats;
  globalThis.ofTheFailed = () => keepOnHotReload('of the failed', () => 'made anew');
}

export function caches({ version, limits = {} }) {
  const cache = memoryCache();
  const cleared = memoryCache({ clearOnHotReload: true });
  const named = memoryCache({ name: 'pages', ...limits });
  globalThis.putAll = (text) => {
    for (const each of [cache, cleared, named]) each.set('body', Buffer.from(text));
    named.set('other', 'x');
  };
  globalThis.readAll = () => ({
    cache: cache.get('body')?.toString(),
    cleared: cleared.get('body')?.toString(),
    named: named.get('body')?.toString(),
    other: named.get('other'),
    version,
  });
}

/** Fails after it was replaced. */
export function failsWhenGone({ fail = true }) {
  if (!fail) return;
  const main = async () => {
    await new Promise((resolve) => (globalThis.failNow = resolve));
    throw new Error('too late');
  };
  void main();
}
