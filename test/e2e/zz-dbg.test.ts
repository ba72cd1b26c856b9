/**
 * `import.meta.hot` in Chromium: what accepting means in all its forms, as libraries written for Vite rely on it.
 */
import assert from 'node:assert/strict';
import { test } from 'node:test';
import { html, openHot } from './hot-page.ts';

const kinds = (reports: readonly { kind: string }[]): string[] => reports.map(({ kind }) => kind);

test("data survives updates, is each module's own, and is gone after prune", async (t) => {
  const counter = (name: string, n: number): string =>
    `const { data } = import.meta.hot; data.runs = (data.runs ?? 0) + 1; say('${name}', data.runs); import.meta.hot.accept(); // ${n}`;
  const site = await openHot(t, {
    'main.js': `import './a.js'; import './b.js'; import.meta.hot.accept();`,
    'a.js': counter('a', 1),
    'b.js': counter('b', 1),
  });
  const log: unknown[] = [];
  site.server.server.on('update', (u) => log.push([u.id, u.files, u.changes.map((c) => c.kind)]));
  site.server.server.on('outcome', (u) => log.push(u));
  await site.save({ 'a.js': counter('a', 2).replace('//', 'say("x");') });
  await site.save({ 'a.js': counter('a', 3) + '\nsay("y");' });
  t.after(async () =>
    console.log(
      JSON.stringify(log),
      JSON.stringify(site.server.log.lines),
      JSON.stringify(site.tab.console.lines),
      JSON.stringify(site.tab.errors),
    ),
  );
  assert.deepEqual(await site.said(), [['a', 1], ['b', 1], ['a', 2], 'x', ['a', 3], 'y']);
  await site.save({ 'main.js': `import './b.js'; import.meta.hot.accept();` });
  await site.save({ 'main.js': `import './a.js'; import './b.js'; import.meta.hot.accept();` });
  assert.deepEqual(await site.said(), [['a', 1], 'y']);
});
