/**
 * Instances of one class, for as long as the program holds them: those that the class itself has told of when it made them. Nothing is kept
 * alive by this.
 */

export interface Instances {
  add(instance: object): void;
  has(instance: object): boolean;
  /** In the order in which they were made. */
  all(): object[];
}

export function createInstances(): Instances {
  const references = new Set<WeakRef<object>>();
  const known = new WeakSet<object>();
  const ended = new FinalizationRegistry<WeakRef<object>>((reference) => void references.delete(reference));
  return {
    add(instance) {
      if (known.has(instance)) return;
      known.add(instance);
      const reference = new WeakRef(instance);
      references.add(reference);
      ended.register(instance, reference);
    },
    has: (instance) => known.has(instance),
    all: () => [...references].flatMap((reference) => reference.deref() ?? []),
  };
}
