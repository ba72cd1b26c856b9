import assert from 'node:assert/strict';
import { test } from 'node:test';
import { openEventStream } from '../../src/client/event-stream.ts';
import type { EventStream } from '../../src/client/event-stream.ts';
import { FakeEventSource, fakeEventSource } from './fake-event-source.ts';

interface Recorded {
  readonly stream: EventStream;
  readonly log: string[];
  readonly delays: number[];
  /** Lets the waiting retry happen. */
  retry(): void;
  pending(): boolean;
  watched: boolean;
  since: string;
}

function start(since = 'e-1'): Recorded {
  const log: string[] = [];
  const delays: number[] = [];
  let waiting: (() => void) | undefined;
  const recorded: Omit<Recorded, 'stream'> = {
    log,
    delays,
    watched: true,
    since,
    pending: () => waiting !== undefined,
    retry() {
      const run = waiting;
      waiting = undefined;
      assert.ok(run, 'a retry was waiting');
      run();
    },
  };
  const stream = openEventStream({
    EventSource: fakeEventSource(),
    since: () => recorded.since,
    isWatched: () => recorded.watched,
    onMessage: ({ name, data, id }) => log.push(`${name} ${data} ${id}`),
    onState: (state) => log.push(state),
    schedule(run, delayMs) {
      delays.push(delayMs);
      waiting = run;
      return () => {
        waiting = undefined;
      };
    },
  });
  return Object.assign(recorded, { stream });
}

test('asks from the event that the page has', () => {
  start('a b-7');
  assert.equal(FakeEventSource.last.url, '/changes?since=a%20b-7');
});

test('hands on plain and named messages, with their ids', () => {
  const { log } = start();
  FakeEventSource.last.open();
  FakeEventSource.last.message('hello', { data: '{}' });
  FakeEventSource.last.message('message', { data: '"view.js"', lastEventId: 'e-2' });
  FakeEventSource.last.message('custom', { data: '{"type":"custom"}', lastEventId: 'e-3' });
  assert.deepEqual(log, ['open', 'hello {} ', 'message "view.js" e-2', 'custom {"type":"custom"} e-3']);
});

test('the server’s error event is a message, a failed connection is not', () => {
  const { log } = start();
  FakeEventSource.last.open();
  FakeEventSource.last.message('error', { data: '{"type":"error","errors":[]}', lastEventId: 'e-2' });
  assert.deepEqual(log, ['open', 'error {"type":"error","errors":[]} e-2']);
  FakeEventSource.last.fail();
  assert.equal(log.at(-1), 'lost');
});

test('a lost connection is tried again, from the latest event, with growing pauses up to 2 s', () => {
  const recorded = start();
  FakeEventSource.last.open();
  FakeEventSource.last.message('update', { data: '{}' });
  recorded.since = 'e-5';
  for (let n = 0; n < 7; n++) {
    FakeEventSource.last.fail();
    assert.equal(FakeEventSource.last.readyState, FakeEventSource.CLOSED);
    recorded.retry();
  }
  assert.equal(FakeEventSource.last.url, '/changes?since=e-5');
  assert.deepEqual(recorded.delays, [200, 400, 800, 1600, 2000, 2000, 2000]);
});

test('a server that opens and closes at once does not start the pauses anew, one that speaks does', () => {
  const recorded = start();
  for (const speaks of [false, false, true, false]) {
    FakeEventSource.last.open();
    if (speaks) FakeEventSource.last.message('hello', { data: '{}' });
    FakeEventSource.last.fail();
    recorded.retry();
  }
  assert.deepEqual(recorded.delays, [200, 400, 200, 400]);
});

test('nobody looks: asked every 10 s; somebody looks again: at once', () => {
  const recorded = start();
  recorded.watched = false;
  FakeEventSource.last.fail();
  assert.deepEqual(recorded.delays, [10_000]);
  recorded.watched = true;
  recorded.stream.wake();
  assert.equal(recorded.pending(), false);
  assert.equal(FakeEventSource.instances.length, 2);
});

test('waking a stream that is open or on its way does nothing', () => {
  const { stream } = start();
  stream.wake();
  FakeEventSource.last.open();
  stream.wake();
  assert.equal(FakeEventSource.instances.length, 1);
});

test('a late failure of an attempt that was replaced is not heard', () => {
  const recorded = start();
  const first = FakeEventSource.last;
  first.fail();
  recorded.retry();
  first.fail();
  assert.equal(recorded.pending(), false);
  assert.deepEqual(recorded.log, ['lost']);
});

test('close ends the stream and its retry, and may be called twice', () => {
  const recorded = start();
  const source = FakeEventSource.last;
  recorded.stream.close();
  assert.equal(source.readyState, FakeEventSource.CLOSED);
  source.fail();
  assert.deepEqual(recorded.delays, []);
  const other = start();
  FakeEventSource.last.fail();
  other.stream.close();
  other.stream.close();
  assert.equal(other.pending(), false);
});
