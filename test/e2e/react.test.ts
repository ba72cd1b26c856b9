/**
 * `hmr-dev/react` with React itself, in Chromium: what is kept and what begins anew over edits of one open page, as React's refresh
 * library decides it, and who takes what it cannot.
 */
import assert from 'node:assert/strict';
import { cp, mkdir, readFile, symlink } from 'node:fs/promises';
import path from 'node:path';
import { test } from 'node:test';
import type { Plugin } from '../../src/server/compile/plugins/plugin.ts';
import react from '../../src/server/react.ts';
import { openPage } from '../harness/browser.ts';
import { REPOSITORY } from '../harness/built.ts';
import { startCli } from '../harness/cli.ts';
import { fixture } from '../harness/fixture.ts';
import { appFiles, CLICKED, editTwenty, openClicked } from './refresh-app.ts';
import { openComponents } from './refresh-support.ts';

const FILES = appFiles(
  { core: 'react', hooks: 'react', compat: 'react' },
  `import { StrictMode } from 'react';
    import { createRoot } from 'react-dom/client';
    import { App } from './app';
    createRoot(document.querySelector('main')!).render(<StrictMode><App /></StrictMode>);`,
);

test('twenty edits of one page: what was not edited keeps its state, and most of what was', async (t) => {
  await editTwenty(await openClicked(t, react(), FILES), 'begin anew');
});

test('effects run again with the component that they are in, and with no other', async (t) => {
  // In StrictMode React draws twice, and does not see at the second time that the component is a new one.
  const main = FILES['main.tsx'].replace('<StrictMode><App /></StrictMode>', '<App />');
  const site = await openClicked(t, react(), { ...FILES, 'main.tsx': main });
  await site.edit('child.tsx', '>sibling {n}', '>Sibling {n}', { sibling: 'Sibling 1' });
  assert.deepEqual(await site.said(2), ['off a', 'on a']);
  await site.edit('use-ticks.ts', " a'", " b'", { sibling: 'Sibling 1' });
  assert.deepEqual(await site.said(2), ['off a', 'on b']);
  await site.edit('app.tsx', '>app {n}', '>App {n}', { app: 'App 1' });
  assert.deepEqual(await site.said(), []);
});

test('an export that is no component in the uppermost one reloads, and says which', async (t) => {
  const site = await openClicked(t, react(), FILES);
  await site.saveAndReload({ 'app.tsx': `${FILES['app.tsx']}\nexport const version = 1;` });
  assert.equal(
    await site.terminalLine('app.tsx'),
    'app.tsx: page reload (/main.tsx ← /app.tsx: /app.tsx invalidated itself: its export "version" is new; /main.tsx accepts nothing)',
  );
});

test('a mistake in the text changes nothing; its fix keeps all state', async (t) => {
  const site = await openClicked(t, react(), FILES);
  const told = site.server.log.waitFor(/^Syntax error child\.tsx:5/);
  await site.files.edit('child.tsx', '</button>', '</buton>');
  await told;
  await site.shows(CLICKED);
  await site.edit('child.tsx', 'child {n}</buton>', 'CHILD {n}</button>', { ...CLICKED, child: 'CHILD 1' });
  assert.ok(await site.tab.isSameDocument());
});

test('a component that throws is shown where the author wrote it; its fix draws the page again', async (t) => {
  const site = await openClicked(t, react(), FILES);
  await site.save({
    'child.tsx': FILES['child.tsx'].replace(
      'return <button id="child"',
      '  if (n) throw new Error("too many");\n return <button id="child"',
    ),
  });
  await site.tab.untilText('hmr-dev-overlay', /too many[\s\S]*child\.tsx:5:\d+/);
  await site.edit('child.tsx', 'if (n) throw new Error("too many");', '', { app: 'app 0', child: 'child 0' });
  await site.tab.page.locator('hmr-dev-overlay').waitFor({ state: 'detached' });
  assert.ok(await site.tab.isSameDocument());
});

test('a version that throws while its module runs is taken back, and counts for nothing', async (t) => {
  const site = await openClicked(t, react(), FILES);
  await site.save({ 'child.tsx': `${FILES['child.tsx'].replace('useState(0)', 'useState(7)')}\nthrow new Error('at the end');` });
  await site.tab.untilText('hmr-dev-overlay', /at the end/);
  await site.shows(CLICKED);
  await site.edit('child.tsx', "throw new Error('at the end');", '', { ...CLICKED, child: 'child 7' });
  await site.save({ 'child.tsx': `${FILES['child.tsx'].replace('useState(0)', 'useState(7)').replace('>child', '>Child')}` });
  await site.shows({ ...CLICKED, child: 'Child 7' });
  assert.ok(await site.tab.isSameDocument());
});

test('the example: its configuration file names the plugin as users do', async (t) => {
  await using files = await fixture();
  await cp(path.join(REPOSITORY, 'examples/react'), files.path, { recursive: true, filter: (name) => !name.includes('node_modules') });
  await mkdir(files.resolve('node_modules'));
  for (const name of ['react', 'react-dom', 'react-refresh']) {
    await symlink(path.join(REPOSITORY, 'node_modules', name), files.resolve(`node_modules/${name}`), 'dir');
  }
  await symlink(REPOSITORY, files.resolve('node_modules/hmr-dev'), 'dir');
  await using cli = await startCli([files.path, '--port', '0']);
  await using tab = await openPage(cli.url());
  t.after(() => tab.close());
  await tab.page.getByText('Tent').click();
  await tab.untilText('.summary', '1 of 4 packed');
  await tab.page.getByLabel('Another thing').fill('Knife');
  await tab.markDocument();
  await files.edit('src/App.tsx', 'Packing for the hut', 'Off to the hut');
  await tab.untilText('h1', 'Off to the hut');
  await files.edit('src/Thing.tsx', "'✓'", "'✔'");
  await tab.untilText('.packed', '✔ Tent');
  assert.equal(await tab.page.getByLabel('Another thing').inputValue(), 'Knife');
  assert.ok(await tab.isSameDocument());
  assert.deepEqual(tab.errors, []);
});

test('a missing refresh library is one error, with the line that installs it', async () => {
  await using files = await fixture({
    'package.json': '{"type":"module"}',
    'hmr.config.js': `import react from 'hmr-dev/react'; export default { plugins: [react()] };`,
    'index.html': '<script type="module" src="main.jsx"></script>',
    'main.jsx': 'import { A } from "./a"; export const App = () => <A />;',
    'a.jsx': 'export const A = () => <p />;',
  });
  await mkdir(files.resolve('node_modules'));
  await symlink(REPOSITORY, files.resolve('node_modules/hmr-dev'), 'dir');
  await symlink(path.join(REPOSITORY, 'node_modules/react'), files.resolve('node_modules/react'), 'dir');
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
  assert.deepEqual((await site.printed()).slice(0, 1), ['invalidate /view.tsx: its export "label" has changed, and is no component']);
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
