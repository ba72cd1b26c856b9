/**
 * CommonJS of a Node program: `require`, `module` and their like as Node has them, for files that run in the registry. Every version has its own
 * instances; packages and builtins stay Node's. Modules are objects of Node's class, so that `module.paths` and the like are there, and stand in no
 * list of Node's, so that a version which is retired can be collected.
 */
import { createRequire, Module as NodeModule } from 'node:module';
import path from 'node:path';
import type { ModuleId } from '../../../protocol.ts';
import type { CommonJs, CommonJsOptions } from '../../../runtime/commonjs.ts';
import { createNamespace } from '../../../runtime/environment.ts';
import type { Instance } from '../../../runtime/instance.ts';
import { errorCode } from '../../errors.ts';
import { fileOfId, idOfFile } from './file-ids.ts';
import type { ModuleResolver } from './resolve-module.ts';

export interface NodeCommonJsOptions {
  readonly entry: ModuleId;
  readonly resolver: ModuleResolver;
  /** What runs now; undefined for what has to be loaded first. */
  readonly current: (id: ModuleId) => Instance | undefined;
  /** Reads, compiles and defines a file and what it imports. @throws what Node would */
  readonly loadNow: (id: ModuleId) => void;
  /** The next `require` runs it again. */
  readonly drop: (id: ModuleId) => void;
  readonly isCommonJs: (id: ModuleId) => boolean;
}

/** Of one module: the values of the names that Node puts around CommonJS, in the order of its wrapper. */
export type CommonJsNames = readonly [exports: unknown, require: NodeJS.Require, module: NodeModule, filename: string, dirname: string];

export interface NodeCommonJs extends CommonJs {
  /** For a module that is none, and has its names. */
  namesFor(id: ModuleId): CommonJsNames;
  /** A `require` of a file, as from `createRequire`. */
  requireOf(filePath: string): NodeJS.Require;
}

type Body = (this: unknown, ...names: CommonJsNames) => void;

export function createNodeCommonJs({ ensure, namespace }: CommonJsOptions, options: NodeCommonJsOptions): NodeCommonJs {
  const { resolver, current } = options;
  const modules = new Map<ModuleId, NodeModule>();
  const converted = new WeakMap<object, unknown>();
  /** Who asks for what is about to run. */
  let parent: NodeModule | undefined;

  const load = (id: ModuleId, from: NodeModule): unknown => {
    const known = modules.get(id);
    if (known && current(id) && options.isCommonJs(id)) {
      remember(known, from);
      return known.exports;
    }
    if (!current(id)) options.loadNow(id);
    const outer = parent;
    parent = from;
    try {
      ensure(id, idOfFile(from.filename), 'computed');
    } catch (error) {
      // As in Node, what threw is tried again the next time.
      drop(id);
      throw error;
    } finally {
      parent = outer;
    }
    return options.isCommonJs(id) ? modules.get(id)?.exports : asRequired(namespace(id));
  };

  const drop = (id: ModuleId): void => {
    modules.delete(id);
    options.drop(id);
  };

  const asRequired = (module: object): unknown => {
    if (!converted.has(module)) converted.set(module, requiredNamespace(module as Readonly<Record<string, unknown>>));
    return converted.get(module);
  };

  const moduleOf = (id: ModuleId): NodeModule => {
    const filePath = fileOfId(id);
    const module = new NodeModule(id === options.entry ? '.' : filePath, parent);
    module.filename = filePath;
    module.paths = (NodeModule as unknown as { _nodeModulePaths(folder: string): string[] })._nodeModulePaths(path.dirname(filePath));
    modules.set(id, module);
    return module;
  };

  const requireFor = (module: NodeModule): NodeJS.Require => {
    const native = createRequire(module.filename);
    const find = (specifier: string): ModuleId | undefined => {
      try {
        const resolved = resolver.resolve(specifier, module.filename, 'require');
        return resolved.kind === 'file' ? resolved.id : undefined;
      } catch {
        return undefined; // Node says it better.
      }
    };
    const require = (specifier: string): unknown => {
      const id = typeof specifier === 'string' && specifier !== '' ? find(specifier) : undefined;
      if (id !== undefined) return load(id, module);
      return withStack(module, () => native(specifier) as unknown);
    };
    const resolve = (specifier: string, within?: NodeJS.RequireResolveOptions): string => {
      const id = within || typeof specifier !== 'string' ? undefined : find(specifier);
      return id === undefined ? withStack(module, () => native.resolve(specifier, within)) : fileOfId(id);
    };
    const main = modules.get(options.entry);
    return Object.assign(require, {
      resolve: Object.assign(resolve, { paths: native.resolve.paths }),
      main: main && options.isCommonJs(options.entry) ? main : undefined,
      extensions: native.extensions,
      cache: createCache(modules, native.cache, drop),
    });
  };

  const namesOf = (module: NodeModule): CommonJsNames => {
    const require = requireFor(module);
    module.require = require;
    return [module.exports, require, module, module.filename, path.dirname(module.filename)];
  };

  return {
    run(instance, body, write) {
      const module = moduleOf(instance.id);
      (body as unknown as Body).apply(module.exports, namesOf(module) as never);
      module.loaded = true;
      const exported: unknown = module.exports;
      for (const name of instance.definition.meta.exports) {
        write(name, name === 'default' || name === 'module.exports' ? exported : memberOf(exported, name));
      }
    },
    asInNode: (environment) => environment,
    namesFor: (id) => namesOf(moduleOf(id)),
    requireOf(filePath) {
      const module = new NodeModule(filePath);
      module.filename = filePath;
      return requireFor(module);
    },
  };
}

function memberOf(exported: unknown, name: string): unknown {
  try {
    return (exported as Readonly<Record<string, unknown>> | null | undefined)?.[name];
  } catch {
    return undefined; // A getter that throws: as in Node.
  }
}

function remember(module: NodeModule, from: NodeModule): void {
  if (!from.children.includes(module)) from.children.push(module);
}

/** As Node hands an ES module to `require`: with the mark that transpiled code looks for, if it has a default export. */
function requiredNamespace(namespace: Readonly<Record<string, unknown>>): unknown {
  if ('module.exports' in namespace) return namespace['module.exports'];
  if (!('default' in namespace) || '__esModule' in namespace) return namespace;
  const names = Reflect.ownKeys(namespace).filter((name) => typeof name === 'string');
  return createNamespace([...names, '__esModule'].toSorted(), (name) => (name === '__esModule' ? true : namespace[name]));
}

/** Node tells who required whom; its own list ends at the file that asked. */
function withStack<T>(module: NodeModule, work: () => T): T {
  try {
    return work();
  } catch (error) {
    const { requireStack } = error as { requireStack?: string[] };
    if (errorCode(error) !== 'MODULE_NOT_FOUND' || !(error instanceof Error) || requireStack?.length !== 1) throw error;
    const above: string[] = [];
    for (let at: NodeModule | null | undefined = parentOf(module); at?.filename; at = parentOf(at)) above.push(at.filename);
    requireStack.push(...above);
    const lines = above.map((file) => `\n- ${file}`).join('');
    const { message } = error;
    error.message += lines;
    if (error.stack !== undefined) error.stack = error.stack.replace(message, () => error.message);
    throw error;
  }
}

/** Deprecated for programs, and kept by Node all the same. */
function parentOf(module: NodeModule): NodeModule | null | undefined {
  return (module as { readonly parent?: NodeModule | null }).parent;
}

/** Files that run in the registry, and Node's. Deleting one makes the next `require` run it again. */
function createCache(
  modules: ReadonlyMap<ModuleId, NodeModule>,
  native: NodeJS.Dict<NodeModule>,
  drop: (id: ModuleId) => void,
): NodeJS.Dict<NodeModule> {
  const own = (key: string | symbol): NodeModule | undefined =>
    typeof key === 'string' && path.isAbsolute(key) ? modules.get(idOfFile(key)) : undefined;
  return new Proxy(native, {
    get: (target, key) => own(key) ?? (Reflect.get(target, key) as unknown),
    has: (target, key) => own(key) !== undefined || Reflect.has(target, key),
    ownKeys: (target) => [...[...modules.values()].map(({ filename }) => filename), ...Reflect.ownKeys(target)].filter(isFirst),
    getOwnPropertyDescriptor(target, key) {
      const value = own(key);
      return value ? { value, writable: true, enumerable: true, configurable: true } : Reflect.getOwnPropertyDescriptor(target, key);
    },
    deleteProperty(target, key) {
      if (own(key)) drop(idOfFile(key as string));
      return Reflect.deleteProperty(target, key);
    },
  });
}

function isFirst(value: string | symbol, index: number, all: readonly (string | symbol)[]): boolean {
  return all.indexOf(value) === index;
}
