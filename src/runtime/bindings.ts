/**
 * Exports as others see them: names that a barrel forwards, and namespace objects. An importer reads `$barrel.name` at the barrel,
 * whoever owns the binding, so the barrel's cells are kept level with the owner's (a write costs a call, a read nothing).
 */
import type { ModuleId } from '../protocol.ts';
import { createNamespace } from './environment.ts';
import type { Instance, Namespace } from './instance.ts';
import { exportNames, resolveExport, type Binding, type MetaLookup } from './linking.ts';
import { isLinked, type ModuleRecord } from './record.ts';

export interface BindingsOptions {
  readonly lookup: MetaLookup;
  readonly record: (id: ModuleId) => ModuleRecord;
  /** Namespace of a module of another origin; undefined for a linked module. */
  readonly external: (id: ModuleId) => object | undefined;
  /** What looks behind a Proxy (`console.log` of Node) finds the values there. */
  readonly showsNamespaces?: boolean | undefined;
}

export interface Bindings {
  /** Importers read this name at this module: forward it if another module owns it. */
  forward(record: ModuleRecord, name: string): void;
  /** Calls `write` with the value of an export, now if it is initialised, and whenever it is written. */
  follow(id: ModuleId, name: string, write: (value: unknown) => void): void;
  namespace(id: ModuleId): object;
  /** All names that a module exports, those of others included. */
  names(id: ModuleId): Iterable<string>;
  /** Level again after instances were replaced: what barrels forward, what namespaces list. @param isSame names stand for what they did */
  refresh(isSame: boolean): void;
  /** A record is gone, or runs anew: nothing is kept level for it any more. Returns the names that were. */
  drop(record: ModuleRecord): string[];
}

export function createBindings({ lookup, record: recordOf, external, showsNamespaces }: BindingsOptions): Bindings {
  const forwarding = new Set<ModuleRecord>();
  /** Their lists of names depend on other modules. */
  const withStars = new Set<Instance>();

  const connect = (binding: Binding, write: (value: unknown) => void): (() => void) => {
    if (binding.name !== '*' && isLinked(binding.id)) return recordOf(binding.id).cells.subscribe(binding.name, write);
    // A module of another origin has run before ours; what it exports hardly ever changes after.
    write(read(binding));
    return () => undefined;
  };

  const read = ({ id, name }: Binding): unknown => {
    if (name === '*') return namespace(id);
    if (isLinked(id)) return recordOf(id).cells.read(name);
    return (external(id) as Record<string, unknown> | undefined)?.[name];
  };

  const isInitialised = ({ id, name }: Binding): boolean => name === '*' || !isLinked(id) || recordOf(id).cells.isInitialised(name);

  const forward = (record: ModuleRecord, name: string): void => {
    const owner = resolveExport(lookup, record.id, name);
    if (typeof owner === 'string' || owner.id === record.id) return;
    const known = record.forwards.get(name);
    if (known?.id === owner.id && known.name === owner.name) return;
    known?.stop();
    forwarding.add(record);
    record.cells.forward(name);
    record.forwards.set(name, { ...owner, stop: connect(owner, (value) => record.cells.write(name, value)) });
  };

  /** Of a CommonJS module, when it has run. */
  const ownNames = (id: ModuleId): string[] => Object.keys(isLinked(id) ? recordOf(id).cells.environment : (external(id) ?? {}));

  const names = (id: ModuleId): Set<string> => exportNames(lookup, id, ownNames);

  const bindingsOf = (id: ModuleId): Map<string, Binding> => {
    const bindings = new Map<string, Binding>();
    for (const name of [...names(id)].sort(byCodeUnit)) {
      const owner = resolveExport(lookup, id, name);
      if (typeof owner !== 'string') bindings.set(name, owner);
    }
    return bindings;
  };

  const makeNamespace = (id: ModuleId): Namespace => {
    const bindings = bindingsOf(id);
    const listed = [...bindings.keys()];
    let frozen: Map<string, unknown> | undefined;
    const readName = (name: string): unknown => {
      if (frozen) return frozen.get(name);
      const binding = bindings.get(name);
      return binding && read(binding);
    };
    const freeze = (): void => {
      const values = new Map<string, unknown>();
      for (const [name, binding] of bindings) if (isInitialised(binding)) values.set(name, read(binding));
      frozen = values;
    };
    const target = Object.create(null) as Record<string, unknown>;
    const object = createNamespace(listed, readName, target);
    if (showsNamespaces) for (const [name, binding] of bindings) connect(binding, (value) => void (frozen || (target[name] = value)));
    return { object, names: listed, freeze };
  };

  const namespace = (id: ModuleId): object => {
    if (!isLinked(id)) return external(id) ?? {};
    const { current } = recordOf(id);
    if (!current) throw new Error(`${id} is not linked`);
    if (!current.namespace && current.definition.meta.stars.length > 0) withStars.add(current);
    current.namespace ??= makeNamespace(id);
    return current.namespace.object;
  };

  const refresh = (isSame: boolean): void => {
    for (const record of forwarding) {
      // A copy: what is forwarded again is at the end of the map, where the loop would meet it for ever.
      for (const [name, known] of Array.from(record.forwards)) {
        // In a large app there are thousands. A namespace is another object for each version.
        if (isSame && known.name !== '*') continue;
        const now = resolveExport(lookup, record.id, name);
        if (typeof now !== 'string' && now.id === known.id && now.name === known.name && now.name !== '*') continue;
        known.stop();
        record.forwards.delete(name);
        if (typeof now !== 'string') forward(record, name);
      }
    }
    for (const instance of withStars) {
      if (!instance.retired && (isSame || instance.namespace?.names.join('\n') === [...bindingsOf(instance.id).keys()].join('\n')))
        continue;
      instance.namespace = undefined;
      withStars.delete(instance);
    }
  };

  const follow = (id: ModuleId, name: string, write: (value: unknown) => void): void => {
    const owner = resolveExport(lookup, id, name);
    if (typeof owner !== 'string') connect(owner, write);
  };

  const drop = (record: ModuleRecord): string[] => {
    const dropped = [...record.forwards.keys()];
    for (const { stop } of record.forwards.values()) stop();
    record.forwards.clear();
    forwarding.delete(record);
    return dropped;
  };

  return { forward, follow, namespace, names, refresh, drop };
}

const byCodeUnit = (a: string, b: string): number => (a < b ? -1 : a > b ? 1 : 0);
