/**
 * A hub behind a real socket, and clients that keep what they read. The reader parses as the HTML Standard says (§9.2.6), because the
 * browser on the other side does: a stray line break would pass a test that only looks for its text.
 */
import http from 'node:http';
import { EventEmitter, once } from 'node:events';
import type { AddressInfo } from 'node:net';
import type { TestContext } from 'node:test';
import { createHub, type Hub, type HubOptions } from '../../../src/server/hot/hub.ts';

export interface StreamEvent {
  readonly name: string;
  readonly id: string;
  readonly data: string;
}

export interface StreamClient {
  readonly res: http.IncomingMessage;
  readonly events: readonly StreamEvent[];
  /** Everything that was read, comments included. */
  readonly text: string;
  readonly isEnded: boolean;
  /** Waits for so many events. */
  until(count: number): Promise<readonly StreamEvent[]>;
  untilText(part: string): Promise<void>;
  untilEnd(): Promise<void>;
  /** Goes away without a word. */
  abort(): void;
}

export interface HubServer {
  readonly hub: Hub;
  readonly port: number;
  /** Emits `size` after an attach and after a client's end. */
  untilSize(size: number): Promise<void>;
  connect(options?: { query?: string; headers?: Record<string, string>; agent?: http.Agent }): Promise<StreamClient>;
}

export async function startHub(t: TestContext, options: Partial<HubOptions> = {}): Promise<HubServer> {
  const hub = createHub({ epoch: 'e1', rootName: 'app', token: 'secret', errors: () => [], ...options });
  const sizes = new EventEmitter();
  const server = http.createServer((req, res) => {
    // After the hub's own listener, which is what changes the size.
    hub.attach(req, res, { since: new URL(req.url ?? '', 'http://x').searchParams.get('since') });
    res.on('close', () => sizes.emit('size'));
    sizes.emit('size');
  });
  server.listen(0, '127.0.0.1');
  await once(server, 'listening');
  const { port } = server.address() as AddressInfo;
  t.after(async () => {
    hub.close();
    server.closeAllConnections();
    server.close();
    await once(server, 'close');
  });
  return {
    hub,
    port,
    async untilSize(size) {
      while (hub.size !== size) await once(sizes, 'size');
    },
    async connect({ query = '', headers = {}, agent } = {}) {
      const req = http.get({ host: '127.0.0.1', port, path: `/changes${query}`, headers, ...(agent && { agent }) });
      const [res] = (await once(req, 'response')) as [http.IncomingMessage];
      return createClient(req, res);
    },
  };
}

function createClient(req: http.ClientRequest, res: http.IncomingMessage): StreamClient {
  const events: StreamEvent[] = [];
  const arrivals = new EventEmitter();
  let text = '';
  let parsedTo = 0;
  let lastId = '';
  let isEnded = false;
  res.setEncoding('utf8');
  res.on('data', (chunk: string) => {
    text += chunk;
    for (let end = text.indexOf('\n\n', parsedTo); end !== -1; end = text.indexOf('\n\n', parsedTo)) {
      const fields = parseBlock(text.slice(parsedTo, end));
      parsedTo = end + 2;
      lastId = fields.get('id') ?? lastId;
      const data = fields.get('data');
      if (data !== undefined) events.push({ name: fields.get('event') ?? 'message', id: lastId, data });
    }
    arrivals.emit('news');
  });
  const end = (): void => {
    isEnded = true;
    arrivals.emit('news');
  };
  res.on('error', end).on('close', end);
  const wait = async (condition: () => boolean): Promise<void> => {
    while (!condition()) {
      if (isEnded) throw new Error(`The stream ended before. Read:\n${text.slice(-2000)}`);
      await once(arrivals, 'news');
    }
  };
  return {
    res,
    events,
    get text() {
      return text;
    },
    get isEnded() {
      return isEnded;
    },
    async until(count) {
      await wait(() => events.length >= count);
      return events;
    },
    untilText: (part) => wait(() => text.includes(part)),
    async untilEnd() {
      while (!isEnded) await once(arrivals, 'news');
    },
    abort: () => req.destroy(),
  };
}

function parseBlock(block: string): Map<string, string> {
  const fields = new Map<string, string>();
  for (const line of block.split(/\r\n|\r|\n/)) {
    const colon = line.indexOf(':');
    if (colon === 0) continue;
    const name = colon === -1 ? line : line.slice(0, colon);
    const value = colon === -1 ? '' : line.slice(colon + 1).replace(/^ /, '');
    fields.set(name, name === 'data' && fields.has('data') ? `${fields.get('data')}\n${value}` : value);
  }
  return fields;
}
