/**
 * The form of a linked module: what the compile step emits and what the registry runs. One form for the page, for Node and for
 * production. docs/decisions.md tells why importers read `$view.name` and not local variables.
 *
 * For
 *
 *     import { render } from './view.ts';
 *     import * as model from './model.ts';
 *     export let count = 0;
 *     export function step() { count++; render(model.state, model); }
 *
 * the compile step emits (lines stay where they were)
 *
 *     $define({"id":"/main.ts","hash":"…","deps":["/view.ts","/model.ts"],"imports":[[0,"render"]],"exports":["count","step"],…},
 *     (function*($export,$module,$view,$model){$export("step",step);yield;
 *     let count = 0;$export("count",count);
 *     function step() { $export("count",[count++,…]…); (0,$view.render)($model.state, $module.ns(1)); }
 *     }));
 *
 * Phase 1, up to the first `yield`, declares hoisted functions and `var`s, so that cycles behave as in the standard; phase 2 is
 * the body. A top-level `await x` is `(yield x)`, which the registry answers after one promise job, as a native await.
 */
import type { ErrorReport, ModuleId, ModuleMeta } from '../protocol.ts';
import type { HotHandle, MakeSetters } from './first-form.ts';
import type { Description, PatchForm } from './swap/patch-form.ts';

/**
 * What importers read: one plain data property per export name that is initialised; reading one that is not throws the
 * ReferenceError of a binding in its temporal dead zone; a name that is not exported reads as undefined.
 */
export type Environment = object;

/** Announces the value of an export: at declaration and after every assignment. Returns the value. */
export type ExportFunction = <T>(name: string, value: T) => T;

/** `import.meta` and what else the emitted code needs of its host. */
export interface ModuleContext {
  /** `import.meta`. */
  readonly meta: object;
  /** `import(specifier, options)`: resolves computed specifiers against the module. */
  import(specifier: unknown, options?: unknown): Promise<object>;
  /** The namespace object of the dependency at an index, where it is used as a value. */
  ns(dep: number): object;
  /** Target of assignments to an imported name: every set throws the TypeError of a constant. */
  readonly constant: Record<string, unknown>;
  /** Reading it throws: a module has no `arguments`. */
  readonly arguments: never;
  /** Gives an anonymous default-exported function its name, `default`. */
  named(fn: unknown): void;
  /** Runs the text of a CommonJS module, and exports what it exports. */
  commonjs(body: CommonJsBody): void;
  /** Of a module that can be changed in place: how a patch reaches its functions and its names. */
  hot(setters: MakeSetters, Scope: () => new () => object): HotHandle;
  /** Drives a top-level `for await`; the emitted loop is `while (yield it.next()) { … it.value … } … yield it.close()`. */
  forAwait(iterable: unknown): AsyncLoop;
}

/** What Node wraps around a CommonJS module; `global` is a name that older packages use. */
export type CommonJsBody = (
  this: unknown,
  exports: unknown,
  require: (specifier: unknown) => unknown,
  module: { exports: unknown },
  __filename: string,
  __dirname: string,
  global: unknown,
) => void;

export interface AsyncLoop {
  /** Fulfilled with false when the iterable is done. */
  next(): Promise<boolean>;
  readonly value: unknown;
  /** Ends the iterable unless it ended by itself. */
  close(): unknown;
}

export type Factory = (
  $export: ExportFunction,
  $module: ModuleContext,
  ...dependencies: Environment[]
) => Generator<unknown, void, unknown>;

/** Called by emitted code. Defining does not run anything. */
export type DefineFunction = (meta: ModuleMeta, factory: Factory) => void;

/** What a served script calls on `globalThis[Symbol.for('hmr-dev')]`. */
export interface ScriptApi {
  readonly define: DefineFunction;
  /** Says how a version becomes a running module's: for the definition with this hash, which is there already. */
  patch(id: ModuleId, hash: string, form: PatchForm): void;
  /** Says what versions of modules are, which were defined without: by the hash of their definition. */
  describe(hash: string, description: Description): void;
  /** Hands over the namespace of a module of another origin that the script imported natively. */
  external(url: string, namespace: object): void;
  /** A chunk arrived: what it defines need not be sent again. */
  chunk(hash: string): void;
  /** An entry was not sent, because something in its graph does not compile. */
  failed(entry: ModuleId, errors: readonly ErrorReport[]): void;
  /** The URL that was asked for, where it is not the module's id (`/src/main` for `/src/main.ts`). */
  alias(url: string, id: ModuleId): void;
  /**
   * Links and evaluates the graph of an entry once. Returns undefined when evaluation was synchronous, else its promise.
   * Throws what linking or a synchronous body throws.
   */
  start(id: ModuleId): Promise<void> | undefined;
  /** Keeps native exports level: each setter is called now, if the export is initialised, and after every later write. */
  mirror(id: ModuleId, setters: Readonly<Record<string, (value: unknown) => void>>): void;
}
