/**
 * The source on macOS and Windows, and wherever polling is asked for (`CHOKIDAR_USEPOLLING`: network drives, containers, WSL): chokidar
 * knows those systems' ways. Its own verdicts are only hints here, because it keeps quiet for 50 ms after a change and for 100 ms after
 * a removal; the raw events below them are not throttled, and come a millisecond earlier.
 */
import { lstat, stat } from 'node:fs/promises';
import path from 'node:path';
import { watch, type FSWatcher } from 'chokidar';
import { ABSENT_POLL_MS, type WatchSource, type WatchSourceOptions } from './watch-source.ts';

export function createChokidarSource(options: WatchSourceOptions): WatchSource {
  const { root, isIgnored, clock, onFound, onWritten, onMaybe, onFolderLost, onError } = options;
  const extras = new Set<string>();
  /** The root and the folders of the extras: waited for when they go. */
  const anchors = new Set([root]);
  const pending = new Map<string, () => void>();
  let isReady = false;
  let isClosed = false;

  const isWanted = (filePath: string): boolean => extras.has(filePath) || !isIgnored(filePath);

  const start = (onStarted: () => void): FSWatcher => {
    const started = watch([...anchors], {
      ignored: (filePath) => !anchors.has(path.normalize(filePath)) && !isWanted(path.normalize(filePath)),
      // As in folder-source.ts. Following would also walk rings of links that lead through folders outside.
      followSymlinks: false,
      // The settler does that, with a clock of its own.
      atomic: false,
    });
    started.on('add', (filePath) => (isReady ? onMaybe : onFound)(filePath));
    started.on('change', onMaybe);
    started.on('unlink', onMaybe);
    started.on('unlinkDir', (folder) => void checkFolder(folder));
    started.on('raw', receiveRaw);
    started.on('error', onError);
    started.once('ready', onStarted);
    return started;
  };
  const receiveRaw = (type: string, name: unknown, details: unknown): void => {
    const folder = watchedPath(details);
    // Polling names the path in the place of the name, and no folder.
    const filePath = typeof name !== 'string' ? undefined : folder === undefined ? name : path.join(folder, name);
    if (folder !== undefined && (filePath === undefined || path.basename(folder) === name)) {
      // The watch of a folder, and of a file, tells of itself under its own name.
      hint(type, folder);
      if (type === 'rename') void checkFolder(folder);
    }
    if (filePath !== undefined) hint(type, filePath);
  };
  const hint = (type: string, filePath: string): void => {
    if (!isWanted(filePath)) return;
    if (type === 'change') onWritten(filePath);
    else onMaybe(filePath);
  };
  const checkFolder = async (folder: string): Promise<void> => {
    const isThere = await isDirectory(folder, anchors.has(folder));
    if (!isThere) onFolderLost(folder);
    if (isThere) later(folder, 0);
    else if (anchors.has(folder)) later(folder, ABSENT_POLL_MS);
  };
  /**
   * A folder stands where another one was: its watch follows the inode, and chokidar keeps it. All is watched anew, because `unwatch`
   * would make chokidar ignore what is below for good, and the old one closed first, because its instances share their watches.
   */
  const later = (folder: string, delayMs: number): void => {
    if (isClosed || pending.has(folder)) return;
    const run = async (): Promise<void> => {
      pending.delete(folder);
      if (delayMs > 0) return checkFolder(folder);
      await watcher.close();
      if (isClosed) return;
      watcher = start(() => undefined);
      onFolderLost(folder);
    };
    const cancel = clock.schedule(() => void run(), delayMs);
    pending.set(folder, cancel);
  };
  const { promise: ready, resolve: becomeReady } = deferred();
  let watcher = start(() => {
    isReady = true;
    becomeReady();
  });
  void isDirectory(root, true).then((isThere) => isThere || later(root, ABSENT_POLL_MS));

  return {
    ready,
    add(filePath) {
      if (isClosed || extras.has(filePath)) return;
      extras.add(filePath);
      onFound(filePath);
      // The folder, because the watch of a file ends with the file.
      anchors.add(path.dirname(filePath));
      watcher.add(path.dirname(filePath));
    },
    async close() {
      isClosed = true;
      for (const cancel of pending.values()) cancel();
      await watcher.close();
    },
  };
}

/** `Promise.withResolvers` of a later Node. */
function deferred(): { promise: Promise<void>; resolve: () => void } {
  let resolve = (): void => undefined;
  const promise = new Promise<void>((done) => (resolve = done));
  return { promise, resolve };
}

function watchedPath(details: unknown): string | undefined {
  if (typeof details !== 'object' || details === null || !('watchedPath' in details)) return undefined;
  return typeof details.watchedPath === 'string' ? path.normalize(details.watchedPath) : undefined;
}

async function isDirectory(folder: string, isFollowed: boolean): Promise<boolean> {
  try {
    return (await (isFollowed ? stat(folder) : lstat(folder))).isDirectory();
  } catch {
    return false; // ENOENT: gone, which is what was asked.
  }
}
