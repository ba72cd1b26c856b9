/**
 * The end of connections in a process that has left its addresses to another one. Nothing is closed: who asks once more on a kept connection is
 * answered, and told by that answer that it is the last (open-work).
 */
import type { OpenWork } from './open-work.ts';
import { internalsOf } from './node-internals.ts';
import type { TrackedServer } from './tracked-server.ts';

/** @param servers all that may have connections still */
export function whenDrained(servers: readonly TrackedServer[], work: OpenWork): Promise<void> {
  return new Promise((resolve) => {
    const check = (): void => {
      const isOpen = servers.some(({ server }) => internalsOf(server)._connections > 0);
      if (!isOpen && work.isIdle) resolve();
    };
    for (const { server } of servers) {
      const internals = internalsOf(server);
      const { _emitCloseIfDrained: ended } = internals;
      internals._emitCloseIfDrained = () => {
        Reflect.apply(ended, server, []);
        check();
      };
    }
    work.leave(check);
    check();
  });
}
