/**
 * Who may ask, before anything is looked at. A dev server answers every page that the developer's browser has open, so the Host
 * header is checked first (DNS rebinding: a foreign name that resolves to 127.0.0.1), and internal endpoints take requests of the
 * own origin only. CORS headers would be the usual way to let others in; there are none, on purpose.
 */
import { isIPv4, isIPv6 } from 'node:net';
import type { IncomingMessage, ServerResponse } from 'node:http';

export interface Refusal {
  readonly status: number;
  /** One line, plain text. */
  readonly message: string;
  readonly headers?: Readonly<Record<string, string>>;
}

export interface RequestChecksOptions {
  /** Names served besides localhost and IP addresses; a leading dot (`.example.test`) takes the name and all below it. */
  readonly allowedHosts: readonly string[];
}

/** Checks the Host header; `null` lets the request pass. */
export type RequestCheck = (req: IncomingMessage) => Refusal | null;

const HOST = /^(\[[0-9a-f:.]+\]|[a-z0-9._-]+)(?::([0-9]{1,5}))?$/i;

export function createRequestChecks(options: RequestChecksOptions): RequestCheck {
  const allowed = options.allowedHosts.map((host) => host.toLowerCase().replace(/\.$/, ''));
  return (req) => {
    const hostname = hostnameOf(req);
    if (hostname === null) return { status: 400, message: 'The Host header is missing or malformed.' };
    if (isLocal(hostname) || allowed.some((entry) => matches(hostname, entry))) return null;
    return {
      status: 403,
      message: `Host "${hostname}" is not allowed. If this name is yours, start with --allowed-hosts ${hostname}`,
    };
  };
}

/**
 * Does the request come from a page of this server, or from no page at all (curl, address bar)? `Origin: null` (sandboxed frames, files) is
 * foreign. Host and port are compared under the scheme of the Origin, so that a TLS proxy in front does no harm.
 */
export function isSameOrigin(req: IncomingMessage): boolean {
  const site = req.headers['sec-fetch-site'];
  if (site !== undefined && site !== 'same-origin' && site !== 'none') return false;
  const { origin, host } = req.headers;
  if (origin === undefined) return true;
  if (host === undefined || !HOST.test(host) || !/^https?:\/\/[^/?#@]+$/.test(origin)) return false;
  try {
    const url = new URL(origin);
    return url.host === new URL(`${url.protocol}//${host}`).host;
  } catch {
    return false; // an Origin or Host that is no URL (port 99999) is not ours
  }
}

/** Files are read, never written. */
export function checkFileMethod(req: IncomingMessage): Refusal | null {
  if (req.method === 'GET' || req.method === 'HEAD') return null;
  return { status: 405, message: `${req.method ?? 'This method'} is not allowed here.`, headers: { Allow: 'GET, HEAD' } };
}

/** On every answer of ours: no type guessing, and no embedding by pages of another origin. */
export function setCommonHeaders(res: ServerResponse): void {
  res.setHeader('X-Content-Type-Options', 'nosniff');
  res.setHeader('Cross-Origin-Resource-Policy', 'same-origin');
}

/** Answers a refusal as one line of text. */
export function sendRefusal(req: IncomingMessage, res: ServerResponse, refusal: Refusal): void {
  setCommonHeaders(res);
  const body = Buffer.from(`${refusal.message}\n`);
  res.writeHead(refusal.status, {
    'Content-Type': 'text/plain; charset=utf-8',
    'Content-Length': body.length,
    'Cache-Control': 'no-store',
    ...refusal.headers,
  });
  res.end(req.method === 'HEAD' ? undefined : body);
}

/** Lower case, without port, brackets of IPv6 and the dot of a full domain name; `null` if malformed or sent twice. */
function hostnameOf(req: IncomingMessage): string | null {
  const { host } = req.headers;
  if (host === undefined || (req.headersDistinct['host']?.length ?? 1) > 1) return null;
  const parts = HOST.exec(host);
  const name = parts?.[1]?.toLowerCase();
  if (name === undefined || Number(parts?.[2] ?? 0) > 65535) return null;
  if (!name.startsWith('[')) return /^\.|\.\./.test(name) ? null : name.replace(/\.$/, '');
  const address = name.slice(1, -1);
  return isIPv6(address) ? address : null;
}

/** An IP address cannot be rebound: who asks for it has connected to it. */
function isLocal(hostname: string): boolean {
  return hostname === 'localhost' || hostname.endsWith('.localhost') || isIPv4(hostname) || isIPv6(hostname);
}

function matches(hostname: string, entry: string): boolean {
  return entry.startsWith('.') ? hostname === entry.slice(1) || hostname.endsWith(entry) : hostname === entry;
}
