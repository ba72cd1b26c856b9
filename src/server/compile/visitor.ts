/**
 * What the walk over a module's tree (walk.ts) tells, to whom, and the one step that it is made of. Apart from the walk, so that
 * the handlers of nodes and of patterns can both take the step.
 */
import type { AnyNode, AssignmentExpression, ExpressionStatement, ForInStatement, ForOfStatement, Identifier } from './parse.ts';
import type { UpdateExpression, VariableDeclarator } from './parse.ts';
import type { Scope } from './scope.ts';

/**
 * What becomes of an expression's value. `callee`: it is called, or is the tag of a template, so a member passes its object as
 * `this`; `object`: a member of it is read; `base`: a member of it is called, assigned or deleted.
 */
export type Use = 'value' | 'callee' | 'target' | 'object' | 'base';

/** What writes to a name. A declarator writes when it has an initial value or is lexical; a `for` head before each round. */
export type WriteOwner = AssignmentExpression | UpdateExpression | ForInStatement | ForOfStatement | VariableDeclarator;

export interface WalkState {
  readonly scope: Scope;
  /** Functions around this place, arrow functions and class field values included. 0: it runs with the module's body. */
  readonly functionDepth: number;
  /** Those that have a `this` and `arguments` of their own. */
  readonly thisDepth: number;
}

/** Called on the way in, for nodes that a visitor takes an interest in: expressions, statements, default values in patterns. */
export type Hooks = { readonly [T in AnyNode['type']]?: (node: NodeOf<T>, state: WalkState) => void };

export interface Visitor {
  /** A name is read. `parent` is the shorthand property where it stands for one. */
  read(id: Identifier, parent: AnyNode, use: Use, state: WalkState): void;
  /** A name is written. `parent` is the shorthand property where it stands for one, also behind a default value. */
  write(id: Identifier, parent: AnyNode, owner: WriteOwner, state: WalkState): void;
  /** An expression statement stands behind another statement in a list, so what it begins with matters. */
  follows(statement: ExpressionStatement, previous: AnyNode): void;
  readonly hooks: Hooks;
}

/** The walk's own view of its state. */
export interface Walk extends WalkState {
  scope: Scope;
  functionDepth: number;
  thisDepth: number;
  readonly visitor: Visitor;
  readonly handlers: Handlers;
}

export type NodeOf<T extends AnyNode['type']> = Extract<AnyNode, { type: T }>;
export type Handlers = { readonly [T in AnyNode['type']]: (node: NodeOf<T>, walk: Walk, use: Use) => void };
type AnyHandler = (node: AnyNode, walk: Walk, use: Use) => void;

export function visit(node: AnyNode, parent: AnyNode, walk: Walk, use: Use = 'value'): void {
  const { type } = node;
  if (type === 'Identifier') {
    walk.visitor.read(node, parent, use, walk);
    return;
  }
  const hook = walk.visitor.hooks[type] as AnyHandler | undefined;
  if (hook) hook(node, walk, use);
  (walk.handlers[type] as AnyHandler)(node, walk, use);
}

export function visitStatements(list: readonly AnyNode[], walk: Walk): void {
  let previous: AnyNode | undefined;
  for (const statement of list) {
    if (previous && statement.type === 'ExpressionStatement') walk.visitor.follows(statement, previous);
    visit(statement, statement, walk);
    previous = statement;
  }
}
