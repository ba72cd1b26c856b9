/**
 * Answers with content from memory: modules, maps, the client, JSON. Conditional, because a reload asks for everything again; whole, because
 * nobody resumes the download of a module.
 */
import type { IncomingMessage, ServerResponse } from 'node:http';
import { isNotModified } from './conditional.ts';
import { setCommonHeaders } from './request-checks.ts';

export interface Content {
  /** Whole Content-Type. */
  readonly type: string;
  readonly body: string | Buffer;
  /** Quoted. Without one the answer is not stored. */
  readonly etag?: string | undefined;
  readonly vary?: string | undefined;
}

export function sendContent(req: IncomingMessage, res: ServerResponse, { type, body, etag, vary }: Content): void {
  setCommonHeaders(res);
  res.setHeader('Cache-Control', etag === undefined ? 'no-store' : 'no-cache');
  if (vary !== undefined) res.setHeader('Vary', vary);
  if (etag !== undefined) {
    res.setHeader('ETag', etag);
    if (isNotModified(req, etag, null)) {
      res.writeHead(304).end();
      return;
    }
  }
  res.writeHead(200, { 'Content-Type': type, 'Content-Length': Buffer.byteLength(body) });
  res.end(req.method === 'HEAD' ? undefined : body);
}
