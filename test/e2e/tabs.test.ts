/**
 * Many tabs of one browser on plain HTTP, where it has six connections a host: all update, and the server has one stream.
 */
import assert from 'node:assert/strict';
import { test } from 'node:test';
import { browser, openPage, type TestPage } from '../harness/browser.ts';
import { fixture } from '../harness/fixture.ts';
import { startFront, VIEW_FILES } from './robust-support.ts';

test('nine tabs of one origin all update, over one stream', async () => {
  await using files = await fixture(VIEW_FILES);
  await using front = await startFront(files.path);
  const context = await (await browser()).newContext();
  const tabs: TestPage[] = [];
  for (let n = 0; n < 9; n++) {
    const tab = await openPage(`${front.origin}/`, { context });
    tabs.push(tab);
    // One after the other: how long the worker that they share may take to answer is limited.
    await tab.waitForConsole(/connected/);
    await tab.markDocument();
    await tab.page.evaluate(() => document.querySelector('button')?.click());
  }
  assert.equal(front.streams, 1);
  for (const word of ['two', 'three', 'four']) {
    const from = front.log.lines.length;
    await files.write('view.js', `export const text = '${word}';`);
    await Promise.all(tabs.map((tab) => tab.untilText('#out', word)));
    await front.log.waitFor(/view\.js: (?!sent; )/, from);
  }
  for (const tab of tabs) {
    assert.ok(await tab.isSameDocument());
    assert.equal(await tab.page.locator('button').textContent(), '1');
    assert.deepEqual(tab.errors, []);
  }
  assert.equal(front.streams, 1);
  assert.equal(front.log.lines.filter((line) => / view\.js: (?!sent; )/.test(line)).length, 3, front.log.lines.join('\n'));
  await context.close();
});

test('the tab that came first is closed: the others go on', async () => {
  await using files = await fixture(VIEW_FILES);
  await using front = await startFront(files.path);
  const context = await (await browser()).newContext();
  const first = await openPage(`${front.origin}/`, { context });
  await first.waitForConsole(/connected/);
  const others = [await openPage(`${front.origin}/`, { context }), await openPage(`${front.origin}/`, { context })];
  await Promise.all(others.map((tab) => tab.waitForConsole(/connected/)));
  await first.close();
  await files.write('view.js', `export const text = 'two';`);
  await Promise.all(others.map((tab) => tab.untilText('#out', 'two')));
  assert.equal(front.streams, 1);
  await context.close();
});

test('two profiles have a stream each, and both update', async () => {
  await using files = await fixture(VIEW_FILES);
  await using front = await startFront(files.path);
  await using one = await openPage(`${front.origin}/`);
  await using two = await openPage(`${front.origin}/`);
  await Promise.all([one.waitForConsole(/connected/), two.waitForConsole(/connected/)]);
  assert.equal(front.streams, 2);
  await files.write('view.js', `export const text = 'two';`);
  await Promise.all([one.untilText('#out', 'two'), two.untilText('#out', 'two')]);
});
