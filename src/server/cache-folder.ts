/**
 * Where this program keeps what it can make again: in the user's own folder for caches, which nobody else can write, since what lies there
 * runs in the user's browser; and not in the project, which may have no place for it.
 */
import os from 'node:os';
import path from 'node:path';
import { hashOf } from './content-hash.ts';

/** The file for one served folder. */
export function cacheFile(root: string): string {
  return path.join(cacheFolder(process.env), `${path.basename(root)}-${hashOf(root)}.txt`);
}

/** XDG Base Directory Specification; elsewhere as the system has it. */
export function cacheFolder(env: NodeJS.ProcessEnv, platform: NodeJS.Platform = process.platform): string {
  const home = os.homedir();
  const given = env['XDG_CACHE_HOME'];
  // The specification has relative ones ignored.
  if (given !== undefined && path.isAbsolute(given)) return path.join(given, 'hmr-dev');
  if (platform === 'darwin') return path.join(home, 'Library', 'Caches', 'hmr-dev');
  if (platform === 'win32') return path.join(env['LOCALAPPDATA'] ?? path.join(home, 'AppData', 'Local'), 'hmr-dev', 'Cache');
  return path.join(home, '.cache', 'hmr-dev');
}
