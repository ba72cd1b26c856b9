/**
 * The URLs at which a listening server is reached, for the banner: from this machine, and from others in the network. Read from the
 * interfaces, because `0.0.0.0` is an address to listen on and none to open.
 */
import { isIPv6 } from 'node:net';
import { networkInterfaces } from 'node:os';

export interface ServerUrls {
  readonly local: readonly string[];
  readonly network: readonly string[];
}

export interface ServerUrlsOptions {
  readonly host: string;
  readonly port: number;
  /** Default: http. */
  readonly isSecure?: boolean;
  /** Path of the start page. Default: `/`. */
  readonly base?: string;
  /** For tests. */
  readonly interfaces?: ReturnType<typeof networkInterfaces>;
}

const LOCAL = /^(?:localhost|.*\.localhost|127(?:\.\d{1,3}){3}|::1)$/i;

export function serverUrls(options: ServerUrlsOptions): ServerUrls {
  const { host } = options;
  const toUrl = (name: string): string => urlOf(name, options.port, options.isSecure) + (options.base ?? '/');
  const isAny = host === '0.0.0.0' || host === '::';
  if (!isAny) {
    if (!LOCAL.test(host)) return { local: [], network: [toUrl(host)] };
    // Listening on another address of the loopback network (127.0.0.2), `localhost` does not lead there.
    return { local: [toUrl(host === '127.0.0.1' || host === '::1' ? 'localhost' : host)], network: [] };
  }
  const addresses = Object.values(options.interfaces ?? networkInterfaces()).flatMap((list) => list ?? []);
  const reachable = addresses.filter(
    ({ internal, family, address }) => !internal && (family === 'IPv4' || (host === '::' && !isLinkLocal(address))),
  );
  const sorted = reachable.toSorted((a, b) => a.family.localeCompare(b.family)).map(({ address }) => toUrl(address));
  return { local: [toUrl('localhost')], network: [...new Set(sorted)] };
}

/** A link-local address needs a zone, which a URL cannot hold. */
function isLinkLocal(address: string): boolean {
  return /^fe[89ab]/i.test(address);
}

function urlOf(name: string, port: number, isSecure = false): string {
  const isDefault = port === (isSecure ? 443 : 80);
  return `${isSecure ? 'https' : 'http'}://${isIPv6(name) ? `[${name}]` : name}${isDefault ? '' : `:${port}`}`;
}
