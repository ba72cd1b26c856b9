/**
 * What the link step adds to a module that can be changed in place: the first
 * form's side of hot-swap, as one visitor.
 */
import type { LinkContext } from '../link-context.ts';
import { writeConstant } from '../link-imports.ts';
import type { AnyNode, Identifier, Program } from '../parse.ts';
import { resolve, type Scope } from '../scope.ts';
import type { SwapLevel } from '../../../runtime/swap/shape.ts';
import type { Hooks, Visitor, WalkState } from '../visitor.ts';
import { createCaptures } from './captures.ts';
import { describe } from './describe.ts';
import { createSlotHooks, createSlotNames, loosenConstants, slotDeclarations } from './initial.ts';
import { createReferences, memberRead } from './references.ts';
import type { Tokens } from './tokens.ts';
import { planUnits } from './units.ts';

export interface Slots {
  readonly hooks: Hooks;
  read(id: Identifier, parent: AnyNode, state: WalkState): void;
  readonly write: Visitor['write'];
  /** When the walk is over: what stands in front of the module's own code. */
  declarations(scope: Scope): string;
}

export function createSlots(program: Program, tokens: Tokens, level: Exclude<SwapLevel, 'off'>, context: LinkContext): Slots {
  const plan = planUnits(program, context.code, level);
  const names = createSlotNames(context, plan);
  const captures = createCaptures({ plan, names, context });
  const references = createReferences(context, plan);
  let refused = whyNever(plan.names);
  loosenConstants(plan, context);
  return {
    hooks: createSlotHooks(plan, names, captures, context),
    read(id, parent, { scope }) {
      references.note(id, scope, false, memberRead(id, parent));
      if (id.name === 'eval') refused ??= DIRECT_EVAL;
    },
    write(id, parent, owner, { scope }) {
      if (owner.type === 'VariableDeclarator') return;
      references.note(id, scope, true);
      if (!plan.names.has(id.name)) return;
      context.later(() => {
        const home = resolve(scope, id.name);
        // Its declaration is a `let` now.
        if (home?.kind === 'module' && home.bindings.get(id.name) === 'const') writeConstant(id, parent, owner, id.name, context, true);
      });
    },
    declarations: (scope) =>
      slotDeclarations(plan, describe({ plan, tokens, references, captures, context, refused }), names, context, scope),
  };
}

const DIRECT_EVAL = 'it calls eval, whose text is not known';

export function whyNever(names: ReadonlySet<string>): string | undefined {
  return names.has('constructor') || names.has('prototype') ? 'it has a variable that is named constructor or prototype' : undefined;
}
