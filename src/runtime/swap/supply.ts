/**
 * Gets what changing modules in place takes and what did not come with them: patches of definitions, and descriptions of versions that run. Most
 * modules of a page never change, so neither travels before it is asked for.
 */
import type { ModuleId } from '../../protocol.ts';
import type { Definition, Instance } from '../instance.ts';
import type { Registry } from '../registry.ts';
import { liveOf } from './live-module.ts';

export interface SupplyOptions {
  readonly registry: Pick<Registry, 'record' | 'undescribed'>;
  /** Gets the patch of a definition that came without one; resolves when it is defined, or there is none. */
  readonly loadPatch: (id: ModuleId, hash: string) => Promise<void>;
  /** Has definitions described, by their hashes; resolves when they are, as far as somebody knows them. */
  readonly loadDescriptions: (hashes: readonly string[]) => Promise<void>;
}

export interface Supply {
  /** Of the newest definition of a module that runs. */
  patch(id: ModuleId): Promise<void>;
  /** Of what runs of these modules, and of what it is to become. @param replaced what has run before */
  descriptions(ids: Iterable<ModuleId>, replaced?: readonly Instance[]): Promise<void>;
}

export function createSupply({ registry, loadPatch, loadDescriptions }: SupplyOptions): Supply {
  const load = async (definitions: ReadonlySet<Definition>): Promise<void> => {
    for (const definition of definitions) registry.undescribed.add(definition);
    await loadDescriptions([...new Set([...definitions].map(({ meta }) => meta.hash))]);
    for (const definition of definitions) registry.undescribed.delete(definition);
  };

  return {
    async patch(id) {
      const { current, definition } = registry.record(id) ?? {};
      if (current?.first && definition && !definition.patch) await loadPatch(id, definition.meta.hash);
    },
    async descriptions(ids, replaced = []) {
      const wanted = new Set<Definition>();
      const add = (instance: Instance): void => {
        if (liveOf(instance)?.isDescribed === false) wanted.add(instance.definition);
      };
      replaced.forEach(add);
      for (const id of ids) {
        const { current, definition } = registry.record(id) ?? {};
        if (!current?.first || !definition) continue;
        add(current);
        if (!definition.patch && !definition.description) wanted.add(definition);
      }
      if (wanted.size > 0) await load(wanted);
    },
  };
}
