/**
 * Changes running modules in place, several as one transaction: prepare (asynchronous, nothing live is touched), commit (synchronous and
 * journalled), after. A throw in the last two plays the journal backwards, and the old code keeps running.
 */
import type { ModuleId } from '../../protocol.ts';
import { evaluationOrder } from '../graph-view.ts';
import type { Definition, Instance } from '../instance.ts';
import type { Registry } from '../registry.ts';
import type { ShowInstead } from '../source-text.ts';
import { createImportView, exportsOf, movedImports } from './changed-imports.ts';
import { createJournal, type Journal } from './journal.ts';
import { liveOf, type LiveModule } from './live-module.ts';
import { createMigrator, type Migrating, type MigratorOptions } from './migrate.ts';
import type { Refusal } from './match.ts';
import type { ModulePatch } from './module-patch.ts';
import { createModulePatch } from './patch.ts';
import { resetHot } from './reset-hot.ts';
import type { Watch } from './watch.ts';

export interface SwapRefusal extends Refusal {
  readonly id: ModuleId;
}

export interface SwapperOptions {
  readonly registry: Registry;
  /** Gets the patch of a definition that came without one; resolves when it is defined, or there is none. */
  readonly loadPatch: (id: ModuleId, hash: string) => Promise<void>;
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

interface Part {
  readonly id: ModuleId;
  readonly instance: Instance;
  readonly live: LiveModule;
  readonly definition: Definition;
  readonly patch: ModulePatch;
  /** It only follows others otherwise. */
  readonly isChanged: boolean;
}

const NOTHING: ReadonlySet<string> = new Set();

export function createSwapper({ registry, loadPatch, instancesOf, showInstead, onError }: SwapperOptions): Swapper {
  const watchOf = (object: object): Watch | undefined => {
    for (const { current } of registry.records())
      for (const known of liveOf(current)?.classes ?? []) if (known?.object === object) return known.watch;
    return undefined;
  };
  const { changedImports, importOf, reachable } = createImportView(registry);
  const migrateClasses = createMigrator({ watchOf, instancesOf, report: onError });

  const partOf = (id: ModuleId): Part | SwapRefusal => {
    const { current: instance, definition } = registry.record(id) ?? {};
    const live = liveOf(instance);
    if (!instance || !live || !definition?.patch) return { id, reason: 'it was not compiled to be changed in place' };
    if (instance.status !== 'evaluated' || instance.error) return { id, reason: 'it has not run to its end' };
    const isChanged = instance.definition.meta.hash !== definition.meta.hash;
    const { write, context, environments } = registry.surroundings(instance, definition);
    const moved = movedImports(registry, instance, definition);
    const [name] = moved ?? [];
    if (name !== undefined) return { id, reason: `${name} comes from another module now, though its import reads the same` };
    const exported = (exportName: string): unknown => {
      const cells = registry.record(id)?.cells;
      return cells?.isInitialised(exportName) ? cells.read(exportName) : undefined;
    };
    const made = createModulePatch({
      live,
      form: definition.patch,
      context,
      environments,
      isRebound: moved !== undefined,
      exported,
      announce: write,
      hotOf: () => instance.hot,
      isChanged,
    });
    return 'refusal' in made ? { id, ...made.refusal } : { id, instance, live, definition, patch: made.patch, isChanged };
  };

  const ensurePatch = async (id: ModuleId): Promise<void> => {
    const { current, definition } = registry.record(id) ?? {};
    if (current?.first && definition && !definition.patch) await loadPatch(id, definition.meta.hash);
  };

  /** Modules that were made with what changes now, and have to follow: `import { K } from './k.js'; const D = K * 2`. */
  const followers = async (parts: Map<ModuleId, Part>, strict: ReadonlySet<ModuleId>): Promise<SwapRefusal | undefined> => {
    const changing = new Map<ModuleId, ReadonlySet<string>>();
    const queue = [...parts.values()];
    for (let part = queue.pop(); part; part = queue.pop()) {
      const names = exportsOf(part.patch.shape, part.patch.changing);
      const imports = changedImports(part.definition, part.patch.shape, changing);
      const all = imports.size > 0 ? new Set([...names, ...exportsOf(part.patch.shape, part.patch.changingWith(imports))]) : names;
      const refusal = part.patch.refusalOf(imports);
      if (refusal && strict.has(part.id)) return { id: part.id, ...refusal };
      if (all.size === 0 || changing.get(part.id)?.size === all.size) continue;
      changing.set(part.id, all);
      for (const importer of reachable(part.id)) {
        const { current } = registry.record(importer) ?? {};
        if (!current) continue;
        const used = changedImports(current.definition, liveOf(current)?.shape, changing);
        if (used.size === 0) continue;
        let known = parts.get(importer);
        if (!known) {
          await ensurePatch(importer);
          const made = partOf(importer);
          if ('reason' in made) {
            if (!strict.has(importer) || ![...used].some((name) => !name.startsWith('~'))) continue;
            return { id: importer, reason: `it has used a value that changes, and ${made.reason}` };
          }
          parts.set(importer, (known = made));
        }
        queue.push(known);
      }
    }
    return undefined;
  };

  const examine: Swapper['examine'] = async (ids, strictly) => {
    const parts = new Map<ModuleId, Part>();
    const refusals: SwapRefusal[] = [];
    for (const id of ids) {
      await ensurePatch(id);
      const part = partOf(id);
      if ('reason' in part) refusals.push(part);
      else parts.set(id, part);
    }
    const swappable = new Set(parts.keys());
    for (const id of Array.from(swappable)) {
      // Each for itself: what one of them cannot do does not keep the others from it.
      const own = new Map([...parts].filter(([known]) => known === id));
      const refusal = await followers(own, strictly(id));
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
    await followers(parts, NOTHING);
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
        await ensurePatch(id);
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

  return { examine, prepare };
}

const onlyParts = (list: readonly (Part | ModuleId)[]): Part[] => list.filter((part) => typeof part !== 'string');

function shapeText({ meta: { exports, reexports, stars, deps } }: Definition): string {
  return JSON.stringify([exports, reexports, stars, deps]);
}
