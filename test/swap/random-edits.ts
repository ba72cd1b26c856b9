/** Random edits of random programs: what an author may do to the sources between two saves. */
import {
  isNamed,
  refKey,
  refsOf,
  type Body,
  type ClassUnit,
  type Expr,
  type Module,
  type NamedUnit,
  type Parameter,
  type Program,
  type Property,
  type Ref,
  type Unit,
} from './random-program.ts';
import { LOCALS, type Maker } from './random-generator.ts';
import { bodiesWithPlaces, chainOf, outerNames, plainPlace, type Place } from './random-scope.ts';

/** Changes the program; false when there is nothing to change. */
type Edit = (program: Program, maker: Maker) => boolean;

const EMPTY: Expr = { kind: 'text', text: '' };

function anyModule(program: Program, { random }: Maker): Module | undefined {
  return random.maybe(program.modules);
}

function anyUnit<U extends Unit>(
  program: Program,
  { random }: Maker,
  accepts: (unit: Unit) => unit is U,
): { module: Module; unit: U } | undefined {
  return random.maybe(program.modules.flatMap((module) => module.units.filter(accepts).map((unit) => ({ module, unit }))));
}

const isClass = (unit: Unit): unit is ClassUnit => unit.kind === 'class';

function anyBody(program: Program, maker: Maker): { body: Body; place: Place; fn: unknown } | undefined {
  return maker.random.maybe(program.modules.flatMap((module) => module.units.flatMap((unit) => bodiesWithPlaces(program, module, unit))));
}

function literals(properties: Property[]): Property[][] {
  return [properties, ...properties.flatMap(({ value }) => (value.kind === 'nested' ? literals(value.properties) : []))];
}

/** Another initialiser of the same sort. */
function fresh(init: Expr, maker: Maker, place: Place): Expr {
  return maker.initialiser(place, init.kind === 'number');
}

export const EDITS: Readonly<Record<string, Edit>> = {
  body(program, maker) {
    const found = anyBody(program, maker);
    if (!found) return false;
    found.body.tag = `b${maker.next()}`;
    if (maker.random.chance(0.4)) maker.fill(found.body, found.place);
    if (maker.random.chance(0.2)) found.body.style = maker.random.below(12);
    return true;
  },
  signature(program, maker) {
    const found = anyBody(program, maker);
    if (!found || found.body.parameters.length > 2 || !found.place.isPlainCode) return false;
    const { body, place } = found;
    const plain: Parameter = { form: 'plain', value: EMPTY };
    if (body.parameters.length > 0 && maker.random.chance(0.4)) body.parameters.pop();
    else body.parameters.unshift(maker.random.chance(0.5) ? plain : maker.parameter(place, body.parameters.length === 0));
    return true;
  },
  flavour(program, maker) {
    const found = anyUnit(program, maker, (unit): unit is NamedUnit => unit.kind === 'function' || unit.kind === 'class');
    if (!found) return false;
    const { unit } = found;
    const fns =
      unit.kind === 'function'
        ? [unit.fn]
        : unit.kind === 'class'
          ? unit.members.filter(({ kind }) => kind === 'method').map(({ fn }) => fn)
          : [];
    const fn = maker.random.maybe(fns);
    if (!fn) return false;
    const next = maker.random.pick(['', 'async', 'generator', 'async generator'] as const);
    if (next === fn.flavour || (fn.form === 'arrow' && next.endsWith('generator'))) return false;
    fn.flavour = next;
    return true;
  },
  form(program, maker) {
    const found = anyUnit(
      program,
      maker,
      (unit): unit is Extract<Unit, { kind: 'function' }> => unit.kind === 'function' && unit.fn.form !== 'declaration',
    );
    if (!found || found.unit.fn.flavour.endsWith('generator')) return false;
    const before = found.unit.fn.form;
    found.unit.fn.form = maker.random.pick(['arrow', 'function', 'named'] as const);
    return found.unit.fn.form !== before;
  },
  constant(program, maker) {
    const found = anyUnit(program, maker, (unit): unit is Extract<Unit, { kind: 'value' }> => unit.kind === 'value');
    if (!found) return false;
    found.unit.init = fresh(found.unit.init, maker, plainPlace(program, found.module, 9));
    return true;
  },
  declare(program, maker) {
    const found = anyUnit(program, maker, (unit): unit is Extract<Unit, { kind: 'value' }> => unit.kind === 'value' && !unit.isState);
    if (!found) return false;
    const before = found.unit.declare;
    found.unit.declare = maker.random.pick(['const', 'let', 'var'] as const);
    return before !== found.unit.declare;
  },
  literal(program, maker) {
    const found = anyUnit(program, maker, (unit): unit is Extract<Unit, { kind: 'literal' }> => unit.kind === 'literal');
    const properties = found && maker.random.maybe(literals(found.unit.properties));
    if (!found || !properties) return false;
    const place = plainPlace(program, found.module, found.unit.level);
    const at = maker.random.below(properties.length);
    const property = properties[at];
    if (property && maker.random.chance(0.3)) properties.splice(at, 1);
    else if (property?.value.kind === 'data' && maker.random.chance(0.6))
      property.value.init = fresh(property.value.init, maker, { ...place, level: 0 });
    else return maker.addProperty(properties, place, 1);
    return true;
  },
  'property form': (program, maker) => {
    const found = anyUnit(program, maker, (unit): unit is Extract<Unit, { kind: 'literal' }> => unit.kind === 'literal');
    const properties = found && maker.random.maybe(literals(found.unit.properties));
    const property = maker.random.maybe(
      properties?.filter(({ value }) => value.kind === 'function' && !value.fn.flavour.endsWith('generator')) ?? [],
    );
    if (!found || !properties || property?.value.kind !== 'function') return false;
    const { fn } = property.value;
    const before = fn.form;
    fn.form = maker.random.pick(['method', 'arrow', 'function'] as const);
    fn.body.tag = `b${maker.next()}`;
    maker.fill(fn.body, {
      ...plainPlace(program, found.module, found.unit.level),
      isArrow: fn.form === 'arrow',
      object: fn.form === 'arrow' ? undefined : properties,
    });
    return fn.form !== before;
  },
  table(program, maker) {
    const found = anyUnit(program, maker, (unit): unit is Extract<Unit, { kind: 'table' }> => unit.kind === 'table');
    if (!found) return false;
    const { entries } = found.unit;
    if (entries.length > 1 && maker.random.chance(0.5)) entries.splice(maker.random.below(entries.length), 1);
    else
      entries.splice(maker.random.below(entries.length + 1), 0, {
        key: `k${maker.next()}`,
        fn: maker.fn('arrow', plainPlace(program, found.module, 1)),
      });
    return true;
  },
  'member added': (program, maker) => {
    const found = anyUnit(program, maker, isClass);
    return found !== undefined && maker.addMember(found.unit, plainPlace(program, found.module, found.unit.level)) !== undefined;
  },
  'member removed': (program, maker) => {
    const found = anyUnit(program, maker, isClass);
    const members = found?.unit.members.filter(({ kind }) => kind !== 'block') ?? [];
    const member = maker.random.maybe(members);
    if (!found || !member) return false;
    found.unit.members = found.unit.members.filter((other) => other !== member);
    return true;
  },
  'member kind': (program, maker) => {
    const found = anyUnit(program, maker, isClass);
    const member = maker.random.maybe(
      found?.unit.members.filter(({ kind }) => kind === 'method' || kind === 'getter' || kind === 'field' || kind === 'arrow') ?? [],
    );
    if (!found || !member || found.unit.members.some((other) => other !== member && other.name === member.name)) return false;
    const kind = maker.random.pick(['method', 'getter', 'field', 'arrow'] as const);
    if (kind === member.kind) return false;
    const made = maker.member(kind, member.name, member.isStatic, found.unit, plainPlace(program, found.module, found.unit.level));
    found.unit.members = found.unit.members.map((other) => (other === member ? made : other));
    return true;
  },
  'members reordered': (program, maker) => {
    const found = anyUnit(program, maker, isClass);
    return found !== undefined && moveOne(found.unit.members, maker);
  },
  field(program, maker) {
    const found = anyUnit(program, maker, isClass);
    const member = maker.random.maybe(found?.unit.members.filter(({ kind }) => kind === 'field') ?? []);
    if (!found || !member) return false;
    member.init = fresh(member.init, maker, plainPlace(program, found.module, found.unit.level));
    return true;
  },
  'class constructor': (program, maker) => {
    const found = anyUnit(program, maker, isClass);
    if (!found) return false;
    const { unit } = found;
    if (unit.constructs && maker.random.chance(0.3)) unit.constructs = undefined;
    else unit.constructs = maker.body({ ...plainPlace(program, found.module, unit.level), home: unit, isPlainCode: false });
    return true;
  },
  extends(program, maker) {
    const found = anyUnit(program, maker, isClass);
    if (!found) return false;
    const { unit, module } = found;
    const earlier = (): string => `${unit.parent && refKey(unit.parent)} ${unit.builtIn}`;
    const before = earlier();
    const builtIn = chainOf(program, unit).at(-1)?.builtIn;
    unit.parent = unit.parent && maker.random.chance(0.2) ? undefined : maker.parent(program, module, unit);
    unit.builtIn = maker.builtIn(unit);
    // Which is refused, mostly.
    const isOther = chainOf(program, unit).at(-1)?.builtIn !== builtIn;
    return before !== earlier() && (!isOther || maker.random.chance(0.2));
  },
  block(program, maker) {
    const found = anyUnit(program, maker, isClass);
    if (!found || maker.random.chance(0.7)) return false;
    const blocks = found.unit.members.filter(({ kind }) => kind === 'block');
    const [block] = blocks;
    if (block && maker.random.chance(0.5)) found.unit.members = found.unit.members.filter((member) => member !== block);
    else found.unit.members.push(maker.member('block', String(maker.next()), true, found.unit, plainPlace(program, found.module, 0)));
    return true;
  },
  local(program, maker) {
    const found = anyUnit(program, maker, (unit): unit is Extract<Unit, { kind: 'maker' }> => unit.kind === 'maker');
    const name = maker.random.pick(LOCALS);
    if (!found) return false;
    const { locals, fn } = found.unit;
    const at = locals.findIndex((local) => local.name === name);
    if (at === -1) locals.splice(maker.random.below(locals.length + 1), 0, maker.local(name));
    else if (maker.random.chance(0.5)) locals.splice(at, 1);
    else locals[at] = maker.local(name);
    if (maker.random.chance(0.5))
      maker.fill(fn.body, { ...plainPlace(program, found.module, 1), outer: outerNames(found.unit), isArrow: fn.form === 'arrow' });
    fn.body.tag = `b${maker.next()}`;
    return true;
  },
  import(program, maker) {
    const module = anyModule(program, maker);
    const ref = module && maker.random.maybe(Object.keys(module.imports));
    if (!module || ref === undefined) return false;
    const before = module.imports[ref];
    module.imports[ref] = maker.random.pick(['named', 'alias', 'namespace', 'barrel'] as const);
    return before !== module.imports[ref];
  },
  export(program, maker) {
    const found = anyUnit(program, maker, isNamed);
    if (!found) return false;
    const { unit, module } = found;
    const before = unit.exported;
    if (isUsedElsewhere(program, { module: module.id, name: unit.name }) || maker.random.chance(0.5))
      maker.export(program, { module: module.id, name: unit.name }, unit);
    else unit.exported = 'no';
    return unit.exported !== before;
  },
  'unit moved': (program, maker) => {
    const found = anyUnit(program, maker, isNamed);
    const to = anyModule(program, maker);
    if (!found || !to || to === found.module) return false;
    const { module, unit } = found;
    if (module.units.some((other) => other.kind === 'statement' && other.target?.name === unit.name)) return false;
    module.units = module.units.filter((other) => other !== unit);
    to.units.splice(maker.random.below(to.units.length + 1), 0, unit);
    replaceRefs(program, { module: module.id, name: unit.name }, to.id);
    return true;
  },
  'module added': (program, maker) => {
    const found = anyUnit(program, maker, isNamed);
    if (!found || program.modules.length > 5 || maker.random.chance(0.7)) return false;
    const { module, unit } = found;
    if (module.units.some((other) => other.kind === 'statement' && other.target?.name === unit.name)) return false;
    const to: Module = { id: `/m${maker.next()}.js`, units: [unit], imports: {}, format: 0 };
    module.units = module.units.filter((other) => other !== unit);
    program.modules.unshift(to);
    replaceRefs(program, { module: module.id, name: unit.name }, to.id);
    return true;
  },
  'unit added': (program, maker) => {
    const module = anyModule(program, maker);
    if (!module) return false;
    const unit = maker.unit(program, module);
    module.units.splice(maker.random.below(module.units.length + 1), 0, unit);
    for (const other of program.modules) {
      for (const { body, place } of other.units.flatMap((user) => bodiesWithPlaces(program, other, user))) {
        if (!maker.random.chance(0.08)) continue;
        body.tag = `b${maker.next()}`;
        maker.fill(body, place);
      }
    }
    return true;
  },
  'unit removed': (program, maker) => {
    const found = anyUnit(program, maker, isNamed);
    if (!found || found.module.units.some((other) => other.kind === 'statement' && other.target?.name === found.unit.name)) return false;
    found.module.units = found.module.units.filter((other) => other !== found.unit);
    return true;
  },
  'units reordered': (program, maker) => {
    const module = anyModule(program, maker);
    return module !== undefined && moveOne(module.units, maker);
  },
  'statement added': (program, maker) => {
    const module = anyModule(program, maker);
    const statement = module && maker.statement(program, module);
    if (!module || !statement) return false;
    module.units.splice(maker.random.below(module.units.length + 1), 0, statement);
    return true;
  },
  'statement removed': (program, maker) => {
    const found = anyUnit(program, maker, (unit): unit is Extract<Unit, { kind: 'statement' }> => unit.kind === 'statement');
    if (!found || maker.random.chance(0.5)) return false;
    found.module.units = found.module.units.filter((other) => other !== found.unit);
    return true;
  },
  'name became another kind': (program, maker) => {
    const found = anyUnit(program, maker, isNamed);
    if (!found || maker.random.chance(0.5)) return false;
    const { module, unit } = found;
    const made = maker.unit(program, module);
    made.name = unit.name;
    made.exported = unit.exported;
    module.units = module.units.map((other) => (other === unit ? made : other));
    return made.kind !== unit.kind;
  },
  format(program, maker) {
    const module = anyModule(program, maker);
    if (!module) return false;
    module.format = 1 + maker.random.below(100_000);
    return true;
  },
};

function moveOne<T>(list: T[], { random }: Maker): boolean {
  if (list.length < 2) return false;
  const from = random.below(list.length);
  const to = random.below(list.length);
  list.splice(to, 0, ...list.splice(from, 1));
  return from !== to;
}

function isUsedElsewhere(program: Program, ref: Ref): boolean {
  return program.modules.some(
    ({ id, units }) => id !== ref.module && units.some((unit) => refsOf(unit).some((used) => refKey(used) === refKey(ref))),
  );
}

function replaceRefs(program: Program, { module, name }: Ref, to: string): void {
  const visit = (value: unknown): void => {
    if (typeof value !== 'object' || value === null) return;
    if ('module' in value && 'name' in value && value.module === module && value.name === name) value.module = to;
    for (const inner of Object.values(value)) visit(inner);
  };
  visit(program.modules);
}
