/**
 * The code of hot-swap, which pages load by themselves and late: it is there before the first save or is waited for, pages that have no use
 * for it never ask, and where it cannot be had modules run again until it can.
 */
import assert from 'node:assert/strict';
import { test, type TestContext } from 'node:test';
import type { Page, Route } from 'playwright-core';
import { SWAP_PATH } from '../../src/protocol.ts';
import { withDeadline } from '../harness/diagnostics.ts';
import { openUnderBase } from './base-support.ts';
import { html, openHot, type HotOptions, type HotSite } from './hot-page.ts';

const MAIN = `import { text, onClick } from './view.js';
addEventListener('read', onClick);
window.source = () => String(onClick);
window.read = () => { dispatchEvent(new Event('read')); return text(); };
import.meta.hot.accept('./view.js', (view) => say('took ' + view.text()));`;

const view = (word: string): string => `say('view runs');
let calls = 0;
export function onClick() { calls++; say('${word} heard'); }
export function text() { return '${word} ' + calls; }`;

const isBundle = (url: URL): boolean => url.pathname === SWAP_PATH;

interface Site extends HotSite {
  /** Resolves when the page asks for the bundle. */
  untilAsked(): Promise<void>;
  /** How often it has. */
  asked(): number;
}

async function open(t: TestContext, options: HotOptions, route?: (route: Route) => Promise<void>): Promise<Site> {
  let count = 0;
  let resolve = (): void => undefined;
  const request = new Promise<void>((done) => (resolve = done));
  const prepare = async (page: Page): Promise<void> => {
    page.on('request', (sent) => {
      if (!isBundle(new URL(sent.url()))) return;
      count++;
      resolve();
    });
    if (route) await page.route(isBundle, route);
  };
  const site = await openHot(t, { 'main.js': MAIN, 'view.js': view('one') }, { ...options, prepare });
  return { ...site, untilAsked: () => withDeadline(request, 'the page asks for the code of hot-swap'), asked: () => count };
}

/** The client's own wait for an idle page began before this one, and both are answered in order. */
async function untilIdle(page: Page): Promise<void> {
  await page.evaluate(async () => {
    if (document.readyState !== 'complete') await new Promise((resolve) => addEventListener('load', resolve));
    for (const _ of [1, 2]) await new Promise((resolve) => requestIdleCallback(resolve));
  });
}

test('a page asks for it once, before any save, and a save changes it in place', async (t) => {
  const site = await open(t, { hotswap: 'classes' });
  await site.untilAsked();
  assert.deepEqual(await site.said(1), ['view runs']);
  for (const word of ['two', 'three']) {
    await site.save({ 'view.js': view(word) });
    assert.match(String(await site.said()), new RegExp(`^took ${word} \\d$`));
    await site.page.evaluate('read()');
    assert.deepEqual(await site.said(), [`${word} heard`]);
  }
  assert.equal(await site.page.evaluate('read()'), 'three 3');
  // The page has one toString(), which the bundle has to tell.
  assert.match(String(await site.page.evaluate('source()')), /three heard/);
  assert.equal(site.asked(), 1);
});

test('a save that comes before it waits for it', async (t) => {
  let release = (): void => undefined;
  const released = new Promise<void>((resolve) => (release = resolve));
  const site = await open(t, { hotswap: 'classes' }, async (route) => {
    await released;
    await route.continue();
  });
  assert.equal(await site.page.evaluate('read()'), 'one 1');
  assert.deepEqual(await site.said(2), ['view runs', 'one heard']);
  const told = new Promise<void>((resolve) => void site.server.server.on('update', () => resolve()));
  const saved = site.save({ 'view.js': view('two') });
  await told;
  assert.equal(await site.page.evaluate('read()'), 'one 2');
  assert.deepEqual(await site.said(), ['one heard']);
  release();
  await saved;
  assert.deepEqual(await site.said(), ['took two 2']);
  assert.equal(await site.page.evaluate('read()'), 'two 3');
  assert.deepEqual(await site.said(), ['two heard']);
  assert.equal(site.asked(), 1);
});

test('with hot-swap off nobody asks for it', async (t) => {
  const site = await open(t, { hotswap: 'off' });
  await untilIdle(site.page);
  await site.said();
  await site.save({ 'view.js': view('two') });
  assert.deepEqual(await site.said(), ['view runs', 'took two 0']);
  await untilIdle(site.page);
  assert.equal(site.asked(), 0);
});

test('where it cannot be had modules run again, and say why; the next save changes them in place, and old listeners are brought level', async (t) => {
  let isDown = true;
  const site = await open(t, { hotswap: 'classes' }, (route) => (isDown ? route.abort() : route.continue()));
  await site.untilAsked();
  await site.said();
  await site.printed();
  await site.save({ 'view.js': view('two') });
  assert.deepEqual(await site.said(), ['view runs', 'took two 0']);
  assert.deepEqual(await site.printed(), [
    'hot updated: /main.js via /view.js',
    'not changed in place: /view.js (the code that does it could not be loaded)',
  ]);
  await site.page.evaluate('read()');
  // The listener is of the first version.
  assert.deepEqual(await site.said(), ['one heard']);

  isDown = false;
  await site.save({ 'view.js': view('three') });
  assert.deepEqual(await site.said(), ['took three 0']);
  assert.equal(await site.page.evaluate('read()'), 'three 1');
  assert.deepEqual(await site.said(), ['three heard']);
});

test('under a base it is asked for there', async (t) => {
  const { files, tab, paths } = await openUnderBase(t, 'behind a proxy', {
    'index.html': html('main.js'),
    'main.js': MAIN,
    'view.js': view('one'),
  });
  assert.equal(await tab.page.evaluate('read()'), 'one 1');
  const swapped = tab.waitForConsole(/hot updated/);
  await files.write('view.js', view('two'));
  await swapped;
  assert.equal(await tab.page.evaluate('read()'), 'two 2');
  assert.deepEqual(
    paths.filter((path) => path.endsWith('swap.js')),
    [`/app${SWAP_PATH}`],
  );
});
