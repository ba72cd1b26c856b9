import assert from 'node:assert/strict';
import fs from 'node:fs';
import { test, type TestContext } from 'node:test';
import { FILE } from '../../../src/server/compile/plugins/plugin-modules.ts';
import { createSources, type Sources } from '../../../src/server/compile/sources.ts';
import { fixture, type Fixture } from '../../harness/fixture.ts';

interface Reading {
  readonly files: Fixture;
  readonly noted: string[];
  read(name: string): ReturnType<Sources['read']>;
}

async function reading(t: TestContext): Promise<Reading> {
  const files = await fixture({ 'a.js': '1' });
  t.after(() => files[Symbol.asyncDispose]());
  const noted: string[] = [];
  const sources = createSources({
    root: files.path,
    plugins: { loaderOf: () => undefined },
    onRead: (_, content) => void noted.push(String(content)),
    onReadByPlugin: () => undefined,
  });
  return { files, noted, read: (name) => sources.read({ path: files.resolve(name), namespace: FILE, suffix: '', pluginData: undefined }) };
}

test('a file that is being written is read when it is', async (t) => {
  const { files, noted, read } = await reading(t);
  fs.truncateSync(files.resolve('a.js'));
  const source = read('a.js');
  fs.writeFileSync(files.resolve('a.js'), '2');
  assert.equal(String((await source).content), '2');
  assert.deepEqual(noted, ['2']);
});

test('a file whose time does not tell yet that it was emptied', async (t) => {
  const { files, read } = await reading(t);
  fs.truncateSync(files.resolve('a.js'));
  fs.utimesSync(files.resolve('a.js'), 1, 1);
  const source = read('a.js');
  fs.writeFileSync(files.resolve('a.js'), '2');
  assert.equal(String((await source).content), '2');
});

test('a file that was emptied for good, just now and long ago', async (t) => {
  const { files, noted, read } = await reading(t);
  fs.truncateSync(files.resolve('a.js'));
  assert.equal(String((await read('a.js')).content), '');
  fs.utimesSync(files.resolve('a.js'), 1, 1);
  assert.equal(String((await read('a.js')).content), '');
  assert.deepEqual(noted, ['', '']);
});
