/**
 * Pages with a program behind them (`hmr-dev public --run server.mjs`) in Chromium: pages that the program makes are hot, hear of its changes, and show
 * its errors.
 */
import assert from 'node:assert/strict';
import { test, type TestContext } from 'node:test';
import { openPage, type TestPage } from '../harness/browser.ts';
import { startCli, type TestCli } from '../harness/cli.ts';
import { fixture, type Fixture, type FixtureFiles } from '../harness/fixture.ts';

/** Makes its own pages; their scripts and sheets are files of the folder. */
const SERVER = `import http from 'node:http';
import { word } from './word.mjs';
http.createServer((req, res) => {
  if (req.url !== '/') return res.end(word);
  res.setHeader('content-type', 'text/html; charset=utf-8');
  res.end('<!doctype html><html><head><link rel="stylesheet" href="/style.css"></head><body><main>' + word + '</main><output></output>'
    + '<script type="module" src="/app.js"></script></body></html>');
}).listen(0);
`;
const word = (text: string): string => `export const word = '${text}';\n`;
const app = (text: string): string => `document.querySelector('output').textContent = '${text}';\nimport.meta.hot.accept();\n`;
/** Shows what the server says after each of its changes. */
const LISTENING = `const main = document.querySelector('main');
import.meta.hot.accept();
import.meta.hot.on('hmr-dev:server-change', async ({ kind, files }) => {
  main.textContent = [kind, ...files, await (await fetch('/api')).text()].join(' ');
});
`;
const FILES = {
  'server.mjs': SERVER,
  'word.mjs': word('first'),
  'public/app.js': app('one'),
  'public/style.css': 'main { color: rgb(255, 0, 0) }',
};

interface Site {
  readonly cli: TestCli;
  readonly files: Fixture;
  readonly tab: TestPage;
}

async function open(t: TestContext, given: FixtureFiles = {}, args: readonly string[] = []): Promise<Site> {
  const files = await fixture({ ...FILES, ...given });
  t.after(() => files[Symbol.asyncDispose]());
  const cli = await startCli(['public', '--run', 'server.mjs', '--port', '0', '--no-cache', ...args], { cwd: files.path });
  t.after(() => cli[Symbol.asyncDispose]());
  const tab = await openPage(cli.url('/'));
  t.after(() => tab.close());
  await tab.waitForConsole(/^\[hmr-dev\] connected/);
  await tab.markDocument();
  return { cli, files, tab };
}

const overlay = ({ page }: TestPage): ReturnType<typeof page.locator> => page.locator('hmr-dev-overlay');
const shown = ({ page }: TestPage): Promise<string> =>
  page.evaluate(() => document.querySelector('hmr-dev-overlay')?.shadowRoot?.textContent ?? '');

test('a page that the program makes: its modules and sheets are hot, and it stays', async (t) => {
  const { files, tab } = await open(t);
  await tab.untilText('main', 'first');
  await tab.untilText('output', 'one');
  await files.atomicWrite('public/app.js', app('two'));
  await tab.untilText('output', 'two');
  await files.write('public/style.css', 'main { color: rgb(0, 0, 255) }');
  await tab.page.waitForFunction(() => getComputedStyle(document.querySelector('main') ?? document.body).color === 'rgb(0, 0, 255)');
  assert.equal(await tab.isSameDocument(), true);
  assert.deepEqual(tab.errors, []);
});

test('a page hears of a change of the server, and asks it again', async (t) => {
  const { files, tab } = await open(t, { 'public/app.js': LISTENING });
  await files.atomicWrite('word.mjs', word('second'));
  await tab.untilText('main', 'reloaded word.mjs second');
  await files.write('package.json', '{ "name": "other" }');
  await tab.untilText('main', 'restarted package.json second');
  await files.atomicWrite('word.mjs', word('third'));
  await tab.untilText('main', 'reloaded word.mjs third');
  assert.equal(await tab.isSameDocument(), true);
});

test('a page that does not listen stays, or is loaded again where that is wanted', async (t) => {
  const quiet = await open(t);
  await quiet.files.atomicWrite('word.mjs', word('second'));
  await quiet.cli.log.waitFor(/word\.mjs: reloaded/);
  // Told after the change of the server, on the same stream.
  await quiet.files.atomicWrite('public/app.js', app('two'));
  await quiet.tab.untilText('output', 'two');
  assert.equal(await quiet.tab.text('main'), 'first');
  assert.equal(await quiet.tab.isSameDocument(), true);

  const loud = await open(t, {}, ['--run-reload']);
  await loud.files.atomicWrite('word.mjs', word('second'));
  await loud.tab.untilText('main', 'second');
  assert.equal(await loud.tab.isSameDocument(), false);
  assert.ok(
    loud.tab.console.lines.some((line) => line.includes('word.mjs: the server was reloaded')),
    loud.tab.console.lines.join('\n'),
  );

  const listening = await open(t, { 'public/app.js': LISTENING }, ['--run-reload']);
  await listening.files.atomicWrite('word.mjs', word('second'));
  await listening.tab.untilText('main', 'reloaded word.mjs second');
  assert.equal(await listening.tab.isSameDocument(), true);
});

test('a mistake in the server is shown in the page with its lines, and goes with the fix', async (t) => {
  const { files, tab } = await open(t, { 'public/app.js': LISTENING });
  await files.write('word.mjs', `export const word =\n  'second' +;\n`);
  await tab.untilText('hmr-dev-overlay .place', '../word.mjs:2:13');
  assert.match(await overlay(tab).locator('.frame').innerText(), /> 2 \| {3}'second' \+;/);
  assert.match(await shown(tab), /The version before serves on/);
  // One of a module is shown beside it, and each goes by itself.
  await files.write('public/app.js', 'const = 1;');
  await tab.untilText('hmr-dev-overlay .place', 'app.js:1:7');
  assert.equal(await overlay(tab).locator('.place').count(), 2);
  await files.write('public/app.js', LISTENING.replace('[kind', `['again', kind`));
  await tab.page.waitForFunction(() => document.querySelector('hmr-dev-overlay')?.shadowRoot?.querySelectorAll('.place').length === 1);
  await files.write('word.mjs', word('third'));
  await tab.untilText('main', 'again reloaded word.mjs third');
  await overlay(tab).waitFor({ state: 'detached' });
  assert.equal(await tab.isSameDocument(), true);
});

test('an error at run time of a new version, and a crash', async (t) => {
  const { files, tab, cli } = await open(t, { 'public/app.js': LISTENING });
  await files.write('word.mjs', `${word('second')}\nthrow new RangeError('too much');\n`);
  await tab.untilText('hmr-dev-overlay .place', '../word.mjs:3:7');
  assert.match(await shown(tab), /RangeError, in the server.*too much.*at word\.mjs:3:7/s);
  await files.write('word.mjs', word('third'));
  await tab.untilText('main', 'reloaded word.mjs third');
  await overlay(tab).waitFor({ state: 'detached' });

  const crashing = SERVER.replace(
    `if (req.url`,
    `if (req.url === '/crash') setImmediate(() => { throw new Error('on purpose'); });\n  if (req.url`,
  );
  await files.write('server.mjs', crashing);
  await tab.untilText('main', /reloaded server\.mjs third/);
  await fetch(cli.url('/crash')).catch(() => undefined);
  await tab.untilText('hmr-dev-overlay .place', /\.\.\/server\.mjs:4:\d+/);
  await files.write('server.mjs', `${SERVER}// mended`);
  await tab.untilText('main', 'started server.mjs third');
  await overlay(tab).waitFor({ state: 'detached' });
  assert.equal(await tab.isSameDocument(), true);
});

test('a tab that is opened while the server does not run shows why, and loads itself when it does', async (t) => {
  const { files, tab } = await open(t, { 'word.mjs': 'export const word = ;' });
  await tab.untilText('h1', 'Not running');
  await tab.untilText('hmr-dev-overlay .place', '../word.mjs:1:21');
  await files.write('word.mjs', word('mended'));
  await tab.untilText('main', 'mended');
  await tab.untilText('output', 'one');
});

test('a page with a policy of its own, by nonce', async (t) => {
  const policy = `res.setHeader('content-security-policy', "script-src 'nonce-r4nd0m'; connect-src 'self'; worker-src 'self'");\n  res.end('<!doctype`;
  const strict = SERVER.replace(`res.end('<!doctype`, policy).replace('<script type', '<script nonce="r4nd0m" type');
  const { files, tab } = await open(t, { 'server.mjs': strict });
  await tab.untilText('output', 'one');
  await files.atomicWrite('public/app.js', app('two'));
  await tab.untilText('output', 'two');
  assert.equal(await tab.isSameDocument(), true);
  assert.deepEqual(tab.errors, []);
});

test('a page that is sent bit by bit, and one that comes packed when the browser offers to unpack', async (t) => {
  const streaming = `import http from 'node:http';
import zlib from 'node:zlib';
let rest;
http.createServer((req, res) => {
  if (req.url === '/rest') { rest('<footer>done</footer>'); return res.end(); }
  res.setHeader('content-type', 'text/html');
  if (req.url === '/packed') {
    const html = '<!doctype html><main>' + (req.headers['accept-encoding'] ?? 'plain') + '</main>';
    if (!req.headers['accept-encoding']?.includes('gzip')) return res.end(html);
    return res.setHeader('content-encoding', 'gzip').end(zlib.gzipSync(html));
  }
  res.write('<!doctype html><title>a</title><main>begun</main>' + ' '.repeat(2000));
  rest = (html) => res.end(html);
}).listen(0);
`;
  const files = await fixture({ ...FILES, 'server.mjs': streaming });
  t.after(() => files[Symbol.asyncDispose]());
  const cli = await startCli(['public', '--run', 'server.mjs', '--port', '0', '--no-cache'], { cwd: files.path });
  t.after(() => cli[Symbol.asyncDispose]());
  const tab = await openPage(cli.url('/packed'));
  t.after(() => tab.close());
  await tab.untilText('main', 'plain');
  await tab.waitForConsole(/^\[hmr-dev\] connected/);
  // Never at its end until it is told to be.
  await tab.page.goto(cli.url('/'), { waitUntil: 'commit' });
  await tab.untilText('main', 'begun');
  await fetch(cli.url('/rest'));
  await tab.untilText('footer', 'done');
  await tab.waitForConsole(/^\[hmr-dev\] connected/, 1);
});
