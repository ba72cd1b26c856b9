/**
 * Hot-swap as the rest of the runtime knows it, and the entry of a bundle of its own: a page loads it when its program runs already
 * (swap-loader.ts). What this folder imports of the rest is there twice, and so it must not remember anything of its own.
 */
import { redirect } from './redirect.ts';
import { createSwapper, type Swapper, type SwapperOptions } from './swap.ts';

export interface HotSwap extends Swapper {
  readonly redirect: typeof redirect;
}

export function createHotSwap(options: SwapperOptions): HotSwap {
  return { ...createSwapper(options), redirect };
}
