/**
 * What a module with components registers itself with: which of its exports are components, whether it may be replaced in place, and when the
 * page is drawn anew. Known to no framework; `hmr-dev/react` and `hmr-dev/preact` put theirs behind it. Nothing is handed to the
 * framework before an update has come through: of a version that failed and was taken back it never hears.
 */

/** A framework's refresh library. */
export interface RefreshLibrary {
  /** A version of a component; the same id is the same component. */
  register(type: unknown, id: string): void;
  /** What oxc's marks call for each component or hook: `$RefreshSig$()`. */
  sign(): unknown;
  isComponent(value: unknown): boolean;
  /** Draws with the newest versions of what was registered. */
  perform(): void;
}

/** Of `import.meta.hot`. */
export interface Hot {
  readonly exports: Readonly<Record<string, unknown>>;
  accept(callback: (next: Readonly<Record<string, unknown>> | undefined) => void): void;
  dispose(callback: () => void): void;
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
  readonly sign: () => unknown;
  /** Its body came to its end: it accepts itself if it exports components. */
  readonly end: () => void;
}

/** What modules with components call first. */
export type Connect = (meta: Meta) => RefreshModule;

/** @param own `import.meta.hot` of the module that calls, which is there as long as the page */
export function createRefresh(library: RefreshLibrary, own: Hot | undefined): Connect {
  const isComponent = (value: unknown): boolean => !isPlainClass(value) && library.isComponent(value);
  const waiting = new Set<(readonly [type: unknown, id: string])[]>();

  const commit = (): void => {
    for (const entries of waiting) for (const [type, id] of entries) library.register(type, id);
    waiting.clear();
  };

  own?.on('hmr-dev:beforeUpdate', commit);
  own?.on('hmr-dev:replaced', () => {
    commit();
    library.perform();
  });

  return ({ url, hot }) => {
    const entries: (readonly [unknown, string])[] = [];
    waiting.add(entries);
    hot?.dispose(() => void waiting.delete(entries));
    const prefix = url.replace(/[?&]v=[^&]*/, '');
    const register = (type: unknown, id: string): void => void entries.push([type, `${prefix} ${id}`]);
    return {
      register,
      sign: () => library.sign(),
      end() {
        if (!hot) return;
        const current = hot.exports;
        const components = Object.keys(current).filter((name) => isComponent(read(current, name)));
        // Those that carry no mark: classes, what a function of a library has made.
        for (const name of components) register(current[name], `export ${name}`);
        if (components.length === 0) {
          // A function without a name may be one. Its importers have to take it, and will find that it is the same as before.
          if ('default' in current) register(read(current, 'default'), 'export default');
          return;
        }
        hot.accept((next) => {
          const reason = next && misfit(current, next, isComponent);
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
    const [before, after] = [read(current, name), read(next, name)];
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

function read(exports: Readonly<Record<string, unknown>>, name: string): unknown {
  try {
    return exports[name];
  } catch {
    return undefined; // ReferenceError: forwarded from a module of the same cycle that has not run yet.
  }
}
