/**
 * `createRequire` of a program gives a `require` that knows the registry: ES modules load CommonJS and JSON by it, whose edits have to count too. A
 * view of Node's module and no patch of it, since packages use the same one.
 */
import type * as NodeModule from 'node:module';
import { fileURLToPath } from 'node:url';

export const MODULE_URL = 'node:module';

/** @param requireOf of a file of the program; undefined before there is one */
export function withOwnRequire(namespace: object, requireOf: (filePath: string) => NodeJS.Require | undefined): object {
  const { createRequire, default: Module } = namespace as typeof NodeModule & { readonly default: object };
  const own = (from: string | URL): NodeJS.Require => {
    // Its errors for what is no path.
    const native = createRequire(from);
    const text = String(from);
    return requireOf(text.startsWith('file:') ? fileURLToPath(text) : text) ?? native;
  };
  const get = (target: object, key: string | symbol): unknown => (key === 'createRequire' ? own : Reflect.get(target, key));
  return { ...namespace, createRequire: own, default: new Proxy(Module, { get }) };
}
