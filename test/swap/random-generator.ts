/** Makes random programs: units of every kind, spread over modules, that read and call each other. */
import { Impossible, World } from './random-model.ts';
import {
  BUILT_INS,
  createRandom,
  ENTRY_ID,
  exportedAs,
  isNamed,
  isPrivate,
  moduleOf,
  refKey,
  refsOf,
  unitOf,
  type Body,
  type BuiltIn,
  type ClassUnit,
  type Declare,
  type Effect,
  type ExportForm,
  type Expr,
  type Flavour,
  type Fn,
  type ImportForm,
  type MakerUnit,
  type Member,
  type Module,
  type NamedUnit,
  type Parameter,
  type Program,
  type Property,
  type Random,
  type Ref,
  type StatementUnit,
  type Unit,
} from './random-program.ts';
import {
  bodiesWithPlaces,
  chainOf,
  es5Methods,
  isAllowed,
  isEffectAllowed,
  isStateField,
  memberOf,
  outerNames,
  plainPlace,
  propertyAt,
  type Place,
} from './random-scope.ts';
import type { Level } from './case.ts';

const FLAVOURS: readonly [Flavour, ...Flavour[]] = ['', '', '', '', '', 'async', 'generator', 'async generator'];
const EXPORTS: readonly [ExportForm, ...ExportForm[]] = ['inline', 'inline', 'list', 'alias', 'default'];
const IMPORTS: readonly [ImportForm, ...ImportForm[]] = ['named', 'named', 'alias', 'namespace', 'barrel'];
const DECLARES: readonly [Declare, ...Declare[]] = ['const', 'let', 'var'];
const MEMBERS = [
  'm0',
  'm1',
  'm2',
  'm3',
  'g0',
  'g1',
  'a0',
  'a1',
  'f0',
  'f1',
  'f2',
  '#m0',
  '#g0',
  '#a0',
  '#f0',
  '#f1',
  '@m0',
  '@g0',
  '@f0',
  '@a0',
] as const;
export const LOCALS = ['n0', 'k0', 'n1', 'k1'] as const;
const STATICS = ['u0', 'u1', 'v0', 't0', 't1', '#u0', '#t0', '@u0', '@t0'] as const;

/** Makes parts of programs; numbers and tags are never given twice. */
export class Maker {
  readonly random: Random;
  readonly level: Level;
  /** Ways of importing and exporting are the plainest: to make examples small. */
  isPlain = false;
  private serial = 0;

  constructor(seed: number, level: Level) {
    this.random = createRandom(seed);
    this.level = level;
  }

  next(): number {
    return ++this.serial;
  }

  program(): Program {
    const { random } = this;
    const count = 1 + random.below(4);
    const modules: Module[] = Array.from({ length: count }, (_, index) => ({
      id: index === count - 1 ? ENTRY_ID : `/m${index}.js`,
      units: [],
      imports: {},
      format: 0,
    }));
    const program: Program = { modules, hasBarrel: count > 1 && random.chance(0.4), isQuiet: random.chance(0.5) };
    for (const module of modules) {
      for (let left = 2 + random.below(5); left > 0; left--) this.tryUnit(program, module);
      for (let left = random.below(3); left > 0; left--) this.tryStatement(program, module);
    }
    // Cycles: bodies of early modules get to know late ones.
    for (let tries = 0; tries < 3; tries++) {
      this.attempt(program, () => {
        for (const module of program.modules)
          for (const { body, place } of module.units.flatMap((unit) => bodiesWithPlaces(program, module, unit)))
            if (random.chance(0.15)) this.fill(body, place);
      });
    }
    return program;
  }

  /** Does something to the program that must leave it one that starts. */
  attempt(program: Program, change: () => unknown): boolean {
    const before = structuredClone(program);
    try {
      if (change() === false) throw new Impossible('not here');
      this.repair(program);
      new World(program).start();
      return true;
    } catch (error) {
      if (!(error instanceof Error) || error.name === 'TypeError') throw error;
      Object.assign(program, before);
      return false;
    }
  }

  tryUnit(program: Program, module: Module, at: number = module.units.length): boolean {
    const index = program.modules.indexOf(module);
    return this.attempt(program, () => {
      const own = program.modules[index];
      if (!own) return false;
      return void own.units.splice(at, 0, this.unit(program, own));
    });
  }

  tryStatement(program: Program, module: Module): boolean {
    const index = program.modules.indexOf(module);
    return this.attempt(program, () => {
      const own = program.modules[index];
      const made = own && this.statement(program, own);
      return made ? void own.units.push(made) : false;
    });
  }

  unit(program: Program, module: Module): NamedUnit {
    const { random } = this;
    const id = this.next();
    const extra = this.level === 'closures' ? (['maker', 'maker', 'maker'] as const) : (['maker'] as const);
    const kinds =
      this.level === 'bindings'
        ? (['function', 'function', 'value', 'value', 'literal'] as const)
        : (['function', 'function', 'function', 'value', 'value', 'literal', 'table', 'class', 'class', 'class', 'es5', ...extra] as const);
    const kind = random.pick(kinds);
    const head = { id, name: `${kind === 'maker' ? 'q' : kind[0]}${id}`, exported: 'no' as const };
    const place = (level: number): Place => plainPlace(program, module, level);
    switch (kind) {
      case 'function': {
        const level = random.below(4);
        const form = random.pick(['declaration', 'declaration', 'arrow', 'function', 'named'] as const);
        return {
          ...head,
          kind,
          level,
          declare: random.pick(DECLARES),
          isWrapped: form !== 'declaration' && this.level !== 'bindings' && random.chance(0.15),
          fn: this.fn(form, place(level)),
        };
      }
      case 'value': {
        const isState = random.chance(0.5);
        return {
          ...head,
          kind,
          level: 0,
          declare: isState ? random.pick(['let', 'var'] as const) : random.pick(['const', 'const', 'let'] as const),
          isState,
          init: this.initialiser(place(9), isState),
        };
      }
      case 'literal': {
        const level = random.below(3);
        return { ...head, kind, level, declare: random.pick(DECLARES), properties: this.properties(place(level), 2 + random.below(3)) };
      }
      case 'table': {
        const entries = ['k0', 'k1', 'k2']
          .slice(0, 1 + random.below(3))
          .map((key) => ({ key, fn: this.fn(random.pick(['arrow', 'function'] as const), place(1)) }));
        return { ...head, kind, level: 1, entries };
      }
      case 'class':
        return this.class(head, place(1 + random.below(3)));
      case 'maker': {
        const locals = LOCALS.filter(() => random.chance(0.5)).map((name) => this.local(name));
        const made: MakerUnit = { ...head, kind, level: 1, locals, fn: this.fn('arrow', place(1)) };
        made.fn = this.fn(random.pick(['arrow', 'function'] as const), { ...place(1), outer: outerNames(made) });
        return made;
      }
      case 'es5':
        return { ...head, kind, level: 1, body: this.body(place(1)) };
      default:
        return kind satisfies never;
    }
  }

  local(name: string): MakerUnit['locals'][number] {
    const serial = this.next();
    return { name, init: name.startsWith('n') ? { kind: 'number', value: serial * 1000 } : { kind: 'text', text: `v${serial}` } };
  }

  private class(head: { id: number; name: string; exported: 'no' }, place: Place): ClassUnit {
    const { random } = this;
    const made: ClassUnit = {
      ...head,
      kind: 'class',
      level: place.level,
      isExpression: random.chance(0.2),
      parent: undefined,
      constructs: undefined,
      members: [],
    };
    made.parent = this.parent(place.program, place.module, made);
    made.builtIn = this.builtIn(made);
    for (let left = 2 + random.below(5); left > 0; left--) this.addMember(made, place);
    if (random.chance(0.5)) made.constructs = this.body({ ...place, home: made, rank: -1, isPlainCode: false });
    return made;
  }

  builtIn({ parent }: ClassUnit): BuiltIn | undefined {
    return parent || this.random.chance(0.7) ? undefined : this.random.pick(BUILT_INS);
  }

  /** A class to extend: of this module or an earlier one. */
  parent(program: Program, module: Module, of: ClassUnit): Ref | undefined {
    if (this.random.chance(0.4)) return undefined;
    const usable = program.modules.slice(0, program.modules.indexOf(module) + 1);
    const found = usable.flatMap(({ id, units }) =>
      units
        .filter(
          (unit): unit is ClassUnit =>
            unit.kind === 'class' && unit.level <= of.level && !chainOf(program, unit).some(({ name }) => name === of.name),
        )
        .map(({ name }) => ({ module: id, name })),
    );
    return this.random.maybe(found);
  }

  addMember(unit: ClassUnit, place: Place): Member | undefined {
    const { random } = this;
    const isStatic = random.chance(0.25);
    const name = isStatic ? random.pick(STATICS) : random.pick(MEMBERS);
    // `static #x` and `#x` are one name.
    const taken = unit.members.filter((member) => member.name === name && (member.isStatic === isStatic || isPrivate(member)));
    const letter = name.replace(/[#@]/, '')[0];
    const isSetter = letter === 'g' && random.chance(0.3);
    const kind =
      letter === 'm' || letter === 'u'
        ? 'method'
        : letter === 'g' || letter === 'v'
          ? isSetter
            ? 'setter'
            : 'getter'
          : letter === 'a'
            ? 'arrow'
            : 'field';
    if (
      taken.some(
        (member) =>
          member.kind === kind || kind === 'method' || kind === 'field' || kind === 'arrow' || !['getter', 'setter'].includes(member.kind),
      )
    )
      return undefined;
    const made = this.member(kind, name, isStatic, unit, place);
    unit.members.splice(random.below(unit.members.length + 1), 0, made);
    return made;
  }

  member(kind: Member['kind'], name: string, isStatic: boolean, unit: ClassUnit, place: Place): Member {
    const { random } = this;
    const inside: Place = { ...place, home: unit, isStatic, rank: -1, isArrow: kind === 'arrow', isPlainCode: kind !== 'setter' };
    const fn = kind === 'method' ? this.fn('method', inside) : this.fn(kind === 'arrow' ? 'arrow' : 'method', inside, '');
    if (kind === 'getter') fn.body.parameters = [];
    if (kind === 'getter') fn.body.parts = fn.body.parts.filter(({ kind: of }) => of !== 'parameter');
    if (kind === 'setter') fn.body.parameters = [{ form: 'plain', value: { kind: 'text', text: '' } }];
    const isComputed = !/[#@]/.test(name) && kind !== 'field' && kind !== 'arrow' && kind !== 'block' && random.chance(0.1);
    return {
      kind,
      name,
      isStatic,
      isComputed,
      init: this.initialiser({ ...place, level: kind === 'field' ? place.level : 0 }, random.chance(0.6)),
      fn,
    };
  }

  properties(place: Place, count: number, depth = 0): Property[] {
    const properties: Property[] = [];
    for (let left = count; left > 0; left--) this.addProperty(properties, place, depth);
    return properties;
  }

  addProperty(properties: Property[], place: Place, depth = 0): boolean {
    const { random } = this;
    const isBound = this.level === 'bindings';
    const kind = random.pick(
      isBound ? (['data', 'state', 'nested'] as const) : (['data', 'state', 'function', 'function', 'getter', 'setter', 'nested'] as const),
    );
    const name = `${kind === 'setter' ? 'x' : kind[0]}${random.below(3)}`;
    if (properties.some((property) => property.name === name) || (kind === 'nested' && depth > 1)) return false;
    const base = { name, isComputed: false };
    const at = random.below(properties.length + 1);
    if (kind === 'nested')
      properties.splice(at, 0, { ...base, value: { kind, properties: this.properties(place, 1 + random.below(2), depth + 1) } });
    else if (kind === 'data' || kind === 'state')
      properties.splice(at, 0, {
        ...base,
        value: { kind: 'data', isState: kind === 'state', init: this.initialiser({ ...place, level: 0 }, kind === 'state') },
      });
    else {
      const form = kind === 'function' ? random.pick(['method', 'arrow', 'function'] as const) : 'method';
      const fn = this.fn(
        form,
        { ...place, object: form === 'arrow' ? undefined : properties, isPlainCode: kind !== 'setter' },
        kind === 'function' ? undefined : '',
      );
      if (kind === 'getter') fn.body = { ...fn.body, parameters: [], parts: fn.body.parts.filter(({ kind: of }) => of !== 'parameter') };
      if (kind === 'setter') fn.body.parameters = [{ form: 'plain', value: { kind: 'text', text: '' } }];
      properties.splice(at, 0, { ...base, value: { kind, fn } });
    }
    return true;
  }

  fn(form: Fn['form'], place: Place, flavour?: Flavour): Fn {
    const picked = flavour ?? this.random.pick(FLAVOURS);
    const isArrow = form === 'arrow';
    return { form, flavour: isArrow && picked.endsWith('generator') ? '' : picked, body: this.body({ ...place, isArrow }) };
  }

  body(place: Place): Body {
    const { random } = this;
    const parameters: Parameter[] = [];
    for (let left = random.below(3); left > 0; left--) parameters.push(this.parameter(place, left === 1));
    const body: Body = { tag: `b${this.next()}`, parameters, effects: [], parts: [], style: random.below(12) };
    this.fill(body, place);
    return body;
  }

  parameter(place: Place, isLast: boolean): Parameter {
    const form = this.random.pick(
      isLast
        ? (['plain', 'plain', 'default', 'object', 'array', 'rest'] as const)
        : (['plain', 'plain', 'default', 'object', 'array'] as const),
    );
    const read = this.random.chance(0.3) ? this.read(place) : undefined;
    return { form, value: read ?? { kind: 'text', text: `d${this.next()}` } };
  }

  /** New parts and effects. */
  fill(body: Body, place: Place): void {
    const { random } = this;
    body.parts = [];
    for (let left = random.below(4); left > 0; left--) {
      const part = this.part(place);
      if (part && isAllowed(part, body, place)) body.parts.push(part);
    }
    body.effects = [];
    if (!random.chance(0.3)) return;
    const effect = this.effect(place);
    if (effect && isEffectAllowed(effect, place)) body.effects.push(effect);
  }

  private read(place: Place): Expr | undefined {
    const unit = this.otherUnit(place, ({ kind }) => kind === 'value');
    return unit && { kind: 'read', ref: unit };
  }

  /** A unit that can be named here, which may make it exported. */
  private otherUnit({ program, module }: Place, accepts: (unit: NamedUnit) => boolean): Ref | undefined {
    const own = this.random.chance(0.5) ? [module] : program.modules;
    const found = own.flatMap(({ id, units }) =>
      units
        .filter(isNamed)
        .filter(accepts)
        .map(({ name }) => ({ module: id, name })),
    );
    return this.random.maybe(found);
  }

  part(place: Place): Expr | undefined {
    const { random } = this;
    const { program, home, level, rank, isStatic } = place;
    if (place.outer && random.chance(0.5)) return { kind: 'outer', name: random.maybe(place.outer) ?? '' };
    if (place.object && random.chance(0.4)) return { kind: 'mine', name: random.maybe(place.object)?.name ?? '' };
    const isLower = (unit: NamedUnit): boolean => unit.level < level;
    switch (random.below(home && rank >= 0 ? 11 : 7)) {
      case 0:
        return { kind: 'parameter', index: random.below(2) };
      case 1:
        return random.chance(0.5) ? { kind: random.chance(0.5) ? 'arguments' : 'target' } : this.read(place);
      case 2:
        return this.read(place);
      case 3: {
        const ref = this.otherUnit(place, (unit) => unit.kind === 'function' && isLower(unit));
        return ref && { kind: 'call', ref, path: [] };
      }
      case 4:
      case 5: {
        const ref = this.otherUnit(place, ({ kind }) => kind === 'literal' || kind === 'class');
        const unit = ref && unitOf(program, ref);
        if (!ref || !unit) return undefined;
        const path = unit.kind === 'literal' ? this.path(unit.properties) : [random.pick(STATICS)];
        const isCall = unit.kind === 'literal' ? propertyAt(unit.properties, path)?.value.kind === 'function' : /^@?u/.test(path[0] ?? '');
        return isCall ? { kind: 'call', ref, path } : { kind: 'property', ref, path };
      }
      case 6: {
        const ref = this.otherUnit(place, (unit) => (unit.kind === 'class' || unit.kind === 'es5') && isLower(unit));
        const unit = ref && unitOf(program, ref);
        if (!ref || !unit) return undefined;
        if (unit.kind === 'es5') return { kind: 'new', ref, member: random.maybe(es5Methods(program, ref)) ?? '', isCall: true };
        const member = random.pick(MEMBERS);
        const kind = unit.kind === 'class' && memberOf(program, unit, member, false)?.kind;
        return { kind: 'new', ref, member, isCall: kind === 'method' || kind === 'arrow' };
      }
      case 7:
        return random.chance(0.3)
          ? { kind: 'has', name: random.pick(['#m0', '#g0', '#f0', '#f1'] as const) }
          : { kind: 'super', name: random.pick(isStatic ? (['u0', 'u1', '@u0'] as const) : (['m0', 'm1', 'm2', '@m0'] as const)) };
      default: {
        if (!home) return undefined;
        if (random.chance(0.2)) return { kind: 'own', name: `by${random.maybe(chainOf(program, home))?.name ?? ''}`, isCall: false };
        const name = random.pick(isStatic ? STATICS : MEMBERS);
        const kind = (name.startsWith('#') ? home.members.find((member) => member.name === name) : memberOf(program, home, name, isStatic))
          ?.kind;
        return { kind: 'own', name, isCall: kind === 'method' || kind === 'arrow' };
      }
    }
  }

  path(properties: readonly Property[]): string[] {
    const property = this.random.maybe(properties);
    if (!property) return [];
    return property.value.kind === 'nested' ? [property.name, ...this.path(property.value.properties)] : [property.name];
  }

  private effect(place: Place): Effect | undefined {
    const { random } = this;
    const { program, module, home, isStatic, outer } = place;
    if (outer && random.chance(0.7)) {
      const name = random.maybe(outer.filter((local) => local.startsWith('n')));
      return name === undefined ? undefined : { kind: 'outer', name };
    }
    if (home && random.chance(0.6)) {
      const member = random.maybe(
        chainOf(program, home).flatMap(({ members }) => members.filter((entry) => entry.isStatic === isStatic && isStateField(entry))),
      );
      return member && { kind: 'own', name: member.name, isCall: false };
    }
    if (random.chance(0.6)) {
      const unit = random.maybe(module.units.filter((entry) => entry.kind === 'value' && entry.isState));
      return unit?.kind === 'value' ? { kind: 'read', ref: { module: module.id, name: unit.name } } : undefined;
    }
    const ref = this.otherUnit(place, ({ kind }) => kind === 'literal' || kind === 'class');
    const unit = ref && unitOf(program, ref);
    if (!ref || !unit) return undefined;
    return { kind: 'property', ref, path: unit.kind === 'literal' ? this.path(unit.properties) : [random.pick(['t0', 't1'] as const)] };
  }

  /** @param isState a number, from which its changes are told */
  initialiser(place: Place, isState: boolean): Expr {
    const { random } = this;
    const serial = this.next();
    if (isState) return { kind: 'number', value: serial * 1000 };
    const text: Expr = { kind: 'text', text: `v${serial}` };
    if (random.chance(0.4)) return text;
    if (!place.program.isQuiet && random.chance(0.3)) {
      const ref = this.otherUnit(place, (unit) => unit.kind === 'function' && unit.level < place.level);
      if (ref) return { kind: 'call', ref, path: [] };
    }
    const constants = place.program.modules
      .slice(0, place.program.modules.indexOf(place.module) + 1)
      .flatMap(({ id, units }) =>
        units
          .filter((unit) => unit.kind === 'value' && !unit.isState)
          .map((unit): Expr => ({ kind: 'read', ref: { module: id, name: isNamed(unit) ? unit.name : '' } })),
      );
    const read = random.maybe(constants);
    return read ? { kind: 'sum', parts: random.chance(0.5) ? [read, text] : [text, read] } : text;
  }

  statement(program: Program, module: Module): StatementUnit | undefined {
    const { random } = this;
    const id = this.next();
    const place: Place = plainPlace(program, module, 9);
    const fn = (forms: readonly [Fn['form'], ...Fn['form'][]], flavour?: Flavour): Fn => this.fn(random.pick(forms), place, flavour);
    const target = (accepts: (unit: NamedUnit) => boolean): Ref | undefined => {
      const unit = random.maybe(module.units.filter(isNamed).filter(accepts));
      return unit && { module: module.id, name: unit.name };
    };
    const head = { kind: 'statement' as const, id, target: undefined };
    const forms =
      this.level === 'bindings'
        ? (['log', 'count'] as const)
        : (['log', 'count', 'listener', 'listener', 'interval', 'plug', 'prototype', 'prototype', 'handler'] as const);
    const form = random.pick(forms);
    switch (form) {
      case 'log':
        return { ...head, form, key: `s${id}`, fns: [] };
      case 'count': {
        const ref = target((unit) => unit.kind === 'value' && unit.isState && unit.declare !== 'const');
        return ref && { ...head, form, key: '', target: ref, fns: [] };
      }
      case 'listener':
        return { ...head, form, key: random.chance(0.3) ? 'click' : `l${id}`, fns: [fn(['arrow', 'function', 'named'])] };
      case 'interval':
        return { ...head, form, key: '', fns: [fn(['arrow', 'function'], '')] };
      case 'plug':
        return { ...head, form, key: `p${id}`, fns: [fn(['method', 'arrow', 'function']), fn(['arrow', 'function'])] };
      case 'prototype': {
        const ref = target(({ kind }) => kind === 'es5');
        return ref && { ...head, form, key: random.pick(['m0', 'm1', 'm2'] as const), target: ref, fns: [fn(['function'])] };
      }
      case 'handler': {
        const ref = target(({ kind }) => kind === 'literal');
        return ref && { ...head, form, key: random.pick(['on0', 'on1'] as const), target: ref, fns: [fn(['arrow', 'function'])] };
      }
      default:
        return form satisfies never;
    }
  }

  /** Drops what is not there any more, and exports what others use. */
  repair(program: Program): void {
    for (const module of program.modules) for (const unit of module.units) this.repairUnit(program, module, unit);
    for (const module of program.modules) {
      module.units = module.units.filter(
        (unit) => unit.kind !== 'statement' || !unit.target || isTarget(unit, unitOf(program, unit.target)),
      );
    }
    for (const { units } of program.modules) {
      const defaults = units.filter((unit) => isNamed(unit) && unit.exported === 'default');
      for (const unit of defaults.slice(1)) if (isNamed(unit)) unit.exported = 'list';
    }
    for (const module of program.modules) {
      for (const ref of module.units.flatMap(refsOf)) {
        const unit = unitOf(program, ref);
        if (!unit) throw new Impossible(`${refKey(ref)} is not there`);
        if (ref.module === module.id) continue;
        if (unit.exported === 'no') this.export(program, ref, unit);
        module.imports[refKey(ref)] ??= this.isPlain ? 'named' : this.random.pick(IMPORTS);
      }
    }
  }

  export(program: Program, ref: Ref, unit: NamedUnit): void {
    const form = this.isPlain ? 'inline' : this.random.pick(EXPORTS);
    const hasDefault = moduleOf(program, ref.module)?.units.some(
      (other) => other !== unit && isNamed(other) && exportedAs(other) === 'default',
    );
    unit.exported = form === 'default' && hasDefault ? 'inline' : form;
  }

  private repairUnit(program: Program, module: Module, unit: Unit): void {
    if (unit.kind === 'class' && unit.parent && unitOf(program, unit.parent)?.kind !== 'class') unit.parent = undefined;
    for (const { body, place } of bodiesWithPlaces(program, module, unit)) {
      const parts = body.parts.filter((part) => isAllowed(part, body, place));
      const effects = body.effects.filter((effect) => isEffectAllowed(effect, place));
      const isWhole = parts.length === body.parts.length && effects.length === body.effects.length;
      for (const parameter of body.parameters)
        if (!isAllowed(parameter.value, undefined, place)) parameter.value = { kind: 'text', text: `d${this.next()}` };
      if (!isWhole) Object.assign(body, { parts, effects, tag: `b${this.next()}` });
    }
    const place: Place = plainPlace(program, module, isNamed(unit) ? Math.max(unit.level, 1) : 9);
    const fresh = (init: Expr): Expr =>
      isAllowed(init, undefined, { ...place, level: unit.kind === 'value' ? 9 : place.level })
        ? init
        : { kind: 'text', text: `v${this.next()}` };
    if (unit.kind === 'value') unit.init = fresh(unit.init);
    else if (unit.kind === 'literal') repairData(unit.properties, fresh);
    else if (unit.kind === 'class') for (const member of unit.members) member.init = fresh(member.init);
  }
}

function repairData(properties: readonly Property[], fresh: (init: Expr) => Expr): void {
  for (const { value } of properties) {
    if (value.kind === 'nested') repairData(value.properties, fresh);
    else if (value.kind === 'data') value.init = fresh(value.init);
  }
}

function isTarget({ form }: StatementUnit, unit: NamedUnit | undefined): boolean {
  switch (form) {
    case 'count':
      return unit?.kind === 'value' && unit.isState && unit.declare !== 'const';
    case 'prototype':
      return unit?.kind === 'es5';
    case 'handler':
      return unit?.kind === 'literal';
    case 'log':
    case 'listener':
    case 'interval':
    case 'plug':
      return true;
    default:
      return form satisfies never;
  }
}
