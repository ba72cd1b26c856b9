/**
 * What versions of modules are, as hot-swap compares them, by the hash of their definition. A page gets modules without that, since it is needed
 * only of what changes; it asks when something does. Made from the version's text, which is kept for as long as pages may run it.
 */
import type { ModuleId } from '../protocol.ts';
import { createDescribing } from './compile/chunk.ts';

/** A JavaScript expression (`Description` in src/runtime/swap/patch-form.ts); undefined: it cannot be changed in place. */
export type MakeDescription = () => Promise<string | undefined>;

export interface Descriptions {
  /** A version has been compiled. */
  add(id: ModuleId, hash: string, make: MakeDescription): void;
  /** A script that describes those of these versions that are known. */
  script(hashes: readonly string[]): Promise<string>;
}

/** Of each module; a page that runs an older one runs what changes again. */
const VERSIONS = 50;

export function createDescriptions(): Descriptions {
  const versions = new Map<ModuleId, Map<string, MakeDescription>>();
  const byHash = new Map<string, MakeDescription>();

  const drop = (known: Map<string, MakeDescription>, hash: string): void => {
    const make = known.get(hash);
    known.delete(hash);
    // Modules with the same text have one hash.
    if (byHash.get(hash) === make) byHash.delete(hash);
  };

  return {
    add(id, hash, make) {
      let known = versions.get(id);
      if (!known) versions.set(id, (known = new Map()));
      // The newest comes last.
      drop(known, hash);
      known.set(hash, make);
      byHash.set(hash, make);
      const [oldest] = known.keys();
      if (known.size > VERSIONS && oldest !== undefined) drop(known, oldest);
    },
    async script(hashes) {
      const found = new Map<string, string>();
      for (const hash of hashes) {
        const description = await byHash.get(hash)?.();
        if (description !== undefined) found.set(hash, description);
      }
      return createDescribing(found);
    },
  };
}
