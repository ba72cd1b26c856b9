/**
 * A slot in a function's own text: the author's function stays where it is and what it is, and asks once whether there is a newer one.
 *
 *     function step(n) { n++ }      function step(n) {if($s0)return $s0.apply(this,arguments); n++ }
 *     (a) => a + 1                  (a,...$rest) =>$s1?$s1.call(this,a,...$rest): a + 1
 *
 * Measured against a shell in front of a second function: the same when it is hot (0.7 ns), less text, no frame more in the debugger, and
 * name, length and kind are right by themselves. Parameters with patterns or default values move into the body, behind the question, for
 * they belong to the version that runs.
 */
import { skipTrivia, type AnyNode, type Pattern } from '../parse.ts';
import type { LinkContext } from '../link-context.ts';
import { forEachBinding } from '../scope.ts';
import type { NodeOf } from '../visitor.ts';
import { isHarmless } from './purity.ts';
import { children } from './syntax.ts';
import type { FunctionNode, FunctionPlan } from './plan.ts';

export interface GuardNames {
  readonly rest: string;
  /** Prefix of parameters. */
  readonly parameter: string;
}

interface Newest {
  readonly text: string;
  readonly self: string;
}

/** @param newest of a closure: the newest function for what is visible there, and what it gets as `this` */
export function guardFunction(
  { node, hasTarget, self }: Pick<FunctionPlan, 'node' | 'hasTarget' | 'self'>,
  slot: string,
  names: GuardNames,
  context: LinkContext,
  newest?: Newest,
): void {
  if (node.type === 'ArrowFunctionExpression') {
    guardArrow(node, slot, names, context, newest ?? { text: slot, self: 'this' });
    return;
  }
  guardBody(node, `if(${slot})${answer(node, slot, { hasTarget, self }, newest?.text)}`, names, context);
}

/** What a function does when there is a newer one. */
export function answer(
  { generator }: Pick<FunctionNode, 'generator'>,
  slot: string,
  { hasTarget, self }: Pick<FunctionPlan, 'hasTarget' | 'self'>,
  newest: string = self === undefined ? slot : `${slot}(${self})`,
): string {
  const construct = hasTarget ? `new.target?Reflect.construct(${newest},arguments,new.target):` : '';
  return `return ${generator ? 'yield*' : ''}${construct}${newest}.apply(this,arguments);`;
}

/** `if($s0)return ` belongs to what stands behind it, and the call to nobody. */
function putQuestion(text: string, at: number, node: FunctionNode, { edits, code }: LinkContext): void {
  edits.close(at, text);
  edits.own(text, () => ({
    hiddenFrom: /^(?:\{?if\(.+?\)return |[\w$]+\?)/.exec(text)?.[0].length ?? 0,
    standsFor: firstStop(node, code),
  }));
}

/** Where a debugger stops first in a function: of a variable at its value. */
export function firstStop({ body }: FunctionNode, code: string): number | undefined {
  if (body.type !== 'BlockStatement') return undefined;
  const first = body.body.find(
    (statement) => statement.type !== 'FunctionDeclaration' && !('directive' in statement && statement.directive),
  );
  if (first?.type !== 'VariableDeclaration') return first?.start;
  const [declarator] = first.declarations;
  return declarator?.init ? skipTrivia(code, skipTrivia(code, declarator.id.end) + 1) : undefined;
}

/** Of a function with a body, or of a constructor. */
export function guardBody(node: FunctionNode, text: string, names: GuardNames, context: LinkContext): void {
  const at = node.body.start + 1;
  putQuestion(text, at, node, context);
  const moved = node.generator ? [] : parametersToMove(node);
  moveParameters(node, moved, at, names, context);
}

function guardArrow(
  node: NodeOf<'ArrowFunctionExpression'>,
  slot: string,
  names: GuardNames,
  context: LinkContext,
  { text, self }: Newest,
): void {
  const { edits } = context;
  const { open, arrowEnd, isBare } = arrowParts(node, context.code);
  const moved = parametersToMove(node, true);
  const values = node.params.map((parameter, index) => {
    if (parameter.type === 'RestElement') return parameter.argument.type === 'Identifier' ? `...${parameter.argument.name}` : undefined;
    return parameter.type === 'Identifier' ? parameter.name : moved.includes(parameter) ? `${names.parameter}${index}` : undefined;
  });
  const last = node.params.at(-1);
  const hasRest = last?.type === 'RestElement';
  // What cannot be handed on as it came is evaluated before the newer function is asked: patterns that hold functions.
  const forwarded = values.map((value) => value ?? 'void 0');
  if (!hasRest) {
    forwarded.push(`...${names.rest}`);
    if (!last) edits.close(open + 1, `...${names.rest}`);
    else if (isBare) {
      edits.open(last.start, '(');
      edits.open(last.end, `,...${names.rest})`);
    } else {
      const comma = skipTrivia(context.code, last.end);
      if (context.code[comma] === ',') edits.replace(comma, comma + 1, '');
      edits.open(last.end, `,...${names.rest}`);
    }
  }
  const call = `${text}.call(${self},${forwarded.join(',')})`;
  if (node.body.type === 'BlockStatement') {
    const at = node.body.start + 1;
    putQuestion(`if(${slot})return ${call};`, at, node, context);
    moveParameters(node, moved, at, names, context);
  } else if (moved.length === 0) {
    putQuestion(`${slot}?${call}:`, arrowEnd, node, context);
  } else {
    putQuestion(`{if(${slot})return ${call};`, arrowEnd, node, context);
    moveParameters(node, moved, arrowEnd, names, context);
    edits.open(arrowEnd, 'return (');
    edits.close(node.end, ')}');
  }
}

/** Where the parts of an arrow function are: its opening parenthesis, or the bare parameter; the end of `=>`. */
export function arrowParts(
  node: NodeOf<'ArrowFunctionExpression'>,
  code: string,
): { readonly open: number; readonly arrowEnd: number; readonly isBare: boolean; readonly close: number } {
  const open = node.async ? skipTrivia(code, node.start + 'async'.length) : node.start;
  const isBare = code[open] !== '(';
  const last = node.params.at(-1);
  let at = skipTrivia(code, last ? last.end : open + 1);
  let close = last?.end ?? at;
  while (code[at] !== '=') {
    if (code[at] === ')') close = at + 1;
    at = skipTrivia(code, at + 1);
  }
  return { open, arrowEnd: at + 2, isBare, close };
}

/** @param all of them, also those whose evaluation does no harm: an arrow function cannot hand on what it was given otherwise */
function parametersToMove(node: FunctionNode, all = false): Pattern[] {
  const candidates = node.params.filter((parameter) => parameter.type !== 'Identifier' && parameter.type !== 'RestElement');
  if (candidates.length === 0) return [];
  const isNeeded =
    all ||
    !candidates.every(
      (parameter) => parameter.type === 'AssignmentPattern' && parameter.left.type === 'Identifier' && isHarmless(parameter.right),
    );
  return isNeeded && canMove(node, candidates) ? candidates : [];
}

/** Whether all that an arrow function was given can be handed on. */
export function paramsCanMove(node: FunctionNode): boolean {
  const isPattern = (parameter: Pattern): boolean => parameter.type !== 'Identifier' && parameter.type !== 'RestElement';
  const rest = node.params.at(-1);
  if (rest?.type === 'RestElement' && rest.argument.type !== 'Identifier') return false;
  return !node.params.some(isPattern) || parametersToMove(node, true).length > 0;
}

/** Parameters have a scope of their own, which only functions in them and names declared twice can tell from the body's. */
function canMove(node: FunctionNode, parameters: readonly Pattern[]): boolean {
  if (parameters.some(holdsFunction)) return false;
  if (node.body.type !== 'BlockStatement') return true;
  const names = new Set<string>();
  for (const parameter of parameters) forEachBinding(parameter, ({ name }) => names.add(name));
  return !node.body.body.some(
    (statement) =>
      (statement.type === 'FunctionDeclaration' && names.has(statement.id?.name ?? '')) ||
      (statement.type === 'VariableDeclaration' && statement.kind === 'var' && declaresAny(statement, names)),
  );
}

function declaresAny({ declarations }: NodeOf<'VariableDeclaration'>, names: ReadonlySet<string>): boolean {
  let found = false;
  for (const { id } of declarations) forEachBinding(id, ({ name }) => (found ||= names.has(name)));
  return found;
}

function holdsFunction(node: AnyNode): boolean {
  if (/^(?:Function|Arrow|Class|Await|Yield)/.test(node.type)) return true;
  for (const child of children(node)) if (holdsFunction(child)) return true;
  return false;
}

/** `({a}, b = f()) =>` becomes `($p0,$p1=void 0) => {… var {a}=$p0,b=$p1===void 0?(f()):$p1;` */
function moveParameters(node: FunctionNode, moved: readonly Pattern[], to: number, names: GuardNames, { edits, code }: LinkContext): void {
  let isOptional = false;
  for (const [index, parameter] of node.params.entries()) {
    isOptional ||= parameter.type === 'AssignmentPattern';
    const position = moved.indexOf(parameter);
    if (position === -1) continue;
    const name = `${names.parameter}${index}`;
    edits.close(parameter.start, isOptional ? `${name}=void 0` : name);
    edits.open(parameter.start, position === 0 ? 'var ' : ',');
    const end = position === moved.length - 1 ? ';' : '';
    if (parameter.type === 'AssignmentPattern') {
      const equals = skipTrivia(code, parameter.left.end) + 1;
      const isInParentheses = code[skipTrivia(code, equals)] === '(' && skipTrivia(code, equals) < parameter.right.start;
      edits.replace(parameter.left.end, isInParentheses ? equals : parameter.right.start, `=${name}===void 0?(`);
      edits.close(parameter.end, `):${name}${end}`);
    } else edits.close(parameter.end, `=${name}${end}`);
    edits.move(parameter.start, parameter.end, to);
  }
}

/** Of a function that hands on what it gets: as many as make the same length. */
export function parametersOf({ params }: FunctionNode, names: GuardNames): string[] {
  const optional = params.findIndex((parameter) => parameter.type === 'AssignmentPattern' || parameter.type === 'RestElement');
  return params.slice(0, optional === -1 ? undefined : optional).map((_, index) => `${names.parameter}${index}`);
}
