/**
 * How a command ends that cannot go on. Errors that are the user's become one clear line; all others are ours, and told with their stack. For all
 * commands, and so apart from the one that serves and from all that it loads.
 */
import path from 'node:path';
import { HmrError, stackText, toReport } from './errors.ts';
import { createLogger } from './logger.ts';

/** @param argv as in `process.argv` */
export function reportFailure(error: unknown, argv: readonly string[]): void {
  const debug = /--log-level[= ]debug/.test(argv.join(' '));
  const logger = createLogger({ level: 'error' });
  if (!(error instanceof HmrError)) {
    logger.error(stackText(error));
    return;
  }
  if (error.location) {
    logger.error(toReport(error, (file) => path.relative(process.cwd(), file)));
    if (debug) logger.error(error.stack ?? '');
    return;
  }
  const hint = error.hint === undefined ? '' : `\n  ${error.hint}`;
  logger.error(`${error.message}${hint}${debug && error.stack ? `\n${error.stack}` : ''}`);
}

/** `hmr-dev | head` closes the pipe; the page under development must not pay for that. */
export function survivePipeEnd(stream: NodeJS.WriteStream): void {
  stream.on('error', (error: NodeJS.ErrnoException) => {
    if (error.code !== 'EPIPE' && error.code !== 'EIO') throw error;
  });
}
