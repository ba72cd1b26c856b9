/**
 * Questions to the shapes of classes and functions, asked by who compares two versions and by who changes what is there: which member is
 * which, and what decides how instances are made.
 */
import type { ClassShape, FunctionShape, MemberShape } from './shape.ts';

export function instanceFields({ members }: ClassShape): MemberShape[] {
  return members.filter(({ kind, isStatic }) => kind === 'field' && !isStatic);
}

export const publicFields = (shape: ClassShape): string[] =>
  instanceFields(shape).flatMap(({ name }) => (name.startsWith('#') ? [] : [name]));

export function isSameField(a: MemberShape, b: MemberShape | undefined): boolean {
  return b !== undefined && a.name === b.name && a.hash === b.hash;
}

export function memberKey({ kind, name, isStatic, hash }: MemberShape): string {
  return `${isStatic ? 'static ' : ''}${kind} ${kind === 'block' ? hash : name}`;
}

/** What decides how an instance is made. */
export function constructionKey(shape: ClassShape): string {
  const fields = instanceFields(shape).map(({ name, hash }) => `${name} ${hash}`);
  return [shape.constructs ?? '', shape.parent === undefined ? 'base' : 'derived', ...fields].join('\n');
}

/** What calling a function gives is made by the one that is there, whatever later versions of it are. @param isBoth a new one is there, too */
export function keepKind(before: FunctionShape, after: FunctionShape, isBoth: boolean): void {
  const kind = isBoth ? (before.kind ?? after.kind) : before.kind;
  if (kind !== after.kind) Object.assign(after, { kind });
}
