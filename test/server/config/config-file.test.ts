import assert from 'node:assert/strict';
import fs from 'node:fs';
import path from 'node:path';
import { describe, test } from 'node:test';
import { loadConfig, type LoadedConfig } from '../../../src/server/config/config-file.ts';
import { ConfigError } from '../../../src/server/config/config-sources.ts';
import { REPOSITORY } from '../../harness/built.ts';
import { fixture, type Fixture } from '../../harness/fixture.ts';

/** Where the file is that is taken, from the fixture. */
const taken = (folder: Fixture, { filePath }: LoadedConfig): string | undefined =>
  filePath === undefined ? undefined : path.relative(folder.path, filePath);

const failure = async (root: string, configFile?: string): Promise<ConfigError> => {
  try {
    await loadConfig({ root, configFile });
  } catch (error) {
    assert.ok(error instanceof ConfigError, String(error));
    return error;
  }
  assert.fail('it should have thrown');
};

describe('which file', () => {
  test('none', async () => {
    await using folder = await fixture({ 'package.json': '{}' });
    const config = await loadConfig({ root: folder.path });
    assert.deepEqual([config.options, config.filePath], [{}, undefined]);
    for (const name of ['hmr.config.ts', 'hmr.config.mjs', '.env']) assert.ok(config.files.includes(folder.resolve(name)), name);
  });
  test('the nearest, up to the project; in one folder TypeScript first', async () => {
    const empty = 'export default {}';
    await using folder = await fixture({ 'hmr.config.ts': empty, 'p/package.json': '{}', 'p/hmr.config.js': empty, 'p/a/b/x': '' });
    const load = (): Promise<LoadedConfig> => loadConfig({ root: folder.resolve('p/a/b') });
    assert.equal(taken(folder, await load()), 'p/hmr.config.js');
    await folder.write('p/hmr.config.mts', empty);
    assert.equal(taken(folder, await load()), 'p/hmr.config.mts');
    await folder.write('p/hmr.config.ts', empty);
    assert.equal(taken(folder, await load()), 'p/hmr.config.ts');
    await folder.write('p/a/b/hmr.config.mjs', empty);
    assert.equal(taken(folder, await load()), 'p/a/b/hmr.config.mjs');
    await folder.remove('p/package.json');
    await folder.remove('p/a/b/hmr.config.mjs');
    // No project: nothing above the folder counts.
    assert.equal(taken(folder, await load()), undefined);
  });
  test('one that is named, and none at all', async () => {
    await using folder = await fixture({ 'hmr.config.js': 'export default { spa: true }', 'x.mjs': 'export default { port: 5 }' });
    const named = await loadConfig({ root: folder.path, configFile: folder.resolve('x.mjs') });
    assert.deepEqual(named.options, { port: 5 });
    assert.ok(!named.files.includes(folder.resolve('hmr.config.js')));
    assert.deepEqual((await loadConfig({ root: folder.path, configFile: false })).options, {});
  });
});

test('its folder, and that of the .env files, follow root and mode', async () => {
  await using folder = await fixture({
    'package.json': '{}',
    'web/x': '',
    'hmr.config.js': `export default ({ mode }) => ({ root: 'web', mode: mode + '2' })`,
  });
  const { options, files } = await loadConfig({ root: folder.path, mode: 'm' });
  assert.deepEqual(options, { root: folder.resolve('web'), mode: 'm2' });
  assert.ok(files.includes(folder.resolve('web/.env.m2')));
  assert.ok(files.includes(folder.resolve('.env.m2.local')));
});

test('a folder and a mode that the caller insists on have .env files too', async () => {
  await using folder = await fixture({
    'package.json': '{}',
    'src/x': '',
    'web/x': '',
    'hmr.config.js': `export default { root: 'web', mode: 'of-file' }`,
  });
  const { files } = await loadConfig({ root: folder.resolve('src'), mode: 'given' });
  for (const name of ['web/.env.of-file', 'src/.env.given']) assert.ok(files.includes(folder.resolve(name)), name);
  const other = await loadConfig({ root: folder.resolve('src') });
  assert.ok(!other.files.includes(folder.resolve('src/.env.development')));
});

describe('what it was made of', () => {
  const FILES = {
    'package.json': '{}',
    'hmr.config.ts': `import { port } from './a'; export default { port };`,
    'a.ts': `export * from './b/c.js';`,
    'b/c.ts': 'export const port: number = 5;',
  };
  test('is told, and looked at again', async () => {
    await using folder = await fixture(FILES);
    const config = await loadConfig({ root: folder.path });
    for (const name of ['hmr.config.ts', 'a.ts', 'b/c.ts']) assert.ok(config.files.includes(folder.resolve(name)), name);
    assert.ok(config.isCurrent());
    await folder.write('b/c.ts', 'export const port = 5;');
    assert.ok(!config.isCurrent());
  });
  test('a file that would be taken instead counts', async () => {
    await using folder = await fixture({ ...FILES, 'src/x': '' });
    const config = await loadConfig({ root: folder.resolve('src') });
    assert.ok(config.isCurrent());
    await folder.write('src/hmr.config.mjs', '');
    assert.ok(!config.isCurrent());
  });
  test('of a failure too, with what it lacks', async () => {
    await using folder = await fixture({ ...FILES, 'a.ts': `import './late.js';` });
    const error = await failure(folder.path);
    assert.deepEqual([error.location?.file, error.location?.line, error.location?.column], [folder.resolve('a.ts'), 1, 8]);
    for (const name of ['hmr.config.ts', 'a.ts', 'late.js', 'late.ts']) assert.ok(error.sources.files.includes(folder.resolve(name)), name);
    assert.ok(error.sources.isCurrent());
    await folder.write('late.ts', '');
    assert.ok(!error.sources.isCurrent());
  });
  test('of a package that is missing: installing it, even before the failure is told', async () => {
    const missing = `await import('later-installed');`;
    await using folder = await fixture({ 'package.json': '{}', 'hmr.config.mjs': missing });
    const error = await failure(folder.path);
    assert.ok(error.sources.files.includes(folder.resolve('package.json')));
    assert.ok(error.sources.isCurrent());
    const install = `import fs from 'node:fs'; fs.writeFileSync(new URL('./package.json', import.meta.url), '{"private":true}');`;
    await folder.write('hmr.config.mjs', `${install} ${missing}`);
    const late = await failure(folder.path);
    assert.ok(!late.sources.isCurrent());
  });
  test('its own file, named and missing', async () => {
    await using folder = await fixture({});
    const error = await failure(folder.path, folder.resolve('x.ts'));
    assert.ok(error.sources.files.includes(folder.resolve('x.ts')));
    await folder.write('x.ts', 'export default {}');
    assert.ok(!error.sources.isCurrent());
  });
});

test('this program and its plugins need not be installed', async () => {
  await using folder = await fixture({
    'hmr.config.ts': `import { defineConfig } from 'hmr-dev'; import react from 'hmr-dev/react'; import preact from 'hmr-dev/preact';
      export default defineConfig({ plugins: [react(), preact()] });`,
  });
  const { options } = await loadConfig({ root: folder.path });
  assert.deepEqual(
    options.plugins?.map((plugin) => plugin && 'name' in plugin && plugin.name),
    ['hmr-dev/react', 'hmr-dev/preact'],
  );
});

test('the example of the README', async () => {
  const readme = fs.readFileSync(path.join(REPOSITORY, 'README.md'), 'utf8');
  const [, example = ''] = /^## Configuration\n[\s\S]*?```ts\n([\s\S]*?)```/m.exec(readme) ?? [];
  await using folder = await fixture({ 'package.json': '{}', 'src/x': '', 'hmr.config.ts': example });
  const { options } = await loadConfig({ root: folder.path });
  assert.deepEqual(
    [options.root, options.port, options.define, options.spa],
    [folder.resolve('src'), 8080, { __VERSION__: '"1.2.0"' }, true],
  );
});

test('every run is a new one, and leaves nothing behind', async () => {
  await using folder = await fixture({ 'package.json': '{}', 'hmr.config.js': `let n = 0; export default { port: ++n };` });
  for (let run = 0; run < 3; run++) assert.deepEqual((await loadConfig({ root: folder.path })).options, { port: 1 });
  assert.deepEqual(fs.readdirSync(folder.path).toSorted(), ['hmr.config.js', 'package.json']);
});

test('places: of an import, of its own, of what it throws in a file that it imports', async () => {
  await using folder = await fixture({
    'package.json': '{}',
    'hmr.config.ts': `import { at } from './sub/at.js';\n\nexport default () => at(import.meta.url);`,
    'sub/at.ts': `type T = string;\nexport function at(url: T): never {\n  throw new Error([url, import.meta.url].map((one) => one.split('/').at(-1)).join());\n}`,
  });
  const error = await failure(folder.path);
  assert.equal(error.message, 'hmr.config.ts failed: hmr.config.ts,at.ts');
  assert.deepEqual(error.location, { file: folder.resolve('sub/at.ts'), line: 3, column: 9 });
  assert.match(error.frame ?? '', /> 3 \| {3}throw new Error/);
});

test('values by the rules of the command line, in the words of the file', async () => {
  const cases: readonly (readonly [string, string])[] = [
    ['{ strictPort: 1 }', '"strictPort" in hmr.config.js takes true or false; it is 1.'],
    [`{ logLevel: 'loud' }`, '"logLevel" in hmr.config.js takes one of silent, error, warn, info, debug; it is "loud".'],
    [
      `{ mode: 'local' }`,
      '"mode" in hmr.config.js takes a name such as "staging" (and not "local", whose .env file is another thing); it is "local".',
    ],
    [`{ alias: 5 }`, 'hmr.config.js: "alias" takes an object of texts.'],
    [`{ root: 5 }`, 'hmr.config.js: "root" takes a path.'],
    [`{ server: {} }`, 'hmr.config.js has an option "server", which hmr-dev does not know.'],
  ];
  for (const [text, message] of cases) {
    await using folder = await fixture({ 'package.json': '{}', 'hmr.config.js': `export default ${text};` });
    assert.equal((await failure(folder.path)).message, message);
  }
});
