/**
 * What a plugin is: one written for esbuild, run unchanged, and what only a development server can ask of one. esbuild's interface because it
 * is small and documented (https://esbuild.github.io/plugins/), and because the same plugin then builds the site.
 */
import type { ServerResponse, IncomingMessage } from 'node:http';
import type { PluginBuild } from '../esbuild.ts';

export interface Plugin {
  readonly name: string;
  /** esbuild's: called once, before the first module is compiled, and again when the configuration changed. */
  setup?(build: PluginBuild): void | Promise<void>;
  /** A page of the folder on its way to a browser. What it returns takes the page's place; undefined leaves it. */
  html?(html: string, page: HtmlPage): HtmlResult | Promise<HtmlResult>;
  /** Files changed, and nothing was compiled yet. False: it has dealt with them, and nothing else happens. */
  hotUpdate?(update: HotUpdateContext): boolean | void | Promise<boolean | void>;
  /** The server is about to start. What it returns is called at the end, also when the configuration is read again. */
  configureServer?(server: PluginServer): void | (() => void) | Promise<void | (() => void)>;
  /** Components keep their state over updates: how they are compiled and registered. */
  readonly refresh?: Refresh;
}

export interface HtmlPage {
  /** As in a URL: `/blog/index.html`. */
  readonly urlPath: string;
  readonly filePath: string;
}

/** `watchFiles`: absolute paths of what the page was made of besides its own file; a change of them is a change of the page. */
export type HtmlResult = string | { readonly html: string; readonly watchFiles?: readonly string[] } | undefined;

export interface HotUpdateContext {
  readonly files: readonly { readonly path: string; readonly kind: 'add' | 'change' | 'unlink' }[];
  readonly server: PluginServer;
}

/** What plugins may do with the running server. */
export interface PluginServer {
  /** Real path of the served folder. */
  readonly root: string;
  /** Handlers for requests that come before the folder's files, in order; the first that does not call `next` has answered. */
  use(middleware: Middleware): void;
  /** What `onLoad` gave for a path is out of date; without `namespace`, of a file. Open pages are updated. */
  invalidate(path: string, namespace?: string): void;
  /** An event for `import.meta.hot.on` in every page. */
  send(event: string, data?: unknown): void;
  /** `import.meta.hot.send` of a page. Returns the function that ends listening. */
  onMessage(event: string, listener: (data: unknown) => void): () => void;
  /** Reloads every page; the reason is shown there. */
  reload(reason: string): void;
}

export type Middleware = (req: IncomingMessage, res: ServerResponse, next: (error?: unknown) => void) => unknown;

/** What the text around a module imports: it means the same whatever files come and go. */
export const REFRESH_MODULE = 'hmr-dev:refresh';

/** Both forms of JSX transform that keep state know this much of each other: marks in the code, and text around it. */
export interface Refresh {
  /** Of what the code depends on besides the module, for the cache of linked modules. */
  readonly key: string;
  /** `jsxDEV` calls, which name the place of each element. */
  readonly development?: boolean;
  /** Where `jsx` comes from, unless tsconfig.json or the module says it. */
  readonly importSource?: string;
  /** As a plugin's own, for what the text around imports; a build does not call it. */
  setup?(build: PluginBuild): void;
  /**
   * Text to put before and after a module whose components and hooks were marked with `$RefreshReg$` and `$RefreshSig$`.
   * @param code types and JSX removed @param filePath absolute @returns undefined leaves the module as it is
   */
  wrap(code: string, filePath: string): { readonly before: string; readonly after: string } | undefined;
}
