/**
 * The text of a file by its path in the served folder, for the frame of an error: only what the folder would serve, since a page names the
 * file.
 */
import { readFile } from 'node:fs/promises';
import type { StaticFiles } from './http/static-files.ts';
import { encodeSegments } from './url-path.ts';

/** Undefined for what is not served. @param file relative to the folder, with slashes */
export async function readFolderFile(files: Pick<StaticFiles, 'lookup'>, file: string): Promise<string | undefined> {
  const found = await files.lookup(encodeSegments(file.split('/')));
  return found.kind === 'file' ? readFile(found.realPath, 'utf8').catch(() => undefined) : undefined;
}
