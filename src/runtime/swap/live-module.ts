/**
 * A running module as a patch sees it: which units it runs, where their slots are, its scope object and its classes. Made of what its first
 * form has left (first-form.ts), each part when it is first asked for: most modules of a page never change.
 */
import { createLiveClass, type LiveClass } from './live-class.ts';
import type { FirstForm, MakeSetters } from '../first-form.ts';
import type { Instance } from '../instance.ts';
import type { GoneFunctions } from './gone-functions.ts';
import { readShape, type Description } from './patch-form.ts';
import type { Shape } from './shape.ts';

export type AnyFunction = (...args: never[]) => unknown;

/** One place where a function asks for a newer one. */
export interface Slot {
  value: unknown;
  /** Of a closure: what it can hand over. */
  captures: ReadonlySet<string>;
  write(value: unknown): void;
}

export interface LiveModule {
  /** Whether `shape`, `slots` and `classes` may be asked for. */
  readonly isDescribed: boolean;
  shape: Shape;
  /** Of the version that the native code is of, whatever it has been changed into. */
  readonly first: Shape;
  /** What is exported by now under other names than in the first version: names of now by those of then, none where it is not exported. */
  renamed: ReadonlyMap<string, readonly string[]> | undefined;
  /** By the slot numbers of `shape`: everything that has to move on when that function changes. */
  slots: readonly (readonly Slot[])[];
  /** Their slots are in the same list, behind the others. */
  gone: GoneFunctions;
  /** By the indices of `shape`. */
  classes: readonly (LiveClass | undefined)[];
  /** Every module-level binding, by name. */
  readonly scope: Record<string, unknown>;
}

export type SetSlot = (index: number, value: unknown) => void;

export function createSetSlot(make: MakeSetters): SetSlot {
  let setters: ReturnType<MakeSetters> | undefined;
  return (index, value) => (setters ??= make())[index]?.(value);
}

/** Made when it is first asked for; undefined for a module that cannot be changed in place. */
export function liveOf(instance: Instance | undefined): LiveModule | undefined {
  if (!instance?.first) return undefined;
  return (instance.live ??= createLiveModule(instance.first));
}

function createLiveModule({ description, setters, Scope, classes: made, instances }: FirstForm): LiveModule {
  const set = createSetSlot(setters);
  let first: Shape | undefined;
  let current: Shape | undefined;
  let slots: readonly (readonly Slot[])[] | undefined;
  let classes: readonly (LiveClass | undefined)[] | undefined;
  let scope: Record<string, unknown> | undefined;

  const live: LiveModule = {
    get isDescribed() {
      return first !== undefined || description() !== undefined;
    },
    get shape() {
      return current ?? live.first;
    },
    set shape(value) {
      current = value;
    },
    get first() {
      return (first ??= readShape(described(description())));
    },
    renamed: undefined,
    gone: new Map(),
    get slots() {
      if (slots) return slots;
      const own = Array.from({ length: slotCount(live.shape) }, (_, index) => createSlot(set, index));
      const [, ...captures] = described(description());
      // Closures have the last slots.
      captures.forEach((names, index) => {
        const slot = own[own.length - captures.length + index];
        if (slot) slot.captures = new Set(names.split(' '));
      });
      return (slots = own.map((slot) => [slot]));
    },
    set slots(value) {
      slots = value;
    },
    get classes() {
      if (classes) return classes;
      const shapes = classShapes(live.shape);
      const count = slotCount(live.shape);
      return (classes = shapes.map((own) => {
        // Of a class that is made more than once (in a loop) the last one.
        const found = made.findLast(({ index }) => index === own.index);
        return (
          found && createLiveClass({ ...found, shape: own, slot: createSlot(set, count + own.index), instances: instances[own.index] })
        );
      }));
    },
    set classes(value) {
      classes = value;
    },
    get scope() {
      return (scope ??= new (Scope())() as Record<string, unknown>);
    },
  };
  return live;
}

function described(description: Description | undefined): Description {
  if (!description) throw new Error('A module is to be changed in place, and nobody has said what it is.');
  return description;
}

const NOTHING: ReadonlySet<string> = new Set();

export function createSlot(set: SetSlot, index: number): Slot {
  const slot: Slot = {
    value: undefined,
    captures: NOTHING,
    write(value) {
      slot.value = value;
      set(index, value);
    },
  };
  return slot;
}

export function classShapes({ units }: Shape): Extract<Shape['units'][number], { kind: 'class' }>['own'][] {
  return units
    .flatMap((unit) => (unit.kind === 'class' ? [unit.own] : unit.kind === 'function' ? [] : (unit.classes ?? [])))
    .sort((a, b) => a.index - b.index);
}

export function slotCount(shape: Shape): number {
  let count = 0;
  for (const unit of shape.units) {
    count += unit.closures?.length ?? 0;
    if (unit.kind === 'function') count++;
    else if (unit.kind !== 'class') count += unit.functions?.length ?? 0;
  }
  for (const { members } of classShapes(shape)) for (const { own } of members) if (own) count++;
  return count;
}
