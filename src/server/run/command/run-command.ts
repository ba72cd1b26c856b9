/**
 * `hmr-dev run <entry>`: from the command line to the two processes. This one watches and starts the other, which runs the program; so the program ends,
 * crashes and is restarted as it would be alone, and its files are watched on. A build entry of its own: all that is loaded here, the program waits for.
 */
import { reportFailure, survivePipeEnd } from '../../command-failure.ts';
import { isatty } from 'node:tty';
import { createRunLogger } from './run-logger.ts';
import { parseRunOptions, type RunOptions } from './run-options.ts';
import { catchSignals } from './signals.ts';
import { supervise } from './supervisor.ts';

/** @param argv as in `process.argv` */
export async function main(argv: readonly string[]): Promise<void> {
  try {
    const options = await parseRunOptions(argv);
    if (options) run(options);
    survivePipeEnd(process.stderr);
  } catch (error) {
    reportFailure(error, argv);
    process.exit(1);
  }
}

function run(options: RunOptions): void {
  const supervisor = supervise(options, createRunLogger(options.setup.logLevel), {
    isEnding: () => signals.requested !== undefined,
    ended({ code, signal }) {
      supervisor.kill();
      signals.end(code, signal);
      return true;
    },
    reads: () => void key?.then(({ release }) => release()),
  });
  // It loads the terminal's stream, which nothing waits for.
  const key = isatty(0)
    ? import('./restart-key.ts').then(({ listenForRestart }) => listenForRestart(() => supervisor.restart(['r was pressed'])))
    : undefined;
  const signals = catchSignals({ isTerminal: [0, 1, 2].some(isatty), send: supervisor.signal, kill: supervisor.kill });
}
