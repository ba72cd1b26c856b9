/**
 * A class of a running program, kept for good: a patch gives it new members, fields and another constructor, and its identity, its
 * prototype and its instances stay.
 */
import { createKeys } from './member-keys.ts';
import { checkMaker } from './instances-before.ts';
import { constructionKey, instanceFields, isSameField, memberKey, publicFields } from './members.ts';
import { createConstructorSlot, type Construction, type Constructs, type Field } from './construction.ts';
import { adoptFunction, defineJournalled, deleteJournalled, setPrototypeJournalled, type Journal } from './journal.ts';
import type { AnyFunction, Slot } from './live-module.ts';
import type { Instances } from '../class-instances.ts';
import { isLazy, lazyField } from './lazy-field.ts';
import { createPrivateNames, type PrivateNames, type PrivateTable } from './privates.ts';
import type { ClassShape, MemberShape } from './shape.ts';
import { createWatch, type Watch } from './watch.ts';

type Callable = (this: unknown, ...args: unknown[]) => unknown;

/** What a patch brings of a class, taken apart. */
export interface ClassParts {
  readonly shape: ClassShape;
  readonly parent: (() => unknown) | undefined;
  /** What the expression behind `extends` reads has another value now. */
  readonly isParentStale: boolean;
  /** What the constructor and the initialisers import is read elsewhere now. */
  readonly isRebound: boolean;
  readonly constructs: Constructs | undefined;
  /** Of a method, accessor or function of a field, by slot; and of an initialiser or static block, by position among the members. */
  functionOf(slot: number): Callable;
  homeOf(slot: number): object | undefined;
  /** What has effects that nobody can take back waits until everything else is done. */
  later(step: () => void): void;
  /** Of a computed name. */
  keyOf(position: number): PropertyKey;
  initialiserOf(position: number): { readonly call: Callable; readonly home: object };
}

export interface LiveClass {
  readonly object: AnyFunction;
  readonly privates: PrivateNames;
  shape: ClassShape;
  /** Public fields that instances may have, whatever version has made them. */
  readonly fields: ReadonlySet<string>;
  /**
   * Applies what differs, but for the bodies of members that were there, which have slots. Returns whether instances are made by the initialisers
   * of these parts from now on. @throws TypeError of a frozen prototype
   */
  patch(parts: ClassParts, journal: Journal): { readonly isMadeAnew: boolean };
  readonly watch: Watch;
  /** From now on instances are told of when they are made; of each version anew. Returns as `patch` does. */
  know(parts: ClassParts, journal: Journal): { readonly isMadeAnew: boolean };
}

/** Parent of a class that had `extends` and has none any more: its constructor must still call something. */
const Root = function Root(): void {} as unknown as { new (): object; prototype: object };
Root.prototype = Object.prototype;

export interface LiveClassOptions {
  readonly object: AnyFunction;
  readonly shape: ClassShape;
  readonly privates: PrivateTable;
  readonly slot: Slot;
  /** Computed names of the first version, by member. */
  readonly keys?: ReadonlyMap<number, PropertyKey>;
  /** Made by a patch: nothing of it is native. */
  readonly isMade?: boolean;
  /** Of a class that tells of them. */
  readonly instances?: Instances | undefined;
}

export function createLiveClass({ object, shape, privates: native, slot, keys: given, isMade, instances }: LiveClassOptions): LiveClass {
  const prototype = object.prototype as object;
  const ownFields = new Set(shape.members.flatMap(({ kind, name, isStatic }) => (kind === 'field' && !isStatic ? [name] : [])));
  // What it was made by is told by a private name of instances; one of statics only the class itself has.
  const brand = native[shape.members.find(({ name, isStatic }) => name.startsWith('#') && !isStatic)?.name ?? '']?.[0];
  const privates = createPrivateNames(
    native,
    ownFields,
    (candidate) => candidate === object || (brand?.(candidate) ?? Object.prototype.isPrototypeOf.call(prototype, candidate)),
  );
  const watch = createWatch(prototype, privates, instances);
  const nativeFields = isMade ? [] : instanceFields(shape);
  const nativeKey = isMade ? undefined : constructionKey(shape);
  const nativeIsDerived = shape.parent !== undefined;
  /** Literals whose methods may say `super`, by member. */
  const homes = new Map<string, { readonly home: object; readonly isStatic: boolean }>();
  let construction: Construction | undefined;
  let current = shape;
  let fields: ReadonlySet<string> = new Set(publicFields(shape));

  const keyOf = createKeys(object, shape, given);

  const targetOf = (isStatic: boolean): object => (isStatic ? object : prototype);

  const settleHome = (home: object, isStatic: boolean): void =>
    void Object.setPrototypeOf(home, Reflect.getPrototypeOf(targetOf(isStatic)));

  const adopt = (key: string, home: object | undefined, isStatic: boolean): void => {
    if (!home) return;
    homes.set(key, { home, isStatic });
    settleHome(home, isStatic);
  };

  const made = createConstructorSlot({
    object,
    isBranded: brand !== undefined,
    stamp: privates.stamp,
    watch,
    settleHome: (home) => settleHome(home, false),
    newest: () => construction,
  });

  const patchParent = (parts: ClassParts, journal: Journal): void => {
    const isDerived = parts.parent !== undefined;
    if (!isDerived && nativeIsDerived) setPrototypeJournalled(object, Root, journal);
    const parent = parts.parent?.();
    checkMaker(object, parent);
    if (isDerived && parent !== null && typeof parent !== 'function')
      throw new TypeError('A class extends what is not a constructor or null');
    const [ofClass, ofPrototype] = isDerived
      ? [parent ?? Function.prototype, parent === null ? null : ((parent as AnyFunction).prototype as object)]
      : [nativeIsDerived ? Root : Function.prototype, Object.prototype];
    setPrototypeJournalled(object, ofClass as object, journal);
    setPrototypeJournalled(prototype, ofPrototype, journal);
    const settle = (): void => {
      for (const { home, isStatic } of homes.values()) settleHome(home, isStatic);
    };
    journal.undo(settle);
    settle();
  };

  const setConstruction = (next: Construction | undefined, journal: Journal): void => {
    const before = construction;
    const set = (value: Construction | undefined): void => {
      construction = value;
      const first = value && nativeFields[value.from];
      made.from = first ? shape.members.indexOf(first) : Number.MAX_SAFE_INTEGER;
      slot.write(value && made);
    };
    const [literal] = next?.constructs?.(undefined, () => ({})) ?? [];
    if (next) adoptFunction(object, { length: literal?.['constructor']?.length ?? 0 }, journal);
    set(next);
    journal.undo(() => set(before));
  };

  const constructionOf = (parts: ClassParts): Construction => {
    const fields: Field[] = [];
    const shapes: MemberShape[] = [];
    for (const [position, member] of parts.shape.members.entries()) {
      if (member.kind !== 'field' || member.isStatic) continue;
      const { call, home } = parts.initialiserOf(position);
      adopt(`new ${member.name}`, home, false);
      fields.push({ key: keyOf(member, position, parts), isPrivate: member.name.startsWith('#'), initialiser: call });
      shapes.push(member);
    }
    const differs = nativeFields.findIndex((field, index) => !isSameField(field, shapes[index]));
    const names = new Set(shapes.map(({ name }) => name));
    return {
      constructs: parts.constructs,
      shared: parts.constructs?.length === 0 ? parts.constructs(undefined, () => ({})) : undefined,
      fields,
      from: differs === -1 ? nativeFields.length : differs,
      gone: nativeFields.filter(({ name }) => !name.startsWith('#') && !names.has(name)).map((field) => keyOf(field)),
      isDerived: parts.parent !== undefined,
    };
  };

  const patchMembers = (parts: ClassParts, journal: Journal): void => {
    const before = new Map(current.members.map((member) => [memberKey(member), member]));
    const after = new Set(parts.shape.members.map(memberKey));
    for (const member of current.members) if (!after.has(memberKey(member))) removeMember(member, parts.shape.members, journal);
    for (const [position, member] of parts.shape.members.entries()) {
      const known = before.get(memberKey(member));
      const { own, isStatic = false, name, kind } = member;
      const key = keyOf(member, position, parts);
      if (own && own.hash !== known?.own?.hash) adopt(memberKey(member), parts.homeOf(own.slot), isStatic);
      if (known && own && own.hash !== known.own?.hash) {
        const { get, set, value } = Reflect.getOwnPropertyDescriptor(targetOf(isStatic), key) ?? {};
        adoptFunction(kind === 'getter' ? get : kind === 'setter' ? set : value, parts.functionOf(own.slot), journal);
      }
      if (!known) addMember(member, key, position, parts, journal);
      else if (kind === 'field' && known.hash !== member.hash) {
        if (isStatic) assignStatic(member, key, position, parts, journal);
        else if (name.startsWith('#') && !privates.isNative(name)) privates.later(name, { initial: initialOf(position, parts) }, journal);
        else if (isLazy(prototype, key)) defineJournalled(prototype, key, lazyField(key, initialOf(position, parts)), journal);
      }
    }
  };

  const initialOf = (position: number, parts: ClassParts): ((self: object) => unknown) => {
    const { call, home } = parts.initialiserOf(position);
    settleHome(home, false);
    return (self) => call.call(self);
  };

  const addMember = (member: MemberShape, key: PropertyKey, position: number, parts: ClassParts, journal: Journal): void => {
    const { kind, name, isStatic = false, own } = member;
    if (kind === 'block') {
      const { call, home } = parts.initialiserOf(position);
      settleHome(home, true);
      parts.later(() => void call.call(object));
      return;
    }
    if (name.startsWith('#')) {
      addPrivate(member, position, parts, journal);
      return;
    }
    const target = targetOf(isStatic);
    if (kind === 'field') {
      if (isStatic) assignStatic(member, key, position, parts, journal);
      else defineJournalled(prototype, key, lazyField(key, initialOf(position, parts)), journal);
      return;
    }
    if (!own) return;
    const value = parts.functionOf(own.slot);
    if (kind === 'method') {
      defineJournalled(target, key, { value, writable: true, enumerable: false, configurable: true }, journal);
      return;
    }
    const known = Reflect.getOwnPropertyDescriptor(target, key);
    const accessors = known && !('value' in known) ? { get: known.get, set: known.set } : {};
    const descriptor = { ...accessors, [kind === 'getter' ? 'get' : 'set']: value, enumerable: false, configurable: true };
    defineJournalled(target, key, descriptor as PropertyDescriptor, journal);
  };

  const addPrivate = ({ kind, name, isStatic, own }: MemberShape, position: number, parts: ClassParts, journal: Journal): void => {
    if (privates.isNative(name)) return;
    if (kind === 'field') {
      privates.later(name, { initial: initialOf(position, parts) }, journal);
      if (isStatic) privates.stamp(name, object, parts.initialiserOf(position).call.call(object));
      return;
    }
    if (!own) return;
    const value = parts.functionOf(own.slot);
    const before = privates.meaningOf(name);
    if (kind === 'method') privates.later(name, { method: value }, journal);
    else privates.later(name, { getter: before?.getter, setter: before?.setter, [kind]: value }, journal);
  };

  const assignStatic = ({ name }: MemberShape, key: PropertyKey, position: number, parts: ClassParts, journal: Journal): void => {
    const { call, home } = parts.initialiserOf(position);
    settleHome(home, true);
    const value = call.call(object);
    if (!name.startsWith('#')) {
      defineJournalled(object, key, { value, writable: true, enumerable: true, configurable: true }, journal);
      return;
    }
    const access = privates.table[name]?.of(object);
    if (!access) return;
    const before = access.value;
    access.value = value;
    journal.undo(() => void (access.value = before));
  };

  const removeMember = (member: MemberShape, now: readonly MemberShape[], journal: Journal): void => {
    const { kind, name, isStatic = false } = member;
    if (kind === 'block') return;
    if (name.startsWith('#')) {
      if (!privates.isNative(name)) privates.later(name, undefined, journal);
      return;
    }
    const target = targetOf(isStatic);
    const key = keyOf(member);
    if (kind === 'field' && !isStatic) {
      if (isLazy(prototype, key)) deleteJournalled(prototype, key, journal);
      return;
    }
    const other = now.find(
      (candidate) => candidate.name === name && (candidate.isStatic ?? false) === isStatic && candidate.kind !== 'field',
    );
    const isPair = other && kind !== 'method' && kind !== 'field' && other.kind !== 'method';
    if (!isPair) {
      deleteJournalled(target, key, journal);
      return;
    }
    const known = Reflect.getOwnPropertyDescriptor(target, key);
    if (known) defineJournalled(target, key, { ...known, [kind === 'getter' ? 'get' : 'set']: undefined }, journal);
  };

  return {
    object,
    privates,
    get shape() {
      return current;
    },
    set shape(value) {
      current = value;
    },
    get fields() {
      return fields;
    },
    patch(parts, journal) {
      const before = current;
      if (parts.shape.parent !== current.parent || parts.isParentStale) patchParent(parts, journal);
      patchMembers(parts, journal);
      const key = constructionKey(parts.shape);
      const isMadeAnew = (isMade && !construction) || key !== constructionKey(current) || parts.isRebound;
      if (isMadeAnew) setConstruction(key === nativeKey && !parts.isRebound && !watch.isOn ? undefined : constructionOf(parts), journal);
      const fieldsBefore = fields;
      fields = new Set([...fields, ...publicFields(parts.shape)]);
      current = parts.shape;
      journal.undo(() => {
        current = before;
        fields = fieldsBefore;
      });
      return { isMadeAnew };
    },
    watch,
    know(parts, journal) {
      for (const member of parts.shape.members)
        if (member.own && !member.isStatic) adopt(memberKey(member), parts.homeOf(member.own.slot), false);
      if (watch.isOn) return { isMadeAnew: false };
      watch.isOn = true;
      journal.undo(() => void (watch.isOn = false));
      const isMadeAnew = !construction;
      if (isMadeAnew) setConstruction(constructionOf(parts), journal);
      return { isMadeAnew };
    },
  };
}
