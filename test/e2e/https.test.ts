/** The server over https: with its own certificate and with one of the user's, page, updates, proxy and all. */
import assert from 'node:assert/strict';
import { createServer } from 'node:https';
import { test } from 'node:test';
import { browser, openPage } from '../harness/browser.ts';
import { runCli, startCli } from '../harness/cli.ts';
import { fixture } from '../harness/fixture.ts';
import { SCRIPT } from '../harness/server.ts';
import { makeCertificate } from '../../src/server/http/certificate.ts';
import { resultOf } from './link-support.ts';
import { PROXY_PAGE, startBackend } from './proxy-support.ts';

/**
 * The stream's shared worker may ask before the browser's driver has told it to trust any certificate; then it is lost first, and found.
 */
const CONNECTED = /^\[hmr-dev\] (?:connected|connection found again)/;

const newPem = (): string => makeCertificate({ hosts: ['localhost'], from: new Date(), until: new Date(Date.now() + 1e9) });

test('--https: page, stream, updates, source maps, and a proxied program that signs for itself', async () => {
  await using files = await fixture(PROXY_PAGE);
  await using cache = await fixture();
  const pem = newPem();
  await using backend = await startBackend(0, createServer({ cert: pem, key: pem }));
  await using cli = await startCli([files.path, '--port', '0', '--https', '--proxy', `/api=${backend.url}`], {
    env: { XDG_CACHE_HOME: cache.path },
  });
  assert.match(cli.origin, /^https:\/\/localhost:\d+$/);
  const context = await (await browser()).newContext({ ignoreHTTPSErrors: true });
  await using page = await openPage(cli.url('/'), { context });
  assert.deepEqual(await resultOf(page), [['POST', '/api/x?y', 'https'], 'event', 'SHOUT', '<head></head><p>the page of the program</p>']);
  await page.waitForConsole(CONNECTED);
  await page.markDocument();
  await files.edit('view.js', 'one', 'two');
  await page.untilText('#out', 'two');
  assert.ok(await page.isSameDocument());
  const get = async (urlPath: string): Promise<string> => (await context.request.get(cli.url(urlPath), { headers: SCRIPT })).text();
  const mapUrl = /sourceMappingURL=(\S+)/.exec(await get('/main.js'))?.[1] ?? '';
  assert.match(await get(mapUrl), /^{"version":3,.*view\.js/s);
  assert.deepEqual(page.errors, []);
  await context.close();
});

test('--cert and --key', async () => {
  await using files = await fixture({ 'site/index.html': '<p>mine</p>', 'own.pem': newPem() });
  const own = files.resolve('own.pem');
  await using cli = await startCli([files.resolve('site'), '--port', '0', '--cert', own, '--key', own]);
  const context = await (await browser()).newContext({ ignoreHTTPSErrors: true });
  await using page = await openPage(cli.url('/'), { context });
  await page.untilText('p', 'mine');
  await page.waitForConsole(CONNECTED);
  await files.write('site/index.html', '<p>changed</p>');
  await page.untilText('p', 'changed');
  await context.close();
});

test('a certificate that is missing ends the start with one line', async () => {
  const { code, stderr } = await runCli(['--cert', 'gone.pem', '--key', 'gone.pem']);
  assert.deepEqual([code, stderr], [1, 'error --cert gone.pem does not exist.\n']);
  assert.match((await runCli(['--key'])).stderr, /^error --key takes the path of a file; it has no value\.\n$/);
});
