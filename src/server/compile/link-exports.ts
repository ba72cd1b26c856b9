/**
 * Writes to exported names: each is followed by an announcement of the new value, and the expression that writes keeps its value.
 * Declarations of `let`, `const` and classes are not here but in link-statements.ts.
 */
import { announcement, announcing, guard, type LinkContext } from './link-context.ts';
import { isAnonymousDefinition, type AnyNode, type ForInStatement, type ForOfStatement, type Identifier } from './parse.ts';
import type { UpdateExpression } from './parse.ts';
import { resolve } from './scope.ts';
import type { Hooks, Visitor, WriteOwner } from './visitor.ts';

export interface ExportWrites extends Pick<Visitor, 'write'> {
  readonly hooks: Required<Pick<Hooks, 'AssignmentPattern' | 'ExpressionStatement' | 'ForStatement'>>;
}

export function createExportWrites(context: LinkContext): ExportWrites {
  const { edits, record, later } = context;
  /** Updates whose value nobody uses. */
  const discarded = new Set<AnyNode>();
  /** Default values in patterns, by what they are the default of. */
  const defaults = new Map<AnyNode, AnyNode>();

  const discard = (expression: AnyNode | null | undefined): void => {
    if (expression?.type === 'UpdateExpression') discarded.add(expression);
  };

  const announce = (id: Identifier, parent: AnyNode, owner: WriteOwner, isVar: boolean): void => {
    switch (owner.type) {
      case 'VariableDeclarator':
        // Declares the `var` again, which works wherever a declarator stands.
        if (isVar) edits.close(owner.end, `, ${id.name} = ${announcement(context, id.name)}`);
        return;
      case 'UpdateExpression':
        announceUpdate(owner, id.name, discarded.has(owner), context);
        return;
      case 'AssignmentExpression':
        if (owner.left.type === 'Identifier') wrap(owner, id.name, context);
        else assignThrough(id, parent, defaults.get(id), context);
        return;
      case 'ForInStatement':
      case 'ForOfStatement':
        if (owner.left.type === 'Identifier' || owner.left.type === 'VariableDeclaration') announceRound(owner, id.name, context);
        else assignThrough(id, parent, defaults.get(id), context);
    }
  };

  return {
    write(id, parent, owner, { scope }) {
      if (!record.exported.has(id.name)) return;
      later(() => {
        const home = resolve(scope, id.name);
        const kind = home?.kind === 'module' ? home.bindings.get(id.name) : undefined;
        // Writing a constant throws, and there is nothing to tell.
        if (kind !== undefined && kind !== 'const') announce(id, parent, owner, kind === 'var');
      });
    },
    hooks: {
      AssignmentPattern: ({ left, right }) => void defaults.set(left, right),
      ExpressionStatement: ({ expression }) => discard(expression),
      ForStatement({ init, update }) {
        discard(init);
        discard(update);
      },
    },
  };
}

/** `x = 1` → `$export("x",x = 1)` */
function wrap({ start, end }: AnyNode, local: string, context: LinkContext): void {
  const { open, close } = announcing(context, local);
  context.edits.open(start, open);
  context.edits.close(end, close);
}

/** `x++` → `[x++,$export("x",x)][0]`, for its value is the old one. */
function announceUpdate(owner: UpdateExpression, local: string, isDiscarded: boolean, context: LinkContext): void {
  const { edits } = context;
  if (owner.prefix) {
    wrap(owner, local, context);
  } else if (isDiscarded) {
    edits.close(owner.end, `,${announcement(context, local)}`);
  } else {
    edits.open(owner.start, `${guard(context, owner.start)}[`);
    edits.close(owner.end, `,${announcement(context, local)}][0]`);
  }
}

/** `for (x of y) z;` → `for (x of y) {$export("x",x);z;}` */
function announceRound({ body }: ForInStatement | ForOfStatement, local: string, context: LinkContext): void {
  context.edits.open(body.start, `{${announcement(context, local)};`);
  context.edits.close(body.end, '}');
}

/**
 * `[x] = y` → `[({set _($value){$export("x",x = $value)}})._] = y`: between this write and the next one in the same pattern, code of
 * the iterated object may run and look. A function that is the default value still gets its name.
 */
function assignThrough(id: Identifier, parent: AnyNode, byDefault: AnyNode | undefined, context: LinkContext): void {
  const { edits, names } = context;
  const { open, close } = announcing(context, id.name);
  const value = names.value();
  context.substitute(id, parent, `({set _(${value}){${open}${id.name} = ${value}${close}}})._`);
  if (!byDefault || !isAnonymousDefinition(byDefault)) return;
  edits.open(byDefault.start, `({["${id.name}"]:`);
  edits.close(byDefault.end, `})["${id.name}"]`);
}
