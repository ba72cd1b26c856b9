/** The proxy between a real client and a real target. */
import assert from 'node:assert/strict';
import { once } from 'node:events';
import http, { type IncomingMessage, type ServerResponse } from 'node:http';
import net from 'node:net';
import { describe, test } from 'node:test';
import { createProxy, type Proxy } from '../../../src/server/http/proxy.ts';
import type { ProxyTarget } from '../../../src/server/http/proxy-request.ts';
import { handleUpgrades } from '../../../src/server/http/upgrade.ts';
import { stablePort } from '../../harness/ports.ts';
import { exchange, parseAnswer, serve, type TestServer } from './raw-http.ts';

interface Front extends AsyncDisposable {
  readonly front: TestServer;
  readonly target: TestServer;
  readonly proxy: Proxy;
  readonly warnings: string[];
  readonly faults: unknown[];
}

/** A target, and a server that proxies `/api` to it and answers `ours` to everything else. */
async function proxied(
  answer: (req: IncomingMessage, res: ServerResponse) => void,
  options: Omit<ProxyTarget, 'target'> = {},
  targetPort?: number,
): Promise<Front> {
  const target = await serve(answer, targetPort);
  const warnings: string[] = [];
  const faults: unknown[] = [];
  const proxy = createProxy({ targets: { '/api': { target: target.url, ...options } }, warn: (message) => warnings.push(message) });
  const handler = (req: IncomingMessage, res: ServerResponse): void => {
    proxy.handle(req, res).then(
      (isHandled) => isHandled || res.end('ours'),
      (error: unknown) => res.writeHead(500).end(String(error)),
    );
  };
  const front = await serve(handler);
  handleUpgrades(front.server, { check: () => null, upgrade: proxy.upgrade, handler, onError: (error) => faults.push(error) });
  return {
    front,
    target,
    proxy,
    warnings,
    faults,
    async [Symbol.asyncDispose]() {
      proxy.close();
      await front[Symbol.asyncDispose]();
      if (target.server.listening) await target[Symbol.asyncDispose]();
    },
  };
}

const echo = async (req: IncomingMessage, res: ServerResponse): Promise<void> => {
  const body = (await req.setEncoding('utf8').toArray()).join('');
  res.setHeader('Content-Type', 'application/json');
  res.end(JSON.stringify({ method: req.method, url: req.url, host: req.headers.host, body, headers: req.headers }));
};

/** A target that speaks a protocol of its own after the upgrade: it says hello and sends everything back. */
function echoUpgrades({ server }: TestServer): void {
  server.on('upgrade', (_req, socket, head) => {
    socket.write('HTTP/1.1 101 Switching Protocols\r\nUpgrade: echo\r\nConnection: Upgrade\r\nX-Case: Kept\r\n\r\nhello ');
    socket.write(head);
    socket.on('data', (chunk: Buffer) => void socket.write(chunk));
    socket.on('end', () => socket.end('bye'));
    socket.on('error', () => {});
  });
}

/** Something that happens once. */
function signal(): { readonly promise: Promise<void>; give(): void } {
  let give = (): void => {};
  const promise = new Promise<void>((resolve) => (give = resolve));
  return { promise, give: () => give() };
}

const UPGRADE = 'Host: x\r\nConnection: Upgrade\r\nUpgrade: echo\r\n\r\n';

describe('a request', () => {
  test('arrives with method, query, headers and body, and the Host of the target', async () => {
    await using all = await proxied((req, res) => void echo(req, res));
    const answer = await fetch(`${all.front.url}/api/x?y=%2F`, { method: 'PUT', body: 'text', headers: { 'X-Own': '1' } });
    const seen = (await answer.json()) as { headers: Record<string, string> };
    assert.deepEqual(
      { ...seen, headers: {} },
      { method: 'PUT', url: '/api/x?y=%2F', host: `127.0.0.1:${all.target.port}`, body: 'text', headers: {} },
    );
    assert.deepEqual(
      [seen.headers['x-own'], seen.headers['x-forwarded-for'], seen.headers['x-forwarded-host'], seen.headers['x-forwarded-proto']],
      ['1', '127.0.0.1', `127.0.0.1:${all.front.port}`, 'http'],
    );
    assert.equal(await (await fetch(`${all.front.url}/apix`)).text(), 'ours');
  });

  for (const method of ['DELETE', 'POST'])
    test(`a body of unknown length is one for ${method}`, async () => {
      await using all = await proxied((req, res) => void echo(req, res));
      const text = `${method} /api HTTP/1.1\r\nHost: x\r\nTransfer-Encoding: chunked\r\nConnection: close\r\n\r\n3\r\nabc\r\n0\r\n\r\n`;
      assert.match((await all.front.send(text)).text, /"body":"abc"/);
    });

  test('that waits for leave to send its body gets it from us', async () => {
    await using all = await proxied((req, res) => void echo(req, res));
    const { text } = await all.front.send(
      'POST /api HTTP/1.1\r\nHost: x\r\nExpect: 100-continue\r\nContent-Length: 1\r\nConnection: close\r\n\r\na',
    );
    assert.match(text, /"body":"a"/);
  });

  for (const target of ['/api/../x', '/api/%2e%2E/x', '/api/é', '/api/\\x'])
    test(`${target} is refused before the target sees it`, async () => {
      await using all = await proxied(() => assert.fail('asked'));
      assert.equal((await all.front.get(target)).status, 400);
    });

  for (const target of ['/changes', '/changes?x', '/@hmr-dev/client.js'])
    test(`${target} is never proxied`, async () => {
      const proxy = createProxy({ targets: { '/': { target: 'http://127.0.0.1:1' } }, warn: () => {} });
      await using front = await serve((req, res) => void proxy.handle(req, res).then((isHandled) => res.end(String(isHandled))));
      assert.equal((await front.get(target)).text, 'false');
    });

  test('that a rewrite fails on is a fault of ours', async () => {
    const rewrite = (): string => {
      throw new Error('no such path');
    };
    await using all = await proxied(() => assert.fail('asked'), { rewrite });
    assert.equal((await all.front.get('/api')).status, 500);
    assert.equal((await all.front.send(`GET /api HTTP/1.1\r\n${UPGRADE}`)).status, 500);
    assert.match(String(all.faults), /no such path/);
  });

  test('that would go round for ever ends', async () => {
    const warnings: string[] = [];
    await using front = await serve((req, res) => void proxy.handle(req, res));
    const proxy = createProxy({ targets: { '/': { target: front.url } }, warn: (message) => warnings.push(message) });
    assert.equal((await front.get('/x')).status, 508);
    assert.deepEqual(warnings, []);
  });
});

describe('an answer', () => {
  test('comes back as it is: status, headers, cookies, redirects', async () => {
    await using all = await proxied((_req, res) => {
      res.setHeader('Set-Cookie', ['a=1', 'b=2']);
      res.writeHead(307, 'Over There', { Location: 'http://elsewhere.test/', 'X-Own': '1' });
      res.end('<head></head>');
    });
    const raw = (await exchange(all.front.port, 'GET /api HTTP/1.1\r\nHost: x\r\nConnection: close\r\n\r\n')).toString('latin1');
    assert.match(raw, /^HTTP\/1\.1 307 Over There\r\n/);
    for (const line of ['set-cookie: a=1', 'set-cookie: b=2', 'location: http://elsewhere.test/', 'x-own: 1'])
      assert.ok(raw.includes(`\r\n${line}\r\n`), raw);
    assert.match(raw, /<head><\/head>/);
  });

  test('of events comes when they come', async () => {
    let send: ServerResponse | undefined;
    await using all = await proxied((_req, res) => {
      res.writeHead(200, { 'Content-Type': 'text/event-stream' });
      res.flushHeaders();
      send = res;
    });
    const answer = await fetch(`${all.front.url}/api/events`);
    const reader = answer.body?.getReader();
    for (const text of ['data: 1\n\n', 'data: 2\n\n']) {
      send?.write(text);
      assert.equal(Buffer.from((await reader?.read())?.value ?? []).toString(), text);
    }
    await reader?.cancel();
  });

  test('that breaks off breaks off', async () => {
    await using all = await proxied((_req, res) => {
      res.writeHead(200, { 'Content-Length': 10 });
      res.write('half', () => res.destroy());
    });
    await assert.rejects((await fetch(`${all.front.url}/api`)).text());
    assert.deepEqual(all.warnings, []);
  });

  test('to what nobody reads to its end is given up, at the target too', async () => {
    const seen = signal();
    await using all = await proxied((req, res) => {
      res.writeHead(200).write('x');
      req.socket.on('close', () => seen.give());
    });
    const controller = new AbortController();
    await fetch(`${all.front.url}/api`, { signal: controller.signal });
    controller.abort();
    await seen.promise;
    assert.deepEqual(all.warnings, []);
  });
});

test('an upload and its answer are streams: 300 MB pass through little memory', async () => {
  await using all = await proxied((req, res) => {
    let sizeBytes = 0;
    req.on('data', (chunk: Buffer) => (sizeBytes += chunk.length));
    req.on('end', () => res.end(String(sizeBytes)));
  });
  const chunk = Buffer.alloc(1 << 20);
  const before = process.memoryUsage().arrayBuffers;
  let most = 0;
  const req = http.request(`${all.front.url}/api/upload`, { method: 'POST' });
  const answered = once(req, 'response') as Promise<[IncomingMessage]>;
  for (let sent = 0; sent < 300; sent++) {
    if (!req.write(chunk)) await once(req, 'drain');
    most = Math.max(most, process.memoryUsage().arrayBuffers - before);
  }
  req.end();
  const [res] = await answered;
  assert.equal((await res.setEncoding('utf8').toArray()).join(''), String(300 << 20));
  assert.ok(most < 100 << 20, `${most} bytes`);
});

describe('a target that is down', () => {
  test('is a 502 with a text, told once until it has answered again', async () => {
    const port = await stablePort();
    await using all = await proxied((_req, res) => res.end('up'), {}, port);
    await all.target[Symbol.asyncDispose]();
    for (let times = 0; times < 3; times++) {
      const { status, text } = await all.front.get('/api/x');
      assert.deepEqual([status, text], [502, `http://127.0.0.1:${port} does not answer (ECONNREFUSED). Is it running?\n`]);
    }
    assert.deepEqual(all.warnings, [`http://127.0.0.1:${port}, where /api is proxied to, does not answer (ECONNREFUSED).`]);
    const again = await serve((_req, res) => res.end('up'), port);
    assert.equal((await all.front.get('/api/x')).text, 'up');
    await again[Symbol.asyncDispose]();
    assert.equal((await all.front.get('/api/x')).status, 502);
    assert.equal(all.warnings.length, 2);
  });

  test('in the middle of an upload is a 502 too', async () => {
    await using all = await proxied((req) => req.socket.destroy());
    const answer = await fetch(`${all.front.url}/api`, { method: 'POST', body: Buffer.alloc(1 << 20) });
    assert.equal(answer.status, 502);
  });

  test('refuses a WebSocket in the same words', async () => {
    await using all = await proxied(() => {});
    await all.target[Symbol.asyncDispose]();
    const { status, text } = await all.front.send(`GET /api HTTP/1.1\r\n${UPGRADE}`);
    assert.deepEqual([status, text.replace(/^\S+/, '')], [502, ' does not answer (ECONNREFUSED). Is it running?\n']);
    assert.equal(all.warnings.length, 1);
  });
});

describe('an upgrade', () => {
  test('is a connection to the target, in both directions', async () => {
    await using all = await proxied(() => assert.fail('no upgrade'));
    echoUpgrades(all.target);
    const socket = net.connect(all.front.port, '127.0.0.1');
    const received = socket.setEncoding('latin1').toArray();
    socket.write(`GET /api/socket HTTP/1.1\r\n${UPGRADE}early `);
    await once(socket, 'readable');
    socket.end('late ');
    const raw: string = (await received).join('');
    assert.match(raw, /^HTTP\/1\.1 101 Switching Protocols\r\n[^]*X-Case: Kept\r\n\r\nhello early late bye$/);
  });

  test('that the target refuses is answered so', async () => {
    await using all = await proxied((_req, res) => res.writeHead(401, { 'X-Why': 'token', 'Content-Length': 12 }).end('who are you?'));
    const { status, text, headers } = await all.front.send(`GET /api/socket HTTP/1.1\r\n${UPGRADE}`);
    assert.deepEqual([status, text, headers['x-why']], [401, 'who are you?', 'token']);
  });

  test('that nobody takes is an ordinary request', async () => {
    await using all = await proxied(() => assert.fail('asked'));
    assert.equal((await all.front.send(`GET /other HTTP/1.1\r\n${UPGRADE}`)).text, 'ours');
    assert.equal((await all.front.send(`POST /other HTTP/1.1\r\nContent-Length: 1\r\n${UPGRADE}x`)).status, 501);
  });

  test('ends when the client goes, and when the proxy is closed', async () => {
    await using all = await proxied(() => assert.fail('no upgrade'));
    for (const leave of [(socket: net.Socket) => socket.destroy(), () => all.proxy.close()]) {
      const gone = signal();
      all.target.server.once('upgrade', (_req, socket) => {
        socket.write('HTTP/1.1 101 Switching Protocols\r\n\r\n');
        socket.on('error', () => {});
        socket.on('end', () => socket.end());
        socket.on('close', () => gone.give());
        socket.resume();
      });
      const socket = net.connect(all.front.port, '127.0.0.1').on('error', () => {});
      socket.write(`GET /api HTTP/1.1\r\n${UPGRADE}`);
      await once(socket, 'data');
      leave(socket);
      await gone.promise;
    }
    assert.deepEqual(all.warnings, []);
  });
});

test('closing ends a request that the target has not answered, without blaming the target', async () => {
  const asked = signal();
  await using all = await proxied(() => asked.give());
  const answer = exchange(all.front.port, 'GET /api HTTP/1.1\r\nHost: x\r\n\r\n');
  await asked.promise;
  all.proxy.close();
  assert.equal(parseAnswer(await answer).status, 0);
  assert.deepEqual(all.warnings, []);
});

describe('a target that speaks no HTTP that could be handed on', () => {
  for (const [name, answer] of [
    ['a control character in the status line', 'HTTP/1.1 200 O\u0001K\r\nContent-Length: 0\r\n\r\n'],
    ['a status that is none', 'HTTP/1.1 099 X\r\nContent-Length: 0\r\n\r\n'],
    ['a protocol that nobody asked for', 'HTTP/1.1 101 Switching Protocols\r\nConnection: Upgrade\r\nUpgrade: x\r\n\r\n'],
  ] as const) {
    test(name, async () => {
      const target = net.createServer((socket) => socket.on('error', () => {}).once('data', () => socket.write(answer)));
      await once(target.listen(0, '127.0.0.1'), 'listening');
      const { port } = target.address() as net.AddressInfo;
      const proxy = createProxy({ targets: { '/api': { target: `http://127.0.0.1:${port}` } }, warn: () => undefined });
      await using front = await serve((req, res) => void proxy.handle(req, res));
      assert.equal((await fetch(`${front.url}/api/x`, { headers: { connection: 'close' } })).status, 502);
      proxy.close();
      target.close();
    });
  }
});

test('the length of a body stays, whatever Connection names', async () => {
  await using site = await proxied((req, res) => void echo(req, res));
  const body = 'GET /admin HTTP/1.1\r\nHost: x\r\n\r\n';
  const raw = `POST /api/a HTTP/1.1\r\nHost: x\r\nConnection: close, content-length\r\nContent-Length: ${body.length}\r\n\r\n${body}`;
  const { body: text } = parseAnswer(await exchange(site.front.port, raw));
  assert.equal((JSON.parse(text.toString()) as { body: string }).body, body);
});
