import assert from 'node:assert/strict';
import { describe, test } from 'node:test';
import { memoryCache } from '../../../../src/server/run/api/server.ts';

describe('memoryCache', () => {
  test('drops the entry that was not used for longest', () => {
    const cache = memoryCache<number>({ maxEntries: 2 });
    cache.set('a', 1);
    cache.set('b', 2);
    cache.get('a');
    cache.set('c', 3);
    assert.deepEqual([cache.get('a'), cache.get('b'), cache.get('c'), cache.size], [1, undefined, 3, 2]);
  });
  test('counts the bytes of buffers and texts, also within objects', () => {
    const cache = memoryCache<unknown>({ maxBytes: 10_000 });
    cache.set('a', { encoding: 'br', body: Buffer.alloc(4000) });
    assert.ok(cache.sizeBytes > 4000 && cache.sizeBytes < 4200, String(cache.sizeBytes));
    cache.set('b', ['x'.repeat(2000)]);
    cache.set('c', new Uint8Array(4000));
    assert.deepEqual([cache.has('a'), cache.has('b'), cache.has('c')], [false, true, true]);
    cache.set('c', 'small');
    cache.delete('b');
    assert.equal(cache.sizeBytes, 10);
    cache.clear();
    assert.deepEqual([cache.size, cache.sizeBytes], [0, 0]);
  });
  test('does not take what is larger than itself, and keeps the rest', () => {
    const cache = memoryCache<Buffer>({ maxBytes: 100 });
    cache.set('a', Buffer.alloc(60));
    cache.set('b', Buffer.alloc(101));
    assert.deepEqual([cache.has('a'), cache.has('b')], [true, false]);
  });
  test('keeps a compressed body as the Buffer that it is', () => {
    const body = Buffer.from([0x1f, 0x8b, 0xff]);
    const cache = memoryCache<{ body: Buffer }>();
    cache.set('/', { body });
    assert.equal(cache.get('/')?.body, body);
  });
  test('a size of the author counts', () => {
    const cache = memoryCache<string>({ maxBytes: 2, sizeOf: () => 1 });
    for (const key of ['a', 'b', 'c']) cache.set(key, 'long text');
    assert.deepEqual([cache.has('a'), cache.sizeBytes], [false, 2]);
  });
  test('forgets what is too old, by the cache or by the entry', (t) => {
    let nowMs = 0;
    t.mock.method(performance, 'now', () => nowMs);
    const cache = memoryCache<number>({ maxAgeMs: 100 });
    cache.set('a', 1);
    cache.set('b', 2, { maxAgeMs: 10 });
    nowMs = 10;
    assert.deepEqual([cache.get('a'), cache.get('b')], [1, undefined]);
    nowMs = 100;
    assert.deepEqual([cache.has('a'), cache.size, cache.sizeBytes], [false, 0, 0]);
  });
  test('getOrSet makes a value once for all who ask, and not again', async () => {
    const cache = memoryCache<number>();
    let calls = 0;
    const make = async (): Promise<number> => ++calls;
    assert.deepEqual(await Promise.all([cache.getOrSet('a', make), cache.getOrSet('a', make)]), [1, 1]);
    assert.equal(await cache.getOrSet('a', make), 1);
  });
  test('getOrSet keeps no failure', async () => {
    const cache = memoryCache<number>();
    await assert.rejects(
      cache.getOrSet('a', () => Promise.reject(new Error('no'))),
      /no/,
    );
    assert.equal(await cache.getOrSet('a', () => 2), 2);
  });
  test('two caches of one file are two', () => {
    const [one, two] = [memoryCache<number>(), memoryCache<number>()];
    one.set('a', 1);
    assert.equal(two.has('a'), false);
  });
});
