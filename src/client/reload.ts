/**
 * The one place that reloads the page. Every reload has a reason, said before it and again after it (the console is cleared in
 * between), keeps what page-state.ts can keep, and happens once per event: a page that is told the same event again after its
 * reload would go round for ever.
 */
import type { EventId } from '../protocol.ts';
import type { ConsoleLog } from './console-log.ts';
import type { PageState } from './page-state.ts';
import { createTabStorage } from './tab-storage.ts';
import type { TabStorage } from './tab-storage.ts';

export interface ReloaderOptions {
  readonly log: Pick<ConsoleLog, 'pageReload' | 'warn'>;
  readonly pageState: Pick<PageState, 'save'>;
  readonly storage?: TabStorage;
  /** Tells the page's own listeners; the reload waits for them, or for the next event that asks for one. */
  readonly announce?: (path: string) => Promise<void>;
  /** Reloads for real. */
  readonly navigate?: () => void;
  /** What a reload without a module is named after. */
  readonly currentPath?: () => string;
}

export interface ReloadCause {
  /** The module or file that made it necessary; the page itself if not given. */
  readonly path?: string | undefined;
  /** The server's event; a second reload for it is refused. */
  readonly eventId?: EventId | undefined;
}

export interface Reloader {
  /** Does nothing but say so when this page was reloaded for this event. */
  reload(reason: string, cause?: ReloadCause): void;
  /** Says why this page was reloaded, if it was. Once, after the console is ready. */
  explain(): void;
}

interface SavedReload {
  readonly path: string;
  readonly reason: string;
}

const REASON_KEY = 'reload-reason';
const EVENT_KEY = 'reload-event';

export function createReloader(options: ReloaderOptions): Reloader {
  const { log, pageState, storage = createTabStorage(), currentPath = () => location.pathname } = options;
  const { navigate = () => location.reload(), announce } = options;
  let current: ReloadCause | undefined;
  const leave = (): void => {
    pageState.save();
    navigate();
  };
  return {
    reload(reason, { path = currentPath(), eventId } = {}) {
      if (current) {
        // A listener that never ends must not hold the page for ever.
        if (current.eventId !== eventId) leave();
        return;
      }
      if (eventId !== undefined && storage.read(EVENT_KEY) === eventId) {
        log.warn(`this page was reloaded for the same change already (${reason}); not again.`);
        return;
      }
      current = { path, eventId };
      log.pageReload(path, reason);
      if (eventId !== undefined) storage.write(EVENT_KEY, eventId);
      storage.write(REASON_KEY, { path, reason } satisfies SavedReload);
      if (announce) void announce(path).then(leave, leave);
      else leave();
    },
    explain() {
      const saved = storage.take(REASON_KEY);
      if (isSavedReload(saved)) log.pageReload(saved.path, saved.reason);
    },
  };
}

function isSavedReload(value: unknown): value is SavedReload {
  return typeof value === 'object' && value !== null && 'path' in value && 'reason' in value;
}
