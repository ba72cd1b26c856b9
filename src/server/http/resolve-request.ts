/**
 * From the target of a request to the names it asks for. Every handler uses this one function, so that what one handler checked is what
 * another opens. It works on the raw target, not on `new URL(…)`: the URL parser resolves `..`, drops tabs and turns `\` into
 * `/`, that is, it repairs exactly what has to be refused. Pure: no file system; containment is decided later, on what was opened.
 */
import { encodeSegments } from '../url-path.ts';
import { isPrivatePath } from './private-names.ts';

export type ResolvedRequest =
  | {
      readonly kind: 'ok';
      /** Canonical, percent-encoded as browsers do, without the query; ends with `/` if the request did. */
      readonly urlPath: string;
      /** Decoded names; empty for the root. */
      readonly segments: readonly string[];
      /** The request asks for a folder: its path ends with `/`. */
      readonly isFolder: boolean;
      /** `?…` as sent, or empty. Selects a transform, never a file. */
      readonly search: string;
    }
  /** The target is malformed or an attack; nothing a browser sends for a link that an author wrote. */
  | { readonly kind: 'bad-request'; readonly reason: string }
  /** Well-formed, but a name that is never served. Answered like a missing file, so that the answer tells nothing. */
  | {
      readonly kind: 'not-found';
      readonly reason: string;
      readonly segments: readonly string[];
      /** A secret, wherever it is; else a name that no file should have, which may be a route of a single-page application. */
      readonly isPrivate: boolean;
    };

// Control characters, space, DEL and everything above ASCII: Node hands bytes over as Latin-1, a browser percent-encodes them.
const RAW_FORBIDDEN = /[^\x21-\x7e]|#/;
// oxlint-disable-next-line no-control-regex -- control characters are what it looks for
const DECODED_FORBIDDEN = /[\0-\x1f\x7f/\\]/;
const FORBIDDEN_CHARACTER = 'the target has a character that must be percent-encoded';
const DOT_SEGMENT = 'a dot segment (. or ..)';

/** @param target `req.url`: origin form only (RFC 9112 §3.2.1); absolute, authority and asterisk forms are refused. */
export function resolveRequest(target: string): ResolvedRequest {
  if (!target.startsWith('/')) return bad('the target must begin with /');
  const query = target.indexOf('?');
  const path = query === -1 ? target : target.slice(0, query);
  // Browsers do not encode `\` in a query.
  if (RAW_FORBIDDEN.test(target) || path.includes('\\')) return bad(FORBIDDEN_CHARACTER);
  const search = query === -1 ? '' : target.slice(query);
  const encoded = path.slice(1).split('/');
  const isFolder = encoded.at(-1) === '';
  if (isFolder) encoded.pop();
  const segments: string[] = [];
  for (const name of encoded) {
    const decoded = decode(name);
    if (typeof decoded !== 'string') return decoded;
    segments.push(decoded);
  }
  if (isPrivatePath(segments)) {
    return { kind: 'not-found', reason: 'dotfiles, keys and version control folders are not served', segments, isPrivate: true };
  }
  const reason = whyUnservable(segments);
  if (reason !== null) return { kind: 'not-found', reason, segments, isPrivate: false };
  const urlPath = segments.length === 0 ? '/' : encodeSegments(segments) + (isFolder ? '/' : '');
  return { kind: 'ok', urlPath, segments, isFolder, search };
}

/** Of a target that is passed on: what no program should have to read. Its names and their encoding are the target's business. */
export function whyMalformed(target: string): string | null {
  const path = target.replace(/\?.*/s, '');
  if (RAW_FORBIDDEN.test(target) || path.includes('\\')) return FORBIDDEN_CHARACTER;
  return path.split('/').some((name) => /^(?:\.|%2e){1,2}$/i.test(name)) ? DOT_SEGMENT : null;
}

/** Could a request name this? Listings leave out what would be answered 404. */
export function isServableName(name: string, depth: number): boolean {
  return !DECODED_FORBIDDEN.test(name) && !isPrivatePath([...Array<string>(depth).fill('x'), name]) && whyUnservable([name]) === null;
}

function decode(name: string): string | ResolvedRequest {
  let decoded: string;
  try {
    decoded = decodeURIComponent(name);
  } catch {
    return bad('a percent-encoding is not valid UTF-8'); // URIError: stray %, overlong form, half a surrogate pair
  }
  if (decoded === '') return bad('an empty path segment (//)');
  if (decoded === '.' || decoded === '..') return bad(DOT_SEGMENT);
  if (DECODED_FORBIDDEN.test(decoded)) return bad('an encoded slash, backslash or control character');
  return decoded;
}

/** Windows drops dots and spaces at the end of a name, and `:` opens a drive or an alternate stream there: two names, one file. */
function whyUnservable(segments: readonly string[]): string | null {
  for (const name of segments) {
    if (name.endsWith('.') || name.endsWith(' ')) return 'names that end in a dot or a space are not served';
    if (name.includes(':')) return 'names with a colon are not served';
  }
  return null;
}

function bad(reason: string): ResolvedRequest {
  return { kind: 'bad-request', reason };
}
