/**
 * `process.exit()` of a version that boots, or is gone, is not the end of the process: others run in it. A program that checks its settings and
 * gives up, or that exits when its port is taken, is a version that has failed.
 */
import { currentToken, type Token } from './token.ts';

/** Thrown in the place of leaving, since `process.exit` never returns. */
export class ExitError extends Error {
  override readonly name = 'ExitError';
}

/**
 * @param refuse whether the process goes on; it has then been told
 * @returns puts `process.exit` back
 */
export function catchExits(refuse: (token: Token, error: ExitError) => boolean): () => void {
  const native = process.exit;
  const exit: typeof process.exit = (code) => {
    const token = currentToken();
    if (token === undefined || token.phase === 'live') return native.call(process, code);
    const error = new ExitError(`The program has called process.exit(${code ?? ''}) while it started.`);
    if (!refuse(token, error)) return native.call(process, code);
    throw error;
  };
  process.exit = exit;
  return () => {
    if (process.exit === exit) process.exit = native;
  };
}
