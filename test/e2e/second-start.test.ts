/**
 * The second start of a large project, with the real command: what was linked is taken from the user's cache folder, edits made meanwhile
 * count, and `--no-cache` leaves no file.
 */
import assert from 'node:assert/strict';
import fs from 'node:fs/promises';
import { test } from 'node:test';
import { openPage } from '../harness/browser.ts';
import { startCli } from '../harness/cli.ts';
import { fixture, type Fixture } from '../harness/fixture.ts';
import { page } from './robust-support.ts';

const COUNT = 120;

const FILES: Record<string, string> = {
  'site/index.html': page('<p id="out"></p>', '<script type="module" src="main.ts"></script>'),
  'site/main.ts':
    Array.from({ length: COUNT }, (_, n) => `import { n as n${n} } from './part-${n}.ts';`).join('\n') +
    `\ndocument.querySelector('#out')!.textContent = String([${Array.from({ length: COUNT }, (_, n) => `n${n}`).join()}].reduce((a, b) => a + b));`,
  ...Object.fromEntries(Array.from({ length: COUNT }, (_, n) => [`site/part-${n}.ts`, `export const n: number = 1;`])),
};

/** One session, until the page shows the sum. */
async function session(folder: Fixture, sum: number, ...flags: string[]): Promise<void> {
  const env = { XDG_CACHE_HOME: folder.resolve('cache') };
  await using cli = await startCli([folder.resolve('site'), '--port', '0', ...flags], { env });
  await using tab = await openPage(cli.url('/'));
  await tab.untilText('#out', String(sum));
  assert.deepEqual(tab.errors, []);
  await cli.stop('SIGINT');
}

async function cached(folder: Fixture): Promise<string[]> {
  return fs.readdir(folder.resolve('cache/hmr-dev')).catch(() => []);
}

test('a second start takes what was linked from the cache, and what was edited meanwhile from the folder', async () => {
  await using folder = await fixture(FILES);
  await session(folder, COUNT);
  const [name = ''] = await cached(folder);
  assert.match(name, /^site-[\w-]+\.txt$/);
  // Shows where the second session has it from.
  await folder.edit(`cache/hmr-dev/${name}`, /let n = 1/g, 'let n = 2');
  await folder.write('site/part-7.ts', `export const n: number = 1000;`);
  await session(folder, 2 * (COUNT - 1) + 1000);
});

test('--no-cache writes nothing, and reads nothing', async () => {
  await using folder = await fixture(FILES);
  await session(folder, COUNT, '--no-cache');
  assert.deepEqual(await cached(folder), []);
});
