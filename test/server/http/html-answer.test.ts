import assert from 'node:assert/strict';
import { Readable } from 'node:stream';
import { buffer } from 'node:stream/consumers';
import { describe, test } from 'node:test';
import { clientInjection, nonceOfPolicy } from '../../../src/server/http/html-answer.ts';
import { injectClient } from '../../../src/server/http/html-inject.ts';

const tag = (nonce: string | null): string => `<script nonce="${nonce ?? ''}"></script>`;

const stream = async (chunks: readonly Buffer[], isPage = true, nonce: string | null = null): Promise<string> =>
  (await buffer(Readable.from(chunks).pipe(clientInjection({ tag, nonce, isPage })))).toString();

describe('wherever the chunks end, the client is where it is in the whole page', () => {
  const pages = [
    '<!doctype html><html lang="en"><head><title>a</title></head><body>b</body></html>',
    '<!-- <head> --><!-- b -->\n<html><!-- </head> --><head data-a=">" b=\'</head>\'>x',
    '<!doctype html>\n <meta charset=utf-8><p>',
    'plain text <head>',
    '<p>no head</p>',
    '</b></p></head><p>',
    '<!doctype html><html>\n\n<script>document.write("<head>")</script>',
    '<!doctype html><!-- never closed',
    '<!doctype html>',
  ];
  for (const page of pages) {
    test(page, async () => {
      const html = Buffer.from(page);
      const whole = injectClient(html, tag).toString();
      for (let at = 0; at <= html.length; at++) assert.equal(await stream([html.subarray(0, at), html.subarray(at)]), whole, `at ${at}`);
      assert.equal(await stream([...html].map((byte) => Buffer.from([byte]))), whole);
    });
  }
});

test('what follows the first element is not held back', async () => {
  const through = clientInjection({ tag, nonce: null, isPage: true });
  const read = (): string => (through.read() as Buffer | null)?.toString() ?? '';
  through.write('<!doctype html><ht');
  assert.equal(read(), '');
  through.write('ml><body><p>one');
  assert.equal(read(), `<!doctype html><html>${tag(null)}<body><p>one`);
  through.write('<p>two');
  assert.equal(read(), '<p>two');
});

test('a page that begins with a very long comment is not held back for ever', async () => {
  const comment = `<!--${' '.repeat(70_000)}`;
  assert.equal(await stream([Buffer.from(comment), Buffer.from('--><p>')]), `${tag(null)}${comment}--><p>`);
});

test('of what may be no page, a fragment stays what it is', async () => {
  const fragment = Buffer.from('<li>one</li>');
  assert.equal(await stream([fragment], false), '<li>one</li>');
  assert.equal(await stream([Buffer.from('<!doctype html><p>')], false), `<!doctype html>${tag(null)}<p>`);
  assert.equal(await stream([], true), '');
});

test('the nonce of the answer counts more than one in the page', async () => {
  assert.equal(await stream([Buffer.from('<script nonce="own">')], true, 'header'), `${tag('header')}<script nonce="own">`);
  for (const [policy, nonce] of [
    [undefined, null],
    [`default-src 'self'`, null],
    [`default-src 'self'; script-src 'self' 'nonce-r4nd0m+/=='`, 'r4nd0m+/=='],
    [`script-src-elem 'nonce-a'`, 'a'],
    [[`img-src x`, `script-src 'nonce-b'`], 'b'],
    [`style-src 'nonce-style'; script-src 'self'`, null],
  ] as const) {
    assert.equal(nonceOfPolicy(policy), nonce);
  }
});
