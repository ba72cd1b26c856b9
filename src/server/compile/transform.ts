/**
 * TypeScript and JSX to the JavaScript of today's browsers, one file at a time. Only types, JSX and what no browser of the three runs yet
 * (decorators, `using`) are lowered; imports stay as they are for the link step. Not a bundler: that would have to see the whole graph again
 * for every save.
 */
import { esbuildNow, withEsbuild, type TransformOptions as EsbuildOptions, type TsconfigRaw } from './esbuild.ts';
import { toHmrError } from './esbuild-errors.ts';
import type { Format } from './formats.ts';
import type { Refresh } from './plugins/plugin.ts';
import type { RawSourceMap } from './source-map.ts';
import type { SwapLevel } from '../../runtime/swap/shape.ts';

export interface Language {
  readonly loader: 'ts' | 'tsx' | 'jsx' | 'js';
  readonly tsconfigRaw: TsconfigRaw;
  readonly format?: Format | undefined;
  /** Expressions by name, in place of the default ones; see {@link DEFINE}. */
  readonly define?: Define | undefined;
  readonly refresh?: Refresh | undefined;
  /** How much of it a later version can replace in place. */
  readonly hotswap?: SwapLevel | undefined;
}

/** JavaScript for names and members that are nowhere defined: `{ 'process.env.NODE_ENV': '"development"' }`. */
export type Define = Readonly<Record<string, string>>;

export interface TransformOptions extends Language {
  /** For messages, and for the file names that `react-jsxdev` writes into the code. */
  readonly filePath: string;
  /** Maps are made when a debugger asks. */
  readonly withMap?: boolean | undefined;
  /** Types and JSX now, the rest in a second step. */
  readonly isFirstStep?: boolean | undefined;
}

export interface Transformed {
  readonly code: string;
  readonly map: RawSourceMap | undefined;
}

/** What code asks of its environment, and a browser cannot answer. */
export const DEFINE: Define = { 'process.env.NODE_ENV': '"development"' };

/** Whether a text may name what is defined. */
export function asksForDefined(source: string, define: Define = DEFINE): boolean {
  for (const name in define) if (source.includes(name)) return true;
  return false;
}

/** By the extension. */
export function loaderOf(filePath: string): 'ts' | 'tsx' | 'jsx' | 'js' {
  const extension = /\.([cm]?[jt]sx?)$/i.exec(filePath)?.[1]?.toLowerCase() ?? 'js';
  if (extension === 'tsx' || extension === 'jsx') return extension;
  return extension.includes('ts') ? 'ts' : 'js';
}

/** All that browsers do not run, at the price of asking another process. @throws HmrError `SYNTAX` */
export async function lowerSource(source: string, options: TransformOptions): Promise<Transformed> {
  try {
    return transformed(await withEsbuild((esbuild) => esbuild.transform(source, lowering(options))));
  } catch (failure) {
    throw toHmrError(failure, () => ({ filePath: options.filePath, source }));
  }
}

/** The same at once, by a process of its own. @throws HmrError `SYNTAX` */
export function lowerSourceSync(source: string, options: TransformOptions): Transformed {
  try {
    return transformed(esbuildNow().transformSync(source, lowering(options)));
  } catch (failure) {
    throw toHmrError(failure, () => ({ filePath: options.filePath, source }));
  }
}

function lowering({ filePath, loader, tsconfigRaw, define = DEFINE, withMap = false }: TransformOptions): EsbuildOptions {
  return {
    loader,
    sourcefile: filePath,
    // An empty one, if need be: esbuild must not look for a file itself.
    tsconfigRaw,
    target: 'esnext',
    supported: { decorators: false, using: false },
    charset: 'utf8',
    logLevel: 'silent',
    define,
    ...(withMap && { sourcemap: 'external' }),
  };
}

function transformed({ code, map }: { readonly code: string; readonly map: string }): Transformed {
  return { code, map: map ? (JSON.parse(map) as RawSourceMap) : undefined };
}
