/**
 * The `$module` argument of a factory: what emitted code needs besides its imports and exports (see format.ts). One object with methods,
 * and not loose arguments, so that a module pays only for what it uses.
 */
import type { AsyncLoop, CommonJsBody, ModuleContext } from './format.ts';
import { importType } from './import-type.ts';

export interface ModuleContextOptions {
  /** `import.meta`: one object for all versions of an instance. */
  readonly meta: () => object;
  /** @param type of the import attributes */
  readonly dynamicImport: (specifier: string, type: string | undefined) => Promise<object>;
  readonly namespace: (dep: number) => object;
  readonly commonjs: (body: CommonJsBody) => void;
  readonly hot: ModuleContext['hot'];
}

/** One for all modules: reading gives undefined (only a failing update expression gets there), every set throws. */
const constant = new Proxy({} as Record<string, unknown>, {
  set(): never {
    throw new TypeError('Assignment to constant variable.');
  },
});

export function createModuleContext(options: ModuleContextOptions): ModuleContext {
  return {
    get meta() {
      return options.meta();
    },
    // Async, so that a specifier whose toString throws rejects instead of throwing, as the standard has it.
    // A template converts as the standard does: unlike String(), it refuses a symbol.
    import: async (specifier, attributes) => options.dynamicImport(`${specifier as string}`, importType(attributes)),
    ns: options.namespace,
    commonjs: options.commonjs,
    hot: options.hot,
    constant,
    get arguments(): never {
      throw new ReferenceError('arguments is not defined');
    },
    named: (fn) => void Object.defineProperty(fn, 'name', { value: 'default', configurable: true }),
    forAwait: createAsyncLoop,
  };
}

/** Loop of a top-level `for await` (ECMA-262 §14.7.5): an async iterator, or a sync one whose values are awaited. */
function createAsyncLoop(iterable: unknown): AsyncLoop {
  const source = iterable as Partial<AsyncIterable<unknown> & Iterable<unknown>>;
  const asynchronous = source[Symbol.asyncIterator]?.();
  const iterator = asynchronous ?? (source[Symbol.iterator]?.() as Iterator<unknown> | undefined);
  if (!iterator) throw new TypeError(`${String(iterable)} is not async iterable`);
  let value: unknown;
  let done = false;
  return {
    get value() {
      return value;
    },
    async next() {
      // What next() throws ends the loop; the iterator must not be closed after it.
      done = true;
      const result = await iterator.next();
      if (typeof result !== 'object' || result === null) throw new TypeError(`Iterator result ${String(result)} is not an object`);
      if (result.done) return false;
      value = asynchronous ? result.value : await result.value;
      done = false;
      return true;
    },
    close: () => (done ? undefined : iterator.return?.()),
  };
}
