/**
 * Keeps the page level with the server: changes as they are told, and after a gap (a restarted server, a laptop that slept) what differs
 * from what the page says it has. One thing after the other, in the order of the stream.
 */
import { SYNC_PATH, type Change, type EventId, type ModuleId, type PageRequest, type SyncAnswer, type SyncRequest } from '../protocol.ts';
import type { Runtime } from '../runtime/runtime.ts';
import type { ConsoleLog } from './console-log.ts';
import type { PageAssets } from './page-assets.ts';
import type { PageUpdates } from './page-updates.ts';
import type { Post } from './post.ts';

export interface PageSyncOptions {
  readonly runtime: Runtime;
  readonly updates: Pick<PageUpdates, 'apply'>;
  readonly assets: PageAssets;
  readonly post: Pick<Post, 'send'>;
  readonly log: Pick<ConsoleLog, 'error'>;
  readonly page: PageRequest | undefined;
}

export interface PageSync {
  /** Runs a task after all that came before it: a plain message comes after the update it belongs to. */
  enqueue(task: () => unknown): void;
  update(changes: readonly Change[], id: EventId): void;
  /** Asks the server what differs. */
  sync(): void;
  /** Learns the versions of what the page shows; a restarted server could not know what to compare with. */
  learnAssets(): void;
  /** A definition arrived, with an update or without. */
  onDefined(id: ModuleId, hash: string): void;
}

export function createPageSync({ runtime, updates, assets, post, log, page }: PageSyncOptions): PageSync {
  /** Newest versions that the server told of, used here or not. */
  const told = new Map<ModuleId, string>();
  let queue: Promise<unknown> = Promise.resolve();
  let isSyncDue = false;

  const enqueue = (task: () => unknown): void => {
    queue = queue.then(task).catch((error: unknown) => log.error('an update could not be handled.', error));
  };

  /** What hangs in an `await` of the author's gives way, and goes along with this task. */
  const enqueueUpdate = (task: () => unknown): void => {
    const begin = runtime.announce();
    enqueue(() => {
      begin();
      return task();
    });
  };

  const apply = async (changes: readonly Change[], id: EventId): Promise<void> => {
    assets.learnChanges(changes);
    for (const change of changes) if (change.kind === 'module') told.set(change.id, change.hash);
    await updates.apply(changes, id);
  };

  const ask = async (has: Pick<SyncRequest, 'modules' | 'page'>): Promise<void> => {
    const answer = (await post.send(SYNC_PATH, { ...has, assets: assets.known() } satisfies SyncRequest)) as SyncAnswer;
    assets.learn(answer.assets);
    if (answer.changes.length > 0) await apply(answer.changes, answer.id);
  };

  const sync = (): void => {
    if (isSyncDue) return;
    isSyncDue = true;
    enqueueUpdate(() => {
      isSyncDue = false;
      const modules: Record<ModuleId, string> = {};
      for (const { id, current, definition } of runtime.registry.records()) {
        const has = (current?.definition ?? definition)?.meta.hash;
        // What arrived and does not run (its update was taken back, or failed) counts as another version: the next update would run it.
        if (has !== undefined) modules[id] = has === definition?.meta.hash ? has : '';
      }
      return ask({ modules, page: page ?? null });
    });
  };

  return {
    enqueue,
    sync,
    update: (changes, id) => enqueueUpdate(() => apply(changes, id)),
    learnAssets: () => enqueue(() => ask({ modules: {}, page: null })),
    onDefined(id, hash) {
      // A script that was on its way when its module changed: what the page was told then meant nothing to it.
      const newest = told.get(id);
      if (newest !== undefined && newest !== hash) sync();
    },
  };
}
