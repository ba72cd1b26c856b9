/**
 * From a module id to its definition: take its JavaScript, link, resolve, hash. Stateless but for what is handed in; the module
 * graph decides when. Maps are made by doing it again when a debugger asks, so that no save pays for them.
 */
import { statSync } from 'node:fs';
import path from 'node:path';
import { AUTHOR_API_PATH, EMPTY_MODULE_PATH, NODE_MODULE_PREFIX, STYLE_API_PATH, type ModuleId, type ModuleMeta } from '../../protocol.ts';
import { specifierKey, withType } from '../../runtime/import-type.ts';
import { isLinked } from '../../runtime/record.ts';
import { HmrError } from '../errors.ts';
import { hashOf } from '../content-hash.ts';
import { classify } from './assets.ts';
import type { Format } from './formats.ts';
import type { GlobbedFiles, GlobImporter, Globs } from './globs.ts';
import { link, type Asset, type LinkedFacts, type LinkOptions, type Request } from './link.ts';
import type { CachedLink, LinkCache } from './link-cache.ts';
import { linkSource } from './link-source.ts';
import { fileOfId, idOfFile } from './module-ids.ts';
import type { ModuleScripts, Script } from './module-scripts.ts';
import type { Resolver } from './resolve.ts';
import { composeMaps, type RawSourceMap } from './source-map.ts';
import { atSpecifier, placeOfImport } from './source-places.ts';

export interface CompilerOptions {
  readonly root: string;
  readonly resolver: Resolver;
  readonly scripts: ModuleScripts;
  readonly cache: LinkCache;
  readonly globs: Globs;
  /** @param importer URL path that relative specifiers start from */
  readonly importMap: (specifier: string, importer: string) => string | undefined;
}

/** A module of another origin, which the browser imports. */
export interface External {
  readonly url: string;
  /** Without `type: 'json'` the browser would refuse JSON. */
  readonly attributes: Readonly<Record<string, string>>;
}

export interface Compiled {
  readonly meta: ModuleMeta;
  readonly text: string;
  readonly lineCount: number;
  readonly files: readonly string[];
  readonly externals: readonly External[];
  locate(dep: number, name: string): Pick<HmrError, 'location' | 'frame'> | undefined;
  /** Whether all that it names still resolves to the same. */
  resolvesAlike(): boolean;
  /** Whether a specifier in it has the name of this file in it, or a pattern finds it. */
  names(filePath: string): boolean;
  /** Whether a pattern in it has found this file. */
  hasFound(filePath: string): boolean;
}

export interface Compiler {
  /** @throws HmrError with place and frame */
  compile(id: ModuleId): Promise<Compiled>;
  /** From the definition's lines to the author's; undefined for modules that have no source of their own (assets, JSON). */
  map(id: ModuleId): Promise<RawSourceMap | undefined>;
}

/** What of a module says what its specifiers mean. */
type Named = Pick<LinkedFacts, 'requests' | 'dynamic'>;
type Importer = Pick<Script, 'importerPath'>;

const DEFINE_LINES_BEFORE = 1;

export function createCompiler(options: CompilerOptions): Compiler {
  const { root, resolver, scripts, cache } = options;

  /** Not of what carries a query, which means something to somebody else, and not of what is no file. */
  const assetOf = (specifier: string, script: Importer): Asset | undefined => {
    const [, address = '', fragment = ''] = /^([^#]*)(#.*)?$/s.exec(specifier) ?? [];
    const isFile = (filePath: string): boolean => statSync(filePath, { throwIfNoEntry: false })?.isFile() ?? false;
    let resolution = resolver.resolve(address, script.importerPath, { kind: 'url' });
    // Bundlers have taught projects to name a file of a package (its worker, its wasm) as in an import.
    const isBare = /^[\w@][^:]*$/.test(address) && resolution.kind === 'file' && !isFile(resolution.filePath);
    if (isBare) resolution = resolver.resolve(address, script.importerPath, { kind: 'import' });
    if (resolution.kind !== 'file' || resolution.search !== '') return undefined;
    const { filePath } = resolution;
    if (!isFile(filePath)) return undefined;
    return { id: idOfFile(root, { filePath, search: classify(filePath, '') === 'url' ? '' : '?url' }), fragment };
  };

  const linkOptionsFor = (importer: GlobImporter): LinkOptions => ({
    file: importer.filePath,
    assetOf: (specifier) => assetOf(specifier, importer),
    globOf: (call) => options.globs.find(call, importer),
  });

  const linkScript = async ({ code, language }: Script, importer: GlobImporter): Promise<CachedLink> => {
    const linkOptions = linkOptionsFor(importer);
    return language ? cache.link(code, { ...linkOptions, ...language }) : { linked: link(code, linkOptions), isCompiled: false };
  };

  const resolveOne = (specifier: string, type: string | undefined, script: Importer, kind: 'import' | 'require' = 'import'): string => {
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

  /** The error of a static import is shown where the author wrote it. */
  const resolveStatic = (request: Request, script: Script, filePath: string): string => {
    if (request.id !== undefined) return request.id;
    try {
      return resolveOne(request.specifier, request.attributes['type'], script);
    } catch (error) {
      if (error instanceof HmrError) throw atSpecifier(error, request.specifier, script, filePath);
      throw error;
    }
  };

  const resolveDynamic = (linked: Named, script: Importer): Record<string, ModuleId> => {
    const specifiers: Record<string, ModuleId> = {};
    for (const { specifier, kind, type, id } of linked.dynamic) {
      if (kind === 'url') continue;
      if (id !== undefined) {
        specifiers[specifier] = id;
        continue;
      }
      // `accept('./a.json')` means the module that this one imports, with the attributes of that import.
      const wanted = kind === 'accept' ? linked.requests.find((request) => request.specifier === specifier)?.attributes['type'] : type;
      try {
        specifiers[specifierKey(specifier, type)] = resolveOne(specifier, wanted, script, kind === 'require' ? kind : 'import');
      } catch {
        // HmrError: import() of what is not there rejects when it runs, as it does natively; it may be guarded.
      }
    }
    return specifiers;
  };

  /** A tenth of what compiling again costs. */
  const resolvesAlike = ({ deps, specifiers }: ModuleMeta, named: Named, files: GlobbedFiles, script: Importer): boolean => {
    const { requests, dynamic } = named;
    try {
      const isSame = requests.every(
        ({ id, specifier, attributes }, index) => deps[index] === (id ?? resolveOne(specifier, attributes['type'], script)),
      );
      const assets = dynamic.filter(({ kind }) => kind === 'url').flatMap(({ specifier }) => assetOf(specifier, script)?.id ?? []);
      const areAssetsSame = [...new Set(assets)].join() === requests.flatMap(({ id, isGlobbed }) => (isGlobbed ? [] : (id ?? []))).join();
      return isSame && areAssetsSame && files.isSame() && JSON.stringify(resolveDynamic(named, script)) === JSON.stringify(specifiers);
    } catch {
      return false; // HmrError: one names nothing any more.
    }
  };

  const compile = async (id: ModuleId): Promise<Compiled> => {
    const { filePath } = fileOfId(root, id);
    const script = await scripts.read(id);
    const importer: GlobImporter = { filePath, importerPath: script.importerPath };
    const { linked, isCompiled } = await linkScript(script, importer);
    const deps = linked.requests.map((request) => resolveStatic(request, script, filePath));
    const externals = linked.requests
      .map(({ attributes }, index) => ({ url: deps[index] ?? '', attributes }))
      .filter(({ url }) => !isLinked(url));
    const meta = createMeta(id, {
      linked,
      deps,
      specifiers: resolveDynamic(linked, script),
      format: script.language?.format,
      comparable: (script.unversioned ?? linked.factory) + script.contentKey + JSON.stringify(externals),
    });
    // Kept as long as the module, and so not more than they need: neither the factory again nor what it was made of.
    const { requests, dynamic, imports, reexports } = linked;
    const globbed = options.globs.follow(linked, importer);
    const source = script.language && { code: script.code, isCompiled };
    const text = `$define(${JSON.stringify(meta)},\n${linked.factory});\n`;
    return {
      meta,
      text,
      lineCount: countLines(text),
      files: script.files,
      externals,
      locate: (dep, name) => source && placeOfImport({ requests, imports, reexports }, source, filePath, dep, name),
      resolvesAlike: () => resolvesAlike(meta, { requests, dynamic }, globbed, importer),
      names(changedPath) {
        const names = [path.basename(changedPath), encodeURIComponent(path.basename(changedPath))];
        if ([...requests, ...dynamic].some(({ specifier }) => names.some((name) => specifier.includes(name)))) return true;
        return globbed.wouldHave(changedPath);
      },
      hasFound: globbed.has,
    };
  };

  const map = async (id: ModuleId): Promise<RawSourceMap | undefined> => {
    const { filePath } = fileOfId(root, id);
    const script = await scripts.read(id);
    if (!script.language) return undefined;
    const { linked, compiled } = await linkSource(script.code, {
      ...linkOptionsFor({ filePath, importerPath: script.importerPath }),
      ...script.language,
      withMap: true,
    });
    return composeMaps({
      link: linked.map(),
      compile: compiled?.map,
      source: id.replace(/\?.*$/, ''),
      content: script.code,
      linesBefore: DEFINE_LINES_BEFORE,
    });
  };

  return { compile, map };
}

interface MetaOptions {
  readonly linked: LinkedFacts;
  readonly deps: readonly string[];
  readonly specifiers: Record<string, ModuleId>;
  readonly format: Format | undefined;
  /** What is compared besides. */
  readonly comparable: string;
}

/** Two specifiers may name one module: it is then listed, and handed to the factory, twice; linking does not mind. */
function createMeta(id: ModuleId, { linked, deps, specifiers, format, comparable }: MetaOptions): ModuleMeta {
  const facts = {
    deps,
    imports: linked.imports.map(({ dep, name }) => [dep, name] as const),
    exports: linked.exports,
    reexports: linked.reexports.map(({ as, dep, name }) => [as, dep, name] as const),
    stars: linked.stars,
    async: linked.async,
    specifiers,
    ...((format === 'commonjs' || format === 'node') && { format }),
  };
  const hash = hashOf(JSON.stringify(facts) + comparable);
  return { id, hash, ...facts };
}

function countLines(text: string): number {
  let lines = 0;
  for (let at = text.indexOf('\n'); at !== -1; at = text.indexOf('\n', at + 1)) lines++;
  return lines;
}
