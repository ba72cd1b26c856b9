/**
 * A class that a patch has added: an empty one, which its slot and its members make into what the author wrote. So a class of the
 * first version and a later one are changed in the same way.
 */
import type { AnyFunction, Slot } from './live-module.ts';
import type { ClassShape } from './shape.ts';

/** A class without anything in it, that does what its slot says. */
export function emptyClass({ name, parent }: ClassShape, slot: Slot, evaluateParent: (() => unknown) | undefined): AnyFunction {
  interface Construct {
    raw: readonly unknown[] | undefined;
    take(): never[];
    base(self: object, args: readonly unknown[], target: unknown): object;
    derived(args: readonly unknown[], target: unknown): object;
  }
  const asks = (): Construct => slot.value as Construct;
  if (parent === undefined) {
    return {
      [name]: class {
        constructor(...args: unknown[]) {
          return asks().base(this, args, new.target);
        }
      },
    }[name] as unknown as AnyFunction;
  }
  const Parent = evaluateParent?.() as new (...args: never[]) => object;
  return {
    [name]: class extends Parent {
      constructor(...args: never[]) {
        const construct = asks();
        if (construct.raw) {
          super(...construct.take());
          return;
        }
        return construct.derived(args, new.target) as never;
      }
    },
  }[name] as unknown as AnyFunction;
}
