/**
 * Ids of the modules of a Node program: the path of the file's URL, so that `import.meta.url` is `file://` and the id, on Windows too, and two
 * queries of one file are two modules, as in Node.
 */
import { fileURLToPath, pathToFileURL } from 'node:url';
import type { ModuleId } from '../../../protocol.ts';

/** @param search query and fragment */
export function idOfFile(filePath: string, search = ''): ModuleId {
  return pathToFileURL(filePath).pathname + search;
}

export function urlOfId(id: ModuleId): string {
  return `file://${id}`;
}

export function fileOfId(id: ModuleId): string {
  return fileURLToPath(urlOfId(id));
}
