/**
 * Closures in a patch: each stands alone in front of its unit, and in its place a function that asks for the newest one with what is visible
 * there, for a closure that was made long ago can be told nothing else.
 *
 *     return (x) => n + x     $f[8]=($captured)=>({["read"](x){return ( $captured.n + x)}});
 *                             return ($p0,...$rest)=>{return $s8({get n(){return n},…}).call(this,$p0,...$rest)}
 */
import { createEdits, type Edits } from '../edits.ts';
import { skipTrivia, type AnyNode } from '../parse.ts';
import type { Captures } from './captures.ts';
import type { ClosurePlan } from './closures.ts';
import { answer, arrowParts, firstStop, parametersOf } from './function-guards.ts';
import type { PatchOptions } from './patch-names.ts';
import type { FunctionNode } from './plan.ts';

/** To be called when the walk is over, before other edits: it is around all of them. */
export function liftClosures({ plan, slots, names, context }: PatchOptions, captures: Captures): void {
  const { edits, code } = context;
  const done = new Set<AnyNode>();
  captures.declare(edits);
  for (const closure of plan.closures) {
    if (closure.fixed !== undefined) continue;
    const { node, form, slot, self, unit, name } = closure;
    const isArrow = node.type === 'ArrowFunctionExpression';
    // Its first and its last character stay, so that what others put around it stays as well.
    const open = paramsStart(node, code) + 1;
    const end = node.end - 1;
    const given = closure.isSetter ? [`${slots.parameter}0`] : parametersOf(node, slots);
    const newest = `${slots.slot(slot)}(${captures.text(closure)})`;
    const forwarded = [...given, `...${slots.rest}`].join(',');
    const stays = isArrow
      ? `${forwarded})=>{return ${newest}.call(${captures.thisText(closure)},${forwarded});`
      : `${given.join(',')}){${answer(node, slots.slot(slot), closure, newest)}`;
    const prefix = `${node.async ? 'async ' : ''}${node.generator ? '*' : ''}`;
    const label = `[${JSON.stringify(name)}]`;
    const head = form === 'function' ? `${label}:${node.async ? 'async ' : ''}function${node.generator ? '*' : ''}` : prefix + label;
    edits.close(open, stays);
    edits.own(stays, () => ({ hiddenFrom: stays.indexOf('return ') + 'return '.length, standsFor: firstStop(node, code) }));
    edits.open(open, `${names.functions}[${slot}]=(${names.captured}${self === undefined ? '' : `,${self}`})=>({${head}(`);
    edits.close(end, '}});');
    edits.move(open, end, plan.units[unit]?.statement.start ?? 0);
    if (!isArrow) continue;
    const parts = arrowParts(node, code);
    edits.replace(parts.close, parts.arrowEnd, '');
    rewriteOuter(closure, names.captured, context, done);
  }
}

/** What only the function around it has. @param done arrow functions in arrow functions have it in common */
function rewriteOuter({ uses, owner }: ClosurePlan, captured: string, context: PatchOptions['context'], done: Set<AnyNode>): void {
  if (!owner) return;
  for (const { node, parent } of uses.arguments) {
    if (node.type === 'Identifier' && !done.has(node)) context.substitute(node, parent, `${captured}.arguments`);
    done.add(node);
  }
  for (const node of uses.targets) {
    if (!done.has(node)) context.edits.replace(node.start, node.end, `${captured}["new.target"]`);
    done.add(node);
  }
}

/** Where the parenthesis of the parameters is. */
function paramsStart(node: FunctionNode, code: string): number {
  if (node.type === 'ArrowFunctionExpression') return arrowParts(node, code).open;
  let at = node.start;
  if (code[at] === '(') return at;
  if (node.async) at = skipTrivia(code, at + 'async'.length);
  at = skipTrivia(code, at + 'function'.length);
  if (node.generator) at = skipTrivia(code, at + 1);
  return node.id ? skipTrivia(code, node.id.end) : at;
}

/** `a => b` becomes `(a) =>{return ( b)}`: only what has brackets of its own can be moved out of them. Undefined: all have. */
export function withBrackets(closures: readonly ClosurePlan[], code: string): Edits | undefined {
  const edits = createEdits(code);
  let isChanged = false;
  for (const { node, fixed } of closures) {
    if (node.type !== 'ArrowFunctionExpression' || fixed !== undefined) continue;
    const { arrowEnd, isBare } = arrowParts(node, code);
    const [first] = node.params;
    if (isBare && first) {
      edits.open(first.start, '(');
      edits.close(first.end, ')');
      isChanged = true;
    }
    if (node.body.type === 'BlockStatement') continue;
    edits.open(arrowEnd, '{return (');
    edits.close(node.end, ')}');
    isChanged = true;
  }
  return isChanged ? edits : undefined;
}
