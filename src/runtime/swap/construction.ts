/**
 * What `new` does for a class whose constructor or fields have changed. The class's own constructor asks the slot (`$c0`): of a class without
 * `extends` with the object that is there already; of one with `extends` before `super()`, which the slot has called when it needs the
 * object, by entering the same constructor once more (`raw`), so that native private names are stamped as ever.
 */
import type { AnyFunction } from './live-module.ts';
import type { Watch } from './watch.ts';

type Callable = (this: unknown, ...args: unknown[]) => unknown;

export type Constructs = (
  target: unknown,
  superCall: (args: readonly unknown[]) => object,
) => readonly [literal: Record<string, Callable>, self: (() => unknown) | undefined, hasSuper?: 1];

export interface Field {
  /** Of a private one, its name. */
  readonly key: PropertyKey;
  readonly isPrivate: boolean;
  readonly initialiser: Callable;
}

/** What `new` does in the newest version. */
export interface Construction {
  readonly constructs: Constructs | undefined;
  /** Of a constructor that is the same for all instances: what it gives. */
  readonly shared: ReturnType<Constructs> | undefined;
  readonly fields: readonly Field[];
  /** Fields from here on are not those of the first version. */
  readonly from: number;
  /** Fields of the first version that are gone. */
  readonly gone: readonly PropertyKey[];
  readonly isDerived: boolean;
}

/** As emitted constructors see it. */
export interface ConstructorSlot {
  /** Initialisers of members from this position on are not to run: the newest version's do. */
  from: number;
  raw: readonly unknown[] | undefined;
  take(): readonly unknown[];
  base(self: object, args: ArrayLike<unknown>, target: AnyFunction): object;
  derived(args: ArrayLike<unknown>, target: AnyFunction): object;
}

export interface ConstructorSlotOptions {
  /** The class. */
  readonly object: AnyFunction;
  /** Instances have a native private name. */
  readonly isBranded: boolean;
  /** Gives a new instance the value of a private name. */
  readonly stamp: (name: string, self: object, value: unknown) => void;
  readonly watch: Watch;
  /** Gives `super` in a literal its meaning. */
  readonly settleHome: (home: object) => void;
  /** Undefined while the first version's own code is the newest. */
  readonly newest: () => Construction | undefined;
}

export function createConstructorSlot({ object, isBranded, stamp, watch, settleHome, newest }: ConstructorSlotOptions): ConstructorSlot {
  const define = (self: object, { key, isPrivate, initialiser }: Field): void => {
    const value = initialiser.call(self);
    if (isPrivate) stamp(key as string, self, value);
    else Object.defineProperty(self, key, { value, writable: true, enumerable: true, configurable: true });
  };

  const initialise = (self: object, { fields, gone }: Construction, from: number): object => {
    for (const key of gone) Reflect.deleteProperty(self, key);
    for (let index = from; index < fields.length; index++) define(self, fields[index] as Field);
    if (watch.isOn) watch.instances.add(self);
    return self;
  };

  const made: ConstructorSlot = {
    from: 0,
    raw: undefined,
    take() {
      const args = made.raw ?? [];
      made.raw = undefined;
      return args;
    },
    base(self, args, target) {
      const now = newest();
      if (!now) return self;
      if (!now.isDerived) {
        initialise(self, now, now.from);
        return construct(now, self, args, target, noSuper);
      }
      const superCall = (given: readonly unknown[]): object =>
        initialise(Reflect.construct(Reflect.getPrototypeOf(object) as AnyFunction, given as never[], target) as object, now, 0);
      return construct(now, undefined, args, target, superCall);
    },
    derived(args, target) {
      const now = newest();
      const superCall = (given: readonly unknown[]): object => {
        // The first version's fields would take the place of the parent's, also those that are gone.
        if (now?.isDerived && !isBranded) {
          const self = Reflect.construct(Reflect.getPrototypeOf(object) as AnyFunction, given as never[], target) as object;
          return initialise(self, { ...now, gone: [] }, 0);
        }
        if (now?.isDerived && now.gone.length > 0) return underneath(now, given, target);
        made.raw = given;
        const self = Reflect.construct(object, [], target) as object;
        return now ? initialise(self, now, now.from) : self;
      };
      if (!now) return superCall(Array.from(args));
      return construct(now, now.isDerived ? undefined : superCall([]), args, target, superCall);
    },
  };

  /** Fields that are gone have taken the place of the parent's, which come back: what the parent makes is there before this class stamps it. */
  const underneath = (now: Construction, given: readonly unknown[], target: AnyFunction): object => {
    const parent = Reflect.getPrototypeOf(object) as AnyFunction;
    const self = Reflect.construct(parent, given as never[], target) as object;
    const inherited = now.gone.map((key) => [key, Reflect.getOwnPropertyDescriptor(self, key)] as const);
    Object.setPrototypeOf(object, function once() {
      Object.setPrototypeOf(object, parent);
      return self;
    });
    made.raw = [];
    Reflect.construct(object, [], target);
    initialise(self, now, now.from);
    for (const [key, descriptor] of inherited) if (descriptor) Object.defineProperty(self, key, descriptor);
    return self;
  };

  /** @param self undefined until the constructor has called `super` */
  const construct = (
    { constructs, shared, isDerived }: Construction,
    self: object | undefined,
    args: ArrayLike<unknown>,
    target: AnyFunction,
    superCall: (given: readonly unknown[]) => object,
  ): object => {
    if (!constructs) return self ?? superCall(Array.from(args));
    const [literal, selfOf, hasSuper] = shared ?? constructs(target, superCall);
    if (hasSuper) settleHome(literal);
    const result = Reflect.apply(literal['constructor'] as Callable, self, args);
    if ((typeof result === 'object' && result !== null) || typeof result === 'function') return result;
    const own = isDerived ? selfOf?.() : self;
    if (!own)
      throw new ReferenceError(
        "Must call super constructor in derived class before accessing 'this' or returning from derived constructor",
      );
    return own as object;
  };

  return made;
}

const noSuper = (): never => {
  throw new SyntaxError("'super' keyword unexpected here");
};
