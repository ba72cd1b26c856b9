/**
 * From the units of a module and the hashes of its tokens to its shape: what the running program compares, so that it need not know the
 * texts.
 */
import {
  DEFAULT_BINDING,
  type ClassShape,
  type ClosureShape,
  type FunctionShape,
  type MemberShape,
  type Properties,
  type Property,
  type Shape,
  type Unit,
} from '../../../runtime/swap/shape.ts';
import type { LinkContext } from '../link-context.ts';
import type { AnyNode, Identifier } from '../parse.ts';
import type { Captures } from './captures.ts';
import { describeHot } from './hot-calls.ts';
import { isHarmless, isPure } from './purity.ts';
import type { References } from './references.ts';
import { keyName } from './syntax.ts';
import { hashText, type Range, type Tokens } from './tokens.ts';
import type { ClassPlan, FunctionPlan, SwapPlan, UnitPlan } from './plan.ts';
import { holesOf } from './units.ts';

export interface DescribeOptions {
  readonly plan: SwapPlan;
  readonly tokens: Tokens;
  readonly references: References;
  readonly captures: Captures;
  readonly context: Pick<LinkContext, 'record' | 'code'>;
  readonly refused?: string | undefined;
  readonly details: Details;
}

/** Where things are, and what cannot be done with them. */
export interface Details {
  lineOf(position: number): number;
  /** Why a function cannot be called in place of an older one, and what that takes. */
  lookAt(plan: FunctionPlan): { readonly refused?: string | undefined; readonly hasSuper?: true; readonly hasThis?: true };
  isAsync(range: Range): boolean;
  /** Why a statement cannot run in a patch. */
  refusalOfStatement(statement: AnyNode): string | undefined;
}

export function describe(options: DescribeOptions): Shape {
  const { plan, context, references, tokens, refused } = options;
  references.mark(tokens);
  const exports: Record<string, string> = {};
  for (const [local, names] of context.record.exported) for (const name of names) exports[name] = local;
  for (const name of context.record.exports) exports[name] ??= DEFAULT_BINDING;
  const hot = describeHot(plan, tokens, context);
  const untold = references.untold();
  return {
    level: plan.level,
    units: plan.units.map((unit, index) => ({ ...describeUnit(unit, options), ...closuresOf(index, options) })),
    exports,
    requests: context.record.requests.map(({ specifier, attributes, id }) => hashText(id ?? specifier + JSON.stringify(attributes))),
    ...(hot && { hot }),
    ...(refused !== undefined && { refused }),
    ...(untold.length > 0 && { untold }),
  };
}

function closuresOf(unit: number, options: DescribeOptions): Pick<Unit, 'closures'> {
  const { plan, tokens, captures, details } = options;
  const found = plan.closures.length === 0 ? [] : plan.closures.filter((closure) => closure.unit === unit);
  if (found.length === 0) return {};
  const closures = found.map((closure): ClosureShape => {
    const { slot, at, node, within, hasTarget, self, fixed, form } = closure;
    const names = captures.namesOf(closure, 'patch');
    const needs = captures.needsOf(closure);
    return {
      slot,
      at,
      kind: `${form === 'arrow' ? 'arrow' : ''}${node.async ? ' async' : ''}${node.generator ? ' generator' : ''}`,
      hash: tokens.hash(node),
      within,
      ...(names !== '' && { captures: names }),
      ...(needs !== '' && { needs }),
      ...(hasTarget && { hasTarget: true }),
      ...(self !== undefined && { isSelfNamed: true }),
      ...(fixed !== undefined && { fixed }),
      line: details.lineOf(node.start),
    };
  });
  return { closures };
}

function describeUnit(unit: UnitPlan, options: DescribeOptions): Unit {
  const { details } = options;
  const line = { line: details.lineOf(unit.statement.start) };
  switch (unit.kind) {
    case 'function':
      return { kind: 'function', name: unit.name, own: describeFunction(unit.own, options), ...line };
    case 'class':
      return { kind: 'class', name: unit.name, own: describeClass(unit.own, options), ...readsOfClass(unit.own, options), ...line };
    case 'variable': {
      const { init, names, isConstant } = unit;
      const properties = init && propertiesOf(init, unit, options);
      return {
        kind: 'variable',
        names,
        ...(isConstant && { isConstant }),
        ...(unit.isRefresh && { isRefresh: true }),
        ...(unit.node.type === 'VariableDeclarator' && unit.node.id.type !== 'Identifier' && { isPattern: true }),
        ...(init && names.length === 1 && isPure(init) && { pure: true }),
        ...(init?.type === 'ObjectExpression' && { isLiteral: true, ...(isHarmless(init) && { isHarmless: true }) }),
        ...(init?.type === 'CallExpression' && init.arguments.some(({ type }) => type === 'ObjectExpression') && { isExtension: true }),
        ...(properties && { properties }),
        ...describeEvaluated(init ?? { start: unit.node.end, end: unit.node.end }, unit.node, unit, options),
        ...line,
      };
    }
    case 'statement': {
      if (unit.isRefresh) return { kind: 'statement', isRefresh: true, hash: '', ...line };
      const refused = details.refusalOfStatement(unit.statement);
      return {
        kind: 'statement',
        ...(unit.isHot && { isHot: true }),
        ...(refused !== undefined && { refused }),
        ...describeEvaluated(unit.statement, unit.statement, unit, options),
        ...line,
      };
    }
    default:
      return unit satisfies never;
  }
}

type WithParts = Extract<UnitPlan, { kind: 'variable' | 'statement' }>;

function describeEvaluated(
  range: Range,
  hashed: Range,
  unit: WithParts,
  options: DescribeOptions,
): Pick<Extract<Unit, { kind: 'statement' }>, 'hash'> {
  const { tokens, references, details } = options;
  const holes = [...holesOf(unit), ...unit.marks].sort((a, b) => a.start - b.start);
  const { reads, imports } = references.within(range, [...holes, ...unit.opaque]);
  return {
    hash: tokens.hash(hashed, holes),
    ...(reads.length > 0 && { reads }),
    ...(imports.length > 0 && { imports }),
    ...(unit.functions.length > 0 && { functions: unit.functions.map((plan) => describeFunction(plan, options)) }),
    ...(unit.classes.length > 0 && { classes: unit.classes.map((plan) => describeClass(plan, options)) }),
    ...(details.isAsync(range) && { async: true }),
  };
}

function describeFunction(plan: FunctionPlan, { tokens, details }: DescribeOptions): FunctionShape {
  const { node, slot, at, place } = plan;
  const isShelled = place === 'accessor' || place === 'field' || plan.self !== undefined;
  const { refused, hasSuper, hasThis } = details.lookAt(plan);
  const isArrow = node.type === 'ArrowFunctionExpression';
  const words = [node.async && 'async', node.generator && 'generator', isArrow && 'arrow'];
  const kind = words.filter((word) => word !== false).join(' ') as FunctionShape['kind'];
  return {
    slot,
    at,
    hash: (kind?.[0] ?? '') + tokens.hash(node, [], true),
    ...(plan.owner?.type === 'Property' && plan.owner.kind === 'set' && { isSetter: true }),
    ...(kind && { kind }),
    ...(isShelled && { isShelled }),
    ...(plan.hasTarget && { hasTarget: true }),
    ...(plan.self !== undefined && { isSelfNamed: true }),
    ...(hasSuper && { hasSuper }),
    ...(hasThis && { hasThis }),
    ...(refused !== undefined && { refused }),
  };
}

function describeClass(plan: ClassPlan, options: DescribeOptions): ClassShape {
  const { tokens } = options;
  const { node, constructs, index, at, name, refused } = plan;
  const members = plan.members.map((member): MemberShape => {
    const { kind, isStatic, isGuarded, own } = member;
    return {
      kind,
      name: member.name,
      ...(isStatic && { isStatic }),
      ...(isGuarded && { isGuarded }),
      ...(kind === 'field' || kind === 'block' ? { hash: tokens.hash(member.node, own ? [own.node] : [], true) } : {}),
      ...(own && { own: describeFunction(own, options) }),
    };
  });
  const { superClass } = node;
  const parentName = superClass?.type === 'Identifier' ? nameOf(superClass, options) : undefined;
  return {
    index,
    at,
    name,
    ...(superClass && { parent: tokens.hash(superClass) }),
    ...(parentName && { parentName }),
    ...(constructs && { constructs: tokens.hash(constructs, [], true) }),
    members,
    ...(refused !== undefined && { refused }),
  };
}

function nameOf(id: Identifier, { plan, references, context }: DescribeOptions): ClassShape['parentName'] {
  if (plan.names.has(id.name)) return ['module', id.name];
  const [imported] = references.within(id, []).imports;
  if (imported !== undefined) return ['import', imported];
  return context.record.bindings.has(id.name) ? undefined : ['global', id.name];
}

/** When a class is made, `extends`, computed names, static fields and static blocks are evaluated. */
function readsOfClass(
  { node, members }: ClassPlan,
  { references }: DescribeOptions,
): { readonly reads?: string[]; readonly imports?: string[]; readonly parentReads?: string[] } {
  const ranges: Range[] = [];
  for (const { isStatic, kind, own, node: member } of members) {
    if (member.type !== 'StaticBlock' && member.computed) ranges.push(member.key);
    if (isStatic && !own && (kind === 'field' || kind === 'block')) ranges.push(member);
  }
  const parent = node.superClass && references.within(node.superClass, []);
  const parentReads = parent ? [...parent.reads, ...parent.imports] : [];
  const found = ranges.map((range) => references.within(range, []));
  const reads = [...new Set(found.flatMap((part) => part.reads))];
  const imports = [...new Set(found.flatMap((part) => part.imports))];
  return {
    ...(reads.length > 0 && { reads }),
    ...(imports.length > 0 && { imports }),
    ...(parentReads.length > 0 && { parentReads }),
  };
}

function propertiesOf(init: AnyNode, unit: WithParts, options: DescribeOptions): Properties | undefined {
  if (init.type !== 'ObjectExpression') return undefined;
  const { tokens, context } = options;
  const found = new Map<string, Property>();
  const holes = holesOf(unit);
  for (const property of init.properties) {
    if (property.type !== 'Property' || property.computed) return undefined;
    const inside = holes.filter(({ start, end }) => start >= property.start && end <= property.end);
    const name = keyName(property.key, false, context.code);
    // A getter and a setter are one property.
    const hash = (found.get(name)?.hash ?? '') + tokens.hash(property, inside);
    const properties = propertiesOf(property.value, unit, options);
    const { reads, imports } = options.references.within(property, [...inside, ...unit.opaque]);
    const uses = [...reads, ...imports];
    found.set(name, { name, hash, ...(properties && { properties }), ...(uses.length > 0 && { uses }) });
  }
  return [...found.values()];
}
