/**
 * Empties a server whose place a newer one has taken. Connections hold the server that has accepted them for as long as they last, so it must
 * hold nothing of its version: no listener, no timer. Without this each reload under kept-alive connections costs 868 kB. Idle connections are never
 * closed: the next request may already be on its way.
 */
import type { TrackedServer } from './tracked-server.ts';
import { internalsOf } from './node-internals.ts';
import type { OpenWork } from './open-work.ts';

/** @param drained called when its last connection has ended */
export function hollowServer(tracked: TrackedServer, work: OpenWork, drained: () => void = () => {}): void {
  const { server, version } = tracked;
  const internals = internalsOf(server);
  server.removeAllListeners();
  // A program that closes its server on reload means its own work, and not what the connections do for the version after it.
  server.close = (callback) => {
    if (callback !== undefined) server.once('close', () => callback());
    work.whenDone(version, () => tracked.emit('close'));
    return server;
  };
  Object.assign(server, { closeIdleConnections() {}, closeAllConnections: () => work.destroy(version) });
  const finish = (): void => {
    Reflect.deleteProperty(internals, '_emitCloseIfDrained');
    closeByClass(tracked);
    drained();
  };
  if (internals._connections === 0) finish();
  else internals._emitCloseIfDrained = () => internals._connections === 0 && finish();
}

/** When no address leads there any more, nobody will answer on them. */
export function closeIdleConnections({ server }: TrackedServer): void {
  Reflect.deleteProperty(server, 'closeIdleConnections');
  if ('closeIdleConnections' in server) (server.closeIdleConnections as () => void)();
}

/**
 * Node's own way of closing, whatever has been put on the object: it is what stops the timer that looks for connections which are too slow.
 * Closes idle connections; without any it tells nobody, as a hollow server has no listeners.
 */
export function closeByClass({ server }: TrackedServer): void {
  const { close } = Object.getPrototypeOf(server) as { close: () => void };
  Reflect.apply(close, server, []);
}
