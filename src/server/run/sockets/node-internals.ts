/**
 * What of Node's servers has no public name, in one place: the listening handle, the last step of every `listen`, and the count that tells
 * that a server's last connection has ended. All are old and used by others: Node itself says of `_listen2` that its name stays for code that wraps it,
 * and its cluster gives `net.Server` stand-ins for handles. A test runs each on the Node at hand.
 */
import type net from 'node:net';
import type { ListenArguments } from './address-key.ts';

/** The part of libuv's listening handles that `net.Server` uses. */
export interface ListenHandle {
  onconnection: ((this: ListenHandle, status: number, client: unknown) => void) | null;
  listen(backlog: number): number;
  close(callback?: () => void): void;
  ref?(): void;
  unref?(): void;
  getsockname?(out: object): number;
  fchmod?(mode: number): number;
}

export interface ServerInternals {
  _handle: ListenHandle | null;
  _connections: number;
  _listen2(...args: ListenArguments): void;
  /** Called when a connection has ended. */
  _emitCloseIfDrained(): void;
}

export function internalsOf(server: net.Server): ServerInternals {
  return server as unknown as ServerInternals;
}

/** Puts a stand-in in the place of the handle that Node has just opened for the server. */
export function replaceHandle(server: net.Server, standIn: ListenHandle, onconnection: ListenHandle['onconnection']): void {
  const internals = internalsOf(server);
  const real = internals._handle;
  if (real === null) return;
  standIn.onconnection = onconnection;
  // By which a handle knows its server; the name of the symbol is Node's business.
  const owner = Object.getOwnPropertySymbols(real).find((symbol) => Reflect.get(real, symbol) === server);
  if (owner !== undefined) {
    Reflect.set(standIn, owner, server);
    // The handle outlives this server, and shall not keep it.
    Reflect.set(real, owner, null);
  }
  internals._handle = standIn;
}

export type ServerKind = 'http' | 'tls' | 'net';

/** By what they have, since asking for the classes would load TLS and HTTP/2 into programs that do without. */
export function kindOf(server: net.Server): ServerKind {
  if ('headersTimeout' in server || 'updateSettings' in server) return 'http';
  return 'addContext' in server ? 'tls' : 'net';
}
