/**
 * The path that everything is served under, for a server behind a reverse proxy or a site whose place is `/repo/`. Inside the server all
 * addresses start from the served folder; the base is put on and taken off where a browser gets or sends one. The page's side of it is
 * `client/base.ts`.
 */
import { encodeSegments } from './url-path.ts';

export interface Base {
  /** With a slash at both ends; `/` where there is none. */
  readonly path: string;
  /** The address of what is at a root-relative path. */
  readonly toUrl: (urlPath: string) => string;
  /** The inverse, by the letter; undefined for an address that is not under the base. */
  readonly fromUrl: (address: string) => string | undefined;
  /** The same for what an author wrote: pages that begin at the root are sent on to the place under the base. */
  readonly toId: (address: string) => string;
}

/** @param path of {@link toBase} */
export function createBase(path: string): Base {
  const fromUrl = (address: string): string | undefined => (address.startsWith(path) ? address.slice(path.length - 1) : undefined);
  return { path, toUrl: (urlPath) => path.slice(0, -1) + urlPath, fromUrl, toId: (address) => fromUrl(address) ?? address };
}

/** Where nothing is put in front. */
export const NO_BASE: Base = createBase('/');

/** `app`, `/app` and `/app/` are `/app/`. @param wrong makes the error of a value that is no such path */
export function toBase(value: unknown, wrong: (flag: string, expected: string, value: unknown, hint?: string) => Error): string {
  const fail = (hint?: string): Error => wrong('base', 'a path such as /app/', value, hint);
  if (typeof value !== 'string' || value === '') throw fail();
  // Git Bash takes a path at the beginning of an argument for one of its own.
  if (/^[a-z]:[\\/]/i.test(value)) throw fail('In Git Bash, leave out the first slash: --base app');
  if (value === '/') return value;
  const names = value.replace(/^\/|\/$/g, '');
  const segments = names.split('/').map(decode);
  if (/[?#]/.test(value) || !segments.every(isName)) throw fail();
  return `${encodeSegments(segments)}/`;
}

function isName(name: string): boolean {
  // oxlint-disable-next-line no-control-regex -- control characters are what it looks for
  return name !== '' && name !== '.' && name !== '..' && !/[\0-\x1f\x7f/\\:]/.test(name);
}

/** Empty for what is no valid encoding. */
function decode(name: string): string {
  try {
    return decodeURIComponent(name);
  } catch {
    return ''; // URIError: a `%` that encodes nothing.
  }
}
