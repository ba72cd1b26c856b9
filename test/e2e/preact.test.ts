/**
 * `hmr-dev/preact` with Preact itself, in Chromium: what is kept and what begins anew over edits of one open page, as its refresh
 * library decides it, and who takes what it cannot.
 */
import assert from 'node:assert/strict';
import { test } from 'node:test';
import preact from '../../src/server/preact.ts';
import { appFiles, CLICKED, editTwenty, openClicked } from './refresh-app.ts';

const FILES = appFiles(
  { core: 'preact', hooks: 'preact/hooks', compat: 'preact/compat' },
  `import { render } from 'preact';
    import { App } from './app';
    render(<App />, document.querySelector('main')!);`,
);

test('twenty edits of one page: what was not edited keeps its state, and most of what was', async (t) => {
  await editTwenty(await openClicked(t, preact(), FILES), 'keep');
});

test('effects run again with the component that they are in, and with no other', async (t) => {
  const site = await openClicked(t, preact(), FILES);
  await site.edit('child.tsx', '>sibling {n}', '>Sibling {n}', { sibling: 'Sibling 1' });
  assert.deepEqual(await site.said(2), ['off a', 'on a']);
  await site.edit('use-ticks.ts', " a'", " b'", { sibling: 'Sibling 1' });
  assert.deepEqual(await site.said(2), ['off a', 'on b']);
  await site.edit('app.tsx', '>app {n}', '>App {n}', { app: 'App 1' });
  assert.deepEqual(await site.said(), []);
});

test('an export that is no component in the uppermost one reloads, and says which', async (t) => {
  const site = await openClicked(t, preact(), FILES);
  await site.saveAndReload({ 'app.tsx': `${FILES['app.tsx']}\nexport const version = 1;` });
  assert.equal(
    await site.terminalLine('app.tsx'),
    'app.tsx: page reload (/main.tsx ← /app.tsx: /app.tsx invalidated itself: its export "version" is new; /main.tsx accepts nothing)',
  );
});

test('a mistake in the text changes nothing; its fix keeps all state', async (t) => {
  const site = await openClicked(t, preact(), FILES);
  const told = site.server.log.waitFor(/^Syntax error child\.tsx:5/);
  await site.files.edit('child.tsx', '</button>', '</buton>');
  await told;
  await site.shows(CLICKED);
  await site.edit('child.tsx', 'child {n}</buton>', 'CHILD {n}</button>', { ...CLICKED, child: 'CHILD 1' });
  assert.ok(await site.tab.isSameDocument());
});

test('a component that throws is shown where the author wrote it; its fix draws the page again', async (t) => {
  const site = await openClicked(t, preact(), FILES);
  await site.save({
    'child.tsx': FILES['child.tsx'].replace(
      'return <button id="child"',
      '  if (n) throw new Error("too many");\n return <button id="child"',
    ),
  });
  await site.tab.untilText('hmr-dev-overlay', /too many[\s\S]*child\.tsx:5:\d+/);
  await site.edit('child.tsx', 'if (n) throw new Error("too many");', '', CLICKED);
  await site.tab.page.locator('hmr-dev-overlay').waitFor({ state: 'detached' });
  assert.ok(await site.tab.isSameDocument());
});

test('a version that throws while its module runs is taken back, and counts for nothing', async (t) => {
  const site = await openClicked(t, preact(), FILES);
  await site.save({ 'child.tsx': `${FILES['child.tsx'].replace('useState(0)', 'useState(7)')}\nthrow new Error('at the end');` });
  await site.tab.untilText('hmr-dev-overlay', /at the end/);
  await site.shows(CLICKED);
  await site.edit('child.tsx', "throw new Error('at the end');", '', { ...CLICKED, child: 'child 7' });
  await site.save({ 'child.tsx': `${FILES['child.tsx'].replace('useState(0)', 'useState(7)').replace('>child', '>Child')}` });
  await site.shows({ ...CLICKED, child: 'Child 7' });
  assert.ok(await site.tab.isSameDocument());
});
