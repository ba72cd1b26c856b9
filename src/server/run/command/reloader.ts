/**
 * From changed files to a new version: what the change means is the program's to say, and when a version takes over the host's. One load runs at a time. A
 * newer change abandons the version that still boots, so that an evaluation that hangs holds up nobody, and the last save wins; but not before
 * the newer one can be run, since a save with a mistake would else take away what was about to serve.
 *
 *     changed → program.changed → 'accepted' → apply, in the version that runs
 *                               → 'reload'   → load → begin → run → committed: the version before ends │ failed: it serves on
 *                               → 'restart'  → the supervisor
 */
import type { UpdateOutcome } from '../../../runtime/update.ts';
import type { Program } from '../modules/program.ts';
import type { Version as ModuleVersion } from '../modules/version.ts';
import type { Version, VersionHost } from '../version-host.ts';
import type { RunReports } from './run-reports.ts';

export interface ReloaderOptions {
  readonly program: Program;
  readonly host: VersionHost;
  readonly reports: RunReports;
  /** Whether the process has to stay though the program has nothing to do. */
  readonly hold: (isHeld: boolean) => void;
  readonly restart: (files: readonly string[]) => void;
  /** The program may have read further files. */
  readonly filesChanged: () => void;
  /** The first version has taken over. */
  readonly committed: () => void;
}

export interface Reloader {
  start(): void;
  /** @param ageMs how long ago they were saved */
  changed(files: readonly string[], ageMs: number): void;
  /** An update that the program has asked for by `import.meta.hot.invalidate()`. */
  invalidated(outcome: UpdateOutcome): void;
  isBooting(): boolean;
  /** What boots waits for nothing that could still happen. */
  starve(): void;
  /** Begins nothing more, and disposes of what runs. */
  retire(): Promise<void>;
}

interface Running {
  readonly modules: ModuleVersion;
  readonly version: Version;
}

interface Change {
  readonly files: readonly string[];
  readonly savedAt: number;
}

export function createReloader({ program, host, reports, hold, restart, filesChanged, committed }: ReloaderOptions): Reloader {
  let running: Running | undefined;
  let booting: Version | undefined;
  /** The last attempt came to nothing: what is saved next is tried as a whole. */
  let hasFailed = false;
  /** Saved since the last update that came through. */
  const pending = new Set<string>();
  let turn = 0;
  let loading: Promise<unknown> = Promise.resolve();

  /** One after the other, since they read the same files. */
  const inTurn = <T>(work: () => Promise<T>): Promise<T> => {
    const done = loading.then(work);
    loading = done.catch(() => undefined);
    return done.finally(filesChanged);
  };
  const failed = (error: unknown, change: Change): void => {
    hasFailed = true;
    // A program that runs decides for itself how long the process lives.
    hold(running === undefined);
    reports.failed({ ...change, error, isServing: running !== undefined });
  };
  const reload = async (change: Change): Promise<void> => {
    const mine = ++turn;
    // The same save, told once more while this attempt boots, is no other try.
    hasFailed = false;
    try {
      const modules = await inTurn(async () => (mine === turn ? program.load() : undefined));
      await readyTakesOver();
      if (modules !== undefined && mine === turn) await boot(modules, change, mine);
    } catch (error) {
      await readyTakesOver();
      if (mine === turn) failed(error, change);
    }
  };
  /** One that boots and needs nothing more than its turn gets it: it has told its port, and somebody may have heard. */
  const readyTakesOver = async (): Promise<void> => {
    if (booting !== undefined) await new Promise((resolve) => setImmediate(resolve));
  };
  const boot = async (modules: ModuleVersion, change: Change, mine: number): Promise<void> => {
    const version = host.begin();
    booting = version;
    const outcome = await version.run(() => modules.evaluate());
    filesChanged();
    if (booting === version) booting = undefined;
    if (outcome.status === 'superseded') return;
    if (outcome.status === 'failed') {
      if (mine === turn) failed(outcome.error, change);
      return;
    }
    const before = running;
    running = { modules, version };
    if (mine === turn) {
      hasFailed = false;
      pending.clear();
    }
    hold(false);
    if (before === undefined) {
      committed();
      reports.started(change);
    } else reports.reloaded({ ...change, moduleCount: modules.moduleCount, alive: host.alive() });
    if (before !== undefined) await dispose(before.modules);
    for (const error of (await outcome.retired)?.errors ?? []) reports.hookFailed(error);
  };
  const dispose = async (modules: ModuleVersion): Promise<void> => {
    modules.retire();
    for (const error of await modules.dispose()) reports.hookFailed(error);
  };

  const apply = async (change: Change, { modules, version }: Running): Promise<void> => {
    const mine = ++turn;
    try {
      const outcome = await inTurn(() => version.runAs(() => program.apply(modules, change.files)));
      settle(outcome, change, mine);
    } catch (error) {
      if (mine === turn) reports.failed({ ...change, error, isServing: true });
    }
  };
  const settle = (outcome: UpdateOutcome, change: Change, mine: number): void => {
    switch (outcome.kind) {
      case 'updated':
        if (mine === turn) pending.clear();
        reports.updated({ ...change, outcome });
        return;
      case 'reload':
        return void reload(change);
      case 'failed':
        return reports.failed({ ...change, error: outcome.error, isServing: true });
      case 'ignored':
      case 'superseded':
        return;
      default:
        return outcome satisfies never;
    }
  };
  const decide = (change: Change): void => {
    const effect = program.changed(change.files);
    if (effect === 'restart') return restart(change.files);
    if (effect === 'none') return pending.clear();
    if (effect === 'accepted' && running !== undefined && booting === undefined && !hasFailed) return void apply(change, running);
    return void reload(change);
  };
  return {
    start() {
      void reload({ files: [], savedAt: performance.now() });
    },
    changed(files, ageMs) {
      // Who saves again after a failure wants another try.
      const changed = hasFailed ? files : files.filter((file) => !program.isSame(file));
      if (changed.length === 0) return;
      for (const file of changed) pending.add(file);
      decide({ files: [...pending], savedAt: performance.now() - ageMs });
    },
    invalidated: (outcome) => settle(outcome, { files: [], savedAt: performance.now() }, turn),
    isBooting: () => booting !== undefined,
    starve() {
      hold(true);
      reports.starved();
    },
    async retire() {
      turn++;
      if (running !== undefined) await dispose(running.modules);
    },
  };
}
