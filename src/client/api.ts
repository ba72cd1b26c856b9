/**
 * `hmr-dev/client`: what an author imports. Under hmr-dev each importing module gets its own live `container`; this file is what the
 * same import means anywhere else (a production build, another dev server): load the modules once and run the update function once.
 */
// oxlint-disable-next-line typescript/triple-slash-reference -- names with a wildcard cannot be declared by an import
/// <reference path="./assets.d.ts" preserve="true" />
import type { Hot, ModuleNamespace } from '../runtime/hot-api.ts';

export type { Hot, HotData, HotEventMap, HotRefusal, HotUpdate, MigrateHook, ModuleNamespace } from '../runtime/hot-api.ts';

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
