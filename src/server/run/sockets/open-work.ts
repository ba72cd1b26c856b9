/**
 * What is still open of each version: responses that have not ended, WebSockets, raw connections. It is why an old version is alive, which
 * is told to the author, and what to wait for before it can be forgotten. Idle connections are none of it; they belong to nobody.
 */
import type { EventEmitter } from 'node:events';
import type { IncomingHttpHeaders } from 'node:http';
import type { Duplex } from 'node:stream';
import { kindOf } from './node-internals.ts';
import type { TrackedServer } from './tracked-server.ts';

export interface OpenWork {
  begin(server: TrackedServer, event: string | symbol, args: readonly unknown[]): void;
  /** Versions with open work, and how to say it: `1 open response, GET /events`. */
  describe(): ReadonlyMap<number, string>;
  /** Calls back when the version has nothing open. */
  whenDone(version: number, done: () => void): void;
  /** Ends what clients of this version still wait for. */
  destroy(version: number): void;
  /** Tells the WebSockets of a version that the service restarts; clients then connect again. */
  closeWebSockets(version: number): void;
  readonly isIdle: boolean;
  /**
   * Another process serves: from now on each answer tells its client that it is the last on its connection.
   * @param idle called when nothing is open any more
   */
  leave(idle: () => void): void;
}

type Kind = 'response' | 'WebSocket' | 'upgraded connection' | 'connection';

interface Work {
  readonly kind: Kind;
  /** `GET /events`; empty for a raw connection. */
  readonly request: string;
  readonly stream: Pick<Duplex, 'destroy'>;
  /** Of an upgrade, to write to. */
  readonly socket?: Duplex;
}

interface RequestLike {
  readonly method?: string;
  readonly url?: string;
  readonly headers: IncomingHttpHeaders;
}

/** An unmasked close frame: 1012, "service restart". */
const SERVICE_RESTART = Buffer.from([0x88, 0x02, 0x03, 0xf4]);

export function createOpenWork(): OpenWork {
  const versions = new Map<number, Set<Work>>();
  const waiting = new Map<number, (() => void)[]>();
  const known = new WeakSet<object>();
  const sessions = new Set<Session>();
  let idle: (() => void) | undefined;
  const ended = (version: number, work: Work): void => {
    const open = versions.get(version);
    if (open?.delete(work) !== true || open.size > 0) return;
    versions.delete(version);
    const callbacks = waiting.get(version) ?? [];
    waiting.delete(version);
    for (const done of callbacks) done();
    if (versions.size === 0) idle?.();
  };
  const beginSession = (session: Session): void => {
    if (sessions.has(session)) return;
    sessions.add(session);
    session.once('close', () => sessions.delete(session));
    if (idle !== undefined) endSession(session);
  };
  return {
    begin(server, event, args) {
      if (event === 'session') beginSession(args[0] as Session);
      const found = workOf(server, event, args);
      // HTTP/2 tells a stream and then the request that it is; a `checkContinue` becomes a `request`.
      if (found === undefined || known.has(found.identity)) return;
      known.add(found.identity);
      const { version } = server;
      const open = versions.get(version) ?? new Set();
      versions.set(version, open.add(found.work));
      found.closing.once('close', () => ended(version, found.work));
      if (idle !== undefined) endAfter(found.work.stream);
    },
    describe: () => new Map([...versions].map(([version, open]) => [version, summary([...open])])),
    whenDone(version, done) {
      if (!versions.has(version)) process.nextTick(done);
      else waiting.set(version, [...(waiting.get(version) ?? []), done]);
    },
    destroy(version) {
      for (const { stream } of versions.get(version) ?? []) stream.destroy();
    },
    closeWebSockets(version) {
      for (const { kind, socket } of versions.get(version) ?? []) if (kind === 'WebSocket') socket?.end(SERVICE_RESTART);
    },
    get isIdle() {
      return versions.size === 0;
    },
    leave(callback) {
      idle = callback;
      for (const open of versions.values()) for (const { stream } of open) endAfter(stream);
      for (const session of sessions) endSession(session);
    },
  };
}

/** With a head that has gone out already the client may ask once more, and is answered. */
function endAfter(stream: Work['stream']): void {
  if ('shouldKeepAlive' in stream && 'headersSent' in stream && stream.headersSent !== true) stream.shouldKeepAlive = false;
}

interface Session extends EventEmitter {
  readonly destroyed: boolean;
  goaway(code: number, lastStream: number): void;
  ping(callback: () => void): boolean;
  close(): void;
}

const LAST_STREAM = 2 ** 31 - 1;

/** In two steps (RFC 9113, 6.8): what the client has sent before it hears of the first is answered. */
function endSession(session: Session): void {
  if (session.destroyed) return;
  session.goaway(0, LAST_STREAM);
  session.ping(() => session.close());
}

interface Found {
  readonly work: Work;
  readonly closing: EventEmitter;
  /** The same for all events about one thing. */
  readonly identity: object;
}

function workOf({ server }: TrackedServer, event: string | symbol, args: readonly unknown[]): Found | undefined {
  switch (event) {
    case 'request':
    case 'checkContinue':
    case 'checkExpectation': {
      const [request, response] = args as [RequestLike, Duplex & { readonly stream?: Duplex }];
      const work: Work = { kind: 'response', request: requestLine(request), stream: response };
      return { work, closing: response, identity: response.stream ?? response };
    }
    case 'stream': {
      const [stream, headers] = args as [Duplex, IncomingHttpHeaders];
      const request = requestLine({ method: String(headers[':method']), url: String(headers[':path']), headers });
      return { work: { kind: 'response', request, stream }, closing: stream, identity: stream };
    }
    case 'upgrade':
    case 'connect': {
      const [request, socket] = args as [RequestLike, Duplex];
      const isWebSocket = event === 'upgrade' && /^websocket$/i.test(request.headers.upgrade ?? '');
      const kind = isWebSocket ? 'WebSocket' : 'upgraded connection';
      return { work: { kind, request: requestLine(request), stream: socket, socket }, closing: socket, identity: socket };
    }
    case 'connection':
    case 'secureConnection': {
      if (kindOf(server) !== (event === 'connection' ? 'net' : 'tls')) return undefined;
      const [socket] = args as [Duplex];
      return { work: { kind: 'connection', request: '', stream: socket }, closing: socket, identity: socket };
    }
    default:
      return undefined;
  }
}

function requestLine({ method = '', url = '' }: RequestLike): string {
  return `${method} ${url}`;
}

/** `2 open responses, GET /events, GET /log`. */
function summary(open: readonly Work[]): string {
  const kinds = [...new Set(open.map(({ kind }) => kind))].map((kind) => {
    const { length } = open.filter((work) => work.kind === kind);
    return `${length} open ${kind}${length === 1 ? '' : 's'}`;
  });
  const requests = [...new Set(open.map(({ request }) => request).filter((request) => request !== ''))];
  const named = requests.slice(0, NAMED_REQUESTS);
  if (requests.length > named.length) named.push('…');
  return [...kinds, ...named].join(', ');
}

const NAMED_REQUESTS = 3;
