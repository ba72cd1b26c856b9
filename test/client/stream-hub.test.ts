import assert from 'node:assert/strict';
import { test } from 'node:test';
import type { EventStreamOptions } from '../../src/client/event-stream.ts';
import { createStreamHub } from '../../src/client/stream-hub.ts';
import type { StreamHub, StreamMember } from '../../src/client/stream-hub.ts';
import { createStreamSession } from '../../src/client/stream-session.ts';
import type { HostMessage } from '../../src/client/stream-messages.ts';
import type { ErrorReport, HelloEvent, ServerEvent } from '../../src/protocol.ts';

class FakeStream {
  readonly options: EventStreamOptions;
  readonly askedSince: string;
  wakes = 0;
  closed = false;

  constructor(options: EventStreamOptions) {
    this.options = options;
    this.askedSince = options.since();
  }

  wake(): void {
    this.wakes++;
  }

  close(): void {
    this.closed = true;
  }

  /** The server answers. */
  hello(changes: Partial<HelloEvent> = {}): void {
    this.options.onState('open');
    const event: HelloEvent = { type: 'hello', epoch: 'e', sequence: 5, root: 'src', token: 't', resumed: true, errors: [], ...changes };
    this.options.onMessage({ name: 'hello', data: JSON.stringify(event), id: '' });
  }

  named(id: string, event: ServerEvent): void {
    this.options.onMessage({ name: event.type, data: JSON.stringify(event), id });
  }

  plain(id: string, file: string): void {
    this.options.onMessage({ name: 'message', data: JSON.stringify(file), id });
  }

  lose(): void {
    this.options.onState('lost');
  }
}

interface Scene {
  readonly hub: StreamHub;
  readonly streams: FakeStream[];
  stream(): FakeStream;
  join(since: string, visible?: boolean): { readonly heard: string[]; readonly member: StreamMember };
}

function scene(): Scene {
  const streams: FakeStream[] = [];
  const hub = createStreamHub({
    openStream(options) {
      const stream = new FakeStream(options);
      streams.push(stream);
      return stream;
    },
  });
  return {
    hub,
    streams,
    stream() {
      const last = streams.at(-1);
      assert.ok(last, 'a stream was opened');
      return last;
    },
    join(since, visible = true) {
      const heard: string[] = [];
      return { heard, member: hub.join({ since, visible, send: (message) => heard.push(describe(message)) }) };
    },
  };
}

function describe(message: HostMessage): string {
  if (message.type === 'state') return message.state;
  if (message.type !== 'event') return message.type;
  if (message.name === 'message') return message.data;
  const event = JSON.parse(message.data) as ServerEvent;
  if (event.type !== 'hello') return `${event.type} ${message.id}`;
  return `hello ${event.epoch}-${event.sequence} ${event.resumed ? 'resumed' : 'sync'}${event.errors.map((error) => ` ${error.key}`).join('')}`;
}

const update = (id: string): ServerEvent => ({ type: 'update', id, changes: [], cause: [], timings: { batchMs: 0, compileMs: 0 } });
const report = (key: string): ErrorReport => ({ key, kind: 'build', title: 'Syntax error', message: key });

test('many tabs, one stream, every event to each', () => {
  const { join, stream, streams } = scene();
  const tabs = Array.from({ length: 9 }, () => join('e-5'));
  stream().hello();
  stream().named('e-6', update('e-6'));
  stream().plain('e-6', 'view.js');
  assert.equal(streams.length, 1);
  assert.equal(stream().askedSince, 'e-5');
  for (const { heard } of tabs) assert.deepEqual(heard, ['open', 'hello e-5 resumed', 'update e-6', '"view.js"']);
});

test('a late tab gets its own hello and what its page was served before', () => {
  const { join, stream } = scene();
  join('e-5');
  stream().hello();
  for (const id of ['e-6', 'e-7']) {
    stream().named(id, update(id));
    stream().plain(id, `${id}.js`);
  }
  assert.deepEqual(join('e-6').heard, ['open', 'hello e-7 resumed', 'update e-7', '"e-7.js"']);
  assert.deepEqual(join('e-7').heard, ['open', 'hello e-7 resumed']);
  assert.deepEqual(join('e-5').heard.length, 6);
});

test('a late tab that is too far behind, of another run, or of no known event is told to sync', () => {
  const { join, stream } = scene();
  join('e-5');
  stream().hello();
  stream().named('e-6', update('e-6'));
  for (const since of ['e-4', 'old-6', '', 'nonsense']) assert.deepEqual(join(since).heard, ['open', 'hello e-6 sync'], since);
});

test('a tab whose page is ahead of the stream does not hear again what it was served with', () => {
  const { join, stream } = scene();
  join('e-5');
  stream().hello();
  const { heard } = join('e-7');
  for (const id of ['e-6', 'e-7', 'e-8']) {
    stream().named(id, update(id));
    stream().plain(id, id);
  }
  assert.deepEqual(heard, ['open', 'hello e-5 resumed', 'update e-8', '"e-8"']);
});

test('tabs that come while the stream is still opening are greeted by what each has', () => {
  const { join, stream } = scene();
  const first = join('e-5');
  const older = join('e-3');
  const newer = join('e-6');
  stream().hello({ sequence: 6 });
  stream().named('e-6', update('e-6'));
  assert.deepEqual(first.heard, ['open', 'hello e-6 resumed', 'update e-6']);
  assert.deepEqual(older.heard.slice(0, 2), ['open', 'hello e-6 sync']);
  assert.deepEqual(newer.heard, ['open', 'hello e-6 resumed']);
});

test('the server cannot resume: nobody is told otherwise', () => {
  const { join, stream } = scene();
  const { heard } = join('old-5');
  stream().hello({ resumed: false, sequence: 2 });
  assert.deepEqual(heard, ['open', 'hello e-2 sync']);
  assert.deepEqual(join('e-2').heard, ['open', 'hello e-2 resumed']);
  assert.deepEqual(join('e-1').heard, ['open', 'hello e-2 sync']);
});

test('a page served without an event id works against a server that starts from now', () => {
  const { join, stream } = scene();
  const { heard } = join('');
  stream().hello({ resumed: true, sequence: 4 });
  assert.deepEqual(heard, ['open', 'hello e-4 sync']);
});

test('reconnection asks from the last event, and the replay reaches every tab once', () => {
  const { join, stream } = scene();
  const { heard } = join('e-5');
  stream().hello();
  stream().named('e-6', update('e-6'));
  stream().lose();
  assert.equal(stream().options.since(), 'e-6');
  stream().hello({ sequence: 8 });
  for (const id of ['e-7', 'e-8']) stream().named(id, update(id));
  assert.deepEqual(heard.slice(3), ['lost', 'open', 'hello e-8 resumed', 'update e-7', 'update e-8']);
  assert.deepEqual(join('e-6').heard.slice(2), ['update e-7', 'update e-8']);
});

test('a restarted server: old events are forgotten, everybody is told to sync', () => {
  const { join, stream } = scene();
  const { heard } = join('e-5');
  stream().hello();
  stream().named('e-6', update('e-6'));
  stream().lose();
  stream().hello({ epoch: 'f', sequence: 0, resumed: false });
  assert.deepEqual(heard.slice(3), ['lost', 'open', 'hello f-0 sync']);
  assert.deepEqual(join('e-6').heard, ['open', 'hello f-0 sync']);
  assert.equal(stream().options.since(), 'f-0');
});

test('a tab that comes while the connection is lost knows so, and makes the stream try', () => {
  const { join, stream } = scene();
  join('e-5');
  stream().hello();
  stream().lose();
  const { heard } = join('f-0');
  assert.deepEqual(heard, ['lost']);
  assert.equal(stream().wakes, 1);
  stream().hello({ epoch: 'f', sequence: 0, resumed: false });
  assert.deepEqual(heard, ['lost', 'open', 'hello f-0 resumed']);
});

test('a late tab hears of the build errors that stand now', () => {
  const { join, stream } = scene();
  join('e-5');
  stream().hello({ errors: [report('a')] });
  assert.deepEqual(join('e-5').heard.at(-1), 'hello e-5 resumed a');
  stream().named('e-6', { type: 'error', errors: [report('a'), report('b')] });
  assert.deepEqual(join('e-6').heard.at(-1), 'hello e-6 resumed a b');
  stream().named('e-7', { type: 'fixed' });
  assert.deepEqual(join('e-7').heard.at(-1), 'hello e-7 resumed');
});

test('is watched while a visible tab is there, and wakes when one comes to the front', () => {
  const { join, stream } = scene();
  const { member } = join('e-5', false);
  const { isWatched } = stream().options;
  assert.equal(isWatched(), false);
  member.setVisible(true);
  assert.equal(isWatched(), true);
  assert.equal(stream().wakes, 1);
  member.setVisible(false);
  assert.equal(isWatched(), false);
  assert.equal(stream().wakes, 1);
});

test('the last tab closes the stream, the next one opens another from its own event', () => {
  const { join, stream, streams } = scene();
  const first = join('e-5');
  const second = join('e-5');
  stream().hello();
  first.member.leave();
  first.member.leave();
  assert.equal(stream().closed, false);
  second.member.leave();
  assert.equal(stream().closed, true);
  assert.deepEqual(join('e-9').heard, []);
  assert.equal(streams.length, 2);
  assert.equal(stream().askedSince, 'e-9');
});

test('a tab that left hears nothing more', () => {
  const { join, stream } = scene();
  const { heard, member } = join('e-5');
  join('e-5');
  stream().hello();
  member.leave();
  stream().named('e-6', update('e-6'));
  assert.deepEqual(heard, ['open', 'hello e-5 resumed']);
});

test('data that is not an event of ours goes through as it is', () => {
  const { join, stream } = scene();
  join('e-5');
  stream().options.onState('open');
  stream().options.onMessage({ name: 'hello', data: '<html>', id: '' });
  stream().options.onMessage({ name: 'error', data: 'null', id: '' });
  stream().hello();
  assert.deepEqual(join('e-5').heard, ['open', 'hello e-5 resumed']);
});

test('closing the hub closes the stream', () => {
  const { hub, join, stream } = scene();
  join('e-5');
  hub.close();
  hub.close();
  assert.equal(stream().closed, true);
});

test('a session welcomes, joins, joins again without closing the stream, and leaves', () => {
  const { hub, streams, stream } = scene();
  const heard: string[] = [];
  const session = createStreamSession(hub, (message) => heard.push(describe(message)));
  session.receive({ type: 'visible', visible: true });
  session.receive({ type: 'join', since: 'e-5', visible: true });
  stream().hello();
  session.receive({ type: 'join', since: 'e-5', visible: false });
  assert.equal(stream().options.isWatched(), false);
  session.receive({ type: 'visible', visible: true });
  assert.equal(stream().options.isWatched(), true);
  assert.deepEqual(heard, ['welcome', 'open', 'hello e-5 resumed', 'open', 'hello e-5 resumed']);
  assert.equal(streams.length, 1);
  session.receive({ type: 'leave' });
  session.end();
  assert.equal(stream().closed, true);
});
