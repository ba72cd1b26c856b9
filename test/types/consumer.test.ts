/**
 * The types of the package as a project sees them: the README's snippets and the imports it promises, checked by the compiler against the
 * built declarations.
 */
import assert from 'node:assert/strict';
import { spawnSync } from 'node:child_process';
import fs from 'node:fs/promises';
import path from 'node:path';
import { test } from 'node:test';
import { fileURLToPath } from 'node:url';
import { buildTypes } from '../../scripts/build.ts';
import { fixture } from '../harness/fixture.ts';

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
import.meta.hot?.on('my:event', (payload) => payload.x);
const pages = import.meta.glob<{ title: string }>('./pages/*.ts');
for (const load of Object.values(pages)) document.title = (await load()).title;
const notes: Record<string, string> = import.meta.glob<string>(['./*.md', '!./draft.md'], { eager: true, query: '?raw', import: 'default' });
document.title = Object.entries(notes).map(([path, text]) => path + text).join();
document.addEventListener('hmr-dev:html-updated', ({ detail }) => detail.added.map(({ localName }) => localName + detail.file));
if (import.meta.hot) import.meta.hot.data.count = (import.meta.hot.data.count ?? 0) + 1;
document.title = logo + text + names.title;`,
  'src/wrong.ts': `import { container } from 'hmr-dev/client';
// @ts-expect-error -- the view has no such function
await container({ view: () => import('./view') }, ({ view }) => view.nothing());
// @ts-expect-error -- a name and not a number
import.meta.hot?.acceptExports(5);
// @ts-expect-error -- there is no such option
import.meta.glob('./*.ts', { eagre: true });`,
};

test('a project with strict types compiles against the package', async () => {
  buildTypes();
  assert.match(await fs.readFile(path.join(repository, 'dist/types/client/api.d.ts'), 'utf8'), /<reference path="\.\/assets\.d\.ts" \/>/);
  await using folder = await fixture(project);
  await fs.mkdir(folder.resolve('node_modules'));
  await fs.symlink(repository, folder.resolve('node_modules/hmr-dev'), 'dir');
  const { stdout, status } = spawnSync(process.execPath, [path.join(repository, 'node_modules/typescript/bin/tsc'), '-p', folder.path], {
    encoding: 'utf8',
  });
  assert.equal(stdout, '');
  assert.equal(status, 0);
});
