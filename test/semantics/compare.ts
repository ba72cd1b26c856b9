/**
 * The verdict on a case: the linked run has to say what the native one said. Only the wording of link errors may differ, since it
 * belongs to the engine; the class of the error and the names that a reader needs are compared in its place. A limit says what is said instead.
 */
import assert from 'node:assert/strict';
import type { Outcome, SemanticsCase } from './case.ts';

export function compareOutcomes(testCase: SemanticsCase, native: Outcome, linked: Outcome): void {
  assertMeaningful(testCase, native);
  if (testCase.limit) assert.notDeepEqual(native.lines, testCase.limit.linked);
  assert.deepEqual(linked.lines, testCase.limit?.linked ?? native.lines);
  if (!testCase.linkError) {
    assert.deepEqual(linked.uncaught, native.uncaught);
    return;
  }
  for (const outcome of [native, linked]) assertLinkError(outcome, testCase.linkError);
}

/** Guards the comparison itself: two runs that fail alike because a case is wrong must not pass. */
function assertMeaningful(testCase: SemanticsCase, native: Outcome): void {
  if (testCase.linkError) return assert.deepEqual(native.lines, [], 'nothing of a graph that does not link may run');
  assert.ok(native.lines.length > 0, `the native run said nothing; uncaught: ${native.uncaught.join('; ')}`);
  assert.equal(
    native.uncaught.length > 0,
    testCase.uncaught === true,
    `the native run ended otherwise than the case says: ${native.uncaught.join('; ')}`,
  );
  assert.ok(
    !native.lines.some((line) => /\bnever\b/.test(line)),
    `the native run reached a line that says "never": ${native.lines.join('; ')}`,
  );
}

function assertLinkError(outcome: Outcome, { exportName, modules }: NonNullable<SemanticsCase['linkError']>): void {
  const [error = 'no error'] = outcome.uncaught;
  assert.match(error, /^error SyntaxError/);
  assert.ok(error.includes(exportName), `${error} should name the export ${exportName}`);
  assert.ok(
    modules.some((name) => error.includes(name)),
    `${error} should name the module ${modules.join(' or ')}`,
  );
}
