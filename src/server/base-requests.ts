/**
 * Requests on their way in, where there is a base: what is under it goes on root-relative, so that no handler knows of it. The prefix
 * is compared by the letter, before anything is decoded: another spelling of it is an address outside, and what is left is checked by
 * the same rules as ever. Outside, a page that was written for the root is sent on to the file's place.
 */
import type { IncomingMessage, ServerResponse } from 'node:http';
import type { Base } from './base.ts';
import { sendRefusal } from './http/request-checks.ts';
import { resolveRequest } from './http/resolve-request.ts';
import { sendRedirect, type StaticFiles } from './http/static-files.ts';

type Next = (error?: unknown) => void;
export type Answer = (req: IncomingMessage, res: ServerResponse, next: Next | undefined) => Promise<void>;

/** What connect and express add to a request. */
type MountedRequest = IncomingMessage & { readonly originalUrl?: string; readonly baseUrl?: string };

export interface OutsideOptions {
  readonly lookup: StaticFiles['lookup'];
  /** Nothing is there, under the base either. */
  readonly onMissing: (req: IncomingMessage, res: ServerResponse) => void;
}

/** @param answer to a request whose `url` is root-relative */
export function underBase(base: Base, answer: Answer, { lookup, onMissing }: OutsideOptions): Answer {
  if (base.path === '/') return answer;
  const bare = base.path.slice(0, -1);

  /** Connect and express take the path that a handler is mounted at off `url`, and put a slash where nothing is left of it. */
  const targetOf = ({ url = '', originalUrl = url, baseUrl = '' }: MountedRequest): string => {
    const isWhole = originalUrl.endsWith(url) || originalUrl.replace(/\?.*$/s, '') === bare;
    // Else somebody before has written another address over it.
    return isWhole ? originalUrl : baseUrl + url;
  };

  const leadsToFile = async (urlPath: string): Promise<boolean> =>
    (await lookup(urlPath)).kind === 'file' || (!urlPath.endsWith('/') && (await lookup(`${urlPath}/`)).kind === 'file');

  const answerOutside = async (req: IncomingMessage, res: ServerResponse, target: string): Promise<void> => {
    const request = resolveRequest(target);
    if (request.kind === 'bad-request') return sendRefusal(req, res, { status: 400, message: `Bad request: ${request.reason}.` });
    const isRead = req.method === 'GET' || req.method === 'HEAD';
    if (request.kind === 'ok' && isRead) {
      const { urlPath, search } = request;
      if (urlPath === '/' || urlPath === bare) return sendRedirect(req, res, base.path + search);
      if (await leadsToFile(urlPath)) return sendRedirect(req, res, base.toUrl(urlPath) + search);
    }
    const place = request.kind === 'ok' ? `: this would be ${base.toUrl(request.urlPath)}` : '';
    sendRefusal(req, res, { status: 404, message: `Everything is served under ${base.path}${place}` });
    onMissing(req, res);
  };

  return async (req, res, next) => {
    const { url } = req;
    const target = targetOf(req);
    const inner = base.fromUrl(target);
    if (inner === undefined) {
      // Another program's; only the base without its slash is nobody else's.
      if (next && target.replace(/\?.*$/s, '') !== bare) return next();
      return answerOutside(req, res, target);
    }
    const putBack = (): void => void (req.url = url);
    const handOn =
      next &&
      ((error?: unknown): void => {
        putBack();
        next(error);
      });
    req.url = inner;
    try {
      await answer(req, res, handOn);
    } catch (error) {
      putBack();
      throw error;
    }
  };
}
