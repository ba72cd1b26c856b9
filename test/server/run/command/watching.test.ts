/**
 * What `hmr-dev run` watches besides the folder of the entry: files that are not there yet, there or in other folders, are no news until they
 * come.
 */
import assert from 'node:assert/strict';
import { test } from 'node:test';
import { SERVER, startCommand, startServer, word } from './run-command.ts';

test('an entry below the working folder: only a setting that changes restarts the program', async () => {
  await using run = await startServer(
    { 'src/server.mjs': SERVER, 'src/word.mjs': word('first'), 'package.json': '{}' },
    { entry: 'src/server.mjs' },
  );
  await run.reload('src/word.mjs', word('second'));
  assert.equal(await run.ask(), 'second');
  await run.expect('out', /^port /, () => run.folder.write('package.json', '{ "private": true }'));
  await run.expect('out', /^port /, () => run.folder.write('.env', 'A=1'));
  const restarts = run.err.lines.filter((line) => line.endsWith(': restart'));
  assert.deepEqual(restarts, ['package.json: restart', '.env: restart']);
});

test('a missing import in another folder is told once, and taken when it comes', async () => {
  await using run = await startCommand(
    { 'src/server.mjs': SERVER, 'src/word.mjs': "export { word } from './lib/other.mjs';", 'src/lib/this.mjs': '' },
    { entry: 'src/server.mjs' },
  );
  await run.err.waitFor(/Waiting for a change/);
  await run.expect('out', /^port /, () => run.folder.write('src/lib/other.mjs', word('other')));
  assert.equal(await run.ask(), 'other');
  assert.equal(run.err.lines.filter((line) => line.includes('Import not found')).length, 1);
});
