/**
 * Import maps of the pages known so far (HTML, "Import maps"). The server links modules before a browser asks, so it has to know
 * which specifiers a page maps: to a file of the folder, which is linked, or to another origin, which the browser imports. A module is
 * linked once for all pages: where their maps differ, the one that changed last counts. Scopes are left to the browser.
 */
import { NO_BASE, type Base } from './base.ts';

export interface ImportMaps {
  /**
   * Takes the place of what the page said before; false when that is the same.
   * @param texts of `<script type="importmap">`; one that is not valid JSON is the browser's to report
   */
  learn(page: string, texts: readonly string[], base: URL): boolean;
  /** A root-relative path, an absolute URL, or undefined for what no map names. @param importer URL path that relative specifiers start from */
  resolve(specifier: string, importer: string): string | undefined;
}

export function createImportMaps(served: Base = NO_BASE): ImportMaps {
  /** By page, the one that changed last in front. */
  let maps = new Map<string, ReadonlyMap<string, string>>();
  return {
    learn(page, texts, base) {
      const imports = importsOf(texts, base, served);
      const before = maps.get(page) ?? new Map<string, string>();
      if (JSON.stringify([...before]) === JSON.stringify([...imports])) return false;
      maps = new Map([[page, imports], ...[...maps].filter(([other]) => other !== page)]);
      return true;
    },
    resolve(specifier, importer) {
      if (maps.size === 0) return undefined;
      const wanted = normalized(specifier, new URL(served.toUrl(importer), ORIGIN));
      let best = '';
      let target: string | undefined;
      for (const imports of maps.values()) {
        for (const [key, value] of imports) {
          const fits = key === wanted || (key.endsWith('/') && wanted.startsWith(key));
          if (fits && key.length > best.length) [best, target] = [key, value];
        }
      }
      return target === undefined ? undefined : target + wanted.slice(best.length);
    },
  };
}

/** Stands for whatever address the server has. */
export const ORIGIN = 'http://page';

/** Of two maps in one page, the first that names a key decides. */
function importsOf(texts: readonly string[], base: URL, served: Base): Map<string, string> {
  const imports = new Map<string, string>();
  for (const [key, target] of texts.flatMap((text) => Object.entries(parse(text)))) {
    if (typeof target !== 'string' || !URL.canParse(target, base.href)) continue;
    const url = new URL(target, base);
    const name = normalized(key, base);
    if (!imports.has(name)) imports.set(name, url.host === base.host ? served.toId(url.pathname) + url.search : url.href);
  }
  return imports;
}

/** "Normalize a specifier key": what looks like a URL is one, relative to who wrote it; all else is a bare name. */
function normalized(specifier: string, base: URL): string {
  const isRelative = /^\.{0,2}\//.test(specifier);
  if (isRelative) return URL.canParse(specifier, base.href) ? new URL(specifier, base).href : specifier;
  return URL.canParse(specifier) ? new URL(specifier).href : specifier;
}

function parse(text: string): object {
  try {
    const map: unknown = JSON.parse(text);
    const imports = typeof map === 'object' && map !== null && 'imports' in map ? map.imports : undefined;
    return typeof imports === 'object' && imports !== null ? imports : {};
  } catch {
    // SyntaxError: the browser says so.
    return {};
  }
}
