/**
 * The bundles that the server hands to browsers, read from `dist/client` once and kept: they belong to the installed version and do not
 * change while the server runs. Read when first asked for, so that `--help` and a server without a page cost nothing.
 */
import { createHash } from 'node:crypto';
import fs from 'node:fs';
import path from 'node:path';
import { HmrError } from './errors.ts';
import { packageRoot } from './package-info.ts';

export type ClientFileName = 'client.js' | 'merge.js' | 'stream-worker.js' | 'api.js';

export interface ClientFile {
  readonly content: Buffer;
  /** Quoted, as the header wants it; a hash of the content. */
  readonly etag: string;
}

export interface ClientFiles {
  /** @throws HmrError `READ` when the bundle is missing */
  get(name: ClientFileName): ClientFile;
}

export interface ClientFilesOptions {
  /** Default: `dist/client` of this package. */
  readonly folder?: string;
}

export function createClientFiles(options: ClientFilesOptions = {}): ClientFiles {
  const cache = new Map<ClientFileName, ClientFile>();
  return {
    get(name) {
      let file = cache.get(name);
      if (!file) {
        file = readClientFile(options.folder ?? path.join(packageRoot(), 'dist', 'client'), name);
        cache.set(name, file);
      }
      return file;
    },
  };
}

function readClientFile(folder: string, name: ClientFileName): ClientFile {
  try {
    const content = fs.readFileSync(path.join(folder, name));
    return { content, etag: `"${createHash('sha256').update(content).digest('base64url').slice(0, 22)}"` };
  } catch (cause) {
    const hint = 'In a checkout of hmr-dev, run: npm run build. An installed package without it is broken: install it again.';
    throw new HmrError('READ', `The browser part of hmr-dev is missing: ${path.join(folder, name)}`, { hint, cause });
  }
}
