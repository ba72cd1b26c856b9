/**
 * A server of a version. Its events pass through here: what concerns a client goes to the server that is current at its address, so that a
 * connection which was opened under the first version gets the fifth on its next request. One step, whatever number of versions lies
 * between: chains would keep them all.
 */
import type net from 'node:net';
import type { Address, Lease } from './addresses.ts';
import type { OpenWork } from './open-work.ts';

export interface TrackedServer {
  readonly server: net.Server;
  readonly version: number;
  lease: Lease | undefined;
  /** Which of its version's listens on port 0 this is. */
  nth: number | undefined;
  /** Set when a newer server has taken its place. */
  forwardTo: Address | undefined;
  /** Emits past all this. */
  emit(event: string | symbol, ...args: unknown[]): boolean;
  /** Counts past all this. */
  listenerCount(event: string | symbol): number;
}

/** What clients cause; all else (`listening`, `error`, `close`) is the server's own. */
const OF_CLIENTS: ReadonlySet<unknown> = new Set([
  'request',
  'upgrade',
  'connect',
  'checkContinue',
  'checkExpectation',
  'clientError',
  'dropRequest',
  'stream',
  'session',
  'sessionError',
  'priority',
  'unknownProtocol',
  'timeout',
  'connection',
  'secureConnection',
  'tlsClientError',
]);

export interface ServerWatch {
  readonly work: OpenWork;
  /** After the listeners of an event of the server's own. */
  happened(tracked: TrackedServer, event: 'listening' | 'error' | 'close', error?: unknown): void;
}

export function trackServer(server: net.Server, version: number, { work, happened }: ServerWatch): TrackedServer {
  const emit = server.emit as (...args: unknown[]) => boolean;
  const listenerCount = server.listenerCount as (...args: unknown[]) => number;
  const tracked: TrackedServer = {
    server,
    version,
    lease: undefined,
    nth: undefined,
    forwardTo: undefined,
    emit: (...args) => Reflect.apply(emit, server, args),
    listenerCount: (...args) => Reflect.apply(listenerCount, server, args),
  };
  const target = (): TrackedServer => tracked.forwardTo?.current?.server ?? tracked;
  server.emit = (event: string | symbol, ...args: unknown[]) => {
    if (OF_CLIENTS.has(event)) {
      const to = target();
      work.begin(to, event, args);
      return to.emit(event, ...args);
    }
    const result = tracked.emit(event, ...args);
    if (event === 'listening' || event === 'error' || event === 'close') happened(tracked, event, args[0]);
    return result;
  };
  // Node asks before it decides whether an upgrade or an expectation is answered by the program.
  server.listenerCount = (event: string | symbol) => (OF_CLIENTS.has(event) ? target() : tracked).listenerCount(event);
  return tracked;
}
