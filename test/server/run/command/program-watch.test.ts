/**
 * The files of a program, watched by name: what is told is what has happened since they were named.
 */
import assert from 'node:assert/strict';
import { test } from 'node:test';
import { createProgramWatch } from '../../../../src/server/run/command/program-watch.ts';
import { fixture } from '../../../harness/fixture.ts';

test('a place where nothing is and a file that was just written are no change', async () => {
  await using folder = await fixture({ 'src/server.mjs': '', '.env': 'A=1', 'last.mjs': '' });
  const told: string[] = [];
  let lastTold = (): void => {};
  const isTold = new Promise<void>((resolve) => {
    lastTold = resolve;
  });
  const last = folder.resolve('last.mjs');
  const watch = createProgramWatch({
    entry: folder.resolve('src/server.mjs'),
    onChange(files) {
      told.push(...files);
      if (files.includes(last)) lastTold();
    },
    onError: assert.fail,
  });
  watch.add(['.env', 'package.json', 'last.mjs'].map(folder.resolve));
  await watch.ready;
  // That something has gone is believed late: whatever was to be told of the others comes before.
  await folder.remove('last.mjs');
  await isTold;
  assert.deepEqual(new Set(told), new Set([last]));
  await watch.close();
});
