/**
 * The files of the served folder, over HTTP: the composition of resolve-request (names), locate and open-file (which file, and
 * whether it may be read) and send-file (the answer). Others who need a file by its URL use `lookup`, so that there is one way from
 * an address to a file. No caching layer: the operating system has one, and ETags save the rest.
 */
import type { IncomingMessage, ServerResponse } from 'node:http';
import path from 'node:path';
import { listingPage, notFoundPage } from './generated-pages.ts';
import { acceptsHtml } from './html-inject.ts';
import { locate as locateIn, type Located } from './locate.ts';
import { createFileOpener } from './open-file.ts';
import { checkFileMethod, sendRefusal } from './request-checks.ts';
import { resolveRequest, type ResolvedRequest } from './resolve-request.ts';
import { sendFile, sendPage, type HtmlHook } from './send-file.ts';

export interface StaticFilesOptions {
  /** Absolute path of the served folder. */
  readonly root: string;
  /** Absolute path of a folder in it that is asked next for what is not there. */
  readonly publicFolder?: string | undefined;
  /** Addresses without a file answer with `/index.html` when opened in a tab, unless they are left to the next handler. Default: no. */
  readonly spa?: boolean | undefined;
  /** Real paths outside of the root that may be served through a symlink. */
  readonly isAllowed?: ((realPath: string) => boolean) | undefined;
  readonly html?: HtmlHook | undefined;
  /** Of a file that is found; undefined for the default. */
  readonly cacheControl?: ((urlPath: string) => string | undefined) | undefined;
  /** The address of a root-relative path, for redirects and links; default: that path. */
  readonly toUrl?: ((urlPath: string) => string) | undefined;
  /** A file as it is on disk is about to be sent; when it changed last. */
  readonly onSend?: ((filePath: string, ctimeNs: bigint) => void) | undefined;
  /** Faults behind a 500, for the log. The client gets one line without the details. */
  readonly onError?: ((error: unknown) => void) | undefined;
}

export interface ServeOptions {
  /** Leave what is not found, not a file, malformed or not GET to the next handler, unanswered. Default: answer it. */
  readonly fallthrough?: boolean | undefined;
}

export type Lookup =
  | { readonly kind: 'file'; readonly filePath: string; readonly realPath: string; readonly urlPath: string }
  /** Nothing, a folder, or an address that leads to another one. */
  | { readonly kind: 'none' };

export interface StaticFiles {
  /** Never rejects. False: nothing was answered. */
  serve(req: IncomingMessage, res: ServerResponse, options?: ServeOptions): Promise<boolean>;
  /**
   * Answers as a single-page application does where it has no file; false: it is none, or this is no request for a page.
   * @param target root-relative, in place of the request's
   */
  serveRoute(req: IncomingMessage, res: ServerResponse, target: string): Promise<boolean>;
  /** @param urlPath as in a request; a query is passed over */
  lookup(urlPath: string): Promise<Lookup>;
}

type OkRequest = Extract<ResolvedRequest, { kind: 'ok' }>;

export function createStaticFiles(options: StaticFilesOptions): StaticFiles {
  const root = path.resolve(options.root);
  const opener = createFileOpener({ root, publicFolder: options.publicFolder, isAllowed: options.isAllowed });
  const { html, publicFolder, toUrl = (urlPath) => urlPath } = options;

  /** An address that leads to a page or a listing of the served folder is one that it has, but for the listing. */
  async function locate(request: OkRequest): Promise<Located> {
    const located = await locateIn(root, opener, request);
    if (publicFolder === undefined || (located.kind !== 'none' && located.kind !== 'directory')) return located;
    const other = await locateIn(publicFolder, opener, request);
    return other.kind === 'none' || other.kind === 'directory' ? located : other;
  }

  async function answer(req: IncomingMessage, res: ServerResponse, request: OkRequest, isLast: boolean): Promise<boolean> {
    const located = await locate(request);
    if (located.kind === 'none' || located.kind === 'directory') {
      // The program behind has its own answer for these addresses.
      if (!isLast) return false;
      if (await sendRoute(req, res, request)) return true;
    }
    switch (located.kind) {
      case 'file':
        options.onSend?.(located.filePath, located.opened.stats.ctimeNs);
        await sendFile(req, res, located.opened, { ...located, status: 200, html, cacheControl: options.cacheControl?.(located.urlPath) });
        return true;
      case 'redirect':
        sendRedirect(req, res, toUrl(located.location));
        return true;
      case 'directory': {
        if (located.location !== null) {
          sendRedirect(req, res, toUrl(located.location));
          return true;
        }
        const source = await listingPage(located.dirPath, located.urlPath, opener);
        await sendPage(req, res, { filePath: located.dirPath, urlPath: located.urlPath, source, isGenerated: true, status: 200, html });
        return true;
      }
      case 'unreadable':
        sendRefusal(req, res, { status: 403, message: `${request.urlPath} cannot be read: its permissions forbid it.` });
        return true;
      case 'none':
        await sendNotFound(req, res, `Nothing is served at ${request.urlPath}`);
        return true;
    }
  }

  /** The page of a single-page application; false where there is none, or where it is not asked for. */
  async function sendRoute(req: IncomingMessage, res: ServerResponse, { segments }: Pick<OkRequest, 'segments'>): Promise<boolean> {
    return options.spa === true && isNavigation(req, segments) && (await sendRootPage(req, res, 'index.html', 200));
  }

  /** Is false if there is no such page. */
  async function sendRootPage(req: IncomingMessage, res: ServerResponse, name: string, status: number): Promise<boolean> {
    const filePath = path.join(root, name);
    const opened = await opener.open(filePath);
    if (opened.kind !== 'file') return false;
    await sendFile(req, res, opened, { filePath, urlPath: `/${name}`, status, html });
    return true;
  }

  async function sendNotFound(req: IncomingMessage, res: ServerResponse, message: string): Promise<void> {
    if (!acceptsHtml(req)) {
      sendRefusal(req, res, { status: 404, message });
    } else if (!(await sendRootPage(req, res, '404.html', 404))) {
      const page = {
        filePath: path.join(root, '404.html'),
        urlPath: '/404.html',
        source: notFoundPage(message, toUrl('/')),
        isGenerated: true,
      };
      await sendPage(req, res, { ...page, status: 404, html });
    }
  }

  /** A fault of the machine or of the hook ends in an answer, never in an unhandled rejection. */
  async function guard(req: IncomingMessage, res: ServerResponse, work: () => Promise<boolean>): Promise<boolean> {
    try {
      return await work();
    } catch (error) {
      options.onError?.(error);
      if (res.headersSent) res.destroy();
      else sendRefusal(req, res, { status: 500, message: 'The file could not be read; the server log says why.' });
      return true;
    }
  }

  return {
    serve: (req, res, { fallthrough = false } = {}) =>
      guard(req, res, async () => {
        const refusal = checkFileMethod(req);
        const request = resolveRequest(req.url ?? '');
        if (fallthrough && (refusal !== null || request.kind !== 'ok')) return false;
        if (refusal !== null) sendRefusal(req, res, refusal);
        else if (request.kind === 'ok') return answer(req, res, request, !fallthrough);
        else if (request.kind === 'bad-request') sendRefusal(req, res, { status: 400, message: `Bad request: ${request.reason}.` });
        else if (request.isPrivate || !(await sendRoute(req, res, request)))
          await sendNotFound(req, res, `Nothing is served here: ${request.reason}`);
        return true;
      }),
    serveRoute: (req, res, target) =>
      guard(req, res, async () => {
        const request = resolveRequest(target);
        return checkFileMethod(req) === null && request.kind === 'ok' && sendRoute(req, res, request);
      }),
    async lookup(urlPath) {
      const request = resolveRequest(urlPath);
      return request.kind === 'ok' ? release(await locate(request)) : { kind: 'none' };
    },
  };
}

/** Opened in a tab, and not the name of a file: a missing `app.js` must not answer with a page. */
function isNavigation(req: IncomingMessage, segments: readonly string[]): boolean {
  return acceptsHtml(req) && !/\.[^.]/.test(segments.at(-1) ?? '');
}

/** 302 and not 301, which browsers remember for ever: the next project on this port has other folders. */
export function sendRedirect(req: IncomingMessage, res: ServerResponse, location: string): void {
  sendRefusal(req, res, { status: 302, message: `Go to ${location}`, headers: { Location: location, 'Cache-Control': 'no-cache' } });
}

async function release(located: Located): Promise<Lookup> {
  if (located.kind !== 'file') return { kind: 'none' };
  const { filePath, urlPath, opened } = located;
  await opened.handle.close();
  return { kind: 'file', filePath, realPath: opened.realPath, urlPath };
}
