/**
 * The package.json that governs a file, as Node reads it: the nearest above it, and never one above a `node_modules`. Kept until files came or
 * went, since every module asks.
 */
import { readFileSync } from 'node:fs';
import path from 'node:path';
import { nodeError } from './node-errors.ts';

export interface PackageJson {
  readonly folder: string;
  readonly name: string | undefined;
  readonly main: string | undefined;
  readonly type: 'module' | 'commonjs' | undefined;
  readonly exports: unknown;
  readonly imports: unknown;
}

export interface PackageScopes {
  /** Of a file. */
  of(filePath: string): PackageJson | undefined;
  /** The one in a folder. @throws the error of Node for broken JSON */
  at(folder: string): PackageJson | undefined;
  /** Whether this file has said what others mean. */
  reads(filePath: string): boolean;
  clear(): void;
}

export function createPackageScopes(): PackageScopes {
  const byFolder = new Map<string, PackageJson | undefined>();
  const scopes = new Map<string, PackageJson | undefined>();

  const at = (folder: string): PackageJson | undefined => {
    if (!byFolder.has(folder)) byFolder.set(folder, read(folder));
    return byFolder.get(folder);
  };

  const scopeOf = (folder: string): PackageJson | undefined => {
    if (scopes.has(folder)) return scopes.get(folder);
    const parent = path.dirname(folder);
    const isEnd = parent === folder || path.basename(folder) === 'node_modules';
    const found = isEnd && path.basename(folder) === 'node_modules' ? undefined : (at(folder) ?? (isEnd ? undefined : scopeOf(parent)));
    scopes.set(folder, found);
    return found;
  };

  return {
    at,
    of: (filePath) => scopeOf(path.dirname(filePath)),
    reads: (filePath) => path.basename(filePath) === 'package.json' && byFolder.has(path.dirname(filePath)),
    clear() {
      byFolder.clear();
      scopes.clear();
    },
  };
}

function read(folder: string): PackageJson | undefined {
  const file = path.join(folder, 'package.json');
  let text: string;
  try {
    text = readFileSync(file, 'utf8');
  } catch {
    return undefined; // ENOENT, ENOTDIR: there is none.
  }
  const json = parse(text, file);
  const { name, main, type } = json;
  return {
    folder,
    name: typeof name === 'string' ? name : undefined,
    main: typeof main === 'string' ? main : undefined,
    type: type === 'module' || type === 'commonjs' ? type : undefined,
    exports: json['exports'],
    imports: json['imports'],
  };
}

function parse(text: string, file: string): Readonly<Record<string, unknown>> {
  try {
    const value: unknown = JSON.parse(text.replace(/^\ufeff/, ''));
    return typeof value === 'object' && value !== null ? (value as Record<string, unknown>) : {};
  } catch (cause) {
    const reason = cause instanceof Error ? cause.message : String(cause);
    throw nodeError(Error, 'ERR_INVALID_PACKAGE_CONFIG', `Invalid package config ${file}. ${reason}`);
  }
}
