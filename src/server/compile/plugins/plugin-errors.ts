/**
 * What plugins report, or throw, as the errors that a developer reads. Their places are esbuild's: lines from 1, columns in bytes from 0, files
 * relative to the project; those of compilers that throw (Babel, PostCSS, Sass, Vue) differ, and what is usual there is understood.
 */
import { readFileSync } from 'node:fs';
import path from 'node:path';
import { codeFrame, HmrError, type SourceLocation } from '../../errors.ts';
import type { PartialMessage } from '../esbuild.ts';

export interface PluginPlace {
  readonly plugin: string;
  /** The file that the plugin was asked about. */
  readonly filePath: string;
  /** What relative file names start from. */
  readonly folder: string;
  /** What the plugin says that its answer depends on. */
  readonly watched?: readonly string[];
}

/** Of the first message; the text of the others follows. */
export function messagesError(messages: readonly PartialMessage[], place: PluginPlace): HmrError {
  const [first = {}, ...others] = messages;
  const { detail } = first;
  if (detail instanceof HmrError) return detail;
  const rest = others.map(({ text = '', location }) => `\n${location?.file ? `${location.file}:${location.line ?? 1}: ` : ''}${text}`);
  const [note] = first.notes ?? [];
  const { text = 'failed without a word', location: located } = first;
  const traced = located ? undefined : sassTrace(text, place);
  const location = traced?.location ?? locationOf(located, place);
  return new HmrError('PLUGIN', `${withName(traced?.text ?? text, place.plugin)}${rest.join('')}`, {
    location,
    frame: frameOf(location, located?.lineText),
    hint: note?.text,
    cause: detail,
    watched: place.watched,
  });
}

/** Of what a callback of a plugin threw. */
export function thrownError(thrown: unknown, place: PluginPlace): HmrError {
  if (thrown instanceof HmrError) return thrown;
  if (!(thrown instanceof Error)) return new HmrError('PLUGIN', withName(String(thrown), place.plugin), { cause: thrown });
  const traced = sassTrace(thrown.message, place);
  const location = traced?.location ?? thrownLocation(thrown, place);
  return new HmrError('PLUGIN', withName(traced?.text ?? thrown.message, place.plugin), {
    location: location ?? { file: place.filePath, line: 1, column: 1 },
    frame: frameOf(location, undefined),
    // Without a place in the source, the plugin's own is the next best.
    hint: location ? undefined : /^\s*at (?!.*\bnode:).*$/m.exec(thrown.stack ?? '')?.[0].trim(),
    cause: thrown,
  });
}

export function warningText({ text = '', location }: PartialMessage, plugin: string): string {
  const place = location?.file ? ` (${location.file}:${location.line ?? 1}:${(location.column ?? 0) + 1})` : '';
  return withName(text, plugin) + place;
}

function withName(text: string, plugin: string): string {
  return `[${plugin}] ${text}`;
}

function locationOf(location: PartialMessage['location'], { filePath, folder }: PluginPlace): SourceLocation | undefined {
  if (!location) return { file: filePath, line: 1, column: 1 };
  const { file, line, column = 0, lineText } = location;
  const units = lineText === undefined ? column : Buffer.from(lineText).subarray(0, column).toString().length;
  // Some count a line 0 where they know none.
  return { file: file ? path.resolve(folder, file) : filePath, line: Math.max(1, line ?? 1), column: units + 1 };
}

/**
 * Sass tells the place in the text: a frame, and under it who used whom, the innermost first, relative to the current folder. Our own frame takes
 * the place of both.
 */
function sassTrace(text: string, { filePath }: PluginPlace): { readonly text: string; readonly location: SourceLocation } | undefined {
  const found = /^([^\u2577]*?)\n *\u2577\n[\s\S]*?\n *\u2575\n +(\S.*?) (\d+):(\d+) +\S/.exec(text);
  if (!found) return undefined;
  const [, message = '', file = '', line, column] = found;
  return { text: message, location: { file: file === '-' ? filePath : path.resolve(file), line: Number(line), column: Number(column) } };
}

/** `loc` and `start` of Babel, Vue and Svelte, `line` of PostCSS and MDX; lines from 1 everywhere, columns from 0 where they come in `loc`. */
function thrownLocation(error: Error, { filePath }: PluginPlace): SourceLocation | undefined {
  const fields = error as Error & Readonly<Record<string, unknown>>;
  for (const name of ['loc', 'start', 'place']) {
    const place = fields[name];
    if (typeof place !== 'object' || place === null) continue;
    const start = 'start' in place && typeof place.start === 'object' && place.start !== null ? place.start : place;
    const found = lineAndColumn(start, filePath, name === 'place' ? 0 : 1);
    if (found) return found;
  }
  return lineAndColumn(error, typeof fields['file'] === 'string' ? fields['file'] : filePath, 0);
}

function lineAndColumn(place: object, file: string, add: number): SourceLocation | undefined {
  if (!('line' in place) || typeof place.line !== 'number') return undefined;
  const column = 'column' in place && typeof place.column === 'number' ? place.column + add : 1;
  return { file, line: place.line, column: Math.max(1, column) };
}

function frameOf(location: SourceLocation | undefined, lineText: string | undefined): string | undefined {
  if (!location) return undefined;
  try {
    return codeFrame(readFileSync(location.file, 'utf8'), location.line, location.column);
  } catch {
    return lineText; // ENOENT: a file of the plugin's own making.
  }
}
