/**
 * TypeScript and JSX to the JavaScript of today's browsers, one file at a time. Only types, JSX and what no browser of the three runs yet
 * (decorators, `using`) are lowered; imports stay as they are for the link step. Not esbuild's bundler: that would have
 * to see the whole graph again for every save.
 */
import { withEsbuild, type TransformOptions, type TsconfigRaw } from './esbuild.ts';
import { describeMessage, toHmrError, type CompileWarning, type MessageSource } from './esbuild-errors.ts';
import type { RawSourceMap } from './source-map.ts';

export interface TransformSourceOptions {
  /** For messages, and for the file names that `react-jsxdev` writes into the code. */
  readonly filePath: string;
  readonly loader: 'ts' | 'tsx' | 'jsx' | 'js';
  readonly tsconfigRaw?: TsconfigRaw | undefined;
}

export interface Transformed {
  readonly code: string;
  readonly warnings: readonly CompileWarning[];
}

export interface TransformedWithMap extends Transformed {
  readonly map: RawSourceMap;
}

/** @throws HmrError `SYNTAX` */
export async function transformSource(source: string, options: TransformSourceOptions): Promise<Transformed> {
  const { code, warnings } = await transform(source, options, {});
  return { code, warnings };
}

/** The same code again with its map, for when a debugger asks. @throws HmrError `SYNTAX` */
export async function transformWithMap(source: string, options: TransformSourceOptions): Promise<TransformedWithMap> {
  const { code, map, warnings } = await transform(source, options, { sourcemap: 'external' });
  const parsed: RawSourceMap = JSON.parse(map);
  return { code, map: parsed, warnings };
}

async function transform(
  source: string,
  { filePath, loader, tsconfigRaw }: TransformSourceOptions,
  more: TransformOptions,
): Promise<{ code: string; map: string; warnings: CompileWarning[] }> {
  const sourceOf = (): MessageSource => ({ filePath, source });
  try {
    const { code, map, warnings } = await withEsbuild((esbuild) =>
      esbuild.transform(source, {
        loader,
        sourcefile: filePath,
        // An empty one: esbuild must not look for a file itself.
        tsconfigRaw: tsconfigRaw ?? {},
        target: 'esnext',
        supported: { decorators: false, using: false },
        charset: 'utf8',
        logLevel: 'silent',
        ...more,
      }),
    );
    return { code, map, warnings: warnings.map((warning) => describeMessage(warning, sourceOf)) };
  } catch (failure) {
    throw toHmrError(failure, sourceOf);
  }
}
