/**
 * One module's part of a swap: from the running module and a patch to steps that the transaction takes. Nothing of the program is touched
 * before `commit`; every step of it is journalled.
 */
import type { Environment, ModuleContext } from '../format.ts';
import { createLiveClass, type ClassParts, type LiveClass } from './live-class.ts';
import { createSlot, type AnyFunction, type LiveModule, type SetSlot, type Slot } from './live-module.ts';
import { adoptLength, defineJournalled, type Journal } from './journal.ts';
import { isWay, matchShapes, type ClassMatch, type FunctionMatch, type Match, type Refusal, type VariableMatch } from './match.ts';
import { followValue, mergeValues } from './merge-values.ts';
import { DEFAULT_BINDING, type ClassShape, type FunctionShape, type Shape } from './shape.ts';

type Callable = (this: unknown, ...args: unknown[]) => unknown;
type Literal = Record<string, Callable>;
type Thunk = () => unknown;

/** The patch form as emitted (src/server/compile/swap/patch.ts): what it says of itself, and what fills the tables. */
export type PatchForm = readonly [shape: string, fill: FillPatch];

export type FillPatch = (
  scope: object,
  module: ModuleContext,
  functions: (Literal | AnyFunction)[],
  units: Thunk[],
  initialisers: Record<string, Literal>,
  constructors: ClassParts['constructs'][],
  parents: (() => unknown)[],
  classes: (AnyFunction | undefined)[],
  privates: object[],
  ...dependencies: Environment[]
) => SetSlot;

export interface PatchOptions {
  readonly live: LiveModule;
  readonly form: PatchForm;
  readonly context: ModuleContext;
  readonly environments: readonly Environment[];
  /** What an export is now; for the value without a name. */
  readonly exported: (exportName: string) => unknown;
  /** Tells importers the value of an export. */
  readonly announce: (exportName: string, value: unknown) => void;
}

export interface ModulePatch {
  /** Before anything else: makes the new functions. Runs none of them. */
  fill(): void;
  /** Functions and classes, then ... */
  commitCode(journal: Journal): void;
  /** ... variables, in order. Returns module-level names whose value is another one now, and notes for the developer. */
  commitValues(
    changed: ReadonlySet<string>,
    journal: Journal,
  ): { readonly changed: ReadonlySet<string>; readonly notes: readonly string[] };
  /** What was added at module level. */
  runAdded(): void;
  /** When all has come through: tells refresh runtimes what is in the module. */
  refresh(): void;
  /** What speaks to `import.meta.hot`, if that changed. */
  readonly hot: (() => void) | undefined;
  /** Why values that changed cannot be followed; asked before the commit. @param imports changed imports as `dep name` */
  refusalOf(imports: ReadonlySet<string>): Refusal | undefined;
  /** Module-level names whose values change, as far as can be told before. */
  readonly changing: ReadonlySet<string>;
  /** The same, when these imports change. */
  changingWith(imports: ReadonlySet<string>): ReadonlySet<string>;
  readonly shape: Shape;
}

export function readShape([text]: PatchForm): Shape {
  return JSON.parse(text) as Shape;
}

export function createModulePatch(options: PatchOptions): { readonly patch: ModulePatch } | { readonly refusal: Refusal } {
  const { live, form } = options;
  const shape = readShape(form);
  const result = matchShapes(live.shape, shape);
  if ('refusal' in result) return result;
  const { match } = result;
  const awaiting = match.variables.find(({ isChanged, after }) => isChanged && after.async);
  if (awaiting) return { refusal: { reason: `the value of ${awaiting.after.names.join()} is awaited`, line: awaiting.after.line } };
  return { patch: buildPatch(match, shape, options) };
}

function buildPatch(match: Match, shape: Shape, { live, form, context, environments, exported, announce }: PatchOptions): ModulePatch {
  const functions: (Literal | AnyFunction)[] = [];
  const units: Thunk[] = [];
  const initialisers: Record<string, Literal> = {};
  const constructors: ClassParts['constructs'][] = [];
  const parents: (() => unknown)[] = [];
  const classObjects: (AnyFunction | undefined)[] = [];
  const privates: object[] = [];
  const { scope } = live;
  const homes: (object | undefined)[] = [];
  let set: SetSlot = () => undefined;
  const liveClasses: (LiveClass | undefined)[] = match.classes.map(({ before }) => before && live.classes[before.index]);
  const classAt = (index: number): LiveClass | undefined => liveClasses[match.classes.findIndex(({ after }) => after.index === index)];
  const waiting: (() => void)[] = [];
  const slots: (readonly Slot[])[] = [];
  /** Units whose text makes new functions: of values that are evaluated anew. */
  const evaluated = new Set<object>();
  for (const { isChanged, after } of match.variables) if (isChanged) evaluated.add(after);
  for (const { isAdded, after } of match.statements) if (isAdded) evaluated.add(after);

  const fill = (): void => {
    for (const { after, before } of match.classes) {
      const known = before && live.classes[before.index];
      classObjects[after.index] = known?.object;
      privates[after.index] = known?.privates.table ?? {};
    }
    set = form[1](scope, context, functions, units, initialisers, constructors, parents, classObjects, privates, ...environments);
    functions.forEach((literal, index) => {
      homes[index] = literal;
      functions[index] = typeof literal === 'function' ? perFunction(literal as (self: object) => Literal) : firstOf(literal);
    });
  };

  const functionAt = ({ slot }: FunctionShape): Callable => functions[slot] as unknown as Callable;

  const isEvaluated = (own: FunctionShape): boolean =>
    [...evaluated].some((unit) => 'functions' in unit && (unit.functions as readonly FunctionShape[]).includes(own));

  /** Of a function that this patch has made, and that a later one replaces. */
  const ownSlot = (after: FunctionShape): Slot => {
    const slot = createSlot(set, after.slot);
    // A shell in the value calls it; other new functions are themselves what is called.
    if (after.isShelled) slot.write(functionAt(after));
    return slot;
  };

  const commitFunction = ({ after, before }: FunctionMatch, journal: Journal): void => {
    const known = (before && live.slots[before.slot]) ?? [];
    const isNew = !before || isEvaluated(after);
    slots[after.slot] = isNew ? [...known, ownSlot(after)] : known;
    if (!before || before.hash === after.hash) return;
    for (const slot of known) {
      const old = slot.value;
      slot.write(functionAt(after));
      journal.undo(() => slot.write(old));
    }
    if (!isWay(after.at)) return;
    const way = after.at.split('.');
    const owner = follow(scope, way.slice(0, -1));
    const home = homes[after.slot];
    if (after.hasSuper && home && typeof owner === 'object' && owner !== null) Object.setPrototypeOf(home, Reflect.getPrototypeOf(owner));
    if (!after.isSelfNamed) adoptLength(follow(scope, way), functionAt(after), journal);
  };

  const partsOf = (own: ClassShape, isParentStale: boolean): ClassParts => ({
    shape: own,
    parent: own.parent === undefined ? undefined : parents[own.index],
    isParentStale,
    constructs: constructors[own.index],
    functionOf: (slot) => functions[slot] as unknown as Callable,
    homeOf: (slot) => homes[slot],
    later: (step) => void waiting.push(step),
    keyOf: (position) => firstOf(initialisers[`${own.index}.${position} key`] ?? {})() as PropertyKey,
    initialiserOf(position) {
      const home = initialisers[`${own.index}.${position}`] ?? {};
      return { call: Object.values(home)[0] ?? (() => undefined), home };
    },
  });

  const makeClass = (own: ClassShape, journal: Journal): LiveClass => {
    const slot = createSlot(() => undefined, 0);
    const object = emptyClass(own, slot, parents[own.index]);
    const empty: ClassShape = {
      index: own.index,
      at: own.at,
      name: own.name,
      members: [],
      ...(own.parent !== undefined && { parent: own.parent }),
    };
    const made = createLiveClass({ object, shape: empty, privates: {}, slot, isMade: true });
    privates[own.index] = made.privates.table;
    classObjects[own.index] = object;
    made.patch(partsOf(own, false), journal);
    return made;
  };

  /** Instances that are made from now on have functions of this patch in their fields. */
  const addShells = ({ members }: ClassShape): void => {
    for (const { kind, own } of members) if (kind === 'field' && own) slots[own.slot] = [...(slots[own.slot] ?? []), ownSlot(own)];
  };

  const commitClass = ({ after, before, unit }: ClassMatch, position: number, journal: Journal): void => {
    const known = before && live.classes[before.index];
    if (known) {
      if (known.patch(partsOf(after, false), journal).isMadeAnew) addShells(after);
      return;
    }
    // Part of a value that is evaluated (or not): made when the value is.
    const made = makeClass(after, journal);
    liveClasses[position] = made;
    if (unit) bind(unit.name, made.object, journal);
  };

  /** Gives a module-level name its value, whether the first version had it or not. */
  const bind = (name: string, value: unknown, journal: Journal): void => {
    const exported = Object.entries(shape.exports).flatMap(([as, local]) => (local === name ? [as] : []));
    if (name !== DEFAULT_BINDING) {
      if (!(name in scope)) defineAdded(scope, name, journal);
      const isInitialised = name in scope;
      const old = isInitialised ? readOr(scope, name) : undefined;
      scope[name] = value;
      journal.undo(() => void (scope[name] = old));
    }
    for (const as of exported) announce(as, value);
  };

  const valueOf = (name: string): unknown => (name === DEFAULT_BINDING ? exported('default') : readOr(scope, name));

  const evaluate = ({ index, after, before, isChanged }: VariableMatch, journal: Journal): readonly string[] => {
    const { names } = after;
    const thunk = units[index];
    const result = thunk?.();
    const [only = ''] = names;
    // Of a pattern the thunk gives all names at once.
    const values = after.isPattern ? (result as Record<string, unknown>) : { [only]: result };
    const moved: string[] = [];
    for (const name of names) {
      const old = valueOf(name);
      const value = values[name];
      const literals = { before: before?.properties, after: after.properties };
      if (isChanged && before && !after.isPattern && mergeValues({ old, value, ...literals, journal })) {
        moved.push(inPlace(name));
        continue;
      }
      if (Object.is(old, value) && before) continue;
      bind(name, value, journal);
      moved.push(name);
    }
    return moved;
  };

  const reads = (
    { reads: names = [], imports = [] }: { readonly reads?: readonly string[]; readonly imports?: readonly string[] },
    changed: ReadonlySet<string>,
  ): string | undefined => [...names, ...imports].find((name) => changed.has(name));

  return {
    fill,
    shape,
    changing: changingNames(match, new Set()),
    changingWith: (imports) => changingNames(match, imports),
    refusalOf(imports) {
      const changed = changingNames(match, imports);
      for (const { after, isAdded } of match.statements) {
        const name = isAdded || after.isHot ? undefined : reads(after, changed);
        if (name !== undefined) return { reason: `a statement has used ${nameOf(name)}, whose value changes`, line: after.line };
      }
      return undefined;
    },
    commitCode(journal) {
      for (const entry of match.functions) commitFunction(entry, journal);
      for (const { name, after, isAdded } of match.declared) {
        if (isAdded) bind(name, functions[after.slot], journal);
        else if (name !== DEFAULT_BINDING) adoptLength(scope[name], functionAt(after), journal);
      }
      const before = live.slots;
      live.slots = slots;
      journal.undo(() => void (live.slots = before));
      for (const [position, entry] of match.classes.entries()) commitClass(entry, position, journal);
      const beforeClasses = live.classes;
      const beforeShape = live.shape;
      live.classes = sparse(match.classes.map(({ after }) => [after.index, classAt(after.index)]));
      live.shape = shape;
      journal.undo(() => {
        live.classes = beforeClasses;
        live.shape = beforeShape;
      });
    },
    commitValues(imports, journal) {
      const changed = new Set(imports);
      const notes: string[] = [];
      for (const entry of match.variables) {
        const { after } = entry;
        const stale = reads(after, changed);
        if (entry.isChanged || (isDerived(after) && follows(after, changed)))
          for (const name of evaluate(entry, journal))
            if (!after.isRefresh) changed.add(name);
            else if (after.isHarmless && follows(after, changed)) {
              const [name = ''] = after.names;
              followValue(valueOf(name), units[entry.index]?.(), after.properties, changed, journal);
              changed.add(inPlace(name));
            } else if (stale !== undefined) {
              notes.push(`${entry.after.names.join(', ')} was made with ${nameOf(stale)}, which changed; it is kept`);
            }
      }
      for (const { after, isAdded } of match.statements) {
        const used = isAdded || after.isHot ? undefined : reads(after, changed);
        if (used !== undefined) notes.push(`line ${after.line} has used ${nameOf(used)}, which changed; it does not run again`);
      }
      for (const [position, { after, unit }] of match.classes.entries()) {
        if (unit && reads(unit, changed) !== undefined && after.parent !== undefined)
          liveClasses[position]?.patch(partsOf(after, true), journal);
      }
      // Names that an export got, and had not.
      for (const [as, local] of Object.entries(shape.exports)) if (local !== DEFAULT_BINDING) announce(as, readOr(scope, local));
      return { changed, notes };
    },
    runAdded() {
      for (const step of waiting.splice(0)) step();
      for (const { index, after, isAdded } of match.statements) if (isAdded && !after.isHot) units[index]?.();
    },
    refresh() {
      for (const { index, after } of match.statements) if (after.isRefresh) units[index]?.();
    },
    hot: match.isHotChanged
      ? () => {
          for (const { index, after } of match.statements) if (after.isHot) units[index]?.();
        }
      : undefined,
  };
}

/** As far as can be told without evaluating anything: all that are evaluated. Objects that are merged in place stay what they are. */
function changingNames({ variables }: Match, imports: ReadonlySet<string>): Set<string> {
  const changed = new Set(imports);
  for (const { after, before, isChanged } of variables) {
    if (after.isRefresh) continue;
    const isMerged = before?.isLiteral && after.isLiteral;
    const isStale = follows(after, changed);
    if ((isChanged && before && !isMerged) || (isStale && isDerived(after))) for (const name of after.names) changed.add(name);
    else if (isChanged || (isStale && after.isHarmless)) for (const name of after.names) changed.add(inPlace(name));
  }
  return changed;
}

/** In sets of what changes: the variable holds the same object, and something in that is another. */
export const inPlace = (name: string): string => `~${name}`;

/** Whether something is made with what changes, or with what is in it. */
function follows({ reads = [], imports = [] }: Pick<VariableMatch['after'], 'reads' | 'imports'>, changed: ReadonlySet<string>): boolean {
  return [...reads, ...imports].some((name) => changed.has(name) || changed.has(inPlace(name)));
}

/** What the program has put into a variable is not the author's to compute again. */
const isDerived = ({ pure, isConstant }: VariableMatch['after']): boolean => Boolean(pure && isConstant);

const nameOf = (name: string): string => name.replace(/^\d+ /, '');

/** The one function of an emitted literal, which gave it its name. */
const firstOf = (literal: Literal): AnyFunction => Object.values(literal)[0] as unknown as AnyFunction;

/** What takes the place of a function that can name itself, made once for each function that is there. */
function perFunction(make: (self: object) => Literal): AnyFunction {
  const made = new WeakMap<object, AnyFunction>();
  const find = (self: object): AnyFunction => {
    let known = made.get(self);
    if (!known) made.set(self, (known = firstOf(make(self))));
    return known;
  };
  return find as unknown as AnyFunction;
}

/** Reads own data properties only: a getter of the program must not run for this. */
function follow(scope: Record<string, unknown>, [name, ...rest]: readonly string[]): unknown {
  let at = name === undefined ? undefined : readOr(scope, name);
  for (const key of rest) at = typeof at === 'object' && at !== null ? Reflect.getOwnPropertyDescriptor(at, key)?.value : undefined;
  return at;
}

function readOr(scope: Record<string, unknown>, name: string): unknown {
  try {
    return scope[name];
  } catch {
    return undefined; // ReferenceError: never initialised.
  }
}

/** A binding that the first version does not have. */
function defineAdded(scope: object, name: string, journal: Journal): void {
  defineJournalled(scope, name, { value: undefined, writable: true, enumerable: true, configurable: true }, journal);
}

/** A class without anything in it, that does what its slot says. */
function emptyClass({ name, parent }: ClassShape, slot: Slot, evaluateParent: (() => unknown) | undefined): AnyFunction {
  interface Construct {
    raw: readonly unknown[] | undefined;
    take(): never[];
    base(self: object, args: readonly unknown[], target: unknown): object;
    derived(args: readonly unknown[], target: unknown): object;
  }
  const asks = (): Construct => slot.value as Construct;
  if (parent === undefined) {
    return {
      [name]: class {
        constructor(...args: unknown[]) {
          return asks().base(this, args, new.target);
        }
      },
    }[name] as unknown as AnyFunction;
  }
  const Parent = evaluateParent?.() as new (...args: never[]) => object;
  return {
    [name]: class extends Parent {
      constructor(...args: never[]) {
        const construct = asks();
        if (construct.raw) {
          super(...construct.take());
          return;
        }
        return construct.derived(args, new.target) as never;
      }
    },
  }[name] as unknown as AnyFunction;
}

function sparse<T>(entries: readonly (readonly [number, T])[]): T[] {
  const list: T[] = [];
  for (const [index, value] of entries) list[index] = value;
  return list;
}
