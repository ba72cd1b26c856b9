/**
 * The folder as a bundler sees it: resolver, tsconfig, globs, environment and import maps of the server, wired to esbuild. The counterpart of
 * `project.ts`, which wires the same to the graphs of a running server.
 */
import path from 'node:path';
import { createBase } from '../base.ts';
import type { ResolvedBuildOptions } from './build-options.ts';
import { createPatternAliases, type Alias } from '../compile/alias.ts';
import { createBundler, type Bundler } from '../compile/bundle/bundler.ts';
import { createBundleScripts } from '../compile/bundle/bundle-scripts.ts';
import { envDefine } from '../compile/env-module.ts';
import { createFormats } from '../compile/formats.ts';
import { createGlobs } from '../compile/globs.ts';
import { createResolver, type Resolver } from '../compile/resolve.ts';
import { readSource } from '../compile/sources.ts';
import { createAssetLookup } from '../compile/specifiers.ts';
import { createTsconfigFinder } from '../compile/tsconfig.ts';
import { envFolder, readPublicEnv } from '../config/env-files.ts';
import { mediaType } from '../http/content-type.ts';
import { createImportMaps, type ImportMaps } from '../import-maps.ts';
import { packageRoot } from '../package-info.ts';
import { projectFolder } from '../config/project-folder.ts';

export interface BundleProject {
  readonly bundler: Bundler;
  readonly resolver: Resolver;
  readonly importMaps: ImportMaps;
}

export interface BundleProjectOptions extends ResolvedBuildOptions {
  readonly isHidden: (filePath: string, exhaustive: boolean) => boolean;
  /** The address of a file that keeps its name. */
  readonly keptUrl: (filePath: string) => string | undefined;
  /** The file that a path in the folder means. */
  readonly fileFor: (filePath: string) => string;
  readonly warn: (message: string) => void;
}

export function createBundleProject({ server, warn, isHidden, keptUrl, fileFor, ...output }: BundleProjectOptions): BundleProject {
  const { root, mode, plugins } = server;
  const folder = projectFolder(root);
  const base = createBase(server.base);
  const importMaps = createImportMaps(base);
  const tsconfig = createTsconfigFinder({ root });
  const formats = createFormats(root);
  const aliases = { ...server.alias };
  const alias: Alias = { folder, of: () => aliases };
  const resolver = createResolver({ root, base, tsconfig, formats, alias, isProduction: true });
  const read = (filePath: string): Buffer => readSource(root, filePath);
  const globs = createGlobs({ root, isHidden, aliases: createPatternAliases({ root, alias, importMap: importMaps.resolve, tsconfig }) });
  const scripts = createBundleScripts({
    root,
    tsconfig,
    globs,
    read,
    jsxImportSource: plugins.find(({ refresh }) => refresh)?.refresh?.importSource,
    sourcemap: output.sourcemap,
    warn,
    assetOf: createAssetLookup({ root, resolver }),
  });
  const variables = readPublicEnv({
    folder: envFolder(root, mode),
    mode,
    prefixes: server.envPrefix,
    environment: process.env,
    warn,
  });
  const bundler = createBundler({
    ...output,
    root,
    folder,
    base: base.path,
    resolver,
    formats,
    importMap: importMaps.resolve,
    authorApi: path.join(packageRoot(), 'dist', 'client', 'api.js'),
    plugins,
    onAlias: (more) => void Object.assign(aliases, more),
    scripts,
    define: {
      'process.env.NODE_ENV': '"production"',
      'import.meta.hot': 'undefined',
      ...envDefine({ base: base.path, mode, variables }),
      ...server.define,
    },
    read,
    mediaType,
    keptUrl,
    fileFor,
    warn,
  });
  return { bundler, resolver, importMaps };
}
