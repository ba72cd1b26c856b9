/**
 * What the terminal says while the server runs: one line a batch, warnings, and errors with frame and hint. A line that only repeats
 * the one before it is counted (`×3`): in a terminal in place, elsewhere on a line of its own, so that who reads a pipe or a log file
 * misses nothing. Not `console`: that would write to streams and in colours that tests and middleware users could not choose.
 */
import type { ErrorReport, Place, StackFrame } from '../protocol.ts';
import { createPaint, type OutputStream, type Paint, stripColors, supportsColor } from './colors.ts';
import { printable } from './errors.ts';

export const LOG_LEVELS = ['silent', 'error', 'warn', 'info', 'debug'] as const;
export type LogLevel = (typeof LOG_LEVELS)[number];

export interface LoggerOptions {
  /** Default `info`. */
  readonly level?: LogLevel;
  readonly stdout?: OutputStream;
  /** Takes warnings and errors. */
  readonly stderr?: OutputStream;
  /** Default: what each stream and NO_COLOR, FORCE_COLOR say. */
  readonly color?: boolean;
  /** For the time of day in front of a batch. */
  readonly now?: () => Date;
}

/** One batch of changes and what was done about it. */
export interface BatchLine {
  /** Changed files, relative to the served folder. */
  readonly files: readonly string[];
  /** `hot updated /view.ts`, `page reload /main.ts (…)`, `1 error`. */
  readonly outcome: string;
  readonly durationMs: number;
}

export interface Logger {
  readonly level: LogLevel;
  info(message: string): void;
  warn(message: string, hint?: string): void;
  /** A report is shown with place, frame and hint; a text as it is. */
  error(report: ErrorReport | string): void;
  debug(message: string): void;
  batch(line: BatchLine): void;
  /** An empty line, to tell old output from new. */
  newLine(): void;
  /** Empties the screen of a terminal; does nothing elsewhere. */
  clear(): void;
}

/** How many changed files a batch line names before it counts the rest. */
const NAMED_FILES = 3;

export function createLogger(options: LoggerOptions = {}): Logger {
  const { level = 'info', stdout = process.stdout, stderr = process.stderr, now = () => new Date() } = options;
  const paintOut = createPaint(options.color ?? supportsColor(stdout));
  const paintErr = createPaint(options.color ?? supportsColor(stderr));
  const printer = createPrinter();
  const enabled = (wanted: LogLevel): boolean => LOG_LEVELS.indexOf(level) >= LOG_LEVELS.indexOf(wanted);

  return {
    level,
    info(message) {
      if (enabled('info')) printer.print(stdout, paintOut, message);
    },
    warn(message, hint) {
      if (enabled('warn')) printer.print(stderr, paintErr, renderWarning(message, hint, paintErr));
    },
    error(report) {
      if (enabled('error')) printer.print(stderr, paintErr, renderError(report, paintErr));
    },
    debug(message) {
      if (enabled('debug')) printer.print(stderr, paintErr, paintErr('dim', message));
    },
    batch(line) {
      if (!enabled('info')) return;
      const time = paintOut('dim', timeOfDay(now()));
      const duration = paintOut('dim', `(${formatMs(line.durationMs)})`);
      const text = `${paintOut('cyan', printable(nameFiles(line.files)))}: ${printable(line.outcome)}`;
      printer.print(stdout, paintOut, `${time} ${text} ${duration}`, text);
    },
    newLine() {
      printer.forget();
      if (enabled('info')) stdout.write('\n');
    },
    clear() {
      printer.forget();
      if (enabled('info') && stdout.isTTY) stdout.write('\u001b[2J\u001b[3J\u001b[H');
    },
  };
}

/** Title, place, message, frame, hint and stack as lines of text. */
export function renderError(report: ErrorReport | string, paint: Paint): string {
  if (typeof report === 'string') return `${paint('red', 'error')} ${printable(report)}`;
  const lines = [`${paint(['red', 'bold'], printable(report.title))}${report.place ? ` ${paint('cyan', placeText(report.place))}` : ''}`];
  lines.push(indent(printable(report.message)));
  if (report.frame !== undefined) lines.push('', indent(highlightFrame(printable(report.frame), paint)), '');
  for (const frame of report.stack ?? []) lines.push(indent(paint('dim', stackLine(frame))));
  if (report.hint !== undefined) lines.push(indent(`${paint('green', 'hint')} ${printable(report.hint)}`));
  return lines.join('\n');
}

export function renderWarning(message: string, hint: string | undefined, paint: Paint): string {
  const first = `${paint('yellow', 'warning')} ${printable(message)}`;
  return hint === undefined ? first : `${first}\n${indent(`${paint('green', 'hint')} ${printable(hint)}`)}`;
}

/** `0.4 ms`, `4 ms`, `1.2 s`. */
export function formatMs(durationMs: number): string {
  if (durationMs >= 999.5) return `${(durationMs / 1000).toFixed(1)} s`;
  return durationMs < 0.95 ? `${durationMs.toFixed(1)} ms` : `${Math.round(durationMs)} ms`;
}

/** `a.ts, b.ts, c.ts and 4 more`. */
export function nameFiles(files: readonly string[]): string {
  const more = files.length - NAMED_FILES;
  if (more <= 1) return files.join(', ');
  return `${files.slice(0, NAMED_FILES).join(', ')} and ${more} more`;
}

function placeText(place: Place): string {
  return printable(`${place.file}:${place.line}:${place.column}`);
}

function stackLine(frame: StackFrame): string {
  if (!frame.place) return printable(frame.raw.trim());
  return frame.functionName ? `at ${printable(frame.functionName)} (${placeText(frame.place)})` : `at ${placeText(frame.place)}`;
}

function highlightFrame(frame: string, paint: Paint): string {
  const painted = frame.split('\n').map((line) => {
    if (line.startsWith('>')) return paint('bold', line);
    return line.trimEnd().endsWith('^') && /^\s*\|/.test(line) ? paint('red', line) : paint('dim', line);
  });
  return painted.join('\n');
}

function indent(text: string): string {
  return text.replace(/^(?=.)/gm, '  ');
}

function timeOfDay(date: Date): string {
  return [date.getHours(), date.getMinutes(), date.getSeconds()].map((part) => String(part).padStart(2, '0')).join(':');
}

interface Printer {
  /** @param identity what is compared with the line before; without the parts that change every time */
  print(stream: OutputStream, paint: Paint, text: string, identity?: string): void;
  forget(): void;
}

function createPrinter(): Printer {
  let last = { stream: undefined as OutputStream | undefined, identity: '', rows: 0, count: 0 };
  return {
    print(stream, paint, text, identity = text) {
      const repeated = last.stream === stream && last.identity === identity;
      const count = repeated ? last.count + 1 : 1;
      const line = count > 1 ? `${text} ${paint('yellow', `×${count}`)}` : text;
      stream.write(`${repeated ? eraseRows(stream, last.rows) : ''}${line}\n`);
      last = { stream, identity, rows: rowsOf(line, stream), count };
    },
    forget() {
      last = { stream: undefined, identity: '', rows: 0, count: 0 };
    },
  };
}

/** Rows that a text takes where long lines wrap. */
function rowsOf(text: string, stream: OutputStream): number {
  const columns = stream.columns ?? 80;
  let rows = 0;
  for (const line of stripColors(text).split('\n')) rows += Math.max(1, Math.ceil(line.length / columns));
  return rows;
}

/** Up and clear. What has scrolled out of the screen cannot be erased, so a taller text is printed again. */
function eraseRows(stream: OutputStream, rows: number): string {
  if (!stream.isTTY || rows >= (stream.rows ?? 24)) return '';
  return `\u001b[${rows}A\u001b[0J`;
}
