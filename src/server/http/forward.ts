/**
 * A request handed on to another program, bodies streamed both ways, WebSockets too. On Node's own client: what a proxy package
 * adds (rewriting of cookies and redirects, agents) is not wanted here, and streams need no help. Connections are not kept for the
 * next request: one that the other side closes at the same moment would lose a request that cannot be sent twice.
 */
import http, {
  type ClientRequest,
  type IncomingMessage,
  type OutgoingHttpHeaders,
  type RequestOptions,
  type ServerResponse,
} from 'node:http';
import https from 'node:https';
import { type Duplex, pipeline, type Transform } from 'node:stream';
import { errorCode } from '../errors.ts';
import { endToEnd, isLoop } from './proxy-request.ts';
import { type Refusal, sendRefusal } from './request-checks.ts';
import { whyMalformed } from './resolve-request.ts';
import { responseOn } from './upgrade.ts';

export interface Destination {
  readonly isSecure: boolean;
  /** Where to, and with which path and headers. */
  request(req: IncomingMessage): Omit<RequestOptions, 'headers'> & { readonly headers: OutgoingHttpHeaders };
  /** For messages: an origin. */
  readonly name: string;
  /** For the terminal, once, when it does not answer. */
  readonly silence: { readonly subject: string; readonly hint: string };
}

export interface ForwarderOptions {
  /** A destination does not answer; once, until it has answered again. */
  readonly warn: (message: string, hint: string) => void;
  /** For a request that has come round too often. */
  readonly loop: string;
}

/** Sends an answer on. Throws what Node throws for headers that no answer may have. */
export type SendAnswer = (answer: IncomingMessage, res: ServerResponse) => void;

export interface Forwarder {
  /** @param send in place of `sendAnswer` */
  handle(to: Destination, req: IncomingMessage, res: ServerResponse, send?: SendAnswer): void;
  /** The same for a request with an Upgrade header. False: it has a body, which Node does not read. */
  upgrade(to: Destination, req: IncomingMessage, socket: Duplex, head: Buffer): boolean;
  /** Ends what is open; may be called twice. */
  close(): void;
}

interface Client {
  /** What closes when the client is gone. */
  readonly stream: Duplex | ServerResponse;
  /** Always the same one. */
  response(): ServerResponse;
}

export function createForwarder({ warn, loop }: ForwarderOptions): Forwarder {
  const open = new Set<ClientRequest | Duplex>();
  /** Names of those whose silence was told. */
  const down = new Set<string>();
  let isClosed = false;

  const track = (stream: ClientRequest | Duplex): void => {
    open.add(stream);
    stream.on('close', () => open.delete(stream));
  };

  const explain = ({ name, silence }: Destination, error: Error): Refusal => {
    const why = errorCode(error) || error.message;
    if (!down.has(name)) warn(`${silence.subject} does not answer (${why}).`, silence.hint);
    down.add(name);
    return { status: 502, message: `${name} does not answer (${why}). Is it running?` };
  };

  /** Asks for a client, which may go away meanwhile, and hands on what is said. */
  const ask = (to: Destination, req: IncomingMessage, own: OutgoingHttpHeaders, client: Client, send: SendAnswer): ClientRequest => {
    const { request } = to.isSecure ? https : http;
    const options = to.request(req);
    const onward = request({
      ...options,
      method: req.method,
      headers: { ...options.headers, ...own },
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
      down.delete(to.name);
      const res = client.response();
      try {
        send(answer, res);
      } catch (error) {
        // ERR_INVALID_CHAR, ERR_HTTP_INVALID_STATUS_CODE: what the parser lets through and no answer may be.
        answer.destroy();
        // What could not be sent would be sent with the refusal.
        res.statusMessage = '';
        if (res.headersSent) res.destroy();
        else sendRefusal(req, res, { status: 502, message: `${to.name} answers in a way that cannot be handed on (${errorCode(error)}).` });
      }
    });
    onward.on('error', (error) => {
      // Our own doing: the client went away, or this was closed.
      if (isGone) return;
      if (isClosed) return void client.stream.destroy();
      const res = client.response();
      if (!res.headersSent) sendRefusal(req, res, explain(to, error));
    });
    return onward;
  };

  const refusalOf = (req: IncomingMessage): Refusal | undefined => {
    const reason = whyMalformed(req.url ?? '');
    if (reason !== null) return { status: 400, message: `Bad request: ${reason}.` };
    return isLoop(req) ? { status: 508, message: loop } : undefined;
  };

  return {
    handle(to, req, res, send = sendAnswer) {
      const refusal = refusalOf(req);
      if (refusal) return sendRefusal(req, res, refusal);
      const onward = ask(to, req, {}, { stream: res, response: () => res }, send);
      onward.on('upgrade', (_, targetSocket) => {
        targetSocket.destroy();
        sendRefusal(req, res, { status: 502, message: `${to.name} changes the protocol without having been asked to.` });
      });
      req.pipe(onward);
    },

    upgrade(to, req, socket, head) {
      const refusal = refusalOf(req);
      if (refusal) {
        sendRefusal(req, responseOn(req, socket), refusal);
        return true;
      }
      if (req.headers['content-length'] !== undefined || req.headers['transfer-encoding'] !== undefined) return false;
      let res: ServerResponse | undefined;
      const client = { stream: socket, response: () => (res ??= responseOn(req, socket)) };
      const onward = ask(to, req, { connection: 'Upgrade', upgrade: req.headers.upgrade }, client, sendAnswer);
      onward.on('upgrade', (answer, targetSocket, targetHead) => {
        down.delete(to.name);
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

/** @param through changes the body, whose length is then unknown */
export function sendAnswer(answer: IncomingMessage, res: ServerResponse, through?: Transform): void {
  const { 'content-length': length, ...others } = endToEnd(answer.headers);
  const headers = through !== undefined || length === undefined ? others : { ...others, 'content-length': length };
  res.writeHead(answer.statusCode ?? 502, answer.statusMessage, headers);
  // An event stream may say nothing for a while.
  res.flushHeaders();
  // Either side going away ends the other.
  if (through === undefined) pipeline(answer, res, () => {});
  else pipeline(answer, through, res, () => {});
}

function headerLines(raw: readonly string[]): string {
  let text = '';
  for (let at = 0; at < raw.length; at += 2) text += `${raw[at]}: ${raw[at + 1]}\r\n`;
  return text;
}
