/**
 * Hash of every file's content as last read, so that a save that changed nothing is told apart from one that did, whoever read
 * the file: the compiler, a stylesheet, a page on its way to a tab.
 */
import { createHash } from 'node:crypto';
import { readFileSync, statSync } from 'node:fs';
import { setTimeout as delay } from 'node:timers/promises';

export interface Versions {
  /** Notes what was read and returns its hash. */
  note(filePath: string, content: Buffer | string): string;
  /** Current hash; undefined when the file cannot be read. */
  read(filePath: string): string | undefined;
  /** As noted last. */
  noted(filePath: string): string | undefined;
  /** Whether a file that was noted has another content now. Changes nothing. */
  isStale(filePath: string): boolean;
  /** False when what was noted is already history: the file was read in the middle of a save that came meanwhile. */
  isSettled(filePath: string): Promise<boolean>;
  /** Reads again, and notes. False when the content is what it was known to be, and for what was never read and is gone. */
  hasChanged(filePath: string): boolean;
}

/** Between truncate and write a file is empty. Who empties a file for good has to wait this long. */
const EMPTY_PATIENCE_MS = 100;

/** Videos and data sets are not read for every change. */
const LARGE_BYTES = 16 * 1024 * 1024;

export function contentHash(content: Buffer | string): string {
  return createHash('sha1').update(content).digest('base64url').slice(0, 10);
}

const EMPTY = contentHash('');

export function createVersions(): Versions {
  const hashes = new Map<string, string | undefined>();
  // Synchronous: a save is read three times on its way, and the thread pool costs more than each read.
  const read = (filePath: string): string | undefined => {
    try {
      const stats = statSync(filePath, { throwIfNoEntry: false });
      if (!stats?.isFile()) return undefined;
      if (stats.size > LARGE_BYTES) return `${stats.size.toString(36)}-${stats.mtimeMs.toString(36)}`;
      return contentHash(readFileSync(filePath));
    } catch {
      return undefined; // EACCES, ELOOP, ENOENT by now: no version.
    }
  };
  const isStale = (filePath: string): boolean => hashes.has(filePath) && hashes.get(filePath) !== read(filePath);
  return {
    read,
    noted: (filePath) => hashes.get(filePath),
    isStale,
    async isSettled(filePath) {
      if (hashes.get(filePath) === EMPTY) await delay(EMPTY_PATIENCE_MS);
      return !isStale(filePath);
    },
    note(filePath, content) {
      const hash = contentHash(content);
      // A large file's version is its size and time, which its content does not tell.
      if (content.length <= LARGE_BYTES) hashes.set(filePath, hash);
      return hash;
    },
    hasChanged(filePath) {
      const before = hashes.get(filePath);
      const wasKnown = hashes.has(filePath);
      const now = read(filePath);
      hashes.set(filePath, now);
      return wasKnown ? now !== before : now !== undefined;
    },
  };
}
