/**
 * The way to hot-swap (swap/hot-swap.ts), which a page loads when it has time for it, or when the first update asks: only a program that runs
 * can be changed in place. Where it cannot be had, modules run again, and the next update tries anew.
 */
import type { ModuleId } from '../protocol.ts';
import type { Replaced } from './callbacks.ts';
import type { createHotSwap, HotSwap } from './swap/hot-swap.ts';
import type { SwapperOptions } from './swap/swap.ts';

export interface SwapBundle {
  readonly createHotSwap: typeof createHotSwap;
}

export interface SwapLoader {
  /** Undefined when it could not be loaded. */
  get(): Promise<HotSwap | undefined>;
  /** Gets what it takes to hand on the calls of these modules, and of what waits for that. */
  describe(ids: Iterable<ModuleId>): Promise<void>;
  /** What has run again hands its calls on; if that cannot be done now, then with the next update that can. */
  redirect(replaced: readonly Replaced[]): void;
}

export function createSwapLoader(load: () => Promise<SwapBundle>, options: SwapperOptions): SwapLoader {
  let loading: Promise<HotSwap | undefined> | undefined;
  let loaded: HotSwap | undefined;
  const waiting: Replaced[] = [];
  return {
    get: () =>
      (loading ??= load().then(
        ({ createHotSwap: create }) => (loaded = create(options)),
        // The server is not reached. Who needed it says so.
        () => (loading = undefined),
      )),
    async describe(ids) {
      await loaded?.describe(
        ids,
        waiting.map(({ instance }) => instance),
      );
    },
    redirect(replaced) {
      waiting.push(...replaced.filter(({ instance }) => instance.first));
      if (!loaded) return;
      for (const { instance, record } of waiting.splice(0)) loaded.redirect(instance, record);
    },
  };
}
