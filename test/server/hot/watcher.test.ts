import assert from 'node:assert/strict';
import type { EventEmitter } from 'node:events';
import fs from 'node:fs';
import path from 'node:path';
import { describe, it } from 'node:test';
import { setTimeout as pass } from 'node:timers/promises';
import { HmrError } from '../../../src/server/errors.ts';
import { createBatcher, type Batch } from '../../../src/server/hot/batch.ts';
import { createChokidarSource } from '../../../src/server/hot/chokidar-source.ts';
import { createFolderSource } from '../../../src/server/hot/folder-source.ts';
import { createWatcher } from '../../../src/server/hot/watcher.ts';
import { makeFolder, watchFolder, writeFile } from './watched-folder.ts';

const sources = { 'folder source': createFolderSource, 'chokidar source': createChokidarSource };

for (const [name, createSource] of Object.entries(sources)) {
  describe(`saves, ${name}`, () => {
    it('one save is one change', async (t) => {
      const folder = await watchFolder(t, { 'a.js': '1', 'sub/b.js': '1' }, { createSource });
      folder.write('a.js', '22');
      await folder.until('change a.js');
      folder.write('sub/b.js', '22');
      await folder.until('change sub/b.js');
      await folder.settled();
      assert.equal(folder.seen.find(({ text }) => text === 'change a.js')?.content, '22');
      assert.deepEqual([...new Set(folder.texts())], ['change a.js', 'change sub/b.js']);
    });
    it('two saves 5 ms apart end with the second', async (t) => {
      const folder = await watchFolder(t, { 'a.js': 'old' }, { createSource });
      for (let n = 0; n < 10; n++) {
        folder.write('a.js', `first ${n}`);
        await pass(5);
        folder.write('a.js', `again ${n}`);
        await folder.untilContent('a.js', `again ${n}`);
      }
    });
    it('two saves of one size in one tick end with the second', async (t) => {
      const folder = await watchFolder(t, { 'a.js': 'old' }, { createSource });
      folder.write('a.js', 'one');
      await folder.untilContent('a.js', 'one');
      folder.write('a.js', 'two');
      await folder.untilContent('a.js', 'two');
    });
    it('truncate, then write: the empty file is never told of', async (t) => {
      const folder = await watchFolder(t, { 'a.js': 'old' }, { createSource });
      const file = fs.openSync(folder.at('a.js'), 'w');
      await pass(30);
      fs.writeSync(file, 'new content');
      fs.closeSync(file);
      await folder.untilContent('a.js', 'new content');
      await folder.settled();
      assert.ok(folder.seen.every(({ content }) => content !== ''));
    });
    it('a file that is really emptied is told of', async (t) => {
      const folder = await watchFolder(t, { 'a.js': 'old' }, { createSource });
      fs.truncateSync(folder.at('a.js'));
      await folder.untilContent('a.js', '');
    });
    it('a write in chunks ends with the whole', async (t) => {
      const folder = await watchFolder(t, { 'a.js': 'old' }, { createSource });
      const file = fs.openSync(folder.at('a.js'), 'w');
      for (const chunk of ['one ', 'two ', 'three ', 'four']) {
        fs.writeSync(file, chunk);
        await pass(15);
      }
      fs.closeSync(file);
      await folder.untilContent('a.js', 'one two three four');
    });
    it('an atomic rename is one change', async (t) => {
      const folder = await watchFolder(t, { 'a.js': 'old' }, { createSource });
      for (const temporary of ['a.js.tmp.4711', 'beside.txt', '../a-outside']) {
        const from = folder.seen.length;
        folder.write(temporary, `by ${temporary}`);
        fs.renameSync(folder.at(temporary), folder.at('a.js'));
        await folder.until('change a.js', from);
        await folder.settled();
        assert.equal(folder.seen.findLast(({ text }) => text === 'change a.js')?.content, `by ${temporary}`);
      }
      assert.deepEqual(folder.texts(), ['change a.js', 'change a.js', 'change a.js']);
    });
    it('vim’s way (move away, write anew, remove the backup) is a change', async (t) => {
      const folder = await watchFolder(t, { 'a.js': 'old' }, { createSource });
      fs.writeFileSync(folder.at('4913'), '');
      fs.rmSync(folder.at('4913'));
      fs.renameSync(folder.at('a.js'), folder.at('a.js~'));
      await pass(10);
      folder.write('a.js', 'new');
      await pass(10);
      fs.rmSync(folder.at('a.js~'));
      await folder.untilContent('a.js', 'new');
      await folder.settled();
      assert.deepEqual([...new Set(folder.texts())], ['change a.js']);
    });
    it('a touch is a change: whether the output differs is not for the watcher to say', async (t) => {
      const folder = await watchFolder(t, { 'a.js': 'old' }, { createSource });
      fs.utimesSync(folder.at('a.js'), new Date(), new Date());
      await folder.until('change a.js');
    });
    it('2,000 files changed at once are one batch', async (t) => {
      const names = Array.from({ length: 2000 }, (_, n) => `d${n % 20}/f${n}.js`);
      const batches: Batch[] = [];
      const batcher = createBatcher({ onBatch: async (batch) => void batches.push(batch), onError: (error) => assert.fail(String(error)) });
      t.after(() => batcher.close());
      const files = Object.fromEntries(names.map((file) => [file, 'old']));
      const folder = await watchFolder(t, files, { createSource, onChange: batcher.add });
      for (const file of names) folder.write(file, 'new content');
      await folder.settled();
      const sizes = batches.map((batch) => [...batch.files.keys()].filter((file) => !file.includes('marker')).length);
      assert.equal(sizes[0], 2000, String(sizes));
      assert.deepEqual(
        sizes.filter((size) => size > 0),
        [2000],
      );
    });
  });

  describe(`coming and going, ${name}`, () => {
    it('delete and restore', async (t) => {
      const folder = await watchFolder(t, { 'a.js': 'old' }, { createSource });
      fs.rmSync(folder.at('a.js'));
      await folder.until('unlink a.js');
      folder.write('a.js', 'old');
      await folder.until('add a.js');
      folder.write('a.js', 'new');
      await folder.untilContent('a.js', 'new');
    });
    it('delete, restore, delete within a moment ends with the delete', async (t) => {
      const folder = await watchFolder(t, { 'a.js': 'old' }, { createSource });
      fs.rmSync(folder.at('a.js'));
      await pass(5);
      folder.write('a.js', 'short');
      await pass(5);
      fs.rmSync(folder.at('a.js'));
      await folder.until('unlink a.js');
      folder.write('a.js', 'back');
      await folder.untilContent('a.js', 'back');
      folder.write('a.js', 'edited');
      await folder.untilContent('a.js', 'edited');
    });
    it('a new folder with files in folders', async (t) => {
      const folder = await watchFolder(t, { 'a.js': 'old' }, { createSource });
      folder.write('x/y/z/deep.js', '1');
      folder.write('x/top.js', '1');
      await folder.until('add x/y/z/deep.js');
      await folder.until('add x/top.js');
      folder.write('x/y/z/deep.js', 'edited');
      await folder.untilContent('x/y/z/deep.js', 'edited');
      folder.write('x/y/later.js', '1');
      await folder.until('add x/y/later.js');
    });
    it('a renamed folder', async (t) => {
      const folder = await watchFolder(t, { 'old/a.js': '1', 'old/in/b.js': '1' }, { createSource });
      fs.renameSync(folder.at('old'), folder.at('new'));
      for (const text of ['unlink old/a.js', 'unlink old/in/b.js', 'add new/a.js', 'add new/in/b.js']) await folder.until(text);
      folder.write('new/in/b.js', 'edited');
      await folder.untilContent('new/in/b.js', 'edited');
      folder.write('old/a.js', 'again');
      await folder.until('add old/a.js');
      fs.renameSync(folder.at('new'), folder.at('newer'));
      await folder.until('add newer/in/b.js');
      folder.write('newer/in/b.js', 'once more');
      await folder.untilContent('newer/in/b.js', 'once more');
    });
    it('a folder that is replaced within a moment stays watched', async (t) => {
      const folder = await watchFolder(t, { 'sub/a.js': '1', 'sub/in/b.js': '1', 'sub/gone.js': '1' }, { createSource });
      for (const round of ['first', 'second', 'third']) {
        const from = folder.seen.length;
        fs.rmSync(folder.at('sub'), { recursive: true });
        folder.write('sub/a.js', round);
        folder.write('sub/in/b.js', round);
        await folder.untilContent('sub/a.js', round);
        await folder.untilContent('sub/in/b.js', round);
        if (round === 'first') await folder.until('unlink sub/gone.js', from);
        folder.write('sub/in/b.js', `${round} edited`);
        await folder.untilContent('sub/in/b.js', `${round} edited`);
        folder.write(`sub/in/new-${round}.js`, '1');
        await folder.until(`add sub/in/new-${round}.js`, from);
      }
    });
    it('the root, deleted and made again', async (t) => {
      const folder = await watchFolder(t, { 'a.js': '1', 'sub/b.js': '1' }, { createSource });
      fs.rmSync(folder.root, { recursive: true });
      await folder.until('unlink a.js');
      await folder.until('unlink sub/b.js');
      folder.write('a.js', 'back');
      folder.write('sub/b.js', 'back');
      await folder.until('add a.js');
      await folder.until('add sub/b.js');
      folder.write('sub/b.js', 'edited');
      await folder.untilContent('sub/b.js', 'edited');
      folder.write('sub/c.js', 'new');
      await folder.until('add sub/c.js');
    });
    it('the root, replaced within a moment', async (t) => {
      const folder = await watchFolder(t, { 'a.js': '1', 'gone.js': '1' }, { createSource });
      const other = path.join(folder.root, '../other');
      writeFile(path.join(other, 'a.js'), 'of the other');
      fs.renameSync(folder.root, path.join(folder.root, '../moved'));
      fs.renameSync(other, folder.root);
      await folder.untilContent('a.js', 'of the other');
      await folder.until('unlink gone.js');
      folder.write('a.js', 'edited');
      await folder.untilContent('a.js', 'edited');
    });
  });

  describe(`what is watched, ${name}`, () => {
    it('not dependencies, dotfiles, temporary files and what the user names', async (t) => {
      const folder = await watchFolder(
        t,
        { 'a.js': '1', 'node_modules/x/i.js': '1', 'gen/x.js': '1' },
        { createSource, ignored: ['gen', '*.log'] },
      );
      for (const file of [
        'node_modules/x/i.js',
        'node_modules/y.js',
        '.git/HEAD',
        '.env',
        'gen/x.js',
        'gen/in/y.js',
        'sub/x.log',
        'a.js~',
      ]) {
        folder.write(file, 'new');
      }
      await folder.settled();
      assert.deepEqual(folder.texts(), []);
    });
    it('links: not their rings, not what is behind them, but where they point', async (t) => {
      const outside = makeFolder(t, { 'far.js': '1', 'in/deep.js': '1' });
      fs.symlinkSync(outside, path.join(outside, 'in/ring'));
      const folder = await watchFolder(t, { 'a.js': '1', 'b.js': '2', 'sub/c.js': '1' }, { createSource });
      fs.symlinkSync('.', folder.at('self'));
      fs.symlinkSync('..', folder.at('sub/up'));
      fs.symlinkSync(outside, folder.at('out'));
      fs.symlinkSync('nowhere', folder.at('broken'));
      fs.symlinkSync('a.js', folder.at('link.js'));
      await folder.until('add link.js');
      writeFile(path.join(outside, 'far.js'), 'edited');
      folder.write('sub/c.js', 'edited');
      await folder.until('change sub/c.js');
      fs.symlinkSync('b.js', folder.at('link.js.tmp'));
      fs.renameSync(folder.at('link.js.tmp'), folder.at('link.js'));
      await folder.until('change link.js');
      await folder.settled();
      assert.deepEqual([...new Set(folder.texts())], ['add link.js', 'change sub/c.js', 'change link.js']);
    });
    it('links that are there from the start', async (t) => {
      const parent = makeFolder(t, { 'app/a.js': '1', 'app/sub/b.js': '1' });
      const root = path.join(parent, 'app');
      fs.symlinkSync(root, path.join(root, 'sub/up'));
      fs.symlinkSync(path.join(root, 'sub'), path.join(root, 'again'));
      const events: string[] = [];
      await new Promise<void>((resolve, reject) => {
        const watcher = createWatcher({
          root,
          createSource,
          onChange({ kind, filePath }) {
            events.push(`${kind} ${path.relative(root, filePath)}`);
            resolve();
          },
          onError: reject,
        });
        t.after(() => watcher.close());
        void watcher.ready.then(() => writeFile(path.join(root, 'sub/b.js'), 'edited'));
      });
      assert.deepEqual(events, ['change sub/b.js']);
    });
    it('a file outside the root, or ignored inside it, once it is named', async (t) => {
      const outside = makeFolder(t, { 'shared/util.js': '1', 'shared/other.js': '1' });
      const folder = await watchFolder(t, { 'a.js': '1', 'node_modules/x/i.js': '1' }, { createSource });
      const util = path.join(outside, 'shared/util.js');
      const told = `${path.relative(folder.root, util)}`;
      folder.watcher.add(util);
      folder.watcher.add(util);
      folder.watcher.add(folder.at('node_modules/x/i.js'));
      // Nothing tells when the watch of a single file stands; the first edit is repeated until it is seen.
      for (let n = 0; !folder.seen.some(({ text }) => text.includes('util.js')); n++) {
        writeFile(util, `edit ${n}`);
        await pass(20);
      }
      await folder.settled();
      writeFile(path.join(outside, 'shared/other.js'), 'edited');
      writeFile(`${util}.new`, 'renamed');
      fs.renameSync(`${util}.new`, util);
      await folder.untilContent(told, 'renamed');
      folder.write('node_modules/x/i.js', 'edited');
      await folder.untilContent('node_modules/x/i.js', 'edited');
      fs.rmSync(path.join(outside, 'shared'), { recursive: true });
      await folder.until(`unlink ${told}`);
      writeFile(util, 'back');
      await folder.untilContent(told, 'back');
      writeFile(util, 'edited');
      await folder.untilContent(told, 'edited');
      assert.ok(folder.texts().every((text) => !text.includes('other.js')));
    });
    it('nothing after close, and no handle is left', async (t) => {
      const countHandles = (): number => process.getActiveResourcesInfo().filter((type) => type === 'FSEventWrap').length;
      await pass(1); // handles of the test before close in the next turn
      const before = countHandles();
      const folder = await watchFolder(t, { 'a.js': '1', 'sub/b.js': '1' }, { createSource });
      folder.write('a.js', 'edited');
      await folder.watcher.close();
      await folder.watcher.close();
      const witness = await watchFolder(t, {}, { createSource });
      folder.write('sub/b.js', 'edited');
      await witness.settled();
      await witness.watcher.close();
      assert.deepEqual(folder.texts(), []);
      await pass(1);
      assert.equal(countHandles(), before);
    });
  });
}

/** `fs.watch` fails as the system does. */
function failing(code: string): () => fs.FSWatcher {
  return () => {
    throw Object.assign(new Error(`${code}: of the system`), { code });
  };
}

describe('limits of the system', () => {
  const hints = { ENOSPC: /sysctl fs\.inotify\.max_user_watches=.*--ignore/, EMFILE: /max_user_instances=.*ulimit -n/, EIO: /--ignore/ };
  for (const [code, hint] of Object.entries(hints)) {
    it(`${code} is one error that says the way out`, async (t) => {
      const root = makeFolder(t, { 'a/a.js': '1', 'b/b.js': '1' });
      const errors: HmrError[] = [];
      let calls = 0;
      const watcher = createWatcher({
        root,
        onChange: () => undefined,
        onError: (error) => errors.push(error),
        createSource: (options) =>
          createFolderSource({ ...options, watchFolder: (folder) => (calls++ === 0 ? fs.watch(folder) : failing(code)()) }),
      });
      t.after(() => watcher.close());
      await assert.rejects(watcher.ready, (error) => error === errors[0]);
      assert.equal(calls, 3);
      assert.equal(errors.length, 1);
      assert.ok(errors[0] instanceof HmrError);
      assert.equal(errors[0].code, 'WATCH');
      assert.match(errors[0].hint ?? '', hint);
      assert.ok(errors[0].cause instanceof Error);
    });
  }
  it('a folder that may not be read is left out', async (t) => {
    const watchReadable = (folder: string): fs.FSWatcher => (folder.endsWith('secret') ? failing('EACCES')() : fs.watch(folder));
    const createSource = (options: Parameters<typeof createFolderSource>[0]) =>
      createFolderSource({ ...options, watchFolder: watchReadable });
    const folder = await watchFolder(t, { 'secret/a.js': '1', 'b.js': '1' }, { createSource });
    folder.write('b.js', 'edited');
    await folder.until('change b.js');
    assert.deepEqual(folder.errors, []);
  });
  it('more events than the system’s queue holds lead to a look at everything', async (t) => {
    const watchers = new Map<string, EventEmitter>();
    const createSource = (options: Parameters<typeof createFolderSource>[0]) =>
      createFolderSource({
        ...options,
        watchFolder(folder) {
          const watcher = fs.watch(folder);
          watchers.set(folder, watcher);
          return watcher;
        },
      });
    const folder = await watchFolder(t, { 'a.js': '1', 'sub/lost.js': '1' }, { createSource });
    // The event of this save is the one that the queue had no room for.
    const sub = watchers.get(folder.at('sub'));
    sub?.removeAllListeners('change');
    folder.write('sub/lost.js', 'edited');
    for (let n = 0; n < 8_000; n++) watchers.get(folder.root)?.emit('change', 'change', 'a.js');
    await folder.untilContent('sub/lost.js', 'edited');
    folder.write('sub/lost.js', 'edited again');
    await folder.untilContent('sub/lost.js', 'edited again');
  });
});

it('a watcher that is made before its root waits for it', async (t) => {
  const root = path.join(makeFolder(t), 'later');
  const told = new Promise<string>((resolve, reject) => {
    const watcher = createWatcher({ root, onChange: ({ kind }) => resolve(kind), onError: reject });
    t.after(() => watcher.close());
    void watcher.ready.then(() => writeFile(path.join(root, 'a.js'), '1'));
  });
  assert.equal(await told, 'add');
});
