/**
 * Errors of the running page: heard here, sent to the server, which prints them in the terminal and maps their places to the
 * author's source, and shown in the overlay. An error in an animation frame comes sixty times a second, so each is reported once
 * until an update was applied, and not more than a few a moment in any case.
 */
import { REPORT_PATH, RUNTIME_KEY } from '../protocol.ts';
import type { ErrorReport, PageErrorReport } from '../protocol.ts';
import type { Post } from './post.ts';

export interface PageErrorsOptions {
  readonly post: Pick<Post, 'send'>;
  readonly onReport: (report: ErrorReport) => void;
  readonly target?: EventTarget;
  readonly page?: () => string;
  readonly nowMs?: () => number;
}

export interface PageErrors {
  /** For what our own code catches in the author's place: a throwing accept callback, a failed dispose. */
  report(error: unknown, kind?: PageErrorReport['kind']): void;
  /** An update was applied: an error that happens again is a new one. */
  forget(): void;
}

const WINDOW_MS = 5_000;
const REPORTS_PER_WINDOW = 10;
/** A message that counts something up is a new one each time, for as long as the tab is open. */
const REMEMBERED = 200;
const EXTENSION = /\b(?:chrome|moz|safari(?:-web)?)-extension:\/\//;

export function createPageErrors(options: PageErrorsOptions): PageErrors {
  const { post, onReport, target = globalThis, page = () => location.href, nowMs = () => performance.now() } = options;
  const seen = new Set<string>();
  let recent: number[] = [];

  const submit = async (report: PageErrorReport): Promise<void> => {
    const key = `${report.message}\n${report.stack}`;
    recent = recent.filter((at) => nowMs() - at < WINDOW_MS);
    if (seen.has(key) || recent.length >= REPORTS_PER_WINDOW) return;
    seen.add(key);
    const [oldest] = seen;
    if (seen.size > REMEMBERED && oldest !== undefined) seen.delete(oldest);
    recent.push(nowMs());
    // The server may be gone or the policy may forbid the request: the error is shown all the same, as the browser gave it.
    const answer = await post.send(REPORT_PATH, report).catch(() => undefined);
    // Forgotten meanwhile: an update has replaced the code that threw.
    if (seen.has(key)) onReport(isErrorReport(answer) ? answer : unmappedReport(report));
  };
  const report = (error: unknown, kind: PageErrorReport['kind'], place = ''): void => {
    // Thrown by a script that stands in for a graph with a build error, which is shown as that.
    if (typeof error === 'object' && error !== null && Symbol.for(RUNTIME_KEY) in error) return;
    const { message, stack } = describeError(error, place);
    if (!isForeign(message, stack)) void submit({ kind, message, stack, page: page() });
  };
  const listen = (type: string, hear: (event: Event) => void): void =>
    // Later listeners may still say that they have dealt with it. Not a microtask: those run between two listeners.
    target.addEventListener(type, (event) => setTimeout(() => event.defaultPrevented || hear(event)));
  listen('error', (event) => {
    if (!('message' in event)) return;
    const { error, message, filename, lineno, colno } = event as ErrorEvent;
    report(error ?? message, 'error', filename === '' ? '' : `    at ${filename}:${lineno}:${colno}`);
  });
  listen('unhandledrejection', (event) => {
    if ('reason' in event) report(event.reason, 'rejection');
  });
  return {
    report: (error, kind = 'error') => report(error, kind),
    forget: () => seen.clear(),
  };
}

/** @param place a stack of one line, for what was thrown without one */
export function describeError(error: unknown, place = ''): { readonly message: string; readonly stack: string } {
  if (typeof error !== 'object' || error === null || !('message' in error)) return { message: describeValue(error), stack: place };
  const name = 'name' in error && typeof error.name === 'string' ? error.name : 'Error';
  const cause = 'cause' in error && error.cause !== undefined ? `\nCaused by: ${describeError(error.cause).message}` : '';
  const stack = 'stack' in error && typeof error.stack === 'string' && error.stack !== '' ? error.stack : place;
  return { message: `${name}: ${String(error.message)}${cause}`, stack };
}

/** Not of this page's code, or not an error at all. */
export function isForeign(message: string, stack: string): boolean {
  if (/^(?:Uncaught )?Script error\.?$/.test(message) && stack === '') return true;
  if (/ResizeObserver loop (?:limit exceeded|completed with undelivered notifications)/.test(message)) return true;
  const top = stack.split('\n').find((line) => line.includes('://')) ?? '';
  return EXTENSION.test(top);
}

function describeValue(value: unknown): string {
  if (typeof value === 'string') return value;
  try {
    return JSON.stringify(value) ?? String(value);
  } catch {
    // TypeError: a cycle or a bigint.
    return String(value);
  }
}

function isErrorReport(value: unknown): value is ErrorReport {
  return typeof value === 'object' && value !== null && 'key' in value && 'message' in value && 'title' in value;
}

function unmappedReport({ kind, message, stack }: PageErrorReport): ErrorReport {
  const frames = stack.split('\n').filter((line) => /^\s*at |@/.test(line));
  return {
    key: message,
    kind: 'runtime',
    title: kind === 'rejection' ? 'Unhandled rejection' : 'Error',
    message,
    stack: frames.map((raw) => ({ functionName: '', raw: raw.trim() })),
  };
}
