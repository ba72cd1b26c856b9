/**
 * `import.meta.hot` of one module instance: registers what the module wants and changes nothing by itself; the update reads the
 * registrations. Compatible with Vite 8 (its HMR API page), with the differences that hmr-semantics lists: several `dispose`
 * callbacks, each for every replaced module.
 */
import type { ModuleId } from '../protocol.ts';
import { canonicalEvent, type HotEvents, type HotListener } from './events.ts';
import type { Hot, HotData, MigrateHook, ModuleNamespace } from './hot-api.ts';

type AcceptCallback = (module: ModuleNamespace | undefined) => unknown;
type AcceptManyCallback = (modules: (ModuleNamespace | undefined)[]) => unknown;

/** What an importer accepts. `many` gets an array in which only the updated slots are filled. */
export interface DependencyAccept {
  readonly deps: Iterable<ModuleId>;
  readonly one?: AcceptCallback | undefined;
  readonly many?: AcceptManyCallback | undefined;
  /** A container: called once an update, after all other callbacks. */
  readonly container?: (() => unknown) | undefined;
}

export interface HotState {
  selfAccepted: boolean;
  readonly selfCallbacks: AcceptCallback[];
  /** Accepts itself only while importers use no export but these. */
  acceptedExports: ReadonlySet<string> | undefined;
  readonly dependencyAccepts: DependencyAccept[];
  readonly disposers: ((data: HotData) => unknown)[];
  readonly pruners: ((data: HotData) => unknown)[];
  declined: boolean;
  /** See {@link HotContext.redraw}. */
  readonly redraws: (() => boolean)[];
  /** Changes of this module are made in place whether somebody is told or not. */
  swaps: boolean;
  /** By the name of a binding or of a class. */
  readonly migrations: Map<string, MigrateHook>;
  readonly tracked: Set<object>;
  /** Bindings that keep their value at a swap, whatever their initialiser says. */
  readonly kept: Set<string>;
  /** Bindings that take their initialiser's value at every swap. */
  readonly renewed: Set<string>;
  /** Ends the module's event listeners. */
  readonly unsubscribe: Set<() => void>;
  readonly listening: Set<Listening>;
}

interface Listening {
  readonly event: string;
  readonly listener: HotListener;
  end(): void;
  /** After its end. */
  again(): void;
}

export interface HotContext extends Hot {
  /** Not Vite's: the namespace of this version, for refresh runtimes, which `import(import.meta.url)` would tell too late. */
  readonly exports: object;
  /** Not Vite's either: whether it is this version that runs, and not one before or one that was taken back. */
  readonly isCurrent: boolean;
  /**
   * Nor this: the callback is called when something was changed in place that would have made this module run again, so that what it has
   * shown is shown anew. It returns whether importers may have shown something of it as well.
   */
  redraw(callback: () => boolean): void;
}

export interface HotContextOptions {
  readonly state: HotState;
  /** Of the module id, not of the instance: it survives updates. */
  readonly data: HotData;
  readonly exports: () => object;
  readonly isCurrent: () => boolean;
  /** Throws a TypeError for a specifier that names nothing. */
  readonly resolve: (specifier: string) => ModuleId;
  readonly events: HotEvents;
  readonly invalidate: (message: string | undefined) => void;
  readonly send: (event: string, data: unknown) => void;
}

export function createHotState(): HotState {
  return {
    selfAccepted: false,
    selfCallbacks: [],
    acceptedExports: undefined,
    dependencyAccepts: [],
    disposers: [],
    pruners: [],
    redraws: [],
    declined: false,
    swaps: false,
    migrations: new Map(),
    tracked: new Set(),
    kept: new Set(),
    renewed: new Set(),
    unsubscribe: new Set(),
    listening: new Set(),
  };
}

export function createHotContext({ state, data, exports, isCurrent, resolve, events, invalidate, send }: HotContextOptions): HotContext {
  const listen = (event: string, listener: HotListener): void => {
    const off = events.on(event, listener);
    const entry: Listening = {
      event,
      listener,
      end() {
        off();
        state.unsubscribe.delete(off);
        state.listening.delete(entry);
      },
      again: () => listen(event, listener),
    };
    state.listening.add(entry);
    state.unsubscribe.add(off);
  };

  const acceptSelf = (callback: unknown): void => {
    state.selfAccepted = true;
    if (typeof callback === 'function') state.selfCallbacks.push(callback as AcceptCallback);
  };

  return {
    data,
    get exports() {
      return exports();
    },
    get isCurrent() {
      return isCurrent();
    },
    redraw: (callback) => void state.redraws.push(callback),
    accept(deps?: unknown, callback?: unknown) {
      if (deps === undefined || typeof deps === 'function') acceptSelf(deps);
      else if (typeof deps === 'string')
        state.dependencyAccepts.push({ deps: [resolve(deps)], one: callback as AcceptCallback | undefined });
      else if (Array.isArray(deps)) {
        const ids = deps.map((dep) => resolve(String(dep)));
        state.dependencyAccepts.push({ deps: ids, many: callback as AcceptManyCallback | undefined });
      } else throw new TypeError('import.meta.hot.accept() takes a callback, a specifier or an array of specifiers');
    },
    acceptExports(names, callback) {
      state.acceptedExports = new Set([...(state.acceptedExports ?? []), ...(typeof names === 'string' ? [names] : names)]);
      if (callback) state.selfCallbacks.push(callback);
    },
    dispose: (callback) => void state.disposers.push(callback),
    prune: (callback) => void state.pruners.push(callback),
    decline: () => void (state.declined = true),
    get swap() {
      return state.swaps;
    },
    set swap(value) {
      state.swaps = value;
    },
    invalidate,
    migrate(hooks) {
      for (const [name, hook] of Object.entries(hooks)) {
        if (typeof hook !== 'function') throw new TypeError(`import.meta.hot.migrate() takes functions, and ${name} is none`);
        state.migrations.set(name, hook);
      }
    },
    track(...classes) {
      for (const tracked of classes) {
        if (typeof tracked !== 'function') throw new TypeError('import.meta.hot.track() takes classes');
        state.tracked.add(tracked);
      }
    },
    keep(...names) {
      for (const name of names) state.kept.add(name);
    },
    reset(...names) {
      for (const name of names) state.renewed.add(name);
    },
    on: (event: string, listener: HotListener) => listen(canonicalEvent(event), listener),
    off(event, listener) {
      for (const entry of state.listening) if (entry.event === canonicalEvent(event) && entry.listener === listener) entry.end();
    },
    send,
  };
}
