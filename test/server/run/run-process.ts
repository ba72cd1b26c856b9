/**
 * A process that runs versions of a program, for tests: the driver as a child, and the orders that it takes as methods.
 */
import { type ChildProcess, spawn } from 'node:child_process';
import { once } from 'node:events';
import type { VersionHostOptions, VersionStatus } from '../../../src/server/run/version-host.ts';
import { createLineLog, type LineLog, registerState, withDeadline } from '../../harness/diagnostics.ts';
import type { Order, Reply, Status } from './run-orders.ts';

export interface RunProcess extends AsyncDisposable {
  readonly child: ChildProcess;
  readonly log: LineLog;
  /** Runs the function `name` of `programs/<program>.mjs` as the next version. */
  swap(program: string, name: string, args?: object): Promise<Status>;
  /** The same, which is to succeed. @returns the port that it tells */
  serve(program: string, name: string, args?: object): Promise<number>;
  /** The same, until it boots. */
  boot(program: string, name: string, args?: object): Promise<{ readonly outcome: Promise<Status> }>;
  /** The same a number of times, each after the one before has been cleared away. */
  swaps(times: number, program: string, name: string, args?: object): Promise<void>;
  supersede(): Promise<void>;
  /** Leaves all addresses to another process. Resolves when nobody needs this one. */
  leave(): Promise<void>;
  /** The version before the last one has been cleared away. */
  retired(): Promise<{ readonly version: number; readonly errors: readonly unknown[] }>;
  alive(): Promise<VersionStatus[]>;
  /** Waits for what a program tells under this name. */
  told<T>(name: string): Promise<T>;
  call<T>(name: string, ...args: unknown[]): Promise<T>;
  /** Listeners of the process by event, and the timers and listening servers that keep it running. */
  counts(): Promise<Record<string, number>>;
  logged(): Promise<string[]>;
  /** Waits until the marks of just these versions are not collected. A framework may hold a request a little longer, by a timer of its own. */
  untilLive(versions: readonly number[]): Promise<void>;
  heap(): Promise<number>;
  close(): Promise<void>;
}

type Limits = Omit<VersionHostOptions, 'logger'>;

interface RunSetting {
  /** Make it the worker of a cluster that shares its handles, or one that deals out connections. */
  readonly cluster?: 'shared' | 'dealt';
}

/** Never, in a test. */
export const NEVER_MS = 1_000_000;

/** `settleMs`, `listenMs` and `graceMs` never pass unless a test is about them. */
export async function startRun(options: Limits = {}, { cluster }: RunSetting = {}): Promise<RunProcess> {
  const settings = { ...options, limits: { settleMs: NEVER_MS, listenMs: NEVER_MS, graceMs: NEVER_MS, ...options.limits } };
  const script = cluster === undefined ? ['run-driver.ts'] : ['run-cluster.ts', cluster];
  const args = ['--import', 'tsx', '--expose-gc', ...script, JSON.stringify(settings)];
  const child = spawn(process.execPath, args, {
    cwd: import.meta.dirname,
    stdio: ['pipe', 'pipe', 'pipe', 'ipc'],
  });
  const log = createLineLog('the output of the run process');
  const unregister = registerState('output of the run process', () => log.lines.join('\n'));
  for (const stream of [child.stdout, child.stderr]) {
    stream?.setEncoding('utf8').on('data', (text: string) => {
      for (const line of text.trimEnd().split('\n')) log.add(line);
    });
  }
  const ended = once(child, 'close').then(() => unregister());
  const waiting = new Map<number, (reply: Reply) => void>();
  const booting = new Set<() => void>();
  child.on('message', (message: Reply | { readonly event: string }) => {
    if (!('event' in message)) return waiting.get(message.id)?.(message);
    if (message.event === 'booting') for (const resolve of booting) resolve();
  });
  await withDeadline(Promise.race([once(child, 'message'), ended]), 'the run process');
  let count = 0;
  const order = async <T>(what: Order): Promise<T> => {
    const id = count++;
    const answer = new Promise<T>((resolve, reject) => {
      waiting.set(id, ({ result, error }) => {
        if (error === undefined) resolve(result as T);
        else reject(new Error(error));
      });
      void ended.then(() => reject(new Error(`The run process has ended:\n${log.lines.join('\n')}`)));
    });
    child.send({ id, order: what });
    return withDeadline(answer, `the answer to ${JSON.stringify(what)}`).finally(() => waiting.delete(id));
  };
  const swap = (program: string, name: string, args: object = {}): Promise<Status> => order({ do: 'swap', program, name, args });
  const told = <T>(name: string): Promise<T> => order({ do: 'told', name });
  return {
    child,
    log,
    swap,
    async serve(program, name, args) {
      const { status, error } = await swap(program, name, args);
      if (status !== 'committed') throw new Error(`${name} of ${program}: ${status} ${error ?? ''}`);
      return told('port');
    },
    async boot(program, name, args) {
      const started = new Promise<void>((resolve) => booting.add(resolve));
      const outcome = swap(program, name, args);
      await Promise.race([started, outcome]);
      return { outcome };
    },
    swaps: (times, program, name, args = {}) => order({ do: 'swaps', times, program, name, args }),
    supersede: () => order({ do: 'supersede' }),
    leave: () => order({ do: 'leave' }),
    retired: () => order({ do: 'retired' }),
    alive: () => order({ do: 'alive' }),
    told,
    call: (name, ...args) => order({ do: 'call', name, args }),
    counts: () => order({ do: 'counts' }),
    logged: () => order({ do: 'logged' }),
    untilLive: (versions) => order({ do: 'untilLive', versions }),
    heap: () => order({ do: 'heap' }),
    close: () => order({ do: 'close' }),
    async [Symbol.asyncDispose]() {
      child.kill('SIGKILL');
      await ended;
    },
  };
}
