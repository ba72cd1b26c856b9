import assert from 'node:assert/strict';
import { describe, it } from 'node:test';
import { createBatcher, type Batch, type Batcher } from '../../../src/server/hot/batch.ts';
import type { FileEventKind } from '../../../src/server/hot/settle.ts';
import { createTestClock, type TestClock } from './test-clock.ts';

interface World {
  readonly clock: TestClock;
  readonly batcher: Batcher;
  readonly batches: Batch[];
  readonly errors: unknown[];
  /** Answers of `isOvertaken`, where the world asks. */
  readonly overtaken: boolean[];
  /** The files of every batch so far. */
  files(): string[][];
  change(...names: string[]): void;
  add(name: string, kind: FileEventKind): void;
  /** Ends the batch in work. */
  finish(error?: Error): Promise<void>;
}

/**
 * @param isSlow a batch is in work until `finish`
 * @param asks each batch asks whether it is overtaken
 */
function createWorld({ isSlow = false, asks = false }: { isSlow?: boolean; asks?: boolean } = {}): World {
  const clock = createTestClock();
  const batches: Batch[] = [];
  const errors: unknown[] = [];
  const overtaken: boolean[] = [];
  let end: ((error?: Error) => void) | undefined;
  let running = 0;
  const batcher = createBatcher({
    clock,
    onError: (error) => errors.push(error),
    async onBatch(batch) {
      assert.equal(running++, 0, 'one at a time');
      batches.push(batch);
      try {
        if (asks) overtaken.push(await batch.isOvertaken());
        if (isSlow) await new Promise<void>((resolve, reject) => (end = (error) => (error ? reject(error) : resolve())));
      } finally {
        running--;
      }
    },
  });
  const add = (name: string, kind: FileEventKind): void => batcher.add({ filePath: `/${name}`, kind, at: clock.now(), pending: () => 0 });
  return {
    clock,
    batcher,
    batches,
    errors,
    overtaken,
    add,
    files: () => batches.map(({ files }) => [...files].map(([filePath, kind]) => `${kind} ${filePath.slice(1)}`)),
    change: (...names) => names.forEach((name) => add(name, 'change')),
    async finish(error) {
      end?.(error);
      await clock.advance(0);
    },
  };
}

describe('a few files', () => {
  it('go at once', async () => {
    const { change, clock, files, batches } = createWorld();
    change('a');
    assert.deepEqual(files(), []);
    await clock.advance(0);
    assert.deepEqual(files(), [['change a']]);
    assert.equal(batches[0]?.firstEventAt, 1000);
    assert.equal(clock.pending, 0);
  });
  it('that the system tells of together go together', async () => {
    const { change, clock, files } = createWorld();
    change('a', 'b', 'c');
    await clock.advance(0);
    assert.deepEqual(files(), [['change a', 'change b', 'change c']]);
  });
  it('that are saved together are told with the last of them', async () => {
    const { change, clock, files, overtaken, batches } = createWorld({ asks: true });
    change('a');
    await clock.advance(0.75);
    change('b');
    await clock.advance(0.75);
    change('c');
    await clock.advance(0.9);
    assert.deepEqual(files(), [['change a'], ['change b'], ['change c']]);
    assert.deepEqual(overtaken, [true, true]);
    await clock.advance(0.2);
    assert.deepEqual(overtaken, [true, true, false]);
    assert.deepEqual(new Set(batches.map(({ firstEventAt }) => firstEventAt)), new Set([1000]));
    assert.equal(clock.pending, 0);
  });
  it('are told although one keeps changing', async () => {
    const { change, clock, overtaken } = createWorld({ asks: true });
    for (let n = 0; n < 1200; n++) {
      change('a');
      await clock.advance(0.5);
    }
    assert.ok(overtaken.slice(0, 400).every(Boolean));
    assert.ok(overtaken.includes(false));
  });
  it('are told after a neighbour that came and went', async () => {
    const { change, add, clock, files, overtaken } = createWorld({ asks: true });
    change('a');
    await clock.advance(0.5);
    add('temporary', 'add');
    add('temporary', 'unlink');
    await clock.advance(5);
    assert.deepEqual(files(), [['change a'], []]);
    assert.deepEqual(overtaken, [true, false]);
  });
  it('remember the first sign, which is older than the report', async () => {
    const { batcher, clock, batches } = createWorld();
    batcher.add({ filePath: '/a', kind: 'change', at: 990, pending: () => 0 });
    batcher.add({ filePath: '/b', kind: 'change', at: 900, pending: () => 0 });
    batcher.add({ filePath: '/a', kind: 'change', at: 995, pending: () => 0 });
    await clock.advance(5);
    assert.equal(batches[0]?.firstEventAt, 900);
  });
});

describe('a burst', () => {
  const names = Array.from({ length: 2000 }, (_, n) => `f${n}`);

  it('of 2,000 files over 400 ms is one batch', async () => {
    const { change, clock, batches } = createWorld();
    for (let at = 0; at < 400; at += 20) {
      change(...names.slice(at * 5, at * 5 + 100));
      await clock.advance(20);
    }
    assert.equal(batches.length, 0);
    await clock.advance(100);
    assert.equal(batches.length, 1);
    assert.equal(batches[0]?.files.size, 2000);
  });
  it('of 2,000 files on a slow disk is one batch too', async () => {
    const { change, clock, batches } = createWorld();
    for (let n = 0; n < 2000; n += 100) {
      change(...names.slice(n, n + 100));
      await clock.advance(n === 0 ? 20 : 90);
    }
    assert.equal(batches.length, 0);
    await clock.advance(10);
    assert.equal(batches[0]?.files.size, 2000);
  });
  it('of many files that does not end goes after three seconds', async () => {
    const { change, clock, batches } = createWorld();
    for (let n = 0; n < 2000 && batches.length === 0; n += 4) {
      change(...names.slice(n, n + 4));
      await clock.advance(n < 100 ? 10 : 20);
    }
    assert.equal(batches.length, 1);
    assert.ok((batches[0]?.files.size ?? 0) > 500);
  });
  it('goes 25 ms after its last file', async () => {
    const { change, clock, batches } = createWorld();
    change('a', 'b', 'c', 'd');
    await clock.advance(24);
    assert.equal(batches.length, 0);
    await clock.advance(1);
    assert.equal(batches.length, 1);
  });
  it('that does not end goes after 500 ms', async () => {
    const { change, clock, batches } = createWorld();
    for (let n = 0; n < 600; n += 24) {
      change(`a${n}`, `b${n}`, `c${n}`, `d${n}`);
      await clock.advance(24);
    }
    assert.equal(batches.length, 1);
    assert.equal(batches[0]?.files.size, 84);
    await clock.advance(25);
    assert.equal(batches.length, 2);
    assert.equal(batches[1]?.files.size, 16);
  });
});

describe('files that are known to come', () => {
  it('are waited for, however slowly they are looked at', async () => {
    const { batcher, clock, batches } = createWorld();
    let left = 100;
    while (left > 0) {
      assert.equal(batches.length, 0);
      left--;
      batcher.add({ filePath: `/${left}`, kind: 'change', at: 1000, pending: () => left });
      await clock.advance(40);
    }
    assert.deepEqual(
      batches.map(({ files }) => files.size),
      [100],
    );
  });
  it('and turn out to be nothing, do not hold up the others', async () => {
    const { batcher, clock, batches } = createWorld();
    let left = 1;
    batcher.add({ filePath: '/a', kind: 'change', at: 1000, pending: () => left });
    await clock.advance(10);
    assert.equal(batches.length, 0);
    left = 0;
    await clock.advance(2);
    assert.equal(batches.length, 1);
  });
  it('are not waited for for ever', async () => {
    const { batcher, clock, batches } = createWorld();
    batcher.add({ filePath: '/a', kind: 'change', at: 1000, pending: () => 10 });
    await clock.advance(4_900);
    assert.equal(batches.length, 0);
    await clock.advance(200);
    assert.equal(batches.length, 1);
    assert.equal(clock.pending, 0);
  });
});

describe('while a batch is in work', () => {
  it('what comes is the next one, and goes when the work is done', async () => {
    const { change, clock, files, finish } = createWorld({ isSlow: true });
    change('a');
    await clock.advance(2);
    change('a', 'b');
    await clock.advance(1000);
    change('c');
    await clock.advance(1000);
    assert.deepEqual(files(), [['change a']]);
    await finish();
    assert.deepEqual(files(), [['change a'], ['change a', 'change b', 'change c']]);
    await finish();
    assert.equal(clock.pending, 0);
  });
  it('a fresh burst still waits until it is quiet', async () => {
    const { change, clock, files, finish } = createWorld({ isSlow: true });
    change('a');
    await clock.advance(100);
    change('b', 'c', 'd', 'e');
    await finish();
    assert.equal(files().length, 1);
    await clock.advance(25);
    assert.deepEqual(files(), [['change a'], ['change b', 'change c', 'change d', 'change e']]);
  });
  it('a failure is told and stops nothing', async () => {
    const { change, clock, files, finish, errors } = createWorld({ isSlow: true });
    const failure = new Error('compile broke');
    change('a');
    await clock.advance(2);
    change('b');
    await clock.advance(2);
    await finish(failure);
    assert.deepEqual(errors, [failure]);
    assert.deepEqual(files(), [['change a'], ['change b']]);
  });
});

describe('events of one file', () => {
  const cases: readonly (readonly [events: readonly FileEventKind[], result: FileEventKind | undefined])[] = [
    [['change', 'change'], 'change'],
    [['add', 'change'], 'add'],
    [['add', 'unlink'], undefined],
    [['add', 'unlink', 'add'], 'add'],
    [['change', 'unlink'], 'unlink'],
    [['unlink', 'add'], 'change'],
    [['unlink', 'add', 'unlink'], 'unlink'],
    [['unlink', 'add', 'change'], 'change'],
  ];
  for (const [events, result] of cases) {
    it(`${events.join(', ')} is ${result ?? 'nothing'}`, async () => {
      const { add, clock, files } = createWorld();
      for (const kind of events) add('a', kind);
      await clock.advance(100);
      assert.deepEqual(files(), result ? [[`${result} a`]] : []);
      assert.equal(clock.pending, 0);
    });
  }
});

describe('close', () => {
  it('drops what waits, and waits for what is in work', async () => {
    const { change, batcher, clock, files, finish } = createWorld({ isSlow: true });
    change('a');
    await clock.advance(2);
    change('b');
    let isClosed = false;
    const closed = batcher.close().then(() => (isClosed = true));
    change('c');
    await clock.advance(1000);
    assert.equal(isClosed, false);
    await finish();
    await closed;
    assert.deepEqual(files(), [['change a']]);
    await batcher.close();
  });
});
