import assert from 'node:assert/strict';
import { test } from 'node:test';
import { deflateSync } from 'node:zlib';
import type { TestPage } from '../harness/browser.ts';
import { openTab, html, startScriptedServer } from './client-support.ts';
import type { Resource, ScriptedServer } from './client-support.ts';

/** The smallest image that Chromium takes: one pixel, told apart by its width and height. */
function svg(size: number): Resource {
  return { body: `<svg xmlns="http://www.w3.org/2000/svg" width="${size}" height="${size}"><g id="icon"/></svg>`, type: 'image/svg+xml' };
}

const swap = ({ page }: TestPage, url: string, hash: string): Promise<number> =>
  page.evaluate(([path, version]) => globalThis.hmr.createImages().swapAsset(path, version), [url, hash] as const);

async function open(server: ScriptedServer, body: string, head = ''): Promise<TestPage> {
  server.resources.set('/', html(body, head));
  return openTab(server.origin);
}

const attribute = ({ page }: TestPage, selector: string, name: string): Promise<string | null> => page.locator(selector).getAttribute(name);

test('an image shows the new file, and the author’s address stays recognisable', async () => {
  await using server = await startScriptedServer();
  server.resources.set('/img/a.svg', svg(10));
  await using tab = await open(server, '<img src="img/a.svg?x=1"><img src="/img/b.svg">');
  server.resources.set('/img/a.svg', svg(20));
  assert.equal(await swap(tab, '/img/a.svg', 'h1'), 1);
  assert.equal(await attribute(tab, 'img >> nth=0', 'src'), 'img/a.svg?x=1&v=h1');
  assert.equal(await attribute(tab, 'img >> nth=1', 'src'), '/img/b.svg');
  await tab.page.waitForFunction(() => document.images[0]?.naturalWidth === 20);
});

test('a picture that does not load stays out', async () => {
  await using server = await startScriptedServer();
  server.resources.set('/a.svg', svg(10));
  await using tab = await open(server, '<img src="/a.svg">');
  server.resources.set('/a.svg', { body: '', status: 404 });
  assert.equal(await swap(tab, '/a.svg', 'h1'), 0);
  server.resources.set('/a.png', { body: 'half a fi' });
  await tab.page.evaluate(() => document.body.append(Object.assign(new Image(), { src: '/a.png' })));
  assert.equal(await swap(tab, '/a.png', 'h1'), 0);
  assert.equal(await attribute(tab, 'img >> nth=0', 'src'), '/a.svg');
});

test('of several pictures, only the one that is shown is loaded: Chromium would change to the larger one', async () => {
  await using server = await startScriptedServer();
  for (const name of ['/a.svg', '/b.svg']) server.resources.set(name, svg(10));
  await using tab = await open(server, '<img srcset="/a.svg 1x, /b.svg 2x">');
  await tab.page.waitForFunction(() => document.images[0]?.naturalWidth === 10);
  assert.equal(await swap(tab, '/b.svg', 'h1'), 1);
  assert.equal(await attribute(tab, 'img', 'srcset'), '/a.svg 1x, /b.svg?v=h1 2x');
  assert.equal(await swap(tab, '/a.svg', 'h2'), 1);
  assert.ok(server.requests.some((path) => path.startsWith('/a.svg?v=h2')));
  assert.ok(!server.requests.some((path) => path.startsWith('/b.svg')));
});

test('subtitles load by themselves; the video goes on', async () => {
  await using server = await startScriptedServer();
  server.resources.set('/a.vtt', { body: 'WEBVTT', type: 'text/vtt' });
  await using tab = await open(server, '<video><track src="/a.vtt"></video>');
  await tab.page.evaluate(() => {
    const video = document.querySelector('video');
    video?.addEventListener('emptied', () => (video.id = 'restarted'));
    if (video) video.load = () => (video.id = 'restarted');
  });
  assert.equal(await swap(tab, '/a.vtt', 'h1'), 1);
  assert.equal(await attribute(tab, 'track', 'src'), '/a.vtt?v=h1');
  assert.equal(await attribute(tab, 'video', 'id'), null);
});

test('a file that nothing on the page names is not even asked for', async () => {
  await using server = await startScriptedServer();
  await using tab = await open(server, '<img src="/a.svg">');
  assert.equal(await swap(tab, '/b.svg', 'h1'), 0);
  assert.ok(!server.requests.some((path) => path.startsWith('/b.svg')));
});

test('srcset, picture, poster, icon, object, SVG use and image', async () => {
  await using server = await startScriptedServer();
  server.resources.set('/a.svg', svg(10));
  await using tab = await open(
    server,
    `<img id="srcset" srcset="/a.svg 1x, /b.svg 2x" alt="">
     <picture><source id="source" srcset="a.svg"><img alt=""></picture>
     <video id="poster" poster="/a.svg"></video>
     <object id="object" data="/a.svg"></object>
     <input id="input" type="image" src="/a.svg" alt="">
     <svg><use id="use" href="/a.svg#icon"/><use id="xlink" xlink:href="/a.svg#icon"/><image id="image" href="/a.svg"/></svg>
     <a id="anchor" href="/a.svg">not an image</a>`,
    '<link id="icon" rel="shortcut icon" href="/a.svg">',
  );
  assert.equal(await swap(tab, '/a.svg', 'h1'), 9);
  const read = (selector: string, name: string): Promise<string | null> => attribute(tab, `#${selector}`, name);
  assert.equal(await read('srcset', 'srcset'), '/a.svg?v=h1 1x, /b.svg 2x');
  assert.equal(await read('source', 'srcset'), 'a.svg?v=h1');
  assert.equal(await read('poster', 'poster'), '/a.svg?v=h1');
  assert.equal(await read('object', 'data'), '/a.svg?v=h1');
  assert.equal(await read('input', 'src'), '/a.svg?v=h1');
  assert.equal(await read('use', 'href'), '/a.svg?v=h1#icon');
  assert.equal(await read('xlink', 'xlink:href'), '/a.svg?v=h1#icon');
  assert.equal(await read('image', 'href'), '/a.svg?v=h1');
  assert.equal(await read('icon', 'href'), '/a.svg?v=h1');
  assert.equal(await read('anchor', 'href'), '/a.svg');
});

test('inline styles, priority kept, and open shadow trees', async () => {
  await using server = await startScriptedServer();
  server.resources.set('/a.svg', svg(10));
  await using tab = await open(server, '<p style="background: red url(/a.svg) no-repeat !important; color: blue">x</p><x-host></x-host>');
  await tab.page.evaluate(() => {
    const root = document.querySelector('x-host')?.attachShadow({ mode: 'open' });
    root?.append(Object.assign(new Image(), { src: '/a.svg', id: 'inner' }));
  });
  assert.equal(await swap(tab, '/a.svg', 'h1'), 2);
  const style = await tab.page.evaluate(() => {
    const { style: own } = document.querySelector('p') as HTMLElement;
    return [own.backgroundImage, own.getPropertyPriority('background-image'), own.backgroundColor, own.color];
  });
  assert.deepEqual(style, ['url("/a.svg?v=h1")', 'important', 'red', 'blue']);
  assert.equal(await attribute(tab, '#inner', 'src'), '/a.svg?v=h1');
});

test('rules of inline styles, nested ones too; not those of a module, which runs again', async () => {
  await using server = await startScriptedServer();
  server.resources.set('/a.svg', svg(10));
  await using tab = await open(
    server,
    '<p>x</p>',
    `<style>p { background: url(a.svg); color: blue } @media screen { p { &:first-child { cursor: url(/a.svg), auto !important } } }</style>
     <style data-hmr-dev="/a.css">b { background: url(/a.svg) }</style>`,
  );
  assert.equal(await swap(tab, '/a.svg', 'h1'), 2);
  const style = await tab.page.evaluate(() => {
    const { backgroundImage, cursor, color } = getComputedStyle(document.querySelector('p') as HTMLElement);
    return [backgroundImage, cursor, color];
  });
  const address = `url("${server.origin}/a.svg?v=h1")`;
  assert.deepEqual(style, [address, `${address}, auto`, 'rgb(0, 0, 255)']);
});

test('a raster image, twice', async () => {
  await using server = await startScriptedServer();
  server.resources.set('/a.png', { body: png(1) });
  await using tab = await open(server, '<img src="/a.png" alt="">');
  for (const [hash, width] of [
    ['h1', 2],
    ['h2', 3],
  ] as const) {
    server.resources.set('/a.png', { body: png(width) });
    assert.equal(await swap(tab, '/a.png', hash), 1);
    assert.equal(await attribute(tab, 'img', 'src'), `/a.png?v=${hash}`);
    await tab.page.waitForFunction((wanted) => document.images[0]?.naturalWidth === wanted, width);
  }
});

test('media that are not pictures are taken as they come; sources start the choice again', async () => {
  await using server = await startScriptedServer();
  server.resources.set('/a.webm', { body: 'not really', type: 'video/webm' });
  await using tab = await open(server, '<video><source src="/a.webm"></video><audio src="/a.webm"></audio>');
  assert.equal(await swap(tab, '/a.webm', 'h1'), 2);
  assert.equal(await attribute(tab, 'source', 'src'), '/a.webm?v=h1');
  assert.equal(await attribute(tab, 'audio', 'src'), '/a.webm?v=h1');
  await tab.page.waitForFunction(() => document.querySelector('video')?.networkState === HTMLMediaElement.NETWORK_NO_SOURCE);
});

/** A grey PNG of one row (PNG specification, sections 5 and 11). */
function png(width: number): Buffer {
  const chunk = (type: string, data: Buffer): Buffer => {
    const body = Buffer.concat([Buffer.from(type), data]);
    const out = Buffer.alloc(body.length + 8);
    out.writeUInt32BE(data.length, 0);
    body.copy(out, 4);
    out.writeUInt32BE(crc32(body), body.length + 4);
    return out;
  };
  const header = Buffer.from([0, 0, 0, width, 0, 0, 0, 1, 8, 0, 0, 0, 0]);
  return Buffer.concat([
    Buffer.from([0x89, 0x50, 0x4e, 0x47, 0x0d, 0x0a, 0x1a, 0x0a]),
    chunk('IHDR', header),
    chunk('IDAT', deflateSync(Buffer.alloc(width + 1))),
    chunk('IEND', Buffer.alloc(0)),
  ]);
}

function crc32(bytes: Buffer): number {
  let crc = 0xffffffff;
  for (const byte of bytes) {
    crc ^= byte;
    for (let bit = 0; bit < 8; bit++) crc = crc & 1 ? (crc >>> 1) ^ 0xedb88320 : crc >>> 1;
  }
  return (crc ^ 0xffffffff) >>> 0;
}
