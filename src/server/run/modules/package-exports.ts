/**
 * `exports` and `imports` of a package.json, by Node's algorithm (Node's manual, "ECMAScript modules", PACKAGE_EXPORTS_RESOLVE and its sisters).
 * Not by oxc-resolver, which the page uses: its library takes 8 to 15 ms to load, which every start of a program would pay, and its errors are not
 * Node's.
 */
import path from 'node:path';
import { invalidSpecifier, nodeError } from './node-errors.ts';
import type { PackageJson } from './package-scope.ts';

export interface Asked {
  readonly specifier: string;
  readonly importerPath: string;
  readonly conditions: ReadonlySet<string>;
}

/** A file of the package, or with `imports` what another specifier names. */
export type Target = { readonly kind: 'file'; readonly filePath: string } | { readonly kind: 'specifier'; readonly specifier: string };

const INVALID_SEGMENT = /(?:^|[\\/])(?:\.\.?|node_modules)(?:[\\/]|$)/i;

/** @param subpath `.`, or with `./` in front */
export function resolveExports(owner: PackageJson, subpath: string, asked: Asked): string {
  const { exports } = owner;
  const isSugar = typeof exports === 'string' || Array.isArray(exports) || (isObject(exports) && !hasSubpaths(exports));
  const map = isSugar ? { '.': exports } : (exports as Readonly<Record<string, unknown>>);
  const found = resolveMap(subpath, map, owner, asked, false);
  if (found?.kind === 'file') return found.filePath;
  throw notExported(owner, subpath, asked);
}

/** Of a specifier that begins with `#`. */
export function resolveImports(owner: PackageJson | undefined, asked: Asked): Target {
  const { specifier, importerPath } = asked;
  if (specifier === '#' || specifier.startsWith('#/'))
    throw invalidSpecifier(specifier, 'is not a valid internal imports specifier name', importerPath);
  const found = owner && isObject(owner.imports) ? resolveMap(specifier, owner.imports, owner, asked, true) : undefined;
  if (found) return found;
  const where = owner ? ` in package ${path.join(owner.folder, 'package.json')}` : '';
  const message = `Package import specifier "${specifier}" is not defined${where} imported from ${importerPath}`;
  throw nodeError(TypeError, 'ERR_PACKAGE_IMPORT_NOT_DEFINED', message);
}

function resolveMap(
  key: string,
  map: Readonly<Record<string, unknown>>,
  owner: PackageJson,
  asked: Asked,
  isImports: boolean,
): Target | undefined {
  const place: Place = { key, owner, asked, isImports };
  if (Object.hasOwn(map, key) && !key.includes('*')) return resolveTarget(map[key], undefined, place) ?? undefined;
  const patterns = Object.keys(map)
    .filter((pattern) => pattern.includes('*'))
    .sort(bySpecificity);
  for (const pattern of patterns) {
    const [before = '', after = ''] = pattern.split('*');
    const fits = key.startsWith(before) && key !== before && key.endsWith(after) && key.length >= pattern.length;
    if (fits) return resolveTarget(map[pattern], key.slice(before.length, key.length - after.length), place) ?? undefined;
  }
  return undefined;
}

interface Place {
  readonly key: string;
  readonly owner: PackageJson;
  readonly asked: Asked;
  readonly isImports: boolean;
}

/** `null` is the author's "not exported"; undefined: no condition fits. @param match what `*` stands for */
function resolveTarget(target: unknown, match: string | undefined, place: Place): Target | null | undefined {
  if (typeof target === 'string') return resolveText(target, match, place);
  if (Array.isArray(target)) return resolveFirst(target, match, place);
  if (target === null) return null;
  if (!isObject(target)) throw invalidTarget(target, place);
  for (const [condition, value] of Object.entries(target)) {
    if (condition !== 'default' && !place.asked.conditions.has(condition)) continue;
    const found = resolveTarget(value, match, place);
    if (found !== undefined) return found;
  }
  return undefined;
}

function resolveFirst(targets: readonly unknown[], match: string | undefined, place: Place): Target | null | undefined {
  let last: Target | null | undefined = null;
  let failure: unknown;
  for (const target of targets) {
    try {
      last = resolveTarget(target, match, place);
    } catch (error) {
      failure = error; // An invalid target: the next one counts.
      continue;
    }
    if (last) return last;
  }
  if (failure !== undefined && !last) throw failure;
  return last;
}

function resolveText(target: string, match: string | undefined, place: Place): Target {
  const { owner, isImports, asked, key } = place;
  const filled = match === undefined ? target : target.replaceAll('*', () => match);
  if (!target.startsWith('./')) {
    if (!isImports || target.startsWith('../') || target.startsWith('/')) throw invalidTarget(target, place);
    return { kind: 'specifier', specifier: filled };
  }
  if (INVALID_SEGMENT.test(target.slice(2))) throw invalidTarget(target, place);
  if (match !== undefined && INVALID_SEGMENT.test(match)) {
    throw invalidSpecifier(
      key,
      `request is not a valid match in pattern for the "${isImports ? 'imports' : 'exports'}" resolution`,
      asked.importerPath,
    );
  }
  return { kind: 'file', filePath: path.join(owner.folder, decodeURIComponent(filled)) };
}

/** The longest before its `*`, then the longest. */
function bySpecificity(a: string, b: string): number {
  return b.indexOf('*') - a.indexOf('*') || b.length - a.length;
}

function hasSubpaths(exports: Readonly<Record<string, unknown>>): boolean {
  return Object.keys(exports).some((key) => key.startsWith('.'));
}

function isObject(value: unknown): value is Readonly<Record<string, unknown>> {
  return typeof value === 'object' && value !== null && !Array.isArray(value);
}

function invalidTarget(target: unknown, { key, owner, isImports, asked }: Place): Error {
  const field = isImports ? 'imports' : 'exports';
  const message = `Invalid "${field}" target ${JSON.stringify(target)} defined for '${key}' in the package config ${path.join(owner.folder, 'package.json')} imported from ${asked.importerPath}`;
  return nodeError(Error, 'ERR_INVALID_PACKAGE_TARGET', message);
}

function notExported({ folder }: PackageJson, subpath: string, { importerPath }: Asked): Error {
  const what = subpath === '.' ? 'No "exports" main defined' : `Package subpath '${subpath}' is not defined by "exports"`;
  const message = `${what} in ${path.join(folder, 'package.json')} imported from ${importerPath}`;
  return nodeError(Error, 'ERR_PACKAGE_PATH_NOT_EXPORTED', message);
}
