/**
 * The runner's part in a restart: it shares the addresses on which it serves, so that its successor, or the process after a crash, finds them open; it
 * asks for those of its predecessor before the program runs; and when it is replaced, it answers what is asked still, and ends.
 *
 *     predecessor            supervisor            successor
 *       shared ──────────────────►                             with each address, when a version serves there
 *          ◄──────────────── prepare                           hooks for what cannot be open twice
 *       prepared ────────────────►  starts ────────►
 *                                  inherit ────────► load, boot: nothing is accepted yet
 *                                  ◄──────── committed
 *                                    serve ────────► accepts
 *          ◄────────────────  leave ◄──────── serving
 *       left ────────────────────►  "restarted"
 */
import inspector from 'node:inspector';
import type { SupervisorMessage } from './messages.ts';
import type { Address, AddressObserver } from '../sockets/addresses.ts';
import type { ListenHandle } from '../sockets/node-internals.ts';
import { reachOf } from '../sockets/reach.ts';
import type { VersionHost } from '../version-host.ts';
import type { SupervisorChannel } from './supervisor-channel.ts';

/** Tells the supervisor of addresses. */
export function shareAddresses(supervisor: Pick<SupervisorChannel, 'send'>): AddressObserver & { released(id: string): void } {
  const shared = new Set<string>();
  const waiting = new Map<string, () => void>();
  return {
    opened: () => supervisor.send({ kind: 'opened' }),
    served(address) {
      const { id, keys, real, current } = address;
      if (current !== undefined) supervisor.send({ kind: 'serves', id, version: current.server.version, reach: reachOf(address) });
      if (shared.has(id) || !canTravel(real)) return;
      shared.add(id);
      supervisor.send({ kind: 'shared', address: { id, keys: [...keys] } }, real);
    },
    closed({ id, isInherited }: Address) {
      if (!shared.delete(id) && !isInherited) return undefined;
      supervisor.send({ kind: 'closed', id });
      return new Promise((resolve) => waiting.set(id, resolve));
    },
    released(id) {
      waiting.get(id)?.();
      waiting.delete(id);
    },
  };
}

/** Node's own handles do; those of a cluster's worker, and what a program makes up, do not. */
function canTravel(handle: ListenHandle): boolean {
  return /^(?:TCP|Pipe)$/.test(handle.constructor.name);
}

export interface HandOverOptions {
  readonly supervisor: SupervisorChannel;
  readonly host: VersionHost;
  /** The program may run: what it inherits is there. */
  readonly start: () => void;
  /** Nothing new is to be begun, and what is made of modules is disposed of. */
  readonly retire: () => Promise<void>;
  readonly stopReading: () => void;
}

type HandOverMessage = Exclude<SupervisorMessage, { kind: 'changed' | 'watching' | 'released' }>;

export interface HandOver {
  /** The first version has taken over. */
  committed(): void;
  received(message: HandOverMessage, handle: unknown): void;
}

export function createHandOver({ supervisor, host, start, retire, stopReading }: HandOverOptions): HandOver {
  const prepare = async (): Promise<void> => {
    // Its port cannot be handed over.
    if (inspector.url() !== undefined) inspector.close();
    await host.prepare();
    supervisor.send({ kind: 'prepared' });
  };
  const leave = async (): Promise<void> => {
    const { ended } = host.leave();
    supervisor.send({ kind: 'left' });
    // The successor reads from now on.
    stopReading();
    supervisor.hold(true);
    await Promise.all([ended, retire()]);
    process.exit(0);
  };
  const received: HandOver['received'] = (message, handle) => {
    switch (message.kind) {
      case 'inherit':
        return host.inherit(message.address, handle as ListenHandle);
      case 'inherited':
        supervisor.hold(false);
        return start();
      case 'serve':
        host.start();
        supervisor.hold(false);
        return supervisor.send({ kind: 'serving' });
      case 'prepare':
        return void prepare();
      case 'leave':
        return void leave();
      default:
        return message satisfies never;
    }
  };
  return {
    committed() {
      // A server that does not accept yet keeps no process alive.
      supervisor.hold(true);
      supervisor.send({ kind: 'committed' });
    },
    received,
  };
}
