/** However a file is saved, the page ends with its last content, without a reload and without a word about what did not change. */
import assert from 'node:assert/strict';
import { execFile } from 'node:child_process';
import { writeFileSync } from 'node:fs';
import fs from 'node:fs/promises';
import { test } from 'node:test';
import { promisify } from 'node:util';
import { batchLines, nextTurns, openFolder, page, SAVES, VIEW_FILES } from './robust-support.ts';

for (const [name, save] of Object.entries(SAVES)) {
  test(`saved ${name}`, async (t) => {
    const content = {
      ...VIEW_FILES,
      'main.js': VIEW_FILES['main.js'].replaceAll('./view.js', './src/view.js'),
      'src/view.js': VIEW_FILES['view.js'],
    };
    const { files, tab, updates } = await openFolder(t, content);
    await tab.untilText('#out', 'one');
    await tab.page.locator('button').click();
    for (const word of ['two', 'three']) {
      await save(files, 'src/view.js', `/* ${'x'.repeat(300)} */ export const text = '${word}';`);
      await tab.untilText('#out', word);
    }
    assert.equal(await tab.text('button'), '1');
    assert.ok(await tab.isSameDocument());
    assert.deepEqual(tab.errors, []);
    assert.ok(updates.length >= 2);
  });
}

test('two saves five milliseconds apart end with the second', async (t) => {
  const { files, tab } = await openFolder(t, VIEW_FILES);
  await tab.untilText('#out', 'one');
  for (let round = 0; round < 5; round++) {
    await files.write('view.js', `export const text = 'first ${round}';`);
    // What is tested is the second save inside what a watcher may hold back.
    await new Promise((resolve) => setTimeout(resolve, 5));
    await files.write('view.js', `export const text = 'second ${round}';`);
    await tab.untilText('#out', `second ${round}`);
  }
  assert.ok(await tab.isSameDocument());
  assert.deepEqual(tab.errors, []);
});

test('a save without a change, and a touch, say nothing', async (t) => {
  const { files, server, tab, updates } = await openFolder(t, {
    ...VIEW_FILES,
    'index.html': page(
      '<p id="out"></p><button>0</button><img src="dot.svg">',
      '<link rel="stylesheet" href="a.css"><script type="module" src="main.js"></script>',
    ),
    'a.css': 'p { color: red }',
    'dot.svg': '<svg xmlns="http://www.w3.org/2000/svg" width="3" height="3"/>',
  });
  await tab.untilText('#out', 'one');
  for (const name of ['view.js', 'main.js', 'a.css', 'index.html']) {
    await files.write(name, await files.read(name));
    await fs.utimes(files.resolve(name), new Date(), new Date());
  }
  await files.atomicWrite('view.js', await files.read('view.js'));
  await files.edit('view.js', 'one', 'two');
  await tab.untilText('#out', 'two');
  await server.log.waitFor(/view\.js: (?!sent; )/);
  assert.deepEqual(
    updates.map(({ files: told }) => told),
    [['view.js']],
  );
  assert.equal(batchLines(server).length, 1);
  assert.ok(await tab.isSameDocument());
});

test('an image that was only touched is not told, one that changed is', async (t) => {
  const svg = (width: number): string => `<svg xmlns="http://www.w3.org/2000/svg" width="${width}" height="3"/>`;
  const files = { 'index.html': page('<img src="dot.svg">'), 'dot.svg': svg(3) };
  const { files: folder, tab, updates, server } = await openFolder(t, files);
  await tab.page.waitForFunction(() => document.querySelector('img')?.naturalWidth === 3);
  await folder.atomicWrite('dot.svg', svg(5));
  await tab.page.waitForFunction(() => document.querySelector('img')?.naturalWidth === 5);
  await fs.utimes(folder.resolve('dot.svg'), new Date(), new Date());
  // Whole at every moment: what the touch makes the server read would else be an empty file now and then.
  await folder.atomicWrite('dot.svg', svg(7));
  await tab.page.waitForFunction(() => document.querySelector('img')?.naturalWidth === 7);
  assert.equal(updates.length, 2);
  await server.log.waitFor(/dot\.svg: swapped \/dot\.svg/);
  assert.ok(await tab.isSameDocument());
});

test('white space in a TypeScript module: saved, compiled to the same, not told to the page', async (t) => {
  const { files, tab, updates, server } = await openFolder(t, {
    ...VIEW_FILES,
    'main.js': VIEW_FILES['main.js'].replaceAll('./view.js', './view.ts'),
    'view.ts': `export const text: string = 'one';`,
  });
  await tab.untilText('#out', 'one');
  const lines = tab.console.lines.length;
  await files.write('view.ts', `export   const text: string   = 'one';`);
  await files.write('view.ts', `export const text: string = 'two';`);
  await tab.untilText('#out', 'two');
  await server.log.waitFor(/view\.ts: /);
  assert.ok(updates.length <= 2);
  const told = tab.console.lines.slice(lines).filter((line) => line.startsWith('[hmr-dev]'));
  assert.deepEqual(told, ['[hmr-dev] hot updated: /main.js via /view.ts']);
});

test('2,000 files changed at once: one batch, one event, and the page is right', async (t) => {
  const names = Array.from({ length: 2000 }, (_, index) => `many/m${index}.js`);
  const source = (name: string, round: number): string =>
    `export const text = ${JSON.stringify(name)} + ' round ${round}'; // ${'x'.repeat(400)}`;
  const { files, tab, updates, server } = await openFolder(t, {
    ...VIEW_FILES,
    'view.js': `${names.map((name, index) => `import { text as t${index} } from './${name}';`).join('\n')}
      export const text = [...new Set([${names.map((_, index) => `t${index}`).join(',')}].map((t) => t.split(' round ').at(-1)))].join();`,
    ...Object.fromEntries(names.map((name) => [name, source(name, 1)])),
  });
  await tab.untilText('#out', '1');
  // In one go, during which the server, which runs in this process, sees nothing.
  for (const name of names) writeFileSync(files.resolve(name), source(name, 2));
  await tab.untilText('#out', '2');
  await server.log.waitFor(/and 1997 more: (?!sent; )/);
  assert.equal(updates.length, 1);
  assert.equal(updates[0]?.files.length, 2000);
  assert.equal(batchLines(server).length, 1);
  assert.equal(tab.console.lines.filter((line) => line.includes('hot updated')).length, 1);
  // As `git checkout` does it: another process, one file after the other. On a busy machine that may be two batches.
  await files.write(
    '.switch.mjs',
    `import fs from 'node:fs'; for (const name of fs.readdirSync('many')) fs.writeFileSync('many/' + name, fs.readFileSync('many/' + name, 'utf8').replace('round 2', 'round 3'));`,
  );
  await promisify(execFile)(process.execPath, ['.switch.mjs'], { cwd: files.path });
  await tab.untilText('#out', '3');
  assert.ok(await tab.isSameDocument());
});

test('2,000 files that the page does not use, and one that it does', async (t) => {
  const rows = '<p class="row">text</p>'.repeat(3000);
  const { files, tab } = await openFolder(t, {
    ...VIEW_FILES,
    'index.html': VIEW_FILES['index.html'].replace('</body>', `${rows}</body>`),
    'pics/0.png': '0',
  });
  await tab.untilText('#out', 'one');
  const names = Array.from({ length: 2000 }, (_, index) => `pics/${index}.png`);
  await Promise.all(names.map((name) => fs.writeFile(files.resolve(name), name)));
  await files.edit('view.js', 'one', 'two');
  await tab.untilText('#out', 'two');
  assert.ok(await tab.isSameDocument());
});

test('temporary files beside the saved one are not told', async (t) => {
  const { files, server, tab, updates } = await openFolder(t, VIEW_FILES);
  await tab.untilText('#out', 'one');
  await files.write('view.js.tmp.123', `export const text = 'two';`);
  await fs.rename(files.resolve('view.js.tmp.123'), files.resolve('view.js'));
  await tab.untilText('#out', 'two');
  await server.log.waitFor(/ view\.js: hot updated/);
  assert.deepEqual(
    updates.map((update) => update.files),
    [['view.js']],
  );
});

test('files that come: one that an import means from now on is taken, others change nothing', async (t) => {
  const { files, server, tab } = await openFolder(t, {
    ...VIEW_FILES,
    'main.js': VIEW_FILES['main.js'].replaceAll('./view.js', './view'),
  });
  await tab.untilText('#out', 'one');
  await files.write('other.ts', 'export {};');
  await server.log.waitFor(/other\.ts: /);
  assert.equal(tab.console.lines.filter((line) => /updated|reload/.test(line)).length, 0);
  await files.remove('view.js');
  await files.write('view.ts', `export const text: string = 'two';`);
  await tab.untilText('#out', 'two');
  await tab.page.locator('hmr-dev-overlay').waitFor({ state: 'detached' });
});

test('a save while the update before is still running is not lost', async (t) => {
  const { files, tab } = await openFolder(t, VIEW_FILES);
  await tab.untilText('#out', 'one');
  for (let round = 0; round < 30; round++) {
    await fs.writeFile(files.resolve('view.js'), `export const text = 'round ${round}';`);
    await nextTurns(round);
  }
  await tab.untilText('#out', 'round 29');
  assert.ok(await tab.isSameDocument());
  assert.deepEqual(tab.errors, []);
});

test('a module is deleted and restored: the page keeps running, an error stands in between', async (t) => {
  const { files, server, tab } = await openFolder(t, VIEW_FILES);
  await tab.untilText('#out', 'one');
  await tab.page.locator('button').click();
  await files.remove('view.js');
  await tab.untilText('hmr-dev-overlay', /view\.js/);
  await server.log.waitFor(/main\.js:1:/);
  await tab.untilText('#out', 'one');
  await files.write('view.js', `export const text = 'restored';`);
  await tab.untilText('#out', 'restored');
  await tab.page.locator('hmr-dev-overlay').waitFor({ state: 'detached' });
  assert.equal(await tab.text('button'), '1');
  assert.ok(await tab.isSameDocument());
});

test('a module is deleted and restored as it was: the error goes, and nothing runs again', async (t) => {
  const { files, tab } = await openFolder(t, VIEW_FILES);
  await tab.untilText('#out', 'one');
  const before = await files.read('view.js');
  await files.remove('view.js');
  await tab.page.locator('hmr-dev-overlay').waitFor({ state: 'attached' });
  await files.write('view.js', before);
  await tab.page.locator('hmr-dev-overlay').waitFor({ state: 'detached' });
  await files.write('view.js', before.replace('one', 'two'));
  await tab.untilText('#out', 'two');
  assert.equal(tab.console.lines.filter((line) => line.includes('hot updated')).length, 1);
  assert.ok(await tab.isSameDocument());
});

test('a linked stylesheet is deleted and restored: the old styles stay in between', async (t) => {
  const head = '<link rel="stylesheet" href="a.css">';
  const { files, tab, server } = await openFolder(t, {
    'index.html': page('<p id="out">text</p>', head),
    'a.css': 'p { color: rgb(1, 1, 1) }',
  });
  const color = (): Promise<string> => tab.page.locator('p').evaluate((p) => getComputedStyle(p).color);
  await tab.page.waitForFunction(() => getComputedStyle(document.querySelector('p') ?? document.body).color === 'rgb(1, 1, 1)');
  await files.remove('a.css');
  await server.log.waitFor(/a\.css: /);
  assert.equal(await color(), 'rgb(1, 1, 1)');
  await files.write('a.css', 'p { color: rgb(2, 2, 2) }');
  await tab.page.waitForFunction(() => getComputedStyle(document.querySelector('p') ?? document.body).color === 'rgb(2, 2, 2)');
  assert.ok(await tab.isSameDocument());
});

test('a large module that a save brings in is fetched by the page', async (t) => {
  const { files, tab } = await openFolder(t, VIEW_FILES);
  await tab.untilText('#out', 'one');
  await files.write('large.js', `export const large = '${'x'.repeat(300_000)}';`);
  await files.write('view.js', `import { large } from './large.js'; export const text = String(large.length);`);
  await tab.untilText('#out', '300000');
  assert.ok(await tab.isSameDocument());
});
