/**
 * esbuild's complaints as the errors that a developer reads. Its columns count UTF-8 bytes from 0, editors count UTF-16 units from 1;
 * and one mistake often brings three messages, of which the first is the one to show.
 */
import { codeFrame, HmrError, type SourceLocation } from '../errors.ts';
import type { Message } from './esbuild.ts';

/** Where a message's file name, which may be a name that we made up, leads to. */
export interface MessageSource {
  readonly filePath: string;
  /** The text that was compiled; without it there is no frame. */
  readonly source: string | undefined;
}

export interface DescribedMessage {
  readonly message: string;
  readonly location: SourceLocation | undefined;
  readonly frame: string | undefined;
}

interface BuildFailure extends Error {
  readonly errors: readonly Message[];
}

/** @returns an HmrError `SYNTAX` for what esbuild found wrong with the source; anything else (a crash, a stop) as it came */
export function toHmrError(failure: unknown, sourceOf: (file: string) => MessageSource): unknown {
  if (!isBuildFailure(failure)) return failure;
  const [first, ...others] = failure.errors;
  if (!first) return failure;
  const { message, location, frame } = describeMessage(first, sourceOf);
  const { detail } = first;
  // Of our own plugin: esbuild added the place.
  if (detail instanceof HmrError) return new HmrError(detail.code, detail.message, { location, frame, hint: detail.hint, cause: failure });
  const rest = others.map((other) => `\n${placeOf(other, sourceOf)}${other.text}`);
  return new HmrError('SYNTAX', message + rest.join(''), { location, frame, hint: hintOf(first), cause: failure });
}

export function describeMessage({ text, location }: Message, sourceOf: (file: string) => MessageSource): DescribedMessage {
  if (!location) return { message: text, location: undefined, frame: undefined };
  const { filePath, source } = sourceOf(location.file);
  const { line } = location;
  const column = columnOf(location);
  const frame = source === undefined ? undefined : codeFrame(source, line, column);
  return { message: text, location: { file: filePath, line, column }, frame };
}

function placeOf({ location }: Message, sourceOf: (file: string) => MessageSource): string {
  return location ? `${sourceOf(location.file).filePath}:${location.line}:${columnOf(location)}: ` : '';
}

/** From bytes from 0 to UTF-16 units from 1. */
function columnOf({ lineText, column }: NonNullable<Message['location']>): number {
  return Buffer.from(lineText).subarray(0, column).toString().length + 1;
}

/** Notes that point elsewhere need their place; those that only explain are the next step. */
function hintOf({ notes, location }: Message): string | undefined {
  const explanation = notes.find((note) => !note.location)?.text;
  if (explanation !== undefined) return explanation;
  if (location?.suggestion) return `Put ${location.suggestion} there.`;
  const [note] = notes;
  return note?.location ? `${note.text.replace(/:$/, '')} (line ${note.location.line})` : undefined;
}

export function isBuildFailure(failure: unknown): failure is BuildFailure {
  return failure instanceof Error && 'errors' in failure && Array.isArray(failure.errors);
}
