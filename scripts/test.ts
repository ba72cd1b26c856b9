/**
 * Runs the tests, all of them in one `node --test`, so that one summary closes the output. `test.ts unit` leaves out what needs a
 * browser, `test.ts e2e` runs only that; further arguments are parts of file names. A script, because `node --test` takes no globs on
 * Node 20 and shells differ in theirs.
 */
import { spawnSync } from 'node:child_process';
import fs from 'node:fs';
import { availableParallelism } from 'node:os';
import path from 'node:path';
import { fileURLToPath } from 'node:url';

const root = fileURLToPath(new URL('..', import.meta.url));
/** Longer than any test file takes on a slow machine; for what hangs. */
const LIMIT_MS = 10 * 60_000;
/** Under test/: what starts a browser. */
const IN_BROWSER = ['e2e/', 'semantics/', 'swap/swap.test.ts', 'swap/preact.test.ts'];

function testFiles([kind, ...rest]: readonly string[]): string[] {
  const all = fs.readdirSync(path.join(root, 'test'), { recursive: true, encoding: 'utf8' });
  const inBrowser = (file: string): boolean => IN_BROWSER.some((part) => file.split(path.sep).join('/').startsWith(part));
  const named = kind === 'unit' || kind === 'e2e' ? rest : [kind, ...rest].filter((part) => part !== undefined);
  return all
    .filter((file) => file.endsWith('.test.ts'))
    .filter((file) => (kind === 'unit' ? !inBrowser(file) : kind !== 'e2e' || inBrowser(file)))
    .filter((file) => named.length === 0 || named.some((part) => path.join('test', file).includes(part)))
    .map((file) => path.join('test', file))
    .toSorted();
}

const files = testFiles(process.argv.slice(2));
if (files.length === 0) {
  console.error('No test file matches.');
  process.exit(1);
}
// Node leaves one processor free, which is half of a small machine; most tests wait for a browser.
const concurrency = `--test-concurrency=${availableParallelism()}`;
const args = ['--import', 'tsx', '--test', '--test-reporter=spec', `--test-timeout=${LIMIT_MS}`, concurrency, ...files];
const { status } = spawnSync(process.execPath, args, { cwd: root, stdio: 'inherit' });
process.exit(status ?? 1);
