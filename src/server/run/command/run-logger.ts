/**
 * What `hmr-dev run` says goes to the standard error, since the standard output is the program's. The program writes to the same terminal, so nothing is
 * ever erased there to count a repeated line in its place.
 */
import { supportsColor } from '../../colors.ts';
import { createLogger, type Logger, type LogLevel } from '../../logger.ts';

export function createRunLogger(level: LogLevel): Logger {
  const stream = { write: (text: string) => process.stderr.write(text) };
  return createLogger({ level, stdout: stream, stderr: stream, color: supportsColor(process.stderr) });
}
