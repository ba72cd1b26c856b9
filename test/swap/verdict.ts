/** The verdict on a run of a case: what each look and each save has to show. */
import assert from 'node:assert/strict';
import type { SwapCase } from './case.ts';
import type { Look, RunReport, SaveReport } from './host.ts';
import { FAILURE } from './texts.ts';

const linesOf = ({ logged, probed }: Look): string[] => [...logged, ...probed];

export function assertRun({ starts, steps }: SwapCase, report: RunReport): void {
  assert.deepEqual(linesOf(report.start), starts, 'after the start');
  let before = report.start.probed;
  for (const [index, { save: files, says, refused, orRefused }] of steps.entries()) {
    const save = report.saves[index];
    assert.ok(save, `no report of save ${index + 1}`);
    const failed = report.failed[index];
    if (failed) assertTakenBack(failed, before, orRefused === true, index);
    // What the save logged when it was taken back, it need not log again, and may.
    const said = failed ? [...new Set([...failed.look.logged, ...save.look.logged]), ...save.look.probed] : linesOf(save.look);
    const about = `after save ${index + 1} (${described(save)})`;
    if (refused !== undefined || (orRefused && !isSwapped(save))) {
      assertRefused(save, refused ?? '', about);
      assert.deepEqual(said, before, `${about}, which was to change nothing`);
    } else {
      // The lines first: they tell more than that something was refused.
      assert.deepEqual(said, says ?? before, about);
      assert.ok(isSwapped(save), about);
      if (says)
        assert.ok(
          Object.keys(files).some((id) => save.swapped.includes(id)),
          `${about}: changed in place is only [${save.swapped.join()}]`,
        );
    }
    before = save.look.probed;
  }
}

function described({ kind, reload, reasons }: SaveReport): string {
  return [kind, reload, reasons.join('; ') || 'no reasons'].filter(Boolean).join('; ');
}

function isSwapped({ kind, reasons }: SaveReport): boolean {
  return kind === 'updated' && reasons.length === 0;
}

function assertRefused(save: SaveReport, reason: string, about: string): void {
  assert.ok(!isSwapped(save) && save.reasons.length > 0, `${about}: no reason is given`);
  assert.ok(
    reason === '' || save.reasons.some((text) => new RegExp(`(?<!\\w)${reason}(?!\\w)`, 'i').test(text)),
    `${about}: no reason says "${reason}"`,
  );
}

/** The same save together with a module that throws. */
function assertTakenBack(save: SaveReport, before: readonly string[], mayBeRefused: boolean, index: number): void {
  const about = `after the failed save ${index + 1} (${described(save)})`;
  assert.deepEqual(save.look.probed, before, about);
  assertRefused(save, mayBeRefused ? '' : `${FAILURE} ${index}`, about);
}
