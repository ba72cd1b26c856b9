/**
 * Watching the folder, and the files outside it (or ignored inside it) that its modules are made of. Serving does not wait for the watcher:
 * what was read before it was ready is looked at once more then.
 */
import type { HmrError } from './errors.ts';
import { createBatcher, type Batch } from './hot/batch.ts';
import { createIgnore } from './hot/ignore.ts';
import { createWatcher, type Watcher } from './hot/watcher.ts';

export interface WatchingOptions {
  readonly root: string;
  readonly ignored: readonly string[];
  readonly onBatch: (batch: Batch) => Promise<void>;
  /** After `start` has resolved. */
  readonly onWatchError: (error: HmrError) => void;
  readonly onBatchError: (error: unknown) => void;
  /** Files that have changed since they were read. */
  readonly untold: () => Iterable<string>;
}

export interface Watching {
  /** Once; later calls get the same promise. @throws HmrError `WATCH` */
  start(): Promise<void>;
  /** A file that has to be watched even outside the folder, or where nothing else is. */
  include(filePath: string): void;
  /** As if a file, or what stands for one, had been saved. */
  touch(filePath: string): void;
  close(): Promise<void>;
}

export function createWatching(options: WatchingOptions): Watching {
  const { root, ignored } = options;
  const batcher = createBatcher({ onBatch: options.onBatch, onError: options.onBatchError });
  const isIgnored = createIgnore({ root, ignored });
  const extras = new Set<string>();
  let watcher: Watcher | undefined;
  let started: Promise<void> | undefined;
  let isReady = false;
  let isClosed = false;

  const start = async (): Promise<void> => {
    watcher = createWatcher({
      root,
      ignored,
      onChange: (event) => batcher.add(event),
      onError: (error) => isReady && options.onWatchError(error),
    });
    for (const filePath of extras) watcher.add(filePath);
    await watcher.ready;
    isReady = true;
    for (const filePath of options.untold()) touch(filePath);
  };

  const touch = (filePath: string): void => batcher.add({ filePath, kind: 'change', at: performance.now(), pending: () => 0 });

  return {
    // The program that a middleware belongs to may go on asking after the end.
    start: () => (started ??= isClosed ? Promise.resolve() : start()),
    include(filePath) {
      if (!isIgnored(filePath) || extras.has(filePath)) return;
      extras.add(filePath);
      watcher?.add(filePath);
    },
    touch,
    async close() {
      isClosed = true;
      await watcher?.close();
      await batcher.close();
    },
  };
}
