/**
 * `hmr-dev/react` with React itself, in Chromium: what is kept and what begins anew over edits of one open page, as React's refresh
 * library decides it, and who takes what it cannot.
 */
import assert from 'node:assert/strict';
import { mkdir, readFile, symlink } from 'node:fs/promises';
import path from 'node:path';
import { test } from 'node:test';
import type { Plugin } from '../../src/server/compile/plugins/plugin.ts';
import react from '../../src/server/react.ts';
import { openPage } from '../harness/browser.ts';
import { REPOSITORY } from '../harness/built.ts';
import { startCli } from '../harness/cli.ts';
import { fixture, type Fixture } from '../harness/fixture.ts';
import { openExample } from './examples-support.ts';
import { appFiles, testRefresh } from './refresh-app.ts';
import { openComponents } from './refresh-support.ts';

const FILES = appFiles(
  { core: 'react', hooks: 'react', compat: 'react' },
  `import { StrictMode } from 'react';
    import { createRoot } from 'react-dom/client';
    import { App } from './app';
    createRoot(document.querySelector('main')!).render(<StrictMode><App /></StrictMode>);`,
);

testRefresh(react, FILES, {
  classes: 'keep',
  mended: { app: 'app 0', child: 'child 0' },
  // In StrictMode React draws twice, and does not see at the second time that the component is a new one.
  once: FILES['main.tsx'].replace('<StrictMode><App /></StrictMode>', '<App />'),
});

/** This program, and some packages of its own. */
async function install(files: Fixture, ...names: readonly string[]): Promise<void> {
  await mkdir(files.resolve('node_modules'));
  for (const name of names) await symlink(path.join(REPOSITORY, 'node_modules', name), files.resolve(`node_modules/${name}`), 'dir');
  await symlink(REPOSITORY, files.resolve('node_modules/hmr-dev'), 'dir');
}

test('the example: its configuration file names the plugin as users do', async (t) => {
  const { files, tab, assertAlive } = await openExample(t, 'react', {
    arrange: (copy) => install(copy, 'react', 'react-dom', 'react-refresh'),
  });
  await tab.page.getByText('Tent').click();
  await tab.untilText('.summary', '1 of 4 packed');
  await tab.page.getByLabel('Another thing').fill('Knife');
  await files.edit('src/App.tsx', 'Packing for the hut', 'Off to the hut');
  await tab.untilText('h1', 'Off to the hut');
  await files.edit('src/Thing.tsx', "'✓'", "'✔'");
  await tab.untilText('.packed', '✔ Tent');
  assert.equal(await tab.page.getByLabel('Another thing').inputValue(), 'Knife');
  await assertAlive();
});

test('a missing refresh library is one error, with the line that installs it', async () => {
  await using files = await fixture({
    'package.json': '{"type":"module"}',
    'hmr.config.js': `import react from 'hmr-dev/react'; export default { plugins: [react()] };`,
    'index.html': '<script type="module" src="main.jsx"></script>',
    'main.jsx': 'import { A } from "./a"; export const App = () => <A />;',
    'a.jsx': 'export const A = () => <p />;',
  });
  await install(files, 'react');
  await using cli = await startCli([files.path, '--port', '0']);
  await using _tab = await openPage(cli.url());
  await cli.log.waitFor(/^ {2}hint npm install -D react-refresh, and start hmr-dev again$/);
  assert.equal(cli.log.lines.filter((line) => line.startsWith('Plugin error')).length, 1);
});

/** Draws again itself, as programs without refresh do. */
const CONTAINED = {
  'main.tsx': `import { createRoot } from 'react-dom/client';
    import { container } from 'hmr-dev/client';
    const root = createRoot(document.querySelector('main')!);
    await container({ view: () => import('./view') }, ({ view }) => root.render(<view.default label={view.label} />));`,
  'view.tsx': `import { useState } from 'react';
    import { Inner } from './inner';
    export const label = { text: 'view' };
    export default function View({ label }) { const [n, set] = useState(0); return <><button id="view" onClick={() => set(n + 1)}>{label.text} {n}</button><Inner /></>; }`,
  'inner.tsx': `import { useState } from 'react';
    export function Inner() { const [n, set] = useState(0); return <button id="inner" onClick={() => set(n + 1)}>inner {n}</button>; }`,
};

test('a container above components: it draws the new ones with the state of the old', async (t) => {
  const site = await openComponents(t, react(), CONTAINED, { view: 'view 0' });
  await site.page.click('#view');
  await site.page.click('#inner');
  await site.shows({ view: 'view 1', inner: 'inner 1' });
  await site.edit('view.tsx', "'view'", "'View'", { view: 'View 1', inner: 'inner 1' });
  await site.edit('inner.tsx', '>inner', '>Inner', { view: 'View 1', inner: 'Inner 1' });
  // The label is the object that it was.
  assert.deepEqual(await site.printed(), ['hot updated: /view.tsx', 'hot updated: /inner.tsx']);
  assert.ok(await site.tab.isSameDocument());
});

test('modules of one batch are drawn once, all of them new', async (t) => {
  const site = await openComponents(
    t,
    react(),
    {
      ...CONTAINED,
      'view.tsx': CONTAINED['view.tsx']
        .replace('export const label', 'const label')
        .replace('{ label }', '')
        .replace('<Inner />', '<Inner said={say("view a")} />'),
      'inner.tsx': CONTAINED['inner.tsx'].replace('Inner()', 'Inner({ said })').replace('const [n', 'say("inner a"); const [n'),
    },
    { inner: 'inner 0' },
  );
  await site.said();
  const [view, inner] = await Promise.all(['view.tsx', 'inner.tsx'].map((name) => site.files.read(name)));
  await site.saveTogether({ 'view.tsx': `${view?.replace('view a', 'view b')}`, 'inner.tsx': `${inner?.replace('inner a', 'inner b')}` });
  assert.deepEqual(await site.said(2), ['view b', 'inner b']);
});

const notes: Plugin = {
  name: 'notes',
  setup(build) {
    build.onLoad({ filter: /\.note$/ }, async (args) => ({
      contents: `import { useState } from 'react';
        export default function Note() { const [n, set] = useState(0); return <button id="note" onClick={() => set(n + 1)}>${await readFile(args.path, 'utf8')} {n}</button>; }`,
      loader: 'jsx',
    }));
  },
};

test('components that a plugin writes, as MDX does, keep state too', async (t) => {
  const site = await openComponents(
    t,
    [notes, react()],
    {
      'main.tsx': `import { createRoot } from 'react-dom/client'; import Note from './a.note';
        createRoot(document.querySelector('main')!).render(<Note />);`,
      'a.note': 'first',
    },
    { note: 'first 0' },
  );
  await site.page.click('#note');
  await site.shows({ note: 'first 1' });
  await site.edit('a.note', 'first', 'second', { note: 'second 1' });
  assert.ok(await site.tab.isSameDocument());
});

test('the renderer may come first, from a script without components', async (t) => {
  const script = (src: string): string => `<script type="module" src="${src}"></script>`;
  const site = await openComponents(
    t,
    react(),
    {
      'index.html': `<!doctype html><link rel="icon" href="data:,"><main></main>${script('/start.js')}${script('/main.tsx')}`,
      'start.js': `import { createRoot } from 'react-dom/client'; window.root = createRoot(document.querySelector('main'));`,
      'main.tsx': `import { App } from './app'; root.render(<App />);`,
      'app.tsx': `import { useState } from 'react'; export const App = () => { const [n, set] = useState(0); return <button id="app" onClick={() => set(n + 1)}>app {n}</button>; };`,
    },
    { app: 'app 0' },
  );
  await site.page.click('#app');
  await site.shows({ app: 'app 1' });
  await site.edit('app.tsx', '>app', '>App', { app: 'App 1' });
});
