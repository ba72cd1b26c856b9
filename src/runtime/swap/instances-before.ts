/**
 * What objects of before would be in the way of: they have been made, and have for good what their class has put into them. A change that
 * would mean nothing for them, or the wrong thing, is refused.
 */
import type { LiveModule } from './live-module.ts';
import type { Match, Refusal } from './match.ts';
import { instanceFields, memberKey } from './members.ts';
import type { ClassShape, MemberShape } from './shape.ts';
import { readOr } from './values.ts';

type ValueOf = Readonly<Record<NonNullable<ClassShape['parentName']>[0], (name: string) => unknown>>;

/** @param imported the value of an import by `dep name`, if it has one */
export function instancesRefusal(
  { classes, functions }: Match,
  live: LiveModule,
  imported: (name: string) => unknown,
): Refusal | undefined {
  const valueOf: ValueOf = {
    module: (name) => readOr(live.scope, name),
    import: imported,
    global: (name) => Reflect.get(globalThis, name),
  };
  for (const { after, before, unit } of classes) {
    const known = before && live.classes[before.index];
    if (!known) continue;
    const earlier = new Set(before.members.map(memberKey));
    const isFunctionAgain = ({ own }: MemberShape): boolean => functions.some((entry) => entry.after === own && entry.before);
    const hidden = after.members.find(
      (member) => isOnPrototype(member) && known.fields.has(member.name) && !earlier.has(memberKey(member)) && !isFunctionAgain(member),
    );
    if (hidden)
      return { reason: `${hidden.name} of ${after.name} was a field, and is a ${hidden.kind} that it would hide now`, line: unit?.line };
    const reason = after.parent === before.parent ? undefined : parentRefusal(after, known.object, valueOf);
    if (reason !== undefined) return { reason, line: unit?.line };
  }
  return undefined;
}

/** What the developer is told of objects that stay as they are. @param migrates names of classes that have a hook */
export function keptNote({ classes }: Match, live: LiveModule, migrates: ReadonlySet<string>): string | undefined {
  const names = classes.flatMap(({ after, before }) => {
    const known = before && live.classes[before.index];
    if (!known || !isBegunOtherwise(before, after)) return [];
    // Elements in the document are the page's to draw anew.
    return migrates.has(after.name) || known.watch.hooks.size > 0 || isElement(known.object.prototype) ? [] : [after.name];
  });
  if (names.length === 0) return undefined;
  return `objects of ${names.join(', ')} that are there keep what the constructor and fields have given them; new ones get the new (import.meta.hot.migrate changes them)`;
}

/** A field that was added comes to objects of before by itself, and one that is gone is in nobody's way. */
function isBegunOtherwise(before: ClassShape, after: ClassShape): boolean {
  if (before.constructs !== after.constructs) return true;
  const fields = new Map(instanceFields(before).map(({ name, hash }) => [name, hash]));
  return instanceFields(after).some(({ name, hash }) => fields.has(name) && fields.get(name) !== hash);
}

function isElement(prototype: unknown): boolean {
  const { HTMLElement } = globalThis as { readonly HTMLElement?: { readonly prototype: object } };
  return HTMLElement !== undefined && Object.prototype.isPrototypeOf.call(HTMLElement.prototype, prototype as object);
}

const isOnPrototype = ({ kind, name, isStatic }: MemberShape): boolean =>
  !isStatic && !name.startsWith('#') && kind !== 'field' && kind !== 'block';

/** What `new Map()` makes, and what HTMLElement makes, is nothing else later on. Of a parent that is not there yet it shows in the commit. */
function parentRefusal({ name, parent, parentName }: ClassShape, object: object, valueOf: ValueOf): string | undefined {
  const was = makerOf(object);
  if (parent === undefined) return was && `${name} does not extend ${was.name} any more, which has made the objects of before`;
  const value = parentName && valueOf[parentName[0]](parentName[1]);
  if (typeof value !== 'function') return undefined;
  const is = makerOf(value);
  return is === was ? undefined : whyOtherMaker(name, is);
}

/** @throws TypeError when a class is to extend what makes objects of another kind */
export function checkMaker(object: { readonly name: string }, parent: unknown): void {
  const is = makerOf(parent);
  if (is !== makerOf(object)) throw new TypeError(whyOtherMaker(object.name, is));
}

function whyOtherMaker(name: string, is: { readonly name: string } | undefined): string {
  return is
    ? `${name} extends ${is.name} now, which has not made the objects of before`
    : `${name} extends what has not made the objects of before`;
}

/** The built-in constructor that makes the instances of a class; undefined where they are ordinary objects. */
function makerOf(object: unknown): { readonly name: string } | undefined {
  let at = object;
  while (typeof at === 'function' && at !== Function.prototype) {
    const parent = Reflect.getPrototypeOf(at);
    if (at !== Object && Object.hasOwn(at, 'prototype') && isNative(at)) return at;
    at = parent;
  }
  return undefined;
}

const isNative = (fn: object): boolean => /\{\s*\[native code\]\s*\}$/.test(Function.prototype.toString.call(fn));
