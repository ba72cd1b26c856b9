/**
 * The patch form of a module: each unit for itself, to be put into the module that runs already. Names of the module level are read and
 * written through its scope object, so that every binding exists once.
 *
 *     export let count = 0;                       $u[0]=()=>( 0);
 *     export function step() { count++ }          $f[0]={["step"]:function step() { $scope.count++ }};
 *     class A extends B { x = 1; go() {} }        $x[0]=()=>(B); $i["0.0"]={["x"](){return ( 1)}}; $f[1]={["go"]() {}};
 *     app.get('/', () => {})                      $f[2]={[""]:() => {}};$u[2]=()=>{app.get('/', $f[2])};
 *
 * A class is taken apart, since its members go to the class that is there; private names of the first version are reached through what
 * it has handed out (initial.ts).
 */
import type { LinkContext } from '../link-context.ts';
import { skipTrivia, type AnyNode, type Program } from '../parse.ts';
import type { NodeOf } from '../visitor.ts';
import type { Captures } from './captures.ts';
import { answer, arrowParts, parametersOf } from './function-guards.ts';
import type { SlotNames } from './initial.ts';
import { rewritePrivateNames } from './private-names.ts';
import { children, hasAwait } from './syntax.ts';
import type { ClassPlan, FunctionPlan, MemberPlan, SwapPlan, UnitPlan } from './units.ts';

export interface PatchNames {
  readonly scope: string;
  readonly functions: string;
  readonly units: string;
  readonly initialisers: string;
  readonly constructors: string;
  readonly parents: string;
  readonly classes: string;
  readonly privates: string;
  readonly self: string;
  readonly target: string;
  readonly super: string;
  /** What a closure sees around it. */
  readonly captured: string;
}

export function createPatchNames({ names }: LinkContext): PatchNames {
  return {
    scope: names.unique('$scope'),
    functions: names.unique('$f'),
    units: names.unique('$u'),
    initialisers: names.unique('$i'),
    constructors: names.unique('$k'),
    parents: names.unique('$x'),
    classes: names.unique('$class'),
    privates: names.unique('$private'),
    self: names.unique('$this'),
    target: names.unique('$target'),
    super: names.unique('$super'),
    captured: names.unique('$captured'),
  };
}

export interface PatchOptions {
  readonly plan: SwapPlan;
  readonly slots: SlotNames;
  readonly names: PatchNames;
  readonly context: LinkContext;
  readonly captures: Captures;
}

/** Takes the statements apart; to be called before the walk, since all of it is around what the walk plans. */
export function separateUnits(program: Program, options: PatchOptions): void {
  const { plan, context } = options;
  for (const statement of program.body) {
    const isList = statement.type === 'ExportNamedDeclaration' && !statement.declaration;
    if (isList || statement.type === 'ImportDeclaration' || statement.type === 'ExportAllDeclaration')
      context.edits.replace(statement.start, statement.end, ';');
  }
  plan.units.forEach((unit, index) => separateUnit(unit, index, options));
}

function separateUnit(unit: UnitPlan, index: number, options: PatchOptions): void {
  const { context, names } = options;
  const { edits, code } = context;
  const { statement } = unit;
  switch (unit.kind) {
    case 'function':
      if (unit.own.node.start > statement.start) edits.replace(statement.start, unit.own.node.start, '');
      edits.open(unit.own.node.start, `${names.functions}[${unit.own.slot}]={[${JSON.stringify(unit.own.name)}]:`);
      edits.close(unit.own.node.end, '};');
      return;
    case 'class':
      separateClass(unit.own, statement.start, options);
      return;
    case 'variable':
      separateParts(unit, statement.start, options);
      separateVariable(unit, `${names.units}[${index}]=`, options);
      return;
    case 'statement': {
      if (unit.signs) {
        const { signature, value, rest } = unit.signs;
        edits.open(rest.start, `${names.units}[${index}]=()=>{${names.scope}.${signature}(${names.scope}.${value}`);
        edits.close(rest.end, ')};');
        edits.move(rest.start, rest.end, statement.start);
        return;
      }
      separateParts(unit, statement.start, options);
      const head = hasAwait(statement) ? 'function*()' : '()=>';
      if (statement.type === 'ExportNamedDeclaration' && statement.declaration)
        edits.replace(statement.start, statement.declaration.start, '');
      edits.open(statement.start, `${names.units}[${index}]=${head}{`);
      // On the right side of the end, where it stays when a function that ends there moves.
      edits.open(statement.end, code[statement.end - 1] === ';' ? '};' : ';};');
      return;
    }
    default:
      unit satisfies never;
  }
}

function separateVariable(unit: Extract<UnitPlan, { kind: 'variable' }>, target: string, { context }: PatchOptions): void {
  const { edits, code } = context;
  const { node, statement, init } = unit;
  const isAsync = init !== undefined && hasAwait(init);
  const open = isAsync ? 'function*(){return (' : '()=>(';
  const close = isAsync ? ')};' : ');';
  if (node.type !== 'VariableDeclarator') {
    // `export default` and an expression.
    const keyword = skipTrivia(code, statement.start + 'export'.length) + 'default'.length;
    edits.replace(statement.start, keyword, target + open);
    if (code[statement.end - 1] === ';') edits.replace(statement.end - 1, statement.end, close);
    else edits.open(statement.end, close);
    return;
  }
  const declaration = statement.type === 'ExportNamedDeclaration' ? statement.declaration : statement;
  if (declaration?.type !== 'VariableDeclaration') return;
  const position = declaration.declarations.indexOf(node);
  const previous = declaration.declarations[position - 1];
  edits.replace(previous?.end ?? statement.start, node.id.start, '');
  if (node.id.type === 'Identifier') {
    const equals = skipTrivia(code, node.id.end) + 1;
    if (init) edits.replace(node.id.start, equals, target + open);
    else edits.replace(node.id.start, node.id.end, `${target}${open}void 0`);
    edits.open(node.end, close);
    return;
  }
  edits.open(node.id.start, `${target}${isAsync ? 'function*()' : '()=>'}{let `);
  edits.open(node.end, `;return {${unit.names.join(',')}}};`);
}

/** Functions and classes of an expression move in front of it. */
function separateParts(
  { functions, classes }: { readonly functions: readonly FunctionPlan[]; readonly classes: readonly ClassPlan[] },
  to: number,
  options: PatchOptions,
): void {
  const { context, names, slots } = options;
  const { edits, code } = context;
  for (const plan of functions) {
    const { node, place, owner, slot } = plan;
    const target = `${names.functions}[${slot}]`;
    const name = `[${JSON.stringify(plan.name)}]`;
    if (plan.self !== undefined) {
      separateNamed(plan, plan.self, target, to, options);
      continue;
    }
    if (place === 'expression') {
      edits.close(node.start, target);
      edits.open(node.start, `${target}={${name}:`);
    } else if (owner?.type === 'Property') {
      if (place === 'method') {
        const head = skipPrefix(owner.start, node, code);
        if (head > owner.start) edits.replace(owner.start, head, '');
        edits.close(node.start, `:${target}`);
      } else {
        const variable = slots.slot(slot);
        edits.close(
          node.start,
          owner.kind === 'get' ? `(){return ${variable}.call(this)}` : `(${slots.value}){${variable}.call(this,${slots.value})}`,
        );
      }
      edits.open(node.start, `${target}={${prefixOf(node)}${name}`);
    }
    edits.close(node.end, '};');
    edits.move(node.start, node.end, to);
  }
  for (const plan of classes) {
    edits.close(plan.node.start, `${names.classes}[${plan.index}]`);
    separateClass(plan, plan.node.start, options);
    edits.move(plan.node.start, plan.node.end, to);
  }
}

/** A function that can name itself stays where it is, and calls what is made with it. */
function separateNamed(
  { node, slot, hasTarget }: FunctionPlan,
  self: string,
  target: string,
  to: number,
  { context, slots }: PatchOptions,
): void {
  const { edits, code } = context;
  if (node.type !== 'FunctionExpression' || !node.id) return;
  const open = skipTrivia(code, node.id.end);
  edits.close(open, `(${parametersOf(node, slots).join(',')}){${answer(node, slots.slot(slot), { hasTarget, self })}}`);
  edits.open(open, `${target}=(${self})=>({[${JSON.stringify(self)}]:${node.async ? 'async ' : ''}function${node.generator ? '*' : ''}`);
  edits.close(node.end, '});');
  edits.move(open, node.end, to);
}

/** Behind `async` and `*` of a method. */
function skipPrefix(start: number, { async, generator }: FunctionPlan['node'], code: string): number {
  let at = start;
  if (async) at = skipTrivia(code, at + 'async'.length);
  if (generator) at = skipTrivia(code, at + 1);
  return at;
}

const prefixOf = ({ async, generator }: FunctionPlan['node']): string => `${async ? 'async ' : ''}${generator ? '*' : ''}`;

function separateClass(plan: ClassPlan, from: number, options: PatchOptions): void {
  const { edits } = options.context;
  const { names } = options;
  const { node, index, constructs } = plan;
  const body = node.body.start + 1;
  if (node.superClass) {
    edits.replace(from, node.superClass.start, `${names.parents}[${index}]=()=>(`);
    edits.replace(node.superClass.end, body, ');');
  } else edits.replace(from, body, '');
  for (const [position, member] of plan.members.entries()) separateMember(member, `${index}.${position}`, options);
  if (constructs) separateConstructor(plan, constructs, options);
  rewritePrivateNames(plan, `${names.privates}[${index}]`, options.context);
  edits.replace(node.end - 1, node.end, ';');
}

function separateMember({ kind, name, node, own }: MemberPlan, key: string, options: PatchOptions): void {
  const { context, names } = options;
  const { edits, code } = context;
  const label = `[${JSON.stringify(name)}]`;
  if (node.type === 'StaticBlock') {
    const open = skipTrivia(code, node.start + 'static'.length);
    edits.replace(node.start, open, `${names.initialisers}["${key}"]={["static"]()`);
    edits.close(node.end, '};');
    return;
  }
  if (node.type === 'MethodDefinition') {
    if (!own) return;
    const head = `${names.functions}[${own.slot}]={${prefixOf(own.node)}${label}`;
    if (node.computed) {
      let bracket = node.start;
      while (code[bracket] !== '[') bracket = skipTrivia(code, bracket + 1);
      edits.replace(node.start, bracket + 1, `${names.initialisers}["${key} key"]={["key"](){return (`);
      edits.replace(node.key.end, node.value.start, `)}};${head}`);
    } else edits.replace(node.start, node.value.start, head);
    edits.close(node.end, '};');
    return;
  }
  const { value } = node;
  const initialiser = `${names.initialisers}["${key}"]={${label}()`;
  if (kind !== 'field' || !value) {
    edits.replace(node.start, node.end, `${initialiser}{}};`);
    return;
  }
  if (own) {
    edits.replace(node.start, value.start, `${names.functions}[${own.slot}]={`);
    if (value.type === 'ArrowFunctionExpression') arrowToMethod(value, label, context);
    else edits.open(value.start, `${label}:`);
    const tail = `};${initialiser}{return {${label}:${instanceShell(own, options)}}${label}}};`;
    if (node.end > value.end) edits.replace(value.end, node.end, tail);
    else edits.close(node.end, tail);
    return;
  }
  let equals = node.key.end;
  while (code[equals] !== '=') equals = skipTrivia(code, equals + (code[equals] === ']' ? 1 : 0));
  edits.replace(node.start, equals + 1, `${initialiser}{return (`);
  if (code[node.end - 1] === ';') edits.replace(node.end - 1, node.end, ')}};');
  else edits.close(node.end, ')}};');
}

/** Made for each instance; what it does is in the slot. */
function instanceShell({ node, slot }: FunctionPlan, { slots }: PatchOptions): string {
  const variable = slots.slot(slot);
  const given = [...parametersOf(node, slots), `...${slots.rest}`].join(',');
  const isAsync = node.async ? 'async ' : '';
  if (node.type === 'ArrowFunctionExpression') return `${isAsync}(${given})=>${variable}.call(this,${given})`;
  const result = node.generator ? `yield*${variable}` : `return ${variable}`;
  return `${isAsync}function${node.generator ? '*' : ''}(${given}){${result}.call(this,${given})}`;
}

/** `async (a) => b` becomes `async ["name"](a) {return ( b)}`, which can be called with any `this`. */
function arrowToMethod(node: NodeOf<'ArrowFunctionExpression'>, label: string, { edits, code }: LinkContext): void {
  const { open, arrowEnd, isBare, close } = arrowParts(node, code);
  if (open > node.start) edits.replace(node.start, open, '');
  edits.close(open, `${node.async ? 'async ' : ''}${label}${isBare ? '(' : ''}`);
  edits.replace(close, arrowEnd, isBare ? ')' : '');
  if (node.body.type === 'BlockStatement') return;
  edits.open(arrowEnd, '{return (');
  edits.close(node.end, ')}');
}

/**
 * `$k[0]=($target,$super)=>{let $this;return[{["constructor"](a) { $this=$super([a]); $this.x = a }},()=>$this]};`; of a class without
 * `extends`, `this` is `this`, and unless it asks for `new.target` one literal does for all instances: `$k[0]=()=>{return[…,void 0]}`.
 * A third element says that it reads `super.x`.
 */
function separateConstructor(
  { index, node }: ClassPlan,
  constructs: NodeOf<'MethodDefinition'>,
  { context, names, plan }: PatchOptions,
): void {
  const lifted = new Set<AnyNode>(plan.closures.flatMap((closure) => (closure.fixed === undefined ? [closure.node] : [])));
  const { edits, code } = context;
  const isDerived = Boolean(node.superClass);
  let hasTarget = false;
  let hasSuper = false;
  const visit = (part: AnyNode, isOwn: boolean): void => {
    if (part.type === 'MetaProperty' && part.meta.name === 'new' && isOwn) {
      hasTarget = true;
      edits.replace(part.start, part.end, names.target);
    }
    if (part.type === 'MemberExpression' && part.object.type === 'Super') hasSuper = true;
    if (part.type === 'ThisExpression' && isOwn && isDerived) edits.replace(part.start, part.end, names.self);
    if (part.type === 'CallExpression' && part.callee.type === 'Super') {
      const open = skipTrivia(code, part.callee.end) + 1;
      edits.replace(part.start, open, `(${names.self}=${names.super}([`);
      edits.replace(part.end - 1, part.end, ']))');
    }
    const isNew =
      lifted.has(part) || part.type === 'FunctionExpression' || part.type === 'FunctionDeclaration' || part.type === 'ClassBody';
    for (const child of children(part)) visit(child, isOwn && !isNew);
  };
  for (const parameter of constructs.value.params) visit(parameter, true);
  visit(constructs.value.body, true);
  const parameters = isDerived || hasTarget ? `${names.target},${names.super}` : '';
  const head = `${names.constructors}[${index}]=(${parameters})=>{${isDerived ? `let ${names.self};` : ''}return[{["constructor"]`;
  edits.replace(constructs.start, constructs.value.start, head);
  edits.close(constructs.end, `},${isDerived ? `()=>${names.self}` : 'void 0'}${hasSuper ? ',1' : ''}]};`);
}
