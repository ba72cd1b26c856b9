/**
 * The child process of the tests of `run`: a version host, and programs that are functions in `programs/*.mjs`, called for each version. Takes
 * orders from the test over IPC. Stands in for what evaluates modules; the host knows none.
 */
import net from 'node:net';
import timers from 'node:timers';
import timersPromises from 'node:timers/promises';
import { createVersionHost, type Version } from '../../../src/server/run/version-host.ts';
import type { Order, Program, Reply, Status } from './run-orders.ts';

/** As they are before anything is wrapped. */
const native = nativeFunctions();
const logged: string[] = [];
const host = createVersionHost({
  logger: { error: (message) => void logged.push(message) },
  ...(JSON.parse(process.argv[2] ?? '{}') as object),
});
const told: Record<string, unknown> = {};
const marks = new Map<number, WeakRef<object>>();
const waiting = new Set<() => void>();
let booting: Version | undefined;
let retired: Promise<unknown> = Promise.resolve();

/** What programs get beside their arguments. */
function context(version: number): object {
  return {
    version,
    outside: host.outside,
    tell(name: string, value: unknown) {
      told[name] = value;
      for (const check of waiting) check();
    },
    /** One object of each version, to see when it is collected. */
    mark(object: object) {
      marks.set(version, new WeakRef(object));
    },
  };
}

async function swap({ program, name, args }: Program): Promise<Status> {
  const module = (await import(`./programs/${program}.mjs`)) as Record<string, (options: object) => unknown>;
  const evaluate = module[name];
  if (evaluate === undefined) throw new Error(`There is no ${name} in ${program}.mjs.`);
  const version = host.begin();
  booting = version;
  process.send?.({ event: 'booting', version: version.number });
  const outcome = await version.run(() => evaluate({ ...context(version.number), ...args }));
  const error = outcome.status === 'failed' ? { error: String(outcome.error) } : {};
  if (outcome.status === 'committed') retired = outcome.retired;
  return { version: version.number, status: outcome.status, ...error };
}

async function obey(order: Order): Promise<unknown> {
  switch (order.do) {
    case 'swap':
      return swap(order);
    case 'swaps': {
      for (let index = 0; index < order.times; index++) {
        await swap(order);
        await retired;
      }
      return undefined;
    }
    case 'supersede':
      return booting?.supersede();
    case 'retired':
      return retired;
    case 'alive':
      return host.alive();
    case 'told':
      return new Promise((resolve) => {
        const check = (): void => {
          if (!(order.name in told)) return;
          waiting.delete(check);
          resolve(told[order.name]);
          delete told[order.name];
        };
        waiting.add(check);
        check();
      });
    case 'counts':
      return { ...countListeners(), timers: countActive('Timeout'), servers: countActive('TCPServerWrap') };
    case 'logged':
      return logged;
    case 'untilLive':
      return untilLive(order.versions);
    case 'heap':
      await collect();
      return process.memoryUsage().heapUsed;
    case 'call':
      return (Reflect.get(globalThis, order.name) as (...args: unknown[]) => unknown)(...(order.args ?? []));
    case 'leave':
      return host.leave().ended;
    case 'close':
      return host.close();
    default:
      return order satisfies never;
  }
}

function nativeFunctions(): unknown[] {
  return [
    setTimeout,
    timers.setInterval,
    timersPromises.setTimeout,
    timersPromises.scheduler.wait,
    process.emit,
    net.Server.prototype.listen,
  ];
}

Reflect.set(globalThis, 'areNative', () => nativeFunctions().every((each, index) => each === native[index]));

/** What would keep the process running. */
function countActive(kind: string): number {
  return process.getActiveResourcesInfo().filter((active) => active === kind).length;
}

function countListeners(): Record<string, number> {
  return Object.fromEntries(process.eventNames().map((event) => [String(event), process.listenerCount(event)]));
}

/** Collected objects leave one turn after the last use of a weak reference; finalizers may free more. */
async function collect(): Promise<void> {
  for (let round = 0; round < 6; round++) {
    await new Promise((resolve) => timers.setImmediate(resolve));
    globalThis.gc?.();
  }
}

async function untilLive(versions: readonly number[]): Promise<void> {
  let last = '';
  while (true) {
    await collect();
    const live = [...marks].filter(([, mark]) => mark.deref() !== undefined).map(([version]) => version);
    if (live.join() === versions.join()) return;
    // For the message of a test that waits in vain.
    if (live.join() !== last) console.log(`not collected: ${live.join()}`);
    last = live.join();
    console.log(`live: ${live.join()}`);
  }
}

process.on('message', (message: { id: number; order: Order }) => {
  const reply = (answer: Omit<Reply, 'id'>): void => void process.send?.({ id: message.id, ...answer });
  obey(message.order).then(
    (result) => reply({ result }),
    (error: unknown) => reply({ error: String(error) }),
  );
});
// The test has ended, or was killed.
process.on('disconnect', () => process.exit());
process.send?.({ event: 'ready' });
