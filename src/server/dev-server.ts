/**
 * The composition root of `hmr-dev [dir]`: makes the parts, hands each what it needs of the others, and orders the handlers of a
 * request. No rule of its own lives here.
 */
import type { IncomingMessage, ServerResponse } from 'node:http';
import { createServer } from 'node:http';
import { createServer as createSecureServer } from 'node:https';
import { createClientFiles } from './client-files.ts';
import { resolveOptions, type DevServerOptions } from './config.ts';
import { credentialsOf } from './credentials.ts';
import { createHotServer, type ServerEvents } from './hot-server.ts';
import { listen, prepareServer } from './http/listen.ts';
import { createProxy } from './http/proxy.ts';
import { createRequestChecks, sendRefusal } from './http/request-checks.ts';
import { serverUrls, type ServerUrls } from './http/server-urls.ts';
import { handleUpgrades } from './http/upgrade.ts';
import { createRecent } from './recent.ts';

export type { ServerEvents } from './hot-server.ts';

export interface DevServer {
  /** Starts watching and listening. @throws HmrError `PORT`, `WATCH` */
  listen(): Promise<{ port: number; host: string }>;
  /** Ends connections, watcher and compiler; may be called twice. */
  close(): Promise<void>;
  /** For `http.createServer`, connect and express. Without `next` it answers everything. */
  handler(req: IncomingMessage, res: ServerResponse, next?: (error?: unknown) => void): void;
  /** Filled in by `listen`. */
  readonly urls: ServerUrls;
  /** Returns the function that ends listening. */
  on<K extends keyof ServerEvents>(event: K, listener: (payload: ServerEvents[K]) => void): () => void;
  /** Reloads every page; the reason is shown there. */
  reload(reason: string): void;
  /** An event for `import.meta.hot.on` in every page. */
  send(event: string, data?: unknown): void;
}

/** Addresses that were told to be missing. */
const REMEMBERED_MISSING = 1_000;

export function createDevServer(options: DevServerOptions = {}): DevServer {
  const resolved = resolveOptions(options);
  const { logger } = resolved;
  const hot = createHotServer(resolved, createClientFiles());
  const check = createRequestChecks({ allowedHosts: [...resolved.allowedHosts, resolved.host] });
  const proxy = createProxy({ targets: resolved.proxy, warn: logger.warn });
  const urls: ServerUrls = { local: [], network: [] };

  let isReported = false;
  const reportOnce = (error: unknown): void => {
    if (!isReported) hot.logFault(error);
    isReported = true;
  };

  const answer = async (req: IncomingMessage, res: ServerResponse, next: ((error?: unknown) => void) | undefined): Promise<void> => {
    // As middleware nobody calls `listen`; the failure is shown once, and serving goes on without watching.
    hot.start().catch(reportOnce);
    const refusal = check(req);
    if (refusal) return sendRefusal(req, res, refusal);
    for (const handle of [proxy.handle, ...hot.handlers]) if (await handle(req, res)) return;
    if (await hot.files.serve(req, res, { fallthrough: next !== undefined })) return warnOfMissing(req, res);
    next?.();
  };

  const missing = createRecent<true>(REMEMBERED_MISSING);
  /** What a page needs to run at all is worth a line; an image shows by itself that it is missing. */
  const warnOfMissing = (req: IncomingMessage, res: ServerResponse): void => {
    const kind = req.headers['sec-fetch-dest'];
    const url = req.url ?? '';
    if (res.statusCode !== 404 || missing.get(url) || (kind !== 'script' && kind !== 'style' && kind !== 'worker')) return;
    missing.set(url, true);
    logger.warn(`${url} was not found; a page asked for it as a ${kind}.`);
  };

  const handler: DevServer['handler'] = (req, res, next) => {
    answer(req, res, next).catch((error: unknown) => {
      // oxlint-disable-next-line promise/no-callback-in-promise -- it is what connect calls an error handler
      if (next) return next(error);
      hot.logFault(error);
      if (res.headersSent) res.destroy();
      else sendRefusal(req, res, { status: 500, message: 'The request failed; the terminal says why.' });
    });
  };

  const credentials = credentialsOf(resolved);
  const server = credentials ? createSecureServer({ ...credentials }, handler) : createServer(handler);
  handleUpgrades(server, { check, upgrade: proxy.upgrade, handler, onError: hot.logFault });
  const closeServer = prepareServer(server);
  let listening: Promise<{ port: number; host: string }> | undefined;
  let closing: Promise<void> | undefined;

  const start = async (): Promise<{ port: number; host: string }> => {
    const { port, host, strictPort } = resolved;
    const address = await listen(server, { host, port, strictPort });
    if (port !== 0 && address.port !== port) logger.info(`Port ${port} is taken; this is ${address.port}.`);
    Object.assign(urls, serverUrls({ host, port: address.port, isSecure: credentials !== undefined }));
    await hot.start();
    return { port: address.port, host };
  };

  const close = async (): Promise<void> => {
    // What is half open could not be closed; who waits for it is told why it failed.
    await listening?.catch(() => undefined);
    proxy.close();
    await Promise.all([hot.close(), closeServer()]);
  };

  return {
    handler,
    urls,
    listen() {
      if (closing) return Promise.reject(new Error('This server was closed.'));
      // A port that is taken may be free, or another program's, a second later.
      listening ??= start().finally(() => server.listening || (listening = undefined));
      return listening;
    },
    close: () => (closing ??= close()),
    on: hot.on,
    reload: hot.reload,
    send: hot.send,
  };
}
