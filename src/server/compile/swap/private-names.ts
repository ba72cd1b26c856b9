/**
 * Private names outside of their class: what a patch's members do with `this.#x` goes through `$private[0]["#x"]`, which has `get`, `has`,
 * `call`, and for all that writes `of(object).value`.
 */
import type { LinkContext } from '../link-context.ts';
import { skipTrivia, type AnyNode } from '../parse.ts';
import type { NodeOf } from '../visitor.ts';
import { children, type ClassNode, type ClassPlan } from './units.ts';

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
        const { callee } = use.node;
        edits.open(callee.start, `${of(use.name)}.call(`);
        edits.replace(endOfObject(use.member, code), skipTrivia(code, callee.end) + 1, ',');
        return;
      }
      case 'read':
        edits.open(use.node.start, `${of(use.name)}.get(`);
        edits.replace(endOfObject(use.node, code), use.node.end, ')');
        return;
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
  | { readonly kind: 'read' | 'write'; readonly name: string; readonly node: NodeOf<'MemberExpression'> };

/** Why a use cannot be written in another way; undefined when all of them can. */
export function refusedPrivateUse(node: ClassNode): string | undefined {
  let refused: string | undefined;
  const visit = (part: AnyNode): void => {
    if (part.type === 'TaggedTemplateExpression' && isPrivateMember(part.tag)) refused = 'a private method is the tag of a template';
    if (part.type === 'ChainExpression' && holdsPrivate(part.expression)) refused = 'a private name stands in an optional chain';
    if (part.type === 'CallExpression' && isPrivateMember(part.callee) && part.optional) refused = 'a private method is called if it is there';
    for (const child of children(part)) visit(child);
  };
  visit(node.body);
  return refused;
}

function holdsPrivate(node: AnyNode): boolean {
  if (node.type === 'MemberExpression') return node.property.type === 'PrivateIdentifier' || holdsPrivate(node.object);
  return node.type === 'CallExpression' && holdsPrivate(node.callee);
}

function isPrivateMember(node: AnyNode): boolean {
  return node.type === 'MemberExpression' && node.property.type === 'PrivateIdentifier';
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
