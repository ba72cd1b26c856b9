/**
 * `alias` of the configuration: what a specifier stands for that begins with a name. The author's word, and so the last one: where its target is
 * missing, nothing else is looked for.
 */
import path from 'node:path';
import { isLinked } from '../../runtime/record.ts';
import { idOfFile } from './module-ids.ts';
import type { TsconfigFinder } from './tsconfig.ts';

export interface Alias {
  /** Of the project: what relative targets and packages start from. */
  readonly folder: string;
  /** Targets by the beginning of a specifier: the whole of it, or up to a slash. Plugins have a say, so it may change. */
  readonly of: () => Readonly<Record<string, string>>;
}

export interface Aliased {
  readonly name: string;
  readonly target: string;
  /** Of the target; undefined for a package. */
  readonly filePath: string | undefined;
  /** What to look for instead, from the project's folder. */
  readonly request: string;
}

/** The longest name that fits decides. */
export function findAlias(request: string, { folder, of }: Alias): Aliased | undefined {
  let best: readonly [name: string, target: string] | undefined;
  for (const entry of Object.entries(of())) {
    const [name] = entry;
    const fits = request === name || request.startsWith(name.endsWith('/') ? name : `${name}/`);
    if (fits && name.length > (best?.[0].length ?? -1)) best = entry;
  }
  if (!best) return undefined;
  const [name, target] = best;
  const rest = request.slice(name.length);
  const isFile = /^\.{1,2}(?:\/|$)/.test(target) || path.isAbsolute(target);
  if (!isFile) return { name, target, filePath: undefined, request: target + rest };
  const filePath = path.join(path.resolve(folder, target), rest);
  return { name, target, filePath, request: filePath };
}

export interface PatternMeanings {
  readonly root: string;
  readonly alias: Alias;
  readonly importMap: (specifier: string, importer: string) => string | undefined;
  readonly tsconfig: Pick<TsconfigFinder, 'find'>;
}

/** What a pattern of `import.meta.glob` that begins with a name may mean, as absolute paths; asked in the order in which a specifier is. */
export function createPatternAliases({
  root,
  alias,
  importMap,
  tsconfig,
}: PatternMeanings): (pattern: string, importerPath: string) => readonly string[] {
  return (pattern, importerPath) => {
    const aliased = findAlias(pattern, alias)?.filePath;
    if (aliased !== undefined) return [aliased];
    const mapped = importMap(pattern, idOfFile(root, { filePath: importerPath, search: '' }));
    if (mapped !== undefined && isLinked(mapped)) return [path.join(root, mapped)];
    return tsconfig.find(importerPath)?.pathCandidates(pattern) ?? [];
  };
}
