/**
 * Which unit of a new version is which unit of the running one. Pure, and cautious: a function that could be one of two is neither, and
 * the module then runs again instead. Never by position alone: a listener must not get another listener's code.
 */
import type { GoneFunctions } from './gone-functions.ts';
import { checkClass, classKey, matchMembers, Refused } from './match-classes.ts';
import { hasAll, matchClosures, type ClosureMatch } from './closures.ts';
import type { Slot } from './live-module.ts';
import type { ClassShape, ClosureShape, ClassUnit, FunctionShape, Shape, StatementUnit, Unit, VariableUnit } from './shape.ts';

export interface FunctionMatch {
  readonly after: FunctionShape;
  /** Undefined: the function is new. */
  readonly before: FunctionShape | undefined;
  /** It stands at a place of its own beside the old one: who holds that one has another function. */
  readonly isAgain?: true;
}

export interface ClassMatch {
  readonly after: ClassShape;
  readonly before: ClassShape | undefined;
  /** Of the unit that it belongs to. */
  readonly index: number;
  /** Of a declaration. */
  readonly unit: ClassUnit | undefined;
}

export interface VariableMatch {
  readonly index: number;
  readonly after: VariableUnit;
  readonly before: VariableUnit | undefined;
  readonly isChanged: boolean;
}

export interface StatementMatch {
  readonly index: number;
  readonly after: StatementUnit;
  readonly isAdded: boolean;
}

export interface Match {
  readonly functions: readonly FunctionMatch[];
  /** Slots of functions that belong to the value of a unit (and not to a declaration or a class), by its index. */
  readonly declared: readonly { readonly name: string; readonly after: FunctionShape; readonly isAdded: boolean }[];
  readonly classes: readonly ClassMatch[];
  readonly variables: readonly VariableMatch[];
  readonly statements: readonly StatementMatch[];
  readonly closures: readonly ClosureMatch[];
  /** For the developer: what keeps its old code. */
  readonly notes: readonly string[];
  /** Those that speak to `import.meta.hot` are not what they were. */
  readonly isHotChanged: boolean;
}

export interface Refusal {
  readonly reason: string;
  /** In the new version. */
  readonly line?: number | undefined;
}

export type MatchResult = { readonly match: Match } | { readonly refusal: Refusal };

/** @param slots of the running version */
export function matchShapes(
  before: Shape,
  after: Shape,
  slots: readonly (readonly Slot[])[] = [],
  gone: GoneFunctions = new Map(),
): MatchResult {
  try {
    return { match: match(before, after, slots, gone) };
  } catch (error) {
    if (!(error instanceof Refused)) throw error;
    return { refusal: { reason: error.message, line: error.line } };
  }
}

function match(before: Shape, after: Shape, slots: readonly (readonly Slot[])[], gone: GoneFunctions): Match {
  const never = before.refused ?? after.refused;
  if (never !== undefined) throw new Refused(never, undefined);
  if (before.level !== after.level) throw new Refused('how much of it is hot-swapped has changed', undefined);
  const kinds = kindsByName(before);
  const functions: FunctionMatch[] = [];
  const declared: { name: string; after: FunctionShape; isAdded: boolean }[] = [];
  const classes: ClassMatch[] = [];
  const variables: (VariableMatch & { isChanged: boolean })[] = [];
  const origins = new Map<Unit, Unit | undefined>();
  const statements: StatementMatch[] = [];
  const taken = takeStatements(before, after);

  const matchParts = (from: Parts | undefined, to: VariableUnit | StatementUnit, index: number, isSameText: boolean): void => {
    const { line } = to;
    functions.push(...pair(from?.functions ?? [], to.functions ?? [], isSameText, line, ({ hash }) => hash));
    for (const { before: known, after: own } of pair(from?.classes ?? [], to.classes ?? [], isSameText, line, classKey)) {
      classes.push({ before: known, after: own, index, unit: undefined });
      functions.push(...matchMembers(known, own, gone));
    }
  };

  for (const [index, unit] of after.units.entries()) {
    switch (unit.kind) {
      case 'function': {
        const known = sameKind(kinds, unit, [unit.name]);
        origins.set(unit, known);
        declared.push({ name: unit.name, after: unit.own, isAdded: !known });
        functions.push({ after: unit.own, before: known?.own });
        break;
      }
      case 'class': {
        const known = sameKind(kinds, unit, [unit.name]);
        origins.set(unit, known);
        classes.push({ after: unit.own, before: known?.own, index, unit });
        functions.push(...matchMembers(known?.own, unit.own, gone));
        break;
      }
      case 'variable': {
        const known = sameKind(kinds, unit, unit.names);
        const isSame = known !== undefined && known.names.join() === unit.names.join() && known.hash === unit.hash;
        origins.set(unit, known);
        variables.push({ index, after: unit, before: known, isChanged: !isSame || unit.isRefresh === true });
        matchParts(known, unit, index, isSame);
        break;
      }
      case 'statement': {
        if (unit.isRefresh) {
          statements.push({ index, after: unit, isAdded: false });
          break;
        }
        const known = taken.get(unit);
        origins.set(unit, known);
        statements.push({ index, after: unit, isAdded: known === undefined });
        matchParts(known, unit, index, true);
        break;
      }
      default:
        unit satisfies never;
    }
  }
  const paired = new Map(functions.flatMap(({ after: own, before: known }) => (known ? [[own.slot, known.slot] as const] : [])));
  const closures: ClosureMatch[] = [];
  const notes: string[] = [];
  for (const unit of after.units) {
    const known = origins.get(unit);
    const found = matchClosures(known?.closures ?? [], unit.closures ?? [], paired);
    closures.push(...found.pairs);
    const stuck = known && stuckAtOnce(unit, found.pairs, slots);
    if (stuck && unit.kind === 'variable') for (const entry of variables) if (entry.after === unit) entry.isChanged = true;
    if (stuck && unit.kind === 'statement') throw new Refused('a statement at module level changed', stuck.line);
    if (found.alone.length > 0 && !stuck) notes.push(noteOn(found.alone, unit));
  }
  for (const { after: own, before: known } of functions) {
    if (!known || known.hash === own.hash) continue;
    if (own.hasSuper && !isWay(own.at))
      throw new Refused(`${own.at} uses super, and the object that it belongs to is not known`, undefined);
    if (own.refused !== undefined) throw new Refused(own.refused, undefined);
    checkKind(known, own);
    if (own.isSelfNamed !== known.isSelfNamed) throw new Refused(`${own.at} has a name of its own now, or has none any more`, undefined);
    if (own.hasTarget && !known.hasTarget) throw new Refused(`${own.at || 'a function'} asks for new.target now`, undefined);
  }
  for (const { after: own, before: known, unit } of classes) checkClass(known, own, unit?.line);
  const hot = (shape: Shape): string => shape.units.map((unit) => (unit.kind === 'statement' && unit.isHot ? unit.hash : '')).join('');
  return { functions, declared, classes, variables, statements, closures, notes, isHotChanged: hot(before) !== hot(after) };
}

/** A function that is made when the unit is evaluated, which it is only once: the one that is there is all there is. */
function stuckAtOnce(unit: Unit, pairs: readonly ClosureMatch[], slots: readonly (readonly Slot[])[]): ClosureShape | undefined {
  if (unit.kind !== 'variable' && unit.kind !== 'statement') return undefined;
  const found = pairs.find(({ after, before }) => {
    if (after.within !== -1 || before?.hash === after.hash) return false;
    return !before || !slots[before.slot]?.every(({ captures }) => hasAll(captures, after));
  });
  return found?.after;
}

function noteOn(alone: readonly ClosureShape[], unit: Unit): string {
  const name = unit.kind === 'variable' ? unit.names.join(', ') : unit.kind === 'statement' ? `line ${unit.line}` : unit.name;
  const [first] = alone;
  const why = first?.fixed === undefined ? '' : `: ${first.fixed}`;
  return alone.length === 1
    ? `a function that ${name} has made keeps its old code${why}`
    : `${alone.length} functions that ${name} has made keep their old code${why}`;
}

/** @throws Refused when the function that is there cannot give what the new one would */
function checkKind(known: FunctionShape, own: FunctionShape): void {
  const what = own.at || 'a function';
  const [was, is] = [known, own].map(({ kind = '' }) => kind.replace(/ ?arrow$/, ''));
  if (was && was !== is)
    throw new Refused(`${what} was ${was.startsWith('a') ? 'an' : 'a'} ${was} function and is of another kind now`, undefined);
  if (known.kind?.endsWith('arrow') && own.hasThis)
    throw new Refused(`${what} was an arrow function and asks for its own this now`, undefined);
}

/** Of names only: it can be walked. */
export function isWay(at: string): boolean {
  return /^[\w$]+(?:\.[\w$]+)*$/.test(at);
}

type Parts = Pick<VariableUnit, 'functions' | 'classes'>;

const words = {
  function: 'a function',
  class: 'a class',
  variable: 'a variable',
  statement: 'a statement',
};

function kindsByName(shape: Shape): Map<string, Unit> {
  const kinds = new Map<string, Unit>();
  for (const unit of shape.units) {
    if (unit.kind === 'statement') continue;
    for (const name of unit.kind === 'variable' ? unit.names : [unit.name]) kinds.set(name, unit);
  }
  return kinds;
}

function sameKind<U extends Exclude<Unit, StatementUnit>>(
  kinds: ReadonlyMap<string, Unit>,
  unit: U,
  names: readonly string[],
): U | undefined {
  let found: U | undefined;
  for (const name of names) {
    const known = kinds.get(name);
    if (!known) continue;
    if (known.kind !== unit.kind) throw new Refused(`${name} was ${words[known.kind]} and is ${words[unit.kind]} now`, unit.line);
    found ??= known as U;
  }
  return found;
}

/** Old statements by the new ones that are the same. @throws Refused when one has changed or is gone, or cannot be told from another */
function takeStatements(before: Shape, after: Shape): Map<StatementUnit, StatementUnit> {
  const old = byHash(before);
  const now = byHash(after);
  const taken = new Map<StatementUnit, StatementUnit>();
  for (const [hash, units] of now) pairAlike(old.get(hash) ?? [], units, taken);
  const added = after.units.find((unit): unit is StatementUnit => isProgram(unit) && !unit.isHot && !taken.has(unit));
  const kept = new Set(taken.values());
  const gone = before.units.find((unit) => isProgram(unit) && !unit.isHot && !kept.has(unit));
  if (gone) throw new Refused(`a statement at module level ${added ? 'changed' : 'was removed'}`, added?.line);
  for (const unit of after.units) {
    if (!isProgram(unit) || unit.isHot || taken.has(unit)) continue;
    if (unit.async) throw new Refused('a statement that awaits was added', unit.line);
    if (unit.refused !== undefined) throw new Refused(`a statement was added, and ${unit.refused}`, unit.line);
  }
  return taken;
}

/** A statement of the author's. */
const isProgram = (unit: Unit): unit is StatementUnit => unit.kind === 'statement' && !unit.isRefresh;

function byHash({ units }: Shape): Map<string, StatementUnit[]> {
  const found = new Map<string, StatementUnit[]>();
  for (const unit of units) if (isProgram(unit)) found.set(unit.hash, [...(found.get(unit.hash) ?? []), unit]);
  return found;
}

/** Statements that read the same, but for their functions: those with the same functions first, and of the others one at most. */
function pairAlike(old: readonly StatementUnit[], now: readonly StatementUnit[], taken: Map<StatementUnit, StatementUnit>): void {
  const left = [...old];
  const rest = now.filter((unit) => {
    const found = left.findIndex((candidate) => functionHashes(candidate) === functionHashes(unit));
    const [known] = found === -1 ? [] : left.splice(found, 1);
    if (known) taken.set(unit, known);
    return !known;
  });
  const [known] = left;
  const [unit] = rest;
  if (!known || !unit) return;
  if (left.length > 1 || rest.length > 1) throw new Refused('which of two statements that are alike has changed cannot be told', unit.line);
  taken.set(unit, known);
}

function functionHashes({ functions = [] }: Parts): string {
  return functions.map(({ hash }) => hash).join();
}

interface Anchored {
  readonly at: string;
  readonly isSetter?: true;
}

const isAlike = (a: Anchored, b: Anchored): boolean => a.at === b.at && a.isSetter === b.isSetter;

/** Within one unit: by hash and the way to it, then by a way that is unique on both sides. In a list there is one way to all of them. */
function pair<T extends Anchored>(
  before: readonly T[],
  after: readonly T[],
  isSameText: boolean,
  line: number | undefined,
  keyOf: (part: T) => string,
): { before: T | undefined; after: T }[] {
  const left = [...before];
  const take = (index: number): T | undefined => (index === -1 ? undefined : left.splice(index, 1)[0]);
  const isInPlace = isSameText && before.length === after.length;
  const pairs = after.map((part, index): { before: T | undefined; after: T } => {
    const isSame = (candidate: T): boolean => isAlike(candidate, part) && keyOf(candidate) === keyOf(part);
    const own = before[index];
    const found = isInPlace ? (own && isSame(own) ? left.indexOf(own) : -1) : left.findIndex(isSame);
    return { after: part, before: take(found) };
  });
  const refuse = (at: string): never => {
    throw new Refused(`which function ${at === '' ? '' : `at ${at} `}is which cannot be told`, line);
  };
  for (const entry of pairs) {
    if (entry.before) continue;
    const candidates = left.filter((candidate) => isAlike(candidate, entry.after));
    const rivals = pairs.filter((other) => !other.before && isAlike(other.after, entry.after));
    if (candidates.length > 1 || (candidates.length === 1 && rivals.length > 1)) refuse(entry.after.at);
  }
  return pairs.map((entry) => (entry.before ? entry : { ...entry, before: left.find((candidate) => isAlike(candidate, entry.after)) }));
}
