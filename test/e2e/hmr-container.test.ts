/**
 * The container in Chromium: both maps, from JavaScript and TypeScript, alone, several, nested, in a module that is itself replaced, and with an
 * update function that throws.
 */
import assert from 'node:assert/strict';
import { test } from 'node:test';
import { html, inlineHtml, openHot, sorted } from './hot-page.ts';

/** Adds up what it is given over all versions, so that a lost or doubled run shows. */
const APP = `import { container } from 'hmr-dev/client';
const app = { clicks: 0 };
window.click = () => { app.clicks++; };
say('app');
await container({ './view.js': 'view', './model.js': 'model' }, ({ view, model }) => say(view.draw(app.clicks), model.name));
say('ready');`;
const FILES = {
  'main.js': APP,
  'view.js': `import { mark } from './mark.js'; export const draw = (clicks) => 'view ' + clicks + mark;`,
  'mark.js': `export const mark = '!';`,
  'model.js': `export const name = 'model 1';`,
};

test('a map of specifiers: once at the start, once a save after anything in or below it, and the app stays', async (t) => {
  const site = await openHot(t, FILES);
  assert.deepEqual(await site.said(3), ['app', ['view 0!', 'model 1'], 'ready']);
  await site.page.evaluate('click()');
  await site.save({ 'model.js': `export const name = 'model 2';` });
  assert.deepEqual(await site.said(), [['view 1!', 'model 2']]);
  await site.save({ 'mark.js': `export const mark = '?';` });
  assert.deepEqual(await site.said(), [['view 1?', 'model 2']]);
  await site.saveTogether({
    'mark.js': `export const mark = '.';`,
    'view.js': FILES['view.js'].replace('view ', 'drawn '),
    'model.js': `export const name = 'model 3';`,
  });
  assert.deepEqual(await site.said(), [['drawn 1.', 'model 3']]);
  const printed = await site.printed();
  assert.deepEqual(printed.slice(0, 2), ['hot updated: /main.js via /model.js', 'hot updated: /main.js via /view.js']);
  assert.deepEqual(printed.slice(2).sort(), ['hot updated: /main.js via /model.js', 'hot updated: /main.js via /view.js']);
});

test('a map of loaders, in TypeScript, in an inline script and under an alias', async (t) => {
  const site = await openHot(t, {
    'index.html':
      html('/src/main.ts').replace('</body>', '') +
      `<script type="module">
      import { container as hold } from 'hmr-dev/client';
      await hold({ view: () => import('./src/view.ts'), './src/model.ts': 'model' }, (values) => say('inline', values.view.name, values.model.name, Object.isFrozen(values)));
    </script>`,
    'src/main.ts': `import { container } from 'hmr-dev/client';
      declare const say: (...values: unknown[]) => void;
      await container({ view: () => import('./view'), model: async () => import('./model.ts') }, ({ view, model }): void => say('file', view.name, model.name));`,
    'src/view.ts': `export const name: string = 'view 1';`,
    'src/model.ts': `export const name: string = 'model 1';`,
  });
  assert.deepEqual(sorted(await site.said(2)), [
    ['file', 'view 1', 'model 1'],
    ['inline', 'view 1', 'model 1', true],
  ]);
  await site.save({ 'src/view.ts': `export const name: string = 'view 2';` });
  assert.deepEqual(sorted(await site.said()), [
    ['file', 'view 2', 'model 1'],
    ['inline', 'view 2', 'model 1', true],
  ]);
  await site.save({ 'src/model.ts': `export const name = 'model 2' as const;` });
  assert.deepEqual(sorted(await site.said()), [
    ['file', 'view 2', 'model 2'],
    ['inline', 'view 2', 'model 2', true],
  ]);
});

test('an update function that throws: the error is shown, the page keeps what it had, the next save goes on', async (t) => {
  const site = await openHot(t, {
    'main.js': `import { container } from 'hmr-dev/client';
      await container({ './view.js': 'view' }, ({ view }) => { document.querySelector('main').textContent = view.draw(); });
      import.meta.hot.accept();`,
    'view.js': `export const draw = () => 'drawn';`,
  });
  await site.tab.untilText('main', 'drawn');
  await site.save({ 'view.js': `export const draw = () => { throw new TypeError('no pencil'); };` });
  await site.tab.untilText('hmr-dev-overlay', /no pencil/);
  await site.server.log.waitFor(/view\.js:1:\d+/);
  assert.equal(await site.tab.text('main'), 'drawn');
  await site.save({ 'view.js': `export const draw = () => 'drawn again';` });
  await site.tab.untilText('main', 'drawn again');
  await site.page.locator('hmr-dev-overlay').waitFor({ state: 'detached' });
});

test('a first run that throws rejects, as loading does', async (t) => {
  const site = await openHot(t, {
    'main.js': `import { container } from 'hmr-dev/client';
      await container({ './view.js': 'view' }, () => { throw new Error('first run'); }).catch((error) => say(error.message));
      await container({ './broken.js': 'broken' }, () => say('never')).catch((error) => say(error.message));
      await container({ './none.js': 'none' }, () => say('never')).catch((error) => say(error.constructor.name));`,
    'view.js': `export {};`,
    'broken.js': `throw new Error('while loading');`,
  });
  await site.page.waitForFunction('said.length === 3');
  assert.deepEqual(await site.said(), ['first run', 'while loading', 'TypeError']);
});

test('several containers: only those run that hold what changed; one after the other', async (t) => {
  const site = await openHot(t, {
    'main.js': `import { container } from 'hmr-dev/client';
      await container({ './a.js': 'a', './shared.js': 'shared' }, async ({ a, shared }) => { await null; say('first', a.n, shared.n); });
      await container({ './b.js': 'b', './shared.js': 'shared' }, ({ b, shared }) => say('second', b.n, shared.n));`,
    'a.js': `export const n = 'a1';`,
    'b.js': `export const n = 'b1';`,
    'shared.js': `export const n = 's1';`,
  });
  await site.said(2);
  await site.save({ 'b.js': `export const n = 'b2';` });
  assert.deepEqual(await site.said(), [['second', 'b2', 's1']]);
  await site.save({ 'shared.js': `export const n = 's2';` });
  assert.deepEqual(await site.said(), [
    ['first', 'a1', 's2'],
    ['second', 'b2', 's2'],
  ]);
});

test('nested: the innermost that holds the module runs, and the outer one when the inner module itself changed', async (t) => {
  const page = (n: number): string => `import { container } from 'hmr-dev/client'; say('page ${n}');
    await container({ './part.js': 'part' }, ({ part }) => say('inner ${n} of', part.n));`;
  const site = await openHot(t, {
    'main.js': `import { container } from 'hmr-dev/client'; await container({ './page.js': 'page' }, () => say('outer'));`,
    'page.js': page(1),
    'part.js': `export const n = 1;`,
  });
  assert.deepEqual(await site.said(3), ['page 1', ['inner 1 of', 1], 'outer']);
  await site.save({ 'part.js': `export const n = 2;` });
  assert.deepEqual(await site.said(), [['inner 1 of', 2]]);
  await site.save({ 'page.js': page(2) });
  assert.deepEqual(await site.said(), ['page 2', ['inner 2 of', 2], 'outer']);
  // The container of the version before is gone with it.
  await site.save({ 'part.js': `export const n = 3;` });
  assert.deepEqual(await site.said(), [['inner 2 of', 3]]);
  assert.deepEqual(await site.printed(), [
    'hot updated: /page.js via /part.js',
    'hot updated: /main.js via /page.js',
    'hot updated: /page.js via /part.js',
  ]);
});

test('what is in the map and imported beside it too: nobody else takes it, so the page reloads', async (t) => {
  const site = await openHot(t, { ...FILES, 'index.html': inlineHtml(`import './main.js'; import './model.js';`) });
  await site.said(3);
  await site.saveAndReload({ 'model.js': `export const name = 'model 2';` });
  const entry = '/index.html?inline-module=0';
  assert.equal(await site.terminalLine('model.js'), `model.js: page reload (${entry} ← /model.js: ${entry} accepts nothing)`);
});
