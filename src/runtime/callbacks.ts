/**
 * The author's side of an update: event listeners, dispose, accept, container and prune callbacks, in the order that the update
 * decided. Each is awaited and guarded: what one throws is kept and the others still run, and one that never ends is left when a newer
 * update comes.
 */
import type { ModuleId } from '../protocol.ts';
import type { HotEvents } from './events.ts';
import { evaluationOrder, unreachable } from './graph-view.ts';
import type { Instance } from './instance.ts';
import type { Boundary } from './propagate.ts';
import type { ModuleRecord } from './record.ts';
import type { Registry } from './registry.ts';

/** A newer update came. */
export class Superseded extends Error {}

/** What the callbacks of one update share. */
export interface Guard {
  /** What they threw. */
  readonly errors: unknown[];
  /** Rejects with {@link Superseded}. */
  readonly superseded: Promise<never>;
}

export interface Replaced {
  readonly record: ModuleRecord;
  readonly instance: Instance;
  /** Its exports, for taking the update back. */
  readonly values: ReadonlyMap<string, unknown>;
}

export interface Callbacks {
  /** The listeners of an event. */
  tell(event: string, payload: unknown, guard: Guard): Promise<void>;
  /** Dependents first, each once, each with its data. */
  dispose(order: readonly ModuleId[], guard: Guard): Promise<void>;
  /** Of instances that ran in vain: what they began (a timer, a listener) ends. Why they failed is known already. */
  disposeFailed(instances: readonly Instance[], superseded: Promise<never>): Promise<void>;
  /** The callbacks that an instance registered for itself, replaced or changed in place, get the module as it is now. */
  acceptSelf(boundaries: readonly Boundary[], replaced: readonly Replaced[], guard: Guard): Promise<void>;
  /** They get undefined: the new module failed. */
  acceptFailed(boundaries: readonly Boundary[], guard: Guard): Promise<void>;
  /** Callbacks of importers, and after all of them the containers. */
  acceptDependencies(boundaries: readonly Boundary[], guard: Guard): Promise<void>;
  /** Ends what nothing leads to any more. */
  prune(guard: Guard): Promise<ModuleId[]>;
}

export function createCallbacks(registry: Registry, events: HotEvents): Callbacks {
  const dataOf = (id: ModuleId): Record<string, unknown> => registry.record(id)?.data ?? {};

  const acceptedBy = (boundaries: readonly Boundary[]): Map<ModuleId, Set<ModuleId>> => {
    const accepted = new Map<ModuleId, Set<ModuleId>>();
    for (const { boundary, via, kind } of boundaries) {
      if (kind === 'dependency') accepted.set(boundary, (accepted.get(boundary) ?? new Set()).add(via));
    }
    return accepted;
  };

  const tell: Callbacks['tell'] = (event, payload, guard) => guarded(() => events.emit(event, payload), guard);

  return {
    tell,

    async dispose(order, guard) {
      for (const id of [...order].reverse()) {
        // Taken out: if the new code fails, the old instance stays, and must not be disposed again by the next update.
        const disposers = registry.record(id)?.current?.hot?.disposers.splice(0) ?? [];
        for (const disposer of disposers) await guarded(() => disposer(dataOf(id)), guard);
      }
    },

    async disposeFailed(instances, superseded) {
      for (const { id, hot } of [...instances].reverse()) {
        for (const disposer of hot?.disposers ?? []) await guarded(() => disposer(dataOf(id)), { errors: [], superseded });
      }
    },

    async acceptSelf(boundaries, replaced, guard) {
      for (const { boundary, kind } of boundaries) {
        if (kind !== 'self') continue;
        const old = replaced.find(({ record }) => record.id === boundary)?.instance ?? registry.record(boundary)?.current;
        for (const callback of old?.hot?.selfCallbacks ?? []) await guarded(() => callback(registry.namespace(boundary)), guard);
      }
    },

    async acceptFailed(boundaries, guard) {
      for (const { boundary, kind } of boundaries) {
        const old = kind === 'self' ? registry.record(boundary)?.current : undefined;
        for (const callback of old?.hot?.selfCallbacks ?? []) await guarded(() => callback(undefined), guard);
      }
    },

    async acceptDependencies(boundaries, guard) {
      const containers: (() => unknown)[] = [];
      for (const [boundary, vias] of acceptedBy(boundaries)) {
        for (const { deps, one, many, container } of registry.record(boundary)?.current?.hot?.dependencyAccepts ?? []) {
          const slots = [...deps].map((dep) => (vias.has(dep) ? registry.namespace(dep) : undefined));
          if (!slots.some(Boolean)) continue;
          if (container) containers.push(container);
          if (one) await guarded(() => one(slots[0]), guard);
          if (many) await guarded(() => many(slots), guard);
        }
      }
      for (const container of containers) await guarded(container, guard);
    },

    async prune(guard) {
      const gone = evaluationOrder(registry, new Set(unreachable(registry))).reverse();
      if (gone.length > 0) await tell('hmr-dev:beforePrune', { type: 'prune', paths: gone }, guard);
      for (const id of gone) {
        const { current } = registry.record(id) ?? {};
        const { disposers = [], pruners = [], unsubscribe = [] } = current?.hot ?? {};
        for (const callback of [...disposers, ...pruners]) await guarded(() => callback(dataOf(id)), guard);
        for (const end of unsubscribe) end();
        if (current) current.retired = true;
        registry.remove(id);
      }
      return gone;
    },
  };
}

async function guarded(callback: () => unknown, { errors, superseded }: Guard): Promise<void> {
  try {
    await Promise.race([callback(), superseded]);
  } catch (error) {
    if (!(error instanceof Superseded)) errors.push(error);
  }
}
