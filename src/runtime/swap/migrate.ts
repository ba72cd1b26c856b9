/**
 * `migrate` hooks of classes, when all of a swap's code is in place: each runs for the instances of before that are known, and is left with the class
 * for those that are met later. Hooks of bindings are part of their values (values.ts).
 */
import type { ModuleId } from '../../protocol.ts';
import type { MigrateHook } from '../hot-api.ts';
import type { HotState } from '../hot.ts';
import type { Journal } from './journal.ts';
import type { LiveModule } from './live-module.ts';
import type { ModulePatch } from './module-patch.ts';
import { createPrivateNames } from './privates.ts';
import type { Shape } from './shape.ts';
import { readOr } from './values.ts';
import { createWatch, type ClassHook, type Watch } from './watch.ts';

/** One module of a swap. */
export interface Migrating {
  readonly id: ModuleId;
  readonly live: LiveModule;
  readonly patch: ModulePatch;
  /** Undefined where the module only follows another. */
  readonly hotOf: () => HotState | undefined;
  /** Of what ran before. */
  readonly before: Shape;
  readonly hooksBefore: ReadonlyMap<string, MigrateHook>;
  /** An imported class that the module tracks, by its local name. */
  imported(name: string): unknown;
}

export interface MigratorOptions {
  /** The class of a module that takes no part in the swap. */
  readonly watchOf: (object: object) => Watch | undefined;
  /** Instances that the host knows of: custom elements in the page. */
  readonly instancesOf: (object: Class) => Iterable<object>;
  readonly report: (error: unknown) => void;
}

/** Returns notes for the developer. @throws what a hook throws */
export type MigrateClasses = (modules: readonly Migrating[], journal: Journal) => string[];

export type Class = new (...args: never[]) => object;

export function createMigrator({ watchOf, instancesOf, report }: MigratorOptions): MigrateClasses {
  /** Of classes that are not changed in place. */
  const others = new WeakMap<object, Watch>();
  /** Classes that a module has, or had, hooks for. */
  const holders = new Map<ModuleId, ReadonlySet<Watch>>();
  const numbers = new WeakMap<object, number>();
  let last = 0;

  const numberOf = (hook: MigrateHook): number => {
    const known = numbers.get(hook) ?? ++last;
    numbers.set(hook, known);
    return known;
  };
  const versionOf = (shape: Shape, name: string, hook: MigrateHook): string => versionByText(shape, name) ?? `function ${numberOf(hook)}`;

  const findWatch = (object: Class, modules: readonly Migrating[]): Watch => {
    const found = modules.flatMap(({ patch }) => patch.classOf(object)?.watch ?? [])[0] ?? watchOf(object) ?? others.get(object);
    if (found) return found;
    const made = createWatch(
      object.prototype as object,
      createPrivateNames({}, new Set(), () => false),
    );
    others.set(object, made);
    return made;
  };

  return (modules, journal) => {
    const notes: string[] = [];
    const remade = new Set(modules.flatMap(({ patch }) => [...patch.remade]));
    const jobs: { readonly object: Class; readonly watch: Watch; readonly hook: ClassHook }[] = [];
    for (const module of modules) {
      const { id, live, before, hooksBefore } = module;
      const hot = module.hotOf();
      if (!hot) continue;
      const named = new Set<Watch>();
      for (const [name, run] of hot.migrations) {
        const object = name in live.scope ? readOr(live.scope, name) : trackedClass(module, name);
        if (!isClass(object)) {
          if (!(name in live.scope)) notes.push(`${id}: migrate has a hook for ${name}, and there is no such binding and no such class`);
          continue;
        }
        if (name in live.scope && !module.patch.classOf(object)) continue;
        const watch = findWatch(object, modules);
        const hook: ClassHook = {
          version: `${id} ${versionOf(module.patch.shape, name, run)}`,
          run: (instance) => run(instance, undefined),
          report,
        };
        const earlier = hooksBefore.get(name);
        const isNew = !earlier || `${id} ${versionOf(before, name, earlier)}` !== hook.version;
        named.add(watch);
        const isDue = isNew || isRemade(object, remade);
        // One of the first version is for nobody yet: what is there was made by this version's code.
        if (isDue || watch.hooks.has(id)) setHook(watch, id, hook, journal);
        if (isDue) jobs.push({ object, watch, hook });
      }
      const holding = holders.get(id) ?? new Set();
      for (const watch of holding) if (!named.has(watch)) setHook(watch, id, undefined, journal);
      holders.set(id, new Set([...holding, ...named]));
    }
    for (const { patch } of modules) patch.watchClasses(journal);
    for (const { object, watch, hook } of jobs)
      for (const instance of new Set([...watch.instances.all(), ...instancesOf(object)])) watch.migrate(instance, hook, journal);
    return notes;
  };
}

/** By its text and that of the function that it names. */
function versionByText({ hot, units }: Shape, name: string): string | undefined {
  const own = hot?.migrates?.[name];
  if (own?.by === undefined) return own?.hash;
  const texts = units.flatMap((unit) => {
    if (unit.kind === 'function' && unit.name === own.by) return [unit.own.hash];
    return unit.kind === 'variable' && unit.names.includes(own.by ?? '')
      ? [unit.hash, ...(unit.functions ?? []).map(({ hash }) => hash)]
      : [];
  });
  return [own.hash, ...texts].join();
}

function setHook({ hooks }: Watch, id: ModuleId, hook: ClassHook | undefined, journal: Journal): void {
  const before = hooks.get(id);
  const set = (value: ClassHook | undefined): void => {
    if (value) hooks.set(id, value);
    else hooks.delete(id);
  };
  set(hook);
  journal.undo(() => set(before));
}

function trackedClass({ hotOf, imported }: Migrating, name: string): unknown {
  return imported(name) ?? [...(hotOf()?.tracked ?? [])].find((object) => 'name' in object && object.name === name);
}

function isClass(value: unknown): value is Class {
  return typeof value === 'function' && typeof value.prototype === 'object' && value.prototype !== null;
}

/** It, or a class that it extends. */
function isRemade(object: object, remade: ReadonlySet<object>): boolean {
  for (let at: object | null = object; at; at = Reflect.getPrototypeOf(at)) if (remade.has(at)) return true;
  return false;
}
