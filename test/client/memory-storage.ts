/** A Storage in memory, one per imagined tab; `broken` throws as a sandboxed frame's does. */
export function memoryStorage({ broken = false } = {}): Storage {
  const items = new Map<string, string>();
  const guard = (): void => {
    if (broken) throw new DOMException('denied', 'SecurityError');
  };
  return {
    get length() {
      return items.size;
    },
    clear: () => items.clear(),
    getItem(key) {
      guard();
      return items.get(key) ?? null;
    },
    key: (index) => [...items.keys()][index] ?? null,
    removeItem: (key) => void items.delete(key),
    setItem(key, value) {
      guard();
      items.set(key, value);
    },
  };
}
