/**
 * The listening servers of all versions. A new version's `listen` on an address that is open gets a lease on it at once, and its connections
 * when the version is committed; the port never closes in between. An address that overlaps an open one (`127.0.0.1:3000` where all interfaces were)
 * cannot be open beside it: it is opened with the commit, in the same step that closes the other.
 */
import type net from 'node:net';
import { currentToken, isContextLost, type Token } from '../ownership/token.ts';
import { askedKey, type ListenArguments, overlaps } from './address-key.ts';
import { type Address, type AddressObserver, createAddresses, type Lease, type SharedAddress } from './addresses.ts';
import { whenDrained } from './drain.ts';
import { closeByClass, closeIdleConnections, hollowServer } from './hollow-server.ts';
import { wrapListen } from './listen-wrap.ts';
import { internalsOf, type ListenHandle } from './node-internals.ts';
import { createOpenWork, type OpenWork } from './open-work.ts';
import { type TrackedServer, trackServer } from './tracked-server.ts';

export interface NetworkEvents {
  readonly addresses: AddressObserver | undefined;
  /** Whose a `listen` is where the context is lost. */
  bootingToken(): Token | undefined;
  isLive(version: number): boolean;
  /** It ends with `listenEnded`. */
  listenCalled(version: number, server: net.Server): void;
  listenEnded(version: number, server: net.Server, error?: unknown): void;
}

export interface Network {
  readonly work: OpenWork;
  isListening(version: number): boolean;
  /** Names of the addresses whose connections go to this version. */
  addressesOf(version: number): string[];
  /** Hands over every address on which the version listens. */
  commit(version: number): void;
  /** Gives back what the version has opened; servers of before never noticed. */
  rollBack(version: number): void;
  /** Closes the addresses that still belong to versions before this one, and that nobody wants. */
  closeOlder(version: number): void;
  /** Calls back when no address leads to the version any more. */
  whenLeft(version: number, left: () => void): void;
  /** An address of another process, which serves there until `start`. */
  inherit(shared: SharedAddress, handle: ListenHandle): void;
  /** Whether another process has told of addresses that nobody listens on here. */
  readonly hasUnused: boolean;
  /** From now on this process serves at what it has inherited. */
  start(): void;
  /** Leaves all addresses to another process, and resolves when the connections that are left have ended. */
  leave(): Promise<void>;
  /** Puts Node's own functions back. */
  unwrap(): void;
}

interface Waiting {
  readonly tracked: TrackedServer;
  readonly asked: ListenArguments;
}

export function createNetwork(events: NetworkEvents): Network {
  const servers = new WeakMap<net.Server, TrackedServer>();
  const work = createOpenWork();
  const departures = createDepartures((version) => addressesOf(version).length > 0);
  const addresses = createAddresses({
    opened: (address) => events.addresses?.opened(address),
    closed(address) {
      awaitRelease(address, events.addresses?.closed(address));
      for (const server of address.forwarding) closeIdleConnections(server);
      departures.check();
    },
  });
  const countZero = createCounter();
  let waiting: Waiting[] = [];
  /** Closed here, and still open in another process. */
  const closing = new Map<Address, Promise<void>>();

  const awaitRelease = (address: Address, released: Promise<void> | undefined): void => {
    if (released === undefined) return;
    closing.set(address, released);
    void released.then(() => closing.delete(address));
  };
  const releaseOf = (asked: ListenArguments): Promise<void> | undefined => {
    const key = askedKey(asked);
    return [...closing].find(([{ keys }]) => (key !== undefined && keys.has(key)) || overlaps(keys, asked))?.[1];
  };
  const current = (): Lease[] => addresses.all().flatMap((address) => address.current ?? []);
  const ofVersion = (version: number): Lease[] => addresses.all().flatMap((address) => address.leaseOf(version) ?? []);
  const addressesOf = (version: number): string[] =>
    current().flatMap(({ server, address }) => (server.version === version ? [address.name] : []));

  const handOver = (lease: Lease): void => {
    const before = lease.address.handOver(lease);
    events.addresses?.served?.(lease.address);
    if (before === undefined) return;
    const { forwarding } = lease.address;
    before.server.forwardTo = lease.address;
    forwarding.add(before.server);
    hollowServer(before.server, work, () => forwarding.delete(before.server));
    departures.check();
  };
  const listenOverlapping = (late: Waiting): void => {
    for (const { server } of addresses.overlapping(late.asked, late.tracked.version)) closeByClass(server);
    listenReleased(late);
  };
  const listenReleased = ({ tracked, asked }: Waiting): void => {
    const released = releaseOf(asked);
    if (released === undefined) listenNow(tracked.server, asked);
    else
      void released.then(() => {
        if (events.isLive(tracked.version) || events.bootingToken()?.version === tracked.version) listenReleased({ tracked, asked });
      });
  };

  const { listenNow, unwrap } = wrapListen({
    called(server) {
      const token = currentToken() ?? (isContextLost() ? events.bootingToken() : undefined);
      if (token === undefined || server.listening) return 'node';
      // Nobody sees a version that is gone, and its code may go on for a while.
      if (token.phase === 'gone') return 'ignore';
      const tracked = servers.get(server) ?? trackServer(server, token.version, { work, happened });
      servers.set(server, tracked);
      tracked.nth = undefined;
      events.listenCalled(tracked.version, server);
      return 'track';
    },
    refused: (server) => happened(servers.get(server), 'close'),
    find(server, asked) {
      const tracked = servers.get(server);
      if (tracked === undefined || isOurs(tracked)) return undefined;
      const { version } = tracked;
      tracked.nth ??= asked[1] === 0 ? countZero(version, String(asked[0])) : 0;
      const address = addresses.find(asked, version, tracked.nth, internalsOf(server)._handle);
      if (address !== undefined) return take(address.lease(tracked));
      if (releaseOf(asked) !== undefined) {
        listenReleased({ tracked, asked });
        return 'wait';
      }
      if (events.isLive(version) || addresses.overlapping(asked, version).length === 0) return undefined;
      waiting.push({ tracked, asked });
      happened(tracked, 'listening');
      return 'wait';
    },
    done(server, asked) {
      const tracked = servers.get(server);
      if (tracked === undefined) return;
      const lease = isOurs(tracked) ? tracked.lease : addresses.open(asked, tracked.nth ?? 0, tracked);
      if (lease === undefined) return;
      tracked.lease = lease;
      if (events.isLive(tracked.version)) handOver(lease);
    },
  });

  function take(lease: Lease): ListenHandle {
    lease.server.lease = lease;
    return lease.handle;
  }
  function happened(tracked: TrackedServer | undefined, event: 'listening' | 'error' | 'close', error?: unknown): void {
    if (tracked === undefined) return;
    if (event === 'error') events.listenEnded(tracked.version, tracked.server, error);
    else events.listenEnded(tracked.version, tracked.server);
  }

  return {
    work,
    isListening: (version) => ofVersion(version).length > 0 || waiting.some(({ tracked }) => tracked.version === version),
    addressesOf,
    commit(version) {
      for (const lease of ofVersion(version)) handOver(lease);
      const late = waiting.filter(({ tracked }) => tracked.version === version);
      waiting = [];
      for (const one of late) listenOverlapping(one);
    },
    rollBack(version) {
      waiting = waiting.filter(({ tracked }) => tracked.version !== version);
      for (const lease of ofVersion(version)) {
        // Hollow before it closes: its `close` listeners are of a program that nobody has seen.
        hollowServer(lease.server, work);
        lease.handle.close();
      }
    },
    closeOlder(version) {
      for (const { server, address } of current()) if (server.version < version && !address.isWanted) closeByClass(server);
      for (const address of addresses.all()) if (address.current === undefined) address.close();
    },
    whenLeft: departures.when,
    inherit: addresses.inherit,
    get hasUnused() {
      return addresses.all().some((address) => address.current === undefined);
    },
    start() {
      for (const address of addresses.all()) address.start();
    },
    leave() {
      const all = addresses.all();
      const servers = all.flatMap(({ current: lease, forwarding }) => [...(lease === undefined ? [] : [lease.server]), ...forwarding]);
      for (const address of all) address.detach();
      departures.check();
      return whenDrained(servers, work);
    },
    unwrap,
  };
}

/** Its handle is a stand-in of ours: the address is open. */
function isOurs({ lease, server }: TrackedServer): boolean {
  return lease !== undefined && internalsOf(server)._handle === lease.handle;
}

interface Departures {
  when(version: number, left: () => void): void;
  /** To be called when an address has changed hands. */
  check(): void;
}

function createDepartures(isThere: (version: number) => boolean): Departures {
  const waiting = new Map<number, (() => void)[]>();
  return {
    when(version, left) {
      if (isThere(version)) waiting.set(version, [...(waiting.get(version) ?? []), left]);
      else left();
    },
    check() {
      for (const [version, callbacks] of waiting) {
        if (isThere(version)) continue;
        waiting.delete(version);
        for (const left of callbacks) left();
      }
    },
  };
}

/** Counts from 0, for each version anew; only the newest version counts. */
function createCounter(): (version: number, key: string) => number {
  let newest = 0;
  let counts = new Map<string, number>();
  return (version, key) => {
    if (version !== newest) counts = new Map();
    newest = version;
    const count = counts.get(key) ?? 0;
    counts.set(key, count + 1);
    return count;
  };
}
