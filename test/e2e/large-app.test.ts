/**
 * Many modules: the graph of a generated TypeScript app arrives whole and in one response, even when a page asks while the server is
 * still compiling what the start page needs, and a save of one leaf runs in the page.
 */
import assert from 'node:assert/strict';
import { test } from 'node:test';
import { generateApp, leafSource, versionName } from '../../bench/generate.ts';
import { openPage } from '../harness/browser.ts';
import { fixture } from '../harness/fixture.ts';
import { startServer } from '../harness/server.ts';

const COUNT = 1000;

/** Ids of the modules that a script defines. */
async function definedIn(url: string): Promise<Set<string>> {
  // As a script tag asks; the plain file is for whoever asks in another way.
  const response = await fetch(url, { headers: { 'sec-fetch-dest': 'script' } });
  assert.equal(response.status, 200);
  return new Set([...(await response.text()).matchAll(/"id":"([^"]+)"/g)].map(([, id]) => id ?? ''));
}

test('who asks while the graph is being compiled gets all of it, and so does who asks at the same time', async () => {
  await using files = await fixture();
  await generateApp(files.path, COUNT);
  await using server = await startServer(files.path);
  const answers = await Promise.all([definedIn(server.url('/src/main.ts')), definedIn(server.url('/src/main.ts'))]);
  assert.deepEqual(
    answers.map((ids) => ids.size),
    [COUNT + 2, COUNT + 2],
  );
});

test('a page loads the app with one module response, and a saved leaf runs in it', async () => {
  await using files = await fixture();
  await generateApp(files.path, COUNT);
  await using server = await startServer(files.path);
  const scripts: string[] = [];
  await using tab = await openPage(server.url(), {
    prepare: async (page) => {
      page.on('request', (request) => request.resourceType() === 'script' && scripts.push(new URL(request.url()).pathname));
    },
  });
  const { page } = tab;
  await page.waitForFunction(() => Reflect.get(globalThis, '__ready') === true);
  assert.deepEqual(
    scripts.filter((urlPath) => urlPath.startsWith('/src/')),
    ['/src/main.ts'],
  );
  // Each module adds its number.
  const total = (COUNT * (COUNT - 1)) / 2;
  assert.equal(await page.locator('#total').innerText(), `${total}#1: 1 ${versionName(0)}`);

  await tab.markDocument();
  const ran = page.evaluate(() => new Promise((resolve) => Reflect.set(globalThis, '__bench', (message: string) => resolve(message))));
  // The page's answer comes only after its evaluation, so that the new function is in place before the save.
  await page.evaluate(() => undefined);
  await files.write('src/leaf.ts', leafSource(versionName(1)));
  assert.equal(await ran, `leaf ${versionName(1)}`);
  assert.equal(await tab.isSameDocument(), true, 'the page was reloaded');
});
