/**
 * Private names outside of their class: what a patch's members do with `this.#x` goes through `$private[0]["#x"]`, which has `get`, `has`,
 * `call`, for all that writes `of(object).value`, and for optional chains `maybe(object)?.value`.
 */
import type { LinkContext } from '../link-context.ts';
import { skipTrivia, type AnyNode } from '../parse.ts';
import type { NodeOf } from '../visitor.ts';
import { children } from './syntax.ts';
import type { ClassNode, ClassPlan } from './plan.ts';

export function rewritePrivateNames({ node }: ClassPlan, table: string, context: LinkContext): void {
  const { edits, code } = context;
  forEachPrivateUse(node, (use) => {
    const of = (name: string): string => `${table}[${JSON.stringify(`#${name}`)}]`;
    switch (use.kind) {
      case 'in':
        edits.replace(use.node.start, use.node.right.start, `${of(use.name)}.has(`);
        edits.close(use.node.end, ')');
        return;
      case 'call': {
        const { callee, optional } = use.node;
        const end = endOfObject(use.member, code);
        const isMaybe = mayBeNothing(use.member);
        if (isMaybe || optional) {
          // `a?.#m(b)` → `….maybe(a)?.bound(b)`, `a.#m?.(b)` → `….of(a).bound?.(b)`
          edits.open(callee.start, `${of(use.name)}.${isMaybe ? 'maybe' : 'of'}(`);
          edits.replace(end, callee.end, isMaybe ? ')?.bound' : ').bound');
          return;
        }
        edits.open(callee.start, `${of(use.name)}.call(`);
        edits.replace(end, skipTrivia(code, callee.end) + 1, ',');
        return;
      }
      case 'tag':
        edits.open(use.node.start, `${of(use.name)}.of(`);
        edits.replace(endOfObject(use.node, code), use.node.end, ').bound');
        return;
      case 'read': {
        const isMaybe = mayBeNothing(use.node);
        edits.open(use.node.start, `${of(use.name)}.${isMaybe ? 'maybe' : 'get'}(`);
        edits.replace(endOfObject(use.node, code), use.node.end, isMaybe ? ')?.value' : ')');
        return;
      }
      case 'write':
        edits.open(use.node.start, `${of(use.name)}.of(`);
        edits.replace(endOfObject(use.node, code), use.node.end, ').value');
        return;
      default:
        use satisfies never;
    }
  });
}

/** Behind the parentheses that may be around it. */
function endOfObject({ object }: NodeOf<'MemberExpression'>, code: string): number {
  let end = object.end;
  for (let at = skipTrivia(code, end); code[at] === ')'; at = skipTrivia(code, end)) end = at + 1;
  return end;
}

type PrivateUse =
  | { readonly kind: 'in'; readonly name: string; readonly node: NodeOf<'BinaryExpression'> }
  | { readonly kind: 'call'; readonly name: string; readonly node: NodeOf<'CallExpression'>; readonly member: NodeOf<'MemberExpression'> }
  | { readonly kind: 'read' | 'write' | 'tag'; readonly name: string; readonly node: NodeOf<'MemberExpression'> };

/** It stands in an optional chain, behind a `?.`. */
function mayBeNothing(node: AnyNode): boolean {
  if (node.type === 'MemberExpression') return node.optional || mayBeNothing(node.object);
  return node.type === 'CallExpression' && (node.optional || mayBeNothing(node.callee));
}

/** Uses of the names that the class itself declares, outer ones first. */
function forEachPrivateUse(root: ClassNode, each: (use: PrivateUse) => void): void {
  const own = declaredIn(root);
  if (own.size === 0) return;
  const visit = (node: AnyNode, hidden: ReadonlySet<string>, isTarget: boolean): void => {
    const isOwn = (name: string): boolean => own.has(name) && !hidden.has(name);
    if (node !== root && (node.type === 'ClassExpression' || node.type === 'ClassDeclaration')) {
      const inner = new Set([...hidden, ...declaredIn(node)]);
      for (const child of children(node)) visit(child, inner, false);
      return;
    }
    if (node.type === 'BinaryExpression' && node.left.type === 'PrivateIdentifier' && isOwn(node.left.name)) {
      each({ kind: 'in', name: node.left.name, node });
      visit(node.right, hidden, false);
      return;
    }
    if (node.type === 'CallExpression' && node.callee.type === 'MemberExpression') {
      const { callee } = node;
      if (callee.property.type === 'PrivateIdentifier' && isOwn(callee.property.name)) {
        each({ kind: 'call', name: callee.property.name, node, member: callee });
        visit(callee.object, hidden, false);
        for (const argument of node.arguments) visit(argument, hidden, false);
        return;
      }
    }
    if (node.type === 'TaggedTemplateExpression' && node.tag.type === 'MemberExpression') {
      const { tag } = node;
      if (tag.property.type === 'PrivateIdentifier' && isOwn(tag.property.name)) {
        each({ kind: 'tag', name: tag.property.name, node: tag });
        visit(tag.object, hidden, false);
        visit(node.quasi, hidden, false);
        return;
      }
    }
    if (node.type === 'MemberExpression' && node.property.type === 'PrivateIdentifier' && isOwn(node.property.name)) {
      each({ kind: isTarget ? 'write' : 'read', name: node.property.name, node });
      visit(node.object, hidden, false);
      return;
    }
    for (const [child, target] of parts(node)) visit(child, hidden, target);
  };
  visit(root.body, new Set(), false);
}

/** Children, and whether something is written to them. */
function* parts(node: AnyNode): Generator<[AnyNode, boolean]> {
  switch (node.type) {
    case 'AssignmentExpression':
    case 'AssignmentPattern':
      yield [node.left, true];
      yield [node.right, false];
      return;
    case 'ForInStatement':
    case 'ForOfStatement':
      yield [node.left, true];
      yield [node.right, false];
      yield [node.body, false];
      return;
    case 'UpdateExpression':
      yield [node.argument, true];
      return;
    case 'ArrayPattern':
      for (const element of node.elements) if (element) yield [element, true];
      return;
    case 'RestElement':
      yield [node.argument, true];
      return;
    case 'ObjectPattern':
      for (const property of node.properties) {
        if (property.type === 'RestElement') yield [property.argument, true];
        else {
          if (property.computed) yield [property.key, false];
          yield [property.value, true];
        }
      }
      return;
    default:
      for (const child of children(node)) yield [child, false];
  }
}

function declaredIn({ body }: ClassNode): Set<string> {
  const names = new Set<string>();
  for (const member of body.body) if (member.type !== 'StaticBlock' && member.key.type === 'PrivateIdentifier') names.add(member.key.name);
  return names;
}
