/**
 * The path that the server serves everything under, put on and taken off where the page sends or reads an address; all that the server
 * tells, and the runtime works with, is root-relative. The server's side of it is `server/base.ts`.
 */

/**
 * The server writes its own path over the slash when it hands out this file (`server/client-files.ts`): a worker, which imports it, could
 * not learn it from a tag. A call stays in the minified text as it is; a constant would be folded into what uses it.
 */
export const BASE: string = 'hmr-dev-base:/'.slice(13);

/** The address of what is at a root-relative path. */
export function toUrl(urlPath: string): string {
  return BASE + urlPath.slice(1);
}

/** The inverse. What a page writes from the root is sent on to its place under the base, so it stays as it is. */
export function fromUrl(path: string): string {
  return path.startsWith(BASE) ? path.slice(BASE.length - 1) : path;
}
