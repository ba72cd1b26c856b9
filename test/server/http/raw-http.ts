/**
 * HTTP by hand, for tests of what `fetch` repairs or refuses to send: raw targets, broken headers, half requests. Plus a server on a
 * free port that goes away with the test.
 */
import { once } from 'node:events';
import http, { type RequestListener } from 'node:http';
import net, { type AddressInfo } from 'node:net';

export interface RawAnswer {
  readonly status: number;
  /** Names in lower case. */
  readonly headers: Readonly<Record<string, string>>;
  readonly body: Buffer;
  readonly text: string;
}

export interface TestServer extends AsyncDisposable {
  readonly port: number;
  readonly url: string;
  readonly server: http.Server;
  /** Sends exactly these bytes and reads until the server hangs up. */
  send(text: string): Promise<RawAnswer>;
  /** A request with this exact target. */
  get(target: string, headers?: Readonly<Record<string, string>>, method?: string): Promise<RawAnswer>;
}

/** @param wanted port; default: any */
export async function serve(listener: RequestListener, wanted = 0): Promise<TestServer> {
  const server = http.createServer(listener);
  server.listen(wanted, '127.0.0.1');
  await once(server, 'listening');
  const { port } = server.address() as AddressInfo;
  const send = async (text: string): Promise<RawAnswer> => parseAnswer(await exchange(port, text));
  return {
    port,
    server,
    url: `http://127.0.0.1:${port}`,
    send,
    get(target, headers = {}, method = 'GET') {
      const all = { Host: `127.0.0.1:${port}`, ...headers, Connection: 'close' };
      const lines = Object.entries(all).map(([name, value]) => `${name}: ${value}\r\n`);
      return send(`${method} ${target} HTTP/1.1\r\n${lines.join('')}\r\n`);
    },
    async [Symbol.asyncDispose]() {
      server.closeAllConnections();
      server.close();
      await once(server, 'close');
    },
  };
}

/** All bytes that come back. A reset counts as the end. */
export async function exchange(port: number, text: string): Promise<Buffer> {
  const socket = net.connect(port, '127.0.0.1');
  socket.write(text, 'latin1');
  const chunks: Buffer[] = [];
  socket.on('data', (chunk: Buffer) => chunks.push(chunk));
  socket.on('error', () => {});
  // Not `once` of node:events, which fails on an error.
  await new Promise((resolve) => socket.once('close', resolve));
  return Buffer.concat(chunks);
}

export function parseAnswer(bytes: Buffer): RawAnswer {
  const split = bytes.indexOf('\r\n\r\n');
  const [statusLine = '', ...lines] = bytes
    .subarray(0, split === -1 ? bytes.length : split)
    .toString('latin1')
    .split('\r\n');
  const headers = Object.fromEntries(
    lines.map((line) => [line.slice(0, line.indexOf(':')).toLowerCase(), line.slice(line.indexOf(':') + 1).trim()]),
  );
  const body = split === -1 ? Buffer.alloc(0) : bytes.subarray(split + 4);
  return { status: Number(statusLine.split(' ')[1] ?? 0), headers, body, text: body.toString() };
}

/** Descriptors that this process has open on regular files below a folder (Linux). */
export async function openFilesBelow(folder: string): Promise<string[]> {
  const { readdir, readlink } = await import('node:fs/promises');
  const targets = await Promise.all((await readdir('/proc/self/fd')).map((fd) => readlink(`/proc/self/fd/${fd}`).catch(() => '')));
  return targets.filter((target) => target.startsWith(folder));
}
