/**
 * Runs the cases of test/semantics in the registry, one after the other in one process, as native-runner.mjs does with Node's loader.
 */
import { setImmediate } from 'node:timers/promises';
import path from 'node:path';
import vm from 'node:vm';
import { linker } from '../../../../src/server/run/modules/linker.ts';
import { createProgram } from '../../../../src/server/run/modules/program.ts';
import type { Outcome } from '../../../semantics/case.ts';
import type { Recorder } from '../../../semantics/recorder.ts';

interface Task {
  readonly folder: string;
  readonly entries: readonly string[];
  readonly waitsForDone: boolean;
}

process.once('message', (source: string) => {
  process.on('message', (task: Task) => void run(source, task).then((outcome) => process.send?.(outcome)));
});

async function run(source: string, { folder, entries, waitsForDone }: Task): Promise<Outcome> {
  const recorder = vm.runInThisContext(source) as Recorder;
  const onRejection = (error: unknown): void => recorder.fail('rejection', error);
  process.on('unhandledRejection', onRejection);
  for (const entry of entries) {
    try {
      const program = createProgram({
        linker: () => linker,
        entry: path.join(folder, entry),
        cwd: folder,
        logger: { warn: console.error, debug: () => undefined },
      });
      const version = await program.load();
      await version.evaluate();
    } catch (error) {
      recorder.fail('error', asThrown(error));
    }
  }
  if (waitsForDone) await recorder.settled;
  await setImmediate();
  process.off('unhandledRejection', onRejection);
  return { lines: recorder.lines, uncaught: recorder.uncaught };
}

/** What does not link is an error of the program's to Node, and one of the developer's here. */
function asThrown(error: unknown): unknown {
  const { code, message } = error as { code?: string; message: string };
  return code === 'MISSING_EXPORT' || code === 'SYNTAX' ? new SyntaxError(message) : error;
}
