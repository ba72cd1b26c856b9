/**
 * The open addresses of the process. Each is one real handle of Node's, which stays open while versions come and go, and the leases on it:
 * stand-ins for the handle, one for each server that listens there. Node's cluster does the same for its workers. Connections go to
 * the current lease; a lease of a version that still boots waits. No part of Node but `net.Server` has to know.
 */
import { runOutside } from '../ownership/token.ts';
import { askedKey, type ListenArguments, overlaps, portKey, socketFile } from './address-key.ts';
import { internalsOf, type ListenHandle, replaceHandle } from './node-internals.ts';
import { closeSocket } from './socket-file.ts';
import type { TrackedServer } from './tracked-server.ts';

export interface Lease {
  readonly server: TrackedServer;
  readonly address: Address;
  /** What the server has as its `_handle`. */
  readonly handle: ListenHandle;
  isReferenced: boolean;
}

export interface Address {
  /** The same in all processes that share it. */
  readonly id: string;
  /** For people: `:3000`, `127.0.0.1:3000`, `socket /run/app`. */
  readonly name: string;
  /** Node's own, to be shared with other processes. */
  readonly real: ListenHandle;
  /** Where new connections go. */
  readonly current: Lease | undefined;
  leaseOf(version: number): Lease | undefined;
  /** A version that still boots wants it. */
  readonly isWanted: boolean;
  lease(server: TrackedServer): Lease;
  /** From now on connections go there. @returns where they went before, which has lost its lease */
  handOver(lease: Lease): Lease | undefined;
  readonly keys: ReadonlySet<string>;
  /** Hollow servers that forward to here, until their connections have ended. */
  readonly forwarding: Set<TrackedServer>;
  /** Of another process, which still serves there: nothing is accepted here until `start`. */
  readonly isInherited: boolean;
  start(): void;
  close(): void;
  /** Other processes keep it open; its connections stay. */
  detach(): void;
}

/** What another process has to know of an address beside its handle. */
export interface SharedAddress {
  /** The same in all processes. */
  readonly id: string;
  /** How programs may call it, see address-key.ts. */
  readonly keys: readonly string[];
}

export interface Addresses {
  /** The open address that these arguments mean, and where this version does not listen yet. */
  find(asked: ListenArguments, version: number, nth: number, handle: unknown): Address | undefined;
  /** Takes over the handle that Node has just opened for a server, if it has. */
  open(asked: ListenArguments, nth: number, server: TrackedServer): Lease | undefined;
  /** An address that another process has opened. */
  inherit(shared: SharedAddress, real: ListenHandle): void;
  /** Who holds open addresses of other versions that keep this one from being opened. */
  overlapping(asked: ListenArguments, version: number): Lease[];
  all(): readonly Address[];
}

export interface AddressObserver {
  opened(address: Address): void;
  /** A version that serves listens there. */
  served?(address: Address): void;
  /** @returns until when another process has it open still */
  closed(address: Address): Promise<void> | undefined;
}

export function createAddresses(observer: Pick<AddressObserver, 'opened'> & { closed(address: Address): void }): Addresses {
  const addresses = new Set<Address>();
  const handles = new WeakMap<object, Address>();
  const add = (real: ListenHandle, { id, keys }: SharedAddress, isInherited: boolean): Address => {
    const address = createAddress({
      real,
      id,
      keys: new Set(keys),
      isInherited,
      ended(isClosed) {
        addresses.delete(address);
        if (isClosed) observer.closed(address);
      },
    });
    addresses.add(address);
    handles.set(real, address);
    // All that a client causes is in the context in which its socket is made, and that is no version's.
    real.onconnection = (status, client) => runOutside(() => address.current?.handle.onconnection?.(status, client));
    return address;
  };
  return {
    find(asked, version, nth, handle) {
      const known = typeof handle === 'object' && handle !== null ? handles.get(handle) : undefined;
      if (known !== undefined) return known;
      const key = keyOf(asked, nth);
      if (key === undefined) return undefined;
      return [...addresses].find((address) => address.keys.has(key) && address.leaseOf(version) === undefined);
    },
    open(asked, nth, tracked) {
      const real = internalsOf(tracked.server)._handle;
      if (real === null) return undefined; // The error comes as an event.
      const { onconnection } = real;
      const address = add(real, { id: `${process.pid} ${++count}`, keys: keysOf(asked, nth, real) }, false);
      const lease = address.lease(tracked);
      replaceHandle(tracked.server, lease.handle, onconnection);
      observer.opened(address);
      return lease;
    },
    inherit(shared, real) {
      add(real, shared, true);
    },
    overlapping: (asked, version) =>
      [...addresses].flatMap(({ keys, current }) =>
        current !== undefined && current.server.version !== version && overlaps(keys, asked) ? [current] : [],
      ),
    all: () => [...addresses],
  };
}

let count = 0;

/** Port 0 is another port each time: the first of one version is the first of the next. */
function keyOf(asked: ListenArguments, nth: number): string | undefined {
  const key = askedKey(asked);
  return asked[1] === 0 && key !== undefined ? `${key} ${nth}` : key;
}

/** As it was asked for, and as it is: a program may ask for the port by number that it was given for 0. */
function keysOf(asked: ListenArguments, nth: number, handle: ListenHandle): string[] {
  const keys = new Set<string>();
  const bound: { address?: string; port?: number } = {};
  if (handle.getsockname?.(bound) === 0 && bound.port !== undefined) keys.add(portKey(bound.address, bound.port, asked[5]));
  const key = keyOf(asked, nth);
  if (key !== undefined) keys.add(key);
  return [...keys];
}

interface AddressOptions {
  readonly real: ListenHandle;
  readonly id: string;
  readonly keys: ReadonlySet<string>;
  readonly isInherited: boolean;
  /** @param isClosed false when others keep it open */
  ended(isClosed: boolean): void;
}

function createAddress({ real, id, keys, isInherited, ended }: AddressOptions): Address {
  const leases = new Set<Lease>();
  let current: Lease | undefined;
  let isOpen = true;
  /** Node has begun to accept; for an address of another process that is a step of its own. */
  let isAccepting = !isInherited;
  let isStarted = !isInherited;
  let backlog = DEFAULT_BACKLOG;
  const makeCurrent = (lease: Lease): void => {
    current = lease;
    reference(real, lease.isReferenced);
    accept();
  };
  const accept = (): void => {
    if (isAccepting || !isStarted || current === undefined || !isOpen) return;
    isAccepting = true;
    real.listen(backlog);
  };
  const end = (isClosed: boolean): void => {
    if (!isOpen) return;
    isOpen = false;
    const file = socketFile(keys);
    if (file === undefined) real.close();
    else closeSocket(real, file, isClosed, isInherited);
    ended(isClosed);
  };
  const release = (lease: Lease): void => {
    if (!leases.delete(lease)) return;
    const next = [...leases].at(-1);
    if (next === undefined) {
      // The next version may want what is not ours yet.
      if (isStarted) end(true);
      else current = undefined;
    } else if (current === lease) makeCurrent(next);
  };
  const address: Address = {
    id,
    name: [...keys][0] ?? 'a handle',
    real,
    isInherited,
    get current() {
      return current;
    },
    keys,
    forwarding: new Set(),
    get isWanted() {
      return leases.size > 1;
    },
    start() {
      isStarted = true;
      accept();
    },
    close: () => end(true),
    detach: () => end(false),
    leaseOf: (version) => [...leases].find(({ server }) => server.version === version),
    lease(server) {
      const handle: ListenHandle = {
        onconnection: null,
        listen(asked) {
          backlog = asked;
          return 0;
        },
        close(callback) {
          release(lease);
          if (callback !== undefined) process.nextTick(callback);
        },
        ref: () => refer(true),
        unref: () => refer(false),
        fchmod: (mode) => real.fchmod?.(mode) ?? 0,
        // A Unix socket has none, and `address()` then asks no handle.
        ...(real.getsockname !== undefined && { getsockname: (out: object) => real.getsockname?.(out) ?? 0 }),
      };
      const lease: Lease = { server, address, handle, isReferenced: true };
      const refer = (isReferenced: boolean): void => {
        lease.isReferenced = isReferenced;
        if (current === lease && isOpen) reference(real, isReferenced);
      };
      leases.add(lease);
      if (current === undefined) makeCurrent(lease);
      return lease;
    },
    handOver(lease) {
      const before = current === lease ? undefined : current;
      makeCurrent(lease);
      if (before !== undefined) leases.delete(before);
      return before;
    },
  };
  return address;
}

/** Node's. */
const DEFAULT_BACKLOG = 511;

function reference(handle: ListenHandle, isReferenced: boolean): void {
  if (isReferenced) handle.ref?.();
  else handle.unref?.();
}
