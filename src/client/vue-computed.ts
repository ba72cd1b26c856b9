/**
 * Values that Vue has computed and something shows or watches, computed anew after a hot-swap: Vue keeps them until something that they depend
 * on changes, and of the functions that compute them it does not know that they are others now. Nobody hands these values out; they are
 * found where effects depend on them.
 */

/** As far as it is asked, of Vue 3.5's `Subscriber`; before, `deps` was a list, and nothing is found. */
export interface Subscriber {
  readonly deps?: Link | undefined;
}

interface Link {
  readonly dep?: { readonly computed?: Computed | undefined };
  readonly nextDep?: Link | undefined;
}

interface Computed extends Subscriber {
  flags: number;
  globalVersion: number;
  /** Kept by Vue for those who say so from outside. */
  _dirty?: boolean;
  readonly value: unknown;
}

/** Vue's `EffectFlags.DIRTY`. */
const DIRTY = 16;

export function computeAnew(effects: Iterable<Subscriber>): void {
  const found = new Set<Computed>();
  const visit = ({ deps }: Subscriber): void => {
    for (let link = deps; link?.dep; link = link.nextDep) {
      const { computed } = link.dep;
      if (!computed || found.has(computed)) continue;
      found.add(computed);
      visit(computed);
    }
  };
  for (const effect of effects) visit(effect);
  for (const computed of found) {
    computed.flags |= DIRTY;
    computed.globalVersion = -1;
    computed._dirty = true;
  }
  for (const computed of found) {
    try {
      void computed.value;
    } catch (error) {
      // Whoever shows it next gets the value of before.
      reportError(error);
    }
    computed._dirty = false;
  }
}
