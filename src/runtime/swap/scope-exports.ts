/**
 * Writes of patched code to a module-level name whose exports are not those of the first version: that version's own setter tells importers
 * of the names that it knew, and of no others.
 */
import { defineJournalled, type Journal } from './journal.ts';

/** What reads and writes the binding itself, by the setter that has taken its place. */
const bare = new WeakMap<object, PropertyDescriptor>();

/** @param exported all names that importers know it by */
export function tellImporters(
  scope: object,
  name: string,
  exported: readonly string[],
  announce: (exportName: string, value: unknown) => void,
  journal: Journal,
): void {
  const own = Reflect.getOwnPropertyDescriptor(scope, name);
  const binding = (own?.set && bare.get(own.set)) ?? own ?? Reflect.getOwnPropertyDescriptor(Reflect.getPrototypeOf(scope) ?? {}, name);
  if (!binding?.get || !binding.set) return;
  const write = binding.set.bind(scope);
  const set = (value: unknown): void => {
    write(value);
    for (const as of exported) announce(as, value);
  };
  bare.set(set, binding);
  defineJournalled(scope, name, { get: binding.get, set, enumerable: true, configurable: true }, journal);
}

/** A binding that the first version does not have. */
export function defineAdded(scope: object, name: string, journal: Journal): void {
  let binding: unknown;
  const set = (value: unknown): void => void (binding = value);
  defineJournalled(scope, name, { get: () => binding, set, enumerable: true, configurable: true }, journal);
}

/** Export names by local names. */
export function namesByLocal(exports: Readonly<Record<string, string>>): Map<string, string[]> {
  const found = new Map<string, string[]>();
  for (const [as, local] of Object.entries(exports)) found.set(local, [...(found.get(local) ?? []), as]);
  return found;
}
