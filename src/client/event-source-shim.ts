/**
 * `new EventSource('/changes')` in the page's own code gets an object fed by the shared stream: its own connection per tab would
 * use up the six that HTTP/1.1 allows, and it must hear of a change only after the runtime has the new module. Any other address,
 * and every subclass, gets the browser's class untouched.
 *
 * A Proxy and not a subclass: statics, `instanceof`, `new.target` and `EventSource.prototype` stay those of the native class.
 */
import { CHANGES_PATH } from '../protocol.ts';
import type { EventId, ServerEvent } from '../protocol.ts';
import { toUrl } from './base.ts';
import type { ConnectionState } from './stream-messages.ts';

export interface EventSourceShimOptions {
  /** The page handles changes by its own code; called at each such EventSource. */
  readonly onHandWritten: () => void;
  /** Where the class is replaced. */
  readonly scope?: EventSourceScope;
  /** What relative addresses are resolved against. */
  readonly baseUrl?: () => string;
}

export interface EventSourceScope {
  EventSource: typeof EventSource;
}

export interface EventSourceShim {
  /** A plain message, for `onmessage`. */
  dispatchPlain(file: string, id?: EventId): void;
  /** A named event, for `addEventListener('update', …)`. */
  dispatchEvent(event: ServerEvent, id?: EventId): void;
  setState(state: ConnectionState): void;
}

const CONNECTING = 0;
const OPEN = 1;
const CLOSED = 2;

interface SharedSource {
  readonly target: EventTarget;
  readyState: number;
  readonly handlers: Map<string, (event: Event) => void>;
}

export function installEventSourceShim(options: EventSourceShimOptions): EventSourceShim {
  const { onHandWritten, scope = globalThis, baseUrl = () => document.baseURI } = options;
  const Native = scope.EventSource;
  const sources = new Set<SharedSource>();
  let isOpen = false;

  const create = (url: URL): EventTarget => {
    const source: SharedSource = { target: new EventTarget(), readyState: CONNECTING, handlers: new Map() };
    sources.add(source);
    describeSource(source, url, Native.prototype, () => sources.delete(source));
    // As the native class does, never before the author could set `onopen`.
    if (isOpen) setTimeout(() => open(source));
    return source.target;
  };
  const Shim: typeof EventSource = new Proxy(Native, {
    construct(target, args: unknown[], newTarget): object {
      const url = parseUrl(args[0], baseUrl());
      if (url === undefined) return Reflect.construct(target, args, newTarget);
      onHandWritten();
      return newTarget === Shim ? create(url) : Reflect.construct(target, args, newTarget);
    },
  });
  scope.EventSource = Shim;

  /** A listener that makes another EventSource must not be called for ever. */
  const current = (): SharedSource[] => Array.from(sources);
  const dispatch = (name: string, content: unknown, lastEventId: EventId): void => {
    if (sources.size === 0) return;
    const data = JSON.stringify(content);
    const origin = new URL(baseUrl()).origin;
    for (const source of current()) source.target.dispatchEvent(new MessageEvent(name, { data, lastEventId, origin }));
  };
  return {
    dispatchPlain: (file, id = '') => dispatch('message', file, id),
    dispatchEvent: (event, id = '') => dispatch(event.type, event, id),
    setState(state) {
      isOpen = state === 'open';
      for (const source of current())
        if (isOpen) open(source);
        else lose(source);
    },
  };
}

/** Undefined unless it is the address of our stream. */
function parseUrl(value: unknown, base: string): URL | undefined {
  try {
    const url = new URL(String(value), base);
    return url.origin === new URL(base).origin && url.pathname === toUrl(CHANGES_PATH) ? url : undefined;
  } catch {
    // TypeError: not an address; the native class says so with its own SyntaxError.
    return undefined;
  }
}

function open(source: SharedSource): void {
  if (source.readyState !== CONNECTING) return;
  source.readyState = OPEN;
  source.target.dispatchEvent(new Event('open'));
}

function lose(source: SharedSource): void {
  if (source.readyState !== OPEN) return;
  source.readyState = CONNECTING;
  source.target.dispatchEvent(new Event('error'));
}

/** Gives a bare EventTarget the interface of an EventSource (HTML, "The EventSource interface"). */
function describeSource(source: SharedSource, url: URL, native: object, forget: () => void): void {
  const { target, handlers } = source;
  const close = (): void => {
    source.readyState = CLOSED;
    forget();
  };
  const handler = (type: string): PropertyDescriptor => ({
    configurable: true,
    enumerable: true,
    get: () => handlers.get(type) ?? null,
    set(value: unknown) {
      if (typeof value !== 'function') {
        handlers.delete(type);
        return;
      }
      // Setting again keeps the place in the order of listeners, as event handler attributes do.
      handlers.set(type, value as (event: Event) => void);
      target.addEventListener(type, (listeners[type] ??= (event) => handlers.get(type)?.call(target, event)));
    },
  });
  const listeners: Record<string, (event: Event) => void> = {};
  const value = (content: unknown): PropertyDescriptor => ({ configurable: true, enumerable: true, value: content });
  Object.setPrototypeOf(target, native);
  Object.defineProperties(target, {
    url: value(url.href),
    withCredentials: value(false),
    readyState: { configurable: true, enumerable: true, get: () => source.readyState },
    close: value(close),
    onopen: handler('open'),
    onmessage: handler('message'),
    onerror: handler('error'),
  });
}
