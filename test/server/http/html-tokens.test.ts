import assert from 'node:assert/strict';
import { describe, test } from 'node:test';
import { htmlTokens, readAttributes } from '../../../src/server/http/html-tokens.ts';

/** Tokens as short lines: `<name>` and `</name>`, `!` doctype, `-` comment, `"…"` text, `{…}` raw, `{…` raw and not closed. */
function sketch(html: string): string[] {
  const units = Buffer.from(html, 'latin1');
  return Array.from(htmlTokens(units), (token) => {
    const source = units.toString('latin1', token.start, token.end);
    switch (token.kind) {
      case 'start':
        return `<${token.name}>`;
      case 'end':
        return `</${token.name}>`;
      case 'raw':
        return `{${source}${token.isClosed ? '}' : ''}`;
      case 'text':
        return JSON.stringify(source);
      case 'comment':
        return `- ${source}`;
      case 'doctype':
        return '!';
    }
  });
}

function attributes(tag: string): Record<string, string> {
  const units = Buffer.from(tag, 'latin1');
  const [token] = htmlTokens(units);
  assert.ok(token?.kind === 'start', `no tag: ${tag}`);
  const entries = [...readAttributes(units, token)].map(([name, { start, end }]) => [name, units.toString('latin1', start, end)]);
  return Object.fromEntries(entries) as Record<string, string>;
}

describe('tokens', () => {
  const cases: [html: string, tokens: string[]][] = [
    ['', []],
    ['text', ['"text"']],
    ['<!doctype html><HTML><p>a</p>', ['!', '<html>', '<p>', '"a"', '</p>']],
    ['<!DOCTYPE html PUBLIC "a>b">', ['!', '"b\\">"']],
    ['a < b <3 << c', ['"a < b <3 << c"']],
    ['<', ['"<"']],
    ['</', ['"</"']],
    ['</>a', ['- </>', '"a"']],
    ['</ p>a', ['- </ p>', '"a"']],
    ['<?xml version="1.0"?><p>', ['- <?xml version="1.0"?>', '<p>']],
    ['<!x>a', ['- <!x>', '"a"']],
    ['<![CDATA[<p>]]>', ['- <![CDATA[<p>', '"]]>"']],
    ['<!---->a', ['- <!---->', '"a"']],
    ['<!-->a', ['- <!-->', '"a"']],
    ['<!--->a', ['- <!--->', '"a"']],
    ['<!-- <p> -- > --!>a', ['- <!-- <p> -- > --!>', '"a"']],
    ['<!--a<!-->b', ['- <!--a<!-->', '"b"']],
    ['<!-- never closed <p>', ['- <!-- never closed <p>']],
    ['<p', []],
    ['<p a="', []],
    ['<p a="</p>">x', ['<p>', '"x"']],
    ['<p a=\'>\' b=">" c=>x', ['<p>', '"x"']],
    ['<p/a/b>x', ['<p>', '"x"']],
    ['<a-b.c:d>x', ['<a-b.c:d>', '"x"']],
    ['<p\n\ta\r\f>x', ['<p>', '"x"']],
  ];
  for (const [html, tokens] of cases) test(JSON.stringify(html), () => assert.deepEqual(sketch(html), tokens));
});

describe('raw text', () => {
  const cases: [html: string, tokens: string[]][] = [
    ['<script>"</head>" <p> <!doctype></script>a', ['<script>', '{"</head>" <p> <!doctype>}', '</script>', '"a"']],
    ['<SCRIPT>a</Script\n>b', ['<script>', '{a}', '</script>', '"b"']],
    ['<script>"</scripts>"</script/>b', ['<script>', '{"</scripts>"}', '</script>', '"b"']],
    ['<script></script>', ['<script>', '{}', '</script>']],
    ['<script>never', ['<script>', '{never']],
    ['<script>a</script', ['<script>', '{a</script']],
    ['<script><!-- a </script>b', ['<script>', '{<!-- a }', '</script>', '"b"']],
    ['<script><!-- <script> </script> --></script>b', ['<script>', '{<!-- <script> </script> -->}', '</script>', '"b"']],
    ['<script><!-- <script> --></script>b', ['<script>', '{<!-- <script> -->}', '</script>', '"b"']],
    ['<script><!--><script></script>b', ['<script>', '{<!--><script>}', '</script>', '"b"']],
    ['<script><!---><script></script>b', ['<script>', '{<!---><script>}', '</script>', '"b"']],
    ['<script><!-- <scripts> </script>b', ['<script>', '{<!-- <scripts> }', '</script>', '"b"']],
    ['<script><!-- <script> </script> </script>b', ['<script>', '{<!-- <script> </script> }', '</script>', '"b"']],
    ['<style>a::after{content:"</p>"}</style>b', ['<style>', '{a::after{content:"</p>"}}', '</style>', '"b"']],
    ['<title>a <b> &lt;</title>b', ['<title>', '{a <b> &lt;}', '</title>', '"b"']],
    ['<textarea><script></textarea>b', ['<textarea>', '{<script>}', '</textarea>', '"b"']],
    ['<noscript><p></noscript>b', ['<noscript>', '{<p>}', '</noscript>', '"b"']],
    ['<iframe><p></iframe>b', ['<iframe>', '{<p>}', '</iframe>', '"b"']],
    ['<plaintext></plaintext><p>', ['<plaintext>', '{</plaintext><p>']],
    ['<script/>a</script>', ['<script>', '{a}', '</script>']],
    ['<style>a<!-- </style>b', ['<style>', '{a<!-- }', '</style>', '"b"']],
  ];
  for (const [html, tokens] of cases) test(html, () => assert.deepEqual(sketch(html), tokens));
});

describe('SVG and MathML', () => {
  const cases: [html: string, tokens: string[]][] = [
    ['<svg><style><p></style></svg>', ['<svg>', '<style>', '<p>', '</style>', '</svg>']],
    ['<svg><![CDATA[<p>]]></svg>', ['<svg>', '"<![CDATA[<p>]]>"', '</svg>']],
    ['<svg/><style><p></style>', ['<svg>', '<style>', '{<p>}', '</style>']],
    ['<svg a=/><style><p></style>', ['<svg>', '<style>', '<p>', '</style>']],
    ['<svg></svg><style><p></style>', ['<svg>', '</svg>', '<style>', '{<p>}', '</style>']],
    ['<svg><foreignObject><style><p></style>', ['<svg>', '<foreignobject>', '<style>', '{<p>}', '</style>']],
    [
      '<svg><foreignObject></foreignObject><style><a></style>',
      ['<svg>', '<foreignobject>', '</foreignobject>', '<style>', '<a>', '</style>'],
    ],
    ['<svg><title><b></title></svg>', ['<svg>', '<title>', '<b>', '</title>', '</svg>']],
    ['<svg><p><style><p></style>', ['<svg>', '<p>', '<style>', '{<p>}', '</style>']],
    ['<math><desc><style><a></style>', ['<math>', '<desc>', '<style>', '<a>', '</style>']],
    ['<svg></p><style><p></style>', ['<svg>', '</p>', '<style>', '{<p>}', '</style>']],
    ['<svg><math><mi><style><a></style>', ['<svg>', '<math>', '<mi>', '<style>', '<a>', '</style>']],
    ['<math><mi><style><p></style>', ['<math>', '<mi>', '<style>', '{<p>}', '</style>']],
    ['<svg><svg></svg><style><a></style></svg>', ['<svg>', '<svg>', '</svg>', '<style>', '<a>', '</style>', '</svg>']],
  ];
  for (const [html, tokens] of cases) test(html, () => assert.deepEqual(sketch(html), tokens));
});

describe('attributes', () => {
  const cases: [tag: string, attributes: Record<string, string>][] = [
    ['<p>', {}],
    ['<p a>', { a: '' }],
    ['<p A=1 b="2" c=\'3\'>', { a: '1', b: '2', c: '3' }],
    ['<p a = "1"\n b\t=\r2>', { a: '1', b: '2' }],
    ['<p a=1 A=2>', { a: '1' }],
    ['<p a="x>y" b=\'"\'>', { a: 'x>y', b: '"' }],
    ['<p a=/b/>', { a: '/b/' }],
    ['<p a=b/>', { a: 'b/' }],
    ['<p a/b>', { a: '', b: '' }],
    ['<p =a=b>', { '=a': 'b' }],
    ['<p a=>', { a: '' }],
    ['<p a="1"b="2">', { a: '1', b: '2' }],
    ['<p "a"=1>', { '"a"': '1' }],
    ['<p a=x"y\'z>', { a: 'x"y\'z' }],
    ['<p a==b>', { a: '=b' }],
    ['<p/ / a>', { a: '' }],
  ];
  for (const [tag, expected] of cases) test(tag, () => assert.deepEqual(attributes(tag), expected));
});

describe('hostile input', () => {
  const size = 300_000;
  const inputs: Record<string, string> = {
    'open tags': '<p '.repeat(size),
    'open comments': '<!--'.repeat(size),
    dashes: `<!--${'-'.repeat(size * 3)}`,
    bangs: '<!--' + '--!'.repeat(size),
    quotes: '<p a="'.repeat(size),
    'less-than signs': '<'.repeat(size * 3),
    'end tags': '</'.repeat(size),
    'scripts in scripts': `<script>${'<!--<script>'.repeat(size)}`,
    'almost ends': `<style>${'</styl'.repeat(size)}`,
    'nested svg': `${'<svg>'.repeat(size)}${'</title>'.repeat(size)}`,
    'one long name': `<${'a'.repeat(size * 3)}>`,
    'many attributes': `<p ${'a '.repeat(size)}/>`,
    NUL: '\0'.repeat(size),
  };
  for (const [name, html] of Object.entries(inputs)) {
    test(`${name}: ends, and every byte is in one token at most`, () => {
      let end = 0;
      for (const token of htmlTokens(Buffer.from(html, 'latin1'))) {
        assert.ok(token.start === end && token.end >= token.start);
        end = token.end;
      }
      assert.ok(end <= html.length);
    });
  }
});
