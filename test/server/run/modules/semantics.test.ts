/**
 * Module semantics in the registry of `hmr-dev run` are those of Node: the cases of test/semantics that need no browser, natively and as a program
 * of ours, in two processes.
 */
import { fork } from 'node:child_process';
import { once } from 'node:events';
import { after, before, describe, test } from 'node:test';
import { withDeadline } from '../../../harness/diagnostics.ts';
import { fixture } from '../../../harness/fixture.ts';
import { callsDone, entriesOf, type Outcome, type SemanticsCase } from '../../../semantics/case.ts';
import { caseGroups } from '../../../semantics/cases/index.ts';
import { compareOutcomes } from '../../../semantics/compare.ts';
import { createNativeNode } from '../../../semantics/node-native.ts';
import { recorderSource } from '../../../semantics/recorder.ts';
import { buildDrivers, type BuiltDrivers } from './built-driver.ts';

const native = createNativeNode();
let drivers: BuiltDrivers;
let run: (testCase: SemanticsCase, folder: string) => Promise<Outcome>;
let stop: () => Promise<void>;

before(async () => {
  drivers = await buildDrivers('case-runner');
  const child = fork(drivers.path('case-runner'), { execArgv: ['--no-warnings'], env: { ...process.env, NODE_OPTIONS: '' } });
  child.send(recorderSource());
  run = async (testCase, folder) => {
    const answer = once(child, 'message');
    child.send({ folder, entries: entriesOf(testCase), waitsForDone: callsDone(testCase) });
    const [outcome] = (await withDeadline(answer, `the end of "${testCase.name}"`)) as [Outcome];
    return outcome;
  };
  stop = async () => {
    const exited = once(child, 'exit');
    child.kill();
    await exited;
  };
});

after(async () => {
  await native.close();
  await stop();
  await drivers[Symbol.asyncDispose]();
});

for (const [group, cases] of Object.entries(caseGroups)) {
  describe(`in a program as native in Node: ${group}`, () => {
    for (const testCase of cases) {
      // A program has one entry.
      if (testCase.browserOnly || testCase.html !== undefined || entriesOf(testCase).length > 1) continue;
      test(testCase.name, async () => {
        await using folder = await fixture({ 'package.json': '{"type":"module"}', ...testCase.files });
        const expected = await native.run(testCase, folder.path);
        compareOutcomes(testCase, expected, await run(testCase, folder.path));
      });
    }
  });
}
