/**
 * Errors of the running page: in the overlay and in the terminal at the author's place, gone with the next update; a click on a frame opens
 * the editor, for files of the folder only.
 */
import assert from 'node:assert/strict';
import { existsSync, readFileSync, watch } from 'node:fs';
import fs from 'node:fs/promises';
import { test } from 'node:test';
import { openPage, type TestPage } from '../harness/browser.ts';
import { startCli } from '../harness/cli.ts';
import { withDeadline } from '../harness/diagnostics.ts';
import { fixture } from '../harness/fixture.ts';
import { openFolder, page, VIEW_FILES } from './robust-support.ts';

const OVERLAY = 'hmr-dev-overlay';
const gone = (tab: TestPage): Promise<void> => tab.page.locator(OVERLAY).waitFor({ state: 'detached' });
const overlayText = (tab: TestPage): Promise<string> => tab.page.locator(`${OVERLAY} .panel`).innerText();

const ACTIONS = `interface Item {
  readonly name: string;
}

enum Mode {
  Quiet = 'quiet',
}

export function fail(item?: Item): string {
  return item!.name + Mode.Quiet;
}

export const reject = async (): Promise<void> => {
  await Promise.resolve();
  throw new RangeError('no such floor');
};
`;

const FILES = {
  'index.html': page(
    '<p id="out"></p><button id="fail">fail</button><button id="reject">reject</button>',
    '<script type="module" src="src/main.ts"></script>',
  ),
  'src/main.ts': `import { fail, reject } from './actions.ts';
const on = (id: string, act: () => unknown): void => document.querySelector(id)?.addEventListener('click', () => act());
on('#fail', () => fail());
on('#reject', () => reject());
document.querySelector('#out')!.textContent = 'ready';
import.meta.hot.accept('./actions.ts', (module) => { document.querySelector('#out')!.textContent = 'updated'; });
`,
  'src/actions.ts': ACTIONS,
};

test('a runtime error in TypeScript: overlay and terminal show the line that the author wrote', async (t) => {
  const { files, server, tab } = await openFolder(t, FILES);
  await tab.untilText('#out', 'ready');
  await tab.page.locator('#fail').click();
  await tab.untilText(OVERLAY, /Cannot read properties of undefined/);
  const shown = await overlayText(tab);
  assert.match(shown, /src\/actions\.ts:10:16/);
  assert.match(shown, /> 10 \| {3}return item!\.name \+ Mode\.Quiet;/);
  assert.match(shown, /at fail src\/actions\.ts:10:16/);
  assert.match(shown, /src\/main\.ts:3:\d+/);
  assert.doesNotMatch(shown, /@hmr-dev/);
  await server.log.waitFor(/^Error src\/actions\.ts:10:16$/);
  await server.log.waitFor(/> 10 \| {3}return item!\.name/);
  await server.log.waitFor(/at fail \(src\/actions\.ts:10:16\)/);
  await files.edit('src/actions.ts', 'item!.name', 'String(item)');
  await tab.untilText('#out', 'updated');
  await gone(tab);
});

test('an unhandled rejection: the same', async (t) => {
  const { server, tab } = await openFolder(t, FILES);
  await tab.untilText('#out', 'ready');
  await tab.page.locator('#reject').click();
  await tab.untilText(OVERLAY, /Unhandled rejection/);
  const shown = await overlayText(tab);
  assert.match(shown, /RangeError: no such floor/);
  assert.match(shown, /src\/actions\.ts:15:9/);
  await server.log.waitFor(/^Unhandled rejection src\/actions\.ts:15:9$/);
  await server.log.waitFor(/RangeError: no such floor/);
});

test('an error in code that an update brought has its place too', async (t) => {
  const { files, server, tab } = await openFolder(t, VIEW_FILES);
  await tab.untilText('#out', 'one');
  await files.write('view.js', `export const text = 'two';\n\nsetTimeout(() => {\n  nothingOfThatName();\n});`);
  await tab.untilText(OVERLAY, /nothingOfThatName is not defined/);
  assert.match(await overlayText(tab), /view\.js:4:3/);
  await server.log.waitFor(/^Error view\.js:4:3$/);
  await files.write('view.js', `export const text = 'three';`);
  await tab.untilText('#out', 'three');
  await gone(tab);
});

test('an error at the first run of a module, in an inline script and in a classic script', async (t) => {
  const { server, tab } = await openFolder(t, {
    'index.html': `<!doctype html>\n<script src="classic.js"></script>\n<script type="module" src="module.js"></script>\n<script type="module">\n  throw new Error('inline');\n</script>`,
    'classic.js': `// a comment\nthrow new Error('classic');`,
    'module.js': `// a comment\n\nthrow new Error('module');`,
  });
  for (const place of [/classic\.js:2:7/, /module\.js:3:7/, /index\.html:5:9/]) {
    await tab.untilText(OVERLAY, place);
    await server.log.waitFor(new RegExp(`^Error ${place.source}$`));
  }
});

test('an error that is thrown again and again is reported once', async (t) => {
  const { server, tab } = await openFolder(t, FILES);
  for (let n = 0; n < 5; n++) await tab.page.evaluate(() => document.querySelector<HTMLElement>('#fail')?.click());
  await tab.untilText(OVERLAY, /Cannot read properties/);
  await tab.page.evaluate(() => document.querySelector<HTMLElement>('#reject')?.click());
  await server.log.waitFor(/no such floor/);
  assert.equal(server.log.lines.filter((line) => line.startsWith('Error src/actions.ts')).length, 1);
});

test('Esc closes the overlay and gives the focus back', async (t) => {
  const { tab } = await openFolder(t, FILES);
  await tab.page.locator('#fail').focus();
  await tab.page.keyboard.press('Enter');
  await tab.untilText(OVERLAY, /Cannot read properties/);
  await tab.page.keyboard.press('Escape');
  await gone(tab);
  assert.equal(await tab.page.evaluate(() => document.activeElement?.id), 'fail');
});

test('a click on a place opens the editor there; the request is a POST with the token', async () => {
  await using files = await fixture(FILES);
  await using tools = await fixture({
    'editor.sh':
      '#!/bin/sh\nprintf "%s\\n" "$@" > "$(dirname "$0")/opened.tmp"\nmv "$(dirname "$0")/opened.tmp" "$(dirname "$0")/opened"\n',
  });
  await fs.chmod(tools.resolve('editor.sh'), 0o755);
  await using cli = await startCli([files.path, '--port', '0'], { env: { LAUNCH_EDITOR: tools.resolve('editor.sh') } });
  await using tab = await openPage(cli.url());
  await tab.waitForConsole(/connected/);
  await tab.page.locator('#fail').click();
  const asked = tab.page.waitForResponse(/\/@hmr-dev\/open$/);
  await tab.page.locator(`${OVERLAY} button.place`).first().click();
  const answer = await asked;
  assert.equal(answer.status(), 200);
  assert.equal(answer.request().method(), 'POST');
  const opened = await untilFile(tools.resolve('opened'), tools.path);
  assert.ok(opened.includes(files.resolve('src/actions.ts')), opened);

  // With the token of the page, but for files that are none of the folder's.
  const token = answer.request().headers()['x-hmr-dev-token'] ?? '';
  await fs.rm(tools.resolve('opened'));
  await fs.symlink(tools.resolve('editor.sh'), files.resolve('link.js'));
  const open = (file: string, headers: Record<string, string>): Promise<Response> =>
    fetch(cli.url('/@hmr-dev/open'), {
      method: 'POST',
      headers: { 'content-type': 'application/json', origin: cli.origin, 'sec-fetch-site': 'same-origin', ...headers },
      body: JSON.stringify({ file, line: 1, column: 1 }),
    });
  for (const file of [
    '../editor.sh',
    tools.resolve('editor.sh'),
    '/etc/passwd',
    'src/../../x',
    'missing.js',
    'link.js',
    '',
    '.',
    'src',
    '$(touch x)',
  ]) {
    const { status } = await open(file, { 'x-hmr-dev-token': token });
    assert.ok(status >= 400 && status < 500, `${file} was answered with ${status}`);
  }
  assert.equal((await open('src/main.ts', {})).status, 403);
  assert.equal((await open('src/main.ts', { 'x-hmr-dev-token': token, origin: 'http://evil.example' })).status, 403);
  assert.equal((await open('src/main.ts', { 'x-hmr-dev-token': token })).status, 200);
  assert.ok((await untilFile(tools.resolve('opened'), tools.path)).includes(files.resolve('src/main.ts')));
});

/** The editor is a process of its own: its file is what tells that it ran. */
async function untilFile(filePath: string, folder: string): Promise<string> {
  const found = new Promise<string>((resolve) => {
    const look = (): void => {
      if (!existsSync(filePath)) return;
      watcher.close();
      resolve(readFileSync(filePath, 'utf8'));
    };
    const watcher = watch(folder, look);
    look();
  });
  return withDeadline(found, filePath);
}
