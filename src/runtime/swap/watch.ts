/**
 * Instances of one class that have to be brought to a new form: those that are known at once, the others when one of the class's methods is
 * called on them. A hook runs at most once for each instance and version of the hook.
 */
import type { ModuleId } from '../../protocol.ts';
import { createInstances, type Instances } from '../class-instances.ts';
import type { Journal } from './journal.ts';
import type { PrivateNames } from './privates.ts';

export interface ClassHook {
  /** By its text. */
  readonly version: string;
  readonly run: (instance: object) => unknown;
  /** Of one that throws when nothing can be taken back any more. */
  readonly report: (error: unknown) => void;
}

export interface Watch {
  /** Of the module that has the class, and of those that track it. */
  readonly hooks: Map<ModuleId, ClassHook>;
  readonly instances: Instances;
  /** The class tells of its instances by itself, and has from the first one on. */
  readonly isComplete: boolean;
  /** Instances that are made from now on are told, as far as the class does not do so by itself. */
  isOn: boolean;
  /** A method is called on it. */
  meet(self: unknown): void;
  /** @throws what the hook throws; the journal has what the instance was */
  migrate(instance: object, hook: ClassHook, journal: Journal): void;
}

/** @param instances of a class that tells of them */
export function createWatch(prototype: object, privates: PrivateNames, instances?: Instances): Watch {
  const done = new WeakMap<object, Set<string>>();
  const doneFor = (instance: object): Set<string> => {
    let versions = done.get(instance);
    if (!versions) done.set(instance, (versions = new Set()));
    return versions;
  };
  const watch: Watch = {
    hooks: new Map(),
    instances: instances ?? createInstances(),
    isComplete: instances !== undefined,
    isOn: false,
    meet(self) {
      if (typeof self !== 'object' || self === null || self === prototype || watch.instances.has(self)) return;
      if (!Object.prototype.isPrototypeOf.call(prototype, self)) return;
      for (const hook of watch.hooks.values()) {
        const versions = doneFor(self);
        if (versions.has(hook.version)) continue;
        versions.add(hook.version);
        try {
          hook.run(self);
        } catch (error) {
          hook.report(error);
        }
      }
    },
    migrate(instance, hook, journal) {
      const versions = doneFor(instance);
      if (versions.has(hook.version)) return;
      versions.add(hook.version);
      journal.undo(() => void versions.delete(hook.version));
      journal.undo(remember(instance, privates));
      hook.run(instance);
    },
  };
  return watch;
}

/** Its own properties and private names as they are; not what is in their values. Returns the way back. */
function remember(instance: object, { table, isField }: PrivateNames): () => void {
  const before = new Map(Reflect.ownKeys(instance).map((key) => [key, Reflect.getOwnPropertyDescriptor(instance, key)]));
  const names = Object.entries(table).flatMap(([name, access]) =>
    isField(name) && access.has(instance) ? [[access, access.get(instance)] as const] : [],
  );
  return () => {
    for (const key of Reflect.ownKeys(instance)) if (!before.has(key)) Reflect.deleteProperty(instance, key);
    for (const [key, descriptor] of before) if (descriptor) Reflect.defineProperty(instance, key, descriptor);
    for (const [access, value] of names) access.of(instance).value = value;
  };
}
