/**
 * Stand-ins of components that were changed in place: another function or object each time, which does what the component does, so that a
 * refresh library sees a new version. Never seen by the program: it keeps what it has, and elements are made of that.
 */
import type { RefreshLibrary } from './refresh.ts';

export interface Signature {
  readonly key: string;
  readonly forceReset: boolean | undefined;
  readonly getCustomHooks: (() => readonly unknown[]) | undefined;
}

export interface StandInsOptions {
  readonly library: Pick<RefreshLibrary, 'sign' | 'redraw'>;
  /** Of components that were registered. */
  readonly ids: WeakMap<object, string>;
  /** The newest ones. */
  readonly signatures: WeakMap<object, Signature>;
}

export interface StandIns {
  /** One an update; undefined for what draws otherwise. */
  of(type: object): object | undefined;
  /** Of a hook: what has its newest signature. */
  newest(hook: unknown): unknown;
  /** The update is over. Returns classes whose instances are to be drawn. */
  settle(): ReadonlySet<object>;
}

export function createStandIns({ library, ids, signatures }: StandInsOptions): StandIns {
  const fresh = new Map<object, object>();
  const newest = new WeakMap<object, object>();
  let classes = new Set<object>();

  const make = (type: object): object | undefined => {
    if (typeof type === 'function') return isClass(type) ? derived(type) : forwarding(type);
    // What React's `memo` and `forwardRef` make; nothing else of a library draws by itself.
    const key = ['type', 'render'].find((name) => Reflect.get(type, name) instanceof Object);
    const inner = key === undefined ? undefined : (Reflect.get(type, key) as object);
    if (key === undefined || inner === undefined) return undefined;
    const value = isOfOther(inner, type) ? inner : (of(inner) ?? inner);
    return Object.create(type, { [key]: { value, writable: true, enumerable: true, configurable: true } }) as object;
  };

  /** It is drawn with its own module. */
  const isOfOther = (inner: object, outer: object): boolean => {
    const [own, id] = [ids.get(inner), ids.get(outer)];
    return own !== undefined && moduleOf(own) !== moduleOf(id ?? '');
  };

  const of = (type: object): object | undefined => {
    const known = fresh.get(type);
    if (known) return known;
    if (library.redraw && isClass(type)) {
      classes.add(type);
      return undefined;
    }
    const made = make(type);
    if (!made) return undefined;
    fresh.set(type, made);
    newest.set(type, made);
    const signature = signatures.get(type);
    if (signature) {
      const sign = library.sign();
      sign(made, signature.key, signature.forceReset, signature.getCustomHooks);
      // Now, while hooks have the signatures that it is drawn with.
      sign();
    }
    return made;
  };

  return {
    of,
    newest: (hook) => newest.get(hook as object) ?? hook,
    settle() {
      const settled = classes;
      classes = new Set();
      fresh.clear();
      return settled;
    },
  };
}

const moduleOf = (id: string): string => id.slice(0, id.indexOf(' '));

type Callable = (this: unknown, ...args: unknown[]) => unknown;

/** Shows all else that the component has: a name to be shown, default properties. */
function forwarding(type: Function): object {
  const { [type.name]: made } = {
    [type.name](this: unknown, ...args: unknown[]): unknown {
      return Reflect.apply(type as Callable, this, args);
    },
  };
  return Object.setPrototypeOf(made, type) as object;
}

function derived(type: object): object {
  const Type = type as new (...args: unknown[]) => object;
  return { [Type.name]: class extends Type {} }[Type.name] as object;
}

function isClass(type: object): boolean {
  return typeof type === 'function' && /^class\b/.test(Function.prototype.toString.call(type));
}
