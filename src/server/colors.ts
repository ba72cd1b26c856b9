/**
 * Terminal colours: `styleText` of Node behind a switch that is decided once. Node 20's own version does not look at the stream, so
 * whether to colour at all is decided here, by the variables that tools agree on (no-color.org, force-color.org).
 */
import { styleText } from 'node:util';

type Format = Parameters<typeof styleText>[0];
export type Paint = (format: Format, text: string) => string;

export interface OutputStream {
  write(text: string): unknown;
  readonly isTTY?: boolean | undefined;
  readonly columns?: number | undefined;
  readonly rows?: number | undefined;
}

export function supportsColor(stream: OutputStream, env: NodeJS.ProcessEnv = process.env): boolean {
  if (env['FORCE_COLOR'] !== undefined) return env['FORCE_COLOR'] !== '0' && env['FORCE_COLOR'] !== 'false';
  if (env['NO_COLOR']) return false;
  return stream.isTTY === true && env['TERM'] !== 'dumb';
}

export function createPaint(color: boolean): Paint {
  return color ? (format, text) => styleText(format, text) : (_format, text) => text;
}

/** Without the escape sequences: what a terminal shows, for widths. */
export function stripColors(text: string): string {
  // oxlint-disable-next-line no-control-regex -- escape sequences start with one
  return text.replace(/\u001b\[[\d;]*m/g, '');
}
