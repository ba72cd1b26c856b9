/**
 * The command line: options, and the life of the process around one server. Everything heavy (compiler, watcher, HTTP) is behind one
 * lazy import, so that `--help` and a mistyped option answer at once. Errors that are the user's become one clear line and exit code 1.
 */
import path from 'node:path';
import sade from 'sade';
import { renderBanner, renderUrls } from './banner.ts';
import { createPaint, type Paint, supportsColor } from './colors.ts';
import {
  CONFIG_OPTION,
  defaultText,
  type DevServerOptions,
  FLAGS,
  type OptionDeclaration,
  optionsOfFlags,
  type ResolvedOptions,
  resolveOptions,
} from './config.ts';
import type { DevServer } from './dev-server.ts';
import { HmrError, toReport } from './errors.ts';
import { createKeys, type KeyActions, KEYS_HELP, KEYS_LINE } from './keys.ts';
import { createLogger, type Logger } from './logger.ts';
import { openBrowser } from './open-browser.ts';
import { packageVersion } from './package-info.ts';
import { createShutdown, type Shutdown } from './shutdown.ts';
import { closest } from './suggest.ts';

/** @param argv as in `process.argv` */
export async function main(argv: readonly string[]): Promise<void> {
  survivePipeEnd(process.stdout);
  survivePipeEnd(process.stderr);
  try {
    const command = parseCommandLine(argv);
    if (command) await serve(command);
  } catch (error) {
    reportFailure(error, /--log-level[= ]debug/.test(argv.join(' ')));
    process.exit(1);
  }
}

export interface CommandLine {
  readonly root: string | undefined;
  readonly flags: Readonly<Record<string, unknown>>;
}

/** Undefined when help or version was asked for, and printed. */
export function parseCommandLine(argv: readonly string[]): CommandLine | undefined {
  const program = sade('hmr-dev [dir]', true)
    .version(packageVersion())
    .describe('Serve a folder, and replace code in the open page as it is saved. The page keeps its state.');
  // Defaults are told, and not handed to the parser: what is not given here may be given in the configuration.
  for (const option of FLAGS) program.option(flagText(option), option.description + defaultNote(option));
  for (const example of ['./src', './src --port 8080 --open', './src --host', '. --spa --ignore "*.log,coverage"'])
    program.example(example);

  const parsed = program.parse([...argv], {
    lazy: true,
    boolean: FLAGS.filter(({ type }) => type === 'boolean').map(({ flag }) => flag),
    string: FLAGS.filter(({ type }) => type !== 'boolean').map(({ flag }) => flag),
    unknown: (flag) => {
      throw unknownOption(flag);
    },
  }) as { args: readonly unknown[] } | undefined;
  if (!parsed) return undefined;
  // The parser turns a folder called 2024 into a number.
  const [root, flags] = parsed.args as [string | number | undefined, Record<string, unknown>];
  checkArguments(flags);
  return { root: root === undefined ? undefined : String(root), flags };
}

/** Starts the server and stays until a signal or a key ends the process. */
async function serve(command: CommandLine): Promise<void> {
  // Wrong options are told before anything heavy is loaded.
  resolveOptions(optionsOfFlags(command.flags));
  const configured = await readOptions(command);
  const options = resolveOptions(configured);
  const { logger } = options;
  const closers: (() => unknown)[] = [];
  const shutdown = createShutdown({
    async close() {
      for (const close of closers.toReversed()) await close();
    },
  });
  const { createDevServer } = await import('./dev-server.ts');
  const server = createDevServer({ ...configured, logger });
  closers.push(() => server.close());
  await server.listen();
  restartOnChange(server, command, options);

  const paint = createPaint(supportsColor(process.stdout));
  const actions = keyActions(server, logger, shutdown, paint);
  // Before the banner: whoever reads it may press a key at once.
  const keys = createKeys(process.stdin, actions);
  closers.push(() => keys.close());
  const keysLine = process.stdin.isTTY ? KEYS_LINE : undefined;
  logger.info(renderBanner({ version: packageVersion(), urls: server.urls, readyMs: performance.now(), keys: keysLine, paint }));
  if (options.open) actions.open();
}

/** The command line's word counts more than the configuration's. @throws HmrError `CONFIG`, `OPTION` */
async function readOptions({ root, flags }: CommandLine): Promise<DevServerOptions> {
  const { [CONFIG_OPTION.flag]: configFile, mode } = flags;
  const { loadConfig } = await import('./config-file.ts');
  const given = optionsOfFlags(flags);
  const { options, files } = await loadConfig({
    root: root ?? '.',
    configFile: configFile === false || typeof configFile === 'string' ? configFile : undefined,
    mode: typeof mode === 'string' ? mode : undefined,
  });
  return { ...options, ...given, root: root ?? options.root, configurationFiles: files };
}

/** One restart at a time, and one more for what changed meanwhile. */
function restartOnChange(server: DevServer, command: CommandLine, { root, port, host, base, logger }: ResolvedOptions): void {
  let isRunning = false;
  let isDue = false;
  const restart = async (): Promise<void> => {
    const next = await readOptions(command);
    const resolved = resolveOptions({ ...next, logger });
    const isBound = resolved.port === port && resolved.host === host && resolved.root === root && resolved.base === base;
    if (!isBound) logger.warn('Folder, host, port and base stay as they are until hmr-dev is started anew.');
    await server.restart({ ...next, logger });
  };
  const run = async (names: string): Promise<void> => {
    const startMs = performance.now();
    try {
      await restart();
      logger.info(`restarted in ${Math.round(performance.now() - startMs)} ms: ${names} changed`);
    } catch (error) {
      if (!(error instanceof HmrError)) throw error;
      logger.error(toReport(error, (file) => path.relative(process.cwd(), file)));
      logger.info(`${names} changed, and does not work: the server goes on as it was.`);
    }
  };
  server.on('configuration', (files) => {
    isDue = true;
    if (isRunning) return;
    isRunning = true;
    const names = files.map((file) => path.relative(root, file)).join(', ');
    const loop = async (): Promise<void> => {
      while (isDue) {
        isDue = false;
        await run(names);
      }
    };
    loop()
      .catch((error: unknown) => logger.error(error instanceof Error ? (error.stack ?? error.message) : String(error)))
      .finally(() => (isRunning = false));
  });
}

function keyActions(server: DevServer, logger: Logger, shutdown: Shutdown, paint: Paint): KeyActions {
  const { urls } = server;
  return {
    reload: () => server.reload('r was pressed'),
    open: () => openBrowser(urls.local[0] ?? urls.network[0] ?? '', { onFailure: (message) => logger.warn(message) }),
    urls: () => logger.info(renderUrls(urls, paint)),
    clear: () => logger.clear(),
    quit: () => shutdown.request(0),
    help: () => logger.info(KEYS_HELP),
    interrupt: () => shutdown.request(130),
    newLine: () => logger.newLine(),
  };
}

function defaultNote(option: OptionDeclaration<string>): string {
  const shown = option.default === true ? 'true' : defaultText(option);
  return shown === '' ? '' : `  (default ${shown})`;
}

function flagText({ flag, short }: OptionDeclaration<string>): string {
  return short === undefined ? `--${flag}` : `-${short}, --${flag}`;
}

function unknownOption(given: string): HmrError {
  const names = [...FLAGS.map(({ flag }) => flag), 'help', 'version'];
  const negated = FLAGS.filter(({ type }) => type === 'boolean').map(({ flag }) => `no-${flag}`);
  const meant = closest(given.replace(/^-+/, ''), [...names, ...negated]);
  return new HmrError('OPTION', `Unknown option ${given}. ${meant ? `Did you mean --${meant}?` : 'See hmr-dev --help.'}`);
}

/** What the parser lets through: a second folder, and one option given twice. */
function checkArguments(flags: Readonly<Record<string, unknown>>): void {
  const [extra] = Array.isArray(flags['_']) ? flags['_'] : [];
  if (extra !== undefined) throw new HmrError('OPTION', `One folder at a time: "${String(extra)}" is one too many. See hmr-dev --help.`);
  for (const { flag, type } of FLAGS) {
    if (type !== 'list' && Array.isArray(flags[flag])) throw new HmrError('OPTION', `--${flag} is given more than once.`);
  }
}

function reportFailure(error: unknown, debug: boolean): void {
  const logger = createLogger({ level: 'error' });
  if (!(error instanceof HmrError)) {
    logger.error(error instanceof Error ? (error.stack ?? error.message) : String(error));
    return;
  }
  const hint = error.hint === undefined ? '' : `\n  ${error.hint}`;
  logger.error(`${error.message}${hint}${debug && error.stack ? `\n${error.stack}` : ''}`);
}

/** `hmr-dev | head` closes the pipe; the page under development must not pay for that. */
function survivePipeEnd(stream: NodeJS.WriteStream): void {
  stream.on('error', (error: NodeJS.ErrnoException) => {
    if (error.code !== 'EPIPE' && error.code !== 'EIO') throw error;
  });
}
