/**
 * The variables of one module in a swap: which get a new value, how, and what follows from it. In two passes: with what the module is known to
 * ask for (`keep`, `reset`), and, when the new `import.meta.hot` statements have run, with what it has asked for and with its `migrate` hooks.
 */
import type { MigrateHook } from '../hot-api.ts';
import type { HotState } from '../hot.ts';
import { createJournal, type Journal } from './journal.ts';
import type { Match, VariableMatch } from './match.ts';
import { followValue, holds, mergeValues } from './merge-values.ts';
import { DEFAULT_BINDING, type Shape, type VariableUnit } from './shape.ts';

/** What a module wants of its bindings. */
export interface Wishes {
  readonly kept: ReadonlySet<string>;
  readonly renewed: ReadonlySet<string>;
  readonly hookOf: (name: string) => MigrateHook | undefined;
}

export interface ValuesOptions {
  readonly variables: Match['variables'];
  /** What an export is now; for the value without a name. */
  readonly exported: (exportName: string) => unknown;
  /** Initialisers, by the index of the unit. */
  readonly units: readonly (() => unknown)[];
  readonly scope: Record<string, unknown>;
  /** Gives a name its value. */
  readonly bind: (name: string, value: unknown, journal: Journal) => void;
  /** An initialiser is about to run: functions that it makes are to be reached by later patches. */
  readonly prepare: (unit: VariableUnit) => void;
}

export interface Values {
  /**
   * Adds names whose value is another one now to `changed`. Returns notes for the developer.
   * @param before each unit: what stands above it is to be done
   */
  commit(wishes: Wishes, changed: Set<string>, journal: Journal, before: (index: number) => void): string[];
  /** The same once more, for what has turned out otherwise. */
  settle(wishes: Wishes, changed: Set<string>, journal: Journal): void;
}

interface Done {
  readonly before: Readonly<Record<string, unknown>>;
  values: Readonly<Record<string, unknown>>;
  /** What went into the objects that were there. */
  readonly merged: Journal;
  /** It only followed what it is made with. */
  isFollowing: boolean;
}

export function createValues({ variables, units, scope, exported, bind, prepare }: ValuesOptions): Values {
  const valueOf = (name: string): unknown => (name === DEFAULT_BINDING ? exported('default') : readOr(scope, name));
  const done = new Map<VariableMatch, Done>();

  /** Returns what the initialiser gives, and what was there. */
  const run = (entry: VariableMatch, journal: Journal): Done => {
    const { index, after } = entry;
    prepare(after);
    const result = units[index]?.();
    const [only = ''] = after.names;
    // Of a pattern the initialiser gives all names at once.
    const values = after.isPattern ? (result as Record<string, unknown>) : { [only]: result };
    let known = done.get(entry);
    if (!known) {
      const merged = createJournal(journal.showInstead);
      journal.undo(merged.rollback);
      const before = Object.fromEntries(after.names.map((name) => [name, valueOf(name)]));
      done.set(entry, (known = { before, values, merged, isFollowing: false }));
    }
    known.values = values;
    return known;
  };

  /** Others mean this very object by another name, and nothing of theirs has changed. What a literal makes for a constant is nobody else's. */
  const isShared = ({ after: { names, isConstant, isLiteral } }: VariableMatch, ...objects: unknown[]): boolean => {
    if (isConstant && isLiteral) return false;
    const others = variables.flatMap(({ after }) => (after.names === names ? [] : after.names.map(valueOf)));
    return others.some((other) => objects.some((object) => other === object || holds(other, object)));
  };

  const evaluate = (entry: VariableMatch, { kept, renewed }: Wishes, changed: Set<string>, journal: Journal): void => {
    const { after, before, isChanged } = entry;
    const { values, merged } = run(entry, journal);
    for (const name of after.names) {
      if (before && kept.has(name)) continue;
      const old = valueOf(name);
      const value = values[name];
      const literals = { before: before?.properties, after: after.properties };
      const mayMerge = isChanged && !after.isPattern && !renewed.has(name) && isMadeByText(entry) && !isShared(entry, old, value);
      if (mayMerge && mergeValues({ old, value, ...literals, journal: merged })) {
        // Besides what was edited in it, what it reads may have changed.
        if (after.isHarmless && after.properties) followValue(old, value, after.properties, changed, merged);
        changed.add(inPlace(name));
      } else if (!before || !Object.is(old, value)) {
        bind(name, value, journal);
        // Of what a refresh runtime is told nothing else is made.
        if (!after.isRefresh) changed.add(name);
      }
    }
  };

  /** Objects are as they were, and each name is to hold what is said of it. */
  const decide = (
    names: readonly string[],
    { before, merged }: Done,
    valueOf: (name: string) => unknown,
    changed: Set<string>,
    journal: Journal,
  ): void => {
    merged.rollback();
    for (const name of names) {
      const value = valueOf(name);
      changed.add(inPlace(name));
      if (Object.is(readOr(scope, name), value) && Object.is(before[name], value)) continue;
      bind(name, value, journal);
      changed.add(name);
    }
  };

  const follow = (entry: VariableMatch, wishes: Wishes, changed: Set<string>, journal: Journal): boolean => {
    const { after, index } = entry;
    if (!follows(after, changed)) return false;
    if (isDerived(after)) {
      evaluate(entry, wishes, changed, journal);
      const known = done.get(entry);
      if (known) known.isFollowing = true;
    } else if (after.isHarmless) {
      const [name = ''] = after.names;
      prepare(after);
      followValue(valueOf(name), units[index]?.(), after.properties, changed, journal);
      changed.add(inPlace(name));
    } else return false;
    return true;
  };

  return {
    commit(wishes, changed, journal, before) {
      const notes: string[] = [];
      for (const entry of variables) {
        before(entry.index);
        if (isWanted(entry, wishes)) evaluate(entry, wishes, changed, journal);
        else if (!follow(entry, wishes, changed, journal)) {
          const stale = readsOf(entry.after, changed);
          if (stale !== undefined) notes.push(`${entry.after.names.join(', ')} was made with ${nameOf(stale)}, which changed; it is kept`);
        }
      }
      return notes;
    },
    settle(wishes, changed, journal) {
      for (const entry of variables) {
        const { after, before, isChanged } = entry;
        const { names } = after;
        const known = done.get(entry);
        const isMigrated = isChanged && before && names.some((name) => wishes.hookOf(name));
        if (isMigrated) {
          const found = known ?? run(entry, journal);
          const valueOf = (name: string): unknown => {
            const hook = wishes.hookOf(name);
            if (hook) return hook(found.before[name], found.values[name]);
            return wishes.kept.has(name) ? found.before[name] : found.values[name];
          };
          decide(names, found, valueOf, changed, journal);
        } else if (isWanted(entry, wishes)) {
          if (!known) evaluate(entry, wishes, changed, journal);
          else if (before && names.some((name) => wishes.kept.has(name)))
            decide(names, known, (name) => (wishes.kept.has(name) ? known.before : known.values)[name], changed, journal);
          else follow(entry, wishes, changed, journal);
        } else if (known && before && !known.isFollowing) decide(names, known, (name) => known.before[name], changed, journal);
        else follow(entry, wishes, changed, journal);
      }
    },
  };
}

/** As far as the text and what runs tell, before anything is evaluated. */
export function expectedWishes({ hot: asked = {} }: Shape, running: HotState | undefined, isHotChanged: boolean): Wishes {
  const known = isHotChanged ? undefined : running;
  return {
    kept: new Set([...(asked.keeps ?? []), ...(known?.kept ?? [])]),
    renewed: new Set([...(asked.resets ?? []), ...(known?.renewed ?? [])]),
    hookOf: () => undefined,
  };
}

/** The objects of both versions are made by their texts: what a name or a call of any kind leads to belongs to somebody else. */
function isMadeByText({ before, after }: VariableMatch): boolean {
  return Boolean((before?.isLiteral && after.isLiteral) || (before?.isExtension && after.isExtension));
}

/** Whether its initialiser is to run. */
export function isWanted({ isChanged, before, after }: VariableMatch, { kept, renewed }: Wishes): boolean {
  if (!after.async && after.names.some((name) => renewed.has(name))) return true;
  return isChanged && !(before && after.names.every((name) => kept.has(name)));
}

/** As far as can be told without evaluating anything: all that are evaluated. Objects that are merged in place stay what they are. */
export function changingNames({ variables }: Match, wishes: Wishes, imports: ReadonlySet<string>): Set<string> {
  const changed = new Set(imports);
  for (const entry of variables) {
    const { after, before, isChanged } = entry;
    if (after.isRefresh) continue;
    const isEvaluated = isWanted(entry, wishes);
    const isMerged = isChanged && before?.isLiteral && after.isLiteral;
    const isStale = follows(after, changed);
    if ((isEvaluated && before && !isMerged) || (isStale && isDerived(after))) for (const name of after.names) changed.add(name);
    else if (isEvaluated || (isStale && after.isHarmless)) for (const name of after.names) changed.add(inPlace(name));
  }
  return changed;
}

/** In sets of what changes: the variable holds the same object, and something in that is another. */
export const inPlace = (name: string): string => `~${name}`;

interface Reads {
  readonly reads?: readonly string[] | undefined;
  readonly imports?: readonly string[] | undefined;
}

/** A name that is read, and that holds another value now. */
export function readsOf({ reads = [], imports = [] }: Reads, changed: ReadonlySet<string>): string | undefined {
  return [...reads, ...imports].find((name) => changed.has(name));
}

/** Whether something is made with what changes, or with what is in it. */
function follows({ reads = [], imports = [] }: Reads, changed: ReadonlySet<string>): boolean {
  return [...reads, ...imports].some((name) => changed.has(name) || changed.has(inPlace(name)));
}

/** It follows what it is made with. */
export const isFollowed = (after: VariableUnit): boolean => isDerived(after) || after.isHarmless === true;

/** What the program has put into a variable is not the author's to compute again. */
const isDerived = ({ pure, isConstant }: VariableUnit): boolean => Boolean(pure && isConstant);

export const nameOf = (name: string): string => name.replace(/^\d+ /, '');

export function readOr(scope: Record<string, unknown>, name: string): unknown {
  try {
    return scope[name];
  } catch {
    return undefined; // ReferenceError: never initialised.
  }
}

/** Reads own data properties only: a getter of the program must not run for this. */
export function follow(scope: Record<string, unknown>, [name, ...rest]: readonly string[]): unknown {
  let at = name === undefined ? undefined : readOr(scope, name);
  for (const key of rest) at = typeof at === 'object' && at !== null ? Reflect.getOwnPropertyDescriptor(at, key)?.value : undefined;
  return at;
}

/** Who only follows an import has nothing to ask for. */
export const NO_WISHES: Wishes = { kept: new Set(), renewed: new Set(), hookOf: () => undefined };

/** @param isChanged it goes on as another version, and does not only follow what it imports */
export function wishesOf({ isHotChanged }: Match, shape: Shape, hot: HotState | undefined, isChanged: boolean): Wishes {
  return isChanged ? expectedWishes(shape, hot, isHotChanged) : NO_WISHES;
}
