/**
 * Gets what changing modules in place takes and what did not come with them: patches of definitions, and descriptions of versions that run. Most
 * modules of a page never change, so neither travels before it is asked for.
 */
import type { ModuleId } from '../../protocol.ts';
import type { Registry } from '../registry.ts';

export interface SupplyOptions {
  readonly registry: Pick<Registry, 'record'>;
  /** Gets the patch of a definition that came without one; resolves when it is defined, or there is none. */
  readonly loadPatch: (id: ModuleId, hash: string) => Promise<void>;
  /** Has definitions described, by their hashes; resolves when they are, as far as somebody knows them. */
  readonly loadDescriptions: (hashes: readonly string[]) => Promise<void>;
}

export interface Supply {
  /** Of the newest definition of a module that runs. */
  patch(id: ModuleId): Promise<void>;
  /** Of what runs of these, and of what it is to become. */
  descriptions(ids: Iterable<ModuleId>): Promise<void>;
}

export function createSupply({ registry, loadPatch, loadDescriptions }: SupplyOptions): Supply {
  return {
    async patch(id) {
      const { current, definition } = registry.record(id) ?? {};
      if (current?.live && definition && !definition.patch) await loadPatch(id, definition.meta.hash);
    },
    async descriptions(ids) {
      const hashes = new Set<string>();
      for (const id of ids) {
        const { current, definition } = registry.record(id) ?? {};
        if (!current?.live || !definition) continue;
        if (!current.live.isDescribed) hashes.add(current.definition.meta.hash);
        if (!definition.patch && !definition.description) hashes.add(definition.meta.hash);
      }
      if (hashes.size > 0) await loadDescriptions([...hashes]);
    },
  };
}
