/**
 * The one door to esbuild: loaded when the first file needs it, so that the command line and projects in plain JavaScript do not pay for
 * starting its process, and told to stop when the server closes.
 */
import type * as Esbuild from 'esbuild';
import { codeFrame, HmrError } from '../errors.ts';

let loaded: Promise<typeof Esbuild> | undefined;

export function esbuild(): Promise<typeof Esbuild> {
  return (loaded ??= import('esbuild'));
}

/** Ends esbuild's process, if it runs; the next use starts it again. */
export async function stopEsbuild(): Promise<void> {
  await (await loaded)?.stop();
}

/**
 * The first error of a failed build as ours; the others are counted in the hint.
 * @param source of the file, for the frame: esbuild gives the line only
 */
export function toHmrError(failure: unknown, filePath: string, source: string): HmrError {
  const errors = isFailure(failure) ? failure.errors : [];
  const [first] = errors;
  if (!first) return new HmrError('SYNTAX', failure instanceof Error ? failure.message : String(failure), { cause: failure });
  const { location } = first;
  const line = location?.line ?? 1;
  const column = columnOf(location?.lineText ?? '', location?.column ?? 0);
  const more = errors.length > 1 ? `There are ${errors.length - 1} more errors in this file.` : undefined;
  const note = first.notes.map(({ text }) => text).join(' ');
  return new HmrError('SYNTAX', first.text, {
    location: { file: filePath, line, column },
    frame: codeFrame(source, line, column),
    hint: [note, more].filter(Boolean).join(' ') || undefined,
    cause: failure,
  });
}

function isFailure(failure: unknown): failure is Esbuild.BuildFailure {
  return failure instanceof Error && 'errors' in failure && Array.isArray(failure.errors);
}

/** esbuild counts bytes of UTF-8 from 0; editors count UTF-16 units from 1. */
function columnOf(lineText: string, byteColumn: number): number {
  return Buffer.from(lineText).subarray(0, byteColumn).toString('utf8').length + 1;
}
