/**
 * Changes running modules in place, several as one transaction: prepare (asynchronous, nothing live is touched), commit (synchronous and
 * journalled), after. A throw in the last two plays the journal backwards, and the old code keeps running.
 */
import type { ModuleId } from '../../protocol.ts';
import { evaluationOrder } from '../graph-view.ts';
import type { Definition, Instance } from '../instance.ts';
import type { Registry } from '../registry.ts';
import { createJournal } from './journal.ts';
import type { Refusal } from './match.ts';
import { createModulePatch, inPlace, type ModulePatch } from './patch.ts';

export interface SwapRefusal extends Refusal {
  readonly id: ModuleId;
}

export interface SwapperOptions {
  readonly registry: Registry;
  /** Gets the patch of a definition that came without one; resolves when it is defined, or there is none. */
  readonly loadPatch: (id: ModuleId, hash: string) => Promise<void>;
  /** What the module has registered with `import.meta.hot` is forgotten: it is about to say it again. Returns the way back. */
  readonly resetHot: (instance: Instance) => () => void;
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
   * @param isLenient what has used a value that changes may stay as it is
   */
  examine(
    ids: Iterable<ModuleId>,
    isLenient: (id: ModuleId) => boolean,
  ): Promise<{ readonly swappable: ReadonlySet<ModuleId>; readonly refusals: readonly SwapRefusal[] }>;
  /** Of modules that were found to be swappable, and whose dependencies are there. @throws what linking or a new dependency throws */
  prepare(ids: ReadonlySet<ModuleId>): Promise<PreparedSwap>;
}

interface Part {
  readonly id: ModuleId;
  readonly instance: Instance;
  readonly definition: Definition;
  readonly patch: ModulePatch;
}

export function createSwapper({ registry, loadPatch, resetHot }: SwapperOptions): Swapper {
  const partOf = (id: ModuleId): Part | SwapRefusal => {
    const { current: instance, definition } = registry.record(id) ?? {};
    if (!instance?.live || !definition?.patch) return { id, reason: 'it was not compiled to be changed in place' };
    if (instance.status !== 'evaluated' || instance.error) return { id, reason: 'it has not run to its end' };
    const { write, context, environments } = registry.surroundings(instance, definition);
    const exported = (name: string): unknown => {
      const cells = registry.record(id)?.cells;
      return cells?.isInitialised(name) ? cells.read(name) : undefined;
    };
    const made = createModulePatch({ live: instance.live, form: definition.patch, context, environments, exported, announce: write });
    return 'refusal' in made ? { id, ...made.refusal } : { id, instance, definition, patch: made.patch };
  };

  const ensurePatch = async (id: ModuleId): Promise<void> => {
    const { current, definition } = registry.record(id) ?? {};
    if (current?.live && definition && !definition.patch) await loadPatch(id, definition.meta.hash);
  };

  /** Imports of a module whose values change, as its shape names them. */
  const changedImports = (instance: Instance, changing: ReadonlyMap<ModuleId, ReadonlySet<string>>): Set<string> => {
    const found = new Set<string>();
    const { meta } = instance.definition;
    for (const [dep, name] of meta.imports) {
      const owner = registry.ownerOf(meta.deps[dep] ?? '', name);
      const names = typeof owner === 'string' ? undefined : changing.get(owner.id);
      if (typeof owner === 'string' || !names) continue;
      if (names.has(owner.name)) found.add(`${dep} ${name}`);
      if (names.has(inPlace(owner.name))) found.add(inPlace(`${dep} ${name}`));
    }
    return found;
  };

  const exportsOf = ({ patch: { shape } }: Part, names: ReadonlySet<string>): Set<string> =>
    new Set(
      Object.entries(shape.exports).flatMap(([as, local]) => [
        ...(names.has(local) ? [as] : []),
        ...(names.has(inPlace(local)) ? [inPlace(as)] : []),
      ]),
    );

  /** Whether a module has used one of these imports when it ran. */
  const hasUsed = (instance: Instance, imports: ReadonlySet<string>): boolean =>
    instance.live?.shape.units.some(
      (unit) => unit.kind !== 'function' && unit.imports?.some((name) => imports.has(name) || imports.has(inPlace(name))),
    ) ?? true;

  /** Modules that were made with what changes now, and have to follow: `import { K } from './k.js'; const D = K * 2`. */
  const followers = async (parts: Map<ModuleId, Part>, isLenient: boolean): Promise<SwapRefusal | undefined> => {
    const changing = new Map<ModuleId, ReadonlySet<string>>();
    const queue = [...parts.values()];
    for (let part = queue.pop(); part; part = queue.pop()) {
      const names = exportsOf(part, part.patch.changing);
      const imports = changedImports(part.instance, changing);
      const all = imports.size > 0 ? new Set([...names, ...exportsOf(part, part.patch.changingWith(imports))]) : names;
      const refusal = part.patch.refusalOf(imports);
      if (refusal && !isLenient) return { id: part.id, ...refusal };
      if (all.size === 0 || changing.get(part.id)?.size === all.size) continue;
      changing.set(part.id, all);
      for (const importer of reachable(part.id)) {
        const { current } = registry.record(importer) ?? {};
        if (!current) continue;
        const used = changedImports(current, changing);
        if (used.size === 0 || !hasUsed(current, used)) continue;
        let known = parts.get(importer);
        if (!known) {
          await ensurePatch(importer);
          const made = partOf(importer);
          if ('reason' in made) {
            if (isLenient || ![...used].some((name) => !name.startsWith('~'))) continue;
            return { id: importer, reason: `it has used a value that changes, and ${made.reason}` };
          }
          parts.set(importer, (known = made));
        }
        queue.push(known);
      }
    }
    return undefined;
  };

  /** Importers, also through modules that only hand names on. */
  const reachable = (id: ModuleId): Set<ModuleId> => {
    const found = new Set<ModuleId>();
    const queue = [...registry.importers(id)];
    for (let next = queue.pop(); next !== undefined; next = queue.pop()) {
      if (found.has(next)) continue;
      found.add(next);
      const meta = registry.record(next)?.current?.definition.meta;
      if (meta && (meta.reexports.length > 0 || meta.stars.length > 0)) queue.push(...registry.importers(next));
    }
    return found;
  };

  const examine: Swapper['examine'] = async (ids, isLenient) => {
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
      const refusal = await followers(own, isLenient(id));
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
    const added = [...parts.values()]
      .flatMap(({ definition }) => registry.dependencies(definition.meta))
      .filter((id) => !registry.record(id)?.current);
    registry.link(added);
    for (const id of added) await registry.run(id);
    // Only now are there environments of new dependencies to hand over.
    for (const id of parts.keys()) {
      const part = partOf(id);
      if (!('reason' in part)) parts.set(id, part);
    }
    await followers(parts, true);
    const order = evaluationOrder(registry, new Set(parts.keys())).flatMap((id) => parts.get(id) ?? []);
    for (const { patch } of order) patch.fill();
    return { ids: [...ids], commit: () => commit(order, ids) };
  };

  const commit = (order: readonly Part[], ids: ReadonlySet<ModuleId>): SwapResult => {
    const journal = createJournal();
    const notes: string[] = [];
    try {
      let isSameShape = true;
      // Undone last of all, when the definitions are those of before.
      journal.undo(() => registry.refresh(false));
      for (const { id, instance, definition } of order) {
        if (!ids.has(id)) continue;
        isSameShape &&= shapeText(instance.definition) === shapeText(definition);
        journal.undo(registry.redefine(instance, definition));
      }
      registry.refresh(isSameShape);
      for (const { patch } of order) patch.commitCode(journal);
      const changed = new Map<ModuleId, ReadonlySet<string>>();
      for (const part of order) {
        const values = part.patch.commitValues(changedImports(part.instance, changed), journal);
        changed.set(part.id, exportsOf(part, values.changed));
        notes.push(...values.notes.map((note) => `${part.id}: ${note}`));
      }
      for (const { patch } of order) patch.runAdded();
      for (const { instance, patch } of order) {
        if (!patch.hot) continue;
        journal.undo(resetHot(instance));
        patch.hot();
      }
    } catch (error) {
      journal.rollback();
      throw error;
    }
    const refresh = (): void => order.forEach(({ patch }) => patch.refresh());
    return { notes, refresh, rollback: journal.rollback };
  };

  return { examine, prepare };
}

function shapeText({ meta: { exports, reexports, stars, deps } }: Definition): string {
  return JSON.stringify([exports, reexports, stars, deps]);
}
