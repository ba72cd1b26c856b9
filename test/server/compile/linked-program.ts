/**
 * The smallest registry that can run what the link step emits, and the same program run natively beside it, so that a test of an
 * emitted form can say what it means instead of how it looks. Evaluation order of asynchronous graphs is not its business:
 * the registry has its own tests.
 */
import { fork } from 'node:child_process';
import { once } from 'node:events';
import { mkdir, mkdtemp, rm, writeFile } from 'node:fs/promises';
import { tmpdir } from 'node:os';
import path from 'node:path';
import { inspect } from 'node:util';
import vm from 'node:vm';
import { pathToFileURL } from 'node:url';
import { link, type Linked } from '../../../src/server/compile/link.ts';
import type { Environment, Factory, ModuleContext } from '../../../src/runtime/format.ts';

export type Files = Readonly<Record<string, string>>;

/** What the modules of a program said through the global `log`, and the error it ended with. */
export type Said = readonly string[];

interface Module {
  readonly linked: Linked;
  readonly deps: readonly Module[];
  readonly environment: Record<string, unknown>;
  body: Generator<unknown, void, unknown> | undefined;
}

declare global {
  // eslint-disable-next-line no-var
  var log: (...values: unknown[]) => void;
}

/** Runs `main.js`. */
export async function runLinked(files: Files): Promise<Said> {
  return record(async () => {
    const modules = new Map<string, Module>();
    const main = load('./main.js', files, modules);
    for (const module of modules.values()) forward(module);
    for (const module of modules.values()) module.body?.next();
    await evaluate(main, new Set());
  });
}

export interface NativeRunner extends AsyncDisposable {
  run(files: Files): Promise<Said>;
}

/** One process for many programs, which must not run at the same time. */
export async function startNativeRunner(): Promise<NativeRunner> {
  const folder = await mkdtemp(path.join(tmpdir(), 'hmr-dev-link-'));
  await writeFile(path.join(folder, 'package.json'), '{"type":"module"}');
  const child = fork(new URL('./native-runner.mjs', import.meta.url), { execArgv: [], env: {} });
  let count = 0;
  return {
    async run(files) {
      const program = path.join(folder, String(count++));
      await mkdir(program);
      for (const [name, text] of Object.entries(files)) await writeFile(path.join(program, name), text);
      const answer = once(child, 'message');
      child.send(pathToFileURL(path.join(program, 'main.js')).href);
      const [said] = (await answer) as [Said];
      return said;
    },
    async [Symbol.asyncDispose]() {
      const ended = once(child, 'exit');
      child.kill();
      await ended;
      await rm(folder, { recursive: true });
    },
  };
}

async function record(run: () => Promise<unknown>): Promise<Said> {
  const said: string[] = [];
  globalThis.log = (...values) => void said.push(values.map((value) => (typeof value === 'string' ? value : inspect(value))).join(' '));
  try {
    await run();
  } catch (error) {
    said.push(error instanceof Error ? `${error.name}: ${error.message}` : `thrown: ${inspect(error)}`);
  }
  return said;
}

/** The environment that importers read, with a throwing getter for what is not initialised. */
function load(specifier: string, files: Files, modules: Map<string, Module>): Module {
  const known = modules.get(specifier);
  if (known) return known;
  const linked = link(files[specifier.slice('./'.length)] ?? '', { file: specifier });
  const environment = Object.create(null) as Record<string, unknown>;
  for (const name of linked.exports) {
    const get = (): never => {
      throw new ReferenceError(`Cannot access '${name}' before initialization`);
    };
    Object.defineProperty(environment, name, { get, enumerable: true, configurable: true });
  }
  const deps: Module[] = [];
  const module: Module = { linked, deps, environment, body: undefined };
  modules.set(specifier, module);
  for (const request of linked.requests) deps.push(load(request.specifier, files, modules));
  const factory: Factory = vm.runInThisContext(`'use strict';${linked.factory}`, { filename: specifier });
  const environments: Environment[] = deps.map((dep) => dep.environment);
  module.body = factory.call(undefined, exporter(environment), createContext(specifier, deps), ...environments);
  return module;
}

function exporter(environment: Record<string, unknown>): <T>(name: string, value: T) => T {
  return (name, value) => {
    Object.defineProperty(environment, name, { value, enumerable: true, configurable: true });
    return value;
  };
}

/** Re-exports and stars as getters: slow and always right. */
function forward({ linked, deps, environment }: Module): void {
  const define = (as: string, get: () => unknown): void => {
    if (!Object.hasOwn(environment, as)) Object.defineProperty(environment, as, { get, enumerable: true, configurable: true });
  };
  for (const { as, dep, name } of linked.reexports) {
    const source = deps[dep]?.environment ?? {};
    define(as, () => (name === '*' ? namespaceOf(source) : source[name]));
  }
  for (const dep of linked.stars) {
    const source = deps[dep]?.environment ?? {};
    for (const name of Object.keys(source)) if (name !== 'default') define(name, () => source[name]);
  }
}

async function evaluate(module: Module, seen: Set<Module>): Promise<void> {
  if (seen.has(module)) return;
  seen.add(module);
  for (const dep of module.deps) await evaluate(dep, seen);
  const { body } = module;
  if (!body) return;
  for (let step = body.next(); !step.done;) {
    let value: unknown;
    try {
      value = await step.value;
    } catch (error) {
      step = body.throw(error);
      continue;
    }
    step = body.next(value);
  }
}

const namespaces = new WeakMap<object, object>();

function namespaceOf(environment: Record<string, unknown>): object {
  let namespace = namespaces.get(environment);
  if (!namespace) {
    const fixed = (): boolean => false;
    namespace = new Proxy(environment, { set: fixed, deleteProperty: fixed, defineProperty: fixed });
    namespaces.set(environment, namespace);
  }
  return namespace;
}

function createContext(url: string, deps: readonly Module[]): ModuleContext {
  return {
    meta: { url, marker: 'meta' },
    import: async (specifier, options) => ({ specifier, options }),
    ns: (dep) => namespaceOf(deps[dep]?.environment ?? {}),
    constant: new Proxy<Record<string, unknown>>(
      {},
      {
        set(): never {
          throw new TypeError('Assignment to constant variable.');
        },
      },
    ),
    get arguments(): never {
      throw new ReferenceError('arguments is not defined');
    },
    commonjs: () => undefined,
    hot: () => ({
      key: (_class, _member, name) => name as PropertyKey,
      made: () => undefined,
      tells: () => undefined,
      tell: () => undefined,
    }),
    named: (fn) => void Object.defineProperty(fn, 'name', { value: 'default', configurable: true }),
    forAwait,
  };
}

function forAwait(iterable: unknown): ReturnType<ModuleContext['forAwait']> {
  const source = iterable as Partial<AsyncIterable<unknown> & Iterable<unknown>>;
  const iterator = source[Symbol.asyncIterator]?.() ?? source[Symbol.iterator]?.();
  if (!iterator) throw new TypeError(`${String(iterable)} is not async iterable`);
  const loop = {
    value: undefined as unknown,
    async next() {
      const result = await iterator.next();
      loop.value = await result.value;
      return !result.done;
    },
    close: () => iterator.return?.(),
  };
  return loop;
}
