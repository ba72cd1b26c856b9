/**
 * What the refresh transform has added to a module with components, told apart from what its author wrote: names of the signatures
 * (`var _s = $RefreshSig$()`), handles (`_c = App; $RefreshReg$(_c, "App")`), and calls around values (`_s(memo(_c2 = () => …), "key")`).
 * They belong to no version of the program: a patch runs them again whatever has changed.
 */
import type { AnyNode, Program } from '../parse.ts';
import type { NodeOf } from '../visitor.ts';
import type { Range } from './tokens.ts';

export interface RefreshMarks {
  /** `_s(App, "key")`, `_c = App`, `$RefreshReg$(_c, "App")`, `$RefreshModule$.end()`. */
  isStatement(statement: AnyNode): boolean;
  /** `_s = $RefreshSig$()`. */
  isSignature(declarator: AnyNode): boolean;
  /** `_c`, declared. */
  isHandle(declarator: AnyNode): boolean;
  /** `_s(value, "key")`; returns the value. */
  signed(node: AnyNode): AnyNode | undefined;
  /** `_c = value`; returns the value. */
  handled(node: AnyNode): AnyNode | undefined;
}

/** What stands for a value without a name. */
const DEFAULT_VALUE = '$RefreshModule$.default';

export function readRefreshMarks(program: Program, code: string): RefreshMarks | undefined {
  if (!code.includes('$RefreshModule$')) return undefined;
  const signatures = new Set<string>();
  const handles = new Set<string>();
  const isSignature = (node: AnyNode): boolean =>
    node.type === 'VariableDeclarator' && node.init?.type === 'CallExpression' && isNamed(node.init.callee, '$RefreshSig$');
  for (const statement of program.body) {
    if (statement.type === 'VariableDeclaration') {
      for (const declarator of statement.declarations)
        if (isSignature(declarator) && declarator.id.type === 'Identifier') signatures.add(declarator.id.name);
    }
    const call = callOf(statement);
    const [handle] = call && isNamed(call.callee, '$RefreshReg$') ? call.arguments : [];
    if (handle?.type === 'Identifier') handles.add(handle.name);
  }
  const isOf = (names: ReadonlySet<string>, node: AnyNode): boolean => node.type === 'Identifier' && names.has(node.name);
  const signed = (node: AnyNode): AnyNode | undefined =>
    node.type === 'CallExpression' && node.arguments.length > 1 && isOf(signatures, node.callee) ? node.arguments[0] : undefined;
  const handled = (node: AnyNode): AnyNode | undefined =>
    node.type === 'AssignmentExpression' && isOf(handles, node.left) ? node.right : undefined;

  return {
    isSignature,
    signed,
    handled,
    isStatement(statement) {
      if (statement.type !== 'ExpressionStatement') return false;
      const { expression } = statement;
      if (handled(expression)?.type === 'Identifier' || signed(expression)?.type === 'Identifier') return true;
      const callee = callOf(statement)?.callee;
      return (
        callee !== undefined &&
        (isNamed(callee, '$RefreshReg$') || (callee.type === 'MemberExpression' && isNamed(callee.object, '$RefreshModule$')))
      );
    },
    isHandle: (node) => node.type === 'VariableDeclarator' && !node.init && isOf(handles, node.id),
  };
}

function callOf(statement: AnyNode): NodeOf<'CallExpression'> | undefined {
  return statement.type === 'ExpressionStatement' && statement.expression.type === 'CallExpression' ? statement.expression : undefined;
}

const isNamed = (node: AnyNode, name: string): boolean => node.type === 'Identifier' && node.name === name;

/** The signature of a value that has it around itself: to be said of the value that is kept as well. */
export interface ValueSignature {
  /** `_s`. */
  readonly signature: string;
  /** What it is said of. */
  readonly value: string;
  /** `, "key", false, () => [useThis]`. */
  readonly rest: Range;
}

/** @param name undefined of `export default` */
export function signatureOf(init: AnyNode, name: string | undefined): ValueSignature | undefined {
  const [value] = init.type === 'CallExpression' ? init.arguments : [];
  if (init.type !== 'CallExpression' || !value || init.callee.type !== 'Identifier') return undefined;
  return { signature: init.callee.name, value: name ?? DEFAULT_VALUE, rest: { start: value.end, end: init.end - 1 } };
}

/** The place in the source that development builds hand over with each element: it moves with the lines above. */
export function isElementPlace(node: AnyNode): boolean {
  if (node.type !== 'ObjectExpression' || node.properties.length !== PLACE.length) return false;
  return node.properties.every(
    (property, index) => property.type === 'Property' && property.key.type === 'Identifier' && property.key.name === PLACE[index],
  );
}

const PLACE = ['fileName', 'lineNumber', 'columnNumber'];
