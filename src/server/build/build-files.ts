/**
 * The files of a folder as a static site has them: which are pages, which are sources that a site has no use for, and which go along as they are
 * (`robots.txt`, `CNAME`, downloads).
 */
import { existsSync, readdirSync, realpathSync, statSync, type Dirent } from 'node:fs';
import path from 'node:path';
import { namesBelow } from '../http/open-file.ts';
import { isPrivatePath } from '../http/private-names.ts';
import { LIST_NAME } from './build-output.ts';

export interface SiteFilesOptions {
  /** Real path. */
  readonly root: string;
  /** Absolute path of a folder in it that is not looked into: what is in it goes along by its short name. */
  readonly publicFolder: string | undefined;
  /** Never served, or not to be looked at. */
  readonly isHidden: (filePath: string) => boolean;
}

/** Languages that are compiled, and tests. */
const SOURCES = /\.(?:[cm]?tsx?|jsx|vue|svelte|astro|mdx|s[ac]ss|less|styl|stylus|pcss|postcss|(?:test|spec)\.[cm]?js)$/i;
/** Of tools and servers: nothing that a site's reader should find. */
const CONFIGURATION =
  /^(?:package(?:-lock)?\.json|npm-shrinkwrap\.json|pnpm-workspace\.yaml|[tj]sconfig[^/]*\.json|.*\.config\.(?:[cm]?[jt]s|json)|README(?:\.\w+)?|(?:Docker|Make|Proc)file|docker-compose.*|.*\.(?:lock|lockb|log|sh|tsbuildinfo|sqlite3?|db)|.*-lock\.yaml)$/i;

/** Absolute paths, sorted, without what is hidden. */
export function siteFiles({ root, publicFolder, isHidden }: SiteFilesOptions): string[] {
  return walk(root, (filePath) => filePath !== publicFolder && !isHidden(filePath), root).sort();
}

/** Of the public folder: everything but what is never served. */
export function publicFiles(folder: string, isPrivate: (filePath: string) => boolean): string[] {
  return existsSync(folder) ? walk(folder, (filePath) => !isPrivate(filePath), folder).sort() : [];
}

/** A text that is made into something else, or that says how. */
export function isSource(filePath: string): boolean {
  return SOURCES.test(filePath) || CONFIGURATION.test(path.basename(filePath));
}

function walk(folder: string, isWanted: (filePath: string) => boolean, root: string): string[] {
  return readdirSync(folder, { withFileTypes: true }).flatMap((entry) => {
    const filePath = path.join(folder, entry.name);
    if (!isWanted(filePath)) return [];
    if (entry.isDirectory()) return existsSync(path.join(filePath, LIST_NAME)) ? [] : walk(filePath, isWanted, root);
    return entry.isFile() || isLinkInside(entry, filePath, root) ? [filePath] : [];
  });
}

/** Links to files of the folder, as the server follows them: not out of it, and not to what is never served. */
function isLinkInside(entry: Dirent, filePath: string, root: string): boolean {
  if (!entry.isSymbolicLink() || !existsSync(filePath) || !statSync(filePath).isFile()) return false;
  const names = namesBelow(realpathSync.native(root), realpathSync.native(filePath));
  return names !== null && !isPrivatePath(names);
}
