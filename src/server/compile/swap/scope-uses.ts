/**
 * Names in a patch: those of the module level are read and written through its scope object, those of the functions around a closure that
 * stands alone through what it has captured.
 */
import { guard } from '../link-context.ts';
import { writeConstant } from '../link-imports.ts';
import { isAnonymousDefinition, type AnyNode, type Identifier } from '../parse.ts';
import { resolve, type Scope } from '../scope.ts';
import type { Visitor, WalkState } from '../visitor.ts';
import { guardFunction } from './function-guards.ts';
import type { PatchOptions } from './patch-names.ts';
import type { ClassPlan, FunctionPlan } from './plan.ts';

/** Reads and writes of module-level names, and functions that a later patch replaces again. */
export function createScopeUses({
  plan,
  slots,
  names,
  context,
  captures,
}: PatchOptions): Pick<Visitor, 'read' | 'write'> & { readonly hooks: Visitor['hooks'] } {
  const functions = new Map<AnyNode, FunctionPlan>(plan.functions.map((entry) => [entry.node, entry]));
  const separated = new Set<AnyNode>([...plan.functions, ...plan.classes].map(({ node }) => node));
  const closures = new Set<AnyNode>(plan.closures.map(({ node }) => node));
  const onFunction = (node: FunctionPlan['node'], { scope }: WalkState): void => {
    if (closures.has(node)) captures.place(node, scope);
    const found = functions.get(node);
    // The others stand behind a function of their own that asks.
    if (found && found.place !== 'accessor' && found.place !== 'field' && found.self === undefined)
      context.later(() => guardFunction(found, slots.slot(found.slot), slots, context));
  };
  const imported = context.record.bindings;
  const isInside = ({ start, end }: Identifier, { node }: ClassPlan): boolean => start >= node.start && end <= node.end;
  const innerNames = plan.classes.filter(({ node }) => node.id);

  /** What a name is called in a patch; undefined for a name that is not the module's. */
  const named = (id: Identifier, scope: Scope): string | undefined => {
    const home = resolve(scope, id.name);
    if (!home) return undefined;
    // An imported name is read of its environment (link-imports.ts).
    if (home.kind === 'module') return imported.has(id.name) ? undefined : `${names.scope}.${id.name}`;
    if (captures.closureOf(id, scope)) return `${names.captured}.${id.name}`;
    if (home.kind !== 'block' || home.parent?.kind !== 'module' || home.bindings.get(id.name) !== 'class') return undefined;
    const own = innerNames.find((entry) => entry.node.id?.name === id.name && isInside(id, entry));
    return own && `${names.classes}[${own.index}]`;
  };
  const isKnown = ({ name }: Identifier): boolean =>
    plan.closures.length > 0 || plan.names.has(name) || innerNames.some(({ node }) => node.id?.name === name);

  return {
    read(id, parent, use, { scope }) {
      if (!isKnown(id)) return;
      context.later(() => {
        const text = named(id, scope);
        if (text !== undefined) context.substitute(id, parent, use === 'callee' ? `${guard(context, id.start)}(0,${text})` : text);
      });
    },
    write(id, parent, owner, { scope }) {
      if (!isKnown(id) || owner.type === 'VariableDeclarator') return;
      context.later(() => {
        const text = named(id, scope);
        if (text === undefined) return;
        if (resolve(scope, id.name)?.bindings.get(id.name) === 'const') {
          writeConstant(id, parent, owner, text, context, true);
          return;
        }
        context.substitute(id, parent, text);
        if (owner.type !== 'AssignmentExpression' || owner.left !== id || !isAnonymousDefinition(owner.right)) return;
        if (separated.has(owner.right)) return;
        // A function that is assigned to a member gets no name by that.
        context.edits.open(owner.right.start, `({["${id.name}"]:`);
        context.edits.close(owner.right.end, `})["${id.name}"]`);
      });
    },
    hooks: { FunctionDeclaration: onFunction, FunctionExpression: onFunction, ArrowFunctionExpression: onFunction },
  };
}
