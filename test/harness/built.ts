/**
 * Makes sure that `dist/` is younger than `src/` before a test uses it: `npm test` builds first, but a single test file run by hand must not
 * test yesterday's bundles. A folder serves as lock between test files that run at the same time.
 */
import { execFile } from 'node:child_process';
import fs from 'node:fs';
import path from 'node:path';
import { setTimeout } from 'node:timers/promises';
import { fileURLToPath } from 'node:url';
import { promisify } from 'node:util';
import { withDeadline } from './diagnostics.ts';

export const REPOSITORY: string = fileURLToPath(new URL('../..', import.meta.url));

const STAMP = path.join(REPOSITORY, 'node_modules/.cache/built');
const LOCK = path.join(REPOSITORY, 'node_modules/.cache/building');
/** A lock older than this was left by a process that was killed. */
const STALE_LOCK_MS = 60_000;
const POLL_MS = 50;

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
    if (isStale()) fs.rmSync(LOCK, { recursive: true, force: true });
    return false;
  }
}

function isStale(): boolean {
  const takenAt = mtimeMs(LOCK);
  // 0 when it was given back meanwhile.
  return takenAt > 0 && Date.now() - takenAt > STALE_LOCK_MS;
}

/** Polled: an event of `fs.watch` may be lost, and a lock that nobody gives back has to be found stale. */
async function lockReleased(): Promise<void> {
  while (fs.existsSync(LOCK) && !isStale()) await setTimeout(POLL_MS);
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
