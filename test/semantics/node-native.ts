/**
 * Runs cases with Node's own module loader, from files in a temporary folder (a new one for each run, because Node never forgets a
 * module), in one child process that tsx has no part in.
 */
import { fork } from 'node:child_process';
import { once } from 'node:events';
import { fileURLToPath, pathToFileURL } from 'node:url';
import { withDeadline } from '../harness/diagnostics.ts';
import { callsDone, entriesOf, type Outcome, type SemanticsCase } from './case.ts';
import { recorderSource } from './recorder.ts';

export interface NativeNode {
  run(testCase: SemanticsCase, folder: string): Promise<Outcome>;
  close(): Promise<void>;
}

export function createNativeNode(): NativeNode {
  const runner = fileURLToPath(new URL('./native-runner.mjs', import.meta.url));
  const child = fork(runner, { execArgv: ['--no-warnings'], env: { ...process.env, NODE_OPTIONS: '' } });
  child.send(recorderSource());
  return {
    async run(testCase, folder) {
      const answer = once(child, 'message');
      child.send({
        entries: entriesOf(testCase).map((entry) => `${pathToFileURL(folder).href}/${entry}`),
        waitsForDone: callsDone(testCase),
      });
      const [outcome] = (await withDeadline(answer, 'the end of the native case')) as [Outcome];
      return outcome;
    },
    async close() {
      if (child.exitCode !== null || child.signalCode !== null) return;
      const exited = once(child, 'exit');
      child.kill();
      await exited;
    },
  };
}
