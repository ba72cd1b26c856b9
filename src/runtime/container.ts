/**
 * The container: a map of modules to property names and one update function, which runs at the start and again after any of the
 * modules, or anything they import, was replaced. To the update it is an accept of the mapped modules by the module that made it.
 */
import type { ModuleId } from '../protocol.ts';
import { createHotState } from './hot.ts';
import type { Instance } from './instance.ts';
import type { Registry } from './registry.ts';

type Thunk = () => Promise<object>;

/** `{ './view.js': 'view' }` or `{ view: () => import('./view.ts') }`. */
export type ContainerMap = Readonly<Record<string, string | Thunk>>;
export type ContainerUpdate = (values: Readonly<Record<string, object>>) => unknown;

export interface ContainerOptions {
  readonly registry: Registry;
  /** The module that calls; its container ends with it. */
  readonly owner: Instance;
  readonly resolve: (specifier: string) => string;
}

/** Resolves when the update function has run for the first time; rejects with what loading or that run threw. */
export async function createContainer(map: ContainerMap, update: ContainerUpdate, options: ContainerOptions): Promise<void> {
  const { registry, owner } = options;
  const deps = new Set<ModuleId>();
  const thunks = Object.entries(map).map(([key, value]): [string, Thunk] =>
    typeof value === 'string' ? [value, async () => registry.importModule(options.resolve(key), owner)] : [key, value],
  );

  const load = async (thunk: Thunk): Promise<object> => {
    const { result, ids } = registry.trackImports(thunk);
    for (const id of await Promise.all(ids)) deps.add(id);
    return result;
  };

  const run = async (): Promise<void> => {
    const values = await Promise.all(thunks.map(async ([property, thunk]) => [property, await load(thunk)] as const));
    await update(Object.freeze(Object.fromEntries(values)));
  };

  owner.hot ??= createHotState();
  // Registered before the first load ends: a save in between must not pass by.
  owner.hot.dependencyAccepts.push({ deps, container: run });
  await run();
}
