/**
 * What a configuration was made of, as it was when it was read: a save that comes between reading and watching is found by looking again, and
 * one that comes while nothing works yet is waited for.
 */
import { existsSync, readFileSync } from 'node:fs';
import { hashOf } from '../content-hash.ts';
import { HmrError, type HmrErrorOptions } from '../errors.ts';

export interface ConfigSources {
  /** Absolute paths: the file, what it imports, `.env` files, and names that may come to be one of them. */
  readonly files: readonly string[];
  /** False: something was saved, came or went since it was read. */
  isCurrent(): boolean;
}

export interface SourceNotes extends ConfigSources {
  /** It was read, and held this. */
  read(filePath: string, content: Buffer): void;
  /** It would have been taken if it were there. */
  missed(filePath: string): void;
  /** Read by somebody else, who looks at it again. */
  add(filePath: string): void;
  /** What these files hold now, so that they can be noted later, as they were at this moment. */
  snapshot(filePaths: readonly string[]): FilesSnapshot;
}

export interface FilesSnapshot {
  note(): void;
}

export function createSourceNotes(): SourceNotes {
  const files = new Set<string>();
  const hashes = new Map<string, string | undefined>();
  return {
    get files() {
      return [...files];
    },
    read(filePath, content) {
      files.add(filePath);
      hashes.set(filePath, hashOf(content));
    },
    missed(filePath) {
      // It is one that is read, or that something else goes before.
      if (existsSync(filePath)) return;
      files.add(filePath);
      hashes.set(filePath, undefined);
    },
    add: (filePath) => void files.add(filePath),
    snapshot(filePaths) {
      const found = filePaths.map((filePath) => [filePath, hashNow(filePath)] as const);
      return {
        note() {
          for (const [filePath, hash] of found) {
            files.add(filePath);
            hashes.set(filePath, hash);
          }
        },
      };
    },
    isCurrent: () => [...hashes].every(([filePath, hash]) => hashNow(filePath) === hash),
  };
}

function hashNow(filePath: string): string | undefined {
  try {
    return hashOf(readFileSync(filePath));
  } catch {
    return undefined; // ENOENT; EISDIR: a folder of that name.
  }
}

/** The configuration does not work; a change of its sources may mend that. */
export class ConfigError extends HmrError {
  readonly sources: ConfigSources;

  constructor(message: string, sources: ConfigSources, options?: HmrErrorOptions) {
    super('CONFIG', message, options);
    this.sources = sources;
  }
}
