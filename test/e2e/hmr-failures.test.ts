/**
 * Updates that go wrong, in Chromium: new code that throws, that hangs in an await, that does not link, that never ran from the start. The
 * page is either in a state that the new code could have produced, or as it was, or it reloads; and the next save mends it.
 */
import assert from 'node:assert/strict';
import { test } from 'node:test';
import { openHot } from './hot-page.ts';

const OVERLAY = 'hmr-dev-overlay';

test('a module that throws: old exports back, shown with the place in the source, mended by the next save', async (t) => {
  const site = await openHot(t, {
    'main.js': `import { name } from './view.js'; window.read = () => name; import.meta.hot.accept('./view.js', (view) => say('took', view.name));`,
    'view.js': `import { size } from './size.js'; export let name = 'one of ' + size;`,
    'size.js': `export const size = 1;`,
  });
  await site.tab.markDocument();
  const [report] = await site.saveTogether({
    'size.js': `export const size = 2;`,
    'view.js': `export let name = 'two';\nname = 'half';\nnull.boom();`,
  });
  assert.equal(report?.kind, 'failed');
  assert.equal(await site.page.evaluate('read()'), 'one of 1');
  await site.tab.untilText(OVERLAY, /Cannot read properties of null/);
  await site.tab.untilText(OVERLAY, /view\.js:3:6/);
  assert.deepEqual(await site.said(), []);
  const [line] = await site.printed();
  assert.match(line ?? '', /^update of \/(view|size)\.js, \/(view|size)\.js failed; the old exports stay\. TypeError/);
  await site.server.log.waitFor(/not updated, the old exports stay: TypeError: Cannot read/);

  await site.save({ 'view.js': `import { size } from './size.js'; export const name = 'three of ' + size;` });
  assert.deepEqual(await site.said(), [['took', 'three of 2']]);
  assert.equal(await site.page.evaluate('read()'), 'three of 2');
  await site.page.locator(OVERLAY).waitFor({ state: 'detached' });
  assert.equal(await site.tab.isSameDocument(), true);
});

test('a failed update stays failed, and shown, while other modules are saved', async (t) => {
  const site = await openHot(t, {
    'main.js': `import './a.js'; import './b.js';`,
    'a.js': `export const a = 1; import.meta.hot.accept();`,
    'b.js': `export const b = 1; import.meta.hot.accept();`,
  });
  await site.save({ 'a.js': `throw new Error('a is broken'); import.meta.hot.accept();` });
  await site.tab.untilText(OVERLAY, /a is broken/);
  assert.equal((await site.save({ 'b.js': `export const b = 2; import.meta.hot.accept();` }))[0]?.kind, 'failed');
  await site.tab.untilText(OVERLAY, /a is broken/);
  await site.save({ 'a.js': `say('a runs'); export const a = 2; import.meta.hot.accept();` });
  await site.page.locator(OVERLAY).waitFor({ state: 'detached' });
  assert.deepEqual(await site.said(), ['a runs']);
});

test('a failed update leaves the old module its listeners, and ends what the new one began', async (t) => {
  const view = (n: number, end: string): string => `import.meta.hot.accept();
    const timer = setInterval(() => {}, 1e6); import.meta.hot.dispose(() => { clearInterval(timer); say('ended ${n}'); });
    import.meta.hot.on('ping', () => say('heard by ${n}')); ${end}`;
  const site = await openHot(t, {
    'main.js': `import './view.js'; import.meta.hot.on('ping', () => console.log('ping'));`,
    'view.js': view(1, ''),
  });
  await site.save({ 'view.js': view(2, `throw new Error('no');`) });
  assert.deepEqual(await site.said(), ['ended 1', 'ended 2']);
  site.server.server.send('ping');
  await site.tab.waitForConsole(/^ping$/);
  assert.deepEqual(await site.said(), ['heard by 1']);
  await site.save({ 'view.js': view(3, '') });
  // Disposed once, whatever happened since.
  assert.deepEqual(await site.said(), []);
  site.server.server.send('ping');
  await site.tab.waitForConsole(/^ping$/, site.tab.console.lines.length);
  assert.deepEqual(await site.said(), ['heard by 3']);
});

test('top-level await: importers and callbacks wait; a hanging one is given up when the next save comes', async (t) => {
  const data = (value: string): string => `say('begins'); export const value = await ${value}; say('has ' + value);`;
  const site = await openHot(t, {
    'main.js': `import { value } from './data.js'; say('main of ' + value); import.meta.hot.accept('./data.js', (data) => say('took ' + data.value)); window.read = () => value;`,
    'data.js': data(`new Promise((resolve) => setTimeout(resolve, 1, 1))`),
  });
  await site.page.waitForFunction('window.read');
  assert.deepEqual(await site.said(), ['begins', 'has 1', 'main of 1']);
  await site.save({ 'data.js': data(`new Promise((resolve) => setTimeout(resolve, 1, 2))`) });
  assert.deepEqual(await site.said(), ['begins', 'has 2', 'took 2']);

  const published = new Promise((resolve) => site.server.server.on('update', resolve));
  await site.files.write('data.js', data(`new Promise((resolve) => { window.late = resolve; })`));
  await published;
  await site.page.waitForFunction(`said.includes('begins')`);
  // The terminal does not say that nobody uses it.
  await site.server.log.waitFor(/data\.js: sent; no page has finished with it yet/);
  const from = site.tab.console.lines.length;
  await site.files.write('data.js', data('4'));
  await site.tab.waitForConsole(/hot updated: \/main\.js via \/data\.js/, from);
  assert.deepEqual(await site.said(), ['begins', 'begins', 'has 4', 'took 4']);
  // What was given up comes to its end, and is not seen.
  await site.page.evaluate(`late(3)`);
  await site.page.waitForFunction(`said.includes('has 3')`);
  assert.equal(await site.page.evaluate('read()'), 4);
});

test('an accept callback that throws, and one that rejects, are shown; the others run', async (t) => {
  const site = await openHot(t, {
    'main.js': `import './view.js'; import './other.js';
      import.meta.hot.accept('./view.js', () => { throw new Error('first callback'); });
      import.meta.hot.accept('./view.js', async () => { throw new Error('second callback'); });
      import.meta.hot.accept(['./other.js', './view.js'], () => say('third callback'));`,
    'view.js': `export const n = 1;`,
    'other.js': `export {};`,
  });
  assert.equal((await site.save({ 'view.js': `export const n = 2;` }))[0]?.kind, 'updated');
  assert.deepEqual(await site.said(), ['third callback']);
  await site.tab.untilText(OVERLAY, /first callback/);
  await site.tab.untilText(OVERLAY, /second callback/);
});

test('a module that threw at the first load is not taken by itself: who waits for it never ran, so the page reloads', async (t) => {
  const site = await openHot(t, {
    'main.js': `import './view.js'; import './other.js'; say('main');`,
    'view.js': `import.meta.hot.accept(); throw new Error('at first');`,
    'other.js': `import.meta.hot.accept();`,
  });
  await site.tab.untilText(OVERLAY, /at first/);
  assert.deepEqual(await site.said(), []);
  await site.saveAndReload({ 'view.js': `import.meta.hot.accept(); say('view');` });
  assert.equal(await site.terminalLine('view.js'), 'view.js: page reload (/main.js ← /view.js: /main.js had not run to its end)');
  assert.deepEqual(await site.said(), ['view', 'main']);
});

test('a first load that hangs, then fixed: reloads, and says why', async (t) => {
  const site = await openHot(t, {
    'main.js': `import './view.js'; say('main');`,
    'view.js': `import.meta.hot.accept(); await new Promise(() => {});`,
  });
  await site.saveAndReload({ 'view.js': `import.meta.hot.accept(); await null;` });
  await site.page.waitForFunction(`said.includes('main')`);
  assert.equal(await site.terminalLine('view.js'), 'view.js: page reload (/main.js ← /view.js: /main.js had not run to its end)');
});

test('an error of the first load stays on show while updates elsewhere go on', async (t) => {
  const site = await openHot(t, {
    'index.html': `<!doctype html><link rel="icon" href="data:,"><script>window.said = []; window.say = (value) => said.push(value);</script>
      <script type="module" src="/broken.js"></script><script type="module" src="/fine.js"></script>`,
    'broken.js': `throw new Error('still broken');`,
    'fine.js': `import.meta.hot.accept(); say('fine 1');`,
  });
  await site.tab.untilText(OVERLAY, /still broken/);
  await site.save({ 'fine.js': `import.meta.hot.accept(); say('fine 2');` });
  assert.deepEqual(await site.said(), ['fine 1', 'fine 2']);
  await site.tab.untilText(OVERLAY, /still broken/);
});
