/** Which module owns a name that a barrel hands on, decided from the texts of modules alone. */
import assert from 'node:assert/strict';
import { test } from 'node:test';
import { createBarrels, isSelection, type Barrels } from '../../../src/server/compile/barrels.ts';
import { createFormats } from '../../../src/server/compile/formats.ts';
import { link } from '../../../src/server/compile/link.ts';
import { fileOfId, idOfFile } from '../../../src/server/compile/module-ids.ts';
import { createResolver } from '../../../src/server/compile/resolve.ts';
import { fixture, type Fixture } from '../../harness/fixture.ts';

const INDEX = '/node_modules/p/index.js';
const PURE = '{"name":"p","type":"module","sideEffects":false}';

interface Opened extends AsyncDisposable {
  readonly files: Fixture;
  readonly barrels: Barrels;
  /** How often a module was linked. */
  readonly links: Map<string, number>;
}

/** A package `p`; its index is a barrel of `./a.js` and what else a case says. */
async function open(modules: Readonly<Record<string, string>>): Promise<Opened> {
  const own = { 'package.json': PURE, 'a.js': 'export const a = 1; export default 2;', ...modules };
  const files = await fixture(Object.fromEntries(Object.entries(own).map(([name, text]) => [`node_modules/p/${name}`, text])));
  const root = files.path;
  const formats = createFormats(root);
  const resolver = createResolver({ root, formats });
  const links = new Map<string, number>();
  const barrels = createBarrels({
    root,
    formats,
    async facts(id) {
      links.set(id, (links.get(id) ?? 0) + 1);
      return link(await files.read(idOfFile(root, fileOfId(root, id)).slice(1)), { file: id });
    },
    resolve(specifier, importerPath) {
      const found = resolver.resolve(specifier, importerPath, { kind: 'import' });
      if (found.kind === 'error') throw found.error;
      return found.kind === 'file' ? idOfFile(root, found) : `https://elsewhere/${specifier}`;
    },
  });
  return { files, barrels, links, [Symbol.asyncDispose]: () => files[Symbol.asyncDispose]() };
}

/** `as` → owner of what a selection hands on. */
async function handedOn(barrels: Barrels, id: string): Promise<Record<string, string>> {
  const selection = await barrels.read(id);
  assert.ok(selection);
  const { requests, reexports } = selection.linked;
  return Object.fromEntries(reexports.map(({ as, dep, name }) => [as, `${requests[dep]?.id?.replace('/node_modules/p/', '')} ${name}`]));
}

const OTHERS = { 'b.js': 'export const b = 1;', 'c.js': 'export const c = 1;' };

for (const [title, index, names, expected] of [
  ['by name', `export { a } from './a.js'; export { b } from './b.js';`, ['a'], { a: 'a.js a' }],
  ['by another name', `export { default as z } from './a.js'; export { b } from './b.js';`, ['z'], { z: 'a.js default' }],
  ['imported, then exported', `import x from './a.js'; import './b.js'; export { x };`, ['x'], { x: 'a.js default' }],
  ['by a star', `export * from './b.js'; export * from './c.js'; export * from './a.js';`, ['a', 'c'], { a: 'a.js a', c: 'c.js c' }],
  ['as a namespace', `export * as all from './a.js'; export { b } from './b.js';`, ['all'], { all: 'a.js *' }],
  ['over several barrels', `export { q } from './inner.js'; export { b } from './b.js';`, ['q'], { q: 'a.js a' }],
] as const) {
  test(`the owner of what is handed on ${title}`, async () => {
    await using opened = await open({
      ...OTHERS,
      'index.js': index,
      'inner.js': `export { a as q } from './a.js'; export * from './c.js';`,
    });
    const id = await opened.barrels.select(INDEX, names);
    assert.equal(id, `${INDEX}?only=${names.join()}`);
    assert.equal(isSelection(id), true);
    assert.deepEqual(await handedOn(opened.barrels, id), expected);
    assert.ok(
      [...opened.links.values()].every((count) => count === 1),
      'each module is looked into once',
    );
  });
}

for (const [title, index, names] of [
  ['has a name of its own', `export { a } from './a.js'; export { b } from './b.js'; export const own = 1;`, ['a', 'own']],
  ['has nothing more', `export { a } from './a.js'; export { b } from './b.js';`, ['a', 'b']],
  ['does not have the name', `export { a } from './a.js'; export { b } from './b.js';`, ['nope']],
  ['has two owners for it', `export * from './b.js'; export * from './b2.js'; export * from './c.js';`, ['b']],
  ['may have it from elsewhere', `export * from 'https://elsewhere/x.js'; export * from './b.js';`, ['b']],
  ['hands it on from CommonJS', `export { a } from './old.cjs'; export { b } from './b.js';`, ['a']],
  ['imports what is not there', `export { a } from './gone.js'; export { b } from './b.js';`, ['a']],
  ['is a ring', `export { x as a } from './ring.js'; export { b } from './b.js';`, ['a']],
] as const) {
  test(`a barrel is taken whole that ${title}`, async () => {
    await using opened = await open({
      ...OTHERS,
      'index.js': index,
      'b2.js': 'export const b = 2;',
      'old.cjs': 'exports.a = 1;',
      'ring.js': `export { a as x } from './index.js'; export { b } from './b.js';`,
    });
    assert.equal(await opened.barrels.select(INDEX, names), INDEX);
  });
}

test('what a selection was made of makes it stale, and a name that is gone leads to the whole', async () => {
  await using opened = await open({ ...OTHERS, 'index.js': `export { a } from './a.js'; export { b } from './b.js';` });
  const { barrels, files } = opened;
  const id = await barrels.select(INDEX, ['a']);
  const selection = await barrels.read(id);
  assert.deepEqual(
    selection?.files.map((file) => file.slice(files.path.length)),
    ['/node_modules/p/index.js', '/node_modules/p/a.js'],
  );
  await files.write('node_modules/p/index.js', `export { b } from './b.js'; export { c } from './c.js';`);
  assert.deepEqual(await handedOn(barrels, id), { a: 'index.js a' });
});
