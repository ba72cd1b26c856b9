import assert from 'node:assert/strict';
import { EventEmitter, once } from 'node:events';
import http from 'node:http';
import net from 'node:net';
import { describe, it } from 'node:test';
import type { ErrorReport, UpdateEvent } from '../../../src/protocol.ts';
import type { PublishedEvent } from '../../../src/server/hot/hub.ts';
import { startHub, type StreamEvent } from './hub-server.ts';
import { createTestClock } from './test-clock.ts';

function update(...files: string[]): Omit<UpdateEvent, 'id'> {
  const changes = files.map((file) => ({ kind: 'asset', url: `/${file}`, hash: 'h' }) as const);
  return { type: 'update', changes, cause: files, timings: { batchMs: 1, compileMs: 2 } };
}

const custom = (data: unknown): PublishedEvent => ({ type: 'custom', event: 'x', data });

function json(event: StreamEvent | undefined): Record<string, unknown> {
  return JSON.parse(event?.data ?? 'null') as Record<string, unknown>;
}

const names = (events: readonly StreamEvent[]): string[] => events.map(({ name, id }) => `${name} ${id}`);

describe('the wire', () => {
  it('answers as a stream that nobody keeps, packs or embeds', async (t) => {
    const { connect } = await startHub(t);
    const client = await connect();
    const { res } = client;
    assert.equal(res.statusCode, 200);
    assert.equal(res.headers['content-type'], 'text/event-stream');
    assert.match(res.headers['cache-control'] ?? '', /\bno-store\b/);
    assert.equal(res.headers['x-accel-buffering'], 'no');
    assert.equal(res.headers['x-content-type-options'], 'nosniff');
    assert.equal(res.headers['cross-origin-resource-policy'], 'same-origin');
    assert.equal(res.headers['content-encoding'], undefined);
    assert.equal(res.headers['access-control-allow-origin'], undefined);
    await client.until(1);
    assert.match(client.text, /^retry: 500\n/);
    assert.ok(!client.text.includes('\r'));
  });
  it('answers HEAD with the headers alone, and counts no client', async (t) => {
    const { hub, port } = await startHub(t);
    const res = await fetch(`http://127.0.0.1:${port}/changes`, { method: 'HEAD' });
    assert.deepEqual([res.status, res.headers.get('content-type'), await res.text()], [200, 'text/event-stream', '']);
    assert.equal(hub.size, 0);
  });
  it('says hello first, with the errors that stand now', async (t) => {
    const error: ErrorReport = { key: 'k', kind: 'build', title: 'Syntax error', message: 'line one\nline two' };
    let errors: ErrorReport[] = [];
    const { hub, connect } = await startHub(t, { errors: () => errors });
    const first = await connect();
    const hello = { type: 'hello', epoch: 'e1', sequence: 0, root: 'app', token: 'secret', resumed: false, errors: [] };
    assert.deepEqual(json((await first.until(1))[0]), hello);
    errors = [error];
    hub.publish({ type: 'error', errors });
    const second = await connect();
    assert.deepEqual(json((await second.until(1))[0]), { ...hello, sequence: 1, errors });
    assert.deepEqual(names(second.events), ['hello e1-1']);
  });
  it('greets everybody anew: from before that nobody resumes', async (t) => {
    let errors: ErrorReport[] = [];
    const { hub, connect } = await startHub(t, { errors: () => errors });
    const client = await connect();
    hub.publish(update('a.js'));
    await client.until(2);
    errors = [{ key: 'k', kind: 'build', title: 'Syntax error', message: 'x' }];
    hub.greet();
    const hello = json((await client.until(3))[2]);
    assert.deepEqual(
      [hello['type'], hello['epoch'], hello['sequence'], hello['resumed'], hello['errors']],
      ['hello', 'e1', 2, false, errors],
    );
    const late = await connect({ headers: { 'Last-Event-ID': 'e1-1' } });
    assert.equal(json((await late.until(1))[0])['resumed'], false);
    const level = await connect({ headers: { 'Last-Event-ID': 'e1-2' } });
    hub.publish(update('b.js'));
    assert.equal(json((await level.until(1))[0])['resumed'], true);
    assert.deepEqual(names(await client.until(4)).slice(1), ['update e1-1', 'hello e1-2', 'update e1-3']);
  });
  it('sends an update, and the plain contract after it under the same id', async (t) => {
    const { hub, connect } = await startHub(t);
    const client = await connect();
    await client.until(1);
    assert.equal(hub.nextId, 'e1-1');
    assert.equal(hub.publish(update('view.js', 'sub/a.js'), ['view.js', 'sub/a.js']), 'e1-1');
    assert.equal(hub.lastId, 'e1-1');
    await client.until(4);
    assert.deepEqual(names(client.events), ['hello e1-0', 'update e1-1', 'message e1-1', 'message e1-1']);
    assert.deepEqual(json(client.events[1]), { ...update('view.js', 'sub/a.js'), id: 'e1-1' });
    assert.deepEqual(
      client.events.slice(2).map(({ data }) => data),
      ['"view.js"', '"sub/a.js"'],
    );
    assert.ok(
      client.text.endsWith(
        'event: update\nid: e1-1\ndata: ' + client.events[1]?.data + '\n\nid: e1-1\ndata: "view.js"\n\nid: e1-1\ndata: "sub/a.js"\n\n',
      ),
    );
  });
  it('names every event by its type', async (t) => {
    const { hub, connect } = await startHub(t);
    const client = await connect();
    hub.publish({ type: 'reload', reason: 'key r' });
    hub.publish({ type: 'error', errors: [] });
    hub.publish({ type: 'fixed' });
    hub.publish(custom([1]));
    await client.until(5);
    assert.deepEqual(names(client.events).slice(1), ['reload e1-1', 'error e1-2', 'fixed e1-3', 'custom e1-4']);
    assert.deepEqual(json(client.events[4]), { type: 'custom', event: 'x', data: [1] });
  });
  it('keeps line breaks, other scripts and half characters inside one data line', async (t) => {
    const { hub, connect } = await startHub(t);
    const client = await connect();
    const data = 'a\nb\r\nc\rd\u2028e\u2029\u0000 é 漢 👍\n\nevent: reload\ndata: {}\n\n';
    hub.publish(custom(data), ['odd\nname "x".js', 'ü/漢.js']);
    await client.until(4);
    assert.equal(json(client.events[1])['data'], data);
    assert.deepEqual(
      client.events.slice(2).map((event) => JSON.parse(event.data) as unknown),
      ['odd\nname "x".js', 'ü/漢.js'],
    );
    hub.publish(custom('\ud83d'));
    await client.until(5);
    assert.equal(json(client.events[4])['data'], '\ud83d');
  });
  it('what cannot be sent is the caller’s error, and takes no id', async (t) => {
    const { hub } = await startHub(t);
    const ring: Record<string, unknown> = {};
    ring['self'] = ring;
    assert.throws(() => hub.publish(custom(ring)), TypeError);
    assert.equal(hub.lastId, 'e1-0');
    assert.equal(hub.publish(custom(1)), 'e1-1');
  });
});

describe('coming back', () => {
  const publishFive = (hub: { publish: (event: PublishedEvent, plain?: string[]) => string }): void => {
    for (let n = 1; n <= 5; n++) hub.publish(update(`f${n}.js`), [`f${n}.js`]);
  };

  for (const [how, options] of [
    ['Last-Event-ID', { headers: { 'Last-Event-ID': 'e1-3' } }],
    ['?since=', { query: '?since=e1-3' }],
    ['Last-Event-ID before an older ?since=', { query: '?since=e1-0', headers: { 'Last-Event-ID': 'e1-3' } }],
  ] as const) {
    it(`${how}: what was missed follows the hello`, async (t) => {
      const { hub, connect } = await startHub(t);
      publishFive(hub);
      const client = await connect(options);
      await client.until(5);
      assert.deepEqual(names(client.events), ['hello e1-3', 'update e1-4', 'message e1-4', 'update e1-5', 'message e1-5']);
      assert.equal(json(client.events[0])['resumed'], true);
      assert.equal(json(client.events[0])['sequence'], 5);
      hub.publish(update('next.js'));
      await client.until(6);
      assert.equal(client.events[5]?.id, 'e1-6');
    });
  }
  it('from the very beginning, and with nothing missed', async (t) => {
    const { hub, connect } = await startHub(t);
    const early = await connect({ query: '?since=e1-0' });
    await early.until(1);
    assert.equal(json(early.events[0])['resumed'], true);
    publishFive(hub);
    const late = await connect({ query: '?since=e1-0' });
    assert.equal((await late.until(11)).length, 11);
    const level = await connect({ query: '?since=e1-5' });
    await level.until(1);
    assert.deepEqual([json(level.events[0])['resumed'], level.events[0]?.id], [true, 'e1-5']);
  });
  for (const since of ['e0-3', 'e1-6', 'e1-x', 'e1-', 'e1--1', '3', 'e1-3;x', 'e1-99999999999999999999', '"e1-3"', '', ' '.repeat(3000)]) {
    it(`${JSON.stringify(since.slice(0, 30))} is not trusted`, async (t) => {
      const { hub, connect } = await startHub(t);
      publishFive(hub);
      const client = await connect({ query: `?since=${encodeURIComponent(since)}` });
      hub.publish({ type: 'fixed' });
      await client.until(2);
      assert.deepEqual(names(client.events), ['hello e1-5', 'fixed e1-6']);
      assert.equal(json(client.events[0])['resumed'], false);
    });
  }
  it('too late: the buffer is bounded, and the client is told to sync', async (t) => {
    const { hub, connect } = await startHub(t, { replayLimits: { events: 3, sizeBytes: 10_000 } });
    publishFive(hub);
    const late = await connect({ query: '?since=e1-1' });
    assert.equal(json((await late.until(1))[0])['resumed'], false);
    const inTime = await connect({ query: '?since=e1-2' });
    assert.equal(json((await inTime.until(7))[0])['resumed'], true);
  });
  it('a big replay does not get the client dropped', async (t) => {
    const { hub, connect } = await startHub(t);
    for (let n = 0; n < 60; n++) hub.publish(custom('x'.repeat(30_000)));
    const client = await connect({ query: '?since=e1-0' });
    hub.publish({ type: 'fixed' });
    await client.until(62);
    assert.equal(client.events.at(-1)?.name, 'fixed');
  });
});

describe('clients', () => {
  it('all get the same, in order', async (t) => {
    const { hub, connect, untilSize } = await startHub(t);
    const clients = await Promise.all(Array.from({ length: 20 }, () => connect()));
    await untilSize(20);
    for (let n = 0; n < 50; n++) hub.publish(custom(n), [`${n}.js`]);
    for (const client of clients) {
      await client.until(101);
      assert.deepEqual(
        client.events.filter(({ name }) => name === 'custom').map((event) => json(event)['data']),
        Array.from({ length: 50 }, (_, n) => n),
      );
    }
  });
  it('an event is made into text once, however many there are', async (t) => {
    const { hub, connect, untilSize } = await startHub(t);
    const clients = await Promise.all(Array.from({ length: 5 }, () => connect()));
    await untilSize(5);
    let times = 0;
    hub.publish(custom({ toJSON: () => ++times }));
    for (const client of clients) await client.until(2);
    assert.equal(times, 1);
  });
  it('2,000 that come and go leave nothing', async (t) => {
    const clock = createTestClock();
    const { hub, connect, untilSize } = await startHub(t, { clock });
    const agent = new http.Agent({ keepAlive: false, maxSockets: Infinity });
    for (let round = 0; round < 40; round++) {
      const clients = await Promise.all(Array.from({ length: 50 }, () => connect({ agent })));
      hub.publish(custom(round));
      for (const client of clients) client.abort();
      hub.publish(custom('to those that are just going'));
    }
    await untilSize(0);
    assert.equal(clock.pending, 0);
  });
  it('one that went before it was attached is not counted', async (t) => {
    const { hub, port } = await startHub(t);
    const late = new EventEmitter();
    const server = http.createServer((req, res) => {
      res.on('close', () => {
        hub.attach(req, res);
        late.emit('attached');
      });
    });
    server.listen(0, '127.0.0.1');
    await once(server, 'listening');
    t.after(() => server.close());
    const address = server.address();
    assert.ok(typeof address === 'object' && address && address.port !== port);
    const socket = net.connect(address.port, '127.0.0.1');
    socket.on('error', () => undefined);
    server.once('request', () => socket.destroy());
    socket.write('GET /changes HTTP/1.1\r\nHost: x\r\n\r\n');
    await once(late, 'attached');
    assert.equal(hub.size, 0);
    hub.publish({ type: 'fixed' });
  });
  it('one that does not read is dropped; the others read on', async (t) => {
    const { hub, port, connect, untilSize } = await startHub(t, { unreadLimitBytes: 256 * 1024 });
    const reader = await connect();
    const deaf = net.connect(port, '127.0.0.1');
    t.after(() => deaf.destroy());
    deaf.on('error', () => undefined);
    deaf.pause();
    deaf.write('GET /changes HTTP/1.1\r\nHost: x\r\n\r\n');
    await untilSize(2);
    const data = 'x'.repeat(64 * 1024);
    for (let n = 1; hub.size === 2; n++) {
      assert.ok(n < 1000, 'it is never dropped');
      hub.publish(custom(data));
      await reader.until(n + 1);
    }
    assert.equal(hub.size, 1);
    hub.publish({ type: 'fixed' });
    await reader.untilText('event: fixed');
  });
  it('an event over the limit is no reason by itself', async (t) => {
    const { hub, connect } = await startHub(t, { unreadLimitBytes: 1024 });
    const client = await connect();
    await client.until(1);
    hub.publish(custom('x'.repeat(1024 * 1024)));
    await client.until(2);
    hub.publish({ type: 'fixed' });
    await client.until(3);
    assert.equal(hub.size, 1);
  });
});

describe('heartbeat', () => {
  it('is a comment to every client, only while there are any', async (t) => {
    const clock = createTestClock();
    const { connect, untilSize } = await startHub(t, { clock });
    assert.equal(clock.pending, 0);
    const one = await connect();
    const two = await connect();
    await one.until(1);
    await two.until(1);
    assert.equal(clock.pending, 1, 'one timer for all');
    await clock.advance(14_999);
    assert.ok(!one.text.includes(':\n\n'));
    await clock.advance(1);
    await one.untilText(':\n\n');
    await two.untilText(':\n\n');
    assert.equal(one.events.length, 1);
    one.abort();
    await untilSize(1);
    assert.equal(clock.pending, 1);
    two.abort();
    await untilSize(0);
    assert.equal(clock.pending, 0);
    const three = await connect();
    await clock.advance(15_000);
    await three.untilText(':\n\n');
  });
  it('finds who has been blocked for a whole beat', async (t) => {
    const clock = createTestClock();
    const { hub, port, connect, untilSize } = await startHub(t, { clock, unreadLimitBytes: Infinity });
    const reader = await connect();
    const deaf = net.connect(port, '127.0.0.1');
    t.after(() => deaf.destroy());
    deaf.on('error', () => undefined);
    deaf.pause();
    deaf.write('GET /changes HTTP/1.1\r\nHost: x\r\n\r\n');
    await untilSize(2);
    // More than the system's buffers hold.
    for (let n = 0; n < 12; n++) {
      hub.publish(custom('x'.repeat(1024 * 1024)));
      await reader.until(n + 2);
    }
    assert.equal(hub.size, 2);
    await clock.advance(15_000);
    assert.equal(hub.size, 2);
    await clock.advance(15_000);
    assert.equal(hub.size, 1);
    hub.publish({ type: 'fixed' });
    await reader.untilText('event: fixed');
  });
});

describe('close', () => {
  it('ends every stream, and refuses who comes later', async (t) => {
    const clock = createTestClock();
    const { hub, connect } = await startHub(t, { clock });
    const clients = await Promise.all([connect(), connect()]);
    for (const client of clients) await client.until(1);
    hub.close();
    hub.close();
    for (const client of clients) await client.untilEnd();
    assert.equal(hub.size, 0);
    assert.equal(clock.pending, 0);
    const late = await connect();
    assert.equal(late.res.statusCode, 503);
    assert.equal(hub.publish({ type: 'fixed' }), 'e1-1', 'a last publish meets nobody');
  });
});
