/**
 * Where a body of a random program stands and what it may mention there: used to make bodies, and after an edit to drop what is not there any
 * more. Every call goes to a unit of a lower level or to a member of a lower rank, so that every call ends.
 */
import {
  functionsOf,
  isNamed,
  isPrivate,
  unitOf,
  type Body,
  type ClassUnit,
  type Effect,
  type Expr,
  type Fn,
  type MakerUnit,
  type Member,
  type Module,
  type NamedUnit,
  type Program,
  type Property,
  type Ref,
  type Unit,
} from './random-program.ts';

export interface Place {
  readonly program: Program;
  readonly module: Module;
  readonly level: number;
  /** The class it stands in. */
  readonly home: ClassUnit | undefined;
  readonly isStatic: boolean;
  /** Of the member; -1 without `this`. */
  readonly rank: number;
  /** No `arguments`. */
  readonly isArrow: boolean;
  /** Of the object literal that it is a function of; arrow functions have none. */
  readonly object: readonly Property[] | undefined;
  /** Names of the function around a closure. */
  readonly outer?: readonly string[] | undefined;
  /** Neither a constructor nor an accessor: its parameters are free. */
  readonly isPlainCode: boolean;
}

/** A plain function or the module itself: in no class and no object. */
export function plainPlace(program: Program, module: Module, level: number): Place {
  return { program, module, level, home: undefined, isStatic: false, rank: -1, isArrow: false, object: undefined, isPlainCode: true };
}

const RANKS = [
  'f0',
  'f1',
  'f2',
  '@f0',
  '#f0',
  '#f1',
  't0',
  't1',
  '@t0',
  '#t0',
  'a0',
  'a1',
  '@a0',
  '#a0',
  'g0',
  'g1',
  '@g0',
  '#g0',
  'v0',
  '#m0',
  'm0',
  'm1',
  'm2',
  'm3',
  '@m0',
  '#u0',
  'u0',
  'u1',
  '@u0',
];
export const FIELD_RANK = RANKS.indexOf('a0');
export const rankOf = (name: string): number => RANKS.indexOf(name);

/** Of a class and its parents, the nearest first. */
export function chainOf(program: Program, unit: ClassUnit): ClassUnit[] {
  const chain: ClassUnit[] = [];
  for (let at: NamedUnit | undefined = unit; at?.kind === 'class' && !chain.includes(at); at = at.parent && unitOf(program, at.parent))
    chain.push(at);
  return chain;
}

/** As `holder.name` finds it. */
export function memberOf(program: Program, unit: ClassUnit, name: string, isStatic: boolean): Member | undefined {
  for (const { members } of chainOf(program, unit)) {
    const found = members.filter((member) => member.name === name && member.isStatic === isStatic);
    const member = found.find(({ kind }) => kind !== 'setter') ?? found[0];
    if (member) return member;
  }
  return undefined;
}

/** What a member gives: something to call, or a value. */
const isCallable = ({ kind }: Member): boolean => kind === 'method' || kind === 'arrow';
const isReadable = ({ kind }: Member): boolean => kind === 'field' || kind === 'getter';
export const isStateField = ({ kind, init }: Member): boolean => kind === 'field' && init.kind === 'number';

export function propertyAt(properties: readonly Property[], [name, ...rest]: readonly string[]): Property | undefined {
  const found = properties.find((property) => property.name === name);
  if (rest.length === 0 || !found) return found;
  return found.value.kind === 'nested' ? propertyAt(found.value.properties, rest) : undefined;
}

/** Method names that statements give to a constructor of the old kind. */
export function es5Methods(program: Program, { module, name }: Ref): string[] {
  const units = program.modules.find(({ id }) => id === module)?.units ?? [];
  return units.flatMap((unit) => (unit.kind === 'statement' && unit.form === 'prototype' && unit.target?.name === name ? [unit.key] : []));
}

export function isEffectAllowed(effect: Effect, place: Place): boolean {
  const { program, module, home, isStatic } = place;
  if (effect.kind === 'read') {
    const unit = unitOf(program, effect.ref);
    return unit?.kind === 'value' && unit.isState && unit.declare !== 'const' && effect.ref.module === module.id;
  }
  if (effect.kind === 'property') {
    const unit = unitOf(program, effect.ref);
    const value = unit?.kind === 'literal' ? propertyAt(unit.properties, effect.path)?.value : undefined;
    if (unit?.kind === 'class')
      return unit.members.some((member) => member.isStatic && member.name === effect.path[0] && isStateField(member) && !isPrivate(member));
    return value?.kind === 'data' && value.isState;
  }
  if (effect.kind === 'outer') return effect.name.startsWith('n') && isAllowed(effect, undefined, place);
  if (!home || place.rank < 0) return false;
  const member = effect.name.startsWith('#')
    ? home.members.find(({ name, isStatic: is }) => name === effect.name && is === isStatic)
    : memberOf(program, home, effect.name, isStatic);
  return member !== undefined && isStateField(member);
}

export function isAllowed(part: Expr, body: Body | undefined, place: Place): boolean {
  const { program, home, isStatic, rank, level } = place;
  switch (part.kind) {
    case 'text':
    case 'number':
      return true;
    case 'sum':
      return part.parts.every((inner) => isAllowed(inner, body, place));
    case 'read':
      return unitOf(program, part.ref)?.kind === 'value';
    case 'property': {
      const unit = unitOf(program, part.ref);
      if (unit?.kind === 'literal') return propertyAt(unit.properties, part.path)?.value.kind === 'data';
      return (
        unit?.kind === 'class' &&
        unit.members.some((member) => member.isStatic && member.name === part.path[0] && member.kind === 'field' && !isPrivate(member))
      );
    }
    case 'call': {
      const unit = unitOf(program, part.ref);
      if (!unit || unit.level >= level) return false;
      if (part.path.length === 0) return unit.kind === 'function';
      if (unit.kind === 'literal') return propertyAt(unit.properties, part.path)?.value.kind === 'function';
      const member = unit.kind === 'class' ? memberOf(program, unit, part.path[0] ?? '', true) : undefined;
      return member !== undefined && isCallable(member) && !isPrivate(member);
    }
    case 'new': {
      const unit = unitOf(program, part.ref);
      if (!unit || unit.level >= level) return false;
      if (unit.kind === 'es5') return part.isCall && es5Methods(program, part.ref).includes(part.member);
      const member = unit.kind === 'class' ? memberOf(program, unit, part.member, false) : undefined;
      return member !== undefined && !isPrivate(member) && (part.isCall ? isCallable(member) : isReadable(member));
    }
    case 'own': {
      if (!home || rank < 0) return false;
      if (part.name.startsWith('by')) return !isStatic && chainOf(program, home).some(({ name }) => part.name === `by${name}`);
      if (rankOf(part.name) >= rank) return false;
      const member = part.name.startsWith('#')
        ? home.members.find(({ name, isStatic: is, kind }) => name === part.name && is === isStatic && kind !== 'setter')
        : memberOf(program, home, part.name, isStatic);
      return member !== undefined && (part.isCall ? isCallable(member) : isReadable(member));
    }
    case 'mine':
      return place.object?.some(({ name, value }) => name === part.name && value.kind === 'data') ?? false;
    case 'super': {
      if (!home?.parent || rank < 0 || rankOf(part.name) > rank) return false;
      const parent = unitOf(program, home.parent);
      return parent?.kind === 'class' && memberOf(program, parent, part.name, isStatic)?.kind === 'method';
    }
    case 'has':
      return (
        home !== undefined && !isStatic && rank >= FIELD_RANK && home.members.some(({ name, isStatic: is }) => name === part.name && !is)
      );
    case 'parameter':
      return body !== undefined && part.index < body.parameters.length;
    case 'arguments':
      return !place.isArrow && body !== undefined;
    case 'target':
      // A closure that comes to ask for it keeps its old code, and says so.
      return !place.isArrow && body !== undefined && !place.outer;
    case 'outer':
      return place.outer?.includes(part.name) ?? false;
    default:
      return part satisfies never;
  }
}

/** Every body of a unit, with where it stands. */
export function bodiesWithPlaces(
  program: Program,
  module: Module,
  unit: Unit,
): { readonly body: Body; readonly place: Place; readonly fn: Fn | undefined }[] {
  const level = isNamed(unit) ? unit.level : unit.form === 'prototype' ? 1 : 9;
  const base: Place = plainPlace(program, module, level);
  const ofFn = (fn: Fn, more: Partial<Place> = {}): { body: Body; place: Place; fn: Fn } => ({
    body: fn.body,
    fn,
    place: { ...base, isArrow: fn.form === 'arrow', ...more },
  });
  if (unit.kind === 'class') {
    const members = unit.members
      .filter(({ kind }) => kind !== 'field' && kind !== 'block')
      .map(({ fn, isStatic, name, kind }) =>
        ofFn(fn, { home: unit, isStatic, rank: rankOf(name), isPlainCode: kind !== 'setter' && kind !== 'getter' }),
      );
    const constructs = unit.constructs && {
      body: unit.constructs,
      fn: undefined,
      place: { ...base, home: unit, rank: FIELD_RANK, isPlainCode: false },
    };
    return constructs ? [...members, constructs] : members;
  }
  if (unit.kind === 'es5') return [{ body: unit.body, fn: undefined, place: { ...base, isPlainCode: false } }];
  if (unit.kind === 'literal') {
    return functionProperties(unit.properties).map(({ fn, kind, object }) =>
      ofFn(fn, { isPlainCode: kind === 'function', object: fn.form === 'arrow' ? undefined : object }),
    );
  }
  if (unit.kind === 'maker') return [ofFn(unit.fn, { outer: outerNames(unit) })];
  return functionsOf(unit).map((fn) => ofFn(fn));
}

export const outerNames = ({ locals }: MakerUnit): string[] => ['o0', ...locals.map(({ name }) => name)];

interface FunctionProperty {
  readonly fn: Fn;
  readonly kind: 'function' | 'getter' | 'setter';
  readonly object: readonly Property[];
}

function functionProperties(object: readonly Property[]): FunctionProperty[] {
  return object.flatMap(({ value }) => {
    if (value.kind === 'nested') return functionProperties(value.properties);
    return value.kind === 'data' ? [] : [{ fn: value.fn, kind: value.kind, object }];
  });
}
