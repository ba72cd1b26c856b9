/**
 * Every line that the client writes to the console, in one place: libraries, tests and people search for these exact words, so
 * they must not be assembled where they happen. Addresses are root-relative with the resolved extension.
 */
import type { ModuleId } from '../protocol.ts';

const PREFIX = '[hmr-dev]';

export interface ConsoleLog {
  connected(): void;
  connectionLost(): void;
  connectionFound(): void;
  /** @param via the changed module that the boundary `id` accepted, if it is another one */
  hotUpdated(id: ModuleId, via?: ModuleId): void;
  hotUpdatedInPlace(id: ModuleId): void;
  /** @param place `/view.ts:12` */
  notInPlace(place: string, reason: string): void;
  cssHotUpdated(url: string): void;
  /** @param text `html merged (3 nodes)` */
  htmlMerged(file: string, text: string): void;
  invalidate(id: ModuleId, message?: string): void;
  pageReload(path: string, reason: string): void;
  warn(text: string): void;
  /** @param cause goes to the console as it is, so that DevTools links its stack */
  error(text: string, cause?: unknown): void;
}

export type ConsoleSink = Pick<Console, 'debug' | 'info' | 'warn' | 'error'>;

export function createConsoleLog(sink: ConsoleSink = console): ConsoleLog {
  const info = (text: string): void => sink.info(`${PREFIX} ${text}`);
  return {
    connected: () => sink.debug(`${PREFIX} connected.`),
    connectionLost: () => info('connection lost; waiting for the server. The page stays as it is.'),
    connectionFound: () => info('connection found again.'),
    hotUpdated: (id, via) => info(`hot updated: ${id}${via === undefined || via === id ? '' : ` via ${via}`}`),
    hotUpdatedInPlace: (id) => info(`hot updated in place: ${id}`),
    notInPlace: (place, reason) => info(`not changed in place: ${place} (${reason})`),
    cssHotUpdated: (url) => info(`css hot updated: ${url}`),
    htmlMerged: (file, text) => info(`${text}: ${file}`),
    invalidate: (id, message) => info(`invalidate ${id}${message === undefined || message === '' ? '' : `: ${message}`}`),
    pageReload: (path, reason) => info(`page reload ${path} (${reason})`),
    warn: (text) => sink.warn(`${PREFIX} ${text}`),
    error: (text, cause) => (cause === undefined ? sink.error(`${PREFIX} ${text}`) : sink.error(`${PREFIX} ${text}`, cause)),
  };
}

/** Few of many, for one line. */
export function listed(ids: readonly string[]): string {
  return ids.length > 5 ? `${ids.slice(0, 4).join(', ')} and ${ids.length - 4} more` : ids.join(', ');
}
