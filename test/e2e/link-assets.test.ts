/**
 * What is not code: JSON, text, addresses, data URLs, pictures. Imported, named by `new URL(…, import.meta.url)`, shown in the page, and
 * level with the folder after a save.
 */
import assert from 'node:assert/strict';
import { test } from 'node:test';
import { openProject, pageOf, svgOf } from './link-support.ts';

test('JSON: default, names, the namespace, with attributes, dynamically, and hot', async (t) => {
  const { result, files, tab, assertAlive } = await openProject(t, {
    'index.html': pageOf('/main.ts'),
    'main.ts': `
      import data from './data.json'; import { name, list as items } from './data.json'; import * as all from './data.json';
      import { plain, strict } from './strict';
      import array from './array.json'; import text from './text.json';
      const later = await import('./later.json', { with: { type: 'json' } });
      globalThis.result = [data, name, items, Object.keys(all), plain, Object.keys(strict), array, text, Object.keys(later), later.default, Object.hasOwn(data, '__proto__')];
      import.meta.hot?.accept('./data.json', (next) => console.log('now', next.default.name, name));`,
    'strict.ts': `import plain from './data.json' with { type: 'json' }; import * as strict from './data.json' with { type: 'json' };
      export { plain, strict }; import.meta.hot?.accept('./data.json', (next) => console.log('strict', Object.keys(next), plain.name));`,
    'data.json': '{ "name": "n1", "list": [1, 2], "default": 5, "with-dash": true, "__proto__": { "polluted": true }, "class": 1 }',
    'array.json': '\ufeff[1, {"a": null}]',
    'text.json': '"text"',
    'later.json': '{ "x": 1 }',
  });
  const data = { name: 'n1', list: [1, 2], default: 5, 'with-dash': true, class: 1 };
  const [first, name, items, keys, plain, strictKeys, array, text, laterKeys, later, own] = (await result()) as unknown[];
  assert.deepEqual([first, name, items], [data, 'n1', [1, 2]]);
  assert.equal(own, true);
  assert.deepEqual(keys, ['__proto__', 'class', 'default', 'list', 'name']);
  assert.deepEqual(
    [plain, strictKeys, array, text, laterKeys, later],
    [first, ['default'], [1, { a: null }], 'text', ['default'], { x: 1 }],
  );
  await files.edit('data.json', 'n1', 'n2');
  await tab.waitForConsole(/^now n2 n2$/);
  await tab.waitForConsole(/^strict \[default\] n2$/);
  await assertAlive();
});

test('JSON that is broken is shown with its place, and the page goes on when it is mended', async (t) => {
  const { files, tab, server, result } = await openProject(t, {
    'index.html': pageOf('/main.js'),
    'main.js': `import data from './data.json'; globalThis.result = data; import.meta.hot?.accept('./data.json', (m) => console.log('took', m.default.a));`,
    'data.json': '{ "a": 1 }',
  });
  assert.deepEqual(await result(), { a: 1 });
  await files.write('data.json', '{\n  "a": 2,\n  oops\n}');
  await tab.page.locator('hmr-dev-overlay').waitFor({ state: 'attached' });
  await server.log.waitFor(/data\.json:3:3/);
  await files.write('data.json', '{ "a": 3 }');
  await tab.waitForConsole(/^took 3$/);
  await tab.page.locator('hmr-dev-overlay').waitFor({ state: 'detached' });
});

test('?raw, ?url and ?inline of text, pictures, code and styles', async (t) => {
  const { result, files, tab, assertAlive } = await openProject(t, {
    'index.html': pageOf('/main.ts'),
    'main.ts': `
      import notes from './notes.txt?raw'; import code from './other.ts?raw'; import codeUrl from './fetched.ts?url'; import style from './style.css?inline';
      import svg from './logo.svg?raw'; import svgUrl from './logo.svg?url'; import data from './logo.svg?inline'; import dot from './dot.gif?inline';
      import page from './part.html?raw'; import md from './README.md?url';
      const width = (src: string) => new Promise((done) => { const image = new Image(); image.onload = () => done(image.naturalWidth); image.onerror = () => done('broken'); image.src = src; });
      globalThis.result = [notes, code, codeUrl, style, svg.length, svgUrl, await width(data), dot, page, md, await (await fetch(codeUrl)).text(), document.styleSheets.length];
      import.meta.hot?.accept('./notes.txt?raw', (m) => console.log('notes', m.default));
      import.meta.hot?.accept('./other.ts?raw', (m) => console.log('code', m.default));`,
    'notes.txt': 'line 1\nline "2"\n',
    'other.ts': `export const typed: number = 1;`,
    'fetched.ts': `export const typed: number = 1;`,
    'style.css': `p { background: url(./dot.gif) }`,
    'logo.svg': svgOf(33),
    'dot.gif': Buffer.from('R0lGODlhAQABAAAAACH5BAEKAAEALAAAAAABAAEAAAICTAEAOw==', 'base64'),
    'part.html': '<p>part</p>',
    'README.md': '# readme',
  });
  const [notes, code, codeUrl, style, length, svgUrl, width, dot, page, md, fetched, sheets] = (await result()) as unknown[];
  assert.deepEqual([notes, code, codeUrl, fetched], ['line 1\nline "2"\n', 'export const typed: number = 1;', '/fetched.ts', code]);
  assert.match(String(style), /background: url\("?\/dot\.gif"?\)/);
  assert.deepEqual([length, svgUrl, width, page, md, sheets], [svgOf(33).length, '/logo.svg', 33, '<p>part</p>', '/README.md', 0]);
  assert.match(String(dot), /^data:image\/gif;base64,R0lGOD/);
  await files.write('notes.txt', 'new notes');
  await tab.waitForConsole(/^notes new notes$/);
  await files.write('other.ts', 'export const typed: string = "";');
  await tab.waitForConsole(/^code export const typed: string/);
  await assertAlive();
});

test('pictures: imported and by `new URL`, shown, and hot when the file changes', async (t) => {
  const { files, tab, assertAlive } = await openProject(t, {
    'index.html': pageOf('/app/main.ts'),
    'app/main.ts': `
      import imported from './pictures/a.svg'; import { later } from './later';
      const named = new URL('./pictures/b c.svg', import.meta.url); const computed = (name: string) => new URL(\`./pictures/\${name}.svg\`, import.meta.url).href;
      const show = (id: string, src: string) => { const image = new Image(); image.id = id; image.src = src; document.body.append(image); };
      show('imported', imported); show('named', named.href); show('computed', computed('c')); show('later', later());
      console.log('urls', imported, named.pathname, named.search);`,
    'app/later.ts': `export const later = (): string => new URL('../d.svg', import.meta.url).href;`,
    'app/pictures/a.svg': svgOf(11),
    'app/pictures/b c.svg': svgOf(12),
    'app/pictures/c.svg': svgOf(13),
    'd.svg': svgOf(14),
  });
  const untilWidth = (id: string, width: number): Promise<unknown> =>
    tab.page.waitForFunction(
      ([key, wanted]) => {
        const image = document.querySelector(`#${String(key)}`);
        return image instanceof HTMLImageElement && image.naturalWidth === wanted;
      },
      [id, width] as const,
    );
  await tab.waitForConsole(/^urls \/app\/pictures\/a\.svg \/app\/pictures\/b%20c\.svg $/);
  await Promise.all([untilWidth('imported', 11), untilWidth('named', 12), untilWidth('computed', 13), untilWidth('later', 14)]);
  await files.write('app/pictures/c.svg', svgOf(23));
  await untilWidth('computed', 23);
  await files.write('d.svg', svgOf(24));
  await untilWidth('later', 24);
  await files.write('app/pictures/a.svg', svgOf(21));
  await untilWidth('imported', 21);
  await files.write('app/pictures/b c.svg', svgOf(22));
  await untilWidth('named', 22);
  await assertAlive();
});

test('a picture whose import is accepted gives its new address', async (t) => {
  const { files, tab, result, assertAlive } = await openProject(t, {
    'index.html': pageOf('/main.js'),
    'main.js': `import { picture } from './view.js'; globalThis.result = picture; import.meta.hot.accept('./view.js', (view) => console.log('took', view.picture));`,
    'view.js': `import picture from './a.svg'; export { picture };`,
    'a.svg': svgOf(5),
  });
  assert.equal(await result(), '/a.svg');
  await files.write('a.svg', svgOf(6));
  const line = await tab.waitForConsole(/^took \/a\.svg\?/);
  const text = await tab.page.evaluate((url) => fetch(url).then((answer) => answer.text()), line.slice('took '.length));
  assert.equal(text, svgOf(6));
  await assertAlive();
});

test('a file of a kind that nobody can import says what to write', async (t) => {
  const { tab, server } = await openProject(t, {
    'index.html': pageOf('/main.js'),
    'main.js': `\nimport text from './notes.txt';`,
    'notes.txt': 'x',
  });
  await server.log.waitFor(/\?raw/);
  await tab.page.locator('hmr-dev-overlay').waitFor({ state: 'attached' });
  await tab.untilText('hmr-dev-overlay', /notes\.txt/);
});
