/**
 * What a process of the program has read before the program itself: environment files, package.json, lockfiles, tsconfig. The watcher's word is not
 * enough for a restart: it also tells of what was missing all along, and of what was written just before the start.
 */
import { statSync } from 'node:fs';
import path from 'node:path';

export interface Settings {
  readonly files: readonly string[];
  /** A process starts, and reads them as they are now. */
  noteStart(): void;
  has(file: string): boolean;
  /** One of these files that is as the process has read it. */
  isSame(file: string): boolean;
}

/** Besides what the program names: what is read before it, or by packages. */
const ALWAYS = ['.env', 'package.json', 'package-lock.json', 'yarn.lock', 'pnpm-lock.yaml', 'bun.lock', 'tsconfig.json'];

export function createSettings(envFiles: readonly string[]): Settings {
  const files = [...new Set([...envFiles, ...ALWAYS].map((name) => path.resolve(name)))];
  const stamps = new Map<string, string>();
  return {
    files,
    noteStart() {
      for (const file of files) stamps.set(file, stampOf(file));
    },
    has: (file) => stamps.has(file),
    isSame: (file) => stamps.get(file) === stampOf(file),
  };
}

/** Empty for what is not there. */
function stampOf(file: string): string {
  const stats = statSync(file, { throwIfNoEntry: false });
  return stats === undefined ? '' : `${stats.mtimeMs} ${stats.ctimeMs} ${stats.size} ${stats.ino}`;
}
