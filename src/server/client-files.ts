/**
 * The bundles that the server hands to browsers, read from `dist/client` once and kept: they belong to the installed version and do not
 * change while the server runs. Read when first asked for, so that `--help` and a server without a page cost nothing.
 */
import { createHash } from 'node:crypto';
import fs from 'node:fs';
import path from 'node:path';
import { HIDDEN_MAP } from './compile/own-code.ts';
import { HmrError } from './errors.ts';
import { packageRoot } from './package-info.ts';

export type ClientFileName =
  | 'client.js'
  | 'merge.js'
  | 'swap.js'
  | 'stream-worker.js'
  | 'api.js'
  | 'refresh-react.js'
  | 'refresh-preact.js';

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
  /** Path that the server serves under. Default: `/`. */
  readonly base?: string;
}

export function createClientFiles(options: ClientFilesOptions = {}): ClientFiles {
  const cache = new Map<ClientFileName, ClientFile>();
  return {
    get(name) {
      let file = cache.get(name);
      if (!file) {
        file = readClientFile(options.folder ?? path.join(packageRoot(), 'dist', 'client'), name, options.base ?? '/');
        cache.set(name, file);
      }
      return file;
    },
  };
}

/** Debuggers step over what is on the ignore list of its map, and leave it out of stacks. */
const HIDDEN = `\n//# sourceMappingURL=data:application/json,${encodeURIComponent(JSON.stringify(HIDDEN_MAP))}\n`;

/** Where `client/base.ts` has its path. */
const BASE_PLACE = 'hmr-dev-base:/';

function readClientFile(folder: string, name: ClientFileName, base: string): ClientFile {
  try {
    const text = fs.readFileSync(path.join(folder, name), 'utf8');
    const placed = text.replace(BASE_PLACE, () => BASE_PLACE.slice(0, -1) + base);
    const content = Buffer.from(placed + HIDDEN);
    return { content, etag: `"${createHash('sha256').update(content).digest('base64url').slice(0, 22)}"` };
  } catch (cause) {
    const hint = 'In a checkout of hmr-dev, run: npm run build. An installed package without it is broken: install it again.';
    throw new HmrError('READ', `The browser part of hmr-dev is missing: ${path.join(folder, name)}`, { hint, cause });
  }
}
