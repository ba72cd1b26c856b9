import assert from 'node:assert/strict';
import { describe, test, type TestContext } from 'node:test';
import { createKeys, type KeyActions, type KeyInput, type Keys, keysHelp, keysLine } from '../../src/server/keys.ts';

interface FakeTerminal extends KeyInput {
  readonly modes: boolean[];
  readonly listeners: Set<(chunk: Buffer) => void>;
  flowing: boolean;
  type(text: string): void;
}

function fakeTerminal(isTTY = true): FakeTerminal {
  const listeners = new Set<(chunk: Buffer) => void>();
  return {
    isTTY,
    modes: [],
    listeners,
    flowing: false,
    setRawMode(mode) {
      this.modes.push(mode);
    },
    on: (_event, listener) => listeners.add(listener),
    off: (_event, listener) => listeners.delete(listener),
    resume() {
      this.flowing = true;
    },
    pause() {
      this.flowing = false;
    },
    type(text) {
      for (const listener of listeners) listener(Buffer.from(text));
    },
  };
}

function record(): { actions: KeyActions; pressed: string[] } {
  const pressed: string[] = [];
  const names = ['reload', 'open', 'urls', 'clear', 'quit', 'help', 'interrupt', 'newLine'] as const;
  const actions = Object.fromEntries(names.map((name) => [name, () => void pressed.push(name)])) as unknown as KeyActions;
  return { actions, pressed };
}

function start(t: TestContext, terminal: FakeTerminal, isForeground = () => true): { keys: Keys; pressed: string[] } {
  const { actions, pressed } = record();
  const keys = createKeys(terminal, actions, isForeground);
  t.after(() => keys.close());
  return { keys, pressed };
}

describe('a terminal', () => {
  const cases: [string, string[]][] = [
    ['r', ['reload']],
    ['o', ['open']],
    ['u', ['urls']],
    ['c', ['clear']],
    ['q', ['quit']],
    ['h', ['help']],
    ['R', ['reload']],
    ['\u0003', ['interrupt']],
    ['\u0004', ['quit']],
    ['\r', ['newLine']],
    ['ru', ['reload', 'urls']],
    ['x7 é', []],
    ['\u001b[A', []],
    ['\u001bOc', []],
  ];
  for (const [text, expected] of cases) {
    test(`${JSON.stringify(text)} does ${expected.join(', ') || 'nothing'}`, (t) => {
      const terminal = fakeTerminal();
      const { pressed } = start(t, terminal);
      terminal.type(text);
      assert.deepEqual(pressed, expected);
    });
  }
  test('is in raw mode until it is given back, once', (t) => {
    const terminal = fakeTerminal();
    const { keys } = start(t, terminal);
    assert.deepEqual([terminal.modes, terminal.flowing], [[true], true]);
    keys.close();
    keys.close();
    assert.deepEqual([terminal.modes, terminal.flowing, terminal.listeners.size], [[true, false], false, 0]);
  });
  test('is given back when the process exits, and nothing is left listening', (t) => {
    const before = process.listenerCount('exit');
    const terminal = fakeTerminal();
    const { keys } = start(t, terminal);
    const [onExit] = process.listeners('exit').slice(-1);
    onExit?.(0);
    assert.deepEqual(terminal.modes, [true, false]);
    keys.close();
    assert.equal(process.listenerCount('exit'), before);
  });
  test('comes back to raw mode after a stop', (t) => {
    const terminal = fakeTerminal();
    const kill = t.mock.method(process, 'kill', () => true);
    const { pressed } = start(t, terminal);
    terminal.type('\u001a');
    assert.deepEqual(kill.mock.calls[0]?.arguments, [0, 'SIGTSTP']);
    assert.deepEqual(terminal.modes, [true, false]);
    process.emit('SIGCONT');
    assert.deepEqual(terminal.modes, [true, false, true]);
    terminal.type('r');
    assert.deepEqual(pressed, ['reload']);
  });
});

describe('a terminal that belongs to somebody else', () => {
  test('is neither read nor changed until the process comes to the front', (t) => {
    const terminal = fakeTerminal();
    let foreground = false;
    const { pressed } = start(t, terminal, () => foreground);
    assert.deepEqual([terminal.modes, terminal.flowing], [[], false]);
    foreground = true;
    process.emit('SIGCONT');
    assert.deepEqual([terminal.modes, terminal.flowing], [[true], true]);
    terminal.type('u');
    assert.deepEqual(pressed, ['urls']);
  });
});

describe('anything else', () => {
  test('a pipe is not read', (t) => {
    const terminal = fakeTerminal(false);
    const { keys } = start(t, terminal);
    assert.deepEqual([terminal.modes, terminal.flowing, terminal.listeners.size], [[], false, 0]);
    keys.close();
  });
  test('the texts name every key', () => {
    const { actions } = record();
    assert.equal(keysLine(actions), 'r reload · o open · u URLs · c clear · q quit · h help');
    assert.equal(keysHelp(actions).split('\n').length, 6);
    const withProgram: KeyActions = { ...actions, restart: () => undefined };
    assert.equal(keysLine(withProgram), 'r reload · s restart · o open · u URLs · c clear · q quit · h help');
  });
});
