/**
 * The Svelte example: esbuild-svelte as it comes from the registry, and the code for hot updates that Svelte's own compiler writes.
 */
import assert from 'node:assert/strict';
import { test } from 'node:test';
import { openExample } from './examples-support.ts';

test('svelte: template, style, script and state module are edited; what is outside of the edited component stays', async (t) => {
  const { files, tab, untilStyle, assertAlive } = await openExample(t, 'svelte');
  await tab.untilText('li:nth-child(2) span', 'Grace gave 0');
  for (let n = 0; n < 2; n++) await tab.page.getByRole('button').nth(1).click();
  await tab.untilText('.total', '2 €');

  // A style is a sheet of its own: not even the component starts anew.
  await files.edit('src/Guest.svelte', 'background: #ff3e00', 'background: rgb(1, 2, 3)');
  await untilStyle('li button', 'background-color', 'rgb(1, 2, 3)');
  await tab.untilText('li:nth-child(2) span', 'Grace gave 2');

  // Svelte mounts the edited component anew: its own state begins again, the app's does not.
  await files.edit('src/Guest.svelte', 'Give 1 €', 'Give one');
  await tab.untilText('li:nth-child(1) button', 'Give one');
  await tab.untilText('li:nth-child(2) span', 'Grace gave 0');
  await tab.untilText('.total', '2 €');

  await files.edit('src/Guest.svelte', 'given = $state(0)', 'given = $state(5)');
  await tab.untilText('li:nth-child(1) span', 'Ada gave 5');
  await tab.page.getByRole('button').nth(0).click();
  await tab.untilText('.total', '3 €');

  await files.edit('src/App.svelte', '<h1>Tip jar</h1>', '<h1>Thank you</h1>');
  await tab.untilText('h1', 'Thank you');
  await tab.untilText('.total', '3 €');

  await files.edit('src/tips.svelte.ts', 'total: 0', 'total: 100');
  await tab.untilText('.total', '100 €');
  await assertAlive();
});

test('svelte: a mistake in the markup has its place, and the fix goes on with the state', async (t) => {
  const { tab, breakAndMend, assertAlive } = await openExample(t, 'svelte');
  await tab.untilText('li:nth-child(1) span', 'Ada gave 0');
  await tab.page.getByRole('button').nth(0).click();
  await tab.untilText('.total', '1 €');
  await breakAndMend('src/App.svelte', '<p class="total">{tips.total} €</p>', '<p class="total">{tips.total} €</b>', /App\.svelte:9:\d+/);
  await tab.untilText('.total', '1 €');
  await tab.untilText('li:nth-child(1) span', 'Ada gave 1');
  await assertAlive(/App\.svelte/);
});

test('svelte: what the compiler warns of is told once', async (t) => {
  const { files, cli, tab } = await openExample(t, 'svelte');
  await tab.untilText('.total', '0 €');
  const warned = cli.log.waitFor(/click.*events|a11y/i);
  await files.edit('src/App.svelte', '<h1>Tip jar</h1>', '<h1 onclick={() => 0}>Tip jar</h1>');
  await warned;
  const count = (): number => cli.log.lines.filter((line) => /a11y_click/.test(line) || /click events/i.test(line)).length;
  const before = count();
  await files.edit('src/App.svelte', '>Tip jar</h1>', '>Tips</h1>');
  await tab.untilText('h1', 'Tips');
  assert.equal(count(), before);
});
