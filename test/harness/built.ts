/**
 * Makes sure that `dist/` is younger than `src/` before a test uses it: `npm test` builds first, but a single test file run by hand must not
 * test yesterday's bundles. A folder serves as lock between test files that run at the same time.
 */
import { execFile } from 'node:child_process';
import fs from 'node:fs';
import path from 'node:path';
import { fileURLToPath } from 'node:url';
import { promisify } from 'node:util';
import { withDeadline } from './diagnostics.ts';

export const REPOSITORY: string = fileURLToPath(new URL('../..', import.meta.url));

const STAMP = path.join(REPOSITORY, 'node_modules/.cache/built');
const LOCK = path.join(REPOSITORY, 'node_modules/.cache/building');
/** A lock older than this was left by a process that was killed. */
const STALE_LOCK_MS = 60_000;

let done: Promise<void> | undefined;

export function ensureBuilt(): Promise<void> {
  done ??= withDeadline(buildIfOlder(), 'the build');
  return done;
}

async function buildIfOlder(): Promise<void> {
  fs.mkdirSync(path.dirname(STAMP), { recursive: true });
  while (newestSource() > mtimeMs(STAMP) || !fs.existsSync(path.join(REPOSITORY, 'dist/server/cli.js'))) {
    if (!takeLock()) {
      await lockReleased();
      continue;
    }
    const startedAt = new Date();
    try {
      await promisify(execFile)(process.execPath, ['--import', 'tsx', 'scripts/build.ts'], { cwd: REPOSITORY });
      fs.writeFileSync(STAMP, '');
      // What is saved during the build counts as newer than it.
      fs.utimesSync(STAMP, startedAt, startedAt);
    } finally {
      fs.rmSync(LOCK, { recursive: true, force: true });
    }
  }
}

function takeLock(): boolean {
  try {
    fs.mkdirSync(LOCK);
    return true;
  } catch {
    // Somebody else builds, or was killed while building.
    if (Date.now() - mtimeMs(LOCK) > STALE_LOCK_MS) fs.rmSync(LOCK, { recursive: true, force: true });
    return false;
  }
}

function lockReleased(): Promise<void> {
  return new Promise((resolve) => {
    const watcher = fs.watch(path.dirname(LOCK), () => check());
    const check = (): void => {
      if (fs.existsSync(LOCK)) return;
      watcher.close();
      resolve();
    };
    check();
  });
}

function newestSource(): number {
  let newest = mtimeMs(path.join(REPOSITORY, 'scripts/build.ts'));
  for (const name of fs.readdirSync(path.join(REPOSITORY, 'src'), { recursive: true, encoding: 'utf8' })) {
    if (name.endsWith('.ts')) newest = Math.max(newest, mtimeMs(path.join(REPOSITORY, 'src', name)));
  }
  return newest;
}

function mtimeMs(filePath: string): number {
  return fs.statSync(filePath, { throwIfNoEntry: false })?.mtimeMs ?? 0;
}
