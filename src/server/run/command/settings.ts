/**
 * Files besides those of the program whose change restarts it: they are read before it, or by packages. A change is another content than the process
 * had that runs: a watcher also tells of what was written just before it was told to watch, and an editor saves what it has not changed.
 */
import { readFileSync } from 'node:fs';
import path from 'node:path';
import { hashOf } from '../../content-hash.ts';

export interface Settings {
  /** Absolute paths; most of them are not there. */
  readonly files: ReadonlySet<string>;
  /** A process starts with them as they are. */
  note(): void;
  /** The first of these files that is a setting, and another one than was noted. */
  changedOf(files: readonly string[]): string | undefined;
}

const NAMES = ['.env', 'package.json', 'package-lock.json', 'yarn.lock', 'pnpm-lock.yaml', 'bun.lock', 'tsconfig.json'];

export function createSettings(cwd: string, envFiles: readonly string[]): Settings {
  const files = new Set([...envFiles, ...NAMES].map((name) => path.resolve(cwd, name)));
  let noted = new Map<string, string | undefined>();
  return {
    files,
    note() {
      noted = new Map([...files].map((file) => [file, contentHash(file)]));
    },
    changedOf: (changed) => changed.find((file) => files.has(file) && contentHash(file) !== noted.get(file)),
  };
}

function contentHash(file: string): string | undefined {
  try {
    return hashOf(readFileSync(file));
  } catch {
    return undefined; // ENOENT, or no file.
  }
}
