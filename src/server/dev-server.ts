/**
 * The composition root of `hmr-dev [dir]`: makes the parts, hands each what it needs of the others, and orders the handlers of a
 * request. No rule of its own lives here.
 */
import { randomBytes } from 'node:crypto';
import { EventEmitter } from 'node:events';
import type { IncomingMessage, ServerResponse } from 'node:http';
import { createServer } from 'node:http';
import { createServer as createSecureServer } from 'node:https';
import { isDeepStrictEqual } from 'node:util';
import { createBase } from './base.ts';
import { underBase, type Answer } from './base-requests.ts';
import { createClientFiles } from './client-files.ts';
import { stopEsbuild } from './compile/esbuild.ts';
import { resolveOptions, type DevServerOptions, type ResolvedOptions } from './config/config.ts';
import { credentialsOf } from './credentials.ts';
import { createHotServer, type ServerEvents, type Session } from './hot-server.ts';
import { createHub } from './hot/hub.ts';
import { listen, prepareServer } from './http/listen.ts';
import { createProxy, type Proxy } from './http/proxy.ts';
import { createRequestChecks, sendRefusal, type RequestCheck } from './http/request-checks.ts';
import { serverUrls, type ServerUrls } from './http/server-urls.ts';
import { handleUpgrades } from './http/upgrade.ts';
import { CHANGES_PATH, type ErrorReport, type EventId } from '../protocol.ts';
import type { ProgramServer } from './program-server.ts';
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
  /** Starts the program of `run` in another process, which takes over. Does nothing without one. */
  restartProgram(why: string): void;
  /** Reloads every page; the reason is shown there. */
  reload(reason: string): void;
  /** An event for `import.meta.hot.on` in every page. */
  send(event: string, data?: unknown): void;
  /**
   * Goes on with other options, on the same port: open pages stay connected and are brought up to date. What can only be set at the start (root,
   * host, port, base) stays. If the new options do not work, the old ones stay in force.
   * @throws HmrError `OPTION`, `PLUGIN`, `WATCH`
   */
  restart(options: DevServerOptions): Promise<void>;
  /** Further `configurationFiles`, until the next restart: what has to change before one can succeed. */
  watchConfiguration(files: readonly string[]): void;
}

/** Addresses that were told to be missing. */
const REMEMBERED_MISSING = 1_000;

export function createDevServer(options: DevServerOptions = {}): DevServer {
  const resolved = resolveOptions(options);
  const { logger, root, host, base } = resolved;
  const session = createSession(resolved, () => [...hot.errors, ...(program?.errors ?? [])]);
  const { emitter, hub } = session;
  const checksOf = ({ allowedHosts }: ResolvedOptions): RequestCheck => createRequestChecks({ allowedHosts: [...allowedHosts, host] });
  const proxyOf = ({ proxy: targets }: ResolvedOptions): Proxy => createProxy({ targets, warn: logger.warn });
  let hot = createHotServer(resolved, session);
  let check = checksOf(resolved);
  let proxy = proxyOf(resolved);
  let inForce = resolved;
  let program: ProgramServer | undefined;
  const urls: ServerUrls = { local: [], network: [] };

  let isReported = false;
  const reportOnce = (error: unknown): void => {
    if (!isReported) hot.logFault(error);
    isReported = true;
  };

  const answer: Answer = async (req, res, next) => {
    // As middleware nobody calls `listen`; the failure is shown once, and serving goes on without watching.
    hot.start().catch(reportOnce);
    const refusal = check(req);
    if (refusal) return sendRefusal(req, res, refusal);
    if (await proxy.handle(req, res)) return;
    return serve(req, res, next ?? askProgram(req, res));
  };
  const askProgram = (req: IncomingMessage, res: ServerResponse): (() => void) | undefined => {
    const asked = program;
    return asked && (() => void asked.handle(req, res).catch((error: unknown) => fail(req, res, error)));
  };
  const serveInside: Answer = async (req, res, next) => {
    for (const handle of hot.handlers) if (await handle(req, res)) return;
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

  const serve = underBase(createBase(base), serveInside, {
    lookup: (urlPath) => hot.files.lookup(urlPath),
    onMissing: (req, res) => warnOfMissing(req, res),
  });

  const handler: DevServer['handler'] = (req, res, next) => {
    answer(req, res, next).catch((error: unknown) => {
      // oxlint-disable-next-line promise/no-callback-in-promise -- it is what connect calls an error handler
      if (next) return next(error);
      fail(req, res, error);
    });
  };
  const fail = (req: IncomingMessage, res: ServerResponse, error: unknown): void => {
    hot.logFault(error);
    if (res.headersSent) res.destroy();
    else sendRefusal(req, res, { status: 500, message: 'The request failed; the terminal says why.' });
  };

  const credentials = credentialsOf(resolved);
  const server = credentials ? createSecureServer({ ...credentials }, handler) : createServer(handler);
  handleUpgrades(server, {
    check: (req) => check(req),
    upgrade: (req, socket, head) => proxy.upgrade(req, socket, head) || program?.upgrade(req, socket, head) === true,
    handler,
    onError: (error) => hot.logFault(error),
  });
  const closeServer = prepareServer(server);
  let listening: Promise<{ port: number; host: string }> | undefined;
  let closing: Promise<void> | undefined;

  const start = async (): Promise<{ port: number; host: string }> => {
    const { port, strictPort } = resolved;
    const begin = await loadProgram();
    const address = await listen(server, { host, port, strictPort });
    if (port !== 0 && address.port !== port) logger.info(`Port ${port} is taken; this is ${address.port}.`);
    Object.assign(urls, serverUrls({ host, port: address.port, base, isSecure: credentials !== undefined }));
    program = begin?.();
    await hot.start();
    return { port: address.port, host };
  };
  /** Loaded where there is a program. */
  const loadProgram = async (): Promise<(() => ProgramServer) | undefined> => {
    const { run, runReload: reloads, cache } = resolved;
    if (run === false) return undefined;
    const { startProgram } = await import('./program-server.ts');
    const { toUrl, fromUrl } = createBase(base);
    return () =>
      startProgram({
        program: run,
        reloads,
        root,
        cache,
        logger,
        changesUrl: toUrl(CHANGES_PATH),
        tag: (nonce) => hot.tag(nonce),
        onErrors: session.tellErrors,
        send: (event, data, orReload) => void hub.publish({ type: 'custom', event, data, ...(orReload !== undefined && { orReload }) }, []),
        async sendRoute(req, res) {
          const target = fromUrl(req.url ?? '');
          return target !== undefined && hot.files.serveRoute(req, res, target);
        },
      });
  };

  const close = async (): Promise<void> => {
    // What is half open could not be closed; who waits for it is told why it failed.
    await listening?.catch(() => undefined);
    await restarting?.catch(() => undefined);
    hub.close();
    proxy.close();
    await Promise.all([hot.close(), closeServer(), program?.close()]);
    await stopEsbuild();
  };

  const restart = async (raw: DevServerOptions): Promise<void> => {
    const next = resolveOptions({ ...raw, root, host, base, logger: raw.logger ?? logger });
    const successor = createHotServer(next, session);
    try {
      await successor.start();
    } catch (error) {
      await successor.close();
      throw error;
    }
    const [predecessor, proxyBefore] = [hot, proxy];
    hot = successor;
    check = checksOf(next);
    // What is open through it stays open, if it leads where it did.
    if (!isDeepStrictEqual(next.proxy, inForce.proxy)) proxy = proxyOf(next);
    if (proxy !== proxyBefore) proxyBefore.close();
    inForce = next;
    await predecessor.close();
    await hot.adoptWorkers(predecessor.workers());
    // They say what they have, and get what is different now.
    hub.greet();
  };
  let restarting: Promise<void> | undefined;
  const restartAfter = async (before: Promise<void> | undefined, next: DevServerOptions): Promise<void> => {
    await before?.catch(() => undefined);
    return restart(next);
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
    on(event, listener) {
      emitter.on(event, listener);
      return () => emitter.off(event, listener);
    },
    restartProgram: (why) => program?.restart(why),
    reload: (reason) => hot.reload(reason),
    send: (event, data) => hot.send(event, data),
    restart(next) {
      if (closing) return Promise.reject(new Error('This server was closed.'));
      // One after the other.
      const before = restarting;
      return (restarting = restartAfter(before, next));
    },
    watchConfiguration: (files) => hot.watchConfiguration(files),
  };
}

function createSession({ rootName, base }: ResolvedOptions, errors: () => readonly ErrorReport[]): Session {
  const epoch = randomBytes(6).toString('base64url').replaceAll(/[-_]/g, 'x');
  const token = randomBytes(18).toString('base64url');
  const clientFiles = createClientFiles({ base });
  const hub = createHub({ epoch, rootName, token, errors });
  const tellErrors = (): EventId => {
    const standing = errors();
    return hub.publish(standing.length > 0 ? { type: 'error', errors: standing } : { type: 'fixed' }, []);
  };
  return { hub, emitter: new EventEmitter(), token, clientFiles, errors, tellErrors };
}
