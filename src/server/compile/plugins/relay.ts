/**
 * What plugins are handed (`build`, `server`) they may keep for ever: Node never forgets a module, and so none of the configurations that were
 * loaded. Through a relay that has ended they hold nothing of the server that is gone, and what they call then does nothing.
 */

export interface Relay<T extends object> {
  readonly relay: T;
  end(): void;
}

export function createRelay<T extends object>(target: T): Relay<T> {
  let live: T | undefined = target;
  const relay = {} as T;
  for (const [key, descriptor] of Object.entries(Object.getOwnPropertyDescriptors(target))) {
    Object.defineProperty(
      relay,
      key,
      relayed(descriptor, key, () => live),
    );
  }
  return {
    relay,
    end: () => void (live = undefined),
  };
}

function relayed(descriptor: PropertyDescriptor, key: string, live: () => object | undefined): PropertyDescriptor {
  const read = (): unknown => {
    const target = live();
    return target && Reflect.get(target, key);
  };
  const call = (...args: unknown[]): unknown => {
    const method = read();
    return typeof method === 'function' ? Reflect.apply(method, undefined, args) : undefined;
  };
  if (descriptor.get) return { ...descriptor, get: read };
  return typeof descriptor.value === 'function' ? { ...descriptor, value: call } : descriptor;
}
