/**
 * Answers with an open file: conditional, whole or a range, as a stream that ends with the client. Small files are read before the
 * headers are sent, which most files of a page are; it costs one read instead of a stream, and the length is that of what was read.
 */
import type { IncomingMessage, ServerResponse } from 'node:http';
import type { FileHandle } from 'node:fs/promises';
import { pipeline } from 'node:stream/promises';
import { contentETag, fileETag, isNotModified, isRangeCurrent } from './conditional.ts';
import { contentType } from './content-type.ts';
import { looksLikeDocument, wantsClient } from './html-inject.ts';
import type { OpenedFile } from './open-file.ts';
import { parseRange, type RangeAnswer } from './range.ts';
import { setCommonHeaders } from './request-checks.ts';

export interface HtmlFile {
  readonly filePath: string;
  /** Address of the file (`/about.html`), or of the folder listed. */
  readonly urlPath: string;
  readonly source: Buffer;
  /** Written by the server (a listing, "not found"); `filePath` is then a folder, or a file that is not there. */
  readonly isGenerated: boolean;
}

/** Changes a page on its way to a tab or frame; what scripts fetch stays as it is on disk. */
export type HtmlHook = (file: HtmlFile, req: IncomingMessage) => Buffer | Promise<Buffer>;

export interface FileAnswer {
  readonly filePath: string;
  readonly urlPath: string;
  /** 200, or the status of an error page; then neither conditions nor ranges apply. */
  readonly status: number;
  readonly html: HtmlHook | undefined;
  /** What caches may do with it. Default: keep it, and ask every time, since an edit must show on the next load. */
  readonly cacheControl?: string | undefined;
}

const HEAD_BYTES = 64 * 1024;
/** Pages have to be whole in memory to be changed; a larger file is no page. */
const MAX_PAGE_BYTES = 128 * 1024 * 1024;

/** Closes the handle. Rejects if the file cannot be read and nothing was sent yet. */
export async function sendFile(req: IncomingMessage, res: ServerResponse, opened: OpenedFile, answer: FileAnswer): Promise<void> {
  try {
    const sizeBytes = Number(opened.stats.size);
    const head = await readHead(opened.handle, sizeBytes);
    const type = contentType(answer.filePath, head);
    const isHtml = type.startsWith('text/html');
    if (isHtml) res.setHeader('Vary', 'Sec-Fetch-Dest, Accept');
    if (isHtml && answer.html && sizeBytes <= MAX_PAGE_BYTES && wantsClient(req, looksLikeDocument(head))) {
      const source = sizeBytes <= HEAD_BYTES ? head : await opened.handle.readFile();
      // Known better of the whole: the first letter that is not ASCII may be far down.
      await sendPage(req, res, { ...answer, source, isGenerated: false }, contentType(answer.filePath, source));
    } else {
      await sendBytes(req, res, opened, head, type, answer);
    }
  } finally {
    await opened.handle.close();
  }
}

/** A page from memory, through the hook. */
export async function sendPage(
  req: IncomingMessage,
  res: ServerResponse,
  page: HtmlFile & Pick<FileAnswer, 'status' | 'html'>,
  type = 'text/html; charset=utf-8',
): Promise<void> {
  const { filePath, urlPath, source, isGenerated } = page;
  const body = page.html && wantsClient(req, true) ? await page.html({ filePath, urlPath, source, isGenerated }, req) : source;
  const etag = contentETag(body);
  setFileHeaders(res, etag);
  res.setHeader('Vary', 'Sec-Fetch-Dest, Accept');
  if (page.status === 200 && isNotModified(req, etag, null)) {
    res.writeHead(304).end();
    return;
  }
  res.writeHead(page.status, { 'Content-Type': type, 'Content-Length': body.length });
  res.end(req.method === 'HEAD' ? undefined : body);
}

async function sendBytes(
  req: IncomingMessage,
  res: ServerResponse,
  { handle, stats }: OpenedFile,
  head: Buffer,
  type: string,
  { status, cacheControl }: Pick<FileAnswer, 'status' | 'cacheControl'>,
): Promise<void> {
  const sizeBytes = Number(stats.size);
  const modifiedMs = Number(stats.mtimeMs);
  const etag = fileETag(stats, Date.now());
  setFileHeaders(res, etag, cacheControl);
  res.setHeader('Last-Modified', new Date(modifiedMs).toUTCString());
  res.setHeader('Accept-Ranges', 'bytes');
  if (status === 200 && isNotModified(req, etag, modifiedMs)) {
    res.writeHead(304).end();
    return;
  }
  const isRanged = status === 200 && req.method === 'GET' && isRangeCurrent(req, etag, modifiedMs);
  const range: RangeAnswer = isRanged ? parseRange(req.headers.range, sizeBytes) : { kind: 'whole' };
  if (range.kind === 'unsatisfiable') {
    res.writeHead(416, { 'Content-Range': `bytes */${sizeBytes}`, 'Content-Length': 0 }).end();
    return;
  }
  res.setHeader('Content-Type', type);
  const { start, end } = range.kind === 'part' ? range : { start: 0, end: sizeBytes - 1 };
  if (range.kind === 'part') res.setHeader('Content-Range', `bytes ${start}-${end}/${sizeBytes}`);
  const body = sizeBytes <= HEAD_BYTES ? head.subarray(start, end + 1) : null;
  res.setHeader('Content-Length', body === null || req.method === 'HEAD' ? end - start + 1 : body.length);
  res.writeHead(range.kind === 'part' ? 206 : status);
  if (req.method === 'HEAD') res.end();
  else if (body !== null) res.end(body);
  else await stream(res, handle, start, end);
}

/** Never rejects: the headers are out, so all that is left to say is to hang up. */
async function stream(res: ServerResponse, handle: FileHandle, start: number, end: number): Promise<void> {
  const source = handle.createReadStream({ start, end, highWaterMark: HEAD_BYTES });
  try {
    await pipeline(source, res, { end: false });
  } catch {
    res.destroy(); // the client went away, or the disk failed in the middle
    return;
  }
  // A file that shrank meanwhile leaves the client waiting for the rest of Content-Length.
  if (source.bytesRead === end - start + 1) res.end();
  else res.destroy();
}

function setFileHeaders(res: ServerResponse, etag: string, cacheControl = 'no-cache'): void {
  setCommonHeaders(res);
  res.setHeader('ETag', etag);
  res.setHeader('Cache-Control', cacheControl);
}

/** Up to 64 kB from the start; fewer than `sizeBytes` if the file shrank since. */
async function readHead(handle: FileHandle, sizeBytes: number): Promise<Buffer> {
  const head = Buffer.alloc(Math.min(sizeBytes, HEAD_BYTES));
  let length = 0;
  while (length < head.length) {
    const { bytesRead } = await handle.read(head, length, head.length - length, length);
    if (bytesRead === 0) break;
    length += bytesRead;
  }
  return head.subarray(0, length);
}
