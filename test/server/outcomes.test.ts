import assert from 'node:assert/strict';
import { test } from 'node:test';
import type { BatchLine } from '../../src/server/logger.ts';
import { createOutcomes, type Outcomes } from '../../src/server/outcomes.ts';
import { createTestClock, type TestClock } from './hot/test-clock.ts';

function setUp(): { outcomes: Outcomes; clock: TestClock; lines: string[] } {
  const lines: string[] = [];
  const clock = createTestClock();
  const batch = ({ files, outcome, durationMs }: BatchLine): void => void lines.push(`${files.join(', ')}: ${outcome} (${durationMs})`);
  return { outcomes: createOutcomes({ batch }, clock), clock, lines };
}

const update = { id: 'e-1', files: ['view.ts'], durationMs: 5 };

test('says what the first page did, and how long it all took', async () => {
  const { outcomes, clock, lines } = setUp();
  outcomes.published(update, 1);
  await clock.advance(7);
  outcomes.reported({ id: 'e-1', kind: 'updated', text: 'hot updated /view.ts' });
  await clock.advance(5000);
  assert.deepEqual(lines, ['view.ts: hot updated /view.ts (12)']);
});

test('several tabs that do the same are one line; what differs has its own', async () => {
  const { outcomes, lines } = setUp();
  outcomes.published(update, 1);
  for (const text of ['hot updated /view.ts', 'hot updated /view.ts', 'page reload (why)'])
    outcomes.reported({ id: 'e-1', kind: 'updated', text });
  outcomes.reported({ id: 'e-1', kind: 'ignored', text: '' });
  assert.deepEqual(lines, ['view.ts: hot updated /view.ts (5)', 'view.ts: page reload (why) (5)']);
});

test('says so when no page is open, and when none uses what changed', async () => {
  const { outcomes, clock, lines } = setUp();
  outcomes.published(update, 0);
  outcomes.published({ ...update, id: 'e-2' }, 1);
  outcomes.reported({ id: 'e-2', kind: 'ignored', text: '' });
  await clock.advance(5000);
  assert.deepEqual(lines, ['view.ts: no page is open (5)', 'view.ts: nothing to change in the open pages (5)']);
});

test('what nobody uses is named once, until a page does something again', async () => {
  const { outcomes, clock, lines } = setUp();
  let id = 0;
  const publish = async (file: string, pageCount: number): Promise<string> => {
    const batch = { ...update, id: `e-${++id}`, files: [file] };
    outcomes.published(batch, pageCount);
    outcomes.reported({ id: batch.id, kind: 'ignored', text: '' });
    await clock.advance(5000);
    return batch.id;
  };
  for (const file of ['log', 'log', 'notes', 'log']) await publish(file, 0);
  for (const file of ['log', 'log']) await publish(file, 1);
  assert.deepEqual(lines.splice(0), [
    'log: no page is open (5)',
    'notes: no page is open (5)',
    'log: nothing to change in the open pages (5)',
  ]);
  outcomes.reported({ id: await publish('log', 1), kind: 'updated', text: 'hot updated' });
  await publish('log', 1);
  assert.deepEqual(lines, ['log: hot updated (5005)', 'log: nothing to change in the open pages (5)']);
});

test('a save in two writes, of which the page has read all at once, is one line', async () => {
  const { outcomes, clock, lines } = setUp();
  outcomes.published(update, 1);
  outcomes.published({ ...update, id: 'e-2' }, 1);
  outcomes.published({ ...update, id: 'e-3', files: ['other.ts'] }, 1);
  outcomes.reported({ id: 'e-1', kind: 'updated', text: 'html merged' });
  for (const id of ['e-2', 'e-3']) outcomes.reported({ id, kind: 'ignored', text: '' });
  await clock.advance(5000);
  assert.deepEqual(lines, ['view.ts: html merged (5)', 'other.ts: nothing to change in the open pages (5)']);
});

test('a page that has not answered is not said to ignore it; its line comes later', async () => {
  const { outcomes, clock, lines } = setUp();
  outcomes.published(update, 1);
  await clock.advance(2000);
  outcomes.reported({ id: 'e-1', kind: 'updated', text: 'hot updated /view.ts' });
  assert.deepEqual(lines, ['view.ts: sent; no page has finished with it yet (5)', 'view.ts: hot updated /view.ts (2005)']);
});

test('a page that speaks of an update of long ago, or of another server, adds nothing', async () => {
  const { outcomes, clock, lines } = setUp();
  for (let n = 1; n <= 300; n++) {
    outcomes.published({ ...update, id: `e-${n}` }, 1);
    outcomes.reported({ id: `e-${n}`, kind: 'ignored', text: '' });
  }
  outcomes.reported({ id: 'e-1', kind: 'updated', text: 'hot updated /view.ts' });
  outcomes.reported({ id: 'other-1', kind: 'updated', text: 'hot updated /view.ts' });
  assert.deepEqual(lines, []);
  outcomes.close();
  await clock.advance(5000);
  assert.deepEqual(lines, []);
  assert.equal(clock.pending, 0);
});
