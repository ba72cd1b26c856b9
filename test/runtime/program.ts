/**
 * A running program made of sources in memory: the real link step, the real runtime, and nothing else. `save` does what a save does to a
 * page. Modules say what happens through `log`.
 */
import { createHash } from 'node:crypto';
import { EventEmitter, once } from 'node:events';
import vm from 'node:vm';
import type { ModuleId, ModuleMeta } from '../../src/protocol.ts';
import type { Factory } from '../../src/runtime/format.ts';
import { createRuntime, type Runtime } from '../../src/runtime/runtime.ts';
import type { UpdateOutcome } from '../../src/runtime/update.ts';
import { createHotSwap } from '../../src/runtime/swap/hot-swap.ts';
import type { SwapLevel } from '../../src/runtime/swap/shape.ts';
import type { Description } from '../../src/runtime/swap/patch-form.ts';
import { link } from '../../src/server/compile/link.ts';
import { linkPatch, type LinkedPatch } from '../../src/server/compile/swap/link-patch.ts';

export interface Program {
  readonly runtime: Runtime;
  /** What modules said since the last `take`. */
  take(): unknown[];
  /** Resolves when a module has said this since the last `take`. */
  heard(value: unknown): Promise<void>;
  /** New content for some files; `undefined` deletes. Resolves with what the runtime did. */
  save(files: Record<string, string | undefined>): Promise<UpdateOutcome>;
  start(id?: ModuleId): Promise<void>;
  namespace(id: ModuleId): Record<string, unknown>;
  /** Shared with the modules as `globalThis.shared`-like argument: they reach it as `state`. */
  readonly state: Record<string, unknown>;
  readonly errors: unknown[];
  readonly outcomes: UpdateOutcome[];
  readonly sent: [string, unknown][];
  /** The page has a listener of its own on the stream. */
  handWritten: boolean;
}

/** @param hotswap how modules are compiled; patches are not made */
export function createProgram(files: Record<string, string>, hotswap: SwapLevel = 'off'): Program {
  const sources = new Map(Object.entries(files));
  const versions = new Map<string, () => LinkedPatch>();
  const said: unknown[] = [];
  const speech = new EventEmitter();
  const state: Record<string, unknown> = {};
  const errors: unknown[] = [];
  const outcomes: UpdateOutcome[] = [];
  const sent: [string, unknown][] = [];
  const log = (value: unknown): void => {
    said.push(ownArray(value));
    speech.emit('said');
  };
  const context = vm.createContext({ log, state, Promise, Error, setTimeout });

  const resolve = (specifier: string, importer: ModuleId): string =>
    specifier === 'hmr-dev/client' ? '/@hmr-dev/api.js' : new URL(specifier, `http://x${importer}`).pathname;

  const define = (id: ModuleId): ModuleMeta => {
    const source = sources.get(id);
    if (source === undefined) throw new TypeError(`Failed to fetch ${id}`);
    const linked = link(source, { file: id, hotswap });
    const meta: ModuleMeta = {
      id,
      hash: createHash('sha1').update(source).digest('hex'),
      deps: linked.requests.map(({ specifier }) => resolve(specifier, id)),
      imports: linked.imports.map(({ dep, name }) => [dep, name] as const),
      exports: linked.exports,
      reexports: linked.reexports.map(({ as, dep, name }) => [as, dep, name] as const),
      stars: linked.stars,
      async: linked.async,
      specifiers: Object.fromEntries(linked.dynamic.map(({ specifier }) => [specifier, resolve(specifier, id)])),
    };
    versions.set(meta.hash, () => linkPatch(source, { file: id, hotswap }));
    runtime.registry.define(meta, vm.runInContext(`'use strict';${linked.factory}`, context, { filename: id }) as Factory);
    return meta;
  };

  const program: Program = {
    get runtime() {
      return runtime;
    },
    take: () => said.splice(0),
    async heard(value) {
      while (!said.includes(value)) await once(speech, 'said');
    },
    async save(changed) {
      for (const [file, text] of Object.entries(changed)) {
        if (text === undefined) sources.delete(file);
        else sources.set(file, text);
      }
      const changes = Object.entries(changed).flatMap(([id, text]) => {
        if (text === undefined || !runtime.registry.record(id)?.definition) return [];
        return [{ id, hash: define(id).hash }];
      });
      return runtime.apply(changes);
    },
    async start(id = '/main.js') {
      await runtime.registry.prepare([id]);
      await runtime.registry.start(id);
    },
    namespace: (id) => runtime.registry.namespace(id) as Record<string, unknown>,
    state,
    errors,
    outcomes,
    sent,
    handWritten: false,
  };

  const runtime = createRuntime({
    load: async (url) => define(url).id,
    importExternal: (url) => import(url) as Promise<object>,
    resolve,
    resolveUrl: (specifier, importer) => `http://x${resolve(specifier, importer)}`,
    url: (id) => `http://x${id}`,
    builtin: () => undefined,
    swapsAlways: false,
    draws: () => false,
    loadSwap: async () => ({ createHotSwap }),
    loadPatch: async () => undefined,
    async loadDescriptions(hashes) {
      for (const hash of hashes) {
        const patch = versions.get(hash)?.();
        if (patch) runtime.registry.describe(hash, vm.runInContext(patch.description, context) as Description);
      }
    },
    instancesOf: () => [],
    forget: () => undefined,
    isLeftToPage: (id) => program.handWritten && (runtime.registry.record(id)?.dynamicImporters.size ?? 0) > 0,
    send: (event, data) => void sent.push([event, data]),
    onInvalidate: () => undefined,
    onOutcome: (outcome) => void outcomes.push(outcome),
    onError: (error) => void errors.push(error),
  });
  return program;
}

/** Arrays of the modules' realm are not those of `assert`. */
function ownArray(value: unknown): unknown {
  return Array.isArray(value) ? [...(value as unknown[])] : value;
}
