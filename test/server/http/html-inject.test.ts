import assert from 'node:assert/strict';
import { IncomingMessage } from 'node:http';
import { Socket } from 'node:net';
import { describe, test } from 'node:test';
import { injectClient, looksLikeDocument, replaceRanges, wantsClient } from '../../../src/server/http/html-inject.ts';
import { scanHtml } from '../../../src/server/http/html-scan.ts';

const TAG = '<script src="/client.js"></script>';
const tag = (nonce: string | null): string => (nonce === null ? TAG : `<script nonce="${nonce}"></script>`);

describe('the place of the tag, marked by |', () => {
  const pages = [
    '<!doctype html><html><head>|<title>a</title></head><body></body></html>',
    '<!DOCTYPE html>\n<html lang="en">\n<head>|\n  <meta charset="utf-8">\n</head>',
    '<HEAD >|</HEAD>',
    '<head data-a=">" b=\'</head>\'>|',
    '<!doctype html><head/>|<p>',
    '<!-- <head> --><html><!-- </head> --><head>|x',
    '<?xml version="1.0"?><!doctype html><html xmlns="x"><head>|',
    '<!doctype html>|<title><head></title>',
    '<!doctype html>\n|<meta charset=utf-8><p>',
    '<!doctype html><html>|<body><script>"<head>"</script></body>',
    '<!doctype html><html>|<script>document.write("<head>")</script><head></head>',
    '<!-- a --><!-- b -->|<p>hi',
    '|<p>no head</p>',
    '|plain text <head>',
    '</p><head>|',
    '|</head><p>',
    '<!doctype html></b>\n|<p>',
    '|<header>not a head</header>',
    '<!doctype html>|',
    '|',
    '  \n |',
    ' \n |text',
    '<!doctype html>|<!-- never closed',
    '<!doctype html><!-- closed -->|',
    '|<!doctype html',
    '<html>\n\n|<body>',
    '<!doctype html><html><head>|<script>"</head>"</script>',
    '|<svg><head></head></svg>',
    '|<script><!-- <script> </script> <head>',
    '<!doctype html>|<head',
  ];
  for (const page of pages) {
    test(page, () => {
      const html = Buffer.from(page.replace('|', ''));
      assert.equal(injectClient(html, tag).toString(), page.replace('|', TAG));
    });
  }
});

describe('every other byte stays', () => {
  test('line ends, odd bytes, NUL, what is not UTF-8', () => {
    const html = Buffer.concat([
      Buffer.from('<!doctype html>\r\n<head>\r<p>'),
      Buffer.from([0, 0xff, 0xfe, 0x80, 0xe9, 0xc3]),
      Buffer.from('\n\r'),
    ]);
    const out = injectClient(html, tag);
    const at = out.indexOf(TAG);
    assert.ok(Buffer.concat([out.subarray(0, at), out.subarray(at + TAG.length)]).equals(html));
  });

  test('windows-1252', () => {
    const html = Buffer.from('<meta charset=windows-1252><title>caf\xe9 \x80</title>', 'latin1');
    assert.equal(injectClient(html, () => '<i é€>').toString('latin1'), `<i \xe9\x80>${html.toString('latin1')}`);
  });

  test('UTF-8 with a byte order mark, which stays first', () => {
    assert.equal(injectClient(Buffer.from('\ufeff<p>é'), tag).toString(), `\ufeff${TAG}<p>é`);
    assert.equal(injectClient(Buffer.from('\ufeff<head>é'), tag).toString(), `\ufeff<head>${TAG}é`);
  });

  test('UTF-16, both ways round: the tag is written in it', () => {
    const page = (text: string): Buffer => Buffer.from(`\ufeff<!doctype html><head>${text}<title>日本🎉</title>`, 'utf16le');
    assert.ok(injectClient(page(''), tag).equals(page(TAG)));
    assert.ok(injectClient(page('').swap16(), tag).equals(page(TAG).swap16()));
    const odd = Buffer.concat([page(''), Buffer.from([0x41])]);
    assert.ok(injectClient(odd, tag).equals(Buffer.concat([page(TAG), Buffer.from([0x41])])));
  });

  test('a page of 50 MB', () => {
    const html = Buffer.from(`<!doctype html><body>${'<p class="a b" id=x>text &amp; more</p>\n'.repeat(1_300_000)}`);
    assert.ok(html.length > 50_000_000);
    const out = injectClient(html, tag);
    assert.equal(out.toString('latin1', 0, 60).indexOf(TAG), 15);
    assert.ok(Buffer.concat([out.subarray(0, 15), out.subarray(15 + TAG.length)]).equals(html));
  });
});

describe('the nonce', () => {
  test('of the page is passed on', () => {
    const html = Buffer.from('<head><title>a</title><script nonce="abc+/="></script>');
    assert.match(injectClient(html, tag).toString(), /^<head><script nonce="abc\+\/="><\/script><title>/);
  });
  test('in UTF-16 too', () => {
    const html = Buffer.from('\ufeff<head><script nonce=abc></script>', 'utf16le');
    assert.match(injectClient(html, tag).toString('utf16le'), /^\ufeff<head><script nonce="abc">/);
  });
});

describe('replaceRanges', () => {
  test('by bytes, in any order, insertions too', () => {
    const html = Buffer.from('é<b>x</b>');
    const edits = [
      { start: 6, end: 10, text: ']' },
      { start: 2, end: 5, text: '[ü' },
      { start: 0, end: 0, text: '!' },
    ];
    assert.equal(replaceRanges(html, edits).toString(), '!é[üx]');
    assert.ok(replaceRanges(html, []).equals(html));
  });

  test('with the ranges of inline modules, in every encoding', () => {
    const source = '<meta charset=windows-1252><script type=module>old</script><p>é</p><script type=module>old</script>';
    const wide = Buffer.from(`\ufeff${source}`, 'utf16le');
    const replaced = source.replaceAll('old', 'new "é"');
    for (const [html, expected] of [
      [Buffer.from(source, 'latin1'), Buffer.from(replaced, 'latin1')],
      [wide, Buffer.from(`\ufeff${replaced}`, 'utf16le')],
      [Buffer.from(`\ufeff${source}`), Buffer.from(`\ufeff${replaced}`)],
    ] as const) {
      const edits = scanHtml(html).inlineModules.map(({ start, end }) => ({ start, end, text: 'new "é"' }));
      assert.equal(edits.length, 2);
      assert.ok(replaceRanges(html, edits).equals(expected));
    }
  });

  test('what the encoding lacks becomes an escape of JavaScript', () => {
    const html = Buffer.from('<meta charset=windows-1251><script type=module>x</script>', 'latin1');
    const [module] = scanHtml(html).inlineModules;
    assert.ok(module);
    const out = replaceRanges(html, [{ start: module.start, end: module.end, text: '"ж é 🎉"' }]);
    assert.match(new TextDecoder('windows-1251').decode(out), /"ж \\u00e9 \\ud83c\\udf89"/);
  });

  test('refuses what overlaps or lies outside', () => {
    const html = Buffer.from('abc');
    const twice = [
      { start: 0, end: 2, text: '' },
      { start: 1, end: 3, text: '' },
    ];
    assert.throws(() => replaceRanges(html, twice), RangeError);
    assert.throws(() => replaceRanges(html, [{ start: 2, end: 4, text: '' }]), RangeError);
    assert.throws(() => replaceRanges(html, [{ start: 2, end: 1, text: '' }]), RangeError);
  });
});

describe('who gets the client', () => {
  const cases: [headers: Record<string, string>, document: boolean, fragment: boolean][] = [
    ...['document', 'iframe', 'frame', 'embed', 'object', 'fencedframe'].map((destination): [Record<string, string>, boolean, boolean] => [
      { 'sec-fetch-dest': destination, accept: '*/*' },
      true,
      true,
    ]),
    ...['empty', 'script', 'style', 'image', 'worker', 'report', 'nonsense'].map(
      (destination): [Record<string, string>, boolean, boolean] => [{ 'sec-fetch-dest': destination, accept: 'text/html' }, false, false],
    ),
    [{ accept: 'text/html,application/xhtml+xml' }, true, true],
    [{ accept: 'TEXT/HTML' }, true, true],
    [{ accept: '*/*' }, true, false],
    [{}, true, false],
    [{ accept: 'application/json' }, false, false],
    [{ accept: 'text/plain' }, false, false],
  ];
  for (const [headers, document, fragment] of cases) {
    test(JSON.stringify(headers), () => {
      const req = new IncomingMessage(new Socket());
      Object.assign(req.headers, headers);
      assert.deepEqual([wantsClient(req, true), wantsClient(req, false)], [document, fragment]);
    });
  }

  const files: [html: string, isDocument: boolean][] = [
    ['<!doctype html><p>', true],
    ['<html>', true],
    ['<!-- x -->\n<head>', true],
    ['<p>a</p><body>', true],
    ['<li>a</li>', false],
    ['<!-- <html> -->', false],
    ['<script>"<html>"</script>', false],
    ['', false],
  ];
  for (const [html, isDocument] of files) test(`document: ${html}`, () => assert.equal(looksLikeDocument(Buffer.from(html)), isDocument));
  test('document: UTF-16', () => assert.equal(looksLikeDocument(Buffer.from('\ufeff<html>', 'utf16le')), true));
});
