import assert from 'node:assert/strict';
import { test } from 'node:test';
import type { ErrorReport } from '../../src/protocol.ts';
import type { TestPage } from '../harness/browser.ts';
import { openTab, html, startScriptedServer } from './client-support.ts';
import type { ScriptedServer } from './client-support.ts';

const CREATE = `<script>
globalThis.post = hmr.createPost();
post.setToken('secret');
globalThis.overlay = hmr.createOverlay({ post });
</script>`;

declare global {
  var post: ReturnType<typeof globalThis.hmr.createPost>;
  var overlay: ReturnType<typeof globalThis.hmr.createOverlay>;
}

const SYNTAX: ErrorReport = {
  key: 'SYNTAX:view.ts',
  kind: 'build',
  title: 'Syntax error',
  message: 'Expected ";" but found "<b>"',
  place: { file: 'src/view.ts', line: 3, column: 7 },
  frame: '  2 | let a\n> 3 | let <b>\n    |     ^\n  4 | c',
  hint: 'Close the tag.',
};
const RESOLVE: ErrorReport = { key: 'RESOLVE:x', kind: 'build', title: 'Import not found', message: './x.js does not exist' };
const RUNTIME: ErrorReport = {
  key: 'TypeError: f',
  kind: 'runtime',
  title: 'Error',
  message: 'TypeError: f is not a function',
  stack: [
    { functionName: 'render', place: { file: 'view.ts', line: 9, column: 2 }, raw: 'at render (http://localhost/view.ts:1:1)' },
    { functionName: '', raw: 'at HTMLButtonElement.onclick' },
  ],
};

const build = ({ page }: TestPage, ...errors: ErrorReport[]): Promise<void> =>
  page.evaluate((list) => globalThis.overlay.showBuildErrors(list), errors);
const runtime = ({ page }: TestPage, error: ErrorReport): Promise<void> =>
  page.evaluate((report) => globalThis.overlay.showRuntimeError(report), error);
const texts = ({ page }: TestPage, selector: string): Promise<string[]> => page.locator(`hmr-dev-overlay ${selector}`).allTextContents();
const isShown = async ({ page }: TestPage): Promise<boolean> => (await page.locator('hmr-dev-overlay').count()) === 1;

async function open(server: ScriptedServer, body = '<input id="field"><button id="b">b</button>', headers = {}): Promise<TestPage> {
  server.resources.set('/', { ...html(body, CREATE), headers });
  return openTab(server.origin);
}

test('shows title, message, place, frame, hint and stack, as text', async () => {
  await using server = await startScriptedServer();
  await using tab = await open(server);
  await build(tab, SYNTAX, RESOLVE);
  await runtime(tab, RUNTIME);
  assert.deepEqual(await texts(tab, 'h2'), ['Syntax error', 'Import not found', 'Error']);
  assert.deepEqual(await texts(tab, '.message'), [SYNTAX.message, RESOLVE.message, RUNTIME.message]);
  assert.deepEqual(await texts(tab, '.frame'), [`${SYNTAX.frame}\n`]);
  assert.deepEqual(await texts(tab, '.frame b'), ['> 3 | let <b>\n', '    |     ^\n']);
  assert.deepEqual(await texts(tab, '.hint'), ['Close the tag.']);
  assert.deepEqual(await texts(tab, '.place'), ['src/view.ts:3:7', 'view.ts:9:2']);
  assert.deepEqual(await texts(tab, 'li'), ['at render view.ts:9:2', 'at HTMLButtonElement.onclick']);
  assert.match((await texts(tab, 'h1'))[0] ?? '', /^3 errors/);
});

test('a click on a place asks the server to open it, with the token', async () => {
  await using server = await startScriptedServer();
  await using tab = await open(server);
  await build(tab, SYNTAX);
  await tab.page.locator('hmr-dev-overlay .place').click();
  await server.until('the request', () => server.posts.length === 1);
  const [post] = server.posts;
  assert.equal(post?.path, '/@hmr-dev/open');
  assert.deepEqual(post?.body, { file: 'src/view.ts', line: 3, column: 7 });
  assert.equal(post?.headers['x-hmr-dev-token'], 'secret');
  server.answerPost = () => ({ body: '', status: 403 });
  await tab.page.locator('hmr-dev-overlay .place').click();
  await tab.untilText('hmr-dev-overlay .place', 'src/view.ts:3:7 (the editor could not be opened)');
});

test('build errors go when the set is empty, and only then', async () => {
  await using server = await startScriptedServer();
  await using tab = await open(server);
  await build(tab, SYNTAX, RESOLVE);
  await build(tab, RESOLVE);
  assert.deepEqual(await texts(tab, 'h2'), ['Import not found']);
  await tab.page.evaluate(() => globalThis.overlay.clearRuntimeErrors());
  assert.equal(await isShown(tab), true);
  await build(tab);
  assert.equal(await isShown(tab), false);
});

test('runtime errors stay over fixed build errors, until an update was applied', async () => {
  await using server = await startScriptedServer();
  await using tab = await open(server);
  await build(tab, SYNTAX);
  await runtime(tab, RUNTIME);
  await runtime(tab, RUNTIME);
  await build(tab);
  assert.deepEqual(await texts(tab, 'h2'), ['Error']);
  await tab.page.evaluate(() => globalThis.overlay.clearRuntimeErrors());
  assert.equal(await isShown(tab), false);
});

test('errors without end are bounded', async () => {
  await using server = await startScriptedServer();
  await using tab = await open(server);
  await tab.page.evaluate((report) => {
    for (let n = 0; n < 100; n++) globalThis.overlay.showRuntimeError({ ...report, key: String(n) });
  }, RUNTIME);
  assert.equal((await texts(tab, 'h2')).length, 20);
});

test('Esc hides it and nothing else; the same errors stay hidden, new ones show', async () => {
  await using server = await startScriptedServer();
  await using tab = await open(server);
  await tab.page.evaluate(() => addEventListener('keydown', (event) => console.log(`page ${event.key}`)));
  await build(tab, SYNTAX);
  await tab.page.keyboard.press('Escape');
  assert.equal(await isShown(tab), false);
  await build(tab, SYNTAX);
  assert.equal(await isShown(tab), false);
  await build(tab, SYNTAX, RESOLVE);
  assert.deepEqual(await texts(tab, 'h2'), ['Syntax error', 'Import not found']);
  await tab.page.keyboard.press('Escape');
  await build(tab);
  await build(tab, SYNTAX);
  assert.equal(await isShown(tab), true);
  await tab.page.locator('hmr-dev-overlay .close').click();
  assert.equal(await isShown(tab), false);
  await tab.page.keyboard.press('Escape');
  await tab.waitForConsole(/^page Escape$/);
  assert.deepEqual(tab.console.lines, ['page Escape']);
});

test('is a labelled alert dialog that takes the focus and gives it back', async () => {
  await using server = await startScriptedServer();
  await using tab = await open(server);
  await tab.page.focus('#b');
  await build(tab, SYNTAX);
  const dialog = tab.page.getByRole('alertdialog', { name: /^1 error/ });
  await dialog.waitFor();
  assert.equal(await dialog.evaluate((element) => (element.getRootNode() as ShadowRoot).activeElement === element), true);
  assert.equal(await dialog.getAttribute('aria-live'), 'assertive');
  await tab.page.keyboard.press('Tab');
  await build(tab, RESOLVE);
  assert.equal(await tab.page.evaluate(() => document.activeElement?.localName), 'hmr-dev-overlay');
  await tab.page.keyboard.press('Escape');
  assert.equal(await tab.page.evaluate(() => document.activeElement?.id), 'b');
});

test('who is typing goes on typing', async () => {
  await using server = await startScriptedServer();
  await using tab = await open(server);
  await tab.page.focus('#field');
  await tab.page.keyboard.type('be');
  await build(tab, SYNTAX);
  await tab.page.keyboard.type('fore');
  await build(tab);
  await tab.page.keyboard.type(' after');
  assert.equal(await tab.page.inputValue('#field'), 'before after');
});

test('works before there is a body, and over pages that replace everything in it', async () => {
  await using server = await startScriptedServer();
  const early = `${CREATE}<script>overlay.showBuildErrors([{ key: 'k', kind: 'build', title: 'Early', message: String(document.body) }]);</script>`;
  server.resources.set('/', html('<p>body</p>', early));
  await using tab = await openTab(server.origin);
  assert.deepEqual(await texts(tab, '.message'), ['null']);
  await tab.page.evaluate(() => document.body.replaceChildren());
  assert.deepEqual(await texts(tab, 'h2'), ['Early']);
});

test('the page’s own rules do not reach it, nor its rules the page', async () => {
  await using server = await startScriptedServer();
  await using tab = await open(
    server,
    '<style>* { display: none !important; color: red } div { opacity: 0 }</style><style>hmr-dev-overlay { position: static; z-index: 0 }</style>',
  );
  await build(tab, SYNTAX);
  const style = await tab.page.locator('hmr-dev-overlay').evaluate((element) => {
    const { display, position, zIndex } = getComputedStyle(element);
    return { display, position, zIndex };
  });
  assert.deepEqual(style, { display: 'block', position: 'fixed', zIndex: '2147483647' });
  const opacity = await tab.page.locator('hmr-dev-overlay .panel').evaluate((element) => getComputedStyle(element).opacity);
  assert.equal(opacity, '1');
});

test('follows the colour scheme', async () => {
  await using server = await startScriptedServer();
  await using tab = await open(server);
  await build(tab, SYNTAX);
  const background = (): Promise<string> =>
    tab.page.locator('hmr-dev-overlay .panel').evaluate((element) => getComputedStyle(element).backgroundColor);
  await tab.page.emulateMedia({ colorScheme: 'light' });
  assert.equal(await background(), 'rgb(255, 255, 255)');
  await tab.page.emulateMedia({ colorScheme: 'dark' });
  assert.equal(await background(), 'rgb(28, 28, 33)');
});

test('strict policy and Trusted Types: drawn in full, nothing violated', async () => {
  await using server = await startScriptedServer();
  const policy = `default-src 'none'; script-src 'self' 'nonce-n'; connect-src 'self'; style-src 'none'; require-trusted-types-for 'script'; trusted-types 'none'`;
  server.resources.set('/', {
    ...html('<p>strict</p>', CREATE.replace('<script>', '<script nonce="n">')),
    headers: { 'content-security-policy': policy },
  });
  await using tab = await openTab(server.origin);
  await tab.page.evaluate(() =>
    document.addEventListener('securitypolicyviolation', (event) => console.log(`violated ${event.violatedDirective}`)),
  );
  await build(tab, SYNTAX);
  await runtime(tab, RUNTIME);
  const padding = await tab.page.locator('hmr-dev-overlay .frame').evaluate((element) => getComputedStyle(element).padding);
  assert.equal(padding, '12px');
  await tab.page.locator('hmr-dev-overlay .place').first().click();
  await server.until('the request', () => server.posts.length === 1);
  assert.deepEqual(tab.errors, []);
  assert.deepEqual(
    tab.console.lines.filter((line) => line.startsWith('violated')),
    [],
  );
});

test('lies above the page’s own popovers and dialogs', async () => {
  await using server = await startScriptedServer();
  await using tab = await open(server, '<div id="pop" popover="manual" style="inset: 0; width: 100vw; height: 100vh">popover</div>');
  await tab.page.evaluate(() => document.getElementById('pop')?.showPopover());
  await build(tab, SYNTAX);
  const top = await tab.page.evaluate(() => document.elementFromPoint(innerWidth / 2, 40)?.localName);
  assert.equal(top, 'hmr-dev-overlay');
});

test('errors of the page: reported with the token, mapped, shown; extensions’ and strangers’ are not', async () => {
  await using server = await startScriptedServer();
  server.answerPost = (post) => ({ body: JSON.stringify({ ...RUNTIME, message: `mapped ${(post.body as { message: string }).message}` }) });
  await using tab = await open(server);
  await tab.page.evaluate(() => {
    const errors = globalThis.hmr.createPageErrors({ post: globalThis.post, onReport: globalThis.overlay.showRuntimeError });
    Object.assign(globalThis, { errors });
    dispatchEvent(new ErrorEvent('error', { message: 'Script error.' }));
    dispatchEvent(new ErrorEvent('error', { message: 'ResizeObserver loop completed with undelivered notifications.' }));
    setTimeout(() => {
      throw new TypeError('real');
    });
  });
  await tab.untilText('hmr-dev-overlay .message', 'mapped TypeError: real');
  assert.deepEqual(await texts(tab, '.place'), ['view.ts:9:2']);
  await tab.page.evaluate(() => void Promise.reject(new RangeError('rejected')));
  await tab.untilText('hmr-dev-overlay .message', 'mapped RangeError: rejected');
  assert.deepEqual(
    server.posts.map(({ path, headers, body }) => [path, headers['x-hmr-dev-token'], (body as { kind: string }).kind]),
    [
      ['/@hmr-dev/report', 'secret', 'error'],
      ['/@hmr-dev/report', 'secret', 'rejection'],
    ],
  );
});

test('an image that is missing is no error of the page', async () => {
  await using server = await startScriptedServer();
  await using tab = await open(server);
  await tab.page.evaluate(async () => {
    globalThis.hmr.createPageErrors({ post: globalThis.post, onReport: globalThis.overlay.showRuntimeError });
    const image = Object.assign(new Image(), { src: '/missing.png' });
    const failed = new Promise((resolve) => image.addEventListener('error', resolve));
    document.body.append(image);
    await failed;
    setTimeout(() => {
      throw new Error('marker');
    });
  });
  await server.until('the report of the marker', () => server.posts.length > 0);
  assert.deepEqual(
    server.posts.map((post) => (post.body as { message: string }).message),
    ['Error: marker'],
  );
});
