/**
 * What a random program does, said without hot-swap: an interpreter of programs as data. Functions are places in the program ("method m1 of
 * class C3"), never code, so that whoever holds one runs what the newest version says at that place; how state goes from one version to the
 * next is in random-swap.ts.
 *
 * What hotswap.md leaves open is thrown as {@link Unspecified}: nothing is asked of the real program then.
 */
import { dependencies } from './random-render.ts';
import {
  ENTRY_ID,
  isNamed,
  isPrivate,
  moduleOf,
  refKey,
  unitOf,
  type Body,
  type ClassUnit,
  type Expr,
  type Fn,
  type Member,
  type Module,
  type NamedUnit,
  type Program,
  type Property,
  type Ref,
  type Unit,
} from './random-program.ts';

/** The design does not say what happens. */
export class Unspecified extends Error {}
/** The program itself would throw: no edit leads to it. */
export class Impossible extends Error {}

export interface FunctionValue {
  readonly kind: 'function';
  readonly place: string;
  isGone: boolean;
  /** Of instance arrows. */
  readonly self: Instance | ClassValue | undefined;
  /** Of closures. */
  readonly env?: Map<string, Value> | undefined;
}

/** A function that makes closures. */
export interface MakerValue {
  readonly kind: 'maker';
  readonly ref: Ref;
}

export interface ObjectValue {
  readonly kind: 'object';
  readonly place: string;
  /** Data, functions and nested objects; accessors are looked up. */
  readonly own: Map<string, Value>;
  isGone: boolean;
}

export interface ClassValue {
  readonly kind: 'class';
  readonly ref: Ref;
  isGone: boolean;
  parent: ClassValue | undefined;
  readonly own: Map<string, Value>;
  /** Of constructors of the old kind: their prototype. */
  readonly methods: Map<string, FunctionValue>;
}

export interface Instance {
  readonly kind: 'instance';
  readonly of: ClassValue;
  readonly own: Map<string, Value>;
  readonly privates: Map<string, Value>;
  /** Classes whose constructors it went through. */
  readonly madeBy: Set<ClassValue>;
  isFrozen: boolean;
}

export interface TableValue {
  readonly kind: 'table';
  readonly entries: Map<string, FunctionValue>;
}

export type Value = string | number | boolean | undefined | FunctionValue | ObjectValue | ClassValue | Instance | TableValue | MakerValue;
type Self = Instance | ClassValue | ObjectValue | undefined;

/** Where code stands. */
export interface Code {
  readonly fn: Fn;
  readonly module: Module;
  /** The class it says `super` and private names in. */
  readonly home: { readonly ref: Ref; readonly isStatic: boolean } | undefined;
}

interface Frame {
  readonly module: Module;
  readonly home: Code['home'];
  readonly self: Self;
  readonly args: readonly Value[];
  /** Name of the class that `new` was said of. */
  readonly target?: string | undefined;
  readonly env?: Map<string, Value> | undefined;
  readonly parameters: readonly Value[];
}

export const memberPlace = ({ kind, name, isStatic }: Member): string => `${isStatic ? 'static ' : ''}${kind} ${name}`;

export function placesOf(module: Module, unit: Unit): [string, Code][] {
  if (unit.kind === 'statement') return unit.fns.map((fn, index) => [`${module.id}#${unit.id}/${index}`, { fn, module, home: undefined }]);
  const ref = { module: module.id, name: unit.name };
  const base = refKey(ref);
  switch (unit.kind) {
    case 'function': {
      const form = unit.fn.form === 'declaration' ? 'declaration' : unit.isWrapped ? 'wrapped' : 'value';
      return [[`${base}/${form}`, { fn: unit.fn, module, home: undefined }]];
    }
    case 'literal':
      return placesIn(base, unit.properties, module);
    case 'table':
      return unit.entries.map(({ key, fn }) => [`${base}[${key}]`, { fn, module, home: undefined }]);
    case 'class':
      return unit.members
        .filter(({ kind }) => kind !== 'field')
        .map((member) => [`${base}/${memberPlace(member)}`, { fn: member.fn, module, home: { ref, isStatic: member.isStatic } }]);
    case 'maker':
      return [[`${base}/inner`, { fn: unit.fn, module, home: undefined }]];
    case 'value':
    case 'es5':
      return [];
    default:
      return unit satisfies never;
  }
}

export const propertyPlace = (place: string, { name, value }: Property): string =>
  `${place}.${name}/${value.kind === 'function' ? (value.fn.form === 'method' ? 'method' : 'value') : value.kind}`;

function placesIn(place: string, properties: readonly Property[], module: Module): [string, Code][] {
  return properties.flatMap((property): [string, Code][] => {
    const { value } = property;
    if (value.kind === 'nested') return placesIn(`${place}.${property.name}`, value.properties, module);
    return value.kind === 'data' ? [] : [[propertyPlace(place, property), { fn: value.fn, module, home: undefined }]];
  });
}

export class World {
  program: Program;
  readonly cells = new Map<string, Value>();
  readonly logged: string[] = [];
  readonly listeners: FunctionValue[] = [];
  readonly intervals: FunctionValue[] = [];
  readonly functions: FunctionValue[] = [];
  readonly objects: ObjectValue[] = [];
  protected codes = new Map<string, Code>();
  /** How to take back what an evaluation did that turned out to be unspecified. */
  protected undo: (() => void)[] = [];

  constructor(program: Program) {
    this.program = program;
    this.index();
  }

  protected index(): void {
    this.codes = new Map(this.program.modules.flatMap((module) => module.units.flatMap((unit) => placesOf(module, unit))));
  }

  start(): void {
    for (const module of this.program.modules) this.hoist(module);
    for (const id of evaluationOrder(this.program)) this.evaluateModule(id);
  }

  protected hoist(module: Module): void {
    for (const unit of module.units) {
      const ref = isNamed(unit) ? { module: module.id, name: unit.name } : undefined;
      if (!ref) continue;
      if (unit.kind === 'function' && unit.fn.form === 'declaration')
        this.cells.set(refKey(ref), this.functionAt(`${refKey(ref)}/declaration`));
      else if (unit.kind === 'maker') this.cells.set(refKey(ref), { kind: 'maker', ref });
      else if (unit.kind === 'es5') this.cells.set(refKey(ref), this.makeClass(ref));
    }
  }

  protected evaluateModule(id: string): void {
    const module = moduleOf(this.program, id);
    if (!module) return;
    for (const unit of module.units) {
      if (unit.kind === 'statement') this.execute(module, unit);
      else this.define(module, unit);
    }
  }

  /** Everything of it or nothing. */
  attempt<T>(evaluate: () => T): T {
    this.undo = [];
    const logged = this.logged.length;
    try {
      return evaluate();
    } catch (error) {
      for (const step of this.undo.toReversed()) step();
      this.logged.length = logged;
      throw error;
    }
  }

  private set<K, V>(map: Map<K, V>, key: K, value: V): void {
    const had = map.has(key);
    const before = map.get(key);
    this.undo.push(() => {
      if (had) map.set(key, before as V);
      else map.delete(key);
    });
    map.set(key, value);
  }

  functionAt(place: string, self?: Instance | ClassValue, env?: Map<string, Value>): FunctionValue {
    const made: FunctionValue = { kind: 'function', place, isGone: false, self, env };
    this.functions.push(made);
    return made;
  }

  closureOf({ ref }: MakerValue, given: Value): FunctionValue {
    const module = moduleOf(this.program, ref.module);
    const unit = unitOf(this.program, ref);
    if (!module || unit?.kind !== 'maker') throw new Unspecified(`${refKey(ref)} is gone`);
    const env = new Map([['o0', given]]);
    for (const { name, init } of unit.locals) env.set(name, this.evaluate(init, frameOf(module)));
    return this.functionAt(`${refKey(ref)}/inner`, undefined, env);
  }

  codeOf(value: FunctionValue): Code {
    const code = this.codes.get(value.place);
    if (!code || value.isGone) throw new Unspecified(`${value.place} is gone`);
    return code;
  }

  makeClass(ref: Ref): ClassValue {
    return { kind: 'class', ref, isGone: false, parent: undefined, own: new Map(), methods: new Map() };
  }

  cell(ref: Ref): Value {
    const key = refKey(ref);
    if (!this.cells.has(key)) throw new Impossible(`${key} is not initialised`);
    return this.cells.get(key);
  }

  protected define(module: Module, unit: NamedUnit): void {
    const ref = { module: module.id, name: unit.name };
    switch (unit.kind) {
      case 'function':
        if (unit.fn.form !== 'declaration')
          this.cells.set(refKey(ref), this.functionAt(`${refKey(ref)}/${unit.isWrapped ? 'wrapped' : 'value'}`));
        return;
      case 'value':
        this.cells.set(refKey(ref), this.evaluate(unit.init, frameOf(module)));
        return;
      case 'literal':
        this.cells.set(refKey(ref), this.makeObject(module, refKey(ref), unit.properties));
        return;
      case 'table': {
        const entries = unit.entries.map(({ key }): [string, FunctionValue] => [key, this.functionAt(`${refKey(ref)}[${key}]`)]);
        this.cells.set(refKey(ref), { kind: 'table', entries: new Map(entries) });
        return;
      }
      case 'class':
        this.defineClass(module, unit);
        return;
      case 'es5':
      case 'maker':
        return;
      default:
        unit satisfies never;
    }
  }

  defineClass(module: Module, unit: ClassUnit): void {
    const ref = { module: module.id, name: unit.name };
    const made = this.makeClass(ref);
    if (unit.parent) made.parent = this.classAt(unit.parent);
    this.cells.set(refKey(ref), made);
    for (const member of unit.members) if (member.isStatic) this.defineStatic(made, module, member);
  }

  defineStatic(made: ClassValue, module: Module, member: Member): void {
    if (member.kind === 'block') this.logged.push(member.fn.body.tag);
    else if (member.kind === 'field')
      made.own.set(member.name, this.evaluate(member.init, frameOf(module, made, { ref: made.ref, isStatic: true })));
    else if (member.kind === 'arrow') made.own.set(member.name, this.functionAt(`${refKey(made.ref)}/${memberPlace(member)}`, made));
  }

  classAt(ref: Ref): ClassValue {
    const value = this.cell(ref);
    if (typeof value !== 'object' || value.kind !== 'class') throw new Impossible(`${refKey(ref)} is no class`);
    return value;
  }

  makeObject(module: Module, place: string, properties: readonly Property[]): ObjectValue {
    const made: ObjectValue = { kind: 'object', place, own: new Map(), isGone: false };
    this.objects.push(made);
    for (const property of properties) this.defineProperty(module, made, property);
    return made;
  }

  defineProperty(module: Module, object: ObjectValue, property: Property): void {
    const { name, value } = property;
    if (value.kind === 'data') object.own.set(name, this.evaluate(value.init, frameOf(module)));
    else if (value.kind === 'nested') object.own.set(name, this.makeObject(module, `${object.place}.${name}`, value.properties));
    else if (value.kind === 'function') object.own.set(name, this.functionAt(propertyPlace(object.place, property)));
    else object.own.delete(name);
  }

  protected execute(module: Module, unit: Extract<Unit, { kind: 'statement' }>): void {
    const [first, second] = unit.fns.map((_, index) => this.functionAt(`${module.id}#${unit.id}/${index}`));
    const target = unit.target && this.cell(unit.target);
    switch (unit.form) {
      case 'log':
        this.logged.push(unit.key);
        return;
      case 'count':
        if (unit.target) this.cells.set(refKey(unit.target), Number(target) + 1);
        return;
      case 'listener':
        if (first) this.listeners.push(first);
        return;
      case 'interval':
        if (first) this.intervals.push(first);
        return;
      case 'plug':
        if (first && second) this.listeners.push(first, second);
        return;
      case 'prototype':
        if (first && typeof target === 'object' && target.kind === 'class') target.methods.set(unit.key, first);
        return;
      case 'handler':
        if (first && typeof target === 'object' && target.kind === 'object') target.own.set(unit.key, first);
        return;
      default:
        unit.form satisfies never;
    }
  }

  /** What the fake clock does. */
  tick(): void {
    for (const interval of this.intervals) this.call(interval, undefined, [], 'log');
  }

  call(value: Value, self: Self, args: readonly Value[], use: 'return' | 'log' = 'return'): Value {
    if (typeof value !== 'object' || value.kind !== 'function') throw new Impossible('no function is called');
    const { fn, module, home } = this.codeOf(value);
    const frame = this.enter(fn.body, module, home, value.self ?? self, args, undefined, value.env);
    if (fn.flavour.endsWith('generator')) return fn.flavour === 'generator' ? '[object Generator]' : '[object AsyncGenerator]';
    const result = this.run(fn.body, frame);
    if (use === 'log') this.logged.push(result);
    if (fn.flavour === 'async') return '[object Promise]';
    return use === 'log' ? undefined : result;
  }

  /** What calling it gives to somebody who waits and iterates: what it yields, or its result. */
  exhaust(value: FunctionValue, self: Self, args: readonly Value[]): string {
    const { fn, module, home } = this.codeOf(value);
    const frame = this.enter(fn.body, module, home, value.self ?? self, args, undefined, value.env);
    if (!fn.flavour.endsWith('generator')) return this.run(fn.body, frame);
    for (const effect of fn.body.effects) this.affect(effect, frame, fn.body);
    return [...fn.body.parts.map((part) => String(this.evaluate(part, frame))), fn.body.tag].join('/');
  }

  private enter(
    body: Body,
    module: Module,
    home: Code['home'],
    self: Self,
    args: readonly Value[],
    target?: string,
    env?: Map<string, Value>,
  ): Frame {
    const parameters: Value[] = [];
    const frame: Frame = { module, home, self, args, target, env, parameters };
    for (const [index, { form, value }] of body.parameters.entries()) {
      const given = args[index];
      if (form === 'plain') parameters.push(given);
      else if (form === 'default') parameters.push(given === undefined ? this.evaluate(value, frame) : given);
      else if (form === 'object') parameters.push(String(given ?? 'dd').length);
      else if (form === 'array') parameters.push(String(given ?? 'w')[0]);
      else parameters.push(args.slice(index).join('+'));
    }
    return frame;
  }

  run(body: Body, frame: Frame): string {
    for (const effect of body.effects) this.affect(effect, frame, body);
    return `${body.tag}(${body.parts.map((part) => String(this.evaluate(part, frame))).join(',')})`;
  }

  private affect(effect: Expr, frame: Frame, { style }: Body): void {
    const old = this.evaluate(effect, frame);
    // A subclass may have a text in the field that its parent counts in: `++` makes a number of it, `+ 1` does not.
    const value = typeof old === 'string' && style % 3 !== 0 ? `${old}1` : Number(old) + 1;
    if (effect.kind === 'read') this.set(this.cells, refKey(effect.ref), value);
    else if (effect.kind === 'property') {
      const { own, last } = this.owner(effect.ref, effect.path);
      this.set(own, last, value);
    } else if (effect.kind === 'outer') this.set(this.envOf(frame), effect.name, value);
    else if (effect.kind === 'own') this.write(frame, effect.name, value);
  }

  private envOf({ env }: Frame): Map<string, Value> {
    if (!env) throw new Impossible('no closure');
    return env;
  }

  private owner(ref: Ref, path: readonly string[]): { readonly own: Map<string, Value>; readonly last: string; readonly holder: Value } {
    let at = this.cell(ref);
    for (const name of path.slice(0, -1)) at = typeof at === 'object' && at.kind === 'object' ? at.own.get(name) : undefined;
    if (typeof at !== 'object' || (at.kind !== 'object' && at.kind !== 'class'))
      throw new Impossible(`${path.join('.')} of ${refKey(ref)} is nothing`);
    return { own: at.own, last: path.at(-1) ?? '', holder: at };
  }

  evaluate(expr: Expr, frame: Frame): Value {
    switch (expr.kind) {
      case 'text':
        return expr.text;
      case 'number':
        return expr.value;
      case 'sum':
        return expr.parts.map((part) => String(this.evaluate(part, frame))).join('');
      case 'read':
        return this.cell(expr.ref);
      case 'property': {
        const { holder, last } = this.owner(expr.ref, expr.path);
        return this.read(holder, last, frame);
      }
      case 'call': {
        if (expr.path.length === 0) return this.call(this.cell(expr.ref), undefined, ['q']);
        const { holder, last } = this.owner(expr.ref, expr.path);
        return this.call(this.read(holder, last, frame), holder as ObjectValue, ['q']);
      }
      case 'new': {
        const made = this.construct(this.classAt(expr.ref), ['n']);
        const value = this.read(made, expr.member, frame);
        return expr.isCall ? this.call(value, made, ['q']) : value;
      }
      case 'own': {
        const value = this.read(frame.self, expr.name, frame);
        return expr.isCall ? this.call(value, frame.self, ['q']) : value;
      }
      case 'mine':
        return this.read(frame.self, expr.name, frame);
      case 'super': {
        const home = frame.home && this.classAt(frame.home.ref);
        const found = home?.parent && this.find(home.parent, expr.name, frame.home?.isStatic ?? false);
        if (found?.member.kind !== 'method') throw new Impossible(`super.${expr.name} is no method`);
        return this.call(this.methodOf(found), frame.self, ['q']);
      }
      case 'has':
        this.brand(frame);
        return true;
      case 'parameter':
        return frame.parameters[expr.index];
      case 'arguments':
        return frame.args.length;
      case 'target':
        return frame.target;
      case 'outer': {
        const env = this.envOf(frame);
        if (!env.has(expr.name)) throw new Unspecified(`${expr.name} is no variable of this closure`);
        return env.get(expr.name);
      }
      default:
        return expr satisfies never;
    }
  }

  unitAt({ ref, isGone }: ClassValue): ClassUnit | undefined {
    const unit = unitOf(this.program, ref);
    if (isGone) throw new Unspecified(`${refKey(ref)} is gone`);
    return unit?.kind === 'class' ? unit : undefined;
  }

  find(of: ClassValue, name: string, isStatic: boolean): { readonly owner: ClassValue; readonly member: Member } | undefined {
    for (let owner: ClassValue | undefined = of; owner; owner = owner.parent) {
      const members = this.unitAt(owner)?.members.filter((member) => member.name === name && member.isStatic === isStatic) ?? [];
      const member = members.find(({ kind }) => kind !== 'setter') ?? members[0];
      if (member) return { owner, member };
    }
    return undefined;
  }

  methodOf({ owner, member }: { readonly owner: ClassValue; readonly member: Member }): FunctionValue {
    return { kind: 'function', place: `${refKey(owner.ref)}/${memberPlace(member)}`, isGone: false, self: undefined };
  }

  /** A member by its name, as `holder.name` and, in the class itself, `holder.#name`. */
  read(holder: Value, name: string, frame: Frame | undefined): Value {
    if (typeof holder !== 'object') throw new Unspecified(`${name} of ${String(holder)}`);
    if (name.startsWith('#')) return this.readPrivate(holder, name, frame);
    if (holder.kind === 'object') {
      const code = this.codes.get(`${holder.place}.${name}/getter`);
      if (holder.isGone) throw new Unspecified(`${holder.place} is gone`);
      return code && !holder.own.has(name) ? this.run(code.fn.body, { ...frameOf(code.module, holder), args: [] }) : holder.own.get(name);
    }
    if (holder.kind === 'class') return this.readMember(holder, holder, name, true);
    if (holder.kind === 'instance') return this.readMember(holder, holder.of, name, false);
    throw new Unspecified(`${name} of a ${holder.kind}`);
  }

  private readMember(holder: Instance | ClassValue, of: ClassValue, name: string, isStatic: boolean): Value {
    const found = this.find(of, name, isStatic);
    if (holder.own.has(name)) {
      if (found && found.member.kind !== 'field' && found.member.kind !== 'arrow') throw new Unspecified(`${name} was a field`);
      return holder.own.get(name);
    }
    if (!found) {
      for (let at: ClassValue | undefined = of; at && !isStatic; at = at.parent) if (at.methods.has(name)) return at.methods.get(name);
      if (isStatic) for (let at = of.parent; at; at = at.parent) if (at.own.has(name)) return at.own.get(name);
      return undefined;
    }
    const { owner, member } = found;
    const module = moduleOf(this.program, owner.ref.module);
    if (!module) throw new Unspecified(`${owner.ref.module} is gone`);
    switch (member.kind) {
      case 'method':
        return this.methodOf(found);
      case 'getter':
        return this.run(member.fn.body, { ...frameOf(module, holder, { ref: owner.ref, isStatic }), args: [] });
      case 'setter':
      case 'block':
        return undefined;
      case 'field':
      case 'arrow': {
        if (holder.kind === 'class') {
          // What was written at a class in between stands before it.
          for (let at: ClassValue | undefined = holder; at; at = at.parent) if (at.own.has(name)) return at.own.get(name);
          return undefined;
        }
        if (!holder.madeBy.has(owner)) throw new Unspecified(`${name} belongs to a class that has not made it`);
        const value = this.fieldValue(holder, owner, module, member);
        if (!holder.isFrozen) this.set(holder.own, name, value);
        return value;
      }
      default:
        return member.kind satisfies never;
    }
  }

  private fieldValue(self: Instance, owner: ClassValue, module: Module, member: Member): Value {
    if (member.kind === 'arrow') return this.functionAt(`${refKey(owner.ref)}/${memberPlace(member)}`, self);
    return this.evaluate(member.init, frameOf(module, self, { ref: owner.ref, isStatic: false }));
  }

  /** The class whose private names the code means, when its `this` has them. */
  private brand({ home, self }: Frame): ClassValue {
    if (!home || typeof self !== 'object') throw new Impossible('a private name outside of a class');
    const owner = this.classAt(home.ref);
    if (home.isStatic ? self !== owner : self.kind !== 'instance' || !self.madeBy.has(owner))
      throw new Unspecified('a private name of another object');
    return owner;
  }

  private readPrivate(holder: Value, name: string, frame: Frame | undefined): Value {
    if (!frame || (typeof holder === 'object' && holder.kind !== 'instance' && holder.kind !== 'class')) throw new Impossible(name);
    const owner = this.brand(frame);
    const isStatic = frame.home?.isStatic ?? false;
    const member = this.unitAt(owner)?.members.find(
      (entry) => entry.name === name && entry.isStatic === isStatic && entry.kind !== 'setter',
    );
    const module = moduleOf(this.program, owner.ref.module);
    if (!member || !module) throw new Impossible(`${name} is not declared`);
    if (member.kind === 'method') return this.methodOf({ owner, member });
    if (member.kind === 'getter') return this.run(member.fn.body, { ...frameOf(module, frame.self, frame.home), args: [] });
    if (isStatic) return owner.own.get(name);
    const self = frame.self as Instance;
    const key = `${refKey(owner.ref)}${name}`;
    if (!self.privates.has(key)) this.set(self.privates, key, this.fieldValue(self, owner, module, member));
    return self.privates.get(key);
  }

  private write(frame: Frame, name: string, value: Value): void {
    const { self } = frame;
    if (typeof self !== 'object') throw new Unspecified(`${name} of nothing`);
    if (name.startsWith('#')) {
      const owner = this.brand(frame);
      if (self.kind === 'instance') this.set(self.privates, `${refKey(owner.ref)}${name}`, value);
      else this.set(owner.own, name, value);
      return;
    }
    if (self.kind === 'instance') {
      const found = this.find(self.of, name, false);
      if (self.isFrozen || (found && found.member.kind !== 'field' && found.member.kind !== 'arrow'))
        throw new Unspecified(`${name} cannot be written`);
    }
    this.set(self.own, name, value);
  }

  accessor({ place, own }: ObjectValue, name: string, kind: 'getter' | 'setter'): Code | undefined {
    return own.has(name) ? undefined : this.codes.get(`${place}.${name}/${kind}`);
  }

  /** Setters log what they are given. */
  logSetter({ fn, module, home }: Code, self: Self): void {
    this.logged.push(this.run(fn.body, this.enter(fn.body, module, home, self, ['z'])));
  }

  /** As `instance.name = …` finds it. */
  setterOf({ of }: Instance, name: string): Code | undefined {
    for (let owner: ClassValue | undefined = of; owner; owner = owner.parent) {
      const members = this.unitAt(owner)?.members.filter((member) => member.name === name && !member.isStatic) ?? [];
      if (members.length > 0)
        return members.some(({ kind }) => kind === 'setter') ? this.codes.get(`${refKey(owner.ref)}/setter ${name}`) : undefined;
    }
    return undefined;
  }

  construct(of: ClassValue, args: readonly Value[]): Instance {
    const made: Instance = { kind: 'instance', of, own: new Map(), privates: new Map(), madeBy: new Set(), isFrozen: false };
    this.constructAs(made, of, args);
    return made;
  }

  private constructAs(self: Instance, of: ClassValue, args: readonly Value[]): void {
    const module = moduleOf(this.program, of.ref.module);
    const unit = unitOf(this.program, of.ref);
    if (!module || of.isGone) throw new Unspecified(`${refKey(of.ref)} is gone`);
    if (unit?.kind === 'es5') {
      this.set(self.own, `by${unit.name}`, this.run(unit.body, this.enter(unit.body, module, undefined, self, args, self.of.ref.name)));
      return;
    }
    if (unit?.kind !== 'class') throw new Impossible(`${refKey(of.ref)} is no class`);
    const { constructs } = unit;
    const home = { ref: of.ref, isStatic: false };
    const frame = constructs && this.enter(constructs, module, home, self, args, self.of.ref.name);
    if (of.parent)
      this.constructAs(self, of.parent, !constructs ? args : constructs.parameters[0]?.form === 'plain' ? [frame?.parameters[0]] : []);
    self.madeBy.add(of);
    for (const member of unit.members) {
      if (member.isStatic || (member.kind !== 'field' && member.kind !== 'arrow')) continue;
      const value = this.fieldValue(self, of, module, member);
      if (isPrivate(member)) self.privates.set(`${refKey(of.ref)}${member.name}`, value);
      else self.own.set(member.name, value);
    }
    if (constructs && frame) this.set(self.own, `by${unit.name}`, this.run(constructs, frame));
  }
}

export function frameOf(module: Module, self?: Self, home?: Code['home']): Frame {
  return { module, home, self, args: [], parameters: [] };
}

/** Modules in the order in which they run, dependencies first. */
export function evaluationOrder(program: Program): string[] {
  const order: string[] = [];
  const seen = new Set<string>();
  const visit = (id: string): void => {
    if (seen.has(id)) return;
    seen.add(id);
    for (const dep of dependencies(program, id)) visit(dep);
    order.push(id);
  };
  visit(ENTRY_ID);
  return order;
}
