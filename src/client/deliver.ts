/**
 * Gets the definitions of an update into the page. Code that came with the event runs in a script element, three times faster than an
 * import; where the page's policy (CSP, Trusted Types) forbids that, the update's URL is imported instead, which needs no more than
 * the author's own scripts do. Nothing is ever evaluated from a string.
 */
import { UPDATES_PATH, type EventId, type ModuleId } from '../protocol.ts';
import { toUrl } from './base.ts';

/** What has to arrive. */
export interface WantedDefinition {
  readonly id: ModuleId;
  readonly code: string | undefined;
  /** See `UpdateCode`. */
  readonly patch: string | undefined;
  /** It runs, and could be changed in place. */
  readonly isPatched: boolean;
  /** Whether the definition has arrived. */
  readonly isDefined: () => boolean;
}

export interface Delivery {
  /** Resolves when all are defined. @throws when the server could not be asked */
  deliver(definitions: readonly WantedDefinition[], event: EventId): Promise<void>;
}

/** @param load fetches the newest definition of a module */
export function createDelivery(nonce: string | undefined, load: (id: ModuleId) => Promise<unknown>): Delivery {
  let isInlineAllowed = true;
  return {
    async deliver(definitions, event) {
      for (const { code, patch, isDefined } of definitions) {
        if (!isInlineAllowed || code === undefined) break;
        runInline(code, nonce);
        isInlineAllowed = isDefined();
        if (isInlineAllowed && patch !== undefined) runInline(patch, nonce);
      }
      if (definitions.every(({ isDefined }) => isDefined())) return;
      // 404 for an event that is not an update of the stream (the answer of a sync), or too long ago.
      const address = `${location.origin}${toUrl(UPDATES_PATH)}${event}`;
      const scripts = definitions.some(({ isPatched }) => isPatched) ? [`${address}.js`, `${address}.patch.js`] : [`${address}.js`];
      await Promise.allSettled(scripts.map((script) => import(script)));
      await Promise.all(definitions.filter(({ isDefined }) => !isDefined()).map(({ id }) => load(id)));
    },
  };
}

function runInline(code: string, nonce: string | undefined): void {
  const script = document.createElement('script');
  if (nonce !== undefined) script.nonce = nonce;
  try {
    script.textContent = code;
    document.documentElement.append(script);
  } catch {
    // TypeError: the page requires Trusted Types.
  }
  script.remove();
}
