/**
 * Module semantics: what modules say when our server links them is what they say when the browser loads them natively. Each case
 * runs both ways in one Chromium; see case.ts for what a case is, and node.test.ts for the quick way without a browser.
 */
import { after, before, describe, test } from 'node:test';
import { browser } from '../harness/browser.ts';
import { fixture, type Fixture } from '../harness/fixture.ts';
import { startServer, type TestServer } from '../harness/server.ts';
import { caseGroups } from './cases/index.ts';
import { compareOutcomes } from './compare.ts';
import { startNativeServer, type NativeServer } from './native-server.ts';
import { createCaseRunner, pageFiles, type CaseRunner } from './page-run.ts';

const files = Object.assign({}, ...Object.values(caseGroups).flat().map(pageFiles)) as Record<string, string>;

let folder: Fixture;
let nativeServer: NativeServer;
let linkedServer: TestServer;
let native: CaseRunner;
let linked: CaseRunner;

before(async () => {
  folder = await fixture(files);
  nativeServer = await startNativeServer(files);
  linkedServer = await startServer(folder.path);
  const context = await (await browser()).newContext();
  native = await createCaseRunner(context, nativeServer.origin);
  linked = await createCaseRunner(context, linkedServer.origin);
});

after(async () => {
  await linkedServer.close();
  await nativeServer[Symbol.asyncDispose]();
  await folder[Symbol.asyncDispose]();
});

for (const [group, cases] of Object.entries(caseGroups)) {
  describe(`linked as native in Chromium: ${group}`, () => {
    for (const testCase of cases) {
      test(testCase.name, async () => {
        const [expected, actual] = await Promise.all([native.run(testCase), linked.run(testCase)]);
        compareOutcomes(testCase, expected, actual);
      });
    }
  });
}
