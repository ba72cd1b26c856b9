/**
 * A running module as a patch sees it: which units it runs, where their slots are, its scope object and its classes. Made by the first
 * thing that the module's factory does, and cheap: nothing is read or built before the first patch comes.
 */
import { createLiveClass, type LiveClass, type PrivateTable } from './live-class.ts';
import { decodeShape } from './shape-text.ts';
import type { Shape } from './shape.ts';

export type AnyFunction = (...args: never[]) => unknown;

/** One place where a function asks for a newer one. */
export interface Slot {
  value: unknown;
  write(value: unknown): void;
}

/** What emitted code holds as `$hot`. */
export interface HotHandle {
  /** A class of the first version exists. */
  made(index: number, object: AnyFunction, privates?: PrivateTable): void;
}

export interface LiveModule {
  readonly handle: HotHandle;
  shape: Shape;
  /** By the slot numbers of `shape`: everything that has to move on when that function changes. */
  slots: readonly (readonly Slot[])[];
  /** By the indices of `shape`. */
  classes: readonly (LiveClass | undefined)[];
  /** Every module-level binding, by name. */
  readonly scope: Record<string, unknown>;
}

export type SetSlot = (index: number, value: unknown) => void;

/** As emitted: one function for each slot of a form. */
export type MakeSetters = () => readonly ((value: unknown) => void)[];

export function createSetSlot(make: MakeSetters): SetSlot {
  let setters: ReturnType<MakeSetters> | undefined;
  return (index, value) => (setters ??= make())[index]?.(value);
}

/** @param shape see shape-text.ts @param Scope makes the class whose accessors are the module's bindings */
export function createLiveModule(shape: string, makeSetters: MakeSetters, Scope: () => new () => object): LiveModule {
  const set = createSetSlot(makeSetters);
  const made: { readonly index: number; readonly object: AnyFunction; readonly privates: PrivateTable }[] = [];
  let parsed: Shape | undefined;
  let slots: readonly (readonly Slot[])[] | undefined;
  let classes: readonly (LiveClass | undefined)[] | undefined;
  let scope: Record<string, unknown> | undefined;

  const live: LiveModule = {
    handle: { made: (index, object, privates = {}) => void made.push({ index, object, privates }) },
    get shape() {
      return (parsed ??= decodeShape(shape));
    },
    set shape(value) {
      parsed = value;
    },
    get slots() {
      return (slots ??= Array.from({ length: slotCount(live.shape) }, (_, index) => [createSlot(set, index)]));
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
        return found && createLiveClass({ ...found, shape: own, slot: createSlot(set, count + own.index) });
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

export function createSlot(set: SetSlot, index: number): Slot {
  const slot: Slot = {
    value: undefined,
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
    if (unit.kind === 'function') count++;
    else if (unit.kind !== 'class') count += unit.functions?.length ?? 0;
  }
  for (const { members } of classShapes(shape)) for (const { own } of members) if (own) count++;
  return count;
}
