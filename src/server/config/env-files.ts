/**
 * `.env` files: what of them a page may read as `import.meta.env`. Only names with a public prefix ever leave this file; everything else in
 * them is for servers and may be a secret.
 */
import { existsSync, readFileSync } from 'node:fs';
import path from 'node:path';
import { parseEnv } from 'node:util';
import { foldersUpToProject } from './project-folder.ts';

export interface EnvOptions {
  /** Folder of the `.env` files. */
  readonly folder: string;
  readonly mode: string;
  /** What public names begin with. */
  readonly prefixes: readonly string[];
  /** It wins over all files, as whoever starts a program expects. */
  readonly environment: NodeJS.ProcessEnv;
  readonly warn: (message: string) => void;
}

/** The names that a folder's environment may lie in; later ones win. */
function envFileNames(mode: string): readonly string[] {
  return ['.env', '.env.local', `.env.${mode}`, `.env.${mode}.local`];
}

/** The served folder, if such a file lies there; else the nearest folder above it, up to the project's. */
export function envFolder(root: string, mode: string): string {
  const folders = foldersUpToProject(root);
  return folders.find((folder) => envFileNames(mode).some((name) => existsSync(path.join(folder, name)))) ?? folders.at(-1) ?? root;
}

/** All paths whose coming, going or changing is a change of the environment. */
export function envFiles(root: string, mode: string): string[] {
  return foldersUpToProject(root).flatMap((folder) => envFileNames(mode).map((name) => path.join(folder, name)));
}

/** By name: what `import.meta.env` has besides `MODE` and the like. */
export function readPublicEnv({ folder, mode, prefixes, environment, warn }: EnvOptions): Record<string, string> {
  const found: Record<string, string> = {};
  for (const name of envFileNames(mode)) Object.assign(found, readEnvFile(path.join(folder, name), warn));
  const all: NodeJS.ProcessEnv = { ...found, ...environment };
  const isPublic = (name: string): boolean => prefixes.some((prefix) => name.startsWith(prefix));
  const names = [...new Set([...Object.keys(found), ...Object.keys(environment)])].filter(isPublic).sort();
  return Object.fromEntries(names.map((name) => [name, environment[name] ?? expand(found[name] ?? '', all)]));
}

function readEnvFile(filePath: string, warn: (message: string) => void): NodeJS.Dict<string> {
  let text: string;
  try {
    text = readFileSync(filePath, 'utf8');
  } catch {
    return {}; // ENOENT, most of the time.
  }
  const content = text.replace(/^\uFEFF/, '').replaceAll('\r\n', '\n');
  const stray = strayLines(content);
  // Never the line itself: it may hold a secret.
  for (const line of stray) warn(`${path.basename(filePath)}:${line} is not NAME=value and was passed over.`);
  // To the parser they would be the beginning of the next name.
  return parseEnv(
    content
      .split('\n')
      .filter((_, index) => !stray.has(index + 1))
      .join('\n'),
  );
}

/** A value: quoted, over as many lines as it takes, or what is left of the line. */
const STATEMENT = /[ \t]*(?:export[ \t]+)?[\w.-]+[ \t]*=[ \t]*(?:"[^"]*"[^\n]*|'[^']*'[^\n]*|`[^`]*`[^\n]*|[^\n]*)/y;
const BLANK = /[^\S\n]*(?:#[^\n]*)?(?=\n|$)/y;

/** Lines, from 1, that are no part of a statement. */
function strayLines(text: string): Set<number> {
  const stray = new Set<number>();
  for (let at = 0, line = 1; at < text.length; at++, line++) {
    const match = matchAt(BLANK, text, at) ?? matchAt(STATEMENT, text, at);
    if (match === undefined) stray.add(line);
    const end = text.indexOf('\n', at + (match?.length ?? 0));
    const next = end === -1 ? text.length : end;
    line += text.slice(at, next).split('\n').length - 1;
    at = next;
  }
  return stray;
}

/** @returns what the pattern finds just there */
function matchAt(pattern: RegExp, text: string, at: number): string | undefined {
  pattern.lastIndex = at;
  return pattern.exec(text)?.[0];
}

/** `$OTHER` and `${OTHER}`; `\$` is a dollar sign. */
function expand(value: string, all: NodeJS.ProcessEnv, depth = 0): string {
  return value.replace(/\\\$|\$\{(\w+)\}|\$(\w+)/g, (_, braced: string | undefined, bare: string | undefined) => {
    const name = braced ?? bare;
    if (name === undefined) return '$';
    // Two that name each other have no value.
    return depth > 8 ? '' : expand(all[name] ?? '', all, depth + 1);
  });
}
