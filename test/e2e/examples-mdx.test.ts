/**
 * The MDX example: @mdx-js/esbuild as it comes from the registry, with components of Preact in the text.
 */
import { test } from 'node:test';
import { openExample } from './examples-support.ts';

test('mdx: text, component and style are edited; the counters in the text keep their counts', async (t) => {
  const { files, tab, untilStyle, assertAlive } = await openExample(t, 'mdx');
  await tab.untilText('button:nth-of-type(1)', 'Swallows: 0');
  for (let n = 0; n < 2; n++) await tab.page.getByRole('button').nth(1).click();
  await tab.untilText('.tally', 'Herons: 2');

  await files.edit('notes.mdx', 'the river is high', 'the river is low');
  await tab.untilText('li', 'the river is low');
  await tab.untilText('.tally', 'Herons: 2');
  await files.edit('notes.mdx', '# Field notes', '# Notes of {[1, 2].length} days');
  await tab.untilText('h1', 'Notes of 2 days');
  await tab.untilText('.tally', 'Herons: 2');
  await files.edit('style.css', 'color: #33302a', 'color: rgb(1, 2, 3)');
  await untilStyle('#app', 'color', 'rgb(1, 2, 3)');
  await tab.untilText('.tally', 'Herons: 2');

  await files.edit('tally.tsx', '{of}: {seen}', '{of} × {seen}');
  await tab.untilText('.tally', /Swallows × \d/);
  await assertAlive();
});

test('mdx: a mistake in the text has its place, and the fix goes on with the state', async (t) => {
  const { tab, breakAndMend, assertAlive } = await openExample(t, 'mdx');
  await tab.untilText('.tally', 'Swallows: 0');
  await tab.page.getByRole('button').nth(0).click();
  await tab.untilText('.tally', 'Swallows: 1');
  await breakAndMend('notes.mdx', '<Tally of="Herons" />', '<Tally of={} />', /notes\.mdx:9:\d+/);
  await tab.untilText('.tally', 'Swallows: 1');
  await assertAlive(/notes\.mdx/);
});
