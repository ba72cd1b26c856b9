/**
 * A public field that instances of before do not have: an accessor on the prototype that makes it when it is touched. It is told from the
 * author's accessors by its getter.
 */

const lazy = new WeakSet<object>();

export function isLazy(prototype: object, key: PropertyKey): boolean {
  const { get } = Reflect.getOwnPropertyDescriptor(prototype, key) ?? {};
  return get !== undefined && lazy.has(get);
}

export function lazyField(key: PropertyKey, initial: (self: object) => unknown): PropertyDescriptor {
  const define = (self: object, value: unknown): void =>
    void Object.defineProperty(self, key, { value, writable: true, enumerable: true, configurable: true });
  const get = function get(this: object): unknown {
    const value = initial(this);
    // Of a frozen instance it is asked anew each time.
    if (Object.isExtensible(this)) define(this, value);
    return value;
  };
  lazy.add(get);
  const set = function set(this: object, value: unknown): void {
    define(this, value);
  };
  return { get, set, enumerable: false, configurable: true };
}
