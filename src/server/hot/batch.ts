/**
 * File events in, batches out: what an editor, a formatter or a branch switch writes together is handled together. A few files are handled at
 * once, and before they are told it is asked whether another one was saved with them: the wait for it passes while they compile. Many
 * files wait until the disk is quiet. One batch is handled at a time, and what comes meanwhile is the next one: a save during a compile is
 * never lost and never compiled twice at once. A plain debounce would do neither: it delays the single save by as much as the branch switch
 * needs.
 */
import { systemClock, type Clock } from './clock.ts';
import type { FileEvent, FileEventKind } from './settle.ts';

export interface Batch {
  /** By absolute path; what happened since the batch before, however often. */
  readonly files: ReadonlyMap<string, FileEventKind>;
  /** When the system first told of it, on the clock's scale (`performance.now()`). */
  readonly firstEventAt: number;
  /**
   * Asked before a batch is told. True: more was saved with it, and makes a batch (perhaps without files) that is handled next, to tell both.
   */
  readonly isOvertaken: () => Promise<boolean>;
}

export interface BatcherOptions {
  readonly onBatch: (batch: Batch) => Promise<void>;
  /** `onBatch` failed. The batches after it are handled. */
  readonly onError: (error: unknown) => void;
  readonly clock?: Clock | undefined;
  /** How long after a file another one counts as saved with it. */
  readonly fewMs?: number | undefined;
  /** More files than this are a burst. */
  readonly fewFiles?: number | undefined;
  /** How long a burst has to be quiet. */
  readonly quietMs?: number | undefined;
  /** How long a burst may take, unless more is known to come. */
  readonly limitMs?: number | undefined;
  /** More files than this are a change of branch: beside what it takes anyway, a longer wait is nothing, and half of it is no program. */
  readonly manyFiles?: number | undefined;
  /** The same as `quietMs` and `limitMs`, for a change of branch. */
  readonly manyQuietMs?: number | undefined;
  readonly manyLimitMs?: number | undefined;
}

export interface Batcher {
  add(event: FileEvent): void;
  /** Drops what has not begun; resolves when the batch in work is done. */
  close(): Promise<void>;
}

/** Looking at thousands of files takes a busy machine longer than `limitMs`; a dead network drive must not take for ever. */
const PENDING_LIMIT_MS = 5_000;

interface Collection {
  readonly files: Map<string, FileEventKind>;
  readonly startedAt: number;
  lastEventAt: number;
  firstEventAt: number;
  /** Files that are about to be told of. */
  pending: () => number;
  /** Its wait is over: it goes as soon as the batch before is done. */
  isDue: boolean;
  cancel: () => void;
}

export function createBatcher(options: BatcherOptions): Batcher {
  const { onBatch, onError, clock = systemClock, fewMs = 1, fewFiles = 3, quietMs = 25, limitMs = 500 } = options;
  const { manyFiles = 100, manyQuietMs = 100, manyLimitMs = 3_000 } = options;
  let collection: Collection | undefined;
  /** When the batch before began, if it is told with the next one. */
  let overtaken: number | undefined;
  let running: Promise<void> | undefined;
  let isClosed = false;

  const wait = (current: Collection): void => {
    const { startedAt, files } = current;
    const count = files.size + current.pending();
    const isMany = count > manyFiles;
    const few = current.pending() > 0 ? fewMs : 0;
    const waitMs = isMany ? manyQuietMs : count > fewFiles ? quietMs : few;
    const fire = (): void => {
      // Nobody says when the last look is over: it may have found nothing to tell.
      if (current.pending() > 0 && clock.now() - startedAt < PENDING_LIMIT_MS) return wait(current);
      current.isDue = true;
      flush();
    };
    current.cancel();
    current.isDue = false;
    const leftMs = current.pending() > 0 ? waitMs : Math.max(0, startedAt + (isMany ? manyLimitMs : limitMs) - clock.now());
    current.cancel = clock.schedule(fire, Math.min(waitMs, leftMs));
  };
  const flush = (): void => {
    if (running || !collection?.isDue) return;
    const { files, firstEventAt, lastEventAt } = collection;
    collection = undefined;
    const isSequel = overtaken !== undefined;
    const since = Math.min(firstEventAt, overtaken ?? firstEventAt);
    overtaken = undefined;
    if (files.size > 0 || isSequel) running = run({ files, firstEventAt: since, isOvertaken: () => isOvertaken(since, lastEventAt) });
  };
  const isOvertaken = async (firstEventAt: number, lastEventAt: number): Promise<boolean> => {
    const leftMs = (): number => lastEventAt + fewMs - clock.now();
    while (!collection && leftMs() > 0) await new Promise<void>((resolve) => void clock.schedule(resolve, leftMs()));
    // Something that writes without a pause must not keep everything else from being told.
    if (isClosed || !collection || clock.now() - firstEventAt > limitMs) return false;
    overtaken = firstEventAt;
    return true;
  };
  const run = async (batch: Batch): Promise<void> => {
    try {
      await onBatch(batch);
    } catch (error) {
      onError(error);
    } finally {
      running = undefined;
      flush();
    }
  };

  return {
    add({ filePath, kind, at, pending }) {
      if (isClosed) return;
      const now = clock.now();
      const unknown = { pending, isDue: false, cancel: () => undefined };
      collection ??= { files: new Map(), startedAt: now, firstEventAt: at, lastEventAt: now, ...unknown };
      const { files } = collection;
      const isNew = !files.has(filePath);
      const merged = merge(files.get(filePath), kind);
      if (merged) files.set(filePath, merged);
      else files.delete(filePath);
      collection.firstEventAt = Math.min(collection.firstEventAt, at);
      collection.lastEventAt = now;
      collection.pending = pending;
      // The same file again is no sign of a burst.
      if (isNew) wait(collection);
    },
    async close() {
      isClosed = true;
      collection?.cancel();
      collection = undefined;
      await running;
    },
  };
}

/** Undefined: the file came and went, and nobody has to know. */
function merge(before: FileEventKind | undefined, now: FileEventKind): FileEventKind | undefined {
  if (before === undefined) return now;
  if (now === 'unlink') return before === 'add' ? undefined : 'unlink';
  return before === 'add' ? 'add' : 'change';
}
