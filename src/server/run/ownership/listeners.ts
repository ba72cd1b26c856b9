/**
 * Listeners on what outlives a version: the process with its signals and streams, and the cluster. Those that a version adds for itself
 * end with it; else the tenth reload would answer SIGTERM ten times. Told by the emitters' own `newListener`, which sees every way of adding one.
 */
import cluster from 'node:cluster';
import type { EventEmitter } from 'node:events';
import { emitKeypressEvents } from 'node:readline';
import { currentToken, runOutside, type Token } from './token.ts';

type Listener = (...args: unknown[]) => void;

export interface OwnedListeners {
  add(emitter: EventEmitter, event: string | symbol, listener: Listener): void;
  /** It was removed by whoever. */
  forget(emitter: EventEmitter, event: string | symbol, listener: Listener): void;
  clear(): void;
}

export function createOwnedListeners(): OwnedListeners {
  const all = new Set<readonly [EventEmitter, string | symbol, Listener]>();
  return {
    add(...entry) {
      all.add(entry);
    },
    forget(...removed) {
      for (const entry of all) if (entry.every((part, index) => part === removed[index])) return void all.delete(entry);
    },
    clear() {
      for (const [emitter, event, listener] of all) {
        emitter.removeListener(event, listener);
        if (event === 'data') readKeysAnew(emitter);
      }
      all.clear();
    },
  };
}

/**
 * Node listens to a stream for keys once, for the first who asks: that listener went with its version, and the next version's prompt, which has
 * found it there, would hear nothing.
 */
function readKeysAnew(stream: EventEmitter): void {
  const mark = Object.getOwnPropertySymbols(stream).find(({ description }) => description === 'keypress-decoder');
  if (mark === undefined) return;
  Reflect.deleteProperty(stream, mark);
  emitKeypressEvents(stream as unknown as NodeJS.ReadableStream);
}

export interface ListenerOwners {
  of(token: Token): OwnedListeners | undefined;
  all(): Iterable<OwnedListeners>;
  /** The standard input is asked for, for the first time. */
  readsInput?(): void;
}

const STREAMS = ['stdin', 'stdout', 'stderr'] as const;

/** @returns ends the watching */
export function watchListeners(owners: ListenerOwners): () => void {
  const undo: (() => void)[] = [watchEmitter(process, owners), watchEmitter(cluster, owners)];
  for (const name of STREAMS) undo.push(watchStream(name, owners));
  return () => {
    for (const step of undo) step();
  };
}

/** Watches a stream of the process when it is first asked for: opening stdin early would change what the process inherits. */
function watchStream(name: (typeof STREAMS)[number], owners: ListenerOwners): () => void {
  const native = Object.getOwnPropertyDescriptor(process, name);
  if (native?.get === undefined) return watchEmitter(process[name], owners);
  const open = native.get;
  let unwatch: (() => void) | undefined;
  Object.defineProperty(process, name, {
    ...native,
    get() {
      // Opening adds listeners of Node's own, as for the size of the terminal, and they belong to nobody.
      const stream = runOutside(() => open.call(process) as EventEmitter);
      if (unwatch === undefined && name === 'stdin') owners.readsInput?.();
      unwatch ??= watchEmitter(stream, owners);
      return stream;
    },
  });
  return () => {
    unwatch?.();
    Object.defineProperty(process, name, native);
  };
}

function watchEmitter(emitter: EventEmitter, owners: ListenerOwners): () => void {
  const added = (event: string | symbol, listener: Listener): void => {
    const token = currentToken();
    if (token === undefined || event === 'newListener' || event === 'removeListener') return;
    // It is added after this call.
    if (token.phase === 'gone') queueMicrotask(() => emitter.removeListener(event, listener));
    else owners.of(token)?.add(emitter, event, listener);
  };
  const removed = (event: string | symbol, listener: Listener): void => {
    for (const owned of owners.all()) owned.forget(emitter, event, listener);
  };
  emitter.on('newListener', added).on('removeListener', removed);
  return () => emitter.off('removeListener', removed).off('newListener', added);
}
