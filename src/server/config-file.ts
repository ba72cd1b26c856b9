/**
 * `hmr.config.ts` and its like: found, compiled with what it imports of the project, and run. Compiled by esbuild, because Node 20 runs no
 * TypeScript, and because it tells which files the configuration is made of.
 */
import { existsSync } from 'node:fs';
import { readFile, rm, writeFile } from 'node:fs/promises';
import path from 'node:path';
import { pathToFileURL } from 'node:url';
import { toHmrError } from './compile/esbuild-errors.ts';
import { withEsbuild } from './compile/esbuild.ts';
import { checkKeys, type DevServerOptions } from './config.ts';
import { envFiles } from './env-files.ts';
import { codeFrame, HmrError } from './errors.ts';
import { foldersUpToProject } from './project-folder.ts';

/** What a configuration file exports. `root` is relative to the file's folder. */
export type UserConfig = Omit<DevServerOptions, 'logger' | 'configurationFiles'>;

export interface ConfigEnvironment {
  readonly command: 'serve';
  readonly mode: string;
}

export type UserConfigExport = UserConfig | Promise<UserConfig> | ((environment: ConfigEnvironment) => UserConfig | Promise<UserConfig>);

export interface LoadedConfig {
  readonly options: UserConfig;
  /** The file itself; undefined when there is none. */
  readonly filePath: string | undefined;
  /** For `configurationFiles`: itself, what it imports, `.env` files, and names that it may get. */
  readonly files: readonly string[];
}

export interface LoadConfigOptions {
  /** The folder that the command line names, or the current one. */
  readonly root: string;
  /** Named by the user; else the first of the usual names, from the folder up to its project's. False: none. */
  readonly configFile?: string | false | undefined;
  readonly mode?: string | undefined;
}

const NAMES = ['ts', 'mts', 'js', 'mjs'].map((extension) => `hmr.config.${extension}`);

/** For types, and nothing else. */
export function defineConfig(config: UserConfigExport): UserConfigExport {
  return config;
}

/** @throws HmrError `CONFIG` with place and frame */
export async function loadConfig({ root, configFile, mode = 'development' }: LoadConfigOptions): Promise<LoadedConfig> {
  const folder = path.resolve(root);
  const candidates = foldersUpToProject(folder).flatMap((parent) => NAMES.map((name) => path.join(parent, name)));
  const filePath = configFile === undefined ? candidates.find((file) => existsSync(file)) : named(configFile);
  const run = filePath === undefined ? undefined : await runConfig(filePath, { command: 'serve', mode });
  const options = filePath === undefined || run === undefined ? {} : withRoot(run.options, filePath);
  const served = options.root === undefined ? folder : options.root;
  const names = configFile === undefined ? candidates : [];
  const files = new Set([...names, ...(run?.files ?? []), ...envFiles(served, options.mode ?? mode)]);
  return { options, filePath, files: [...files] };
}

function named(configFile: string | false): string | undefined {
  if (configFile === false) return undefined;
  const filePath = path.resolve(configFile);
  if (existsSync(filePath)) return filePath;
  throw new HmrError('CONFIG', `The configuration file "${configFile}" does not exist.`, { hint: 'Correct --config, or leave it out.' });
}

function withRoot(options: UserConfig, filePath: string): UserConfig {
  return options.root === undefined ? options : { ...options, root: path.resolve(path.dirname(filePath), options.root) };
}

interface Run {
  readonly options: UserConfig;
  readonly files: readonly string[];
}

async function runConfig(filePath: string, environment: ConfigEnvironment): Promise<Run> {
  const { code, files } = await compile(filePath);
  const exported = await evaluate(code, filePath);
  const value: unknown = exported['default'];
  if (value === undefined) {
    throw new HmrError('CONFIG', `${path.basename(filePath)} has no default export.`, {
      location: { file: filePath, line: 1, column: 1 },
      hint: `Write: import { defineConfig } from 'hmr-dev'; export default defineConfig({ … })`,
    });
  }
  const options: unknown =
    typeof value === 'function'
      ? await call(value as (environment: ConfigEnvironment) => unknown, environment, filePath)
      : await (value as Promise<unknown>);
  if (typeof options !== 'object' || options === null) {
    throw new HmrError(
      'CONFIG',
      `${path.basename(filePath)} gives ${options === null ? 'null' : typeof options}, not an object of options.`,
      {
        location: { file: filePath, line: 1, column: 1 },
      },
    );
  }
  checkKeys(options, path.basename(filePath));
  return { options, files };
}

async function compile(filePath: string): Promise<{ code: string; files: readonly string[] }> {
  const folder = path.dirname(filePath);
  const literal = (value: string): string => JSON.stringify(value);
  try {
    const { outputFiles, metafile } = await withEsbuild((esbuild) =>
      esbuild.build({
        entryPoints: [filePath],
        absWorkingDir: folder,
        bundle: true,
        write: false,
        metafile: true,
        format: 'esm',
        platform: 'node',
        target: 'node20.19',
        packages: 'external',
        sourcemap: 'inline',
        logLevel: 'silent',
        define: {
          'import.meta.url': literal(pathToFileURL(filePath).href),
          'import.meta.filename': literal(filePath),
          'import.meta.dirname': literal(folder),
          __filename: literal(filePath),
          __dirname: literal(folder),
        },
      }),
    );
    return { code: outputFiles[0]?.text ?? '', files: Object.keys(metafile.inputs).map((file) => path.resolve(folder, file)) };
  } catch (failure) {
    const error = toHmrError(failure, (file) => ({ filePath: path.resolve(folder, file), source: undefined }));
    if (!(error instanceof HmrError)) throw error;
    const { location, hint, cause } = error;
    const text = location && (await readFile(location.file, 'utf8').catch(() => undefined));
    const frame = location && text !== undefined ? codeFrame(text, location.line, location.column) : undefined;
    throw new HmrError('CONFIG', error.message, { location, frame, hint, cause });
  }
}

let runs = 0;

/** As a file beside the original, so that packages are found from there, and of a name of its own, so that Node runs it anew. */
async function evaluate(code: string, filePath: string): Promise<Record<string, unknown>> {
  const temporary = path.join(path.dirname(filePath), `.${path.basename(filePath)}.${process.pid}.${Date.now()}.${++runs}.mjs`);
  try {
    await writeFile(temporary, code);
    return (await import(pathToFileURL(temporary).href)) as Record<string, unknown>;
  } catch (cause) {
    throw runError(cause, filePath, temporary);
  } finally {
    await rm(temporary, { force: true });
  }
}

async function call(run: (environment: ConfigEnvironment) => unknown, environment: ConfigEnvironment, filePath: string): Promise<unknown> {
  try {
    return await run(environment);
  } catch (cause) {
    throw runError(cause, filePath, filePath);
  }
}

function runError(cause: unknown, filePath: string, temporary: string): HmrError {
  const message = cause instanceof Error ? cause.message : String(cause);
  const name = path.basename(filePath);
  const missing = /Cannot find package '([^']+)'/.exec(message)?.[1];
  const hint = missing === undefined ? undefined : `npm install -D ${missing}`;
  return new HmrError('CONFIG', `${name} failed: ${message.replaceAll(temporary, name).replaceAll(path.basename(temporary), name)}`, {
    location: { file: filePath, line: 1, column: 1 },
    hint,
    cause,
  });
}
