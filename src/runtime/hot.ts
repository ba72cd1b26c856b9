/**
 * `import.meta.hot` of one module instance: registers what the module wants and changes nothing by itself; the update reads the
 * registrations. Compatible with Vite 8 (its HMR API page), with the differences that hmr-semantics lists: several `dispose`
 * callbacks, each for every replaced module.
 */
import type { ModuleId } from '../protocol.ts';
import { canonicalEvent, type HotEvents, type HotListener } from './events.ts';
import type { Hot, HotData, ModuleNamespace } from './hot-api.ts';

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
  /** Ends the module's event listeners. */
  readonly unsubscribe: Set<() => void>;
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
    unsubscribe: new Set(),
  };
}

/** Forgets what a module has registered, for it is about to do so again. Returns the way back. */
export function resetHot(instance: { hot: HotState | undefined }): () => void {
  const before = instance.hot;
  if (!before) return () => undefined;
  const { selfAccepted, acceptedExports, declined, swaps } = before;
  const { selfCallbacks, dependencyAccepts, disposers, pruners, redraws } = before;
  const lists = [selfCallbacks, dependencyAccepts, disposers, pruners, redraws] as unknown[][];
  const kept = lists.map((list) => list.splice(0));
  Object.assign(before, { selfAccepted: false, acceptedExports: undefined, declined: false, swaps: false });
  return () => {
    lists.forEach((list, index) => void list.splice(0, list.length, ...(kept[index] ?? [])));
    Object.assign(before, { selfAccepted, acceptedExports, declined, swaps });
  };
}

export function createHotContext({ state, data, exports, isCurrent, resolve, events, invalidate, send }: HotContextOptions): HotContext {
  const listening = new Set<{ readonly event: string; readonly listener: HotListener; readonly end: () => void }>();

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
    on(event: string, listener: HotListener) {
      const end = events.on(event, listener);
      listening.add({ event: canonicalEvent(event), listener, end });
      state.unsubscribe.add(end);
    },
    off(event, listener) {
      for (const entry of listening) {
        if (entry.event !== canonicalEvent(event) || entry.listener !== listener) continue;
        entry.end();
        state.unsubscribe.delete(entry.end);
        listening.delete(entry);
      }
    },
    send,
  };
}
