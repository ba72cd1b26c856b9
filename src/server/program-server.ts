/**
 * The program of `--run`, behind the folder: what the folder does not have is asked of it, at one address with the rest. Pages hear of its changes
 * and its errors; while it starts, requests wait.
 */
import type { IncomingMessage, ServerResponse } from 'node:http';
import path from 'node:path';
import type { Duplex } from 'node:stream';
import { pathToFileURL } from 'node:url';
import type { ErrorReport } from '../protocol.ts';
import type { ResolvedProgram } from './config/run-option.ts';
import { createForwarder, type Destination, sendAnswer } from './http/forward.ts';
import { unavailablePage } from './http/generated-pages.ts';
import { clientInjection, nonceOfPolicy } from './http/html-answer.ts';
import { injectClient, wantsClient } from './http/html-inject.ts';
import { isOurs, onwardHeaders } from './http/proxy-request.ts';
import { type Refusal, sendRefusal, setCommonHeaders } from './http/request-checks.ts';
import { responseOn } from './http/upgrade.ts';
import type { Logger } from './logger.ts';
import type { ProgramOutcome } from './run/command/messages.ts';
import { supervise } from './run/command/supervisor.ts';
import type { Reach } from './run/sockets/reach.ts';

/** What a page can listen to: `import.meta.hot.on('hmr-dev:server-change', ({ kind, files }) => …)`. */
const EVENT = 'hmr-dev:server-change';

/** What comes with it. */
interface ProgramChange {
  /** `updated`: by its own `import.meta.hot.accept`. `restarted`: in another process. */
  readonly kind: 'started' | 'reloaded' | 'updated' | 'restarted';
  /** What was saved, relative to the current folder. */
  readonly files: readonly string[];
}

export interface ProgramServerOptions {
  readonly program: ResolvedProgram;
  /** Pages that do not listen for a change load again. */
  readonly reloads: boolean;
  /** Places of errors are told relative to it. */
  readonly root: string;
  readonly cache: boolean;
  readonly logger: Logger;
  /** The address of the event stream. */
  readonly changesUrl: string;
  /** The client's, for a page. */
  readonly tag: (nonce: string | null) => string;
  readonly onErrors: () => void;
  /** To pages. @param orReload the reason with which those that do not listen load again */
  readonly send: (event: string, change: ProgramChange, orReload: string | undefined) => void;
  /** Answers for a page that the program does not have; false: with nothing. */
  readonly sendRoute: (req: IncomingMessage, res: ServerResponse) => Promise<boolean>;
}

export interface ProgramServer {
  handle(req: IncomingMessage, res: ServerResponse): Promise<void>;
  /** A WebSocket. False: not one for the program. */
  upgrade(req: IncomingMessage, socket: Duplex, head: Buffer): boolean;
  /** What keeps the program, or a change of it, from running. */
  readonly errors: readonly ErrorReport[];
  /** Another process, which takes over. */
  restart(why: string): void;
  /** Resolves when the program has ended. */
  close(): Promise<void>;
}

/** For a program that starts, and does not listen yet. */
const PATIENCE_MS = 30_000;

export function startProgram(options: ProgramServerOptions): ProgramServer {
  const { program, root, cache, logger, tag } = options;
  const { entry } = program;
  let error: ErrorReport | undefined;
  const waiting = new Set<() => void>();
  const wake = (): void => {
    for (const go of waiting) go();
  };
  const setError = (next: ErrorReport | undefined): void => {
    if (error === undefined && next === undefined) return;
    error = next;
    options.onErrors();
  };
  const became = (outcome: ProgramOutcome | ProgramChange): void => {
    if (outcome.kind === 'failed') setError(seenFrom(root, outcome.error));
    else {
      setError(undefined);
      const { kind, files } = outcome;
      options.send(EVENT, { kind, files }, options.reloads ? `${files.join(', ')}: the server was ${kind}` : undefined);
    }
    wake();
  };
  const supervisor = supervise(runOptions(program, cache, logger), logger, {
    isEnding: () => false,
    ended: () => false,
    outcome: became,
    moved: wake,
  });
  const forwarder = createForwarder({ warn: logger.warn, loop: `${entry} asks itself.` });

  /** Undefined where it does not run, or has not listened in time. */
  const find = async (client: ServerResponse | Duplex): Promise<Reach | undefined> => {
    const deadline = performance.now() + PATIENCE_MS;
    for (;;) {
      const [reach] = supervisor.reaches;
      if (supervisor.isRunning && reach !== undefined) return reach;
      const leftMs = deadline - performance.now();
      if (!supervisor.isRunning || error !== undefined || leftMs <= 0 || client.destroyed) return undefined;
      await waitFor(client, leftMs);
    }
  };
  const waitFor = (client: ServerResponse | Duplex, limitMs: number): Promise<void> =>
    new Promise((resolve) => {
      const go = (): void => {
        waiting.delete(go);
        client.off('close', go);
        clearTimeout(limit);
        resolve();
      };
      const limit = setTimeout(go, limitMs);
      client.once('close', go);
      waiting.add(go);
    });

  const refusal = (): Refusal =>
    error === undefined
      ? { status: 504, message: `${entry} does not listen for requests.` }
      : { status: 503, message: `${entry} does not run: ${error.message}` };
  const refuse = (req: IncomingMessage, res: ServerResponse): void => {
    const { status, message } = refusal();
    if (!wantsClient(req, false)) return sendRefusal(req, res, { status, message });
    const body = injectClient(unavailablePage(message, options.changesUrl, EVENT), tag);
    setCommonHeaders(res);
    res.writeHead(status, { 'Content-Type': 'text/html; charset=utf-8', 'Content-Length': body.length, 'Cache-Control': 'no-store' });
    res.end(req.method === 'HEAD' ? undefined : body);
  };

  const destination = (reach: Reach, isPage: boolean): Destination => {
    const { isSecure, ...place } = reach;
    const name = 'port' in place ? `${isSecure ? 'https' : 'http'}://${hostOf(place.host)}:${place.port}` : place.socketPath;
    return {
      isSecure,
      request(req) {
        const { 'accept-encoding': encoding, ...headers } = onwardHeaders(req, {});
        // What is packed could not be changed.
        const packed = isPage || encoding === undefined ? {} : { 'accept-encoding': encoding };
        return { ...place, path: req.url ?? '/', headers: { ...headers, ...packed, host: req.headers.host ?? '' } };
      },
      name,
      silence: { subject: `${entry}, which listened on ${name},`, hint: 'It is asked again with every request.' },
    };
  };

  const sendPage = (req: IncomingMessage, res: ServerResponse, answer: IncomingMessage): void => {
    const { 'content-type': type = '', 'content-encoding': encoding = 'identity', 'content-security-policy': policy } = answer.headers;
    const isChanged = req.method === 'GET' && /^text\/html\b/i.test(type) && encoding === 'identity' && answer.statusCode !== 304;
    if (!isChanged) return sendAnswer(answer, res);
    const isPage = req.headers['sec-fetch-dest'] !== undefined;
    sendAnswer(answer, res, clientInjection({ tag, nonce: nonceOfPolicy(policy), isPage }));
  };
  /** A page of a single-page application, which the program does not know. */
  const sendRoute = async (req: IncomingMessage, res: ServerResponse, answer: IncomingMessage): Promise<void> => {
    if (await options.sendRoute(req, res)) answer.destroy();
    else sendPage(req, res, answer);
  };

  return {
    get errors() {
      return error === undefined ? [] : [error];
    },
    async handle(req, res) {
      const reach = await find(res);
      if (res.destroyed) return;
      if (reach === undefined) return refuse(req, res);
      const isPage = wantsClient(req, false);
      forwarder.handle(destination(reach, isPage), req, res, (answer) => {
        if (!isPage) return sendAnswer(answer, res);
        if (answer.statusCode !== 404) return sendPage(req, res, answer);
        sendRoute(req, res, answer).catch(() => res.destroy());
      });
    },
    upgrade(req, socket, head) {
      if (!/^websocket$/i.test(req.headers.upgrade ?? '') || isOurs(req.url ?? '')) return false;
      const ignore = (): void => {};
      // A client that goes while it waits.
      socket.on('error', ignore);
      void find(socket).then((reach) => {
        socket.off('error', ignore);
        if (socket.destroyed) return;
        if (reach === undefined) sendRefusal(req, responseOn(req, socket), refusal());
        else if (!forwarder.upgrade(destination(reach, false), req, socket, head))
          sendRefusal(req, responseOn(req, socket), { status: 501, message: 'A request with a body cannot change the protocol here.' });
      });
      return true;
    },
    restart: (why) => supervisor.restart([why]),
    async close() {
      forwarder.close();
      await supervisor.close();
    },
  };
}

function runOptions(program: ResolvedProgram, cache: boolean, logger: Logger): Parameters<typeof supervise>[0] {
  const { entry, args, envFiles, inspect, conditions, include, memoryLimit, closeWebSockets } = program;
  return {
    setup: { entry, logLevel: logger.level, include, conditions, closeWebSockets, memoryLimit, cache, isBreaking: false },
    args,
    envFiles,
    nodeOptions: [
      ...envFiles.map((file) => `--env-file=${file}`),
      ...conditions.map((condition) => `--conditions=${condition}`),
      ...(inspect === false ? [] : [inspect === true ? '--inspect' : `--inspect=${inspect}`]),
    ],
    hasInput: false,
  };
}

function hostOf(host: string): string {
  return host.includes(':') ? `[${host}]` : host;
}

/** As pages show it: places are relative to the current folder before, and no page has to know where that is. */
function seenFrom(root: string, report: ErrorReport): ErrorReport {
  const { place, stack } = report;
  const folder = `${pathToFileURL('.').href}/`;
  const file = place && path.relative(root, path.resolve(place.file)).split(path.sep).join('/');
  return {
    ...report,
    title: `${report.title}, in the server`,
    ...(place && file !== undefined && { place: { ...place, file } }),
    ...(stack && { stack: stack.map((frame) => ({ ...frame, raw: frame.raw.replaceAll(folder, '') })) }),
  };
}
