/**
 * Which file a path means: as Node has it first, then as TypeScript is written (`./x.js` for x.ts, `./x` for x.ts or x/index.ts). Told apart, so
 * that JavaScript which Node would refuse is refused here too.
 */
import { realpathSync, statSync } from 'node:fs';
import path from 'node:path';
import type { PackageScopes } from './package-scope.ts';

const TYPESCRIPT = ['.ts', '.tsx', '.mts', '.cts', '.jsx', '.js', '.mjs', '.cjs', '.json'];
const COMMONJS = ['.js', '.json', '.node', '.ts', '.tsx', '.cts', '.cjs'];
const WRITTEN_AS: Readonly<Record<string, readonly string[]>> = {
  '.js': ['.ts', '.tsx'],
  '.jsx': ['.tsx'],
  '.mjs': ['.mts'],
  '.cjs': ['.cts'],
};

export function isTypeScript(filePath: string): boolean {
  return /\.(?:[cm]?ts|tsx)$/i.test(filePath);
}

/** The file of the name, or the one that TypeScript calls by it. */
export function findExact(filePath: string): string | undefined {
  if (isFile(filePath)) return realPath(filePath);
  const extension = path.extname(filePath);
  const base = filePath.slice(0, filePath.length - extension.length);
  const found = WRITTEN_AS[extension]?.find((other) => isFile(base + other));
  return found === undefined ? undefined : realPath(base + found);
}

/** As TypeScript's bundler resolution. */
export function findLoosely(filePath: string): string | undefined {
  return findExact(filePath) ?? withExtension(filePath, TYPESCRIPT) ?? withExtension(path.join(filePath, 'index'), TYPESCRIPT);
}

/** As `require`, TypeScript included. */
export function findRequired(filePath: string, scopes: PackageScopes): string | undefined {
  const isFolder = /[\\/]$/.test(filePath);
  const file = isFolder ? undefined : (findExact(filePath) ?? withExtension(filePath, COMMONJS));
  if (file !== undefined) return file;
  const main = scopes.at(path.resolve(filePath))?.main;
  if (main !== undefined) {
    const target = path.join(filePath, main);
    const found = findExact(target) ?? withExtension(target, COMMONJS) ?? withExtension(path.join(target, 'index'), COMMONJS);
    if (found !== undefined) return found;
  }
  return withExtension(path.join(filePath, 'index'), COMMONJS);
}

/** The places that were looked at in vain, whose coming would mend it. */
export function candidates(filePath: string): string[] {
  const extension = path.extname(filePath);
  const base = filePath.slice(0, filePath.length - extension.length);
  const written = (WRITTEN_AS[extension] ?? []).map((other) => base + other);
  return [filePath, ...written, ...TYPESCRIPT.map((other) => filePath + other), path.join(filePath, 'index.js')];
}

export function isFolder(filePath: string): boolean {
  return statSync(filePath, { throwIfNoEntry: false })?.isDirectory() ?? false;
}

function withExtension(base: string, extensions: readonly string[]): string | undefined {
  const found = extensions.find((extension) => isFile(base + extension));
  return found === undefined ? undefined : realPath(base + found);
}

function isFile(filePath: string): boolean {
  return statSync(filePath, { throwIfNoEntry: false })?.isFile() ?? false;
}

/** Node knows modules by their real paths. */
export function realPath(filePath: string): string {
  return realpathSync.native(filePath);
}
