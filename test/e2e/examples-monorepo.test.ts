/**
 * The monorepo example: an app and two packages of one repository, linked as npm's workspaces are, in TypeScript that nobody builds.
 */
import fs from 'node:fs/promises';
import { test } from 'node:test';
import type { Fixture } from '../harness/fixture.ts';
import { openExample } from './examples-support.ts';

/** As `npm install` does it. */
async function linkWorkspaces(files: Fixture): Promise<void> {
  await fs.mkdir(files.resolve('node_modules/@example'), { recursive: true });
  for (const name of ['prices', 'ui']) await fs.symlink(`../../packages/${name}`, files.resolve(`node_modules/@example/${name}`), 'dir');
}

test('monorepo: an edit in a linked package, of its script or its sheet, is hot in the app', async (t) => {
  const { files, tab, untilStyle, assertAlive } = await openExample(t, 'monorepo', { root: 'app', arrange: linkWorkspaces });
  await tab.untilText('output', '0.00 €');
  for (let n = 0; n < 2; n++) await tab.page.getByRole('button').nth(0).click();
  await tab.untilText('output', '0.80 €');

  await files.edit('packages/prices/src/index.ts', 'cents: 40', 'cents: 45');
  await tab.untilText('output', '0.90 €');
  await files.edit('packages/ui/src/index.ts', ' × ${count}', ' (${count})');
  await tab.untilText('button', 'Apple · 0.45 € (2)');
  await files.edit('packages/ui/src/button.css', 'background: #16a34a', 'background: rgb(1, 2, 3)');
  await untilStyle('button', 'background-color', 'rgb(1, 2, 3)');
  await files.edit('app/view.ts', 'Market stall', 'Saturday market');
  await tab.untilText('h1', 'Saturday market');
  await tab.untilText('output', '0.90 €');
  await assertAlive();
});

test('monorepo: a mistake in a linked package has its place, and the fix goes on with the basket', async (t) => {
  const { tab, breakAndMend, assertAlive } = await openExample(t, 'monorepo', { root: 'app', arrange: linkWorkspaces });
  await tab.untilText('output', '0.00 €');
  await tab.page.getByRole('button').nth(1).click();
  await tab.untilText('output', '0.55 €');
  await breakAndMend('packages/prices/src/index.ts', 'cents: 55 }', 'cents: 55 ', /packages\/prices\/src\/index\.ts:9:\d+/);
  await tab.untilText('output', '0.55 €');
  await assertAlive(/prices/);
});
