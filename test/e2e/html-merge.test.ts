/**
 * Edits of HTML in a page that runs: what is merged and what reloads, scripts, events, files that are saved half, partials, several addresses and
 * tabs of one file, policies. Which live state outlives which edit is html-merge-matrix.test.ts.
 */
import assert from 'node:assert/strict';
import { test, type TestContext } from 'node:test';
import { openPage } from '../harness/browser.ts';
import { openFolder, page, startFront } from './robust-support.ts';
import { fixture } from '../harness/fixture.ts';

const BODY = `<h1>one</h1><p id="text">text</p><input id="name"><ul><li>a</li><li>b</li></ul>`;

const evaluate = <T>(
  session: { readonly tab: { readonly page: { evaluate(code: string): Promise<unknown> } } },
  code: string,
): Promise<T> => session.tab.page.evaluate(code) as Promise<T>;

async function open(t: TestContext, body = BODY, head = '', more: Record<string, string> = {}) {
  const session = await openFolder(t, { 'index.html': page(body, head), ...more });
  /** Edits the page; the file's next line in the terminal. */
  const edit = async (from: string | RegExp, to: string): Promise<string> => {
    const line = session.server.log.waitFor(/^\d\d:\d\d:\d\d .*index\.html.*: (?!sent; no page)/, session.server.log.lines.length);
    await session.files.edit('index.html', from, to);
    return (await line).replace(/^\S+ /, '').replace(/ \([\d.]+ m?s\)$/, '');
  };
  return { ...session, edit };
}

test('an edit is merged, and terminal and console say so in one line', async (t) => {
  const { tab, edit } = await open(t);
  await tab.page.locator('#name').fill('Ada');
  assert.equal(await edit('<h1>one</h1>', '<h1 class="new">two</h1>'), 'index.html: html merged (2 nodes)');
  await tab.untilText('h1', 'two');
  assert.equal(await tab.page.locator('h1').getAttribute('class'), 'new');
  assert.equal(await tab.page.locator('#name').inputValue(), 'Ada');
  await tab.waitForConsole(/^\[hmr-dev\] html merged \(2 nodes\): \/index\.html$/);
  assert.equal(await edit('<li>b</li>', '<li>b</li><li>c</li>'), 'index.html: html merged (1 node)');
  assert.equal(await edit('<li>a</li>', ''), 'index.html: html merged (1 node)');
  assert.equal(await tab.text('ul'), 'b\nc');
  assert.equal(await edit('<p id="text">text</p>', '<div><p id="text">text</p></div>'), 'index.html: html merged (2 nodes)');
  assert.equal(await tab.page.locator('div > #text').count(), 1);
  assert.ok(await tab.isSameDocument());
  assert.deepEqual(tab.errors, []);
});
