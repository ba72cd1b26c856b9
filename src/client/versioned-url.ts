/**
 * Addresses with a version: `/a.css` of hash `1f3c` is asked for as `/a.css?v=1f3c`, so that the browser fetches it anew and our
 * own stamp can be told from the author's address again. The author's spelling (relative, query, fragment) is kept.
 */
import { fromUrl, toUrl } from './base.ts';

/** The root-relative path that an address of this origin names; undefined for other origins, `data:` and nonsense. */
export function pathOf(address: string, base: string): string | undefined {
  try {
    const url = new URL(address, base);
    return url.origin === new URL(base).origin ? fromUrl(url.pathname) : undefined;
  } catch {
    // TypeError: not an address.
    return undefined;
  }
}

/** Whether an address names the file at `url`. Two spellings of one path (`%20`, `é`) are the same file. */
export function addressMatcher(url: string, base: string): (address: string) => boolean {
  const wanted = fileKey(toUrl(url), base) ?? url;
  return (address) => fileKey(address, base) === wanted;
}

/** The same for all spellings of one path; undefined where {@link pathOf} is. */
export function fileKey(address: string, base: string): string | undefined {
  const path = pathOf(address, base);
  return path === undefined ? undefined : decodePath(path);
}

function decodePath(path: string): string {
  try {
    return decodeURIComponent(path);
  } catch {
    // URIError: a stray percent sign; such a path is only equal to itself.
    return path;
  }
}

/** Sets the stamp, in place of one that is there. */
export function stampUrl(address: string, hash: string): string {
  const [, path = '', query = '', fragment = ''] = /^([^?#]*)(\?[^#]*)?(#.*)?$/s.exec(address) ?? [];
  const kept = query
    .slice(1)
    .split('&')
    .filter((part) => part !== '' && !part.startsWith('v='));
  return `${path}?${[...kept, `v=${encodeURIComponent(hash)}`].join('&')}${fragment}`;
}

/** The hash in the stamp, if there is one. */
export function stampOf(address: string): string | undefined {
  const hash = /[?&]v=([^&#]*)/.exec(address)?.[1];
  return hash === undefined ? undefined : decodePath(hash);
}

/** Replaces the addresses of a `srcset` (HTML, "Parsing a srcset attribute"); descriptors and spacing stay. */
export function mapSrcset(srcset: string, replace: (address: string) => string): string {
  return srcset.replace(/([\s,]*)(\S+)((?:[^,(]|\([^)]*\))*)/g, (_, before: string, token: string, descriptors: string) => {
    const commas = /,+$/.exec(token)?.[0] ?? '';
    // A trailing comma ends the candidate: what follows is the next one, not a descriptor.
    const address = commas === '' ? token : token.slice(0, -commas.length);
    const rest = commas === '' || descriptors.trim() === '' ? descriptors : mapSrcset(descriptors, replace);
    return `${before}${replace(address)}${commas}${rest}`;
  });
}

/** Replaces the addresses of `url()` in a CSS value as a browser serialises it: always quoted. */
export function mapCssUrls(value: string, replace: (address: string) => string): string {
  return value.replace(/url\("((?:[^"\\]|\\.)*)"\)/g, (_, address: string) => `url("${replace(address)}")`);
}
