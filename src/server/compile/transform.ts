/**
 * TypeScript and JSX to the JavaScript that browsers run, one file at a time, as the folder's tsconfig says. Modules stay modules:
 * linking is ours.
 */
import type { TransformOptions } from 'esbuild';
import { esbuild, toHmrError } from './esbuild.ts';

export type Loader = 'ts' | 'tsx' | 'jsx' | 'js';

export interface TransformSourceOptions {
  readonly filePath: string;
  readonly loader: Loader;
  /** JSON text of a tsconfig that `extends` nothing. */
  readonly tsconfigRaw: string | undefined;
}

/** @throws HmrError `SYNTAX` with place and frame */
export async function transformSource(source: string, options: TransformSourceOptions): Promise<string> {
  return (await run(source, options, {})).code;
}

/** The same with the source map, as JSON text. */
export async function transformWithMap(source: string, options: TransformSourceOptions): Promise<{ code: string; map: string }> {
  return run(source, options, { sourcemap: 'external', sourcesContent: false });
}

async function run(source: string, { filePath, loader, tsconfigRaw }: TransformSourceOptions, extra: TransformOptions): Promise<{ code: string; map: string }> {
  const { transform } = await esbuild();
  try {
    return await transform(source, {
      loader,
      sourcefile: filePath,
      // What every browser with import maps and top-level await runs; newer syntax (decorators, `using`) is lowered.
      target: 'es2023',
      charset: 'utf8',
      logLevel: 'silent',
      ...(tsconfigRaw !== undefined && { tsconfigRaw }),
      ...extra,
    });
  } catch (failure) {
    throw toHmrError(failure, filePath, source);
  }
}
