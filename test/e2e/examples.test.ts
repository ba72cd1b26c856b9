/**
 * The examples, served from a copy and edited as their READMEs say: each loads without an error, and an edit is in the page while what
 * the page held is still there.
 */
import assert from 'node:assert/strict';
import { test, type TestContext } from 'node:test';
import { openExample, type Example } from './examples-support.ts';
import { listenForFile } from './hot-page.ts';
import { colorOf } from './robust-support.ts';

/** These need no packages. */
const open = (t: TestContext, name: string): Promise<Example> => openExample(t, name, { arrange: async () => undefined });

test('counter: the count survives edits of view, model and style', async (t) => {
  const { files, tab, assertAlive } = await open(t, 'counter');
  await tab.untilText('.count', '0');
  for (let n = 0; n < 3; n++) await tab.page.getByLabel('Count up').click();
  await tab.untilText('.count', '3');

  await files.edit('view.js', "const title = 'Counter'", "const title = 'Tally'");
  await tab.untilText('h1', 'Tally');
  assert.equal(await tab.text('.count'), '3');

  await files.edit('model.js', 'const step = 1', 'const step = 5');
  await tab.waitForConsole(/hot updated: .*model\.js/);
  await tab.page.getByLabel('Count up').click();
  await tab.untilText('.count', '8');

  await files.edit('style.css', /--accent: .*;/, '--accent: rgb(1, 2, 3);');
  await tab.page.waitForFunction(() => getComputedStyle(document.querySelector('.count') ?? document.body).color === 'rgb(1, 2, 3)');
  assert.equal(await tab.text('.count'), '8');
  await assertAlive();
});

test('counter: a save that does not compile leaves the page running, the next one goes on', async (t) => {
  const { files, tab } = await open(t, 'counter');
  await tab.page.getByLabel('Count up').click();
  await tab.untilText('.count', '1');

  await files.edit('view.js', "const title = 'Counter';", "const title = 'Counter;");
  await tab.page.locator('hmr-dev-overlay').waitFor({ state: 'attached' });
  await tab.untilText('.count', '1');

  await files.edit('view.js', "const title = 'Counter;", "const title = 'Mended';");
  await tab.untilText('h1', 'Mended');
  await tab.untilText('.count', '1');
  assert.equal(await tab.isSameDocument(), true, 'the page was reloaded');
});

test('article: the hand-written client gets each new module, and the app keeps its state', async (t) => {
  const { files, tab, assertAlive } = await open(t, 'article');
  await tab.untilText('h1', 'Welcome, 2 guests');
  await tab.page.getByRole('button').click();
  await tab.untilText('h1', 'Welcome, 3 guests');

  await files.edit('view.js', "'Welcome'", "'Hello'");
  await tab.untilText('h1', 'Hello, 3 guests');

  await listenForFile(tab, 'model.js');
  await files.edit('model.js', "'Edsger'", "'Margaret'");
  await tab.waitForConsole(/^told model\.js$/);
  await tab.page.getByRole('button').click();
  await tab.untilText('li:last-child', 'Margaret');

  await files.edit('view.js', "'Hello'", "'Good evening'");
  await tab.untilText('h1', 'Good evening, 4 guests');
  await assertAlive();
});

test('board: cards, panel and a half-written task survive edits of components and rules', async (t) => {
  const { files, tab, assertAlive } = await open(t, 'board');
  const { page } = tab;
  await tab.untilText('header h1', 'Garden house');
  await page.waitForFunction(() => (document.querySelector<HTMLImageElement>('header img')?.naturalWidth ?? 0) > 0);
  const done = page.locator('section', { hasText: 'Done' });
  await page.getByLabel('Move Oil the door to Done').click();
  await page.getByRole('button', { name: 'Statistics' }).click();
  await tab.untilText('.panel h2', 'Statistics');
  const draft = page.getByLabel('New task').first();
  await draft.fill('Half a tas');
  await draft.focus();

  await files.edit('src/components/card.tsx', 'icon="×"', 'icon="✕"');
  await page.getByLabel('Remove Oil the door').filter({ hasText: '✕' }).waitFor();
  await files.edit('src/panels/statistics.tsx', '<h2>Statistics</h2>', '<h2>Figures</h2>');
  await tab.untilText('.panel h2', 'Figures');
  await files.edit('src/lib/plural.ts', '`${count} ', '`All in all ${count} ');
  await tab.untilText('header span', 'All in all 6 tasks');

  assert.equal(await done.getByRole('listitem').count(), 2);
  assert.equal(await draft.inputValue(), 'Half a tas');
  assert.equal(await draft.evaluate((input) => input === document.activeElement), true);
  await assertAlive();
});

test('board: a new rule in the reducer works on the state that is there', async (t) => {
  const { files, tab, assertAlive } = await open(t, 'board');
  await tab.untilText('header span', '6 tasks');
  await files.edit('src/model/reducer.ts', 'createTask(action.title,', 'createTask(action.title.toUpperCase(),');
  await tab.waitForConsole(/hot updated: .*reducer/);
  const form = tab.page.locator('form').first();
  await form.getByLabel('New task').fill('paint');
  await form.getByRole('button', { name: 'Add' }).click();
  await tab.untilText('section:first-child li:last-child strong', 'PAINT');
  await tab.untilText('header span', '7 tasks');
  await assertAlive();
});

test('board: CSS modules, an imported sheet, raw text and the data of the lazy panel', async (t) => {
  const { files, tab, assertAlive } = await open(t, 'board');
  const { page } = tab;
  await tab.untilText('header h1', 'Garden house');
  await page.getByLabel('Move Foundation to Doing').click();
  await tab.untilText('.empty', /arrows/);

  await files.edit('src/assets/help.txt', 'arrows', 'pointers');
  await tab.untilText('.empty', /pointers/);
  await files.edit('src/components/header.module.css', 'opacity: 0.6;', 'color: rgb(4, 5, 6);');
  await page.waitForFunction(() => getComputedStyle(document.querySelector('header span') ?? document.body).color === 'rgb(4, 5, 6)');
  await files.edit('src/styles/tokens.css', /--ink: .*;/, '--ink: rgb(7, 8, 9);');
  await page.waitForFunction(() => getComputedStyle(document.body).color === 'rgb(7, 8, 9)');
  assert.equal(await colorOf(tab, 'header h1'), 'rgb(7, 8, 9)');
  await tab.untilText('.empty', /pointers/);
  await assertAlive();
});

test('board: what is above the container reloads the page, and says why', async (t) => {
  const { files, tab } = await open(t, 'board');
  await tab.untilText('header h1', 'Garden house');
  await files.edit('src/data/seed.json', 'Garden house', 'Tree house');
  await tab.untilText('header h1', 'Tree house');
  assert.equal(await tab.isSameDocument(), false);
  await tab.waitForConsole(/page reload .*\(.*main\.ts/);
});
