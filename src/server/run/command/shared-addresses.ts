/**
 * The supervisor's handles of the addresses on which the program serves. It accepts nothing there; but while it has them they stay open, so that the
 * next process finds them, and who connects when nobody serves (after a crash) waits for it instead of being refused.
 */
import type { SendHandle } from 'node:child_process';
import type { SharedAddress } from '../sockets/addresses.ts';
import type { RunnerProcess } from './runner-process.ts';

export interface SharedAddresses {
  readonly isEmpty: boolean;
  add(address: SharedAddress, handle: unknown): void;
  close(id: string): void;
  giveTo(process: RunnerProcess): void;
}

interface Handle {
  close(): void;
}

export function createSharedAddresses(): SharedAddresses {
  const open = new Map<string, { readonly address: SharedAddress; readonly handle: Handle }>();
  const close = (id: string): void => {
    open.get(id)?.handle.close();
    open.delete(id);
  };
  return {
    get isEmpty() {
      return open.size === 0;
    },
    add(address, handle) {
      if (typeof handle !== 'object' || handle === null) return;
      close(address.id);
      open.set(address.id, { address, handle: handle as Handle });
    },
    close,
    giveTo(process) {
      for (const { address, handle } of open.values()) process.send({ kind: 'inherit', address }, handle as unknown as SendHandle);
      process.send({ kind: 'inherited' });
    },
  };
}
