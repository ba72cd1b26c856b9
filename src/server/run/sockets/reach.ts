/**
 * How a client of HTTP reaches a server that listens: what it connects to, and whether it encrypts. For who stands in front of the program, as the
 * server of its pages does.
 */
import { isEverywhere, socketFile } from './address-key.ts';
import type { Address } from './addresses.ts';

export type Reach = { readonly isSecure: boolean } & ({ readonly host: string; readonly port: number } | { readonly socketPath: string });

/** Null where nobody listens, and for a server that does not speak HTTP/1. */
export function reachOf({ current, keys, real }: Address): Reach | null {
  // HTTP/2 alone has none.
  if (current === undefined || !('headersTimeout' in current.server.server)) return null;
  const isSecure = 'addContext' in current.server.server;
  const socketPath = socketFile(keys);
  if (socketPath !== undefined) return { isSecure, socketPath };
  const bound: { address?: string; port?: number; family?: string } = {};
  if (real.getsockname?.(bound) !== 0 || bound.port === undefined) return null;
  const { address, family, port } = bound;
  if (!isEverywhere(address)) return { isSecure, host: address ?? '', port };
  // All of both families, or of one.
  const isIpv6Only = family === 'IPv6' && [...keys].some((key) => key.endsWith('(IPv6 only)'));
  return { isSecure, host: isIpv6Only ? '::1' : '127.0.0.1', port };
}
