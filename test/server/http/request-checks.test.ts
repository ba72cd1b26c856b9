import assert from 'node:assert/strict';
import { describe, test } from 'node:test';
import type { IncomingMessage } from 'node:http';
import { checkFileMethod, createRequestChecks, isSameOrigin, sendRefusal } from '../../../src/server/http/request-checks.ts';
import { serve, type TestServer } from './raw-http.ts';

/** A server that answers with what a function says of the request. */
async function asking(question: (req: IncomingMessage) => unknown): Promise<TestServer> {
  return serve((req, res) => res.end(JSON.stringify(question(req) ?? null)));
}

describe('Host', () => {
  const check = createRequestChecks({ allowedHosts: ['Dev.Example.test', '.wild.test', 'box.'] });
  const statusFor = async (host: string): Promise<number> => {
    await using server = await asking((req) => check(req)?.status ?? 200);
    return Number((await server.get('/', { Host: host })).text);
  };

  const allowed = [
    'localhost',
    'localhost:3000',
    'LOCALHOST',
    'a.localhost:80',
    'a.b.localhost',
    'localhost.',
    '127.0.0.1',
    '127.0.0.1:5173',
    '10.0.0.7',
    '[::1]',
    '[::1]:3000',
    '[fe80::1]',
    '[::ffff:127.0.0.1]',
    'dev.example.test',
    'DEV.example.test:8080',
    'wild.test',
    'a.b.wild.test',
    'box',
    'box.',
  ];
  for (const host of allowed) test(`allowed: ${host}`, async () => assert.equal(await statusFor(host), 200));

  const foreign = [
    'evil.test',
    'evil.test:3000',
    'localhost.evil.test',
    'evil-localhost',
    'notlocalhost',
    'xdev.example.test',
    'a.dev.example.test',
    '127.0.0.1.nip.io',
    '127.1',
    '0x7f000001',
    'xwild.test',
    '127.0.0.256',
    'box.evil',
    '2130706433',
  ];
  for (const host of foreign) test(`foreign: ${host}`, async () => assert.equal(await statusFor(host), 403));

  const malformed = [
    '',
    ' ',
    'a b',
    'user@localhost',
    'localhost:99999',
    'localhost:',
    'localhost:x',
    'localhost/',
    'localhost/a',
    '[::1',
    '::1',
    '[localhost]',
    '[]',
    'localhost, evil.test',
    'http://localhost',
    '.localhost',
    'a..localhost',
    'localhost?',
    'localhost#',
    'local%68ost',
    '[::1]x',
    'loé',
    '[1:2]',
  ];
  for (const host of malformed) test(`malformed: ${JSON.stringify(host)}`, async () => assert.equal(await statusFor(host), 400));

  test('missing (HTTP/1.0) or sent twice', async () => {
    await using server = await asking((req) => check(req)?.status);
    assert.equal((await server.send('GET / HTTP/1.0\r\n\r\n')).text, '400');
    assert.match((await server.send('GET / HTTP/1.1\r\nHost: localhost\r\nHost: evil.test\r\nConnection: close\r\n\r\n')).text, /400/);
  });

  test('the refusal says in one line how to allow the host', async () => {
    await using server = await serve((req, res) => {
      const refusal = check(req);
      if (refusal) sendRefusal(req, res, refusal);
      else res.end('passed');
    });
    const answer = await server.get('/', { Host: 'my.tunnel.test:80' });
    assert.equal(answer.status, 403);
    assert.equal(answer.text, 'Host "my.tunnel.test" is not allowed. If this name is yours, start with --allowed-hosts my.tunnel.test\n');
    assert.equal(answer.headers['x-content-type-options'], 'nosniff');
    assert.equal(answer.headers['cross-origin-resource-policy'], 'same-origin');
    assert.equal(answer.headers['access-control-allow-origin'], undefined);
    const head = await server.get('/', { Host: 'my.tunnel.test' }, 'HEAD');
    assert.deepEqual([head.status, head.body.length], [403, 0]);
  });
});

describe('same origin', () => {
  const cases: [expected: boolean, headers: Record<string, string>][] = [
    [true, {}],
    [true, { Host: 'localhost:3000', Origin: 'http://localhost:3000' }],
    [true, { Host: 'localhost', Origin: 'http://localhost' }],
    [true, { Host: 'localhost:80', Origin: 'http://localhost' }],
    [true, { Host: 'LOCALHOST:3000', Origin: 'http://localhost:3000' }],
    [true, { Host: 'my.tunnel.test', Origin: 'https://my.tunnel.test' }],
    [true, { Host: '[::1]:3000', Origin: 'http://[::1]:3000' }],
    [true, { 'Sec-Fetch-Site': 'same-origin' }],
    [true, { 'Sec-Fetch-Site': 'none' }],
    [true, { Host: 'localhost:3000', Origin: 'http://localhost:3000', 'Sec-Fetch-Site': 'same-origin' }],
    [false, { Host: 'localhost:3000', Origin: 'http://localhost:4000' }],
    [false, { Host: 'localhost:3000', Origin: 'http://127.0.0.1:3000' }],
    [false, { Host: 'localhost:3000', Origin: 'http://10.0.0.9:3000' }],
    [false, { Host: 'localhost:3000', Origin: 'http://localhost' }],
    [false, { Host: 'localhost:3000', Origin: 'http://evil.test' }],
    [false, { Host: 'localhost:3000', Origin: 'null' }],
    [false, { Host: 'localhost:3000', Origin: '' }],
    [false, { Host: 'localhost:3000', Origin: 'localhost:3000' }],
    [false, { Host: 'localhost:3000', Origin: 'http://localhost:3000/' }],
    [false, { Host: 'localhost:3000', Origin: 'http://localhost:3000@evil.test' }],
    [false, { Host: 'localhost:3000', Origin: 'http://evil.test?localhost:3000' }],
    [false, { Host: 'localhost:3000', Origin: 'http://localhost:3000 http://evil.test' }],
    [false, { Host: 'localhost:3000', Origin: 'file://localhost:3000' }],
    [false, { Host: 'localhost:3000', Origin: 'chrome-extension://abcdef' }],
    [false, { Host: 'localhost:3000', Origin: 'http://localhost:99999' }],
    [false, { Host: 'x@localhost:3000', Origin: 'http://localhost:3000' }],
    [false, { 'Sec-Fetch-Site': 'cross-site' }],
    [false, { 'Sec-Fetch-Site': 'same-site' }],
    [false, { 'Sec-Fetch-Site': 'nonsense' }],
    [false, { Host: 'localhost:3000', Origin: 'http://localhost:3000', 'Sec-Fetch-Site': 'cross-site' }],
  ];
  for (const [expected, headers] of cases) {
    test(`${expected ? 'yes' : 'no'}: ${JSON.stringify(headers)}`, async () => {
      await using server = await asking(isSameOrigin);
      assert.equal((await server.get('/', headers)).text, String(expected));
    });
  }
});

describe('methods', () => {
  for (const method of ['GET', 'HEAD', 'POST', 'PUT', 'DELETE', 'PATCH', 'OPTIONS', 'PROPFIND']) {
    test(method, async () => {
      await using server = await serve((req, res) => {
        const refusal = checkFileMethod(req);
        if (refusal) sendRefusal(req, res, refusal);
        else res.end();
      });
      const answer = await server.get('/', {}, method);
      const isRead = method === 'GET' || method === 'HEAD';
      assert.equal(answer.status, isRead ? 200 : 405);
      if (!isRead) assert.equal(answer.headers['allow'], 'GET, HEAD');
    });
  }
});
