import assert from 'node:assert/strict';
import { describe, test } from 'node:test';
import { decodeCharacterReferences } from '../../../src/server/http/char-references.ts';

describe('character references in an attribute', () => {
  const cases: [written: string, read: string][] = [
    ['plain', 'plain'],
    ['a&amp;b', 'a&b'],
    ['&lt;&gt;&quot;&apos;', '<>"\''],
    ['a&amp;amp;b', 'a&amp;b'],
    ['&#47;&#x2F;&#x2f;&#X2F', '////'],
    ['&#47', '/'],
    ['&sol;&period;&colon;&quest;&num;', '/.:?#'],
    ['?a=1&b=2', '?a=1&b=2'],
    ['?a=1&lt=2', '?a=1&lt=2'],
    ['?a=1&lt', '?a=1<'],
    ['?a=1&ltx', '?a=1&ltx'],
    ['?a=1&amp=2', '?a=1&amp=2'],
    ['&AMP;&LT', '&<'],
    ['&Amp;', '&Amp;'],
    ['&sol', '&sol'],
    ['&unknown;', '&unknown;'],
    ['& &; &# &#x &#xg;', '& &; &# &#x &#xg;'],
    ['&#0;&#xD800;&#x110000;&#99999999999;', '\ufffd\ufffd\ufffd\ufffd'],
    ['&#128;&#x99;&#129;', '\u20ac\u2122\u0081'],
    ['&#x1F389;', '🎉'],
    ['&nbsp;', '\u00a0'],
  ];
  for (const [written, read] of cases) test(written, () => assert.equal(decodeCharacterReferences(written), read));
});
