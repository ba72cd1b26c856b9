/**
 * The command line of `hmr-dev run`: its own options stand in front of the entry, everything behind it is the program's, as under `node`. Options that
 * Node has too are handed to the process that runs the program.
 */
import type { CommandLine, CommandSpec } from '../../command-line.ts';
import type { RunnerSetup } from './messages.ts';
import type { OptionDeclaration } from '../../config/config.ts';
import { HmrError } from '../../errors.ts';
import { LOG_LEVELS } from '../../logger.ts';

export interface RunOptions {
  readonly setup: RunnerSetup;
  /** Of the program. */
  readonly args: readonly string[];
  /** Of Node. */
  readonly nodeOptions: readonly string[];
  readonly envFiles: readonly string[];
  /** It has the standard input. */
  readonly hasInput: boolean;
}

export const RUN_FLAGS: readonly OptionDeclaration<string>[] = [
  { key: 'envFile', flag: 'env-file', type: 'list', default: [], description: 'File of environment variables; may be repeated' },
  { key: 'inspect', flag: 'inspect', type: 'name', default: false, description: 'Let a debugger connect: --inspect=[host:]port' },
  { key: 'inspectBrk', flag: 'inspect-brk', type: 'name', default: false, description: 'The same, and wait for it' },
  {
    key: 'conditions',
    flag: 'conditions',
    short: 'C',
    type: 'list',
    default: [],
    description: 'Condition of package exports; may be repeated',
  },
  {
    key: 'include',
    flag: 'include',
    type: 'list',
    default: [],
    description: 'Package that is reloaded like your own code; may be repeated',
  },
  {
    key: 'closeWebSockets',
    flag: 'close-websockets',
    type: 'boolean',
    default: false,
    description: 'Close WebSockets at each reload (1012), so that clients connect to the new code',
  },
  {
    key: 'memoryLimit',
    flag: 'memory-limit',
    type: 'number',
    default: 0,
    description: 'Megabytes; a process that holds more is replaced by another one',
  },
  { key: 'cache', flag: 'cache', type: 'boolean', default: true, description: 'Keep linked modules for the next start; off: --no-cache' },
  { key: 'quiet', flag: 'quiet', short: 'q', type: 'boolean', default: false, description: 'Say nothing but warnings and errors' },
  { key: 'logLevel', flag: 'log-level', type: 'level', default: 'info', description: LOG_LEVELS.join(', ') },
];

const SPEC: CommandSpec = {
  usage: 'run <entry>',
  description: 'Run a Node program, and put new code into it as it is saved: node server.ts, with a port that never closes.',
  flags: RUN_FLAGS,
  examples: ['run server.ts', 'run --env-file .env server.ts --port 8080', 'run --inspect server.ts'],
};

/** Undefined when help or version was asked for, and printed. Rejects with HmrError `OPTION`. */
export async function parseRunOptions(argv: readonly string[]): Promise<RunOptions | undefined> {
  const { own, entry, args } = split(argv.slice(3));
  if (entry === undefined && !own.some((word) => /^(?:-h|--help|-v|--version)$/.test(word))) {
    throw new HmrError('OPTION', 'hmr-dev run takes the file to run: hmr-dev run server.ts. See hmr-dev run --help.');
  }
  const flags = own.length === 0 ? {} : await parseFlags([...argv.slice(0, 3), ...own, ...(entry === undefined ? [] : [entry])]);
  if (!flags) return undefined;
  const envFiles = listOf(flags['env-file'], 'env-file');
  const conditions = listOf(flags['conditions'], 'conditions');
  const logLevel = LOG_LEVELS.find((level) => level === (flags['log-level'] ?? 'info'));
  if (logLevel === undefined) throw new HmrError('OPTION', `--log-level takes one of ${LOG_LEVELS.join(', ')}.`);
  const inspect = flags['inspect-brk'] ?? flags['inspect'];
  return {
    args,
    envFiles,
    hasInput: true,
    nodeOptions: [
      ...envFiles.map((file) => `--env-file=${file}`),
      ...conditions.map((condition) => `--conditions=${condition}`),
      ...(typeof inspect === 'string' ? [inspect === '' ? '--inspect' : `--inspect=${inspect}`] : []),
    ],
    setup: {
      entry: entry ?? '',
      logLevel: flags['quiet'] === true && flags['log-level'] === undefined ? 'warn' : logLevel,
      include: listOf(flags['include'], 'include'),
      conditions,
      closeWebSockets: flags['close-websockets'] === true,
      memoryLimit: megabytes(flags['memory-limit']),
      cache: flags['cache'] !== false,
      isBreaking: flags['inspect-brk'] !== undefined,
    },
  };
}

/** The parser is loaded where there is something to parse: a plain `hmr-dev run server.ts` does not wait for it. */
async function parseFlags(argv: readonly string[]): Promise<CommandLine['flags'] | undefined> {
  const { parseArguments } = await import('../../command-line.ts');
  return parseArguments(argv, SPEC)?.flags;
}

interface Split {
  readonly own: readonly string[];
  readonly entry: string | undefined;
  readonly args: readonly string[];
}

/** The entry is the first word that is neither an option nor the value of one. */
function split(words: readonly string[]): Split {
  const own: string[] = [];
  for (let at = 0; at < words.length; at++) {
    const word = words[at] ?? '';
    if (!word.startsWith('-')) {
      const rest = words.slice(at + 1);
      return { own, entry: word, args: rest[0] === '--' ? rest.slice(1) : rest };
    }
    // As Node has it, its value can only stand behind "=".
    const isOptional = /^--inspect(?:-brk)?$/.test(word);
    own.push(isOptional ? `${word}=` : word);
    if (!isOptional && takesValue(word)) own.push(words[++at] ?? '');
  }
  return { own, entry: undefined, args: [] };
}

function takesValue(word: string): boolean {
  const option = RUN_FLAGS.find(({ flag, short }) => word === `--${flag}` || (short !== undefined && word === `-${short}`));
  return option !== undefined && option.type !== 'boolean';
}

/** 0 without a limit. */
function megabytes(value: unknown): number {
  if (value === undefined) return 0;
  if (typeof value === 'string' && /^[1-9]\d{0,6}$/.test(value)) return Number(value);
  throw new HmrError('OPTION', '--memory-limit takes a number of megabytes, such as 512.');
}

function listOf(value: unknown, flag: string): string[] {
  if (value === undefined) return [];
  const list = (Array.isArray(value) ? value : [value]) as unknown[];
  if (list.some((entry) => typeof entry !== 'string' || entry === '')) throw new HmrError('OPTION', `--${flag} has no value.`);
  return list.map(String);
}
