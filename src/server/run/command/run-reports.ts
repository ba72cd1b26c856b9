/**
 * What is said of the versions of a program: in the terminal one line for each that has taken over, and for each that has failed the error with its
 * place, the lines around it, and what happens next; to the supervisor the same as data.
 */
import { readFileSync } from 'node:fs';
import path from 'node:path';
import { fileURLToPath } from 'node:url';
import type { ErrorReport } from '../../../protocol.ts';
import type { UpdateOutcome } from '../../../runtime/update.ts';
import { codeFrame, errorCode, HmrError, toReport, type SourceLocation } from '../../errors.ts';
import type { Logger } from '../../logger.ts';
import { packageRoot } from '../../package-info.ts';
import { ExitError } from '../ownership/exits.ts';
import type { VersionStatus } from '../version-host.ts';
import { plainReport, type ProgramOutcome } from './messages.ts';

interface Saved {
  readonly files: readonly string[];
  /** On the scale of `performance.now()`. */
  readonly savedAt: number;
}

export interface RunReports {
  /** The first version runs. At the first try that is nothing to tell but to who asks for everything. */
  started(saved: Saved): void;
  reloaded(reload: Saved & { readonly moduleCount: number; readonly alive: readonly VersionStatus[] }): void;
  updated(update: Saved & { readonly outcome: Extract<UpdateOutcome, { kind: 'updated' }> }): void;
  failed(failure: Saved & { readonly error: unknown; readonly isServing: boolean }): void;
  hookFailed(error: unknown): void;
  /** An error that nobody has caught; Node prints it. */
  reportOf(error: unknown): ErrorReport;
  /** Nothing is left that could end the evaluation. */
  starved(): void;
}

export interface RunReportsOptions {
  readonly logger: Logger;
  readonly cwd: string;
  readonly entry: string;
  /** Another process serves until the first version runs here. */
  readonly isSuccessor: boolean;
  readonly tell: (outcome: ProgramOutcome) => void;
}

export function createRunReports({ logger, cwd, entry, isSuccessor, tell }: RunReportsOptions): RunReports {
  const relative = (file: string): string => {
    const seen = path.relative(cwd, file);
    return seen.startsWith('..') ? file : seen.split(path.sep).join('/');
  };
  const namesOf = ({ files }: Saved): string[] => (files.length === 0 ? [entry] : files.map(relative));
  const batch = (saved: Saved, outcome: string): void =>
    logger.batch({ files: namesOf(saved), outcome, durationMs: performance.now() - saved.savedAt });
  return {
    started(saved) {
      if (saved.files.length > 0) batch(saved, 'started');
      else logger.debug(`${entry} runs`);
      tell({ kind: 'started', files: namesOf(saved) });
    },
    reloaded({ moduleCount, alive, ...saved }) {
      const older = alive.filter(({ why }) => /open|listens/.test(why)).map(({ version, why }) => `; v${version} alive: ${why}`);
      batch(saved, `reloaded, ${moduleCount} ${moduleCount === 1 ? 'module' : 'modules'}${older.join('')}`);
      tell({ kind: 'reloaded', files: namesOf(saved) });
    },
    updated({ outcome, ...saved }) {
      const names = outcome.boundaries.map(({ boundary }) => relative(boundary));
      batch(saved, `updated in place${names.length === 0 ? '' : `, taken by ${[...new Set(names)].join(', ')}`}`);
      for (const error of outcome.errors) logger.error(reportOf(error, relative));
      tell({ kind: 'updated', files: namesOf(saved) });
    },
    failed({ error, isServing }) {
      const next =
        isServing || isSuccessor ? 'The version before serves on; this is tried again with the next change.' : 'Waiting for a change.';
      const report = reportOf(error, relative);
      const told = { ...report, hint: report.hint === undefined ? next : `${report.hint} ${next}` };
      logger.error(told);
      tell({ kind: 'failed', error: told });
    },
    hookFailed: (error) => logger.error({ ...reportOf(error, relative), title: 'A hook of the version before has failed' }),
    reportOf: (error) => reportOf(error, relative),
    starved: () => logger.warn(`${entry} awaits at its top level what will never come.`, 'Waiting for a change.'),
  };
}

function reportOf(error: unknown, relative: (file: string) => string): ErrorReport {
  if (error instanceof HmrError) return { ...toReport(error, relative), kind: 'program' };
  if (!(error instanceof Error)) return plainReport('The program has thrown', String(error));
  if (error instanceof ExitError) return plainReport('The program has ended', error.message);
  const place = placeOf(error.stack ?? '');
  const frame = place && frameOf(place);
  const code = errorCode(error);
  const message = code === '' || error.message.includes(code) ? error.message : `${error.message} (${code})`;
  const lines = (error.stack ?? '').split('\n').filter((line) => /^\s+at /.test(line) && !isOwn(line));
  return {
    ...plainReport(error.name, message),
    ...(place && { place: { ...place, file: relative(place.file) } }),
    ...(frame !== undefined && { frame }),
    stack: lines.map((raw) => ({ functionName: '', raw: raw.trim() })),
  };
}

const OWN = path.join(packageRoot(), 'dist');

/** A frame of ours: what the program calls may go through here. */
function isOwn(text: string): boolean {
  return text.includes(OWN);
}

const FRAME = /(?:\(|at |async )(file:\/\/\/[^()\s]+?|\/[^()\s]+?):(\d+):(\d+)\)?$/gm;

/** The first of the author's own lines. */
function placeOf(stack: string): SourceLocation | undefined {
  for (const [, name = '', line, column] of stack.matchAll(FRAME)) {
    if (name.includes('/node_modules/') || isOwn(name)) continue;
    const url = name.replace(/[?#].*$/, '');
    return { file: url.startsWith('file:') ? fileURLToPath(url) : url, line: Number(line), column: Number(column) };
  }
  return undefined;
}

function frameOf({ file, line, column }: SourceLocation): string | undefined {
  try {
    return codeFrame(readFileSync(file, 'utf8'), line, column);
  } catch {
    return undefined; // Of a file that has gone.
  }
}
