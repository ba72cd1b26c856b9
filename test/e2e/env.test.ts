/** `.env` files and `import.meta.env`, in a real page: what arrives, what never does, and what a save of one changes. */
import assert from 'node:assert/strict';
import { test } from 'node:test';
import { INDEX, openSite, show } from './config-support.ts';
import { HEAD } from './link-support.ts';
import { SCRIPT } from '../harness/server.ts';

const ENV = `import.meta.hot.accept(); ${show('JSON.stringify(import.meta.env)')}`;
const BUILT_IN = { BASE_URL: '/', DEV: true, MODE: 'development', PROD: false, SSR: false };
const shown = (variables: Readonly<Record<string, string>>, mode = 'development'): string =>
  JSON.stringify({ ...BUILT_IN, MODE: mode, ...variables });

test('four files in their order, the process before all of them, and values that name others', async (t) => {
  const names = ['.env', '.env.local', '.env.staging', '.env.staging.local'];
  const files = Object.fromEntries(
    names.map((name, index) => [
      name,
      names
        .slice(index)
        .map((_, at) => `PUBLIC_${index + at}=${name}`)
        .join('\n'),
    ]),
  );
  await openSite(
    t,
    {
      ...files,
      '.env': `${files['.env']}\nVITE_P=file\nHOST=example.test\nPUBLIC_URL="https://$HOST/\${PUBLIC_PATH}"\nPUBLIC_PATH='a b'\nPUBLIC_PRICE='\\$5'\nexport PUBLIC_X = spaced # comment\nPUBLIC_LINES="one\ntwo"\n`,
      '.env.development': 'PUBLIC_3=wrong',
      'main.js': ENV,
    },
    {
      args: ['--mode', 'staging'],
      env: { VITE_P: 'process', PUBLIC_ONLY: 'here' },
      shows: shown(
        {
          PUBLIC_0: '.env',
          PUBLIC_1: '.env.local',
          PUBLIC_2: '.env.staging',
          PUBLIC_3: '.env.staging.local',
          PUBLIC_LINES: 'one\ntwo',
          PUBLIC_ONLY: 'here',
          PUBLIC_PATH: 'a b',
          PUBLIC_PRICE: '$5',
          PUBLIC_URL: 'https://example.test/a b',
          PUBLIC_X: 'spaced',
          VITE_P: 'process',
        },
        'staging',
      ),
    },
  );
});

const WAYS: Readonly<Record<string, string>> = {
  member: 'import.meta.env.PUBLIC_A',
  computed: `import.meta.env['PUBLIC_A']`,
  optional: 'import.meta.env?.PUBLIC_A',
  'doubly optional': 'import.meta?.env?.PUBLIC_A',
  'a computed name': `import.meta['env'].PUBLIC_A`,
  destructured: '(() => { const { PUBLIC_A } = import.meta.env; return PUBLIC_A; })()',
  renamed: `(({ PUBLIC_A: a = 'none' }) => a)(import.meta.env)`,
  'a template': '`${import.meta.env.PUBLIC_A}`',
  'by name': `import.meta.env[['PUBLIC', 'A'].join('_')]`,
  spread: '({ ...import.meta.env }).PUBLIC_A',
};
const all = (type = ''): string =>
  `export const ways${type} = { ${Object.entries(WAYS)
    .map(([name, code]) => `'${name}': ${code}`)
    .join(', ')} };`;

test('every way to write it, in JavaScript, TypeScript, JSX, packages, inline scripts and workers', async (t) => {
  const files = {
    '.env': 'PUBLIC_A=a',
    'index.html': `${HEAD}<main></main><p></p><script type="module">${all()} globalThis.inline = ways;</script><script type="module" src="main.js"></script>`,
    'main.js': `import { ways as js } from './a.js'; import { ways as ts } from './b.ts'; import { ways as tsx } from './c.tsx'; import { ways as jsx } from './d.jsx';
      import { ways as pkg } from 'pkg'; import { ways as raw } from 'pkg/ts.ts';
      const worker = await new Promise((resolve) => { new Worker(new URL('./worker.js', import.meta.url), { type: 'module' }).onmessage = ({ data }) => resolve(data); });
      globalThis.result = { js, ts, tsx, jsx, pkg, raw, worker, inline: globalThis.inline };
      ${show(`'done'`)}`,
    'a.js': all(),
    'b.ts': all(': Record<string, string | undefined>'),
    'c.tsx': `const React = { createElement: () => null }; export const x = <p title={import.meta.env.PUBLIC_A} />; ${all(': Record<string, string>')}`,
    'd.jsx': `const React = { createElement: () => null }; export const x = <p title={import.meta.env.PUBLIC_A} />; ${all()}`,
    'worker.js': `import { ways } from './a.js'; postMessage({ ...ways, member: import.meta.env.PUBLIC_A });`,
    'node_modules/pkg/package.json': '{"name":"pkg","version":"1.0.0","type":"module","exports":{".":"./index.js","./ts.ts":"./ts.ts"}}',
    'node_modules/pkg/index.js': all(),
    'node_modules/pkg/ts.ts': all(': Record<string, string>'),
  };
  const { tab } = await openSite(t, files, { shows: 'done' });
  const result = (await tab.page.evaluate('globalThis.result')) as Record<string, Record<string, string>>;
  const wanted = Object.fromEntries(Object.keys(WAYS).map((name) => [name, 'a']));
  for (const [where, ways] of Object.entries(result)) assert.deepEqual(ways, wanted, where);
});

test('only public names are ever sent, and no .env file is served', async (t) => {
  const secret = 'sEcReT-0451';
  const site = await openSite(
    t,
    {
      'src/.env': `SECRET=${secret}-a\nPUBLIC=${secret}-b\nMY_PUBLIC_A=${secret}-c\npublic_x=${secret}-d\nPUBLIC_A=shown\n${secret}-line\nPATH=${secret}-e`,
      'src/.env.local': `DB_URL="postgres://${secret}\n${secret}"`,
      'src/main.js': ENV,
    },
    { root: 'src', env: { OTHER_SECRET: `${secret}-f` }, shows: shown({ PUBLIC_A: 'shown' }) },
  );
  const { cli, files, tab, restart } = site;
  const bodies: string[] = [];
  tab.page.context().on(
    'response',
    (response) =>
      void response.text().then(
        (text) => bodies.push(text),
        () => undefined,
      ),
  );
  const told = cli.log.waitFor(/^warning \.env:6 /);
  assert.equal(await told, 'warning .env:6 is not NAME=value and was passed over.');
  for (const name of ['.env', '.env.local', '%2eenv', '.env?raw', '.env?import', '@outside/1/.env', '.env.local?url']) {
    const answer = await fetch(cli.url(`/${name}`), { headers: SCRIPT });
    bodies.push(await answer.text());
    assert.notEqual(answer.status, 200, name);
  }
  await files.write('src/x.js', `import text from './.env?raw'; document.title = text;`);
  bodies.push(await (await fetch(cli.url('/x.js'), { headers: SCRIPT })).text());
  const loaded = tab.page.waitForEvent('load');
  await tab.page.reload();
  await loaded;
  await tab.untilText('main', shown({ PUBLIC_A: 'shown' }));
  await restart(() => files.edit('src/.env', 'shown', 'again'));
  await tab.untilText('main', shown({ PUBLIC_A: 'again' }));
  for (const path of ['/', '/main.js', '/@env', '/changes']) {
    const answer = await fetch(cli.url(path), {
      headers: SCRIPT,
      signal: AbortSignal.timeout(30_000),
    });
    if (path !== '/changes') bodies.push(await answer.text());
    else await answer.body?.cancel();
  }
  assert.ok(bodies.some((text) => text.includes('again')));
  const served = bodies.filter((text) => text.includes(secret));
  assert.deepEqual(served, [], 'a secret was served');
  assert.ok(!cli.log.lines.join('\n').includes(secret), 'a secret is in the terminal');
});

test('a saved, created and deleted .env: who reads it is updated, others are left alone', async (t) => {
  const site = await openSite(
    t,
    {
      'app/main.js': `import './reader.js'; import './other.js';`,
      'app/reader.js': ENV,
      'app/other.js': `import.meta.hot.accept(); globalThis.runs = (globalThis.runs ?? 0) + 1;`,
    },
    { root: 'app', shows: shown({}) },
  );
  const { files, tab, restart } = site;
  await restart(() => files.write('.env', 'PUBLIC_A=1'));
  await tab.untilText('main', shown({ PUBLIC_A: '1' }));
  await restart(() => files.write('.env', 'PUBLIC_A=2\nSECRET=1'));
  await tab.untilText('main', shown({ PUBLIC_A: '2' }));
  await restart(() => files.write('.env.development.local', 'PUBLIC_A=3'));
  await tab.untilText('main', shown({ PUBLIC_A: '3' }));
  await restart(() => files.atomicWrite('.env.development.local', 'PUBLIC_A=4'));
  await tab.untilText('main', shown({ PUBLIC_A: '4' }));
  await restart(() => files.remove('.env.development.local'));
  await tab.untilText('main', shown({ PUBLIC_A: '2' }));
  await restart(() => files.write('app/.env', 'PUBLIC_B=nearer'));
  await tab.untilText('main', shown({ PUBLIC_B: 'nearer' }));
  // What no page may read changes nothing in a page.
  await restart(() => files.write('app/.env', 'PUBLIC_B=nearer\nSECRET=2'));
  await files.write('app/reader.js', `${ENV} document.title = 'later';`);
  await tab.page.waitForFunction(`document.title === 'later'`);
  assert.equal(await tab.page.evaluate('runs'), 1);
  await site.assertKept();
});

test('a page that does not accept it is reloaded, with the way that led there; so is one whose worker reads it', async (t) => {
  const site = await openSite(t, { '.env': 'PUBLIC_A=1', 'main.js': show('import.meta.env.PUBLIC_A') }, { shows: '1' });
  const { files, tab } = site;
  const reason = tab.waitForConsole(/reload.*main\.js ← .*env/);
  await files.write('.env', 'PUBLIC_A=2');
  await reason;
  await tab.untilText('main', '2');
  await files.write('worker.js', 'postMessage(`worker ${import.meta.env.PUBLIC_A}`);');
  await files.write('main.js', `new Worker('/worker.js', { type: 'module' }).onmessage = ({ data }) => { ${show('data')} };`);
  await tab.untilText('main', 'worker 2');
  const from = tab.console.lines.length;
  await files.write('.env', 'PUBLIC_A=3');
  await tab.waitForConsole(/reload.*worker\.js/, from);
  await tab.untilText('main', 'worker 3');
});

test('prefixes of its own, --mode, and a mode without files', async (t) => {
  const site = await openSite(
    t,
    {
      'hmr.config.js': `export default { envPrefix: ['APP_'] };`,
      '.env': 'APP_A=1\nPUBLIC_A=no\nVITE_A=no',
      '.env.other': 'APP_A=2',
      'main.js': ENV,
    },
    { args: ['--mode', 'other'], shows: shown({ APP_A: '2' }, 'other') },
  );
  await site.restart(() => site.files.write('hmr.config.js', `export default { envPrefix: 'PUBLIC_' };`));
  await site.tab.untilText('main', shown({ PUBLIC_A: 'no' }, 'other'));
  await site.assertKept();
});

test('definitions: names and members, in author’s TS, TSX and JS, in packages; texts and shadowed names stay', async (t) => {
  const code = (type = ''): string => `const shadow = (__V__${type}) => __V__;
    export const found = [__V__, typeof __V__, a.b.c, '__V__', \`__V__ \${__V__}\`, shadow('mine'), __FLAG__ ? 'yes' : 'no', __OBJECT__.deep[0], { __V__: 1 }.__V__];
    function hides() { const a = { b: { c: 'local' } }; return a.b.c; }
    found.push(hides(), process.env.NODE_ENV);`;
  const { tab } = await openSite(
    t,
    {
      'hmr.config.ts': `export default { define: { __V__: JSON.stringify('1.2'), 'a.b.c': '"member"', __FLAG__: 'false', __OBJECT__: JSON.stringify({ deep: ['in'] }), 'process.env.NODE_ENV': '"testing"' } };`,
      'index.html': INDEX.replace('<main>', `<script type="module">${code()} globalThis.inline = found;</script><main>`),
      'main.js': `import { found as ts } from './a.ts'; import { found as tsx } from './b.tsx'; import { found as js } from './c.js'; import { found as pkg } from 'pkg'; import cjs from 'cjs';
        globalThis.result = { ts, tsx, js, pkg, cjs: cjs.found, inline: globalThis.inline }; ${show(`'done'`)}`,
      'a.ts': `declare const __V__: string, a: any, __FLAG__: boolean, __OBJECT__: any; ${code(': string')}`,
      'b.tsx': `declare const __V__: string; ${code(': string')}`,
      'c.js': code(),
      'node_modules/pkg/package.json': '{"name":"pkg","version":"1.0.0","type":"module","main":"index.js"}',
      'node_modules/pkg/index.js': code(),
      'node_modules/cjs/package.json': '{"name":"cjs","version":"1.0.0","main":"index.js"}',
      'node_modules/cjs/index.js': code().replace('export const found', 'const found = module.exports.found'),
    },
    { shows: 'done' },
  );
  const result = (await tab.page.evaluate('globalThis.result')) as Record<string, unknown[]>;
  const wanted = ['1.2', 'string', 'member', '__V__', '__V__ 1.2', 'mine', 'no', 'in', 1, 'local', 'testing'];
  for (const [where, found] of Object.entries(result)) assert.deepEqual(found, wanted, where);
});

test('aliases: a folder, a file, a package, exact and by prefix; a missing target names alias and target', async (t) => {
  const site = await openSite(
    t,
    {
      'hmr.config.js': `export default { alias: { '@': './src', '@deep/': './src/deep/', one: './src/one.ts', old: 'new', gone: './nowhere', 'old/sub': './src/sub.js', none: 'not-installed' } };`,
      'web/index.html': INDEX,
      'web/main.js': `import a from '@/a'; import deep from '@deep/b.js'; import one from 'one'; import old from 'old'; import part from 'old/part.js'; import sub from 'old/sub'; import scoped from '@scope/x';
        import pkg from 'pkg'; import picture from '@/p.svg'; import './x.js'; const late = await import('@/late.js');
        const globbed = Object.keys(import.meta.glob('@/g/*.js'));
        ${show(`[a, deep, one, old, part, sub, scoped, pkg, picture.includes('p.svg'), late.default, globbed.length].join(' ')`)}`,
      'web/x.js': 'import.meta.hot.accept();',
      'src/a.ts': `export default 'a';`,
      'src/deep/b.js': `export default 'deep';`,
      'src/one.ts': `export default 'one';`,
      'src/sub.js': `export default 'sub';`,
      'src/late.js': `export default 'late';`,
      'src/g/1.js': '',
      'src/g/2.js': '',
      'src/p.svg': '<svg xmlns="http://www.w3.org/2000/svg"/>',
      'node_modules/new/package.json':
        '{"name":"new","version":"1.0.0","type":"module","exports":{".":"./index.js","./part.js":"./part.js"}}',
      'node_modules/new/index.js': `export default 'new';`,
      'node_modules/new/part.js': `export default 'part';`,
      'node_modules/@scope/x/package.json': '{"name":"@scope/x","version":"1.0.0","type":"module","main":"index.js"}',
      'node_modules/@scope/x/index.js': `export default 'scoped';`,
      'node_modules/pkg/package.json': '{"name":"pkg","version":"1.0.0","type":"module","main":"index.js"}',
      'node_modules/pkg/index.js': `export { default } from 'old';`,
      'node_modules/gone/package.json': '{"name":"gone","version":"1.0.0","type":"module","main":"index.js"}',
      'node_modules/gone/index.js': `export default 'the package and not the alias';`,
    },
    { root: 'web', shows: 'a deep one new part sub scoped new true late 2' },
  );
  const { files, cli } = site;
  for (const [specifier, target] of [
    ['gone', './nowhere'],
    ['@/missing', './src'],
    ['none/x', 'not-installed'],
  ] as const) {
    const from = cli.log.lines.length;
    await files.write('web/x.js', `import '${specifier}'; import.meta.hot.accept();`);
    await cli.log.waitFor(new RegExp(`"${specifier}" was not found.*alias "${specifier.replace(/\/.*/, '')}".*"${target}`), from);
    await files.write('web/x.js', 'import.meta.hot.accept();');
    await cli.log.waitFor(/^fixed/, from);
  }
});
