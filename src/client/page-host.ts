/**
 * What the hot core needs of a page (runtime.ts, `RuntimeHost`): how a specifier is resolved, how definitions are fetched, and the
 * host modules behind stylesheets. In a worker the same serves without a document.
 */
import {
  DEFINE_QUERY,
  EMPTY_MODULE_PATH,
  NODE_MODULE_PREFIX,
  INLINE_QUERY,
  DESCRIBE_PATH,
  PATCH_QUERY,
  STYLE_API_PATH,
  SWAP_PATH,
  type ModuleId,
} from '../protocol.ts';
import { fromUrl, toUrl } from './base.ts';
import type { Environment } from '../runtime/format.ts';
import { queryAll } from './dom-roots.ts';
import type { RuntimeHost } from '../runtime/runtime.ts';
import type { SwapBundle } from '../runtime/swap-loader.ts';
import type { ModuleStyles } from './module-styles.ts';
import { nodeModule } from './node-modules.ts';

export interface PageHostOptions {
  readonly styles: ModuleStyles | undefined;
  /** Hashes of the chunks that the page has. */
  readonly chunks: Set<string>;
}

/** What happens because of an update is the caller's to say. */
export type PageHost = Pick<
  RuntimeHost,
  | 'load'
  | 'importExternal'
  | 'resolve'
  | 'resolveUrl'
  | 'url'
  | 'builtin'
  | 'forget'
  | 'loadSwap'
  | 'loadPatch'
  | 'loadDescriptions'
  | 'instancesOf'
>;

/** The server remembers no more, and a request line that names them all would be refused some day. */
const NAMED_CHUNKS = 100;

export function createPageHost({ styles, chunks }: PageHostOptions): PageHost {
  let attempts = 0;
  let swapAttempts = 0;

  const url = (id: string): string =>
    // An inline module is part of its document, whatever address that has.
    id.includes(`?${INLINE_QUERY}=`) ? baseUrl() : new URL(toUrl(id), location.origin).href;

  const addressOf = (specifier: string, importer: ModuleId): URL | undefined => parseAddress(specifier, url(importer)) ?? mapped(specifier);

  const resolve = (specifier: string, importer: ModuleId): string => {
    const address = addressOf(specifier, importer);
    if (!address) return `/${specifier}`;
    return address.origin === location.origin && address.protocol.startsWith('http')
      ? fromUrl(address.pathname) + address.search
      : address.href;
  };

  const resolveUrl = (specifier: string, importer: ModuleId): string => {
    const address = addressOf(specifier, importer);
    if (!address)
      throw new TypeError(
        `Failed to resolve module specifier ${specifier}: Relative references must start with either "/", "./", or "../".`,
      );
    return address.href;
  };

  const load = async (path: string): Promise<ModuleId> => {
    const address = new URL(toUrl(path), location.origin);
    const without = [...chunks].slice(-NAMED_CHUNKS).join('.');
    const own = [DEFINE_QUERY, `without=${without}`, `try=${++attempts}`].join('&');
    address.search = address.search ? `${address.search}&${own}` : own;
    const module = (await import(address.href)) as { readonly id?: unknown };
    if (typeof module.id !== 'string') throw new TypeError(`${path} is not served as a linked module`);
    return module.id;
  };

  const builtin = (id: ModuleId, importer: ModuleId): Environment | undefined => {
    if (id === EMPTY_MODULE_PATH) return { default: {} };
    if (id.startsWith(NODE_MODULE_PREFIX)) return nodeModule(id.slice(NODE_MODULE_PREFIX.length), importer);
    if (id !== STYLE_API_PATH || !styles) return undefined;
    return {
      style: (cssText: string) => styles.styleFor(importer, cssText),
      sheet: (cssText: string) => styles.sheetFor(importer, cssText),
      remove: () => styles.removeStyle(importer),
    };
  };

  return {
    load,
    importExternal: (address) => import(address) as Promise<object>,
    resolve,
    resolveUrl,
    url,
    builtin,
    loadSwap() {
      // A browser may remember of an address that its import has failed.
      const query = swapAttempts++ > 0 ? `?try=${swapAttempts}` : '';
      return import(location.origin + toUrl(SWAP_PATH) + query) as Promise<SwapBundle>;
    },
    async loadPatch(id, hash) {
      const address = new URL(toUrl(id), location.origin);
      address.search += `${address.search === '' ? '?' : '&'}${PATCH_QUERY}=${hash}`;
      // Without it the module runs again.
      await import(address.href).catch(() => undefined);
    },
    async loadDescriptions(hashes) {
      // Without them the modules run again.
      await import(`${location.origin}${toUrl(DESCRIBE_PATH)}?of=${hashes.join('.')}&try=${++attempts}`).catch(() => undefined);
    },
    forget: () => chunks.clear(),
    instancesOf: elementsOf,
  };
}

/** Custom elements, shadow trees included. */
function elementsOf(object: new (...args: never[]) => object): object[] {
  if (typeof document === 'undefined' || !(object.prototype instanceof Element)) return [];
  return queryAll(':defined').filter((element) => element instanceof object);
}

function baseUrl(): string {
  return typeof document === 'undefined' ? location.href : document.baseURI;
}

/** Undefined for a bare specifier. */
function parseAddress(specifier: string, base: string): URL | undefined {
  if (/^\.{0,2}\//.test(specifier)) return new URL(specifier, base);
  try {
    return new URL(specifier);
  } catch {
    // TypeError: bare.
    return undefined;
  }
}

/** A bare specifier in the page's import maps (HTML, "resolve an imports match"): exact, or the longest prefix that ends in `/`. */
function mapped(specifier: string): URL | undefined {
  if (typeof document === 'undefined') return undefined;
  let best: { readonly key: string; readonly target: string } | undefined;
  for (const script of document.querySelectorAll('script[type="importmap" i]')) {
    for (const [key, target] of Object.entries(importsOf(script.textContent))) {
      const fits = key === specifier || (key.endsWith('/') && specifier.startsWith(key));
      if (fits && key.length > (best?.key.length ?? 0)) best = { key, target };
    }
  }
  return best && new URL(best.target + specifier.slice(best.key.length), document.baseURI);
}

function importsOf(text: string | null): Record<string, string> {
  try {
    return (JSON.parse(text ?? '') as { imports?: Record<string, string> }).imports ?? {};
  } catch {
    // SyntaxError: the browser has reported the map already.
    return {};
  }
}
