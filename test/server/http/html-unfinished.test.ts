import assert from 'node:assert/strict';
import { describe, test } from 'node:test';
import { whyUnfinished } from '../../../src/server/http/html-unfinished.ts';

const PAGE = '<!doctype html><html><head><title>x</title></head><body><p class="a">text</p><!-- note --><script>1</script></body></html>';

const why = (html: string, before: string = PAGE): string | undefined => whyUnfinished(Buffer.from(html), Buffer.from(before));

describe('a file that was saved in the middle of typing', () => {
  const cases: readonly (readonly [name: string, html: string, reason: RegExp])[] = [
    ['ends in a tag', '<body><p cla', /inside of a tag/],
    ['ends in an attribute', '<body><p class="a', /inside of a tag/],
    ['an open quote', PAGE.replace('"a"', '"a'), /inside of a tag|quote/],
    ['an open quote before another attribute', PAGE.replace('"a">', '"a><b title="x">'), /a tag or a quote is not closed \(<p>\)/],
    ['an open tag', PAGE.replace('<p ', '<b <p '), /a tag or a quote is not closed \(<b>\)/],
    ['an open end tag', PAGE.replace('</p>', '</p'), /an end tag is not closed \(<\/p>\)/],
    ['an open comment', PAGE.replace('<p', '<!-- <p'), /a comment is not closed/],
    ['an open comment at the end', PAGE.replace(' -->', ''), /a comment is not closed/],
    ['an open script', PAGE.replace('<p', '<script><p'), /<script> is not closed/],
    ['an open title', PAGE.replace('</title>', ''), /<title> is not closed/],
    ['an open text area', PAGE.replace('<p', '<textarea><p'), /<textarea> is not closed/],
    ['an open doctype', '<!doctype html', /doctype is not closed|inside of a tag/],
    ['no end', PAGE.replace('</body></html>', ''), /<\/body> is missing/],
    ['nothing', '', /is empty/],
  ];
  for (const [name, html, reason] of cases) test(name, () => assert.match(why(html) ?? 'finished', reason));
});

describe('a finished file', () => {
  const cases: Readonly<Record<string, string>> = {
    'the same': PAGE,
    'an element without an end tag': PAGE.replace('<p', '<li>a<li>b<p'),
    'a lonely <': PAGE.replace('text', 'a < b && c <3'),
    'quotes in values': PAGE.replace('"a"', `"it's <b>" title='"'`),
    'a script that speaks of tags': PAGE.replace('>1<', `>if (a<b) document.write('<p class="')<`),
    'a comment with dashes': PAGE.replace(' note ', ' a -- b '),
  };
  for (const [name, html] of Object.entries(cases)) test(name, () => assert.equal(why(html), undefined));
  test('what was there before is meant', () => {
    assert.equal(why('<p>b', '<p>a'), undefined);
    assert.equal(why('<p class="a>b</p><p title="">', '<p class="a>a</p><p title="">'), undefined);
  });
});

describe('an end tag that is left out', () => {
  const short = PAGE.replace('</body></html>', '');
  const next = (html: string, refused: string): string | undefined =>
    whyUnfinished(Buffer.from(html), Buffer.from(PAGE), Buffer.from(refused));
  test('is meant when the next save lacks it too', () => assert.equal(next(short.replace('text', 'other'), short), undefined));
  test('is not meant while the file grows', () => assert.match(next(short, short.slice(0, 40)) ?? '', /missing/));
  test('is not meant in the same save', () => assert.match(next(short, short) ?? '', /missing/));
  test('excuses nothing else', () => assert.match(next(short.replace('</p>', '</p'), short) ?? '', /not closed/));
});
