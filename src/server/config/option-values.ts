/**
 * Values of single options, from the command line, where all is text, and from the API. Each is checked, and a wrong one told with what the option
 * takes.
 */
import { HmrError } from '../errors.ts';
import { LOG_LEVELS, type LogLevel } from '../logger.ts';
import { closest } from '../suggest.ts';

export function toPort(value: unknown): number {
  const port = typeof value === 'string' && /^\d{1,5}$/.test(value) ? Number(value) : value;
  if (typeof port === 'number' && Number.isInteger(port) && port >= 0 && port <= 65535) return port;
  throw wrong('port', 'a whole number from 0 to 65535', value);
}

export function toBoolean(value: unknown, flag: string): boolean {
  if (typeof value === 'boolean') return value;
  throw wrong(flag, 'true or false', value);
}

export function toFile(value: unknown, flag: string): string {
  if (typeof value === 'string') return value;
  throw wrong(flag, 'the path of a file', value);
}

export function toHost(value: unknown): string {
  if (value === true || value === '') return '0.0.0.0';
  // A name or an address and nothing else: `--host ./src` must not take the folder for a host.
  if (typeof value === 'string' && /^[\w-]+(\.[\w-]+)*\.?$|^[\da-f:.]*:[\da-f:.]*(%\w+)?$/i.test(value)) return value;
  throw wrong('host', 'a host name or an address', value, 'For all addresses, put --host last: hmr-dev ./src --host');
}

export function toLevel(value: unknown): LogLevel {
  const level = LOG_LEVELS.find((candidate) => candidate === value);
  if (level !== undefined) return level;
  const meant = closest(String(value), LOG_LEVELS);
  throw wrong('log-level', `one of ${LOG_LEVELS.join(', ')}`, value, meant && `Did you mean --log-level ${meant}?`);
}

export function toList(value: unknown, flag: string): readonly string[] {
  const entries: readonly unknown[] = Array.isArray(value) ? value : [value];
  const list: string[] = [];
  for (const entry of entries) {
    if (typeof entry !== 'string' || entry.trim() === '') throw wrong(flag, 'one or more names, separated by commas', entry);
    for (const part of splitOutsideBraces(entry)) if (part !== '') list.push(part);
  }
  return list;
}

/** Part of a file name. */
export function toName(value: unknown, flag: string): string {
  if (typeof value === 'string' && /^[\w.-]+$/.test(value) && value !== 'local') return value;
  throw wrong(flag, 'a name such as "staging" (and not "local", whose .env file is another thing)', value);
}

/** The commas of `*.{log,tmp}` belong to the glob. */
function splitOutsideBraces(text: string): string[] {
  const parts = [''];
  let depth = 0;
  for (const char of text) {
    if (char === '{') depth++;
    if (char === '}') depth--;
    if (char === ',' && depth <= 0) parts.push('');
    else parts[parts.length - 1] += char;
  }
  return parts.map((part) => part.trim());
}

export function wrong(flag: string, expected: string, value: unknown, hint?: string): HmrError {
  const got = value === '' || value === true ? 'it has no value' : `it is ${JSON.stringify(value) ?? String(value)}`;
  return new HmrError('OPTION', `--${flag} takes ${expected}; ${got}.`, { hint });
}
