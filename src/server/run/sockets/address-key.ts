/**
 * How an address that a program listens on is called, so that the next version's `listen` finds it open. Made from what Node has made of the
 * arguments: names are looked up, and the many forms of `listen` are one.
 */
import path from 'node:path';

/** The arguments of `net.Server.prototype._listen2`, in which every form of `listen` ends. */
export type ListenArguments = readonly [
  address: string | null | undefined,
  /** -1 for a Unix socket or a pipe. */
  port: number | null | undefined,
  addressType: number | null | undefined,
  backlog?: number,
  fd?: number | undefined,
  flags?: number | undefined,
];

const SOCKET = 'socket ';

/** All interfaces, by the three ways of saying so. With `ipv6Only` it is another address. */
const EVERYWHERE: ReadonlySet<unknown> = new Set([null, undefined, '', '::', '0.0.0.0']);

export function isEverywhere(address: string | null | undefined): boolean {
  return EVERYWHERE.has(address);
}

/** Of an address as asked for; `undefined` where only the handle tells (`listen(handle)`). */
export function askedKey([address, port, , , fd, flags]: ListenArguments): string | undefined {
  if (typeof fd === 'number' && fd >= 0) return `fd ${fd}`;
  if (typeof port !== 'number') return undefined;
  if (port === -1) return address == null ? undefined : pipeKey(address);
  return portKey(address, port, flags);
}

export function portKey(address: string | null | undefined, port: number, flags = 0): string {
  const only = flags === 0 ? '' : ' (IPv6 only)';
  return `${isEverywhere(address) ? '' : address}:${port}${only}`;
}

function pipeKey(name: string): string {
  // Names in the abstract namespace and of Windows are no paths.
  const isPath = !name.startsWith('\0') && process.platform !== 'win32';
  return `${SOCKET}${isPath ? path.resolve(name) : name}`;
}

/** The same port, and one of the two is on all interfaces: such addresses cannot be open beside each other. */
export function overlaps(keys: Iterable<string>, asked: ListenArguments): boolean {
  const key = askedKey(asked);
  const [, port] = asked;
  if (key === undefined || !port || port < 0) return false;
  const wide = portKey(null, port);
  const covers = (one: string, other: string): boolean => one !== other && one === wide && other.endsWith(wide);
  return [...keys].some((open) => covers(open, key) || covers(key, open));
}

/** The file of a Unix socket that has one. */
export function socketFile(keys: Iterable<string>): string | undefined {
  const key = [...keys].find((name) => name.startsWith(`${SOCKET}/`));
  return key?.slice(SOCKET.length);
}
