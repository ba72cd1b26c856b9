/**
 * Classes of a new version against those that run: which member is which, by kind and name, and what of a class cannot be changed while
 * there are instances of it.
 */
import { keyOfFunction, keyOfGone, keyOfMember, type GoneFunctions } from './gone-functions.ts';
import type { FunctionMatch } from './match.ts';
import type { ClassShape, FunctionShape, MemberShape } from './shape.ts';

/** Why a module cannot be changed in place. */
export class Refused extends Error {
  readonly line: number | undefined;

  constructor(reason: string, line: number | undefined) {
    super(reason);
    this.line = line;
  }
}

export const classKey = ({ name, members }: ClassShape): string => `${name} ${members.map(({ name: member }) => member).join()}`;

export function matchMembers(before: ClassShape | undefined, after: ClassShape, gone: GoneFunctions): FunctionMatch[] {
  const there = new Map(before?.members.map((member) => [keyOfMember(member), member.own]));
  const others = new Map(before?.members.map((member) => [keyOfFunction(member), member.own]));
  return after.members.flatMap((member): FunctionMatch[] => {
    if (!member.own) return [];
    const same = there.get(keyOfMember(member));
    if (same) return [{ after: member.own, before: same }];
    // A method that has become a function of a field, or the other way round.
    const known = before && (others.get(keyOfFunction(member)) ?? gone.get(keyOfGone(after, member)));
    const own = known && asMember(known);
    // Of a private name there is but one function, which cannot be left to what it was.
    const isSameKind = own && (member.name.startsWith('#') || (own.kind ?? '') === (asMember(member.own).kind ?? ''));
    return [isSameKind ? { after: member.own, before: own, isAgain: true } : { after: member.own, before: undefined }];
  });
}

/** Of a member an arrow function has the same `this` as any other. */
function asMember(own: FunctionShape): FunctionShape {
  const { kind, ...rest } = own;
  const plain = kind?.replace(/ ?arrow$/, '') as FunctionShape['kind'] | '' | undefined;
  return { ...rest, ...(plain && { kind: plain }) };
}

/** @throws Refused when the class cannot be changed as it would have to be */
export function checkClass(before: ClassShape | undefined, after: ClassShape, line: number | undefined): void {
  const refuse = (reason: string): never => {
    throw new Refused(reason, line);
  };
  if (!before) {
    if (after.refused !== undefined) refuse(after.refused);
    return;
  }
  if (JSON.stringify(comparable(before)) === JSON.stringify(comparable(after))) return;
  const never = before.refused ?? after.refused;
  if (never !== undefined) refuse(never);
  const blocks = (shape: ClassShape): string[] => shape.members.filter(({ kind }) => kind === 'block').map(({ hash = '' }) => hash);
  const left = blocks(after);
  for (const hash of blocks(before)) {
    if (!left.includes(hash)) refuse(`a static block of ${after.name} changed`);
    left.splice(left.indexOf(hash), 1);
  }
  const names = new Map(before.members.map((member) => [keyOfMember(member), member]));
  for (const member of after.members) {
    if (names.has(keyOfMember(member))) continue;
    if (member.name.startsWith('#') && before.members.some((other) => other.name === member.name && !isPair(other, member))) {
      refuse(`${member.name} of ${after.name} is of another kind now`);
    }
  }
  const hasPrivate = before.members.some(({ name }) => name.startsWith('#'));
  if (before.parent === undefined && after.parent !== undefined && hasPrivate)
    refuse(`${after.name}, which has private names, extends another class now`);
}

const isPair = (a: MemberShape, b: MemberShape): boolean => a.kind !== b.kind && a.kind.endsWith('er') && b.kind.endsWith('er');

/** Without numbers that depend on what else is in the file. */
function comparable({ parent, constructs, members }: ClassShape): unknown {
  return [parent, constructs, members.map(({ kind, name, isStatic, hash, own }) => [kind, name, isStatic, hash, own?.hash])];
}
