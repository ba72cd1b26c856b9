/**
 * The folder as modules and stylesheets: resolver, compiler and the two graphs, wired to each other. What it does not know is who asks and who
 * is told.
 */
import { readFileSync } from 'node:fs';
import path from 'node:path';
import type { ErrorReport } from '../protocol.ts';
import { createBase } from './base.ts';
import { createPatternAliases, type Alias } from './compile/alias.ts';
import type { Loader } from './compile/esbuild.ts';
import { envModule } from './compile/env-module.ts';
import type { PluginSettings } from './compile/plugins/initial-options.ts';
import { createPluginHost, type PluginHost } from './compile/plugins/plugin-host.ts';
import { createHtmlHooks } from './compile/plugins/html-hooks.ts';
import { createPluginModules, FILE, isPluginId, isVirtualFile, virtualFile, type PluginModule } from './compile/plugins/plugin-modules.ts';
import { createSources } from './compile/sources.ts';
import { DEFINE } from './compile/transform.ts';
import type { ResolvedOptions } from './config/config.ts';
import { readHotswap } from './config/hotswap-option.ts';
import { envFolder, readPublicEnv } from './config/env-files.ts';
import { projectFolder } from './config/project-folder.ts';
import { createCompiler, type Compiled, type Compiler } from './compile/compiler.ts';
import { checkCss, replaceUrls, scanCss } from './compile/css.ts';
import { createLinkCache } from './compile/link-cache.ts';
import { fileOfId, idOfFile, isOutside } from './compile/module-ids.ts';
import { createModuleScripts, type ModuleScripts } from './compile/module-scripts.ts';
import { createResolver, type Resolver } from './compile/resolve.ts';
import { createTsconfigFinder } from './compile/tsconfig.ts';
import type { Descriptions } from './descriptions.ts';
import { type HmrError, toReport } from './errors.ts';
import { createFormats, isInPackage } from './compile/formats.ts';
import { createGlobs } from './compile/globs.ts';
import { createCssGraph, type CssGraph } from './hot/css-graph.ts';
import { createIgnore } from './hot/ignore.ts';
import { createModuleGraph, type ModuleGraph } from './hot/module-graph.ts';
import { mediaType } from './http/content-type.ts';
import { isPrivatePath } from './http/private-names.ts';
import { createImportMaps } from './import-maps.ts';
import { createPages, type Pages } from './pages.ts';
import type { PublicFolder } from './public-folder.ts';
import { createVersions, type Versions } from './versions.ts';

export interface Project {
  readonly versions: Versions;
  readonly resolver: Resolver;
  readonly css: CssGraph;
  readonly pages: Pages;
  readonly scripts: ModuleScripts;
  readonly compiler: Compiler;
  readonly graph: ModuleGraph<Compiled>;
  readonly plugins: PluginHost;
  /** Plugins are set up. @throws HmrError `PLUGIN` */
  readonly ready: Promise<void>;
  /** What stands for a virtual module among files; for a file, itself. */
  fileOf(path: string, namespace: string | undefined): string;
  /** Relative to the folder, with slashes. */
  relative(filePath: string): string;
  /** Root-relative URL; undefined outside the folder. */
  urlOf(filePath: string): string | undefined;
  report(error: HmrError): ErrorReport;
  /** Writes what the next start needs. */
  close(): void;
  /** A file changed or went. True: it is a page by whose import map specifiers mean something else now. */
  hasNewImportMap(filePath: string): Promise<boolean>;
}

type Configured = 'root' | 'base' | 'mode' | 'envPrefix' | 'define' | 'alias' | 'plugins' | 'highlight' | 'hotswap';

export interface ProjectOptions extends Pick<ResolvedOptions, Configured> {
  readonly publicFolder?: Pick<PublicFolder, 'fileFor'> | undefined;
  readonly descriptions: Pick<Descriptions, 'add'>;
  /** Where linked modules are kept for the next start; undefined: nowhere. */
  readonly cachePath?: string | undefined;
  /** Names and globs that are not watched, and so not found by `import.meta.glob` either. */
  readonly ignored?: readonly string[] | undefined;
  /** `<epoch>-<sequence>` now, for pages on their way out. */
  readonly lastEventId: () => string;
  /** A module was made from this file, or a stylesheet reaches it: it has to be watched, wherever it is. */
  readonly onFile: (filePath: string) => void;
  readonly warn: (message: string) => void;
}

export function createProject(options: ProjectOptions): Project {
  const { root, publicFolder, cachePath, ignored, lastEventId, warn, descriptions } = options;
  const folder = projectFolder(root);
  const hotswap = readHotswap(options.hotswap);
  const versions = createVersions();
  const base = createBase(options.base);
  const importMaps = createImportMaps(base);
  const tsconfig = createTsconfigFinder({ root });
  const formats = createFormats(root);
  let settings: PluginSettings = { define: { ...DEFINE, ...options.define }, alias: options.alias, loader: {} };
  const alias: Alias = { folder, of: () => settings.alias };
  const resolver = createResolver({ root, base, tsconfig, formats, alias });
  const relative = (filePath: string): string =>
    isVirtualFile(filePath) ? filePath.slice(1) : path.relative(root, filePath).split(path.sep).join('/');
  const onFile = (filePath: string): void => {
    if (!isVirtualFile(filePath)) options.onFile(filePath);
  };

  const plugins = createPluginHost({
    root,
    folder,
    plugins: options.plugins,
    settings,
    warn,
    resolve(specifier, importer, kind) {
      const importerFolder = path.isAbsolute(importer.path) ? path.dirname(importer.path) : root;
      const importerPath = path.join(importer.resolveDir || importerFolder, path.basename(importer.path) || 'index.js');
      const found = resolver.resolve(specifier, importerPath, { kind: kind === 'require-call' ? 'require' : 'import' });
      if (found.kind === 'error') throw found.error;
      const module = { namespace: FILE, suffix: '', pluginData: undefined, external: found.kind !== 'file' };
      return found.kind === 'file' ? { ...module, path: found.filePath, suffix: found.search } : { ...module, path: specifier };
    },
  });
  const modules = createPluginModules(root);
  const setUp = async (): Promise<void> => {
    settings = await plugins.start();
  };
  // Without plugins nothing has to wait.
  const ready = options.plugins.length > 0 ? setUp() : undefined;
  // Whoever compiles is told; here it would end the process.
  ready?.catch(() => undefined);

  const urlOf = (filePath: string): string | undefined => {
    if (isVirtualFile(filePath)) return undefined;
    const id = idOfFile(root, { filePath, search: '' });
    return isOutside(id) ? undefined : id;
  };

  /** Of what no request or module has read, noted as if one had. */
  const versionOf = (filePath: string): string | undefined => versions.noted(filePath) ?? versions.read(filePath);

  const sources = createSources({
    root,
    plugins,
    onRead: versions.note,
    onReadByPlugin: versions.noteRead,
  });
  const sheet = (filePath: string): PluginModule => ({ path: filePath, namespace: FILE, suffix: '', pluginData: undefined });

  const css = createCssGraph<Loader | undefined>({
    isSheet: (filePath) => /\.css$/i.test(filePath) || (PREPROCESSED.test(filePath) && sources.mayMake(sheet(filePath))),
    async read(filePath) {
      await ready;
      const source = await sources.read(sheet(filePath));
      const isMade = source.loader !== undefined;
      // What a package ships has been read by browsers.
      if (!isMade && !isInPackage(filePath)) checkCss(source.content.toString('utf8'), filePath);
      return { ...source, isMade };
    },
    version: versionOf,
    scan: scanCss,
    replace: replaceUrls,
    onFile,
    fileOf(specifier, fromFile) {
      const resolution = resolver.resolve(specifier, fromFile, { kind: 'url' });
      return resolution.kind === 'file' ? (publicFolder?.fileFor(resolution.filePath) ?? resolution.filePath) : undefined;
    },
  });
  const pages = createPages({
    isAlias: (filePath, urlPath) => urlOf(filePath) !== urlPath,
    base,
    versions,
    importMaps,
    lastEventId,
    highlight: options.highlight,
    swapsAlways: hotswap.isAlways,
    html: createHtmlHooks(options.plugins, folder),
    fileOf: (urlPath) => fileOfId(root, urlPath).filePath,
    onFile,
    onNewImportMap: async () => void (await graph.rebuild([], 'specifiers')),
  });
  const env = readPublicEnv({
    folder: envFolder(root, options.mode),
    mode: options.mode,
    prefixes: options.envPrefix,
    environment: process.env,
    warn,
  });
  const scripts = createModuleScripts({
    root,
    base,
    tsconfig,
    formats,
    css,
    sources,
    modules,
    settings: () => ({
      ...settings,
      refresh: options.plugins.find(({ refresh }) => refresh)?.refresh,
      hotswap: hotswap.level,
    }),
    env: () => envModule({ base: base.path, mode: options.mode, variables: env }),
    version: versionOf,
    mediaType,
    inlineModule: pages.inlineModule,
  });
  const cache = createLinkCache({ filePath: cachePath });
  const globs = createGlobs({
    root,
    isHidden: createHidden(root, ignored),
    aliases: createPatternAliases({ root, alias, importMap: importMaps.resolve, tsconfig }),
  });
  const isMadeByPlugin = (id: string): boolean => {
    const module = modules.at(id);
    return module !== undefined && sources.mayMake(module);
  };
  const compiler = createCompiler({
    root,
    resolver,
    scripts,
    cache,
    descriptions,
    globs,
    formats,
    plugins,
    modules,
    importMap: importMaps.resolve,
  });
  const graph = createModuleGraph<Compiled>(
    async (id) => {
      if (ready) await ready;
      return compiler.compile(id);
    },
    { onFile, isPart: (id) => isPluginId(id) || (id.includes('?') && isMadeByPlugin(id)) },
  );

  return {
    versions,
    resolver,
    css,
    pages,
    scripts,
    compiler,
    graph,
    plugins,
    ready: Promise.resolve(ready),
    fileOf: (name, namespace) => (namespace === undefined || namespace === FILE ? name : virtualFile({ namespace, path: name })),
    relative,
    urlOf,
    report: (error) => toReport(error, relative),
    close() {
      cache.close();
      plugins.dispose();
    },
    async hasNewImportMap(filePath) {
      const urlPath = urlOf(filePath);
      return urlPath !== undefined && pages.isKnown(urlPath) && pages.relearn(readOrNothing(filePath), urlPath);
    },
  };
}

/** Kinds of stylesheets that a plugin may turn into CSS. */
const PREPROCESSED = /\.(?:s[ac]ss|less|styl|stylus|pcss|postcss|sss)$/i;

/** What no pattern finds: what is never served, what is not watched. */
export function createHidden(root: string, ignored?: readonly string[]): (filePath: string, exhaustive: boolean) => boolean {
  const isIgnored = createIgnore({ root, ignored });
  return (filePath, exhaustive) => {
    const names = path.relative(root, filePath).split(path.sep);
    const below = names.filter((name) => name !== '..');
    // Above the folder the same names are hidden as in it; what the folder itself is called does not matter.
    return isPrivatePath(below) || (!exhaustive && isIgnored(path.join(root, ...below)));
  };
}

function readOrNothing(filePath: string): Buffer {
  try {
    return readFileSync(filePath);
  } catch {
    return Buffer.alloc(0); // ENOENT, EACCES: a page that says nothing.
  }
}
