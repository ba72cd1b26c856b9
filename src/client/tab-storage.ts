/**
 * Small notes from a page to its successor in the same tab. sessionStorage, because it is per tab and survives a reload; it throws
 * in sandboxed frames, when full and when cookies are blocked, and losing a note must never break a page.
 */
const PREFIX = 'hmr-dev:';

export interface TabStorage {
  read(key: string): unknown;
  /** Reads and removes. */
  take(key: string): unknown;
  write(key: string, value: unknown): void;
}

export function createTabStorage(open: () => Storage = () => sessionStorage): TabStorage {
  const attempt = (act: (storage: Storage) => unknown): unknown => {
    try {
      return act(open());
    } catch {
      // SecurityError, QuotaExceededError, or a SyntaxError of a note that somebody else wrote: there is no note.
      return undefined;
    }
  };
  const read = (storage: Storage, key: string): unknown => {
    const text = storage.getItem(PREFIX + key);
    return text === null ? undefined : JSON.parse(text);
  };
  return {
    read: (key) => attempt((storage) => read(storage, key)),
    take: (key) =>
      attempt((storage) => {
        const value = read(storage, key);
        storage.removeItem(PREFIX + key);
        return value;
      }),
    write: (key, value) => void attempt((storage) => storage.setItem(PREFIX + key, JSON.stringify(value))),
  };
}
