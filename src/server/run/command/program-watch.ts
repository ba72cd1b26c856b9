/**
 * The files of a program, watched by name: what it was read from, wherever that is, and the places where something was missing. Not its whole folder,
 * which may be a repository of any size, or somebody's home.
 */
import { existsSync } from 'node:fs';
import path from 'node:path';
import type { HmrError } from '../../errors.ts';
import { createBatcher } from '../../hot/batch.ts';
import { createWatcher } from '../../hot/watcher.ts';

export interface ProgramWatch {
  readonly ready: Promise<void>;
  add(files: Iterable<string>): void;
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
  const named = new Set<string>();
  /** Those that were not there then. That they still are not is no change, though the watcher tells it as their end. */
  const missing = new Set<string>();
  const isNews = (file: string): boolean => {
    if (!missing.has(file)) return true;
    if (!existsSync(file)) return false;
    missing.delete(file);
    return true;
  };
  const batcher = createBatcher({
    fewMs: DEBOUNCE_MS,
    onBatch({ files, firstEventAt }) {
      const news = [...files.keys()].filter(isNews);
      if (news.length > 0) onChange(news, performance.now() - firstEventAt);
      return Promise.resolve();
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
  watcher.add(entry);
  return {
    ready: watcher.ready,
    add(files) {
      for (const file of files) {
        if (named.has(file)) continue;
        named.add(file);
        if (!existsSync(file)) missing.add(file);
        watcher.add(file);
      }
    },
  };
}
