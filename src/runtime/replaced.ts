/**
 * What a module was before an update and is after it, as far as others depend on it: which names it forwards, which modules it has let
 * go of.
 */
import type { ModuleMeta } from '../protocol.ts';
import type { Replaced } from './callbacks.ts';
import { shapeOf } from './linking.ts';
import type { ModuleRecord } from './record.ts';

/** Whoever forwards a name of it forwards the same now. */
export function keptShape({ record, instance }: Replaced): boolean {
  const after = record.current?.definition.meta;
  return after !== undefined && shapeOf(after) === shapeOf(instance.definition.meta);
}

/** Only then can a module have lost its last importer. */
export function lostDependency({ record, instance }: Replaced): boolean {
  return isLost(instance.definition.meta, record.current?.definition.meta);
}

/** The same of a module that is about to be changed in place. */
export function losesDependency(record: ModuleRecord | undefined): boolean {
  return record?.current !== undefined && isLost(record.current.definition.meta, record.definition?.meta);
}

function isLost(before: ModuleMeta, after: ModuleMeta | undefined): boolean {
  if (!after || before === after) return false;
  const named = new Set([...after.deps, ...Object.values(after.specifiers)]);
  return [...before.deps, ...Object.values(before.specifiers)].some((id) => !named.has(id));
}
