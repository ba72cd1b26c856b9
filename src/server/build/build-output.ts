/**
 * The folder that a build writes. It is only touched when all is made, and only what an earlier build has written is ever deleted: a list in
 * the folder says what that was, and a folder with files and without such a list is somebody else's.
 */
import { existsSync, readdirSync, readFileSync, realpathSync } from 'node:fs';
import { mkdir, rm, rmdir, writeFile } from 'node:fs/promises';
import path from 'node:path';
import { HmrError } from '../errors.ts';
import { namesBelow } from '../http/open-file.ts';

/** A dotfile: no server of ours hands it out. */
export const LIST_NAME = '.hmr-dev-build.json';

/** What a build has written. */
export interface BuildList {
  readonly base: string;
  /** Relative, with slashes. */
  readonly files: readonly string[];
  /** Of these, the names that hold a hash of what is in them. */
  readonly hashed: readonly string[];
}

/** Undefined for a folder that is no build. */
export function readBuildList(folder: string): BuildList | undefined {
  try {
    const list = JSON.parse(readFileSync(path.join(folder, LIST_NAME), 'utf8')) as Partial<BuildList>;
    const isNames = (names: unknown): names is string[] => Array.isArray(names) && names.every(isNameInside);
    if (typeof list.base !== 'string' || !isNames(list.files) || !isNames(list.hashed)) return undefined;
    return { base: list.base, files: list.files, hashed: list.hashed };
  } catch {
    return undefined; // ENOENT, SyntaxError: no list of ours.
  }
}

function isNameInside(name: unknown): boolean {
  return (
    typeof name === 'string' && name !== '' && !path.isAbsolute(name) && name.split(/[\\/]/).every((part) => part !== '..' && part !== '')
  );
}

/** Before anything is made. @throws HmrError `OPTION` for a folder that a build may not write to */
export function checkOutput(outDir: string, root: string): void {
  const real = realPath(outDir);
  const name = path.relative(process.cwd(), outDir) || outDir;
  if (namesBelow(real, root)) {
    throw new HmrError('OPTION', `--out ${name} holds the source, and a build writes into a folder of its own.`, {
      hint: 'Name another one: --out dist',
    });
  }
  if (!existsSync(outDir) || readBuildList(outDir)) return;
  let names: string[];
  try {
    names = readdirSync(outDir);
  } catch (cause) {
    throw new HmrError('OPTION', `--out ${name} is no folder that can be read.`, { cause });
  }
  if (names.length === 0) return;
  throw new HmrError('OPTION', `--out ${name} has files in it that no build of hmr-dev has written (${names[0] ?? ''}).`, {
    hint: 'Empty it yourself, or name another folder.',
  });
}

/** Writes all, then removes what the build before had and this one has not. */
export async function writeOutput(outDir: string, files: ReadonlyMap<string, Uint8Array>, list: BuildList): Promise<void> {
  const before = readBuildList(outDir)?.files ?? [];
  await mkdir(outDir, { recursive: true });
  const real = realpathSync.native(outDir);
  // First of all, so that what is written next is known to be ours.
  await writeFile(path.join(outDir, LIST_NAME), JSON.stringify({ ...list, files: [...new Set([...before, ...list.files])] }));
  for (const [name, content] of files) {
    const filePath = path.join(outDir, name);
    await mkdir(path.dirname(filePath), { recursive: true });
    if (!isInside(real, path.dirname(filePath)))
      throw new HmrError('OPTION', `${filePath} is behind a link that leads out of the folder of the build.`);
    await writeFile(filePath, content);
  }
  const now = new Set(list.files);
  for (const name of before) if (!now.has(name)) await remove(real, path.join(outDir, name));
  await writeFile(path.join(outDir, LIST_NAME), `${JSON.stringify(list, null, 1)}\n`);
}

/** With the folders that are empty then. */
async function remove(real: string, filePath: string): Promise<void> {
  if (!isInside(real, path.dirname(filePath))) return;
  await rm(filePath, { force: true });
  for (let folder = path.dirname(filePath); realPath(folder) !== real; folder = path.dirname(folder)) {
    const isEmpty = await rmdir(folder).then(
      () => true,
      () => false, // ENOTEMPTY.
    );
    if (!isEmpty) return;
  }
}

/** Of a folder: there, and by its real path not elsewhere. */
function isInside(real: string, folder: string): boolean {
  return existsSync(folder) && namesBelow(real, realPath(folder)) !== null;
}

function realPath(filePath: string): string {
  return existsSync(filePath) ? realpathSync.native(filePath) : path.join(realParent(filePath), path.basename(filePath));
}

function realParent(filePath: string): string {
  const parent = path.dirname(filePath);
  return parent === filePath ? parent : realPath(parent);
}
