/**
 * Names of the tables that a patch fills, and what the parts that write it share. They occur nowhere in the module's own text.
 * Which table is for what is told at patch.ts.
 */
import type { LinkContext } from '../link-context.ts';
import type { Captures } from './captures.ts';
import type { SlotNames } from './initial.ts';
import type { SwapPlan } from './plan.ts';

export interface PatchNames {
  readonly scope: string;
  readonly functions: string;
  readonly units: string;
  readonly initialisers: string;
  readonly constructors: string;
  readonly parents: string;
  readonly classes: string;
  readonly privates: string;
  readonly self: string;
  readonly target: string;
  readonly super: string;
  /** What a closure sees around it. */
  readonly captured: string;
}

export function createPatchNames({ names }: LinkContext): PatchNames {
  return {
    scope: names.unique('$scope'),
    functions: names.unique('$f'),
    units: names.unique('$u'),
    initialisers: names.unique('$i'),
    constructors: names.unique('$k'),
    parents: names.unique('$x'),
    classes: names.unique('$class'),
    privates: names.unique('$private'),
    self: names.unique('$this'),
    target: names.unique('$target'),
    super: names.unique('$super'),
    captured: names.unique('$captured'),
  };
}

export interface PatchOptions {
  readonly plan: SwapPlan;
  readonly slots: SlotNames;
  readonly names: PatchNames;
  readonly context: LinkContext;
  readonly captures: Captures;
}
