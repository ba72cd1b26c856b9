/**
 * What happens to the files of a folder, as settled facts: a source that gives hints, and a settler that looks at the files. Which
 * source is a choice made once, by the system. Paths are real paths; links to folders are not followed, so a file outside the root
 * that the module graph has learned of is named by `add`.
 */
import { errorCode, HmrError } from '../errors.ts';
import { createChokidarSource } from './chokidar-source.ts';
import { systemClock, type Clock } from './clock.ts';
import { createFolderSource } from './folder-source.ts';
import { createIgnore } from './ignore.ts';
import { createSettler, type FileEvent } from './settle.ts';
import type { WatchSource, WatchSourceOptions } from './watch-source.ts';

export interface WatcherOptions {
  /** Real path of the folder. It may go and come back. */
  readonly root: string;
  /** Further names, globs and expressions that are not watched; see ignore.ts. */
  readonly ignored?: readonly (string | RegExp)[] | undefined;
  readonly onChange: (event: FileEvent) => void;
  /** `WATCH`, once: part of the folder is not watched. If this comes before `ready`, `ready` rejects with it too. */
  readonly onError: (error: HmrError) => void;
  readonly clock?: Clock | undefined;
  readonly createSource?: ((options: WatchSourceOptions) => WatchSource) | undefined;
}

export interface Watcher {
  /** From here on nothing is missed. */
  readonly ready: Promise<void>;
  /** Watches one file outside the root, or ignored inside it, by its real path. It has to be there, or to have been. */
  add(filePath: string): void;
  close(): Promise<void>;
}

export function createWatcher(options: WatcherOptions): Watcher {
  const { root, ignored, onChange, onError, clock = systemClock, createSource = systemSource() } = options;
  const settler = createSettler({ onChange, clock });
  let failure: HmrError | undefined;

  const source = createSource({
    root,
    isIgnored: createIgnore({ root, ignored }),
    clock,
    onFound: settler.seed,
    onWritten: settler.written,
    onMaybe: settler.recheck,
    onFolderLost: settler.recheckUnder,
    onError(error) {
      // A limit that is reached is reached for every folder: one error says it.
      if (failure) return;
      failure = toWatchError(error);
      onError(failure);
    },
  });
  const start = async (): Promise<void> => {
    await source.ready;
    if (failure) throw failure;
  };
  const ready = start();
  // Whoever listens to `onError` only has been told already.
  ready.catch(() => undefined);

  return {
    ready,
    add: source.add,
    async close() {
      settler.close();
      await source.close();
    },
  };
}

function systemSource(): (options: WatchSourceOptions) => WatchSource {
  const polling = process.env['CHOKIDAR_USEPOLLING'];
  return process.platform === 'linux' && (polling === undefined || /^(?:0|false|)$/i.test(polling))
    ? createFolderSource
    : createChokidarSource;
}

function toWatchError(cause: unknown): HmrError {
  const leaveOut = 'leave folders out with --ignore <name>';
  switch (errorCode(cause)) {
    case 'ENOSPC': {
      const hint = `Raise it with "sudo sysctl fs.inotify.max_user_watches=524288", or ${leaveOut}.`;
      return new HmrError('WATCH', 'There are more folders to watch than the system allows.', { hint, cause });
    }
    case 'EMFILE':
    case 'ENFILE': {
      const hint = `Raise it with "sudo sysctl fs.inotify.max_user_instances=512" or "ulimit -n 8192", or ${leaveOut}.`;
      return new HmrError('WATCH', 'The limit of watchers or of open files is reached.', { hint, cause });
    }
    default: {
      const message = cause instanceof Error ? cause.message : String(cause);
      return new HmrError('WATCH', `The folder cannot be watched: ${message}`, { hint: `Check its permissions, or ${leaveOut}.`, cause });
    }
  }
}
