/**
 * Uses of imported names. One is read where its module keeps its exports, so that it is always the value of now; writing to it is
 * the TypeError it has to be, but only when the write is executed.
 */
import { guard, property, type LinkContext } from './link-context.ts';
import type { ImportBinding } from './link-record.ts';
import { skipTrivia, type AnyNode, type AssignmentExpression, type Identifier, type NewExpression } from './parse.ts';
import { resolve } from './scope.ts';
import type { Visitor, WriteOwner } from './visitor.ts';

export interface ImportUses extends Pick<Visitor, 'read' | 'write'> {
  enterNew(node: NewExpression): void;
}

export function createImportUses(context: LinkContext): ImportUses {
  const { names, record, later } = context;
  const { bindings } = record;
  const newHeads = new Set<AnyNode>();

  const valueOf = ({ dep, name }: ImportBinding, id: Identifier): string => {
    if (name !== '*') return `${names.deps[dep]}${property(name)}`;
    const text = `${names.module}.ns(${dep})`;
    return newHeads.has(id) ? `(${text})` : text;
  };

  return {
    read(id, parent, use, { scope, thisDepth }) {
      const binding = bindings.get(id.name);
      if (!binding) {
        if (id.name === 'arguments' && thisDepth === 0) later(() => rewriteArguments(id, parent, context));
        return;
      }
      later(() => {
        if (resolve(scope, id.name)?.kind !== 'module') return;
        let text = valueOf(binding, id);
        if (binding.name !== '*' && use === 'callee') text = `${guard(context, id.start)}(0,${text})`;
        // The environment has what the namespace has, and is faster to read.
        if (binding.name === '*' && use === 'object' && isNamedMember(parent)) text = names.deps[binding.dep] ?? text;
        context.substitute(id, parent, text);
      });
    },

    write(id, parent, owner, { scope }) {
      const binding = bindings.get(id.name);
      if (!binding) return;
      later(() => {
        if (resolve(scope, id.name)?.kind !== 'module') return;
        writeConstant(id, parent, owner, valueOf(binding, id), context);
      });
    },

    enterNew(node) {
      let head: AnyNode = node.callee;
      while (head.type === 'MemberExpression' || head.type === 'TaggedTemplateExpression') {
        head = head.type === 'MemberExpression' ? head.object : head.tag;
      }
      if (head.type === 'Identifier' && bindings.has(head.name)) newHeads.add(head);
    },
  };
}

/**
 * What is written is never changed: the TypeError comes when the write is executed.
 * @param value reads it
 * @param isOwn it is the module's, and may be written before it is there
 */
export function writeConstant(
  id: Identifier,
  parent: AnyNode,
  owner: WriteOwner,
  value: string,
  context: LinkContext,
  isOwn = false,
): void {
  const constant = `${context.names.module}.constant`;
  const operator = owner.type === 'AssignmentExpression' || owner.type === 'UpdateExpression' ? owner.operator : '=';
  if (owner.type === 'AssignmentExpression' && /^(?:\|\||&&|\?\?)=$/.test(operator)) {
    assignIfNeeded(owner, `${value} ${operator.slice(0, -1)} (${constant}.${id.name} =`, context);
  } else if (operator !== '=' || isOwn) {
    // Reads it before it throws, which may be a ReferenceError instead.
    context.substitute(id, parent, `${constant}[${value},"${id.name}"]`);
  } else context.substitute(id, parent, `${constant}.${id.name}`);
}

/** A module has none, which `typeof` may ask. */
function rewriteArguments(id: Identifier, parent: AnyNode, context: LinkContext): void {
  const inTypeof = parent.type === 'UnaryExpression' && parent.operator === 'typeof';
  context.substitute(id, parent, inTypeof ? 'void 0' : `${context.names.module}.arguments`);
}

function isNamedMember(node: AnyNode): boolean {
  return node.type === 'MemberExpression' && !node.computed && node.property.type === 'Identifier';
}

/** `b ??= v` → `(b ?? (b = v))`, for an import that nothing is assigned to is no error. */
function assignIfNeeded(node: AssignmentExpression, text: string, context: LinkContext): void {
  const { code, edits } = context;
  let operator = skipTrivia(code, node.left.end);
  while (code[operator] === ')') operator = skipTrivia(code, operator + 1);
  edits.replace(node.start, operator + node.operator.length, `${guard(context, node.start)}(${text}`);
  edits.close(node.end, '))');
}
