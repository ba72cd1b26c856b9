/**
 * Stylesheets while they are edited: linked ones without a moment without styles, with what they import and show; those that JavaScript
 * imports in the order of the imports.
 */
import assert from 'node:assert/strict';
import { test } from 'node:test';
import { openProject } from './link-support.ts';
import { batchLines, colorOf, openFolder, page, untilColor } from './robust-support.ts';

const svg = (width: number): string => `<svg xmlns="http://www.w3.org/2000/svg" width="${width}" height="9"/>`;
const rgb = (n: number): string => `rgb(${n}, ${n}, ${n})`;

test('a linked sheet is swapped without a moment without styles', async (t) => {
  const { files, tab } = await openFolder(t, {
    'index.html': page('<p>text</p>', '<link rel="stylesheet" href="a.css">'),
    'a.css': `p { color: ${rgb(1)} }`,
  });
  await untilColor(tab, 'p', rgb(1));
  // As text: the test's compiler would name the function through a helper that the page lacks.
  await tab.page.evaluate(`{
    const seen = globalThis.seen = [];
    const look = () => {
      const { color } = getComputedStyle(document.querySelector('p'));
      if (seen.at(-1) !== color) seen.push(color);
      requestAnimationFrame(look);
    };
    new MutationObserver(look).observe(document, { childList: true, subtree: true });
    look();
  }`);
  for (const n of [2, 3]) {
    await files.write('a.css', `p { color: ${rgb(n)} }`);
    await untilColor(tab, 'p', rgb(n));
  }
  await tab.page.waitForFunction(() => document.querySelectorAll('link').length === 1);
  assert.deepEqual(await tab.page.evaluate(() => Reflect.get(globalThis, 'seen')), [rgb(1), rgb(2), rgb(3)]);
  assert.ok(await tab.isSameDocument());
});

test('a sheet where nothing is watched by itself is followed: ignored, in node_modules, and what it imports', async (t) => {
  const { files, tab } = await openProject(
    t,
    {
      'index.html': page(
        '<p>text</p><i>text</i><b>text</b>',
        '<link rel="stylesheet" href="dist/a.css"><link rel="stylesheet" href="/node_modules/x/b.css">',
      ),
      'dist/a.css': `@import 'c.css'; p { color: ${rgb(1)} }`,
      'dist/c.css': `i { color: ${rgb(1)} }`,
      'node_modules/x/b.css': `b { color: ${rgb(1)} }`,
    },
    { serverOptions: { ignore: ['dist'] } },
  );
  await tab.waitForConsole(/^\[hmr-dev\] connected/);
  for (const selector of ['p', 'i', 'b']) await untilColor(tab, selector, rgb(1));
  await files.edit('dist/c.css', rgb(1), rgb(2));
  await untilColor(tab, 'i', rgb(2));
  await files.edit('dist/a.css', rgb(1), rgb(2));
  await untilColor(tab, 'p', rgb(2));
  await files.edit('node_modules/x/b.css', rgb(1), rgb(2));
  await untilColor(tab, 'b', rgb(2));
  assert.ok(await tab.isSameDocument());
});

test('@import three deep: the edit is seen, and only the linked sheet is named', async (t) => {
  const { files, tab, server } = await openFolder(t, {
    'index.html': page('<p>text</p>', '<link rel="stylesheet" href="css/a.css">'),
    'css/a.css': `@import 'more/b.css';`,
    'css/more/b.css': `@import url("../../c.css") screen;`,
    'c.css': `@import "./css/d.css";`,
    'css/d.css': `p { color: ${rgb(1)} }`,
  });
  await untilColor(tab, 'p', rgb(1));
  for (const n of [2, 3]) {
    const from = tab.console.lines.length;
    await files.write('css/d.css', `p { color: ${rgb(n)} }`);
    await untilColor(tab, 'p', rgb(n));
    await tab.waitForConsole(/^\[hmr-dev\] css hot updated: \/css\/a\.css$/, from);
  }
  await server.log.waitFor(/css\/d\.css: css hot updated \/css\/a\.css/);
  assert.equal(tab.console.lines.filter((line) => line.includes('css hot updated')).length, 2);
  assert.ok(await tab.isSameDocument());
});

test('an imported sheet that is not there yet is taken in when it is made', async (t) => {
  const { files, tab } = await openFolder(t, {
    'index.html': page('<p>text</p><i>text</i>', '<link rel="stylesheet" href="a.css"><script type="module" src="main.js"></script>'),
    'main.js': `import './js.css';`,
    'a.css': `@import 'late.css'; p { margin: 1px }`,
    'js.css': `@import './later.css'; i { margin: 1px }`,
  });
  await tab.page.waitForFunction(() => getComputedStyle(document.querySelector('i') ?? document.body).marginTop === '1px');
  await files.write('late.css', `p { color: ${rgb(1)} }`);
  await untilColor(tab, 'p', rgb(1));
  await files.write('later.css', `i { color: ${rgb(2)} }`);
  await untilColor(tab, 'i', rgb(2));
  await files.write('later.css', `i { color: ${rgb(3)} }`);
  await untilColor(tab, 'i', rgb(3));
  await files.remove('late.css');
  await untilColor(tab, 'p', 'rgb(0, 0, 0)');
  assert.ok(await tab.isSameDocument());
});

test('a sheet that imports what cannot be reached is updated all the same; one that is gone keeps the old styles', async (t) => {
  const { files, tab } = await openFolder(t, {
    'index.html': page('<p>text</p>', '<link rel="stylesheet" href="a.css">'),
    'a.css': `@import 'http://127.0.0.1:9/font.css'; p { color: ${rgb(1)} }`,
  });
  await untilColor(tab, 'p', rgb(1));
  for (const n of [2, 3]) {
    await files.edit('a.css', rgb(n - 1), rgb(n));
    await untilColor(tab, 'p', rgb(n));
  }
  await tab.page.waitForFunction(() => document.querySelectorAll('link').length === 1);
  await tab.page.route('**/a.css*', (route) => route.fulfill({ status: 500 }));
  await files.edit('a.css', rgb(3), rgb(4));
  await tab.waitForConsole(/\/a\.css could not be loaded; the old styles stay/);
  assert.equal(await colorOf(tab, 'p'), rgb(3));
});

test('an image behind url(): the sheets that show it are fetched anew, with a version on its address', async (t) => {
  const { files, tab } = await openFolder(t, {
    'index.html': page('<p>text</p><i>text</i>', '<link rel="stylesheet" href="css/a.css"><script type="module" src="main.js"></script>'),
    'main.js': `import './js.css';`,
    'css/a.css': `p { background: url("../img/dot.svg") }`,
    'js.css': `i { background: url(./img/dot.svg) }`,
    'img/dot.svg': svg(3),
  });
  const image = (selector: string): Promise<string> =>
    tab.page.locator(selector).evaluate((element) => getComputedStyle(element).backgroundImage);
  await tab.page.waitForFunction(() => getComputedStyle(document.querySelector('i') ?? document.body).backgroundImage !== 'none');
  for (const selector of ['p', 'i']) assert.match(await image(selector), /\/img\/dot\.svg"\)$/);
  const fetched = tab.page.waitForResponse(/dot\.svg\?v=/);
  await files.write('img/dot.svg', svg(4));
  assert.equal(await (await fetched).text(), svg(4));
  for (const selector of ['p', 'i']) {
    await tab.page.waitForFunction(
      (s) => /dot\.svg\?v=/.test(getComputedStyle(document.querySelector(s) ?? document.body).backgroundImage),
      selector,
    );
  }
  assert.equal(await image('p'), await image('i'));
  assert.ok(await tab.isSameDocument());
});

test('imported sheets stand in the order of the imports, also after one was added between them', async (t) => {
  const main = (names: string): string =>
    `${names
      .split('')
      .map((name) => `import './${name}.css';`)
      .join('\n')}\nimport.meta.hot.accept();`;
  const { files, tab } = await openFolder(t, {
    'index.html': page('<p>text</p>', '<script type="module" src="main.js"></script>'),
    'main.js': main('ac'),
    'a.css': `p { color: ${rgb(1)}; margin: 1px }`,
    'b.css': `p { color: ${rgb(2)}; margin: 2px; padding: 2px }`,
    'c.css': `p { color: ${rgb(3)} }`,
  });
  await untilColor(tab, 'p', rgb(3));
  await files.write('main.js', main('abc'));
  await tab.page.waitForFunction(() => getComputedStyle(document.querySelector('p') ?? document.body).paddingTop === '2px');
  await untilColor(tab, 'p', rgb(3));
  assert.equal(await tab.page.locator('p').evaluate((p) => getComputedStyle(p).marginTop), '2px');
  const order = (): Promise<(string | null)[]> =>
    tab.page.evaluate(() => [...document.querySelectorAll('style')].map((style) => style.getAttribute('data-hmr-dev')));
  assert.deepEqual(await order(), ['/a.css', '/b.css', '/c.css']);

  await files.write('main.js', main('bca'));
  await untilColor(tab, 'p', rgb(1));
  assert.deepEqual(await order(), ['/b.css', '/c.css', '/a.css']);

  await files.write('main.js', main('cb'));
  await untilColor(tab, 'p', rgb(2));
  assert.deepEqual(await order(), ['/c.css', '/b.css']);
  assert.ok(await tab.isSameDocument());
});

test('an imported sheet is removed when nobody imports it any more, and is back when somebody does', async (t) => {
  const { files, tab } = await openFolder(t, {
    'index.html': page('<p>text</p>', '<script type="module" src="main.js"></script>'),
    'main.js': `import './part.js';\nimport.meta.hot.accept('./part.js');`,
    'part.js': `import './a.css';`,
    'a.css': `p { color: ${rgb(1)} }`,
  });
  await untilColor(tab, 'p', rgb(1));
  await files.write('part.js', `export {};`);
  await untilColor(tab, 'p', 'rgb(0, 0, 0)');
  await files.write('a.css', `p { color: ${rgb(2)} }`);
  await files.write('part.js', `import './a.css';`);
  await untilColor(tab, 'p', rgb(2));
  await files.write('a.css', `p { color: ${rgb(3)} }`);
  await untilColor(tab, 'p', rgb(3));
  assert.ok(await tab.isSameDocument());
});

const MODULE_FILES = {
  'index.html': page('<p>text</p><b id="runs">0</b>', '<script type="module" src="main.js"></script>'),
  'main.js': `import './view.js';\nimport.meta.hot.accept('./view.js');`,
  'view.js': `import styles, { title } from './view.module.css';
    const runs = document.querySelector('#runs');
    runs.textContent = Number(runs.textContent) + 1;
    document.querySelector('p').className = [title, styles.extra].filter(Boolean).join(' ');`,
  'view.module.css': `.title { color: ${rgb(1)} }`,
};

test('CSS modules: an edited rule runs no importer, a new class does', async (t) => {
  const { files, tab, server } = await openFolder(t, MODULE_FILES);
  await untilColor(tab, 'p', rgb(1));
  await files.write('view.module.css', `.title { color: ${rgb(2)} }`);
  await untilColor(tab, 'p', rgb(2));
  assert.equal(await tab.text('#runs'), '1');
  await server.log.waitFor(/view\.module\.css: hot updated \/view\.module\.css/);
  await files.write('view.module.css', `.title { color: ${rgb(2)} } .extra { color: ${rgb(3)} }`);
  await untilColor(tab, 'p', rgb(3));
  assert.equal(await tab.text('#runs'), '2');
  await files.write('view.module.css', `.title { color: ${rgb(4)} }`);
  await untilColor(tab, 'p', rgb(4));
  assert.equal(await tab.text('#runs'), '3');
  assert.ok(await tab.isSameDocument());
  assert.deepEqual(tab.errors, []);
});

test('CSS modules: a class that is composed from another file changes', async (t) => {
  const { files, tab } = await openFolder(t, {
    ...MODULE_FILES,
    'view.module.css': `.title { composes: base from './base.module.css'; }`,
    'base.module.css': `.base { color: ${rgb(1)} }`,
  });
  await untilColor(tab, 'p', rgb(1));
  await files.write('base.module.css', `.base { color: ${rgb(2)} }`);
  await untilColor(tab, 'p', rgb(2));
  assert.equal(await tab.text('#runs'), '1');
  assert.ok(await tab.isSameDocument());
});

test('a sheet imported with { type: "css" } is replaced in place', async (t) => {
  const { files, tab } = await openFolder(t, {
    'index.html': page('<p>text</p><b id="runs">0</b>', '<script type="module" src="main.js"></script>'),
    'main.js': `import sheet from './a.css' with { type: 'css' };
      const runs = document.querySelector('#runs');
      runs.textContent = Number(runs.textContent) + 1;
      document.adoptedStyleSheets.push(sheet);
      globalThis.sheet = sheet;`,
    'a.css': `p { color: ${rgb(1)} }`,
  });
  await untilColor(tab, 'p', rgb(1));
  await files.write('a.css', `p { color: ${rgb(2)} }`);
  await untilColor(tab, 'p', rgb(2));
  assert.equal(await tab.text('#runs'), '1');
  assert.equal(
    await tab.page.evaluate(
      () => document.adoptedStyleSheets.length === 1 && document.adoptedStyleSheets[0] === Reflect.get(globalThis, 'sheet'),
    ),
    true,
  );
  assert.ok(await tab.isSameDocument());
});

test('one file that is linked and imported: both are updated, and it is one line in the terminal', async (t) => {
  const { files, tab, server } = await openFolder(t, {
    'index.html': page('<p>text</p>', '<link rel="stylesheet" href="a.css"><script type="module" src="main.js"></script>'),
    'main.js': `import './a.css';`,
    'a.css': `p { color: ${rgb(1)} }`,
  });
  await tab.page.waitForFunction(() => document.styleSheets.length === 2);
  await files.write('a.css', `p { color: ${rgb(2)} }`);
  await tab.page.waitForFunction((color) => [...document.styleSheets].every((sheet) => sheet.cssRules[0]?.cssText.includes(color)), rgb(2));
  await tab.page.waitForFunction(() => document.styleSheets.length === 2);
  await server.log.waitFor(/a\.css: (?!sent; )/);
  assert.equal(batchLines(server).length, 1);
  assert.equal(await colorOf(tab, 'p'), rgb(2));
  assert.ok(await tab.isSameDocument());
});

test('ten quick saves of a sheet end with the last, and one link', async (t) => {
  const { files, tab } = await openFolder(t, {
    'index.html': page('<p>text</p>', '<link rel="stylesheet" href="a.css">'),
    'a.css': `p { color: ${rgb(1)} }`,
  });
  await untilColor(tab, 'p', rgb(1));
  for (let n = 2; n <= 11; n++) await files.write('a.css', `p { color: ${rgb(n)} }`);
  await untilColor(tab, 'p', rgb(11));
  await tab.page.waitForFunction(() => document.querySelectorAll('link').length === 1);
  assert.equal(await colorOf(tab, 'p'), rgb(11));
});

test('a sheet that is not closed is an error with its place, linked or imported; the rules of before stay until it is mended', async (t) => {
  const { files, tab, server } = await openFolder(t, {
    'index.html': page('<p>text</p><i>i</i>', '<link rel="stylesheet" href="a.css"><script type="module" src="main.js"></script>'),
    'main.js': `import './b.css';`,
    'a.css': `p { color: ${rgb(1)} }`,
    'b.css': `i { color: ${rgb(1)} }`,
  });
  await untilColor(tab, 'i', rgb(1));
  for (const [name, element] of [
    ['a.css', 'p'],
    ['b.css', 'i'],
  ] as const) {
    const told = server.log.waitFor(new RegExp(`^Syntax error ${name}:1:3`));
    await files.write(name, `${element} {{ color: ${rgb(2)} }`);
    await told;
    await tab.page.locator('hmr-dev-overlay').waitFor({ state: 'attached' });
    assert.equal(await colorOf(tab, element), rgb(1));
    await files.write(name, `${element} { color: ${rgb(3)} }`);
    await untilColor(tab, element, rgb(3));
    await tab.page.locator('hmr-dev-overlay').waitFor({ state: 'detached' });
  }
  assert.ok(await tab.isSameDocument());
});
