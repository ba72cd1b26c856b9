/**
 * `hmr.config.*` as a developer has it: a process that reads it, an open page, and saves that restart the server within its port.
 */
import assert from 'node:assert/strict';
import fs from 'node:fs';
import { describe, test } from 'node:test';
import { SYNC_PATH } from '../../src/protocol.ts';
import { openPage } from '../harness/browser.ts';
import { runCli, startCli } from '../harness/cli.ts';
import { fixture } from '../harness/fixture.ts';
import { INDEX, KEPT_OLD, openSite, RESTARTED, show } from './config-support.ts';

const define = (value: unknown): string => `export default { define: { __X__: ${JSON.stringify(JSON.stringify(value))} } };\n`;
const ACCEPTING = `import.meta.hot.accept(); ${show('__X__')}`;

test('a change of the configuration reaches the page as a hot update, in the same document', async (t) => {
  const site = await openSite(
    t,
    {
      'hmr.config.ts': define('one'),
      'main.js': `import './x.js'; globalThis.state = { count: 3 };`,
      'x.js': ACCEPTING,
    },
    { shows: 'one' },
  );
  const { files, tab, restart } = site;
  const line = await restart(() => files.write('hmr.config.ts', define('two')));
  assert.match(line, /: hmr\.config\.ts changed$/);
  await tab.untilText('main', 'two');
  assert.equal(await tab.page.evaluate(`state.count`), 3);
  await files.write('x.js', `${ACCEPTING} document.title = 'edited';`);
  await tab.page.waitForFunction(`document.title === 'edited'`);
  await site.assertKept();
});

test('what nobody accepts reloads the page, with the reason', async (t) => {
  const { files, tab } = await openSite(t, { 'hmr.config.js': define(1), 'main.js': show('__X__') }, { shows: '1' });
  const reloaded = tab.page.waitForEvent('load');
  const reason = tab.waitForConsole(/reload.*main\.js/, tab.console.lines.length);
  await files.write('hmr.config.js', define(2));
  await reason;
  await reloaded;
  await tab.untilText('main', '2');
});

test('TypeScript with local imports: each of them restarts, and each knows where it is', async (t) => {
  const site = await openSite(
    t,
    {
      'hmr.config.ts': `import type { UserConfig } from 'hmr-dev';
        import { x } from './config/values';
        export default { define: { __X__: JSON.stringify(x) } } satisfies UserConfig;`,
      'config/values.ts': `import path from 'node:path';
        import more from './more.json';
        const name: string = path.basename(import.meta.dirname) + ' ' + path.basename(import.meta.filename) + ' ' + path.basename(import.meta.url);
        export const x = name + ' ' + more.value;`,
      'config/more.json': '{ "value": 1 }',
      'main.js': ACCEPTING,
    },
    { shows: 'config values.ts values.ts 1' },
  );
  const { files, tab, restart } = site;
  assert.match(await restart(() => files.write('config/more.json', '{ "value": 2 }')), /: config\/more\.json changed$/);
  await tab.untilText('main', 'config values.ts values.ts 2');
  await restart(() => files.edit('config/values.ts', `name + ' '`, `'direct '`));
  await tab.untilText('main', 'direct 2');
  await site.assertKept();
});

describe('forms of an export', () => {
  const forms: [string, string][] = [
    ['a promise', `const load = async () => ({ define: { __X__: '"promised"' } }); export default load();`],
    [
      'a function that is given command and mode',
      `export default ({ command, mode }) => ({ define: { __X__: JSON.stringify(command + mode) } });`,
    ],
    ['an asynchronous function', `export default async ({ mode }) => ({ define: { __X__: JSON.stringify('async ' + mode) } });`],
    [
      'defineConfig, without an installed package',
      `import { defineConfig } from 'hmr-dev'; export default defineConfig({ define: { __X__: '"defined"' } });`,
    ],
    ['top-level await', `const { x } = await Promise.resolve({ x: '"awaited"' }); export default { define: { __X__: x } };`],
  ];
  const shown = ['promised', 'servestaging', 'async staging', 'defined', 'awaited'];
  for (const [index, [name, text]] of forms.entries()) {
    test(name, async (t) => {
      const { files, tab, restart } = await openSite(
        t,
        { 'hmr.config.mjs': text, 'main.js': ACCEPTING },
        { args: ['--mode', 'staging'], shows: shown[index] ?? '' },
      );
      await restart(() => files.write('hmr.config.mjs', define('after')));
      await tab.untilText('main', 'after');
      assert.ok(await tab.isSameDocument());
    });
  }
});

/** Name, text of the file, what is told. */
const MISTAKES: readonly (readonly [string, string, RegExp])[] = [
  ['a syntax error', 'export default {\n  port: ,\n};', /hmr\.config\.mjs:2:9[\s\S]*> 2 \|/],
  [
    'a throw',
    `const a = 1;\nfunction boom() { throw new Error('no such luck'); }\nboom();\nexport default {};`,
    /hmr\.config\.mjs:2:25[\s\S]*no such luck/,
  ],
  ['a throw of the function', `export default () => {\n  throw new Error('not today');\n};`, /hmr\.config\.mjs:2:9[\s\S]*not today/],
  ['a promise that rejects', `export default Promise.reject(new Error('never'));`, /hmr\.config\.mjs failed: never/],
  ['something thrown that is no error', `throw 'a text';\nexport default {};`, /hmr\.config\.mjs failed: a text/],
  ['a wrong type', `export default { port: 'many' };`, /"port" in hmr\.config\.mjs takes a whole number from 0 to 65535; it is "many"/],
  [
    'a wrong plugin',
    `export default { plugins: [() => {}] };`,
    /hmr\.config\.mjs: "plugins" has something at 1 that is no plugin[\s\S]*call it/,
  ],
  ['a list', `export default [];`, /hmr\.config\.mjs gives a list, not an object of options/],
  ['a number', `export default 5;`, /hmr\.config\.mjs gives a number, not an object of options/],
  ['null', `export default null;`, /hmr\.config\.mjs gives null, not an object of options/],
  [
    'a missing package',
    `import a from 'no-such-package-at-all';\nexport default { a };`,
    /no-such-package-at-all[\s\S]*npm install -D no-such-package-at-all/,
  ],
  ['a missing file', `import a from './nowhere.js';\nexport default { a };`, /hmr\.config\.mjs:1:15[\s\S]*nowhere\.js/],
  ['no default export', `export const port = 1;`, /hmr\.config\.mjs has no default export[\s\S]*export default defineConfig/],
  [
    'an unknown key',
    `export default { prot: 1 };`,
    /hmr\.config\.mjs has an option "prot", which hmr-dev does not know[\s\S]*Did you mean "port"\?/,
  ],
  ['a wrong definition', `export default { define: { __X__: 'not JavaScript' } };`, /"define"[\s\S]*__X__[\s\S]*JSON\.stringify/],
  [
    'a definition that is no text',
    `export default { define: { __X__: true } };`,
    /"define" takes texts; that of "__X__" is a boolean[\s\S]*JSON\.stringify/,
  ],
  ['a missing folder', `export default { root: './nope' };`, /nope" does not exist/],
];

describe('a mistake at the start is one clear message and exit code 1', () => {
  for (const [name, text, expected] of MISTAKES) {
    test(name, async () => {
      await using files = await fixture({ 'package.json': '{}', 'index.html': INDEX, 'hmr.config.mjs': text });
      const { code, stdout, stderr } = await runCli(['--port', '0'], { cwd: files.path });
      assert.equal(code, 1);
      assert.match(stderr, expected);
      assert.doesNotMatch(stderr, /\n\s+at |\.mjs\.\d+\./, 'a stack, or a name of ours');
      assert.equal(stdout, '');
      assert.deepEqual(
        fs.readdirSync(files.path).filter((file) => file.startsWith('.')),
        [],
        'something was left behind',
      );
    });
  }
});

test('mistakes while it runs: the old server goes on, the page stays, and each fix takes over', async (t) => {
  const site = await openSite(t, { 'hmr.config.mjs': define('start'), 'main.js': ACCEPTING }, { shows: 'start' });
  const { files, cli, tab, restart } = site;
  let shown = 'start';
  for (const [name, text, expected] of MISTAKES) {
    // The folder is the command line's here.
    if (name === 'a missing folder') continue;
    const from = cli.log.lines.length;
    await restart(() => files.write('hmr.config.mjs', text), KEPT_OLD);
    assert.match(cli.log.lines.slice(from).join('\n'), expected, name);
    await files.write('main.js', `${ACCEPTING} document.title = ${JSON.stringify(name)};`);
    await tab.page.waitForFunction((wanted) => document.title === wanted, name);
    assert.equal(await tab.text('main'), shown);
    shown = `after ${name}`;
    await restart(() => files.write('hmr.config.mjs', define(shown)));
    await tab.untilText('main', shown);
  }
  await site.assertKept();
});

test('what a broken configuration needs, when it comes, is a fix too', async (t) => {
  const site = await openSite(t, { 'hmr.config.mjs': define('start'), 'main.js': ACCEPTING }, { shows: 'start' });
  const { files, tab, restart } = site;
  await restart(() => files.write('hmr.config.mjs', `import { x } from './late'; export default { define: { __X__: x } };`), KEPT_OLD);
  await restart(() => files.write('late.ts', `import { y } from './later.js'; export const x: string = y;`), KEPT_OLD);
  await restart(() => files.write('later.js', `export const y = ;`), KEPT_OLD);
  await restart(() => files.write('later.js', `export const y = '"there"';`));
  await tab.untilText('main', 'there');
  await restart(() => files.write('hmr.config.mjs', `import x from 'later-installed'; export default { define: { __X__: x } };`), KEPT_OLD);
  await files.write(
    'node_modules/later-installed/package.json',
    '{"name":"later-installed","version":"1.0.0","type":"module","main":"index.js"}',
  );
  await files.write('node_modules/later-installed/index.js', `export default '"installed"';`);
  await restart(() => files.write('package.json', '{"type":"module","devDependencies":{"later-installed":"1.0.0"}}'));
  await tab.untilText('main', 'installed');
  await site.assertKept();
});

for (const root of ['.', 'src', 'src/app']) {
  test(`a configuration that comes and goes above the folder "${root}", or in it`, async (t) => {
    const content = { [`${root}/main.js`]: `import.meta.hot.accept(); ${show(`typeof __X__ === 'undefined' ? 'none' : __X__`)}` };
    const site = await openSite(t, content, { root, shows: 'none' });
    const { files, tab, restart } = site;
    await restart(() => files.write('hmr.config.ts', define('above')));
    await tab.untilText('main', 'above');
    if (root !== '.') {
      await restart(() => files.write(`${root}/hmr.config.js`, define('nearer')));
      await tab.untilText('main', 'nearer');
      await restart(() => files.remove(`${root}/hmr.config.js`));
      await tab.untilText('main', 'above');
    }
    await restart(() => files.atomicWrite('hmr.config.ts', define('atomic')));
    await tab.untilText('main', 'atomic');
    await restart(() => files.remove('hmr.config.ts'));
    await tab.untilText('main', 'none');
    await restart(() => files.write('hmr.config.ts', define('back')));
    await tab.untilText('main', 'back');
    await site.assertKept();
  });
}

test('a project behind a link', { skip: process.platform === 'win32' }, async (t) => {
  const files = await fixture({
    'real/package.json': '{}',
    'real/index.html': INDEX,
    'real/main.js': ACCEPTING,
    'real/hmr.config.js': define(1),
  });
  t.after(() => files[Symbol.asyncDispose]());
  fs.symlinkSync(files.resolve('real'), files.resolve('link'), 'dir');
  const site = await openSite(t, {}, { cwd: files.path, root: `../${files.path.split('/').at(-1)}/link`, shows: '1' });
  await site.restart(() => files.write('real/hmr.config.js', define(2)));
  await site.tab.untilText('main', '2');
});

test('--config names another file, which may go and come back; --no-config reads none', async (t) => {
  const content = { 'conf/other.ts': define('other'), 'hmr.config.js': define('usual'), 'main.js': ACCEPTING };
  const site = await openSite(t, content, { args: ['--config', 'conf/other.ts'], shows: 'other' });
  const { files, tab, restart } = site;
  await restart(() => files.write('conf/other.ts', define('changed')));
  await tab.untilText('main', 'changed');
  await restart(() => files.remove('conf/other.ts'), KEPT_OLD);
  await restart(() => files.write('conf/other.ts', define('back')));
  await tab.untilText('main', 'back');
  // Not its name, and so no configuration.
  await files.write('hmr.config.js', define('unused'));
  await restart(() => files.write('conf/other.ts', define('last')));
  await tab.untilText('main', 'last');
  assert.equal(site.cli.log.lines.filter((line) => RESTARTED.test(line)).length, 3);
  await site.assertKept();
});

test('--no-config', async (t) => {
  const main = { 'main.js': show(`typeof __X__ + import.meta.env.MODE`) };
  await openSite(t, { 'hmr.config.js': 'syntax error', ...main }, { args: ['--no-config'], shows: 'undefineddevelopment' });
});

test('--config that names nothing', async () => {
  await using files = await fixture({ 'index.html': INDEX });
  const { code, stderr } = await runCli(['--config', 'nope.ts'], { cwd: files.path });
  assert.deepEqual([code, stderr], [1, 'error The configuration file "nope.ts" does not exist.\n  Correct --config, or leave it out.\n']);
});

test('the command line wins, and a root in the file is relative to it', async (t) => {
  const config = `export default { root: './web', mode: 'fromfile', port: 1, spa: true };`;
  const files = await fixture({
    'package.json': '{}',
    'hmr.config.js': config,
    'web/index.html': INDEX,
    'web/main.js': show('import.meta.env.MODE'),
  });
  t.after(() => files[Symbol.asyncDispose]());
  await using cli = await startCli(['--port', '0', '--mode', 'fromline'], { cwd: files.path });
  assert.notEqual(new URL(cli.origin).port, '1');
  assert.equal((await fetch(cli.url('/some/route'), { headers: { accept: 'text/html' } })).status, 200);
  await using tab = await openPage(cli.url());
  await tab.untilText('main', 'fromline');
});

test('options that need a new start are named, and the rest is taken', async (t) => {
  const site = await openSite(t, { 'hmr.config.js': define('one'), 'main.js': ACCEPTING }, { shows: 'one', args: ['--host', 'localhost'] });
  const { files, cli, tab, restart } = site;
  await restart(() => files.write('hmr.config.js', `export default { logLevel: 'debug', strictPort: true, define: { __X__: '"two"' } };`));
  assert.ok(
    cli.log.lines.includes('warning The configuration has another strictPort, logLevel; that counts when hmr-dev is started anew.'),
    cli.log.lines.join('\n'),
  );
  await tab.untilText('main', 'two');
  // What the command line says does not change.
  await restart(() => files.write('hmr.config.js', `export default { port: 1, host: '0.0.0.0', define: { __X__: '"three"' } };`));
  await tab.untilText('main', 'three');
  assert.equal(cli.log.lines.filter((line) => line.includes('started anew')).length, 1);
});

test('fast saves: the last one counts, whenever it came', async (t) => {
  const site = await openSite(t, { 'hmr.config.js': define(0), 'main.js': ACCEPTING }, { shows: '0' });
  const { files, tab, restart } = site;
  await restart(async () => {
    await files.write('hmr.config.js', define(1));
    await files.write('hmr.config.js', define(2));
  });
  await tab.untilText('main', '2');
  // Saved by the configuration itself: while it runs, after it was read.
  const saving = `import fs from 'node:fs';
    const file = import.meta.filename;
    fs.writeFileSync(file, 'export default { define: { __X__: "4" } };');
    export default { define: { __X__: '3' } };`;
  await files.write('hmr.config.js', saving);
  await tab.untilText('main', '4');
  await site.assertKept();
});

test('a save that changes nothing does not restart', async (t) => {
  const site = await openSite(t, { 'hmr.config.js': define('one'), '.env': 'A=1\n', 'main.js': ACCEPTING }, { shows: 'one' });
  const { files, cli, tab, restart } = site;
  await files.write('hmr.config.js', define('one'));
  await files.write('.env', 'A=1\n');
  await files.write('main.js', `${ACCEPTING} document.title = 'later';`);
  await tab.page.waitForFunction(`document.title === 'later'`);
  await restart(() => files.write('hmr.config.js', define('two')));
  await tab.untilText('main', 'two');
  assert.equal(cli.log.lines.filter((line) => RESTARTED.test(line)).length, 1);
});

test('a restart without consequences does nothing to the page', async (t) => {
  const site = await openSite(t, { 'hmr.config.js': define('one'), 'main.js': ACCEPTING }, { shows: 'one' });
  const { files, tab, restart } = site;
  const from = tab.console.lines.length;
  await restart(() => files.write('hmr.config.js', `// a comment\n${define('one')}`));
  await files.write('main.js', `${ACCEPTING} document.title = 'later';`);
  await tab.page.waitForFunction(`document.title === 'later'`);
  const said = tab.console.lines.slice(from).filter((line) => /update|reload/.test(line));
  assert.equal(said.length, 1, said.join('\n'));
  await site.assertKept();
});

test('what was sent before a restart is changed in place after it', async (t) => {
  const view = (text: string): string => `document.title += 'v'; export const text = () => '${text}';`;
  const site = await openSite(
    t,
    {
      'hmr.config.js': define('one'),
      'main.js': `import { text } from './view.js'; import.meta.hot.accept('./view.js', () => { ${show('text()')} }); ${show('text()')}`,
      'view.js': view('first'),
    },
    { shows: 'first' },
  );
  const { files, tab, restart } = site;
  const title = await tab.page.title();
  // The page says what it runs, and so the server knows it before it changes. (After its load it asks for the hashes of its images
  // alone, at its own time.)
  const synced = tab.page.waitForResponse(
    (response) => response.url().includes(SYNC_PATH) && response.request().postData()?.includes('/view.js') === true,
  );
  await restart(() => files.write('hmr.config.js', define('two')));
  await synced;
  await files.write('view.js', view('second'));
  await tab.untilText('main', 'second');
  assert.equal(await tab.page.title(), title);
  await site.assertKept();
});

test('a changed alias and a changed plugin are hot updates', async (t) => {
  const config = (target: string, text: string): string => `export default {
    alias: { '@': './${target}' },
    plugins: [{ name: 'text', setup(build) {
      build.onLoad({ filter: /\\.txt$/ }, () => ({ contents: 'export default ${JSON.stringify(text)}' }));
    } }],
  };`;
  const site = await openSite(
    t,
    {
      'hmr.config.js': config('a', 'first'),
      'main.js': `import x from '@/x.js'; import text from './t.txt'; import.meta.hot.accept(); ${show(`x + ' ' + text`)}`,
      'a/x.js': `export default 'a';`,
      'b/x.js': `export default 'b';`,
      't.txt': '',
    },
    { shows: 'a first' },
  );
  await site.restart(() => site.files.write('hmr.config.js', config('b', 'first')));
  await site.tab.untilText('main', 'b first');
  await site.restart(() => site.files.write('hmr.config.js', config('b', 'second')));
  await site.tab.untilText('main', 'b second');
  await site.files.write('b/x.js', `export default 'edited';`);
  await site.tab.untilText('main', 'edited second');
  await site.assertKept();
});

test('an error that stood: it stays where it is still one, and is gone where the restart mends it', async (t) => {
  const site = await openSite(
    t,
    { 'hmr.config.js': define('one'), 'main.js': `import './x.js'; ${ACCEPTING}`, 'x.js': '' },
    { shows: 'one' },
  );
  const { files, cli, tab, restart } = site;
  const overlay = tab.page.locator('hmr-dev-overlay');
  const told = cli.log.waitFor(/Import not found|was not found/);
  await files.write('x.js', `import '@/y.js';`);
  await told;
  await overlay.waitFor({ state: 'attached' });
  await files.write('src/y.js', `document.title = 'y';`);
  await restart(() => files.write('hmr.config.js', `// \n${define('two')}`));
  await overlay.waitFor({ state: 'attached' });
  assert.equal(await tab.text('main'), 'one');
  await restart(() => files.write('hmr.config.js', `export default { alias: { '@': './src' }, define: { __X__: '"three"' } };`));
  await tab.untilText('main', 'three');
  await overlay.waitFor({ state: 'detached' });
  assert.equal(await tab.page.title(), 'y');
  await site.assertKept();
});

test('a restart while an update is running', async (t) => {
  const site = await openSite(
    t,
    {
      'hmr.config.js': define('one'),
      'main.js': `import './x.js';`,
      'x.js': `import.meta.hot.accept(); ${show('__X__')}`,
    },
    { shows: 'one' },
  );
  const { files, tab, restart } = site;
  const hangs = tab.waitForConsole(/^hanging/);
  await files.write(
    'x.js',
    `import.meta.hot.accept(); console.log('hanging'); await new Promise((go) => { globalThis.go = go; }); ${show('__X__')}`,
  );
  await hangs;
  await restart(() => files.write('hmr.config.js', define('two')));
  await tab.page.evaluate('go()');
  // Emptied for a moment, in which the page asks for it: an empty module would accept nothing.
  await files.write('x.js', `import.meta.hot.accept(); ${show(`__X__ + '!'`)}`);
  await tab.untilText('main', 'two!');
  await site.assertKept();
});

test('saves of modules and of the configuration at once', async (t) => {
  const site = await openSite(
    t,
    { 'hmr.config.js': define(0), 'main.js': `import.meta.hot.accept(); ${show(`'0 ' + __X__`)}` },
    { shows: '0 0' },
  );
  for (let round = 1; round <= 8; round++) {
    await Promise.all([
      site.files.write('main.js', `import.meta.hot.accept(); ${show(`'${round} ' + __X__`)}`),
      site.files.write('hmr.config.js', define(round)),
    ]);
    await site.tab.untilText('main', `${round} ${round}`);
  }
  await site.assertKept();
});

test('tsconfig.json and package.json are taken without a restart', async (t) => {
  const site = await openSite(
    t,
    {
      'index.html': INDEX.replace('main.js', 'main.ts'),
      'tsconfig.json': '{ "compilerOptions": { "paths": { "@/*": ["./a/*"] } } }',
      'main.ts': `import x from '@/x'; import y from 'own/y'; import.meta.hot.accept(); ${show(`x + y`)}`,
      'a/x.ts': `export default 'a';`,
      'b/x.ts': `export default 'b';`,
      'package.json': '{ "name": "own", "type": "module", "exports": { "./y": "./y1.js" } }',
      'y1.js': `export default 1;`,
      'y2.js': `export default 2;`,
    },
    { shows: 'a1' },
  );
  await site.files.edit('tsconfig.json', './a/', './b/');
  await site.tab.untilText('main', 'b1');
  await site.files.edit('package.json', 'y1', 'y2');
  await site.tab.untilText('main', 'b2');
  assert.equal(site.cli.log.lines.filter((line) => RESTARTED.test(line)).length, 0);
  await site.assertKept();
});

test('a worker that is gone when the server restarts keeps nothing from the page', async (t) => {
  const site = await openSite(
    t,
    {
      'hmr.config.js': define('one'),
      'main.js': `import './x.js'; globalThis.worker ??= new Worker('/worker.js', { type: 'module' }); worker.onmessage = ({ data }) => (document.title = data);`,
      'x.js': ACCEPTING,
      'worker.js': `postMessage('started');`,
    },
    { shows: 'one' },
  );
  const { files, tab, restart } = site;
  await tab.page.waitForFunction(`document.title === 'started'`);
  // Now nobody needs the worker any more.
  const reloaded = tab.page.waitForEvent('load');
  await files.write('main.js', `import './x.js'; document.title = 'without';`);
  await reloaded;
  await tab.page.waitForFunction(`document.title === 'without'`);
  await tab.untilText('main', 'one');
  await tab.markDocument();
  await files.remove('worker.js');
  await restart(() => files.write('hmr.config.js', define('two')));
  await tab.untilText('main', 'two');
  await files.write('x.js', `${ACCEPTING} document.title = 'edited';`);
  await tab.page.waitForFunction(`document.title === 'edited'`);
  assert.ok(await tab.isSameDocument());
});

test('a page other than the first, with an import map and a worker, over a restart', async (t) => {
  const site = await openSite(
    t,
    {
      'hmr.config.js': define('one'),
      'sub/page.html': `<!doctype html><title>t</title><link rel="icon" href="data:,"><main></main>
        <script type="importmap">{ "imports": { "lib": "/lib.js" } }</script>
        <script type="module">import lib from 'lib'; import.meta.hot.accept(); ${show('lib + __X__')}
          if (!globalThis.worker) { globalThis.worker = new Worker('/worker.js', { type: 'module' }); worker.onmessage = ({ data }) => (document.title = data); }</script>`,
      'lib.js': `export default 'lib ';`,
      'worker.js': `import { part } from './part.js'; postMessage(part);`,
      'part.js': `export const part = 'part 1';`,
    },
    { page: '/sub/page.html', shows: 'lib one' },
  );
  const { files, tab, restart } = site;
  await tab.page.waitForFunction(`document.title === 'part 1'`);
  await restart(() => files.write('hmr.config.js', define('two')));
  await tab.untilText('main', 'lib two');
  await files.write('lib.js', `export default 'edited ';`);
  await tab.untilText('main', 'edited two');
  await site.assertKept();
  const reloaded = tab.page.waitForEvent('load');
  await files.write('part.js', `export const part = 'part 2';`);
  await reloaded;
  await tab.page.waitForFunction(`document.title === 'part 2'`);
});
