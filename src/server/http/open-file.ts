/**
 * Opens a file for serving: open first, then check what was opened. Checking a path and opening it afterwards is the bug behind most
 * CVEs of dev servers: between the two, or by another spelling (a symlink, case, a Windows short name), the path means another file. Here
 * the open handle and the checked real path are proven to be one file by device and inode.
 */
import { constants, type BigIntStats } from 'node:fs';
import { open, readdir, realpath, stat, type FileHandle } from 'node:fs/promises';
import path from 'node:path';
import { errorCode } from '../errors.ts';
import { isPrivateName, isPrivatePath } from './private-names.ts';

export interface OpenedFile {
  readonly kind: 'file';
  /** The caller closes it. */
  readonly handle: FileHandle;
  readonly stats: BigIntStats;
  readonly realPath: string;
}

export type OpenOutcome =
  | OpenedFile
  | { readonly kind: 'directory' }
  | { readonly kind: 'missing' }
  /** Something is there that is not served; `unreadable` is the only reason worth telling a client. */
  | { readonly kind: 'refused'; readonly reason: 'outside' | 'private' | 'special' | 'unreadable' };

export interface FileOpenerOptions {
  /** Absolute path of the served folder. */
  readonly root: string;
  /** Absolute path of a folder in it that stands for it, so that what may be at the top (`.well-known`) may be at its top. */
  readonly publicFolder?: string | undefined;
  /** Real paths outside of the root that may be served as well: what the module graph has learned. */
  readonly isAllowed?: ((realPath: string) => boolean) | undefined;
}

export interface FileOpener {
  /** Throws only for faults of the machine (no file descriptors left, I/O errors). */
  open(filePath: string): Promise<OpenOutcome>;
  /** Real path of a folder that may be listed; `null` if it is none or lies outside. */
  directory(dirPath: string): Promise<string | null>;
}

// Without O_NONBLOCK the open of a FIFO waits for a writer, for ever. Neither flag exists on Windows.
const FLAGS = constants.O_RDONLY | (constants.O_NONBLOCK ?? 0) | (constants.O_NOCTTY ?? 0);
/** A file that is saved by rename between two looks is looked at again. */
const ATTEMPTS = 5;

export function createFileOpener(options: FileOpenerOptions): FileOpener {
  const isAllowed = options.isAllowed ?? (() => false);
  let realRoot: Promise<string> | null = null;

  async function namesInside(realPath: string): Promise<string[] | null> {
    realRoot ??= realpath(options.root);
    const names = namesBelow(await realRoot.catch(() => options.root), realPath);
    if (names !== null) return names;
    // The root itself may be a symlink that now points elsewhere (`current → releases/2`).
    realRoot = realpath(options.root);
    return namesBelow(await realRoot.catch(() => options.root), realPath);
  }

  const publicNames = options.publicFolder === undefined ? null : namesBelow(options.root, options.publicFolder);
  const belowPublic = (names: readonly string[]): readonly string[] =>
    publicNames?.every((name, index) => names[index] === name) ? names.slice(publicNames.length) : names;

  async function whyRefused(filePath: string, realPath: string): Promise<'outside' | 'private' | 'missing' | null> {
    if (isPrivateName(path.basename(realPath))) return 'private';
    const names = await namesInside(realPath);
    if (!isAllowed(realPath)) {
      if (names === null) return 'outside';
      if (isPrivatePath(belowPublic(names))) return 'private';
    }
    return names !== null && !(await isExactName(options.root, filePath, names)) ? 'missing' : null;
  }

  async function attempt(filePath: string): Promise<OpenOutcome | null> {
    const handle = await open(filePath, FLAGS);
    let outcome: OpenOutcome | null = null;
    try {
      outcome = await check(handle, filePath);
      return outcome;
    } finally {
      if (outcome?.kind !== 'file') await handle.close();
    }
  }

  async function check(handle: FileHandle, filePath: string): Promise<OpenOutcome | null> {
    const stats = await handle.stat({ bigint: true });
    if (stats.isDirectory()) return { kind: 'directory' };
    if (!stats.isFile()) return { kind: 'refused', reason: 'special' };
    const realPath = await realpath(filePath);
    const found = await stat(realPath, { bigint: true });
    if (found.ino !== stats.ino || found.dev !== stats.dev) return null;
    const reason = await whyRefused(filePath, realPath);
    if (reason === 'missing') return { kind: 'missing' };
    return reason === null ? { kind: 'file', handle, stats, realPath } : { kind: 'refused', reason };
  }

  return {
    async open(filePath) {
      for (let tries = 0; tries < ATTEMPTS; tries++) {
        try {
          const outcome = await attempt(filePath);
          if (outcome !== null) return outcome;
        } catch (error) {
          return await outcomeOf(error, filePath);
        }
      }
      return { kind: 'missing' };
    },
    async directory(dirPath) {
      try {
        const realPath = await realpath(dirPath);
        const names = await namesInside(realPath);
        const isListed = names !== null && !isPrivatePath(names) && (await stat(realPath)).isDirectory();
        return isListed ? realPath : null;
      } catch (error) {
        await outcomeOf(error, dirPath); // throws on if it is a fault of the machine
        return null;
      }
    },
  };
}

/**
 * On a file system that ignores case, `/Main.ts` and `/main.ts` open one file, which would become two modules, and a 404 once
 * deployed. The real path has the true spelling; a name that is there in another case only is looked up in its folder, because on
 * Linux a symlink `Main.ts → main.ts` is fine. Unicode forms are not told apart: macOS stores some names decomposed.
 */
export async function isExactName(
  root: string,
  filePath: string,
  realNames: readonly string[],
  readNames: (dirPath: string) => Promise<string[]> = (dirPath) => readdir(dirPath),
): Promise<boolean> {
  const names = namesBelow(root, filePath) ?? [];
  const known = new Set(realNames.map((name) => name.normalize()));
  const folded = new Set(realNames.map((name) => name.normalize().toLowerCase()));
  for (const [depth, name] of names.entries()) {
    const wanted = name.normalize();
    if (known.has(wanted) || !folded.has(wanted.toLowerCase())) continue;
    const siblings = await readNames(path.join(root, ...names.slice(0, depth)));
    if (!siblings.some((sibling) => sibling.normalize() === wanted)) return false;
  }
  return true;
}

/** Names from `root` down to `filePath`; `null` if it is not below. By segments: `/srv/app-old` is not inside `/srv/app`. */
export function namesBelow(root: string, filePath: string): string[] | null {
  const relative = path.relative(root, filePath);
  if (path.isAbsolute(relative)) return null; // another drive
  const names = relative === '' ? [] : relative.split(path.sep);
  return names[0] === '..' ? null : names;
}

async function outcomeOf(error: unknown, filePath: string): Promise<OpenOutcome> {
  switch (errorCode(error)) {
    case 'ENOENT':
    case 'ENOTDIR':
    case 'ELOOP':
    case 'ENAMETOOLONG':
    case 'EINVAL':
    case 'ERR_INVALID_ARG_VALUE': // NUL in the path
      return { kind: 'missing' };
    case 'EISDIR':
      return { kind: 'directory' };
    case 'ENXIO': // a socket
    case 'ENODEV':
      return { kind: 'refused', reason: 'special' };
    case 'EACCES':
    case 'EPERM':
      // Windows says EPERM for a folder as well.
      return (await stat(filePath).catch(() => null))?.isDirectory() ? { kind: 'directory' } : { kind: 'refused', reason: 'unreadable' };
    default:
      throw error;
  }
}
