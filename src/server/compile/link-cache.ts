/**
 * Linked modules on disk, so that the next start of a large project does not parse it again: half of a second for a thousand modules. By content
 * and all that linking depends on.
 */
import { createLineCache, keyOf } from './line-cache.ts';
import type { LinkedFacts } from './link.ts';
import { linkSource, type LinkSourceOptions } from './link-source.ts';

export interface CachedLink {
  readonly linked: LinkedFacts;
  /** It was compiled before it was linked: places in it are not the author's. */
  readonly isCompiled: boolean;
}

export interface LinkCacheOptions {
  /** Undefined: nothing is kept. */
  readonly filePath: string | undefined;
  /** Fewer than this are linked faster than they are worth a file. */
  readonly minimum?: number;
  /** From the first module that is new to writing it down, with all that came meanwhile: not in the way of the load that linked it. */
  readonly delayMs?: number;
}

export interface LinkCache {
  /** As `linkSource`, without maps. @throws HmrError with place and frame */
  link(source: string, options: LinkSourceOptions): Promise<CachedLink>;
  /** Writes what is not yet written. */
  close(): void;
}

export function createLinkCache({ filePath, minimum = 100, delayMs = 2_000 }: LinkCacheOptions): LinkCache {
  const lines = filePath === undefined ? undefined : createLineCache({ filePath, minimum, delayMs });
  return {
    async link(source, options) {
      if (!lines) return linkAnew(source, options);
      const { file, loader, tsconfigRaw, format, define, refresh, hotswap } = options;
      const key = keyOf([file, loader, tsconfigRaw, format, define, refresh?.key, hotswap], source);
      const hit = lines.get(key) as CachedLink | undefined;
      if (hit) return hit;
      const result = await linkAnew(source, options);
      // What it names by address or by a pattern was looked for on disk while it was linked.
      const { dynamic, globs } = result.linked;
      if (globs.length === 0 && dynamic.every(({ kind }) => kind !== 'url')) lines.set(key, result);
      return result;
    },
    close: () => lines?.close(),
  };
}

async function linkAnew(source: string, options: LinkSourceOptions): Promise<CachedLink> {
  const { linked, compiled } = await linkSource(source, options);
  const { map: _, ...facts } = linked;
  return { linked: facts, isCompiled: compiled !== undefined };
}
