/** The canary: a word that lies in every file that must not be served, asked for in every way that other servers fell to. */
import assert from 'node:assert/strict';
import { execFileSync } from 'node:child_process';
import fs from 'node:fs/promises';
import { describe, test } from 'node:test';
import { createStaticFiles } from '../../../src/server/http/static-files.ts';
import { fixture, type Fixture } from '../../harness/fixture.ts';
import { exchange, serve } from './raw-http.ts';

const CANARY = 'CANARY-7f3a';

async function hostileFolder(): Promise<Fixture> {
  const folder = await fixture({
    'app/index.html': '<!doctype html>home',
    'app/a.js': 'fine',
    'app/.env': CANARY,
    'app/.env.local': CANARY,
    'app/.git/config': CANARY,
    'app/sub/.env': CANARY,
    'app/sub/.htpasswd': CANARY,
    'app/server.pem': CANARY,
    'app/tls/private.key': CANARY,
    'app/id_rsa': CANARY,
    'app/CVS/Root': CANARY,
    'app2/secret.txt': CANARY,
    'app.txt': CANARY,
    'app.html': CANARY,
    'secret.txt': CANARY,
    '.env': CANARY,
  });
  await fs.symlink('../secret.txt', folder.resolve('app/link.txt'));
  await fs.symlink('..', folder.resolve('app/up'));
  await fs.symlink('../app2', folder.resolve('app/other'));
  await fs.symlink('.env', folder.resolve('app/env.txt'));
  await fs.symlink('.git', folder.resolve('app/vcs'));
  await fs.symlink(folder.resolve('secret.txt'), folder.resolve('app/page.html'));
  execFileSync('mkfifo', [folder.resolve('app/pipe')]);
  return folder;
}

const climbs = [
  '../',
  '..%2f',
  '%2e%2e/',
  '%2e%2e%2f',
  '..%5c',
  '..\\',
  '.../',
  '..;/',
  '%252e%252e/',
  '%c0%ae%c0%ae/',
  '%uff0e%uff0e/',
  '..%00/',
  '..//',
];
const secrets = ['secret.txt', '.env', 'app2/secret.txt', 'app.txt', 'app/.env', 'app/server.pem'];
const targets = [
  ...climbs.flatMap((climb) =>
    secrets.flatMap((secret) => [`/${climb}${secret}`, `/sub/${climb}${climb}${secret}`, `/a.js/${climb}${climb}${secret}`]),
  ),
  '/.env',
  '/.env.local',
  '/.git/config',
  '/sub/.env',
  '/sub/.htpasswd',
  '/server.pem',
  '/tls/private.key',
  '/id_rsa',
  '/CVS/Root',
  '/CVS/',
  '/.env?raw',
  '/.env?import&raw',
  '/.env??',
  '/.env?import',
  '/.env.?',
  '/.env%20',
  '/.env%00',
  '/.env/',
  '/.env::$DATA',
  '/%2eenv',
  '/./.env',
  '/.env#',
  '/#/../.env',
  '/a.js#/../../secret.txt',
  '/a.js?#/../../secret.txt',
  '/.git/',
  '/.git',
  '/.env#.js',
  '/server.pem?.js',
  '/SERVER.PEM',
  '/link.txt',
  '/up/secret.txt',
  '/up/',
  '/up',
  '/up/.env',
  '/up/app2/secret.txt',
  '/other/secret.txt',
  '/other/',
  '/other',
  '/env.txt',
  '/vcs/config',
  '/vcs/',
  '/page.html',
  '/page',
  '/page/',
  '/pipe',
  '/pipe.html',
  '/up/app.txt',
  '/2/secret.txt',
  '2/secret.txt',
  '.txt',
  '//secret.txt',
  '//etc/passwd',
  '///etc/passwd',
  '/@fs/etc/passwd',
  '/@fs/../secret.txt',
  '/file:///etc/passwd',
  'file:///etc/passwd',
  '/C:/x',
  'http://localhost/../secret.txt',
  'http://evil.test/secret.txt',
  '..',
  '../secret.txt',
  'secret.txt',
  '*',
  '?',
  '/~/secret.txt',
  '/%2e%2e',
];

test('hostile targets are answered 4xx, and the canary stays', async () => {
  await using folder = await hostileFolder();
  const files = createStaticFiles({ root: folder.resolve('app'), spa: false, html: ({ source }) => source });
  await using server = await serve((req, res) => void files.serve(req, res));
  assert.ok(targets.length > 250);
  for (const target of targets) {
    for (const headers of [{}, { Accept: 'text/html', 'Sec-Fetch-Dest': 'document' }]) {
      const answer = await server.get(target, headers);
      assert.ok(!answer.text.includes(CANARY) && !answer.text.includes('root:'), `leaked: ${target}`);
      assert.ok(answer.status >= 400 && answer.status < 500, `${answer.status} for ${target}`);
      assert.equal(answer.headers['x-content-type-options'] ?? 'nosniff', 'nosniff', target);
    }
  }
  assert.equal((await server.get('/a.js')).text, 'fine');
});

test('the same with raw bytes, which no client library sends', async () => {
  await using folder = await hostileFolder();
  const files = createStaticFiles({ root: folder.resolve('app') });
  await using server = await serve((req, res) => void files.serve(req, res));
  const raw = [
    '/\0',
    '/a\0.js',
    '/\x01',
    '/\xff',
    '/\xc0\xae\xc0\xae/secret.txt',
    '/..\xc0\xafsecret.txt',
    '/a b',
    '/\xef\xbc\x8e\xef\xbc\x8e/secret.txt',
    '\\..\\secret.txt',
  ];
  for (const target of raw) {
    const bytes = await exchange(server.port, `GET ${target} HTTP/1.1\r\nHost: localhost\r\nConnection: close\r\n\r\n`);
    assert.match(bytes.toString('latin1'), /^HTTP\/1\.1 4/, JSON.stringify(target));
    assert.ok(!bytes.includes(CANARY));
  }
});

describe('redirects', () => {
  test('never lead to another host', async () => {
    await using folder = await fixture({ 'evil.test/a.txt': '', 'a/evil.test/index.html': '', 'x.html': '' });
    const files = createStaticFiles({ root: folder.path });
    await using server = await serve((req, res) => void files.serve(req, res));
    const attempts = [
      '//evil.test',
      '/%2fevil.test',
      '/\\evil.test',
      '/%5cevil.test',
      '//evil.test/..',
      '/a//evil.test',
      '///evil.test',
      '/.//evil.test',
    ];
    for (const target of attempts) {
      const answer = await server.get(target);
      assert.equal(answer.headers['location'], undefined, target);
    }
    for (const target of ['/evil.test', '/a/evil.test?//evil.test', '/x/']) {
      const location = (await server.get(target)).headers['location'] ?? '';
      assert.equal(new URL(location, server.url).origin, server.url, target);
      assert.match(location, /^\/[^/\\]/);
    }
  });

  test('cannot be made to carry a header', async () => {
    await using folder = await fixture({ 'a\r\nSet-Cookie: b/x.txt': '', 'dir/x.txt': '' });
    const files = createStaticFiles({ root: folder.path });
    await using server = await serve((req, res) => void files.serve(req, res));
    for (const target of ['/a%0d%0aSet-Cookie:%20b', '/dir?a%0d%0aSet-Cookie:b']) {
      assert.equal((await server.get(target)).headers['set-cookie'], undefined);
    }
  });
});

test('a folder whose name the root begins with is another folder', async () => {
  await using folder = await hostileFolder();
  const files = createStaticFiles({ root: folder.resolve('app') });
  assert.deepEqual(await files.lookup('/other/secret.txt'), { kind: 'none' });
  assert.deepEqual(await files.lookup('/up/app2/secret.txt'), { kind: 'none' });
});
