/**
 * Gets what linking needs and the page lacks: definitions of linked modules, namespaces of modules of other origins. Linking itself
 * is synchronous, so everything has to be here before; and what is asked for twice at once is fetched once.
 */
import type { ModuleId } from '../protocol.ts';
import { needs } from './linking.ts';
import { isBuiltin, isLinked, type ModuleRecord } from './record.ts';

export interface LoadingOptions {
  /** Fetches definitions of what a URL names, and of what that needs and is lacking. */
  readonly load: (url: string) => Promise<ModuleId>;
  readonly importExternal: (url: string) => Promise<object>;
  readonly record: (id: ModuleId) => ModuleRecord;
  /** Namespaces of modules of other origins, filled here. */
  readonly externals: Map<string, object>;
}

export interface Loading {
  load(url: string): Promise<ModuleId>;
  /** Resolves when all that linking these modules needs has arrived. */
  prepare(ids: Iterable<ModuleId>): Promise<void>;
  /** Runs a function and collects the ids of what it imports with `import()` before it returns. */
  track<T>(run: () => T): { readonly result: T; readonly ids: readonly Promise<ModuleId>[] };
  /** An `import()` began. */
  tracked(id: Promise<ModuleId>): void;
}

export function createLoading({ load: fetchDefinitions, importExternal, record: recordOf, externals }: LoadingOptions): Loading {
  const pending = new Map<string, Promise<ModuleId>>();
  let collecting: Promise<ModuleId>[] | undefined;

  const load = (url: string): Promise<ModuleId> => {
    let loading = pending.get(url);
    if (!loading) {
      loading = fetchDefinitions(url).finally(() => pending.delete(url));
      pending.set(url, loading);
    }
    return loading;
  };

  const loadDefinition = async (id: ModuleId): Promise<void> => {
    await load(id);
    if (!recordOf(id).definition) throw new TypeError(`${id} was asked for, and not served`);
  };

  /** What does not run yet and its static graph, as far as it is known. What runs was prepared when it was linked. */
  const graphOf = (ids: Iterable<ModuleId>): Set<ModuleId> => {
    const found = new Set<ModuleId>();
    const visit = (id: ModuleId): void => {
      if (found.has(id) || isBuiltin(id)) return;
      const { current, definition } = isLinked(id) ? recordOf(id) : {};
      if (current && current.definition === definition) return;
      found.add(id);
      for (const dep of definition ? needs(definition.meta) : []) visit(dep);
    };
    for (const id of ids) visit(id);
    return found;
  };

  const prepare = async (ids: Iterable<ModuleId>): Promise<void> => {
    const wanted = [...ids];
    // Again until nothing lacks: an update that comes meanwhile may bring a version that imports more.
    for (;;) {
      const lacking = [...graphOf(wanted)].filter((id) => (isLinked(id) ? !recordOf(id).definition : !externals.has(id)));
      if (lacking.length === 0) return;
      await Promise.all(lacking.map(async (id) => (isLinked(id) ? loadDefinition(id) : void externals.set(id, await importExternal(id)))));
    }
  };

  return {
    load,
    prepare,
    track(run) {
      const outer = collecting;
      const ids: Promise<ModuleId>[] = [];
      collecting = ids;
      try {
        return { result: run(), ids };
      } finally {
        collecting = outer;
      }
    },
    tracked: (id) => void collecting?.push(id),
  };
}
