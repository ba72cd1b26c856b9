/**
 * One version of a program: its own instances of all local modules, over code that all versions share. The hot core (src/runtime) links and runs
 * them; here is what Node has in place of a page.
 */
import type { ModuleId } from '../../../protocol.ts';
import { createCallbacks } from '../../../runtime/callbacks.ts';
import { createGraphView, runningOrder } from '../../../runtime/graph-view.ts';
import { propagate } from '../../../runtime/propagate.ts';
import { isLinked } from '../../../runtime/record.ts';
import { createRuntime, type Runtime } from '../../../runtime/runtime.ts';
import type { ModuleChange, UpdateOutcome } from '../../../runtime/update.ts';
import { evaluationSteps, type EvaluationStep } from './evaluation-steps.ts';
import { fileOfId, urlOfId } from './file-ids.ts';
import { asNative } from './load-errors.ts';
import type { PatchForm } from '../../../runtime/swap/patch-form.ts';
import { NO_ENV_ID, resolveTyped } from './module-meta.ts';
import { factoryOf } from './module-factory.ts';
import type { Modules, ProgramModule } from './modules.ts';
import type { Natives } from './natives.ts';
import { MODULE_URL, withOwnRequire } from './create-require.ts';
import { createNodeCommonJs, type NodeCommonJs } from './node-commonjs.ts';
import { attributeMissing, attributeWrong, isNode, requireAsync } from './node-errors.ts';
import type { ModuleResolver } from './resolve-module.ts';

export type Effect = 'none' | 'accepted' | 'reload' | 'restart';

export interface Version {
  /** From 1. */
  readonly number: number;
  readonly moduleCount: number;
  /** Runs it. A promise where something awaits at top level, or a package has to be loaded on the way. Throws what the program throws. */
  evaluate(): Promise<void> | undefined;
  /** What a change of these files means for what runs here. */
  effectOf(files: Iterable<string>): Effect;
  /** New code for what an accept boundary takes; `changed` was loaded before. */
  apply(changed: readonly ProgramModule[]): Promise<UpdateOutcome>;
  /** The modules of a file, or of files, that run here. */
  running(files: Iterable<string>): ModuleId[];
  /** Calls what modules gave to `import.meta.hot.dispose`, dependents first. Resolves with what they threw. */
  dispose(limitMs?: number): Promise<readonly unknown[]>;
  /** It is not the program's any more. Requests that are still with it go on. */
  retire(): void;
}

export interface VersionOptions {
  readonly number: number;
  readonly entry: ModuleId;
  /** In which it runs. */
  readonly steps: readonly EvaluationStep[];
  readonly modules: Modules;
  readonly natives: Natives;
  readonly resolver: ModuleResolver;
  /** Whether every change that can be made in place is. */
  readonly swapsAlways: boolean;
  readonly patchOf: (module: ProgramModule) => Promise<PatchForm | undefined>;
  /** A module that is Node's has run: its names are known. @throws HmrError `MISSING_EXPORT` */
  readonly checkNative: (url: string) => void;
  readonly onOutcome: (outcome: UpdateOutcome) => void;
  readonly onError: (error: unknown) => void;
  readonly onRetire: (version: Version) => void;
}

const DISPOSE_LIMIT_MS = 5_000;

export function createVersion(options: VersionOptions): Version {
  const { entry, steps, modules, natives, resolver } = options;
  let commonJs: NodeCommonJs | undefined;
  /** What is in place and what is to take its place, by hash. */
  const swappable = new Map<string, ProgramModule>();

  const nativeFor = (url: string): object | undefined => {
    const namespace = natives.get(url);
    return namespace && url === MODULE_URL ? withOwnRequire(namespace, (filePath) => commonJs?.requireOf(filePath)) : namespace;
  };

  const define = (module: ProgramModule): void => {
    const { meta } = module;
    if (runtime.registry.record(meta.id)?.definition?.meta.hash === meta.hash) return;
    runtime.registry.define(
      meta,
      factoryOf(module, () => commonJs),
    );
    if (module.source.hotswap !== 'off') swappable.set(meta.hash, module);
    for (const dep of meta.deps) {
      const namespace = isLinked(dep) ? undefined : nativeFor(dep);
      if (namespace) runtime.registry.external(dep, namespace);
    }
  };

  const defineGraph = (id: ModuleId): void => {
    for (const module of modules.graph(id)) define(module);
  };

  const importNative = async (url: string): Promise<object> => {
    const isNew = natives.get(url) === undefined;
    const namespace = await natives.load(url);
    if (isNew) options.checkNative(url);
    const given = nativeFor(url) ?? namespace;
    runtime.registry.external(url, given);
    return given;
  };

  const loadNow = (id: ModuleId): void => {
    try {
      modules.loadNow(id);
    } catch (error) {
      throw asNative(error);
    }
    const graph = modules.graph(id);
    if (graph.some(({ meta }) => meta.async && !runtime.registry.record(meta.id)?.current)) throw requireAsync();
    for (const { meta } of graph) {
      for (const dep of meta.deps) if (!isLinked(dep)) runtime.registry.external(dep, nativeFor(dep) ?? natives.loadNow(dep));
    }
    defineGraph(id);
  };

  const runtime: Runtime = createRuntime({
    async load(url) {
      const isJson = url.endsWith('?json');
      const id = isJson ? url.slice(0, -'?json'.length) : url;
      if (isJson !== id.endsWith('.json')) throw isJson ? attributeWrong(urlOfId(id)) : attributeMissing(urlOfId(id));
      try {
        await modules.load(id);
      } catch (error) {
        throw asNative(error);
      }
      defineGraph(id);
      return id;
    },
    importExternal: importNative,
    resolve: (specifier, importer) => resolveLoosely(specifier, fileOfId(importer), resolver),
    resolveUrl: (specifier, importer) => resolveUrl(specifier, fileOfId(importer), resolver),
    url: urlOfId,
    describe(id, meta) {
      const filePath = fileOfId(id);
      meta['dirname'] = filePath.replace(/[\\/][^\\/]*$/, '') || '/';
      meta['filename'] = filePath;
      if (isNode(24, 2)) meta['main'] = id === entry;
    },
    builtin: (id) => (id === NO_ENV_ID ? { default: undefined } : undefined),
    commonJs: (given) =>
      (commonJs = createNodeCommonJs(given, {
        entry,
        resolver,
        loadNow,
        current: (id) => runtime.registry.record(id)?.current,
        isCommonJs: (id) => modules.get(id)?.code.format !== 'module',
        drop(id) {
          const record = runtime.registry.record(id);
          if (record) record.current = undefined;
        },
      })),
    showsNamespaces: true,
    isLeftToPage: () => false,
    swapsAlways: options.swapsAlways,
    draws: () => false,
    instancesOf: () => [],
    loadSwap: () => import('../../../runtime/swap/hot-swap.ts'),
    async loadPatch(_, hash) {
      const module = swappable.get(hash);
      const patch = module && (await options.patchOf(module));
      if (patch) runtime.registry.patch(module.id, hash, patch);
    },
    async loadDescriptions(hashes) {
      for (const hash of hashes) {
        const module = swappable.get(hash);
        const patch = module && (await options.patchOf(module));
        if (patch) runtime.registry.describe(hash, patch[0]);
      }
    },
    forget: () => undefined,
    send: () => undefined,
    onInvalidate: () => undefined,
    onOutcome: options.onOutcome,
    onError: options.onError,
  });
  const { registry } = runtime;

  const runStep = (step: EvaluationStep): void => {
    if (step.kind === 'native') return;
    registry.link(step.ids);
    // Whoever depends on it hears of it too.
    registry.run(step.root)?.catch(() => undefined);
  };

  /** See evaluation-steps.ts. */
  const runInOrder = async (steps: readonly EvaluationStep[]): Promise<void> => {
    const ready: EvaluationStep[] = [];
    for (const step of steps) {
      if (step.kind === 'native' && !natives.get(step.url)) {
        for (const earlier of ready.splice(0)) runStep(earlier);
        await importNative(step.url);
      }
      ready.push(step);
    }
    await registry.start(entry);
  };

  const running = (files: Iterable<string>): ModuleId[] => {
    const changed = new Set(files);
    return [...registry.records()].filter(({ id, current }) => current && changed.has(fileOfId(id))).map(({ id }) => id);
  };

  const forgetReplaced = (): void => {
    for (const [hash, { id }] of swappable) {
      const { current, definition } = registry.record(id) ?? {};
      if (current?.definition.meta.hash !== hash && definition?.meta.hash !== hash) swappable.delete(hash);
    }
  };

  defineGraph(entry);

  const version: Version = {
    number: options.number,
    get moduleCount() {
      return [...registry.records()].filter(({ current }) => current).length;
    },
    evaluate() {
      const isComplete = steps.every((step) => step.kind === 'modules' || natives.get(step.url));
      return isComplete ? registry.start(entry) : runInOrder(steps);
    },
    running,
    effectOf(files) {
      const ids = running(files);
      if (ids.length === 0) return 'none';
      const found = propagate(
        createGraphView(registry, () => false),
        ids,
      );
      if (found.kind === 'accepted') return 'accepted';
      return found.rule === 'declined' ? 'restart' : 'reload';
    },
    async apply(changed) {
      const changes: ModuleChange[] = [];
      for (const module of changed) {
        for (const { meta } of modules.graph(module.id)) if (!registry.record(meta.id)?.current) defineGraph(meta.id);
        define(module);
        changes.push({ id: module.id, hash: module.meta.hash });
      }
      const outcome = await runtime.apply(changes);
      forgetReplaced();
      return outcome;
    },
    async dispose(limitMs = DISPOSE_LIMIT_MS) {
      const errors: unknown[] = [];
      let timer: NodeJS.Timeout | undefined;
      const superseded = new Promise<never>((_, reject) => {
        timer = setTimeout(() => reject(new Error(`dispose callbacks took more than ${limitMs} ms`)), limitMs).unref();
      });
      superseded.catch(() => undefined);
      await createCallbacks(registry, runtime.events).dispose(runningOrder(registry), { errors, superseded });
      clearTimeout(timer);
      return errors;
    },
    retire: () => options.onRetire(version),
  };
  return version;
}

/** What has to run or be loaded, in order. */
export function stepsOf(entry: ModuleId, modules: Modules): EvaluationStep[] {
  return evaluationSteps(entry, {
    dependencies: (id) => modules.get(id)?.meta.deps.filter((dep) => !dep.startsWith('/@hmr-dev/')) ?? [],
    isNative: (id) => !isLinked(id),
  });
}

/** Of a computed `import()`. */
function resolveLoosely(specifier: string, importerPath: string, resolver: ModuleResolver): string {
  const resolved = resolver.resolve(specifier, importerPath, 'import');
  return resolved.kind === 'file' ? resolved.id : resolved.url;
}

/** `import.meta.resolve` does not ask whether a file is there. */
function resolveUrl(specifier: string, importerPath: string, resolver: ModuleResolver): string {
  try {
    const id = resolveTyped(specifier, importerPath, specifier.endsWith('.json') ? 'json' : undefined, resolver).replace(/^json:/, '');
    return isLinked(id) ? urlOfId(id) : id;
  } catch (error) {
    if (/^\.{0,2}\//.test(specifier)) return new URL(specifier, `file://${encodeURI(importerPath)}`).href;
    throw error;
  }
}
