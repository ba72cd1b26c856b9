/**
 * Checks the package as others will get it: publint (fields and files), attw (types resolve for every kind of importer) and knip (no
 * unused file, export or dependency). Expects a build with types.
 */
import { execFileSync, spawnSync } from 'node:child_process';
import fs from 'node:fs';
import os from 'node:os';
import path from 'node:path';
import { fileURLToPath } from 'node:url';

const root = fileURLToPath(new URL('..', import.meta.url));

function run(name: string, args: readonly string[]): boolean {
  const { status, stdout, stderr } = spawnSync(path.join(root, 'node_modules/.bin', name), args, { cwd: root, encoding: 'utf8' });
  const passed = status === 0;
  console.log(`${passed ? 'ok' : 'FAILED'}: ${name}`);
  if (!passed) console.log(`${stdout}${stderr}`);
  return passed;
}

const folder = fs.mkdtempSync(path.join(os.tmpdir(), 'hmr-dev-pack-'));
let passed = true;
try {
  // Without scripts: the build has just been made, and a second one would take the files away from under running tests.
  execFileSync('npm', ['pack', '--ignore-scripts', '--silent', '--pack-destination', folder], {
    cwd: root,
    stdio: ['ignore', 'ignore', 'inherit'],
  });
  const [tarball] = fs.readdirSync(folder);
  const tarballPath = path.join(folder, tarball ?? '');
  console.log(`package: ${Math.round(fs.statSync(tarballPath).size / 1024)} kB`);
  passed = run('publint', ['run', tarballPath, '--strict']) && passed;
  passed = run('attw', [tarballPath, '--profile', 'esm-only', '--no-definitely-typed', '--format', 'ascii']) && passed;
  passed = run('knip', ['--no-progress']) && passed;
} finally {
  fs.rmSync(folder, { recursive: true, force: true });
}
process.exit(passed ? 0 : 1);
