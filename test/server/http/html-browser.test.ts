/**
 * The browser as the judge: Chromium loads odd pages with and without the injected tag. But for the tag, both must be the same document,
 * in the same mode, and what the scan found must be what the browser found. Odd pages are written by hand and made at random.
 */
import assert from 'node:assert/strict';
import { after, before, test } from 'node:test';
import { injectClient } from '../../../src/server/http/html-inject.ts';
import { scanHtml } from '../../../src/server/http/html-scan.ts';
import { openPage, type TestPage } from '../../harness/browser.ts';
import { serve, type TestServer } from './raw-http.ts';

const PIECES = [
  '<!doctype html>',
  '<html>',
  '<html lang=en>',
  '<head>',
  '</head>',
  '<body>',
  '</body>',
  '</html>',
  '<title>',
  '</title>',
  '<base href="/x/">',
  '<script>',
  '<script type=module>',
  '<script type="Module" src="/m?a&amp;b">',
  '</script>',
  '<script src=/c>',
  '<script type=importmap>{}',
  '</SCRIPT >',
  '<style>',
  '</style>',
  '<textarea>',
  '</textarea>',
  '<noscript>',
  '</noscript>',
  '<template>',
  '</template>',
  '<svg>',
  '</svg>',
  '<math>',
  '</math>',
  '<foreignObject>',
  '</foreignObject>',
  '<desc>',
  '</desc>',
  '<mi>',
  '</mi>',
  '<p>',
  '</p>',
  '<b>',
  '<div a=">" b=\'<head>\'>',
  '</div>',
  '<br/>',
  '<!--',
  '-->',
  '--!>',
  '<!-->',
  '<!---->',
  '<!',
  '<?',
  '</',
  '<',
  '>',
  '/',
  '"',
  "'",
  '=',
  ' ',
  '\n',
  'text',
  '<![CDATA[',
  ']]>',
  '</>',
  '<!x>',
  '&amp;',
  '<link rel=stylesheet href=/s?a>',
  '<link rel="x stylesheet" href="&#47;t">',
  '<p a=/>',
  '<svg/>',
  '<svg a=/>',
  '<script a="',
  '<meta name=a>',
];
const WRITTEN = [
  '',
  'just text',
  '<p>fragment',
  '<!doctype html><title>a</title><p>b',
  '<!doctype html>\n\n<!-- c -->\n<html>\n<!-- d -->\n<head>\n<title>a</title></head>\n<body>\n<p>b',
  '<html><head></head><body><script>"</head>"</script>',
  '<head><script><!-- <script> </script> --></script><script type=module src=/m></script>',
  '<body class=a><p>x</body>',
  '</p><p>x',
  '\n\n  <p>x',
  '<frameset><frame></frameset>',
  '<svg><style><script type=module src=/no></script></style></svg><script type=module src=/yes></script>',
  '<template><script type=module src=/no></script></template><script type=module src=/yes></script>',
  '<noscript><script type=module src=/no></script></noscript><script type=module src=/yes></script>',
  '<!doctype html PUBLIC "-//W3C//DTD HTML 3.2 Final//EN"><p>quirks',
  '<script type=module src=/a></script><head><script type=module src=/b></script></head>',
];

let seed = 20_24;
const random = (below: number): number => (seed = (seed * 48271) % 2147483647) % below;
// A script that is never closed is in the document, but does not run, and in a comment without end there is no place for a tag.
const made = (): string =>
  Array.from({ length: 2 + random(14) }, () => PIECES[random(PIECES.length)]).join('') + '<!-- --></script></script>';
const pages = [...WRITTEN, ...Array.from({ length: 300 }, made)];
const AT_ONCE = 20;

let tab: TestPage;
let server: TestServer;

before(async () => {
  server = await serve((req, res) => {
    const [, kind, index] = /^\/(raw|injected)\/(\d+)$/.exec(req.url ?? '') ?? [];
    const html = Buffer.from(pages[Number(index)] ?? '');
    res.setHeader('Content-Type', 'text/html; charset=utf-8');
    if (kind !== undefined) res.setHeader('Content-Security-Policy', "default-src 'none'"); // parsed all the same, but nothing is loaded
    res.end(kind === 'injected' ? injectClient(html, () => '<script data-client></script>') : kind === 'raw' ? html : '');
  });
  tab = await openPage(`${server.url}/`);
});

after(async () => {
  await tab?.close();
  await server?.[Symbol.asyncDispose]();
});

interface Seen {
  readonly mode: string;
  readonly client: string | null;
  readonly html: string;
  readonly modules: string[];
  readonly inline: string[];
  readonly classic: string[];
  readonly sheets: string[];
}

/** Loads pages into frames, in which markup is parsed as in a tab, and reads the documents. */
async function look(addresses: string[]): Promise<Seen[]> {
  return tab.page.evaluate(async (urls) => {
    const frames = urls.map((url) => Object.assign(document.createElement('iframe'), { src: url }));
    await Promise.all(
      frames.map((frame) => {
        const isLoaded = new Promise((resolve) => frame.addEventListener('load', resolve));
        document.body.append(frame);
        return isLoaded;
      }),
    );
    return frames.map((frame) => {
      const inner = frame.contentDocument;
      if (inner === null) throw new Error('no document');
      const client = inner.querySelector('script[data-client]');
      const place = client && `${client.parentElement?.localName} ${[...(client.parentElement?.children ?? [])].indexOf(client)}`;
      client?.remove();
      const scripts = [...inner.scripts].map((script) => ({
        type: script.type.trim().toLowerCase(),
        src: script.getAttribute('src'),
        text: script.textContent ?? '',
      }));
      const links = [...inner.querySelectorAll('link')].filter((link) => link.relList?.contains('stylesheet'));
      const seen = {
        mode: inner.compatMode,
        client: place,
        html: [...inner.childNodes]
          .map((node) => ('outerHTML' in node ? String(node.outerHTML) : `${node.nodeType}${node.textContent}`))
          .join(''),
        modules: scripts.filter(({ type, src }) => type === 'module' && src).map(({ src }) => src ?? ''),
        inline: scripts.filter(({ type, src }) => type === 'module' && src === null).map(({ text }) => text),
        classic: scripts.filter(({ type, src }) => type === '' && src).map(({ src }) => src ?? ''),
        sheets: links.map((link) => link.getAttribute('href') ?? ''),
      };
      frame.remove();
      return seen;
    });
  }, addresses);
}

/** What is wrong with one page, in words. */
function compare(html: string, raw: Seen, injected: Seen): string[] {
  const wrong: string[] = [];
  const check = (what: string, assertion: () => void): void => {
    try {
      assertion();
    } catch (error) {
      wrong.push(`${what}: ${JSON.stringify(html)}\n${String(error)}`);
    }
  };
  check('place', () => assert.equal(injected.client, 'head 0'));
  check('document', () => assert.deepEqual({ ...injected, client: null }, raw));
  const found = scanHtml(Buffer.from(html));
  const scanned = {
    modules: found.moduleScripts.map(({ src }) => src),
    inline: found.inlineModules.map(({ text }) => text),
    classic: found.classicScripts.map(({ src }) => src),
  };
  const { modules, inline, classic } = raw;
  check('scan', () => assert.deepEqual(scanned, { modules, inline, classic }));
  return wrong;
}

test(`${pages.length} odd pages: the same document, and the scan of it right`, { timeout: 240_000 }, async () => {
  const wrong: string[] = [];
  for (let from = 0; from < pages.length; from += AT_ONCE) {
    const batch = pages.slice(from, from + AT_ONCE);
    const raw = await look(batch.map((_, i) => `/raw/${from + i}`));
    const injected = await look(batch.map((_, i) => `/injected/${from + i}`));
    for (const [i, html] of batch.entries()) {
      const [one, other] = [raw[i], injected[i]];
      assert.ok(one && other);
      wrong.push(...compare(html, one, other));
    }
  }
  assert.equal(wrong.length, 0, `${wrong.length} wrong:\n${wrong.slice(0, 8).join('\n\n')}`);
});
