import assert from 'node:assert/strict';
import { networkInterfaces } from 'node:os';
import { test } from 'node:test';
import type { BrowserContext, Page } from 'playwright-core';
import type { OpenStreamLink } from '../../src/client/stream-links.ts';
import { browser } from '../harness/browser.ts';
import type { TestPage } from '../harness/browser.ts';
import { html, openTab, startScriptedServer } from './client-support.ts';
import type { ScriptedServer } from './client-support.ts';

/** What a page's connection has told, in order: `open`, `hello e1-0 resumed`, `update e1-1`, `view.js`. */
declare global {
  var heard: string[];
  var connection: { close(): void };
}

type LinkName = 'openWorkerLink' | 'openLeaderLink' | 'openOwnLink';

async function connect(page: Page, since: string, linkNames?: LinkName[]): Promise<void> {
  await page.evaluate(
    ({ lastEventId, names }) => {
      globalThis.heard = [];
      const links: OpenStreamLink[] | undefined = names?.map((name) => globalThis.hmr[name]);
      globalThis.connection = globalThis.hmr.createConnection({
        lastEventId,
        onState: (state) => globalThis.heard.push(state),
        onPlain: (file) => globalThis.heard.push(file),
        onEvent(event, id) {
          const text = event.type === 'hello' ? `${event.epoch}-${event.sequence} ${event.resumed ? 'resumed' : 'sync'}` : id;
          globalThis.heard.push(`${event.type} ${text}`);
        },
        ...(links && { links }),
      });
    },
    { lastEventId: since, names: linkNames },
  );
}

async function untilHeard(page: Page, text: string): Promise<string[]> {
  await page.waitForFunction((wanted) => globalThis.heard.includes(wanted), text);
  return page.evaluate(() => globalThis.heard);
}

interface Scene extends AsyncDisposable {
  readonly server: ScriptedServer;
  readonly context: BrowserContext;
  /** Opens a tab and connects it; `init` runs in it before anything else. */
  tab(since?: string, options?: { init?: string; links?: LinkName[] }): Promise<TestPage>;
}

async function scene(host?: string): Promise<Scene> {
  const server = await startScriptedServer(host);
  server.resources.set('/', html('<h1>page</h1>'));
  const context = await (await browser()).newContext();
  return {
    server,
    context,
    async tab(since = 'e1-0', { init = '', links } = {}) {
      const tab = await openTab(server.origin, {
        context,
        prepare: async (page) => {
          await page.addInitScript(init);
        },
      });
      await connect(tab.page, since, links);
      return tab;
    },
    async [Symbol.asyncDispose]() {
      await context.close();
      await server[Symbol.asyncDispose]();
    },
  };
}

const NO_WORKER = 'delete globalThis.SharedWorker';
const NO_WORKER_NO_LOCKS = `${NO_WORKER}; Object.defineProperty(Navigator.prototype, 'locks', { value: undefined })`;

async function nineTabs({ server, tab }: Scene, init: string): Promise<TestPage[]> {
  // The first alone: a tab waits for a worker that does not answer only so long, and nine at once start slowly.
  const first = await tab('e1-0', { init });
  await untilHeard(first.page, 'hello e1-0 resumed');
  const tabs = [first, ...(await Promise.all(Array.from({ length: 8 }, () => tab('e1-0', { init }))))];
  for (const { page } of tabs) await untilHeard(page, 'hello e1-0 resumed');
  const id = server.update('view.js');
  for (const { page } of tabs)
    assert.deepEqual(await untilHeard(page, 'view.js'), ['open', 'hello e1-0 resumed', `update ${id}`, 'view.js']);
  return tabs;
}

test('nine tabs, one stream, through a SharedWorker', async () => {
  await using scenery = await scene();
  await nineTabs(scenery, '');
  assert.equal(scenery.server.requests.filter((path) => path.startsWith('/changes')).length, 1);
  assert.ok(scenery.server.requests.includes('/@hmr-dev/stream-worker.js'));
});

test('nine tabs, one stream, through a leading tab', async () => {
  await using scenery = await scene();
  await nineTabs(scenery, NO_WORKER);
  assert.equal(scenery.server.requests.filter((path) => path.startsWith('/changes')).length, 1);
  assert.ok(!scenery.server.requests.includes('/@hmr-dev/stream-worker.js'));
});

test('nine tabs, one stream, on a plain-http address of the local network', async (t) => {
  const address = Object.values(networkInterfaces())
    .flatMap((list) => list ?? [])
    .find(({ family, internal }) => family === 'IPv4' && !internal)?.address;
  if (address === undefined) return t.skip('this machine has no network address');
  await using scenery = await scene(address);
  const [tab] = await nineTabs(scenery, '');
  assert.equal(await tab?.page.evaluate(() => isSecureContext), false);
  assert.equal(scenery.server.streams.size, 1);
  await scenery.server.stop();
  await scenery.server.start();
  scenery.server.update('again.js');
  if (tab !== undefined) await untilHeard(tab.page, 'again.js');
});

test('the leading tab goes: another leads, nobody misses an event', async () => {
  await using scenery = await scene();
  const { server } = scenery;
  const leader = await scenery.tab('e1-0', { init: NO_WORKER });
  await untilHeard(leader.page, 'hello e1-0 resumed');
  const followers = [await scenery.tab('e1-0', { init: NO_WORKER }), await scenery.tab('e1-0', { init: NO_WORKER })];
  for (const { page } of followers) await untilHeard(page, 'hello e1-0 resumed');
  const [stream] = server.streams;
  await leader.close();
  server.update('a.js');
  await server.until('the old stream closes', () => stream !== undefined && !server.streams.has(stream));
  await server.until('another stream opens', () => server.streams.size === 1);
  server.update('b.js');
  for (const { page } of followers) {
    const heard = await untilHeard(page, 'b.js');
    for (const file of ['a.js', 'b.js']) assert.equal(heard.filter((line) => line === file).length, 1, heard.join(', '));
  }
});

test('without SharedWorker and locks each tab has its own stream', async () => {
  await using scenery = await scene();
  const { server } = scenery;
  const tabs = [await scenery.tab('e1-0', { init: NO_WORKER_NO_LOCKS }), await scenery.tab('e1-0', { init: NO_WORKER_NO_LOCKS })];
  for (const { page } of tabs) await untilHeard(page, 'hello e1-0 resumed');
  assert.equal(server.streams.size, 2);
  server.update('view.js');
  for (const { page } of tabs) await untilHeard(page, 'view.js');
  await tabs[0]?.close();
  await server.until('its stream closes with the tab', () => server.streams.size === 1);
});

test('a worker that is refused or broken is given up for a leading tab', async () => {
  await using scenery = await scene();
  const { server } = scenery;
  server.resources.delete('/@hmr-dev/stream-worker.js');
  const missing = await scenery.tab();
  await untilHeard(missing.page, 'hello e1-0 resumed');
  const throwing = await scenery.tab('e1-0', {
    init: 'globalThis.SharedWorker = class { constructor() { throw new TypeError("refused") } }',
  });
  await untilHeard(throwing.page, 'hello e1-0 resumed');
  assert.equal(server.streams.size, 1);
  server.resources.set('/strict', {
    ...html('strict'),
    headers: { 'content-security-policy': "script-src 'self'; worker-src 'none'; connect-src 'self'" },
  });
  const strict = await openTab(`${server.origin}/strict`, { context: scenery.context });
  await connect(strict.page, 'e1-0');
  await untilHeard(strict.page, 'hello e1-0 resumed');
  assert.equal(server.streams.size, 1);
});

test('Trusted Types: the page still has its connection', async () => {
  await using scenery = await scene();
  const { server } = scenery;
  server.resources.set('/', {
    ...html('strict'),
    headers: { 'content-security-policy': "require-trusted-types-for 'script'; trusted-types 'none'" },
  });
  const tab = await scenery.tab();
  await untilHeard(tab.page, 'hello e1-0 resumed');
  assert.equal(server.streams.size, 1);
});

for (const [way, init] of [
  ['a SharedWorker', ''],
  ['a leading tab', NO_WORKER],
  ['a stream of its own', NO_WORKER_NO_LOCKS],
] as const) {
  test(`server killed and started again on its port, through ${way}: found again, no reload`, async () => {
    await using scenery = await scene();
    const { server } = scenery;
    const tab = await scenery.tab('e1-0', { init });
    await tab.markDocument();
    await untilHeard(tab.page, 'hello e1-0 resumed');
    await server.stop();
    await untilHeard(tab.page, 'lost');
    server.script.epoch = 'e2';
    await server.start();
    const heard = await untilHeard(tab.page, 'hello e2-0 sync');
    assert.deepEqual(heard, ['open', 'hello e1-0 resumed', 'lost', 'open', 'hello e2-0 sync']);
    server.update('view.js');
    await untilHeard(tab.page, 'view.js');
    assert.equal(await tab.isSameDocument(), true);
  });
}

test('what happened while the connection was cut arrives, once and in order', async () => {
  await using scenery = await scene();
  const { server } = scenery;
  const tab = await scenery.tab();
  await untilHeard(tab.page, 'hello e1-0 resumed');
  server.update('a.js');
  await untilHeard(tab.page, 'a.js');
  await server.stop();
  server.update('b.js');
  server.update('c.js');
  await server.start();
  const heard = await untilHeard(tab.page, 'c.js');
  assert.deepEqual(heard.slice(4), ['lost', 'open', 'hello e1-3 resumed', 'update e1-2', 'b.js', 'update e1-3', 'c.js']);
});

test('a server that answers with an error is asked again until it is well', async () => {
  await using scenery = await scene();
  const { server } = scenery;
  server.script.status = 503;
  const tab = await scenery.tab();
  await untilHeard(tab.page, 'lost');
  await server.until('a second and third attempt', () => server.requests.filter((path) => path.startsWith('/changes')).length >= 3);
  server.script.status = 200;
  assert.deepEqual(await untilHeard(tab.page, 'hello e1-0 resumed'), ['lost', 'open', 'hello e1-0 resumed']);
});

test('a tab that opens late gets what its page does not have', async () => {
  await using scenery = await scene();
  const { server } = scenery;
  const first = await scenery.tab();
  await untilHeard(first.page, 'hello e1-0 resumed');
  for (const file of ['a.js', 'b.js']) server.update(file);
  await untilHeard(first.page, 'b.js');
  const late = await scenery.tab('e1-1');
  assert.deepEqual(await untilHeard(late.page, 'b.js'), ['open', 'hello e1-2 resumed', 'update e1-2', 'b.js']);
  const stranger = await scenery.tab('e0-7');
  assert.deepEqual(await untilHeard(stranger.page, 'hello e1-2 sync'), ['open', 'hello e1-2 sync']);
  assert.equal(server.streams.size, 1);
});

for (const [way, init] of [
  ['the worker', ''],
  ['a leading tab', NO_WORKER],
] as const) {
  for (const which of ['first', 'second'] as const) {
    test(`the ${which} tab crashes, with ${way}: the other hears on, and when it is gone no stream is left`, async () => {
      await using scenery = await scene();
      const { server } = scenery;
      const first = await scenery.tab('e1-0', { init });
      await untilHeard(first.page, 'hello e1-0 resumed');
      const second = await scenery.tab('e1-0', { init });
      await untilHeard(second.page, 'hello e1-0 resumed');
      const [crashing, other] = which === 'first' ? [first, second] : [second, first];
      const crashed = crashing.page.waitForEvent('crash');
      // Never settles: there is nobody left to answer.
      crashing.page.goto('chrome://crash').catch(() => {});
      await crashed;
      server.update('view.js');
      const heard = await untilHeard(other.page, 'view.js');
      assert.equal(heard.filter((line) => line === 'view.js').length, 1);
      await server.until('one stream', () => server.streams.size === 1);
      await other.close();
      await server.until('the stream closes', () => server.streams.size === 0);
    });
  }
}

test('back from the back/forward cache: what was missed arrives, in the same document', async () => {
  await using scenery = await scene();
  const { server } = scenery;
  server.resources.set('/other', html('other'));
  const tab = await scenery.tab();
  const other = await scenery.tab();
  await untilHeard(tab.page, 'hello e1-0 resumed');
  await untilHeard(other.page, 'hello e1-0 resumed');
  // As the browser does it; whether it really caches the page depends on its memory and flags.
  await tab.page.evaluate(() => dispatchEvent(new PageTransitionEvent('pagehide', { persisted: true })));
  server.update('view.js');
  await untilHeard(other.page, 'view.js');
  assert.deepEqual(await tab.page.evaluate(() => globalThis.heard), ['open', 'hello e1-0 resumed']);
  await tab.page.evaluate(() => dispatchEvent(new PageTransitionEvent('pageshow', { persisted: true })));
  const heard = await untilHeard(tab.page, 'view.js');
  assert.deepEqual(heard.slice(2), ['hello e1-1 resumed', 'update e1-1', 'view.js']);
});

test('a frozen tab holds nothing and catches up when it is resumed', async () => {
  await using scenery = await scene();
  const { server } = scenery;
  const tab = await scenery.tab('e1-0', { init: NO_WORKER });
  await untilHeard(tab.page, 'hello e1-0 resumed');
  await tab.page.evaluate(() => document.dispatchEvent(new Event('freeze')));
  await server.until('the stream closes', () => server.streams.size === 0);
  server.update('view.js');
  await tab.page.evaluate(() => document.dispatchEvent(new Event('resume')));
  const heard = await untilHeard(tab.page, 'view.js');
  assert.equal(heard.filter((line) => line === 'view.js').length, 1);
});

test('closed for good: no stream is left, and nothing comes back with the page', async () => {
  await using scenery = await scene();
  const { server } = scenery;
  const tab = await scenery.tab();
  await untilHeard(tab.page, 'hello e1-0 resumed');
  await tab.page.evaluate(() => {
    globalThis.connection.close();
    globalThis.connection.close();
    dispatchEvent(new PageTransitionEvent('pageshow', { persisted: true }));
  });
  await server.until('the stream closes', () => server.streams.size === 0);
});

test('a page reload keeps one stream for those who stay', async () => {
  await using scenery = await scene();
  const { server } = scenery;
  const staying = await scenery.tab();
  const reloading = await scenery.tab();
  await untilHeard(staying.page, 'hello e1-0 resumed');
  await reloading.page.reload();
  await connect(reloading.page, 'e1-0');
  await untilHeard(reloading.page, 'hello e1-0 resumed');
  assert.equal(server.requests.filter((path) => path.startsWith('/changes')).length, 1);
});
