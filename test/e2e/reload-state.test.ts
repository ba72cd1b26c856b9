/** A change that needs a reload: the page comes back where it was, with what was typed, and says why. */
import assert from 'node:assert/strict';
import { test } from 'node:test';
import { openFolder, page } from './robust-support.ts';

const BODY = `<h1>one</h1><form><input id="name"><textarea id="note"></textarea><input id="check" type="checkbox">
  <select id="choice"><option>a</option><option>b</option></select></form>
  <div id="box" style="height: 100px; overflow: auto"><div style="height: 1000px"></div></div>
  <details><summary>more</summary>text</details><div style="height: 5000px"></div>`;

test('an HTML edit that cannot be merged reloads the page; scroll and form values are kept', async (t) => {
  const { files, server, tab } = await openFolder(t, { 'index.html': page(BODY, '<meta charset="utf-8">') });
  await tab.page.locator('#name').fill('Ada');
  await tab.page.locator('#note').fill('half a\nnote');
  await tab.page.locator('#check').check();
  await tab.page.locator('#choice').selectOption('b');
  await tab.page.locator('summary').click();
  await tab.page.locator('#name').focus();
  await tab.page.evaluate(() => {
    document.querySelector('#box')?.scrollTo(0, 321);
    scrollTo(0, 1234);
  });
  await files.write('index.html', page(BODY.replace('one', 'two'), '<base href="/"><meta charset="utf-8">'));
  await tab.untilText('h1', 'two');
  assert.equal(await tab.isSameDocument(), false);
  await tab.page.waitForFunction(() => scrollY === 1234 && document.querySelector('#box')?.scrollTop === 321);
  assert.equal(await tab.page.locator('#name').inputValue(), 'Ada');
  assert.equal(await tab.page.locator('#note').inputValue(), 'half a\nnote');
  assert.equal(await tab.page.locator('#check').isChecked(), true);
  assert.equal(await tab.page.locator('#choice').inputValue(), 'b');
  assert.equal(await tab.page.locator('details').getAttribute('open'), '');
  assert.equal(await tab.page.evaluate(() => document.activeElement?.id), 'name');
  await tab.waitForConsole(/page reload \/index\.html \(\/index\.html changed/);
  await server.log.waitFor(/index\.html: page reload/);
});

test('a module that nobody accepts reloads the page once, with the path; a form that a script builds is kept too', async (t) => {
  const { files, server, tab } = await openFolder(t, {
    'index.html': page('<main></main>', '<script type="module" src="main.js"></script>'),
    'main.js': `import { title } from './title.js';
      const input = Object.assign(document.createElement('input'), { id: 'late' });
      document.querySelector('main').append(Object.assign(document.createElement('h1'), { textContent: title }), input);`,
    'title.js': `export const title = 'one';`,
  });
  await tab.page.locator('#late').fill('typed');
  await files.edit('title.js', 'one', 'two');
  await tab.untilText('h1', 'two');
  await tab.page.waitForFunction(() => document.querySelector('input')?.value === 'typed');
  await tab.waitForConsole(/page reload \/title\.js \(\/main\.js ← \/title\.js: \/main\.js accepts nothing\)/);
  await server.log.waitFor(/title\.js: page reload \(\/main\.js ← \/title\.js: \/main\.js accepts nothing\)/);
  await files.edit('title.js', 'two', 'three');
  await tab.untilText('h1', 'three');
  assert.equal(tab.loads.length, 3);
});

test('a classic script reloads the page, with the reason; an HTML file of another page does not', async (t) => {
  const { files, tab, server } = await openFolder(t, {
    'index.html': page('<p></p>', '<script defer src="classic.js"></script>'),
    'classic.js': `document.querySelector('p').textContent = 'one';`,
    'other.html': page('other'),
  });
  await tab.untilText('p', 'one');
  await files.edit('other.html', 'other', 'changed');
  await server.log.waitFor(/other\.html: /);
  assert.ok(await tab.isSameDocument());
  await files.edit('classic.js', 'one', 'two');
  await tab.untilText('p', 'two');
  assert.equal(await tab.isSameDocument(), false);
  await tab.waitForConsole(/page reload \/classic\.js \(\/classic\.js is a classic script/);
});
