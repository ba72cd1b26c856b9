/**
 * Results on disk, so that the next start does not make them again: one line each, by a key that tells content and all that the result depends on,
 * so that nothing in it can be out of date. Lines are added at the end and read one by one; a file that another process writes too, or that a crash
 * cut off, loses lines and nothing else.
 */
import { createHash } from 'node:crypto';
import { appendFileSync, mkdirSync, readFileSync, renameSync, statSync, writeFileSync } from 'node:fs';
import path from 'node:path';
import { fileURLToPath } from 'node:url';
import { packageVersion } from '../package-info.ts';

export interface LineCacheOptions {
  readonly filePath: string;
  /** Fewer than this are made faster than they are worth a file. */
  readonly minimum: number;
  /** From the first that is new to writing it down, with all that came meanwhile: not in the way of the load that made it. */
  readonly delayMs: number;
}

export interface LineCache {
  /** What was kept, parsed. */
  get(key: string): unknown;
  set(key: string, value: unknown): void;
  /** Writes what is not yet written. */
  close(): void;
}

/** @param facts besides the version of this program, which is in every key @param source the text that the result is made of */
export function keyOf(facts: readonly unknown[], source: string): string {
  return createHash('sha1')
    .update(header() + JSON.stringify(facts))
    .update(source)
    .digest('base64url');
}

export function createLineCache({ filePath, minimum, delayMs }: LineCacheOptions): LineCache {
  /** Until the first write: what the file holds, and what of it was asked for. Not longer, since it is all of a project. */
  let known: ReadonlyMap<string, string> | undefined;
  const used = new Map<string, string>();
  const fresh = new Map<string, string>();
  let isWritten = false;
  let timer: NodeJS.Timeout | undefined;

  const write = (): void => {
    timer = undefined;
    if (used.size + fresh.size < (isWritten ? 1 : minimum)) return;
    if (isWritten) attempt(() => appendFileSync(filePath, textOf(fresh)));
    // The first time without what no module of now uses any more.
    else if (fresh.size > 0) attempt(() => replace(filePath, header() + textOf(used) + textOf(fresh)));
    isWritten = true;
    known = undefined;
    used.clear();
    fresh.clear();
  };

  return {
    get(key) {
      timer ??= setTimeout(write, delayMs).unref();
      if (isWritten) return undefined;
      known ??= readLines(filePath);
      const line = known.get(key);
      if (line === undefined) return undefined;
      try {
        const found: unknown = JSON.parse(line);
        used.set(key, line);
        return found;
      } catch {
        return undefined; // SyntaxError: the end of a file that was cut off.
      }
    },
    set: (key, value) => void fresh.set(key, JSON.stringify(value)),
    close() {
      clearTimeout(timer);
      write();
    },
  };
}

let version: string | undefined;

/** Of this version and this build of it: in a checkout all builds have one version, and in a package all versions have one time. */
const header = (): string => (version ??= `hmr-dev ${packageVersion()} ${statSync(fileURLToPath(import.meta.url)).mtimeMs}\n`);

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
