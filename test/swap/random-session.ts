/**
 * A random program running beside its model: takes references to everything that there is, makes the saves, and asks all of them. A wrong
 * answer is thrown as {@link Wrong}.
 */
import type { Files, Level } from './case.ts';
import { createProgram, type ModuleText, type Program as Host, type SaveReport } from './host.ts';
import {
  Impossible,
  Unspecified,
  type ClassValue,
  type FunctionValue,
  type Instance,
  type MakerValue,
  type ObjectValue,
  type TableValue,
  type Value,
} from './random-model.ts';
import {
  isNamed,
  isPrivate,
  keyOf,
  type BuiltIn,
  type ClassUnit,
  type Fn,
  type FunctionUnit,
  type Module,
  type NamedUnit,
  type Program,
} from './random-program.ts';
import { renderProgram } from './random-render.ts';
import { chainOf, es5Methods } from './random-scope.ts';
import { arrowsOf, fieldsOf, judge, LiveWorld } from './random-swap.ts';
import { CALM, ENTRY, ENTRY_FILES, FAILS, FAILURE, moduleText } from './texts.ts';

export class Wrong extends Error {
  /** What sort of wrong, for shrinking: a smaller example must be of the same. */
  readonly sort: string;

  constructor(sort: string, message: string) {
    super(`${sort}: ${message}`);
    this.sort = sort;
  }
}

/** One way of saving. */
export interface Step {
  readonly program: Program;
  /** What was done to the version before. */
  readonly edits: readonly string[];
  /** First together with a module that throws. */
  readonly failsFirst: boolean;
}

export type StepResult =
  | { readonly kind: 'swapped' }
  | { readonly kind: 'refused'; readonly reasons: readonly string[]; readonly isDue: boolean };

type RealFunction = (...args: unknown[]) => unknown;
type Real = Record<PropertyKey, unknown>;

interface Held<M> {
  readonly label: string;
  readonly real: unknown;
  readonly model: M;
}

/** By what the object has inside, not by its prototypes. */
const IS_BUILT_IN: Readonly<Record<BuiltIn, (instance: object) => boolean>> = {
  Array: (instance) => Array.isArray(instance),
  Set: (instance) => isAccepted(() => void Set.prototype.has.call(instance, 'q')),
  Error: (instance) => Object.hasOwn(instance, 'stack'),
  RegExp: (instance) => isAccepted(() => void RegExp.prototype.exec.call(instance as RegExp, 'q')),
};

const ARGUMENTS: readonly string[] = ['xy', 'z'];

export class Session {
  private program: Program;
  private readonly linked = new Map<string, ModuleText>();
  private readonly level: Level;
  private host!: Host;
  private world!: LiveWorld;
  private takes = new Map<string, (name: string) => unknown>();
  private logged: string[] = [];
  private listeners: RealFunction[] = [];
  private functions: (Held<FunctionValue> & { readonly self: Held<Instance> | undefined })[] = [];
  private instances: Held<Instance>[] = [];
  private pairs = new Map<object, unknown>();
  private past = { arrows: new Set<string>(), fields: new Set<string>() };
  /** Answers that were looked at. */
  answers = 0;
  unspecified = 0;

  constructor(program: Program, level: Level) {
    this.program = program;
    this.level = level;
  }

  /** From nothing, as after a reload. */
  async start(): Promise<void> {
    this.takes = new Map();
    this.logged = [];
    this.listeners = [];
    this.functions = [];
    this.instances = [];
    this.pairs = new Map();
    this.past = { arrows: new Set(), fields: new Set() };
    const kit = {
      log: (line: unknown) => void this.logged.push(String(line)),
      on: (_key: string, listener: RealFunction) => void this.listeners.push(listener),
      plug: ({ run, nested }: { run: RealFunction; nested: { go: RealFunction } }) => void this.listeners.push(run, nested.go),
      wrap: (fn: unknown) => fn,
      module: (id: string, take: (name: string) => unknown) => void this.takes.set(id, take),
    };
    this.host = createProgram({ entry: ENTRY, start: this.link({ ...ENTRY_FILES, ...renderProgram(this.program) }) }, { kit });
    this.world = new LiveWorld(structuredClone(this.program));
    this.world.start();
    await this.host.start();
    this.host.clock.tick();
    this.world.tick();
    await this.check();
    this.hold();
    await this.check();
  }

  async save({ program, edits, failsFirst }: Step): Promise<StepResult> {
    const before = renderProgram(this.program);
    const files = Object.fromEntries(Object.entries(renderProgram(program)).filter(([id, text]) => before[id] !== text));
    for (const place of arrowsOf(this.program)) this.past.arrows.add(place);
    for (const field of fieldsOf(this.program)) this.past.fields.add(field);
    const verdict = judge(this.program, program, this.past);
    const isFormat = edits.every((edit) => edit === 'format');
    const prototypes = isFormat ? this.prototypes() : undefined;
    const modules = this.link(files);
    // A new module runs, whatever happens after.
    if (failsFirst && program.isQuiet && program.modules.length === this.program.modules.length) {
      const throws = this.link({ [FAILS]: `${CALM}\nthrow new Error('${FAILURE}');` });
      const report = await this.host.save([...throws, ...modules]);
      if (isSwapped(report)) throw new Wrong('rollback', 'a save that throws was made');
      await this.check('rollback, ');
      modules.push(...this.link({ [FAILS]: CALM }));
    }
    const report = await this.host.save(modules);
    if (!isSwapped(report)) {
      await this.check('after a refusal, ');
      this.program = program;
      // What a class extends that comes in the same save, or is exported by it, is known only then.
      const isLate = verdict.must.length > 0 && (edits.join() !== 'extends' || Object.keys(files).length > 1);
      if (report.kind === 'failed' && !isLate) throw new Wrong('failed', `${report.reasons.join('; ')} (${edits.join(', ')})`);
      await this.start();
      return { kind: 'refused', reasons: report.reasons, isDue: verdict.must.length > 0 || verdict.may.length > 0 };
    }
    if (verdict.must.length > 0) throw new Wrong('not refused', verdict.must.join('; '));
    this.program = program;
    try {
      this.world.save(structuredClone(program));
      if (report.kind === 'updated') this.world.tick();
    } catch (error) {
      if (!(error instanceof Unspecified || error instanceof Impossible)) throw error;
      this.unspecified++;
      await this.start();
      return { kind: 'swapped' };
    }
    await this.check();
    if (prototypes) this.compareMethods(prototypes);
    this.hold();
    return { kind: 'swapped' };
  }

  private link(files: Files): ModuleText[] {
    return Object.entries(files).map(([id, source]) => {
      const key = `${id} ${source}`;
      const known = this.linked.get(key) ?? moduleText(id, source, this.level);
      this.linked.set(key, known);
      return known;
    });
  }

  private take(module: Module, unit: NamedUnit): unknown {
    return this.takes.get(module.id)?.(unit.name);
  }

  private expected<T>(evaluate: () => T): { readonly value: T } | undefined {
    try {
      return { value: this.world.attempt(evaluate) };
    } catch (error) {
      if (!(error instanceof Unspecified || error instanceof Impossible)) throw error;
      this.unspecified++;
      return undefined;
    }
  }

  /** The same thing of both is the same for good. */
  private pair(label: string, real: unknown, model: Value): void {
    if (typeof model !== 'object') return;
    if (typeof real !== 'object' && typeof real !== 'function') throw new Wrong('wrong answer', `${label} is ${String(real)}`);
    if (!this.pairs.has(model)) this.pairs.set(model, real);
    else if (this.pairs.get(model) !== real) throw new Wrong('identity', `${label} is another object now`);
  }

  private same(label: string, actual: unknown, wanted: unknown): void {
    this.answers++;
    if (!Object.is(actual, wanted)) throw new Wrong('wrong answer', `${label} is ${String(actual)}, and should be ${String(wanted)}`);
  }

  private hold(): void {
    const { world, program } = this;
    for (const module of program.modules) {
      for (const unit of module.units.filter(isNamed)) {
        const real = this.take(module, unit);
        const model = world.cells.get(`${module.id}:${unit.name}`);
        if (typeof model !== 'object') continue;
        const label = `held ${unit.name}`;
        if (model.kind === 'function') this.holdFunction(label, real, model);
        else if (model.kind === 'object') this.holdObject(label, real as Real, model);
        else if (model.kind === 'table')
          for (const [key, entry] of model.entries) this.holdFunction(`${label} ${key}`, (real as Map<string, unknown>).get(key), entry);
        else if (model.kind === 'maker') this.holdClosure(label, real as RealFunction, model);
        else if (model.kind === 'class') this.holdInstance(label, real as RealFunction, model);
      }
    }
  }

  private holdFunction(label: string, real: unknown, model: FunctionValue, self?: Held<Instance>): void {
    const isKnown = this.functions.some((held) => held.real === real && held.self?.real === self?.real);
    if (isKnown || typeof real !== 'function') return;
    this.functions.push({ label, real, model, self });
    this.functions.push({ label: `bound ${label}`, real: (real as RealFunction).bind(self?.real), model, self });
  }

  private holdClosure(label: string, make: RealFunction, model: MakerValue): void {
    const count = this.functions.filter((held) => held.model.env && held.label.startsWith(label)).length;
    // Below that level closures keep the code that they were made with.
    if (this.level !== 'closures' || count > 4) return;
    this.holdFunction(`${label} ${count}`, make('held'), this.world.closureOf(model, 'held'));
  }

  private holdObject(label: string, real: Real, model: ObjectValue): void {
    for (const [name, value] of model.own) {
      if (typeof value !== 'object') continue;
      if (value.kind === 'function') this.holdFunction(`${label}.${name}`, real[name], value);
      else if (value.kind === 'object') this.holdObject(`${label}.${name}`, real[name] as Real, value);
    }
  }

  private holdInstance(label: string, real: RealFunction, model: ClassValue): void {
    const ofClass = this.instances.filter((held) => held.model.of === model);
    if (ofClass.length > 2) return;
    const made = this.expected(() => this.world.construct(model, ['held']));
    if (!made) return;
    const held: Held<Instance> = { label: `${label} (${ofClass.length})`, real: Reflect.construct(real, ['held']), model: made.value };
    if (ofClass.length === 1) {
      Object.freeze(held.real);
      held.model.isFrozen = true;
    }
    this.instances.push(held);
    for (const name of this.memberNames(model, false)) {
      const found = this.world.find(model, name, false);
      if (found?.member.kind !== 'method' || held.model.own.has(name)) continue;
      const method = this.world.functionAt(this.world.methodOf(found).place);
      this.holdFunction(`${held.label}.${name}`, (held.real as Real)[keyOf(name)], method, held);
    }
  }

  private memberNames(of: ClassValue, isStatic: boolean): Set<string> {
    const names = new Set<string>();
    for (let at: ClassValue | undefined = of; at; at = at.parent) {
      for (const member of this.world.unitAt(at)?.members ?? [])
        if (member.isStatic === isStatic && !isPrivate(member) && member.kind !== 'block') names.add(member.name);
    }
    return names;
  }

  async check(about = ''): Promise<void> {
    try {
      await this.checkAll();
    } catch (error) {
      if (error instanceof Wrong) throw new Wrong(about + error.sort, error.message);
      throw error instanceof Error && about + error.message ? new Wrong(`${about}throws`, error.stack ?? error.message) : error;
    }
  }

  private async checkAll(): Promise<void> {
    const { world, program } = this;
    this.compareLogs('by itself');
    for (const module of program.modules) for (const unit of module.units.filter(isNamed)) await this.checkUnit(module, unit);
    for (const held of this.instances) if (!held.model.of.isGone) await this.checkInstance(held.label, held.real as Real, held.model);
    for (const { label, real, model, self } of this.functions) await this.call(label, real, model, self?.real, self?.model);
    this.same('the number of listeners', this.listeners.length, world.listeners.length);
    for (const [index, listener] of world.listeners.entries()) await this.call(`listener ${index}`, this.listeners[index], listener);
    this.compareLogs('when called');
  }

  private compareLogs(about: string): void {
    // What is added in several modules at once runs in an order of its own.
    this.same(`what is logged ${about}`, this.logged.toSorted().join(), this.world.logged.toSorted().join());
    this.logged.length = 0;
    this.world.logged.length = 0;
  }

  private async checkUnit(module: Module, unit: NamedUnit): Promise<void> {
    const real = this.take(module, unit);
    const key = `${module.id}:${unit.name}`;
    const model = this.world.cells.get(key);
    this.pair(unit.name, real, model);
    if (unit.kind === 'value') this.same(unit.name, typeof real === 'object' ? String(real) : real, model);
    if (typeof model !== 'object') return;
    if (model.kind === 'function') {
      await this.call(unit.name, real, model);
      if (unit.kind === 'function') this.checkForm(unit, real as RealFunction);
    } else if (model.kind === 'maker')
      await this.call(`what ${unit.name} makes`, (real as RealFunction)('o'), this.world.closureOf(model, 'o'));
    else if (model.kind === 'object') await this.checkObject(unit.name, real as Real, model);
    else if (model.kind === 'table') await this.checkTable(unit.name, real as Map<string, unknown>, model);
    else if (model.kind === 'class') await this.checkClass(module, unit, real as RealFunction, model);
  }

  private checkForm({ name, isWrapped, fn: { body, form } }: FunctionUnit, real: RealFunction): void {
    // What a call has made of a function cannot be found again.
    if (isWrapped) return;
    const optional = body.parameters.findIndex((parameter) => parameter.form !== 'plain');
    this.same(`the length of ${name}`, real.length, optional === -1 ? body.parameters.length : optional);
    // A function that got another way of being written keeps the name that it had.
    if (form !== 'named' && real.name !== 'self') this.same(`the name of ${name}`, real.name, name);
  }

  private async checkTable(label: string, real: Map<string, unknown>, model: TableValue): Promise<void> {
    this.same(`keys of ${label}`, [...real.keys()].join(), [...model.entries.keys()].join());
    for (const [key, entry] of model.entries) {
      this.pair(`${label} ${key}`, real.get(key), entry);
      await this.call(`${label} ${key}`, real.get(key), entry);
    }
  }

  private async checkObject(label: string, real: Real, model: ObjectValue): Promise<void> {
    const unit = this.world;
    const names = new Set([...model.own.keys(), ...Object.keys(real)]);
    for (const name of names) {
      const setter = unit.accessor(model, name, 'setter');
      if (setter && !unit.accessor(model, name, 'getter')) {
        await this.assign(`${label}.${name}`, real, name, () => unit.logSetter(setter, model));
        continue;
      }
      const wanted = this.expected(() => unit.read(model, name, undefined));
      if (wanted) await this.compare(`${label}.${name}`, real, name, wanted.value, model);
    }
  }

  private async assign(_label: string, real: Real, name: string, assign: () => void): Promise<void> {
    if (!this.expected(assign)) return;
    Reflect.set(real, keyOf(name), 'z');
    await Promise.resolve();
  }

  /** A member of both. */
  private async compare(label: string, real: Real, name: string, wanted: Value, self: ObjectValue | Instance | ClassValue): Promise<void> {
    const actual = real[keyOf(name)];
    if (typeof wanted !== 'object') {
      // Promises and generators that a field keeps.
      this.same(label, typeof actual === 'object' ? String(actual) : actual, wanted);
      return;
    }
    if (this.isKept(wanted)) this.pair(label, actual, wanted);
    if (wanted.kind === 'function') await this.call(label, actual, wanted, real, self);
    else if (wanted.kind === 'object') await this.checkObject(label, actual as Real, wanted);
  }

  /** Methods are looked up anew each time. */
  private isKept(value: object): boolean {
    return (this.world.functions as readonly object[]).includes(value) || (this.world.objects as readonly object[]).includes(value);
  }

  private async checkClass(module: Module, unit: NamedUnit, real: RealFunction, model: ClassValue): Promise<void> {
    for (const name of this.memberNames(model, true)) {
      const wanted = this.expected(() => this.world.read(model, name, undefined));
      if (wanted) await this.compare(`${unit.name}.${name}`, real as unknown as Real, name, wanted.value, model);
    }
    const made = this.expected(() => this.world.construct(model, ['n', 'm']));
    if (!made) return;
    const instance = Reflect.construct(real, ['n', 'm']) as Real;
    await this.checkInstance(`new ${unit.name}`, instance, made.value);
    this.same(`new ${unit.name} instanceof ${unit.name}`, instance instanceof (real as unknown as new () => object), true);
    if (unit.kind === 'class') this.checkBuiltIn(unit, instance);
    if (unit.kind === 'es5')
      for (const name of es5Methods(this.program, { module: module.id, name: unit.name }))
        this.same(`${unit.name}.prototype.${name}`, typeof instance[name], 'function');
  }

  /** What only the built-in constructor gives. */
  private checkBuiltIn(unit: ClassUnit, instance: Real): void {
    const found = chainOf(this.program, unit).at(-1)?.builtIn;
    if (found) this.same(`new ${unit.name} is made by ${found}`, IS_BUILT_IN[found](instance), true);
  }

  private async checkInstance(label: string, real: Real, model: Instance): Promise<void> {
    const { world } = this;
    for (const name of this.memberNames(model.of, false)) {
      const setter = world.setterOf(model, name);
      if (setter && !model.own.has(name)) await this.assign(`${label}.${name}`, real, name, () => world.logSetter(setter, model));
      const wanted = this.expected(() => world.read(model, name, undefined));
      if (wanted) await this.compare(`${label}.${name}`, real, name, wanted.value, model);
    }
    for (let at: ClassValue | undefined = model.of; at; at = at.parent) {
      const by = `by${at.ref.name}`;
      this.same(`${label}.${by}`, real[by], model.own.get(by));
      const known = this.pairs.get(at);
      if (known) this.same(`${label} instanceof ${at.ref.name}`, real instanceof (known as new () => object), true);
      for (const [name, method] of at.methods) await this.call(`${label}.${name}`, real[name], method, real, model);
    }
  }

  private async call(
    label: string,
    real: unknown,
    model: FunctionValue,
    realSelf?: unknown,
    self?: ObjectValue | Instance | ClassValue,
  ): Promise<void> {
    const wanted = this.expected(() => `${kindOf(this.world.codeOf(model).fn)} ${this.world.exhaust(model, self, ARGUMENTS)}`);
    if (!wanted) return;
    if (typeof real !== 'function') throw new Wrong('wrong answer', `${label} is ${String(real)}, and should be a function`);
    this.same(`${label}()`, await exhaust(Reflect.apply(real, realSelf, ARGUMENTS)), wanted.value);
  }

  /** The functions on all prototypes, to see that none is another. */
  private prototypes(): Map<string, readonly unknown[]> {
    const found = new Map<string, readonly unknown[]>();
    for (const [model, real] of this.pairs) {
      if (typeof real !== 'function' || !('ref' in model)) continue;
      for (const target of [real, real.prototype as object]) {
        for (const key of Reflect.ownKeys(target)) {
          const { value, get, set } = Reflect.getOwnPropertyDescriptor(target, key) ?? {};
          found.set(`${real.name} ${target === real} ${String(key)}`, [value, get, set]);
        }
      }
    }
    return found;
  }

  private compareMethods(before: Map<string, readonly unknown[]>): void {
    const after = this.prototypes();
    this.same('members of all classes', [...after.keys()].join(), [...before.keys()].join());
    for (const [key, functions] of after) {
      // Values may count.
      if (functions.some((value, index) => typeof value === 'function' && value !== before.get(key)?.[index]))
        throw new Wrong('identity', `${key} is another function, and nothing was edited`);
    }
  }
}

function isSwapped({ kind, reasons }: SaveReport): boolean {
  return (kind === 'updated' || kind === 'ignored') && reasons.length === 0;
}

function isAccepted(call: () => void): boolean {
  try {
    call();
    return true;
  } catch {
    return false;
  }
}

function kindOf({ flavour }: Fn): string {
  return flavour || 'plain';
}

async function exhaust(result: unknown): Promise<string> {
  if (typeof result !== 'object' || result === null) return `plain ${String(result)}`;
  if (result instanceof Promise) return `async ${String(await result)}`;
  if (Symbol.iterator in result) return `generator ${[...(result as Iterable<unknown>)].map(String).join('/')}`;
  const parts: string[] = [];
  for await (const part of result as AsyncIterable<unknown>) parts.push(String(part));
  return `async generator ${parts.join('/')}`;
}
