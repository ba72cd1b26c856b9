/**
 * Which file answers a URL path. The rule, for a folder `a`, a file `a.html`, or both:
 *
 *   /a    the file `a`; else, if `a/index.html` is there, go to /a/; else `a.html` (clean URL); else, if folder `a` is there, go to /a/
 *   /a/   `a/index.html`; else the listing of folder `a`; else, if `a.html` is there, go to /a
 *
 * `/a.html` and `/a/index.html` answer as they are, so that every file has its own address. Pages are looked for on disk every time:
 * a cache of names would have to be right about every rename, and the answer takes a fifth of a millisecond.
 */
import path from 'node:path';
import type { FileOpener, OpenedFile, OpenOutcome } from './open-file.ts';
import { encodeSegments } from '../url-path.ts';
import type { ResolvedRequest } from './resolve-request.ts';

export type Located =
  /** The caller closes `opened.handle`. `urlPath` is the file's own address: `/about.html` for `/about`. */
  | { readonly kind: 'file'; readonly opened: OpenedFile; readonly filePath: string; readonly urlPath: string }
  /** Root-relative, with the query; never begins with `//`. */
  | { readonly kind: 'redirect'; readonly location: string }
  /** A folder without index. `dirPath` is its real path; `location`, where its listing is, if the request lacks the slash. */
  | { readonly kind: 'directory'; readonly dirPath: string; readonly urlPath: string; readonly location: string | null }
  /** The file is there, and this process has no right to read it. */
  | { readonly kind: 'unreadable' }
  | { readonly kind: 'none' };

type Request = Extract<ResolvedRequest, { kind: 'ok' }>;

export async function locate(root: string, opener: FileOpener, request: Request): Promise<Located> {
  const filePath = path.join(root, ...request.segments);
  const urlPath = encodeSegments(request.segments);
  const isFolder = request.isFolder || request.segments.length === 0;
  return isFolder ? locateFolder(opener, request, filePath, urlPath) : locateFile(opener, request, filePath, urlPath);
}

async function locateFile(opener: FileOpener, request: Request, filePath: string, urlPath: string): Promise<Located> {
  const opened = await opener.open(filePath);
  if (opened.kind === 'file') return { kind: 'file', opened, filePath, urlPath };
  const dirPath = opened.kind === 'directory' ? await opener.directory(filePath) : null;
  const location = `${urlPath}/${request.search}`;
  if (dirPath !== null && (await exists(opener, path.join(filePath, 'index.html')))) return { kind: 'redirect', location };
  const page = await opener.open(`${filePath}.html`);
  if (page.kind === 'file') return { kind: 'file', opened: page, filePath: `${filePath}.html`, urlPath: `${urlPath}.html` };
  if (dirPath !== null) return { kind: 'directory', dirPath, urlPath: `${urlPath}/`, location };
  return isUnreadable(opened) || isUnreadable(page) ? { kind: 'unreadable' } : { kind: 'none' };
}

async function locateFolder(opener: FileOpener, request: Request, filePath: string, urlPath: string): Promise<Located> {
  const indexPath = path.join(filePath, 'index.html');
  const opened = await opener.open(indexPath);
  if (opened.kind === 'file') return { kind: 'file', opened, filePath: indexPath, urlPath: `${urlPath}/index.html` };
  if (isUnreadable(opened)) return { kind: 'unreadable' };
  const dirPath = await opener.directory(filePath);
  if (dirPath !== null) return { kind: 'directory', dirPath, urlPath: `${urlPath}/`, location: null };
  const isPage = request.segments.length > 0 && (await exists(opener, `${filePath}.html`));
  return isPage ? { kind: 'redirect', location: `${urlPath}${request.search}` } : { kind: 'none' };
}

async function exists(opener: FileOpener, filePath: string): Promise<boolean> {
  const opened = await opener.open(filePath);
  if (opened.kind === 'file') await opened.handle.close();
  return opened.kind === 'file';
}

function isUnreadable(outcome: OpenOutcome): boolean {
  return outcome.kind === 'refused' && outcome.reason === 'unreadable';
}
