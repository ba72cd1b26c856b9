import assert from 'node:assert/strict';
import { test } from 'node:test';
import { createStreamSession } from '../../src/client/stream-session.ts';
import type { JoinOptions, StreamHub } from '../../src/client/stream-hub.ts';

/** A hub that writes down what is asked of it. */
function recordingHub(): { readonly hub: StreamHub; readonly calls: string[] } {
  const calls: string[] = [];
  let count = 0;
  const hub: StreamHub = {
    join({ since, visible }: JoinOptions) {
      const name = `member ${++count}`;
      calls.push(`${name} joins since ${since}${visible ? ', visible' : ''}`);
      return {
        setVisible: (value) => calls.push(`${name} ${value ? 'visible' : 'hidden'}`),
        leave: () => calls.push(`${name} leaves`),
      };
    },
    close: () => calls.push('closed'),
  };
  return { hub, calls };
}

test('welcomes at once, before anything is asked', () => {
  const { hub, calls } = recordingHub();
  const sent: unknown[] = [];
  createStreamSession(hub, (message) => sent.push(message));
  assert.deepEqual(sent, [{ type: 'welcome' }]);
  assert.deepEqual(calls, []);
});

test('joining again takes the new membership before the old one is given up', () => {
  const { hub, calls } = recordingHub();
  const session = createStreamSession(hub, () => {});
  session.receive({ type: 'join', since: 'e-1', visible: true });
  session.receive({ type: 'join', since: 'e-2', visible: false });
  assert.deepEqual(calls, ['member 1 joins since e-1, visible', 'member 2 joins since e-2', 'member 1 leaves']);
});

test('a tab leaves once, and what it says after that changes nothing', () => {
  const { hub, calls } = recordingHub();
  const session = createStreamSession(hub, () => {});
  session.receive({ type: 'visible', visible: true });
  session.receive({ type: 'join', since: 'e-1', visible: false });
  session.receive({ type: 'visible', visible: true });
  session.receive({ type: 'leave' });
  session.receive({ type: 'leave' });
  session.receive({ type: 'visible', visible: false });
  session.end();
  assert.deepEqual(calls, ['member 1 joins since e-1', 'member 1 visible', 'member 1 leaves']);
});

test('a page that comes back joins with the same session', () => {
  const { hub, calls } = recordingHub();
  const session = createStreamSession(hub, () => {});
  session.receive({ type: 'join', since: 'e-1', visible: true });
  session.end();
  session.receive({ type: 'join', since: 'e-4', visible: true });
  assert.deepEqual(calls.slice(1), ['member 1 leaves', 'member 2 joins since e-4, visible']);
});

test('a tab that left is not waited for, nor a lock that it has given up', (t) => {
  const waits: AbortSignal[] = [];
  const locks = { request: (_: string, { signal }: LockOptions): Promise<void> => (waits.push(signal as AbortSignal), Promise.resolve()) };
  Object.defineProperty(globalThis, 'navigator', { value: { locks }, configurable: true });
  t.after(() => Reflect.deleteProperty(globalThis, 'navigator'));
  const session = createStreamSession(recordingHub().hub, () => {});
  session.receive({ type: 'lock', name: 'first' });
  session.receive({ type: 'lock', name: 'second' });
  assert.deepEqual(
    waits.map(({ aborted }) => aborted),
    [true, false],
  );
  session.receive({ type: 'leave' });
  assert.deepEqual(
    waits.map(({ aborted }) => aborted),
    [true, true],
  );
});
