/**
 * What the shape of a tree tells hot-swap without knowing whose its names are: functions that are called at once, statements that hide
 * names, names of members.
 */
import { isAnonymousDefinition, literalText, type AnyNode } from '../parse.ts';
import { DEFAULT_BINDING } from '../../../runtime/swap/shape.ts';
import { forEachBinding } from '../scope.ts';
import type { NodeOf } from '../visitor.ts';
import type { FunctionNode } from './plan.ts';

/** Methods that call what they are given before they return. */
const CALLS_AT_ONCE =
  /^(?:map|filter|forEach|reduce|reduceRight|some|every|find|findIndex|findLast|findLastIndex|flatMap|sort|toSorted|replace|replaceAll|from|fromEntries|fromAsync|groupBy)$/;

/** `if (a) { var b }` declares a name of the module. */
export function nestedVars(statement: AnyNode): string[] {
  if (statement.type === 'ExpressionStatement' || statement.type === 'ClassDeclaration') return [];
  const found: string[] = [];
  const visit = (node: AnyNode): void => {
    if (isFunctionNode(node) || node.type === 'FunctionDeclaration' || node.type === 'ClassBody') return;
    if (node.type === 'VariableDeclaration' && node.kind === 'var') {
      for (const { id } of node.declarations) forEachBinding(id, ({ name }) => found.push(name));
    }
    for (const child of children(node)) visit(child);
  };
  visit(statement);
  return found;
}

export function isFunctionNode(node: AnyNode | null | undefined): node is NodeOf<'FunctionExpression' | 'ArrowFunctionExpression'> {
  return node?.type === 'FunctionExpression' || node?.type === 'ArrowFunctionExpression';
}

export function callsAtOnce({ type, callee }: NodeOf<'CallExpression' | 'NewExpression'>): boolean {
  if (type === 'NewExpression') return callee.type === 'Identifier' && callee.name === 'Promise';
  return callee.type === 'MemberExpression' && callee.property.type === 'Identifier' && CALLS_AT_ONCE.test(callee.property.name);
}

/** What is in it may see names that are not the module's, each time others. */
export function hidesNames(node: AnyNode): boolean {
  switch (node.type) {
    case 'BlockStatement':
      return node.body.some(isLexical);
    case 'SwitchStatement':
      return node.cases.some((entry) => entry.consequent.some(isLexical));
    case 'ForStatement':
      return node.init ? isLexical(node.init) : false;
    case 'ForInStatement':
    case 'ForOfStatement':
      return isLexical(node.left);
    case 'CatchClause':
      return node.param !== null && node.param !== undefined;
    default:
      return false;
  }
}

function isLexical(node: AnyNode): boolean {
  if (node.type === 'VariableDeclaration') return node.kind !== 'var';
  return node.type === 'FunctionDeclaration' || node.type === 'ClassDeclaration';
}

/** By itself: where it stands says more, for methods and accessors cannot. */
export function canConstruct({ type, async, generator }: FunctionNode): boolean {
  return type !== 'ArrowFunctionExpression' && !async && !generator;
}

export function asksForTarget(node: AnyNode): boolean {
  if (node.type === 'MetaProperty') return node.meta.name === 'new';
  for (const child of children(node)) {
    const isOwn = child.type !== 'FunctionExpression' && child.type !== 'FunctionDeclaration' && child.type !== 'ClassBody';
    if (isOwn && asksForTarget(child)) return true;
  }
  return false;
}

export function keyName(key: AnyNode, computed: boolean, code: string): string {
  if (computed) {
    const text = literalText(key);
    if (text !== undefined && /^[\w$]+$/.test(text)) return text;
    return `[${text === undefined ? keyText(key, code) : JSON.stringify(text)}]`;
  }
  if (key.type === 'PrivateIdentifier') return `#${key.name}`;
  return key.type === 'Identifier' ? key.name : String(literalText(key) ?? (key.type === 'Literal' ? key.value : ''));
}

/** Whether the name of a member is what an expression gives. */
export function isEvaluated({ key, computed }: { readonly key: AnyNode; readonly computed: boolean }): boolean {
  return computed && literalText(key) === undefined;
}

/** Of a class; one that is no identifier is written as `["a-b"]`, with brackets and quotes or without. */
export function memberName(key: AnyNode, computed: boolean, code: string): string {
  return keyName(key, computed || literalText(key) !== undefined, code);
}

/** What a formatter leaves as it is: `Symbol.for("x")`. */
function keyText(key: AnyNode, code: string): string {
  const text = literalText(key);
  if (text !== undefined) return JSON.stringify(text);
  if (key.type === 'MemberExpression' && !key.computed) return `${keyText(key.object, code)}.${keyText(key.property, code)}`;
  if (key.type === 'CallExpression')
    return `${keyText(key.callee, code)}(${key.arguments.map((argument) => keyText(argument, code)).join()})`;
  return code.slice(key.start, key.end);
}

/** A list and no generator, which takes twice as long. */
export function children(node: AnyNode): AnyNode[] {
  const found: AnyNode[] = [];
  for (const key in node) {
    const value: unknown = node[key as keyof AnyNode];
    if (typeof value !== 'object' || value === null) continue;
    if (Array.isArray(value)) {
      for (const entry of value as unknown[]) if (isNode(entry)) found.push(entry);
    } else if (isNode(value)) found.push(value);
  }
  return found;
}

function isNode(value: unknown): value is AnyNode {
  return typeof value === 'object' && value !== null && 'type' in value && typeof value.type === 'string';
}

/** At module level. */
export function hasAwait(node: AnyNode): boolean {
  if (node.type === 'AwaitExpression' || (node.type === 'ForOfStatement' && node.await)) return true;
  if (isFunctionNode(node) || node.type === 'FunctionDeclaration' || node.type === 'ClassBody') return false;
  for (const child of children(node)) if (hasAwait(child)) return true;
  return false;
}

/** As the standard names it: by its own name, else by what it is assigned to. */
export function nameOf(node: NodeOf<'FunctionDeclaration' | 'FunctionExpression' | 'ArrowFunctionExpression'>, path: string): string {
  if (node.type !== 'ArrowFunctionExpression' && node.id) return node.id.name;
  return isAnonymousDefinition(node) ? lastName(path) : '';
}

export function lastName(path: string): string {
  if (path === DEFAULT_BINDING) return 'default';
  return /(?:^|\.)([\w$]+)$/.exec(path)?.[1] ?? '';
}

/** What stands in front of the name of a method. */
export const prefixOf = ({ async, generator }: { readonly async: boolean; readonly generator: boolean }): string =>
  `${async ? 'async ' : ''}${generator ? '*' : ''}`;

const HOT = /\bimport\s*\.\s*meta\s*\.\s*hot\b/;

export const speaksToHot = (text: string): boolean => HOT.test(text);

/** Of a function that is the value of a property. */
export function placeOf(property: NodeOf<'Property'>): 'accessor' | 'method' | 'expression' {
  if (property.kind !== 'init') return 'accessor';
  return property.method ? 'method' : 'expression';
}

/** What an element of a list is known by, when its place may change: the plain values of an object literal. */
export function labelOf(element: AnyNode, code: string): string {
  if (element.type !== 'ObjectExpression') return '';
  const plain = element.properties.filter((property) => property.type === 'Property' && property.value.type === 'Literal');
  return plain.length === 0 ? '' : `[${plain.map(({ start, end }) => code.slice(start, end)).join()}]`;
}
