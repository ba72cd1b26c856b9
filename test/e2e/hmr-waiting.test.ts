/**
 * Code of the author's that waits, in Chromium: it may hold up its own update, and nothing that comes after it.
 */
import assert from 'node:assert/strict';
import { EventEmitter, once } from 'node:events';
import { test } from 'node:test';
import { openHot } from './hot-page.ts';

test('a listener of a custom event that waits for the next event holds up no update', async (t) => {
  const site = await openHot(t, {
    'main.js': `import './view.js'; import.meta.hot.accept('./view.js');
      import.meta.hot.on('first', async () => { say('waits'); await new Promise((resolve) => import.meta.hot.on('second', resolve)); say('has it'); });`,
    'view.js': `export {};`,
  });
  site.server.server.send('first');
  assert.deepEqual(await site.said(1), ['waits']);
  site.server.server.send('second');
  assert.deepEqual(await site.said(1), ['has it']);
  assert.equal((await site.save({ 'view.js': `say('view');` }))[0]?.kind, 'updated');
});

test('a reload that the terminal asks for does not wait for an update that hangs', async (t) => {
  const site = await openHot(t, {
    'main.js': `import './view.js'; import.meta.hot.accept('./view.js', () => { console.log('hangs'); return new Promise(() => {}); });`,
    'view.js': `export {};`,
  });
  const hangs = site.tab.waitForConsole(/^hangs$/);
  await site.files.write('view.js', `say('view');`);
  await hangs;
  const loaded = site.page.waitForEvent('load');
  site.server.server.reload('asked for');
  await loaded;
  assert.ok((await site.printed()).includes('page reload / (asked for)'));
});

test('a listener of beforeFullReload that never ends holds the page until the next reload is asked for', async (t) => {
  const site = await openHot(t, {
    'main.js': `import.meta.hot.on('vite:beforeFullReload', () => { console.log('hangs'); return new Promise(() => {}); });`,
  });
  const hangs = site.tab.waitForConsole(/^hangs$/);
  site.server.server.reload('once');
  await hangs;
  const loaded = site.page.waitForEvent('load');
  site.server.server.reload('twice');
  await loaded;
});

test('the next update does not wait until the server has heard of this one', async (t) => {
  const asked = new EventEmitter();
  const site = await openHot(
    t,
    { 'main.js': `import './view.js'; import.meta.hot.accept('./view.js');`, 'view.js': `export {};` },
    // Never answered.
    { prepare: async (page) => void (await page.route('**/@hmr-dev/outcome', () => void asked.emit('outcome'))) },
  );
  for (const n of [1, 2]) {
    const from = site.tab.console.lines.length;
    const reported = once(asked, 'outcome');
    await site.files.write('view.js', `say('view ${n}');`);
    await site.tab.waitForConsole(/hot updated/, from);
    await reported;
  }
  assert.deepEqual(await site.said(), ['view 1', 'view 2']);
});
