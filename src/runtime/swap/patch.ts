/**
 * One module's part of a swap: from the running module and a patch to steps that the transaction takes. Nothing of the program is touched
 * before `commit`; every step of it is journalled.
 */
import { commitClosures, perClosure } from './closures.ts';
import { constructionKey, keepKind, memberKey } from './members.ts';
import { createLiveClass, type ClassParts, type LiveClass } from './live-class.ts';
import type { ModulePatch, PatchOptions } from './module-patch.ts';
import { whyStale } from './staleness.ts';
import { emptyClass } from './made-class.ts';
import { instancesRefusal, keptNote } from './instances-before.ts';
import { firstOf, perFunction, readShape, type Callable, type Literal, type Thunk } from './patch-form.ts';
import { createSetSlot, createSlot, slotCount, type AnyFunction, type SetSlot, type Slot } from './live-module.ts';
import { keepGone } from './gone-functions.ts';
import { adoptFunction, type Journal } from './journal.ts';
import { isWay, matchShapes, type ClassMatch, type FunctionMatch, type Match, type Refusal } from './match.ts';
import { defineAdded, namesOf, shareExports, tellImporters, untoldRefusal } from './scope-exports.ts';
import { DEFAULT_BINDING, type ClassShape, type FunctionShape, type Shape, type VariableUnit } from './shape.ts';
import { meeting, meetsAtMember } from './meeting.ts';
import { changingNames, createValues, follow, isWanted, NO_WISHES, nameOf, readOr, readsOf, wishesOf, type Wishes } from './values.ts';

export function createModulePatch(options: PatchOptions): { readonly patch: ModulePatch } | { readonly refusal: Refusal } {
  const { live, form } = options;
  const shape = readShape(form[0]);
  const result = matchShapes(live.shape, shape, live.slots, live.gone);
  if ('refusal' in result) return result;
  const { match } = result;
  const refusal = untoldRefusal(live, shape) ?? instancesRefusal(match, live, options.imported);
  if (refusal) return { refusal };
  const wishes = wishesOf(match, shape, options.hotOf(), options.isChanged);
  const awaiting = match.variables.find((entry) => isWanted(entry, wishes) && entry.after.async);
  if (awaiting) return { refusal: { reason: `the value of ${awaiting.after.names.join()} is awaited`, line: awaiting.after.line } };
  return { patch: buildPatch(match, shape, wishes, options) };
}

function buildPatch(match: Match, shape: Shape, expected: Wishes, options: PatchOptions): ModulePatch {
  const { live, form, context, environments, isRebound, exported, announce, hotOf, isChanged: isChangedModule } = options;
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
  const inClosures = new Set(match.closures.map(({ after }) => after.slot));
  const lacking: string[] = [];
  /** Units whose text makes new functions: of values that are evaluated anew. */
  const evaluated = new Set<object>();
  for (const { isChanged, after } of match.variables) if (isChanged) evaluated.add(after);
  for (const { isAdded, after } of match.statements) if (isAdded) evaluated.add(after);

  const isEvaluated = (own: FunctionShape): boolean =>
    [...evaluated].some((unit) => 'functions' in unit && (unit.functions as readonly FunctionShape[]).includes(own));

  for (const { after, before, isAgain } of match.functions) if (before) keepKind(before, after, isAgain ?? isEvaluated(after));

  const fill = (): void => {
    for (const { after, before } of match.classes) {
      const known = before && live.classes[before.index];
      classObjects[after.index] = known?.object;
      privates[after.index] = known?.privates.table ?? {};
    }
    set = createSetSlot(
      form[1](scope, context, functions, units, initialisers, constructors, parents, classObjects, privates, ...environments),
    );
    functions.forEach((literal, index) => {
      if (inClosures.has(index)) {
        functions[index] = perClosure(literal as (captured: object) => Literal);
        return;
      }
      homes[index] = literal;
      functions[index] = typeof literal === 'function' ? perFunction(literal as (self: object) => Literal) : firstOf(literal);
    });
  };

  const functionAt = ({ slot }: FunctionShape): Callable => functions[slot] as unknown as Callable;

  /** Of a function that this patch has made, and that a later one replaces. */
  const ownSlot = (after: FunctionShape): Slot => {
    const slot = createSlot(set, after.slot);
    // A shell in the value calls it; other new functions are themselves what is called.
    if (after.isShelled) slot.write(functionAt(after));
    return slot;
  };

  const commitFunction = ({ after, before, isAgain }: FunctionMatch, journal: Journal): void => {
    const known = (before && live.slots[before.slot]) ?? [];
    const isNew = !before || (isAgain ?? isEvaluated(after));
    slots[after.slot] = isNew ? [...known, ownSlot(after)] : known;
    if (!before || (before.hash === after.hash && !isRebound)) return;
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
    const there = follow(scope, way);
    if (typeof there === 'function')
      adoptFunction(there, after.isSelfNamed ? (functionAt(after)(there) as Callable) : functionAt(after), journal);
  };

  const partsOf = (own: ClassShape, isParentStale: boolean): ClassParts => ({
    shape: own,
    parent: own.parent === undefined ? undefined : parents[own.index],
    isParentStale,
    isRebound,
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

  const commitClass = ({ after, before, unit }: ClassMatch, position: number, changed: ReadonlySet<string>, journal: Journal): void => {
    const known = before && live.classes[before.index];
    if (known) {
      const isParentStale = unit !== undefined && after.parent !== undefined && readsOf({ reads: unit.parentReads }, changed) !== undefined;
      if (known.patch(partsOf(after, isParentStale), journal).isMadeAnew) addShells(after);
      return;
    }
    // Part of a value that is evaluated (or not): made when the value is.
    const made = makeClass(after, journal);
    liveClasses[position] = made;
    if (unit) bind(unit.name, made.object, journal);
  };

  /** Gives a module-level name its value, whether the first version had it or not. */
  const bind = (name: string, value: unknown, journal: Journal): void => {
    const exported = namesOf(shape.exports, name);
    if (name !== DEFAULT_BINDING) {
      if (!(name in scope)) {
        defineAdded(scope, name, journal);
        if (exported.length > 0) tellImporters(name, { scope, exported, announce }, journal);
      }
      const isInitialised = name in scope;
      const old = isInitialised ? readOr(scope, name) : undefined;
      scope[name] = value;
      journal.undo(() => void (scope[name] = old));
    }
    for (const as of exported) announce(as, value);
  };

  /** Functions that an initialiser makes are to be reached by later patches. */
  const prepare = (unit: VariableUnit): void => {
    if (evaluated.has(unit)) return;
    evaluated.add(unit);
    for (const own of unit.functions ?? []) slots[own.slot] = [...(slots[own.slot] ?? []), ownSlot(own)];
  };

  const values = createValues({ variables: match.variables, units, scope, exported, bind, prepare });

  const isClass = (value: unknown): boolean => typeof value === 'function' && liveClasses.some((known) => known?.object === value);
  const wishes = (): Wishes => {
    const hot = isChangedModule ? hotOf() : undefined;
    if (!hot) return NO_WISHES;
    const { kept, renewed, migrations } = hot;
    return { kept, renewed, hookOf: (name) => (isClass(readOr(scope, name)) ? undefined : migrations.get(name)) };
  };

  const watchClass = ({ after, before }: ClassMatch, known: LiveClass, journal: Journal): void => {
    if (known.know(partsOf(after, false), journal).isMadeAnew) addShells(after);
    const earlier = new Set(before?.members.map(memberKey));
    for (const member of after.members) {
      const { own, isStatic } = member;
      if (!own || isStatic) continue;
      if (!earlier.has(memberKey(member))) {
        meetsAtMember(known, member, journal);
        continue;
      }
      const call = meeting(known.watch, functionAt(own));
      for (const slot of slots[own.slot] ?? []) {
        const old = slot.value;
        slot.write(call);
        journal.undo(() => slot.write(old));
      }
    }
  };

  return {
    fill,
    shape,
    changing: changingNames(match, expected, new Set()),
    changingWith: (imports) => changingNames(match, expected, imports),
    refusalOf: (imports) => whyStale(match, shape, expected, imports),
    commitCode(journal) {
      for (const entry of match.functions) commitFunction(entry, journal);
      const closures = commitClosures({
        pairs: match.closures,
        slots: live.slots,
        set,
        valueOf: (slot) => functions[slot] as AnyFunction,
        journal,
      });
      for (const [slot, known] of closures.slots) slots[slot] = known;
      for (const { line } of closures.lacking)
        lacking.push(`line ${line}: functions made before have no access to all that it uses; they keep their old code`);
      for (const { name, after, isAdded } of match.declared) {
        if (isAdded) bind(name, functions[after.slot], journal);
        else if (name !== DEFAULT_BINDING) adoptFunction(scope[name], functionAt(after), journal);
      }
      keepGone(live, match, slots, slotCount(shape), journal);
      shareExports(live, shape.exports, announce, journal);
    },
    commitValues(imports, journal) {
      const changed = new Set(imports);
      // In the order of the source, since static fields and variables are made with each other.
      let next = 0;
      const commitClasses = (until: number): void => {
        for (let entry = match.classes[next]; entry && entry.index <= until; entry = match.classes[++next])
          commitClass(entry, next, changed, journal);
      };
      const migrates = new Set([...Object.keys(shape.hot?.migrates ?? {}), ...(hotOf()?.migrations.keys() ?? [])]);
      const kept = keptNote(match, live, migrates);
      const notes = [
        ...match.notes,
        ...(kept === undefined ? [] : [kept]),
        ...new Set(lacking),
        ...values.commit(expected, changed, journal, commitClasses),
      ];
      commitClasses(Infinity);
      for (const { unit } of match.classes) {
        const used = unit && readsOf(unit, changed);
        if (used !== undefined) notes.push(`${unit?.name} was made with ${nameOf(used)}, which changed; what is static in it is kept`);
      }
      for (const { after, isAdded } of match.statements) {
        const used = isAdded || after.isHot ? undefined : readsOf(after, changed);
        if (used !== undefined) notes.push(`line ${after.line} has used ${nameOf(used)}, which changed; it does not run again`);
      }
      const beforeClasses = live.classes;
      const beforeShape = live.shape;
      live.classes = sparse(match.classes.map(({ after }) => [after.index, classAt(after.index)]));
      live.shape = shape;
      journal.undo(() => {
        live.classes = beforeClasses;
        live.shape = beforeShape;
      });
      // Names that an export got, and had not.
      for (const [as, local] of Object.entries(shape.exports)) if (local !== DEFAULT_BINDING) announce(as, readOr(scope, local));
      return { changed, notes };
    },
    settleValues(imports, journal) {
      const changed = new Set(imports);
      values.settle(wishes(), changed, journal);
      return changed;
    },
    classOf: (object) => liveClasses.find((known) => known?.object === object),
    watchClasses(journal) {
      for (const [position, entry] of match.classes.entries()) {
        const known = liveClasses[position];
        if (known && !known.watch.isComplete && known.watch.hooks.size > 0) watchClass(entry, known, journal);
      }
    },
    get remade() {
      const found = match.classes.map(({ after, before }, position) =>
        before && constructionKey(before) !== constructionKey(after) ? liveClasses[position]?.object : undefined,
      );
      return new Set(found.filter((object) => object !== undefined));
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

function sparse<T>(entries: readonly (readonly [number, T])[]): T[] {
  const list: T[] = [];
  for (const [index, value] of entries) list[index] = value;
  return list;
}
