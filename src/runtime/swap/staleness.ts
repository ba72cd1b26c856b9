/**
 * Why a module has to run again although all of it could be changed in place: something in it was made with a value that changes, and
 * cannot be made anew alone. So nothing is ever out of date where somebody relies on it.
 */
import type { Match, Refusal } from './match.ts';
import type { Shape } from './shape.ts';
import { changingNames, isFollowed, isWanted, nameOf, readsOf, type Wishes } from './values.ts';

/** @param imports changed imports as `dep name` */
export function whyStale(match: Match, shape: Shape, expected: Wishes, imports: ReadonlySet<string>): Refusal | undefined {
  const changed = changingNames(match, expected, imports);
  // Of those the author has thought.
  for (const name of Object.keys(shape.hot?.migrates ?? {})) changed.delete(name);
  for (const { after, isAdded } of match.statements) {
    const name = isAdded || after.isHot ? undefined : readsOf(after, changed);
    if (name !== undefined) return { reason: `a statement has used ${nameOf(name)}, whose value changes`, line: after.line };
  }
  for (const entry of match.variables) {
    const { after } = entry;
    const name = isWanted(entry, expected) || isFollowed(after) ? undefined : readsOf(after, changed);
    if (name !== undefined)
      return { reason: `${after.names.join(', ')} was made with ${nameOf(name)}, whose value changes`, line: after.line };
  }
  for (const { unit } of match.classes) {
    const name = unit && readsOf(unit, changed);
    if (name !== undefined) return { reason: `${unit?.name} was made with ${nameOf(name)}, whose value changes`, line: unit?.line };
  }
  return undefined;
}
