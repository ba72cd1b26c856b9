/**
 * Classes of a new version against those that run: which member is which, by kind and name, and what of a class cannot be changed while
 * there are instances of it.
 */
import type { FunctionMatch } from './match.ts';
import type { ClassShape, MemberShape } from './shape.ts';

/** Why a module cannot be changed in place. */
export class Refused extends Error {
  readonly line: number | undefined;

  constructor(reason: string, line: number | undefined) {
    super(reason);
    this.line = line;
  }
}

export const classKey = ({ name, members }: ClassShape): string => `${name} ${members.map(({ name: member }) => member).join()}`;

export function matchMembers(before: ClassShape | undefined, after: ClassShape): FunctionMatch[] {
  const known = new Map(before?.members.map((member) => [keyOfMember(member), member]));
  return after.members.flatMap((member): FunctionMatch[] => {
    if (!member.own) return [];
    const old = known.get(keyOfMember(member));
    // A function that a field is made with belongs to it only while the field is one of functions.
    const own = old?.kind === 'field' && old.hash !== member.hash ? undefined : old?.own;
    return [{ after: member.own, before: own }];
  });
}

const keyOfMember = ({ kind, name, isStatic = false }: MemberShape): string => `${isStatic ? 'static ' : ''}${kind} ${name}`;

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
  const now = new Set(after.members.map(keyOfMember));
  for (const member of before.members) {
    if (member.name.startsWith('[') && !now.has(keyOfMember(member))) refuse(`a member of ${after.name} with a computed name was removed`);
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
