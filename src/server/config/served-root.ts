/**
 * The folder that is served: there, readable, and by its real path, which is what the watcher, the resolver and the checks of containment
 * report and compare. If it is not, what was probably meant.
 */
import fs from 'node:fs';
import path from 'node:path';
import { errorCode, HmrError } from '../errors.ts';
import { closest } from '../suggest.ts';

/** @param given by the user @throws HmrError `ROOT` */
export function resolveRoot(given: unknown): { root: string; rootName: string } {
  if (typeof given !== 'string' || given.includes('\0')) throw new HmrError('ROOT', `The folder to serve must be a path.`);
  const folder = path.resolve(given);
  let stats: fs.Stats;
  try {
    stats = fs.statSync(folder);
    if (stats.isDirectory()) fs.accessSync(folder, fs.constants.R_OK | fs.constants.X_OK);
  } catch (cause) {
    throw rootError(given, folder, cause);
  }
  if (!stats.isDirectory()) {
    const parent = path.relative('.', path.dirname(folder)) || '.';
    const hint = `Serve the folder that holds it: hmr-dev ${parent}`;
    throw new HmrError('ROOT', `"${given}" is a file, and hmr-dev serves folders.`, { hint });
  }
  return { root: fs.realpathSync.native(folder), rootName: path.basename(folder) || folder };
}

function rootError(given: string, folder: string, cause: unknown): HmrError {
  const code = errorCode(cause);
  if (code !== 'ENOENT' && code !== 'ENOTDIR') {
    const hint = 'Check its permissions, or serve another folder.';
    return new HmrError('ROOT', `The folder "${given}" cannot be read (${code}).`, { hint, cause });
  }
  const meant = closest(path.basename(folder), siblingFolders(folder));
  const hint = meant
    ? `Did you mean "${path.join(path.dirname(given), meant)}"?`
    : `Create it, or name another folder: hmr-dev <dir>. The current folder is ${process.cwd()}`;
  return new HmrError('ROOT', `The folder "${given}" does not exist.`, { hint, cause });
}

function siblingFolders(folder: string): string[] {
  try {
    const entries = fs.readdirSync(path.dirname(folder), { withFileTypes: true });
    return entries.filter((entry) => entry.isDirectory()).map((entry) => entry.name);
  } catch {
    return []; // The parent is missing too: there is nothing to suggest.
  }
}
