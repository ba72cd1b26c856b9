/**
 * From a module id to its definition: take its JavaScript, link, resolve, hash. Stateless but for what is handed in; the module
 * graph decides when. Maps are made by doing it again when a debugger asks, so that no save pays for them.
 */
import { AUTHOR_API_PATH, EMPTY_MODULE_PATH, STYLE_API_PATH, type ModuleId, type ModuleMeta } from '../../protocol.ts';
import { HmrError } from '../errors.ts';
import { hashOf } from './content-hash.ts';
import { link, type Linked, type Request } from './link.ts';
import { fileOfId, idOfFile } from './module-ids.ts';
import type { ModuleScripts, Script, StyleVersions } from './module-scripts.ts';
import type { Resolver } from './resolve.ts';
import { composeMaps, type RawSourceMap } from './source-map.ts';
import { atSpecifier, placeOfImport } from './source-places.ts';

export interface CompilerOptions {
  readonly root: string;
  readonly resolver: Resolver;
  readonly scripts: ModuleScripts;
  readonly importMap: (specifier: string) => string | undefined;
  /** Versions for the URLs of what changed. */
  readonly css: Pick<StyleVersions, 'stamp' | 'hash'>;
}

export interface Compiled {
  readonly meta: ModuleMeta;
  readonly text: string;
  readonly lineCount: number;
  readonly files: readonly string[];
  readonly externals: readonly string[];
  locate(dep: number, name: string): Pick<HmrError, 'location' | 'frame'> | undefined;
}

export interface Compiler {
  /** @throws HmrError with place and frame */
  compile(id: ModuleId): Promise<Compiled>;
  /** From the definition's lines to the author's; undefined for modules that have no source of their own (assets, JSON). */
  map(id: ModuleId): Promise<RawSourceMap | undefined>;
}

const DEFINE_LINES_BEFORE = 1;

/** Import attributes name another module type, and so another module (ECMA-262 §16.2.1.4, ModuleRequest Records). */
const BY_ATTRIBUTE = new Map([
  ['css', '?sheet'],
  ['json', '?json'],
]);

export function createCompiler(options: CompilerOptions): Compiler {
  const { root, resolver, scripts, css } = options;

  const linkScript = async (script: Script, filePath: string, urls: ReadonlyMap<string, string>): Promise<Linked> => {
    const linkOptions = { file: filePath, urls: (specifier: string) => urls.get(specifier) };
    try {
      return link(script.code, linkOptions);
    } catch (error) {
      if (script.source === undefined || script.code !== script.source) throw error;
      // Syntax that the parser does not know yet (decorators), or a mistake, which the compiler explains better.
      return link((await scripts.lower(script.source, filePath)).code, linkOptions);
    }
  };

  const resolveOne = (specifier: string, attributes: Readonly<Record<string, string>>, script: Script): string => {
    if (specifier === 'hmr-dev/client') return AUTHOR_API_PATH;
    if (specifier === STYLE_API_PATH) return specifier;
    const mapped = options.importMap(specifier);
    if (mapped !== undefined && !mapped.startsWith('/')) return mapped;
    const resolution = resolver.resolve(mapped ?? specifier, script.importerPath, { kind: 'import' });
    switch (resolution.kind) {
      case 'file': {
        const search = resolution.search || (BY_ATTRIBUTE.get(attributes['type'] ?? '') ?? '');
        return idOfFile(root, { filePath: resolution.filePath, search });
      }
      case 'external':
        return resolution.url;
      case 'disabled':
        return EMPTY_MODULE_PATH;
      case 'error':
        throw resolution.error;
      default:
        return resolution satisfies never;
    }
  };

  /** The error of a static import is shown where the author wrote it. */
  const resolveStatic = async (request: Request, script: Script, filePath: string): Promise<string> => {
    try {
      return resolveOne(request.specifier, request.attributes, script);
    } catch (error) {
      if (error instanceof HmrError) throw atSpecifier(error, request.specifier, script, filePath);
      throw error;
    }
  };

  const resolveDynamic = (linked: Linked, script: Script): Record<string, ModuleId> => {
    const specifiers: Record<string, ModuleId> = {};
    for (const { specifier, kind } of linked.dynamic) {
      if (kind === 'url') continue;
      try {
        specifiers[specifier] = resolveOne(specifier, {}, script);
      } catch {
        // HmrError: import() of what is not there rejects when it runs, as it does natively; it may be guarded.
      }
    }
    return specifiers;
  };

  /** Versions for `new URL('./x', import.meta.url)`, where the file changed since the start. */
  const stampedUrls = async (linked: Linked, script: Script): Promise<{ urls: Map<string, string>; files: string[]; hashes: string }> => {
    const urls = new Map<string, string>();
    const files: string[] = [];
    const hashes: (string | undefined)[] = [];
    for (const { specifier, kind } of linked.dynamic) {
      if (kind !== 'url') continue;
      const resolution = resolver.resolve(specifier, script.importerPath, { kind: 'url' });
      if (resolution.kind !== 'file') continue;
      files.push(resolution.filePath);
      const stamp = await css.stamp(resolution.filePath);
      if (stamp !== '') urls.set(specifier, JSON.stringify(specifier + stamp));
      hashes.push(await css.hash(resolution.filePath));
    }
    return { urls, files, hashes: hashes.join() };
  };

  const compile = async (id: ModuleId): Promise<Compiled> => {
    const { filePath } = fileOfId(root, id);
    const script = await scripts.read(id);
    let linked = await linkScript(script, filePath, new Map());
    const { urls, files, hashes } = await stampedUrls(linked, script);
    const comparable = script.unversioned ?? linked.factory;
    if (urls.size > 0) linked = await linkScript(script, filePath, urls);
    const deps: string[] = [];
    for (const request of linked.requests) deps.push(await resolveStatic(request, script, filePath));
    const meta = createMeta(id, linked, deps, resolveDynamic(linked, script), comparable + script.contentKey + hashes);
    const text = `$define(${JSON.stringify(meta)},\n${linked.factory});\n`;
    return {
      meta,
      text,
      lineCount: countLines(text),
      files: [...script.files, ...files],
      externals: meta.deps.filter((dep) => !dep.startsWith('/')),
      locate: (dep, name) => placeOfImport(linked, script, filePath, dep, name),
    };
  };

  const map = async (id: ModuleId): Promise<RawSourceMap | undefined> => {
    const { filePath } = fileOfId(root, id);
    const script = await scripts.read(id);
    if (script.source === undefined) return undefined;
    const sourceName = id.replace(/\?.*$/, '');
    const first = script.code === script.source ? undefined : await scripts.lower(script.source, filePath);
    const linked = link(first?.code ?? script.code, { file: filePath });
    return composeMaps({
      link: linked.map(),
      compile: first?.map,
      source: sourceName,
      content: script.source,
      linesBefore: DEFINE_LINES_BEFORE,
    });
  };

  return { compile, map };
}

/** Two specifiers may name one module: it is then listed, and handed to the factory, twice; linking does not mind. */
function createMeta(
  id: ModuleId,
  linked: Linked,
  deps: readonly string[],
  specifiers: Record<string, ModuleId>,
  comparable: string,
): ModuleMeta {
  const facts = {
    deps,
    imports: linked.imports.map(({ dep, name }) => [dep, name] as const),
    exports: linked.exports,
    reexports: linked.reexports.map(({ as, dep, name }) => [as, dep, name] as const),
    stars: linked.stars,
    async: linked.async,
    specifiers,
  };
  const hash = hashOf(JSON.stringify(facts) + comparable);
  return { id, hash, ...facts };
}

function countLines(text: string): number {
  let lines = 0;
  for (let at = text.indexOf('\n'); at !== -1; at = text.indexOf('\n', at + 1)) lines++;
  return lines;
}
