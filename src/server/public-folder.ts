/**
 * The folder whose files also have an address without its name: `public/logo.png` is `/logo.png` too, unless the served folder has a file of
 * that name. What is in it is served as it is, for projects that come from tools where this is so.
 */
import { existsSync } from 'node:fs';
import path from 'node:path';
import { HmrError } from './errors.ts';
import { encodeSegments } from './url-path.ts';

export interface PublicFolder {
  /** Absolute path; undefined when there is to be no such folder. */
  readonly path: string | undefined;
  /** The other address of a file in it; undefined for all other files, and where another file has that address. */
  aliasOf(urlPath: string): string | undefined;
  /** The file that a path in the served folder means, as an address: the one there, or the one in this folder. */
  fileFor(filePath: string): string;
}

export function createPublicFolder(root: string, name: string | false): PublicFolder {
  if (name === false) return { path: undefined, aliasOf: () => undefined, fileFor: (filePath) => filePath };
  const folder = path.join(root, name);
  const prefix = `${encodeSegments(name.split('/'))}/`;
  return {
    path: folder,
    aliasOf(urlPath) {
      if (!urlPath.startsWith(prefix)) return undefined;
      const alias = urlPath.slice(prefix.length - 1);
      return existsSync(path.join(root, ...alias.split('/').map(decodeURIComponent))) ? undefined : alias;
    },
    fileFor(filePath) {
      if (existsSync(filePath)) return filePath;
      const inside = path.join(folder, path.relative(root, filePath));
      return existsSync(inside) ? inside : filePath;
    },
  };
}

/** @throws HmrError `OPTION` for what is no folder inside the served one */
export function toPublicDir(value: unknown): string | false {
  if (value === false) return false;
  if (typeof value === 'string' && value !== '' && value.split('/').every((name) => !/^(?:\.|$)|[\\:\0]/.test(name))) return value;
  throw new HmrError('OPTION', `publicDir takes the name of a folder in the served one, or false; it is ${JSON.stringify(value)}.`);
}
