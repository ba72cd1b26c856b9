/**
 * Changes running modules in place, several as one transaction: prepare (asynchronous, nothing live is touched), commit (synchronous and
 * journalled), after. A throw in the last two plays the journal backwards, and the old code keeps running.
 */
import type { ModuleId } from '../../protocol.ts';
import { evaluationOrder } from '../graph-view.ts';
import type { Definition } from '../instance.ts';
import type { Registry } from '../registry.ts';
import type { ShowInstead } from '../source-text.ts';
import { createImportView, exportsOf } from './changed-imports.ts';
import { createJournal, type Journal } from './journal.ts';
import { createMigrator, type Migrating, type MigratorOptions } from './migrate.ts';
import { createParts, type Part, type SwapRefusal } from './parts.ts';
import { resetHot } from './reset-hot.ts';
import { createSupply, type Supply, type SupplyOptions } from './supply.ts';
import type { Watch } from './watch.ts';

export interface SwapperOptions {
  readonly registry: Registry;
  readonly loadPatch: SupplyOptions['loadPatch'];
  readonly loadDescriptions: SupplyOptions['loadDescriptions'];
  readonly instancesOf: MigratorOptions['instancesOf'];
  /** Of the page's one `toString()`. */
  readonly showInstead: ShowInstead;
  /** An error of the author's code that nothing waits for. */
  readonly onError: (error: unknown) => void;
}

export interface PreparedSwap {
  readonly ids: readonly ModuleId[];
  /** @throws what the new code throws, after everything is as it was */
  commit(): SwapResult;
}

export interface SwapResult {
  readonly notes: readonly string[];
  /** When all of the update has come through: see `ModulePatch.refresh`. */
  refresh(): void;
  /** Takes it back, if what comes after fails. */
  rollback(): void;
}

export interface Swapper {
  readonly describe: Supply['descriptions'];
  /**
   * Which of these can be changed in place, and why the others cannot.
   * @param strictly modules that would run again otherwise: what they have done with a value that changes must not stay as it is
   */
  examine(
    ids: Iterable<ModuleId>,
    strictly: (id: ModuleId) => ReadonlySet<ModuleId>,
  ): Promise<{ readonly swappable: ReadonlySet<ModuleId>; readonly refusals: readonly SwapRefusal[] }>;
  /** Of modules that were found to be swappable, and whose dependencies are there. @throws what linking or a new dependency throws */
  prepare(ids: ReadonlySet<ModuleId>): Promise<PreparedSwap>;
}

const NOTHING: ReadonlySet<string> = new Set();

export function createSwapper({ registry, loadPatch, loadDescriptions, instancesOf, showInstead, onError }: SwapperOptions): Swapper {
  const watchOf = (object: object): Watch | undefined => {
    for (const { current } of registry.records()) {
      // Nobody watches classes of others.
      if (!current?.live?.isDescribed) continue;
      for (const known of current.live.classes) if (known?.object === object) return known.watch;
    }
    return undefined;
  };
  const supply = createSupply({ registry, loadPatch, loadDescriptions });
  const imports = createImportView(registry);
  const { changedImports, importOf } = imports;
  const { partOf, follow } = createParts({ registry, supply, imports });
  const migrateClasses = createMigrator({ watchOf, instancesOf, report: onError });

  const examine: Swapper['examine'] = async (ids, strictly) => {
    const parts = new Map<ModuleId, Part>();
    const refusals: SwapRefusal[] = [];
    const all = [...ids];
    for (const id of all) await supply.patch(id);
    await supply.descriptions(all);
    for (const id of all) {
      const part = partOf(id);
      if ('reason' in part) refusals.push(part);
      else parts.set(id, part);
    }
    const swappable = new Set(parts.keys());
    for (const id of Array.from(swappable)) {
      // Each for itself: what one of them cannot do does not keep the others from it.
      const own = new Map([...parts].filter(([known]) => known === id));
      const refusal = await follow(own, strictly(id));
      if (!refusal) continue;
      refusals.push(refusal.id === id ? refusal : { id, reason: `${refusal.id}: ${refusal.reason}`, line: refusal.line });
      swappable.delete(id);
    }
    return { swappable, refusals };
  };

  const prepare: Swapper['prepare'] = async (ids) => {
    const parts = new Map<ModuleId, Part>();
    for (const id of ids) {
      const part = partOf(id);
      if ('reason' in part) throw new Error(`${id} cannot be changed in place: ${part.reason}`);
      parts.set(id, part);
    }
    const added = addedBy(parts.values());
    // What awaits cannot be part of the commit, and knows the modules of before only.
    const isAwaited = added.some((id) => registry.record(id)?.definition?.meta.async);
    if (isAwaited) {
      registry.link(added);
      for (const id of added) await registry.run(id);
    }
    await follow(parts, NOTHING);
    await addTracked(parts);
    const fresh = isAwaited ? [] : added;
    const order = evaluationOrder(registry, new Set([...parts.keys(), ...fresh]), true).map((id) => parts.get(id) ?? id);
    for (const { patch } of onlyParts(order)) patch.fill();
    return { ids: [...ids], commit: () => commit(order, ids, fresh) };
  };

  /** Modules that run for the first time, since patched ones import them. */
  const addedBy = (parts: Iterable<Part>): ModuleId[] => {
    const found = new Set<ModuleId>();
    const visit = ({ meta }: Definition): void => {
      for (const id of registry.dependencies(meta)) {
        const { current, definition } = registry.record(id) ?? {};
        if (current || found.has(id)) continue;
        found.add(id);
        if (definition) visit(definition);
      }
    };
    for (const { definition } of parts) visit(definition);
    return [...found];
  };

  /** Imported classes with hooks: their methods can be told apart only by a patch of their module, though nothing of it changes. */
  const addTracked = async (parts: Map<ModuleId, Part>): Promise<void> => {
    for (const { definition, patch } of parts.values()) {
      for (const imported of Object.values(patch.shape.hot?.tracks ?? {})) {
        const { id } = importOf(definition, imported) ?? {};
        if (id === undefined || parts.has(id)) continue;
        await supply.descriptions([id]);
        await supply.patch(id);
        const part = partOf(id);
        if (!('reason' in part) && !part.isChanged) parts.set(id, part);
      }
    }
  };

  const migrating = ({ id, live, instance, definition, patch, isChanged }: Part): Migrating => ({
    id,
    live,
    patch,
    hotOf: () => (isChanged ? instance.hot : undefined),
    before: live.shape,
    hooksBefore: new Map(instance.hot?.migrations),
    imported(name) {
      const owner = importOf(definition, patch.shape.hot?.tracks?.[name] ?? '');
      return owner && (registry.record(owner.id)?.cells.environment as Record<string, unknown> | undefined)?.[owner.name];
    },
  });

  /** They may import what the patched modules have only now. */
  const link = (added: readonly ModuleId[], journal: Journal): void => {
    const instances = registry.link(added);
    journal.undo(() => {
      for (const instance of instances) {
        instance.retired = true;
        for (const end of instance.hot?.unsubscribe ?? []) end();
        const record = registry.record(instance.id);
        if (record) record.current = undefined;
      }
    });
  };

  /** @param all of them in order, those that run for the first time as ids */
  const commit = (all: readonly (Part | ModuleId)[], ids: ReadonlySet<ModuleId>, added: readonly ModuleId[]): SwapResult => {
    const order = onlyParts(all);
    const journal = createJournal(showInstead);
    const notes: string[] = [];
    try {
      const modules = order.map(migrating);
      let isSameShape = true;
      // Undone last of all, when the definitions are those of before.
      journal.undo(() => {
        // What a barrel did not hand on any more, it does again.
        for (const id of new Set([...ids].flatMap((changed) => [changed, ...registry.importers(changed)]))) {
          const { current } = registry.record(id) ?? {};
          if (current) registry.connect(current);
        }
        registry.refresh(false);
      });
      for (const { id, instance, definition } of order) {
        if (!ids.has(id)) continue;
        isSameShape &&= shapeText(instance.definition) === shapeText(definition);
        journal.undo(registry.redefine(instance, definition));
      }
      for (const { id, instance } of order) if (ids.has(id)) registry.connect(instance);
      registry.refresh(isSameShape);
      link(added, journal);
      for (const { patch } of order) patch.commitCode(journal);
      const changed = new Map<ModuleId, ReadonlySet<string>>();
      for (const part of all) {
        if (typeof part === 'string') {
          // Of one that awaits there is none here.
          void registry.run(part);
          continue;
        }
        const values = part.patch.commitValues(changedImports(part.instance.definition, part.patch.shape, changed), journal);
        changed.set(part.id, exportsOf(part.patch.shape, values.changed));
        // What only follows is below whoever took the change.
        if (ids.has(part.id)) notes.push(...values.notes.map((note) => `${part.id}: ${note}`));
      }
      for (const { patch } of order) patch.runAdded();
      for (const { instance, patch } of order) {
        if (!patch.hot) continue;
        journal.undo(resetHot(instance));
        patch.hot();
      }
      const settled = new Map<ModuleId, ReadonlySet<string>>();
      for (const part of order)
        settled.set(
          part.id,
          exportsOf(
            part.patch.shape,
            part.patch.settleValues(changedImports(part.instance.definition, part.patch.shape, settled), journal),
          ),
        );
      notes.push(...migrateClasses(modules, journal));
    } catch (error) {
      journal.rollback();
      throw error;
    }
    const refresh = (): void => order.forEach(({ patch }) => patch.refresh());
    return { notes, refresh, rollback: journal.rollback };
  };

  return { describe: supply.descriptions, examine, prepare };
}

const onlyParts = (list: readonly (Part | ModuleId)[]): Part[] => list.filter((part) => typeof part !== 'string');

function shapeText({ meta: { exports, reexports, stars, deps } }: Definition): string {
  return JSON.stringify([exports, reexports, stars, deps]);
}
