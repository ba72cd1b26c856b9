/**
 * CommonJS among the linked modules, as npm packages ship it: `require` runs a module when it is called, and `module.exports` may be anything.
 * For importers its members become exports once it has run; their names are not known before, so every name is taken to be there, as
 * bundlers do.
 */
import type { ModuleId } from '../protocol.ts';
import type { CommonJsBody, Environment } from './format.ts';
import type { Instance } from './instance.ts';
import { isBuiltin, type DynamicImport } from './record.ts';

export interface CommonJsOptions {
  /** Links and runs a module, unless it runs already. Throws if that takes a promise. */
  readonly ensure: (id: ModuleId, importer: ModuleId, kind: DynamicImport) => Instance;
  readonly namespace: (id: string) => object;
  /** Exports of a module that is part of the host. */
  readonly builtin: (id: string, importer: Instance) => Environment | undefined;
}

export interface CommonJs {
  /** Runs the body of a CommonJS module and writes what it exports. */
  run(instance: Instance, body: CommonJsBody, write: (name: string, value: unknown) => unknown): void;
  /** What importers read that take the default import for `module.exports`, as Node does, whatever transpilers left in it. */
  asInNode(environment: Environment): Environment;
}

/** The name of `module.exports` among the exports, as in Node. */
const WHOLE = 'module.exports';

interface Module {
  exports: unknown;
  readonly id: string;
  loaded: boolean;
}

export function createCommonJs({ ensure, namespace, builtin }: CommonJsOptions): CommonJs {
  const modules = new WeakMap<Instance, Module>();
  const converted = new WeakMap<Instance, unknown>();
  const nodeViews = new WeakMap<Environment, Environment>();

  const load = (id: string, importer: Instance): unknown => {
    if (isBuiltin(id)) return (builtin(id, importer) as Readonly<Record<string, unknown>> | undefined)?.['default'];
    const instance = ensure(id, importer.id, 'literal');
    // In a cycle: what it has exported so far.
    const module = modules.get(instance);
    if (module) return module.exports;
    if (!converted.has(instance)) converted.set(instance, fromEsModule(id, namespace(id) as Readonly<Record<string, unknown>>));
    return converted.get(instance);
  };

  const requireFor = (instance: Instance) => {
    const { specifiers } = instance.definition.meta;
    const require = (specifier: unknown): unknown => {
      const id = specifiers[String(specifier)];
      if (id !== undefined) return load(id, instance);
      // The code that packages look for when they try what may not be installed.
      const code = 'MODULE_NOT_FOUND';
      throw Object.assign(new Error(`Cannot find module '${String(specifier)}' (required by ${instance.id})`), { code });
    };
    return Object.assign(require, { resolve: (specifier: string) => specifiers[specifier] ?? specifier, cache: {} });
  };

  return {
    run(instance, body, write) {
      const module: Module = { exports: {}, id: instance.id, loaded: false };
      modules.set(instance, module);
      const fileName = instance.id.replace(/\?.*$/, '');
      body.call(module.exports, module.exports, requireFor(instance), module, fileName, fileName.replace(/\/[^/]*$/, ''), globalThis);
      module.loaded = true;
      const { exports } = module;
      for (const [name, value] of members(exports)) if (name !== 'default' && name !== '__esModule') write(name, value);
      write(WHOLE, exports);
      write('default', isTranspiled(exports) && 'default' in exports ? exports['default'] : exports);
    },
    asInNode(environment) {
      let view = nodeViews.get(environment);
      if (!view) {
        view = Object.create(environment, { default: { get: () => (environment as Record<string, unknown>)[WHOLE] } }) as Environment;
        nodeViews.set(environment, view);
      }
      return view;
    },
  };
}

/** Made from an ES module by a transpiler. */
function isTranspiled(exports: unknown): exports is Record<string, unknown> {
  return isObject(exports) && '__esModule' in exports && Boolean(exports['__esModule']);
}

function isObject(value: unknown): value is Record<string, unknown> {
  return (typeof value === 'object' && value !== null) || typeof value === 'function';
}

/** Static methods and those of an instance are members too, and not enumerable. */
function memberNames(exports: unknown): Set<string> {
  const names = new Set<string>();
  for (let object = exports; isObject(object) && !BASES.has(object); object = Object.getPrototypeOf(object)) {
    for (const name of Object.getOwnPropertyNames(object)) names.add(name);
  }
  for (const name of ['constructor', ...(typeof exports === 'function' ? ['length', 'name', 'prototype'] : [])]) names.delete(name);
  return names;
}

const BASES: ReadonlySet<unknown> = new Set([Object.prototype, Function.prototype, Array.prototype]);

function* members(exports: unknown): Iterable<readonly [name: string, value: unknown]> {
  if (!isObject(exports)) return;
  for (const name of memberNames(exports)) {
    try {
      yield [name, exports[name]];
    } catch {
      // A getter that only works later, or never: then it is no export.
    }
  }
}

/** An ES module as transpiled code expects it, which asks for `__esModule` before it takes `default`. */
function fromEsModule(id: string, namespace: Readonly<Record<string, unknown>>): unknown {
  if (WHOLE in namespace) return namespace[WHOLE];
  // What stands for JSON is a module here, and the value in Node.
  if (/\.json(?:\?|$)/.test(id)) return namespace['default'];
  const result: object = { __esModule: true };
  // Not Object.keys, which would read them: in a cycle they may not be there yet.
  for (const name of Reflect.ownKeys(namespace)) {
    if (typeof name === 'string') Object.defineProperty(result, name, { get: () => namespace[name], enumerable: true });
  }
  return result;
}
