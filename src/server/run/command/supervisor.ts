/**
 * The process that was started: watches the files that the program names, and has it started anew when it has ended and something changes, or when a
 * change cannot be had in place. Light, since every start waits for it: the watcher is loaded while the program starts.
 */
import { existsSync, realpathSync } from 'node:fs';
import path from 'node:path';
import { isatty } from 'node:tty';
import { HmrError, stackText } from '../../errors.ts';
import type { Logger } from '../../logger.ts';
import { catchSignals } from './signals.ts';
import type { ProgramWatch } from './program-watch.ts';
import type { RunOptions } from './run-options.ts';
import { createSettings } from './settings.ts';
import { createSuccession } from './succession.ts';
import type { Ending } from './runner-process.ts';

export function supervise(options: RunOptions, logger: Logger): void {
  const cwd = process.cwd();
  const entry = path.resolve(options.setup.entry);
  const settings = createSettings(cwd, options.envFiles);
  let watch: ProgramWatch | undefined;
  let isWatching = false;
  const files = new Set<string>();
  /** What the restart is for that is under way, and since when. */
  let cause: { readonly why: string; readonly since: number } | undefined;

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
        default:
          return message satisfies never;
      }
    },
    replaced() {
      const { why, since } = cause ?? { why: options.setup.entry, since: performance.now() };
      logger.batch({ files: relative(why), outcome: 'restarted', durationMs: performance.now() - since });
    },
    gone: ({ pid }) => logger.debug(`process ${pid} has ended`),
    ended,
    isEnding: () => signals.requested !== undefined,
  });
  const restart = (why: string): void => {
    if (signals.requested !== undefined) return;
    cause = { why, since: performance.now() };
    logger[succession.newest === undefined ? 'info' : 'debug'](`${relative(why).join(', ')}: restart`);
    succession.start();
  };
  function ended({ code, signal, isCrash, hasListened }: Ending, isServing: boolean): void {
    const isOurs = signals.requested !== undefined;
    if (isServing && isOurs) return;
    if (!isServing && (isOurs || (!hasListened && !isCrash))) {
      succession.kill();
      return signals.end(code, signal);
    }
    const how = isCrash ? 'has crashed' : 'has ended';
    const exit = signal === null ? `exit code ${code ?? 0}` : signal;
    const next = isServing ? 'The process before serves on; this is tried again with the next change.' : 'Waiting for a change.';
    logger.warn(`${options.setup.entry} ${how} (${exit}).`, next);
  }
  const changed = (names: readonly string[], ageMs: number): void => {
    const setting = settings.changedOf(names);
    if (setting !== undefined) return restart(setting);
    const others = names.filter((name) => !settings.files.has(name));
    if (others.length === 0) return undefined;
    // What starts in a moment reads them itself.
    if (succession.isPending) return undefined;
    const { newest } = succession;
    if (newest === undefined || succession.isDue) return restart(others.join(', '));
    newest.send({ kind: 'changed', files: others, ageMs });
  };
  const relative = (names: string): string[] => names.split(', ').map((name) => path.relative(cwd, name));
  const startWatching = async (): Promise<void> => {
    const { createProgramWatch } = await import('./program-watch.ts');
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
  const signals = catchSignals({ isTerminal: [0, 1, 2].some(isatty), send: succession.signal, kill: succession.kill });

  succession.start();
  startWatching().catch((error: unknown) => {
    // Of the watcher, which has told it.
    if (!(error instanceof HmrError)) logger.error(stackText(error));
  });
}
