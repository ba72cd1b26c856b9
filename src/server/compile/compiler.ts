/**
 * From a module id to its definition: read, turn into JavaScript, link, resolve, hash. Stateless but for what is handed in; the module
 * graph decides when. Maps are made by doing it again when a debugger asks, so that no save pays for them.
 */
import { createHash } from 'node:crypto';
import { closeSync, openSync, readFileSync } from 'node:fs';
import path from 'node:path';
import { AUTHOR_API_PATH, EMPTY_MODULE_PATH, STYLE_API_PATH, type ModuleId, type ModuleMeta } from '../../protocol.ts';
import { codeFrame, HmrError, placeAt } from '../errors.ts';
import { classify, moduleSourceFor } from './assets.ts';
import { absoluteCssUrls } from './css.ts';
import { compileCssModule } from './css-modules.ts';
import { link, type Linked, type Request } from './link.ts';
import { fileOfId, idOfFile } from './module-ids.ts';
import type { Resolver } from './resolve.ts';
import { composeMaps, type RawSourceMap } from './source-map.ts';
import { transformSource, transformWithMap } from './transform.ts';
import type { TsconfigFinder } from './tsconfig.ts';

export interface CompilerOptions {
  readonly root: string;
  readonly resolver: Resolver;
  readonly tsconfig: TsconfigFinder;
  /** What was read, for telling a real change from a mere save. */
  readonly onRead: (filePath: string, content: Buffer) => void;
  /** For data URLs. */
  readonly mediaType: (filePath: string) => string;
  readonly importMap: (specifier: string) => string | undefined;
  /** Versions for the URLs of what changed, in the text of a stylesheet and alone; and the files that a stylesheet reaches, itself first. */
  readonly css: {
    versioned(text: string, filePath: string): Promise<string>;
    stamp(filePath: string): Promise<string>;
    files(filePath: string): Promise<string[]>;
    hash(filePath: string): Promise<string | undefined>;
  };
  /** The text of an inline module script; undefined when the page has no such script any more. */
  readonly inlineModule: (html: Buffer, urlPath: string, index: number) => { readonly source: string; readonly baseUrlPath: string } | undefined;
}

export interface Compiled {
  readonly meta: ModuleMeta;
  readonly text: string;
  readonly lineCount: number;
  readonly files: readonly string[];
  readonly externals: readonly string[];
  locate(dep: number, name: string): HmrError['location'];
}

export interface Compiler {
  /** @throws HmrError with place and frame */
  compile(id: ModuleId): Promise<Compiled>;
  /** From the definition's lines to the author's; undefined for modules that have no source of their own (assets, JSON). */
  map(id: ModuleId): Promise<RawSourceMap | undefined>;
  /** For a classic script written in TypeScript: types removed, nothing linked. */
  classic(filePath: string): Promise<string>;
}

/** A module as JavaScript, before it is linked. */
interface Script {
  readonly code: string;
  /** The author's text when it is JavaScript or becomes it; for maps and frames. */
  readonly source: string | undefined;
  readonly files: readonly string[];
  /** File whose folder relative specifiers start from. */
  readonly importerPath: string;
  /** Of what the code stands for but does not hold: the bytes of an image. */
  readonly contentKey: string;
  /**
   * What is compared in place of the code, where that holds versions: they tell what changed since the start of this server, which the next
   * one does not know, and it must not take that for a change.
   */
  readonly unversioned?: string;
}

const DEFINE_LINES_BEFORE = 1;

/** Import attributes name another module type, and so another module (ECMA-262 §16.2.1.4, ModuleRequest Records). */
const BY_ATTRIBUTE = new Map([
  ['css', '?sheet'],
  ['json', '?json'],
]);

export function createCompiler(options: CompilerOptions): Compiler {
  const { root, resolver, tsconfig, css } = options;

  const read = (filePath: string): Buffer => {
    let descriptor: number | undefined;
    try {
      // Synchronous: for the thousand small files of a cold start the thread pool costs five times the read.
      descriptor = openSync(filePath, 'r');
      const content = readFileSync(descriptor);
      options.onRead(filePath, content);
      return content;
    } catch (cause) {
      const name = path.relative(root, filePath);
      throw new HmrError('READ', `${name} could not be read.`, { location: { file: filePath, line: 1, column: 1 }, cause });
    } finally {
      if (descriptor !== undefined) closeSync(descriptor);
    }
  };

  const scriptOf = async (id: ModuleId): Promise<Script> => {
    const { filePath, search } = fileOfId(root, id);
    const content = read(filePath);
    const plain = { files: [filePath], importerPath: filePath, contentKey: '' };
    const kind = classify(filePath, search);
    switch (kind) {
      case 'script': {
        const source = decode(content);
        return { ...plain, source, code: await toJavaScript(source, filePath) };
      }
      case 'inline-module': {
        const index = Number(new URLSearchParams(search).get('inline-module'));
        const inline = options.inlineModule(content, id.slice(0, id.indexOf('?')), index);
        if (!inline) throw new HmrError('READ', `${path.relative(root, filePath)} has no inline module script number ${index + 1} any more.`);
        const { filePath: importerPath } = fileOfId(root, inline.baseUrlPath.replace(/[^/]*$/, 'page.html'));
        return { ...plain, importerPath, source: inline.source, code: inline.source };
      }
      case 'css':
      case 'css-sheet': {
        const text = absoluteCssUrls(decode(content), idOfFile(root, { filePath, search: '' }));
        return { ...plain, ...(await styleScript(text, filePath, kind === 'css' ? styleModule : sheetModule)) };
      }
      case 'css-module': {
        const result = await compileCssModule(decode(content), { filePath, root });
        const script = await styleScript(result.css, filePath, (text) => `${styleModule(text)}\n${exportLines(result.exports)}`);
        return { ...plain, ...script, files: [...script.files, ...result.dependencies] };
      }
      default: {
        const url = idOfFile(root, { filePath, search: '' });
        const codeFor = (at: string): string => moduleSourceFor(kind, { filePath, content, url: at, mediaType: options.mediaType(filePath) });
        return { ...plain, source: undefined, code: codeFor(url + (await css.stamp(filePath))), unversioned: codeFor(url), contentKey: hashOf(content) };
      }
    }
  };

  type StyleScript = Pick<Script, 'source' | 'code' | 'unversioned' | 'files' | 'contentKey'>;

  const styleScript = async (text: string, filePath: string, toCode: (text: string) => string): Promise<StyleScript> => {
    const files = await css.files(filePath);
    const reached = await Promise.all(files.slice(1).map((file) => css.hash(file)));
    const code = toCode(await css.versioned(text, filePath));
    return { source: undefined, code, unversioned: toCode(text), files, contentKey: reached.join() };
  };

  const toJavaScript = async (source: string, filePath: string): Promise<string> => {
    const loader = loaderOf(filePath);
    if (loader === 'js') return source;
    return (await transformSource(source, { filePath, loader, tsconfigRaw: tsconfig.rawFor(filePath) })).code;
  };

  const linkScript = async (script: Script, filePath: string, urls: ReadonlyMap<string, string>): Promise<Linked> => {
    const linkOptions = { file: filePath, urls: (specifier: string) => urls.get(specifier) };
    try {
      return link(script.code, linkOptions);
    } catch (error) {
      if (script.source === undefined || script.code !== script.source) throw error;
      // Syntax that the parser does not know yet (decorators), or a mistake, which the compiler explains better.
      const lowered = await transformSource(script.source, { filePath, loader: 'js', tsconfigRaw: tsconfig.rawFor(filePath) });
      return link(lowered.code, linkOptions);
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
      if (error instanceof HmrError) throw located(error, request.specifier, script, filePath);
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
    const script = await scriptOf(id);
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
      locate: (dep, name) => locateImport(linked, script, filePath, dep, name),
    };
  };

  const map = async (id: ModuleId): Promise<RawSourceMap | undefined> => {
    const { filePath } = fileOfId(root, id);
    const script = await scriptOf(id);
    if (script.source === undefined) return undefined;
    const loader = loaderOf(filePath);
    const sourceName = id.replace(/\?.*$/, '');
    const first =
      loader === 'js' || script.code === script.source
        ? undefined
        : await transformWithMap(script.source, { filePath, loader, tsconfigRaw: tsconfig.rawFor(filePath) });
    const linked = link(first?.code ?? script.code, { file: filePath });
    return composeMaps({ link: linked.map(), compile: first?.map, source: sourceName, content: script.source, linesBefore: DEFINE_LINES_BEFORE });
  };

  const classic = async (filePath: string): Promise<string> => toJavaScript(decode(read(filePath)), filePath);

  return { compile, map, classic };
}

function loaderOf(filePath: string): 'ts' | 'tsx' | 'jsx' | 'js' {
  const extension = /\.([cm]?[jt]sx?)$/i.exec(filePath)?.[1]?.toLowerCase() ?? 'js';
  if (extension === 'tsx' || extension === 'jsx') return extension;
  return extension.includes('ts') ? 'ts' : 'js';
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

function hashOf(content: string | Buffer): string {
  return createHash('sha1').update(content).digest('base64url').slice(0, 10);
}

function countLines(text: string): number {
  let lines = 0;
  for (let at = text.indexOf('\n'); at !== -1; at = text.indexOf('\n', at + 1)) lines++;
  return lines;
}

function decode(content: Buffer): string {
  const text = content.toString('utf8');
  return text.startsWith('\ufeff') ? text.slice(1) : text;
}

function styleModule(text: string): string {
  return [
    `import { style, remove } from ${JSON.stringify(STYLE_API_PATH)};`,
    `style(${JSON.stringify(text)});`,
    'import.meta.hot.accept();',
    'import.meta.hot.prune(remove);',
  ].join('\n');
}

function sheetModule(text: string): string {
  return [
    `import { sheet } from ${JSON.stringify(STYLE_API_PATH)};`,
    `export default sheet(${JSON.stringify(text)});`,
    'import.meta.hot.accept();',
  ].join('\n');
}

/** A class that came or went concerns importers; a new rule for a known class does not. */
function exportLines(names: Readonly<Record<string, string>>): string {
  const key = JSON.stringify(Object.keys(names).sort());
  const lines = [`const names = ${JSON.stringify(names)};`, 'export default names;'];
  for (const [name, value] of Object.entries(names)) {
    if (/^[A-Za-z_$][\w$]*$/.test(name) && !RESERVED.has(name)) lines.push(`export const ${name} = ${JSON.stringify(value)};`);
  }
  lines.push(
    `const before = import.meta.hot.data.names;`,
    `import.meta.hot.data.names = ${JSON.stringify(key)};`,
    `if (before !== undefined && before !== ${JSON.stringify(key)}) import.meta.hot.invalidate('its class names changed');`,
  );
  return lines.join('\n');
}

// Binding names that a module may not declare, and the two that the emitted code declares itself.
const RESERVED = new Set(
  (
    'arguments await before break case catch class const continue debugger default delete do else enum eval export extends false ' +
    'finally for function if implements import in instanceof interface let names new null package private protected public remove ' +
    'return static style super switch this throw true try typeof var void while with yield'
  ).split(' '),
);

/** Puts an error of resolving at the specifier in the author's text, which the compiler may have moved. */
function located(error: HmrError, specifier: string, script: Script, filePath: string): HmrError {
  const { source } = script;
  const offset = source === undefined ? -1 : indexOfSpecifier(source, specifier);
  if (source === undefined || offset === -1) return error;
  const place = placeAt(source, offset);
  return new HmrError(error.code, error.message, {
    location: { file: filePath, ...place },
    frame: codeFrame(source, place.line, place.column),
    hint: error.hint,
    cause: error,
  });
}

function indexOfSpecifier(source: string, specifier: string): number {
  for (const quote of [`'`, `"`]) {
    const at = source.search(new RegExp(`(?:from|import)\\s*${quote}${specifier.replace(/[$()*+.?[\\\]^{|}]/g, '\\$&')}${quote}`));
    if (at !== -1) return source.indexOf(quote, at);
  }
  return -1;
}

function locateImport(
  linked: Linked,
  script: Script,
  filePath: string,
  dep: number,
  name: string,
): HmrError['location'] {
  const named = [...linked.imports, ...linked.reexports].find((entry) => entry.dep === dep && entry.name === name);
  if (!named || script.source === undefined) return undefined;
  if (script.code === script.source) return { file: filePath, ...placeAt(script.source, named.start) };
  const specifier = linked.requests[named.dep]?.specifier ?? '';
  const offset = indexOfSpecifier(script.source, specifier);
  return offset === -1 ? undefined : { file: filePath, ...placeAt(script.source, offset) };
}
