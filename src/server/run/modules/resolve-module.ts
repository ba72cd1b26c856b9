/**
 * What a specifier in a Node program names: a file that runs in the registry, or something that stays Node's (builtins, packages in
 * node_modules, native addons). By Node's rules for `import` and `require`, which differ; then by TypeScript's.
 */
import { isBuiltin } from 'node:module';
import path from 'node:path';
import { fileURLToPath, pathToFileURL } from 'node:url';
import { candidates, findExact, findLoosely, findRequired, isFolder, isTypeScript, realPath } from './find-file.ts';
import { idOfFile } from './file-ids.ts';
import { directoryImport, invalidSpecifier, moduleNotFound, requiresModules } from './node-errors.ts';
import { resolveExports, resolveImports, type Asked } from './package-exports.ts';
import type { PackageJson, PackageScopes } from './package-scope.ts';

export type ResolveKind = 'import' | 'require';

export type Resolved =
  | { readonly kind: 'file'; readonly filePath: string; readonly id: string }
  /** Node's own to load. */
  | { readonly kind: 'native'; readonly url: string };

export interface ModuleResolver {
  /** @throws the error that Node has for it */
  resolve(specifier: string, importerPath: string, kind: ResolveKind): Resolved;
  /** Places where something was looked for and not found, since the last `clear`. */
  readonly missed: ReadonlySet<string>;
  /** Whether a file says what specifiers mean. */
  isConfiguration(filePath: string): boolean;
  /** Files came or went. */
  clear(): void;
}

export interface ModuleResolverOptions {
  readonly scopes: PackageScopes;
  /** Besides those that Node has by itself. */
  readonly conditions: readonly string[];
  /** Packages of node_modules that run in the registry. */
  readonly include: readonly string[];
  /** `paths` of the tsconfig that compiles a file: absolute, without extensions, best first. */
  readonly pathCandidates: (specifier: string, importerPath: string) => readonly string[];
}

interface Request {
  readonly specifier: string;
  readonly importerPath: string;
  readonly kind: ResolveKind;
}

export function createModuleResolver({ scopes, conditions, include, pathCandidates }: ModuleResolverOptions): ModuleResolver {
  const common = ['node', 'node-addons', ...(requiresModules() ? ['module-sync'] : []), ...conditions];
  const conditionsOf = { import: new Set(['import', ...common]), require: new Set(['require', ...common]) };
  const known = new Map<string, Resolved>();
  const missed = new Set<string>();

  const isIncluded = (filePath: string): boolean => {
    const [name] = /[\\/]node_modules[\\/]((?:@[^\\/]+[\\/])?[^\\/]+)[\\/](?!.*[\\/]node_modules[\\/])/.exec(filePath)?.slice(1) ?? [];
    return name !== undefined && include.includes(name.replace('\\', '/'));
  };

  /** @param importerPath of a specifier that does not leave the package */
  const toResolved = (filePath: string, search = '', importerPath?: string): Resolved => {
    const isOwn = importerPath !== undefined && packageFolder(filePath) === packageFolder(importerPath);
    const isOurs = !isInNodeModules(filePath) || isOwn || isIncluded(filePath);
    if (isOurs && !/\.(?:node|wasm)$/.test(filePath)) return { kind: 'file', filePath, id: idOfFile(filePath, search) };
    return { kind: 'native', url: pathToFileURL(filePath).href + search };
  };

  const notFound = (target: string, { importerPath }: Request, url?: string): Error => {
    for (const candidate of candidates(target)) missed.add(candidate);
    return moduleNotFound('module', target, importerPath, url);
  };

  const importFile = (request: Request): Resolved => {
    const { specifier, importerPath } = request;
    const url = new URL(specifier, pathToFileURL(importerPath));
    if (/%2f|%5c/i.test(url.pathname)) throw invalidSpecifier(specifier, 'must not include encoded "/" or "\\" characters', importerPath);
    const target = fileURLToPath(url);
    const found = isTypeScript(importerPath) ? findLoosely(target) : findExact(target);
    if (found !== undefined) return toResolved(found, url.search + url.hash, importerPath);
    if (isFolder(target)) throw directoryImport(target, importerPath, url.href);
    throw notFound(target, request, url.href);
  };

  const requireFile = (request: Request): Resolved => {
    const { specifier, importerPath } = request;
    const target = path.resolve(path.dirname(importerPath), specifier) + (/[\\/]$|(?:^|[\\/])\.\.?$/.test(specifier) ? path.sep : '');
    const found = findRequired(target, scopes);
    if (found === undefined) throw notFound(target, request);
    return toResolved(found, '', importerPath);
  };

  const aliased = (request: Request): Resolved | undefined => {
    for (const candidate of pathCandidates(request.specifier, request.importerPath)) {
      const found = findLoosely(candidate);
      if (found !== undefined && !/\.d\.[cm]?ts$/.test(found)) return toResolved(found);
      for (const place of candidates(candidate)) missed.add(place);
    }
    return undefined;
  };

  const ofPackage = (owner: PackageJson | undefined, folder: string, subpath: string, asked: Asked, request: Request): Resolved => {
    if (owner?.exports !== undefined && owner.exports !== null) {
      const target = resolveExports(owner, subpath, asked);
      const found = findExact(target);
      if (found === undefined) throw notFound(target, request);
      return toResolved(found);
    }
    const isLoose = request.kind === 'require' || isTypeScript(request.importerPath);
    const target = subpath === '.' ? folder : path.join(folder, subpath);
    const found = subpath === '.' || isLoose ? findRequired(target, scopes) : findExact(target);
    if (found === undefined) throw notFound(target, request);
    return toResolved(found);
  };

  const bare = (request: Request): Resolved => {
    const { specifier, importerPath, kind } = request;
    const asked: Asked = { specifier, importerPath, conditions: conditionsOf[kind] };
    const scope = scopes.of(importerPath);
    if (specifier.startsWith('#')) {
      const target = resolveImports(scope, asked);
      if (target.kind === 'specifier') return resolve(target.specifier, path.join(scope?.folder ?? '', 'package.json'), kind);
      const found = findExact(target.filePath);
      if (found === undefined) throw notFound(target.filePath, request);
      return toResolved(found, '', importerPath);
    }
    const [, name, rest = ''] = /^((?:@[^/\\%]+\/)?[^@./\\%][^/\\%]*)(.*)$/.exec(specifier) ?? [];
    if (name === undefined) throw invalidSpecifier(specifier, 'is not a valid package name', importerPath);
    const subpath = `.${rest}`;
    if (scope?.name === name && scope.exports !== undefined && scope.exports !== null) {
      const found = findExact(resolveExports(scope, subpath, asked));
      if (found !== undefined) return toResolved(found, '', importerPath);
    }
    for (let folder = path.dirname(importerPath); ; folder = path.dirname(folder)) {
      const place = path.join(folder, 'node_modules', name);
      if (path.basename(folder) !== 'node_modules' && isFolder(place))
        return ofPackage(scopes.at(place), realPath(place), subpath, asked, request);
      if (folder === path.dirname(folder)) break;
    }
    missed.add(path.join(scope?.folder ?? path.dirname(importerPath), 'node_modules', name));
    throw moduleNotFound('package', name, importerPath);
  };

  const resolve = (specifier: string, importerPath: string, kind: ResolveKind): Resolved => {
    if (isBuiltin(specifier)) return { kind: 'native', url: specifier.startsWith('node:') ? specifier : `node:${specifier}` };
    const request: Request = { specifier, importerPath, kind };
    if (kind === 'require') {
      if (/^\.{0,2}\/|^\.{1,2}$/.test(specifier) || path.isAbsolute(specifier)) return requireFile(request);
    } else {
      if (/^\.{0,2}\//.test(specifier) || specifier.startsWith('file:')) return importFile(request);
      if (/^[a-z][a-z\d+.-]+:/i.test(specifier)) return { kind: 'native', url: specifier };
    }
    const key = `${kind}\n${path.dirname(importerPath)}\n${specifier}`;
    let resolved = known.get(key);
    if (!resolved) known.set(key, (resolved = aliased(request) ?? bare(request)));
    return resolved;
  };

  return {
    resolve,
    missed,
    isConfiguration: scopes.reads,
    clear() {
      known.clear();
      missed.clear();
      scopes.clear();
    },
  };
}

export function isInNodeModules(filePath: string): boolean {
  return /[\\/]node_modules[\\/]/.test(filePath);
}

/** The innermost package of node_modules that a file is in; empty for one in none. */
export function packageFolder(filePath: string): string {
  return /^.*[\\/]node_modules[\\/](?:@[^\\/]+[\\/])?[^\\/]+(?=[\\/])/.exec(filePath)?.[0] ?? '';
}
