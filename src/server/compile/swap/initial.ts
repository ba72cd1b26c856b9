/**
 * The first form of a module that can be changed in place: the author's code, with a question at the beginning of each function, and in
 * front of it what a patch needs to reach in: slots, module-level names, classes and their private names.
 */
import { announcing, type LinkContext } from '../link-context.ts';
import { whollyOwn } from '../own-code.ts';
import type { AnyNode } from '../parse.ts';
import type { Scope } from '../scope.ts';
import type { Hooks, WalkState } from '../visitor.ts';
import { guardBody, guardFunction, type GuardNames } from './function-guards.ts';
import { isEvaluated } from './syntax.ts';
import { trackedClasses } from './hot-calls.ts';
import type { Captures } from './captures.ts';
import type { ClosurePlan } from './closures.ts';
import type { ClassNode, ClassPlan, FunctionNode, FunctionPlan, SwapPlan } from './plan.ts';

export interface SlotNames extends GuardNames {
  slot(index: number): string;
  class(index: number): string;
  /** What `$module.hot` gives. */
  readonly hot: string;
  readonly value: string;
  /** Private name of what tells of a new instance. */
  readonly instance: string;
  /** Variables that keep what closures see. */
  kept(index: number): string;
}

export function createSlotNames({ names }: LinkContext, plan: SwapPlan): SlotNames {
  const slots = names.series('$s', plan.functions.length + plan.closures.length);
  const classes = names.series('$c', plan.classes.length);
  const kept = names.series('$m', plan.closures.length);
  return {
    slot: (index) => slots[index] ?? '',
    class: (index) => classes[index] ?? '',
    rest: names.unique('$rest'),
    parameter: names.unique('$p'),
    hot: names.unique('$hot'),
    value: names.value(),
    instance: names.unique('$instance'),
    kept: (index) => kept[index] ?? '',
  };
}

export type SlotHooks = Pick<
  Hooks,
  'FunctionDeclaration' | 'FunctionExpression' | 'ArrowFunctionExpression' | 'ClassDeclaration' | 'ClassExpression'
>;

/** Edits of the first form. */
export function createSlotHooks(plan: SwapPlan, names: SlotNames, captures: Captures, context: LinkContext): SlotHooks {
  const functions = new Map<AnyNode, FunctionPlan>(plan.functions.map((entry) => [entry.node, entry]));
  const classes = new Map<AnyNode, ClassPlan>(plan.classes.map((entry) => [entry.node, entry]));
  const tracked = trackedClasses(plan, context.code);
  const closures = new Map<AnyNode, ClosurePlan>(plan.closures.map((entry) => [entry.node, entry]));
  if (closures.size > 0) context.later(() => captures.declare(context.edits));
  const onFunction = (node: FunctionNode, { scope }: WalkState): void => {
    const found = functions.get(node);
    if (found) context.later(() => guardFunction(found, names.slot(found.slot), names, context));
    const closure = closures.get(node);
    if (!closure) return;
    captures.place(node, scope);
    if (closure.fixed !== undefined) return;
    context.later(() => {
      const slot = names.slot(closure.slot);
      const newest = { text: `${slot}(${captures.text(closure)})`, self: captures.thisText(closure) };
      guardFunction(closure, slot, names, context, newest);
    });
  };
  const onClass = (node: ClassNode): void => {
    const found = classes.get(node);
    if (found) context.later(() => guardClass(found, tracked.has(found.index), names, context));
  };
  return {
    FunctionDeclaration: onFunction,
    FunctionExpression: onFunction,
    ArrowFunctionExpression: onFunction,
    ClassDeclaration: onClass,
    ClassExpression: onClass,
  };
}

/** A patch may give a constant another value; what the author writes to one is refused when it is linked. */
export function loosenConstants({ units }: SwapPlan, { edits }: LinkContext): void {
  const seen = new Set<AnyNode>();
  for (const { kind, statement } of units) {
    const declaration = statement.type === 'ExportNamedDeclaration' ? statement.declaration : statement;
    if (kind !== 'variable' || declaration?.type !== 'VariableDeclaration' || declaration.kind !== 'const' || seen.has(declaration))
      continue;
    seen.add(declaration);
    edits.replace(declaration.start, declaration.start + 'const'.length, 'let');
  }
}

function guardClass({ node, index, members, constructs }: ClassPlan, isTracked: boolean, names: SlotNames, context: LinkContext): void {
  const { edits } = context;
  const slot = names.class(index);
  const isDerived = Boolean(node.superClass);
  const body = node.body.start + 1;
  const answer = (given: string): string =>
    isDerived
      ? `if(${slot}){if(${slot}.raw){super(...${slot}.take());return}return ${slot}.derived(${given},new.target)}`
      : `if(${slot})return ${slot}.base(this,${given},new.target);`;
  const { rest } = names;
  const added = constructs
    ? ''
    : isDerived
      ? `constructor(...${rest}){${answer(rest)}super(...${rest})}`
      : `constructor(){${answer('arguments')}}`;
  const told = isTracked ? `#${names.instance}=${names.hot}.tell(${index},this);` : '';
  const known = isTracked ? `static{${names.hot}.tells(${index})}` : '';
  const own = `${known}static{${names.hot}.made(${index},this${privatesOf(node, names)})}${told}${added}`;
  edits.close(body, own);
  edits.own(own, whollyOwn);
  if (constructs) guardBody(constructs.value, answer('arguments'), names, context);
  for (const [position, member] of members.entries()) {
    if (member.node.type !== 'StaticBlock' && isEvaluated(member.node)) {
      edits.open(member.node.key.start, `${names.hot}.key(${index},${position},(`);
      edits.close(member.node.key.end, '))');
    }
    if (!member.isGuarded || member.node.type !== 'PropertyDefinition' || !member.node.value) continue;
    edits.open(member.node.value.start, `${slot}&&${slot}.from<=${position}?void 0:(`);
    edits.close(member.node.value.end, ')');
  }
}

/** How code outside of the class reaches its private names: by name, how to read, write and find one. */
function privatesOf({ body }: ClassNode, { value }: SlotNames): string {
  const found = new Map<string, { reads: boolean; writes: boolean }>();
  for (const member of body.body) {
    if (member.type === 'StaticBlock' || member.key.type !== 'PrivateIdentifier') continue;
    const isField = member.type === 'PropertyDefinition';
    const known = found.get(member.key.name);
    found.set(member.key.name, {
      reads: known?.reads || isField || member.kind !== 'set',
      writes: known?.writes || isField || member.kind === 'set',
    });
  }
  if (found.size === 0) return '';
  const entries = [...found].map(([name, { reads, writes }]) => {
    const read = reads ? `o=>o.#${name}` : 'void 0';
    const write = writes ? `(o,${value})=>{o.#${name}=${value}}` : 'void 0';
    return `${JSON.stringify(`#${name}`)}:[o=>#${name} in o,${read},${write}]`;
  });
  return `,{${entries.join(',')}}`;
}

/** What stands in front of the module's own code. */
export function slotDeclarations(plan: SwapPlan, names: SlotNames, context: LinkContext, scope: Scope): string {
  const variables = slotVariables(plan, names);
  const declared = variables.length > 0 ? `var ${variables.join(',')};` : '';
  const text = `${declared}var ${names.hot}=${context.names.module}.hot(${setters(variables, names.value)},()=>class{${accessors(plan, context, scope, names.value)}});`;
  context.edits.own(text, whollyOwn);
  return text;
}

export function slotVariables({ functions, closures, classes }: SwapPlan, names: SlotNames): string[] {
  return [...[...functions, ...closures].map(({ slot }) => names.slot(slot)), ...classes.map(({ index }) => names.class(index))];
}

/** `()=>[($value)=>$s0=$value,…]`, made when the first patch comes. */
export function setters(variables: readonly string[], value: string): string {
  return `()=>[${variables.map((name) => `${value}=>${name}=${value}`).join(',')}]`;
}

function accessors({ names }: SwapPlan, context: LinkContext, scope: Scope, value: string): string {
  return [...names]
    .map((name) => {
      // No accessor may be called so, and no patch will ask for it (`whyNever`).
      if (name === 'constructor') return '';
      const { open, close } = announcing(context, name);
      const kind = scope.bindings.get(name);
      const write = kind === 'using' || kind === 'await using' ? '' : `set ${name}(${value}){${open}${name}=${value}${close}}`;
      return `get ${name}(){return ${name}}${write}`;
    })
    .join('');
}
