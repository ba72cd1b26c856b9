/**
 * Plugins as a configuration file names them, with the command line and in Chromium: esbuild's hooks as esbuild documents them, and those that
 * only a development server has.
 */
import assert from 'node:assert/strict';
import { test } from 'node:test';
import { openPage } from '../harness/browser.ts';
import { runCli } from '../harness/cli.ts';
import { fixture } from '../harness/fixture.ts';
import { openSite, show } from './config-support.ts';
import { HEAD, pageOf } from './link-support.ts';
import { untilColor } from './robust-support.ts';

const config = (plugins: string, before = ''): string => `${before}\nexport default { plugins: [${plugins}] };\n`;

const TEXT = `{
  name: 'upper',
  setup(build) {
    build.onLoad({ filter: /\\.upper$/ }, async ({ path }) => {
      const text = await readFile(path, 'utf8');
      if (text.includes('!')) return { errors: [{ text: 'no shouting', location: { file: path, line: 1, column: text.indexOf('!'), lineText: text } }] };
      return { contents: 'export default ' + JSON.stringify(text.toUpperCase()), loader: 'ts' };
    });
  },
}`;

test('onLoad: a kind of file of its own, edited; its errors have a place, and the fix takes over', async (t) => {
  const { files, cli, tab } = await openSite(t, {
    'hmr.config.ts': config(TEXT, `import { readFile } from 'node:fs/promises'; const unused: number = 1;`),
    'main.js': `import text from './a.upper'; ${show('text')} import.meta.hot.accept();`,
    'a.upper': 'first',
  });
  await tab.untilText('main', 'FIRST');
  await files.write('a.upper', 'second');
  await tab.untilText('main', 'SECOND');
  await files.write('a.upper', 'third!');
  assert.equal(await cli.log.waitFor(/^Plugin error/), 'Plugin error a.upper:1:6');
  await cli.log.waitFor(/\[upper\] no shouting/);
  await tab.untilText('main', 'SECOND');
  await files.write('a.upper', 'fourth');
  await tab.untilText('main', 'FOURTH');
  assert.ok(await tab.isSameDocument());
});

const VIRTUAL = `{
  name: 'virtual',
  setup(build) {
    build.onResolve({ filter: /^virtual:/ }, ({ path, importer, kind }) => ({
      path, namespace: 'virtual', pluginData: { from: importer.split('/').at(-1), kind },
    }));
    build.onLoad({ filter: /.*/, namespace: 'virtual' }, ({ path, pluginData }) => ({
      contents: \`import sub from './sub.js'; export default \${JSON.stringify(path + ' ' + pluginData.from + ' ' + pluginData.kind + ' ' + count)} + sub\`,
      resolveDir: import.meta.dirname,
      watchFiles: [import.meta.dirname + '/watched.txt'],
    }));
  },
  configureServer(server) {
    server.onMessage('more', () => { count++; server.invalidate('virtual:a', 'virtual'); });
    server.use((req, res, next) => req.url === '/ping' ? res.end('pong ' + count) : next());
    server.onMessage('echo', (data) => server.send('echoed', data));
  },
}`;

test('a virtual module: named, loaded, its imports resolved, invalidated, and watched through what it was made of', async (t) => {
  const { files, cli, tab } = await openSite(t, {
    'hmr.config.mjs': config(VIRTUAL, 'let count = 1;'),
    'main.js': `import text from 'virtual:a'; ${show('text')}
      import.meta.hot.accept();
      import.meta.hot.on('echoed', (data) => { document.title = 'echo ' + data; });`,
    'sub.js': `export default ' sub';`,
    'watched.txt': '1',
  });
  await tab.untilText('main', 'virtual:a main.js import-statement 1 sub');
  await tab.page.evaluate(() => fetch('/ping').then(async (answer) => (document.title = await answer.text())));
  assert.equal(await tab.page.title(), 'pong 1');
  await files.write('send.js', `import.meta.hot.send('more'); import.meta.hot.send('echo', 'back');`);
  await tab.page.evaluate(`import('/send.js')`);
  await tab.untilText('main', 'virtual:a main.js import-statement 2 sub');
  await tab.page.waitForFunction(`document.title === 'echo back'`);
  await files.write('sub.js', `export default ' changed';`);
  await tab.untilText('main', 'virtual:a main.js import-statement 2 changed');
  await files.write('watched.txt', '2');
  await cli.log.waitFor(/^.*watched\.txt/);
  assert.ok(await tab.isSameDocument());
});

const STYLES = `{
  name: 'shades',
  setup(build) {
    build.onLoad({ filter: /\\.(scss|css)$/ }, async ({ path }) => {
      const text = await readFile(path, 'utf8');
      const part = import.meta.dirname + '/_part.txt';
      if (text.includes('broken')) throw Object.assign(new Error('what a mess'), { line: 1, column: 3, file: path });
      return { contents: text.replaceAll('PART', (await readFile(part, 'utf8')).trim()), loader: 'css', watchFiles: [part] };
    });
  },
}`;

test('a preprocessor: linked and imported sheets, their parts, their mistakes', async (t) => {
  const { files, cli, tab } = await openSite(t, {
    'hmr.config.js': config(STYLES, `import { readFile } from 'node:fs/promises';`),
    'index.html': `${HEAD}<link rel="stylesheet" href="linked.scss"><link rel="stylesheet" href="plain.css"><main>a</main><p>b</p><i>c</i>${pageOf('main.js').slice(HEAD.length)}`,
    'linked.scss': 'main { color: PART }',
    'plain.css': 'i { color: PART }',
    'imported.scss': 'p { color: PART }',
    'main.js': `import './imported.scss';`,
    '_part.txt': 'rgb(1, 0, 0)',
  });
  const colours = async (wanted: string): Promise<void> =>
    void (await tab.page.waitForFunction(
      (all) => ['main', 'p', 'i'].map((name) => getComputedStyle(document.querySelector(name) as Element).color).join() === all,
      wanted,
    ));
  await colours('rgb(1, 0, 0),rgb(1, 0, 0),rgb(1, 0, 0)');
  await files.write('_part.txt', 'rgb(2, 0, 0)');
  await colours('rgb(2, 0, 0),rgb(2, 0, 0),rgb(2, 0, 0)');
  await files.write('linked.scss', 'main { color: rgb(3, 0, 0) }');
  await colours('rgb(3, 0, 0),rgb(2, 0, 0),rgb(2, 0, 0)');
  const complained = cli.log.waitFor(/what a mess/);
  await files.write('linked.scss', 'main { broken }');
  await complained;
  await colours('rgb(3, 0, 0),rgb(2, 0, 0),rgb(2, 0, 0)');
  await files.write('linked.scss', 'main { color: rgb(4, 0, 0) }');
  await colours('rgb(4, 0, 0),rgb(2, 0, 0),rgb(2, 0, 0)');
  assert.ok(await tab.isSameDocument());
});

const ELSEWHERE = `{
  name: 'elsewhere',
  setup(build) {
    build.onResolve({ filter: /part\\.css$/ }, () => ({ path: import.meta.dirname + '/other.css' }));
  },
}`;

test('a plugin is asked about what scripts import; what a sheet names is the browser’s', async (t) => {
  const { tab } = await openSite(t, {
    'hmr.config.mjs': config(ELSEWHERE),
    'index.html': `${HEAD}<link rel="stylesheet" href="linked.css"><main>a</main><p>b</p>${pageOf('main.js').slice(HEAD.length)}`,
    'linked.css': `@import './part.css';`,
    'part.css': 'main { color: rgb(1, 0, 0) }',
    'other.css': 'p { color: rgb(2, 0, 0) }',
    'main.js': `import './part.css';`,
  });
  await untilColor(tab, 'p', 'rgb(2, 0, 0)');
  await untilColor(tab, 'main', 'rgb(1, 0, 0)');
});

const LAYOUT = `{
  name: 'layout',
  async html(html, { filePath }) {
    const part = import.meta.dirname + '/header.txt';
    return { html: html.replace('<!--header-->', await readFile(part, 'utf8')), watchFiles: [part] };
  },
}`;

test('a page that is made of other files: they are watched, and their change is merged into the page', async (t) => {
  const { files, tab } = await openSite(t, {
    'hmr.config.mjs': config(LAYOUT, `import { readFile } from 'node:fs/promises';`),
    'index.html': `${HEAD}<!--header--><main></main><script type="module">${show(`'inline'`)}</script>`,
    'header.txt': '<h1>one</h1>',
  });
  await tab.untilText('h1', 'one');
  await tab.untilText('main', 'inline');
  await files.write('header.txt', '<h1>two</h1>');
  await tab.untilText('h1', 'two');
  assert.ok(await tab.isSameDocument());
});

const HANG = `{
  name: 'hang',
  setup(build) {
    build.onLoad({ filter: /\\.slow$/ }, () => new Promise(() => {}));
  },
}`;

test('a plugin that hangs over a file of one page is in the way of no other', async (t) => {
  const { files, cli, tab } = await openSite(t, {
    'hmr.config.mjs': config(HANG),
    'main.js': `import text from './text.js'; ${show('text')} import.meta.hot.accept();`,
    'text.js': `export default 'first';`,
    'stuck.html': pageOf('stuck.js'),
    'stuck.js': `import './a.slow';`,
    'a.slow': '',
  });
  await tab.untilText('main', 'first');
  const stuck = await openPage('about:blank');
  t.after(() => stuck.close());
  const asked = stuck.page.waitForRequest('**/stuck.js');
  await stuck.page.goto(cli.url('/stuck.html'), { waitUntil: 'commit' });
  await asked;
  await files.write('text.js', `export default 'second';`);
  await tab.untilText('main', 'second');
  await files.write('more.js', `export default 'third';`);
  await files.write('text.js', `export { default } from './more.js';`);
  await tab.untilText('main', 'third');
  assert.ok(await tab.isSameDocument());
});

test('a package that the configuration imports, and nobody has installed, is told with the way to install it', async (t) => {
  const files = await fixture({
    'package.json': '{"type":"module"}',
    'hmr.config.ts': `import sass from 'esbuild-sass-plugin-of-nobody/deep'; ${config('sass()')}`,
    'index.html': '',
  });
  t.after(() => files[Symbol.asyncDispose]());
  const { code, stderr } = await runCli([files.path, '--port', '0']);
  assert.equal(code, 1);
  assert.match(stderr, /hmr\.config\.ts/);
  assert.match(stderr, /npm install -D esbuild-sass-plugin-of-nobody$/m);
});

test('a warning is told once, however often its file is saved', async (t) => {
  const { files, cli, tab } = await openSite(t, {
    'hmr.config.mjs': config(
      `{ name: 'careful', setup(build) {
      build.onLoad({ filter: /\\.data$/ }, async ({ path }) => ({
        contents: await readFile(path, 'utf8'), loader: 'text', warnings: [{ text: 'data is unsafe' }],
      }));
    } }`,
      `import { readFile } from 'node:fs/promises';`,
    ),
    'main.js': `import text from './a.data'; ${show('text')} import.meta.hot.accept();`,
    'a.data': 'one',
  });
  await tab.untilText('main', 'one');
  for (const text of ['two', 'three']) {
    await files.write('a.data', text);
    await tab.untilText('main', text);
  }
  assert.deepEqual(cli.log.lines.filter((line) => line.includes('unsafe')).length, 1);
});

test('hotUpdate: a plugin that deals with a change itself', async (t) => {
  const { files, tab } = await openSite(t, {
    'hmr.config.mjs': config(`{ name: 'data', hotUpdate({ files, server }) {
      if (!files.some(({ path }) => path.endsWith('.data.js'))) return;
      server.send('data', files.map(({ kind }) => kind).join());
      return false;
    } }`),
    'main.js': `import n from './n.data.js'; ${show('n')} import.meta.hot.on('data', (kinds) => { document.title = kinds; });`,
    'n.data.js': 'export default 1;',
  });
  await tab.untilText('main', '1');
  await files.write('n.data.js', 'export default 2;');
  await tab.page.waitForFunction(`document.title === 'change'`);
  await tab.untilText('main', '1');
  assert.ok(await tab.isSameDocument());
});
