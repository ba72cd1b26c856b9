/**
 * Why an import names nothing, who asked, and what was probably meant. Apart from the rules of resolving, because all of this runs only
 * after a failure, may therefore read folders freely, and is longer than the rules.
 */
import { existsSync, readdirSync, type Dirent } from 'node:fs';
import path from 'node:path';
import { HmrError } from '../errors.ts';
import { closest } from '../suggest.ts';
import type { Aliased } from './alias.ts';
import { isInPackage } from './formats.ts';
import { readJsonObject } from './json-syntax.ts';

/** A specifier in its context. */
export interface Asked {
  readonly specifier: string;
  /** Without query. */
  readonly request: string;
  readonly search: string;
  readonly importerPath: string;
  readonly root: string;
  readonly kind: 'import' | 'require';
}

/** @param target the absolute path that was looked for */
export function missingFileError(asked: Asked, target: string): HmrError {
  const { specifier } = asked;
  const meant = nearest(target) ?? sameNamed(asked.root, target);
  const isCase = meant !== undefined && meant.toLowerCase() === target.toLowerCase();
  const name = meant === undefined ? '' : specifierOf(asked, meant);
  const hint = isCase ? `It is called "${name}" on disk; upper and lower case matter.` : `Did you mean "${name}"?`;
  return new HmrError('RESOLVE', `"${specifier}" was not found (${imported(asked)}).`, {
    hint: meant === undefined ? 'Create the file, or correct the path.' : hint,
  });
}

/** @param candidates absolute paths that tsconfig's `paths` give the specifier */
export function missingPackageError(asked: Asked, candidates: readonly string[]): HmrError {
  const { request, specifier, importerPath } = asked;
  if (request.startsWith('#')) return privateImportError(asked);
  const name = packageName(request);
  const folder = packageFolder(name, path.dirname(importerPath));
  if (folder !== undefined) return packageContentsError(asked, name, folder);
  const message = `The package "${name}" was not found (${imported(asked)}).`;
  // What a package misses lies in no folder of the author's.
  const beside = isInPackage(importerPath)
    ? []
    : [path.resolve(path.dirname(importerPath), request), ...candidates].flatMap((target) => nearest(target, 'same') ?? []);
  const [file] = beside;
  if (file !== undefined) return new HmrError('RESOLVE', message, { hint: `Did you mean "${specifierOf(asked, file, 'relative')}"?` });
  // No package may be called so; an alias may.
  if (/^(?:~|@\/|@$)/.test(request)) {
    const [first] = candidates;
    const hint = first === undefined ? 'Add it to "paths" in tsconfig.json.' : `tsconfig.json leads to ${relative(asked.root, first)}.`;
    return new HmrError('RESOLVE', `"${specifier}" was not found (${imported(asked)}).`, { hint });
  }
  return new HmrError('RESOLVE', message, { hint: `npm install ${name}` });
}

export function missingAliasError(asked: Asked, { name, target, filePath }: Aliased): HmrError {
  const message = `"${asked.specifier}" was not found (${imported(asked)}): the alias "${name}" stands for "${target}".`;
  if (filePath === undefined) return new HmrError('RESOLVE', message, { hint: `npm install ${packageName(target)}` });
  const meant = nearest(filePath);
  const hint = `There is no ${relative(asked.root, filePath)}${meant === undefined ? '' : `; did you mean ${relative(asked.root, meant)}?`}`;
  return new HmrError('RESOLVE', message, { hint });
}

export function builtinError(asked: Asked): HmrError {
  const name = asked.request.replace(/^node:/, '');
  return new HmrError('UNSUPPORTED', `"${asked.specifier}" is a module of Node.js, which a browser does not have (${imported(asked)}).`, {
    hint: `Move what needs "${name}" out of the code for the page, or install a package that replaces it.`,
  });
}

export function schemeError(asked: Asked): HmrError {
  const scheme = /^[^:]*:/.exec(asked.specifier)?.[0] ?? '';
  return new HmrError('RESOLVE', `"${asked.specifier}" cannot be loaded: nothing here knows "${scheme}" (${imported(asked)}).`, {
    hint: 'Imports can be files, packages, and http:, https:, data: and blob: URLs.',
  });
}

/** The path with its names as they are on disk: on macOS and Windows other spellings of case open the file too. */
export function trueName(filePath: string): string {
  const parent = path.dirname(filePath);
  if (parent === filePath) return filePath;
  const folder = trueName(parent);
  const name = path.basename(filePath);
  const names = entriesOf(folder).map((entry) => entry.name);
  const actual = names.includes(name) ? name : names.find((other) => other.toLowerCase() === name.toLowerCase());
  return path.join(folder, actual ?? name);
}

function imported({ importerPath, root }: Asked): string {
  return `imported by ${relative(root, importerPath)}`;
}

function privateImportError(asked: Asked): HmrError {
  return new HmrError('RESOLVE', `"${asked.specifier}" was not found (${imported(asked)}).`, {
    hint: 'Names with # are declared under "imports" in package.json.',
  });
}

/** The package is there, what was asked of it is not. */
function packageContentsError(asked: Asked, name: string, folder: string): HmrError {
  const exported = exportedNames(folder).map((key) => name + key.slice(1));
  if (exported.length > 0 && !exported.includes(asked.request)) {
    const near = closest(asked.request, exported);
    return new HmrError('RESOLVE', `The package "${name}" does not export "${asked.request}" (${imported(asked)}).`, {
      hint:
        near === undefined
          ? `It exports ${exported
              .slice(0, 6)
              .map((key) => `"${key}"`)
              .join(', ')}.`
          : `Did you mean "${near}"?`,
    });
  }
  const what = asked.request === name ? 'its entry file is missing' : `"${asked.request.slice(name.length + 1)}" is not in it`;
  return new HmrError('RESOLVE', `The package "${name}" is installed, but ${what} (${imported(asked)}).`, {
    hint: 'See "exports", "module" and "main" in its package.json; a linked package may need to be built first.',
  });
}

/** Keys of `exports` that name something: `.` and `./feature`, no patterns. */
function exportedNames(folder: string): string[] {
  const { exports: exported } = readJsonObject(path.join(folder, 'package.json'));
  if (typeof exported !== 'object' || exported === null) return [];
  return Object.keys(exported).filter((key) => key.startsWith('.') && !key.includes('*'));
}

function packageName(request: string): string {
  return request.split('/', request.startsWith('@') ? 2 : 1).join('/');
}

function packageFolder(name: string, from: string): string | undefined {
  for (let folder = from; ; folder = path.dirname(folder)) {
    const found = path.join(folder, 'node_modules', name);
    if (existsSync(path.join(found, 'package.json'))) return found;
    if (folder === path.dirname(folder)) return undefined;
  }
}

/** What lies closest to a path, name by name. @param how `same` allows another extension or case, `alike` also mistypings */
function nearest(target: string, how: 'same' | 'alike' = 'alike'): string | undefined {
  const parent = path.dirname(target);
  if (parent === target) return target;
  const folder = existsSync(parent) ? parent : nearest(parent, how);
  if (folder === undefined) return undefined;
  const entries = entriesOf(folder);
  const wanted = path.basename(target);
  const names = entries.map((entry) => entry.name);
  const name = names.find((other) => other === wanted) ?? matching(wanted, names, how);
  return name === undefined ? undefined : path.join(folder, name);
}

function matching(wanted: string, names: readonly string[], how: 'same' | 'alike'): string | undefined {
  const lower = wanted.toLowerCase();
  const same =
    names.find((name) => name.toLowerCase() === lower) ??
    names.find((name) => stem(name).toLowerCase() === lower) ??
    names.find((name) => stem(name).toLowerCase() === stem(lower) && isScript(name) === isScript(lower));
  if (same !== undefined || how === 'same') return same;
  const near = closest(wanted, names);
  if (near !== undefined) return near;
  const nearStem = closest(stem(wanted), names.map(stem));
  return nearStem === undefined ? undefined : names.find((name) => stem(name) === nearStem);
}

const SEARCHED_FOLDERS = 500;

/** A file of that name in another folder of the project: it was moved, or the path leaves out a folder. Nearest to the root first. */
function sameNamed(root: string, target: string): string | undefined {
  const wanted = path.basename(target).toLowerCase();
  const queue = [root];
  for (let index = 0; index < Math.min(queue.length, SEARCHED_FOLDERS); index++) {
    const folder = queue[index] ?? root;
    for (const entry of entriesOf(folder)) {
      if (entry.isDirectory()) queue.push(path.join(folder, entry.name));
      else if (entry.name.toLowerCase() === wanted || stem(entry.name).toLowerCase() === wanted) return path.join(folder, entry.name);
    }
  }
  return undefined;
}

/** Scripts first, without what nobody imports from by path. */
function entriesOf(folder: string): Dirent[] {
  try {
    const entries = readdirSync(folder, { withFileTypes: true }).filter(({ name }) => !name.startsWith('.') && name !== 'node_modules');
    return entries.sort((a, b) => Number(isScript(b.name)) - Number(isScript(a.name)));
  } catch {
    // ENOENT, ENOTDIR, EACCES: then there is nothing to suggest from it.
    return [];
  }
}

/** As the author would write it: from the importer or, where the specifier was, from the root. */
function specifierOf({ request, importerPath, root, search }: Asked, filePath: string, form: 'same' | 'relative' = 'same'): string {
  if (form === 'same' && request.startsWith('/')) return `/${relative(root, filePath)}${search}`;
  const fromImporter = relative(path.dirname(importerPath), filePath);
  return (fromImporter.startsWith('../') ? fromImporter : `./${fromImporter}`) + search;
}

function relative(from: string, to: string): string {
  return path.relative(from, to).split(path.sep).join('/');
}

function stem(name: string): string {
  return name.replace(/\.\w+$/, '');
}

function isScript(name: string): boolean {
  return /\.[cm]?[jt]sx?$/i.test(name);
}
