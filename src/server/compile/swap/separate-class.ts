/**
 * A class in a patch, taken apart: its members go to the class that is there, or to one that the runtime makes. Constructors and
 * initialisers become functions that are given the instance.
 */
import type { LinkContext } from '../link-context.ts';
import { whollyOwn } from '../own-code.ts';
import { skipTrivia, type AnyNode } from '../parse.ts';
import type { NodeOf } from '../visitor.ts';
import { arrowParts, parametersOf } from './function-guards.ts';
import type { PatchOptions } from './patch-names.ts';
import { rewritePrivateNames } from './private-names.ts';
import { children, isEvaluated, prefixOf } from './syntax.ts';
import type { ClassPlan, FunctionPlan, MemberPlan } from './plan.ts';

export function separateClass(plan: ClassPlan, from: number, options: PatchOptions): void {
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
  /** Where what stands behind the name begins; what gives a computed name is made of that first. */
  const startOf = (): number => {
    if (!isEvaluated(node)) return node.start;
    // Without its parentheses, if it has some.
    edits.replace(node.start, node.key.start, `${names.initialisers}["${key} key"]={["key"](){return (`);
    edits.close(node.key.end, ')}};');
    return node.key.end;
  };
  if (node.type === 'MethodDefinition') {
    if (!own) return;
    const head = `${names.functions}[${own.slot}]={${prefixOf(own.node)}${label}`;
    edits.replace(startOf(), node.value.start, head);
    edits.close(node.end, '};');
    return;
  }
  const { value } = node;
  const initialiser = `${names.initialisers}["${key}"]={${label}()`;
  const start = startOf();
  if (kind !== 'field' || !value) {
    edits.replace(start, node.end, `${initialiser}{}};`);
    return;
  }
  if (own) {
    edits.replace(start, value.start, `${names.functions}[${own.slot}]={`);
    if (value.type === 'ArrowFunctionExpression') arrowToMethod(value, label, context);
    else edits.open(value.start, `${label}:`);
    const tail = `};${initialiser}{return {${label}:${instanceShell(own, options)}}${label}}};`;
    edits.own(tail, whollyOwn);
    if (node.end > value.end) edits.replace(value.end, node.end, tail);
    else edits.close(node.end, tail);
    return;
  }
  let equals = node.key.end;
  while (code[equals] !== '=') equals = skipTrivia(code, equals + (/[\])]/.test(code[equals] ?? '') ? 1 : 0));
  edits.replace(start, equals + 1, `${initialiser}{return (`);
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
