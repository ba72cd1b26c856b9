/** The proxy as a developer has it: a page, a program beside it that comes and goes, and the command line between them. */
import assert from 'node:assert/strict';
import { test } from 'node:test';
import { createDevServer } from '../../src/server/index.ts';
import { openPage } from '../harness/browser.ts';
import { runCli, startCli } from '../harness/cli.ts';
import { createLineLog } from '../harness/diagnostics.ts';
import { fixture } from '../harness/fixture.ts';
import { stablePort } from '../harness/ports.ts';
import { capturingLogger, startServer } from '../harness/server.ts';
import { exchange, parseAnswer, serve } from '../server/http/raw-http.ts';
import { resultOf } from './link-support.ts';
import { PROXY_PAGE, startBackend } from './proxy-support.ts';

test('a page asks a program behind the proxy in every way, and is updated meanwhile', async () => {
  await using files = await fixture(PROXY_PAGE);
  await using backend = await startBackend();
  await using cli = await startCli([files.path, '--port', '0', '--proxy', `/api=${backend.url}`]);
  await using page = await openPage(cli.url('/'));
  const answers = [['POST', '/api/x?y', 'http'], 'event', 'SHOUT', '<head></head><p>the page of the program</p>'];
  assert.deepEqual(await resultOf(page), answers);
  await page.untilText('#out', 'one');
  await files.edit('view.js', 'one', 'two');
  await page.untilText('#out', 'two');
  assert.deepEqual(page.errors, []);
  const stopped = await cli.stop();
  assert.equal(stopped.code, 143);
});

test('a program that is not there is told once, and the page goes on until it is', async () => {
  await using files = await fixture({
    ...PROXY_PAGE,
    'main.js': `
      import { view } from './view.js';
      const show = async (text) => { document.querySelector('#out').textContent = text + ' ' + (await fetch('/api/x')).status; };
      show(view);
      import.meta.hot.accept('./view.js', ({ view }) => show(view));`,
  });
  const port = await stablePort();
  await using server = await startServer(files.path, { proxy: { '/api': `http://localhost:${port}` } });
  await using page = await openPage(server.url());
  await page.untilText('#out', 'one 502');
  await files.edit('view.js', 'one', 'two');
  await page.untilText('#out', 'two 502');
  await using _backend = await startBackend(port);
  await files.edit('view.js', 'two', 'three');
  await page.untilText('#out', 'three 200');
  const told = server.log.lines.filter((line) => line.includes('does not answer'));
  assert.deepEqual(told, [`warning http://localhost:${port}, where /api is proxied to, does not answer (ECONNREFUSED).`]);
});

test('a name that is not allowed is refused before any program is asked', async () => {
  await using files = await fixture({ 'index.html': 'x' });
  await using backend = await startBackend();
  await using server = await startServer(files.path, { proxy: { '/api': backend.url } });
  backend.server.on('request', () => assert.fail('asked'));
  const answer = await exchange(server.port, 'GET /api HTTP/1.1\r\nHost: evil.test\r\nConnection: close\r\n\r\n');
  assert.equal(parseAnswer(answer).status, 403);
});

test('as middleware it proxies requests', async (t) => {
  await using files = await fixture({ 'index.html': 'x' });
  await using backend = await startBackend();
  const logger = capturingLogger(createLineLog('the log'));
  const server = createDevServer({
    root: files.path,
    logger,
    proxy: { '/api': { target: backend.url, rewrite: (path) => `/new${path}` } },
  });
  t.after(() => server.close());
  await using http = await serve((req, res) => server.handler(req, res, () => res.end('the next')));
  assert.deepEqual(await (await fetch(`${http.url}/api/x`, { method: 'DELETE' })).json(), ['DELETE', '/new/api/x', 'http']);
  assert.equal(await (await fetch(`${http.url}/apix`)).text(), 'the next');
});

test('a wrong value ends the start with one line', async () => {
  const { code, stderr } = await runCli(['--proxy', '/api=localhost:3000']);
  assert.deepEqual(
    [code, stderr],
    [1, 'error --proxy takes a path and an address, such as /api=http://localhost:3000; it is "/api=localhost:3000".\n'],
  );
});
