/**
 * Import maps of the pages served so far (HTML, "Import maps"). The server links modules before a browser asks, so it has to know
 * which bare specifiers a page maps: to a file of the folder, which is linked, or to another origin, which the browser
 * imports. Scopes are left to the browser.
 */

export interface ImportMaps {
  /** @param text of `<script type="importmap">`; one that is not valid JSON is the browser's to report */
  learn(text: string, base: URL): void;
  /** A root-relative path, an absolute URL, or undefined for what no map names. */
  resolve(specifier: string): string | undefined;
}

export function createImportMaps(): ImportMaps {
  const imports = new Map<string, string>();
  return {
    learn(text, base) {
      for (const [key, target] of Object.entries(parse(text))) {
        if (typeof target !== 'string' || !URL.canParse(target, base.href)) continue;
        const url = new URL(target, base);
        imports.set(key, url.host === base.host ? url.pathname + url.search : url.href);
      }
    },
    resolve(specifier) {
      let best = '';
      for (const key of imports.keys()) {
        const fits = key === specifier || (key.endsWith('/') && specifier.startsWith(key));
        if (fits && key.length > best.length) best = key;
      }
      const target = imports.get(best);
      return target === undefined ? undefined : target + specifier.slice(best.length);
    },
  };
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
