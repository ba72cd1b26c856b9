/**
 * The folder as modules and stylesheets: resolver, compiler and the two graphs, wired to each other. What it does not know is who asks and who
 * is told.
 */
import { readFileSync } from 'node:fs';
import { readFile } from 'node:fs/promises';
import path from 'node:path';
import type { ErrorReport } from '../protocol.ts';
import { createCompiler, type Compiled, type Compiler } from './compile/compiler.ts';
import { replaceUrls, scanCss } from './compile/css.ts';
import { createLinkCache } from './compile/link-cache.ts';
import { idOfFile, isOutside } from './compile/module-ids.ts';
import { createModuleScripts, type ModuleScripts } from './compile/module-scripts.ts';
import { createResolver, type Resolver } from './compile/resolve.ts';
import { createTsconfigFinder } from './compile/tsconfig.ts';
import { type HmrError, toReport } from './errors.ts';
import { createFormats } from './compile/formats.ts';
import { createCssGraph, type CssGraph } from './hot/css-graph.ts';
import { createModuleGraph, type ModuleGraph } from './hot/module-graph.ts';
import { contentType } from './http/content-type.ts';
import { createImportMaps } from './import-maps.ts';
import { createPages, type Pages } from './pages.ts';
import { createVersions, type Versions } from './versions.ts';

export interface Project {
  readonly versions: Versions;
  readonly resolver: Resolver;
  readonly css: CssGraph;
  readonly pages: Pages;
  readonly scripts: ModuleScripts;
  readonly compiler: Compiler;
  readonly graph: ModuleGraph<Compiled>;
  /** Relative to the folder, with slashes. */
  relative(filePath: string): string;
  /** Root-relative URL; undefined outside the folder. */
  urlOf(filePath: string): string | undefined;
  report(error: HmrError): ErrorReport;
  /** Writes what the next start needs. */
  close(): void;
  /** A file changed or went. True: it is a page by whose import map specifiers mean something else now. */
  hasNewImportMap(filePath: string): boolean;
}

export interface ProjectOptions {
  readonly root: string;
  /** Where linked modules are kept for the next start; undefined: nowhere. */
  readonly cachePath?: string | undefined;
  /** `<epoch>-<sequence>` now, for pages on their way out. */
  readonly lastEventId: () => string;
  /** A module was made from this file, or a stylesheet reaches it: it has to be watched, wherever it is. */
  readonly onFile: (filePath: string) => void;
}

export function createProject({ root, cachePath, lastEventId, onFile }: ProjectOptions): Project {
  const versions = createVersions();
  const importMaps = createImportMaps();
  const tsconfig = createTsconfigFinder({ root });
  const formats = createFormats(root);
  const resolver = createResolver({ root, tsconfig, formats });
  const relative = (filePath: string): string => path.relative(root, filePath).split(path.sep).join('/');

  const urlOf = (filePath: string): string | undefined => {
    const id = idOfFile(root, { filePath, search: '' });
    return isOutside(id) ? undefined : id;
  };

  /** Of what no request or module has read, noted as if one had. */
  const versionOf = (filePath: string): string | undefined => versions.noted(filePath) ?? versions.read(filePath);

  const css = createCssGraph({
    async read(filePath) {
      const content = await readFile(filePath);
      versions.note(filePath, content);
      return content;
    },
    version: versionOf,
    scan: scanCss,
    replace: replaceUrls,
    onFile,
    fileOf(specifier, fromFile) {
      const resolution = resolver.resolve(specifier, fromFile, { kind: 'url' });
      return resolution.kind === 'file' ? resolution.filePath : undefined;
    },
  });
  const pages = createPages({
    versions,
    importMaps,
    lastEventId,
    onNewImportMap: async () => void (await graph.rebuild([], 'specifiers')),
  });
  const scripts = createModuleScripts({
    root,
    tsconfig,
    formats,
    css,
    onRead: (filePath, content) => void versions.note(filePath, content),
    version: versionOf,
    mediaType: (filePath) => contentType(filePath, Buffer.alloc(0)).replace(/;.*/, ''),
    inlineModule: pages.inlineModule,
  });
  const cache = createLinkCache({ filePath: cachePath });
  const compiler = createCompiler({ root, resolver, scripts, cache, formats, importMap: importMaps.resolve });
  const graph = createModuleGraph<Compiled>((id) => compiler.compile(id), onFile);

  return {
    versions,
    resolver,
    css,
    pages,
    scripts,
    compiler,
    graph,
    relative,
    urlOf,
    report: (error) => toReport(error, relative),
    close: () => cache.close(),
    hasNewImportMap(filePath) {
      const urlPath = urlOf(filePath);
      return urlPath !== undefined && pages.isKnown(urlPath) && pages.relearn(readOrNothing(filePath), urlPath);
    },
  };
}

function readOrNothing(filePath: string): Buffer {
  try {
    return readFileSync(filePath);
  } catch {
    return Buffer.alloc(0); // ENOENT, EACCES: a page that says nothing.
  }
}
