/**
 * The addresses under `/@hmr-dev/` and the event stream: what the injected client asks for. All same-origin; what changes state or
 * tells about sources needs the token, which only the stream gives.
 */
import type { IncomingMessage, ServerResponse } from 'node:http';
import { timingSafeEqual } from 'node:crypto';
import {
  AUTHOR_API_PATH,
  CHANGES_PATH,
  CLIENT_PATH,
  DESCRIBE_PATH,
  INTERNAL_PREFIX,
  MERGE_PATH,
  OPEN_PATH,
  OUTCOME_PATH,
  PAGE_PATH,
  PAGE_SOURCE_PATH,
  REPORT_PATH,
  SEND_PATH,
  STREAM_WORKER_PATH,
  SWAP_PATH,
  SYNC_PATH,
  TOKEN_HEADER,
  UPDATES_PATH,
  type ClientMessage,
  type ErrorReport,
  type OpenRequest,
  type OutcomeReport,
  type PageAnswer,
  type PageErrorReport,
  type PageRequest,
  type SyncAnswer,
  type SyncRequest,
} from '../protocol.ts';
import type { ClientFileName, ClientFiles } from './client-files.ts';
import { HmrError } from './errors.ts';
import { isSameOrigin, sendRefusal } from './http/request-checks.ts';
import { readJson } from './http/read-json.ts';
import { sendContent, type Content } from './http/send-content.ts';
import * as shape from './message-shapes.ts';

export interface EndpointsOptions {
  readonly clientFiles: ClientFiles;
  readonly token: string;
  readonly attach: (req: IncomingMessage, res: ServerResponse, since: string | null) => void;
  /** Definitions of a published update, or its patches; undefined when it is too long ago. */
  readonly updateScript: (name: string) => string | undefined;
  /** See `Descriptions.script`. */
  readonly describe: (hashes: readonly string[]) => Promise<string>;
  readonly sync: (request: SyncRequest) => Promise<SyncAnswer>;
  readonly page: (request: PageRequest) => Promise<PageAnswer>;
  /** Undefined when it is not known any more. */
  readonly pageSource: (request: PageRequest) => Content | undefined;
  /** @throws HmrError for a file that may not be opened */
  readonly open: (request: OpenRequest) => Promise<void>;
  readonly report: (report: PageErrorReport) => Promise<ErrorReport>;
  readonly outcome: (report: OutcomeReport) => void;
  readonly message: (message: ClientMessage) => void;
}

export type Endpoints = (req: IncomingMessage, res: ServerResponse) => Promise<boolean>;

type PostHandler = (body: unknown) => Promise<{ readonly answer: unknown } | { readonly content: Content } | undefined>;

export function createEndpoints(options: EndpointsOptions): Endpoints {
  const token = Buffer.from(options.token);

  const scripts = new Map<string, ClientFileName>([
    [CLIENT_PATH, 'client.js'],
    [MERGE_PATH, 'merge.js'],
    [SWAP_PATH, 'swap.js'],
    [STREAM_WORKER_PATH, 'stream-worker.js'],
    [AUTHOR_API_PATH, 'api.js'],
  ]);

  /** Undefined for a body of the wrong shape. */
  const posts = new Map<string, PostHandler>([
    [SYNC_PATH, async (body) => (shape.isSyncRequest(body) ? { answer: await options.sync(body) } : undefined)],
    [PAGE_PATH, async (body) => (shape.isPageRequest(body) ? { answer: await options.page(body) } : undefined)],
    [PAGE_SOURCE_PATH, async (body) => (shape.isPageRequest(body) ? contentOrNull(options.pageSource(body)) : undefined)],
    [OPEN_PATH, async (body) => (shape.isOpenRequest(body) ? { answer: await options.open(body) } : undefined)],
    [REPORT_PATH, async (body) => (shape.isPageErrorReport(body) ? { answer: await options.report(body) } : undefined)],
    [OUTCOME_PATH, async (body) => (shape.isOutcomeReport(body) ? { answer: options.outcome(body) } : undefined)],
    [SEND_PATH, async (body) => (shape.isClientMessage(body) ? { answer: options.message(body) } : undefined)],
  ]);

  const hasToken = (req: IncomingMessage): boolean => {
    const given = Buffer.from(String(req.headers[TOKEN_HEADER] ?? ''));
    return given.length === token.length && timingSafeEqual(given, token);
  };

  const post = async (req: IncomingMessage, res: ServerResponse, handler: PostHandler): Promise<void> => {
    if (req.method !== 'POST') return sendRefusal(req, res, { status: 405, message: 'Only POST.', headers: { Allow: 'POST' } });
    if (!hasToken(req)) return sendRefusal(req, res, { status: 403, message: 'The token is missing or of another run of the server.' });
    const body = await readJson(req);
    if (body.kind === 'refused') return sendRefusal(req, res, body);
    const result = await handler(body.value).catch((error: unknown) => {
      if (error instanceof HmrError) return error;
      throw error;
    });
    if (result instanceof HmrError) return sendRefusal(req, res, { status: 400, message: result.message.replaceAll('\n', ' ') });
    if (!result) return sendRefusal(req, res, { status: 400, message: 'The body has another shape.' });
    if ('content' in result) sendContent(req, res, result.content);
    else sendContent(req, res, { type: 'application/json', body: JSON.stringify(result.answer ?? null) });
  };

  const get = async (req: IncomingMessage, res: ServerResponse, path: string, query: URLSearchParams): Promise<void> => {
    const name = scripts.get(path);
    const type = 'text/javascript; charset=utf-8';
    if (name) {
      const { content, etag } = options.clientFiles.get(name);
      return sendContent(req, res, { type, body: content, etag });
    }
    if (path === DESCRIBE_PATH) return sendContent(req, res, { type, body: await options.describe((query.get('of') ?? '').split('.')) });
    const script = path.startsWith(UPDATES_PATH) ? options.updateScript(path.slice(UPDATES_PATH.length).replace(/\.js$/, '')) : undefined;
    if (script === undefined) return sendRefusal(req, res, { status: 404, message: 'No such address of hmr-dev.' });
    sendContent(req, res, { type, body: script });
  };

  return async (req, res) => {
    const [path = '', search = ''] = (req.url ?? '').split('?', 2);
    const isStream = path === CHANGES_PATH;
    if (!isStream && !path.startsWith(INTERNAL_PREFIX)) return false;
    if (!isSameOrigin(req)) {
      sendRefusal(req, res, { status: 403, message: 'Only pages of this server may ask for this.' });
      return true;
    }
    const handler = posts.get(path);
    const query = new URLSearchParams(search);
    if (handler) await post(req, res, handler);
    else if (req.method !== 'GET' && req.method !== 'HEAD')
      sendRefusal(req, res, { status: 405, message: 'Only GET.', headers: { Allow: 'GET, HEAD' } });
    else if (isStream) options.attach(req, res, query.get('since'));
    else await get(req, res, path, query);
    return true;
  };
}

function contentOrNull(content: Content | undefined): { readonly answer: null } | { readonly content: Content } {
  return content ? { content } : { answer: null };
}
