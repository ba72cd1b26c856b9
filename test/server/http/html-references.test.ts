import assert from 'node:assert/strict';
import { describe, test } from 'node:test';
import { escapeAttribute, headEnd, htmlReferences, replaceSrcset, tagStart } from '../../../src/server/http/html-references.ts';

const found = (html: string): string[] => htmlReferences(Buffer.from(html)).map(({ kind, value }) => `${kind} ${value}`);

describe('references', () => {
  const CASES: [string, string, string[]][] = [
    [
      'scripts',
      '<script src=a></script><script type=module src=b></script><script type="text/x" src=c></script>',
      ['classic a', 'module b'],
    ],
    [
      'sheets, icons and other links',
      '<link rel="stylesheet" href=a><link rel="shortcut icon" href=b><link rel=manifest href=c>',
      ['sheet a', 'asset b', 'link c'],
    ],
    [
      'preloads by what they are',
      '<link rel=preload as=font href=a><link rel=preload as=style href=b><link rel=preload as=fetch href=c>',
      ['asset a', 'sheet b', 'link c'],
    ],
    ['an image that has both', '<img src="a&amp;b" srcset="c 1x, d 2x">', ['asset a&b', 'srcset c 1x, d 2x']],
    ['SVG', '<svg><use xlink:href="s.svg#i"/><image href=p.png /></svg>', ['asset s.svg#i', 'asset p.png']],
    ['styles', `<style>a{}</style><p style="b">`, ['style-text a{}', 'style b']],
    ['templates, but not their scripts', '<template><img src=a><script type=module src=b></script></template>', ['asset a']],
    ['what browsers without scripts get', 'ä<noscript><img src=a></noscript>', ['asset a']],
    [
      'nothing in comments, text and data',
      '<!-- <img src=a> --><textarea><img src=b></textarea><script>"<img src=c>"</script><img src="">',
      [],
    ],
  ];
  for (const [name, html, expected] of CASES) test(name, () => assert.deepEqual(found(html), expected));

  test('ranges are bytes of the file', () => {
    const html = Buffer.from(`<p>ä<noscript>ö<img src='x y'></noscript>`);
    const [reference] = htmlReferences(html);
    assert.equal(html.subarray(reference?.start, reference?.end).toString(), 'x y');
    assert.equal(reference?.quote, "'");
  });
});

describe('srcset', () => {
  const up = (url: string): string | undefined => (url.startsWith('data:') ? undefined : url.toUpperCase());
  const CASES: [string, string | undefined][] = [
    ['a.png', 'A.PNG'],
    ['a.png 1x, b.png 2x', 'A.PNG 1x, B.PNG 2x'],
    [' a.png 100w 50h,\n b.png', ' A.PNG 100w 50h,\n B.PNG'],
    ['a.png, b.png', 'A.PNG, B.PNG'],
    ['data:image/png;base64,AA== 1x', undefined],
    ['data:x, b.png', 'data:x, B.PNG'],
    ['data:image/png;base64,AA== 1x, b.png 2x', 'data:image/png;base64,AA== 1x, B.PNG 2x'],
  ];
  for (const [value, expected] of CASES) test(value, () => assert.equal(replaceSrcset(value, up), expected));
});

test('places for a sheet', () => {
  const at = (html: string, index: number | undefined): string => html.slice(index);
  const whole = '<html><head><title></head></title></head><body>';
  assert.equal(at(whole, headEnd(Buffer.from(whole))), '</head><body>');
  assert.equal(headEnd(Buffer.from('<p>')), undefined);
  const bare = '<title>t</title><script type=module src=a></script>';
  assert.equal(at(bare, tagStart(Buffer.from(bare), bare.indexOf('=a') + 1)), '<script type=module src=a></script>');
});

test('attributes are escaped for the quotes that they have', () => {
  assert.equal(escapeAttribute(`a'b"c&d`, '"'), "a'b&#34;c&#38;d");
  assert.equal(escapeAttribute(`a'b"c&d`, "'"), 'a&#39;b"c&#38;d');
  assert.equal(escapeAttribute(`a b>`, ''), 'a&#32;b&#62;');
});
