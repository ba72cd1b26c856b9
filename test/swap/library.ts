/**
 * A running library, linked by the compile step and run by the runtime in Node or in a page, whose functions can all be replaced at a
 * moment of the test's choosing: also while one of them is on the stack.
 */
import type { ModuleId } from '../../src/protocol.ts';
import type { Factory } from '../../src/runtime/format.ts';
import { createRuntime, type Runtime } from '../../src/runtime/runtime.ts';
import { showInstead } from '../../src/runtime/source-text.ts';
import { createHotSwap } from '../../src/runtime/swap/hot-swap.ts';
import type { PatchForm } from '../../src/runtime/swap/patch-form.ts';
import { createSwapper, type SwapResult } from '../../src/runtime/swap/swap.ts';
import type { ModuleText } from './host.ts';

export interface Library<Namespace> {
  readonly namespace: Namespace;
  /** Everything up to the commit, which touches nothing that runs. @throws Error with all reasons when a module is refused */
  prepare(texts: readonly ModuleText[]): Promise<() => SwapResult>;
  swap(texts: readonly ModuleText[]): Promise<SwapResult>;
}

/** A runtime without anything around it. */
export function createBareRuntime(): Runtime {
  const nothing = (): undefined => undefined;
  const notThere = (url: string): never => {
    throw new TypeError(`${url} is not there`);
  };
  return createRuntime({
    swapsAlways: true,
    loadSwap: async () => ({ createHotSwap }),
    loadPatch: async () => undefined,
    loadDescriptions: async () => undefined,
    load: async (url) => notThere(url),
    importExternal: async (url) => notThere(url),
    resolve: notThere,
    resolveUrl: notThere,
    url: (id) => `http://x${id}`,
    builtin: nothing,
    forget: nothing,
    isLeftToPage: () => false,
    instancesOf: () => [],
    draws: () => false,
    send: nothing,
    onInvalidate: nothing,
    onOutcome: nothing,
    onError(error) {
      throw error;
    },
  });
}

/** @param globals what a module finds besides the real ones */
export async function runLibrary<Namespace extends object>(
  entry: ModuleId,
  start: readonly ModuleText[],
  globals: Readonly<Record<string, unknown>> = {},
): Promise<Library<Namespace>> {
  const { registry } = createBareRuntime();
  const swapper = createSwapper({
    registry,
    loadPatch: async () => undefined,
    loadDescriptions: async () => undefined,
    instancesOf: () => [],
    showInstead,
    onError(error) {
      throw error;
    },
  });

  const evaluate = (text: string, id: ModuleId): unknown => {
    // oxlint-disable-next-line typescript/no-implied-eval -- it is what a host does; node:vm is not there in a page
    const run = new Function(...Object.keys(globals), `'use strict';return ${text}\n//# sourceURL=library:${id}`) as (
      ...values: unknown[]
    ) => unknown;
    return run(...Object.values(globals));
  };
  const define = ({ meta, factory, patch }: ModuleText): void => {
    registry.define(meta, evaluate(factory, meta.id) as Factory);
    if (patch !== undefined) registry.patch(meta.id, meta.hash, evaluate(patch, `${meta.id}?patch`) as PatchForm);
  };
  for (const text of start) define(text);
  await registry.prepare([entry]);
  await registry.start(entry);

  const prepare = async (texts: readonly ModuleText[]): Promise<() => SwapResult> => {
    for (const text of texts) define(text);
    const ids = new Set(texts.map(({ meta }) => meta.id));
    const { refusals } = await swapper.examine(ids, () => new Set());
    if (refusals.length > 0) throw new Error(refusals.map(({ id, line, reason }) => `${id}:${line}: ${reason}`).join('\n'));
    const { commit } = await swapper.prepare(ids);
    return commit;
  };
  return {
    namespace: registry.namespace(entry) as Namespace,
    prepare,
    swap: async (texts) => (await prepare(texts))(),
  };
}
