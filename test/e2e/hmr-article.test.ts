/**
 * The hand-written client of ten lines (examples/article) against the server, served from a copy: what it is told, what `import(file)` then
 * gives it, and when the page reloads instead.
 */
import assert from 'node:assert/strict';
import fs from 'node:fs/promises';
import { test, type TestContext } from 'node:test';
import { fileURLToPath } from 'node:url';
import { fixture } from '../harness/fixture.ts';
import { listenForFile, openFolder, type HotSite } from './hot-page.ts';

async function openArticle(t: TestContext): Promise<HotSite> {
  const files = await fixture();
  t.after(() => files[Symbol.asyncDispose]());
  await fs.cp(fileURLToPath(new URL('../../examples/article', import.meta.url)), files.path, { recursive: true });
  const site = await openFolder(t, files);
  await site.tab.untilText('h1', 'Welcome, 2 guests');
  await site.page.getByRole('button').click();
  await site.tab.untilText('h1', 'Welcome, 3 guests');
  await site.tab.markDocument();
  return site;
}

const edited = async ({ files }: HotSite, name: string, from: string, to: string): Promise<Record<string, string>> => {
  const source = await files.read(name);
  assert.ok(source.includes(from), `${name} holds ${from}`);
  return { [name]: source.replace(from, to) };
};

test('a save of view.js or model.js runs its update with the new module, the guests stay', async (t) => {
  const site = await openArticle(t);
  await site.save(await edited(site, 'view.js', `'Welcome'`, `'Hello'`));
  await site.tab.untilText('h1', 'Hello, 3 guests');
  await listenForFile(site.tab, 'model.js');
  await site.save(await edited(site, 'model.js', `'Edsger'`, `'Margaret'`));
  await site.tab.waitForConsole(/^told model\.js$/);
  await site.page.getByRole('button').click();
  await site.tab.untilText('li:last-child', 'Margaret');
  assert.deepEqual(await site.printed(), ['hot updated: /view.js', 'hot updated: /model.js']);
  assert.equal(await site.tab.isSameDocument(), true);
});

test('a helper that view.js imports: the client is told of view.js, which it imports', async (t) => {
  const site = await openArticle(t);
  // A save of its own, so that the lines below are of one file each.
  await site.save({ 'words.js': `export const greeting = 'Good day';` });
  await site.save(await edited(site, 'view.js', `const greeting = 'Welcome';`, `import { greeting } from './words.js';`));
  await site.tab.untilText('h1', 'Good day, 3 guests');
  await site.save({ 'words.js': `export const greeting = 'Good evening';` });
  await site.tab.untilText('h1', 'Good evening, 3 guests');
  assert.ok(site.terminal().includes('words.js: hot updated /view.js'), site.terminal().join('\n'));
  assert.equal(await site.tab.isSameDocument(), true);
});

test('framework.js holds the state and nobody takes it: a reload, with the reason in console and terminal', async (t) => {
  const site = await openArticle(t);
  await site.saveAndReload(await edited(site, 'framework.js', 'root.replaceChildren', 'document.title = "new"; root.replaceChildren'));
  await site.tab.untilText('h1', 'Welcome, 2 guests');
  const entry = '/index.html?inline-module=0';
  const reason = `${entry} ← /framework.js: ${entry} accepts nothing`;
  assert.ok((await site.printed()).includes(`page reload /framework.js (${reason})`));
  assert.equal(await site.terminalLine('framework.js'), `framework.js: page reload (${reason})`);
});

test('a view that throws while it loads, or while it draws, leaves the page; the next save goes on', async (t) => {
  const site = await openArticle(t);
  const whole = await site.files.read('view.js');
  assert.equal((await site.save({ 'view.js': `${whole}\nthrow new Error('at load');` }))[0]?.kind, 'failed');
  await site.tab.untilText('hmr-dev-overlay', /at load/);
  await site.tab.untilText('h1', 'Welcome, 3 guests');
  await site.save({ 'view.js': whole.replace('return [', `throw new Error('at draw'); return [`) });
  await site.tab.untilText('hmr-dev-overlay', /at draw/);
  await site.tab.untilText('h1', 'Welcome, 3 guests');
  await site.save({ 'view.js': whole.replace('Welcome', 'Hello') });
  await site.tab.untilText('h1', 'Hello, 3 guests');
  await site.page.locator('hmr-dev-overlay').waitFor({ state: 'detached' });
  assert.equal(await site.tab.isSameDocument(), true);
});

test('files that are none of its own say nothing to it', async (t) => {
  const site = await openArticle(t);
  await site.page.evaluate(
    `window.heard = []; new EventSource('/changes').addEventListener('message', ({ data }) => heard.push(JSON.parse(data)));`,
  );
  assert.equal((await site.save({ 'notes.txt': 'x' }))[0]?.kind, 'ignored');
  await site.files.write('sub/deep.js', 'export {};');
  await site.page.waitForFunction('heard.length === 2');
  assert.deepEqual(await site.page.evaluate('heard'), ['notes.txt', 'sub/deep.js']);
  await site.tab.untilText('h1', 'Welcome, 3 guests');
});

test('a client is told of the file that it imports, whatever its name', async (t) => {
  const files = await fixture({
    'index.html': `<!doctype html><link rel="icon" href="data:,"><script type="module">
      new EventSource('/changes').onmessage = ({ data }) => console.log('told ' + JSON.parse(data));
      await import('./a%23%C3%A9.js'); console.log('loaded');</script>`,
    'a#é.js': `import './deep.js';`,
    'deep.js': `export {};`,
  });
  t.after(() => files[Symbol.asyncDispose]());
  const site = await openFolder(t, files);
  await site.tab.waitForConsole(/^loaded$/);
  const told = site.tab.waitForConsole(/^told a/);
  await site.save({ 'deep.js': `export const n = 1;` });
  assert.equal(await told, 'told a#é.js');
});
