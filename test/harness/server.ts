/**
 * The server under test, in the test's own process and through its public interface: port 0, loopback, and a logger that keeps its lines
 * instead of printing them.
 */
import { Writable } from 'node:stream';
import { createDevServer, type DevServer } from '../../src/server/dev-server.ts';
import type { DevServerOptions } from '../../src/server/config/config.ts';
import { createLogger, type Logger, type LogLevel } from '../../src/server/logger.ts';
import { ensureBuilt } from './built.ts';
import { createLineLog, type LineLog, registerState } from './diagnostics.ts';

export interface TestServer extends AsyncDisposable {
  readonly server: DevServer;
  readonly port: number;
  /** `http://localhost:<port>`, without a slash at the end. */
  readonly origin: string;
  url(urlPath?: string): string;
  /** What the logger was given, line by line, without colours. */
  readonly log: LineLog;
  close(): Promise<void>;
}

export async function startServer(root: string, options: Omit<DevServerOptions, 'root' | 'logger'> = {}): Promise<TestServer> {
  await ensureBuilt();
  const log = createLineLog('the log of the server');
  const unregister = registerState(`log of the server for ${root}`, () => log.lines.join('\n'));
  const server = createDevServer({ port: 0, cache: false, ...options, root, logger: capturingLogger(log, options.logLevel) });
  const { port } = await server.listen();
  const origin = `http://localhost:${port}`;
  const close = async (): Promise<void> => {
    await server.close();
    unregister();
  };
  return { server, port, origin, url: (urlPath = '/') => origin + urlPath, log, close, [Symbol.asyncDispose]: close };
}

/** What a browser says with a request for a module script. */
export const SCRIPT: Readonly<Record<string, string>> = {
  'Sec-Fetch-Dest': 'script',
  'Sec-Fetch-Mode': 'cors',
  'Sec-Fetch-Site': 'same-origin',
};

/**
 * For a page that is slow to answer, the terminal's line about a batch comes after one that says so; a test that counts lines, or waits for
 * one, passes over it.
 */
export const isInterim = (line: string): boolean => line.includes(': sent; no page has finished with it yet');

/** A real logger whose two streams end in a list of lines. */
export function capturingLogger(log: LineLog, level: LogLevel = 'info'): Logger {
  const stream = lineStream((line) => log.add(line));
  return createLogger({ level, stdout: stream, stderr: stream, color: false });
}

/** Cuts what is written into lines; the last one when its end comes. */
export function lineStream(onLine: (line: string) => void): Writable {
  let rest = '';
  return new Writable({
    decodeStrings: false,
    write(chunk: string | Buffer, _encoding, callback) {
      const lines = (rest + String(chunk)).split('\n');
      rest = lines.pop() ?? '';
      for (const line of lines) onLine(line);
      callback();
    },
  });
}
