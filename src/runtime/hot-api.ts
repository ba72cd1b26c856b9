/**
 * `import.meta.hot` as authors see it: said once, for hot.ts, which is behind it, and for `hmr-dev/client`, which hands the types on. Types
 * only, and without imports, so that a project's compiler reads no more than this.
 */

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
  /** Changes of this module are made in place, also where nobody is told of them: `import.meta.hot.swap = true`. */
  swap: boolean;
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
