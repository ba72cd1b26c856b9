/**
 * What a commit has done, so that it can be undone: each step says how, and they are played backwards. With it the changes of objects that
 * a swap makes.
 */
import type { ShowInstead } from '../source-text.ts';

export interface Journal {
  /** Called when the step that it undoes is done. */
  undo(step: () => void): void;
  rollback(): void;
  readonly showInstead: ShowInstead;
}

export function createJournal(showInstead: ShowInstead): Journal {
  const steps: (() => void)[] = [];
  return {
    undo: (step) => void steps.push(step),
    rollback() {
      for (let step = steps.pop(); step; step = steps.pop()) step();
    },
    showInstead,
  };
}

/** `Object.defineProperty`, journalled. @throws TypeError of an object that cannot be extended */
export function defineJournalled(target: object, key: PropertyKey, descriptor: PropertyDescriptor, journal: Journal): void {
  const before = Reflect.getOwnPropertyDescriptor(target, key);
  Object.defineProperty(target, key, descriptor);
  journal.undo(() => {
    if (before) Object.defineProperty(target, key, before);
    else Reflect.deleteProperty(target, key);
  });
}

export function deleteJournalled(target: object, key: PropertyKey, journal: Journal): void {
  const before = Reflect.getOwnPropertyDescriptor(target, key);
  if (!before) return;
  if (!Reflect.deleteProperty(target, key)) throw new TypeError(`Cannot delete property '${String(key)}'`);
  journal.undo(() => void Object.defineProperty(target, key, before));
}

export function setPrototypeJournalled(target: object, prototype: object | null, journal: Journal): void {
  const before = Reflect.getPrototypeOf(target);
  if (before === prototype) return;
  Object.setPrototypeOf(target, prototype);
  journal.undo(() => void Object.setPrototypeOf(target, before));
}

/** A function that stays where it is shows how many parameters its newest version has, and its text. */
export function adoptFunction(target: unknown, implementation: { readonly length: number }, journal: Journal): void {
  if (typeof target !== 'function') return;
  if (typeof implementation === 'function') journal.undo(journal.showInstead(target, implementation));
  const { length } = implementation;
  if (target.length === length || !Reflect.getOwnPropertyDescriptor(target, 'length')?.configurable) return;
  defineJournalled(target, 'length', { value: length, writable: false, enumerable: false, configurable: true }, journal);
}
