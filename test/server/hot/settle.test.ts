import assert from 'node:assert/strict';
import { describe, it } from 'node:test';
import { createSettler, type FileEvent, type Fingerprint, type Settler } from '../../../src/server/hot/settle.ts';
import { createTestClock, type TestClock } from './test-clock.ts';

interface World {
  readonly clock: TestClock;
  readonly settler: Settler;
  readonly events: FileEvent[];
  /** Every look at a file, by path. */
  readonly looks: string[];
  /** Size of the file at each report. */
  readonly reportedSizes: (number | undefined)[];
  /** How many more were on their way at each report. */
  readonly pendings: number[];
  kinds(): string[];
  /** Writes without a hint; the same stamp is the same tick of the file system's clock. */
  put(filePath: string, sizeBytes: number, stamp?: number): void;
  remove(filePath: string): void;
  write(filePath: string, sizeBytes: number, stamp?: number): void;
}

function createWorld(): World {
  const clock = createTestClock();
  const files = new Map<string, Fingerprint>();
  const events: FileEvent[] = [];
  const looks: string[] = [];
  const reportedSizes: (number | undefined)[] = [];
  const pendings: number[] = [];
  let stamps = 0;
  const settler = createSettler({
    clock,
    onChange(event) {
      events.push(event);
      pendings.push(event.pending());
      reportedSizes.push(files.get(event.filePath)?.sizeBytes);
    },
    async statFile(filePath) {
      looks.push(filePath);
      return files.get(filePath) ?? null;
    },
  });
  const put = (filePath: string, sizeBytes: number, stamp: number = ++stamps): void => {
    files.set(filePath, { mtimeMs: stamp, ctimeMs: stamp, sizeBytes, ino: 1 });
  };
  return {
    clock,
    settler,
    events,
    looks,
    reportedSizes,
    pendings,
    put,
    kinds: () => events.map(({ kind, filePath }) => `${kind} ${filePath}`),
    remove: (filePath) => files.delete(filePath),
    write(filePath, sizeBytes, stamp) {
      put(filePath, sizeBytes, stamp);
      settler.written(filePath);
    },
  };
}

/** With one file that the program knows. */
function createWorldWithFile(): World {
  const world = createWorld();
  world.put('/a', 3);
  world.settler.seed('/a');
  return world;
}

describe('a save', () => {
  it('is reported at the first look, which waits for nothing', async () => {
    const { write, clock, kinds, events } = createWorldWithFile();
    write('/a', 4);
    await clock.advance(0);
    assert.deepEqual(kinds(), ['change /a']);
    assert.equal(events[0]?.at, 1000);
  });
  it('is looked at once more, and then left alone', async () => {
    const { write, clock, kinds, looks } = createWorldWithFile();
    write('/a', 4);
    await clock.advance(59);
    assert.equal(looks.length, 1);
    await clock.advance(1);
    assert.equal(looks.length, 2);
    await clock.advance(10_000);
    assert.equal(looks.length, 2);
    assert.equal(clock.pending, 0);
    assert.deepEqual(kinds(), ['change /a']);
  });
  it('of a new file is an add', async () => {
    const { write, clock, kinds } = createWorld();
    write('/n', 1);
    await clock.advance(500);
    assert.deepEqual(kinds(), ['add /n']);
  });
  it('takes hints that come together as one', async () => {
    const { settler, write, clock, kinds, looks } = createWorldWithFile();
    write('/a', 4);
    settler.written('/a');
    settler.recheck('/a');
    await clock.advance(500);
    assert.equal(looks.length, 2);
    assert.deepEqual(kinds(), ['change /a']);
  });
});

describe('many saves', () => {
  it('say how many more are on their way', async () => {
    const { write, settler, clock, events, pendings } = createWorldWithFile();
    for (const name of ['/b', '/c', '/d']) write(name, 1);
    settler.recheck('/never-was');
    await clock.advance(500);
    write('/a', 9);
    await clock.advance(500);
    assert.deepEqual(pendings, [3, 2, 1, 0]);
    assert.equal(events[0]?.pending(), 0, 'as of the call');
  });
});

describe('a second save', () => {
  it('without a hint is found by the second look, and that is looked at again', async () => {
    const { write, put, clock, kinds, looks } = createWorldWithFile();
    write('/a', 4);
    await clock.advance(5);
    put('/a', 5);
    await clock.advance(55);
    assert.deepEqual(kinds(), ['change /a', 'change /a']);
    await clock.advance(60);
    assert.equal(looks.length, 3);
    assert.equal(clock.pending, 0);
  });
  it('with a hint is reported after a short quiet, and keeps the time of its hint', async () => {
    const { write, clock, kinds, events } = createWorldWithFile();
    write('/a', 4);
    await clock.advance(5);
    write('/a', 5);
    await clock.advance(10);
    assert.deepEqual(kinds(), ['change /a', 'change /a']);
    assert.equal(events[1]?.at, 1005);
  });
  it('that looks the same (one tick, one size) is reported because the system said so', async () => {
    const { write, clock, kinds } = createWorldWithFile();
    write('/a', 4, 77);
    await clock.advance(2);
    write('/a', 4, 77);
    await clock.advance(500);
    assert.deepEqual(kinds(), ['change /a', 'change /a']);
  });
  it('during the look leads to another look', async () => {
    const clock = createTestClock();
    const events: FileEvent[] = [];
    const answers: ((found: Fingerprint) => void)[] = [];
    const settler = createSettler({
      clock,
      onChange: (event) => events.push(event),
      statFile: () => new Promise((resolve) => answers.push(resolve)),
    });
    const found = { mtimeMs: 1, ctimeMs: 1, sizeBytes: 4, ino: 1 };
    settler.seed('/a');
    settler.written('/a');
    await clock.advance(0);
    settler.written('/a');
    answers[0]?.(found);
    await clock.advance(10);
    assert.equal(answers.length, 2);
    answers[1]?.(found);
    await clock.advance(0);
    assert.equal(events.length, 2);
  });
  it('in a stream of writes is reported every 60 ms, and the last one at its end', async () => {
    const { write, clock, events, reportedSizes } = createWorldWithFile();
    for (let n = 0; n < 60; n++) {
      write('/a', 10 + n);
      await clock.advance(5);
    }
    assert.ok(events.length >= 5 && events.length <= 7, String(events.length));
    await clock.advance(500);
    assert.equal(reportedSizes.at(-1), 69);
  });
});

describe('a half-written file', () => {
  it('is not believed empty while its content may come', async () => {
    const { write, clock, kinds } = createWorldWithFile();
    write('/a', 0);
    await clock.advance(40);
    assert.deepEqual(kinds(), []);
    write('/a', 9);
    await clock.advance(0);
    assert.deepEqual(kinds(), ['change /a']);
    await clock.advance(500);
    assert.deepEqual(kinds(), ['change /a']);
  });
  it('is believed empty after a while', async () => {
    const { write, clock, kinds, events } = createWorldWithFile();
    write('/a', 0);
    await clock.advance(99);
    assert.deepEqual(kinds(), []);
    await clock.advance(1);
    assert.deepEqual(kinds(), ['change /a']);
    assert.equal(events[0]?.at, 1000);
    write('/a', 0);
    await clock.advance(500);
    assert.deepEqual(kinds(), ['change /a', 'change /a'], 'it is known to be empty');
  });
  it('that is empty and new is an add after the same while', async () => {
    const { write, clock, kinds } = createWorld();
    write('/n', 0);
    await clock.advance(99);
    assert.deepEqual(kinds(), []);
    await clock.advance(1);
    assert.deepEqual(kinds(), ['add /n']);
  });
  it('cannot hide behind new hints for longer', async () => {
    const { write, clock, kinds } = createWorldWithFile();
    for (let n = 0; n < 30; n++) {
      write('/a', 0);
      await clock.advance(5);
    }
    assert.equal(kinds()[0], 'change /a');
  });
});

describe('a file that is gone', () => {
  it('is an unlink when nothing takes its place', async () => {
    const { settler, remove, clock, kinds } = createWorldWithFile();
    remove('/a');
    settler.recheck('/a');
    await clock.advance(99);
    assert.deepEqual(kinds(), []);
    await clock.advance(1);
    assert.deepEqual(kinds(), ['unlink /a']);
    await clock.advance(500);
    assert.equal(clock.pending, 0);
  });
  it('and is there again was replaced: one change', async () => {
    const { settler, remove, write, clock, kinds } = createWorldWithFile();
    remove('/a');
    settler.recheck('/a');
    await clock.advance(20);
    write('/a', 8);
    await clock.advance(500);
    assert.deepEqual(kinds(), ['change /a']);
  });
  it('is found out about without a hint of its return', async () => {
    const { settler, remove, put, clock, kinds } = createWorldWithFile();
    remove('/a');
    settler.recheck('/a');
    await clock.advance(50);
    put('/a', 8);
    await clock.advance(50);
    assert.deepEqual(kinds(), ['change /a']);
  });
  it('comes back as an add', async () => {
    const { settler, remove, write, clock, kinds } = createWorldWithFile();
    remove('/a');
    settler.recheck('/a');
    await clock.advance(200);
    write('/a', 8);
    await clock.advance(200);
    assert.deepEqual(kinds(), ['unlink /a', 'add /a']);
  });
  it('and was never known is nobody’s business', async () => {
    const { settler, clock, kinds, looks } = createWorld();
    settler.written('/tmp-123');
    await clock.advance(500);
    assert.deepEqual(kinds(), []);
    assert.equal(looks.length, 1);
    assert.equal(clock.pending, 0);
  });
});

describe('recheck', () => {
  it('compares: an echo of what is known is nothing', async () => {
    const { settler, write, clock, kinds } = createWorld();
    write('/a', 4);
    await clock.advance(500);
    settler.recheck('/a');
    await clock.advance(500);
    assert.deepEqual(kinds(), ['add /a']);
  });
  it('of a folder looks at the files below it and at no other', async () => {
    const { settler, put, clock, kinds, looks } = createWorld();
    for (const filePath of ['/d/a', '/d/e/b', '/d2/c', '/d']) {
      put(filePath, 1);
      settler.seed(filePath);
    }
    settler.recheckUnder('/d');
    await clock.advance(500);
    assert.deepEqual([...new Set(looks)], ['/d/a', '/d/e/b']);
    assert.deepEqual(kinds(), ['change /d/a', 'change /d/e/b'], 'never looked at before, so nobody can say');
  });
});

describe('close', () => {
  it('ends every look, also one in work', async () => {
    const { settler, write, clock, kinds } = createWorldWithFile();
    write('/a', 4);
    write('/b', 0);
    settler.close();
    write('/c', 4);
    await clock.advance(500);
    assert.equal(clock.pending, 0);
    assert.deepEqual(kinds(), []);
    settler.close();
  });
});
