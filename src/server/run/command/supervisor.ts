/**
 * Over the processes of a program: watches the files that the program names, and has it started anew when it has ended and something changes, or when a
 * change cannot be had in place. Light, since every start waits for it: the watcher is loaded while the program starts.
 */
import { existsSync, realpathSync } from 'node:fs';
import path from 'node:path';
import { HmrError, stackText } from '../../errors.ts';
import type { Logger } from '../../logger.ts';
import type { Reach } from '../sockets/reach.ts';
import { plainReport, type ProgramOutcome } from './messages.ts';
import type { ProgramWatch } from './program-watch.ts';
import type { RunOptions } from './run-options.ts';
import { createSettings } from './settings.ts';
import { createSuccession } from './succession.ts';
import type { Ending } from './runner-process.ts';

export interface SupervisorEvents {
  /** Nobody is to start any more. */
  isEnding(): boolean;
  /** The program has ended as it was asked to, or by itself and without having listened. False: it is waited for a change. */
  ended(ending: Ending): boolean;
  outcome?(outcome: ProgramOutcome | { readonly kind: 'restarted'; readonly files: readonly string[] }): void;
  /** `reaches` may be others. */
  moved?(): void;
  /** The program has asked for its standard input. */
  reads?(): void;
}

export interface Supervisor {
  /** Where the version is to be found that serves, in the order of its listening. After a crash, where it was. */
  readonly reaches: readonly Reach[];
  /** It runs, or starts. */
  readonly isRunning: boolean;
  /** Another process, which takes over. @param why files, or what else is to be named as the reason */
  restart(why: readonly string[]): void;
  /** To the program; undefined: it has it. @returns false when it does not run */
  signal(name: NodeJS.Signals | undefined): boolean;
  /** Ends all at once. */
  kill(): void;
  /** Asks the program to end. Resolves when it has. */
  close(): Promise<void>;
}

export function supervise(options: RunOptions, logger: Logger, events: SupervisorEvents): Supervisor {
  const cwd = process.cwd();
  const entry = path.resolve(options.setup.entry);
  const settings = createSettings(cwd, options.envFiles);
  let watch: ProgramWatch | undefined;
  let isWatching = false;
  let isClosed = false;
  const isEnding = (): boolean => isClosed || events.isEnding();
  const files = new Set<string>();
  /** What the restart is for that is under way, and since when. */
  let cause: { readonly why: readonly string[]; readonly since: number } | undefined;

  const succession = createSuccession(options, {
    starting: settings.note,
    told(message) {
      switch (message.kind) {
        case 'files':
          for (const file of message.files) files.add(file);
          watch?.add(message.files);
          if (isWatching) succession.newest?.send({ kind: 'watching' });
          return;
        case 'restart':
          return restart(message.why);
        case 'outcome':
          return events.outcome?.(message.outcome);
        case 'reads':
          return events.reads?.();
        default:
          return message satisfies never;
      }
    },
    moved: () => events.moved?.(),
    replaced() {
      const { why, since } = cause ?? { why: [options.setup.entry], since: performance.now() };
      logger.batch({ files: why, outcome: 'restarted', durationMs: performance.now() - since });
      events.outcome?.({ kind: 'restarted', files: why });
    },
    gone: ({ pid }) => logger.debug(`process ${pid} has ended`),
    ended,
    isEnding,
  });
  const restart = (why: readonly string[]): void => {
    if (isEnding()) return;
    cause = { why, since: performance.now() };
    logger[succession.newest === undefined ? 'info' : 'debug'](`${why.join(', ')}: restart`);
    succession.start();
  };
  function ended(ending: Ending, isServing: boolean): void {
    const { code, signal, crash, hasListened } = ending;
    if (isClosed || (isServing && isEnding())) return;
    if (!isServing && (isEnding() || (!hasListened && crash === undefined)) && events.ended(ending)) return succession.kill();
    const how = crash === undefined ? 'has ended' : 'has crashed';
    const exit = signal === null ? `exit code ${code ?? 0}` : signal;
    const next = isServing ? 'The process before serves on; this is tried again with the next change.' : 'Waiting for a change.';
    const message = `${options.setup.entry} ${how} (${exit}).`;
    logger.warn(message, next);
    events.outcome?.({ kind: 'failed', error: { ...(crash ?? plainReport('The program has ended', message)), hint: next } });
  }
  const changed = (names: readonly string[], ageMs: number): void => {
    const setting = settings.changedOf(names);
    if (setting !== undefined) return restart([relative(setting)]);
    const others = names.filter((name) => !settings.files.has(name));
    if (others.length === 0) return undefined;
    // What starts in a moment reads them itself.
    if (succession.isPending) return undefined;
    const { newest } = succession;
    if (newest === undefined || succession.isDue) return restart(others.map(relative));
    newest.send({ kind: 'changed', files: others, ageMs });
  };
  const relative = (file: string): string => path.relative(cwd, file);
  const startWatching = async (): Promise<void> => {
    const { createProgramWatch } = await import('./program-watch.ts');
    if (isClosed) return;
    watch = createProgramWatch({
      entry: existsSync(entry) ? realpathSync.native(entry) : entry,
      onChange: changed,
      onError: (error) => logger.error(`${error.message} ${error.hint ?? ''}`),
    });
    watch.add([...settings.files, ...files]);
    await watch.ready;
    isWatching = true;
    succession.newest?.send({ kind: 'watching' });
  };

  succession.start();
  startWatching().catch((error: unknown) => {
    // Of the watcher, which has told it.
    if (!(error instanceof HmrError)) logger.error(stackText(error));
  });
  return {
    get reaches() {
      return succession.reaches;
    },
    get isRunning() {
      return succession.newest !== undefined;
    },
    restart,
    signal: succession.signal,
    kill: succession.kill,
    async close() {
      isClosed = true;
      await Promise.all([watch?.close(), succession.stop()]);
    },
  };
}
