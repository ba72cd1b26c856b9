/**
 * Requests below some prefixes go to other programs: which one, and with what path and headers, is in proxy-request.ts; the handing on, in forward.ts.
 * What is hmr-dev's own never does.
 */
import type { IncomingMessage, ServerResponse } from 'node:http';
import type { Duplex } from 'node:stream';
import { urlToHttpOptions } from 'node:url';
import { createForwarder, type Destination, type ForwarderOptions } from './forward.ts';
import { isOurs, onwardHeaders, onwardPath, proxyRules, type ProxyRule, type ProxyTargets, ruleFor } from './proxy-request.ts';

export interface ProxyOptions {
  readonly targets: ProxyTargets;
  readonly warn: ForwarderOptions['warn'];
}

export interface Proxy {
  /** False: not a request for any target. Rejects when a `rewrite` throws. */
  handle(req: IncomingMessage, res: ServerResponse): Promise<boolean>;
  /** The same for a request with an Upgrade header. @throws what a `rewrite` throws */
  upgrade(req: IncomingMessage, socket: Duplex, head: Buffer): boolean;
  /** Ends what is open; may be called twice. */
  close(): void;
}

export function createProxy({ targets, warn }: ProxyOptions): Proxy {
  const rules = proxyRules(targets);
  const forwarder = createForwarder({ warn, loop: 'The target of --proxy leads back here.' });
  const find = (req: IncomingMessage): Destination | undefined => {
    const target = req.url ?? '';
    const rule = isOurs(target) ? undefined : ruleFor(rules, target);
    return rule && destinationOf(rule);
  };
  return {
    async handle(req, res) {
      const to = find(req);
      if (to !== undefined) forwarder.handle(to, req, res);
      return to !== undefined;
    },
    upgrade(req, socket, head) {
      const to = find(req);
      return to !== undefined && forwarder.upgrade(to, req, socket, head);
    },
    close: forwarder.close,
  };
}

function destinationOf(rule: ProxyRule): Destination {
  const { prefix, url } = rule;
  return {
    isSecure: url.protocol === 'https:',
    request: (req) => ({ ...urlToHttpOptions(url), path: onwardPath(rule, req.url ?? '/'), headers: onwardHeaders(req, rule.headers) }),
    name: url.origin,
    silence: {
      subject: `${url.origin}, where ${prefix || '/'} is proxied to,`,
      hint: 'Start that program, or correct --proxy. It is asked again with every request.',
    },
  };
}
