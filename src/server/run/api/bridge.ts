/**
 * How `hmr-dev/server` finds what runs the program. It is imported by the program, from whatever copy of the package that finds, so they
 * meet in a global symbol. Without it (a program under plain `node`) there are no versions, and the plain thing is done.
 */

export interface Bridge {
  /** Called once when the version that calls this is replaced. @returns takes it back */
  onHotReload(hook: () => unknown, options?: { readonly before?: boolean }): () => void;
  keep<T>(key: string, factory: () => T): T;
  /** Which call of this kind it is in its version; `undefined` from code that serves a request. */
  ordinal(kind: string): number | undefined;
}

const KEY = Symbol.for('hmr-dev.run');

export function findBridge(): Bridge | undefined {
  return Reflect.get(globalThis, KEY) as Bridge | undefined;
}

/** @returns takes it away again */
export function installBridge(bridge: Bridge): () => void {
  Reflect.set(globalThis, KEY, bridge);
  return () => void Reflect.deleteProperty(globalThis, KEY);
}
