/**
 * What was made last, by key: enough to answer for what pages still hold, in memory that does not grow with the day. A map that forgets, because
 * who holds something old does not say when it lets go.
 */
export interface Recent<V> {
  get(key: string): V | undefined;
  /** Also makes a known key the latest. */
  set(key: string, value: V): void;
}

/** @param limit how many are kept */
export function createRecent<V>(limit: number): Recent<V> {
  const values = new Map<string, V>();
  return {
    get: (key) => values.get(key),
    set(key, value) {
      values.delete(key);
      values.set(key, value);
      const [oldest] = values.keys();
      if (values.size > limit && oldest !== undefined) values.delete(oldest);
    },
  };
}
