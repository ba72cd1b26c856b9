/**
 * Hash of every file's content as last read, and as last told, so that a save that changed nothing is told apart from one that did, whoever
 * read the file: the compiler, a stylesheet, a page on its way to a tab. Who reads between a save and its batch takes nothing away from the
 * others: what was told counts from the first reading to the first batch, and from batch to batch.
 */
import { readFileSync, statSync } from 'node:fs';
import { setTimeout as delay } from 'node:timers/promises';
import { hashOf } from './content-hash.ts';

export interface Versions {
  /** Notes what was read. */
  note(filePath: string, content: Buffer | string): void;
  /** Reads, notes that, and returns the hash; undefined when the file cannot be read. */
  read(filePath: string): string | undefined;
  /** Notes a file that somebody else has read since a time on the wall clock, unless it was written since: then it may be newer than that. */
  noteRead(filePath: string, sinceMs: number): void;
  /**
   * A file was sent to a page unread, as it was at its last change (`ctime`). Who reads it first may do so after a save that no page has been
   * told of, when a page says what it shows.
   */
  noteSent(filePath: string, ctimeNs: bigint): void;
  /** As noted last. */
  noted(filePath: string): string | undefined;
  /** False when what was noted is already history: the file was read in the middle of a save that came meanwhile. Else that counts as told. */
  isSettled(filePath: string): Promise<boolean>;
  /** Reads again, and notes as told. False when the content is what was told before, and for what was never read and is gone. */
  hasChanged(filePath: string): boolean;
  /** Files that have another content now than was told. Changes nothing. */
  untold(): string[];
}

/** Between truncate and write a file is empty. Who empties a file for good has to wait this long. */
export const EMPTY_PATIENCE_MS = 100;

/** Videos and data sets are not read for every change. */
const LARGE_BYTES = 16 * 1024 * 1024;

/** A file system may round its times, and the clock that it asks may tick late. */
export const CLOCK_SLACK_MS = 2_000;

/** Clocks of file systems tick more slowly. */
export const TICK_MS = 20;

const EMPTY = hashOf('');

/** @param startedAtMs wall clock; what was written before cannot have changed since it was read */
export function createVersions(startedAtMs: number = Date.now()): Versions {
  const hashes = new Map<string, string | undefined>();
  const told = new Map<string, string | undefined>();
  /** When files changed last that were sent and not read yet. */
  const sent = new Map<string, bigint>();
  // Synchronous: a save is read three times on its way, and the thread pool costs more than each read.
  const read = (filePath: string, changedSinceMs = 0): string | undefined => {
    try {
      const stats = statSync(filePath, { throwIfNoEntry: false });
      if (!stats?.isFile()) return undefined;
      if (stats.ctimeMs < changedSinceMs) return told.get(filePath);
      if (stats.size > LARGE_BYTES) return `${stats.size.toString(36)}-${stats.mtimeMs.toString(36)}`;
      return hashOf(readFileSync(filePath));
    } catch {
      return undefined; // EACCES, ELOOP, ENOENT by now: no version.
    }
  };
  const isAsSent = (filePath: string): boolean => {
    const ctimeNs = sent.get(filePath);
    return ctimeNs === undefined || ctimeNs === statSync(filePath, { bigint: true, throwIfNoEntry: false })?.ctimeNs;
  };
  const keep = (filePath: string, hash: string | undefined): void => {
    hashes.set(filePath, hash);
    if (told.has(filePath)) return;
    told.set(filePath, isAsSent(filePath) ? hash : undefined);
    sent.delete(filePath);
  };
  return {
    read(filePath) {
      const hash = read(filePath);
      keep(filePath, hash);
      return hash;
    },
    noteRead(filePath, sinceMs) {
      if (hashes.has(filePath)) return;
      const stats = statSync(filePath, { throwIfNoEntry: false });
      if (stats?.isFile() && stats.ctimeMs < sinceMs - TICK_MS) keep(filePath, read(filePath));
    },
    noteSent(filePath, ctimeNs) {
      if (!told.has(filePath) && !sent.has(filePath)) sent.set(filePath, ctimeNs);
    },
    noted: (filePath) => hashes.get(filePath),
    async isSettled(filePath) {
      if (hashes.get(filePath) === EMPTY) await delay(EMPTY_PATIENCE_MS);
      const hash = hashes.get(filePath);
      const isSettled = !hashes.has(filePath) || hash === read(filePath);
      // What was compiled may be newer than what the batch began with; it is told now, and not once more.
      if (isSettled && hashes.has(filePath)) told.set(filePath, hash);
      return isSettled;
    },
    note(filePath, content) {
      // A large file's version is its size and time, which its content does not tell.
      if (content.length <= LARGE_BYTES) keep(filePath, hashOf(content));
    },
    hasChanged(filePath) {
      const before = told.get(filePath);
      const wasKnown = told.has(filePath);
      const now = read(filePath);
      hashes.set(filePath, now);
      told.set(filePath, now);
      return wasKnown ? now !== before : now !== undefined;
    },
    untold: () =>
      [...told].filter(([filePath, hash]) => read(filePath, startedAtMs - CLOCK_SLACK_MS) !== hash).map(([filePath]) => filePath),
  };
}
