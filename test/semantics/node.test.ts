/**
 * Module semantics, the quick way: each case that needs no browser runs with Node's loader and with `link` and the registry, in
 * this process. The test in the browser (semantics.test.ts) decides; this one is the loop to develop in.
 */
import { after, describe, test } from 'node:test';
import { fixture } from '../harness/fixture.ts';
import { caseGroups } from './cases/index.ts';
import { compareOutcomes } from './compare.ts';
import { runLinked } from './node-linked.ts';
import { createNativeNode } from './node-native.ts';

const native = createNativeNode();
after(() => native.close());

for (const [group, cases] of Object.entries(caseGroups)) {
  describe(`linked as native in Node: ${group}`, () => {
    for (const testCase of cases) {
      if (testCase.browserOnly || testCase.html !== undefined) continue;
      test(testCase.name, async () => {
        // Without a type, Node would look into each file for the syntax of modules, and take empty ones for CommonJS.
        await using folder = await fixture({ 'package.json': '{"type":"module"}', ...testCase.files });
        const expected = await native.run(testCase, folder.path);
        const linked = await runLinked(testCase, folder.path);
        compareOutcomes(testCase, expected, linked);
      });
    }
  });
}
