/**
 * The value of `--run`, and of `run` in the API: the program behind the folder, as a file, or as an object with what it is started with, whose keys
 * and types are checked against those of the defaults.
 */
import type { HmrError } from '../errors.ts';

export interface ProgramOptions {
  /** The file to run; relative to the current folder. */
  readonly entry: string;
  /** Arguments of the program. */
  readonly args?: readonly string[] | undefined;
  /** Files of environment variables, which Node reads; the later file wins. */
  readonly envFiles?: readonly string[] | undefined;
  /** Let a debugger connect; a text is `[host:]port`. */
  readonly inspect?: boolean | string | undefined;
  /** Conditions of `exports` in package.json. */
  readonly conditions?: readonly string[] | undefined;
  /** Packages that are reloaded like your own code. */
  readonly include?: readonly string[] | undefined;
  /** Megabytes; a process that holds more is replaced by another one. 0: no limit. */
  readonly memoryLimit?: number | undefined;
  /** At each reload, with code 1012, so that clients connect to the new code. */
  readonly closeWebSockets?: boolean | undefined;
}

export type ResolvedProgram = { readonly [Key in keyof ProgramOptions]-?: Exclude<ProgramOptions[Key], undefined> };

type Wrong = (flag: string, expected: string, value: unknown) => HmrError;

const DEFAULTS: ResolvedProgram = {
  entry: '',
  args: [],
  envFiles: [],
  inspect: false,
  conditions: [],
  include: [],
  memoryLimit: 0,
  closeWebSockets: false,
};

/** False without a program. @param wrong makes the error that is thrown for a value of another form */
export function toProgram(value: unknown, wrong: Wrong): ResolvedProgram | false {
  if (value === false) return false;
  const given = typeof value === 'string' ? { entry: value } : value;
  const refused = (): HmrError => wrong('run', 'the file of a program, such as server.ts', value);
  if (typeof given !== 'object' || given === null) throw refused();
  for (const [key, of] of Object.entries(given)) {
    const standard = Object.entries(DEFAULTS).find(([name]) => name === key)?.[1];
    const isText = key === 'inspect' && typeof of === 'string';
    if (standard === undefined || !(of === undefined || isText || isLike(of, standard))) throw refused();
  }
  const program: ResolvedProgram = { ...DEFAULTS, ...withoutUndefined(given) };
  if (program.entry === '') throw refused();
  return program;
}

function isLike(value: unknown, standard: unknown): boolean {
  if (Array.isArray(standard)) return Array.isArray(value) && value.every((entry) => typeof entry === 'string');
  return typeof value === typeof standard;
}

function withoutUndefined(given: object): object {
  return Object.fromEntries(Object.entries(given).filter(([, of]) => of !== undefined));
}
