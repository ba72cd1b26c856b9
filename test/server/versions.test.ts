import assert from 'node:assert/strict';
import fs from 'node:fs';
import { test } from 'node:test';
import { createVersions } from '../../src/server/versions.ts';
import { fixture } from '../harness/fixture.ts';

test('a save is a change once, and only with another content', async () => {
  await using files = await fixture({ 'a.js': '1' });
  const file = files.resolve('a.js');
  const versions = createVersions();
  versions.note(file, '1');
  assert.equal(versions.hasChanged(file), false);
  await files.write('a.js', '2');
  assert.equal(versions.hasChanged(file), true);
  assert.equal(versions.hasChanged(file), false);
});

test('who reads between a save and its batch does not hide the change', async () => {
  await using files = await fixture({ 'a.js': '1' });
  const file = files.resolve('a.js');
  const versions = createVersions();
  versions.note(file, '1');
  await files.write('a.js', '2');
  versions.note(file, '2');
  assert.deepEqual(versions.untold(), [file]);
  assert.equal(versions.hasChanged(file), true);
});

test('who reads a file first, after it was sent and saved, does not hide the change', async () => {
  await using files = await fixture({ 'a.svg': '1', 'b.svg': '1' });
  const [saved, left] = [files.resolve('a.svg'), files.resolve('b.svg')];
  const versions = createVersions();
  for (const file of [saved, left]) versions.noteSent(file, fs.statSync(file, { bigint: true }).ctimeNs);
  await files.atomicWrite('a.svg', '2');
  const [now] = [versions.read(saved), versions.read(left)];
  assert.equal(versions.noted(saved), now);
  assert.deepEqual(versions.untold(), [saved]);
  assert.equal(versions.hasChanged(left), false);
  assert.equal(versions.hasChanged(saved), true);
  assert.equal(versions.hasChanged(saved), false);
});

test('untold is what changed or went since it was read, whoever read it', async () => {
  await using files = await fixture({ 'a.js': '1', 'a.css': '1', 'a.html': '1' });
  const versions = createVersions();
  for (const name of ['a.js', 'a.css', 'a.html']) versions.note(files.resolve(name), '1');
  assert.deepEqual(versions.untold(), []);
  await files.write('a.css', '2');
  await files.remove('a.html');
  assert.deepEqual(versions.untold(), [files.resolve('a.css'), files.resolve('a.html')]);
});

test('what was written long before the start is not read again', async () => {
  await using files = await fixture({ 'a.js': 'another content' });
  const versions = createVersions(Date.now() + 60_000);
  versions.note(files.resolve('a.js'), '1');
  assert.deepEqual(versions.untold(), []);
});

test('what was read to its end while a batch was handled is not told again', async () => {
  await using files = await fixture({ 'a.js': '1' });
  const file = files.resolve('a.js');
  const versions = createVersions();
  versions.note(file, '1');
  await files.write('a.js', '2');
  assert.equal(versions.hasChanged(file), true);
  await files.write('a.js', '23');
  assert.equal(await versions.isSettled(file), false);
  versions.note(file, '23');
  assert.equal(await versions.isSettled(file), true);
  assert.equal(versions.hasChanged(file), false);
});
