/**
 * One module's part of a swap, as the transaction sees it (swap.ts): what it is made of, and the steps that it takes. Built in patch.ts.
 * Types only, so that who takes the steps need not know how.
 */
import type { Environment, ModuleContext } from '../format.ts';
import type { HotState } from '../hot.ts';
import type { Journal } from './journal.ts';
import type { LiveClass } from './live-class.ts';
import type { LiveModule } from './live-module.ts';
import type { Refusal } from './match.ts';
import type { PatchForm } from './patch-form.ts';
import type { Shape } from './shape.ts';

export interface PatchOptions {
  readonly live: LiveModule;
  readonly form: PatchForm;
  readonly context: ModuleContext;
  readonly environments: readonly Environment[];
  /** Its imports are read elsewhere now: a specifier resolves to another module. */
  readonly isRebound: boolean;
  /** What an export is now; for the value without a name. */
  readonly exported: (exportName: string) => unknown;
  /** What an import is now, by `dep name` of the new version. */
  readonly imported: (name: string) => unknown;
  /** Tells importers the value of an export. */
  readonly announce: (exportName: string, value: unknown) => void;
  /** What the running module has asked for. */
  readonly hotOf: () => HotState | undefined;
  /** It goes on as another version, and does not only follow what it imports. */
  readonly isChanged: boolean;
}

export interface ModulePatch {
  /** Before anything else: makes the new functions. Runs none of them. */
  fill(): void;
  /** Functions and classes, then ... */
  commitCode(journal: Journal): void;
  /** ... variables, in order. Returns module-level names whose value is another one now, and notes for the developer. */
  commitValues(
    changed: ReadonlySet<string>,
    journal: Journal,
  ): { readonly changed: ReadonlySet<string>; readonly notes: readonly string[] };
  /** When `hot` has run: values that it says something else of. Returns names as `commitValues` does. */
  settleValues(changed: ReadonlySet<string>, journal: Journal): ReadonlySet<string>;
  /** Of a class of the module; undefined for any other. */
  classOf(object: unknown): LiveClass | undefined;
  /** Instances of classes that have hooks are met from now on, or still. */
  watchClasses(journal: Journal): void;
  /** Classes whose instances are made in another way now. */
  readonly remade: ReadonlySet<object>;
  /** What was added at module level. */
  runAdded(): void;
  /** When all has come through: tells refresh runtimes what is in the module. */
  refresh(): void;
  /** What speaks to `import.meta.hot`, if that changed. */
  readonly hot: (() => void) | undefined;
  /** Why values that changed cannot be followed; asked before the commit. @param imports changed imports as `dep name` */
  refusalOf(imports: ReadonlySet<string>): Refusal | undefined;
  /** Module-level names whose values change, as far as can be told before. */
  readonly changing: ReadonlySet<string>;
  /** The same, when these imports change. */
  changingWith(imports: ReadonlySet<string>): ReadonlySet<string>;
  readonly shape: Shape;
}
