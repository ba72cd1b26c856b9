import assert from 'node:assert/strict';
import { test } from 'node:test';
import { openTab, html, startScriptedServer } from './client-support.ts';
import type { ScriptedServer } from './client-support.ts';
import type { TestPage } from '../harness/browser.ts';

const CREATE = '<script>globalThis.styles = hmr.createStyles({ log: hmr.createConsoleLog() });</script>';

declare global {
  var styles: ReturnType<typeof globalThis.hmr.createStyles>;
}

const color = (value: string): { body: string; type: string } => ({ body: `h1 { color: ${value} }`, type: 'text/css' });

async function open(server: ScriptedServer, body: string, headers: Record<string, string> = {}): Promise<TestPage> {
  server.resources.set('/', { ...html(`<h1>title</h1>${body}`, CREATE), headers });
  return openTab(server.origin);
}

const swap = ({ page }: TestPage, url: string, hash: string): Promise<number> =>
  page.evaluate(([path, version]) => globalThis.styles.swapStylesheet(path, version), [url, hash] as const);

const colorOf = ({ page }: TestPage, selector = 'h1'): Promise<string> =>
  page.locator(selector).evaluate((element) => getComputedStyle(element).color);

const hrefs = ({ page }: TestPage): Promise<(string | null)[]> =>
  page.evaluate(() => [...document.querySelectorAll('link')].map((link) => link.getAttribute('href')));

const RED = 'rgb(255, 0, 0)';
const BLUE = 'rgb(0, 0, 255)';
const GREEN = 'rgb(0, 128, 0)';

test('a changed sheet replaces the old one; the author’s address stays recognisable', async () => {
  await using server = await startScriptedServer();
  server.resources.set('/css/a.css', color('red'));
  await using tab = await open(server, '<link rel="stylesheet" href="./css/a.css?theme=x"><style>h1 { font-size: 9px }</style>');
  assert.equal(await colorOf(tab), RED);
  server.resources.set('/css/a.css', color('blue'));
  assert.equal(await swap(tab, '/css/a.css', 'h1'), 1);
  assert.equal(await colorOf(tab), BLUE);
  assert.deepEqual(await hrefs(tab), ['./css/a.css?theme=x&v=h1']);
  server.resources.set('/css/a.css', color('green'));
  assert.equal(await swap(tab, '/css/a.css', 'h2'), 1);
  assert.equal(await colorOf(tab), GREEN);
  assert.deepEqual(await hrefs(tab), ['./css/a.css?theme=x&v=h2']);
});

test('only the exact path is meant', async () => {
  await using server = await startScriptedServer();
  for (const path of ['/a.css', '/sub/a.css', '/a.css.css']) server.resources.set(path, color('red'));
  await using tab = await open(
    server,
    '<link rel="stylesheet" href="/sub/a.css"><link rel="stylesheet" href="/a.css.css"><link rel="icon" href="/a.css">',
  );
  assert.equal(await swap(tab, '/a.css', 'h1'), 0);
  assert.equal(await swap(tab, '/nowhere.css', 'h1'), 0);
  assert.deepEqual(await hrefs(tab), ['/sub/a.css', '/a.css.css', '/a.css']);
});

test('there is no unstyled moment: the old sheet stays until the new one is there', async () => {
  await using server = await startScriptedServer();
  server.resources.set('/a.css', color('red'));
  await using tab = await open(server, '<link rel="stylesheet" href="/a.css">');
  let arrive: (value?: unknown) => void = () => {};
  server.resources.set('/a.css', { ...color('blue'), after: new Promise((resolve) => (arrive = resolve)) });
  const swapped = swap(tab, '/a.css', 'h1');
  await server.until('the new sheet is asked for', () => server.requests.includes('/a.css?v=h1'));
  assert.equal(await colorOf(tab), RED);
  assert.deepEqual(await hrefs(tab), ['/a.css', '/a.css?v=h1']);
  arrive();
  assert.equal(await swapped, 1);
  assert.equal(await colorOf(tab), BLUE);
  assert.deepEqual(await hrefs(tab), ['/a.css?v=h1']);
});

test('a sheet that does not load changes nothing, and the next version does', async () => {
  await using server = await startScriptedServer();
  server.resources.set('/a.css', color('red'));
  await using tab = await open(server, '<link rel="stylesheet" href="/a.css">');
  server.resources.set('/a.css', { body: 'gone', status: 404 });
  assert.equal(await swap(tab, '/a.css', 'h1'), 1);
  await tab.waitForConsole(/\[hmr-dev\] \/a\.css could not be loaded; the old styles stay\./);
  assert.equal(await colorOf(tab), RED);
  assert.deepEqual(await hrefs(tab), ['/a.css']);
  server.resources.set('/a.css', color('blue'));
  await swap(tab, '/a.css', 'h2');
  assert.equal(await colorOf(tab), BLUE);
});

test('saves in quick succession end with the last, whichever arrives first', async () => {
  await using server = await startScriptedServer();
  server.resources.set('/a.css', color('red'));
  await using tab = await open(server, '<link rel="stylesheet" href="/a.css">');
  let arrive: (value?: unknown) => void = () => {};
  const late = new Promise((resolve) => (arrive = resolve));
  server.resources.set('/a.css', ({ url }) => (url?.endsWith('v=h2') ? color('green') : { ...color('blue'), after: late }));
  const first = swap(tab, '/a.css', 'h1');
  await server.until('the first is asked for', () => server.requests.includes('/a.css?v=h1'));
  assert.equal(await swap(tab, '/a.css', 'h2'), 1);
  arrive();
  await first;
  assert.equal(await colorOf(tab), GREEN);
  assert.deepEqual(await hrefs(tab), ['/a.css?v=h2']);
});

test('back to the version on show while another one loads', async () => {
  await using server = await startScriptedServer();
  server.resources.set('/a.css', color('red'));
  await using tab = await open(server, '<link rel="stylesheet" href="/a.css?v=h0">');
  let arrive: (value?: unknown) => void = () => {};
  const late = new Promise((resolve) => (arrive = resolve));
  server.resources.set('/a.css', { ...color('blue'), after: late });
  const first = swap(tab, '/a.css', 'h1');
  await server.until('it is asked for', () => server.requests.includes('/a.css?v=h1'));
  await swap(tab, '/a.css', 'h0');
  await first;
  arrive();
  assert.equal(await colorOf(tab), RED);
  assert.deepEqual(await hrefs(tab), ['/a.css?v=h0']);
});

test('a link that leaves the page while its new version loads is waited for no more, in a shadow tree neither', async () => {
  await using server = await startScriptedServer();
  server.resources.set('/a.css', color('red'));
  await using tab = await open(server, '<div><link rel="stylesheet" href="/a.css"></div><x-host></x-host>');
  await tab.page.evaluate(async () => {
    const link = Object.assign(document.createElement('link'), { rel: 'stylesheet', href: '/a.css' });
    const loaded = new Promise((resolve) => (link.onload = resolve));
    document.querySelector('x-host')?.attachShadow({ mode: 'open' }).append(link);
    await loaded;
  });
  server.resources.set('/a.css', { ...color('blue'), after: new Promise(() => {}) });
  const swapped = swap(tab, '/a.css', 'h1');
  await server.until('it is asked for', () => server.requests.includes('/a.css?v=h1'));
  await tab.page.evaluate(() => document.querySelectorAll('div, x-host').forEach((element) => element.remove()));
  assert.equal(await swapped, 2);
});

test('the same version asked for twice is one load', async () => {
  await using server = await startScriptedServer();
  server.resources.set('/a.css', color('red'));
  await using tab = await open(server, '<link rel="stylesheet" href="/a.css">');
  assert.deepEqual(await Promise.all([swap(tab, '/a.css', 'h1'), swap(tab, '/a.css', 'h1')]), [1, 1]);
  await swap(tab, '/a.css', 'h1');
  assert.equal(server.requests.filter((path) => path === '/a.css?v=h1').length, 1);
});

test('every link to the sheet, in open shadow trees of any depth too', async () => {
  await using server = await startScriptedServer();
  server.resources.set('/a.css', color('red'));
  await using tab = await open(server, '<link rel="stylesheet" href="a.css"><x-outer></x-outer>');
  await tab.page.evaluate(async () => {
    let parent: Element | null = document.querySelector('x-outer');
    const loads: Promise<unknown>[] = [];
    for (let depth = 0; depth < 2 && parent !== null; depth++) {
      const root: ShadowRoot = parent.attachShadow({ mode: 'open' });
      const link = Object.assign(document.createElement('link'), { rel: 'stylesheet', href: '/a.css' });
      loads.push(new Promise((resolve) => link.addEventListener('load', resolve)));
      root.append(link, document.createElement('h1'), document.createElement('x-inner'));
      parent = root.querySelector('x-inner');
    }
    await Promise.all(loads);
  });
  server.resources.set('/a.css', color('blue'));
  assert.equal(await swap(tab, '/a.css', 'h1'), 3);
  // Playwright looks into open shadow roots.
  const colors = await tab.page.locator('h1').evaluateAll((elements) => elements.map((element) => getComputedStyle(element).color));
  assert.deepEqual(colors, [BLUE, BLUE, BLUE]);
});

test('attributes stay, integrity goes; media, alternate and disabled sheets keep their state', async () => {
  await using server = await startScriptedServer();
  for (const path of ['/print.css', '/alt.css', '/off.css', '/plain.css']) server.resources.set(path, color('red'));
  await using tab = await open(
    server,
    `<link rel="stylesheet" href="/plain.css" id="p" class="c" data-x="1" crossorigin integrity="">
     <link rel="stylesheet" href="/print.css" media="print">
     <link rel="alternate stylesheet" href="/alt.css" title="Other">
     <link rel="stylesheet" href="/off.css" disabled>`,
  );
  for (const name of ['plain', 'print', 'alt', 'off']) assert.equal(await swap(tab, `/${name}.css`, 'h1'), 1, name);
  const links = await tab.page.evaluate(() => [...document.querySelectorAll('link')].map((link) => link.outerHTML));
  assert.deepEqual(links, [
    '<link rel="stylesheet" href="/plain.css?v=h1" id="p" class="c" data-x="1" crossorigin="">',
    '<link rel="stylesheet" href="/print.css?v=h1" media="print">',
    '<link rel="alternate stylesheet" href="/alt.css?v=h1" title="Other">',
    '<link rel="stylesheet" href="/off.css?v=h1" disabled="">',
  ]);
  assert.equal(await colorOf(tab), RED);
});

test('an alternate sheet that the page switched on stays on', async () => {
  await using server = await startScriptedServer();
  server.resources.set('/alt.css', color('red'));
  await using tab = await open(server, '<link rel="stylesheet alternate" href="/alt.css" title="Other">');
  await tab.page.evaluate(() => {
    const link = document.querySelector('link');
    // The documented way: explicitly enabled after having been disabled.
    for (const isDisabled of [true, false]) if (link) link.disabled = isDisabled;
  });
  const isColor = (value: string): Promise<unknown> =>
    tab.page.waitForFunction((wanted) => getComputedStyle(document.querySelector('h1') as Element).color === wanted, value);
  await isColor(RED);
  server.resources.set('/alt.css', color('blue'));
  await swap(tab, '/alt.css', 'h1');
  await isColor(BLUE);
  server.resources.set('/alt.css', { body: '', status: 500 });
  await swap(tab, '/alt.css', 'h2');
  assert.deepEqual(await hrefs(tab), ['/alt.css?v=h1']);
});

test('a sheet that the page switched off stays off', async () => {
  await using server = await startScriptedServer();
  server.resources.set('/a.css', color('red'));
  await using tab = await open(server, '<link rel="stylesheet" href="/a.css">');
  await tab.page.evaluate(() => {
    const sheet = document.querySelector('link')?.sheet;
    if (sheet) sheet.disabled = true;
  });
  await swap(tab, '/a.css', 'h1');
  assert.deepEqual(await hrefs(tab), ['/a.css?v=h1']);
  assert.equal(await colorOf(tab), 'rgb(0, 0, 0)');
});

test('a link that the page removes meanwhile does not come back', async () => {
  await using server = await startScriptedServer();
  server.resources.set('/a.css', color('red'));
  await using tab = await open(server, '<link rel="stylesheet" href="/a.css">');
  let arrive: (value?: unknown) => void = () => {};
  server.resources.set('/a.css', { ...color('blue'), after: new Promise((resolve) => (arrive = resolve)) });
  const swapped = swap(tab, '/a.css', 'h1');
  await server.until('it is asked for', () => server.requests.includes('/a.css?v=h1'));
  await tab.page.evaluate(() => document.querySelector('link')?.remove());
  arrive();
  await swapped;
  assert.deepEqual(await hrefs(tab), []);
});

test('@import in an inline style, with its conditions', async () => {
  await using server = await startScriptedServer();
  server.resources.set('/a.css', color('red'));
  await using tab = await open(server, '<style>@import "/a.css" layer(base) screen; h1 { font-size: 9px }</style>');
  assert.equal(await colorOf(tab), RED);
  server.resources.set('/a.css', color('blue'));
  assert.equal(await swap(tab, '/a.css', 'h1'), 1);
  await tab.page.waitForFunction((blue) => getComputedStyle(document.querySelector('h1') as Element).color === blue, BLUE);
  const rule = await tab.page.evaluate(() => document.querySelector('style')?.sheet?.cssRules[0]?.cssText);
  assert.match(rule ?? '', /a\.css\?v=h1"\) layer\(base\) screen;$/);
});

test('styles from JavaScript: in order of evaluation, updated in place, removed', async () => {
  await using server = await startScriptedServer();
  await using tab = await open(server, '');
  const read = (): Promise<string[]> =>
    tab.page.evaluate(() =>
      [...document.querySelectorAll<HTMLStyleElement>('style[data-hmr-dev]')].map(
        (style) => `${style.dataset['hmrDev']} ${style.textContent}`,
      ),
    );
  await tab.page.evaluate(() => {
    globalThis.styles.styleFor('/a.css', 'h1 { color: red }');
    globalThis.styles.styleFor('/b.css', 'h1 { color: blue }');
    document.head.append(document.createElement('meta'));
    globalThis.styles.styleFor('/c.css', 'h1 { color: green }');
    globalThis.styles.styleFor('/a.css', 'h1 { color: black }');
  });
  assert.deepEqual(await read(), ['/a.css h1 { color: black }', '/b.css h1 { color: blue }', '/c.css h1 { color: green }']);
  assert.equal(await tab.page.evaluate(() => document.head.lastElementChild?.localName), 'meta');
  await tab.page.evaluate(() => globalThis.styles.arrangeStyles(['/c.css', '/unknown.css', '/a.css', '/b.css']));
  assert.deepEqual(await read(), ['/c.css h1 { color: green }', '/a.css h1 { color: black }', '/b.css h1 { color: blue }']);
  await tab.page.evaluate(() => {
    globalThis.styles.removeStyle('/b.css');
    globalThis.styles.removeStyle('/b.css');
    globalThis.styles.styleFor('/d.css', '');
  });
  assert.deepEqual(await read(), ['/c.css h1 { color: green }', '/a.css h1 { color: black }', '/d.css ']);
  assert.equal(await colorOf(tab), 'rgb(0, 0, 0)');
});

test('arranging what is in order moves nothing', async () => {
  await using server = await startScriptedServer();
  await using tab = await open(server, '');
  const isSame = await tab.page.evaluate(() => {
    for (const id of ['/a.css', '/b.css', '/c.css']) globalThis.styles.styleFor(id, 'h1 { color: red }');
    const before = [...document.styleSheets];
    globalThis.styles.arrangeStyles(['/a.css', '/c.css']);
    return [...document.styleSheets].every((sheet, index) => sheet === before[index]);
  });
  assert.equal(isSame, true);
});

test('a constructed sheet is one object for ever', async () => {
  await using server = await startScriptedServer();
  await using tab = await open(server, '');
  const isSame = await tab.page.evaluate(() => {
    const first = globalThis.styles.sheetFor('/css/a.css', 'h1 { color: red }');
    document.adoptedStyleSheets = [first];
    return globalThis.styles.sheetFor('/css/a.css', 'h1 { color: blue }') === first;
  });
  assert.equal(isSame, true);
  assert.equal(await colorOf(tab), BLUE);
});

test('under a strict policy: by nonce, or as a constructed sheet', async () => {
  await using server = await startScriptedServer();
  const policy = { 'content-security-policy': "default-src 'self'; script-src 'self' 'unsafe-inline'; style-src 'nonce-abc'" };
  await using tab = await open(server, '<p>text</p>', policy);
  await tab.page.evaluate(() => {
    globalThis.hmr.createStyles({ log: console, nonce: 'abc' }).styleFor('/a.css', 'h1 { color: red }');
    globalThis.styles.styleFor('/b.css', 'p { color: red }');
    globalThis.styles.styleFor('/c.css', 'p { color: green }');
  });
  assert.deepEqual([await colorOf(tab), await colorOf(tab, 'p')], [RED, GREEN]);
  await tab.page.evaluate(() => {
    globalThis.styles.styleFor('/c.css', 'p { color: blue }');
    globalThis.styles.arrangeStyles(['/c.css', '/b.css']);
  });
  assert.equal(await colorOf(tab, 'p'), RED);
  await tab.page.evaluate(() => globalThis.styles.removeStyle('/b.css'));
  assert.equal(await colorOf(tab, 'p'), BLUE);
});
