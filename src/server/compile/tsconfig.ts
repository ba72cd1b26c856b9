/**
 * The tsconfig that applies to a file: the nearest upwards, with everything it extends. Read by a library, because `extends` through
 * packages and comments in JSON are somebody else's craft; only the options that change what runs are handed on.
 */
import path from 'node:path';
import { getTsconfig, type TsConfigJsonResolved } from 'get-tsconfig';
import { HmrError } from '../errors.ts';

export interface TsconfigFinder {
  /** JSON text for esbuild; undefined where no tsconfig applies. @throws HmrError `SYNTAX` for a broken one */
  rawFor(filePath: string): string | undefined;
  /** The configuration files that were read. */
  readonly files: ReadonlySet<string>;
  /** A configuration file changed. */
  invalidate(): void;
}

const COMPILER_OPTIONS = [
  'alwaysStrict',
  'experimentalDecorators',
  'importsNotUsedAsValues',
  'jsx',
  'jsxFactory',
  'jsxFragmentFactory',
  'jsxImportSource',
  'preserveValueImports',
  'target',
  'useDefineForClassFields',
  'verbatimModuleSyntax',
] as const;

export function createTsconfigFinder(): TsconfigFinder {
  const byFolder = new Map<string, string | undefined>();
  const files = new Set<string>();
  return {
    files,
    rawFor(filePath) {
      const folder = path.dirname(filePath);
      if (!byFolder.has(folder)) byFolder.set(folder, find(folder, files));
      return byFolder.get(folder);
    },
    invalidate: () => byFolder.clear(),
  };
}

function find(folder: string, files: Set<string>): string | undefined {
  try {
    const found = getTsconfig(folder, 'tsconfig.json') ?? getTsconfig(folder, 'jsconfig.json');
    if (!found) return undefined;
    files.add(found.path);
    return pick(found.config);
  } catch (cause) {
    const message = cause instanceof Error ? cause.message : String(cause);
    throw new HmrError('SYNTAX', `The tsconfig of ${path.basename(folder)} cannot be read: ${message}`, {
      hint: 'Correct tsconfig.json; the next save of it compiles again.',
      cause,
    });
  }
}

function pick({ compilerOptions = {} }: TsConfigJsonResolved): string {
  const kept = COMPILER_OPTIONS.flatMap((name) => {
    const value: unknown = (compilerOptions as Record<string, unknown>)[name];
    return value === undefined ? [] : [[name, value] as const];
  });
  return JSON.stringify({ compilerOptions: Object.fromEntries(kept) });
}
