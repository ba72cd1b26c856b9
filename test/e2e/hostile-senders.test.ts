/**
 * Senders that are no page of ours: foreign hosts and origins, no token, bytes that are no request, clients that leave halfway.
 */
import assert from 'node:assert/strict';
import { once } from 'node:events';
import net from 'node:net';
import { test } from 'node:test';
import { withDeadline } from '../harness/diagnostics.ts';
import { SCRIPT } from '../harness/server.ts';
import { startTarget } from './hostile-support.ts';

test('foreign hosts, origins and sites are refused everywhere; without the token nothing is done', async (t) => {
  const { ask, token, server, assertWell } = await startTarget(t);
  for (const host of ['evil.test', 'localhost.evil.test', 'evil.test:80', 'localhost@evil.test', 'a b', '[::1', 'localhost:99999']) {
    for (const target of ['/', '/main.ts', '/changes', '/@hmr-dev/client.js', '/@hmr-dev/sync']) {
      const { status, text } = await ask(target, { headers: { Host: host } });
      assert.ok(status === 403 || status === 400, `${host} ${target}: ${status}`);
      assert.doesNotMatch(text, /token|reached/);
    }
  }
  const foreign: Record<string, string>[] = [
    { Origin: 'null' },
    { Origin: 'http://evil.test' },
    { Origin: `http://localhost:${server.port + 1}` },
    { Origin: 'http://192.0.2.77' },
    { 'Sec-Fetch-Site': 'cross-site' },
    { 'Sec-Fetch-Site': 'same-site' },
    { Origin: 'garbage' },
    { Origin: '' },
  ];
  for (const headers of foreign) {
    for (const target of ['/changes', '/changes?since=x-1', '/@hmr-dev/client.js', '/@hmr-dev/updates/x-1.js', '/@hmr-dev/sync']) {
      const method = target.endsWith('sync') ? 'POST' : 'GET';
      const { status } = await ask(target, { method, headers: { ...headers, 'x-hmr-dev-token': token } });
      assert.equal(status, 403, `${JSON.stringify(headers)} ${target}`);
    }
    const file = await ask('/main.ts', { headers: { ...SCRIPT, ...headers } });
    assert.equal(file.headers['access-control-allow-origin'], undefined);
    assert.equal(file.headers['cross-origin-resource-policy'], 'same-origin');
  }
  const tokens: Record<string, string>[] = [
    {},
    { 'x-hmr-dev-token': '' },
    { 'x-hmr-dev-token': `${token}x` },
    { 'x-hmr-dev-token': token.toUpperCase() },
  ];
  for (const headers of tokens) {
    for (const target of ['sync', 'open', 'report', 'send', 'outcome'])
      assert.equal((await ask(`/@hmr-dev/${target}`, { method: 'POST', headers, body: '{}' })).status, 403);
  }
  for (const method of ['PUT', 'DELETE', 'PATCH', 'OPTIONS', 'TRACE']) {
    for (const target of ['/', '/main.ts', '/changes', '/@hmr-dev/sync', '/@hmr-dev/client.js'])
      assert.ok((await ask(target, { method })).status >= 400, `${method} ${target}`);
  }
  await assertWell();
});

test('bytes that are no request, ids that are none, and clients that leave halfway do no harm', async (t) => {
  const { server, ask, assertWell } = await startTarget(t);
  const send = async (bytes: string): Promise<void> => {
    const socket = net.connect(server.port, 'localhost');
    socket.on('error', () => undefined); // A reset is as good an answer as any.
    const closed = new Promise((resolve) => socket.once('close', resolve));
    await once(socket, 'connect');
    socket.write(bytes, 'latin1');
    socket.end();
    socket.resume();
    await withDeadline(closed, `the end of ${bytes.slice(0, 40)}`);
  };
  const lines = [
    'GET http://evil.test/ HTTP/1.1',
    'GET * HTTP/1.1',
    'GET ../secret.txt HTTP/1.1',
    'GET /\xff\xfe HTTP/1.1',
    'GET /a\\b HTTP/1.1',
    'GET /%00 HTTP/1.1',
    'GET /%ff%fe HTTP/1.1',
    'GET /%%% HTTP/1.1',
    `GET /${'a'.repeat(15_000)} HTTP/1.1`,
    `GET /${'a/'.repeat(5000)} HTTP/1.1`,
    'CONNECT localhost:1 HTTP/1.1',
    'POST /@hmr-dev/sync HTTP/1.1\r\nContent-Length: 100',
    'GET /main.ts HTTP/1.1\r\nRange: bytes=9-1,,x',
    'GET /main.ts HTTP/1.1\r\nIf-None-Match: ",,"',
  ];
  for (const line of lines) await send(`${line}\r\nHost: localhost:${server.port}\r\nConnection: close\r\n\r\n`);
  await send('\x16\x03\x01\x02\x00\x01');
  for (const id of ['', 'x', '../../secret', '__proto__', '%00', '-1', `x-${'9'.repeat(400)}`]) {
    assert.equal((await ask(`/@hmr-dev/updates/${id}.js`)).status, 404, id);
    const stream = await fetch(server.url(`/changes?since=${id}`), { headers: { 'Last-Event-ID': id.replace(/[^ -~]/g, '') } });
    await stream.body?.cancel();
    assert.equal(stream.status, 200);
  }
  for (const target of ['/@hmr-dev/', '/@hmr-dev/x', '/@hmr-dev/../main.ts', '/@hmr-dev/style.js', '/@hmr-dev/empty.js'])
    assert.ok((await ask(target)).status >= 400, target);
  await assertWell();
});
