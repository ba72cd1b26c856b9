import assert from 'node:assert/strict';
import { describe, test, type TestContext } from 'node:test';
import { createShutdown, type Shutdown } from '../../src/server/shutdown.ts';

interface Started {
  readonly shutdown: Shutdown;
  readonly codes: number[];
  readonly exited: Promise<void>;
}

function start(t: TestContext, close: () => Promise<void>, limitMs?: number): Started {
  const codes: number[] = [];
  let exit = (_code: number): void => {};
  const exited = new Promise<void>((resolve) => {
    exit = (code) => {
      codes.push(code);
      resolve();
    };
  });
  const shutdown = createShutdown({ close, exit: (code) => exit(code), ...(limitMs !== undefined && { limitMs }) });
  t.after(() => shutdown.dispose());
  return { shutdown, codes, exited };
}

describe('shutdown', () => {
  test('closes, then exits with the code', async (t) => {
    let closed = false;
    const { shutdown, codes, exited } = start(t, async () => void (closed = true));
    shutdown.request(143);
    assert.deepEqual(codes, [], 'not before it is closed');
    await exited;
    assert.ok(closed);
    assert.deepEqual(codes, [143]);
  });
  test('exits all the same when closing fails', async (t) => {
    const { shutdown, codes, exited } = start(t, () => Promise.reject(new Error('no')));
    shutdown.request(0);
    await exited;
    assert.deepEqual(codes, [0]);
  });
  test('exits when closing never ends', async (t) => {
    t.mock.timers.enable({ apis: ['setTimeout'] });
    const { shutdown, codes } = start(t, () => new Promise(() => {}), 3000);
    shutdown.request(130);
    t.mock.timers.tick(2999);
    assert.deepEqual(codes, []);
    t.mock.timers.tick(1);
    assert.deepEqual(codes, [130]);
  });
  test('a second request exits at once, and closes nothing twice', (t) => {
    let closes = 0;
    const { shutdown, codes } = start(
      t,
      () => {
        closes++;
        return new Promise(() => {});
      },
      50,
    );
    t.mock.timers.enable({ apis: ['setTimeout'] });
    shutdown.request(130);
    shutdown.request(130);
    assert.deepEqual(codes, [130]);
    assert.equal(closes, 1);
  });
  for (const [signal, code] of [
    ['SIGINT', 130],
    ['SIGTERM', 143],
    ['SIGHUP', 129],
  ] as const) {
    test(`${signal} asks for it with ${code}`, async (t) => {
      const { codes, exited } = start(t, async () => {});
      process.emit(signal);
      await exited;
      assert.deepEqual(codes, [code]);
    });
  }
  test('dispose stops listening', (t) => {
    const before = process.listenerCount('SIGTERM');
    const { shutdown } = start(t, async () => {});
    assert.equal(process.listenerCount('SIGTERM'), before + 1);
    shutdown.dispose();
    assert.equal(process.listenerCount('SIGTERM'), before);
  });
});
