/**
 * One page and one edit of each kind that needs no code of the author's: markup, styles, pictures, fonts, data, inline modules, and a file that
 * was missing. Each reaches the page without a reload, and what was typed stays.
 */
import assert from 'node:assert/strict';
import { test } from 'node:test';
import { openFolder } from './robust-support.ts';

const svg = (size: number): string =>
  `<svg xmlns="http://www.w3.org/2000/svg" width="${size}" height="${size}"><g id="icon"><circle r="${size}"/></g></svg>`;

const INDEX = `<!doctype html>
<html>
  <head>
    <title>one</title>
    <meta name="description" content="one">
    <link rel="icon" href="icon.svg">
    <link rel="stylesheet" href="site.css">
    <link rel="stylesheet" href="missing.css">
    <style>#block { color: rgb(1, 0, 0) }</style>
  </head>
  <body>
    <input id="typed">
    <h1 id="text">one</h1>
    <p id="attribute" title="one">p</p>
    <ul id="list"><li>a</li></ul>
    <i id="linked">a</i><i id="imported">a</i><i id="picture">a</i><i id="letter">a</i><i id="block">a</i>
    <div id="host"><template shadowrootmode="open"><link rel="stylesheet" href="shadow.css"><b>in</b></template></div>
    <img id="image" src="image.svg" alt=""><img id="set" srcset="set.svg 1x" alt="">
    <picture><source id="source" srcset="source.svg"><img alt=""></picture>
    <video id="video" poster="poster.svg"></video>
    <img id="absent" src="absent.svg" alt="">
    <svg><use id="use" href="symbols.svg#icon"/></svg>
    <output id="sheet">a</output><output id="inline"></output><output id="json"></output><output id="raw"></output>
    <script type="module">
      document.querySelector('#inline').textContent = 'one';
      import.meta.hot.accept();
    </script>
    <script type="module" src="main.js"></script>
  </body>
</html>
`;

const FILES = {
  'index.html': INDEX,
  'site.css': `@import './deep/one.css'; @font-face { font-family: own; src: url(font.woff2) } #linked { color: rgb(1, 0, 0) } #picture { background: url(back.svg) } #letter { font-family: own } #list { background: url(nowhere.svg) }`,
  'deep/one.css': `@import 'two.css';`,
  'deep/two.css': `#imported { color: rgb(1, 0, 0) }`,
  'shadow.css': 'b { color: rgb(1, 0, 0) }',
  'sheet.css': 'output { color: rgb(1, 0, 0) }',
  'font.woff2': 'one',
  ...Object.fromEntries(['icon', 'back', 'image', 'set', 'source', 'poster', 'symbols'].map((name) => [`${name}.svg`, svg(10)])),
  'data.json': '{ "value": "one" }',
  'note.txt': 'one',
  'main.js': `import sheet from './sheet.css' with { type: 'css' };
    import data from './data.json' with { type: 'json' };
    import note from './note.txt?raw';
    const show = (selector, text) => document.querySelector(selector).textContent = text;
    document.adoptedStyleSheets.push(sheet);
    show('#json', data.value);
    show('#raw', note);
    import.meta.hot.accept('./data.json', (json) => show('#json', json.default.value));
    import.meta.hot.accept('./note.txt?raw', (text) => show('#raw', text.default));`,
};

interface StaticEdit {
  readonly file: string;
  readonly from?: string;
  readonly to: string;
  /** In the page, once the edit is there. */
  readonly arrived: string;
}

const color = (selector: string, value: string, root = 'document'): string =>
  `getComputedStyle(${root}.querySelector('${selector}')).color === 'rgb(${value})'`;
const text = (selector: string, value: string): string => `document.querySelector('${selector}').textContent === '${value}'`;
const attribute = (selector: string, name: string): string =>
  `document.querySelector('${selector}').getAttribute('${name}').includes('?v=')`;

const EDITS: Readonly<Record<string, StaticEdit>> = {
  'text of HTML': { file: 'index.html', from: '<h1 id="text">one', to: '<h1 id="text">two', arrived: text('#text', 'two') },
  'an attribute': {
    file: 'index.html',
    from: 'title="one"',
    to: 'title="two"',
    arrived: `document.querySelector('#attribute').title === 'two'`,
  },
  structure: { file: 'index.html', from: '<li>a</li>', to: '<li>a</li><li>b</li>', arrived: text('#list', 'ab') },
  'the title': { file: 'index.html', from: '<title>one', to: '<title>two', arrived: `document.title === 'two'` },
  'a meta': { file: 'index.html', from: 'content="one"', to: 'content="two"', arrived: `document.querySelector('meta').content === 'two'` },
  'a linked sheet': {
    file: 'site.css',
    from: '#linked { color: rgb(1',
    to: '#linked { color: rgb(2',
    arrived: color('#linked', '2, 0, 0'),
  },
  'a sheet two imports deep': { file: 'deep/two.css', from: 'rgb(1', to: 'rgb(2', arrived: color('#imported', '2, 0, 0') },
  'a picture in a sheet': {
    file: 'back.svg',
    to: svg(20),
    arrived: `getComputedStyle(document.querySelector('#picture')).backgroundImage.includes('back.svg?v=')`,
  },
  'a font': {
    file: 'font.woff2',
    to: 'two',
    arrived: `performance.getEntriesByType('resource').some(({ name }) => name.includes('font.woff2?v='))`,
  },
  'a sheet in a shadow root': {
    file: 'shadow.css',
    from: 'rgb(1',
    to: 'rgb(2',
    arrived: color('b', '2, 0, 0', `document.querySelector('#host').shadowRoot`),
  },
  'an imported sheet': { file: 'sheet.css', from: 'rgb(1', to: 'rgb(2', arrived: color('#sheet', '2, 0, 0') },
  'a style block': { file: 'index.html', from: '#block { color: rgb(1', to: '#block { color: rgb(2', arrived: color('#block', '2, 0, 0') },
  'an image': { file: 'image.svg', to: svg(20), arrived: `document.querySelector('#image').naturalWidth === 20` },
  'a srcset': { file: 'set.svg', to: svg(20), arrived: attribute('#set', 'srcset') },
  'a source of a picture': { file: 'source.svg', to: svg(20), arrived: attribute('#source', 'srcset') },
  'a poster': { file: 'poster.svg', to: svg(20), arrived: attribute('#video', 'poster') },
  'the favicon': { file: 'icon.svg', to: svg(20), arrived: attribute('link[rel=icon]', 'href') },
  'a symbol that SVG uses': { file: 'symbols.svg', to: svg(20), arrived: attribute('#use', 'href') },
  'an inline module': {
    file: 'index.html',
    from: `'#inline').textContent = 'one'`,
    to: `'#inline').textContent = 'two'`,
    arrived: text('#inline', 'two'),
  },
  'JSON of a module': { file: 'data.json', from: 'one', to: 'two', arrived: text('#json', 'two') },
  'text of a module': { file: 'note.txt', from: 'one', to: 'two', arrived: text('#raw', 'two') },
  'a picture that was missing': {
    file: 'absent.svg',
    to: svg(20),
    arrived: `document.querySelector('#absent').naturalWidth === 20`,
  },
  'a picture of a sheet that was missing': {
    file: 'nowhere.svg',
    to: svg(20),
    arrived: `getComputedStyle(document.querySelector('#list')).backgroundImage.includes('nowhere.svg?v=')`,
  },
  'a sheet that was missing': { file: 'missing.css', to: '#typed { color: rgb(2, 0, 0) }', arrived: color('#typed', '2, 0, 0') },
};

test(`${Object.keys(EDITS).length} edits of one file each, one of each kind: all hot, no reload`, async (t) => {
  const { files, tab } = await openFolder(t, FILES);
  await tab.untilText('#raw', 'one');
  await tab.untilText('#inline', 'one');
  await tab.page.locator('#typed').fill('typed');
  for (const [kind, { file, from, to, arrived }] of Object.entries(EDITS)) {
    await t.test(kind, async () => {
      if (from === undefined) await files.write(file, to);
      else await files.edit(file, from, to);
      await tab.page.waitForFunction(arrived);
      assert.ok(await tab.isSameDocument());
    });
  }
  assert.equal(await tab.page.locator('#typed').inputValue(), 'typed');
  assert.equal(tab.loads.length, 1);
  assert.deepEqual(tab.errors, []);
});
