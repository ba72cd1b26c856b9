/**
 * What the process emits, in the context of whom it concerns. An error that nobody catches is of a version: of one that boots it is that version's
 * failure and not the end of the process, and of one that is gone it is told and no more; all others go Node's way. A signal is nobody's: Node
 * emits it in the context of whoever was the first to listen, which may be a version that has been replaced, and may not exit. Wraps
 * `process.emit`, since a listener could not keep an event from the program's own listeners.
 */
import { currentToken, runOutside, type Token } from './token.ts';

const UNCAUGHT: ReadonlySet<unknown> = new Set(['uncaughtException', 'unhandledRejection']);

/**
 * @param report an error of a version that does not run
 * @returns puts `process.emit` back, unless somebody has wrapped it since
 */
export function routeProcessEvents(report: (token: Token, error: unknown) => void): () => void {
  const native = process.emit as (...args: unknown[]) => boolean;
  const emit = function (this: NodeJS.Process, ...args: unknown[]): boolean {
    const [event, error] = args;
    const go = (): boolean => Reflect.apply(native, this, args);
    if (typeof event === 'string' && event.startsWith('SIG')) return runOutside(go);
    const token = UNCAUGHT.has(event) ? currentToken() : undefined;
    if (token === undefined || token.phase === 'live') return go();
    report(token, error);
    return true;
  };
  process.emit = emit as typeof process.emit;
  return () => {
    if ((process.emit as unknown) === emit) Reflect.deleteProperty(process, 'emit');
  };
}
