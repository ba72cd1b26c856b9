/**
 * What the browser tests of the client's pieces share: the pieces as a bundle, and a server that speaks `/changes` by
 * hand, so that a test decides when an event is sent, a stream cut, or the server gone.
 */
import { EventEmitter, once } from 'node:events';
import { createServer } from 'node:http';
import type { IncomingMessage, Server, ServerResponse } from 'node:http';
import { fileURLToPath } from 'node:url';
import { build } from 'esbuild';
import type { HelloEvent, ServerEvent, UpdateEvent } from '../../src/protocol.ts';
import { openPage } from '../harness/browser.ts';
import type { OpenPageOptions, TestPage } from '../harness/browser.ts';
import { registerState, withDeadline } from '../harness/diagnostics.ts';
import { stablePort } from '../harness/ports.ts';

export interface Resource {
  readonly body: string | Buffer;
  readonly type?: string;
  readonly status?: number;
  readonly headers?: Readonly<Record<string, string>>;
  /** Answered when this resolves. */
  readonly after?: Promise<unknown>;
}

export interface OpenStream {
  readonly since: string | null;
  readonly response: ServerResponse;
}

export interface RecordedPost {
  readonly path: string;
  readonly headers: IncomingMessage['headers'];
  readonly body: unknown;
}

export interface ScriptedServer {
  readonly origin: string;
  /** By path without query; a function decides per request. */
  readonly resources: Map<string, Resource | ((request: IncomingMessage) => Resource)>;
  readonly streams: ReadonlySet<OpenStream>;
  readonly posts: readonly RecordedPost[];
  /** All paths asked for, with queries, in order. */
  readonly requests: readonly string[];
  /** Changes how streams are answered; `status` other than 200 refuses them. */
  script: { epoch: string; status: number };
  /** The answer to a POST; 200 with `{}` if not given. */
  answerPost: (post: RecordedPost) => Resource;
  send(event: ServerEvent, id?: string): void;
  /** An update and its plain messages under the next id, remembered for those who ask later. */
  update(...files: string[]): string;
  /** Resolves when the condition holds; looked at whenever something happens at the server. */
  until(what: string, condition: () => boolean): Promise<void>;
  stop(): Promise<void>;
  /** Again, on the same port. */
  start(): Promise<void>;
  [Symbol.asyncDispose](): Promise<void>;
}

export async function bundlePieces(): Promise<{ readonly pieces: string; readonly worker: string }> {
  const bundle = async (path: string): Promise<string> => {
    const entryPoints = [fileURLToPath(new URL(path, import.meta.url))];
    const { outputFiles } = await build({ entryPoints, bundle: true, write: false, format: 'iife', target: 'es2022', logLevel: 'error' });
    return outputFiles[0]?.text ?? '';
  };
  return { pieces: await bundle('client-pieces.ts'), worker: await bundle('../../src/client/stream-worker.ts') };
}

/** @param host a page at `localhost` or 127.0.0.1 is a secure context, one at another plain-http address is not */
export async function startScriptedServer(host = 'localhost'): Promise<ScriptedServer> {
  const { pieces, worker } = await bundlePieces();
  const happened = new EventEmitter().setMaxListeners(0);
  const streams = new Set<OpenStream>();
  const posts: RecordedPost[] = [];
  const requests: string[] = [];
  const sent: { readonly epoch: string; readonly sequence: number; readonly text: string }[] = [];
  let server: Server | undefined;
  const port = await stablePort();
  let sequence = 0;

  const script = { epoch: 'e1', status: 200 };
  const openStream = (url: URL, request: IncomingMessage, response: ServerResponse): void => {
    if (script.status !== 200) {
      response.writeHead(script.status).end();
      return;
    }
    response.writeHead(200, { 'content-type': 'text/event-stream', 'cache-control': 'no-store' });
    const since = request.headers['last-event-id']?.toString() ?? url.searchParams.get('since');
    const [epoch, from] = [since?.split('-')[0], Number(since?.split('-')[1])];
    const resumed = epoch === script.epoch;
    const hello: HelloEvent = {
      type: 'hello',
      epoch: script.epoch,
      sequence,
      root: 'src',
      token: `token-${script.epoch}`,
      resumed,
      errors: [],
    };
    response.write(`event: hello\ndata: ${JSON.stringify(hello)}\n\n`);
    for (const item of sent) if (resumed && item.epoch === script.epoch && item.sequence > from) response.write(item.text);
    const stream = { since, response };
    streams.add(stream);
    response.on('close', () => {
      streams.delete(stream);
      happened.emit('change');
    });
  };
  const answerFile = async (url: URL, request: IncomingMessage, response: ServerResponse): Promise<void> => {
    const found = self.resources.get(url.pathname);
    const resource = typeof found === 'function' ? found(request) : found;
    if (resource === undefined) {
      response.writeHead(404).end();
      return;
    }
    await resource.after;
    const type = resource.type ?? typeOf(url.pathname);
    response
      .writeHead(resource.status ?? 200, { 'content-type': type, 'cache-control': 'no-cache', ...resource.headers })
      .end(resource.body);
  };
  const receivePost = (url: URL, request: IncomingMessage, response: ServerResponse): void => {
    const chunks: Buffer[] = [];
    request.on('data', (chunk: Buffer) => chunks.push(chunk));
    request.on('end', () => {
      const body = JSON.parse(Buffer.concat(chunks).toString()) as unknown;
      const post = { path: url.pathname, headers: request.headers, body };
      posts.push(post);
      const answer = self.answerPost(post);
      response.writeHead(answer.status ?? 200, { 'content-type': 'application/json' }).end(answer.body);
      happened.emit('change');
    });
  };
  const listener = (request: IncomingMessage, response: ServerResponse): void => {
    const url = new URL(request.url ?? '/', 'http://server');
    requests.push(url.pathname + url.search);
    if (request.method === 'POST') receivePost(url, request, response);
    else if (url.pathname === '/changes') openStream(url, request, response);
    else void answerFile(url, request, response);
    happened.emit('change');
  };
  const write = (text: string): void => {
    for (const { response } of streams) response.write(text);
  };

  const self: ScriptedServer = {
    origin: `http://${host}:${port}`,
    resources: new Map<string, Resource | ((request: IncomingMessage) => Resource)>([
      // Else its 404 stands in every console.
      ['/favicon.ico', { body: '', status: 204 }],
      ['/pieces.js', { body: pieces }],
      ['/@hmr-dev/stream-worker.js', { body: worker }],
    ]),
    streams,
    posts,
    requests,
    script,
    answerPost: () => ({ body: '{}' }),
    send: (event, id) => write(`${id === undefined ? '' : `id: ${id}\n`}event: ${event.type}\ndata: ${JSON.stringify(event)}\n\n`),
    update(...files) {
      sequence++;
      const id = `${script.epoch}-${sequence}`;
      const event: UpdateEvent = { type: 'update', id, changes: [], cause: files, timings: { batchMs: 0, compileMs: 0 } };
      const plain = files.map((file) => `id: ${id}\ndata: ${JSON.stringify(file)}\n\n`).join('');
      const text = `id: ${id}\nevent: update\ndata: ${JSON.stringify(event)}\n\n${plain}`;
      sent.push({ epoch: script.epoch, sequence, text });
      write(text);
      return id;
    },
    async until(what, condition) {
      while (!condition()) await withDeadline(once(happened, 'change'), what);
    },
    async stop() {
      const closed = server === undefined ? undefined : once(server, 'close');
      server?.close();
      server?.closeAllConnections();
      await closed;
      server = undefined;
    },
    async start() {
      server = createServer(listener).listen(port, host === 'localhost' ? '127.0.0.1' : host);
      await once(server, 'listening');
    },
    async [Symbol.asyncDispose]() {
      unregister();
      await self.stop();
    },
  };
  const unregister = registerState('scripted server', () => [`${streams.size} streams`, ...requests, JSON.stringify(posts)].join('\n'));
  await self.start();
  return self;
}

function typeOf(path: string): string {
  const types: Record<string, string> = { css: 'text/css', js: 'text/javascript', svg: 'image/svg+xml', png: 'image/png' };
  return types[path.split('.').at(-1) ?? ''] ?? 'text/html; charset=utf-8';
}

/** A page's HTML with the pieces loaded first, as the injected client is. */
export function html(body: string, head = ''): Resource {
  return { body: `<!doctype html><html><head><script src="/pieces.js"></script>${head}</head><body>${body}</body></html>` };
}

/** tsx names functions through a helper, also those that a test sends to the page. */
export function openTab(url: string, options: OpenPageOptions = {}): Promise<TestPage> {
  return openPage(url, {
    ...options,
    async prepare(page) {
      await page.addInitScript('globalThis.__name = (fn) => fn');
      await options.prepare?.(page);
    },
  });
}
