/**
 * Listening on a port, with a way out when it is taken, and closing for good. `server.listen` alone answers with an event and a code, and
 * would share `localhost:3000` with a program that holds the other loopback address; `server.close` alone waits for every stream
 * of `/changes`, that is, for ever.
 */
import { createServer, type Socket } from 'node:net';
import { STATUS_CODES, type Server, type ServerResponse } from 'node:http';
import { errorCode, HmrError } from '../errors.ts';

export interface ListenOptions {
  /** Name or address to bind; `localhost` is 127.0.0.1. */
  readonly host: string;
  /** 0 takes any free port. */
  readonly port: number;
  /** Fail if the port is taken, instead of trying the next ones. */
  readonly strictPort?: boolean | undefined;
}

export interface Listening {
  readonly address: string;
  readonly port: number;
}

const TRIES = 50;
const HIGHEST_PORT = 65535;
// Longer than a browser keeps an idle connection, so that it is the one who closes it and no request meets a closing socket.
const KEEP_ALIVE_MS = 72_000;
const HEADERS_MS = 60_000;
/** The address that `localhost` may mean as well, and that binding the first one leaves to others. */
const BESIDE: ReadonlyMap<string, string> = new Map([
  ['127.0.0.1', '::1'],
  ['0.0.0.0', '::1'],
  ['::1', '127.0.0.1'],
]);

/** Throws an HmrError `PORT` that says what to do. */
export async function listen(server: Server, options: ListenOptions): Promise<Listening> {
  const host = options.host === 'localhost' ? '127.0.0.1' : options.host;
  const last = options.strictPort || options.port === 0 ? options.port : Math.min(options.port + TRIES, HIGHEST_PORT);
  for (let port = options.port; port <= last; port++) {
    const code = (await isTakenBeside(host, port)) ? 'EADDRINUSE' : await tryListen(server, host, port);
    if (code === null) {
      const bound = server.address();
      if (bound === null || typeof bound === 'string') throw new HmrError('PORT', `${host} is not a network address.`);
      return { address: bound.address, port: bound.port };
    }
    if (code !== 'EADDRINUSE') throw explain(code, host, port);
  }
  throw explain('EADDRINUSE', host, options.port, last);
}

/**
 * To be called once, before listening: limits for slow clients, and an answer to what is not HTTP.
 * @returns closes the server and every connection of it; safe to call twice
 */
export function prepareServer(server: Server): () => Promise<void> {
  server.keepAliveTimeout = KEEP_ALIVE_MS;
  server.headersTimeout = HEADERS_MS;
  // An upload through the proxy takes the time it takes.
  server.requestTimeout = 0;
  const sockets = new Set<Socket>();
  const answers = new WeakMap<object, ServerResponse>();
  server.on('connection', (socket: Socket) => {
    sockets.add(socket);
    socket.on('error', () => {}); // ECONNRESET and EPIPE of clients that went away; the server needs to know nothing of it
    socket.on('close', () => sockets.delete(socket));
  });
  // Of https, on top of the other; it fails by itself.
  server.on('secureConnection', (socket: Socket) => socket.on('error', () => {}));
  server.on('request', (req, res) => answers.set(req.socket, res));
  server.on('clientError', (error: Error, socket) => {
    const answer = answers.get(socket);
    const isBusy = answer !== undefined && answer.headersSent && !answer.writableEnded;
    if (!socket.writable || isBusy || errorCode(error) === 'ECONNRESET') socket.destroy();
    else socket.end(rawAnswer(statusOf(error)));
  });
  let closing: Promise<void> | null = null;
  return () => (closing ??= close(server, sockets));
}

function close(server: Server, sockets: Set<Socket>): Promise<void> {
  return new Promise((resolve) => {
    server.close(() => resolve()); // the only error is that it does not listen, which is what was wanted
    for (const socket of sockets) socket.destroy();
  });
}

function statusOf(error: Error): number {
  switch (errorCode(error)) {
    case 'HPE_HEADER_OVERFLOW':
      return 431;
    case 'ERR_HTTP_REQUEST_TIMEOUT':
      return 408;
    default:
      return 400;
  }
}

function rawAnswer(status: number): string {
  const body = `${STATUS_CODES[status] ?? 'Bad Request'}\n`;
  const headers = [
    `HTTP/1.1 ${status} ${STATUS_CODES[status] ?? ''}`,
    'Content-Type: text/plain; charset=utf-8',
    `Content-Length: ${body.length}`,
    'X-Content-Type-Options: nosniff',
    'Cross-Origin-Resource-Policy: same-origin',
    'Connection: close',
  ];
  return `${headers.join('\r\n')}\r\n\r\n${body}`;
}

/** `null` when it listens, otherwise the code of the error. */
function tryListen(server: Pick<Server, 'listen' | 'once' | 'off'>, host: string, port: number): Promise<string | null> {
  return new Promise((resolve) => {
    const onError = (error: Error): void => {
      server.off('listening', onListening);
      resolve(errorCode(error) || error.message);
    };
    const onListening = (): void => {
      server.off('error', onError);
      resolve(null);
    };
    server.once('error', onError);
    server.once('listening', onListening);
    server.listen({ host, port, exclusive: true });
  });
}

/** A browser tries both loopback addresses for `localhost`, and would reach whoever has the port on the other one. */
async function isTakenBeside(host: string, port: number): Promise<boolean> {
  const other = BESIDE.get(host);
  if (other === undefined || port === 0) return false;
  const probe = createServer();
  const isTaken = await new Promise<boolean>((resolve) => {
    probe.once('error', (error) => resolve(errorCode(error) === 'EADDRINUSE')); // others: no such address on this machine
    probe.listen({ host: other, port, exclusive: true, ipv6Only: true }, () => resolve(false));
  });
  if (probe.listening) await new Promise((resolve) => probe.close(resolve));
  return isTaken;
}

function explain(code: string, host: string, port: number, last = port): HmrError {
  switch (code) {
    case 'EADDRINUSE': {
      const message = last > port ? `Ports ${port} to ${last} are all in use.` : `Port ${port} is already in use.`;
      const way =
        last > port || port === HIGHEST_PORT
          ? 'choose another one with --port'
          : 'choose another one with --port, or leave out --strict-port';
      return new HmrError('PORT', message, { hint: `Stop the program that uses it, ${way}.` });
    }
    case 'EACCES':
      return new HmrError('PORT', `Port ${port} may not be used by this user.`, { hint: 'Choose one above 1023, such as --port 3000.' });
    case 'EADDRNOTAVAIL':
    case 'ENOTFOUND':
    case 'EAI_AGAIN':
    case 'EINVAL':
      return new HmrError('PORT', `This machine has no address "${host}".`, {
        hint: 'Use --host localhost for this machine only, or --host 0.0.0.0 for the whole network.',
      });
    default:
      return new HmrError('PORT', `Cannot listen on ${host}, port ${port} (${code}).`, {
        hint: 'Choose another one with --host or --port.',
      });
  }
}
