/**
 * Modules that stay Node's: builtins, packages in node_modules, addons. Loaded once and shared by all versions of a program, since Node never
 * forgets a module, and an edit of a package restarts the program anyway.
 */
import { createRequire } from 'node:module';
import path from 'node:path';
import { fileURLToPath } from 'node:url';
import { requireAsync, requiresModules } from './node-errors.ts';
import { nativeRequest } from './module-meta.ts';

export interface Natives {
  /** Its namespace, once it has been loaded. */
  get(id: string): object | undefined;
  load(id: string): Promise<object>;
  /** The same at once, for a local module that is required. @throws what Node throws */
  loadNow(id: string): object;
  /** Files of packages. */
  readonly files: ReadonlySet<string>;
}

/** @param outside runs what is to belong to no version: a package is evaluated once, in whatever version asks first */
export function createNatives(outside: <T>(run: () => T) => T): Natives {
  const namespaces = new Map<string, object>();
  const files = new Set<string>();

  const keep = (id: string, namespace: object): object => {
    const { url } = nativeRequest(id);
    if (url.startsWith('file:')) files.add(fileURLToPath(url));
    namespaces.set(id, namespace);
    return namespace;
  };

  return {
    get: (id) => namespaces.get(id),
    files,
    async load(id) {
      const { url, isJson } = nativeRequest(id);
      const load = (): Promise<object> => (isJson ? import(url, { with: { type: 'json' } }) : import(url)) as Promise<object>;
      return namespaces.get(id) ?? keep(id, await outside(load));
    },
    loadNow(id) {
      const { url } = nativeRequest(id);
      // From itself: a package may require ES modules, and Node warns of it only where a program does.
      const target = url.startsWith('file:') ? fileURLToPath(url) : url;
      if (!requiresModules() && target.endsWith('.mjs')) throw requireAsync();
      const require = createRequire(url.startsWith('file:') ? url : import.meta.url);
      const exported = outside(() => require(target) as unknown);
      if (path.isAbsolute(target)) files.add(target);
      // Not kept: `import` of CommonJS has fewer names, and so would another module that imports it.
      return isNamespace(exported) ? keep(id, exported) : { ...(exported as object), default: exported };
    },
  };
}

function isNamespace(value: unknown): value is object {
  return typeof value === 'object' && value !== null && Reflect.get(value, Symbol.toStringTag) === 'Module';
}
