/**
 * What is not watched: dependencies, version control, everything that starts with a dot, what editors leave beside a file while they
 * save it, and what the user names. A matcher of our own, because Node 20 has no `path.matchesGlob`, and the globs of a command line
 * need four rules and not a package. Square brackets are ordinary characters: file-based routers put them into names (`[id].ts`).
 */
import path from 'node:path';

export interface IgnoreOptions {
  /** Real path of the watched folder. */
  readonly root: string;
  /** Names, globs relative to the root, or expressions over the relative path with `/` between its segments. */
  readonly ignored?: readonly (string | RegExp)[] | undefined;
}

/** True for a path that is not to be watched; paths outside the root are not, the root itself is. */
export type IgnoreTest = (filePath: string) => boolean;

/** Whole names: `4913` is how vim asks whether a folder can be written. */
const IGNORED_NAMES: ReadonlySet<string> = new Set(['node_modules', 'bower_components', '4913']);
/** Swap, backup and in-between files of vim, Emacs, JetBrains, Visual Studio, atomic writers and downloads. */
const TEMPORARY_NAME = /~$|^#.*#$|\.sw[nopqx]$|___jb_(?:tmp|old|bak)___$|\.tmp(?:[.-][\w.-]+)?$|\.(?:crswap|crdownload|part)$/i;

export function createIgnore({ root, ignored = [] }: IgnoreOptions): IgnoreTest {
  const patterns = ignored.map((pattern) => (typeof pattern === 'string' ? globToRegExp(pattern, root) : withoutState(pattern)));
  return (filePath) => {
    const relative = path.relative(root, filePath).replaceAll(path.sep, '/');
    if (relative === '') return false;
    if (relative === '..' || relative.startsWith('../') || path.isAbsolute(relative)) return true;
    return relative.split('/').some(isIgnoredName) || patterns.some((pattern) => pattern.test(relative));
  };
}

function isIgnoredName(name: string): boolean {
  // `.well-known` is the one dot-folder that is served.
  if (name.startsWith('.')) return name !== '.well-known';
  return IGNORED_NAMES.has(name) || TEMPORARY_NAME.test(name);
}

/** With `g` or `y`, `test` would remember where it stopped and miss every other path. */
function withoutState(pattern: RegExp): RegExp {
  return new RegExp(pattern.source, pattern.flags.replace(/[gy]/g, ''));
}

/**
 * `*` and `?` stay within a segment, `**` crosses segments, `{a,b}` is a choice. A pattern without a slash matches a name at any depth;
 * one with a slash starts at the root. Whatever matches takes everything below along.
 */
export function globToRegExp(glob: string, root = ''): RegExp {
  let pattern = path.sep === '\\' ? glob.replaceAll('\\', '/') : glob;
  const base = root.replaceAll(path.sep, '/');
  if (base !== '' && pattern.startsWith(`${base}/`)) pattern = pattern.slice(base.length);
  pattern = pattern.replace(/\/+$/, '');
  const isAnchored = pattern.includes('/');
  pattern = pattern.replace(/^(?:\.?\/)+/, '');
  return new RegExp(`^${isAnchored ? '' : '(?:.*/)?'}${translate(pattern)}(?:/.*)?$`, 's');
}

function translate(pattern: string): string {
  const tokens = pattern.match(/\*\*\/|\*\*|[\s\S]/g) ?? [];
  // A brace without its other half is a character of the name.
  const hasChoice = /^[^{}]*(?:\{[^{}]*\}[^{}]*)*$/.test(pattern);
  let isInChoice = false;
  const translateToken = (token: string): string => {
    if (token === '**/') return '(?:.*/)?';
    if (token === '**') return '.*';
    if (token === '*') return '[^/]*';
    if (token === '?') return '[^/]';
    if (hasChoice && (token === '{' || token === '}')) {
      isInChoice = token === '{';
      return isInChoice ? '(?:' : ')';
    }
    return isInChoice && token === ',' ? '|' : token.replace(/[\\^$.|+()[\]{}]/g, '\\$&');
  };
  return tokens.map(translateToken).join('');
}
