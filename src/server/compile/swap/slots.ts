/**
 * What the link step adds to a module that can be changed in place: the first
 * form's side of hot-swap, as one visitor.
 */
import type { LinkContext } from '../link-context.ts';
import { writeConstant } from '../link-imports.ts';
import type { Program } from '../parse.ts';
import { resolve, type Scope } from '../scope.ts';
import type { SwapLevel } from '../../../runtime/swap/shape.ts';
import type { Hooks, Visitor } from '../visitor.ts';
import { createCaptures } from './captures.ts';
import { createSlotHooks, createSlotNames, loosenConstants, slotDeclarations } from './initial.ts';
import { planUnits } from './units.ts';

export interface Slots {
  readonly hooks: Hooks;
  readonly write: Visitor['write'];
  /** When the walk is over: what stands in front of the module's own code. */
  declarations(scope: Scope): string;
}

export function createSlots(program: Program, level: Exclude<SwapLevel, 'off'>, context: LinkContext): Slots {
  const plan = planUnits(program, context.code, level);
  const names = createSlotNames(context, plan);
  const captures = createCaptures({ plan, names, context });
  loosenConstants(plan, context);
  return {
    hooks: createSlotHooks(plan, names, captures, context),
    write(id, parent, owner, { scope }) {
      if (owner.type === 'VariableDeclarator' || !plan.names.has(id.name)) return;
      context.later(() => {
        const home = resolve(scope, id.name);
        // Its declaration is a `let` now.
        if (home?.kind === 'module' && home.bindings.get(id.name) === 'const') writeConstant(id, parent, owner, id.name, context, true);
      });
    },
    declarations: (scope) => slotDeclarations(plan, names, context, scope),
  };
}
