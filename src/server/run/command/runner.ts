/**
 * The process that runs the program of `hmr-dev run`: its versions, its signals, its standard streams and its exit code are the program's
 * own. What it is told by the supervisor, its parent, is which files have changed. A build entry of its own.
 */
import inspector from 'node:inspector';
import { statSync } from 'node:fs';
import path from 'node:path';
import type { RunnerSetup } from './messages.ts';
import { cacheFolder } from '../../cache-folder.ts';
import { createProgram } from '../modules/program.ts';
import { currentToken } from '../ownership/token.ts';
import { createVersionHost } from '../version-host.ts';
import { createHandOver, shareAddresses } from './hand-over.ts';
import { createLinker } from './lazy-linker.ts';
import { createMemoryLimit } from './memory-limit.ts';
import { createReloader } from './reloader.ts';
import { createRunReports } from './run-reports.ts';
import { createRunLogger } from './run-logger.ts';
import { openSupervisorChannel } from './supervisor-channel.ts';

/** As Node ends when a module never comes to its end. */
const UNSETTLED = 13;

const setup = JSON.parse(process.argv[2] ?? '{}') as RunnerSetup;
process.argv.splice(1, 2, path.resolve(setup.entry));
const supervisor = openSupervisorChannel();
const cwd = process.cwd();
const logger = createRunLogger(setup.logLevel);
const addresses = shareAddresses(supervisor);
let hasReadInput = false;
const host = createVersionHost({
  logger,
  closeWebSockets: setup.closeWebSockets,
  addresses,
  readsInput() {
    hasReadInput = true;
    supervisor.send({ kind: 'reads' });
  },
});
const program = createProgram({
  entry: setup.entry,
  cwd,
  include: setup.include,
  conditions: setup.conditions,
  ...(setup.cache && { cacheFolder: cacheFolder(process.env) }),
  linker: await createLinker(),
  logger,
  outside: host.outside,
  onOutcome: (outcome) => reloader.invalidated(outcome),
});
const reports = createRunReports({
  logger,
  cwd,
  entry: setup.entry,
  isSuccessor: setup.isSuccessor === true,
  tell(outcome) {
    supervisor.send({ kind: 'outcome', outcome });
    if (outcome.kind === 'started') memory?.begin();
    else memory?.look();
  },
});
const restart = (why: readonly string[]): void => supervisor.send({ kind: 'restart', why });
const memory =
  setup.memoryLimit === 0
    ? undefined
    : createMemoryLimit({
        limitBytes: setup.memoryLimit * 1024 * 1024,
        usedBytes: () => process.memoryUsage.rss(),
        restart: (why) => restart([why]),
        warn: logger.warn,
        every: (ms, run) => void host.outside(() => setInterval(run, ms).unref()),
      });
const reloader = createReloader({
  program,
  host,
  reports,
  hold: supervisor.hold,
  restart: (files) => restart(files.map((file) => path.relative(cwd, file))),
  filesChanged: () => tellFiles(),
  committed: () => handOver.committed(),
});
const handOver = createHandOver({
  supervisor,
  host,
  start: () => start(),
  retire: reloader.retire,
  // To ask for it is to open it.
  stopReading: () => hasReadInput && process.stdin.pause(),
});

const told = new Set<string>();
function tellFiles(): void {
  const files = [...program.files].filter((file) => !told.has(file));
  if (files.length === 0) return;
  for (const file of files) told.add(file);
  supervisor.send({ kind: 'files', files });
}

const startedAtMs = Date.now() - performance.now();

/** Between its reading and the watch. */
function hasChangedUnseen(file: string): boolean {
  try {
    return statSync(file).ctimeMs > startedAtMs && !program.isSame(file);
  } catch {
    return false; // A place where something was missing, and is.
  }
}

supervisor.onMessage((message, handle) => {
  switch (message.kind) {
    case 'changed':
      return host.outside(() => reloader.changed(message.files, message.ageMs));
    case 'watching': {
      const missed = [...program.files].filter(hasChangedUnseen);
      if (missed.length > 0) host.outside(() => reloader.changed(missed, 0));
      return undefined;
    }
    case 'released':
      return addresses.released(message.id);
    default:
      return handOver.received(message, handle);
  }
});
process.on('uncaughtExceptionMonitor', (error) => {
  const phase = currentToken()?.phase ?? 'live';
  if (phase === 'live') supervisor.send({ kind: 'crashed', error: reports.reportOf(error) });
});
process.on('beforeExit', () => {
  if (!reloader.isBooting()) return;
  process.exitCode ??= UNSETTLED;
  reloader.starve();
});
process.on('exit', () => program.close());

function start(): void {
  if (setup.isBreaking) {
    inspector.waitForDebugger();
    // oxlint-disable-next-line no-debugger -- --inspect-brk: the next step leads into the program
    debugger;
  }
  reloader.start();
}

if (setup.inherits === true) {
  supervisor.hold(true);
  supervisor.send({ kind: 'ready' });
} else start();
