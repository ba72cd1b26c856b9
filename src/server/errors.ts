/**
 * The one error class of the server. A code from a closed union decides what callers do, the message is the sentence that a user
 * reads, `hint` the next step, `cause` the original. Locations are 1-based in line and column, as editors count.
 */
import type { ErrorReport } from '../protocol.ts';

export type ErrorCode =
  | 'SYNTAX' // the source cannot be parsed or compiled
  | 'RESOLVE' // an import names nothing that exists
  | 'MISSING_EXPORT' // an import names an export that its module does not have
  | 'UNSUPPORTED' // valid, but not something this server can do yet
  | 'GLOB' // an import.meta.glob that cannot be read
  | 'READ' // a file could not be read
  | 'PLUGIN' // a plugin reports a mistake, or made one
  | 'CONFIG' // the configuration file is missing, broken or wrong
  | 'ROOT' // the folder to serve is missing or not a folder
  | 'PORT' // the address cannot be listened on
  | 'WATCH' // the file watcher could not start or ran out of watches
  | 'OPTION'; // a wrong option on the command line or in the API

export interface SourceLocation {
  /** Absolute path, or the path as the user wrote it. */
  readonly file: string;
  readonly line: number;
  readonly column: number;
}

export interface HmrErrorOptions {
  readonly location?: SourceLocation | undefined;
  /** Source lines around the place; see {@link codeFrame}. */
  readonly frame?: string | undefined;
  readonly hint?: string | undefined;
  readonly cause?: unknown;
  readonly watched?: readonly string[] | undefined;
}

export class HmrError extends Error {
  override readonly name = 'HmrError';
  readonly code: ErrorCode;
  readonly location: SourceLocation | undefined;
  readonly frame: string | undefined;
  readonly hint: string | undefined;
  /** Files besides that of the place, whose change may mend it. */
  readonly watched: readonly string[];

  constructor(code: ErrorCode, message: string, options: HmrErrorOptions = {}) {
    super(message, 'cause' in options ? { cause: options.cause } : undefined);
    this.code = code;
    this.location = options.location;
    this.frame = options.frame;
    this.hint = options.hint;
    this.watched = options.watched ?? [];
  }
}

const TITLES: Record<ErrorCode, string> = {
  SYNTAX: 'Syntax error',
  RESOLVE: 'Import not found',
  MISSING_EXPORT: 'Missing export',
  UNSUPPORTED: 'Not supported yet',
  GLOB: 'Wrong import.meta.glob',
  READ: 'File not readable',
  PLUGIN: 'Plugin error',
  CONFIG: 'Wrong configuration',
  ROOT: 'Folder not served',
  PORT: 'Address in use',
  WATCH: 'Watching failed',
  OPTION: 'Wrong option',
};

/**
 * As the overlay and the terminal show it.
 * @param relative turns the absolute file of the location into one relative to the served folder
 */
export function toReport(error: HmrError, relative: (file: string) => string): ErrorReport {
  const { location } = error;
  const place = location && { file: relative(location.file), line: location.line, column: location.column };
  return {
    key: `${error.code}:${place ? `${place.file}:${place.line}:${place.column}` : ''}:${error.message}`,
    kind: 'build',
    title: TITLES[error.code],
    message: error.message,
    ...(place && { place }),
    ...(error.frame !== undefined && { frame: error.frame }),
    ...(error.hint !== undefined && { hint: error.hint }),
  };
}

/**
 * Source lines around a place, with line numbers and a caret. Long lines are cut around the column.
 * @param line from 1
 * @param column from 1
 */
export function codeFrame(source: string, line: number, column: number): string {
  const lines = source.split(/\r\n|[\n\r\u2028\u2029]/);
  const first = Math.max(1, line - 2);
  const last = Math.min(lines.length, line + 2);
  const width = String(last).length;
  const cut = Math.max(0, column - 80);
  const out: string[] = [];
  for (let n = first; n <= last; n++) {
    const text = printable((lines[n - 1] ?? '').slice(cut, cut + 120));
    out.push(`${n === line ? '>' : ' '} ${String(n).padStart(width)} | ${text}`.trimEnd());
    if (n === line) {
      const before = text.slice(0, Math.max(0, column - 1 - cut)).replace(/[^\t]/g, ' ');
      out.push(`  ${' '.repeat(width)} | ${before}^`);
    }
  }
  return out.join('\n');
}

/** Of sources, pages and requests, for terminals: a control character in it must not act there. Tabs and line breaks stay. */
export function printable(text: string): string {
  // oxlint-disable-next-line no-control-regex -- control characters are what it looks for
  return text.replace(/[\0-\x08\x0b-\x1f\x7f-\x9f]/g, '\ufffd');
}

/** Of an error that is nobody's mistake but ours, or a plugin's: all that it tells. */
export function stackText(error: unknown): string {
  return error instanceof Error ? (error.stack ?? error.message) : String(error);
}

/** The code of a system error, or ''. */
export function errorCode(error: unknown): string {
  return error instanceof Error && 'code' in error ? String(error.code) : '';
}

/** Line and column, both from 1, of an offset in UTF-16 units. */
export function placeAt(source: string, offset: number): { line: number; column: number } {
  let line = 1;
  let start = 0;
  for (let at = source.indexOf('\n'); at !== -1 && at < offset; at = source.indexOf('\n', at + 1)) {
    line++;
    start = at + 1;
  }
  return { line, column: offset - start + 1 };
}
