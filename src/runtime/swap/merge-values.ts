/**
 * A value whose initialiser changed, where something may hold the old one: the object stays, and what the author edited goes into it. Of object
 * literals property by property, three ways: what the author left alone keeps what the program has put there.
 */
import type { Properties } from './shape.ts';
import { defineJournalled, deleteJournalled, setPrototypeJournalled, type Journal } from './journal.ts';

export interface MergeOptions {
  readonly old: unknown;
  readonly value: unknown;
  /** Of the object literals, where they are some. */
  readonly before: Properties | undefined;
  readonly after: Properties | undefined;
  readonly journal: Journal;
}

/** Returns false when the value has to take the old one's place. */
export function mergeValues({ old, value, before, after, journal }: MergeOptions): boolean {
  if (isPlain(old) && isPlain(value)) {
    if (before && after) mergeLiteral(old, value, before, after, journal);
    else mergeAll(old, value, journal);
    return true;
  }
  if (!isConstructor(old) || !isConstructor(value) || old === value) return false;
  setPrototypeJournalled(old.prototype, Reflect.getPrototypeOf(value.prototype), journal);
  mergeAll(old.prototype, value.prototype, journal, ['constructor']);
  mergeAll(old, value, journal, ['prototype', 'length', 'name', 'arguments', 'caller']);
  return true;
}

function mergeLiteral(old: object, value: object, before: Properties, after: Properties, journal: Journal): void {
  const known = new Map(before.map((property) => [property[0], property]));
  const names = new Set(after.map(([name]) => name));
  for (const name of known.keys()) if (!names.has(name)) deleteJournalled(old, name, journal);
  for (const [name, hash, nested] of after) {
    const [, oldHash, oldNested] = known.get(name) ?? [];
    if (oldHash === hash) continue;
    const [from, to] = [Reflect.getOwnPropertyDescriptor(value, name)?.value, Reflect.getOwnPropertyDescriptor(old, name)?.value] as unknown[];
    if (nested && oldNested && isPlain(from) && isPlain(to)) mergeLiteral(to, from, oldNested, nested, journal);
    else copy(name, value, old, journal);
  }
}

function mergeAll(old: object, value: object, journal: Journal, but: readonly string[] = []): void {
  const names = Reflect.ownKeys(value).filter((name) => !but.includes(name as string));
  for (const name of Reflect.ownKeys(old)) {
    if (!but.includes(name as string) && !names.includes(name)) deleteJournalled(old, name, journal);
  }
  for (const name of names) copy(name, value, old, journal);
}

function copy(name: PropertyKey, from: object, to: object, journal: Journal): void {
  const descriptor = Reflect.getOwnPropertyDescriptor(from, name);
  if (descriptor) defineJournalled(to, name, descriptor, journal);
}

function isPlain(value: unknown): value is object {
  if (typeof value !== 'object' || value === null || !Object.isExtensible(value)) return false;
  const prototype = Reflect.getPrototypeOf(value);
  return prototype === null || Reflect.getPrototypeOf(prototype) === null;
}

/** With methods for what it makes: any function has a prototype. */
function isConstructor(value: unknown): value is { readonly prototype: object } {
  if (typeof value !== 'function' || !Object.hasOwn(value, 'prototype')) return false;
  const { prototype } = value as { readonly prototype?: unknown };
  if (typeof prototype !== 'object' || prototype === null) return false;
  return Reflect.ownKeys(prototype).length > 1 || Reflect.getPrototypeOf(prototype) !== Object.prototype;
}
