/**
 * How importers hear of what is written to a module-level name when its exports are not those of the first version. That version's code, also
 * what still runs of it, tells of the names that it was written with, which are put right on their way; and it does not tell of
 * names that were not exported then, which a setter of the scope object does.
 */
import { defineJournalled, type Journal } from './journal.ts';
import type { LiveModule } from './live-module.ts';
import type { Refusal } from './match.ts';
import { DEFAULT_BINDING, type Shape } from './shape.ts';

type Exports = Shape['exports'];

/** What reads and writes the binding itself, by the setter that has taken its place. */
const bare = new WeakMap<object, PropertyDescriptor>();

export interface TellOptions {
  readonly scope: Record<string, unknown>;
  /** Names that it is exported by. */
  readonly exported: readonly string[];
  readonly announce: (exportName: string, value: unknown) => void;
}

/** A binding that is not told by itself tells of the names that it is exported by now. */
export function tellImporters(name: string, { scope, exported, announce }: TellOptions, journal: Journal): void {
  const own = Reflect.getOwnPropertyDescriptor(scope, name);
  const binding = (own?.set && bare.get(own.set)) ?? own ?? Reflect.getOwnPropertyDescriptor(Reflect.getPrototypeOf(scope) ?? {}, name);
  if (!binding?.get || !binding.set) return;
  const write = binding.set.bind(scope);
  const set = (value: unknown): void => {
    write(value);
    for (const as of exported) announce(as, value);
  };
  bare.set(set, binding);
  defineJournalled(scope, name, { get: binding.get, set, enumerable: true, configurable: true }, journal);
}

/** What is there already and is exported by other names now. */
export function shareExports(live: LiveModule, exports: Exports, announce: TellOptions['announce'], journal: Journal): void {
  if (JSON.stringify(live.shape.exports) === JSON.stringify(exports)) return;
  const { scope } = live;
  renameExports(live, exports, journal);
  // Own ones were exported otherwise once.
  for (const name of new Set([...Object.values(exports), ...Object.keys(scope)])) {
    if (name === DEFAULT_BINDING || !(name in scope)) continue;
    const exported = namesOf(exports, name);
    if (!isToldByItself(live, name)) tellImporters(name, { scope, exported, announce }, journal);
    if (isInitialised(scope, name)) for (const as of exported) announce(as, scope[name]);
  }
}

/** The first version's code tells of its new values. */
function isToldByItself({ first }: LiveModule, name: string): boolean {
  return Object.values(first.exports).includes(name);
}

function renameExports(live: LiveModule, after: Exports, journal: Journal): void {
  const before = live.renamed;
  live.renamed = new Map(Object.entries(live.first.exports).map(([as, local]) => [as, namesOf(after, local)]));
  journal.undo(() => void (live.renamed = before));
}

/** Why a name cannot be exported now: who writes it would tell nobody, and no patch reaches it. */
export function untoldRefusal(live: LiveModule, { exports, units }: Shape): Refusal | undefined {
  const name = live.first.untold?.find((untold) => namesOf(exports, untold).length > 0);
  if (name === undefined) return undefined;
  const unit = units.find((found) => found.kind === 'variable' && found.names.includes(name));
  return { reason: `${name} is exported now, and functions that keep their old code write it`, line: unit?.line };
}

/** A binding that the first version does not have. */
export function defineAdded(scope: object, name: string, journal: Journal): void {
  let binding: unknown;
  const set = (value: unknown): void => void (binding = value);
  defineJournalled(scope, name, { get: () => binding, set, enumerable: true, configurable: true }, journal);
}

export function namesOf(exports: Exports, local: string): string[] {
  return Object.keys(exports).filter((as) => exports[as] === local);
}

function isInitialised(scope: Record<string, unknown>, name: string): boolean {
  try {
    return name in scope && (void scope[name], true);
  } catch {
    return false; // ReferenceError: it is about to be.
  }
}
