/**
 * The types of the package as a project sees them: the README's snippets and the imports it promises, checked by the compiler against the
 * built declarations.
 */
import assert from 'node:assert/strict';
import { spawnSync } from 'node:child_process';
import fs from 'node:fs/promises';
import path from 'node:path';
import { before, test } from 'node:test';
import { fileURLToPath } from 'node:url';
import { buildTypes } from '../../scripts/build.ts';
import { fixture, type Fixture } from '../harness/fixture.ts';

const repository = fileURLToPath(new URL('../..', import.meta.url));

const project = {
  'tsconfig.json': JSON.stringify({
    compilerOptions: {
      strict: true,
      noEmit: true,
      target: 'es2022',
      lib: ['es2023', 'dom'],
      module: 'esnext',
      moduleResolution: 'bundler',
      types: ['hmr-dev/client'],
    },
    include: ['src'],
  }),
  'src/view.ts': 'export const render = (state: number): void => void state; export const draw = (): void => undefined;',
  'src/main.ts': `import { container } from 'hmr-dev/client';
import logo from './logo.svg';
import text from './note.txt?raw';
import names from './card.module.css';
import './style.css';

await container({ './view.js': 'view' }, ({ view }) => view.render(1));
await container({ view: () => import('./view') }, ({ view }) => view.render(1));

import.meta.hot?.accept((module) => module?.draw());
import.meta.hot?.accept('./view', (view) => view?.draw());
import.meta.hot?.accept(['./view'], ([view]) => view?.draw());
import.meta.hot?.dispose((data) => clearInterval(data.timer));
import.meta.hot?.on('vite:beforeUpdate', ({ updates }) => updates.map(({ path }) => path.length));
import.meta.hot?.on('hmr-dev:swap-before', ({ paths, cancel }) => paths.length > 9 && cancel('too many'));
import.meta.hot?.on('hmr-dev:swap-after', ({ notes }) => notes.map((note) => note.length));
import.meta.hot?.on('hmr-dev:swap-refused', ({ refusals }) => refusals.map(({ path, reason, line }) => path + reason + (line?.toFixed() ?? '')));
import.meta.hot?.on('hmr-dev:swap-rollback', ({ err }) => err instanceof Error && err.message);
class Apple { private constructor(public seeds: number | number[]) {} static make = () => new Apple(3); }
let hits = 0n;
import.meta.hot?.migrate({ hits: (prev: number) => BigInt(prev), Apple(apple: Apple) { apple.seeds = []; }, other: (prev, next) => prev ?? next });
import.meta.hot?.track(Apple, HTMLElement);
import.meta.hot?.keep('hits');
import.meta.hot?.reset('hits', 'other');
if (import.meta.hot) import.meta.hot.swap = true;
document.title = String(hits++) + Apple.make().seeds;
import.meta.hot?.on('my:event', (payload) => payload.x);
const pages = import.meta.glob<{ title: string }>('./pages/*.ts');
for (const load of Object.values(pages)) document.title = (await load()).title;
const notes: Record<string, string> = import.meta.glob<string>(['./*.md', '!./draft.md'], { eager: true, query: '?raw', import: 'default' });
document.title = Object.entries(notes).map(([path, text]) => path + text).join();
document.addEventListener('hmr-dev:html-updated', ({ detail }) => detail.added.map(({ localName }) => localName + detail.file));
if (import.meta.hot) import.meta.hot.data.count = (import.meta.hot.data.count ?? 0) + 1;
const { MODE, DEV }: { MODE: string; DEV: boolean } = import.meta.env;
document.title = import.meta.env.PUBLIC_TITLE.trim() + import.meta.env['VITE_OTHER'] + MODE + DEV;
document.title = logo + text + names.title;`,
  'src/env.d.ts': 'interface ImportMetaEnv { readonly PUBLIC_TITLE: string }',
  'src/wrong.ts': `import { container } from 'hmr-dev/client';
// @ts-expect-error -- the view has no such function
await container({ view: () => import('./view') }, ({ view }) => view.nothing());
// @ts-expect-error -- a name and not a number
import.meta.hot?.acceptExports(5);
// @ts-expect-error -- a function, and no value
import.meta.hot?.migrate({ hits: 5 });
// @ts-expect-error -- a class, and no name of one
import.meta.hot?.track('Apple');
// @ts-expect-error -- there is no such property
import.meta.hot?.on('hmr-dev:swap-after', ({ updates }) => updates);
// @ts-expect-error -- there is no such option
import.meta.glob('./*.ts', { eagre: true });
// @ts-expect-error -- a name and no number
export const mode: number = import.meta.env.MODE;
// @ts-expect-error -- the project says that it is a text
export const title: number = import.meta.env.PUBLIC_TITLE;`,
};

const configuration = {
  'tsconfig.json': JSON.stringify({
    compilerOptions: {
      strict: true,
      exactOptionalPropertyTypes: true,
      noEmit: true,
      target: 'es2022',
      lib: ['es2023'],
      module: 'nodenext',
      // What a project with a configuration in TypeScript has.
      types: ['node'],
      typeRoots: [path.join(repository, 'node_modules/@types')],
    },
    include: ['*.ts'],
  }),
  'package.json': '{"type":"module"}',
  'hmr.config.ts': `import { defineConfig, type Plugin, type UserConfig } from 'hmr-dev';
const plugin: Plugin = { name: 'a', setup(build) { build.onLoad({ filter: /x/ }, ({ path }) => ({ contents: path })); } };
export default defineConfig({ root: './src', port: 80, host: true, define: { A: '1' }, alias: { '@': './src' }, plugins: [plugin, false], envPrefix: ['A_'], mode: 'x' });
export const later = defineConfig(async ({ command, mode }) => ({ spa: command === 'serve', define: { MODE: JSON.stringify(mode) } }));
export const promised = defineConfig(Promise.resolve({ spa: true }));
export const plain = { ignore: ['a'] } satisfies UserConfig;
// @ts-expect-error -- there is no such option
defineConfig({ prot: 80 });
// @ts-expect-error -- a number and not a text
defineConfig({ port: '80' });
// @ts-expect-error -- the command line's
defineConfig({ logger: undefined });
// @ts-expect-error -- there is no such option
defineConfig(() => ({ prot: 80 }));`,
};

function compile(folder: string): { readonly stdout: string; readonly status: number | null } {
  return spawnSync(process.execPath, [path.join(repository, 'node_modules/typescript/bin/tsc'), '-p', folder], { encoding: 'utf8' });
}

async function installed(files: Readonly<Record<string, string>>): Promise<Fixture> {
  const folder = await fixture(files);
  await fs.mkdir(folder.resolve('node_modules'));
  await fs.symlink(repository, folder.resolve('node_modules/hmr-dev'), 'dir');
  return folder;
}

before(buildTypes);

test('a project with strict types compiles against the package', async () => {
  assert.match(await fs.readFile(path.join(repository, 'dist/types/client/api.d.ts'), 'utf8'), /<reference path="\.\/assets\.d\.ts" \/>/);
  await using folder = await installed(project);
  const { stdout, status } = compile(folder.path);
  assert.equal(stdout, '');
  assert.equal(status, 0);
});

test('a configuration in TypeScript is typed', async () => {
  await using folder = await installed(configuration);
  const { stdout, status } = compile(folder.path);
  assert.equal(stdout, '');
  assert.equal(status, 0);
});
