/**
 * The files that an `import.meta.glob(…)` names. Patterns are picomatch's, which is what projects have learned from Vite; the folders are read
 * here, because what may be matched is decided by this server's rules and not by a crawler's: links are not followed, so that no
 * pattern leads elsewhere than it says, and what is hidden or ignored is not there.
 */
import { readdirSync, realpathSync, type Dirent } from 'node:fs';
import path from 'node:path';
import picomatch from 'picomatch';
import type { ModuleId } from '../../protocol.ts';
import { HmrError } from '../errors.ts';
import type { GlobCall } from './glob-call.ts';
import type { LinkedFacts } from './link.ts';
import { fileOfId, idOfFile } from './module-ids.ts';

export interface GlobMatch {
  /** The property's name: the path from where the pattern starts. */
  readonly key: string;
  readonly id: ModuleId;
}

/** The module that asks. */
export interface GlobImporter {
  readonly filePath: string;
  /** File whose folder relative patterns start from. */
  readonly importerPath: string;
}

export interface Globs {
  /** In order of path, without the importer. @throws HmrError `GLOB`, without place, for a pattern that starts nowhere */
  find(call: GlobCall, importer: GlobImporter): GlobMatch[];
  /** What the patterns of a module have found, to be asked when files come and go. */
  follow(linked: Pick<LinkedFacts, 'globs' | 'requests' | 'dynamic'>, importer: GlobImporter): GlobbedFiles;
}

export interface GlobbedFiles {
  /** Whether the patterns find the same now. @throws HmrError as `find` */
  isSame(): boolean;
  has(filePath: string): boolean;
  /** Whether a file would be among them if it were there. */
  wouldHave(filePath: string): boolean;
}

export interface GlobsOptions {
  /** Real path of the served folder. */
  readonly root: string;
  /** Not to be matched, whatever the pattern. @param exhaustive in packages and ignored files too */
  readonly isHidden: (filePath: string, exhaustive: boolean) => boolean;
  /** What a pattern that starts with a name means, as absolute paths. */
  readonly aliases: (pattern: string, importerPath: string) => readonly string[];
}

interface Matcher {
  /** Absolute; everything that matches lies below. */
  readonly folder: string;
  /** Levels of names below it; 1: the files in it. */
  readonly depth: number;
  /** @param relative to the folder, with slashes */
  isMatch(relative: string): boolean;
}

interface Patterns {
  readonly included: readonly Matcher[];
  /** Not left out by what else the call says. */
  isFile(filePath: string): boolean;
}

export function createGlobs({ root, isHidden, aliases }: GlobsOptions): Globs {
  const matchersOf = (pattern: string, from: string, importerPath: string, dot: boolean): Matcher[] => {
    if (/^\.{1,2}\//.test(pattern)) return [matcher(from, pattern, dot)];
    // As in a URL, `..` ends at the root.
    if (pattern.startsWith('/')) return [matcher(root, `.${pattern.replace(/^(?:\/+\.{0,2}(?=\/))+/, '')}`, dot)];
    if (pattern.startsWith('**')) return [matcher(root, pattern, dot)];
    const meant = aliases(pattern, importerPath);
    if (meant.length > 0) return meant.map((target) => matcher(root, path.relative(root, target).split(path.sep).join('/'), dot));
    throw new HmrError('GLOB', `"${pattern}" is no pattern that import.meta.glob() knows a folder for`, {
      hint: 'Patterns begin with "./", "../", "/" (the served folder), or with an alias of the tsconfig or import map.',
    });
  };

  const read = (call: GlobCall, importer: GlobImporter): Patterns => {
    const { importerPath } = importer;
    const folder = realPathOf(path.dirname(importerPath)) ?? path.dirname(importerPath);
    const from = startOf(call, root, folder);
    const { patterns, exhaustive } = call;
    const included = patterns.filter(isPositive).flatMap((pattern) => matchersOf(pattern, from, importerPath, exhaustive));
    const excluded = patterns
      .filter((pattern) => !isPositive(pattern))
      .map((pattern) => pattern.slice(1))
      // Without a start it leaves out wherever it is met, also above the served folder.
      .flatMap((pattern) =>
        pattern.startsWith('**') ? matcher(path.parse(root).root, pattern, true) : matchersOf(pattern, from, importerPath, true),
      );
    const isFile = (filePath: string): boolean =>
      filePath !== importer.filePath && !excluded.some((one) => isBelow(one, filePath)) && !isHidden(filePath, exhaustive);
    return { included, isFile };
  };

  const find: Globs['find'] = (call, importer) => {
    const { included, isFile } = read(call, importer);
    const found = new Set<string>();
    for (const { folder, depth, isMatch } of included) {
      // A link on the way, or another spelling of case, names the files of another folder.
      if (realPathOf(folder) !== folder) continue;
      const visit = (name: string, filePath: string): void => void (isMatch(name) && isFile(filePath) && found.add(filePath));
      visitFiles(folder, depth, visit, (below) => isHidden(below, call.exhaustive));
    }
    const keyOf = keysOf(call, root, path.dirname(importer.importerPath));
    return [...found].sort().map((filePath) => ({ key: keyOf(filePath), id: idOfFile(root, { filePath, search: call.query }) }));
  };

  const testOf = (call: GlobCall, importer: GlobImporter): ((filePath: string) => boolean) => {
    const { included, isFile } = read(call, importer);
    return (filePath) => included.some((one) => isBelow(one, filePath)) && isFile(filePath);
  };

  return {
    find,
    follow({ globs, requests, dynamic }, importer) {
      const ids = [...requests.filter(({ isGlobbed }) => isGlobbed), ...dynamic].flatMap(({ id }) => id ?? []);
      const files = new Set(ids.map((id) => fileOfId(root, id).filePath));
      // As they are linked: the eager ones among the static imports, the others behind.
      const calls = [...globs.filter(({ eager }) => eager), ...globs.filter(({ eager }) => !eager)];
      let tests: ((filePath: string) => boolean)[] | undefined;
      return {
        isSame: () => calls.flatMap((call) => find(call, importer).map(({ id }) => id)).join() === ids.join(),
        has: (filePath) => files.has(filePath),
        // Once for each version of the module: what an alias means makes another one.
        wouldHave: (filePath) => (tests ??= calls.map((call) => testOf(call, importer))).some((test) => test(filePath)),
      };
    },
  };
}

const isPositive = (pattern: string): boolean => !pattern.startsWith('!');

function matcher(from: string, pattern: string, dot: boolean): Matcher {
  const { base, glob } = picomatch.scan(pattern, { unescape: true });
  const target = path.resolve(from, base);
  // A plain path.
  if (glob === '') return { folder: path.dirname(target), depth: 1, isMatch: (relative) => relative === path.basename(target) };
  return { folder: target, depth: glob.includes('**') ? Infinity : glob.split('/').length, isMatch: picomatch(glob, { dot }) };
}

function isBelow({ folder, isMatch }: Matcher, filePath: string): boolean {
  const relative = slashed(folder, filePath);
  return relative !== '' && !relative.startsWith('../') && isMatch(relative);
}

/** Files by name relative to the folder. */
function visitFiles(
  folder: string,
  depth: number,
  visit: (name: string, filePath: string) => void,
  skips: (folder: string) => boolean,
): void {
  const walk = (current: string, prefix: string, levels: number): void => {
    for (const entry of entriesOf(current)) {
      const below = path.join(current, entry.name);
      if (entry.isFile()) visit(prefix + entry.name, below);
      else if (levels > 1 && entry.isDirectory() && !skips(below)) walk(below, `${prefix}${entry.name}/`, levels - 1);
    }
  };
  walk(folder, '', depth);
}

function entriesOf(folder: string): Dirent[] {
  try {
    return readdirSync(folder, { withFileTypes: true });
  } catch {
    return []; // ENOENT, ENOTDIR, EACCES: no files, or not yet.
  }
}

function realPathOf(folder: string): string | undefined {
  try {
    return realpathSync.native(folder);
  } catch {
    return undefined; // ENOENT: it may come.
  }
}

function startOf({ base }: GlobCall, root: string, folder: string): string {
  if (base === undefined) return folder;
  return base.startsWith('/') ? path.join(root, base) : path.resolve(folder, base);
}

/** `./a.ts`, `../b.ts`; where a pattern starts at the served folder, `/src/a.ts`. */
function keysOf(call: GlobCall, root: string, folder: string): (filePath: string) => string {
  const isRelative = call.base !== undefined || call.patterns.every((pattern) => /^[.!]/.test(pattern));
  const from = isRelative ? startOf(call, root, folder) : root;
  return (filePath) => {
    const relative = slashed(from, filePath);
    return relative.startsWith('../') ? relative : (isRelative ? './' : '/') + relative;
  };
}

function slashed(from: string, to: string): string {
  return path.relative(from, to).split(path.sep).join('/');
}
