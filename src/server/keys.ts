/**
 * Single keys in the terminal while the server runs. Raw mode, so that no Enter is needed; the price is that Ctrl-C and Ctrl-Z arrive as
 * characters and have to be answered here, and that the terminal must be put back whichever way the process ends. Does nothing where
 * the input is not a terminal: a pipe has no keys, and must not be drained.
 */
import { isForeground as inForeground } from './foreground.ts';

export interface KeyInput {
  readonly isTTY?: boolean | undefined;
  setRawMode?(mode: boolean): unknown;
  on(event: 'data', listener: (chunk: Buffer) => void): unknown;
  off(event: 'data', listener: (chunk: Buffer) => void): unknown;
  resume(): unknown;
  pause(): unknown;
}

export interface KeyActions {
  reload(): void;
  open(): void;
  urls(): void;
  clear(): void;
  quit(): void;
  help(): void;
  /** Where there is a program to be restarted. */
  restart?(): void;
  /** Ctrl-C. */
  interrupt(): void;
  /** Enter: an empty line, to tell old output from new. */
  newLine(): void;
}

export interface Keys {
  /** Gives the terminal back. Safe to call twice. */
  close(): void;
}

interface Key {
  readonly key: string;
  readonly action: 'reload' | 'open' | 'urls' | 'clear' | 'quit' | 'help' | 'restart';
  readonly description: string;
}

const KEYS: readonly Key[] = [
  { key: 'r', action: 'reload', description: 'reload the page in every tab' },
  { key: 's', action: 'restart', description: 'start the program of --run anew, in another process' },
  { key: 'o', action: 'open', description: 'open the page in the browser' },
  { key: 'u', action: 'urls', description: 'show the URLs' },
  { key: 'c', action: 'clear', description: 'clear the screen' },
  { key: 'q', action: 'quit', description: 'quit' },
  { key: 'h', action: 'help', description: 'show these keys' },
];

/** For the banner: `r reload · o open · …`. */
export function keysLine(actions: KeyActions): string {
  return keysOf(actions)
    .map(({ key, action }) => `${key} ${action === 'urls' ? 'URLs' : action}`)
    .join(' · ');
}

/** For the `h` key: one line a key. */
export function keysHelp(actions: KeyActions): string {
  return keysOf(actions)
    .map(({ key, description }) => `  ${key}  ${description}`)
    .join('\n');
}

function keysOf(actions: KeyActions): Key[] {
  return KEYS.filter(({ action }) => actions[action] !== undefined);
}

const CTRL_C = '\u0003';
const CTRL_D = '\u0004';
const CTRL_Z = '\u001a';

export function createKeys(input: KeyInput, actions: KeyActions, isForeground: () => boolean = inForeground): Keys {
  if (!input.isTTY || !input.setRawMode) return { close() {} };
  let active = false;
  const stop = (): void => {
    if (!active) return;
    active = false;
    input.off('data', onData);
    input.pause();
    input.setRawMode?.(false);
  };
  const start = (): void => {
    if (active || !isForeground()) return;
    active = true;
    input.setRawMode?.(true);
    input.on('data', onData);
    input.resume();
  };
  const onData = (chunk: Buffer): void => {
    const text = chunk.toString('utf8');
    // Arrow keys and the like come as one chunk with an escape in front; none of its letters was meant.
    if (text.startsWith('\u001b')) return;
    for (const char of text) press(char, actions, stop);
  };

  start();
  process.on('exit', stop);
  process.on('SIGCONT', start);
  return {
    close() {
      stop();
      process.off('exit', stop);
      process.off('SIGCONT', start);
    },
  };
}

function press(char: string, actions: KeyActions, stop: () => void): void {
  if (char === CTRL_C) return actions.interrupt();
  if (char === CTRL_D) return actions.quit();
  if (char === '\r' || char === '\n') return actions.newLine();
  if (char === CTRL_Z) {
    stop();
    // The whole group, as the terminal would have done: npm or npx in front of us has to stop as well.
    process.kill(0, 'SIGTSTP');
    return;
  }
  const key = KEYS.find((candidate) => candidate.key === char.toLowerCase());
  if (key) actions[key.action]?.();
}
