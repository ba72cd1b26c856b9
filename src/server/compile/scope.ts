/**
 * Which names a piece of code declares, and whose name an identifier is: ECMA-262's environments, as far as they can be told from
 * the text. Knows nothing of what is done with the answer; linking asks it, and hot-swap will.
 *
 *     module ← parameters of a function ← body of the function ← block …
 *
 * Lexical declarations are hoisted when a scope is entered, `var` when it is met, so `resolve` is right once the walk is over.
 */
import type { AnyNode, Identifier, Pattern } from './parse.ts';

export type BindingKind = 'import' | 'var' | 'let' | 'const' | 'using' | 'await using' | 'function' | 'class' | 'parameter' | 'catch';

export interface Scope {
  /** `var` lands in the nearest scope that is not a block. */
  readonly kind: 'module' | 'function' | 'block';
  readonly parent: Scope | undefined;
  readonly bindings: Map<string, BindingKind>;
}

export function createScope(kind: Scope['kind'], parent?: Scope): Scope {
  return { kind, parent, bindings: new Map() };
}

/** The scope that declares a name, seen from another; undefined for a global. */
export function resolve(from: Scope, name: string): Scope | undefined {
  for (let scope: Scope | undefined = from; scope; scope = scope.parent) if (scope.bindings.has(name)) return scope;
  return undefined;
}

/** Where a `var` met in this scope is declared. */
export function varScope(from: Scope): Scope {
  let scope = from;
  while (scope.kind === 'block' && scope.parent) scope = scope.parent;
  return scope;
}

/** Every identifier that a pattern binds, in source order. */
export function forEachBinding(pattern: Pattern, visit: (id: Identifier) => void): void {
  switch (pattern.type) {
    case 'Identifier':
      visit(pattern);
      return;
    case 'ObjectPattern':
      for (const property of pattern.properties) {
        forEachBinding(property.type === 'RestElement' ? property.argument : property.value, visit);
      }
      return;
    case 'ArrayPattern':
      for (const element of pattern.elements) if (element) forEachBinding(element, visit);
      return;
    case 'RestElement':
      forEachBinding(pattern.argument, visit);
      return;
    case 'AssignmentPattern':
      forEachBinding(pattern.left, visit);
      return;
    case 'MemberExpression':
      return; // a target of an assignment, which binds nothing
  }
}

/** The scope of a statement list, if it declares something of its own; else the one around it. */
export function blockScope(statements: readonly AnyNode[], parent: Scope): Scope {
  if (!statements.some(isLexical)) return parent;
  const scope = createScope('block', parent);
  hoist(statements, scope);
  return scope;
}

function isLexical(statement: AnyNode): boolean {
  const { type } = statement;
  return type === 'FunctionDeclaration' || type === 'ClassDeclaration' || (type === 'VariableDeclaration' && statement.kind !== 'var');
}

/** Declares what a statement list declares lexically: functions, classes, `let` and its kin, imports. */
export function hoist(statements: readonly AnyNode[], scope: Scope): void {
  for (const statement of statements) hoistStatement(statement, scope);
}

function hoistStatement(statement: AnyNode, { bindings }: Scope): void {
  switch (statement.type) {
    case 'FunctionDeclaration':
      if (statement.id) bindings.set(statement.id.name, 'function');
      return;
    case 'ClassDeclaration':
      if (statement.id) bindings.set(statement.id.name, 'class');
      return;
    case 'VariableDeclaration': {
      const { kind } = statement;
      if (kind === 'var') return;
      for (const { id } of statement.declarations) forEachBinding(id, ({ name }) => bindings.set(name, kind));
      return;
    }
    case 'ImportDeclaration':
      for (const { local } of statement.specifiers) bindings.set(local.name, 'import');
      return;
    default:
    // Binds nothing.
  }
}
