/**
 * Pages whose own server sets a strict policy: no inline code without the nonce, no inline styles, Trusted Types, nothing evaluated from
 * a string. They update hot, and show errors, all the same.
 */
import assert from 'node:assert/strict';
import { test } from 'node:test';
import { openPage, type TestPage } from '../harness/browser.ts';
import { fixture, type FixtureFiles } from '../harness/fixture.ts';
import { page, startFront, untilColor, VIEW_FILES, type Front } from './robust-support.ts';

const NONCE = 'bm9uY2U';
const OVERLAY = 'hmr-dev-overlay';

const FILES = {
  ...VIEW_FILES,
  'index.html': page(
    '<p id="out"></p><button>0</button>',
    `<link rel="stylesheet" href="linked.css"><script type="module" nonce="${NONCE}" src="main.js"></script>`,
  ),
  'main.js': `import './imported.css';
    import { Counter } from './counter.js';
    const counter = new Counter();
    window.counterText = () => counter.text();
    import.meta.hot.accept('./counter.js', () => undefined);
    ${VIEW_FILES['main.js']}`,
  'counter.js': `export class Counter { #n = 1; text() { return 'n' + ++this.#n; } }`,
  'imported.css': 'button { color: rgb(1, 1, 1) }',
  'linked.css': 'p { color: rgb(1, 1, 1) }',
} satisfies FixtureFiles;

const POLICIES = {
  'nonce and Trusted Types': `default-src 'self'; script-src 'self' 'nonce-${NONCE}'; style-src 'self'; require-trusted-types-for 'script'; trusted-types 'none'`,
  'nonce only': `default-src 'none'; script-src 'nonce-${NONCE}' 'strict-dynamic'; style-src 'self'; connect-src 'self'; img-src 'self'`,
  'no inline code': `default-src 'self'; script-src 'self'; style-src 'self'`,
};

async function openUnder(front: Front): Promise<TestPage & { readonly violations: string[] }> {
  const violations: string[] = [];
  const tab = await openPage(`${front.origin}/`, {
    prepare: async (opened) => {
      opened.on('console', (message) => message.type() === 'error' && violations.push(message.text()));
    },
  });
  return Object.assign(tab, { violations });
}

for (const [name, policy] of Object.entries(POLICIES)) {
  test(`modules, styles and errors under a strict policy: ${name}`, async () => {
    await using files = await fixture(FILES);
    await using front = await startFront(files.path, (_req, res) => void res.setHeader('Content-Security-Policy', policy));
    await using tab = await openUnder(front);
    await tab.waitForConsole(/connected/);
    await tab.untilText('#out', 'one');
    await tab.markDocument();
    await untilColor(tab, 'button', 'rgb(1, 1, 1)');
    await tab.page.locator('button').click();

    for (const word of ['two', 'three']) {
      await files.write('view.js', `export const text = '${word}';`);
      await tab.untilText('#out', word);
    }
    assert.equal(await tab.page.evaluate('counterText()'), 'n2');
    const swapped = tab.waitForConsole(/hot updated: \/main\.js via \/counter\.js/);
    await files.edit('counter.js', `'n'`, `'N'`);
    await swapped;
    assert.equal(await tab.page.evaluate('counterText()'), 'N3');

    await files.edit('imported.css', '1, 1, 1', '2, 2, 2');
    await untilColor(tab, 'button', 'rgb(2, 2, 2)');
    await files.edit('linked.css', '1, 1, 1', '3, 3, 3');
    await untilColor(tab, 'p', 'rgb(3, 3, 3)');

    await files.write('view.js', 'export const text = ;');
    await tab.untilText(OVERLAY, /view\.js:1:21/);
    assert.notEqual(
      await tab.page.locator(`${OVERLAY} .panel`).evaluate((panel) => getComputedStyle(panel).backgroundColor),
      'rgba(0, 0, 0, 0)',
    );
    await files.write('view.js', `import { word } from './new.js'; export const text = word;`);
    await files.write('new.js', `export const word = 'four';`);
    await tab.untilText('#out', 'four');
    await tab.page.locator(OVERLAY).waitFor({ state: 'detached' });

    assert.equal(await tab.text('button'), '1');
    assert.ok(await tab.isSameDocument());
    assert.deepEqual(tab.errors, []);
    assert.deepEqual(
      tab.violations.filter((text) => /unsafe-eval|eval\(/.test(text)),
      [],
    );
  });
}

test('an inline module script with a nonce is updated like a file', async () => {
  const script = `import { text } from './view.js';
    const show = (text) => document.querySelector('#out').textContent = text;
    show(text);
    import.meta.hot.accept('./view.js', (view) => show(view.text));`;
  await using files = await fixture({
    'index.html': page('<p id="out"></p>', `<script type="module" nonce="${NONCE}">${script}</script>`),
    'view.js': VIEW_FILES['view.js'],
  });
  await using front = await startFront(
    files.path,
    (_req, res) => void res.setHeader('Content-Security-Policy', POLICIES['nonce and Trusted Types']),
  );
  await using tab = await openUnder(front);
  await tab.waitForConsole(/connected/);
  await tab.untilText('#out', 'one');
  await tab.markDocument();
  await files.edit('view.js', 'one', 'two');
  await tab.untilText('#out', 'two');
  assert.ok(await tab.isSameDocument());
});
