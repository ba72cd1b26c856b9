/** The harness itself: that pages record, waits wait, and a wait that fails tells what is known. */
import assert from 'node:assert/strict';
import http from 'node:http';
import type { AddressInfo } from 'node:net';
import { test, type TestContext } from 'node:test';
import { openPage } from '../harness/browser.ts';
import { createLineLog, knownState, registerState, withDeadline } from '../harness/diagnostics.ts';
import { fixture } from '../harness/fixture.ts';

async function serve(t: TestContext, html: string, headers: Record<string, string> = {}): Promise<string> {
  const server = http.createServer((_req, res) => res.writeHead(200, { 'content-type': 'text/html', ...headers }).end(html));
  await new Promise<void>((resolve) => server.listen(0, 'localhost', resolve));
  t.after(() => {
    server.closeAllConnections();
    server.close();
  });
  return `http://localhost:${(server.address() as AddressInfo).port}/`;
}

test('a page records its console and its errors', async (t) => {
  const url = await serve(t, '<script>console.log("one", 2); setTimeout(() => { console.log("two"); throw new Error("boom"); })</script>');
  await using page = await openPage(url);
  assert.equal(await page.waitForConsole(/^one/), 'one 2');
  assert.equal(await page.waitForConsole(/two/, 1), 'two');
  await page.page.evaluate(() => new Promise((resolve) => setTimeout(resolve)));
  assert.match(page.errors.join(), /boom/);
  assert.match(knownState(), /console: two/);
});

test('untilText waits for the whole text, in shadow roots too and under a strict policy', async (t) => {
  const script =
    "const root = document.querySelector('#host').attachShadow({ mode: 'open' }); root.append(Object.assign(document.createElement('p'), { id: 'in' }));";
  const url = await serve(t, `<p id="out">10</p><div id="host"></div><script nonce="n">${script}</script>`, {
    'content-security-policy': "default-src 'none'; script-src 'nonce-n'",
  });
  await using page = await openPage(url);
  const outside = page.untilText('#out', '1');
  await page.page.evaluate(() => document.querySelector('#out')?.replaceChildren(' 1 '));
  await outside;
  const inside = page.untilText('#in', 'a (b)');
  await page.page.evaluate(() => document.querySelector('#host')?.shadowRoot?.querySelector('#in')?.replaceChildren('a (b)'));
  await inside;
  assert.equal(await page.text('#in'), 'a (b)');
});

test('a text that never comes is an error that tells what was there', async (t) => {
  const url = await serve(t, '<p>ten</p><script>console.log("a hint")</script>');
  await using page = await openPage(url);
  page.page.setDefaultTimeout(200);
  await assert.rejects(page.untilText('p', 'eleven'), /expected .*eleven.* found \["ten"\][\s\S]*console: a hint/);
});

test('a document that was replaced is noticed', async (t) => {
  const url = await serve(t, '<p>x</p>');
  await using page = await openPage(url);
  await page.markDocument();
  assert.equal(await page.isSameDocument(), true);
  await page.page.reload();
  assert.equal(await page.isSameDocument(), false);
  assert.equal(page.loads.length, 2);
});

test('two pages of one context share their storage', async (t) => {
  const url = await serve(t, '<p>x</p>');
  await using first = await openPage(url);
  await using second = await openPage(url, { context: first.page.context() });
  await first.page.evaluate(() => localStorage.setItem('a', '1'));
  assert.equal(await second.page.evaluate(() => localStorage.getItem('a')), '1');
});

test('a deadline shows every registered state', async () => {
  const unregister = registerState('something', () => 'its state');
  await assert.rejects(withDeadline(new Promise(() => {}), 'nothing', 1), /Waited 1 ms for nothing\.\n[\s\S]*--- something\nits state/);
  unregister();
  assert.doesNotMatch(knownState(), /something/);
});

test('a line log finds what came before and what comes later', async () => {
  const log = createLineLog('log');
  log.add('a 1');
  assert.equal(await log.waitFor(/a/), 'a 1');
  const next = log.waitFor(/a/, log.lines.length);
  log.add('b');
  log.add('a 2');
  assert.equal(await next, 'a 2');
});

test('a fixture writes, edits, renames and goes away', async () => {
  let name: string;
  {
    await using folder = await fixture({ 'a/b.txt': 'one two' });
    name = folder.resolve('a/b.txt');
    await folder.edit('a/b.txt', 'two', 'three $&');
    assert.equal(await folder.read('a/b.txt'), 'one three $&');
    await assert.rejects(folder.edit('a/b.txt', 'nine', ''), /holds nothing like nine/);
    await folder.atomicWrite('a/b.txt', 'new');
    assert.equal(await folder.read('a/b.txt'), 'new');
    await folder.remove('a');
    await assert.rejects(folder.read('a/b.txt'));
  }
  await assert.rejects(import('node:fs/promises').then((fs) => fs.stat(name)));
});
