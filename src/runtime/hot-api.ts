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
  /**
   * What a swap does with data whose form has changed; said in a statement of its own, with the functions written out:
   *
   *     import.meta.hot?.migrate({
   *       state: (prev, next) => ({ hits: BigInt(prev.hits) }),
   *       Apple: (apple) => { if (typeof apple.seeds === 'number') apple.seeds = []; },
   *     });
   *
   * Of a binding `(prev, next) => value`: called when its initialiser has changed, with the value that the program held and the one that the new
   * initialiser gives. Of a class, the module's own or one that it tracks, `(instance) => void`: called with each instance of before, those of
   * subclasses too, once for each version of the function's text; instances that nobody knows of are met when one of the class's methods or
   * accessors is called on them. What a function throws takes the whole swap back.
   */
  migrate(hooks: Readonly<Record<string, MigrateHook>>): void;
  /** Hooks of `migrate` with this class's name are for it: for imported classes. Instances of a class of the module's own are known from then on. */
  track(...classes: readonly { readonly prototype: object }[]): void;
  /** These bindings keep their value when their initialiser is edited. */
  keep(...names: readonly string[]): void;
  /** These bindings take the value of their initialiser at every swap of the module. */
  reset(...names: readonly string[]): void;
  on<E extends keyof HotEventMap>(event: E, listener: (payload: HotEventMap[E]) => void): void;
  // oxlint-disable-next-line typescript/no-explicit-any -- whoever sends an event of their own knows its payload
  on(event: string, listener: (payload: any) => void): void;
  off(event: string, listener: (payload: never) => void): void;
  /** To the server: `server.on('message', …)`. */
  send(event: string, data?: unknown): void;
}

// oxlint-disable-next-line typescript/no-explicit-any -- what an older version has left only its author knows
export type MigrateHook = (prev: any, next: any) => unknown;

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

/** Events of changes that are made in place; paths are those of modules. Each `swap-before` is followed by one of the others. */
interface SwapPayloads {
  'swap-before': {
    readonly type: 'swap';
    readonly paths: readonly string[];
    /**
     * These modules run again instead (or the page is loaded anew), and the developer is told why. Listeners are not waited for: to be called before
     * the first `await`.
     */
    cancel(reason?: string): void;
  };
  /** The new code runs: migrated, and callbacks called. */
  'swap-after': {
    readonly type: 'swap';
    readonly paths: readonly string[];
    /** For the developer: what was left as it was. */
    readonly notes: readonly string[];
  };
  /** Modules that cannot be changed in place, also those of a cancelled swap. */
  'swap-refused': { readonly type: 'swap'; readonly refusals: readonly HotRefusal[] };
  /** Something threw: the old code runs, with the values that it had. */
  'swap-rollback': { readonly type: 'swap'; readonly paths: readonly string[]; readonly err: unknown };
}

export interface HotRefusal {
  readonly path: string;
  readonly reason: string;
  /** In what the author wrote, from 1. */
  readonly line: number | undefined;
}

export type HotEventMap = { [E in keyof HotPayloads as `hmr-dev:${E}` | `vite:${E}`]: HotPayloads[E] } & {
  [E in keyof SwapPayloads as `hmr-dev:${E}`]: SwapPayloads[E];
};
