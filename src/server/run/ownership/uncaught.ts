/**
 * Errors that nobody catches, by whose they are. One of a version that boots is that version's failure and not the end of the process; one
 * of a version that is gone is told and no more. All others go Node's way. Wraps `process.emit`, since a listener could not keep
 * the event from the program's own listeners, and those of the running version have nothing to do with the new one.
 */
import { currentToken, type Token } from './token.ts';

const UNCAUGHT: ReadonlySet<unknown> = new Set(['uncaughtException', 'unhandledRejection']);

/** @returns puts `process.emit` back, unless somebody has wrapped it since */
export function catchUncaught(report: (token: Token, error: unknown) => void): () => void {
  const native = process.emit as (...args: unknown[]) => boolean;
  const emit = function (this: NodeJS.Process, ...args: unknown[]): boolean {
    const token = UNCAUGHT.has(args[0]) ? currentToken() : undefined;
    if (token === undefined || token.phase === 'live') return Reflect.apply(native, this, args);
    report(token, args[1]);
    return true;
  };
  process.emit = emit as typeof process.emit;
  return () => {
    if ((process.emit as unknown) === emit) Reflect.deleteProperty(process, 'emit');
  };
}
