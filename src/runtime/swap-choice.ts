/**
 * Which of the changed modules are changed in place, and which run again. In place only where somebody draws afterwards: below a callback or
 * a container, or where the author wants it anyway. A module that accepts itself without a callback draws by running again, and one that
 * disposes of what it made was written for that.
 */
import type { ModuleId } from '../protocol.ts';
import { propagate, type Boundary, type GraphView, type Propagation } from './propagate.ts';
import type { Registry } from './registry.ts';
import type { SwapRefusal } from './swap/parts.ts';
import type { Swapper } from './swap/swap.ts';

export interface SwapChoiceOptions {
  readonly registry: Registry;
  readonly graph: GraphView;
  /** Undefined where it could not be loaded. */
  readonly swapper: () => Promise<Swapper | undefined>;
  /** Tells that modules are about to be changed in place. Returns why they must not be. */
  readonly askBefore: (ids: ReadonlySet<ModuleId>) => string | undefined;
  /** Every change that can be made in place is, whoever draws. */
  readonly swapsAlways: boolean;
  /** Whether the host draws instances of one of these classes. */
  readonly draws: (classes: readonly object[]) => boolean;
}

export type Choice =
  | {
      readonly kind: 'accepted';
      readonly boundaries: readonly Boundary[];
      /** To run again. */
      readonly outdated: ReadonlySet<ModuleId>;
      readonly swapped: ReadonlySet<ModuleId>;
      /** What would have run again if nothing could be changed in place, and stays. */
      readonly kept: ReadonlySet<ModuleId>;
      readonly refusals: readonly SwapRefusal[];
    }
  | (Extract<Propagation, { kind: 'unaccepted' }> & { readonly refusals: readonly SwapRefusal[] });

const NOTHING: ReadonlySet<ModuleId> = new Set();

/** Modules of one update. */
export const SWAP_LIMIT = 100;

export type Choose = (changed: readonly ModuleId[], level: ReadonlySet<ModuleId> | undefined) => Promise<Choice>;

export function createChoice({ registry, graph: running, swapper: load, askBefore, swapsAlways, draws }: SwapChoiceOptions): Choose {
  const isWanted = (id: ModuleId): boolean => {
    const hot = registry.record(id)?.current?.hot;
    // Who migrates has thought of what is there.
    return swapsAlways || (hot !== undefined && (hot.swaps || hot.migrations.size > 0));
  };

  const isDrawnByHost = (id: ModuleId): boolean => {
    const { first, live } = registry.record(id)?.current ?? {};
    if (!first) return false;
    return draws(live?.isDescribed ? live.classes.flatMap((known) => known?.object ?? []) : first.classes.map(({ object }) => object));
  };

  /** For what is changed in place: the host takes some of it. */
  const inPlace: GraphView = { ...running, selfAccepts: (id) => running.selfAccepts(id) || isDrawnByHost(id) };

  /** Somebody is told, and can draw. */
  const isDrawn = (id: ModuleId): boolean => {
    const decision = propagate(inPlace, [id]);
    if (decision.kind !== 'accepted') return false;
    return decision.boundaries.every(({ boundary, via, kind }) => {
      const hot = registry.record(boundary)?.current?.hot;
      if (kind === 'self') return (hot?.selfCallbacks.length ?? 0) > 0 || isDrawnByHost(boundary);
      if (kind === 'page') return false;
      return (
        hot?.dependencyAccepts.some(({ deps, one, many, container }) => [...deps].includes(via) && (one ?? many ?? container)) ?? false
      );
    });
  };

  const wouldRunAgain = (id: ModuleId): ReadonlySet<ModuleId> => {
    const decision = isWanted(id) ? undefined : propagate(inPlace, [id]);
    return decision?.kind === 'accepted' ? decision.outdated : NOTHING;
  };

  const isCandidate = (id: ModuleId): boolean => {
    const { current } = registry.record(id) ?? {};
    if (!current?.first || (current.hot?.disposers.length ?? 0) > 0 || running.declined(id)) return false;
    return isWanted(id) || isDrawn(id);
  };

  return async (changed, level) => {
    const classical = (): Choice => {
      const decision = propagate(running, changed, undefined, level);
      return decision.kind === 'accepted' ? { ...decision, swapped: NOTHING, kept: NOTHING, refusals: [] } : { ...decision, refusals: [] };
    };
    // More at once is a change of branch; each would be looked at with all that it reaches.
    const candidates = changed.length > SWAP_LIMIT ? [] : changed.filter(isCandidate);
    if (candidates.length === 0) return classical();
    const swapper = await load();
    if (!swapper)
      return { ...classical(), refusals: candidates.map((id) => ({ id, reason: 'the code that does it could not be loaded' })) };
    const { swappable, refusals } = await swapper.examine(candidates, wouldRunAgain);
    if (swappable.size === 0) return { ...classical(), refusals };
    const rest = changed.filter((id) => !swappable.has(id));
    const again: Propagation =
      rest.length > 0 ? propagate(running, rest, undefined, level) : { kind: 'accepted', boundaries: [], outdated: NOTHING };
    if (again.kind === 'unaccepted') return { ...again, refusals };
    // What lies between a module that runs again and its boundary runs again too.
    const swapped = new Set([...swappable].filter((id) => !again.outdated.has(id)));
    const kept = new Set(swapped);
    const boundaries = new Map(again.boundaries.map((entry) => [keyOf(entry), entry]));
    const veto = swapped.size > 0 ? askBefore(swapped) : undefined;
    if (veto !== undefined) return { ...classical(), refusals: [...refusals, ...[...swapped].map((id) => ({ id, reason: veto }))] };
    for (const id of swapped) {
      const decision = propagate(inPlace, [id]);
      if (decision.kind === 'unaccepted') continue;
      for (const outdated of decision.outdated) if (!again.outdated.has(outdated)) kept.add(outdated);
      for (const entry of decision.boundaries) if (!again.outdated.has(entry.boundary)) boundaries.set(keyOf(entry), entry);
    }
    return { kind: 'accepted', boundaries: [...boundaries.values()], outdated: again.outdated, swapped, kept, refusals };
  };
}

const keyOf = ({ boundary, via, kind }: Boundary): string => `${boundary}\n${via}\n${kind}`;
