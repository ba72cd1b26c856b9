/**
 * The walk through patterns. The same syntax declares names or assigns to them, and holds expressions (default values, computed
 * keys) in both cases.
 */
import type { AnyNode, Pattern, VariableDeclarator } from './parse.ts';
import { varScope, type BindingKind } from './scope.ts';
import { visit, type Walk, type WriteOwner } from './visitor.ts';

/** @param owner what writes to the names; undefined where they are only declared */
export function bindVariables(declarator: VariableDeclarator, kind: BindingKind, owner: WriteOwner | undefined, walk: Walk): void {
  bindPattern(declarator.id, declarator, kind, owner, walk);
}

/** Declares the names of a pattern in the current scope (`var`: where it hoists to) and visits the expressions in it. */
export function bindPattern(pattern: Pattern, parent: AnyNode, kind: BindingKind, owner: WriteOwner | undefined, walk: Walk): void {
  if (pattern.type === 'Identifier') {
    const scope = kind === 'var' ? varScope(walk.scope) : walk.scope;
    // A parameter or function of the same name is the same binding, and was there first.
    if (!scope.bindings.has(pattern.name)) scope.bindings.set(pattern.name, kind);
    if (owner) walk.visitor.write(pattern, parent, owner, walk);
    return;
  }
  forEachPart(pattern, parent, walk, (part, around) => bindPattern(part, around, kind, owner, walk));
}

/** A pattern that is assigned to. */
export function visitTarget(pattern: Pattern, parent: AnyNode, owner: WriteOwner, walk: Walk): void {
  if (pattern.type === 'Identifier') walk.visitor.write(pattern, parent, owner, walk);
  else if (pattern.type === 'MemberExpression') visit(pattern, parent, walk, 'target');
  else forEachPart(pattern, parent, walk, (part, around) => visitTarget(part, around, owner, walk));
}

/** The patterns that a pattern is made of; visits its computed keys and default values at their place in between. */
function forEachPart(pattern: Pattern, parent: AnyNode, walk: Walk, each: (part: Pattern, parent: AnyNode) => void): void {
  switch (pattern.type) {
    case 'ObjectPattern':
      for (const property of pattern.properties) {
        if (property.type === 'RestElement') {
          each(property.argument, property);
          continue;
        }
        if (property.computed) visit(property.key, property, walk);
        each(property.value, property);
      }
      return;
    case 'ArrayPattern':
      for (const element of pattern.elements) if (element) each(element, pattern);
      return;
    case 'RestElement':
      each(pattern.argument, pattern);
      return;
    case 'AssignmentPattern':
      walk.visitor.hooks.AssignmentPattern?.(pattern, walk);
      each(pattern.left, parent);
      visit(pattern.right, pattern, walk);
      return;
    case 'Identifier':
    case 'MemberExpression':
      return; // the callers' own cases
  }
}
