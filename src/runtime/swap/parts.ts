/**
 * The modules that take part in a transaction: those that are to change, if they can, and those that were made with what changes and so have to
 * follow.
 */
import type { ModuleId } from '../../protocol.ts';
import type { Definition, Instance } from '../instance.ts';
import type { Registry } from '../registry.ts';
import { exportsOf, importsOf, movedImports, type ImportView } from './changed-imports.ts';
import { liveOf, type LiveModule } from './live-module.ts';
import type { Refusal } from './match.ts';
import type { ModulePatch } from './module-patch.ts';
import { createModulePatch } from './patch.ts';
import type { Supply } from './supply.ts';

export interface SwapRefusal extends Refusal {
  readonly id: ModuleId;
}

export interface Part {
  readonly id: ModuleId;
  readonly instance: Instance;
  readonly live: LiveModule;
  readonly definition: Definition;
  readonly patch: ModulePatch;
  /** It only follows others otherwise. */
  readonly isChanged: boolean;
}

/** How many modules are asked for at once. Their hashes are an address of about 1 kB, and most of the answer is not needed. */
const AHEAD_LIMIT = 100;

const NOT_COMPILED = 'it was not compiled to be changed in place';

export interface Parts {
  /** Touches nothing that runs. */
  partOf(id: ModuleId): Part | SwapRefusal;
  /**
   * Adds modules that were made with what changes now, and have to follow: `import { K } from './k.js'; const D = K * 2`.
   * @param strict modules that must not keep what they have done with a value that changes; the answer is why one would
   */
  follow(parts: Map<ModuleId, Part>, strict: ReadonlySet<ModuleId>): Promise<SwapRefusal | undefined>;
}

export interface PartsOptions {
  readonly registry: Registry;
  readonly supply: Supply;
  readonly imports: ImportView;
}

export function createParts({ registry, supply, imports: { changedImports, importOf, reachable } }: PartsOptions): Parts {
  const valueOf = (id: ModuleId, name: string): unknown => {
    const cells = registry.record(id)?.cells;
    return cells?.isInitialised(name) ? cells.read(name) : undefined;
  };

  const partOf: Parts['partOf'] = (id) => {
    const { current: instance, definition } = registry.record(id) ?? {};
    const live = liveOf(instance);
    if (!instance || !live || !definition) return { id, reason: NOT_COMPILED };
    if (instance.status !== 'evaluated' || instance.error) return { id, reason: 'it has not run to its end' };
    if (!live.isDescribed) return { id, reason: 'the server that it came from has been started anew' };
    if (!definition.patch) return { id, reason: NOT_COMPILED };
    const isChanged = instance.definition.meta.hash !== definition.meta.hash;
    const { announce, context, environments } = registry.surroundings(instance, definition);
    const moved = movedImports(registry, instance, definition);
    const [name] = moved ?? [];
    if (name !== undefined) return { id, reason: `${name} comes from another module now, though its import reads the same` };
    const made = createModulePatch({
      live,
      form: definition.patch,
      context,
      environments,
      isRebound: moved !== undefined,
      exported: (name) => valueOf(id, name),
      imported(name) {
        const binding = importOf(definition, name);
        return binding && valueOf(binding.id, binding.name);
      },
      announce,
      hotOf: () => instance.hot,
      isChanged,
    });
    return 'refusal' in made ? { id, ...made.refusal } : { id, instance, live, definition, patch: made.patch, isChanged };
  };

  /**
   * Importers of importers, beginning with one, of which something is lacking: a chain of them would be asked for one by one otherwise. Each time
   * twice as many, since of most values nobody makes anything.
   */
  const createAhead = (isLacking: (id: ModuleId) => boolean): ((first: ModuleId) => ModuleId[]) => {
    let limit = 1;
    return (first) => {
      const found: ModuleId[] = [];
      const seen = new Set([first]);
      for (const id of seen) {
        if (found.length === limit) break;
        if (!isLacking(id)) continue;
        found.push(id);
        for (const importer of reachable(id)) seen.add(importer);
      }
      limit = Math.min(limit * 2, AHEAD_LIMIT);
      return found;
    };
  };

  const isUndescribed = (id: ModuleId): boolean => {
    const live = liveOf(registry.record(id)?.current);
    return live !== undefined && !live.isDescribed;
  };
  const isWithoutPatch = (id: ModuleId): boolean => {
    const { current, definition } = registry.record(id) ?? {};
    return (
      current?.first !== undefined && !definition?.patch && current.live?.isDescribed === true && importsOf(current.live.shape).size > 0
    );
  };

  const follow: Parts['follow'] = async (parts, strict) => {
    const undescribed = createAhead(isUndescribed);
    const withoutPatch = createAhead(isWithoutPatch);
    const changing = new Map<ModuleId, ReadonlySet<string>>();
    const queue = [...parts.values()];
    for (let part = queue.pop(); part; part = queue.pop()) {
      const names = exportsOf(part.patch.shape, part.patch.changing);
      const imports = changedImports(part.definition, part.patch.shape, changing);
      const all = imports.size > 0 ? new Set([...names, ...exportsOf(part.patch.shape, part.patch.changingWith(imports))]) : names;
      const refusal = part.patch.refusalOf(imports);
      if (refusal && strict.has(part.id)) return { id: part.id, ...refusal };
      if (all.size === 0 || changing.get(part.id)?.size === all.size) continue;
      changing.set(part.id, all);
      for (const importer of reachable(part.id)) {
        const { current } = registry.record(importer) ?? {};
        if (!current) continue;
        if (changedImports(current.definition, undefined, changing).size === 0) continue;
        if (isUndescribed(importer)) await supply.descriptions(undescribed(importer));
        const live = liveOf(current);
        const used = changedImports(current.definition, live?.isDescribed ? live.shape : undefined, changing);
        if (used.size === 0) continue;
        let known = parts.get(importer);
        if (!known) {
          if (isWithoutPatch(importer)) await Promise.all(withoutPatch(importer).map(supply.patch));
          const made = partOf(importer);
          if ('reason' in made) {
            if (!strict.has(importer) || ![...used].some((name) => !name.startsWith('~'))) continue;
            return { id: importer, reason: `it has used a value that changes, and ${made.reason}` };
          }
          parts.set(importer, (known = made));
        }
        queue.push(known);
      }
    }
    return undefined;
  };

  return { partOf, follow };
}
