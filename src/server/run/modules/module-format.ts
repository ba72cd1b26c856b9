/**
 * Which kind of module a file of a Node program is: by its extension, then by the `type` of its package; where neither says so its text decides,
 * as Node does (`--experimental-detect-module`, on by default since 20.19).
 */
import path from 'node:path';
import { nodeError } from './node-errors.ts';
import type { PackageScopes } from './package-scope.ts';

export type DeclaredFormat =
  | 'module'
  | 'commonjs'
  | 'json'
  /** What the text says. */
  | 'detected'
  /** The same of TypeScript where Node would take JavaScript for CommonJS: its compilers give it the names of CommonJS too. */
  | 'typescript';

const BY_EXTENSION: Readonly<Record<string, DeclaredFormat>> = {
  '.mjs': 'module',
  '.mts': 'module',
  '.cjs': 'commonjs',
  '.cts': 'typescript',
  '.json': 'json',
};

const BY_TYPE = new Set(['.js', '.jsx', '.ts', '.tsx', '']);

/** @param isRequired by `require`, which takes all that it does not know for JavaScript @throws the error that Node has for an unknown extension */
export function declaredFormat(filePath: string, scopes: PackageScopes, isRequired: boolean): DeclaredFormat {
  const extension = path.extname(filePath).toLowerCase();
  const known = BY_EXTENSION[extension];
  if (known) return known;
  if (!BY_TYPE.has(extension)) {
    if (isRequired) return 'commonjs';
    throw nodeError(TypeError, 'ERR_UNKNOWN_FILE_EXTENSION', `Unknown file extension "${extension}" for ${filePath}`);
  }
  const type = scopes.of(filePath)?.type;
  if (type === 'module') return 'module';
  if (/^\.tsx?$/.test(extension)) return 'typescript';
  return type === 'commonjs' ? 'commonjs' : 'detected';
}
