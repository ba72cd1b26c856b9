/**
 * The supervisor's side of one process that runs the program: its start as `node <entry>` would be started, its messages, and how it
 * ended.
 */
import { type ChildProcess, type SendHandle, spawn } from 'node:child_process';
import path from 'node:path';
import type { ErrorReport } from '../../../protocol.ts';
import type { RunnerMessage, RunnerSetup, SupervisorMessage } from './messages.ts';
import { packageRoot } from '../../package-info.ts';
import { CHANNEL, type Envelope } from './envelope.ts';
import type { RunOptions } from './run-options.ts';

export interface Ending {
  readonly code: number | null;
  readonly signal: NodeJS.Signals | null;
  /** The error that nobody has caught. */
  readonly crash: ErrorReport | undefined;
  readonly hasListened: boolean;
}

export interface RunnerProcess {
  readonly pid: number | undefined;
  /** @param handle travels with it */
  send(message: SupervisorMessage, handle?: SendHandle): void;
  signal(name: NodeJS.Signals): void;
  /** Asks it to end, and sees to it. */
  stop(): void;
  /** Sees to it that it has ended then. */
  endWithin(limitMs: number): void;
}

export interface RunnerEvents {
  told(message: RunnerMessage, handle: unknown): void;
  /** After the last message. */
  ended(ending: Ending): void;
}

const RUNNER = 'dist/server/run/command/runner.js';
/** A program that is asked to end may close what it has open. */
const STOP_LIMIT_MS = 5_000;

/** What it finds when it starts. */
export type Inheritance = Required<Pick<RunnerSetup, 'inherits' | 'isSuccessor'>>;

export function startRunner(
  { setup, args, nodeOptions, hasInput }: RunOptions,
  inheritance: Inheritance,
  events: RunnerEvents,
): RunnerProcess {
  const script = path.join(packageRoot(), RUNNER);
  const child = spawn(
    process.execPath,
    [...process.execArgv, ...nodeOptions, script, JSON.stringify({ ...setup, ...inheritance }), ...args],
    {
      stdio: [hasInput ? 'inherit' : 'ignore', 'inherit', 'inherit', 'ipc'],
    },
  );
  let crash: ErrorReport | undefined;
  let hasListened = false;
  child.on('internalMessage', (given: Partial<Envelope<RunnerMessage>>, handle: unknown) => {
    const { cmd, message } = given;
    if (cmd !== CHANNEL || message === undefined) return;
    if (message.kind === 'crashed') crash = message.error;
    if (message.kind === 'opened') hasListened = true;
    events.told(message, handle);
  });
  void whenEnded(child).then(({ code, signal }) => events.ended({ code, signal, crash, hasListened }));
  const endWithin = (limitMs: number): void => {
    const limit = setTimeout(() => child.kill('SIGKILL'), limitMs);
    void whenEnded(child).then(() => clearTimeout(limit));
  };
  return {
    pid: child.pid,
    // One that is just ending needs no message.
    send: (message, handle) =>
      void (child.connected && child.send({ cmd: CHANNEL, message } satisfies Envelope<SupervisorMessage>, handle, () => undefined)),
    signal: (name) => void child.kill(name),
    stop() {
      endWithin(STOP_LIMIT_MS);
      child.kill('SIGTERM');
    },
    endWithin,
  };
}

/** Its exit may be told before its last messages. */
async function whenEnded(child: ChildProcess): Promise<Pick<Ending, 'code' | 'signal'>> {
  const exited = new Promise<void>((resolve) => {
    if (child.exitCode !== null || child.signalCode !== null) resolve();
    else child.once('exit', () => resolve()).once('error', () => resolve());
  });
  const disconnected = new Promise<void>((resolve) => {
    if (child.connected) child.once('disconnect', () => resolve());
    else resolve();
  });
  await Promise.all([exited, disconnected]);
  return { code: child.exitCode, signal: child.signalCode };
}
