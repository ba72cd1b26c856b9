/**
 * Which unit of a new version is which unit of the running one. Pure, and cautious: a function that could be one of two is neither, and
 * the module then runs again instead. Never by position alone: a listener must not get another listener's code.
 */
import type { ClassShape, ClassUnit, FunctionShape, MemberShape, Shape, StatementUnit, Unit, VariableUnit } from './shape.ts';

export interface FunctionMatch {
  readonly after: FunctionShape;
  /** Undefined: the function is new. */
  readonly before: FunctionShape | undefined;
}

export interface ClassMatch {
  readonly after: ClassShape;
  readonly before: ClassShape | undefined;
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
  /** Those that speak to `import.meta.hot` are not what they were. */
  readonly isHotChanged: boolean;
}

export interface Refusal {
  readonly reason: string;
  /** In the new version. */
  readonly line?: number | undefined;
}

export type MatchResult = { readonly match: Match } | { readonly refusal: Refusal };

class Refused extends Error {
  readonly line: number | undefined;

  constructor(reason: string, line: number | undefined) {
    super(reason);
    this.line = line;
  }
}

export function matchShapes(before: Shape, after: Shape): MatchResult {
  try {
    return { match: match(before, after) };
  } catch (error) {
    if (!(error instanceof Refused)) throw error;
    return { refusal: { reason: error.message, line: error.line } };
  }
}

function match(before: Shape, after: Shape): Match {
  const never = before.refused ?? after.refused;
  if (never !== undefined) throw new Refused(never, undefined);
  if (before.level !== after.level) throw new Refused('how much of it is hot-swapped has changed', undefined);
  const kinds = kindsByName(before);
  const functions: FunctionMatch[] = [];
  const declared: { name: string; after: FunctionShape; isAdded: boolean }[] = [];
  const classes: ClassMatch[] = [];
  const variables: VariableMatch[] = [];
  const statements: StatementMatch[] = [];
  const taken = takeStatements(before, after);

  const matchParts = (from: Parts | undefined, to: Parts, isSameText: boolean, line: number | undefined): void => {
    functions.push(...pair(from?.functions ?? [], to.functions ?? [], isSameText, line, ({ hash }) => hash));
    for (const { before: known, after: own } of pair(from?.classes ?? [], to.classes ?? [], isSameText, line, classKey)) {
      classes.push({ before: known, after: own, unit: undefined });
      functions.push(...matchMembers(known, own));
    }
  };

  for (const [index, unit] of after.units.entries()) {
    switch (unit.kind) {
      case 'function': {
        const known = sameKind(kinds, unit, [unit.name]);
        declared.push({ name: unit.name, after: unit.own, isAdded: !known });
        functions.push({ after: unit.own, before: known?.own });
        break;
      }
      case 'class': {
        const known = sameKind(kinds, unit, [unit.name]);
        classes.push({ after: unit.own, before: known?.own, unit });
        functions.push(...matchMembers(known?.own, unit.own));
        break;
      }
      case 'variable': {
        const known = sameKind(kinds, unit, unit.names);
        const isSame = known !== undefined && known.names.join() === unit.names.join() && known.hash === unit.hash;
        variables.push({ index, after: unit, before: known, isChanged: !isSame || unit.isRefresh === true });
        matchParts(known, unit, isSame, unit.line);
        break;
      }
      case 'statement': {
        if (unit.isRefresh) {
          statements.push({ index, after: unit, isAdded: false });
          break;
        }
        const known = taken.get(unit);
        statements.push({ index, after: unit, isAdded: known === undefined });
        matchParts(known, unit, true, unit.line);
        break;
      }
      default:
        unit satisfies never;
    }
  }
  for (const { after: own, before: known } of functions) {
    if (!known || known.hash === own.hash) continue;
    if (own.hasSuper && !isWay(own.at))
      throw new Refused(`${own.at} uses super, and the object that it belongs to is not known`, undefined);
    if (own.refused !== undefined) throw new Refused(own.refused, undefined);
    if (own.isSelfNamed !== known.isSelfNamed) throw new Refused(`${own.at} has a name of its own now, or has none any more`, undefined);
    if (own.hasTarget && !known.hasTarget) throw new Refused(`${own.at || 'a function'} asks for new.target now`, undefined);
  }
  for (const { after: own, before: known, unit } of classes) checkClass(known, own, unit?.line);
  const hot = (shape: Shape): string => shape.units.map((unit) => (unit.kind === 'statement' && unit.isHot ? unit.hash : '')).join('');
  return { functions, declared, classes, variables, statements, isHotChanged: hot(before) !== hot(after) };
}

/** Of names only: it can be walked. */
export function isWay(at: string): boolean {
  return /^[\w$]+(?:\.[\w$]+)*$/.test(at);
}

type Parts = Pick<VariableUnit, 'functions' | 'classes'>;

const words = { function: 'a function', class: 'a class', variable: 'a variable', statement: 'a statement' };

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
}

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
    const isSame = (candidate: T): boolean => candidate.at === part.at && keyOf(candidate) === keyOf(part);
    const own = before[index];
    const found = isInPlace ? (own && isSame(own) ? left.indexOf(own) : -1) : left.findIndex(isSame);
    return { after: part, before: take(found) };
  });
  const refuse = (at: string): never => {
    throw new Refused(`which function ${at === '' ? '' : `at ${at} `}is which cannot be told`, line);
  };
  for (const entry of pairs) {
    if (entry.before) continue;
    const { at } = entry.after;
    const candidates = left.filter((candidate) => candidate.at === at);
    const rivals = pairs.filter((other) => !other.before && other.after.at === at);
    if (candidates.length > 1 || (candidates.length === 1 && rivals.length > 1)) refuse(at);
  }
  return pairs.map((entry) => (entry.before ? entry : { ...entry, before: left.find(({ at }) => at === entry.after.at) }));
}

const classKey = ({ name, members }: ClassShape): string => `${name} ${members.map(({ name: member }) => member).join()}`;

function matchMembers(before: ClassShape | undefined, after: ClassShape): FunctionMatch[] {
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
function checkClass(before: ClassShape | undefined, after: ClassShape, line: number | undefined): void {
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
