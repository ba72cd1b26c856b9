/**
 * One EventSource that never gives up. The browser's own reconnection is not used: it stops for ever at an HTTP error, waits 3 to
 * 5 seconds elsewhere, and differs between browsers. Every attempt is a new EventSource instead, with `?since=` in the place of
 * `Last-Event-ID` (a page cannot set that header on its first request anyway), so there is one path to get right.
 */
import { CHANGES_PATH } from '../protocol.ts';
import type { EventId } from '../protocol.ts';
import { toUrl } from './base.ts';
import { EVENT_NAMES } from './stream-messages.ts';
import type { ConnectionState, StreamMessage } from './stream-messages.ts';

/** Taken when the client loads, before the shim stands in its place. */
const NativeEventSource = globalThis.EventSource;

const FIRST_RETRY_MS = 200;
const WATCHED_RETRY_MS = 2_000;
/** Nobody looks: a server that is off for the night is asked now and then only. */
const UNWATCHED_RETRY_MS = 10_000;

export interface EventStreamOptions {
  /** Asked at every attempt. */
  readonly since: () => EventId;
  /** A visible tab wants this stream. */
  readonly isWatched: () => boolean;
  readonly onMessage: (message: StreamMessage) => void;
  readonly onState: (state: ConnectionState) => void;
  readonly EventSource?: typeof globalThis.EventSource;
  /** Runs later; returns what cancels it. */
  readonly schedule?: (run: () => void, delayMs: number) => () => void;
}

export interface EventStream {
  /** Somebody looks again or has just met the server: do not wait for the next attempt. */
  wake(): void;
  close(): void;
}

export function openEventStream(options: EventStreamOptions): EventStream {
  const { since, isWatched, onMessage, onState, EventSource = NativeEventSource, schedule = timer } = options;
  let source: EventSource | undefined;
  let attempts = 0;
  let cancelRetry: (() => void) | undefined;

  const receive = (event: Event): void => {
    // A failed connection and the server's `event: error` arrive under the same name; only the second has data.
    if (!(event instanceof MessageEvent)) return;
    attempts = 0;
    onMessage({ name: event.type, data: String(event.data), id: event.lastEventId });
  };
  const connect = (): void => {
    cancelRetry = undefined;
    const current = new EventSource(`${toUrl(CHANGES_PATH)}?since=${encodeURIComponent(since())}`);
    source = current;
    current.addEventListener('open', () => onState('open'));
    current.addEventListener('message', receive);
    for (const name of EVENT_NAMES) current.addEventListener(name, receive);
    current.addEventListener('error', (event) => {
      if (event instanceof MessageEvent || source !== current) return;
      current.close();
      source = undefined;
      onState('lost');
      retry();
    });
  };
  const retry = (): void => {
    const limitMs = isWatched() ? WATCHED_RETRY_MS : UNWATCHED_RETRY_MS;
    cancelRetry = schedule(connect, isWatched() ? Math.min(limitMs, FIRST_RETRY_MS * 2 ** attempts) : limitMs);
    attempts = Math.min(attempts + 1, 10);
  };

  connect();
  return {
    wake() {
      if (cancelRetry === undefined) return;
      cancelRetry();
      connect();
    },
    close() {
      cancelRetry?.();
      cancelRetry = undefined;
      source?.close();
      source = undefined;
    },
  };
}

function timer(run: () => void, delayMs: number): () => void {
  const handle = setTimeout(run, delayMs);
  return () => clearTimeout(handle);
}
