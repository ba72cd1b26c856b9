/**
 * Arguments to a folder and options, for each command by its own table of flags. Which command it is, the first word decides (`cli.ts`), and the parser
 * knows that one only: with all of them it would take the folder of `hmr-dev ./src` for a command. The only file that imports sade.
 */
import sade from 'sade';
import type { ConfigEnvironment } from './config/config-file.ts';
import type { ConfigSources } from './config/config-sources.ts';
import { CONFIG_OPTION, defaultText, type DevServerOptions, type OptionDeclaration } from './config/config.ts';
import { HmrError } from './errors.ts';
import { packageVersion } from './package-info.ts';
import { closest } from './suggest.ts';

export interface CommandLine {
  readonly root: string | undefined;
  readonly flags: Readonly<Record<string, unknown>>;
}

export interface CommandSpec {
  /** `[dir]` or `build [dir]`. */
  readonly usage: string;
  readonly description: string;
  readonly flags: readonly OptionDeclaration<string>[];
  readonly examples: readonly string[];
}

/**
 * Undefined when help or version was asked for, and printed.
 * @param argv as in `process.argv` @throws HmrError `OPTION`
 */
export function parseArguments(argv: readonly string[], { usage, description, flags, examples }: CommandSpec): CommandLine | undefined {
  const isOnly = usage.startsWith('[');
  const program = isOnly ? sade(`hmr-dev ${usage}`, true).describe(description) : sade('hmr-dev').command(usage, description);
  program.version(packageVersion());
  // Defaults are told, and not handed to the parser: what is not given here may be given in the configuration.
  for (const option of flags) program.option(flagText(option), option.description + defaultNote(option));
  for (const example of examples) program.example(example);
  const parsed = program.parse([...argv], {
    lazy: true,
    boolean: flags.filter(({ type }) => type === 'boolean').map(({ flag }) => flag),
    string: flags.filter(({ type }) => type !== 'boolean').map(({ flag }) => flag),
    unknown: (flag) => {
      throw unknownOption(flag, flags, usage);
    },
  }) as { args: readonly unknown[] } | undefined;
  if (!parsed) return undefined;
  // The parser turns a folder called 2024 into a number.
  const [root, given] = parsed.args as [string | number | undefined, Record<string, unknown>];
  checkArguments(given, flags);
  return { root: root === undefined ? undefined : String(root), flags: given };
}

export interface Configured {
  readonly configured: DevServerOptions;
  /** What of it was read, and from where. */
  readonly sources: ConfigSources;
}

/**
 * With what the configuration says. The command line's word counts more.
 * @param given what it says, as options @throws ConfigError
 */
export async function withConfiguration(
  { root, flags }: CommandLine,
  given: DevServerOptions,
  command: ConfigEnvironment['command'],
): Promise<Configured> {
  const { [CONFIG_OPTION.flag]: configFile } = flags;
  const { loadConfig } = await import('./config/config-file.ts');
  const { options, ...sources } = await loadConfig({
    root: root ?? '.',
    command,
    configFile: configFile === false || typeof configFile === 'string' ? configFile : undefined,
    mode: given.mode,
  });
  return { configured: { ...options, ...given, root: root ?? options.root, configurationFiles: sources.files }, sources };
}

function defaultNote(option: OptionDeclaration<string>): string {
  const shown = option.default === true ? 'true' : defaultText(option);
  return shown === '' ? '' : `  (default ${shown})`;
}

function flagText({ flag, short }: OptionDeclaration<string>): string {
  return short === undefined ? `--${flag}` : `-${short}, --${flag}`;
}

function unknownOption(given: string, flags: CommandSpec['flags'], usage: string): HmrError {
  const names = [...flags.map(({ flag }) => flag), 'help', 'version'];
  const negated = flags.filter(({ type }) => type === 'boolean').map(({ flag }) => `no-${flag}`);
  const meant = closest(given.replace(/^-+/, ''), [...names, ...negated]);
  const [word = ''] = usage.split(' ');
  const help = word.startsWith('[') ? 'hmr-dev --help' : `hmr-dev ${word} --help`;
  return new HmrError('OPTION', `Unknown option ${given}. ${meant ? `Did you mean --${meant}?` : `See ${help}.`}`);
}

/** What the parser lets through: a second folder, one option given twice, and a path that is missing. */
function checkArguments(given: Readonly<Record<string, unknown>>, flags: CommandSpec['flags']): void {
  const [extra] = Array.isArray(given['_']) ? given['_'] : [];
  if (extra !== undefined) throw new HmrError('OPTION', `One folder at a time: "${String(extra)}" is one too many. See hmr-dev --help.`);
  for (const { flag, type } of flags) {
    if (type !== 'list' && type !== 'proxy' && Array.isArray(given[flag]))
      throw new HmrError('OPTION', `--${flag} is given more than once.`);
    if ((type === 'file' || type === 'folder') && given[flag] === '')
      throw new HmrError('OPTION', `--${flag} takes ${type === 'file' ? 'the path of a file' : 'a path'}; it has no value.`);
  }
}
