/**
 * What the watcher asks of whatever tells it about the file system. A source gives hints only, as early and as often as it likes, and
 * keeps them coming whatever happens to folders; what they mean is the settler's business. That is what makes two sources affordable.
 */
import path from 'node:path';
import type { Clock } from './clock.ts';
import type { IgnoreTest } from './ignore.ts';

export interface WatchSourceOptions {
  readonly root: string;
  readonly isIgnored: IgnoreTest;
  readonly clock: Clock;
  /** A file was there when watching began. */
  readonly onFound: (filePath: string) => void;
  /** The system says that the content was written. */
  readonly onWritten: (filePath: string) => void;
  /** The path may have come, changed or gone; it need not be a file. */
  readonly onMaybe: (filePath: string) => void;
  /** A folder went, or another one stands in its place: any file known below it may be different. */
  readonly onFolderLost: (folder: string) => void;
  /** The system refuses to watch. */
  readonly onError: (error: unknown) => void;
}

export interface WatchSource {
  /** Every folder is watched; nothing that happens from here on is missed. Never rejects. */
  readonly ready: Promise<void>;
  /** Watches one file that is ignored or outside the root. */
  add(filePath: string): void;
  close(): Promise<void>;
}

/** How often a root that is gone is looked for. */
export const ABSENT_POLL_MS = 250;

export function isBelow(folder: string, filePath: string): boolean {
  return filePath.length > folder.length && filePath.startsWith(folder.endsWith(path.sep) ? folder : folder + path.sep);
}
