/**
 * Property keys of a class's members. A computed name (`[state]`) is known by what it was when it was first evaluated: when the class was made,
 * or when a patch brought the member. From then on it stays, as the class itself does.
 */
import { memberKey } from './members.ts';
import type { ClassShape, MemberShape } from './shape.ts';

/** `["a-b"]` */
const LITERAL = /^\["(?:[^"\\]|\\.)*"\]$/;

interface Evaluating {
  keyOf(position: number): PropertyKey;
}

/** @param position, parts where the member need not be known yet; private names are their own keys */
export type KeyOf = (member: MemberShape, position?: number, parts?: Evaluating) => PropertyKey;

/** @param native of the version that the class was made by, by position among its members */
export function createKeys(
  object: { readonly name: string },
  shape: ClassShape,
  native: Iterable<readonly [number, PropertyKey]> = [],
): KeyOf {
  const keys = new Map<string, PropertyKey>();
  for (const [position, key] of native) {
    const member = shape.members[position];
    if (member) keys.set(memberKey(member), key);
  }
  return (member, position = -1, parts) => {
    const { name } = member;
    if (!name.startsWith('[')) return name;
    if (LITERAL.test(name)) return JSON.parse(name.slice(1, -1)) as string;
    const known = keys.get(memberKey(member)) ?? parts?.keyOf(position);
    if (known === undefined) throw new TypeError(`${object.name} has a member ${name} whose name nobody knows`);
    keys.set(memberKey(member), known);
    return known;
  };
}
