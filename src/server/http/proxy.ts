/**
 * Requests below some prefixes go to other programs, bodies streamed both ways, WebSockets too. On Node's own client: what a proxy package
 * adds (rewriting of cookies and redirects, agents) is not wanted here, and streams need no help. Connections are not kept for the
 * next request: one that the target closes at the same moment would lose a request that cannot be sent twice.
 */
import http, { type ClientRequest, type IncomingMessage, type OutgoingHttpHeaders, type ServerResponse } from 'node:http';
import https from 'node:https';
import { type Duplex, pipeline } from 'node:stream';
import { urlToHttpOptions } from 'node:url';
import { CHANGES_PATH, INTERNAL_PREFIX } from '../../protocol.ts';
import { errorCode } from '../errors.ts';
import { endToEnd, isLoop, onwardHeaders, onwardPath, proxyRules, type ProxyRule, type ProxyTargets, ruleFor } from './proxy-request.ts';
import { type Refusal, sendRefusal } from './request-checks.ts';
import { whyMalformed } from './resolve-request.ts';
import { responseOn } from './upgrade.ts';

export interface ProxyOptions {
  readonly targets: ProxyTargets;
  /** A target does not answer; once, until it has answered again. */
  readonly warn: (message: string, hint: string) => void;
}

export interface Proxy {
  /** False: not a request for any target. Rejects when a `rewrite` throws. */
  handle(req: IncomingMessage, res: ServerResponse): Promise<boolean>;
  /** The same for a request with an Upgrade header. @throws what a `rewrite` throws */
  upgrade(req: IncomingMessage, socket: Duplex, head: Buffer): boolean;
  /** Ends what is open; may be called twice. */
  close(): void;
}

interface Client {
  /** What closes when the client is gone. */
  readonly stream: Duplex | ServerResponse;
  /** Always the same one. */
  response(): ServerResponse;
}

export function createProxy({ targets, warn }: ProxyOptions): Proxy {
  const rules = proxyRules(targets);
  const open = new Set<ClientRequest | Duplex>();
  /** Origins of the targets whose silence was told. */
  const down = new Set<string>();
  let isClosed = false;

  const track = (stream: ClientRequest | Duplex): void => {
    open.add(stream);
    stream.on('close', () => open.delete(stream));
  };

  const explain = ({ prefix, url }: ProxyRule, error: Error): Refusal => {
    const why = errorCode(error) || error.message;
    if (!down.has(url.origin)) {
      const hint = 'Start that program, or correct --proxy. It is asked again with every request.';
      warn(`${url.origin}, where ${prefix || '/'} is proxied to, does not answer (${why}).`, hint);
    }
    down.add(url.origin);
    return { status: 502, message: `${url.origin} does not answer (${why}). Is it running?` };
  };

  /** Asks the target for a client, which may go away meanwhile, and hands on what it says. */
  const ask = (rule: ProxyRule, req: IncomingMessage, own: OutgoingHttpHeaders, client: Client): ClientRequest => {
    const { request } = rule.url.protocol === 'https:' ? https : http;
    const onward = request({
      ...urlToHttpOptions(rule.url),
      path: onwardPath(rule, req.url ?? '/'),
      method: req.method,
      headers: { ...onwardHeaders(req, rule), ...own },
      agent: false,
      // Programs under development sign for themselves.
      rejectUnauthorized: false,
    });
    track(onward);
    let isGone = false;
    client.stream.on('close', () => {
      isGone = true;
      onward.destroy();
    });
    onward.on('response', (answer) => {
      down.delete(rule.url.origin);
      const res = client.response();
      try {
        sendAnswer(answer, res);
      } catch (error) {
        // ERR_INVALID_CHAR, ERR_HTTP_INVALID_STATUS_CODE: what the parser lets through and no answer may be.
        answer.destroy();
        // What could not be sent would be sent with the refusal.
        res.statusMessage = '';
        if (res.headersSent) res.destroy();
        else
          sendRefusal(req, res, {
            status: 502,
            message: `${rule.url.origin} answers in a way that cannot be handed on (${errorCode(error)}).`,
          });
      }
    });
    onward.on('error', (error) => {
      // Our own doing: the client went away, or the proxy was closed.
      if (isGone) return;
      if (isClosed) return void client.stream.destroy();
      const res = client.response();
      if (!res.headersSent) sendRefusal(req, res, explain(rule, error));
    });
    return onward;
  };

  /** The rule for a request, and what is wrong with it; undefined for the requests of others. */
  const examine = (req: IncomingMessage): { rule: ProxyRule; refusal: Refusal | undefined } | undefined => {
    const target = req.url ?? '';
    const rule = isOurs(target) ? undefined : ruleFor(rules, target);
    if (!rule) return undefined;
    const reason = whyMalformed(target);
    if (reason !== null) return { rule, refusal: { status: 400, message: `Bad request: ${reason}.` } };
    return { rule, refusal: isLoop(req) ? { status: 508, message: 'The target of --proxy leads back here.' } : undefined };
  };

  return {
    async handle(req, res) {
      const examined = examine(req);
      if (!examined) return false;
      const { rule, refusal } = examined;
      if (refusal) {
        sendRefusal(req, res, refusal);
        return true;
      }
      const onward = ask(rule, req, {}, { stream: res, response: () => res });
      onward.on('upgrade', (_, targetSocket) => {
        targetSocket.destroy();
        sendRefusal(req, res, { status: 502, message: `${rule.url.origin} changes the protocol without having been asked to.` });
      });
      req.pipe(onward);
      return true;
    },

    upgrade(req, socket, head) {
      const examined = examine(req);
      if (!examined) return false;
      const { rule, refusal } = examined;
      if (refusal) {
        sendRefusal(req, responseOn(req, socket), refusal);
        return true;
      }
      // Node reads no body of such a request.
      if (req.headers['content-length'] !== undefined || req.headers['transfer-encoding'] !== undefined) return false;
      let res: ServerResponse | undefined;
      const client = { stream: socket, response: () => (res ??= responseOn(req, socket)) };
      const onward = ask(rule, req, { connection: 'Upgrade', upgrade: req.headers.upgrade }, client);
      onward.on('upgrade', (answer, targetSocket, targetHead) => {
        down.delete(rule.url.origin);
        track(targetSocket);
        if (socket.destroyed) return void targetSocket.destroy();
        socket.write(`HTTP/1.1 101 Switching Protocols\r\n${headerLines(answer.rawHeaders)}\r\n`);
        socket.write(targetHead);
        targetSocket.write(head);
        // One side going away ends the other; whose fault it was is nobody's business here.
        pipeline(socket, targetSocket, () => {});
        pipeline(targetSocket, socket, () => {});
      });
      onward.end();
      return true;
    },

    close() {
      isClosed = true;
      for (const stream of open) stream.destroy();
    },
  };
}

function isOurs(target: string): boolean {
  const path = target.replace(/\?.*/s, '');
  return path === CHANGES_PATH || path.startsWith(INTERNAL_PREFIX);
}

function sendAnswer(answer: IncomingMessage, res: ServerResponse): void {
  res.writeHead(answer.statusCode ?? 502, answer.statusMessage, endToEnd(answer.headers));
  // An event stream may say nothing for a while.
  res.flushHeaders();
  // Either side going away ends the other.
  pipeline(answer, res, () => {});
}

function headerLines(raw: readonly string[]): string {
  let text = '';
  for (let at = 0; at < raw.length; at += 2) text += `${raw[at]}: ${raw[at + 1]}\r\n`;
  return text;
}
