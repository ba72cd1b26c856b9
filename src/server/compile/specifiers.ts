/**
 * What the specifiers of a module mean: those of its import statements, those it may ask for later, and the files that it names by address.
 * Plugins are asked first, then the page's import map, then the resolver.
 */
import { statSync } from 'node:fs';
import { AUTHOR_API_PATH, EMPTY_MODULE_PATH, NODE_MODULE_PREFIX, STYLE_API_PATH, type ModuleId, type ModuleMeta } from '../../protocol.ts';
import { specifierKey, withType } from '../../runtime/import-type.ts';
import { isLinked } from '../../runtime/record.ts';
import { HmrError } from '../errors.ts';
import { classify } from './assets.ts';
import { ENV_MODULE_ID } from './env-module.ts';
import type { GlobbedFiles } from './globs.ts';
import type { Asset, LinkedFacts, Request } from './link.ts';
import { idOfFile } from './module-ids.ts';
import type { Script } from './module-scripts.ts';
import type { Attributes, ImportKind, PluginHost, PluginResolution } from './plugins/plugin-host.ts';
import type { PluginModules } from './plugins/plugin-modules.ts';
import { REFRESH_MODULE } from './plugins/plugin.ts';
import type { Resolver } from './resolve.ts';
import { atSpecifier } from './source-places.ts';

export interface SpecifiersOptions {
  readonly root: string;
  readonly resolver: Resolver;
  readonly plugins: Pick<PluginHost, 'resolve' | 'resolves'>;
  readonly modules: PluginModules;
  /** @param importer URL path that relative specifiers start from */
  readonly importMap: (specifier: string, importer: string) => string | undefined;
}

/** What of a module says what its specifiers mean. */
export type Named = Pick<LinkedFacts, 'requests' | 'dynamic'>;
export type Importer = Pick<Script, 'importerPath' | 'resolveDir' | 'module'>;
type Kind = 'import' | 'require';

interface DynamicAsked {
  readonly key: string;
  readonly specifier: string;
  readonly kind: Kind;
  readonly type: string | undefined;
  readonly id: ModuleId | undefined;
}

/** What a specifier means, and what that depends on besides. */
interface Answer {
  readonly id: string;
  readonly watched: readonly string[];
}

const NOTHING: readonly string[] = [];

export interface Specifiers {
  readonly assetOf: AssetLookup;
  /**
   * Of an import statement. Rejects with HmrError, at the place where the author wrote it.
   * @param names that are imported from it
   */
  resolve(request: Request, script: Script, names: ReadonlySet<string>): Promise<Answer>;
  /** What an import means, without asking plugins. @throws HmrError */
  fileOf(specifier: string, importerPath: string): ModuleId;
  /** All that may be asked for later, by key; without what names nothing. */
  resolveDynamic(named: Named, importer: Importer): Promise<Record<string, ModuleId>>;
  /** Whether all that a module names still means the same: a tenth of what compiling again costs. */
  isSame(meta: Pick<ModuleMeta, 'deps' | 'specifiers'>, named: Named, files: GlobbedFiles, importer: Importer): boolean;
}

/** The file that an address names, as a module; undefined leaves the address to the browser. */
export type AssetLookup = (specifier: string, importerPath: string) => Asset | undefined;

/** Not of what carries a query, which means something to somebody else, and not of what is no file. */
export function createAssetLookup({ root, resolver }: Pick<SpecifiersOptions, 'root' | 'resolver'>): AssetLookup {
  const isFile = (filePath: string): boolean => statSync(filePath, { throwIfNoEntry: false })?.isFile() ?? false;
  return (specifier, importerPath) => {
    const [, address = '', fragment = ''] = /^([^#]*)(#.*)?$/s.exec(specifier) ?? [];
    let resolution = resolver.resolve(address, importerPath, { kind: 'url' });
    // Bundlers have taught projects to name a file of a package (its worker, its wasm) as in an import.
    const isBare = /^[\w@][^:]*$/.test(address) && resolution.kind === 'file' && !isFile(resolution.filePath);
    if (isBare) resolution = resolver.resolve(address, importerPath, { kind: 'import' });
    if (resolution.kind !== 'file' || resolution.search !== '') return undefined;
    const { filePath } = resolution;
    if (!isFile(filePath)) return undefined;
    return { id: idOfFile(root, { filePath, search: classify(filePath, '') === 'url' ? '' : '?url' }), fragment };
  };
}

export function createSpecifiers(options: SpecifiersOptions): Specifiers {
  const { root, resolver, plugins, modules } = options;

  const assetOf = createAssetLookup(options);

  const resolveOne = (
    specifier: string,
    type: string | undefined,
    script: Pick<Importer, 'importerPath'>,
    kind: Kind = 'import',
  ): string => {
    if (specifier === 'hmr-dev/client') return AUTHOR_API_PATH;
    if (specifier === STYLE_API_PATH) return specifier;
    const mapped = options.importMap(specifier, idOfFile(root, { filePath: script.importerPath, search: '' }));
    if (mapped !== undefined && !isLinked(mapped)) return mapped;
    const resolution = resolver.resolve(mapped ?? specifier, script.importerPath, { kind });
    switch (resolution.kind) {
      case 'file':
        return withType(idOfFile(root, resolution), type);
      case 'external':
        return resolution.url;
      case 'disabled':
        return EMPTY_MODULE_PATH;
      case 'node':
        return NODE_MODULE_PREFIX + resolution.name;
      case 'error':
        throw resolution.error;
      default:
        return resolution satisfies never;
    }
  };

  /** Undefined: no plugin says anything. */
  const askPlugins = (
    specifier: string,
    script: Importer,
    kind: ImportKind,
    attributes: Attributes,
  ): Promise<PluginResolution | undefined> | undefined => {
    // Our own: no plugin can know what they mean.
    if (specifier === 'hmr-dev/client' || specifier === STYLE_API_PATH) return undefined;
    const { resolveDir, module } = script;
    const { namespace, pluginData } = module;
    return plugins.resolve(specifier, { path: module.path, namespace, pluginData, resolveDir }, kind, attributes);
  };

  const resolveWithPlugins = async (
    asked: Promise<PluginResolution | undefined>,
    type: string | undefined,
  ): Promise<Answer | undefined> => {
    const found = await asked;
    if (!found) return undefined;
    const { watched } = found;
    return { id: found.external ? found.path : withType(modules.idOf(found), type), watched };
  };

  /** The error of a static import is shown where the author wrote it. */
  const resolveStatic = async (request: Request, script: Script, names: ReadonlySet<string>): Promise<Answer> => {
    const { specifier } = request;
    if (request.id !== undefined) return { id: request.id, watched: NOTHING };
    try {
      const type = request.attributes['type'];
      const asked = askPlugins(specifier, script, 'import-statement', request.attributes);
      const answer = asked && (await resolveWithPlugins(asked, type));
      if (answer) return answer;
      const id = resolveOne(specifier, type, script);
      // The default export of a WebAssembly file is its address; whoever asks for names means an instance (WebAssembly/ES Module Integration).
      const isInstance = id.endsWith('.wasm') && [...names].some((name) => name !== 'default');
      return { id: isInstance ? `${id}?instance` : id, watched: NOTHING };
    } catch (error) {
      if (error instanceof HmrError && error.code !== 'PLUGIN') throw atSpecifier(error, specifier, script, script.module.path);
      throw error;
    }
  };

  /** What dynamic requests are resolved by: `accept('./a.json')` means the module that this one imports, with the attributes of that import. */
  const dynamicRequests = ({ dynamic, requests }: Named): DynamicAsked[] =>
    dynamic.flatMap(({ specifier, kind, type, id }) => {
      if (kind === 'url') return [];
      // What a pattern found is known.
      if (id !== undefined) return { key: specifier, specifier, kind: 'import', type, id };
      const wanted = kind === 'accept' ? requests.find((request) => request.specifier === specifier)?.attributes['type'] : type;
      return { key: specifierKey(specifier, type), specifier, kind: kind === 'require' ? kind : 'import', type: wanted, id };
    });

  const resolveDynamic = (named: Named, script: Importer): Record<string, ModuleId> => {
    const specifiers: Record<string, ModuleId> = {};
    for (const { key, specifier, kind, type, id } of dynamicRequests(named)) {
      if (id !== undefined) {
        specifiers[key] = id;
        continue;
      }
      try {
        specifiers[key] = resolveOne(specifier, type, script, kind);
      } catch {
        // HmrError: import() of what is not there rejects when it runs, as it does natively; it may be guarded.
      }
    }
    return specifiers;
  };

  /** Of those that plugins resolve; their own come on top of what files give. */
  const resolveDynamicWithPlugins = async (named: Named, script: Importer): Promise<Record<string, ModuleId>> => {
    const specifiers: Record<string, ModuleId> = {};
    for (const { key, specifier, kind, type, id } of dynamicRequests(named)) {
      const attributes: Attributes = type === undefined ? {} : { type };
      const kindOfImport = kind === 'require' ? 'require-call' : 'dynamic-import';
      const asked = id === undefined ? askPlugins(specifier, script, kindOfImport, attributes) : undefined;
      const answer = asked && (await resolveWithPlugins(asked, type).catch(() => undefined));
      if (answer) specifiers[key] = answer.id;
    }
    return specifiers;
  };

  const resolvesAlike = (
    { deps, specifiers }: Pick<ModuleMeta, 'deps' | 'specifiers'>,
    named: Named,
    files: GlobbedFiles,
    script: Importer,
  ): boolean => {
    const { requests, dynamic } = named;
    // Who can say what a plugin's answer depends on?
    const isTheirs = ({ specifier }: { readonly specifier: string }): boolean =>
      specifier !== REFRESH_MODULE && plugins.resolves(specifier, script.module.namespace);
    if ([...requests, ...dynamic].some(isTheirs)) return false;
    try {
      const isSame = requests.every(
        ({ id, specifier, attributes }, index) =>
          specifier === REFRESH_MODULE || deps[index] === (id ?? resolveOne(specifier, attributes['type'], script)),
      );
      const assets = dynamic
        .filter(({ kind }) => kind === 'url')
        .flatMap(({ specifier }) => assetOf(specifier, script.importerPath)?.id ?? []);
      const areAssetsSame =
        [...new Set(assets)].join() ===
        requests.flatMap(({ id, isGlobbed }) => (isGlobbed || id === ENV_MODULE_ID ? [] : (id ?? []))).join();
      return isSame && areAssetsSame && files.isSame() && JSON.stringify(resolveDynamic(named, script)) === JSON.stringify(specifiers);
    } catch {
      return false; // HmrError: one names nothing any more.
    }
  };

  return {
    assetOf,
    resolve: resolveStatic,
    fileOf: (specifier, importerPath) => resolveOne(specifier, undefined, { importerPath }),
    resolveDynamic: async (named, importer) => ({
      ...resolveDynamic(named, importer),
      ...(await resolveDynamicWithPlugins(named, importer)),
    }),
    isSame: resolvesAlike,
  };
}
