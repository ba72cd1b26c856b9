/**
 * The files of a program, watched by name: what it was read from, wherever that is, and the places where something was missing. Not its whole folder,
 * which may be a repository of any size, or somebody's home.
 */
import { statSync } from 'node:fs';
import path from 'node:path';
import type { HmrError } from '../../errors.ts';
import { createBatcher } from '../../hot/batch.ts';
import { createWatcher } from '../../hot/watcher.ts';

export interface ProgramWatch {
  readonly ready: Promise<void>;
  add(files: Iterable<string>): void;
  close(): Promise<void>;
}

export interface ProgramWatchOptions {
  readonly entry: string;
  /** One burst of saves may be told in several parts; the last is told in any case. */
  readonly onChange: (files: readonly string[], ageMs: number) => void;
  readonly onError: (error: HmrError) => void;
}

/** Saves that come this close to each other are usually one. */
const DEBOUNCE_MS = 10;
/** In a folder that is watched for the sake of one file. */
const ALL_OTHERS = ['**'];

export function createProgramWatch({ entry, onChange, onError }: ProgramWatchOptions): ProgramWatch {
  /** As they were when they were named: the watcher also tells of what is missing there, or was written shortly before. */
  const named = new Map<string, string>();
  const add = (file: string): void => {
    if (!named.has(file)) named.set(file, stampOf(file));
    watcher.add(file);
  };
  const hasHappened = (file: string): boolean => {
    if (named.get(file) === stampOf(file)) return false;
    // Whatever it is from now on is told, also what it was.
    named.set(file, '');
    return true;
  };
  const batcher = createBatcher({
    fewMs: DEBOUNCE_MS,
    async onBatch({ files, firstEventAt }) {
      const changed = [...files.keys()].filter(hasHappened);
      if (changed.length > 0) onChange(changed, performance.now() - firstEventAt);
    },
    onError: (error) => {
      throw error;
    },
  });
  const watcher = createWatcher({
    root: path.dirname(entry),
    ignored: ALL_OTHERS,
    onChange: batcher.add,
    onError,
  });
  add(entry);
  return {
    ready: watcher.ready,
    add(files) {
      for (const file of files) add(file);
    },
    async close() {
      await watcher.close();
      await batcher.close();
    },
  };
}

function stampOf(file: string): string {
  try {
    const { mtimeMs, ctimeMs, size, ino } = statSync(file);
    return `${mtimeMs} ${ctimeMs} ${size} ${ino}`;
  } catch {
    return 'absent'; // ENOENT, or below a folder that cannot be read.
  }
}
