/**
 * Mistakes in a save: shown in the page and in the terminal with the place in the author's source, while the page keeps running; gone
 * when fixed and only then.
 */
import assert from 'node:assert/strict';
import { test } from 'node:test';
import type { TestPage } from '../harness/browser.ts';
import { batchLines, openFolder, page, VIEW_FILES } from './robust-support.ts';

const OVERLAY = 'hmr-dev-overlay';
const gone = (tab: TestPage): Promise<void> => tab.page.locator(OVERLAY).waitFor({ state: 'detached' });
const overlayText = (tab: TestPage): Promise<string> => tab.page.locator(`${OVERLAY} .panel`).innerText();

test('a syntax error in TypeScript: the place in overlay and terminal, the page goes on, the fix is live', async (t) => {
  const { files, server, tab } = await openFolder(t, {
    ...VIEW_FILES,
    'main.js': VIEW_FILES['main.js'].replaceAll('./view.js', './src/view.ts'),
    'src/view.ts': `interface Shape {\n  readonly name: string;\n}\nconst shape: Shape = { name: 'one' };\nexport const text: string = shape.name;\n`,
  });
  await tab.untilText('#out', 'one');
  await files.edit('src/view.ts', `'one' };`, `'two' }};`);
  await tab.untilText(OVERLAY, /src\/view\.ts:4:37/);
  assert.match(await overlayText(tab), /> 4 \| const shape: Shape = \{ name: 'two' \}\};/);
  await server.log.waitFor(/^Syntax error src\/view\.ts:4:37$/);
  await server.log.waitFor(/> 4 \| const shape/);
  await tab.page.evaluate(() => document.querySelector('button')?.click());
  await tab.untilText('button', '1');
  await files.edit('src/view.ts', `}};`, `};`);
  await tab.untilText('#out', 'two');
  await gone(tab);
  assert.equal(await tab.text('button'), '1');
  assert.ok(await tab.isSameDocument());
  assert.deepEqual(tab.errors, []);
});

test('unrelated saves while an error stands come with the fix, in one event', async (t) => {
  const { files, server, tab, updates } = await openFolder(t, {
    ...VIEW_FILES,
    'index.html': page(
      '<p id="out"></p><i id="other"></i><button>0</button>',
      '<link rel="stylesheet" href="a.css"><script type="module" src="main.js"></script>',
    ),
    'main.js': `${VIEW_FILES['main.js']}
      import { other } from './other.js';
      const put = (text) => document.querySelector('#other').textContent = text;
      put(other);
      import.meta.hot.accept('./other.js', (module) => put(module.other));`,
    'other.js': `export const other = 'a';`,
    'a.css': 'p { color: rgb(1, 1, 1) }',
  });
  await tab.untilText('#other', 'a');
  await files.write('view.js', 'export const text = "two;');
  await tab.untilText(OVERLAY, /view\.js:1:26/);
  await files.write('other.js', `export const other = 'b';`);
  await files.write('a.css', 'p { color: rgb(2, 2, 2) }');
  // A save of the broken file that is still broken, so that the others have been seen before.
  await files.write('view.js', 'export const text = "three;');
  await tab.untilText(OVERLAY, /three/);
  assert.equal(await tab.text('#other'), 'a');
  assert.equal(updates.length, 0);
  await files.write('view.js', `export const text = 'three';`);
  await tab.untilText('#out', 'three');
  await tab.untilText('#other', 'b');
  await tab.page.waitForFunction(() => getComputedStyle(document.querySelector('p') ?? document.body).color === 'rgb(2, 2, 2)');
  await gone(tab);
  assert.equal(updates.length, 1);
  assert.deepEqual(new Set(updates[0]?.files), new Set(['a.css', 'other.js', 'view.js']));
  await server.log.waitFor(/^fixed$/);
  assert.ok(await tab.isSameDocument());
});

test('two errors: fixing one leaves the other', async (t) => {
  const { files, tab } = await openFolder(t, {
    ...VIEW_FILES,
    'view.js': `import { word } from './word.js'; export const text = word;`,
    'word.js': `export const word = 'one';`,
  });
  await tab.untilText('#out', 'one');
  await files.write('word.js', 'export const word = ;');
  await tab.untilText(OVERLAY, /word\.js:1:21/);
  await files.write('view.js', `import { word } from './word.js'; export const text = (word;`);
  await tab.untilText(OVERLAY, /view\.js:1:/);
  assert.match(await overlayText(tab), /2 errors/);
  await files.write('word.js', `export const word = 'two';`);
  await tab.untilText(OVERLAY, /1 error ·/);
  assert.doesNotMatch(await overlayText(tab), /word\.js:1:21/);
  assert.equal(await tab.text('#out'), 'one');
  await files.write('view.js', `import { word } from './word.js'; export const text = word + '!';`);
  await tab.untilText('#out', 'two!');
  await gone(tab);
});

test('an import of a file that is not there: who imports it, did you mean; the file is made and it is live', async (t) => {
  const { files, server, tab } = await openFolder(t, { ...VIEW_FILES, 'lib/format.js': `export const word = 'from lib';` });
  await tab.untilText('#out', 'one');
  await files.write('view.js', `// a comment\nimport { word } from './lib/fromat.js';\nexport const text = word;`);
  await tab.untilText(OVERLAY, /view\.js:2:22/);
  const shown = await overlayText(tab);
  assert.match(shown, /Import not found/);
  assert.match(shown, /\.\/lib\/fromat\.js/);
  assert.match(shown, /Did you mean "\.\/lib\/format\.js"\?/);
  await server.log.waitFor(/^Import not found view\.js:2:22$/);
  await server.log.waitFor(/> 2 \| import \{ word \} from '\.\/lib\/fromat\.js';/);
  await server.log.waitFor(/Did you mean/);
  await files.write('lib/fromat.js', `export const word = 'made';`);
  await tab.untilText('#out', 'made');
  await gone(tab);
  assert.ok(await tab.isSameDocument());
});

test('a missing export is named with its module, and the terminal shows the line', async (t) => {
  const { files, server, tab } = await openFolder(t, {
    ...VIEW_FILES,
    'view.js': `import { word } from './word.js';\nexport const text = word;`,
    'word.js': `export const word = 'one';`,
  });
  await tab.untilText('#out', 'one');
  await files.write('word.js', `export const wort = 'two';`);
  await tab.untilText(OVERLAY, /view\.js:1:10/);
  const shown = await overlayText(tab);
  assert.match(shown, /Missing export/);
  assert.match(shown, /'word'/);
  assert.match(shown, /\/word\.js/);
  assert.match(shown, /It exports 'wort'/);
  assert.match(shown, /> 1 \| import \{ word \} from '\.\/word\.js';/);
  await server.log.waitFor(/^Missing export view\.js:1:10$/);
  await server.log.waitFor(/> 1 \| import \{ word \}/);
  assert.equal(await tab.text('#out'), 'one');
  await files.write('word.js', `export const word = 'three';`);
  await tab.untilText('#out', 'three');
  await gone(tab);
});

test('an error at the first load: shown, and the page starts when it is fixed', async (t) => {
  const { files, server, tab } = await openFolder(t, { ...VIEW_FILES, 'view.js': 'export const text = ;' });
  await tab.untilText(OVERLAY, /view\.js:1:21/);
  await server.log.waitFor(/Syntax error view\.js:1:21/);
  assert.equal(await tab.page.locator(`${OVERLAY} section`).count(), 1);
  await files.write('view.js', `export const text = 'fixed';`);
  await tab.untilText('#out', 'fixed');
  assert.equal(await tab.page.locator(OVERLAY).count(), 0);
  await files.write('view.js', `export const text = 'hot';`);
  await tab.untilText('#out', 'hot');
  await tab.waitForConsole(/hot updated: \/main\.js via \/view\.js/);
});

test('a second error at the first load, after the first was fixed', async (t) => {
  const { files, tab } = await openFolder(t, { ...VIEW_FILES, 'view.js': 'export const text = ;' });
  await tab.untilText(OVERLAY, /view\.js:1:21/);
  await files.write('view.js', `import './nothing.js'; export const text = 'x';`);
  await tab.untilText(OVERLAY, /nothing\.js/);
  await files.write('nothing.js', '');
  await tab.untilText('#out', 'x');
  assert.equal(await tab.page.locator(OVERLAY).count(), 0);
});

test('Esc hides the error, the same save does not bring it back, another error does', async (t) => {
  const { files, tab } = await openFolder(t, VIEW_FILES);
  await tab.untilText('#out', 'one');
  await files.write('view.js', 'export const text = ;');
  await tab.page.locator(OVERLAY).waitFor({ state: 'attached' });
  await tab.page.keyboard.press('Escape');
  await gone(tab);
  await files.write('view.js', 'export const text = "two;');
  await tab.untilText(OVERLAY, /view\.js:1:26/);
});

test('an error in JSON has its place', async (t) => {
  const { files, tab } = await openFolder(t, {
    ...VIEW_FILES,
    'view.js': `import data from './data.json'; export const text = data.word;`,
    'data.json': '{\n  "word": "one"\n}',
  });
  await tab.untilText('#out', 'one');
  await files.write('data.json', '{\n  "word": "two",\n}');
  await tab.untilText(OVERLAY, /data\.json:3:1/);
  await files.write('data.json', '{\n  "word": "three"\n}');
  await tab.untilText('#out', 'three');
  await gone(tab);
});

test('one line in the terminal for a batch with an error, and one for its fix', async (t) => {
  const { files, server, tab } = await openFolder(t, VIEW_FILES);
  await tab.untilText('#out', 'one');
  await files.write('view.js', 'export const text = ;');
  await server.log.waitFor(/view\.js: 1 error, nothing was updated/);
  await files.write('view.js', `export const text = 'two';`);
  await tab.untilText('#out', 'two');
  await server.log.waitFor(/view\.js: hot updated \/main\.js via \/view\.js/);
  assert.equal(batchLines(server).length, 2);
});
