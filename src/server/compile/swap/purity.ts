/**
 * What evaluating an expression again, or once too often, does: nothing, as far as its text can tell. Reading a member may call a getter;
 * getters with effects are taken to be nobody's.
 */
import type { AnyNode } from '../parse.ts';

/** Evaluating it has no effect. */
export function isHarmless(node: AnyNode | null | undefined): boolean {
  if (!node) return true;
  switch (node.type) {
    case 'FunctionExpression':
    case 'ArrowFunctionExpression':
    case 'ThisExpression':
      return true;
    case 'ArrayExpression':
      return node.elements.every((element) => element?.type !== 'SpreadElement' && isHarmless(element));
    case 'ObjectExpression':
      return node.properties.every((property) =>
        property.type === 'SpreadElement'
          ? isHarmless(property.argument)
          : (!property.computed || isHarmless(property.key)) && isHarmless(property.value),
      );
    default:
      return isPure(node, isHarmless);
  }
}

/** Besides, it gives a primitive value, or one that is somebody else's. */
export function isPure(node: AnyNode | null | undefined, isPart: (node: AnyNode | null | undefined) => boolean = isPure): boolean {
  if (!node) return true;
  switch (node.type) {
    case 'Literal':
      return !('regex' in node && node.regex);
    case 'Identifier':
    case 'MetaProperty':
      return true;
    case 'TemplateLiteral':
      return node.expressions.every((expression) => isPart(expression));
    case 'UnaryExpression':
      return node.operator !== 'delete' && isPart(node.argument);
    case 'BinaryExpression':
      return node.left.type !== 'PrivateIdentifier' && isPart(node.left) && isPart(node.right);
    case 'LogicalExpression':
      return isPart(node.left) && isPart(node.right);
    case 'ConditionalExpression':
      return isPart(node.test) && isPart(node.consequent) && isPart(node.alternate);
    case 'ChainExpression':
      return isPart(node.expression);
    case 'MemberExpression':
      return isPart(node.object) && (!node.computed || isPart(node.property));
    case 'CallExpression':
      return isKnownPure(node.callee) && node.arguments.every((argument) => argument.type !== 'SpreadElement' && isPart(argument));
    default:
      return false;
  }
}

const PURE_FUNCTIONS = new Set(['Number', 'String', 'Boolean', 'BigInt', 'parseInt', 'parseFloat', 'isNaN', 'isFinite']);

function isKnownPure(callee: AnyNode): boolean {
  if (callee.type === 'Identifier') return PURE_FUNCTIONS.has(callee.name);
  if (callee.type !== 'MemberExpression' || callee.object.type !== 'Identifier' || callee.property.type !== 'Identifier') return false;
  return callee.object.name === 'Math' && callee.property.name !== 'random';
}
