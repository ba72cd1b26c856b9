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
    if (holdsItself(value)) return false;
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
  const known = new Map(before.map((property) => [property.name, property]));
  const names = new Set(after.map(({ name }) => name));
  for (const name of known.keys()) if (!names.has(name)) deleteJournalled(old, name, journal);
  for (const { name, hash, properties } of after) {
    const earlier = known.get(name);
    if (earlier?.hash === hash) continue;
    const [from, to] = [valueOf(value, name), valueOf(old, name)];
    if (properties && earlier?.properties && isPlain(from) && isPlain(to)) mergeLiteral(to, from, earlier.properties, properties, journal);
    else copy(name, value, old, journal);
  }
}

/** A literal whose text stayed, and which was made with something that changed: what of it was. */
export function followValue(
  old: unknown,
  value: unknown,
  properties: Properties | undefined,
  changed: ReadonlySet<string>,
  journal: Journal,
): void {
  if (!isPlain(old) || !isPlain(value)) return;
  if (!properties) {
    mergeAll(old, value, journal);
    return;
  }
  for (const { name, uses = [], properties: inner } of properties) {
    if (!uses.some((used) => changed.has(used) || changed.has(`~${used}`))) continue;
    const [from, to] = [valueOf(value, name), valueOf(old, name)];
    if (inner && isPlain(from) && isPlain(to)) followValue(to, from, inner, changed, journal);
    else copy(name, value, old, journal);
  }
}

const valueOf = (object: object, name: string): unknown => Reflect.getOwnPropertyDescriptor(object, name)?.value as unknown;

/** Whether it is one of the values of a plain object or a list. */
export function holds(object: unknown, value: unknown): boolean {
  if (!Array.isArray(object) && !isPlain(object)) return false;
  return Object.values(Object.getOwnPropertyDescriptors(object)).some((descriptor) => descriptor.value === value);
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

/** What it is made of means this very object (a context of React and its provider): taken apart, half of it would be the old one. */
function holdsItself(value: object): boolean {
  const parts = (of: object): unknown[] =>
    Object.values(Object.getOwnPropertyDescriptors(of)).map((descriptor): unknown => descriptor.value);
  return parts(value).some((part) => part === value || (typeof part === 'object' && part !== null && parts(part).includes(value)));
}

function isPlain(value: unknown): value is object {
  if (typeof value !== 'object' || value === null || !Object.isExtensible(value)) return false;
  const prototype = Reflect.getPrototypeOf(value);
  return prototype === null || Reflect.getPrototypeOf(prototype) === null;
}

/** With methods for what it makes: any function has a prototype. Not what `class` makes, whose fields and `super` would stay those of before. */
function isConstructor(value: unknown): value is { readonly prototype: object } {
  if (typeof value !== 'function' || !Reflect.getOwnPropertyDescriptor(value, 'prototype')?.writable) return false;
  const { prototype } = value as { readonly prototype?: unknown };
  // That of a generator function is what it gives objects, and does not lead back.
  if (typeof prototype !== 'object' || prototype === null || !Object.hasOwn(prototype, 'constructor')) return false;
  return Reflect.ownKeys(prototype).length > 1 || Reflect.getPrototypeOf(prototype) !== Object.prototype;
}
