/**
 * Values that change in one module and were used in another: imports as shapes name them (`dep name`, `dep *` of a namespace as a whole), and
 * whose they are.
 */
import type { ModuleId } from '../../protocol.ts';
import type { Definition, Instance } from '../instance.ts';
import type { Registry } from '../registry.ts';
import { liveOf } from './live-module.ts';
import { readShape } from './patch-form.ts';
import type { Shape } from './shape.ts';
import { inPlace } from './values.ts';

export interface ImportView {
  /** Imports that a module was made with and whose values change; all that it imports where nothing is known of it. */
  changedImports(definition: Definition, shape: Shape | undefined, changing: ReadonlyMap<ModuleId, ReadonlySet<string>>): Set<string>;
  /** Where the binding comes from that a module imports under a name of its shape. */
  importOf(definition: Definition, imported: string): { readonly id: ModuleId; readonly name: string } | undefined;
  /** Importers, also through modules that only hand names on. */
  reachable(id: ModuleId): Set<ModuleId>;
}

export function createImportView(registry: Registry): ImportView {
  const importOf: ImportView['importOf'] = ({ meta }, imported) => {
    const [dep = '', name = ''] = imported.split(' ');
    const owner = registry.ownerOf(meta.deps[Number(dep)] ?? '', name);
    return typeof owner === 'string' ? undefined : owner;
  };

  return {
    importOf,
    changedImports(definition, shape, changing) {
      const found = new Set<string>();
      const { meta } = definition;
      for (const imported of shape ? importsOf(shape) : meta.imports.map((entry) => entry.join(' '))) {
        const [dep, name] = imported.split(' ');
        const owner = name === '*' ? undefined : importOf(definition, imported);
        const names = changing.get(owner?.id ?? meta.deps[Number(dep)] ?? '');
        if (!names || (!owner && name !== '*')) continue;
        // Of a namespace that is handed on as a whole, anything may have been used.
        const isOneOf = (isInPlace: boolean): boolean =>
          owner
            ? names.has(isInPlace ? inPlace(owner.name) : owner.name)
            : [...names].some((of) => of.startsWith(inPlace('')) === isInPlace);
        if (isOneOf(false)) found.add(imported);
        if (isOneOf(true)) found.add(inPlace(imported));
      }
      return found;
    },
    reachable(id) {
      const found = new Set<ModuleId>();
      const queue = [...registry.importers(id)];
      for (let next = queue.pop(); next !== undefined; next = queue.pop()) {
        if (found.has(next)) continue;
        found.add(next);
        const meta = registry.record(next)?.current?.definition.meta;
        if (meta && (meta.reexports.length > 0 || meta.stars.length > 0)) queue.push(...registry.importers(next));
      }
      return found;
    },
  };
}

/** Export names of module-level names that change. */
export function exportsOf({ exports }: Shape, names: ReadonlySet<string>): Set<string> {
  return new Set(
    Object.entries(exports).flatMap(([as, local]) => [
      ...(names.has(local) ? [as] : []),
      ...(names.has(inPlace(local)) ? [inPlace(as)] : []),
    ]),
  );
}

/** Imported bindings that are read when the module is evaluated. */
export function importsOf({ units }: Shape): Set<string> {
  return new Set(units.flatMap((unit) => (unit.kind === 'function' ? [] : (unit.imports ?? []))));
}

/** Imports whose specifier stayed and means another binding now; undefined when all specifiers name the modules that they named. */
export function movedImports(
  registry: Pick<Registry, 'ownerOf'>,
  instance: Instance,
  { meta, patch }: Definition,
): Set<string> | undefined {
  const before = instance.definition.meta;
  const known = new Map(liveOf(instance)?.shape.requests.map((request, dep) => [request, before.deps[dep]]));
  const requests = patch ? readShape(patch[0]).requests : [];
  const isElsewhere = (dep: number): boolean => {
    const old = known.get(requests[dep] ?? '');
    return old !== undefined && old !== meta.deps[dep];
  };
  if (!meta.deps.some((_, dep) => isElsewhere(dep))) return undefined;
  const owner = (id: ModuleId, name: string): string => {
    const found = registry.ownerOf(id, name);
    return typeof found === 'string' ? found : `${found.id} ${found.name}`;
  };
  const moved = meta.imports.filter(
    ([dep, name]) => isElsewhere(dep) && owner(known.get(requests[dep] ?? '') ?? '', name) !== owner(meta.deps[dep] ?? '', name),
  );
  return new Set(moved.map(([, name]) => name));
}
