/**
 * One update as a transaction: decide, get everything that is needed, check that it links, and only then dispose, run and call back.
 * A throw while the new code runs puts the old exports back. What happened is returned as a value; printing it is the host's job.
 */
import type { ModuleId } from '../protocol.ts';
import type { HotEvents } from './events.ts';
import type { HotEventMap } from './hot-api.ts';
import { createCallbacks, Superseded, type Guard, type Replaced } from './callbacks.ts';
import { createGraphView, evaluationOrder, unreachable } from './graph-view.ts';
import type { Instance } from './instance.ts';
import { makeFast } from './environment.ts';
import { propagate, type Boundary, type Propagation } from './propagate.ts';
import { keptShape, losesDependency, lostDependency } from './replaced.ts';
import type { Registry } from './registry.ts';
import { createChoice, SWAP_LIMIT, type Choice } from './swap-choice.ts';
import { createSwapEvents } from './swap-events.ts';
import type { SwapLoader } from './swap-loader.ts';
import type { SwapRefusal } from './swap/parts.ts';
import type { SwapResult } from './swap/swap.ts';

export interface ModuleChange {
  readonly id: ModuleId;
  readonly hash: string;
}

export interface Invalidation {
  readonly id: ModuleId;
  readonly message: string | undefined;
}

export type UpdateOutcome =
  /** Nothing of it runs here. */
  | { readonly kind: 'ignored' }
  | {
      readonly kind: 'updated';
      readonly boundaries: readonly Boundary[];
      readonly pruned: readonly ModuleId[];
      readonly errors: readonly unknown[];
      /** Changed in place: nothing of them ran again. */
      readonly swapped: readonly ModuleId[];
      /** Modules that could not be changed in place. */
      readonly refusals: readonly SwapRefusal[];
      /** What a swap has left as it was. */
      readonly notes: readonly string[];
    }
  | { readonly kind: 'reload'; readonly path: readonly ModuleId[]; readonly reason: string; readonly refusals: readonly SwapRefusal[] }
  /** The old program keeps running. */
  | { readonly kind: 'failed'; readonly error: unknown; readonly modules: readonly ModuleId[] }
  /** A newer update came while this one waited for code that awaits; it was taken back and goes along with the newer one. */
  | { readonly kind: 'superseded' };

export interface UpdaterOptions {
  readonly registry: Registry;
  readonly events: HotEvents;
  readonly isLeftToPage: (id: ModuleId) => boolean;
  /** Whether every change that can be made in place is, also where nobody is told of it. */
  readonly swapsAlways: boolean;
  readonly draws: (classes: readonly object[]) => boolean;
  readonly swaps: SwapLoader;
  /** Of an update that `invalidate` started. */
  readonly onOutcome: (outcome: UpdateOutcome) => void;
}

export interface Updater {
  /**
   * Definitions of the changes must have arrived. Updates run one after the other.
   * @param level modules whose users the host has brought level itself (see `propagate`)
   */
  apply(changes: readonly ModuleChange[], level?: ReadonlySet<ModuleId>): Promise<UpdateOutcome>;
  /**
   * An update has arrived and waits for its turn: one that hangs in an `await` of the author's must not keep it waiting, and is taken back.
   * Returns the function to call right before `apply`.
   */
  announce(): () => void;
  /** `hot.invalidate()`: within an update it goes up to the importers; outside it starts one. */
  invalidate(invalidation: Invalidation): void;
}

export function createUpdater({ registry, events, isLeftToPage, swapsAlways, draws, swaps, onOutcome }: UpdaterOptions): Updater {
  /** Replaced by an update that failed: to be run again by the next one, whatever its hash. */
  const failed = new Set<ModuleId>();
  const graph = createGraphView(registry, isLeftToPage);
  const callbacks = createCallbacks(registry, events);
  const swapEvents = createSwapEvents(events);
  const choose = createChoice({ registry, graph, swapper: swaps.get, askBefore: swapEvents.askBefore, swapsAlways, draws });
  let queue: Promise<unknown> = Promise.resolve();
  let supersede: () => void = () => undefined;
  /** Updates that were announced and have not begun. */
  let coming = 0;
  let invalidations: Invalidation[] | undefined;

  const apply = (changes: readonly ModuleChange[], level?: ReadonlySet<ModuleId>): Promise<UpdateOutcome> => {
    const begin = announce();
    const result = queue.then(() => {
      begin();
      return transact(changes, level);
    });
    queue = result.catch(() => undefined);
    return result;
  };

  const announce = (): (() => void) => {
    coming++;
    supersede();
    return () => void coming--;
  };

  const transact = async (changes: readonly ModuleChange[], level: ReadonlySet<ModuleId> | undefined): Promise<UpdateOutcome> => {
    const targets = changes.filter(({ id, hash }) => {
      const current = registry.record(id)?.current;
      return current && (current.definition.meta.hash !== hash || failed.has(id));
    });
    const changed = [...new Set([...targets.map(({ id }) => id), ...failed])].filter((id) => registry.record(id)?.current);
    if (changed.length === 0) return { kind: 'ignored' };
    const choice = await choose(changed, level);
    swapEvents.tellRefused(choice.refusals);
    if (choice.kind === 'unaccepted') return reloadOutcome(choice, choice.refusals);
    return run(choice, new Set(changed), new Set());
  };

  const run = async (
    {
      swapped = new Set(),
      kept = new Set(),
      refusals = [],
      ...decision
    }: Extract<Propagation, { kind: 'accepted' }> & Partial<Extract<Choice, { kind: 'accepted' }>>,
    changed: ReadonlySet<ModuleId>,
    invalidated: ReadonlySet<ModuleId>,
  ): Promise<UpdateOutcome> => {
    const stale = new Set([...decision.outdated].filter((id) => !invalidated.has(id)));
    const superseded = new Promise<never>((_, reject) => (supersede = () => reject(new Superseded())));
    superseded.catch(() => undefined);
    if (coming > 0) supersede();
    const guard: Guard = { errors: [], superseded };
    const payload = updatePayload(decision.boundaries);
    let replaced: Replaced[] = [];
    let order: ModuleId[] = [];
    let swap: SwapResult | undefined;
    const lost = new Set([...swapped].filter((id) => losesDependency(registry.record(id))));
    try {
      const all = new Set([...stale, ...swapped]);
      await registry.prepare(all);
      registry.check(all, () => unreachable(registry, all));
      const hotSwap = [...all].some((id) => registry.record(id)?.current?.first) ? await swaps.get() : undefined;
      // Who holds functions of what runs again is to get the new ones (redirect). Of a change of branch nobody asks.
      if (stale.size <= SWAP_LIMIT) await swaps.describe(stale);
      const prepared = swapped.size > 0 ? await hotSwap?.prepare(swapped) : undefined;
      order = evaluationOrder(registry, stale);
      await callbacks.tell('hmr-dev:beforeUpdate', payload, guard);
      await callbacks.dispose(order, guard);
      invalidations = [];
      swap = prepared?.commit();
      replaced = await replace(order, superseded);
    } catch (error) {
      swap?.rollback();
      swapEvents.tellRollback(swapped, error);
      // What an invalidated module handed on has no change of its own.
      for (const id of changed.size > 0 ? changed : stale) failed.add(id);
      invalidations = undefined;
      if (error instanceof Superseded) return { kind: 'superseded' };
      await callbacks.acceptFailed(decision.boundaries, guard);
      return { kind: 'failed', error, modules: [...changed] };
    }
    for (const id of [...stale, ...swapped]) failed.delete(id);
    const boundaries = inOrder(decision.boundaries, order);
    swap?.refresh();
    redraw(kept, stale);
    await callbacks.acceptSelf(boundaries, replaced, guard);
    // Refresh runtimes draw once, when nothing is handed on any more, and before importers draw by themselves.
    if (invalidations.length === 0) await callbacks.tell('hmr-dev:replaced', payload, guard);
    await callbacks.acceptDependencies(boundaries, guard);
    const pruned = lost.size > 0 || replaced.some(lostDependency) ? await callbacks.prune(guard) : [];
    const raised = invalidations ?? [];
    invalidations = undefined;
    const notes = swap?.notes ?? [];
    swapEvents.tellAfter(swapped, notes);
    await callbacks.tell('hmr-dev:afterUpdate', payload, guard);
    const outcome: UpdateOutcome = { kind: 'updated', boundaries, pruned, errors: guard.errors, swapped: [...swapped], refusals, notes };
    return raised.length > 0 ? handOn(raised, outcome, invalidated) : outcome;
  };

  /** Whoever shows something of what was changed in place. */
  const redraw = (kept: ReadonlySet<ModuleId>, stale: ReadonlySet<ModuleId>): void => {
    const all = new Set(kept);
    for (const id of all) {
      const { redraws = [] } = registry.record(id)?.current?.hot ?? {};
      if (!redraws.map((callback) => callback()).includes(true)) continue;
      const above = propagate(graph, [id], new Set([id]));
      if (above.kind === 'accepted') for (const other of above.outdated) if (!stale.has(other)) all.add(other);
    }
  };

  /** What invalidated itself is asked of its importers; each module once an update, so that it ends. */
  const handOn = async (raised: readonly Invalidation[], before: UpdateOutcome, done: ReadonlySet<ModuleId>): Promise<UpdateOutcome> => {
    const fresh = [...new Set(raised.map(({ id }) => id))].filter((id) => !done.has(id) && registry.record(id)?.current);
    if (fresh.length === 0) return before;
    const forced = new Set([...done, ...fresh]);
    const decision = propagate(graph, fresh, forced);
    if (decision.kind === 'unaccepted') {
      const message = raised.find(({ id }) => id === decision.path[0])?.message;
      const { path, reason } = reloadOutcome(decision);
      return {
        kind: 'reload',
        path,
        refusals: [],
        reason: `${decision.path[0]} invalidated itself${message ? `: ${message}` : ''}; ${reason}`,
      };
    }
    const after = await run(decision, new Set(), forced);
    if (after.kind !== 'updated' || before.kind !== 'updated') return after;
    return { ...after, boundaries: [...before.boundaries, ...after.boundaries], errors: [...before.errors, ...after.errors] };
  };

  /** Throws what the new code throws, after the old instances and their exports are back. */
  const replace = async (order: readonly ModuleId[], superseded: Promise<never>): Promise<Replaced[]> => {
    const replaced: Replaced[] = [];
    for (const id of order) {
      const record = registry.record(id);
      if (!record?.current) continue;
      record.current.namespace?.freeze();
      replaced.push({ record, instance: record.current, values: record.cells.snapshot() });
    }
    for (const { record, instance } of replaced) {
      instance.retired = true;
      record.current = undefined;
    }
    let linked: Instance[] = [];
    try {
      linked = registry.link(order);
      registry.refresh(replaced.every(keptShape));
      for (const id of order) {
        const pending = registry.run(id);
        if (pending) await Promise.race([pending, superseded]);
      }
    } catch (error) {
      await takeBack(replaced, linked, superseded);
      throw error;
    }
    swaps.redirect(replaced);
    for (const { record, instance } of replaced) {
      for (const end of instance.hot?.unsubscribe ?? []) end();
      makeFast(record.cells.environment);
    }
    return replaced;
  };

  const takeBack = async (replaced: readonly Replaced[], linked: readonly Instance[], superseded: Promise<never>): Promise<void> => {
    for (const instance of linked) {
      instance.retired = true;
      for (const end of instance.hot?.unsubscribe ?? []) end();
      const record = registry.record(instance.id);
      if (record) record.current = undefined;
    }
    for (const { record, instance, values } of replaced) {
      instance.retired = false;
      // Its namespace was frozen to the values that are now current again; the next one reads them live.
      instance.namespace = undefined;
      record.current = instance;
      record.cells.restore(values);
    }
    registry.refresh(false);
    await callbacks.disposeFailed(linked, superseded);
  };

  const invalidate = (invalidation: Invalidation): void => {
    void events.emit('hmr-dev:invalidate', { path: invalidation.id, message: invalidation.message });
    if (invalidations) {
      invalidations.push(invalidation);
      return;
    }
    queue = queue.then(async () => onOutcome(await handOn([invalidation], { kind: 'ignored' }, new Set()))).catch(() => undefined);
  };

  return { apply, announce, invalidate };
}

/** Boundaries in the order in which what they take ran. */
function inOrder(boundaries: readonly Boundary[], order: readonly ModuleId[]): Boundary[] {
  const position = new Map(order.map((id, index) => [id, index]));
  return [...boundaries].sort((a, b) => (position.get(a.via) ?? 0) - (position.get(b.via) ?? 0));
}

function updatePayload(boundaries: readonly Boundary[]): HotEventMap['hmr-dev:beforeUpdate'] {
  return { type: 'update', updates: boundaries.map(({ boundary, via }) => ({ type: 'js-update', path: boundary, acceptedPath: via })) };
}

function reloadOutcome(
  { path, rule }: Extract<Propagation, { kind: 'unaccepted' }>,
  refusals: readonly SwapRefusal[] = [],
): Extract<UpdateOutcome, { kind: 'reload' }> {
  const last = path.at(-1) ?? '';
  const reasons = {
    'accepts-nothing': `${last} accepts nothing`,
    root: `${last} is also loaded by the page itself and accepts nothing`,
    declined: `${last} declined hot updates`,
    unfinished: `${last} had not run to its end`,
  };
  return { kind: 'reload', path, reason: reasons[rule], refusals };
}
