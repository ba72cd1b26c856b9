/**
 * Where the installed package is and which version. The same file runs from `src/` (tests, through tsx) and bundled from `dist/server/`,
 * so nothing may count folder levels: the package root is the nearest folder above with a package.json.
 */
import fs from 'node:fs';
import path from 'node:path';
import { fileURLToPath } from 'node:url';

let found: string | undefined;

export function packageRoot(): string {
  found ??= nearestPackage(path.dirname(fileURLToPath(import.meta.url)));
  return found;
}

export function packageVersion(): string {
  const manifest: unknown = JSON.parse(fs.readFileSync(path.join(packageRoot(), 'package.json'), 'utf8'));
  const version = typeof manifest === 'object' && manifest !== null && 'version' in manifest ? manifest.version : undefined;
  return typeof version === 'string' ? version : 'unknown';
}

function nearestPackage(start: string): string {
  for (let folder = start; ; folder = path.dirname(folder)) {
    if (fs.existsSync(path.join(folder, 'package.json'))) return folder;
    if (folder === path.dirname(folder)) return start;
  }
}
