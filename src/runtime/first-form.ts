/**
 * What a module that can be changed in place leaves for its first patch (swap/live-module.ts). The first thing that its factory does, and so
 * cheap: nothing is read or built, and the code that will do so need not be there yet.
 */
import { createInstances, type Instances } from './class-instances.ts';
import { installSourceText } from './source-text.ts';
import type { AnyFunction } from './swap/live-module.ts';
import type { Description } from './swap/patch-form.ts';
import type { PrivateTable } from './swap/privates.ts';

/** What emitted code holds as `$hot`. */
export interface HotHandle {
  /** The class that is made next has a member with a computed name; what the name is. */
  key(index: number, member: number, name: unknown): PropertyKey;
  /** A class of the first version exists. */
  made(index: number, object: AnyFunction, privates?: PrivateTable): void;
  /** It tells of its instances, ... */
  tells(index: number): void;
  /** ... each when it is made. */
  tell(index: number, instance: object): void;
}

/** As emitted: one function for each slot of a form. */
export type MakeSetters = () => readonly ((value: unknown) => void)[];

/** The index is that of the shape. */
interface MadeClass {
  readonly index: number;
  readonly object: AnyFunction;
  readonly privates: PrivateTable;
  /** Computed names, by member. */
  readonly keys: ReadonlyMap<number, PropertyKey>;
}

export interface FirstForm {
  readonly handle: HotHandle;
  /** What it is; it need not be known before a patch comes. */
  readonly description: () => Description | undefined;
  readonly setters: MakeSetters;
  /** Makes the class whose accessors are the module's bindings. */
  readonly Scope: () => new () => object;
  /** As they were made; one that is made in a loop several times. */
  readonly classes: readonly MadeClass[];
  /** Of classes that tell of them, by index. */
  readonly instances: readonly (Instances | undefined)[];
}

const NO_KEYS: ReadonlyMap<number, PropertyKey> = new Map();

export function createFirstForm(parts: Pick<FirstForm, 'description' | 'setters' | 'Scope'>): FirstForm {
  installSourceText();
  const classes: MadeClass[] = [];
  const instances: Instances[] = [];
  const coming = new Map<number, Map<number, PropertyKey>>();
  return {
    handle: {
      key(index, member, name) {
        const key = typeof name === 'symbol' ? name : (Reflect.ownKeys({ [name as PropertyKey]: 0 })[0] as PropertyKey);
        coming.set(index, (coming.get(index) ?? new Map()).set(member, key));
        return key;
      },
      made(index, object, privates = {}) {
        classes.push({ index, object, privates, keys: coming.get(index) ?? NO_KEYS });
        coming.delete(index);
      },
      tells: (index) => void (instances[index] ??= createInstances()),
      tell: (index, instance) => instances[index]?.add(instance),
    },
    ...parts,
    classes,
    instances,
  };
}
