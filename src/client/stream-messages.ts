/**
 * What a tab and the holder of the browser's one stream say to each other, over a worker port, a broadcast channel or a plain
 * call. It is not in protocol.ts because the server never sees it. Event data travels as the text that came from the wire: a
 * string is the cheapest thing to clone nine times, and each tab parses only what it uses.
 */
import type { EventId, ServerEvent } from '../protocol.ts';

export type ConnectionState = 'open' | 'lost';

/** One server-sent event; the plain contract's name is `message`. */
export interface StreamMessage {
  readonly name: string;
  readonly data: string;
  readonly id: EventId;
}

export type TabMessage =
  /** Also sent again after a pause; `since` is the last event that the tab has seen, or the one at which its page was served. */
  | { readonly type: 'join'; readonly since: EventId; readonly visible: boolean }
  | { readonly type: 'visible'; readonly visible: boolean }
  /** The tab holds this Web Lock for as long as it lives, so that a crashed tab is noticed. */
  | { readonly type: 'lock'; readonly name: string }
  | { readonly type: 'leave' };

export type HostMessage =
  /** The holder runs; says nothing about the stream. */
  | { readonly type: 'welcome' }
  /** The worker that holds the stream holds this Web Lock too, so that its end is noticed. */
  | { readonly type: 'lock'; readonly name: string }
  | { readonly type: 'state'; readonly state: ConnectionState }
  | ({ readonly type: 'event' } & StreamMessage);

/** A parsed {@link EventId}. */
export interface Position {
  readonly epoch: string;
  readonly sequence: number;
}

const NAMES: Readonly<Record<ServerEvent['type'], true>> = {
  hello: true,
  update: true,
  reload: true,
  error: true,
  fixed: true,
  custom: true,
};

/** Every named event; a record of the union, so that a new one cannot be forgotten. */
export const EVENT_NAMES: readonly string[] = Object.keys(NAMES);

export function parseEventId(id: EventId): Position | undefined {
  const dash = id.lastIndexOf('-');
  const digits = id.slice(dash + 1);
  return dash > 0 && /^\d{1,15}$/.test(digits) ? { epoch: id.slice(0, dash), sequence: Number(digits) } : undefined;
}

export function formatEventId({ epoch, sequence }: Position): EventId {
  return `${epoch}-${sequence}`;
}

/** The event behind a named message; undefined when the data is not what the name promises. */
export function parseServerEvent({ name, data }: StreamMessage): ServerEvent | undefined {
  const value = parseJson(data);
  return isServerEvent(value, name) ? value : undefined;
}

export function parseJson(text: string): unknown {
  try {
    return JSON.parse(text) as unknown;
  } catch {
    // SyntaxError: not from our server (a proxy's error page, a hand-written one); the caller treats it as nothing.
    return undefined;
  }
}

/** Trusts the fields after the type: both ends are built from one protocol.ts. */
function isServerEvent(value: unknown, name: string): value is ServerEvent {
  return typeof value === 'object' && value !== null && 'type' in value && value.type === name && Object.hasOwn(NAMES, name);
}
