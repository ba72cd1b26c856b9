/**
 * Preact's refresh library (`@prefresh/core` and `@prefresh/utils`) as `hmr-dev/preact` uses it, with the marks that React's has: the library
 * leaves it to its callers to know what a signature call means.
 */
import { createRefresh, type Connect, type Hot, type Sign } from './refresh.ts';

type GetHooks = () => readonly unknown[];

/** What `@prefresh/core` puts on the global object. */
interface Prefresh {
  register(type: unknown, id: string): void;
  sign(type: unknown, key?: string, forceReset?: boolean, getCustomHooks?: GetHooks, status?: 'begin' | 'needsHooks'): void;
}

/** @param flush of `@prefresh/utils` */
export function createPreactRefresh(library: Prefresh, flush: () => void, hot: Hot | undefined): Connect {
  return createRefresh(
    {
      register: (type, id) => library.register(type, id),
      sign: () => createSignature(library),
      isComponent,
      perform: flush,
    },
    hot,
  );
}

/** Called with a key where the function is defined, and without at the start of each of its calls. */
function createSignature(library: Prefresh): Sign {
  let signed: unknown;
  let isCollected = false;
  return (type, key, forceReset, getCustomHooks) => {
    if (key !== undefined) {
      signed ??= type;
      if (type !== null && type !== undefined) library.sign(type, key, forceReset, getCustomHooks && once(getCustomHooks), 'begin');
    } else if (!isCollected) {
      isCollected = true;
      library.sign(signed, undefined, undefined, undefined, 'needsHooks');
    }
    return type;
  };
}

/** The hooks that the component was first drawn with: its module's imports show the new ones after an update. */
function once(getCustomHooks: GetHooks): GetHooks {
  let hooks: readonly unknown[] | undefined;
  return () => (hooks ??= getCustomHooks());
}

/** By its name, as everywhere. A context is a function too. */
function isComponent(value: unknown): boolean {
  if (typeof value !== 'function' || 'Provider' in value) return false;
  const prototype: unknown = Reflect.get(value, 'prototype');
  // What `memo` and `forwardRef` make.
  const isMarked = typeof prototype === 'object' && prototype !== null && 'isReactComponent' in prototype;
  return isMarked || /^[A-Z]/.test(value.name);
}
