import assert from 'node:assert/strict';
import { test } from 'node:test';
import { createReloader } from '../../src/client/reload.ts';
import type { Reloader } from '../../src/client/reload.ts';
import { createTabStorage } from '../../src/client/tab-storage.ts';
import { memoryStorage } from './memory-storage.ts';

interface Tab {
  readonly log: string[];
  /** A new document in the same tab. */
  load(announce?: () => Promise<void>): Reloader;
}

function tab(storage = memoryStorage()): Tab {
  const log: string[] = [];
  return {
    log,
    load: (announce) =>
      createReloader({
        ...(announce && { announce }),
        log: { pageReload: (path, reason) => log.push(`page reload ${path} (${reason})`), warn: (text) => log.push(`warn ${text}`) },
        pageState: { save: () => log.push('saved') },
        storage: createTabStorage(() => storage),
        navigate: () => log.push('navigated'),
        currentPath: () => '/page.html',
      }),
  };
}

test('says why, keeps the state, reloads, and says why again', () => {
  const { load, log } = tab();
  load().reload('main.ts accepts nothing', { path: '/main.ts' });
  assert.deepEqual(log, ['page reload /main.ts (main.ts accepts nothing)', 'saved', 'navigated']);
  log.length = 0;
  const next = load();
  next.explain();
  next.explain();
  assert.deepEqual(log, ['page reload /main.ts (main.ts accepts nothing)']);
});

test('a first load has nothing to explain', () => {
  const { load, log } = tab();
  load().explain();
  assert.deepEqual(log, []);
});

test('names the page when no module is the cause', () => {
  const { load, log } = tab();
  load().reload('asked for by the server');
  assert.equal(log[0], 'page reload /page.html (asked for by the server)');
});

test('a page that is on its way out is not reloaded again', () => {
  const { load, log } = tab();
  const reloader = load();
  reloader.reload('a', { eventId: 'e-1' });
  reloader.reload('b', { eventId: 'e-1' });
  assert.deepEqual(log, ['page reload /page.html (a)', 'saved', 'navigated']);
});

test('listeners are waited for, once: the next event does not wait for one that never ends', () => {
  const { load, log } = tab();
  const reloader = load(() => new Promise(() => undefined));
  reloader.reload('a', { eventId: 'e-1' });
  reloader.reload('b', { eventId: 'e-1' });
  assert.deepEqual(log, ['page reload /page.html (a)']);
  reloader.reload('c', { eventId: 'e-2' });
  assert.deepEqual(log, ['page reload /page.html (a)', 'saved', 'navigated']);
});

test('the same event never reloads twice, another event with the same reason does', () => {
  const { load, log } = tab();
  load().reload('same', { eventId: 'e-1' });
  load().reload('same', { eventId: 'e-1' });
  assert.match(log.at(-1) ?? '', /^warn .*for the same change already \(same\)/);
  load().reload('same', { eventId: 'e-2' });
  load().reload('same');
  load().reload('same');
  assert.equal(log.filter((line) => line === 'navigated').length, 4);
});

test('works without storage', () => {
  const { load, log } = tab(memoryStorage({ broken: true }));
  load().reload('r', { eventId: 'e-1' });
  load().explain();
  assert.deepEqual(log, ['page reload /page.html (r)', 'saved', 'navigated']);
});
