/**
 * What a proxied request asks for and with which headers: the rules of the proxy that need no socket. The path is passed on as it came, byte
 * for byte: `%2F` and `//` mean something to many a program behind.
 */
import type { IncomingHttpHeaders, IncomingMessage, OutgoingHttpHeaders } from 'node:http';
import { CHANGES_PATH, INTERNAL_PREFIX } from '../../protocol.ts';

export interface ProxyTarget {
  /** `http://localhost:3000`; what path it has stands in front of the request's. */
  readonly target: string;
  /** Gets path and query of a request, and returns those to ask the target for. */
  readonly rewrite?: ((path: string) => string) | undefined;
  /** Sent to the target with every request, in place of the client's of the same name. */
  readonly headers?: Readonly<Record<string, string>> | undefined;
}

/** By prefix: `/api` is for `/api`, `/api?x` and `/api/x`. */
export type ProxyTargets = Readonly<Record<string, ProxyTarget>>;

export interface ProxyRule {
  /** Without a slash at the end; empty for all. */
  readonly prefix: string;
  readonly url: URL;
  readonly rewrite: ((path: string) => string) | undefined;
  readonly headers: Readonly<Record<string, string>>;
}

/** Headers of one connection, not of the message (RFC 9110 §7.6.1), and `expect`, which Node has answered by then. */
const HOP_BY_HOP: ReadonlySet<string> = new Set([
  'connection',
  'expect',
  'http2-settings',
  'keep-alive',
  'proxy-connection',
  'te',
  'trailer',
  'transfer-encoding',
  'upgrade',
]);
/** A proxy that leads back to itself would ask itself for ever. */
const LONGEST_CHAIN = 20;

/** The longest prefix first. */
export function proxyRules(targets: ProxyTargets): ProxyRule[] {
  const rules = Object.entries(targets).map(([prefix, { target, rewrite, headers = {} }]) => ({
    prefix: prefix.replace(/\/+$/, ''),
    url: new URL(target),
    rewrite,
    headers,
  }));
  return rules.toSorted((a, b) => b.prefix.length - a.prefix.length);
}

export function ruleFor(rules: readonly ProxyRule[], target: string): ProxyRule | undefined {
  const path = target.replace(/\?.*/s, '');
  return rules.find(({ prefix }) => path === prefix || path.startsWith(`${prefix}/`));
}

/** Path and query to ask the target for. */
export function onwardPath({ url, rewrite }: ProxyRule, target: string): string {
  const path = rewrite ? rewrite(target) : target;
  return url.pathname.replace(/\/$/, '') + (path.startsWith('/') ? path : `/${path}`);
}

/** Never another program's. */
export function isOurs(target: string): boolean {
  const path = target.replace(/\?.*/s, '');
  return path === CHANGES_PATH || path.startsWith(INTERNAL_PREFIX);
}

/**
 * As the client sent them, without what belongs to its connection; Host is left to the request that is made.
 * @param own in place of the client's
 */
export function onwardHeaders(req: IncomingMessage, own: Readonly<Record<string, string>>): OutgoingHttpHeaders {
  const { host, ...sent } = endToEnd(req.headers);
  const { 'transfer-encoding': encoding } = req.headers;
  const before = req.headers['x-forwarded-for'];
  const from = req.socket.remoteAddress ?? 'unknown';
  return {
    ...sent,
    ...(encoding !== undefined && { 'transfer-encoding': 'chunked' }),
    'x-forwarded-for': before === undefined ? from : `${String(before)}, ${from}`,
    'x-forwarded-host': sent['x-forwarded-host'] ?? host,
    'x-forwarded-proto': sent['x-forwarded-proto'] ?? ('encrypted' in req.socket ? 'https' : 'http'),
    ...Object.fromEntries(Object.entries(own).map(([name, value]) => [name.toLowerCase(), value])),
  };
}

/** Headers of the message, without those of the connection that it came by. */
export function endToEnd(headers: IncomingHttpHeaders): OutgoingHttpHeaders {
  const named = new Set((headers.connection ?? '').toLowerCase().split(/\s*,\s*/));
  // Without it the body that follows would be taken for the next request.
  named.delete('content-length');
  return Object.fromEntries(Object.entries(headers).filter(([name]) => !HOP_BY_HOP.has(name) && !named.has(name)));
}

export function isLoop(req: IncomingMessage): boolean {
  return String(req.headers['x-forwarded-for'] ?? '').split(',').length > LONGEST_CHAIN;
}
