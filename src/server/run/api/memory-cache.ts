/**
 * A cache in memory with limits on entries, bytes and age; the entry that was not used for longest goes first. Its content outlives hot
 * reloads, for that is when it saves most. Values are kept as they are: a compressed body stays the Buffer that it was.
 */
import { findBridge } from './bridge.ts';
import { callerFile } from './caller-file.ts';

export interface MemoryCacheOptions<V> {
  /** Default: no limit. */
  readonly maxEntries?: number;
  /** Sum of the values' sizes; default 64 MB. */
  readonly maxBytes?: number;
  /** Default: no limit. */
  readonly maxAgeMs?: number;
  /** Bytes of a value; by default those of Buffers and strings in it. */
  readonly sizeOf?: (value: V) => number;
  /** Start empty after each hot reload; default: false. */
  readonly clearOnHotReload?: boolean;
  /** By which the next version finds the content; default: file, and order in the file. */
  readonly name?: string;
}

export interface MemoryCache<V> {
  /** Makes it the entry that was used last. */
  get(key: string): V | undefined;
  /** A value that is larger than the whole cache is not taken. */
  set(key: string, value: V, options?: { readonly maxAgeMs?: number }): void;
  has(key: string): boolean;
  delete(key: string): boolean;
  clear(): void;
  /** The value, or that of `make`, which is called once however many ask at the same time; a failure is not kept. */
  getOrSet(key: string, make: () => V | Promise<V>): Promise<V>;
  readonly size: number;
  readonly sizeBytes: number;
}

interface Entry {
  readonly value: unknown;
  readonly bytes: number;
  /** By `performance.now()`. */
  readonly expiresMs: number;
}

/** The content, which versions with other limits share. In order of use. */
interface Content {
  readonly entries: Map<string, Entry>;
  readonly making: Map<string, Promise<unknown>>;
  bytes: number;
}

const MAX_BYTES = 64 * 1024 * 1024;

export function memoryCache<V = unknown>(options: MemoryCacheOptions<V> = {}): MemoryCache<V> {
  const { maxEntries = Infinity, maxBytes = MAX_BYTES, maxAgeMs = Infinity, sizeOf = sizeOfValue } = options;
  const content = findContent(options, memoryCache);
  const { entries, making } = content;

  const drop = (key: string): boolean => {
    const entry = entries.get(key);
    if (entry === undefined) return false;
    content.bytes -= entry.bytes;
    return entries.delete(key);
  };
  const fresh = (key: string): Entry | undefined => {
    const entry = entries.get(key);
    if (entry === undefined || entry.expiresMs > performance.now()) return entry;
    drop(key);
    return undefined;
  };
  const shrink = (): void => {
    for (const key of entries.keys()) {
      if (entries.size <= maxEntries && content.bytes <= maxBytes) return;
      drop(key);
    }
  };
  // The version before may have allowed more.
  shrink();
  const cache: MemoryCache<V> = {
    get(key) {
      const entry = fresh(key);
      if (entry === undefined) return undefined;
      entries.delete(key);
      entries.set(key, entry);
      return entry.value as V;
    },
    set(key, value, { maxAgeMs: ageMs = maxAgeMs } = {}) {
      drop(key);
      const bytes = sizeOf(value);
      if (bytes > maxBytes) return;
      entries.set(key, { value, bytes, expiresMs: performance.now() + ageMs });
      content.bytes += bytes;
      shrink();
    },
    has: (key) => fresh(key) !== undefined,
    delete: drop,
    clear() {
      entries.clear();
      content.bytes = 0;
    },
    async getOrSet(key, make) {
      if (cache.has(key)) return cache.get(key) as V;
      const running = making.get(key);
      if (running !== undefined) return running as Promise<V>;
      const made = Promise.resolve().then(make);
      making.set(key, made);
      try {
        const value = await made;
        cache.set(key, value);
        return value;
      } finally {
        making.delete(key);
      }
    },
    get size() {
      return entries.size;
    },
    get sizeBytes() {
      return content.bytes;
    },
  };
  return cache;
}

function findContent<V>({ clearOnHotReload = false, name }: MemoryCacheOptions<V>, caller: () => unknown): Content {
  const create = (): Content => ({ entries: new Map(), making: new Map(), bytes: 0 });
  const bridge = findBridge();
  if (bridge === undefined || clearOnHotReload) return create();
  const place = name ?? callerFile(caller);
  const ordinal = bridge.ordinal(`memoryCache ${place}`);
  // One for each request, say, is nobody's successor.
  if (ordinal === undefined) return create();
  return bridge.keep(`memoryCache ${place}${name === undefined ? ` ${ordinal}` : ''}`, create);
}

/** Bytes of what weighs: buffers, and texts as UTF-16; of objects and arrays those in them. */
function sizeOfValue(value: unknown): number {
  return sizeWithin(value, new Set());
}

function sizeWithin(value: unknown, seen: Set<object>): number {
  if (typeof value === 'string') return value.length * 2;
  if (typeof value !== 'object' || value === null) return PRIMITIVE_BYTES;
  if (ArrayBuffer.isView(value) || value instanceof ArrayBuffer) return value.byteLength;
  if (seen.has(value)) return 0;
  seen.add(value);
  let bytes = OBJECT_BYTES;
  for (const [key, part] of value instanceof Map ? value : Object.entries(value)) bytes += sizeWithin(key, seen) + sizeWithin(part, seen);
  return bytes;
}

const PRIMITIVE_BYTES = 8;
const OBJECT_BYTES = 32;
