/**
 * Values that all versions share (`keepOnHotReload`). What a version that failed has put there goes with it: nobody has seen it, and the
 * fixed version shall make it anew.
 */
export interface Kept {
  /** @param version who asks, if it still boots */
  keep<T>(key: string, factory: () => T, version?: number): T;
  /** What versions have put there that was not seen by anybody yet stays from now on. */
  settle(version: number): void;
  forget(version: number): void;
}

interface Entry {
  readonly value: unknown;
  /** The version that has made it, while that boots. */
  maker: number | undefined;
}

export function createKept(): Kept {
  const entries = new Map<string, Entry>();
  const madeBy = (version: number): [string, Entry][] => [...entries].filter(([, entry]) => entry.maker === version);
  return {
    keep<T>(key: string, factory: () => T, version?: number): T {
      const known = entries.get(key);
      if (known !== undefined) return known.value as T;
      const value = factory();
      const entry: Entry = { value, maker: version };
      entries.set(key, entry);
      // A failed connection is tried again by whoever asks next; that it failed is told by the promise itself.
      if (value instanceof Promise) value.catch(() => entries.get(key) === entry && entries.delete(key));
      return value;
    },
    settle(version) {
      for (const [, entry] of madeBy(version)) entry.maker = undefined;
    },
    forget(version) {
      for (const [key] of madeBy(version)) entries.delete(key);
    },
  };
}
