import assert from 'node:assert/strict';
import { describe, it } from 'node:test';
import { absoluteCssUrls, absoluteUrl, isLocalUrl, replaceUrls, scanCss, type CssReference } from '../../../src/server/compile/css.ts';

/** As `kind specifier`. */
function references(source: string): string[] {
  return scanCss(source).map(({ kind, specifier }) => `${kind} ${specifier}`);
}

function texts(source: string): string[] {
  return scanCss(source).map(({ start, end }) => source.slice(start, end));
}

describe('scanCss finds', () => {
  const cases: [what: string, source: string, expected: string[]][] = [
    ['imports as strings', '@import "a.css"; @import \'b.css\';', ['import a.css', 'import b.css']],
    [
      'imports as url()',
      '@import url(a.css); @import url("b.css"); @import URL( \'c.css\' );',
      ['import a.css', 'import b.css', 'import c.css'],
    ],
    ['imports with conditions', '@import "a.css" layer(base) supports(display: grid) screen and (min-width: 9px);', ['import a.css']],
    ['no URL in the condition of an import', '@import "a.css" supports(background: url(x.png));', ['import a.css']],
    ['an import after a comment', '@import /* "no.css" */ "a.css";', ['import a.css']],
    ['an import that the file ends in', '@import "a.css"', ['import a.css']],
    ['an import in capitals or with escapes', '@IMPORT "a.css"; @\\69mport "b.css";', ['import a.css', 'import b.css']],
    ['url() without quotes', 'a { background: url(a.png) }', ['url a.png']],
    ['url() with quotes and white space', 'a { background: url( "a b.png" ), url(\n\'c.png\'\n) }', ['url a b.png', 'url c.png']],
    ['url() with modifiers', 'a { background: url("a.png" crossorigin(anonymous)) }', ['url a.png']],
    ['several', '@font-face { src: url(a.woff2) format("woff2"), url(b.woff) }', ['url a.woff2', 'url b.woff']],
    ['src()', 'a { background: src("a.png") }', ['url a.png']],
    ['image-set() of strings', 'a { b: image-set("a.png" 1x, "b.png" 2x) }', ['url a.png', 'url b.png']],
    [
      'no type in image-set()',
      'a { b: image-set("a.avif" type("image/avif"), url(b.png) type("image/png")) }',
      ['url a.avif', 'url b.png'],
    ],
    ['-webkit-image-set()', 'a { b: -webkit-image-set(url(a.png) 1x) }', ['url a.png']],
    ['URLs in custom properties', ':root { --x: url(a.png) }', ['url a.png']],
    ['URLs in nested rules', 'a { &:hover { b: url(a.png) } @media print { c: url(b.png) } }', ['url a.png', 'url b.png']],
    ['escapes', 'a { b: url(a\\20 b.png); c: url("\\1F600 .png"); d: u\\72l(c.png) }', ['url a b.png', 'url 😀.png', 'url c.png']],
    [
      "what is nobody's file, too",
      'a { b: url(#clip), url(data:,x), url(https://x.y/z) }',
      ['url #clip', 'url data:,x', 'url https://x.y/z'],
    ],
  ];
  for (const [what, source, expected] of cases) it(what, () => assert.deepEqual(references(source), expected));
});

describe('scanCss does not find', () => {
  const cases: [what: string, source: string][] = [
    ['what is in comments', '/* @import "a.css"; url(b.png) */ a {}'],
    ['what is in strings', 'a { content: "url(a.png)"; b: \'@import "c.css";\' }'],
    ['what is behind an escaped quote', 'a { content: "\\"url(a.png)" }'],
    ['namespaces', '@namespace url(http://www.w3.org/1999/xhtml); @namespace svg "http://www.w3.org/2000/svg";'],
    ['conditions', '@supports (background: url(a.png)) { a {} }'],
    ['other strings', '@charset "utf-8"; a[href="b.png"] { content: "c.png"; d: format("woff2") }'],
    ['other functions', 'a { b: my-url("a.png"), xurl(b.png), image("c.png") }'],
    ['broken URLs', 'a { b: url(a"b.png); c: url("d\n) }'],
    ['an empty sheet', ''],
  ];
  for (const [what, source] of cases) it(what, () => assert.deepEqual(references(source), []));
});

describe('positions', () => {
  it('cover the string with its quotes, or all of url()', () => {
    const source = '@import "a.css"; @import url( \'b.css\' ); c { d: url( e.png ), image-set("f.png" 1x) }';
    assert.deepEqual(texts(source), ['"a.css"', "'b.css'", 'url( e.png )', '"f.png"']);
  });

  it('count UTF-16 units, as slice does', () => {
    assert.deepEqual(texts('/* 😀é */ a { b: url(😀.png) }\r\nc { d: "x"; e: url(f.png) }'), ['url(😀.png)', 'url(f.png)']);
  });

  it('hold after a forgotten parenthesis', () => {
    assert.deepEqual(texts('a { b: image-set("a.png" 1x; } c { d: url(e.png) }'), ['"a.png"', 'url(e.png)']);
  });
});

const rewrite = (source: string, urlFor: (reference: CssReference) => string | undefined): string =>
  replaceUrls(source, scanCss(source), urlFor);

describe('replaceUrls', () => {
  it('changes nothing but the URLs', () => {
    const source = '/* url(x) */\r\n@import "a.css" screen;\nb{c:url( d.png )}';
    assert.equal(
      rewrite(source, ({ specifier }) => `/v/${specifier}`),
      '/* url(x) */\r\n@import "/v/a.css" screen;\nb{c:url(/v/d.png)}',
    );
  });

  it('returns the same text when there is nothing to replace', () => {
    const source = 'a { b: url(c.png) }';
    assert.equal(
      rewrite(source, () => undefined),
      source,
    );
  });

  it('replaces some and leaves others', () => {
    const replace = ({ kind }: { kind: string }): string | undefined => (kind === 'import' ? 'x.css' : undefined);
    assert.equal(rewrite('@import "a.css"; b { c: url(d.png) }', replace), '@import "x.css"; b { c: url(d.png) }');
  });

  it('is not asked about what no file answers', () => {
    const asked: string[] = [];
    rewrite('a { b: url(#c), url(data:,d), url(//e/f), url(""), url(HTTPS://g/h), url(i.png) }', ({ specifier }) => {
      asked.push(specifier);
      return undefined;
    });
    assert.deepEqual(asked, ['i.png']);
  });

  const written: [what: string, source: string, url: string, expected: string][] = [
    ['quotes what needs it', 'url(a)', 'b c', 'url("b c")'],
    ['keeps the kind of quote', "url('a')", 'b"c', `url('b"c')`],
    ['escapes quotes', 'url("a")', 'b"c', 'url("b\\"c")'],
    ['escapes backslashes', 'url("a")', 'b\\c', 'url("b\\\\c")'],
    ['escapes line ends', 'url("a")', 'b\nc', 'url("b\\a c")'],
    ['keeps modifiers', 'url("a" integrity("x"))', 'b', 'url("b" integrity("x"))'],
  ];
  for (const [what, source, url, expected] of written) {
    it(what, () => {
      const result = rewrite(`a { b: ${source} }`, () => url);
      assert.equal(result, `a { b: ${expected} }`);
      assert.deepEqual(references(result), [`url ${url}`]);
    });
  }
});

describe('absoluteCssUrls', () => {
  it('makes relative URLs absolute in the served root', () => {
    const source = '@import "./b.css"; a { b: url(../img/c.png?v=1#d), url(/e.png), url(#f), url(https://x.y/g.png) }';
    const expected = '@import "/ui/b.css"; a { b: url(/img/c.png?v=1#d), url(/e.png), url(#f), url(https://x.y/g.png) }';
    assert.equal(absoluteCssUrls(source, '/ui/a.css'), expected);
  });

  it('ends at the root, as in a browser', () => {
    assert.equal(absoluteCssUrls('a { b: url(../../c.png) }', '/a.css'), 'a { b: url(/c.png) }');
  });

  it('keeps encoded folders', () => {
    assert.equal(absoluteUrl('b c.png', '/my%20ui/a.css'), '/my%20ui/b%20c.png');
  });

  it('keeps files outside the served folder there', () => {
    assert.equal(absoluteUrl('./fonts/a.woff2', '/@outside/1/node_modules/x/x.css'), '/@outside/1/node_modules/x/fonts/a.woff2');
  });
});

describe('isLocalUrl', () => {
  for (const url of ['a.png', './a', '/a', '../a', 'a b', '?x', 'a:b'.replace(':', '/')])
    it(`true: ${url}`, () => assert.ok(isLocalUrl(url)));
  for (const url of ['', ' ', '#a', '//host/a', 'data:,x', 'blob:x', 'HTTP://x', 'about:blank'])
    it(`false: '${url}'`, () => assert.ok(!isLocalUrl(url)));
});

describe('a megabyte', () => {
  const rule = 'a:hover > b[href^="x"] { color: rgba(0,0,0,.5); background: #fff url(img/a.png) no-repeat }\n/* "it\'s" */\n';

  it('is read to the end', () => {
    const count = 10_000;
    const found = scanCss(rule.repeat(count));
    assert.equal(found.length, count);
    assert.equal(found.at(-1)?.start, rule.length * (count - 1) + rule.indexOf('url('));
  });
});
