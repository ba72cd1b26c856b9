/**
 * The server is killed and started again on the same port while files are edited: what was saved meanwhile arrives, nothing is lost, and
 * no page is reloaded but for HTML of which nobody knows what it was.
 */
import assert from 'node:assert/strict';
import { test, type TestContext } from 'node:test';
import { openPage, type TestPage } from '../harness/browser.ts';
import { startCli, type TestCli } from '../harness/cli.ts';
import { fixture, type Fixture, type FixtureFiles } from '../harness/fixture.ts';
import { stablePort } from '../harness/ports.ts';
import { openSynced, page, untilColor } from './robust-support.ts';

const svg = (width: number): string => `<svg xmlns="http://www.w3.org/2000/svg" width="${width}" height="9"/>`;

const FILES = {
  'index.html': page(
    '<p id="out"></p><p id="size"></p><button>0</button><img src="dot.svg"><i>bg</i><b>imported</b><u>module</u>',
    '<link rel="stylesheet" href="linked.css"><script type="module" src="main.js"></script>',
  ),
  'main.js': `import { text } from './view.js';
    import './imported.css';
    import logo from './logo.svg';
    import names from './names.module.css';
    const button = document.querySelector('button');
    button.onclick = () => button.textContent = Number(button.textContent) + 1;
    document.querySelector('u').className = names.title;
    const show = (text) => document.querySelector('#out').textContent = text;
    show(text);
    const size = async (url) => { const image = new Image(); image.src = url; await image.decode(); document.querySelector('#size').textContent = image.naturalWidth; };
    size(logo);
    import.meta.hot.accept('./view.js', (view) => show(view.text));
    import.meta.hot.accept('./logo.svg', (module) => size(module.default));`,
  'view.js': `export const text = 'one';`,
  'linked.css': `@import './deep.css'; i { background: url(bg.svg) }`,
  'deep.css': 'p { color: rgb(1, 1, 1) }',
  'imported.css': 'b { color: rgb(1, 1, 1); background: url(bg.svg) }',
  'names.module.css': '.title { color: rgb(1, 1, 1) }',
  'logo.svg': svg(10),
  'dot.svg': svg(3),
  'bg.svg': svg(4),
} satisfies FixtureFiles;

interface Run {
  readonly files: Fixture;
  readonly tab: TestPage;
  /** Kills the server, does something, and starts it again on the same port. */
  restart(meanwhile: () => Promise<void>): Promise<TestCli>;
}

async function start(t: TestContext, content: FixtureFiles = FILES): Promise<Run> {
  const files = await fixture(content);
  let cli = await startCli([files.path, '--port', String(await stablePort())]);
  const { port } = new URL(cli.origin);
  t.after(async () => {
    await cli[Symbol.asyncDispose]();
    await files[Symbol.asyncDispose]();
  });
  const tab = await openSynced(cli.url());
  t.after(() => tab.close());
  await tab.markDocument();
  return {
    files,
    tab,
    async restart(meanwhile) {
      const before = tab.console.lines.length;
      await cli.stop('SIGKILL');
      await tab.waitForConsole(/connection lost/, before);
      await meanwhile();
      const from = tab.console.lines.length;
      cli = await startCli([files.path, '--port', port, '--strict-port']);
      await tab.waitForConsole(/connection found again/, from);
      return cli;
    },
  };
}

test('modules, stylesheets and images that were edited while the server was down arrive without a reload', async (t) => {
  const { files, tab, restart } = await start(t);
  await tab.untilText('#out', 'one');
  await tab.untilText('#size', '10');
  await tab.page.locator('button').click();
  await restart(async () => {
    await files.edit('view.js', 'one', 'two');
    await files.edit('deep.css', '1, 1, 1', '2, 2, 2');
    await files.edit('imported.css', '1, 1, 1', '3, 3, 3');
    await files.edit('names.module.css', '1, 1, 1', '4, 4, 4');
    await files.write('logo.svg', svg(20));
    await files.write('dot.svg', svg(6));
  });
  await tab.untilText('#out', 'two');
  await untilColor(tab, 'p', 'rgb(2, 2, 2)');
  await untilColor(tab, 'b', 'rgb(3, 3, 3)');
  await untilColor(tab, 'u', 'rgb(4, 4, 4)');
  await tab.untilText('#size', '20');
  await tab.page.waitForFunction(() => document.querySelector('img')?.naturalWidth === 6);
  assert.equal(await tab.text('button'), '1');
  assert.ok(await tab.isSameDocument());
  assert.deepEqual(tab.errors, []);
});

test('a restart without an edit does nothing to the page, also after edits that came before it', async (t) => {
  const { files, tab, restart } = await start(t);
  await files.write('logo.svg', svg(20));
  await tab.untilText('#size', '20');
  await files.write('bg.svg', svg(8));
  await tab.waitForConsole(/css hot updated: \/linked\.css/);
  await tab.waitForConsole(/css hot updated: \/imported\.css/);
  const from = tab.console.lines.length;
  await restart(async () => {});
  await files.edit('view.js', 'one', 'after');
  await tab.untilText('#out', 'after');
  const said = tab.console.lines.slice(from).filter((line) => /updated|reload/.test(line));
  assert.deepEqual(said, ['[hmr-dev] hot updated: /main.js via /view.js']);
  assert.ok(await tab.isSameDocument());
});

test('code that was edited while the server was down runs again; what was not is changed in place afterwards', async (t) => {
  const view = (text: string): string =>
    `document.title += 'v'; export const show = () => document.querySelector('p').textContent = '${text}';`;
  const { files, tab, restart } = await start(t, {
    'index.html': page('<p></p>', '<script type="module" src="main.js"></script>'),
    'main.js': `import './other.js'; import { show } from './view.js'; show(); import.meta.hot.accept(['./view.js', './other.js'], () => show());`,
    'view.js': view('one'),
    'other.js': `document.title += 'o'; export const other = () => 1;`,
  });
  await tab.untilText('p', 'one');
  const before = await tab.page.title();
  await restart(() => files.write('view.js', view('two')));
  await tab.untilText('p', 'two');
  assert.equal(await tab.page.title(), `${before}v`);
  await files.write('view.js', view('three'));
  await tab.untilText('p', 'three');
  const from = tab.console.lines.length;
  const told = tab.waitForConsole(/hot updated: .*other\.js/, from);
  await files.write('other.js', `document.title += 'o'; export const other = () => 2;`);
  await told;
  assert.equal(await tab.page.title(), `${before}v`);
  assert.ok(await tab.isSameDocument());
});

test('an image behind url() that was edited while the server was down is fetched anew', async (t) => {
  const { files, tab, restart } = await start(t);
  const fetched = tab.page.waitForResponse(/bg\.svg\?v=/);
  await restart(() => files.write('bg.svg', svg(44)));
  await tab.waitForConsole(/css hot updated: \/linked\.css/);
  await tab.waitForConsole(/css hot updated: \/imported\.css/);
  const stamps = await tab.page.evaluate(() =>
    ['i', 'b'].map((name) => getComputedStyle(document.querySelector(name) ?? document.body).backgroundImage),
  );
  for (const stamp of stamps) assert.match(stamp, /bg\.svg\?v=/);
  assert.equal(new Set(stamps).size, 1);
  assert.match(await (await fetched).text(), /44/);
  assert.ok(await tab.isSameDocument());
});

test('an HTML edit made while the server was down reloads the page, with its reason', async (t) => {
  const { files, tab, restart } = await start(t);
  const reloaded = tab.page.waitForEvent('load');
  await restart(() => files.edit('index.html', '</body>', '<h1>edited</h1></body>'));
  await reloaded;
  await tab.untilText('h1', 'edited');
  assert.equal(await tab.isSameDocument(), false);
  await tab.waitForConsole(/page reload \/index\.html \(\/index\.html changed/);
});

test('an HTML edit after the restart is merged', async (t) => {
  const { files, tab, restart } = await start(t);
  await tab.page.locator('button').click();
  await restart(() => files.edit('view.js', 'one', 'two'));
  await tab.untilText('#out', 'two');
  await files.edit('index.html', '</body>', '<h1>edited</h1></body>');
  await tab.untilText('h1', 'edited');
  assert.equal(await tab.text('button'), '1');
  assert.ok(await tab.isSameDocument());
});

test('an update that hangs when the server is killed gives way to what is there when it is back', async (t) => {
  const { files, tab, restart } = await start(t);
  const hanging = `console.log('hangs'); await new Promise(() => {}); export const text = 'never';`;
  const hang = async (): Promise<void> => {
    const from = tab.console.lines.length;
    await files.write('view.js', hanging);
    await tab.waitForConsole(/^hangs$/, from);
  };
  await hang();
  await restart(() => files.write('view.js', `export const text = 'after';`));
  await tab.untilText('#out', 'after');
  await hang();
  await restart(() => files.write('view.js', `export const text = 'after';`));
  // Nor does it come back with the next save of another file.
  await files.edit('names.module.css', '1, 1, 1', '4, 4, 4');
  await untilColor(tab, 'u', 'rgb(4, 4, 4)');
  assert.ok(await tab.isSameDocument());
});

test('five restarts, each with an edit, and edits in between', async (t) => {
  const { files, tab, restart } = await start(t);
  await tab.page.locator('button').click();
  for (let round = 0; round < 5; round++) {
    await restart(() => files.write('view.js', `export const text = 'down ${round}';`));
    await tab.untilText('#out', `down ${round}`);
    await files.write('view.js', `export const text = 'up ${round}';`);
    await tab.untilText('#out', `up ${round}`);
  }
  assert.equal(await tab.text('button'), '1');
  assert.ok(await tab.isSameDocument());
  assert.deepEqual(tab.errors, []);
});

test('an error saved while the server was down is shown when it is back; its fix arrives', async (t) => {
  const { files, tab, restart } = await start(t);
  await tab.untilText('#out', 'one');
  const cli = await restart(async () => {
    await files.write('view.js', 'export const text = ;');
    await files.edit('deep.css', '1, 1, 1', '2, 2, 2');
  });
  await tab.untilText('hmr-dev-overlay', /view\.js:1:21/);
  await cli.log.waitFor(/Syntax error view\.js:1:21/);
  await tab.untilText('#out', 'one');
  await files.write('view.js', `export const text = 'fixed';`);
  await tab.untilText('#out', 'fixed');
  await untilColor(tab, 'p', 'rgb(2, 2, 2)');
  await tab.page.locator('hmr-dev-overlay').waitFor({ state: 'detached' });
  assert.ok(await tab.isSameDocument());
});

test('an error that stood when the server was killed, fixed while it was down', async (t) => {
  const { files, tab, restart } = await start(t);
  await files.write('view.js', 'export const text = ;');
  await tab.page.locator('hmr-dev-overlay').waitFor({ state: 'attached' });
  await restart(() => files.write('view.js', `export const text = 'fixed';`));
  await tab.untilText('#out', 'fixed');
  await tab.page.locator('hmr-dev-overlay').waitFor({ state: 'detached' });
  assert.ok(await tab.isSameDocument());
});

test('a page that could not start for an error starts when that was fixed while the server was down', async (t) => {
  const { files, tab, restart } = await start(t, { ...FILES, 'view.js': 'export const text = ;' });
  await tab.page.locator('hmr-dev-overlay').waitFor({ state: 'attached' });
  await restart(() => files.write('view.js', `export const text = 'fixed';`));
  await tab.untilText('#out', 'fixed');
  assert.equal(await tab.page.locator('hmr-dev-overlay').count(), 0);
});

test('a module and its import removed while the server was down, a new one added', async (t) => {
  const { files, tab, restart } = await start(t, {
    ...FILES,
    'view.js': `import { word } from './old.js'; export const text = word;`,
    'old.js': `export const word = 'old';`,
  });
  await tab.untilText('#out', 'old');
  await restart(async () => {
    await files.write('view.js', `import { word } from './new.js'; export const text = word;`);
    await files.write('new.js', `export const word = 'new';`);
    await files.remove('old.js');
  });
  await tab.untilText('#out', 'new');
  assert.equal(await tab.page.locator('hmr-dev-overlay').count(), 0);
  assert.ok(await tab.isSameDocument());
  assert.deepEqual(tab.errors, []);
});

test('a page out of a cache, older than the server, whose modules do not compile is reloaded once', async (t) => {
  const files = await fixture({ 'index.html': page('', '<script type="module" src="main.js"></script>'), 'main.js': 'const = 1;' });
  t.after(() => files[Symbol.asyncDispose]());
  const cli = await startCli([files.path, '--port', '0']);
  t.after(() => cli[Symbol.asyncDispose]());
  const tab = await openPage(cli.url(), {
    async prepare(opened) {
      // A stream of its own, which can be held back until the page knows that its modules are missing.
      await opened.addInitScript(`delete window.SharedWorker; Object.defineProperty(navigator, 'locks', { value: undefined });`);
      await opened.route('**/changes*', async (route) => {
        await opened.locator('hmr-dev-overlay').waitFor({ state: 'attached' });
        await route.continue();
      });
      await opened.route(cli.url(), async (route) => {
        const response = await route.fetch();
        await route.fulfill({ response, body: (await response.text()).replace(/data-since="[^"]*"/, 'data-since="old-1"') });
      });
    },
  });
  t.after(() => tab.close());
  await tab.waitForConsole(/was reloaded for the same change already/);
  assert.equal(tab.loads.length, 2);
});
