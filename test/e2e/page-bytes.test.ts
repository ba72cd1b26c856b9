/**
 * Pages arrive byte for byte but for the one tag, whatever they are written in and however they begin, and what scripts fetch has none; and the
 * same pages are merged when they are edited, with every letter.
 */
import assert from 'node:assert/strict';
import { test } from 'node:test';
import { openPage } from '../harness/browser.ts';
import { fixture } from '../harness/fixture.ts';
import { startServer, type TestServer } from '../harness/server.ts';
import { nextOutcomes } from './hot-page.ts';
import { openFolder, page } from './robust-support.ts';

interface Encoding {
  readonly encode: (text: string) => Buffer;
  /** Markup, if it is not one byte a letter. */
  readonly ascii?: (text: string) => Buffer;
  readonly meta?: string;
  /** What the page says, which its encoding has letters for. */
  readonly text: string;
}

const utf16 = (text: string): Buffer => Buffer.from(text, 'utf16le');
const latin1 = (text: string): Buffer => Buffer.from(text, 'latin1');

const ENCODINGS: Readonly<Record<string, Encoding>> = {
  'UTF-8': { encode: (text) => Buffer.from(text), text: 'é 日本 🎉' },
  'UTF-8 with a byte order mark': { encode: (text) => Buffer.from(`\ufeff${text}`), text: 'é 日本 🎉' },
  'windows-1252': { encode: latin1, meta: '<meta charset="windows-1252">', text: 'é ü' },
  'windows-1252, by http-equiv': {
    encode: latin1,
    meta: '<meta http-equiv="Content-Type" content="text/html; charset=windows-1252">',
    text: 'é ü',
  },
  'windows-1252, undeclared': { encode: latin1, text: 'café, déjà vu, Überraschung' },
  Shift_JIS: {
    encode: (text) => latin1(text.replaceAll('日本', '\x93\xfa\x96\x7b')),
    meta: '<meta charset="shift_jis">',
    text: '日本',
  },
  'UTF-16 LE with a byte order mark': { encode: (text) => utf16(`\ufeff${text}`), ascii: utf16, text: 'é 日本 🎉' },
  'UTF-16 BE with a byte order mark': {
    encode: (text) => utf16(`\ufeff${text}`).swap16(),
    ascii: (text) => utf16(text).swap16(),
    text: 'é 日本 🎉',
  },
};

/** @param ascii how markup is written in the page */
function withoutTag(body: Buffer, ascii: (text: string) => Buffer): Buffer {
  const [open, close] = [ascii('<script src="/@hmr-dev/client.js"'), ascii('</script>')];
  const start = body.indexOf(open);
  assert.ok(start >= 0, 'a tag');
  assert.equal(body.lastIndexOf(open), start, 'one tag');
  const end = body.indexOf(close, start) + close.length;
  return Buffer.concat([body.subarray(0, start), body.subarray(end)]);
}

async function get(server: TestServer, path: string, destination: string): Promise<Buffer> {
  const answer = await fetch(server.url(path), { headers: { 'Sec-Fetch-Dest': destination, Accept: 'text/html' } });
  assert.equal(answer.status, 200);
  return Buffer.from(await answer.arrayBuffer());
}

const SHAPES: Readonly<Record<string, (head: string, body: string) => string>> = {
  'a whole page': (head, body) => `<!doctype html>\r\n<html><head>${head}<title>x</title></head><body>${body}</body></html>\n`,
  'no head': (head, body) => `<!doctype html>${head}<title>x</title><body>${body}`,
  'no body': (head, body) => `<html><head>${head}</head>${body}`,
  neither: (head, body) => `${head}${body}`,
  'nothing but text': (_head, body) => body.replace(/<.*?>/g, ''),
  '"</head>" in a script': (head, body) => `<head>${head}<script>globalThis.end = "</head><body>";</script></head>${body}`,
  '"</head>" in a script of the body': (head, body) => `${head}${body}<script>globalThis.end = "</head>";</script>`,
  'a head in a comment': (head, body) => `<!-- <head></head> --><html>${head}<body>${body}`,
};

for (const [name, { encode, ascii = latin1, meta = '', text }] of Object.entries(ENCODINGS)) {
  test(`byte for byte but for the tag: ${name}`, async () => {
    const pages = Object.entries(SHAPES).map(([shape, make], index) => ({
      shape,
      path: `/${index}.html`,
      source: encode(make(meta, `<p>${text}</p>`)),
    }));
    await using files = await fixture(Object.fromEntries(pages.map(({ path, source }) => [path.slice(1), source])));
    await using server = await startServer(files.path);
    for (const { shape, path, source } of pages) {
      assert.ok(withoutTag(await get(server, path, 'document'), ascii).equals(source), shape);
      assert.ok((await get(server, path, 'empty')).equals(source), `${shape}, fetched`);
    }
  });

  test(`read and merged with every letter: ${name}`, async (t) => {
    const html = (words: string): Buffer => encode(page(`<h1>${text}</h1><p>${words}</p><input>`, meta));
    const { files, tab, server } = await openFolder(t, { 'index.html': html(text) });
    assert.deepEqual([await tab.text('h1'), await tab.text('p')], [text, text]);
    await tab.page.locator('input').fill('typed');
    const told = nextOutcomes(server, 1);
    await files.write('index.html', html(`${text}, ${text}`));
    assert.deepEqual(
      (await told).map((report) => report.text),
      ['html merged (1 node)'],
    );
    assert.deepEqual([await tab.text('h1'), await tab.text('p')], [text, `${text}, ${text}`]);
    assert.equal(await tab.page.locator('input').inputValue(), 'typed');
    assert.ok(await tab.isSameDocument());
    assert.deepEqual(tab.errors, []);
  });
}

for (const [name, swap] of [
  ['LE', false],
  ['BE', true],
] as const) {
  test(`UTF-16 ${name} that nothing declares, which no browser reads: byte for byte all the same, and an edit is seen`, async (t) => {
    const html = (text: string): Buffer => (swap ? utf16(page(`<h1>${text}</h1>`)).swap16() : utf16(page(`<h1>${text}</h1>`)));
    for (const text of ['plain', 'é 日本']) {
      const { files, tab, server } = await openFolder(t, { 'index.html': html(text) });
      assert.ok(withoutTag(await get(server, '/', 'document'), latin1).equals(html(text)));
      const told = nextOutcomes(server, 1);
      await files.write('index.html', html(`${text}, edited`));
      await told;
      await tab.page.waitForFunction(() => document.documentElement.textContent?.replaceAll(/[\0\ufffd]/g, '').includes('edited'));
      assert.deepEqual(tab.errors, []);
    }
  });
}

test('where the first letter beyond ASCII is far down, the header claims no UTF-8', async (t) => {
  const html = (text: string): Buffer => latin1(page(`<p>${'far '.repeat(50_000)}</p><h1>${text}</h1>`));
  const { files, tab } = await openFolder(t, { 'index.html': html('café') });
  assert.equal(await tab.text('h1'), 'café');
  await files.write('index.html', html('déjà vu'));
  await tab.untilText('h1', 'déjà vu');
  assert.ok(await tab.isSameDocument());
});

test('a page of 50 MB is served byte for byte but for the tag; an edit of what is too large to merge reloads it, with the reason', async (t) => {
  const row = '<p class="a b" id=x>text &amp; more <b>é</b></p>\n';
  const large = (sizeBytes: number, text: string): Buffer =>
    Buffer.from(page(`<h1>${text}</h1><template>${row.repeat(sizeBytes / row.length)}</template>`));
  const source = large(50_000_000, 'one');
  const { files, tab, server } = await openFolder(t, { 'index.html': large(5_000_000, 'one'), 'large.html': source });
  assert.ok(withoutTag(await get(server, '/large.html', 'document'), latin1).equals(source));
  assert.ok((await get(server, '/large.html', 'empty')).equals(source));
  const loaded = tab.page.waitForEvent('load');
  await files.write('index.html', large(5_000_000, 'two'));
  await loaded;
  await tab.untilText('h1', 'two');
  await tab.waitForConsole(/page reload \/index\.html \(\/index\.html changed: it is larger than 4 MB, more than is merged\)/);
  assert.equal(tab.loads.length, 2);
});

/** In the page: what each way to ask for HTML brings. */
const ASK = `(async () => {
  const text = async (url, init) => (await fetch(url, init)).text();
  const ask = (url, type) => new Promise((resolve) => {
    const http = new XMLHttpRequest();
    http.open('GET', url);
    http.responseType = type;
    // As htmx and others do.
    http.setRequestHeader('Accept', 'text/html, */*');
    http.setRequestHeader('HX-Request', 'true');
    http.addEventListener('load', () => resolve(http));
    http.send();
  });
  const framed = async (tag, attribute, url) => {
    const frame = document.createElement(tag);
    frame.setAttribute(attribute, url);
    const loaded = new Promise((resolve) => frame.addEventListener('load', resolve));
    document.body.append(frame);
    await loaded;
    return frame.contentDocument.documentElement.outerHTML;
  };
  const code = "fetch('" + location.origin + "/whole.html').then(async (answer) => postMessage(await answer.text()))";
  const worker = new Worker(URL.createObjectURL(new Blob([code])));
  const ofWorker = new Promise((resolve) => worker.addEventListener('message', ({ data }) => resolve(data)));
  return {
    fetch: await text('fragment.html'),
    'fetch of a page': await text('whole.html'),
    'fetch of text/html': await text('fragment.html', { headers: { Accept: 'text/html' } }),
    XMLHttpRequest: (await ask('fragment.html', '')).responseText,
    'XMLHttpRequest of a document': (await ask('whole.html', 'document')).responseXML.documentElement.outerHTML,
    'fetch in a worker': await ofWorker,
    iframe: await framed('iframe', 'src', 'whole.html'),
    'iframe of a fragment': await framed('iframe', 'src', 'fragment.html'),
    object: await framed('object', 'data', 'whole.html'),
  };
})()`;

test('who gets the tag: tabs, and the documents of frames and objects; not what scripts fetch', async (t) => {
  const { tab, server } = await openFolder(t, {
    'index.html': page('<main></main>'),
    'fragment.html': '<li>fragment</li>',
    'whole.html': page('whole'),
  });
  const found = (await tab.page.evaluate(ASK)) as Readonly<Record<string, string>>;
  const tagged = Object.keys(found).filter((name) => found[name]?.includes('/@hmr-dev/client.js'));
  assert.deepEqual(tagged, ['iframe', 'iframe of a fragment', 'object']);
  assert.equal(found['fetch'], '<li>fragment</li>');
  assert.equal(found['fetch of a page'], page('whole'));
  assert.equal(found['fetch in a worker'], page('whole'));
  const opened = await openPage(server.url('/fragment.html'), { context: tab.page.context() });
  t.after(() => opened.close());
  await opened.waitForConsole(/connected/);
  assert.equal(await opened.page.locator('script').count(), 1);
});
