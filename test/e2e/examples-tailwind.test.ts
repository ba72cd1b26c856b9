/**
 * The Tailwind example: Tailwind's own PostCSS plugin behind fifteen lines of the example's configuration. What it looked for classes in is
 * what the sheet is made of.
 */
import assert from 'node:assert/strict';
import { test } from 'node:test';
import { openExample } from './examples-support.ts';

test('tailwind: a class that is new in a module or in the page, and an edit of the theme; what is packed stays', async (t) => {
  const { files, tab, untilStyle, assertAlive } = await openExample(t, 'tailwind');
  await tab.untilText('button', 'Stove');
  await untilStyle('h1', 'font-size', '30px');
  await tab.page.getByRole('button').nth(1).click();
  await tab.untilText('button', 'Stove ✓');
  await untilStyle('button:nth-child(2)', 'background-color', 'rgb(2, 132, 199)');

  await files.edit('src/item.ts', 'px-4 py-3', 'px-[7px] py-3');
  await untilStyle('button:nth-child(1)', 'padding-left', '7px');
  await tab.untilText('button', 'Stove ✓');

  await files.edit('src/site.css', '--color-brand: #0284c7', '--color-brand: rgb(1, 2, 3)');
  await untilStyle('button:nth-child(2)', 'background-color', 'rgb(1, 2, 3)');
  await tab.untilText('button', 'Stove ✓');
  await assertAlive();

  await files.edit('index.html', 'text-3xl', 'text-[41px]');
  await untilStyle('h1', 'font-size', '41px');
});

test('tailwind: a mistake in the sheet has its place, and the fix takes over', async (t) => {
  const { tab, untilStyle, breakAndMend, assertAlive } = await openExample(t, 'tailwind');
  await tab.untilText('button', 'Stove');
  await untilStyle('h1', 'font-size', '30px');
  await breakAndMend('src/site.css', 'bg-sky-50', 'bg-nothing', /site\.css:\d+:\d+/);
  await assertAlive(/site\.css|500/);
});

test('tailwind: a page that is opened is told of nothing', async (t) => {
  const { files, cli, tab, untilStyle } = await openExample(t, 'tailwind');
  await tab.untilText('button', 'Stove');
  await untilStyle('h1', 'font-size', '30px');
  const told = cli.log.waitFor(/hot updated/);
  await files.edit('src/item.ts', 'py-3', 'py-[9px]');
  await told;
  await untilStyle('button:nth-child(1)', 'padding-top', '9px');
  assert.equal(await tab.isSameDocument(), true);
  assert.match(cli.log.lines.filter((line) => line.includes('hot updated'))[0] ?? '', /item\.ts/);
});
