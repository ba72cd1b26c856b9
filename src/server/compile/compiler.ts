/**
 * From a module id to its definition: take its JavaScript, link, resolve, hash. Stateless but for what is handed in; the module
 * graph decides when. Maps are made by doing it again when a debugger asks, so that no save pays for them.
 */
import { statSync } from 'node:fs';
import { AUTHOR_API_PATH, EMPTY_MODULE_PATH, NODE_MODULE_PREFIX, STYLE_API_PATH, type ModuleId, type ModuleMeta } from '../../protocol.ts';
import { specifierKey, withType } from '../../runtime/import-type.ts';
import { isLinked } from '../../runtime/record.ts';
import { HmrError } from '../errors.ts';
import { hashOf } from '../content-hash.ts';
import { classify } from './assets.ts';
import { createBarrels, isSelection, type Selection } from './barrels.ts';
import type { Format, Formats } from './formats.ts';
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
  readonly formats: Formats;
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
  /** Whether a specifier in it has this file name in it. */
  names(fileName: string): boolean;
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

  const linkOptionsFor = (script: Script, filePath: string): LinkOptions => ({
    file: filePath,
    assetOf: (specifier) => assetOf(specifier, script),
  });

  const linkScript = async (script: Script, filePath: string): Promise<CachedLink> => {
    const { code, language } = script;
    const linkOptions = linkOptionsFor(script, filePath);
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

  /** Linked to see what they export, before they were asked for. */
  const ahead = new Map<ModuleId, { readonly code: string; readonly link: Promise<CachedLink> }>();

  const barrels = createBarrels({
    root,
    formats: options.formats,
    async facts(id) {
      const script = await scripts.read(id);
      const link = linkScript(script, fileOfId(root, id).filePath);
      ahead.set(id, { code: script.code, link });
      return (await link).linked;
    },
    resolve: (specifier, importerPath) => resolveOne(specifier, undefined, { importerPath }),
  });

  /** Of each barrel only what is asked for. */
  const select = (deps: readonly ModuleId[], linked: LinkedFacts): Promise<ModuleId[]> => {
    const names = wantedNames(linked);
    return Promise.all(deps.map((dep, index) => barrels.select(dep, [...(names[index] ?? [])])));
  };

  const resolveDynamic = (linked: Named, script: Importer): Record<string, ModuleId> => {
    const specifiers: Record<string, ModuleId> = {};
    for (const { specifier, kind, type } of linked.dynamic) {
      if (kind === 'url') continue;
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
  const resolvesAlike = ({ deps, specifiers }: Pick<ModuleMeta, 'deps' | 'specifiers'>, named: Named, script: Importer): boolean => {
    const { requests, dynamic } = named;
    try {
      const isSame = requests.every(
        ({ id, specifier, attributes }, index) => deps[index] === (id ?? resolveOne(specifier, attributes['type'], script)),
      );
      const assets = dynamic.filter(({ kind }) => kind === 'url').flatMap(({ specifier }) => assetOf(specifier, script)?.id ?? []);
      const areAssetsSame = [...new Set(assets)].join() === requests.flatMap(({ id }) => id ?? []).join();
      return isSame && areAssetsSame && JSON.stringify(resolveDynamic(named, script)) === JSON.stringify(specifiers);
    } catch {
      return false; // HmrError: one names nothing any more.
    }
  };

  const compileSelection = (id: ModuleId, { linked, files, resolvesAlike: isAlike }: Selection): Compiled => {
    const deps = linked.requests.map(({ specifier }) => specifier);
    const meta = createMeta(id, { linked, deps, specifiers: {}, format: undefined, comparable: '' });
    const text = definition(meta, linked);
    const nothing = { locate: () => undefined, names: () => false };
    return { meta, text, lineCount: countLines(text), files, externals: [], resolvesAlike: isAlike, ...nothing };
  };

  const compile = async (id: ModuleId): Promise<Compiled> => {
    const selection = await barrels.read(id);
    if (selection) return compileSelection(id, selection);
    const { filePath } = fileOfId(root, id);
    const script = await scripts.read(id);
    const early = ahead.get(id);
    ahead.delete(id);
    const { linked, isCompiled } = await (early?.code === script.code ? early.link : linkScript(script, filePath));
    const named = linked.requests.map((request) => resolveStatic(request, script, filePath));
    const deps = await select(named, linked);
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
    const importer: Importer = { importerPath: script.importerPath };
    const source = script.language && { code: script.code, isCompiled };
    const text = definition(meta, linked);
    return {
      meta,
      text,
      lineCount: countLines(text),
      files: script.files,
      externals,
      locate: (dep, name) => source && placeOfImport({ requests, imports, reexports }, source, filePath, dep, name),
      resolvesAlike: () => resolvesAlike({ deps: named, specifiers: meta.specifiers }, { requests, dynamic }, importer),
      names: (fileName) =>
        [...requests, ...dynamic].some(({ specifier }) => specifier.includes(fileName) || specifier.includes(encodeURIComponent(fileName))),
    };
  };

  const map = async (id: ModuleId): Promise<RawSourceMap | undefined> => {
    if (isSelection(id)) return undefined;
    const { filePath } = fileOfId(root, id);
    const script = await scripts.read(id);
    if (!script.language) return undefined;
    const { linked, compiled } = await linkSource(script.code, { ...linkOptionsFor(script, filePath), ...script.language, withMap: true });
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

const definition = (meta: ModuleMeta, { factory }: LinkedFacts): string => `$define(${JSON.stringify(meta)},\n${factory});\n`;

/** By request: the names that are imported from it; none where there is more to it, or less. */
function wantedNames({ requests, imports, reexports, stars, dynamic }: LinkedFacts): ReadonlySet<string>[] {
  const names = requests.map(() => new Set<string>());
  for (const { dep, name } of [...imports, ...reexports]) names[dep]?.add(name);
  const accepted = new Set(dynamic.flatMap(({ kind, specifier }) => (kind === 'accept' ? specifier : [])));
  return names.map((wanted, index) => {
    const { id, attributes = {}, specifier = '' } = requests[index] ?? {};
    const isWhole = id !== undefined || wanted.has('*') || stars.includes(index) || accepted.has(specifier);
    return isWhole || Object.keys(attributes).length > 0 ? new Set() : wanted;
  });
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
