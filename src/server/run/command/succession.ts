/**
 * Which process runs the program: one serves, its successor starts beside it, and those that were replaced end when nobody needs them. A successor that
 * fails leaves the one that serves where it is; what is asked of a process is in hand-over.ts.
 */
import type { RunnerMessage } from './messages.ts';
import type { RunOptions } from './run-options.ts';
import { type Ending, startRunner, type RunnerProcess } from './runner-process.ts';
import type { Reach } from '../sockets/reach.ts';
import { createReaches } from './reaches.ts';
import { createSharedAddresses } from './shared-addresses.ts';

export interface SuccessionEvents {
  /** A process starts. */
  starting(): void;
  told(message: Extract<RunnerMessage, { kind: 'files' | 'restart' | 'outcome' | 'reads' }>): void;
  /** Where the program is to be found may be another place. */
  moved(): void;
  /** The successor serves, and nobody else. */
  replaced(): void;
  /** One that was replaced has ended. */
  gone(process: RunnerProcess): void;
  /** `isServing`: a successor has ended, and the process before it serves on. */
  ended(ending: Ending, isServing: boolean): void;
  /** All of it is to end: nobody succeeds. */
  isEnding(): boolean;
}

export interface Succession {
  /** The next process, beside the one that serves. */
  start(): void;
  /** It will start in a moment, and read files as they are then. */
  readonly isPending: boolean;
  /** Where the version is to be found that serves, in the order of its listening. After a crash, where it was. */
  readonly reaches: readonly Reach[];
  /** The newest process, which hears of changes. */
  readonly newest: RunnerProcess | undefined;
  /** The newest has ended before it served, while another one does: it is to be tried again. */
  readonly isDue: boolean;
  /** To the program, in whatever process it runs; undefined: it has it. @returns false when it does not run */
  signal(name: NodeJS.Signals | undefined): boolean;
  /** Ends all at once. */
  kill(): void;
  /** Asks all to end. Resolves when they have. */
  stop(): Promise<void>;
}

/** Hooks have their own limits; for a process that does nothing any more. */
const PREPARE_LIMIT_MS = 6_000;
/** The same, beside the time that open connections get. */
const LEAVE_LIMIT_MS = 40_000;

export function createSuccession(options: RunOptions, events: SuccessionEvents): Succession {
  const addresses = createSharedAddresses();
  let serving: RunnerProcess | undefined;
  let successor: RunnerProcess | undefined;
  let preparing: { readonly process: RunnerProcess; readonly limit: NodeJS.Timeout } | undefined;
  /** To be replaced before it has served. */
  let givenUp: RunnerProcess | undefined;
  const prepared = new WeakSet<RunnerProcess>();
  const committed = new WeakSet<RunnerProcess>();
  /** All that have not ended. */
  const alive = new Set<RunnerProcess>();
  const left = new Map<RunnerProcess, () => void>();
  const reaches = createReaches();
  let stopped: (() => void) | undefined;
  let isDue = false;

  const begin = (): void => {
    isDue = false;
    const inheritance = { inherits: !addresses.isEmpty, isSuccessor: serving !== undefined };
    const process: RunnerProcess = startRunner(options, inheritance, {
      told: (message, handle) => told(process, message, handle),
      ended: (ending) => ended(process, ending),
    });
    alive.add(process);
    if (serving === undefined) {
      serving = process;
      reaches.show(process);
    } else successor = process;
    events.starting();
  };
  const prepare = (process: RunnerProcess): void => {
    preparing = { process, limit: setTimeout(() => beginPrepared(process), PREPARE_LIMIT_MS) };
    process.send({ kind: 'prepare' });
  };
  const beginPrepared = (process: RunnerProcess): void => {
    if (preparing?.process !== process) return;
    clearTimeout(preparing.limit);
    preparing = undefined;
    prepared.add(process);
    begin();
  };
  const told = (process: RunnerProcess, message: RunnerMessage, handle: unknown): void => {
    switch (message.kind) {
      case 'files':
      case 'restart':
      case 'outcome':
      case 'reads':
        if (process === (successor ?? serving)) events.told(message);
        return;
      case 'shared':
        // A version serves there; that it has taken over may be told later, behind all handles.
        committed.add(process);
        if (process === serving || process === successor) addresses.add(message.address, handle);
        return;
      case 'closed':
        if (process === serving || process === successor) addresses.close(message.id);
        reaches.closed(process, message.id);
        return process.send({ kind: 'released', id: message.id });
      case 'serves':
        reaches.serves(process, message);
        if (process === serving) events.moved();
        return;
      case 'ready':
        return addresses.giveTo(process);
      case 'committed':
        committed.add(process);
        // One that was given up serves nobody.
        if (process === serving || process === successor) process.send({ kind: 'serve' });
        return;
      case 'serving':
        return takeOver(process);
      case 'prepared':
        return beginPrepared(process);
      case 'left':
        return left.get(process)?.();
      case 'opened':
      case 'crashed':
        return;
      default:
        return message satisfies never;
    }
  };
  const takeOver = (process: RunnerProcess): void => {
    if (process !== successor) return;
    const before = serving;
    serving = process;
    successor = undefined;
    reaches.show(process);
    events.moved();
    if (before === undefined) return;
    left.set(before, () => {
      left.delete(before);
      events.replaced();
    });
    before.send({ kind: 'leave' });
    before.endWithin(LEAVE_LIMIT_MS);
  };
  const ended = (process: RunnerProcess, ending: Ending): void => {
    alive.delete(process);
    if (alive.size === 0) stopped?.();
    if (process === givenUp) {
      givenUp = undefined;
      if (!events.isEnding()) begin();
    } else if (process === successor) {
      successor = undefined;
      isDue = true;
      events.ended(ending, true);
    } else if (process === serving) {
      serving = successor;
      successor = undefined;
      if (events.isEnding()) events.ended(ending, false);
      else if (preparing?.process === process) beginPrepared(process);
      else if (serving === undefined && givenUp === undefined) events.ended(ending, false);
    } else {
      left.get(process)?.();
      events.gone(process);
    }
  };

  return {
    start() {
      if (givenUp !== undefined || preparing !== undefined) return;
      const { newest } = this;
      if (newest !== undefined && !committed.has(newest)) {
        // It accepts nothing that the other does; but what it has opened itself, the next one may want.
        givenUp = newest;
        if (newest === serving) serving = undefined;
        successor = undefined;
        newest.stop();
      } else if (serving === undefined || prepared.has(serving)) begin();
      else prepare(serving);
    },
    get isPending() {
      return givenUp !== undefined || preparing !== undefined;
    },
    get reaches() {
      return reaches.shown;
    },
    get newest() {
      return successor ?? serving;
    },
    get isDue() {
      return isDue;
    },
    signal(name) {
      if (name !== undefined) for (const process of [serving, successor]) process?.signal(name);
      return serving !== undefined;
    },
    kill() {
      for (const process of alive) process.signal('SIGKILL');
    },
    stop() {
      for (const process of alive) process.stop();
      return alive.size === 0 ? Promise.resolve() : new Promise((resolve) => (stopped = resolve));
    },
  };
}
