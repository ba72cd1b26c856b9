/**
 * Finds the Chromium that the browser tests drive, and on Debian installs one when there is none. playwright-core brings no browser of
 * its own, and the distribution's package needs no other download and gets security updates.
 */
import { spawnSync } from 'node:child_process';
import fs from 'node:fs';
import path from 'node:path';
import { fileURLToPath } from 'node:url';

const NAMES = ['chromium', 'chromium-browser', 'google-chrome', 'google-chrome-stable'];
const FIXED_PLACES = [
  '/usr/bin/chromium',
  '/Applications/Google Chrome.app/Contents/MacOS/Google Chrome',
  '/Applications/Chromium.app/Contents/MacOS/Chromium',
];

/** $CHROMIUM, or the first of the usual names in $PATH. */
export function findChromium(env: NodeJS.ProcessEnv = process.env): string | undefined {
  const wanted = env['CHROMIUM'];
  if (wanted) return wanted;
  const folders = (env['PATH'] ?? '').split(path.delimiter);
  const candidates = NAMES.flatMap((name) => folders.map((folder) => path.join(folder, name)));
  return [...candidates, ...FIXED_PLACES].find(isExecutable);
}

function isExecutable(filePath: string): boolean {
  try {
    fs.accessSync(filePath, fs.constants.X_OK);
    return fs.statSync(filePath).isFile();
  } catch {
    return false; // Not there: the next candidate.
  }
}

function ensureChromium(): void {
  if (findChromium() !== undefined) return;
  const asRoot = process.getuid?.() === 0 ? [] : ['sudo'];
  const steps = [
    [...asRoot, 'apt-get', 'update'],
    [...asRoot, 'apt-get', 'install', '-y', '--no-install-recommends', 'chromium'],
  ];
  console.log('No Chromium found; installing it with apt-get.');
  for (const [command = '', ...args] of steps) {
    // No question may wait for an answer that nobody gives; output to stderr, stdout belongs to the tests.
    const env = { ...process.env, DEBIAN_FRONTEND: 'noninteractive' };
    const { status, error } = spawnSync(command, args, { stdio: ['inherit', 2, 2], env });
    if (status !== 0) fail(`${[command, ...args].join(' ')} failed${error ? `: ${error.message}` : ''}`);
  }
  if (findChromium() === undefined) fail('apt-get installed no executable of a known name');
}

function fail(reason: string): never {
  console.error(`The browser tests need Chromium: ${reason}.\nInstall it, or name its executable: CHROMIUM=/path/to/chromium npm test`);
  process.exit(1);
}

if (process.argv[1] === fileURLToPath(import.meta.url)) ensureChromium();
