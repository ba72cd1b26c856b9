/**
 * Loads a program again and again, as a supervisor does after saves, and tells what stays. Run with --expose-gc: what is collected is known only
 * after a collection.
 */
import { writeFileSync } from 'node:fs';
import path from 'node:path';
import { setImmediate } from 'node:timers/promises';
import { linker } from '../../../../src/server/run/modules/linker.ts';
import { createProgram } from '../../../../src/server/run/modules/program.ts';

export interface ReloadTask {
  readonly folder: string;
  readonly reloads: number;
  /** From here on the heap is compared: V8 is warm. */
  readonly warmUp: number;
  /** Changed before each reload; `<N>` is its number. */
  readonly file: string;
  readonly text: string;
}

export interface ReloadReport {
  readonly growthPerReload: number;
  /** Versions that were retired and are still there. */
  readonly alive: readonly number[];
  /** Of the middle one. */
  readonly reloadMs: number;
  /** `state.value`, as the newest version has put it on the global object; `state.mark` is something that its modules hold. */
  readonly seen: unknown;
}

const collect = async (): Promise<void> => {
  for (let round = 0; round < 4; round++) {
    await setImmediate();
    globalThis.gc?.();
  }
};

async function run({ folder, reloads, warmUp, file, text }: ReloadTask): Promise<ReloadReport> {
  const program = createProgram({
    linker: () => linker,
    entry: path.join(folder, 'main.js'),
    cwd: folder,
    logger: { warn: console.error, debug: () => undefined },
  });
  const marks = new Map<number, WeakRef<object>>();
  const times: number[] = [];
  let heapBefore = 0;
  let current = await program.load();
  await current.evaluate();
  for (let n = 1; n <= reloads; n++) {
    if (n === warmUp) {
      await collect();
      heapBefore = process.memoryUsage().heapUsed;
    }
    const changed = path.join(folder, file);
    writeFileSync(changed, text.replaceAll('<N>', String(n)));
    const startedAt = performance.now();
    if (program.changed([changed]) !== 'reload') throw new Error(`reload ${n}: ${file} reloads nothing`);
    const next = await program.load();
    await next.evaluate();
    times.push(performance.now() - startedAt);
    marks.set(n, new WeakRef((Reflect.get(globalThis, 'state') as { mark: object }).mark));
    await current.dispose();
    current.retire();
    current = next;
  }
  await collect();
  const growth = process.memoryUsage().heapUsed - heapBefore;
  const alive = [...marks].filter(([n, mark]) => n < reloads && mark.deref()).map(([n]) => n);
  const seen: unknown = (Reflect.get(globalThis, 'state') as { value?: unknown }).value;
  return { growthPerReload: growth / (reloads - warmUp), alive, reloadMs: times.toSorted((a, b) => a - b)[times.length >> 1] ?? 0, seen };
}

process.once('message', (task: ReloadTask) => void run(task).then((report) => process.send?.(report, () => process.disconnect())));
