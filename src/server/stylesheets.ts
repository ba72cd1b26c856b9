/**
 * Stylesheets on their way to a `<link>` or `@import`: as on disk, but for versions on the URLs of what changed since the start. Serving
 * one is also how the server learns what it refers to.
 */
import { isUtf8 } from 'node:buffer';
import { readFile } from 'node:fs/promises';
import type { IncomingMessage, ServerResponse } from 'node:http';
import { HmrError } from './errors.ts';
import type { CssGraph } from './hot/css-graph.ts';
import { contentETag } from './http/conditional.ts';
import { sendRefusal } from './http/request-checks.ts';
import { resolveRequest } from './http/resolve-request.ts';
import { sendContent } from './http/send-content.ts';
import type { StaticFiles } from './http/static-files.ts';

export interface StylesheetsOptions {
  readonly css: CssGraph;
  readonly files: StaticFiles;
  /** A sheet could not be made: tells pages, if that is new. */
  readonly checkErrors: () => unknown;
}

/** False: not a stylesheet that could need a change; the static files answer. */
export function createStylesheets({
  css,
  files,
  checkErrors,
}: StylesheetsOptions): (req: IncomingMessage, res: ServerResponse) => Promise<boolean> {
  return async (req, res) => {
    const request = resolveRequest(req.url ?? '');
    const isRead = req.method === 'GET' || req.method === 'HEAD';
    if (request.kind !== 'ok' || !isRead || req.headers.range !== undefined) return false;
    // A browser that says what it wants it for gets what a plugin makes of `site.scss`; anybody else gets the file.
    if (!/\.css$/i.test(request.urlPath) && req.headers['sec-fetch-dest'] !== 'style') return false;
    const found = await files.lookup(request.urlPath);
    if (found.kind !== 'file' || !css.isSheet(found.filePath)) return false;
    css.link(found.filePath);
    let made: Buffer | undefined;
    try {
      made = (await css.made(found.filePath))?.content;
    } catch (error) {
      if (!(error instanceof HmrError)) throw error;
      // Gone since it was looked up: that is the static files' to answer.
      if (error.code === 'READ') return false;
      checkErrors();
      // Of plain CSS a browser takes what it can.
      if (error.code === 'SYNTAX') return false;
      sendRefusal(req, res, { status: 500, message: error.message.replaceAll('\n', ' ') });
      return true;
    }
    const source = made ?? (await readFile(found.realPath));
    // Another encoding would not survive being text, and has no changes worth that.
    if (!isUtf8(source)) return false;
    const text = await css.serve(found.filePath, source);
    if (made === undefined && text === source.toString('utf8')) return false;
    sendContent(req, res, { type: 'text/css; charset=utf-8', body: text, etag: contentETag(Buffer.from(text)) });
    return true;
  };
}
