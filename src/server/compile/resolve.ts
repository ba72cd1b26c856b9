/**
 * What a specifier names. The rules of Node, TypeScript and bundlers are a library's (the fastest there is); ours are the web's: `/` is the
 * served folder, URLs stay URLs, and a failure says who asked, what was meant, and what to do.
 */
import { existsSync, readdirSync, readFileSync } from 'node:fs';
import path from 'node:path';
import { ResolverFactory } from 'oxc-resolver';
import { HmrError } from '../errors.ts';
import { closest } from '../suggest.ts';
import { hasModuleSyntax } from './link.ts';

export type Resolution =
  /** `search` is the specifier's query, with its `?`. */
  | { readonly kind: 'file'; readonly filePath: string; readonly search: string }
  | { readonly kind: 'external'; readonly url: string }
  /** `"browser": { "fs": false }` */
  | { readonly kind: 'disabled' }
  | { readonly kind: 'error'; readonly error: HmrError };

export interface Resolver {
  /** @param kind `url`: of a stylesheet or `new URL`; a bare name is then a file beside the importer */
  resolve(specifier: string, importerPath: string, options: { readonly kind: 'import' | 'url' }): Resolution;
  /** Files came or went. */
  clear(): void;
}

const EXTENSIONS = ['.ts', '.tsx', '.mts', '.jsx', '.js', '.mjs', '.json'];
const SCRIPT = /\.[cm]?[jt]sx?$/;

export function createResolver({ root }: { readonly root: string }): Resolver {
  const factory = new ResolverFactory({
    tsconfig: 'auto',
    conditionNames: ['import', 'module', 'browser', 'development', 'default'],
    extensions: EXTENSIONS,
    // A file that is there wins; TypeScript's way of naming the output comes second.
    extensionAlias: { '.js': ['.js', '.ts', '.tsx'], '.jsx': ['.jsx', '.tsx'], '.mjs': ['.mjs', '.mts'] },
    mainFields: ['browser', 'module', 'main'],
    aliasFields: ['browser'],
    builtinModules: true,
  });
  const commonJs = new Map<string, boolean>();

  const isCommonJs = (filePath: string, packageJsonPath: string | undefined): boolean => {
    let known = commonJs.get(filePath);
    if (known === undefined) commonJs.set(filePath, (known = looksCommonJs(filePath, packageJsonPath)));
    return known;
  };

  const resolveFile = (request: string, search: string, specifier: string, importerPath: string): Resolution => {
    const result = factory.resolveFileSync(importerPath, request);
    if (result.builtin) return failure(builtinError(specifier, result.builtin.resolved, importerPath, root));
    if (result.path === undefined) {
      if (/ignored/i.test(result.error ?? '')) return { kind: 'disabled' };
      return failure(notFound(specifier, request, importerPath, root, result.error));
    }
    const [filePath = result.path] = result.path.split('?');
    if (/[\\/]node_modules[\\/]/.test(filePath) && SCRIPT.test(filePath) && isCommonJs(filePath, result.packageJsonPath)) {
      return failure(commonJsError(specifier, importerPath, root));
    }
    return { kind: 'file', filePath, search };
  };

  return {
    resolve(specifier, importerPath, { kind }) {
      if (/^(?:[a-z][a-z+.-]*:|\/\/)/i.test(specifier) && !specifier.startsWith('node:')) return { kind: 'external', url: specifier };
      const query = specifier.search(/[?#](?!.*\/)/);
      const name = query > 0 ? specifier.slice(0, query) : specifier;
      const search = query > 0 && specifier[query] === '?' ? specifier.slice(query).replace(/#.*/, '') : '';
      if (kind === 'url') return resolveUrl(name, search, importerPath, root);
      const request = name.startsWith('/') ? path.join(root, decode(name)) : isRelative(name) ? decode(name) : name;
      return resolveFile(request, search, specifier, importerPath);
    },
    clear() {
      factory.clearCache();
      commonJs.clear();
    },
  };
}

function resolveUrl(name: string, search: string, importerPath: string, root: string): Resolution {
  if (name === '') return { kind: 'disabled' };
  const filePath = name.startsWith('/') ? path.join(root, decode(name)) : path.resolve(path.dirname(importerPath), decode(name));
  return { kind: 'file', filePath, search };
}

const isRelative = (name: string): boolean => /^\.{1,2}(?:\/|$)/.test(name);

function decode(name: string): string {
  try {
    return decodeURI(name);
  } catch {
    // URIError: a file with a lone % in its name.
    return name;
  }
}

function failure(error: HmrError): Resolution {
  return { kind: 'error', error };
}

function looksCommonJs(filePath: string, packageJsonPath: string | undefined): boolean {
  if (/\.m[jt]s$/.test(filePath)) return false;
  if (/\.c[jt]s$/.test(filePath)) return true;
  const { type } = packageJsonPath === undefined ? {} : (JSON.parse(readFileSync(packageJsonPath, 'utf8')) as { type?: unknown });
  // Many packages ship modules as `.js` under `module` without saying `"type": "module"`.
  return type !== 'module' && !hasModuleSyntax(readFileSync(filePath, 'utf8'));
}

function commonJsError(specifier: string, importerPath: string, root: string): HmrError {
  return new HmrError('UNSUPPORTED', `The package "${packageName(specifier)}" is CommonJS, which a browser cannot load (${importer(importerPath, root)}).`, {
    hint: 'Use a version that ships ES modules, or map it to one with an import map: <script type="importmap">.',
  });
}

function builtinError(specifier: string, resolved: string, importerPath: string, root: string): HmrError {
  return new HmrError('UNSUPPORTED', `"${specifier}" is ${resolved} of Node.js, which a browser does not have (${importer(importerPath, root)}).`, {
    hint: `Move the code that needs it to the server, or install a package that replaces it: npm install ${specifier.replace(/^node:/, '')}`,
  });
}

function notFound(specifier: string, request: string, importerPath: string, root: string, cause: string | undefined): HmrError {
  const where = importer(importerPath, root);
  if (!isRelative(request) && !path.isAbsolute(request)) {
    const name = packageName(request);
    const isInstalled = !request.startsWith('#') && isPackageThere(name, path.dirname(importerPath));
    const message = isInstalled
      ? `The package "${name}" does not export "${specifier}" (${where}).`
      : `The package "${name}" was not found (${where}).`;
    return new HmrError('RESOLVE', message, {
      hint: isInstalled ? `See "exports" in its package.json.` : `Install it: npm install ${name}. A file of the folder needs "./": "./${specifier}"`,
      cause,
    });
  }
  const suggestion = meant(specifier, path.resolve(path.dirname(importerPath), request));
  return new HmrError('RESOLVE', `"${specifier}" was not found (${where}).${suggestion === undefined ? '' : ` Did you mean "${suggestion}"?`}`, {
    hint: suggestion === undefined ? 'Create the file, or correct the path.' : undefined,
    cause,
  });
}

function importer(importerPath: string, root: string): string {
  return `imported by ${path.relative(root, importerPath).split(path.sep).join('/')}`;
}

function packageName(specifier: string): string {
  return specifier.split('/', specifier.startsWith('@') ? 2 : 1).join('/');
}

function isPackageThere(name: string, folder: string): boolean {
  for (let at = folder; ; at = path.dirname(at)) {
    if (existsSync(path.join(at, 'node_modules', name, 'package.json'))) return true;
    if (at === path.dirname(at)) return false;
  }
}

/** The name in the same folder that is nearest to what was asked for, written as the author would. */
function meant(specifier: string, target: string): string | undefined {
  let names: string[];
  try {
    names = readdirSync(path.dirname(target));
  } catch {
    // ENOENT: the folder is missing too.
    return undefined;
  }
  const wanted = path.basename(target);
  const stem = (name: string): string => name.replace(/\.\w+$/, '');
  const near =
    names.find((name) => name.toLowerCase() === wanted.toLowerCase()) ??
    names.find((name) => stem(name) === stem(wanted)) ??
    closest(wanted, names) ??
    names.find((name) => stem(name) === closest(stem(wanted), names.map(stem)));
  return near === undefined ? undefined : specifier.replace(/[^/]*$/, near);
}
