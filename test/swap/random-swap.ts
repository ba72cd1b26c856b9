/**
 * What a save does to a running random program by the rules of hotswap.md, and when it may or must be refused instead. Names and keys of the
 * source decide what is what, as they do for the author; written without looking at how hot-swap does it.
 */
import {
  evaluationOrder,
  frameOf,
  Impossible,
  memberPlace,
  placesOf,
  World,
  type ClassValue,
  type Code,
  type ObjectValue,
  type Value,
} from './random-model.ts';
import {
  exportedAs,
  functionsOf,
  isNamed,
  isPrivate,
  moduleOf,
  refKey,
  refsIn,
  type Body,
  type ClassUnit,
  type Expr,
  type Fn,
  type LiteralUnit,
  type Member,
  type Module,
  type NamedUnit,
  type Program,
  type Property,
  type StatementUnit,
} from './random-program.ts';
import { chainOf } from './random-scope.ts';
import { initialiserKey, localName, meaning, parentKey } from './random-render.ts';

/** Why a save may be refused: whole sentences of our own. */
export interface Verdict {
  /** Swapping it would be wrong. */
  readonly must: readonly string[];
  /** Refusing is as good. */
  readonly may: readonly string[];
}

type Category = 'a function' | 'a class' | 'a variable';

function categoryOf(unit: NamedUnit): Category {
  if (unit.kind === 'es5' || unit.kind === 'maker' || (unit.kind === 'function' && unit.fn.form === 'declaration')) return 'a function';
  return unit.kind === 'class' && !unit.isExpression ? 'a class' : 'a variable';
}

/** Without the way of writing the function that is there. */
const way = (place: string): string => place.replace(/\/(?:method|value)$/, '').replace(/\/(?:arrow|field|method) /, '/');

/** Where arrow functions are: later versions of them may be called by who has the arrow function. */
export function arrowsOf(program: Program): string[] {
  const places = program.modules.flatMap((module) => module.units.flatMap((unit) => placesOf(module, unit)));
  return places.flatMap(([place, { fn }]) => (fn.form === 'arrow' ? [way(place)] : []));
}

/** Fields that objects may have. */
export function fieldsOf(program: Program): string[] {
  const classes = program.modules.flatMap(({ units }) => units.filter((unit) => unit.kind === 'class'));
  return classes.flatMap(({ name, members }) =>
    members.flatMap((member) =>
      !member.isStatic && (member.kind === 'field' || member.kind === 'arrow') ? [`${name}.${member.name}`] : [],
    ),
  );
}

/** What has been in any version since the start. */
export interface Past {
  /** Places of arrow functions. */
  readonly arrows: ReadonlySet<string>;
  readonly fields: ReadonlySet<string>;
}

export function judge(before: Program, after: Program, past: Past): Verdict {
  const must: string[] = [];
  const may: string[] = [];
  for (const next of after.modules) {
    const known = moduleOf(before, next.id);
    if (!known) continue;
    judgeNames(known, next, past, must, may);
    judgeMakers(before, known, after, next, must);
    const asking = askingForTarget(known);
    if ([...askingForTarget(next)].some((place) => !asking.has(place))) may.push('a function asks for new.target now');
    judgeStatements(known, next, before, after, must, may);
  }
  return { must, may };
}

function judgeNames(known: Module, next: Module, { arrows, fields }: Past, must: string[], may: string[]): void {
  for (const unit of next.units.filter(isNamed)) {
    const old = known.units.filter(isNamed).find(({ name }) => name === unit.name);
    if (!old) continue;
    if (categoryOf(old) !== categoryOf(unit)) must.push(`${unit.name} was ${categoryOf(old)} and is ${categoryOf(unit)}`);
    const flavours = new Map(placesOf(known, old).map(([place, { fn }]) => [place, fn.flavour]));
    if (placesOf(next, unit).some(([place, { fn }]) => (flavours.get(place) ?? '') !== '' && flavours.get(place) !== fn.flavour))
      may.push('an async function or a generator is none any more');
    if (old.kind === 'function' && old.fn.flavour !== '' && (unit.kind === 'es5' || unit.kind === 'maker'))
      may.push('an async function or a generator is none any more');
    if (old.kind === 'function' && unit.kind === 'function' && (old.fn.form === 'named') !== (unit.fn.form === 'named'))
      may.push('a function got a name inside');
    const asksForThis = ({ form, body }: Fn): boolean =>
      form !== 'arrow' && body.parts.some(({ kind }) => kind === 'mine' || kind === 'own');
    if (placesOf(next, unit).some(([place, { fn }]) => arrows.has(way(place)) && asksForThis(fn)))
      may.push('an arrow function asks for its own this');
    if (unit.kind === 'value' && exportedAs(old) === undefined && exportedAs(unit) !== undefined)
      may.push('a variable is exported now, and suspended code may write it');
    if (old.kind === 'class' && unit.kind === 'class') judgeClass(old, unit, fields, must, may);
    if (old.kind === 'table' && unit.kind === 'table') {
      const keys = (of: typeof unit): string => of.entries.map(({ key, fn }) => `${key} ${fn.form}`).join();
      const isSame = keys(old) === keys(unit);
      const edited = old.entries.filter(({ fn }) => !unit.entries.some((entry) => JSON.stringify(entry.fn) === JSON.stringify(fn)));
      if (!isSame || (edited.length > 1 && hasDouble(old))) may.push('which function of a table is which');
    }
  }
}

/** Places of functions that can be called by `new` and ask for it. */
function askingForTarget(module: Module): Set<string> {
  const asks = ({ parts }: Body): boolean => parts.some(({ kind }) => kind === 'target');
  const places = module.units.flatMap((unit): [string, Code | undefined][] =>
    unit.kind === 'es5' ? (asks(unit.body) ? [[unit.name, undefined]] : []) : placesOf(module, unit),
  );
  const found = places.filter(([, code]) => {
    if (!code) return true;
    const { form, flavour, body } = code.fn;
    return form !== 'arrow' && form !== 'method' && flavour === '' && asks(body);
  });
  return new Set(found.map(([place]) => way(place)));
}

/** Only what has made an object can be what it is made by: an array, a set. */
function judgeMakers(before: Program, known: Module, after: Program, next: Module, must: string[]): void {
  const makers = (program: Program, { units }: Module): Map<string, string | undefined> =>
    new Map(units.filter((unit) => unit.kind === 'class').map((unit) => [unit.name, chainOf(program, unit).at(-1)?.builtIn]));
  const old = makers(before, known);
  for (const [name, maker] of makers(after, next))
    if (old.has(name) && old.get(name) !== maker) must.push(`${name} extends ${maker ?? 'no built-in class'} now`);
}

const hasDouble = ({ entries }: { readonly entries: readonly { readonly key: string }[] }): boolean =>
  new Set(entries.map(({ key }) => key)).size < entries.length;

function judgeClass(old: ClassUnit, unit: ClassUnit, fields: ReadonlySet<string>, must: string[], may: string[]): void {
  const blocks = ({ members }: ClassUnit): string[] => members.filter(({ kind }) => kind === 'block').map(({ fn }) => fn.body.tag);
  if (blocks(old).some((tag) => !blocks(unit).includes(tag))) must.push(`a static block of ${unit.name} changed`);
  for (const member of unit.members) {
    const isOnPrototype = !member.isStatic && member.kind !== 'field' && member.kind !== 'arrow';
    if (isOnPrototype && fields.has(`${unit.name}.${member.name}`)) may.push(`objects have a field ${member.name}`);
    if (!isPrivate(member)) continue;
    const others = old.members.filter(({ name }) => name === member.name);
    if (others.length > 0 && !others.some(({ kind, isStatic }) => kind === member.kind && isStatic === member.isStatic))
      may.push(`${member.name} of ${unit.name} is of another kind`);
  }
  if (!old.parent && unit.parent && old.members.some(isPrivate)) may.push(`${unit.name}, with private names, extends a class now`);
}

/** A statement's text without its functions. */
function statementKey(program: Program, module: Module, { form, key, target, fns }: StatementUnit): string {
  const name = target ? `${localName(program, module, target)} ${meaning(program, module, target)}` : '';
  const forms = form === 'plug' ? fns.map((fn) => (fn.form === 'method' ? `method ${fn.flavour}` : '')) : [];
  return [form, form === 'interval' ? '' : key, name, ...forms].join(' ');
}

function judgeStatements(known: Module, next: Module, before: Program, after: Program, must: string[], may: string[]): void {
  const statements = (module: Module, program: Program): { id: number; key: string; fns: string }[] =>
    module.units
      .filter((unit) => unit.kind === 'statement')
      .map((unit) => ({ id: unit.id, key: statementKey(program, module, unit), fns: JSON.stringify(functionsOf(unit)) }));
  const [old, now] = [statements(known, before), statements(next, after)];
  for (const key of new Set([...old, ...now].map((entry) => entry.key))) {
    const [was, is] = [old, now].map((list) => list.filter((entry) => entry.key === key).map(({ fns }) => fns));
    if (!was || !is || was.length === 0) continue;
    if (is.length < was.length) must.push('a statement was changed or removed');
    const known = new Set(old.map(({ id }) => id));
    if (now.some((entry) => entry.key === key && !known.has(entry.id))) may.push('a statement took the place of one that reads the same');
    // Which of several that are alike is which can be told while all but one are what they were.
    const unknown = was.filter((fns) => !is.includes(fns));
    if (was.length > 1 && unknown.length > 0) may.push('which of two statements that are alike has changed');
    else if (unknown.length > 0 && is.length > 1) may.push('which of two statements that are alike is new');
  }
}

/** A statement that took the place of one that reads the same, but for its functions, is that one. */
function adoptStatements(before: Program, next: Program): void {
  for (const module of next.modules) {
    const old = moduleOf(before, module.id);
    if (!old) continue;
    const lost = old.units.filter((unit) => unit.kind === 'statement' && !module.units.some(({ id }) => id === unit.id));
    const known = new Set(old.units.map(({ id }) => id));
    for (const unit of module.units) {
      if (unit.kind !== 'statement' || known.has(unit.id)) continue;
      const index = lost.findIndex(
        (other) => other.kind === 'statement' && statementKey(before, old, other) === statementKey(next, module, unit),
      );
      const [same] = index === -1 ? [] : lost.splice(index, 1);
      if (same) unit.id = same.id;
    }
  }
}

/** A world that saves. */
export class LiveWorld extends World {
  /** What was evaluated anew, while a save is made. */
  private changed = new Set<string>();

  save(next: Program): void {
    const before = this.program;
    adoptStatements(before, next);
    this.program = next;
    this.index();
    this.changed = new Set();
    this.retire(before, next);
    const order = evaluationOrder(next);
    for (const id of order) {
      const [old, now] = [moduleOf(before, id), moduleOf(next, id)];
      if (old && now) this.saveValues(before, old, now);
      else if (now) this.addModule(id);
    }
    for (const id of order) {
      const [old, now] = [moduleOf(before, id), moduleOf(next, id)];
      if (!old || !now) continue;
      const known = new Set(old.units.flatMap((unit) => (unit.kind === 'statement' ? [unit.id] : [])));
      for (const unit of now.units) if (unit.kind === 'statement' && !known.has(unit.id)) this.execute(now, unit);
    }
  }

  /** What the new version does not have is left to itself. */
  private retire(before: Program, next: Program): void {
    const names = new Set(
      next.modules.flatMap((module) =>
        module.units.filter(isNamed).map(({ name, kind }) => `${refKey({ module: module.id, name })} ${kind}`),
      ),
    );
    for (const module of before.modules) {
      for (const unit of module.units.filter(isNamed)) {
        const key = refKey({ module: module.id, name: unit.name });
        if (names.has(`${key} ${unit.kind}`)) continue;
        const value = this.cells.get(key);
        if (typeof value === 'object' && value.kind === 'class') value.isGone = true;
        this.forget(value);
        this.cells.delete(key);
      }
    }
    for (const value of this.functions) if (!this.codes.has(value.place)) value.isGone = true;
  }

  private forget(value: Value): void {
    if (typeof value !== 'object' || value.kind !== 'object') return;
    value.isGone = true;
    for (const inner of value.own.values()) this.forget(inner);
  }

  private addModule(id: string): void {
    const module = moduleOf(this.program, id);
    if (module) this.hoist(module);
    this.evaluateModule(id);
  }

  private saveValues(before: Program, old: Module, now: Module): void {
    const known = new Map(old.units.filter(isNamed).map((unit) => [unit.name, unit]));
    for (const unit of now.units.filter(isNamed)) {
      const was = known.get(unit.name);
      if (was && was.kind !== unit.kind) this.hoistOne(now, unit);
      if (!was || was.kind !== unit.kind) {
        this.hoistOne(now, unit);
        this.define(now, unit);
        if (was) this.changed.add(refKey({ module: now.id, name: unit.name }));
      } else this.saveUnit(before, old, now, was, unit);
    }
  }

  private hoistOne(module: Module, unit: NamedUnit): void {
    this.hoist({ ...module, units: [unit] });
  }

  private saveUnit(before: Program, old: Module, now: Module, was: NamedUnit, unit: NamedUnit): void {
    const ref = { module: now.id, name: unit.name };
    const key = refKey(ref);
    if (unit.kind === 'value' && was.kind === 'value') {
      const isEdited = initialiserKey(before, old, was.init) !== initialiserKey(this.program, now, unit.init);
      if (!isEdited && !(unit.declare === 'const' && isPure(unit.init) && this.isStale(unit.init))) return;
      const value = this.evaluate(unit.init, frameOf(now));
      if (!Object.is(value, this.cells.get(key))) this.changed.add(key);
      this.cells.set(key, value);
    } else if (unit.kind === 'literal' && was.kind === 'literal') {
      const object = this.cells.get(key);
      if (typeof object !== 'object' || object.kind !== 'object') throw new Impossible(`${key} is no object`);
      if (this.merge(before, old, now, object, was.properties, unit.properties, isHarmless(unit))) this.changed.add(key);
    } else if (unit.kind === 'table' && was.kind === 'table') {
      const keys = (of: typeof unit): string => of.entries.map((entry) => entry.key).join();
      if (keys(was) !== keys(unit)) this.define(now, unit);
    } else if (unit.kind === 'function' && was.kind === 'function') {
      if (was.isWrapped !== unit.isWrapped) this.define(now, unit);
    } else if (unit.kind === 'class' && was.kind === 'class') this.saveClass(before, old, now, was, unit);
  }

  private isStale(init: Expr): boolean {
    return refsIn(init).some((ref) => this.changed.has(refKey(ref)));
  }

  /** Three ways: what the author left alone keeps what the program has put there. */
  private merge(
    before: Program,
    old: Module,
    now: Module,
    object: ObjectValue,
    was: readonly Property[],
    is: readonly Property[],
    follows: boolean,
  ): boolean {
    let isChanged = false;
    const known = new Map(was.map((property) => [property.name, property]));
    for (const { name } of was) {
      if (is.some((property) => property.name === name)) continue;
      this.forget(object.own.get(name));
      object.own.delete(name);
      isChanged = true;
    }
    for (const property of is) {
      const earlier = known.get(property.name);
      const { value } = property;
      if (value.kind === 'nested' && earlier?.value.kind === 'nested') {
        const inner = object.own.get(property.name);
        if (typeof inner === 'object' && inner.kind === 'object')
          isChanged = this.merge(before, old, now, inner, earlier.value.properties, value.properties, follows) || isChanged;
        continue;
      }
      const isSame = earlier && propertyKey(before, old, earlier) === propertyKey(this.program, now, property);
      const isStale = follows && value.kind === 'data' && this.isStale(value.init);
      if (isSame && !isStale) continue;
      this.forget(object.own.get(property.name));
      this.defineProperty(now, object, property);
      isChanged = true;
    }
    return isChanged;
  }

  private saveClass(before: Program, old: Module, now: Module, was: ClassUnit, unit: ClassUnit): void {
    const made = this.classAt({ module: now.id, name: unit.name });
    const parent = unit.parent && parentKey(this.program, now, unit.parent);
    if (parent !== (was.parent && parentKey(before, old, was.parent))) made.parent = unit.parent && this.classAt(unit.parent);
    const known = new Map(was.members.map((member) => [staticKey(member), member]));
    const keys = new Set(unit.members.map(staticKey));
    for (const member of was.members) {
      const isValue = member.isStatic && (member.kind === 'field' || member.kind === 'arrow');
      if (isValue && !keys.has(staticKey(member))) made.own.delete(member.name);
    }
    for (const member of unit.members) if (member.isStatic) this.saveStatic(before, old, now, made, known.get(staticKey(member)), member);
  }

  private saveStatic(before: Program, old: Module, now: Module, made: ClassValue, was: Member | undefined, member: Member): void {
    const key = (program: Program, module: Module, { kind, init }: Member): string =>
      kind === 'arrow' ? 'arrow' : initialiserKey(program, module, init);
    if (was && (member.kind === 'block' || key(before, old, was) === key(this.program, now, member))) return;
    this.defineStatic(made, now, member);
  }
}

const staticKey = (member: Member): string =>
  `${member.kind === 'arrow' ? memberPlace({ ...member, kind: 'field' }) : memberPlace(member)} ${member.kind === 'block' ? member.fn.body.tag : ''}`;

function propertyKey(program: Program, module: Module, { value, isComputed }: Property): string {
  if (value.kind === 'nested') return 'nested';
  if (value.kind === 'data') return `${isComputed} ${initialiserKey(program, module, value.init)}`;
  return `${isComputed} ${value.kind} ${value.fn.form === 'method' ? `method ${value.fn.flavour}` : ''}`;
}

/** Evaluating it again has no effect. */
export function isPure(expr: Expr): boolean {
  return expr.kind === 'sum'
    ? expr.parts.every(isPure)
    : expr.kind === 'text' || expr.kind === 'number' || expr.kind === 'read' || expr.kind === 'property';
}

function isHarmless({ properties }: LiteralUnit): boolean {
  return properties.every(({ value }) =>
    value.kind === 'nested' ? isHarmless({ properties: value.properties } as LiteralUnit) : value.kind !== 'data' || isPure(value.init),
  );
}
