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
  // The parser passes over what it does not understand, without a word.
  let isInQuotes = false;
  for (const [index, line] of text.split(/\r?\n/).entries()) {
    const quotes = line.match(/["`]/g)?.length ?? 0;
    const isStatement = /^\s*(?:#.*|(?:export\s+)?[\w.-]+\s*=.*)?$/.test(line);
    // Never the line itself: it may hold a secret.
    if (!isStatement && !isInQuotes) warn(`${path.basename(filePath)}:${index + 1} is not NAME=value and was passed over.`);
    if (quotes % 2 === 1) isInQuotes = !isInQuotes;
  }
  return parseEnv(text);
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
