/**
 * Linked modules on disk, so that the next start of a large project does not parse it again: half of a second for a thousand modules. By content
 * and all that linking depends on, so that nothing in it can be out of date. Lines are added at the end and read one by one; a file that another
 * server writes too, or that a crash cut off, loses lines and nothing else.
 */
import { createHash } from 'node:crypto';
import { appendFileSync, mkdirSync, readFileSync, renameSync, statSync, writeFileSync } from 'node:fs';
import path from 'node:path';
import { fileURLToPath } from 'node:url';
import { packageVersion } from '../package-info.ts';
import type { LinkedFacts } from './link.ts';
import { linkSource, type LinkSourceOptions } from './link-source.ts';

export interface CachedLink {
  readonly linked: LinkedFacts;
  /** It was compiled before it was linked: places in it are not the author's. */
  readonly isCompiled: boolean;
}

export interface LinkCacheOptions {
  /** Undefined: nothing is kept. */
  readonly filePath: string | undefined;
  /** Fewer than this are linked faster than they are worth a file. */
  readonly minimum?: number;
  /** From the first module that is new to writing it down, with all that came meanwhile: not in the way of the load that linked it. */
  readonly delayMs?: number;
}

export interface LinkCache {
  /** As `linkSource`, without maps. @throws HmrError with place and frame */
  link(source: string, options: LinkSourceOptions): Promise<CachedLink>;
  /** Writes what is not yet written. */
  close(): void;
}

export function createLinkCache({ filePath, minimum = 100, delayMs = 2_000 }: LinkCacheOptions): LinkCache {
  /** Lines by key, until the first write: what was linked after that is added to them. */
  let known: Map<string, string> | undefined;
  let used = new Map<string, string>();
  let fresh = new Map<string, string>();
  let isWritten = false;
  let timer: NodeJS.Timeout | undefined;

  const lookUp = (key: string): CachedLink | undefined => {
    if (filePath === undefined) return undefined;
    known ??= isWritten ? new Map() : readLines(filePath);
    const line = known.get(key);
    if (line === undefined) return undefined;
    try {
      const found: CachedLink = JSON.parse(line);
      used.set(key, line);
      return found;
    } catch {
      return undefined; // SyntaxError: the end of a file that was cut off.
    }
  };

  const write = (): void => {
    timer = undefined;
    const isWorthIt = filePath !== undefined && fresh.size > 0 && (isWritten || used.size + fresh.size >= minimum);
    if (isWorthIt) {
      if (isWritten) attempt(() => appendFileSync(filePath, textOf(fresh)));
      // The first time without what no module of now uses any more.
      else attempt(() => replace(filePath, header() + textOf(used) + textOf(fresh)));
    } else if (!isWritten && fresh.size > 0) return;
    isWritten = true;
    known = undefined;
    used = new Map();
    fresh = new Map();
  };

  return {
    async link(source, options) {
      // What it names is looked for on disk while it is linked.
      const key = filePath === undefined || source.includes('import.meta.url') ? undefined : keyOf(source, options);
      const hit = key === undefined ? undefined : lookUp(key);
      if (hit) return hit;
      const { linked, compiled } = await linkSource(source, options);
      const { map: _, ...facts } = linked;
      const result: CachedLink = { linked: facts, isCompiled: compiled !== undefined };
      if (key !== undefined) {
        fresh.set(key, JSON.stringify(result));
        timer ??= setTimeout(write, delayMs).unref();
      }
      return result;
    },
    close() {
      clearTimeout(timer);
      write();
    },
  };
}

/** Of another version nothing is taken, nor of another build, which in a checkout has the same version (and in a package the same time). */
const header = (): string => `hmr-dev ${packageVersion()} ${statSync(fileURLToPath(import.meta.url)).mtimeMs}\n`;

function keyOf(source: string, { file, loader, tsconfigRaw, format }: LinkSourceOptions): string {
  return createHash('sha1')
    .update(JSON.stringify([file, loader, tsconfigRaw, format]))
    .update(source)
    .digest('base64url');
}

function readLines(filePath: string): Map<string, string> {
  const lines = new Map<string, string>();
  let text: string;
  try {
    text = readFileSync(filePath, 'utf8');
  } catch {
    return lines; // ENOENT: the first start.
  }
  if (!text.startsWith(header())) return lines;
  for (const line of text.split('\n').slice(1)) {
    const end = line.indexOf(' ');
    if (end !== -1) lines.set(line.slice(0, end), line.slice(end + 1));
  }
  return lines;
}

function textOf(lines: ReadonlyMap<string, string>): string {
  return [...lines].map(([key, line]) => `${key} ${line}\n`).join('');
}

function replace(filePath: string, text: string): void {
  mkdirSync(path.dirname(filePath), { recursive: true, mode: 0o700 });
  const temporary = `${filePath}.${process.pid}.tmp`;
  // Code that will run in the developer's browser: for nobody else to write.
  writeFileSync(temporary, text, { mode: 0o600 });
  renameSync(temporary, filePath);
}

function attempt(work: () => void): void {
  try {
    work();
  } catch {
    // A full disk, a home that cannot be written: the next start is as slow as the first.
  }
}
