/**
 * A folder served under a path (`--base /app/`): everything that a page loads, is told, sends and shows has the path, at the server itself and
 * behind a reverse proxy that knows no other.
 */
import assert from 'node:assert/strict';
import { existsSync, readFileSync, watch } from 'node:fs';
import fs from 'node:fs/promises';
import { test } from 'node:test';
import { AnyMap } from '@jridgewell/trace-mapping';
import { browser, openPage, type TestPage } from '../harness/browser.ts';
import { startCli } from '../harness/cli.ts';
import { createLineLog, withDeadline } from '../harness/diagnostics.ts';
import { fixture, type Fixture } from '../harness/fixture.ts';
import { stablePort } from '../harness/ports.ts';
import { startServer } from '../harness/server.ts';
import { openUnderBase, startProxy, WAYS } from './base-support.ts';
import { HEAD, resultOf, svgOf } from './link-support.ts';
import { untilColor, VIEW_FILES } from './robust-support.ts';

const FILES = {
  'index.html': `${HEAD}<script type="importmap">{ "imports": { "mapped": "./lib/mapped.js", "lib/": "/app/lib/" } }</script>
    <link rel="stylesheet" href="linked.css"><body><input><p id="out"></p><p id="held"></p><img src="dot.svg"><i>i</i><b>b</b><u>u</u>
    <script type="module" src="/app/src/main.ts"></script>
    <script type="module">import { text } from './src/view.ts'; globalThis.inline = [text, import.meta.url];
      import.meta.hot.accept('./src/view.ts', (view) => console.log('inline', view.text));</script>`,
  'linked.css': `@import './deep.css'; i { background: url(bg.svg) }`,
  'deep.css': 'i { color: rgb(1, 1, 1) }',
  'dot.svg': svgOf(3),
  'bg.svg': svgOf(4),
  'logo.svg': svgOf(5),
  'lib/mapped.js': `export const mapped = 'mapped';`,
  'lib/other.js': `export const other = 'other';`,
  'lib/rooted.js': `export const rooted = import.meta.url;`,
  'src/imported.css': 'b { color: rgb(1, 1, 1); background: url(../bg.svg) }',
  'src/names.module.css': '.title { color: rgb(1, 1, 1); background: url("../bg.svg") }',
  'src/view.ts': `export const text: string = 'one';`,
  'src/later.ts': `export const later: string = import.meta.url;`,
  'src/word.ts': `export const word: string = 'of the worker';`,
  'src/worker.ts': `import { word } from './word'; postMessage([word, import.meta.url]); void import('./later').then(({ later }) => postMessage(later));`,
  'src/main.ts': `
    import { text } from './view';
    import logo from '../logo.svg';
    import './imported.css';
    import names from './names.module.css';
    import { mapped } from 'mapped';
    import { other } from 'lib/other.js';
    import { rooted } from '/lib/rooted.js';
    import { rooted as based } from '/app/lib/rooted.js';
    import { container } from 'hmr-dev/client';
    document.querySelector('u')!.className = names.title;
    const show = (text: string): void => void (document.querySelector('#out')!.textContent = text);
    show(text);
    await container({ './held.ts': 'held' }, ({ held }) => void (document.querySelector('#held')!.textContent = held.held));
    const name = 'later';
    const messages: unknown[] = [];
    const worker = new Worker(new URL('./worker.ts', import.meta.url), { type: 'module' });
    await new Promise<void>((done) => { worker.onmessage = ({ data }) => messages.push(data) === 2 && done(); });
    globalThis.result = {
      meta: [import.meta.url, import.meta.resolve('./view.ts'), import.meta.env.BASE_URL],
      logo, named: new URL('../dot.svg', import.meta.url).href,
      imports: [mapped, other, rooted === based],
      later: [(await import('./later')).later, (await import(\`./\${name}.ts\`)).later, (await import(\`/app/src/\${name}.ts\`)).later, (await import(\`/src/\${name}.ts\`)).later],
      glob: Object.keys(import.meta.glob('/lib/r*.js')),
      messages,
      backgrounds: ['i', 'b', 'u'].map((selector) => getComputedStyle(document.querySelector(selector)!).backgroundImage),
    };
    globalThis.fail = (): void => { throw new Error('of the page'); };
    import.meta.hot!.accept('./view', (view) => show(view!.text));
    import.meta.hot!.accept('../logo.svg', (module) => console.log('logo', module!.default));`,
  'src/held.ts': `export const held: string = 'held one';`,
};

for (const way of WAYS) {
  test(`${way}: modules, styles, assets, workers, maps and what a page knows of its address`, async (t) => {
    const { origin, tab, paths } = await openUnderBase(t, way, FILES);
    const at = (path: string): string => `${origin}/app/${path}`;
    const result = (await resultOf(tab)) as Record<string, unknown>;
    const background = `url("${at('bg.svg')}")`;
    assert.deepEqual(result, {
      meta: [at('src/main.ts'), at('src/view.ts'), '/app/'],
      logo: '/app/logo.svg',
      named: at('dot.svg'),
      imports: ['mapped', 'other', true],
      later: [at('src/later.ts'), at('src/later.ts'), at('src/later.ts'), at('src/later.ts')],
      glob: ['/lib/rooted.js'],
      messages: [['of the worker', at('src/worker.ts')], at('src/later.ts')],
      backgrounds: [background, background, background],
    });
    assert.deepEqual(await tab.page.evaluate((): unknown => Reflect.get(globalThis, 'inline')), ['one', at('')]);
    assert.equal(await tab.text('#held'), 'held one');
    await tab.page.waitForFunction(() => document.querySelector('img')?.naturalWidth === 3);
    assert.deepEqual(
      paths.filter((path) => !path.startsWith('/app/')),
      [],
    );
    assert.deepEqual(tab.errors, []);
  });

  test(`${way}: saves of modules, styles and pictures are hot updates`, async (t) => {
    const { files, tab, paths } = await openUnderBase(t, way, FILES);
    await resultOf(tab);
    await files.edit('src/view.ts', 'one', 'two');
    await tab.untilText('#out', 'two');
    await tab.waitForConsole(/^inline two$/);
    await files.edit('src/held.ts', 'held one', 'held two');
    await tab.untilText('#held', 'held two');
    await files.edit('deep.css', '1, 1, 1', '2, 2, 2');
    await untilColor(tab, 'i', 'rgb(2, 2, 2)');
    await files.edit('src/imported.css', '1, 1, 1', '3, 3, 3');
    await untilColor(tab, 'b', 'rgb(3, 3, 3)');
    await files.edit('src/names.module.css', '1, 1, 1', '4, 4, 4');
    await untilColor(tab, 'u', 'rgb(4, 4, 4)');
    await files.write('dot.svg', svgOf(6));
    await tab.page.waitForFunction(() => document.querySelector('img')?.naturalWidth === 6);
    await files.write('logo.svg', svgOf(7));
    await tab.waitForConsole(/^logo \/app\/logo\.svg\?v=/);
    await files.write('bg.svg', svgOf(8));
    for (const selector of ['i', 'b', 'u'])
      await tab.page.waitForFunction(
        (s) => /\/app\/bg\.svg\?v=/.test(getComputedStyle(document.querySelector(s) ?? document.body).backgroundImage),
        selector,
      );
    assert.equal(await tab.isSameDocument(), true);
    assert.deepEqual(
      paths.filter((path) => !path.startsWith('/app/')),
      [],
    );
    assert.deepEqual(tab.errors, []);
  });
}

for (const way of WAYS) {
  test(`${way}: a change that nobody accepts reloads the page, which keeps its state; a worker's too`, async (t) => {
    const { files, tab } = await openUnderBase(t, way, FILES);
    await resultOf(tab);
    await tab.page.locator('input').fill('typed');
    await files.edit('lib/other.js', "'other'", "'another'");
    await tab.waitForConsole(/page reload \/lib\/other\.js/);
    await tab.page.waitForFunction(() => document.querySelector('input')?.value === 'typed');
    assert.deepEqual(((await resultOf(tab)) as { imports: unknown }).imports, ['mapped', 'another', true]);
    const from = tab.console.lines.length;
    await files.edit('src/word.ts', 'of the worker', 'of another');
    await tab.waitForConsole(/page reload .*runs in a worker/, from);
    await tab.page.waitForFunction(() => JSON.stringify(Reflect.get(globalThis, 'result') ?? '').includes('of another'));
    assert.deepEqual(tab.errors, []);
  });

  test(`${way}: mistakes are shown over the page and gone with the fix; stacks lead to the author's files`, async (t) => {
    const { files, server, tab } = await openUnderBase(t, way, FILES);
    await resultOf(tab);
    const overlay = tab.page.locator('hmr-dev-overlay');
    await files.write('src/view.ts', 'export const text = ;');
    await tab.untilText('hmr-dev-overlay .place', 'src/view.ts:1:21');
    await files.write('src/view.ts', `export const text: string = 'two';`);
    await overlay.waitFor({ state: 'detached' });
    await tab.untilText('#out', 'two');

    await tab.page.evaluate(() => queueMicrotask(Reflect.get(globalThis, 'fail') as () => void));
    const line = FILES['src/main.ts'].split('\n').findIndex((text) => text.includes('of the page')) + 1;
    await server.log.waitFor(new RegExp(`src/main\\.ts:${line}:\\d+`));
    await tab.page
      .locator('hmr-dev-overlay .place', { hasText: `src/main.ts:${line}` })
      .first()
      .waitFor();
  });

  test(`${way}: a debugger finds the author's files, at their addresses`, async (t) => {
    const { files, origin, tab } = await openUnderBase(t, way, FILES);
    await resultOf(tab);
    const session = await tab.page.context().newCDPSession(tab.page);
    const maps = createLineLog('maps of the scripts that the debugger saw');
    session.on('Debugger.scriptParsed', ({ sourceMapURL }) => {
      // Of our own scripts they are in the text.
      if (sourceMapURL && !sourceMapURL.startsWith('data:')) maps.add(new URL(sourceMapURL, origin).href);
    });
    await session.send('Debugger.enable');
    const sourcesOf = async (url: string): Promise<readonly (string | null)[]> => {
      const answer = await tab.page.request.get(url);
      return new AnyMap((await answer.json()) as ConstructorParameters<typeof AnyMap>[0], url).sources;
    };
    const sources = (await Promise.all(maps.lines.map(sourcesOf))).flat();
    for (const name of ['src/main.ts', 'src/view.ts', 'index.html']) assert.ok(sources.includes(`${origin}/app/${name}`), sources.join());
    await files.edit('src/view.ts', 'one', 'two');
    const update = await maps.waitFor(/\/app\/src\/view\.ts\?/);
    // Of a module and of its patch, beside what is ours in them.
    const found = (await sourcesOf(update)).filter((source) => !source?.startsWith(`${origin}/app/@hmr-dev/`));
    assert.deepEqual([...new Set(found.map((source) => source?.replace(/\?.*/, '')))], [`${origin}/app/src/view.ts`]);
  });

  test(`${way}: tabs share one stream, and learn what was saved while the server was away`, async (t) => {
    await using files = await fixture(VIEW_FILES);
    const port = await stablePort();
    const args = [files.path, '--base', 'app', '--port', String(port), '--strict-port'];
    let cli = await startCli(args);
    t.after(() => cli[Symbol.asyncDispose]());
    assert.equal(cli.url('/'), `http://localhost:${port}/app/`);
    const proxy = way === 'directly' ? undefined : await startProxy(t, { '/app/': port });
    const address = proxy ? `${proxy.origin}/app/` : cli.url('/');
    const context = await (await browser()).newContext();
    t.after(() => context.close());
    const tabs: TestPage[] = [];
    for (let n = 0; n < 2; n++) {
      const tab = await openPage(address, { context });
      tabs.push(tab);
      await tab.waitForConsole(/connected/);
      await tab.untilText('#out', 'one');
      await tab.markDocument();
    }
    if (proxy) assert.equal(proxy.streams, 1);
    await cli.stop('SIGKILL');
    await Promise.all(tabs.map((tab) => tab.waitForConsole(/connection lost/)));
    await files.edit('view.js', 'one', 'two');
    cli = await startCli(args);
    await Promise.all(tabs.map((tab) => tab.untilText('#out', 'two')));
    for (const tab of tabs) {
      assert.equal(await tab.isSameDocument(), true);
      assert.deepEqual(tab.errors, []);
    }
    const asked = proxy?.outside.filter((path) => path !== '/favicon.ico');
    assert.deepEqual(asked ?? [], []);
  });
}

test('a click on a place of an error opens the editor', async () => {
  await using files = await fixture({ ...VIEW_FILES, 'view.js': 'export const text = ;' });
  await using tools = await fixture({ 'opened.txt': '' });
  await tools.write('editor.sh', `#!/bin/sh\necho "$@" > "${tools.resolve('opened.txt')}"\n`);
  await fs.chmod(tools.resolve('editor.sh'), 0o755);
  await using cli = await startCli([files.path, '--base', '/app', '--port', '0'], { env: { LAUNCH_EDITOR: tools.resolve('editor.sh') } });
  await using tab = await openPage(cli.url('/'));
  const opened = new Promise<void>((resolve) => {
    const watcher = watch(tools.path, () => {
      if (!existsSync(tools.resolve('opened.txt')) || !readFileSync(tools.resolve('opened.txt'), 'utf8').includes('view.js')) return;
      watcher.close();
      resolve();
    });
  });
  await tab.page.locator('hmr-dev-overlay .place').first().click();
  await withDeadline(opened, 'the editor');
});

test('a page that was written for the root works, and is hot', async (t) => {
  const content = {
    'index.html': `${HEAD}<script src="/classic.js"></script><link rel="stylesheet" href="/site.css"><body><p>p</p><img src="/dot.svg"><script type="module" src="/src/main.ts"></script><a href="/about">about</a>`,
    'about.html': `${HEAD}<h1>about</h1>`,
    'classic.js': 'globalThis.classic = document.currentScript.src;',
    'site.css': 'p { color: rgb(1, 1, 1); background: url(/dot.svg) }',
    'dot.svg': svgOf(3),
    'src/main.ts': `import { text } from '/src/view.ts'; const show = (text: string) => document.querySelector('p')!.textContent = text; show(text);
      new Image().src = '/dot.svg';
      globalThis.result = [globalThis.classic, import.meta.url, (await fetch('/dot.svg')).ok];
      import.meta.hot!.accept('/src/view.ts', (view) => show(view!.text));`,
    'src/view.ts': `export const text: string = 'one';`,
  };
  const { files, origin, tab } = await openUnderBase(t, 'directly', content);
  assert.deepEqual(await resultOf(tab), [`${origin}/classic.js`, `${origin}/app/src/main.ts`, true]);
  await files.edit('src/view.ts', 'one', 'two');
  await tab.untilText('p', 'two');
  await files.edit('site.css', '1, 1, 1', '2, 2, 2');
  await untilColor(tab, 'p', 'rgb(2, 2, 2)');
  await files.write('dot.svg', svgOf(6));
  await tab.page.waitForFunction(() => document.querySelector('img')?.naturalWidth === 6);
  assert.equal(await tab.isSameDocument(), true);
  await files.write('classic.js', 'globalThis.classic = 2;');
  await tab.waitForConsole(/page reload \/classic\.js/);
  await tab.page.waitForFunction(() => Reflect.get(globalThis, 'classic') === 2);
  await tab.page.locator('a').click();
  await tab.untilText('h1', 'about');
  assert.equal(tab.page.url(), `${origin}/app/about`);
  assert.deepEqual(tab.errors, []);
});

test('the stream of a page of its own, by hand', async (t) => {
  const listen = (address: string): string => `new EventSource(${address}).onmessage = ({ data }) => console.log('changed', data);`;
  const { files, tab } = await openUnderBase(t, 'directly', {
    'index.html': `${HEAD}<script type="module">${listen("'changes'")} globalThis.result = 1;</script>`,
    'a.txt': 'a',
  });
  await resultOf(tab);
  await files.write('a.txt', 'b');
  await tab.waitForConsole(/^changed "a\.txt"$/);
});

test('two servers behind one proxy, in a browser without SharedWorker: tabs of one share a stream, and hear nothing of the other', async (t) => {
  const ports: Record<string, number> = {};
  const folders: Fixture[] = [];
  for (const base of ['/one/', '/two/']) {
    const files = await fixture(VIEW_FILES);
    const server = await startServer(files.path, { base });
    folders.push(files);
    ports[base] = server.port;
    t.after(async () => {
      await server.close();
      await files[Symbol.asyncDispose]();
    });
  }
  const proxy = await startProxy(t, ports);
  const context = await (await browser()).newContext();
  t.after(() => context.close());
  await context.addInitScript('delete globalThis.SharedWorker');
  const tabs: TestPage[] = [];
  for (const path of ['/one/', '/one/', '/two/', '/two/']) {
    const tab = await openPage(proxy.origin + path, { context });
    tabs.push(tab);
    await tab.waitForConsole(/connected/);
    await tab.untilText('#out', 'one');
  }
  assert.equal(proxy.streams, 2);
  await folders[0]?.edit('view.js', 'one', 'first');
  await Promise.all(tabs.slice(0, 2).map((tab) => tab.untilText('#out', 'first')));
  await folders[1]?.edit('view.js', 'one', 'second');
  await Promise.all(tabs.slice(2).map((tab) => tab.untilText('#out', 'second')));
  for (const tab of tabs) assert.equal(tab.console.lines.filter((line) => line.includes('hot updated')).length, 1);
});

test('under a policy that forbids inline code, updates come by their address', async (t) => {
  const policy = `<meta http-equiv="Content-Security-Policy" content="script-src 'self'">`;
  const { files, tab, paths } = await openUnderBase(t, 'behind a proxy', {
    ...VIEW_FILES,
    'index.html': VIEW_FILES['index.html'].replace('<title>', `${policy}<title>`),
  });
  await tab.untilText('#out', 'one');
  await files.edit('view.js', 'one', 'two');
  await tab.untilText('#out', 'two');
  assert.ok(
    paths.some((path) => path.startsWith('/app/@hmr-dev/updates/')),
    paths.join(),
  );
  assert.equal(await tab.isSameDocument(), true);
});

test('a script that is missing is told in the terminal, whether it was asked for under the base or not', async (t) => {
  const { server } = await openUnderBase(t, 'directly', {
    'index.html': `${HEAD}<script src="/typo.js"></script><script src="gone.js"></script>`,
  });
  await server.log.waitFor(/\/typo\.js was not found/);
  await server.log.waitFor(/\/gone\.js was not found/);
});
