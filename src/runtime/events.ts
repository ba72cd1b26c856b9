/**
 * Events of `import.meta.hot.on`. Every `hmr-dev:` event has a `vite:` name too, so that libraries' HMR code runs as it is; both
 * name one list of listeners.
 */
export type HotListener = (payload: unknown) => unknown;

export interface HotEvents {
  /** @returns ends this registration; another one of the same function stays */
  on(event: string, listener: HotListener): () => void;
  hasListener(event: string): boolean;
  /** Calls every listener at once, waits for all, and hands what one throws to `onError`. */
  emit(event: string, payload: unknown): Promise<void>;
}

export function createHotEvents(onError: (error: unknown) => void): HotEvents {
  /** Boxed: the new version of a module may register a function that the old one, about to end, has registered too. */
  const listeners = new Map<string, Set<{ readonly listener: HotListener }>>();
  return {
    on(event, listener) {
      const name = canonicalEvent(event);
      let of = listeners.get(name);
      if (!of) listeners.set(name, (of = new Set()));
      const entry = { listener };
      of.add(entry);
      return () => of.delete(entry);
    },
    hasListener: (event) => (listeners.get(canonicalEvent(event))?.size ?? 0) > 0,
    async emit(event, payload) {
      // A copy: a listener may register another.
      const entries = [...(listeners.get(canonicalEvent(event)) ?? [])];
      await Promise.all(
        entries.map(async ({ listener }) => {
          try {
            await listener(payload);
          } catch (error) {
            onError(error);
          }
        }),
      );
    },
  };
}

/** Ours, of the two names of an event. */
export const canonicalEvent = (event: string): string => event.replace(/^vite:/, 'hmr-dev:');
