/**
 * `hmr-dev/client`: what an author imports. Under hmr-dev each importing module gets its own live `container`; this file is what the
 * same import means anywhere else (a production build, another dev server): load the modules once and run the update function once.
 */
// oxlint-disable-next-line typescript/triple-slash-reference -- names with a wildcard cannot be declared by an import
/// <reference path="./assets.d.ts" preserve="true" />

/** `import.meta.hot`, compatible with Vite 8. Undefined where nothing is hot: write `import.meta.hot?.accept()`. */
export interface Hot {
  /** Kept over updates of the module; an object of the module's own until it is pruned. */
  readonly data: HotData;
  /** The module runs again when it changes; `callback` gets the new one, or undefined when it failed. */
  accept(callback?: (module: ModuleNamespace | undefined) => void): void;
  /** Changes of a dependency stop here. */
  accept(dependency: string, callback?: (module: ModuleNamespace | undefined) => void): void;
  /** Slots of dependencies that did not change are undefined. */
  accept(dependencies: readonly string[], callback?: (modules: (ModuleNamespace | undefined)[]) => void): void;
  /** Accepts itself as long as importers use these exports only. */
  acceptExports(names: string | readonly string[], callback?: (module: ModuleNamespace | undefined) => void): void;
  /** Before the module is replaced; may be async; several are called in order. */
  dispose(callback: (data: HotData) => void | Promise<void>): void;
  /** The last import of the module is gone. */
  prune(callback: (data: HotData) => void | Promise<void>): void;
  /** Hands the update on to the importers. */
  invalidate(message?: string): void;
  /** A change of this module reloads the page. */
  decline(): void;
  on<E extends keyof HotEventMap>(event: E, listener: (payload: HotEventMap[E]) => void): void;
  // oxlint-disable-next-line typescript/no-explicit-any -- whoever sends an event of their own knows its payload
  on(event: string, listener: (payload: any) => void): void;
  off(event: string, listener: (payload: never) => void): void;
  /** To the server: `server.on('message', …)`. */
  send(event: string, data?: unknown): void;
}

// oxlint-disable-next-line typescript/no-explicit-any -- what a module exports only its author knows; Vite's types say the same
export type ModuleNamespace = Record<string, any>;

// oxlint-disable-next-line typescript/no-explicit-any -- the module puts in what it likes
export type HotData = Record<string, any>;

interface HotPayloads {
  beforeUpdate: { readonly type: 'update'; readonly updates: readonly HotUpdate[] };
  afterUpdate: { readonly type: 'update'; readonly updates: readonly HotUpdate[] };
  beforeFullReload: { readonly type: 'full-reload'; readonly path?: string };
  beforePrune: { readonly type: 'prune'; readonly paths: readonly string[] };
  invalidate: { readonly path: string; readonly message: string | undefined };
  error: { readonly type: 'error'; readonly err: unknown };
  'ws:connect': unknown;
  'ws:disconnect': unknown;
}

export interface HotUpdate {
  readonly type: 'js-update';
  /** Whose callbacks run. */
  readonly path: string;
  /** The module that was replaced for it. */
  readonly acceptedPath: string;
}

export type HotEventMap = { [E in keyof HotPayloads as `hmr-dev:${E}` | `vite:${E}`]: HotPayloads[E] };

export interface GlobOptions<Eager extends boolean = boolean> {
  /** Modules instead of functions that load them. */
  readonly eager?: Eager;
  /** Only this export of each: `default`, or a name. */
  readonly import?: string;
  /** `?raw`, `?url`, or any other, on each import. */
  readonly query?: string | Readonly<Record<string, string | number | boolean>>;
  /** A folder (`./pages`, `/src`) that relative patterns and the names in the object start from. */
  readonly base?: string;
  /** Also files of `node_modules`, and ignored ones. */
  readonly exhaustive?: boolean;
}

/** The modules whose files match, by path. Patterns and options are literals; `!./x.ts` leaves out. */
export interface Glob {
  <M = unknown>(patterns: string | readonly string[], options: GlobOptions<true>): Record<string, M>;
  <M = unknown>(patterns: string | readonly string[], options?: GlobOptions<false>): Record<string, () => Promise<M>>;
}

declare global {
  /** What pages know of their environment. A project adds its own: `interface ImportMetaEnv { readonly PUBLIC_TITLE: string }`. */
  interface ImportMetaEnv {
    readonly BASE_URL: string;
    readonly DEV: boolean;
    readonly MODE: string;
    readonly PROD: boolean;
    readonly SSR: boolean;
    // oxlint-disable-next-line typescript/no-explicit-any -- texts, but a project may know better; Vite's types say the same
    readonly [name: string]: any;
  }
  interface ImportMeta {
    readonly hot?: Hot;
    readonly glob: Glob;
    readonly env: ImportMetaEnv;
  }
}

/** Modules by specifier, seen from the module that calls: `{ './view.js': 'view' }`. Works under hmr-dev and where modules are served as files. */
export type ModuleMap = Readonly<Record<string, string>>;
/** Modules by property: `{ view: () => import('./view.ts') }`. Typed, and works everywhere. */
export type LoaderMap = Readonly<Record<string, () => Promise<object>>>;

export type Loaded<M extends LoaderMap> = { readonly [K in keyof M]: Awaited<ReturnType<M[K]>> };

/**
 * Loads the modules of a map and hands them to `update`; runs `update` again after any of them, or anything they import, was replaced.
 * @returns resolves when `update` has run for the first time
 * @throws (rejects) what loading or that first run throws; later throws are shown and keep the previous state
 */
export function container<M extends LoaderMap>(map: M, update: (modules: Loaded<M>) => unknown): Promise<void>;
export function container(map: ModuleMap, update: (modules: Readonly<Record<string, ModuleNamespace>>) => unknown): Promise<void>;
export async function container(
  map: Readonly<Record<string, string | (() => Promise<object>)>>,
  update: (modules: never) => unknown,
): Promise<void> {
  const entries = Object.entries(map).map(async ([key, value]): Promise<[string, object]> => {
    if (typeof value !== 'string') return [key, await value()];
    return [value, (await import(new URL(key, document.baseURI).href)) as object];
  });
  const modules: object = Object.freeze(Object.fromEntries(await Promise.all(entries)));
  await update(modules as never);
}
