/**
 * The commands besides serving: `hmr-dev build` and `hmr-dev preview`. Apart from `cli.ts`, which loads them when one is asked for, and tells their
 * errors as it tells its own.
 */
import path from 'node:path';
import { renderBanner } from './banner.ts';
import { BUILD_FLAGS, resolveBuildOptions, type BuildOptions } from './build/build-options.ts';
import { createPaint, supportsColor } from './colors.ts';
import { parseArguments, type CommandLine } from './command-line.ts';
import { CONFIG_OPTION, type OptionDeclaration, resolveOptions } from './config/config.ts';
import { HmrError } from './errors.ts';
import { openBrowser } from './open-browser.ts';
import { packageVersion } from './package-info.ts';
import { preview as startPreview, PREVIEW_FLAGS, type PreviewOptions } from './build/preview.ts';
import { createShutdown } from './shutdown.ts';

/** @param argv as in `process.argv` */
export async function build(argv: readonly string[]): Promise<void> {
  const command = parseArguments(argv, {
    usage: 'build [dir]',
    description: 'Make a static site of a folder: bundled, small, and with hashed names.',
    flags: BUILD_FLAGS,
    examples: ['build', 'build ./src --out dist', 'build --base /app/ --sourcemap'],
  });
  if (!command) return;
  const options = await readBuildOptions(command);
  const { build: make } = await import('./build/build.ts');
  const { files, outDir, durationMs } = await make(options);
  const { logger } = resolveBuildOptions(options).server;
  const { renderReport } = await import('./build/build-report.ts');
  logger.info(renderReport(files, path.relative('.', outDir) || outDir, durationMs, createPaint(supportsColor(process.stdout))));
}

/** The command line's word counts more than the configuration's. @throws HmrError */
async function readBuildOptions({ root, flags }: CommandLine): Promise<BuildOptions> {
  const given: BuildOptions = optionsOf(flags, BUILD_FLAGS);
  // Wrong options are told before anything is loaded.
  resolveBuildOptions(given);
  const { [CONFIG_OPTION.flag]: configFile } = flags;
  const { loadConfig } = await import('./config/config-file.ts');
  const { options, files } = await loadConfig({
    root: root ?? '.',
    command: 'build',
    configFile: configFile === false || typeof configFile === 'string' ? configFile : undefined,
    mode: given.mode,
  });
  return { ...options, ...given, root: root ?? options.root, configurationFiles: files };
}

/** @param argv as in `process.argv` */
export async function preview(argv: readonly string[]): Promise<void> {
  const command = parseArguments(argv, {
    usage: 'preview [dir]',
    description: 'Serve what hmr-dev build has made, as a host would.',
    flags: PREVIEW_FLAGS,
    examples: ['preview', 'preview dist --port 8080 --open'],
  });
  if (!command) return;
  const options: PreviewOptions = { root: command.root ?? 'dist', ...optionsOf(command.flags, PREVIEW_FLAGS) };
  const { logger, open } = resolveOptions({ ...options, base: options.base ?? '/' });
  const server = await startPreview({ ...options, logger });
  createShutdown({ close: server.close });
  const { urls } = server;
  const paint = createPaint(supportsColor(process.stdout));
  logger.info(renderBanner({ version: packageVersion(), urls, readyMs: performance.now(), keys: undefined, paint }));
  if (open) openBrowser(urls.local[0] ?? urls.network[0] ?? '', { onFailure: (message) => logger.warn(message) });
}

/** Of those that were given. @throws HmrError `OPTION` */
function optionsOf(flags: Readonly<Record<string, unknown>>, declared: readonly OptionDeclaration<string>[]): object {
  const given = declared.filter(({ flag }) => flags[flag] !== undefined && flag !== CONFIG_OPTION.flag);
  for (const { flag, type } of declared) {
    if (type === 'file' && flags[flag] === '') throw new HmrError('OPTION', `--${flag} takes a path; it has no value.`);
  }
  return Object.fromEntries(given.map(({ key, flag }) => [key, flags[flag]]));
}
