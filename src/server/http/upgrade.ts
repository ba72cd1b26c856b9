/**
 * Requests that ask for another protocol (WebSocket, h2c). Node hands over their bare socket as soon as anybody listens for them, also of
 * those that only offer to change; whoever does not take the offer is answered here as if there were none.
 */
import { type IncomingMessage, type Server, ServerResponse } from 'node:http';
import { Socket } from 'node:net';
import type { Duplex } from 'node:stream';
import { type RequestCheck, sendRefusal } from './request-checks.ts';

export interface UpgradeOptions {
  readonly check: RequestCheck;
  /** False: it stays an ordinary request. */
  readonly upgrade: (req: IncomingMessage, socket: Duplex, head: Buffer) => boolean;
  readonly handler: (req: IncomingMessage, res: ServerResponse) => void;
  readonly onError: (error: unknown) => void;
}

export function handleUpgrades(server: Pick<Server, 'on'>, { check, upgrade, handler, onError }: UpgradeOptions): void {
  server.on('upgrade', (req: IncomingMessage, socket: Duplex, head: Buffer) => {
    try {
      const refusal = check(req);
      if (refusal) sendRefusal(req, responseOn(req, socket), refusal);
      else if (!upgrade(req, socket, head)) answerPlainly(req, socket, handler);
    } catch (error) {
      onError(error);
      sendRefusal(req, responseOn(req, socket), { status: 500, message: 'The request failed; the terminal says why.' });
    }
  });
}

/** An answer on a socket that Node has let go of; the connection ends with it. */
export function responseOn(req: IncomingMessage, socket: Duplex): ServerResponse {
  const res = new ServerResponse(req);
  res.shouldKeepAlive = false;
  // What Node hands over is a socket; it is declared wider for programs that bring their own.
  if (socket instanceof Socket) res.assignSocket(socket);
  res.on('finish', () => socket.end());
  return res;
}

function answerPlainly(req: IncomingMessage, socket: Duplex, handler: UpgradeOptions['handler']): void {
  const res = responseOn(req, socket);
  // Nobody reads the body any more.
  if (req.headers['content-length'] === undefined && req.headers['transfer-encoding'] === undefined) handler(req, res);
  else sendRefusal(req, res, { status: 501, message: 'A request with a body cannot change the protocol here.' });
}
