/**
 * The process that was started: starts the one that runs the program, watches the files that it names, and starts it anew when it has ended and something
 * changes, or when a change cannot be had in place. Light, since every start waits for it: the watcher is loaded while the program starts.
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
import { type Ending, startRunner, type RunnerProcess } from './runner-process.ts';

export function supervise(options: RunOptions, logger: Logger): void {
  const cwd = process.cwd();
  const entry = path.resolve(options.setup.entry);
  const settings = createSettings(cwd, options.envFiles);
  let watch: ProgramWatch | undefined;
  let isWatching = false;
  let runner: RunnerProcess | undefined;
  const files = new Set<string>();

  const start = (): void => {
    const started = startRunner(options, {
      told(message) {
        switch (message.kind) {
          case 'files':
            for (const file of message.files) files.add(file);
            watch?.add(message.files);
            if (isWatching) started.send({ kind: 'watching' });
            return;
          case 'restart':
            if (runner === started) restart(message.why);
            return;
          default:
        }
      },
      ended: (ending) => ended(started, ending),
    });
    settings.note();
    runner = started;
    signals.forwardTo(started.signal);
  };
  const restart = (why: string): void => {
    logger.info(`${relative(why)}: restart`);
    // Also before the end of the process that stops: the watcher may tell of the same save once more.
    settings.note();
    const before = runner;
    runner = undefined;
    before?.stop(start);
    if (before === undefined) start();
  };
  const ended = (which: RunnerProcess, { code, signal, isCrash, hasListened }: Ending): void => {
    if (runner !== which) return;
    runner = undefined;
    signals.forwardTo(undefined);
    const isOurs = signals.requested !== undefined;
    if (isOurs || (!hasListened && !isCrash)) return signals.end(code, signal);
    const how = isCrash ? 'has crashed' : 'has ended';
    const exit = signal === null ? `exit code ${code ?? 0}` : signal;
    logger.warn(`${options.setup.entry} ${how} (${exit}).`, 'Waiting for a change.');
  };
  const changed = (names: readonly string[], ageMs: number): void => {
    const setting = settings.changedOf(names);
    if (setting !== undefined) return restart(setting);
    const files = names.filter((name) => !settings.files.has(name));
    if (files.length === 0) return undefined;
    if (runner === undefined) return restart(files.join(', '));
    runner.send({ kind: 'changed', files, ageMs });
  };
  const relative = (names: string): string =>
    names
      .split(', ')
      .map((name) => path.relative(cwd, name))
      .join(', ');
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
    runner?.send({ kind: 'watching' });
  };
  const signals = catchSignals({ isTerminal: [0, 1, 2].some(isatty) });

  start();
  startWatching().catch((error: unknown) => {
    // Of the watcher, which has told it.
    if (!(error instanceof HmrError)) logger.error(stackText(error));
  });
}
