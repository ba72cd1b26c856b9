/**
 * The commands besides serving: `hmr-dev build` and `hmr-dev preview`. Apart from `cli.ts`, which loads them when one is asked for, and tells their
 * errors as it tells its own.
 */
import path from 'node:path';
import { renderBanner } from './banner.ts';
import { BUILD_FLAGS, resolveBuildOptions } from './build/build-options.ts';
import { createPaint, supportsColor } from './colors.ts';
import { parseArguments, withConfiguration } from './command-line.ts';
import { optionsOfFlags, resolveOptions } from './config/config.ts';
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
  const given = optionsOfFlags(command.flags, BUILD_FLAGS);
  // Wrong options are told before anything is loaded.
  resolveBuildOptions(given);
  const { configured } = await withConfiguration(command, given, 'build');
  const { logger } = resolveBuildOptions(configured).server;
  const { build: make } = await import('./build/build.ts');
  const { files, outDir, durationMs } = await make({ ...configured, logger });
  const { renderReport } = await import('./build/build-report.ts');
  logger.info(renderReport(files, path.relative('.', outDir) || outDir, durationMs, createPaint(supportsColor(process.stdout))));
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
  const options: PreviewOptions = { root: command.root ?? 'dist', ...optionsOfFlags(command.flags, PREVIEW_FLAGS) };
  const { logger, open } = resolveOptions(options);
  const server = await startPreview({ ...options, logger });
  createShutdown({ close: server.close });
  const { urls } = server;
  const paint = createPaint(supportsColor(process.stdout));
  logger.info(renderBanner({ version: packageVersion(), urls, readyMs: performance.now(), keys: undefined, paint }));
  if (open) openBrowser(urls.local[0] ?? urls.network[0] ?? '', { onFailure: (message) => logger.warn(message) });
}
