import assert from 'node:assert/strict';
import { describe, test } from 'node:test';
import { createHtmlText } from '../../../src/server/http/html-encoding.ts';
import { findNonce, scanHtml, scanHtmlInTurns, type HtmlScan } from '../../../src/server/http/html-scan.ts';

const scan = (html: string): HtmlScan => scanHtml(Buffer.from(html));

describe('scripts', () => {
  test('modules and classic ones, in order', () => {
    const { moduleScripts, classicScripts } = scan(`
      <script type="module" src="/a.ts"></script><script src=b.js></script>
      <script type=' MODULE ' src='c.ts?x=1&amp;y=2'></script>
      <script type="text/javascript" src="d.js" crossorigin></script>`);
    assert.deepEqual(moduleScripts, [{ src: '/a.ts' }, { src: 'c.ts?x=1&y=2' }]);
    assert.deepEqual(classicScripts, [
      { src: 'b.js', crossorigin: false },
      { src: 'd.js', crossorigin: true },
    ]);
  });

  const kinds: [attributes: string, kind: 'module' | 'classic' | 'neither'][] = [
    ['type=module', 'module'],
    ['type="Module"', 'module'],
    ['type="\n module\t"', 'module'],
    ['type=module language=x', 'module'],
    ['type=mod&#117;le', 'module'],
    ['', 'classic'],
    ['type', 'classic'],
    ['type=""', 'classic'],
    ['type=text/javascript', 'classic'],
    ['type=" Application/JavaScript "', 'classic'],
    ['type=text/ecmascript', 'classic'],
    ['type=text/jscript', 'classic'],
    ['language=javascript', 'classic'],
    ['language=""', 'classic'],
    ['type=" "', 'neither'],
    ['type="text/javascript; charset=utf-8"', 'neither'],
    ['type="module; x"', 'neither'],
    ['type=text/template', 'neither'],
    ['type=application/json', 'neither'],
    ['type=importmap', 'neither'],
    ['type=speculationrules', 'neither'],
    ['language=vbscript', 'neither'],
    ['nomodule', 'neither'],
  ];
  for (const [attributes, kind] of kinds) {
    test(`<script ${attributes} src>`, () => {
      const { moduleScripts, classicScripts } = scan(`<script ${attributes} src="/a.js"></script>`);
      assert.deepEqual([moduleScripts.length, classicScripts.length], [Number(kind === 'module'), Number(kind === 'classic')]);
    });
  }

  test('inert ones do not count', () => {
    const inert =
      '<script type=module src=/x.js></script><script type=module>x</script><script src=x.js></script><link rel=stylesheet href=x>';
    const html = `<!-- ${inert} --><template>${inert}<template>${inert}</template>${inert}</template><noscript>${inert}</noscript>
      <textarea>${inert}</textarea><title>${inert}</title><iframe srcdoc>${inert}</iframe><svg>${inert.replaceAll('link', 'a')}</svg>
      <script>"<script type=module src=/y.js>"</script><script type=module src="/real.js"></script>`;
    const found = scan(html);
    assert.deepEqual(found.moduleScripts, [{ src: '/real.js' }]);
    assert.deepEqual([found.inlineModules, found.classicScripts], [[], []]);
  });

  test('one that is never closed does not run', () => {
    assert.deepEqual(scan('<script type=module src=/a.js>').moduleScripts, []);
    assert.deepEqual(scan('<script type=module>let a').inlineModules, []);
  });

  test('src that is empty loads nothing, not even the text', () => {
    const found = scan('<script type=module src="">a</script><script src=" "></script><script type=importmap src=x>{}</script>');
    assert.deepEqual([found.moduleScripts, found.inlineModules, found.classicScripts, found.importMaps], [[], [], [], []]);
  });
});

describe('inline modules', () => {
  test('where they are, by bytes, line and column', () => {
    const html = Buffer.from('<p>é🎉</p><script type="module">\nlet a;\n</script>\n<p>ü</p><script type=module>let b;</script>');
    const { inlineModules } = scanHtml(html);
    assert.deepEqual(
      inlineModules.map(({ start, end }) => html.toString('utf8', start, end)),
      ['\nlet a;\n', 'let b;'],
    );
    assert.deepEqual(
      inlineModules.map(({ line, column, index, text }) => ({ line, column, index, text })),
      [
        { line: 1, column: 33, index: 0, text: '\nlet a;\n' },
        { line: 4, column: 29, index: 1, text: 'let b;' },
      ],
    );
  });

  test('columns are as in the text of the line', () => {
    const html = 'a\nbé🎉<script type=module>x</script><script type=module>y</script>\r\n  <script type=module></script>';
    for (const { line, column, text } of scan(html).inlineModules) {
      assert.ok((html.split('\n')[line - 1] ?? '').slice(column - 1).startsWith(`${text}</script>`));
    }
    assert.equal(scan(html).inlineModules.length, 3);
  });

  test('behind a byte order mark, and in UTF-16', () => {
    const source = '<!doctype html>\n<p>é</p><script type="module">let é = "🎉";</script>';
    const expected = { line: 2, column: 31, text: 'let é = "🎉";' };
    for (const html of [
      Buffer.from(`\ufeff${source}`),
      Buffer.from(`\ufeff${source}`, 'utf16le'),
      Buffer.from(`\ufeff${source}`, 'utf16le').swap16(),
    ]) {
      const [module] = scanHtml(html).inlineModules;
      assert.ok(module);
      assert.deepEqual({ line: module.line, column: module.column, text: module.text }, expected);
      const part = html.subarray(module.start, module.end);
      assert.equal(
        html[0] === 0xef ? part.toString() : (html[0] === 0xfe ? Buffer.from(part).swap16() : part).toString('utf16le'),
        expected.text,
      );
    }
  });

  test('in windows-1252, declared or guessed', () => {
    for (const head of ['<meta charset=windows-1252>', '']) {
      const [module] = scanHtml(Buffer.from(`${head}<script type=module>"caf\xe9 \x80"</script>`, 'latin1')).inlineModules;
      assert.equal(module?.text, '"café €"');
    }
  });
});

describe('the rest', () => {
  test('import maps', () => {
    const map = '{"imports":{"a":"./a.js"}}';
    assert.deepEqual(scan(`<script type="importmap">${map}</script><script type=ImportMap>{}</script>`).importMaps, [map, '{}']);
  });

  test('base: the first that has an address', () => {
    assert.equal(scan('<base target=_top><base href="/app/"><base href="/no/">').base, '/app/');
    assert.equal(scan('<template><base href="/no/"></template>').base, null);
    assert.equal(scan('<p>').base, null);
  });

  const nonces: [html: string, nonce: string | null][] = [
    ['<script nonce="r4nd0m+/=">', 'r4nd0m+/='],
    ['<style nonce=abc></style>', 'abc'],
    ['<script></script><script nonce=first></script><script nonce=second></script>', 'first'],
    [`<meta http-equiv="Content-Security-Policy" content="default-src 'self'; script-src 'nonce-abc123' 'strict-dynamic'">`, 'abc123'],
    [`<meta http-equiv=content-security-policy content="script-src &#39;nonce-abc&#39;">`, 'abc'],
    [`<meta name=x content="'nonce-abc'">`, null],
    [`<meta http-equiv=content-security-policy content="script-src 'self'">`, null],
    ['<script nonce="&quot;><img>"></script>', null],
    ['<script nonce=""></script>', null],
    ['<p nonce=abc>', null],
    ['<!-- <script nonce=abc> -->', null],
  ];
  for (const [html, nonce] of nonces) test(`nonce: ${html}`, () => assert.equal(findNonce(createHtmlText(Buffer.from(html))), nonce));

  test('of an empty file', () => {
    const empty = { moduleScripts: [], inlineModules: [], classicScripts: [], importMaps: [], base: null };
    assert.deepEqual(scanHtml(Buffer.alloc(0)), empty);
    assert.deepEqual(scanHtml(Buffer.from([0xff, 0xfe])), empty);
    assert.deepEqual(scanHtml(Buffer.from([0xff, 0xfe, 0x3c])), empty);
  });
});

test('of a large file, others have turns meanwhile', async () => {
  const html = Buffer.from(`<script type="module" src="a.js"></script>${'<p>text</p>'.repeat(500_000)}<script type="module">b</script>`);
  let turns = 0;
  let isDone = false;
  const count = (): void => {
    turns++;
    if (!isDone) setImmediate(count);
  };
  setImmediate(count);
  const inTurns = await scanHtmlInTurns(html);
  isDone = true;
  assert.ok(turns >= 4, `${turns} turns`);
  assert.deepEqual(inTurns, scanHtml(html));
  assert.equal(inTurns.inlineModules[0]?.text, 'b');
});
