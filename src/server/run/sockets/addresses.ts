/**
 * The open addresses of the process. Each is one real handle of Node's, which stays open while versions come and go, and the leases on it:
 * stand-ins for the handle, one for each server that listens there. Node's cluster does the same for its workers. Connections go to
 * the current lease; a lease of a version that still boots waits. No part of Node but `net.Server` has to know.
 */
import { runOutside } from '../ownership/token.ts';
import { askedKey, type ListenArguments, portKey } from './address-key.ts';
import { internalsOf, type ListenHandle, replaceHandle } from './node-internals.ts';
import type { TrackedServer } from './tracked-server.ts';

export interface Lease {
  readonly server: TrackedServer;
  readonly address: Address;
  /** What the server has as its `_handle`. */
  readonly handle: ListenHandle;
  isReferenced: boolean;
}

export interface Address {
  /** For people: `:3000`, `127.0.0.1:3000`, `socket /run/app`. */
  readonly name: string;
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
}

export interface Addresses {
  /** The open address that these arguments mean, and where this version does not listen yet. */
  find(asked: ListenArguments, version: number, nth: number, handle: unknown): Address | undefined;
  /** Takes over the handle that Node has just opened for a server, if it has. */
  open(asked: ListenArguments, nth: number, server: TrackedServer): Lease | undefined;
  /** Who holds open addresses of other versions that keep this one from being opened: the same port, and one of the two is on all interfaces. */
  overlapping(asked: ListenArguments, version: number): Lease[];
  all(): readonly Address[];
}

export interface AddressObserver {
  opened(address: Address): void;
  closed(address: Address): void;
}

export function createAddresses(observer: AddressObserver): Addresses {
  const addresses = new Set<Address>();
  const handles = new WeakMap<object, Address>();
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
      const address = createAddress(real, keysOf(asked, nth, real), () => {
        addresses.delete(address);
        observer.closed(address);
      });
      addresses.add(address);
      handles.set(real, address);
      const lease = address.lease(tracked);
      replaceHandle(tracked.server, lease.handle);
      // All that a client causes is in the context in which its socket is made, and that is no version's.
      real.onconnection = (status, client) => runOutside(() => address.current?.handle.onconnection?.(status, client));
      observer.opened(address);
      return lease;
    },
    overlapping(asked, version) {
      const key = askedKey(asked);
      if (key === undefined || !asked[1] || asked[1] < 0) return [];
      const covers = (wide: string, narrow: string): boolean =>
        wide !== narrow && wide === portKey(null, asked[1] ?? 0) && narrow.endsWith(wide);
      return [...addresses].flatMap(({ keys, current }) => {
        const overlaps = [...keys].some((open) => covers(open, key) || covers(key, open));
        return overlaps && current !== undefined && current.server.version !== version ? [current] : [];
      });
    },
    all: () => [...addresses],
  };
}

/** Port 0 is another port each time: the first of one version is the first of the next. */
function keyOf(asked: ListenArguments, nth: number): string | undefined {
  const key = askedKey(asked);
  return asked[1] === 0 && key !== undefined ? `${key} ${nth}` : key;
}

/** As it was asked for, and as it is: a program may ask for the port by number that it was given for 0. */
function keysOf(asked: ListenArguments, nth: number, handle: ListenHandle): Set<string> {
  const keys = new Set<string>();
  const bound: { address?: string; port?: number } = {};
  if (handle.getsockname?.(bound) === 0 && bound.port !== undefined) keys.add(portKey(bound.address, bound.port, asked[5]));
  const key = keyOf(asked, nth);
  if (key !== undefined) keys.add(key);
  return keys;
}

function createAddress(real: ListenHandle, keys: ReadonlySet<string>, closed: () => void): Address {
  const leases = new Set<Lease>();
  let current: Lease | undefined;
  let isOpen = true;
  const makeCurrent = (lease: Lease): void => {
    current = lease;
    reference(real, lease.isReferenced);
  };
  const release = (lease: Lease): void => {
    if (!leases.delete(lease)) return;
    const next = [...leases].at(-1);
    if (next === undefined) {
      isOpen = false;
      real.close();
      closed();
    } else if (current === lease) makeCurrent(next);
  };
  const address: Address = {
    name: [...keys][0] ?? 'a handle',
    get current() {
      return current;
    },
    keys,
    forwarding: new Set(),
    get isWanted() {
      return leases.size > 1;
    },
    leaseOf: (version) => [...leases].find(({ server }) => server.version === version),
    lease(server) {
      const handle: ListenHandle = {
        onconnection: null,
        listen: () => 0,
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

function reference(handle: ListenHandle, isReferenced: boolean): void {
  if (isReferenced) handle.ref?.();
  else handle.unref?.();
}
