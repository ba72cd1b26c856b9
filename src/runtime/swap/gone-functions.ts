/**
 * Functions that members of a class had and have no more: somebody may hold them still (a listener, a field, a native private name), and gets what
 * comes back under their name. Their slots stand in the module's list, behind those of the newest version.
 */
import type { Journal } from './journal.ts';
import type { LiveModule, Slot } from './live-module.ts';
import type { Match } from './match.ts';
import type { ClassShape, FunctionShape, MemberShape } from './shape.ts';

/** By class and member. */
export type GoneFunctions = ReadonlyMap<string, FunctionShape>;

export const keyOfMember = ({ kind, name, isStatic = false }: MemberShape): string => `${isStatic ? 'static ' : ''}${kind} ${name}`;

/** A method and a function of a field are one. */
export const keyOfFunction = (member: MemberShape): string => keyOfMember(member.kind === 'field' ? { ...member, kind: 'method' } : member);

export const keyOfGone = ({ at }: ClassShape, member: MemberShape): string => `${at} ${keyOfFunction(member)}`;

/** The module goes on with these slots, of which the newest version has so many. */
export function keepGone(
  live: LiveModule,
  { functions, classes }: Match,
  slots: (readonly Slot[])[],
  count: number,
  journal: Journal,
): void {
  const before = { slots: live.slots, gone: live.gone };
  const matched = new Set(functions.map((entry) => entry.before?.slot ?? -1));
  const kept = new Map([...live.gone].filter(([, { slot }]) => !matched.has(slot)));
  for (const { before: earlier, after } of classes)
    for (const member of earlier?.members ?? [])
      if (member.own && !matched.has(member.own.slot)) kept.set(keyOfGone(after, member), member.own);
  slots.length = count;
  live.gone = new Map([...kept].map(([key, own]) => [key, { ...own, slot: slots.push(live.slots[own.slot] ?? []) - 1 }]));
  live.slots = slots;
  journal.undo(() => void Object.assign(live, before));
}
