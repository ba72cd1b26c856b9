/**
 * `hmr-dev/server`: what a server under `hmr-dev run` may say about its own reloads. Every import works without hmr-dev too, as in
 * production: there is one version then, nothing is reloaded, and the plain thing is done. Loads nothing of the development server.
 */
import { createKept } from '../ownership/kept.ts';
import { findBridge } from './bridge.ts';

export { memoryCache, type MemoryCache, type MemoryCacheOptions } from './memory-cache.ts';
export { newInterval, newTimeout, type Stop } from './repeating.ts';

export interface HotReloadOptions {
  /**
   * Call it before the new version runs, for what cannot be open twice (a lock, a serial port); default: after it has taken over. If the new
   * version then fails, the old one goes on without.
   */
  readonly before?: boolean;
}

/**
 * Calls `hook` once when this version of the program is replaced, or fails. Hooks run one after the other, the last one first; one that
 * throws, or takes longer than 5 s, is reported and keeps nobody waiting.
 * @returns takes it back
 */
export function onHotReload(hook: () => unknown, options?: HotReloadOptions): () => void {
  return findBridge()?.onHotReload(hook, options) ?? (() => {});
}

/** For programs without versions. */
const plain = createKept();

/**
 * The value that `factory` has made when it was first asked for `key`; the same for all versions of the program. Timers and listeners that
 * the factory makes belong to no version. A promise that rejects is made anew by whoever asks next.
 */
export function keepOnHotReload<T>(key: string, factory: () => T): T {
  return (findBridge() ?? plain).keep(key, factory);
}
