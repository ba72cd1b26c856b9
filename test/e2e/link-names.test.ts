/**
 * Names and texts that tools trip over: every character that a file name may have, links, marks at the start of a file, line ends, and
 * sizes: one huge module, a chain three thousand deep, an importer of three hundred.
 */
import assert from 'node:assert/strict';
import fs from 'node:fs/promises';
import { test } from 'node:test';
import { openPage } from '../harness/browser.ts';
import { fixture } from '../harness/fixture.ts';
import { startServer } from '../harness/server.ts';
import { openProject, pageOf, resultOf } from './link-support.ts';

test('spaces, unicode, #, %, +, &, quotes and brackets in names: imported, edited, mapped in messages', async (t) => {
  const names = [
    'with space',
    'ünï çödé',
    '日本語',
    '😀',
    'a+b',
    'a&b=c',
    '100%',
    'a%20b',
    "it's",
    '[id]',
    '(group)',
    '@at',
    'semi;colon',
    'tilde~',
    'comma,',
    '$dollar',
    '{x}',
    '^',
    'UPPER',
  ];
  const specifier = (name: string): string => `./${name.replaceAll('%', '%25').replaceAll('#', '%23').replaceAll('?', '%3F')}.ts`;
  const { result, files, tab, assertAlive } = await openProject(t, {
    'index.html': pageOf('/m%C3%A4in%20%23%25.ts'),
    'mäin #%.ts': [
      ...names.map((name, index) => `import { value as v${index} } from ${JSON.stringify(specifier(name))};`),
      `import hash from './a%23b.ts'; import deep from './some folder/[slug]/späth.ts';`,
      `globalThis.result = [${names.map((_, index) => `v${index}`).join()}, hash, deep, new URL(import.meta.url).pathname];`,
      ...names.map((name) => `import.meta.hot.accept(${JSON.stringify(specifier(name))}, (m) => console.log('took', m.value));`),
    ].join('\n'),
    ...Object.fromEntries(names.map((name) => [`${name}.ts`, `export const value: string = ${JSON.stringify(name)};`])),
    'a#b.ts': `export default 'hash';`,
    'some folder/[slug]/späth.ts': `export { default } from '../x y.ts';`,
    'some folder/x y.ts': `export default 'deep';`,
  });
  assert.deepEqual(await result(), [...names, 'hash', 'deep', '/m%C3%A4in%20%23%25.ts']);
  for (const [index, name] of names.entries()) {
    await files.write(`${name}.ts`, `export const value = 'again ${index}';`);
    await tab.waitForConsole(new RegExp(`^took again ${index}$`));
  }
  await assertAlive();
});

test('every way to write one file is one module', async (t) => {
  const { result, assertAlive } = await openProject(t, {
    'index.html': pageOf('/main.js'),
    'main.js': `
      import { self as a } from './é a.js'; import { self as b } from './%C3%A9%20a.js'; import { self as c } from '/é a.js'; import { self as d } from './x/../é a';
      const e = await import(new URL('./é a.js', import.meta.url).href); const f = await import('./' + '%C3%A9 a.js');
      globalThis.result = [a === b, b === c, c === d, d === e.self, e.self === f.self, globalThis.runs];`,
    'é a.js': `globalThis.runs = (globalThis.runs ?? 0) + 1; export const self = {};`,
  });
  assert.deepEqual(await result(), [true, true, true, true, true, 1]);
  await assertAlive();
});

test('a linked file and a linked folder are served, followed when the target changes, and one instance', async () => {
  await using folder = await fixture({
    'src/index.html': pageOf('/main.ts'),
    'src/main.ts': `import { a } from './link.ts'; import { b } from './linked/b'; import { a as again } from './real.ts';
      globalThis.result = [a, b, a === again]; import.meta.hot?.accept(['./link.ts', './real.ts'], () => console.log('took', a.value));`,
    'src/real.ts': `export const a = { value: 1 };`,
    'src/other/b.ts': `export const b = 'b';`,
  });
  await fs.symlink('real.ts', folder.resolve('src/link.ts'));
  await fs.symlink('other', folder.resolve('src/linked'));
  await using server = await startServer(folder.resolve('src'));
  await using tab = await openPage(server.url());
  assert.deepEqual(await resultOf(tab), [{ value: 1 }, 'b', true]);
  await folder.edit('src/real.ts', 'value: 1', 'value: 2');
  await tab.waitForConsole(/^took 2$/);
});

test('a byte order mark, CRLF, a hashbang, no line end, nothing at all, and odd line separators', async (t) => {
  const { result, files, tab, assertAlive } = await openProject(t, {
    'index.html': pageOf('/main.ts'),
    'main.ts':
      '\ufeffimport { a } from "./crlf.ts";\r\nimport { b } from "./bang.js";\r\nimport "./empty.js";\r\nimport "./comment.js";\r\nimport { c } from "./separators.js";\r\nimport { d } from "./bombang.js";\r\nglobalThis.result = [a, b, c, d];\r\nimport.meta.hot?.accept("./crlf.ts", (m) => console.log("took", m.a));',
    'crlf.ts': '\ufeffexport const a: string =\r\n  `x\r\ny`;\r\n',
    'bang.js': '#!/usr/bin/env node\nexport const b = 2',
    'empty.js': '',
    'comment.js': '// only a comment, without a line end',
    'separators.js': 'export const c = "\u2028\u2029"; // x\u2028;',
    'bombang.js': '\ufeffexport const d = `${"4"}`//',
  });
  assert.deepEqual(await result(), ['x\ny', 2, '\u2028\u2029', '4']);
  await files.write('crlf.ts', 'export const a: string = "crlf 2";\r\n');
  await tab.waitForConsole(/^took crlf 2$/);
  await assertAlive();
});

test('a module of five megabytes loads and updates', async (t) => {
  const table = (last: string): string => {
    const rows = Array.from({ length: 60_000 }, (_, index) => `  [${index}, ${JSON.stringify(`row ${index} `.repeat(7))}],`);
    return `export const rows: [number, string][] = [\n${rows.join('\n')}\n];\nexport const last = '${last}';\n`;
  };
  assert.ok(table('').length > 4_900_000);
  const { result, files, tab, assertAlive } = await openProject(t, {
    'index.html': pageOf('/main.ts'),
    'main.ts': `import { rows, last } from './table'; globalThis.result = [rows.length, last]; import.meta.hot?.accept('./table', (m) => console.log('took', m.last));`,
    'table.ts': table('one'),
  });
  assert.deepEqual(await result(), [60_000, 'one']);
  await files.write('table.ts', table('two'));
  await tab.waitForConsole(/^took two$/);
  await assertAlive();
});

test('a chain of three thousand imports, and three hundred side by side, with an update at the end of each', async (t) => {
  const deep = 3000;
  const wide = 300;
  const chain = Object.fromEntries(
    Array.from({ length: deep }, (_, index) => [
      `chain/m${index}.js`,
      index === deep - 1 ? `export const depth = 1;` : `import { depth as d } from './m${index + 1}.js'; export const depth = d + 1;`,
    ]),
  );
  const side = Object.fromEntries(Array.from({ length: wide }, (_, index) => [`wide/w${index}.ts`, `export const w: number = ${index};`]));
  const { result, files, tab, assertAlive } = await openProject(t, {
    'index.html': pageOf('/main.js'),
    'main.js': `
      import { depth } from './chain/m0.js';
      ${Array.from({ length: wide }, (_, index) => `import { w as w${index} } from './wide/w${index}';`).join('\n')}
      globalThis.result = [depth, ${Array.from({ length: wide }, (_, index) => `w${index}`).join('+')}];
      import.meta.hot.accept('./chain/m0.js', (m) => console.log('depth', m.depth));
      import.meta.hot.accept('./wide/w299.ts', (m) => console.log('wide', m.w));`,
    ...chain,
    ...side,
  });
  assert.deepEqual(await result(), [deep, (wide * (wide - 1)) / 2]);
  await files.write(`chain/m${deep - 1}.js`, 'export const depth = 1001;');
  await tab.waitForConsole(/^depth 4000$/);
  await files.write('wide/w299.ts', 'export const w: number = 7;');
  await tab.waitForConsole(/^wide 7$/);
  await assertAlive();
});
