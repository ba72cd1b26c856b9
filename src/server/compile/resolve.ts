/**
 * What a specifier names. The rules of Node, bundlers and `exports` are a package's; ours are the web's (`/` is the served folder, URLs stay
 * URLs) and TypeScript's `paths`, which are asked of the tsconfig that compiles the file, so that a broken one has one error. The package's own
 * reading of tsconfig knows neither jsconfig.json nor solutions.
 */
import { existsSync } from 'node:fs';
import { isBuiltin } from 'node:module';
import path from 'node:path';
import { ResolverFactory, type NapiResolveOptions, type ResolveResult } from 'oxc-resolver';
import { NO_BASE, type Base } from '../base.ts';
import { HmrError } from '../errors.ts';
import { findAlias, type Alias } from './alias.ts';
import { isLocalUrl } from './css.ts';
import { readJsonObject } from './json-syntax.ts';
import { createFormats, isInPackage, type Formats } from './formats.ts';
import { fileOfId, idOfFile, isOutside } from './module-ids.ts';
import {
  builtinError,
  missingAliasError,
  missingFileError,
  missingPackageError,
  schemeError,
  trueName,
  type Asked,
} from './resolve-errors.ts';
import { createTsconfigFinder, type TsconfigFinder } from './tsconfig.ts';

export type Resolution =
  /** `search` is the query of the specifier with its `?`, or empty. */
  | { readonly kind: 'file'; readonly filePath: string; readonly search: string }
  | { readonly kind: 'external'; readonly url: string }
  /** `"browser": { "fs": false }` in a package.json. */
  | { readonly kind: 'disabled' }
  /** Of Node, asked for by a package: many that also run in a browser import what they use in Node only. */
  | { readonly kind: 'node'; readonly name: string }
  | { readonly kind: 'error'; readonly error: HmrError };

export interface ResolveOptions {
  /** `url` is what a browser makes of an URL in a stylesheet or `new URL`: the file need not be there. */
  readonly kind: 'import' | 'require' | 'url';
}

export interface Resolver {
  /** @param importerPath absolute; only its folder and extension count */
  resolve(specifier: string, importerPath: string, options: ResolveOptions): Resolution;
  /** Whether a file says what specifiers mean or how others compile. */
  isConfiguration(filePath: string): boolean;
  /** Files came or went. */
  clear(): void;
}

export interface ResolverOptions {
  /** Real path of the served folder. */
  readonly root: string;
  readonly tsconfig?: TsconfigFinder;
  readonly formats?: Formats;
  readonly alias?: Alias;
  readonly base?: Base;
  /** Of what packages offer: in place of what is for development. */
  readonly isProduction?: boolean;
}

const CONFIGURATION = /[\\/](?:package|[tj]sconfig[^\\/]*)\.json$/;
/** What package managers write at the end of an installation. */
const INSTALLED = /[\\/]node_modules[\\/]\.(?:package-lock\.json|modules\.yaml|yarn-state\.yml)$/;

const EXTENSIONS = ['.ts', '.tsx', '.mts', '.jsx', '.js', '.mjs', '.json'];
/** For importers in JavaScript, beside which there may lie a `view.ts` that is to replace `view.js`, or the one that it was made of. */
const JAVASCRIPT_EXTENSIONS = ['.js', '.mjs', '.jsx', '.ts', '.tsx', '.mts', '.json'];

const OPTIONS = {
  extensions: EXTENSIONS,
  // A file that is there wins; `./x.js` for x.ts, as TypeScript wants it written, comes second.
  extensionAlias: { '.js': ['.js', '.ts', '.tsx'], '.jsx': ['.jsx', '.tsx'], '.mjs': ['.mjs', '.mts'] },
  conditionNames: ['import', 'module', 'browser', 'development', 'default'],
  // Where a package offers both, `browser` is often a script for an element and `module` the module.
  mainFields: ['module', 'browser', 'main'],
  aliasFields: ['browser'],
  nodePath: false,
} satisfies NapiResolveOptions;

export function createResolver(options: ResolverOptions): Resolver {
  const { root, tsconfig = createTsconfigFinder({ root }), formats = createFormats(root), alias, base = NO_BASE } = options;
  const conditionNames = OPTIONS.conditionNames.map((name) => (options.isProduction && name === 'development' ? 'production' : name));
  const common = { ...OPTIONS, conditionNames };
  const typeScript = new ResolverFactory(common);
  // Clones share what they know of the disk.
  const javaScript = typeScript.cloneWithOptions({ ...common, extensions: JAVASCRIPT_EXTENSIONS });
  const required = typeScript.cloneWithOptions({ ...common, conditionNames: conditionNames.with(0, 'require') });
  // Some packages have a script under the field `browser` and their module elsewhere.
  const anywhere = typeScript.cloneWithOptions({ ...common, mainFields: ['module', 'main'] });
  const checksCase = isCaseInsensitive(root);
  const isCommonJs = ({ filePath }: Found): boolean => isInPackage(filePath) && formats.of(filePath) === 'commonjs';

  const factoryFor = ({ kind, importerPath }: Asked): ResolverFactory => {
    if (kind === 'require') return required;
    return /\.[cm]?jsx?$/i.test(importerPath) ? javaScript : typeScript;
  };

  const find = (asked: Asked, factory: ResolverFactory): Found | 'disabled' | undefined => {
    const aliased = alias && findAlias(asked.request, alias);
    const places = aliased ? [{ folder: alias.folder, request: aliased.request }] : lookups(asked, root, tsconfig, base);
    for (const { folder, request } of places) {
      for (const spelling of spellings(request)) {
        const found = toFound(factory.sync(folder, spelling), spelling);
        if (found) return found;
      }
    }
    return undefined;
  };

  const resolveImport = (asked: Asked): Resolution => {
    const first = find(asked, factoryFor(asked));
    const isWrongKind = asked.kind === 'import' && first && first !== 'disabled' && isCommonJs(first);
    const other = isWrongKind ? find(asked, anywhere) : undefined;
    const found = other && other !== 'disabled' && !isCommonJs(other) ? other : first;
    if (found === 'disabled') return { kind: 'disabled' };
    const aliased = alias && findAlias(asked.request, alias);
    if (!found && aliased) return failure(missingAliasError(asked, aliased));
    if (!found) return isBuiltin(asked.request) ? builtin(asked) : failure(missing(asked, root, tsconfig));
    const wrongCase = checksCase && !isPackageName(asked.request) && trueName(found.filePath) !== found.filePath;
    if (wrongCase) return failure(missingFileError(asked, found.filePath));
    return { kind: 'file', filePath: found.filePath, search: asked.search };
  };

  return {
    resolve(specifier, importerPath, { kind }) {
      if (kind === 'url') return resolveUrl(base.toId(specifier), importerPath, root);
      if (/^(?:(?:https?|data|blob):|\/\/)/i.test(specifier)) return { kind: 'external', url: specifier };
      const [, request = '', search = ''] = /^([^?]*)(\?[^#]*)?/.exec(specifier) ?? [];
      const asked: Asked = { specifier, request, search, importerPath, root, kind };
      try {
        const isAliased = alias !== undefined && findAlias(request, alias) !== undefined;
        if (/^[a-z][a-z\d+.-]*:/i.test(request) && !isAliased) return isBuiltin(request) ? builtin(asked) : failure(schemeError(asked));
        return resolveImport(asked);
      } catch (error) {
        // Of a tsconfig or package.json on the way.
        if (error instanceof HmrError) return failure(error);
        throw error;
      }
    },
    isConfiguration: (filePath) => CONFIGURATION.test(filePath) || INSTALLED.test(filePath) || tsconfig.reads(filePath),
    clear() {
      typeScript.clearCache();
      tsconfig.invalidate();
      formats.clear();
    },
  };
}

interface Lookup {
  readonly folder: string;
  readonly request: string;
}

/** Where to look, in order, and for what. */
function lookups({ request, importerPath }: Asked, root: string, tsconfig: TsconfigFinder, base: Base): Lookup[] {
  const folder = path.dirname(importerPath);
  if (isRelative(request)) return [{ folder, request }];
  // As in a URL, `..` ends at the root. With the base it is what a browser would ask for, without it what bundlers have taught.
  const rooted = [...new Set([base.toId(request), request])];
  if (request.startsWith('/')) return rooted.map((one) => ({ folder: root, request: `.${path.posix.normalize(one)}` }));
  const candidates = tsconfig.find(importerPath)?.pathCandidates(request) ?? [];
  return [...candidates.map((candidate) => ({ folder: root, request: candidate })), { folder, request }];
}

/** Specifiers are URLs, in which a space is `%20`; but bundlers take them literally, and names with `%` exist. */
function spellings(request: string): string[] {
  if (!request.includes('%')) return [request];
  try {
    return [request, decodeURIComponent(request)];
  } catch {
    // URIError: a `%` that encodes nothing.
    return [request];
  }
}

interface Found {
  readonly filePath: string;
}

/** @throws HmrError `SYNTAX` for a broken package.json on the way */
function toFound({ path: found, error }: ResolveResult, request: string): Found | 'disabled' | undefined {
  if (found === undefined) {
    const broken = /^JSONError \{ path: ("(?:[^"\\]|\\.)*")/.exec(error ?? '')?.[1];
    if (broken !== undefined) readJsonObject(String(JSON.parse(broken)));
    return error?.startsWith('Path is ignored') ? 'disabled' : undefined;
  }
  // A fragment comes back at the end of the path, where a name with `#` may also end.
  const filePath = request.includes('#', 1) && !existsSync(found) ? found.replace(/#[^#]*$/, '') : found;
  // `paths` may lead to declarations, for packages that have none of their own.
  return /\.d\.[cm]?ts$/.test(filePath) ? undefined : { filePath };
}

/** As a browser resolves it, but to the file behind the URL. */
function resolveUrl(specifier: string, importerPath: string, root: string): Resolution {
  if (!isLocalUrl(specifier)) return { kind: 'external', url: specifier };
  const base = `http://root${idOfFile(root, { filePath: importerPath, search: '' })}`;
  const { pathname, search } = URL.canParse(specifier, base) ? new URL(specifier, base) : { pathname: '', search: '' };
  const isFile = !/%(?:2f|5c|00|(?![\da-f]{2}))/i.test(pathname) && !pathname.endsWith('/');
  // Only a file that is itself outside the served folder may name others there.
  const isReachable = !isOutside(pathname) || isOutside(new URL(base).pathname);
  if (isFile && isReachable) return { kind: 'file', filePath: fileOfId(root, pathname).filePath, search };
  return failure(new HmrError('RESOLVE', `"${specifier}" is not the URL of a file (in ${path.relative(root, importerPath)}).`));
}

function builtin(asked: Asked): Resolution {
  if (!isInPackage(asked.importerPath)) return failure(builtinError(asked));
  return { kind: 'node', name: asked.request.replace(/^node:/, '') };
}

function missing(asked: Asked, root: string, tsconfig: TsconfigFinder): HmrError {
  const { request, importerPath } = asked;
  if (isRelative(request)) return missingFileError(asked, path.resolve(path.dirname(importerPath), request));
  if (request.startsWith('/')) return missingFileError(asked, path.join(root, path.posix.normalize(request)));
  return missingPackageError(asked, tsconfig.find(importerPath)?.pathCandidates(request) ?? []);
}

function isCaseInsensitive(root: string): boolean {
  const swapped = root.replace(/\p{L}/gu, (letter) => (letter === letter.toUpperCase() ? letter.toLowerCase() : letter.toUpperCase()));
  return swapped !== root && existsSync(swapped);
}

function isRelative(request: string): boolean {
  return /^\.{1,2}(?:\/|$)/.test(request);
}

function isPackageName(request: string): boolean {
  return !isRelative(request) && !request.startsWith('/');
}

function failure(error: HmrError): Resolution {
  return { kind: 'error', error };
}
