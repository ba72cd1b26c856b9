/**
 * Hot-swap of real libraries, transformed whole: they do what Node's own instance of them does, before every function of theirs is replaced, after,
 * while it happens (with their functions on the stack, and with objects of before), and when it is taken back.
 */
import assert from 'node:assert/strict';
import { before, describe, test } from 'node:test';
import { runLibrary } from './library.ts';
import { changeEveryFunction, libraryTexts, readLibrary } from './library-texts.ts';
import { LIBRARY_USES, prepareUses, type LibraryUse } from './library-uses.ts';

const LEVELS = ['bindings', 'classes'] as const;
/** Which of the calls of `interrupt` is the one at which everything is replaced. */
const MOMENTS = [1, 3];

before(prepareUses);

/** Megabytes: a diff would take longer than all the rest. */
function assertSame(actual: string, expected: string, when: string): void {
  if (actual === expected) return;
  let at = 0;
  while (actual[at] === expected[at]) at++;
  assert.equal(actual.slice(Math.max(0, at - 100), at + 200), expected.slice(Math.max(0, at - 100), at + 200), when);
}

for (const { specifier, share, use, hold } of LIBRARY_USES as readonly LibraryUse<object>[]) {
  describe(`hot-swap of every function of ${specifier}`, () => {
    for (const level of LEVELS) {
      test(`at level ${level}`, async () => {
        const native = (await import(specifier)) as object;
        const expected = use(native, () => undefined);
        const expectedOfHeld = hold(native)();
        const source = readLibrary(specifier);
        const original = libraryTexts(source, level);
        let ran = [0, 0, 0];
        const library = await runLibrary<object>(source.entry, original, { $ran: (round: number) => (ran[round] = (ran[round] ?? 0) + 1) });
        /** Of the versions, the first is not marked. */
        const assertOnly = (version: number): void =>
          assert.deepEqual(
            ran.map((calls) => calls > 0),
            [false, version === 1, version === 2],
          );
        const assertUse = (when: string): void =>
          assertSame(
            use(library.namespace, () => undefined),
            expected,
            when,
          );
        const held = hold(library.namespace);
        const assertHeld = (when: string): void => assertSame(held(), expectedOfHeld, `objects of before, ${when}`);
        assertUse('with slots');
        assertHeld('with slots');
        for (const [index, moment] of MOMENTS.entries()) {
          const changed: [number, number] = [0, 0];
          const texts = libraryTexts(source, level, (text) => {
            const edited = changeEveryFunction(text, level, `$ran(${index + 1})`);
            changed[0] += edited.changed;
            changed[1] += edited.all;
            return edited.source;
          });
          if (level === 'classes') assert.ok(changed[0] >= share * changed[1], `only ${changed.join(' of ')} functions can be replaced`);
          const commit = await library.prepare(texts);
          let calls = 0;
          const result = use(library.namespace, () => {
            if (++calls === moment) commit();
          });
          assert.ok(calls >= moment, `${calls} interruptions`);
          assertSame(result, expected, `while everything is replaced (${index + 1})`);
          ran = [0, 0, 0];
          assertUse(`after everything was replaced (${index + 1})`);
          assertOnly(index + 1);
          assertHeld(`after everything was replaced (${index + 1})`);
        }
        const back = await library.swap(original);
        ran = [0, 0, 0];
        assertUse('with the first version again');
        assertOnly(0);
        assertHeld('with the first version again');
        back.rollback();
        assertUse('after a rollback');
        assertHeld('after a rollback');
      });
    }
  });
}
