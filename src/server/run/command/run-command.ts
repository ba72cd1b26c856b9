/**
 * `hmr-dev run <entry>`: from the command line to the two processes. This one watches and starts the other, which runs the program; so the program ends,
 * crashes and is restarted as it would be alone, and its files are watched on.
 */
import { parseRunOptions } from './run-options.ts';
import { createRunLogger } from './run-logger.ts';
import { supervise } from './supervisor.ts';

/** @param argv as in `process.argv` @throws HmrError `OPTION` */
export function run(argv: readonly string[]): void {
  const options = parseRunOptions(argv);
  if (options) supervise(options, createRunLogger(options.setup.logLevel));
}
