/**
 * Writes of patched code to a module-level name whose exports are not those of the first version: that version's own setter tells importers
 * of the names that it knew, and of no others.
 */
import { defineJournalled, type Journal } from './journal.ts';
import type { Shape } from './shape.ts';

type Exports = Shape['exports'];

interface Bare {
  /** What reads and writes the binding itself. */
  readonly binding: PropertyDescriptor;
  /** Names that it has ever been exported by, and that it may tell still. */
  readonly told: readonly string[];
}

/** By the setter that has taken its place. */
const bare = new WeakMap<object, Bare>();

export interface TellOptions {
  readonly scope: Record<string, unknown>;
  readonly before: Exports;
  readonly after: Exports;
  readonly announce: (exportName: string, value: unknown) => void;
}

/** A binding of the scope object tells of the names that it is exported by now. */
export function tellImporters(name: string, { scope, before, after, announce }: TellOptions, journal: Journal): void {
  const own = Reflect.getOwnPropertyDescriptor(scope, name);
  const known = own?.set && bare.get(own.set);
  const binding = known?.binding ?? own ?? Reflect.getOwnPropertyDescriptor(Reflect.getPrototypeOf(scope) ?? {}, name);
  if (!binding?.get || !binding.set) return;
  const write = binding.set.bind(scope);
  const exported = namesOf(after, name);
  const told = [...(known?.told ?? []), ...namesOf(before, name)];
  const others = told.flatMap((as) => {
    const local = after[as];
    return local === undefined || local === name ? [] : [[as, local] as const];
  });
  const set = (value: unknown): void => {
    write(value);
    for (const as of exported) announce(as, value);
    for (const [as, local] of others) if (isInitialised(scope, local)) announce(as, scope[local]);
  };
  bare.set(set, { binding, told });
  defineJournalled(scope, name, { get: binding.get, set, enumerable: true, configurable: true }, journal);
}

/** A binding that the first version does not have. */
export function defineAdded(scope: object, name: string, journal: Journal): void {
  let binding: unknown;
  const set = (value: unknown): void => void (binding = value);
  defineJournalled(scope, name, { get: () => binding, set, enumerable: true, configurable: true }, journal);
}

export function namesOf(exports: Exports, local: string): string[] {
  return Object.keys(exports).filter((as) => exports[as] === local);
}

export function isInitialised(scope: Record<string, unknown>, name: string): boolean {
  try {
    return name in scope && (void scope[name], true);
  } catch {
    return false; // ReferenceError: it is about to be.
  }
}
