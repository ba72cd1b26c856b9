/** The app of packages: each part is on the page of all and on one of its own. A part that is missing would make a fast server. */
import assert from 'node:assert/strict';
import fs from 'node:fs/promises';
import { test } from 'node:test';
import { PARTS } from '../../bench/package-parts.ts';
import { packagesApp } from '../../bench/packages.ts';
import { fixture } from '../harness/fixture.ts';

test('every part is imported by the app, and by a page of its own', async () => {
  await using files = await fixture({ 'installed/package.json': '{"type":"module"}' });
  const app = await packagesApp(files.resolve('app'), files.resolve('installed'));
  const read = (name: string): Promise<string> => fs.readFile(files.resolve(`app/${name}`), 'utf8');
  const main = await read('src/main.ts');
  assert.equal(app.pages?.length, Object.keys(PARTS).length);
  for (const page of app.pages ?? []) {
    const name = page.slice(1, -'.html'.length);
    assert.match(await read(page), new RegExp(`src/${name}-alone\\.ts`));
    assert.match(await read(`src/${name}-alone.ts`), new RegExp(`'./${name}-part'`));
    assert.match(main, new RegExp(`'./${name}-part'`));
    assert.match(await read(`src/${name}-part.ts`), /^show\("/m);
  }
});

test('what a part imports is installed for it', () => {
  for (const [name, { packages, imports }] of Object.entries(PARTS)) {
    const imported = [...imports.matchAll(/from '((?:@[^/']+\/)?[^/']+)/g)].map(([, specifier]) => specifier ?? '');
    for (const specifier of imported) assert.ok(specifier in packages, `${specifier} of ${name}`);
  }
});
