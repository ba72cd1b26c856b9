/** What is kept of versions of modules: found by hash, older ones too, and not for ever. */
import assert from 'node:assert/strict';
import { test } from 'node:test';
import { createDescriptions } from '../../src/server/descriptions.ts';

const isIn = (script: string, hash: string): boolean => script.includes(`$describe("${hash}",['${hash}']);`);

test('versions are described by hash, made when they are asked for; unknown ones are left out', async () => {
  const descriptions = createDescriptions();
  const made: string[] = [];
  for (const hash of ['a1', 'a2'])
    descriptions.add('/a.js', hash, async () => {
      made.push(hash);
      return `['${hash}']`;
    });
  descriptions.add('/off.js', 'b1', async () => undefined);
  assert.deepEqual(made, []);
  const script = await descriptions.script(['a1', 'b1', 'c1', '']);
  assert.deepEqual(made, ['a1']);
  assert.ok(isIn(script, 'a1'));
  assert.doesNotMatch(script, /b1|c1|a2/);
});

test('the newest fifty of a module are kept; one that came back is new', async () => {
  const descriptions = createDescriptions();
  const add = (id: string, hash: string): void => descriptions.add(id, hash, async () => `['${hash}']`);
  add('/other.js', 'other');
  add('/a.js', 'v0');
  add('/a.js', 'v1');
  add('/a.js', 'v0');
  for (let version = 2; version <= 50; version++) add('/a.js', `v${version}`);
  const script = await descriptions.script(['v0', 'v1', 'v2', 'v50', 'other']);
  assert.deepEqual(
    ['v0', 'v1', 'v2', 'v50', 'other'].map((hash) => isIn(script, hash)),
    [true, false, true, true, true],
  );
});

test('two modules with one text do not take it from each other', async () => {
  const descriptions = createDescriptions();
  descriptions.add('/a.js', 'same', async () => `['same']`);
  descriptions.add('/b.js', 'same', async () => `['same']`);
  for (let version = 0; version < 60; version++) descriptions.add('/a.js', `v${version}`, async () => undefined);
  assert.ok(isIn(await descriptions.script(['same']), 'same'));
});
