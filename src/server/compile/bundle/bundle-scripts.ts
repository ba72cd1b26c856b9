/**
 * Scripts on their way into a bundle. esbuild reads them itself, with the folder's tsconfig; only what has another tsconfig, or something that
 * esbuild does not know, is made into JavaScript here first, and its errors are put back to where the author wrote it.
 */
import { readFileSync } from 'node:fs';
import path from 'node:path';
import type { HmrError } from '../../errors.ts';
import { textOf } from '../assets.ts';
import type { Loader, OnLoadResult, TsconfigRaw } from '../esbuild.ts';
import { isInPackage } from '../formats.ts';
import type { Globs } from '../globs.ts';
import type { Asset } from '../link-meta.ts';
import { scriptLoader } from '../module-scripts.ts';
import { chainMaps, type RawSourceMap } from '../source-map.ts';
import { atSpecifier, inSource } from '../source-places.ts';
import type { AssetLookup } from '../specifiers.ts';
import { loaderOf, lowerSource } from '../transform.ts';
import type { TsconfigFinder } from '../tsconfig.ts';
import { mayNeedRewriting, rewriteForBundle, type Rewritten } from './bundle-source.ts';

export interface BundleScripts {
  /** For esbuild itself, in all files that it reads by itself. */
  readonly tsconfigRaw: TsconfigRaw;
  /** Undefined: esbuild reads it. @throws HmrError */
  load(filePath: string, loader: Loader | undefined): Promise<OnLoadResult | undefined>;
  /** JavaScript that is no file. @param importerPath whose folder relative names start from */
  rewrite(code: string, filePath: string, importerPath: string): { readonly contents: string };
  /** What a plugin of the project has loaded, or undefined for what needs nothing. */
  rewriteLoaded(contents: string, filePath: string, loader: Loader): Promise<string | undefined>;
  /** An error of bundling, which knows the text that esbuild got. */
  inSource(error: HmrError): HmrError;
  /** An error of resolving, at the import. */
  placed(error: HmrError, specifier: string, filePath: string): HmrError;
  /** The text that esbuild got. */
  sourceOf(filePath: string): string | undefined;
}

export interface BundleScriptsOptions {
  readonly root: string;
  readonly tsconfig: TsconfigFinder;
  readonly globs: Globs;
  readonly assetOf: AssetLookup;
  readonly read: (filePath: string) => Buffer;
  /** Where JSX comes from, if a plugin says it. */
  readonly jsxImportSource: string | undefined;
  readonly sourcemap: boolean;
  readonly warn: (message: string) => void;
}

interface Made {
  readonly source: string;
  readonly contents: string;
  readonly map: RawSourceMap | undefined;
}

export function createBundleScripts(options: BundleScriptsOptions): BundleScripts {
  const { root, tsconfig, globs, assetOf, read, jsxImportSource, sourcemap, warn } = options;
  const made = new Map<string, Made>();
  const rawFor = (filePath: string): TsconfigRaw => forBuild(tsconfig.rawFor(filePath), jsxImportSource);
  const tsconfigRaw = rawFor(path.join(root, 'index.ts'));

  const rewriteText = (code: string, filePath: string, importerPath = filePath): Rewritten | undefined =>
    mayNeedRewriting(code)
      ? rewriteForBundle(code, {
          filePath,
          warn: (message) => warn(message.replace(filePath, path.relative(root, filePath))),
          assetOf: (specifier, use) => addressed(assetOf(specifier, importerPath), use),
          globOf: (call) => globs.find(call, { filePath, importerPath }),
        })
      : undefined;

  const lower = async (source: string, filePath: string, loader: 'ts' | 'tsx' | 'jsx' | 'js') =>
    lowerSource(source, { filePath, loader, tsconfigRaw: rawFor(filePath), define: {}, withMap: true });

  return {
    tsconfigRaw,
    async load(filePath, given) {
      const source = textOf(read(filePath));
      const loader = scriptLoader(given) ?? loaderOf(filePath);
      const isOwn = !isInPackage(filePath);
      const needsRewriting = mayNeedRewriting(source);
      const hasOtherConfig = isOwn && loader !== 'js' && JSON.stringify(rawFor(filePath)) !== JSON.stringify(tsconfigRaw);
      if (!needsRewriting && !hasOtherConfig) return undefined;
      const lowered = loader === 'js' ? undefined : await lower(source, filePath, loader);
      let rewritten: Rewritten | undefined;
      try {
        rewritten = rewriteText(lowered?.code ?? source, filePath);
      } catch (error) {
        throw inSource(error as HmrError, lowered?.map, source);
      }
      if (!lowered && !rewritten) return undefined;
      const contents = rewritten?.code ?? lowered?.code ?? source;
      made.set(filePath, { source, contents, map: lowered?.map });
      const comment = sourcemap ? mapComment(filePath, source, rewritten, lowered?.map) : '';
      return { contents: contents + comment, loader: 'js', resolveDir: path.dirname(filePath) };
    },
    rewrite: (code, filePath, importerPath) => ({ contents: rewriteText(code, filePath, importerPath)?.code ?? code }),
    async rewriteLoaded(contents, filePath, loader) {
      const script = scriptLoader(loader);
      if (script === undefined || !mayNeedRewriting(contents)) return undefined;
      const code = script === 'js' ? contents : (await lower(contents, filePath, script)).code;
      return rewriteText(code, filePath)?.code ?? code;
    },
    inSource(error) {
      const known = error.location && made.get(error.location.file);
      return known ? inSource(error, known.map, known.source) : error;
    },
    placed(error, specifier, filePath) {
      const code = made.get(filePath)?.source ?? readOrNothing(filePath);
      return code === undefined ? error : atSpecifier(error, specifier, { code, language: true }, filePath);
    },
    sourceOf: (filePath) => made.get(filePath)?.contents ?? readOrNothing(filePath),
  };

  /** A worker is a program, whatever its file is. */
  function addressed(asset: Asset | undefined, use: 'address' | 'worker'): Asset | undefined {
    if (!asset || use === 'address') return asset;
    const file = asset.id.replace(/\?.*$/s, '');
    return { ...asset, id: `${file}?worker&url` };
  }
}

/** Where elements were written is of no use in a build. */
function forBuild(raw: TsconfigRaw, jsxImportSource: string | undefined): TsconfigRaw {
  if (typeof raw === 'string') return raw;
  const { compilerOptions = {} } = raw;
  const jsx = compilerOptions.jsx ?? (jsxImportSource === undefined ? undefined : 'react-jsx');
  return {
    compilerOptions: {
      ...compilerOptions,
      ...(jsx !== undefined && { jsx: jsx === 'react-jsxdev' ? 'react-jsx' : jsx }),
      ...(jsxImportSource !== undefined && { jsxImportSource: compilerOptions.jsxImportSource ?? jsxImportSource }),
    },
  };
}

function mapComment(filePath: string, source: string, rewritten: Rewritten | undefined, compiled: RawSourceMap | undefined): string {
  const edited = rewritten?.map();
  const later = edited && { version: 3 as const, sources: edited.sources, names: edited.names, mappings: edited.mappings };
  const chained = later && compiled ? chainMaps(later, compiled) : (later ?? compiled);
  if (!chained) return '';
  const map = { ...chained, sources: [path.basename(filePath)], sourcesContent: [source] };
  return `\n//# sourceMappingURL=data:application/json;base64,${Buffer.from(JSON.stringify(map)).toString('base64')}`;
}

function readOrNothing(filePath: string): string | undefined {
  try {
    return readFileSync(filePath, 'utf8');
  } catch {
    return undefined; // ENOENT: a file of a plugin's own making.
  }
}
