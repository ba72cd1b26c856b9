import assert from 'node:assert/strict';
import { test, type TestContext } from 'node:test';
import type { Batch } from '../../src/server/hot/batch.ts';
import { createWatching, type Watching } from '../../src/server/watching.ts';
import { withDeadline } from '../harness/diagnostics.ts';
import { fixture, type Fixture } from '../harness/fixture.ts';

interface Watched {
  readonly watching: Watching;
  /** The first batch with this file. */
  batchWith(filePath: string): Promise<Batch>;
}

function watch(t: TestContext, files: Fixture, options: { readonly ignored?: string[]; readonly untold?: string[] } = {}): Watched {
  const { ignored = [], untold = [] } = options;
  const waiting = new Set<(batch: Batch) => void>();
  const watching = createWatching({
    root: files.path,
    ignored,
    async onBatch(batch) {
      for (const receive of waiting) receive(batch);
    },
    onWatchError: (error) => assert.fail(error),
    onBatchError: (error) => assert.fail(String(error)),
    untold: () => untold,
  });
  t.after(() => watching.close());
  const batchWith = (filePath: string): Promise<Batch> => {
    const batch = new Promise<Batch>((resolve) => waiting.add((candidate) => candidate.files.has(filePath) && resolve(candidate)));
    return withDeadline(batch, `a batch with ${filePath}`);
  };
  return { watching, batchWith };
}

for (const name of ['.generated/api.ts', 'node_modules/x/index.js', 'bower_components/x.js', 'api.tmp.js', 'gen/api.ts']) {
  test(`a module in a place that is not watched is watched: ${name}`, async (t) => {
    await using files = await fixture({ [name]: '1' });
    const { watching, batchWith } = watch(t, files, { ignored: ['gen'] });
    watching.include(files.resolve(name));
    await watching.start();
    const told = batchWith(files.resolve(name));
    await files.write(name, '22');
    await told;
  });
}

test('what changed before the watcher was ready is told', async (t) => {
  await using files = await fixture({ 'a.css': '' });
  const { watching, batchWith } = watch(t, files, { untold: [files.resolve('a.css')] });
  const told = batchWith(files.resolve('a.css'));
  await watching.start();
  assert.equal((await told).files.get(files.resolve('a.css')), 'change');
});
