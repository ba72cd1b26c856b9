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
  /** Until the first write: what the file holds, and what of it was asked for. Not longer, since it is all of a project. */
  let known: ReadonlyMap<string, string> | undefined;
  const used = new Map<string, string>();
  const fresh = new Map<string, string>();
  let isWritten = false;
  let timer: NodeJS.Timeout | undefined;

  const lookUp = (key: string): CachedLink | undefined => {
    if (filePath === undefined || isWritten) return undefined;
    known ??= readLines(filePath);
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
    if (filePath === undefined || used.size + fresh.size < (isWritten ? 1 : minimum)) return;
    if (isWritten) attempt(() => appendFileSync(filePath, textOf(fresh)));
    // The first time without what no module of now uses any more.
    else if (fresh.size > 0) attempt(() => replace(filePath, header() + textOf(used) + textOf(fresh)));
    isWritten = true;
    known = undefined;
    used.clear();
    fresh.clear();
  };

  return {
    async link(source, options) {
      if (filePath === undefined) return linkAnew(source, options);
      timer ??= setTimeout(write, delayMs).unref();
      const key = keyOf(source, options);
      const hit = lookUp(key);
      if (hit) return hit;
      const result = await linkAnew(source, options);
      // What it names by address or by a pattern was looked for on disk while it was linked.
      const { dynamic, globs } = result.linked;
      if (globs.length === 0 && dynamic.every(({ kind }) => kind !== 'url')) fresh.set(key, JSON.stringify(result));
      return result;
    },
    close() {
      clearTimeout(timer);
      write();
    },
  };
}

async function linkAnew(source: string, options: LinkSourceOptions): Promise<CachedLink> {
  const { linked, compiled } = await linkSource(source, options);
  const { map: _, ...facts } = linked;
  return { linked: facts, isCompiled: compiled !== undefined };
}

let version: string | undefined;

/** Of this version and this build of it: in a checkout all builds have one version, and in a package all versions have one time. */
const header = (): string => (version ??= `hmr-dev ${packageVersion()} ${statSync(fileURLToPath(import.meta.url)).mtimeMs}\n`);

/** The version too: a server of another one may be adding to the same file. */
function keyOf(source: string, { file, loader, tsconfigRaw, format, define, refresh, hotswap }: LinkSourceOptions): string {
  return createHash('sha1')
    .update(header() + JSON.stringify([file, loader, tsconfigRaw, format, define, refresh?.key, hotswap]))
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
