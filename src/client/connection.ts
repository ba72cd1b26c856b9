/**
 * A page's connection to the server: chooses a way to the browser's one stream, follows the page through the back/forward cache,
 * freezing and hiding, and hands on what comes. It never reloads and never decides; a `hello` that says what was missed
 * (`resumed: false`, another epoch) is handed on like the rest.
 */
import type { EventId, ServerEvent } from '../protocol.ts';
import { openLeaderLink, openOwnLink, openWorkerLink } from './stream-links.ts';
import type { OpenStreamLink, StreamLink } from './stream-links.ts';
import { formatEventId, parseJson, parseServerEvent } from './stream-messages.ts';
import type { ConnectionState, HostMessage, StreamMessage } from './stream-messages.ts';

export interface ConnectionOptions {
  /** The event at which the page was served; nothing up to it is told again. */
  readonly lastEventId: EventId;
  readonly onEvent: (event: ServerEvent, id: EventId) => void;
  /** The plain contract: the path of a changed file, relative to the served folder. */
  readonly onPlain: (file: string, id: EventId) => void;
  /** Called on changes only: `lost` once however often the browser tries. */
  readonly onState: (state: ConnectionState) => void;
  /** Best first. */
  readonly links?: readonly OpenStreamLink[];
}

export interface Connection {
  close(): void;
}

const LINKS: readonly OpenStreamLink[] = [openWorkerLink, openLeaderLink, openOwnLink];

export function createConnection(options: ConnectionOptions): Connection {
  const { onEvent, onPlain, onState, links = LINKS } = options;
  let { lastEventId } = options;
  let state: ConnectionState | undefined;
  let link: StreamLink | undefined;
  /** The first way that has not failed. */
  let choice = 0;

  const receiveEvent = (message: StreamMessage): void => {
    // A hello names where the stream is, not what this page has had.
    if (message.id !== '' && message.name !== 'hello') lastEventId = message.id;
    if (message.name === 'message') {
      const file = parseJson(message.data);
      if (typeof file === 'string') onPlain(file, message.id);
      return;
    }
    const event = parseServerEvent(message);
    if (event === undefined) return;
    // What lies between is what the caller now asks for.
    if (event.type === 'hello' && !event.resumed) lastEventId = formatEventId(event);
    onEvent(event, message.id);
  };
  const receive = (message: HostMessage): void => {
    switch (message.type) {
      case 'welcome':
      case 'lock':
        return;
      case 'state':
        if (state === message.state) return;
        state = message.state;
        onState(state);
        return;
      case 'event':
        receiveEvent(message);
        return;
      default:
        message satisfies never;
    }
  };
  const open = (): void => {
    const index = choice;
    const openLink = links[index];
    if (openLink === undefined || link !== undefined) return;
    const again = (): void => {
      suspend();
      open();
    };
    const next = (): void => {
      if (choice !== index) return;
      choice = index + 1;
      again();
    };
    const join = (): void => link?.send({ type: 'join', since: lastEventId, visible: isVisible() });
    try {
      link = openLink({ onMessage: receive, onHost: join, onGone: again, onFail: next });
      join();
    } catch {
      // ReferenceError, SecurityError or TypeError: no such way in this browser or under this page's policy.
      next();
    }
  };
  const suspend = (): void => {
    link?.close();
    link = undefined;
  };

  open();
  const unfollow = followPage({ suspend, resume: open, show: () => link?.send({ type: 'visible', visible: isVisible() }) });
  return {
    close() {
      unfollow();
      suspend();
    },
  };
}

function isVisible(): boolean {
  return document.visibilityState === 'visible';
}

interface PageLife {
  readonly suspend: () => void;
  readonly resume: () => void;
  readonly show: () => void;
}

/**
 * A page in the back/forward cache or a frozen tab must hold nothing (a held lock or port keeps it out of the cache), and gets
 * what it missed when it is back.
 */
function followPage({ suspend, resume, show }: PageLife): () => void {
  const abort = new AbortController();
  const { signal } = abort;
  addEventListener('pagehide', suspend, { signal });
  addEventListener('pageshow', (event) => event.persisted && resume(), { signal });
  document.addEventListener('freeze', suspend, { signal });
  document.addEventListener('resume', resume, { signal });
  document.addEventListener('visibilitychange', show, { signal });
  return () => abort.abort();
}
