/**
 * `hmr-dev run` as its users have it: the bin file in a folder of files, with pipes for its standard streams. Lines of the program and of hmr-dev are
 * told apart, since they come by different streams.
 */
import { type ChildProcess, spawn } from 'node:child_process';
import { once } from 'node:events';
import type { Readable } from 'node:stream';
import { BIN, type Exit } from '../../../harness/cli.ts';
import { ensureBuilt } from '../../../harness/built.ts';
import { createLineLog, type LineLog, registerState, withDeadline } from '../../../harness/diagnostics.ts';
import { fixture, type Fixture, type FixtureFiles } from '../../../harness/fixture.ts';
import { get } from '../http-clients.ts';

export interface RunCommand extends AsyncDisposable {
  readonly child: ChildProcess;
  readonly folder: Fixture;
  /** Lines of the program. */
  readonly out: LineLog;
  /** Lines of hmr-dev, and of the program's standard error. */
  readonly err: LineLog;
  readonly exit: Promise<Exit>;
  /** Does something and waits for a line that comes after it. */
  expect(log: 'out' | 'err', line: RegExp, action: () => unknown): Promise<string>;
  /** Saves a file and waits for the new version. @returns the line that tells of it */
  reload(name: string, content: string): Promise<string>;
  /** Does what makes another process take over, and waits until it has. @returns the line that tells of it */
  restart(action: () => unknown): Promise<string>;
  /** The port that the program has told last. */
  port(): number;
  /** The answer of the program on that port. */
  ask(urlPath?: string): Promise<string>;
  ended(): Promise<Exit>;
}

export interface RunCommandOptions {
  readonly env?: Readonly<Record<string, string>>;
  /** In front of the entry, which is `server.mjs`. */
  readonly options?: readonly string[];
  readonly entry?: string;
  /** Behind it. */
  readonly args?: readonly string[];
  /** Of the folder, before the start. */
  readonly prepare?: (folder: Fixture) => Promise<unknown>;
  /** By Node alone, to compare. */
  readonly isPlain?: boolean;
}

export async function startCommand(files: FixtureFiles, given: RunCommandOptions = {}): Promise<RunCommand> {
  await ensureBuilt();
  const { options = [], entry = 'server.mjs', args = [] } = given;
  const folder = await fixture(files);
  await given.prepare?.(folder);
  const command = given.isPlain === true ? [] : [BIN, 'run', '--no-cache', ...options];
  const child = spawn(process.execPath, [...command, entry, ...args], {
    cwd: folder.path,
    env: { ...process.env, NODE_OPTIONS: '', NO_COLOR: '1', ...given.env },
  });
  const out = createLineLog('what the program says');
  const err = createLineLog('what hmr-dev run says');
  const unregister = registerState('hmr-dev run', () => [...out.lines, '---', ...err.lines].join('\n'));
  addLines(child.stdout, out);
  addLines(child.stderr, err);
  const exit = once(child, 'close').then(([code, signal]: unknown[]): Exit => {
    unregister();
    return { code: code as number | null, signal: signal as NodeJS.Signals | null };
  });
  const expect: RunCommand['expect'] = async (log, line, action) => {
    const lines = log === 'out' ? out : err;
    const from = lines.lines.length;
    await action();
    return lines.waitFor(line, from);
  };
  const port = (): number => Number(out.lines.findLast((line) => line.startsWith('port '))?.slice(5));
  return {
    child,
    folder,
    out,
    err,
    exit,
    expect,
    reload: (name, content) => expect('err', /: reloaded, /, () => folder.write(name, content)),
    restart: (action) => expect('err', /: restarted /, action),
    port,
    ask: (urlPath) => get({ port: port() }, urlPath),
    ended: () => withDeadline(exit, 'the end of hmr-dev run'),
    async [Symbol.asyncDispose]() {
      child.kill('SIGKILL');
      await exit;
      await folder[Symbol.asyncDispose]();
    },
  };
}

function addLines(stream: Readable, log: LineLog): void {
  let rest = '';
  stream.setEncoding('utf8').on('data', (text: string) => {
    const lines = (rest + text).split('\n');
    rest = lines.pop() ?? '';
    for (const line of lines) log.add(line);
  });
  stream.on('end', () => rest !== '' && log.add(rest));
}

/** A server that answers with the word of `word.mjs`, on the port that it tells. */
export const SERVER = `
import http from 'node:http';
import { word } from './word.mjs';
const server = http.createServer((request, response) => response.end(word));
server.listen(0, () => console.log('port ' + server.address().port));
`;

export const word = (text: string): string => `export const word = '${text}';\n`;

/** Until its first version has taken over: what is saved earlier would abandon it, and its port. */
export async function startServer(files: FixtureFiles = {}, given: RunCommandOptions = {}): Promise<RunCommand> {
  const options = ['--log-level', 'debug', ...(given.options ?? [])];
  const run = await startCommand({ 'server.mjs': SERVER, 'word.mjs': word('first'), ...files }, { ...given, options });
  await run.out.waitFor(/port \d/);
  await run.err.waitFor(/ runs$/);
  return run;
}
