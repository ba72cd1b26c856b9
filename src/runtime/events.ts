/**
 * Events of `import.meta.hot.on`. Every `hmr-dev:` event has a `vite:` name too, so that libraries' HMR code runs as it is; both
 * name one list of listeners.
 */
export type HotListener = (payload: unknown) => unknown;

export interface HotEvents {
  on(event: string, listener: HotListener): () => void;
  off(event: string, listener: HotListener): void;
  /** Calls every listener, waits for each, and hands what one throws to `onError`; the others are called all the same. */
  emit(event: string, payload: unknown): Promise<void>;
}

export function createHotEvents(onError: (error: unknown) => void): HotEvents {
  const listeners = new Map<string, Set<HotListener>>();
  const canonical = (event: string): string => event.replace(/^vite:/, 'hmr-dev:');
  const off = (event: string, listener: HotListener): void => {
    listeners.get(canonical(event))?.delete(listener);
  };
  return {
    off,
    on(event, listener) {
      const name = canonical(event);
      let of = listeners.get(name);
      if (!of) listeners.set(name, (of = new Set()));
      of.add(listener);
      return () => off(event, listener);
    },
    async emit(event, payload) {
      for (const listener of listeners.get(canonical(event)) ?? []) {
        try {
          await listener(payload);
        } catch (error) {
          onError(error);
        }
      }
    },
  };
}
