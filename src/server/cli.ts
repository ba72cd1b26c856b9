/**
 * The command line: which command, options, and the life of the process around one server. Everything heavy (compiler, watcher, HTTP) is behind one
 * lazy import, so that `--help` and a mistyped option answer at once. Errors that are the user's become one clear line and exit code 1.
 */
import { renderBanner, renderUrls } from './banner.ts';
import { createPaint, type Paint, supportsColor } from './colors.ts';
import { type CommandLine, type CommandSpec, parseArguments, withConfiguration } from './command-line.ts';
import { FLAGS, optionsOfFlags, resolveOptions, type ResolvedOptions } from './config/config.ts';
import type { DevServer } from './dev-server.ts';
import { reportFailure, survivePipeEnd } from './command-failure.ts';
import { createKeys, type KeyActions, keysHelp, keysLine } from './keys.ts';
import { openBrowser } from './open-browser.ts';
import { packageVersion } from './package-info.ts';
import { restartOnChange } from './config/restarts.ts';
import { createShutdown, type Shutdown } from './shutdown.ts';

const SPEC: CommandSpec = {
  usage: '[dir]',
  description:
    'Serve a folder, and replace code in the open page as it is saved. The page keeps its state. ' +
    'For a static site: hmr-dev build [dir], then hmr-dev preview; see hmr-dev build --help. A folder of that name is ./build',
  flags: FLAGS,
  examples: [
    './src',
    './src --port 8080 --open',
    './src --host',
    '. --spa --ignore "*.log,coverage"',
    './public --run server.ts -- arguments of the program',
  ],
};

/** @param argv as in `process.argv` */
export async function main(argv: readonly string[]): Promise<void> {
  survivePipeEnd(process.stdout);
  survivePipeEnd(process.stderr);
  try {
    const [, , word] = argv;
    if (word === 'build' || word === 'preview') {
      const commands = await import('./commands.ts');
      await commands[word](argv);
      return;
    }
    const command = parseCommandLine(argv);
    if (command) await serve(command);
  } catch (error) {
    reportFailure(error, argv);
    process.exit(1);
  }
}

/** Undefined when help or version was asked for, and printed. @throws HmrError `OPTION` */
export function parseCommandLine(argv: readonly string[]): CommandLine | undefined {
  const end = argv.indexOf('--');
  const isForProgram = end !== -1 && argv.slice(0, end).some((word) => /^--run(?:=|$)/.test(word));
  const command = parseArguments(isForProgram ? argv.slice(0, end) : argv, SPEC);
  if (!isForProgram || !command) return command;
  const { root, flags } = command;
  return { root, flags: { ...flags, run: { entry: flags['run'], args: argv.slice(end + 1) } } };
}

/** Starts the server and stays until a signal or a key ends the process. */
async function serve(command: CommandLine): Promise<void> {
  const given = optionsOfFlags(command.flags);
  // Wrong options are told before anything heavy is loaded.
  resolveOptions(given);
  const read = (): ReturnType<typeof withConfiguration> => withConfiguration(command, given, 'serve');
  const { configured, sources } = await read();
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
  restartOnChange({ server, options, sources, read });

  const paint = createPaint(supportsColor(process.stdout));
  const actions = keyActions(server, options, shutdown, paint);
  // Before the banner: whoever reads it may press a key at once.
  const keys = createKeys(process.stdin, actions);
  closers.push(() => keys.close());
  const line = process.stdin.isTTY ? keysLine(actions) : undefined;
  logger.info(renderBanner({ version: packageVersion(), urls: server.urls, readyMs: performance.now(), keys: line, paint }));
  if (options.open) actions.open();
}

function keyActions(server: DevServer, { logger, run }: ResolvedOptions, shutdown: Shutdown, paint: Paint): KeyActions {
  const { urls } = server;
  const actions: KeyActions = {
    reload: () => server.reload('r was pressed'),
    open: () => openBrowser(urls.local[0] ?? urls.network[0] ?? '', { onFailure: (message) => logger.warn(message) }),
    urls: () => logger.info(renderUrls(urls, paint)),
    clear: () => logger.clear(),
    quit: () => shutdown.request(0),
    help: () => logger.info(keysHelp(actions)),
    interrupt: () => shutdown.request(130),
    newLine: () => logger.newLine(),
    ...(run !== false && { restart: () => server.restartProgram('s was pressed') }),
  };
  return actions;
}
