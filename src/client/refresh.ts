/**
 * What a module with components registers itself with: which of its exports are components, whether it may be replaced in place, and when the
 * page is drawn anew. Known to no framework; `hmr-dev/react` and `hmr-dev/preact` put theirs behind it. Nothing is handed to the
 * framework before an update has come through: of a version that failed and was taken back it never hears.
 *
 * A component that was changed in place is the function that it was, and a refresh library draws only what is another one. So it is handed
 * stand-ins (stand-ins.ts), a new one each time.
 */
import { createStandIns, type Signature } from './stand-ins.ts';

/** What oxc's marks call for each component or hook: with a key where it is defined, with nothing at the start of each of its calls. */
export type Sign = (type?: unknown, key?: string, forceReset?: boolean, getCustomHooks?: () => readonly unknown[]) => unknown;

/** A framework's refresh library. */
export interface RefreshLibrary {
  /** A version of a component; the same id is the same component. */
  register(type: unknown, id: string): void;
  /** `$RefreshSig$()`. */
  sign(): Sign;
  isComponent(value: unknown): boolean;
  /** Draws with the newest versions of what was registered. */
  perform(): void;
  /** Draws what instances of these classes show, which have their new methods already; without it, they are made anew. */
  redraw?(classes: ReadonlySet<object>): void;
}

/** Of `import.meta.hot`. */
export interface Hot {
  readonly exports: Readonly<Record<string, unknown>>;
  readonly isCurrent: boolean;
  accept(callback: (next: Readonly<Record<string, unknown>> | undefined) => void): void;
  redraw(callback: () => boolean): void;
  invalidate(message: string): void;
  on(event: string, listener: () => void): void;
}

interface Meta {
  readonly url: string;
  readonly hot?: Hot;
}

/** One version of one module. */
export interface RefreshModule {
  readonly register: (type: unknown, id: string) => void;
  readonly sign: () => Sign;
  /** Its body came to its end: it accepts itself if it exports components. Called again when the module was changed in place. */
  readonly end: () => void;
  /** What it exports without a name. */
  readonly default: unknown;
}

/** What modules with components call first. */
export type Connect = (meta: Meta) => RefreshModule;

/** @param own `import.meta.hot` of the module that calls, which is there as long as the page */
export function createRefresh(library: RefreshLibrary, own: Hot | undefined): Connect {
  const isComponent = (value: unknown): boolean => !isPlainClass(value) && library.isComponent(value);
  /** By the versions that they belong to, which may be taken back. */
  const waiting = new Map<Hot | undefined, (readonly [type: unknown, id: string])[]>();
  const ids = new WeakMap<object, string>();
  const signatures = new WeakMap<object, Signature>();
  /** A component and what `memo` and the like made of it, which have one signature. */
  const alike = new WeakMap<object, Set<object>>();
  const standIns = createStandIns({ library, ids, signatures });

  const wait = (hot: Hot | undefined, type: unknown, id: string): void => void waiting.set(hot, [...(waiting.get(hot) ?? []), [type, id]]);

  const commit = (): void => {
    for (const [hot, entries] of waiting) {
      if (hot && !hot.isCurrent) continue;
      for (const [type, id] of entries) library.register(type, id);
    }
    waiting.clear();
  };

  own?.on('hmr-dev:beforeUpdate', commit);
  own?.on('hmr-dev:replaced', () => {
    commit();
    library.perform();
    const classes = standIns.settle();
    if (classes.size > 0) library.redraw?.(classes);
  });

  const sign = (): Sign => {
    const first = library.sign();
    const own = new Set<object>();
    return (...given) => {
      const [type, key, forceReset, getCustomHooks] = given;
      if (given.length === 0) return first();
      if (key === undefined || !isObject(type)) return type;
      const signature = { key, forceReset, getCustomHooks: getCustomHooks && (() => getCustomHooks().map(standIns.newest)) };
      const known = alike.get(type);
      if (!known) {
        signatures.set(type, signature);
        alike.set(type, own.add(type));
        return first(type, key, forceReset, signature.getCustomHooks);
      }
      for (const other of known) signatures.set(other, signature);
      for (const other of known) standIns.of(other);
      return type;
    };
  };

  return ({ url, hot }) => {
    const prefix = url.replace(/[?&]v=[^&]*/, '');
    const types = new Map<string, object>();
    let seen: Readonly<Record<string, unknown>> | undefined;

    const register = (type: unknown, name: string): void => {
      // Another handle of something that stayed what it was.
      if (!isObject(type) || ids.has(type)) return;
      const id = `${prefix} ${name}`;
      ids.set(type, id);
      types.set(id, type);
      wait(hot, type, id);
    };

    hot?.redraw(() => {
      for (const [id, type] of types) {
        const standIn = standIns.of(type);
        if (standIn) wait(hot, standIn, id);
      }
      // These are what they were, and may do something else.
      return Object.values(snapshot(hot.exports)).some((value) => isObject(value) && !isComponent(value));
    });

    return {
      register,
      sign,
      get default() {
        return hot && read(hot.exports, 'default');
      },
      end() {
        if (!hot) return;
        const current = snapshot(hot.exports);
        const components = Object.keys(current).filter((name) => isComponent(current[name]));
        // Those that carry no mark: classes, what a function of a library has made.
        for (const name of components) register(current[name], `export ${name}`);
        if (components.length === 0) {
          // A function without a name may be one. Its importers have to take it, and will find that it is the same as before.
          if ('default' in current) register(current['default'], 'export default');
          return;
        }
        if (seen) return;
        seen = current;
        hot.accept((next) => {
          if (!next) return;
          const reason = misfit(seen ?? {}, (seen = snapshot(next)), isComponent);
          if (reason !== undefined) hot.invalidate(reason);
        });
      },
    };
  };
}

/** Why importers have to take the new version; undefined: nothing but components is new. */
function misfit(
  current: Readonly<Record<string, unknown>>,
  next: Readonly<Record<string, unknown>>,
  isComponent: (value: unknown) => boolean,
): string | undefined {
  for (const name of Object.keys(current)) if (!(name in next)) return `it exports no "${name}" any more`;
  for (const name of Object.keys(next)) {
    if (!(name in current)) return `its export "${name}" is new`;
    const [before, after] = [current[name], next[name]];
    if (!Object.is(before, after) && !(isComponent(before) && isComponent(after))) {
      return `its export "${name}" has changed, and is no component`;
    }
  }
  return undefined;
}

/** By its name it might be a component. */
function isPlainClass(value: unknown): boolean {
  return typeof value === 'function' && /^class\b/.test(Function.prototype.toString.call(value)) && !('render' in value.prototype);
}

export function isObject(value: unknown): value is object {
  return typeof value === 'function' || (typeof value === 'object' && value !== null);
}

/** A namespace shows what its module exports now. */
function snapshot(exports: Readonly<Record<string, unknown>>): Readonly<Record<string, unknown>> {
  return Object.fromEntries(Object.keys(exports).map((name) => [name, read(exports, name)]));
}

function read(exports: Readonly<Record<string, unknown>>, name: string): unknown {
  try {
    return exports[name];
  } catch {
    return undefined; // ReferenceError: forwarded from a module of the same cycle that has not run yet.
  }
}
