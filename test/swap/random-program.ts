/**
 * Random programs as data: what the generator makes, the edits change, the renderer writes as source and the model runs. Plain JSON, so that
 * a version is kept by cloning it.
 *
 * Every function returns its tag and what it reads: `f3.7(1000,v12)`. Tags are never used twice, so that a result tells which body of which
 * version ran. State is numbers that grow by one; each initialiser has its own thousand, so that a value tells which initialiser it is from.
 */

/** A name at module level. */
export interface Ref {
  module: string;
  name: string;
}

export type Expr =
  | { kind: 'text'; text: string }
  | { kind: 'number'; value: number }
  /** `K + '!d5'`: only in initialisers. */
  | { kind: 'sum'; parts: Expr[] }
  /** A variable. */
  | { kind: 'read'; ref: Ref }
  /** Data of an object literal, or a static field. */
  | { kind: 'property'; ref: Ref; path: string[] }
  /** A function, or by a path of an object literal or a class. */
  | { kind: 'call'; ref: Ref; path: string[] }
  /** `new A('n').name`. */
  | { kind: 'new'; ref: Ref; member: string; isCall: boolean }
  /** `this.name`, also private. */
  | { kind: 'own'; name: string; isCall: boolean }
  /** `this.name` in a function of an object literal. */
  | { kind: 'mine'; name: string }
  | { kind: 'super'; name: string }
  /** `#name in this`. */
  | { kind: 'has'; name: string }
  | { kind: 'parameter'; index: number }
  | { kind: 'arguments' }
  /** `new.target?.name`. */
  | { kind: 'target' }
  /** What the function around a closure was given, or has declared. */
  | { kind: 'outer'; name: string };

/** Adds one. */
export type Effect = Extract<Expr, { kind: 'read' | 'property' | 'own' | 'outer' }>;

export interface Parameter {
  form: 'plain' | 'default' | 'object' | 'array' | 'rest';
  /** What `default` is. */
  value: Expr;
}

export interface Body {
  tag: string;
  parameters: Parameter[];
  effects: Effect[];
  parts: Expr[];
  /** How it is written; another style is another text. */
  style: number;
}

export type Flavour = '' | 'async' | 'generator' | 'async generator';

export interface Fn {
  body: Body;
  flavour: Flavour;
  form: 'method' | 'arrow' | 'function' | 'named' | 'declaration';
}

export type ExportForm = 'no' | 'inline' | 'list' | 'alias' | 'default';

interface Named {
  /** Stays through edits. */
  id: number;
  name: string;
  exported: ExportForm;
  /** Bodies call units of lower levels only, so that every call ends. */
  level: number;
}

export type Declare = 'const' | 'let' | 'var';

export interface FunctionUnit extends Named {
  kind: 'function';
  /** Of all but declarations. */
  declare: Declare;
  /** `kit.wrap(() => …)`. */
  isWrapped: boolean;
  fn: Fn;
}

export interface ValueUnit extends Named {
  kind: 'value';
  declare: Declare;
  init: Expr;
  /** A number that effects may count up. */
  isState: boolean;
}

export type PropertyValue =
  | { kind: 'data'; init: Expr; isState: boolean }
  | { kind: 'function' | 'getter' | 'setter'; fn: Fn }
  | { kind: 'nested'; properties: Property[] };

export interface Property {
  name: string;
  isComputed: boolean;
  value: PropertyValue;
}

export interface LiteralUnit extends Named {
  kind: 'literal';
  declare: Declare;
  properties: Property[];
}

/** `new Map([['k0', () => …], …])`. */
export interface TableUnit extends Named {
  kind: 'table';
  entries: { key: string; fn: Fn }[];
}

export interface Member {
  kind: 'method' | 'getter' | 'setter' | 'field' | 'arrow' | 'block';
  /** With `#` when private, with `@` when a symbol; blocks have numbers. */
  name: string;
  isStatic: boolean;
  isComputed: boolean;
  /** Of fields. */
  init: Expr;
  /** Of all others. */
  fn: Fn;
}

export const BUILT_INS = ['Array', 'Set', 'Error', 'RegExp'] as const;
export type BuiltIn = (typeof BUILT_INS)[number];

export interface ClassUnit extends Named {
  kind: 'class';
  /** `const A = class {…}`. */
  isExpression: boolean;
  parent: Ref | undefined;
  /** What it extends where there is no parent. */
  builtIn?: BuiltIn | undefined;
  constructs: Body | undefined;
  members: Member[];
}

/** A constructor of the old kind; its methods are statements. */
export interface Es5Unit extends Named {
  kind: 'es5';
  body: Body;
}

/** A function that makes closures, which outlive its call: `function q1(o0) { let n0 = 1000; return () => n0 }`. */
export interface MakerUnit extends Named {
  kind: 'maker';
  /** `n0` is state and `k0` a constant. */
  locals: { name: string; init: Expr }[];
  fn: Fn;
}

export interface StatementUnit {
  kind: 'statement';
  id: number;
  form: 'log' | 'count' | 'listener' | 'interval' | 'plug' | 'prototype' | 'handler';
  /** What the text says besides its functions: the listener's key, the method's name. */
  key: string;
  /** The counted variable, the constructor, the object; of the same module. */
  target: Ref | undefined;
  fns: Fn[];
}

export type NamedUnit = FunctionUnit | ValueUnit | LiteralUnit | TableUnit | ClassUnit | Es5Unit | MakerUnit;
export type Unit = NamedUnit | StatementUnit;

export type ImportForm = 'named' | 'alias' | 'namespace' | 'barrel';

export interface Module {
  id: string;
  units: Unit[];
  /** By {@link refKey}; default named. */
  imports: Record<string, ImportForm>;
  /** White space, comments, quotes. */
  format: number;
}

export interface Program {
  /** The entry last. */
  modules: Module[];
  hasBarrel: boolean;
  /** Nothing that is evaluated at module level has effects, so that a rollback can be told from what it was. */
  isQuiet: boolean;
}

export const ENTRY_ID = '/main.js';
export const BARREL_ID = '/barrel.js';

export const refKey = ({ module, name }: Ref): string => `${module}:${name}`;
export const isNamed = (unit: Unit): unit is NamedUnit => unit.kind !== 'statement';
export const isPrivate = ({ name }: { name: string }): boolean => name.startsWith('#');

/** How objects have a member. */
export const keyOf = (name: string): PropertyKey => (name.startsWith('@') ? Symbol.for(name.slice(1)) : name);

export function moduleOf(program: Program, id: string): Module | undefined {
  return program.modules.find((module) => module.id === id);
}

export function unitOf(program: Program, { module, name }: Ref): NamedUnit | undefined {
  return moduleOf(program, module)?.units.find((unit): unit is NamedUnit => isNamed(unit) && unit.name === name);
}

export function exportedAs(unit: NamedUnit): string | undefined {
  switch (unit.exported) {
    case 'no':
      return undefined;
    case 'default':
      return 'default';
    case 'alias':
      return `${unit.name}_x`;
    case 'inline':
    case 'list':
      return unit.name;
    default:
      return unit.exported satisfies never;
  }
}

/** Every function with its own text that belongs to a unit. */
export function functionsOf(unit: Unit): Fn[] {
  switch (unit.kind) {
    case 'function':
    case 'maker':
      return [unit.fn];
    case 'literal':
      return functionsIn(unit.properties);
    case 'table':
      return unit.entries.map(({ fn }) => fn);
    case 'class':
      return unit.members.filter(({ kind }) => kind !== 'field').map(({ fn }) => fn);
    case 'statement':
      return unit.fns;
    case 'value':
    case 'es5':
      return [];
    default:
      return unit satisfies never;
  }
}

function functionsIn(properties: readonly Property[]): Fn[] {
  return properties.flatMap(({ value }) =>
    value.kind === 'nested' ? functionsIn(value.properties) : value.kind === 'data' ? [] : [value.fn],
  );
}

export function bodiesOf(unit: Unit): Body[] {
  const own = unit.kind === 'es5' ? [unit.body] : unit.kind === 'class' && unit.constructs ? [unit.constructs] : [];
  return [...functionsOf(unit).map(({ body }) => body), ...own];
}

/** What is evaluated when the unit is. */
export function initialisersOf(unit: Unit): Expr[] {
  if (unit.kind === 'value') return [unit.init];
  if (unit.kind === 'literal') return dataIn(unit.properties);
  if (unit.kind === 'class') return unit.members.filter(({ kind }) => kind === 'field').map(({ init }) => init);
  return [];
}

function dataIn(properties: readonly Property[]): Expr[] {
  return properties.flatMap(({ value }) =>
    value.kind === 'nested' ? dataIn(value.properties) : value.kind === 'data' ? [value.init] : [],
  );
}

export function refsIn(expr: Expr): Ref[] {
  if (expr.kind === 'sum') return expr.parts.flatMap(refsIn);
  return 'ref' in expr ? [expr.ref] : [];
}

/** Names that a unit means, wherever in it. */
export function refsOf(unit: Unit): Ref[] {
  const found: Ref[] = [];
  const add = (expr: Expr): void => void found.push(...refsIn(expr));
  for (const body of bodiesOf(unit)) {
    for (const part of [...body.effects, ...body.parts, ...body.parameters.map(({ value }) => value)]) add(part);
  }
  for (const init of initialisersOf(unit)) add(init);
  if (unit.kind === 'class' && unit.parent) found.push(unit.parent);
  if (unit.kind === 'statement' && unit.target) found.push(unit.target);
  return found;
}

/** Numbers between 0 and 1 from a seed (mulberry32). */
export interface Random {
  below(count: number): number;
  chance(probability: number): boolean;
  pick<T>(list: readonly [T, ...T[]]): T;
  maybe<T>(list: readonly T[]): T | undefined;
}

export function createRandom(seed: number): Random {
  let state = seed >>> 0;
  const next = (): number => {
    state = (state + 0x6d2b79f5) >>> 0;
    let mixed = Math.imul(state ^ (state >>> 15), state | 1);
    mixed ^= mixed + Math.imul(mixed ^ (mixed >>> 7), mixed | 61);
    return ((mixed ^ (mixed >>> 14)) >>> 0) / 4294967296;
  };
  const below = (count: number): number => Math.floor(next() * count);
  return {
    below,
    chance: (probability) => next() < probability,
    pick: (list) => list[below(list.length)] ?? list[0],
    maybe: (list) => list[below(list.length)],
  };
}
