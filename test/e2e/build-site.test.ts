/** What a built site consists of: which files, under which names, what of the pages has changed, and that a failed build changes nothing. */
import assert from 'node:assert/strict';
import fs from 'node:fs/promises';
import path from 'node:path';
import { describe, test } from 'node:test';
import type { PluginBuild } from 'esbuild';
import { HmrError } from '../../src/server/errors.ts';
import { build } from '../../src/server/build/build.ts';
import { fixture } from '../harness/fixture.ts';
import { ensureBuilt } from '../harness/built.ts';
import { buildSite, openBuilt } from './build-support.ts';
import { HEAD, pageOf, svgOf } from './link-support.ts';

const unhashed = (names: readonly string[]): string[] => names.map((name) => name.replace(/-[\w-]{8,10}(\.\w+(?:\.map)?)$/, '-#$1')).sort();

describe('pages', () => {
  test('every address is rewritten where it stands, and nothing else', async (t) => {
    const page = (at: (name: string) => string): string => `<!DOCTYPE html>
<html lang=en><head><meta charset="utf-8">
<title>ä – & "x"</title><link rel='icon' href='${at('a.svg')}'>
<link rel="stylesheet" href="${at('s.css')}" media="(min-width: 1px)" >
<style>/* ü */ body { background: URL("${at('b.svg')}") } i { background: url(data:,) }</style>
</head><body class="x"   data-src="a.svg">
<IMG src=${at('a.svg')} srcset="${at('a.svg')} 1x, ${at('b.svg')} 2x" alt="a.svg">
<picture><source srcset="${at('b.svg')}"></picture><video poster="${at('b.svg')}"></video>
<svg><use href="${at('sprite.svg')}#i"></use></svg><p style="background: url('${at('b.svg')}')">
<!-- <img src="a.svg"> --><template><img src="${at('a.svg')}"></template><noscript><img src="${at('b.svg')}"></noscript>
<a href="doc.pdf">doc.pdf</a><a href="https://example.test/a.svg">x</a><img src="https://example.test/a.svg"><img src="missing.svg"><img src="data:,">
<script type="application/json">"a.svg"</script><script>'a.svg'</script><script src="${at('classic.js')}"></script>
</body></html>`;
    const files = {
      's.css': 'p{color:red}',
      'a.svg': svgOf(1),
      'b.svg': svgOf(2),
      'sprite.svg': svgOf(3),
      'doc.pdf': 'd',
      'classic.js': 'var c = 1;',
    };
    const site = await buildSite(t, { ...files, 'index.html': page((name) => (name === 'a.svg' ? './a.svg' : name)) });
    const urls = new Map(
      Object.keys(files).map((name) => {
        const { name: stem, ext } = path.parse(name);
        return [name, `/${site.names.find((one) => one.startsWith(`assets/${stem}-`) && one.endsWith(ext)) ?? ''}`];
      }),
    );
    assert.equal(
      await site.text('index.html'),
      page((name) => urls.get(name) ?? name),
    );
    assert.deepEqual(site.log.lines, ['warning index.html: missing.svg names no file.']);
    assert.ok(site.names.includes('doc.pdf'));
  });

  test('an encoding other than UTF-8 stays', async (t) => {
    const html = Buffer.from('<!doctype html><meta charset="windows-1252"><p>\xe4\x80<img src="a.svg">', 'latin1');
    const site = await buildSite(t, { 'index.html': html, 'a.svg': svgOf(1) });
    const built = await fs.readFile(path.join(site.outDir, 'index.html'));
    assert.match(built.toString('latin1'), /<p>\xe4\x80<img src="\/assets\/a-[\w-]+\.svg">$/);
  });

  test('sheets of code are linked behind those of the head, for each page its own', async (t) => {
    const site = await buildSite(t, {
      'index.html': `<!doctype html><head><title>t</title><script type="module" src="a.js"></script><link rel="stylesheet" href="s.css"></head><body><p>`,
      'other.html': `<!doctype html><title>t</title><script type="module">import './shared.js'</script><p>`,
      'a.js': `import './a.css'; import './shared.js'; import('./late.js');`,
      'late.js': `import './late.css';`,
      'shared.js': `import './shared.css'; globalThis.shared = 1;`,
      'a.css': 'p { color: red }',
      's.css': 'p { color: blue }',
      'late.css': 'p { margin: 3px }',
      'shared.css': 'p { padding: 4px }',
    });
    const css = /<link rel="stylesheet" href="([^"]+)"><\/head>/.exec(await site.text('index.html'))?.[1] ?? '';
    assert.match(css, /^\/assets\/a-\w+\.css$/);
    assert.match(
      await site.text('other.html'),
      /^<!doctype html><title>t<\/title><link rel="stylesheet" href="\/assets\/other-\w+\.css"><script type="module">import "\/assets\/other-\w+\.js";<\/script><p>$/,
    );
    const tab = await openBuilt(t, site);
    await tab.page.waitForFunction(`globalThis.shared === 1`);
    const styles = await tab.page.evaluate(
      `(({ color, margin, padding }) => [color, margin, padding])(getComputedStyle(document.querySelector('p')))`,
    );
    assert.deepEqual(styles, ['rgb(255, 0, 0)', '3px', '4px']);
    assert.equal(site.names.filter((name) => name.endsWith('.css')).length, 3);
  });

  test('a script, its sheet and another sheet of one name and content, and a script of that name elsewhere', async (t) => {
    const site = await buildSite(t, {
      'index.html': `<!doctype html><link rel="stylesheet" href="a.css"><script type="module" src="a.js"></script>`,
      'sub/index.html': `<!doctype html><link rel="stylesheet" href="../a.css"><script type="module" src="a.js"></script>`,
      'a.css': 'p { color: red }',
      'a.js': `import './a.css'; globalThis.result = 1;`,
      'sub/a.js': `import '../a.css'; globalThis.result = 1;`,
    });
    for (const name of ['index.html', 'sub/index.html']) {
      const urls = [...(await site.text(name)).matchAll(/(?:href|src)="([^"]+)"/g)].map(([, url = '']) => url.slice(1));
      assert.equal(urls.length, 3);
      for (const url of urls) assert.ok(site.names.includes(url), url);
    }
  });

  test('a linked sheet is one file with what it imports, and pictures are found from where they were named', async (t) => {
    const site = await buildSite(t, {
      'index.html': `${HEAD}<link rel="stylesheet" href="css/s.css"><p>`,
      'css/s.css': `@import './deep/one.css' screen; p { margin: 3px }`,
      'css/deep/one.css': `@import '../../two.css'; p { padding: 4px }`,
      'two.css': `p { color: red; background: url('./img/a.svg') }`,
      'img/a.svg': svgOf(1),
    });
    assert.deepEqual(unhashed(site.names), ['assets/a-#.svg', 'assets/s-#.css', 'index.html']);
    assert.doesNotMatch(await site.text('assets/s-'), /@import/);
    const tab = await openBuilt(t, site);
    const styles = (await tab.page.evaluate(
      `(({ color, margin, padding, backgroundImage }) => [color, margin, padding, backgroundImage])(getComputedStyle(document.querySelector('p')))`,
    )) as string[];
    assert.deepEqual(styles.slice(0, 3), ['rgb(255, 0, 0)', '3px', '4px']);
    assert.match(styles[3] ?? '', /\/assets\/a-[\w-]+\.svg"\)$/);
  });

  test('code that several pages use is one file', async (t) => {
    const site = await buildSite(t, {
      'index.html': pageOf('a.js'),
      'b.html': pageOf('b.js'),
      'a.js': `import { big } from './big.js'; globalThis.result = big;`,
      'b.js': `import { big } from './big.js'; globalThis.result = big + 1;`,
      'big.js': `export const big = 'BIG'.repeat(3);`,
    });
    const scripts = await Promise.all(site.names.filter((name) => name.endsWith('.js')).map((name) => site.text(name)));
    assert.equal(scripts.filter((text) => text.includes('BIG')).length, 1);
  });

  test('a page that is no page stays as it is, with what it names', async (t) => {
    const site = await buildSite(t, {
      'index.html': `${HEAD}<img src="a.svg">`,
      'part.html': '<p><img src="a.svg"></p>',
      'a.svg': svgOf(1),
    });
    assert.equal(await site.text('part.html'), '<p><img src="a.svg"></p>');
    assert.deepEqual(unhashed(site.names), ['a.svg', 'assets/a-#.svg', 'index.html', 'part.html']);
  });
});

describe('files', () => {
  test('what goes along, and what does not', async (t) => {
    const site = await buildSite(
      t,
      {
        'index.html': `${HEAD}<script type="module" src="main.ts"></script><img src="/logo.svg"><img src="/public/logo.svg">`,
        'main.ts': `import './s.css';`,
        's.css': `@font-face { font-family: f; src: url('./f.woff2?#iefix') } p { background: url(/logo.svg) }`,
        'f.woff2': 'font',
        'public/logo.svg': svgOf(1),
        'public/.htaccess': 'x',
        'robots.txt': 'r',
        CNAME: 'c',
        'sw.js': 's',
        'data/list.json': '{}',
        '.well-known/security.txt': 'w',
        'unused.ts': 'const x: number = 1;',
        'types.d.ts': '',
        'tsconfig.json': '{}',
        'package.json': '{}',
        'hmr.config.ts': 'export default {}',
        '.env': 'SECRET=1',
        'server.key': 'k',
        'node_modules/x/index.js': '',
        'drafts/a.txt': 'd',
        'old/.hmr-dev-build.json': '{}',
        'old/index.html': HEAD,
      },
      { ignore: 'drafts' },
    );
    assert.deepEqual(unhashed(site.names), [
      '.well-known/security.txt',
      'CNAME',
      'assets/f-#.woff2',
      'assets/main-#.css',
      'assets/main-#.js',
      'data/list.json',
      'index.html',
      'logo.svg',
      'robots.txt',
      'sw.js',
    ]);
    assert.match(await site.text('index.html'), /<img src="\/logo\.svg"><img src="\/logo\.svg">/);
    assert.match(await site.text('assets/main-'), /url\(\/logo\.svg\)/);
    assert.match(await site.text('assets/main-'), /\/assets\/f-[\w-]+\.woff2\?#iefix/);
  });

  test('nothing of development is left, minified or not', async (t) => {
    const files = {
      'index.html': pageOf('main.js'),
      'main.js': `import { container } from 'hmr-dev/client';
        if (import.meta.hot) { import.meta.hot.accept(); console.log('DEVELOPMENT'); }
        import.meta.hot?.dispose(() => console.log('DEVELOPMENT'));
        if (import.meta.env.DEV || process.env.NODE_ENV !== 'production') console.log('DEVELOPMENT');
        globalThis.result = import.meta.env.MODE;`,
    };
    for (const minify of [true, false]) {
      const site = await buildSite(t, files, { minify });
      const text = await site.text('assets/main-');
      assert.doesNotMatch(text, /DEVELOPMENT|import\.meta|container|hmr-dev/);
      assert.match(text, minify ? /^globalThis\.result="production";/ : /^\/\/ main\.js\nglobalThis\.result = "production";/);
    }
  });

  test('a name changes with what is in its file, and with what that names', async (t) => {
    const files = (inner: string) => ({
      'index.html': pageOf('main.js'),
      'main.js': `new Worker(new URL('./w.js', import.meta.url), { type: 'module' });`,
      'w.js': `import './inner.js';`,
      'inner.js': `postMessage(${inner});`,
      'same.html': pageOf('same.js'),
      'same.js': 'globalThis.same = 1;',
    });
    const one = await buildSite(t, files('1'));
    const two = await buildSite(t, files('2'));
    const named = (names: readonly string[], stem: string): string | undefined => names.find((name) => name.startsWith(`assets/${stem}-`));
    assert.notEqual(named(one.names, 'w'), named(two.names, 'w'));
    assert.notEqual(named(one.names, 'main'), named(two.names, 'main'));
    assert.equal(named(one.names, 'same'), named(two.names, 'same'));
  });

  test('source maps lead to what was written', async (t) => {
    const site = await buildSite(
      t,
      {
        'index.html': pageOf('main.ts'),
        'main.ts': `interface A {\n  a: string;\n}\nconst all = import.meta.glob('./x/*.ts');\nexport const fail = (): never => {\n  throw new Error('here' + Object.keys(all));\n};\nfail();\n`,
      },
      { sourcemap: true },
    );
    const map = JSON.parse(await site.text(site.names.find((name) => name.endsWith('.js.map')) ?? '')) as {
      sources: string[];
      sourcesContent: string[];
    };
    assert.match(map.sources.join(), /main\.ts$/);
    assert.match(map.sourcesContent.join(), /interface A/);
  });
});

describe('the folder of a build', () => {
  const PAGE = { 'src/index.html': `${HEAD}<script type="module" src="a.js"></script>`, 'src/a.js': 'globalThis.a = 1;' };
  const list = async (folder: string): Promise<string[]> =>
    (await fs.readdir(folder, { recursive: true, withFileTypes: true }))
      .filter((entry) => entry.isFile())
      .map((entry) => entry.name)
      .sort();
  const refused = (work: Promise<unknown>, pattern: RegExp): Promise<void> =>
    assert.rejects(work, (error) => error instanceof HmrError && pattern.test(error.message));

  test('a second build takes away what the first has left, and nothing else', async () => {
    await ensureBuilt();
    await using files = await fixture(PAGE);
    const [root, out] = [files.resolve('src'), files.resolve('dist')];
    await build({ root, out });
    await files.write('dist/deploy.txt', 'mine');
    await files.write('src/a.js', 'globalThis.a = 2;');
    const before = await list(out);
    await build({ root, out });
    const after = await list(out);
    assert.equal(after.length, before.length);
    assert.equal(after.filter((name) => !before.includes(name)).length, 1);
    assert.ok(after.includes('deploy.txt'));
  });

  test('a folder of somebody else, the source, and what lies above it are refused', async () => {
    await using files = await fixture({ ...PAGE, 'other/precious.txt': 'x' });
    const root = files.resolve('src');
    await refused(build({ root, out: files.resolve('other') }), /has files in it that no build of hmr-dev has written \(precious\.txt\)/);
    await refused(build({ root, out: root }), /holds the source/);
    await refused(build({ root, out: files.path }), /holds the source/);
    await fs.symlink(root, files.resolve('link'));
    await refused(build({ root, out: files.resolve('link') }), /holds the source/);
    await refused(build({ root, out: files.resolve('other/precious.txt') }), /is no folder/);
    assert.deepEqual(await list(files.resolve('other')), ['precious.txt']);
  });

  test('a list that somebody has written, and a link in the folder, lead nowhere else', async () => {
    await ensureBuilt();
    await using files = await fixture({ ...PAGE, 'precious/keep.txt': 'x', 'precious/assets/keep.txt': 'x' });
    const [root, out] = [files.resolve('src'), files.resolve('dist')];
    await build({ root, out });
    const evil = { base: '/', files: ['../precious/keep.txt'], hashed: [] };
    await files.write('dist/.hmr-dev-build.json', JSON.stringify(evil));
    await refused(build({ root, out }), /no build of hmr-dev has written/);
    await files.write('dist/.hmr-dev-build.json', JSON.stringify({ ...evil, files: ['link/keep.txt'] }));
    await fs.symlink(files.resolve('precious'), files.resolve('dist/link'));
    await build({ root, out });
    assert.equal(await files.read('precious/keep.txt'), 'x');
    await fs.rm(files.resolve('dist/assets'), { recursive: true });
    await fs.symlink(files.resolve('precious/assets'), files.resolve('dist/assets'));
    await refused(build({ root, out }), /behind a link that leads out/);
    assert.deepEqual(await list(files.resolve('precious/assets')), ['keep.txt']);
  });

  test('a build that fails leaves the one before', async () => {
    await ensureBuilt();
    await using files = await fixture(PAGE);
    const [root, out] = [files.resolve('src'), files.resolve('dist')];
    await build({ root, out });
    const before = await list(out);
    await files.write('src/a.js', 'const x = ;');
    await refused(build({ root, out }), /Unexpected ";"/);
    assert.deepEqual(await list(out), before);
  });

  test('a folder without pages says so', async () => {
    await using files = await fixture({ 'src/a.js': '' });
    await refused(build({ root: files.resolve('src'), out: files.resolve('dist') }), /has no page/);
  });
});

describe('mistakes are told as by the server', () => {
  const CASES: Record<string, { files: Record<string, string>; expected: [code: string, message: RegExp, place: string] }> = {
    'syntax, in TypeScript': {
      files: { 'main.ts': 'const a = 1;\nconst b: = 2;' },
      expected: ['SYNTAX', /Unexpected|Expected/, 'main.ts:2:10'],
    },
    'an import that is not there': {
      files: { 'main.ts': `type A = 1;\nimport './nothing';` },
      expected: ['RESOLVE', /nothing/, 'main.ts:2:8'],
    },
    'an import in what was made JavaScript first': {
      files: {
        'main.ts': `interface A {\n  a: 1;\n}\nconst g = import.meta.glob('./*.x');\nimport { b } from './gone';\nconsole.log(b, g);`,
      },
      expected: ['RESOLVE', /gone/, 'main.ts:5:19'],
    },
    'a name that is not exported': {
      files: { 'main.js': `import { b } from './b.js'; b();`, 'b.js': 'export const a = 1;' },
      expected: ['MISSING_EXPORT', /"b"/, 'main.js:1:10'],
    },
    'a computed glob': {
      files: { 'main.ts': `let x: string = '';\n\nimport.meta.glob(x);` },
      expected: ['GLOB', /literal text/, 'main.ts:3:18'],
    },
    'a computed module of a container': {
      files: { 'main.js': `import { container } from 'hmr-dev/client';\ncontainer({ ['./' + 1]: 'a' }, () => {});` },
      expected: ['UNSUPPORTED', /computed/, 'main.js:2:13'],
    },
    'a file that cannot be imported': {
      files: { 'main.js': `import './a.docx';`, 'a.docx': '' },
      expected: ['UNSUPPORTED', /a\.docx is a kind of file/, 'a.docx:1:1'],
    },
    'a secret': { files: { 'main.js': `import './.env?raw';`, '.env': 'A=1' }, expected: ['READ', /may hold secrets/, 'main.js:1:8'] },
  };
  for (const [name, { files, expected }] of Object.entries(CASES)) {
    test(name, async (t) => {
      const main = 'main.ts' in files ? 'main.ts' : 'main.js';
      const failure = await buildSite(t, { 'index.html': pageOf(main), ...files }).then(
        () => undefined,
        (error: unknown) => error,
      );
      if (!(failure instanceof HmrError)) throw new Error(`It is ${String(failure)}`, { cause: failure });
      const { code, message, location } = failure;
      const place = location && `${path.basename(location.file)}:${location.line}:${location.column}`;
      assert.deepEqual([code, place], [expected[0], expected[2]], message);
      assert.match(message, expected[1]);
    });
  }

  test('a plugin is named, and warnings are told once', async (t) => {
    const plugin = {
      name: 'picky',
      setup(build: PluginBuild) {
        build.onLoad({ filter: /a\.js$/ }, () => ({ contents: '', warnings: [{ text: 'hm' }] }));
        build.onLoad({ filter: /bad\.js$/ }, () => ({ errors: [{ text: 'no', location: { file: 'bad.js', line: 2, column: 0 } }] }));
      },
    };
    const site = await buildSite(t, { 'index.html': pageOf('a.js'), 'a.js': '' }, { plugins: [plugin] });
    assert.deepEqual(site.log.lines, ['warning [picky] hm']);
    const failing = buildSite(t, { 'index.html': pageOf('bad.js'), 'bad.js': '1;\n2;' }, { plugins: [plugin] });
    await assert.rejects(
      failing,
      (error) => error instanceof HmrError && error.code === 'PLUGIN' && error.message === '[picky] no' && error.location?.line === 2,
    );
  });

  test('workers that start each other', async (t) => {
    const start = (name: string): string => `new Worker(new URL('./${name}.js', import.meta.url), { type: 'module' });`;
    const failing = buildSite(t, {
      'index.html': pageOf('main.js'),
      'main.js': start('a') + start('b'),
      'a.js': start('b'),
      'b.js': start('a'),
    });
    await assert.rejects(failing, /start each other as workers/);
    const site = await buildSite(t, { 'index.html': pageOf('main.js'), 'main.js': start('a'), 'a.js': start('a') });
    assert.match(await site.text('assets/a-'), /import\.meta\.url/);
  });

  test('a map of a container that is not written where it is called', async (t) => {
    const site = await buildSite(t, {
      'index.html': pageOf('main.js'),
      'main.js': `import { container } from 'hmr-dev/client';\nconst map = { './a.js': 'a' };\ncontainer(map, () => {});`,
      'a.js': '',
    });
    assert.match(site.log.lines.join(), /main\.js:3:1: container\(\) gets a map that is not written there/);
  });
});
