/**
 * One walk over a module's tree that tells a visitor every use of a name, with the scope it happens in. Specialised and not a
 * generic loop over keys, because it must know anyway which identifiers are references (labels, keys and member names are not).
 * One handler a type, in a table that the compiler knows to be complete: a new kind of syntax in the parser's types is an error
 * here, and not a reference that nobody sees. Events come in source order, a node before what is in it.
 */
import type { Program } from './parse.ts';
import { blockScope, createScope, hoist, type Scope } from './scope.ts';
import { visit, visitStatements, type Handlers, type NodeOf, type Visitor, type Walk } from './visitor.ts';
import { bindPattern, bindVariables, visitTarget } from './walk-patterns.ts';

type FunctionNode = NodeOf<'FunctionDeclaration' | 'FunctionExpression' | 'ArrowFunctionExpression'>;

const handlers: Handlers = {
  // Never visited as nodes of their own: references, patterns and names are handled where they stand.
  Identifier: nothing,
  PrivateIdentifier: nothing,
  ObjectPattern: nothing,
  ArrayPattern: nothing,
  AssignmentPattern: nothing,
  RestElement: nothing,
  VariableDeclarator: nothing,
  CatchClause: nothing,
  SwitchCase: nothing,
  ClassBody: nothing,
  MethodDefinition: nothing,
  TemplateElement: nothing,
  ImportSpecifier: nothing,
  ImportDefaultSpecifier: nothing,
  ImportNamespaceSpecifier: nothing,
  ImportAttribute: nothing,
  ExportSpecifier: nothing,
  Program: nothing,

  // Leaves.
  Literal: nothing,
  ThisExpression: nothing,
  Super: nothing,
  MetaProperty: nothing,
  EmptyStatement: nothing,
  DebuggerStatement: nothing,
  BreakStatement: nothing,
  ContinueStatement: nothing,
  ImportDeclaration: nothing,
  ExportAllDeclaration: nothing,

  ExportNamedDeclaration(node, walk) {
    if (node.declaration) visit(node.declaration, node, walk);
  },
  ExportDefaultDeclaration: (node, walk) => visit(node.declaration, node, walk),

  ExpressionStatement: (node, walk) => visit(node.expression, node, walk),
  BlockStatement(node, walk) {
    const outer = walk.scope;
    walk.scope = blockScope(node.body, outer);
    visitStatements(node.body, walk);
    walk.scope = outer;
  },
  IfStatement(node, walk) {
    visit(node.test, node, walk);
    visit(node.consequent, node, walk);
    if (node.alternate) visit(node.alternate, node, walk);
  },
  ReturnStatement: argument,
  ThrowStatement: argument,
  LabeledStatement: (node, walk) => visit(node.body, node, walk),
  WithStatement: nothing, // not in strict code
  WhileStatement(node, walk) {
    visit(node.test, node, walk);
    visit(node.body, node, walk);
  },
  DoWhileStatement(node, walk) {
    visit(node.body, node, walk);
    visit(node.test, node, walk);
  },
  ForStatement(node, walk) {
    const outer = walk.scope;
    if (node.init) walk.scope = blockScope([node.init], outer);
    for (const part of [node.init, node.test, node.update, node.body]) if (part) visit(part, node, walk);
    walk.scope = outer;
  },
  ForInStatement: visitForEach,
  ForOfStatement: visitForEach,
  SwitchStatement(node, walk) {
    visit(node.discriminant, node, walk);
    const outer = walk.scope;
    walk.scope = blockScope(
      node.cases.flatMap((entry) => entry.consequent),
      outer,
    );
    for (const entry of node.cases) {
      if (entry.test) visit(entry.test, entry, walk);
      visitStatements(entry.consequent, walk);
    }
    walk.scope = outer;
  },
  TryStatement(node, walk) {
    visit(node.block, node, walk);
    if (node.handler) visitCatch(node.handler, walk);
    if (node.finalizer) visit(node.finalizer, node, walk);
  },
  VariableDeclaration(node, walk) {
    for (const declarator of node.declarations) {
      bindVariables(declarator, node.kind, declarator.init || node.kind !== 'var' ? declarator : undefined, walk);
      if (declarator.init) visit(declarator.init, declarator, walk);
    }
  },

  FunctionDeclaration: visitFunction,
  FunctionExpression: visitFunction,
  ArrowFunctionExpression: visitFunction,
  ClassDeclaration: visitClass,
  ClassExpression: visitClass,
  PropertyDefinition(node, walk) {
    if (node.computed) visit(node.key, node, walk);
    if (!node.value) return;
    walk.functionDepth++;
    walk.thisDepth++;
    visit(node.value, node, walk);
    walk.functionDepth--;
    walk.thisDepth--;
  },
  StaticBlock(node, walk) {
    const outer = walk.scope;
    walk.scope = createScope('function', outer);
    hoist(node.body, walk.scope);
    walk.functionDepth++;
    walk.thisDepth++;
    visitStatements(node.body, walk);
    walk.functionDepth--;
    walk.thisDepth--;
    walk.scope = outer;
  },

  MemberExpression(node, walk, use) {
    visit(node.object, node, walk, use === 'callee' || use === 'target' ? 'base' : 'object');
    if (node.computed) visit(node.property, node, walk);
  },
  CallExpression(node, walk) {
    visit(node.callee, node, walk, 'callee');
    for (const entry of node.arguments) visit(entry, node, walk);
  },
  NewExpression(node, walk) {
    visit(node.callee, node, walk);
    for (const entry of node.arguments) visit(entry, node, walk);
  },
  TaggedTemplateExpression(node, walk) {
    visit(node.tag, node, walk, 'callee');
    visit(node.quasi, node, walk);
  },
  // `(a?.b)()` has `a` as `this` too.
  ChainExpression: (node, walk, use) => visit(node.expression, node, walk, use),
  ParenthesizedExpression: (node, walk, use) => visit(node.expression, node, walk, use),
  ImportExpression(node, walk) {
    visit(node.source, node, walk);
    if (node.options) visit(node.options, node, walk);
  },
  ObjectExpression(node, walk) {
    for (const property of node.properties) visit(property, node, walk);
  },
  Property(node, walk) {
    if (node.computed) visit(node.key, node, walk);
    visit(node.value, node, walk);
  },
  ArrayExpression(node, walk) {
    for (const element of node.elements) if (element) visit(element, node, walk);
  },
  SpreadElement: argument,
  TemplateLiteral(node, walk) {
    for (const expression of node.expressions) visit(expression, node, walk);
  },
  SequenceExpression(node, walk) {
    for (const expression of node.expressions) visit(expression, node, walk);
  },
  ConditionalExpression(node, walk) {
    visit(node.test, node, walk);
    visit(node.consequent, node, walk);
    visit(node.alternate, node, walk);
  },
  BinaryExpression: leftAndRight,
  LogicalExpression: leftAndRight,
  AssignmentExpression(node, walk) {
    visitTarget(node.left, node, node, walk);
    visit(node.right, node, walk);
  },
  UpdateExpression(node, walk) {
    if (node.argument.type === 'Identifier') walk.visitor.write(node.argument, node, node, walk);
    else visit(node.argument, node, walk, 'target');
  },
  UnaryExpression: (node, walk) => visit(node.argument, node, walk, node.operator === 'delete' ? 'target' : 'value'),
  AwaitExpression: argument,
  YieldExpression: argument,
};

function nothing(): void {}

function argument(
  node: NodeOf<'ReturnStatement' | 'ThrowStatement' | 'SpreadElement' | 'AwaitExpression' | 'YieldExpression'>,
  walk: Walk,
): void {
  if (node.argument) visit(node.argument, node, walk);
}

function leftAndRight(node: NodeOf<'BinaryExpression' | 'LogicalExpression'>, walk: Walk): void {
  visit(node.left, node, walk);
  visit(node.right, node, walk);
}

function visitForEach(node: NodeOf<'ForInStatement' | 'ForOfStatement'>, walk: Walk): void {
  const outer = walk.scope;
  const { left } = node;
  walk.scope = blockScope([left], outer);
  if (left.type === 'VariableDeclaration') for (const declarator of left.declarations) bindVariables(declarator, left.kind, node, walk);
  else visitTarget(left, node, node, walk);
  visit(node.right, node, walk);
  visit(node.body, node, walk);
  walk.scope = outer;
}

function visitCatch(node: NodeOf<'CatchClause'>, walk: Walk): void {
  const outer = walk.scope;
  if (node.param) {
    walk.scope = createScope('block', outer);
    bindPattern(node.param, node, 'catch', undefined, walk);
  }
  visit(node.body, node, walk);
  walk.scope = outer;
}

/** Parameters have a scope of their own, because their default values do not see what the body declares. */
function visitFunction(node: FunctionNode, walk: Walk): void {
  const outer = walk.scope;
  const own = node.type === 'ArrowFunctionExpression' ? 0 : 1;
  const parameters = createScope('function', outer);
  walk.scope = parameters;
  walk.functionDepth++;
  walk.thisDepth += own;
  if (node.type === 'FunctionExpression' && node.id) parameters.bindings.set(node.id.name, 'function');
  for (const parameter of node.params) bindPattern(parameter, node, 'parameter', undefined, walk);
  if (node.body.type === 'BlockStatement') {
    walk.scope = createScope('function', parameters);
    hoist(node.body.body, walk.scope);
    visitStatements(node.body.body, walk);
  } else {
    visit(node.body, node, walk);
  }
  walk.functionDepth--;
  walk.thisDepth -= own;
  walk.scope = outer;
}

/** A class sees its own name as a constant inside, which is another binding than the one outside. */
function visitClass(node: NodeOf<'ClassDeclaration' | 'ClassExpression'>, walk: Walk): void {
  const outer = walk.scope;
  if (node.id) {
    walk.scope = createScope('block', outer);
    walk.scope.bindings.set(node.id.name, 'class');
  }
  if (node.superClass) visit(node.superClass, node, walk);
  for (const member of node.body.body) {
    if (member.type !== 'MethodDefinition') {
      visit(member, node, walk);
      continue;
    }
    if (member.computed) visit(member.key, member, walk);
    visit(member.value, member, walk);
  }
  walk.scope = outer;
}

/** Returns the module's scope; it and every scope that the visitor was handed are complete now. */
export function walkModule(program: Program, visitor: Visitor): Scope {
  const scope = createScope('module');
  for (const statement of program.body) {
    const exported = statement.type === 'ExportNamedDeclaration' || statement.type === 'ExportDefaultDeclaration';
    hoist([(exported && statement.declaration) || statement], scope);
  }
  const walk: Walk = { scope, functionDepth: 0, thisDepth: 0, visitor, handlers };
  visitStatements(program.body, walk);
  return scope;
}
