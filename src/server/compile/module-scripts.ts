/**
 * Every kind of module before it is linked: scripts as the author wrote them, stylesheets, JSON and assets as small modules that stand for
 * them.
 */
import path from 'node:path';
import { INLINE_QUERY, type ModuleId } from '../../protocol.ts';
import { NO_BASE, type Base } from '../base.ts';
import { hashOf } from '../content-hash.ts';
import { HmrError } from '../errors.ts';
import { BY_LOADER, classify, classifyQuery, moduleSourceFor, textOf, type GeneratedKind, type ModuleKind } from './assets.ts';
import { absoluteUrl } from './css.ts';
import { compileCssModule } from './css-modules.ts';
import { ENV_MODULE_ID } from './env-module.ts';
import { isInPackage, type Formats } from './formats.ts';
import type { Loader } from './esbuild.ts';
import { takeInlineMap, withoutCssMap } from './inline-map.ts';
import { fileOfId, idOfFile } from './module-ids.ts';
import { FILE, type PluginModule, type PluginModules } from './plugins/plugin-modules.ts';
import type { Refresh } from './plugins/plugin.ts';
import type { RawSourceMap } from './source-map.ts';
import { unreadable, type Source, type Sources } from './sources.ts';
import { classNameExports, sheetModule, styleModule } from './style-modules.ts';
import { loaderOf, lowerSource, type Define, type Language } from './transform.ts';
import type { SwapLevel } from '../../runtime/swap/shape.ts';
import type { TsconfigFinder } from './tsconfig.ts';

/** Versions for the URLs of what changed, in the text of a stylesheet and alone; and the files that a stylesheet reaches, itself first. */
export interface StyleVersions {
  render(
    filePath: string,
    text: string,
    toUrl?: (url: string) => string | undefined,
  ): Promise<{ readonly versioned: string; readonly unversioned: string }>;
  stamp(filePath: string): Promise<string>;
  files(filePath: string): Promise<string[]>;
  hash(filePath: string): Promise<string | undefined>;
  isSheet(filePath: string): boolean;
  /** A sheet as a plugin makes it; undefined for one that is as it is on disk. Rejects with HmrError, also for one that is not closed. */
  made(filePath: string): Promise<Pick<Source, 'content' | 'loader'> | undefined>;
}

/** How the code of all modules is compiled, besides tsconfig.json. Plugins have a say, so it is known once they are set up. */
export interface CompileSettings {
  readonly define: Define;
  /** By extension, with its dot. */
  readonly loader: Readonly<Record<string, Loader>>;
  readonly refresh: Refresh | undefined;
  readonly hotswap: SwapLevel;
}

export interface ModuleScriptsOptions {
  readonly root: string;
  readonly base?: Base;
  readonly sources: Sources;
  readonly modules: Pick<PluginModules, 'at'>;
  readonly settings: () => CompileSettings;
  /** The text of the module that `import.meta.env` stands for. */
  readonly env: () => string;
  readonly tsconfig: TsconfigFinder;
  readonly formats: Formats;
  /** Of a file of which only the address is needed, so that it may be large; undefined when it cannot be read. */
  readonly version: (filePath: string) => string | undefined;
  /** For data URLs. */
  readonly mediaType: (filePath: string) => string;
  readonly css: StyleVersions;
  /** The text of an inline module script; undefined when the page has no such script any more. */
  readonly inlineModule: (
    html: Buffer,
    urlPath: string,
    number: number,
  ) => Promise<{ readonly source: string; readonly baseUrlPath: string } | undefined>;
}

/** A module before it is compiled and linked. */
export interface Script {
  readonly code: string;
  /** From the code to what its author wrote, where a plugin says so. */
  readonly map?: RawSourceMap | undefined;
  /** What the author wrote it in; undefined for JavaScript that stands for another kind of file. */
  readonly language: Language | undefined;
  readonly files: readonly string[];
  /** What it was made of besides: to be watched, and not to be served. */
  readonly watched: readonly string[];
  /** File whose folder relative specifiers start from. */
  readonly importerPath: string;
  /** The same for plugins: empty for what is in no folder. */
  readonly resolveDir: string;
  /** As plugins know it. */
  readonly module: PluginModule;
  /** Of what the code stands for but does not hold: the bytes of an image. */
  readonly contentKey: string;
  /**
   * What is compared in place of the code, where that holds versions: they tell what changed since the start of this server, which the next
   * one does not know, and it must not take that for a change.
   */
  readonly unversioned?: string;
  /** Of a larger file, with blank lines and columns in front in place of the rest. */
  readonly isPart?: boolean;
}

export interface ModuleScripts {
  /** @throws HmrError with place and frame */
  read(id: ModuleId): Promise<Script>;
  /** For a classic script written in TypeScript: types removed, nothing linked. @throws HmrError */
  classic(filePath: string): Promise<string>;
}

export function createModuleScripts(options: ModuleScriptsOptions): ModuleScripts {
  const { root, tsconfig, css, sources } = options;
  const { toUrl } = options.base ?? NO_BASE;

  const languageOf = (filePath: string, code: string, loader = loaderOf(filePath), isMade = false): Language => {
    const { define, refresh, hotswap } = options.settings();
    const format = options.formats.of(filePath, code);
    // What a plugin makes may have hot code of its own, which expects to run again.
    const isSwappable = !isMade && format !== 'commonjs' && !isInPackage(filePath);
    return {
      loader,
      tsconfigRaw: tsconfig.rawFor(filePath),
      format,
      define,
      ...(refresh && format !== 'commonjs' && !isInPackage(filePath) && { refresh }),
      ...(isSwappable && { hotswap }),
    };
  };

  /** What a plugin says that a file is, else its name. */
  const kindOf = (module: PluginModule, loader: Loader | undefined): ModuleKind => {
    const { path: filePath, suffix } = module;
    const given = loader ?? options.settings().loader[path.extname(filePath)];
    if (given === undefined || given === 'default' || classifyQuery(suffix)) return classify(filePath, suffix);
    return BY_LOADER[given] ?? 'script';
  };

  const sourceOf = async (module: PluginModule): Promise<Source> => {
    const { path: filePath, namespace, suffix } = module;
    const asIs = { loader: undefined, resolveDir: undefined, pluginData: undefined, watched: [] };
    const asked = classifyQuery(suffix);
    // What is imported by its address may be a film.
    const unread = { ...asIs, content: Buffer.alloc(0) };
    if (isAddressOnly(asked)) return unread;
    // Whoever asks for the text of a file means what its author wrote.
    const isVerbatim = asked === 'raw' || asked === 'inline-module';
    if (isVerbatim && namespace === FILE) return { ...asIs, content: sources.readFile(filePath) };
    // Made, and found to be whole, once for all that use it, whether by a link or by an import.
    const sheet = namespace === FILE && css.isSheet(filePath) ? await css.made(filePath) : undefined;
    if (sheet) return { ...asIs, ...sheet };
    if (classify(filePath, suffix) !== 'url') return sources.read(module);
    return (await sources.make(module)) ?? unread;
  };

  const read = async (id: ModuleId): Promise<Script> => {
    if (id === ENV_MODULE_ID) return envScript(root, options.env());
    const module = options.modules.at(id);
    if (!module) throw new HmrError('READ', `${id} is a module that no plugin has named.`);
    const { path: filePath, suffix } = module;
    const source = await sourceOf(module);
    const { content, loader, resolveDir, pluginData } = source;
    const isFile = module.namespace === FILE;
    const plain = {
      files: isFile ? [filePath] : [],
      watched: source.watched,
      importerPath:
        resolveDir === undefined ? (isFile ? filePath : path.join(root, 'module.js')) : path.join(resolveDir, path.basename(filePath)),
      resolveDir: resolveDir ?? (isFile ? path.dirname(filePath) : ''),
      contentKey: '',
      module: { ...module, pluginData },
    };
    const kind = kindOf(module, loader);
    switch (kind) {
      case 'script': {
        const { code, map } = loader === undefined ? { code: textOf(content), map: undefined } : takeInlineMap(textOf(content));
        const language = languageOf(
          filePath,
          code,
          scriptLoader(loader ?? options.settings().loader[path.extname(filePath)]),
          !isFile || loader !== undefined,
        );
        // A tsconfig above the folder is watched because a module depends on it.
        const configs = language.loader === 'js' ? [] : (tsconfig.find(filePath)?.files ?? []);
        return { ...plain, watched: [...plain.watched, ...configs], code, map, language };
      }
      case 'inline-module': {
        const number = Number(new URLSearchParams(suffix).get(INLINE_QUERY));
        const inline = await options.inlineModule(content, id.slice(0, id.indexOf('?')), number);
        if (!inline)
          throw new HmrError('READ', `${path.relative(root, filePath)} has no inline module script number ${number + 1} any more.`);
        const { filePath: importerPath } = fileOfId(root, inline.baseUrlPath.replace(/[^/]*$/, path.basename(filePath)));
        return {
          ...plain,
          importerPath,
          resolveDir: path.dirname(importerPath),
          code: inline.source,
          isPart: true,
          language: languageOf(filePath, inline.source),
        };
      }
      case 'css':
      case 'css-sheet': {
        const url = toUrl(idOfFile(root, { filePath, search: '' }));
        const text = await css.render(filePath, textOf(content), (specifier) => absoluteUrl(specifier, url));
        return { ...plain, ...(await styleScript(text, module, kind === 'css' ? styleModule : sheetModule)) };
      }
      case 'css-module': {
        const result = await compileCssModule(textOf(content), { filePath, root, toUrl });
        const text = await css.render(filePath, result.css);
        const script = await styleScript(text, module, (one) => `${styleModule(one)}\n${classNameExports(result.exports)}`);
        return { ...plain, ...script, files: [...script.files, ...result.dependencies] };
      }
      default:
        return { ...plain, language: undefined, ...(await generated(kind, module, source)) };
    }
  };

  const generated = async (
    kind: GeneratedKind,
    module: PluginModule,
    { content, loader }: Source,
  ): Promise<Pick<Script, 'code' | 'unversioned' | 'contentKey'>> => {
    const { path: filePath, namespace } = module;
    const url = toUrl(idOfFile(root, { filePath, search: '' }));
    const mediaType = options.mediaType(filePath);
    const codeFor = (at: string): string => moduleSourceFor(kind, { filePath, content, url: at, mediaType });
    // What a plugin made has no address.
    if (kind === 'url' && (namespace !== FILE || loader !== undefined)) {
      return { code: moduleSourceFor('inline', { filePath, content, url, mediaType }), contentKey: '' };
    }
    const contentKey = isAddressOnly(kind) ? options.version(filePath) : hashOf(content);
    if (contentKey === undefined) throw unreadable(root, filePath);
    return { code: codeFor(url + (namespace === FILE ? await css.stamp(filePath) : '')), unversioned: codeFor(url), contentKey };
  };

  type StyleScript = Pick<Script, 'language' | 'code' | 'unversioned' | 'files' | 'contentKey'>;

  const styleScript = async (
    { versioned, unversioned }: Awaited<ReturnType<StyleVersions['render']>>,
    module: PluginModule,
    toCode: (text: string) => string,
  ): Promise<StyleScript> => {
    const files = module.namespace === FILE ? await css.files(module.path) : [];
    const reached = await Promise.all(files.slice(1).map((file) => css.hash(file)));
    return {
      language: undefined,
      code: toCode(versioned),
      unversioned: toCode(withoutCssMap(unversioned)),
      files,
      contentKey: reached.join(),
    };
  };

  return {
    read,
    async classic(filePath) {
      const source = textOf(sources.readFile(filePath));
      const language = languageOf(filePath, source);
      return language.loader === 'js' ? source : (await lowerSource(source, { ...language, filePath })).code;
    },
  };
}

/** Undefined for a loader that says nothing of its own. */
export function scriptLoader(loader: Loader | undefined): Language['loader'] | undefined {
  return loader === 'ts' || loader === 'tsx' || loader === 'jsx' || loader === 'js' ? loader : undefined;
}

/** Kinds whose module needs to know where the file is, and not what is in it. */
function isAddressOnly(kind: ModuleKind | undefined): boolean {
  return kind === 'url' || kind === 'worker' || kind === 'shared-worker' || kind === 'wasm-init';
}

function envScript(root: string, code: string): Script {
  const module = { path: 'env', namespace: 'hmr-dev', suffix: '', pluginData: undefined };
  return {
    code,
    language: undefined,
    files: [],
    watched: [],
    importerPath: path.join(root, 'env.js'),
    resolveDir: '',
    contentKey: '',
    module,
  };
}
