/**
 * One application for React and Preact, every component of which counts its clicks: functions, two in a file, a custom hook, a context and its
 * provider, `memo` around `forwardRef`, a default export without a name, a class, a page that is loaded later. And the tests of it that
 * end alike in both.
 */
import assert from 'node:assert/strict';
import { test, type TestContext } from 'node:test';
import type { Plugin } from '../../src/server/compile/plugins/plugin.ts';
import { openComponents, type ComponentSite } from './refresh-support.ts';

/** Where things are imported from. */
export interface Framework {
  readonly core: string;
  readonly hooks: string;
  readonly compat: string;
}

export type AppFiles = ReturnType<typeof appFiles>;

export function appFiles({ core, hooks, compat }: Framework, main: string) {
  return {
    'main.tsx': main,
    'app.tsx': `import { lazy, Suspense } from '${compat}'; import { useState } from '${hooks}';
      import { Child, Sibling } from './child';
      import { Provider } from './provider';
      import { Box } from './box';
      import Anonymous from './anonymous';
      import { Old } from './old';
      const Page = lazy(() => import('./page'));
      export function App() {
        const [n, set] = useState(0);
        return <>
          <button id="app" onClick={() => set(n + 1)}>app {n}</button><input id="input" />
          <Child /><Sibling /><Box /><Anonymous /><Old />
          <Provider><Suspense><Page /></Suspense></Provider>
        </>;
      }`,
    'child.tsx': `import { useState } from '${hooks}';
      import { useTicks } from './use-ticks';
      export function Child() {
        const [n, set] = useState(0);
        return <button id="child" onClick={() => set(n + 1)}>child {n}</button>;
      }
      export const Sibling = () => {
        const { n, add } = useTicks();
        return <button id="sibling" onClick={add}>sibling {n}</button>;
      };`,
    'use-ticks.ts': `import { useEffect, useState } from '${hooks}';
      export function useTicks(): { n: number; add(): void } {
        const [n, set] = useState(0);
        useEffect(() => { say('on a'); return () => say('off a'); }, []);
        return { n, add: () => set(n + 1) };
      }`,
    'theme.ts': `import { createContext } from '${core}';
      export const Theme = createContext('none');`,
    'provider.tsx': `import { useState } from '${hooks}';
      import { Theme } from './theme';
      export function Provider({ children }: { children?: any }) {
        const [n, set] = useState(0);
        return <Theme.Provider value={'theme ' + n}><button id="provider" onClick={() => set(n + 1)}>provider {n}</button>{children}</Theme.Provider>;
      }`,
    'box.tsx': `import { forwardRef, memo } from '${compat}'; import { useState } from '${hooks}';
      export const Box = memo(forwardRef<HTMLButtonElement>(function Inner(_, ref) {
        const [n, set] = useState(0);
        return <button id="box" ref={ref} onClick={() => set(n + 1)}>box {n}</button>;
      }));`,
    'anonymous.tsx': `import { useState } from '${hooks}';
      export default () => {
        const [n, set] = useState(0);
        return <button id="anonymous" onClick={() => set(n + 1)}>anonymous {n}</button>;
      };`,
    'old.jsx': `import { Component } from '${core}';
      export class Old extends Component {
        state = { n: 0 };
        render() { return <button id="old" onClick={() => this.setState({ n: this.state.n + 1 })}>old {this.state.n}</button>; }
      }`,
    'page.tsx': `import { useContext, useState } from '${hooks}';
      import { Theme } from './theme';
      function Inner() {
        const [n, set] = useState(0);
        return <button id="page" onClick={() => set(n + 1)}>page {n} {useContext(Theme)}</button>;
      }
      export default function Page() { return <section><Inner /></section>; }`,
  };
}

/** What the page shows when everything has been clicked once, by element id. */
export const CLICKED = {
  app: 'app 1',
  child: 'child 1',
  sibling: 'sibling 1',
  provider: 'provider 1',
  box: 'box 1',
  anonymous: 'anonymous 1',
  old: 'old 1',
  page: 'page 1 theme 1',
};

/** Everything has been clicked once, and something typed. */
async function openClicked(t: TestContext, plugin: Plugin, files: AppFiles): Promise<ComponentSite> {
  const site = await openComponents(t, plugin, files, { app: 'app 0', page: 'page 0 theme 0' });
  for (const id of Object.keys(CLICKED)) await site.page.click(`#${id}`);
  await site.page.fill('#input', 'typed');
  await site.shows(CLICKED);
  await site.said();
  return site;
}

async function editTwenty(site: ComponentSite, classes: Differences['classes']): Promise<void> {
  const shown = { ...CLICKED };
  /** What the edit changes; all else stays. */
  const edit = async (name: string, from: string, to: string, changed: Partial<typeof CLICKED>): Promise<void> => {
    Object.assign(shown, changed);
    await site.edit(name, from, to, shown);
    assert.equal(await site.page.inputValue('#input'), 'typed');
  };
  await edit('app.tsx', '>app {n}', '>App {n}', { app: 'App 1' });
  await edit('child.tsx', '>child {n}', '>Child {n}', { child: 'Child 1' });
  await edit('child.tsx', '>sibling {n}', '>Sibling {n}', { sibling: 'Sibling 1' });
  // A hook more, one less, one that begins with something else: of this component alone.
  await edit('child.tsx', '= useState(0);', '= useState(0); const [m] = useState("m");', { child: 'Child 0' });
  await site.page.click('#child');
  await edit('child.tsx', ' const [m] = useState("m");', '', { child: 'Child 0' });
  await edit('child.tsx', 'useState(0)', 'useState(5)', { child: 'Child 5' });
  // A custom hook, in a file without components: what it does, then which hooks it calls.
  await edit('use-ticks.ts', 'set(n + 1)', 'set(n + 10)', {});
  await site.page.click('#sibling');
  await site.shows({ sibling: 'Sibling 11' });
  await edit('use-ticks.ts', '= useState(0);', '= useState(0); useState(1);', { sibling: 'Sibling 0' });
  await edit('box.tsx', '>box {n}', '>Box {n}', { box: 'Box 1' });
  await edit('anonymous.tsx', '>anonymous {n}', '>Anonymous {n}', { anonymous: 'Anonymous 1' });
  await edit('page.tsx', '>page {n}', '>Page {n}', { page: 'Page 1 theme 1' });
  await edit('provider.tsx', '>provider {n}', '>Provider {n}', { provider: 'Provider 1' });
  await edit('provider.tsx', `'theme ' + n`, `'Theme ' + n`, { page: 'Page 1 Theme 1' });
  // Another context: what is below its provider begins anew.
  await edit('theme.ts', `'none'`, `'nothing'`, { page: 'Page 0 Theme 1' });
  // Another component by its name.
  await edit('page.tsx', 'Inner', 'Core', { page: 'Page 0 Theme 1' });
  await edit('old.jsx', '>old {', '>Old {', { old: classes === 'keep' ? 'Old 1' : 'Old 0' });
  // Exports that are no components: taken by the importer, which keeps its own.
  await site.printed();
  await edit('child.tsx', '>Child {n}', '>child {n}</button>;\n}\nexport const size = 1;\nfunction Rest() {\n  return <button>', {
    child: 'child 5',
  });
  await edit('child.tsx', 'size = 1', 'size = 2', {});
  assert.deepEqual(await site.printed(), [
    'invalidate /child.tsx: its export "size" is new',
    'hot updated: /child.tsx',
    'hot updated: /app.tsx',
    'invalidate /child.tsx: its export "size" has changed, and is no component',
    'hot updated: /child.tsx',
    'hot updated: /app.tsx',
  ]);
  // As long as they stay the same, nobody has to.
  await edit('child.tsx', '>Sibling {n}', '>sibling {n}', { sibling: 'sibling 0' });
  await edit('child.tsx', '\nexport const size = 2;', '', {});
  assert.deepEqual(await site.printed(), [
    'hot updated: /child.tsx',
    'invalidate /child.tsx: it exports no "size" any more',
    'hot updated: /child.tsx',
    'hot updated: /app.tsx',
  ]);
  assert.ok(await site.tab.isSameDocument());
  assert.deepEqual(site.tab.errors, []);
}

export interface Differences {
  /** Whether their instances keep their state when they are edited. */
  readonly classes: 'keep' | 'begin anew';
  /** What is shown when a component that has thrown is mended. */
  readonly mended: Partial<typeof CLICKED>;
  /** A `main.tsx` that draws every component once; default: the one of the files. */
  readonly once?: string;
}

/** What is the same with both. */
export function testRefresh(plugin: () => Plugin, files: AppFiles, { classes, mended, once = files['main.tsx'] }: Differences): void {
  test('twenty edits of one page: what was not edited keeps its state, and most of what was', async (t) => {
    await editTwenty(await openClicked(t, plugin(), files), classes);
  });

  test('effects run again with the component that they are in, and with no other', async (t) => {
    const site = await openClicked(t, plugin(), { ...files, 'main.tsx': once });
    await site.edit('child.tsx', '>sibling {n}', '>Sibling {n}', { sibling: 'Sibling 1' });
    assert.deepEqual(await site.said(2), ['off a', 'on a']);
    await site.edit('use-ticks.ts', " a'", " b'", { sibling: 'Sibling 1' });
    assert.deepEqual(await site.said(2), ['off a', 'on b']);
    await site.edit('app.tsx', '>app {n}', '>App {n}', { app: 'App 1' });
    assert.deepEqual(await site.said(), []);
  });

  test('an export that is no component in the uppermost one reloads, and says which', async (t) => {
    const site = await openClicked(t, plugin(), files);
    await site.saveAndReload({ 'app.tsx': `${files['app.tsx']}\nexport const version = 1;` });
    assert.equal(
      await site.terminalLine('app.tsx'),
      'app.tsx: page reload (/main.tsx ← /app.tsx: /app.tsx invalidated itself: its export "version" is new; /main.tsx accepts nothing)',
    );
  });

  test('a mistake in the text changes nothing; its fix keeps all state', async (t) => {
    const site = await openClicked(t, plugin(), files);
    const told = site.server.log.waitFor(/^Syntax error child\.tsx:5/);
    await site.files.edit('child.tsx', '</button>', '</buton>');
    await told;
    await site.shows(CLICKED);
    await site.edit('child.tsx', 'child {n}</buton>', 'CHILD {n}</button>', { ...CLICKED, child: 'CHILD 1' });
    assert.ok(await site.tab.isSameDocument());
  });

  test('a component that throws is shown where the author wrote it; its fix draws the page again', async (t) => {
    const site = await openClicked(t, plugin(), files);
    await site.save({
      'child.tsx': files['child.tsx'].replace(
        'return <button id="child"',
        '  if (n) throw new Error("too many");\n return <button id="child"',
      ),
    });
    await site.tab.untilText('hmr-dev-overlay', /too many[\s\S]*child\.tsx:5:\d+/);
    await site.edit('child.tsx', 'if (n) throw new Error("too many");', '', mended);
    await site.tab.page.locator('hmr-dev-overlay').waitFor({ state: 'detached' });
    assert.ok(await site.tab.isSameDocument());
  });

  test('a version that throws while its module runs is taken back, and counts for nothing', async (t) => {
    const site = await openClicked(t, plugin(), files);
    await site.save({ 'child.tsx': `${files['child.tsx'].replace('useState(0)', 'useState(7)')}\nthrow new Error('at the end');` });
    await site.tab.untilText('hmr-dev-overlay', /at the end/);
    await site.shows(CLICKED);
    await site.edit('child.tsx', "throw new Error('at the end');", '', { ...CLICKED, child: 'child 7' });
    await site.save({ 'child.tsx': `${files['child.tsx'].replace('useState(0)', 'useState(7)').replace('>child', '>Child')}` });
    await site.shows({ ...CLICKED, child: 'Child 7' });
    assert.ok(await site.tab.isSameDocument());
  });
}
