/**
 * The event stream of `/changes`: every client gets every event, in order, and after a lost connection what it missed. Server-sent
 * events and not a WebSocket: plain HTTP passes proxies, `EventSource` keeps the last id by itself, and a client fits on a slide.
 *
 *     event: update            the named event …
 *     id: k3x9-7
 *     data: {"type":"update",…}
 *
 *     id: k3x9-7               … and the plain contract, one default message for each file
 *     data: "sub/view.js"
 */
import type { IncomingMessage, ServerResponse } from 'node:http';
import type { ErrorReport, EventId, HelloEvent, ServerEvent, UpdateEvent } from '../../protocol.ts';
import { systemClock, type Clock } from './clock.ts';
import { createReplayBuffer, sequenceOf, type ReplayLimits } from './replay.ts';

export interface HubOptions {
  /** Names this run of the server: letters and digits. */
  readonly epoch: string;
  /** Name of the served folder. */
  readonly rootName: string;
  /** What a page shows to prove that it was served from here. */
  readonly token: string;
  /** Build errors that stand now. */
  readonly errors: () => readonly ErrorReport[];
  readonly replayLimits?: ReplayLimits | undefined;
  readonly heartbeatMs?: number | undefined;
  /** A client with more than this unread is dropped: it comes back, and resumes. */
  readonly unreadLimitBytes?: number | undefined;
  readonly clock?: Clock | undefined;
}

/** Everything but `hello`, which is each client's own. The id of an update is the hub's to give. */
export type PublishedEvent = Exclude<ServerEvent, HelloEvent> | Omit<UpdateEvent, 'id'>;

export interface Hub {
  /** Answers a GET with the stream, a HEAD with its headers. `since` is the query's; a `Last-Event-ID`, which is newer, goes before it. */
  attach(req: IncomingMessage, res: ServerResponse, options?: { readonly since?: EventId | null | undefined }): void;
  /** @param plain changed files relative to the served folder, for the plain contract */
  publish(event: PublishedEvent, plain?: readonly string[]): EventId;
  /** Tells every client that what it has may be out of date, as after a lost connection: it asks what differs. */
  greet(): void;
  /** Of the newest event; before the first one, sequence 0. */
  readonly lastId: EventId;
  /** What `publish` will return. */
  readonly nextId: EventId;
  /** Clients that are connected. */
  readonly size: number;
  /** Ends every stream; who comes later is refused. */
  close(): void;
}

interface Client {
  readonly res: ServerResponse;
  /** It had not read everything at the heartbeat before, and nothing since. */
  isStalled: boolean;
}

const HEADERS = {
  'Content-Type': 'text/event-stream',
  'Cache-Control': 'no-store, no-transform',
  // nginx would collect the stream until its buffer is full.
  'X-Accel-Buffering': 'no',
  'X-Content-Type-Options': 'nosniff',
  'Cross-Origin-Resource-Policy': 'same-origin',
};
/** How long the browser's own reconnection waits. */
const RETRY = 'retry: 500\n\n';
/** A comment: keeps proxies from closing the connection, and tells the system that a client is gone. */
const HEARTBEAT = ':\n\n';
const MEGABYTE = 1024 * 1024;

export function createHub(options: HubOptions): Hub {
  const { epoch, rootName, token, errors, heartbeatMs = 15_000, unreadLimitBytes = 4 * MEGABYTE, clock = systemClock } = options;
  // Less than a client may leave unread, so that a replay does not get it dropped.
  const replay = createReplayBuffer(options.replayLimits ?? { events: 500, sizeBytes: 2 * MEGABYTE });
  const clients = new Map<ServerResponse, Client>();
  let sequence = 0;
  let cancelHeartbeat: (() => void) | undefined;
  let isClosed = false;

  const idAt = (at: number): EventId => `${epoch}-${at}`;
  const remove = (res: ServerResponse): void => {
    clients.delete(res);
    if (clients.size > 0) return;
    cancelHeartbeat?.();
    cancelHeartbeat = undefined;
  };
  const drop = (res: ServerResponse): void => {
    remove(res);
    res.destroy();
  };
  const beat = (): void => {
    cancelHeartbeat = clock.schedule(beat, heartbeatMs);
    for (const client of clients.values()) {
      const { res, isStalled } = client;
      client.isStalled = res.writableNeedDrain;
      if (!client.isStalled) res.write(HEARTBEAT);
      else if (isStalled) drop(res);
    }
  };
  const helloNow = (resumed: boolean): HelloEvent => ({ type: 'hello', epoch, sequence, root: rootName, token, resumed, errors: errors() });
  const greeting = (since: EventId | null): readonly (string | Buffer)[] => {
    const asked = sequenceOf(since, epoch);
    const missed = asked === null ? null : replay.after(asked);
    const hello = helloNow(missed !== null);
    // Its id is what the client has so far: if the connection breaks before the replay is through, it asks for the same again.
    const id = idAt(missed === null ? sequence : (asked ?? 0));
    return [RETRY + frame('hello', id, JSON.stringify(hello)), ...(missed ?? [])];
  };

  return {
    attach(req, res, { since = null } = {}) {
      if (isClosed) {
        res.writeHead(503, { 'Cache-Control': 'no-store' }).end();
        return;
      }
      if (res.destroyed) return;
      if (req.method === 'HEAD') {
        res.writeHead(200, HEADERS).end();
        return;
      }
      res.on('close', () => remove(res));
      res.on('error', () => drop(res));
      const client: Client = { res, isStalled: false };
      res.on('drain', () => (client.isStalled = false));
      clients.set(res, client);
      cancelHeartbeat ??= clock.schedule(beat, heartbeatMs);
      const header = req.headers['last-event-id'];
      res.writeHead(200, HEADERS);
      res.write(Buffer.concat(greeting(typeof header === 'string' && header !== '' ? header : since).map(toBuffer)));
    },
    publish(event, plain = []) {
      const id = idAt(sequence + 1);
      const named = frame(event.type, id, JSON.stringify(event.type === 'update' ? { ...event, id } : event));
      const chunk = Buffer.from(named + plain.map((file) => frame(undefined, id, JSON.stringify(file))).join(''));
      sequence++;
      replay.push(chunk);
      for (const { res } of clients.values()) {
        if (res.writableLength > unreadLimitBytes) drop(res);
        else res.write(chunk);
      }
      return id;
    },
    greet() {
      sequence++;
      replay.skip();
      const hello = frame('hello', idAt(sequence), JSON.stringify(helloNow(false)));
      for (const { res } of clients.values()) res.write(hello);
    },
    get lastId() {
      return idAt(sequence);
    },
    get nextId() {
      return idAt(sequence + 1);
    },
    get size() {
      return clients.size;
    },
    close() {
      isClosed = true;
      for (const { res } of clients.values()) {
        // Who does not read would not see the end either.
        if (res.writableLength > 0) drop(res);
        else res.end();
      }
      clients.clear();
      cancelHeartbeat?.();
      cancelHeartbeat = undefined;
    },
  };
}

/** JSON has no raw line break, so that one `data:` line holds it (HTML Standard, "Parsing an event stream"). */
function frame(name: string | undefined, id: EventId, json: string): string {
  return `${name === undefined ? '' : `event: ${name}\n`}id: ${id}\ndata: ${json}\n\n`;
}

function toBuffer(part: string | Buffer): Buffer {
  return typeof part === 'string' ? Buffer.from(part) : part;
}
