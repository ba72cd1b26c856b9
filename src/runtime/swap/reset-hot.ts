/**
 * `import.meta.hot` of a module whose statements about it run again, since something in them has changed: what it has registered must not be
 * there twice, and comes back when the swap is taken back.
 */
import type { DependencyAccept, HotState } from '../hot.ts';

/** Forgets what a module has registered, for it is about to do so again. Returns the way back. */
export function resetHot(instance: { hot: HotState | undefined }): () => void {
  const before = instance.hot;
  if (!before) return () => void (instance.hot && resetHot(instance));
  const { selfAccepted, acceptedExports, declined, swaps } = before;
  const listeners = [...before.listening];
  for (const { end } of listeners) end();
  const { selfCallbacks, dependencyAccepts, disposers, pruners, redraws } = before;
  const lists = [selfCallbacks, dependencyAccepts, disposers, pruners, redraws] as unknown[][];
  const kept = lists.map((list) => list.splice(0));
  // A container is called in code that does not run again.
  before.dependencyAccepts.push(...((kept[1] ?? []) as DependencyAccept[]).filter(({ container }) => container));
  const sets = [before.tracked, before.kept, before.renewed] as Set<unknown>[];
  const members = sets.map((set) => [...set]);
  const hooks = [...before.migrations];
  for (const collection of [...sets, before.migrations]) collection.clear();
  Object.assign(before, { selfAccepted: false, acceptedExports: undefined, declined: false, swaps: false });
  return () => {
    lists.forEach((list, index) => void list.splice(0, list.length, ...(kept[index] ?? [])));
    for (const collection of [...sets, before.migrations]) collection.clear();
    for (const [index, set] of sets.entries()) for (const member of members[index] ?? []) set.add(member);
    for (const [name, hook] of hooks) before.migrations.set(name, hook);
    Object.assign(before, { selfAccepted, acceptedExports, declined, swaps });
    for (const { end } of before.listening) end();
    for (const { again } of listeners) again();
  };
}
