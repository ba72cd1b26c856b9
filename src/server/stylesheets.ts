/**
 * Stylesheets on their way to a `<link>` or `@import`: as on disk, but for versions on the URLs of what changed since the start. Serving
 * one is also how the server learns what it refers to.
 */
import { isUtf8 } from 'node:buffer';
import { readFile } from 'node:fs/promises';
import type { IncomingMessage, ServerResponse } from 'node:http';
import type { CssGraph } from './hot/css-graph.ts';
import { contentETag } from './http/conditional.ts';
import { resolveRequest } from './http/resolve-request.ts';
import { sendContent } from './http/send-content.ts';
import type { StaticFiles } from './http/static-files.ts';

export interface StylesheetsOptions {
  readonly css: CssGraph;
  readonly files: StaticFiles;
}

/** False: not a stylesheet that could need a change; the static files answer. */
export function createStylesheets({ css, files }: StylesheetsOptions): (req: IncomingMessage, res: ServerResponse) => Promise<boolean> {
  return async (req, res) => {
    const request = resolveRequest(req.url ?? '');
    const isRead = req.method === 'GET' || req.method === 'HEAD';
    if (request.kind !== 'ok' || !isRead || !/\.css$/i.test(request.urlPath) || req.headers.range !== undefined) return false;
    const found = await files.lookup(request.urlPath);
    if (found.kind !== 'file') return false;
    const source = await readFile(found.realPath);
    // Another encoding would not survive being text, and has no changes worth that.
    if (!isUtf8(source)) return false;
    const text = await css.serve(found.filePath, source);
    if (text === source.toString('utf8')) return false;
    sendContent(req, res, { type: 'text/css; charset=utf-8', body: text, etag: contentETag(Buffer.from(text)) });
    return true;
  };
}
