/**
 * Private names of a class for code that stands outside of it: those of the first version through accessors that the class has handed out,
 * later ones in a WeakMap. `this.#x` in a patch is `$private[0]["#x"].get(this)`.
 */

import type { Journal } from './journal.ts';

/** As emitted: how to find, read and write a native private name. */
export type PrivateTable = Readonly<
  Record<string, readonly [has: (o: object) => boolean, get?: (o: object) => unknown, set?: (o: object, value: unknown) => void]>
>;

export interface PrivateName {
  has(object: object): boolean;
  get(object: object): unknown;
  call(object: object, ...args: unknown[]): unknown;
  /** For writes: `of(o).value = 1`. */
  of(object: object): PrivateReference;
  /** For optional chains: of null and undefined, nothing. */
  maybe(object: object | null | undefined): PrivateReference | undefined;
}

export interface PrivateReference {
  value: unknown;
  /** A method, with its object. */
  readonly bound: unknown;
}

/** What a later version makes of a name that the first one did not have. */
export interface LaterName {
  /** Gives the value of an instance that was there before the name was. */
  initial: ((object: object) => unknown) | undefined;
  getter: ((this: object) => unknown) | undefined;
  setter: ((this: object, value: unknown) => void) | undefined;
  method: unknown;
}

export interface PrivateNames {
  /** What patches read from; one object for the life of the class. */
  readonly table: Record<string, PrivateName>;
  isNative(name: string): boolean;
  /** Of the first version, and it holds a value. */
  isField(name: string): boolean;
  /** The name as the newest version has it; undefined forgets it. */
  later(name: string, meaning: Partial<LaterName> | undefined, journal: Journal): void;
  meaningOf(name: string): LaterName | undefined;
  /** A new instance gets its value. */
  stamp(name: string, object: object, value: unknown): void;
}

/** A class, since an object literal with accessors takes a hundred times as long to make. */
class Reference implements PrivateReference {
  readonly #object: object;
  readonly #get: (o: object) => unknown;
  readonly #set: (o: object, value: unknown) => void;

  constructor(object: object, get: (o: object) => unknown, set: (o: object, value: unknown) => void) {
    this.#object = object;
    this.#get = get;
    this.#set = set;
  }

  get value(): unknown {
    return this.#get(this.#object);
  }

  set value(value) {
    this.#set(this.#object, value);
  }

  get bound(): unknown {
    const method = this.value;
    return typeof method === 'function' ? (method.bind(this.#object) as unknown) : method;
  }
}

/** @param isOwn the class itself, and what it has made */
export function createPrivateNames(native: PrivateTable, fields: ReadonlySet<string>, isOwn: (object: object) => boolean): PrivateNames {
  const table: Record<string, PrivateName> = {};
  const meanings = new Map<string, LaterName>();
  const values = new Map<string, WeakMap<object, unknown>>();
  const isBranded = (object: object): boolean =>
    (typeof object === 'object' || typeof object === 'function') && object !== null && isOwn(object);

  const valuesOf = (name: string): WeakMap<object, unknown> => {
    let known = values.get(name);
    if (!known) values.set(name, (known = new WeakMap()));
    return known;
  };

  const define = (
    name: string,
    get: (o: object) => unknown,
    set: (o: object, value: unknown) => void,
    has: (o: object) => boolean,
  ): void => {
    table[name] = {
      has(object) {
        if (typeof object !== 'object' && typeof object !== 'function')
          throw new TypeError("Cannot use 'in' operator to search for a private name in a primitive");
        return has(object);
      },
      get,
      call: (object, ...args) => Reflect.apply(get(object) as () => unknown, object, args),
      of: (object) => new Reference(object, get, set),
      maybe: (object) => (object === null || object === undefined ? undefined : new Reference(object, get, set)),
    };
  };

  const missing = (kind: string, name: string): never => {
    throw new TypeError(
      `Cannot ${kind} private member ${name} ${kind === 'read' ? 'from' : 'to'} an object whose class did not declare it`,
    );
  };

  for (const [name, [has, get, set]] of Object.entries(native)) {
    const read =
      get ??
      ((): never => {
        throw new TypeError(`'${name}' was defined without a getter`);
      });
    const write =
      set ??
      ((): never => {
        throw new TypeError(`Private method '${name}' is not writable`);
      });
    define(name, read, write, has);
  }

  const defineLater = (name: string): void => {
    const get = (object: object): unknown => {
      if (!isBranded(object)) missing('read', name);
      const meaning = meanings.get(name);
      if (meaning?.method) return meaning.method;
      if (meaning?.getter) return meaning.getter.call(object);
      if (meaning?.setter) throw new TypeError(`'${name}' was defined without a getter`);
      const known = valuesOf(name);
      if (!known.has(object)) known.set(object, meaning?.initial?.(object));
      return known.get(object);
    };
    const set = (object: object, value: unknown): void => {
      if (!isBranded(object)) missing('write', name);
      const meaning = meanings.get(name);
      if (meaning?.method) throw new TypeError(`Private method '${name}' is not writable`);
      if (meaning?.setter) meaning.setter.call(object, value);
      else if (meaning?.getter) throw new TypeError(`'${name}' was defined without a setter`);
      else valuesOf(name).set(object, value);
    };
    define(name, get, set, isBranded);
  };

  return {
    table,
    isNative: (name) => Object.hasOwn(native, name),
    isField: (name) => fields.has(name),
    later(name, meaning, journal) {
      const before = meanings.get(name);
      const set = (now: LaterName | undefined): void => void (now ? meanings.set(name, now) : meanings.delete(name));
      set(meaning && { initial: undefined, getter: undefined, setter: undefined, method: undefined, ...meaning });
      if (!table[name]) defineLater(name);
      journal.undo(() => set(before));
    },
    meaningOf: (name) => meanings.get(name),
    stamp(name, object, value) {
      const [, , set] = native[name] ?? [];
      if (set) set(object, value);
      else valuesOf(name).set(object, value);
    },
  };
}
