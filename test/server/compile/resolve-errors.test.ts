import assert from 'node:assert/strict';
import { after, before, describe, it } from 'node:test';
import { trueName } from '../../../src/server/compile/resolve-errors.ts';
import { fixture } from '../../harness/fixture.ts';
import { resolving, type Resolving } from './resolving.ts';

const FILES = {
  'package.json': '{"name": "app"}',
  'src/main.ts': '',
  'src/view.ts': '',
  'src/view.css': '',
  'src/model.js': '',
  'src/Header.tsx': '',
  'src/components/button.tsx': '',
  'src/shared/format.ts': '',
  'src/.secret.ts': '',
  'styles/main.css': '',
  'node_modules/exporting/package.json': '{"type": "module", "exports": {".": "./a.js", "./feature": "./f.js", "./deep/*": "./deep/*.js"}}',
  'node_modules/exporting/a.js': '',
  'node_modules/exporting/f.js': '',
  'node_modules/unbuilt/package.json': '{"name": "unbuilt", "main": "dist/index.js"}',
};

describe('hints', () => {
  let site: Resolving;
  before(async () => {
    site = await resolving(FILES);
  });
  after(() => site[Symbol.asyncDispose]());

  const meant: [specifier: string, hint: string, importer?: string][] = [
    ['./veiw.ts', 'Did you mean "./view.ts"?'],
    ['./veiw', 'Did you mean "./view.ts"?'],
    ['./veiw.js', 'Did you mean "./view.ts"?'],
    ['./model.ts', 'Did you mean "./model.js"?'],
    ['./modle.ts', 'Did you mean "./model.js"?'],
    ['./view.cs', 'Did you mean "./view.css"?'],
    ['./header.tsx', 'It is called "./Header.tsx" on disk; upper and lower case matter.'],
    ['./header', 'Did you mean "./Header.tsx"?'],
    ['./componets/button.tsx', 'Did you mean "./components/button.tsx"?'],
    ['./components/buton', 'Did you mean "./components/button.tsx"?'],
    ['../src/Components/button.tsx', 'It is called "./components/button.tsx" on disk; upper and lower case matter.'],
    ['./format', 'Did you mean "./shared/format.ts"?'],
    ['./util/format.ts', 'Did you mean "./shared/format.ts"?'],
    ['./view', 'Did you mean "../view.ts"?', 'src/components/button.tsx'],
    ['/view.ts', 'Did you mean "/src/view.ts"?'],
    ['/src/veiw.ts?raw', 'Did you mean "/src/view.ts?raw"?'],
    ['./veiw.ts?raw', 'Did you mean "./view.ts?raw"?'],
    ['./something-else.ts', 'Create the file, or correct the path.'],
    ['./secret.ts', 'Create the file, or correct the path.'],
    ['view.ts', 'Did you mean "./view.ts"?'],
    ['view', 'Did you mean "./view.ts"?'],
    ['components/button', 'Did you mean "./components/button.tsx"?'],
    ['react', 'npm install react'],
    ['react-dom/client', 'npm install react-dom'],
    ['@scope/pkg/deep', 'npm install @scope/pkg'],
    ['@/view', 'Add it to "paths" in tsconfig.json.'],
    ['#config', 'Names with # are declared under "imports" in package.json.'],
    ['exporting/featur', 'Did you mean "exporting/feature"?'],
    ['exporting/other', 'It exports "exporting", "exporting/feature".'],
    ['virtual:icons', 'Imports can be files, packages, and http:, https:, data: and blob: URLs.'],
  ];
  for (const [specifier, hint, importer] of meant) {
    it(`'${specifier}': ${hint}`, () => {
      const error = site.errorOf(specifier, importer);
      assert.deepEqual([error.code, error.hint], ['RESOLVE', hint]);
    });
  }

  const said: [specifier: string, message: string][] = [
    ['./veiw.ts', '"./veiw.ts" was not found (imported by src/main.ts).'],
    ['./veiw.ts?raw', '"./veiw.ts?raw" was not found (imported by src/main.ts).'],
    ['react-dom/client', 'The package "react-dom" was not found (imported by src/main.ts).'],
    ['exporting/other', 'The package "exporting" does not export "exporting/other" (imported by src/main.ts).'],
    ['unbuilt', 'The package "unbuilt" is installed, but its entry file is missing (imported by src/main.ts).'],
    ['unbuilt/x.js', 'The package "unbuilt" is installed, but "x.js" is not in it (imported by src/main.ts).'],
    ['virtual:icons', '"virtual:icons" cannot be loaded: nothing here knows "virtual:" (imported by src/main.ts).'],
    ['node:fs', '"node:fs" is a module of Node.js, which a browser does not have (imported by src/main.ts).'],
    ['path', '"path" is a module of Node.js, which a browser does not have (imported by src/main.ts).'],
  ];
  for (const [specifier, message] of said)
    it(`'${specifier}' says ${message}`, () => assert.equal(site.errorOf(specifier).message, message));

  it('for modules of Node names the module', () => assert.match(site.errorOf('node:fs/promises').hint ?? '', /"fs\/promises"/));

  it('for an alias name where it leads', async () => {
    await using aliased = await resolving({ 'tsconfig.json': '{"compilerOptions": {"paths": {"@/*": ["./src/*"]}}}', 'src/view.ts': '' });
    assert.equal(aliased.errorOf('@/something').hint, 'tsconfig.json leads to src/something.');
    assert.equal(aliased.errorOf('@/View').hint, 'Did you mean "./view.ts"?');
  });

  it('do not look into folders of packages, or for ever', async () => {
    await using other = await resolving({ 'src/main.ts': '', 'node_modules/x/lost.ts': '', 'src/node_modules/y/lost.ts': '' });
    assert.equal(other.errorOf('./lost.ts').hint, 'Create the file, or correct the path.');
  });
});

describe('trueName', () => {
  it('is the path as it is spelt on disk', async () => {
    await using folder = await fixture({ 'Src/View.ts': '' });
    assert.equal(trueName(folder.resolve('src/view.ts')), folder.resolve('Src/View.ts'));
    assert.equal(trueName(folder.resolve('Src/View.ts')), folder.resolve('Src/View.ts'));
  });

  it('prefers the exact name where both exist', async () => {
    await using folder = await fixture({ 'a.ts': '', 'A.ts': '' });
    assert.equal(trueName(folder.resolve('A.ts')), folder.resolve('A.ts'));
  });

  it('leaves what is not there as it is', () => assert.equal(trueName('/nowhere/at/all.ts'), '/nowhere/at/all.ts'));
});
