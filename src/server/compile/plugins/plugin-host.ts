/**
 * Runs plugins as esbuild does: callbacks in the order of the plugins, chosen by filter and namespace, and the first answer counts. What no
 * callback wants costs a test of its filters and nothing else.
 */
import { createRequire } from 'node:module';
import path from 'node:path';
import { typeOfQuery } from '../../../runtime/import-type.ts';
import { HmrError } from '../../errors.ts';
import type { Loader, OnLoadResult, OnResolveResult, PartialMessage, PluginBuild } from '../esbuild.ts';
import { initialOptions, type PluginSettings } from './initial-options.ts';
import { PATIENCE, withPatience, type Patience } from './patience.ts';
import { messagesError, thrownError, warningText } from './plugin-errors.ts';
import { createRelay } from './relay.ts';
import { FILE, type PluginModule } from './plugin-modules.ts';
import type { Plugin } from './plugin.ts';

export type ImportKind = 'import-statement' | 'dynamic-import' | 'require-call' | 'import-rule' | 'url-token';

/** Who asks for a specifier. */
export interface Importer {
  /** Absolute for files. */
  readonly path: string;
  readonly namespace: string;
  /** Empty where it is in no folder. */
  readonly resolveDir: string;
  readonly pluginData: unknown;
}

/** Of an import: `{ type: 'json' }`. */
export type Attributes = Readonly<Record<string, string>>;

export interface PluginResolution extends PluginModule {
  /** Left to the browser. */
  readonly external: boolean;
  /** Files, and folders whose names matter. */
  readonly watched: readonly string[];
}

export interface PluginSource {
  readonly contents: string | Uint8Array;
  readonly loader: Loader;
  /** Undefined: of the file that was loaded. */
  readonly resolveDir: string | undefined;
  readonly pluginData: unknown;
  /** Files, and folders whose names matter. */
  readonly watched: readonly string[];
}

export interface PluginHostOptions {
  readonly root: string;
  /** What relative paths in messages start from, and where plugins look for their own packages: the project's folder. */
  readonly folder: string;
  readonly plugins: readonly Plugin[];
  readonly settings?: Partial<PluginSettings> | undefined;
  /** What `build.resolve` falls back to. @throws HmrError */
  readonly resolve: (specifier: string, importer: Importer, kind: ImportKind) => PluginModule & { readonly external: boolean };
  readonly warn: (message: string) => void;
  readonly patience?: Patience | undefined;
}

export interface PluginHost {
  /** Calls `setup` and `onStart` of every plugin, once. @throws HmrError `PLUGIN` */
  start(): Promise<PluginSettings>;
  /** Undefined, at once or later: no plugin knows it. Rejects with HmrError. */
  resolve(
    specifier: string,
    importer: Importer,
    kind: ImportKind,
    attributes?: Attributes,
  ): Promise<PluginResolution | undefined> | undefined;
  /** Whether a plugin would be asked. */
  resolves(specifier: string, namespace: string): boolean;
  /** Undefined: no plugin loads it. What it returns rejects with HmrError, and resolves with undefined if none did after all. */
  loaderOf(module: PluginModule): (() => Promise<PluginSource | undefined>) | undefined;
  /** Around the compilation of a batch of changes. */
  begin(): Promise<void>;
  end(errors: readonly PartialMessage[]): Promise<void>;
  dispose(): void;
}

interface Callback<F> {
  readonly plugin: string;
  readonly filter: RegExp;
  readonly namespace: string | undefined;
  readonly run: F;
}

type OnResolve = Parameters<PluginBuild['onResolve']>[1];
type OnLoad = Parameters<PluginBuild['onLoad']>[1];
type OnStart = Parameters<PluginBuild['onStart']>[0];
type OnEnd = Parameters<PluginBuild['onEnd']>[0];

const NONE: readonly string[] = [];

export function createPluginHost(options: PluginHostOptions): PluginHost {
  const { root, folder, plugins, settings = {}, resolve: resolveFile, warn, patience = PATIENCE } = options;
  const resolvers: Callback<OnResolve>[] = [];
  const loaders: Callback<OnLoad>[] = [];
  const starters: { readonly plugin: string; readonly run: OnStart }[] = [];
  const enders: { readonly plugin: string; readonly run: OnEnd }[] = [];
  const disposers: (() => void)[] = [];
  const relays: (() => void)[] = [];
  /** A warning is worth one line, however often its module is compiled. */
  const warned = new Set<string>();
  let started: Promise<PluginSettings> | undefined;

  const report = (
    plugin: string,
    filePath: string,
    errors: readonly PartialMessage[] = [],
    warnings: readonly PartialMessage[] = [],
    watched: readonly string[] = NONE,
  ): void => {
    for (const text of warnings.map((warning) => warningText(warning, plugin))) {
      if (!warned.has(text)) warn(text);
      warned.add(text);
    }
    if (errors.length > 0)
      throw messagesError(errors, { plugin, filePath, folder, watched: watched.filter((file) => path.isAbsolute(file)) });
  };

  /** What a callback throws is told with the plugin's name. */
  const guard = async <T>(plugin: string, filePath: string, work: () => T | Promise<T>): Promise<T> => {
    const late = (seconds: number): string => `[${plugin}] has not answered for ${seconds} s (${path.relative(root, filePath) || '.'}).`;
    try {
      const result = work();
      if (!(result instanceof Promise)) return result;
      return await withPatience(
        result,
        patience,
        (seconds) => warn(late(seconds)),
        (seconds) => tooLate(late(seconds), filePath),
      );
    } catch (thrown) {
      throw thrownError(thrown, { plugin, filePath, folder });
    }
  };

  const resolveWith = async (
    matching: readonly Callback<OnResolve>[],
    specifier: string,
    importer: Importer,
    kind: ImportKind,
    attributes: Attributes,
  ): Promise<PluginResolution | undefined> => {
    const args = { path: specifier, importer: importer.path, ...pick(importer), kind, with: { ...attributes } };
    for (const { plugin, run } of matching) {
      const result = await guard(plugin, importer.path || folder, () => run(args));
      if (!result) continue;
      const watched = [...(result.watchFiles ?? []), ...(result.watchDirs ?? [])];
      report(result.pluginName ?? plugin, importer.path, result.errors, result.warnings, watched);
      // In esbuild an answer ends the search, also one that names nothing.
      return toResolution(result, specifier, watched, plugin);
    }
    return undefined;
  };

  const loadWith = async (matching: readonly Callback<OnLoad>[], module: PluginModule): Promise<PluginSource | undefined> => {
    const { path: modulePath, namespace, pluginData } = module;
    const type = typeOfQuery(module.suffix);
    const args = { path: modulePath, namespace, suffix: type === undefined ? module.suffix : '', pluginData };
    for (const { plugin, run } of matching) {
      const result = await guard(plugin, modulePath, () => run({ ...args, with: type === undefined ? {} : { type } }));
      if (!result) continue;
      const watched = [...(result.watchFiles ?? []), ...(result.watchDirs ?? [])];
      report(result.pluginName ?? plugin, modulePath, result.errors, result.warnings, watched);
      return result.contents === undefined ? undefined : { ...toSource(result, result.contents), watched };
    }
    return undefined;
  };

  const resolve: PluginHost['resolve'] = (specifier, importer, kind, attributes = {}) => {
    const matching = select(resolvers, specifier, importer.namespace);
    return matching && resolveWith(matching, specifier, importer, kind, attributes);
  };

  const buildFor = (plugin: string, initialOptions: PluginBuild['initialOptions']): PluginBuild => ({
    initialOptions,
    get esbuild() {
      return createRequire(import.meta.url)('esbuild') as PluginBuild['esbuild'];
    },
    onStart: (run) => void starters.push({ plugin, run }),
    onEnd: (run) => void enders.push({ plugin, run }),
    onResolve: ({ filter, namespace }, run) => void resolvers.push({ plugin, filter: plain(filter), namespace, run }),
    onLoad: ({ filter, namespace }, run) => void loaders.push({ plugin, filter: plain(filter), namespace, run }),
    onDispose: (run) => void disposers.push(run),
    async resolve(specifier, { importer = '', namespace = FILE, resolveDir = '', kind = 'import-statement', pluginData } = {}) {
      const from: Importer = { path: importer, namespace, resolveDir, pluginData };
      const empty = {
        errors: [],
        warnings: [],
        path: '',
        external: false,
        sideEffects: true,
        namespace: '',
        suffix: '',
        pluginData: undefined,
      };
      try {
        const { watched: _, ...found } = (await resolve(specifier, from, kind as ImportKind)) ?? {
          ...resolveFile(specifier, from, kind as ImportKind),
          watched: NONE,
        };
        return { ...empty, ...found };
      } catch (error) {
        if (!(error instanceof HmrError)) throw error;
        return { ...empty, errors: [{ id: '', pluginName: '', text: error.message, location: null, notes: [], detail: error }] };
      }
    },
  });

  const relayed = (build: PluginBuild): PluginBuild => {
    const { relay, end } = createRelay(build);
    relays.push(end);
    return relay;
  };

  const setUp = async (): Promise<PluginSettings> => {
    const options = initialOptions(root, folder, settings);
    for (const plugin of plugins) {
      const { name, refresh } = plugin;
      await guard(name, folder, () => plugin.setup?.(relayed(buildFor(name, options))));
      await guard(name, folder, () => refresh?.setup?.(relayed(buildFor(name, options))));
    }
    await begin();
    const { define = {}, alias = {}, loader = {} } = options;
    return { define, alias, loader };
  };

  const begin = async (): Promise<void> => {
    // At the same time, as in esbuild: one may wait for another.
    const results = await Promise.all(starters.map(({ plugin, run }) => guard(plugin, folder, run)));
    for (const [index, result] of results.entries()) report(starters[index]?.plugin ?? '', folder, result?.errors, result?.warnings);
  };

  return {
    start: () => (started ??= setUp()),
    resolve,
    resolves: (specifier, namespace) => select(resolvers, specifier, namespace) !== undefined,
    loaderOf(module) {
      const matching = select(loaders, module.path, module.namespace);
      return matching && (() => loadWith(matching, module));
    },
    begin,
    async end(errors) {
      if (enders.length === 0) return;
      const full = errors.map(({ text = '' }) => ({ id: '', pluginName: '', text, location: null, notes: [], detail: undefined }));
      for (const { plugin, run } of enders) {
        const result = await guard(plugin, folder, () =>
          run({ errors: full, warnings: [], outputFiles: undefined, metafile: undefined, mangleCache: undefined }),
        );
        report(plugin, folder, result?.errors, result?.warnings);
      }
    },
    dispose() {
      for (const dispose of disposers.splice(0)) dispose();
      for (const end of relays.splice(0)) end();
    },
  };
}

function tooLate(message: string, filePath: string): HmrError {
  return new HmrError('PLUGIN', message, { location: { file: filePath, line: 1, column: 1 }, hint: 'Save the file to ask it again.' });
}

function pick({ namespace, resolveDir, pluginData }: Importer): Pick<Importer, 'namespace' | 'resolveDir' | 'pluginData'> {
  return { namespace, resolveDir, pluginData };
}

/** With `g` or `y` a test would depend on the one before. */
function plain(filter: RegExp): RegExp {
  return /[gy]/.test(filter.flags) ? new RegExp(filter.source, filter.flags.replace(/[gy]/g, '')) : filter;
}

function select<F>(callbacks: readonly Callback<F>[], name: string, namespace: string): readonly Callback<F>[] | undefined {
  if (callbacks.length === 0) return undefined;
  const matching = callbacks.filter(
    (callback) => (callback.namespace === undefined || callback.namespace === namespace) && callback.filter.test(name),
  );
  return matching.length === 0 ? undefined : matching;
}

function toResolution(
  result: OnResolveResult,
  specifier: string,
  watched: readonly string[],
  plugin: string,
): PluginResolution | undefined {
  const { external = false, namespace = FILE, suffix = '', pluginData } = result;
  const found = result.path ?? (external ? specifier : undefined);
  if (found === undefined) return undefined;
  // A query in the path of a file belongs to it as the suffix does.
  const [, name = '', query = ''] = namespace === FILE && !external ? (/^([^?]*)(\?.*)?$/s.exec(found) ?? []) : ['', found];
  if (namespace === FILE && !external && !path.isAbsolute(name)) {
    throw new HmrError('PLUGIN', `[${plugin}] resolved "${specifier}" to "${name}", which is not an absolute path.`, {
      hint: 'A plugin gives an absolute path, or a namespace of its own.',
    });
  }
  return { path: name, namespace, suffix: query + suffix, pluginData, external, watched };
}

function toSource({ loader = 'js', resolveDir, pluginData }: OnLoadResult, contents: string | Uint8Array): Omit<PluginSource, 'watched'> {
  return { contents, loader, resolveDir, pluginData };
}
