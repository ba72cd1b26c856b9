import assert from 'node:assert/strict';
import { once } from 'node:events';
import { test } from 'node:test';
import { installEventSourceShim } from '../../src/client/event-source-shim.ts';
import type { EventSourceScope, EventSourceShim } from '../../src/client/event-source-shim.ts';
import { FakeEventSource, fakeEventSource } from './fake-event-source.ts';

interface Scene extends EventSourceScope {
  readonly shim: EventSourceShim;
  readonly handWritten: () => number;
}

function scene(): Scene {
  const scope: EventSourceScope = { EventSource: fakeEventSource() };
  let count = 0;
  const shim = installEventSourceShim({ scope, baseUrl: () => 'http://localhost:3000/app/', onHandWritten: () => count++ });
  return Object.assign(scope, { shim, handWritten: () => count });
}

const listen = (source: EventSource, ...types: string[]): string[] => {
  const heard: string[] = [];
  for (const type of types) {
    source.addEventListener(type, (event) => heard.push(event instanceof MessageEvent ? `${type} ${String(event.data)}` : type));
  }
  return heard;
};

test('our address is served from the shared stream, in every spelling', () => {
  const { EventSource, handWritten } = scene();
  for (const url of ['/changes', '../changes', 'http://localhost:3000/changes', '/changes?x=1', new URL('http://localhost:3000/changes')]) {
    assert.ok(new EventSource(url) instanceof EventSource, String(url));
  }
  assert.equal(FakeEventSource.instances.length, 0);
  assert.equal(handWritten(), 5);
});

test('any other address gets the native class', () => {
  const { EventSource, handWritten } = scene();
  for (const url of ['/other', 'changes', 'http://localhost:4000/changes', 'https://localhost:3000/changes', '/changes/x', 'http://[']) {
    assert.ok(new EventSource(url) instanceof FakeEventSource, url);
  }
  assert.equal(FakeEventSource.instances.length, 6);
  assert.equal(handWritten(), 0);
});

test('plain messages come as JSON text to onmessage and to listeners', () => {
  const { EventSource, shim } = scene();
  const source = new EventSource('/changes');
  const heard = listen(source, 'message', 'update');
  const events: MessageEvent[] = [];
  source.onmessage = (event: MessageEvent) => void events.push(event);
  shim.dispatchPlain('sub/view.js', 'e-4');
  assert.deepEqual(heard, ['message "sub/view.js"']);
  assert.equal(events[0]?.data, '"sub/view.js"');
  assert.equal(events[0]?.lastEventId, 'e-4');
  assert.equal(events[0]?.origin, 'http://localhost:3000');
  assert.equal(events[0]?.target, source);
});

test('named events come to their listeners only', () => {
  const { EventSource, shim } = scene();
  const source = new EventSource('/changes');
  const heard = listen(source, 'message', 'reload', 'fixed');
  shim.dispatchEvent({ type: 'reload', reason: 'r' }, 'e-1');
  shim.dispatchEvent({ type: 'fixed' });
  assert.deepEqual(heard, ['reload {"type":"reload","reason":"r"}', 'fixed {"type":"fixed"}']);
});

test('opens after the code that made it has run, follows the connection, tells of a loss', async () => {
  const { EventSource, shim } = scene();
  shim.setState('open');
  const source = new EventSource('/changes');
  assert.equal(source.readyState, 0);
  const opened = once(source, 'open');
  const heard = listen(source, 'open', 'error');
  await opened;
  assert.equal(source.readyState, 1);
  shim.setState('open');
  shim.setState('lost');
  shim.setState('lost');
  assert.equal(source.readyState, 0);
  shim.setState('open');
  assert.deepEqual(heard, ['open', 'error', 'open']);
});

test('opens when the connection does', () => {
  const { EventSource, shim } = scene();
  const source = new EventSource('/changes');
  const calls: string[] = [];
  source.onopen = () => calls.push('onopen');
  source.onerror = () => calls.push('onerror');
  shim.setState('open');
  shim.setState('lost');
  assert.deepEqual(calls, ['onopen', 'onerror']);
});

test('a closed one hears nothing more', () => {
  const { EventSource, shim } = scene();
  const source = new EventSource('/changes');
  const heard = listen(source, 'open', 'message', 'error');
  source.close();
  source.close();
  shim.setState('open');
  shim.dispatchPlain('view.js');
  shim.setState('lost');
  assert.equal(source.readyState, 2);
  assert.deepEqual(heard, []);
});

test('handlers can be replaced, keep their place, and be removed', () => {
  const { EventSource, shim } = scene();
  const source = new EventSource('/changes');
  const calls: string[] = [];
  assert.equal(source.onmessage, null);
  source.onmessage = () => calls.push('first');
  source.addEventListener('message', () => calls.push('listener'));
  source.onmessage = () => calls.push('second');
  shim.dispatchPlain('a.js');
  source.onmessage = null;
  shim.dispatchPlain('a.js');
  assert.deepEqual(calls, ['second', 'listener', 'listener']);
  assert.equal(source.onmessage, null);
});

test('has the interface of an EventSource', () => {
  const { EventSource } = scene();
  const source = new EventSource('../changes?a=1');
  assert.equal(source.url, 'http://localhost:3000/changes?a=1');
  assert.equal(source.withCredentials, false);
  assert.deepEqual([EventSource.CONNECTING, EventSource.OPEN, EventSource.CLOSED], [0, 1, 2]);
  assert.equal(EventSource.prototype, FakeEventSource.prototype);
  assert.ok(source instanceof EventTarget);
});

test('subclasses stay native, and still count as hand-written', () => {
  const { EventSource, handWritten } = scene();
  class Mine extends EventSource {
    readonly mine = true;
  }
  const source = new Mine('/changes');
  assert.ok(source instanceof Mine && source instanceof FakeEventSource && source.mine);
  assert.equal(FakeEventSource.instances.length, 1);
  assert.equal(handWritten(), 1);
});

test('a listener that makes another one is not called for ever', () => {
  const { EventSource, shim } = scene();
  let made = 0;
  const make = (): void => {
    made++;
    new EventSource('/changes').onmessage = make;
  };
  make();
  shim.dispatchPlain('a.js');
  assert.equal(made, 2);
  shim.dispatchPlain('a.js');
  assert.equal(made, 4);
});

test('an event, which may carry much code, is not written out for nobody', () => {
  const { shim } = scene();
  const event = { type: 'fixed', toJSON: () => assert.fail('written out') } as const;
  shim.dispatchEvent(event);
});
