/**
 * The command line as its users have it: the real bin file in a child process. `startCli` waits for the banner and hands out the address
 * in it; `runCli` is for calls that end by themselves. Children that a failing test leaves behind are killed at its end.
 */
import { type ChildProcess, spawn } from 'node:child_process';
import { once } from 'node:events';
import path from 'node:path';
import { urlFromBanner } from '../../src/server/banner.ts';
import { stripColors } from '../../src/server/colors.ts';
import { ensureBuilt, REPOSITORY } from './built.ts';
import { createLineLog, type LineLog, registerState, withDeadline } from './diagnostics.ts';

export const BIN: string = path.join(REPOSITORY, 'bin/hmr-dev.js');

export interface CliOptions {
  readonly cwd?: string;
  readonly env?: Readonly<Record<string, string>>;
}

export interface Exit {
  readonly code: number | null;
  readonly signal: NodeJS.Signals | null;
}

export interface TestCli extends AsyncDisposable {
  readonly child: ChildProcess;
  /** Without a slash at the end. */
  readonly origin: string;
  url(urlPath?: string): string;
  /** stdout and stderr together, line by line, without colours. */
  readonly log: LineLog;
  readonly exit: Promise<Exit>;
  /** Sends a signal and waits for the end. */
  stop(signal?: NodeJS.Signals): Promise<Exit>;
}

export interface CliResult extends Exit {
  readonly stdout: string;
  readonly stderr: string;
}

/** `hmr-dev <args>` until it listens. Give a folder first and `--port 0`, unless the test is about them. */
export async function startCli(args: readonly string[], options: CliOptions = {}): Promise<TestCli> {
  const { child, log, exit } = await spawnCli(args, options);
  const ended = exit.then(({ code, signal }) => {
    throw new Error(`hmr-dev ${args.join(' ')} ended (${code ?? signal}) before it listened:\n${log.lines.join('\n')}`);
  });
  ended.catch(() => {}); // Looked at in the race only; once the banner has come, ending is no error.
  const line = await Promise.race([log.waitFor(/^ {2}(Local|Network): +http/), ended]).catch((error: unknown) => {
    child.kill('SIGKILL');
    throw error;
  });
  const origin = (urlFromBanner(line) ?? '').replace(/\/$/, '');
  const stop = async (signal: NodeJS.Signals = 'SIGTERM'): Promise<Exit> => {
    child.kill(signal);
    return withDeadline(exit, `the end of hmr-dev after ${signal}`);
  };
  return {
    child,
    log,
    exit,
    origin,
    url: (urlPath = '/') => origin + urlPath,
    stop,
    async [Symbol.asyncDispose]() {
      if (child.exitCode === null && child.signalCode === null) await stop('SIGKILL');
    },
  };
}

/** `hmr-dev <args>` until it ends. */
export async function runCli(args: readonly string[], options: CliOptions = {}): Promise<CliResult> {
  const { child, exit, stdout, stderr } = await spawnCli(args, options);
  try {
    return { ...(await withDeadline(exit, `the end of hmr-dev ${args.join(' ')}`)), stdout: stdout(), stderr: stderr() };
  } finally {
    child.kill('SIGKILL');
  }
}

interface Spawned {
  readonly child: ChildProcess;
  readonly log: LineLog;
  readonly exit: Promise<Exit>;
  stdout(): string;
  stderr(): string;
}

async function spawnCli(args: readonly string[], options: CliOptions): Promise<Spawned> {
  await ensureBuilt();
  const env = { ...process.env, NO_COLOR: '1', BROWSER: 'none', ...options.env };
  const child = spawn(process.execPath, [BIN, ...args], { cwd: options.cwd ?? REPOSITORY, env, stdio: ['ignore', 'pipe', 'pipe'] });
  const log = createLineLog(`the output of hmr-dev ${args.join(' ')}`);
  const unregister = registerState(`output of hmr-dev ${args.join(' ')}`, () => log.lines.join('\n'));
  const stdout = collect(child.stdout, log);
  const stderr = collect(child.stderr, log);
  const exit = once(child, 'close').then(([code, signal]: unknown[]): Exit => {
    unregister();
    return { code: code as number | null, signal: signal as NodeJS.Signals | null };
  });
  return { child, log, exit, stdout, stderr };
}

function collect(stream: NodeJS.ReadableStream, log: LineLog): () => string {
  let text = '';
  let rest = '';
  stream.setEncoding('utf8');
  stream.on('data', (chunk: string) => {
    text += chunk;
    const lines = (rest + chunk).split('\n');
    rest = lines.pop() ?? '';
    for (const line of lines) log.add(stripColors(line));
  });
  stream.on('end', () => rest !== '' && log.add(stripColors(rest)));
  return () => text;
}
