/**
 * `hmr.config.ts` and its like: which file it is, and whether what it gives are options. Each mistake is told in the words of the file, and not
 * in those of the command line.
 */
import { existsSync, realpathSync } from 'node:fs';
import path from 'node:path';
import { checkKeys, OPTIONS, resolveOptions, type DevServerOptions } from './config.ts';
import { ConfigError, createSourceNotes, type ConfigSources, type SourceNotes } from './config-sources.ts';
import { envFiles } from './env-files.ts';
import { HmrError } from '../errors.ts';
import { foldersUpToProject } from './project-folder.ts';

/** What a configuration file exports. `root` is relative to the file's folder. */
export type UserConfig = Omit<DevServerOptions, 'logger' | 'configurationFiles'>;

export interface ConfigEnvironment {
  readonly command: 'serve' | 'build';
  readonly mode: string;
}

export type UserConfigExport = UserConfig | Promise<UserConfig> | ((environment: ConfigEnvironment) => UserConfig | Promise<UserConfig>);

/** Its `files` are for `configurationFiles`. */
export interface LoadedConfig extends ConfigSources {
  readonly options: UserConfig;
  /** The file itself; undefined when there is none. */
  readonly filePath: string | undefined;
}

export interface LoadConfigOptions {
  /** The folder that the command line names, or the current one. */
  readonly root: string;
  /** Named by the user; else the first of the usual names, from the folder up to its project's. False: none. */
  readonly configFile?: string | false | undefined;
  readonly mode?: string | undefined;
  /** Default: serve. */
  readonly command?: ConfigEnvironment['command'] | undefined;
}

const NAMES = ['ts', 'mts', 'js', 'mjs'].map((extension) => `hmr.config.${extension}`);

/** For types, and nothing else. */
export function defineConfig(config: UserConfigExport): UserConfigExport {
  return config;
}

/** @throws ConfigError with place and frame */
export async function loadConfig({ root, configFile, command = 'serve', mode: given }: LoadConfigOptions): Promise<LoadedConfig> {
  const mode = given ?? (command === 'build' ? 'production' : 'development');
  const notes = createSourceNotes();
  const folder = realPath(path.resolve(root));
  const filePath = configFile === undefined ? nearest(folder, notes) : named(configFile, notes);
  const options = filePath === undefined ? {} : await read(filePath, { command, mode }, notes);
  // Which of two counts, the caller's or the file's, is up to the caller.
  for (const root of new Set([folder, options.root ?? folder])) {
    for (const name of new Set([given ?? options.mode ?? mode, options.mode ?? mode])) envFiles(root, name).forEach(notes.add);
  }
  return { options, filePath, files: notes.files, isCurrent: notes.isCurrent };
}

/** From the folder up to its project's. What comes later in a place before it takes over. */
function nearest(folder: string, notes: SourceNotes): string | undefined {
  for (const parent of foldersUpToProject(folder)) {
    for (const name of NAMES) {
      const filePath = path.join(parent, name);
      if (existsSync(filePath)) return filePath;
      notes.missed(filePath);
    }
  }
  return undefined;
}

function named(configFile: string | false, notes: SourceNotes): string | undefined {
  if (configFile === false) return undefined;
  const filePath = path.resolve(configFile);
  if (existsSync(filePath)) return realPath(filePath);
  notes.missed(path.join(realPath(path.dirname(filePath)), path.basename(filePath)));
  throw new ConfigError(`The configuration file "${configFile}" does not exist.`, notes, { hint: 'Correct --config, or leave it out.' });
}

/** As the watcher names files. */
function realPath(filePath: string): string {
  return existsSync(filePath) ? realpathSync.native(filePath) : filePath;
}

async function read(filePath: string, environment: ConfigEnvironment, notes: SourceNotes): Promise<UserConfig> {
  const name = path.basename(filePath);
  const location = { file: filePath, line: 1, column: 1 };
  const { runConfig } = await import('./config-run.ts');
  const { exported, explain } = await runConfig(filePath, notes);
  if (exported === undefined) {
    const hint = `Write: import { defineConfig } from 'hmr-dev'; export default defineConfig({ … })`;
    throw new ConfigError(`${name} has no default export.`, notes, { location, hint });
  }
  let value: unknown;
  try {
    value = await (typeof exported === 'function' ? (exported as (environment: ConfigEnvironment) => unknown)(environment) : exported);
  } catch (thrown) {
    throw explain(thrown);
  }
  const kind = value === null ? 'null' : Array.isArray(value) ? 'a list' : `a ${typeof value}`;
  if (typeof value !== 'object' || value === null || Array.isArray(value))
    throw new ConfigError(`${name} gives ${kind.replace('a undefined', 'nothing')}, not an object of options.`, notes, { location });
  checkOptions(value, filePath, notes);
  const { root } = value as UserConfig;
  return root === undefined ? value : { ...value, root: realPath(path.resolve(path.dirname(filePath), root)) };
}

/** By the rules of the command line. Whether the folder is there, whoever serves it finds out; the command line may name another. */
function checkOptions(options: object, filePath: string, notes: SourceNotes): void {
  const name = path.basename(filePath);
  try {
    checkKeys(options, name);
    if ('root' in options && typeof options.root !== 'string' && options.root !== undefined)
      throw new HmrError('OPTION', '"root" takes a path.');
    resolveOptions({ ...options, root: undefined });
  } catch (error) {
    if (!(error instanceof HmrError)) throw error;
    const { message, hint, cause } = error;
    throw new ConfigError(inWordsOf(name, message), notes, { hint: hint?.includes('--') ? undefined : hint, cause });
  }
}

function inWordsOf(name: string, message: string): string {
  const flag = /^--([\w-]+) /.exec(message)?.[1];
  const option = OPTIONS.find((one) => one.flag === flag);
  if (option) return `"${option.key}" in ${name} ${message.slice(`--${option.flag} `.length)}`;
  return message.startsWith(name) ? message : `${name}: ${message}`;
}
