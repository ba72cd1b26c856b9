/**
 * A page of HTML around what React and Vue have drawn: edits of the HTML, while nobody but its framework changes what is in a root.
 */
import assert from 'node:assert/strict';
import { mkdir, readFile, symlink } from 'node:fs/promises';
import path from 'node:path';
import { test } from 'node:test';
import { openPage } from '../harness/browser.ts';
import { REPOSITORY } from '../harness/built.ts';
import { fixture, type Fixture } from '../harness/fixture.ts';
import { startServer } from '../harness/server.ts';
import { nextOutcomes } from './hot-page.ts';
import { openSite } from './html-merge-support.ts';
import { page } from './robust-support.ts';

const BODY = `<h1>one</h1>
  <div id="react" class="root"></div>
  <p>between</p>
  <section id="vue" class="root"></section>
  <main id="late">Loading</main>
  <footer>end</footer>
  <script type="module" src="main.js"></script>`;

const MAIN = `import { createElement, useState } from 'react';
  import { createRoot } from 'react-dom/client';
  import { createApp, h, ref } from 'vue';

  const form = (make, count, increase) => make('form', null, [
    make('button', { key: 'button', type: 'button', onClick: increase }, count),
    make('input', { key: 'input' }),
  ]);
  const Counter = () => {
    const [count, setCount] = useState(0);
    return form(createElement, count, () => setCount(count + 1));
  };
  for (const id of ['react', 'late']) createRoot(document.getElementById(id)).render(createElement(Counter));
  createApp({
    setup() {
      const count = ref(0);
      return () => form(h, count.value, () => count.value++);
    },
  }).mount('#vue');`;

const ROOTS = ['react', 'vue', 'late'];

/** After each other; `undefined`: nothing that a fresh load would show. */
const EDITS: readonly (readonly [from: string | RegExp, to: string, told: string | undefined])[] = [
  [/one|between|end/g, 'edited', 'html merged (3 nodes)'],
  ['<p>', '<p>new</p><p>', 'html merged (1 node)'],
  ['id="react" class="root"', 'id="react" class="root wide" title="edited"', 'html merged (1 node)'],
  ['id="vue" class="root"', 'id="vue" class="wide" style="margin: 1px"', 'html merged (1 node)'],
  ['></div>', '><p>Loading</p></div>', undefined],
  ['<p>Loading</p>', '<p class="new">Wait</p> a moment', undefined],
  ['></section>', '>Loading</section>', undefined],
  ['>Loading</main>', '>Wait</main>', undefined],
  ['>Wait</main>', '></main>', undefined],
  ['<h1>edited</h1>', '<h1>and</h1>', 'html merged (1 node)'],
];

async function install(files: Fixture): Promise<void> {
  await mkdir(files.resolve('node_modules'));
  for (const name of ['react', 'react-dom', 'scheduler', 'vue', '@vue'])
    await symlink(path.join(REPOSITORY, 'node_modules', name), files.resolve(`node_modules/${name}`), 'dir');
}

test('edits around roots, of their own attributes and inside of them: they live on, and nothing that they hold is touched', async (t) => {
  const files = await fixture({ 'index.html': page(BODY), 'main.js': MAIN });
  t.after(() => files[Symbol.asyncDispose]());
  await install(files);
  const server = await startServer(files.path);
  t.after(() => server.close());
  const tab = await openPage(server.url());
  t.after(() => tab.close());
  await tab.waitForConsole(/connected/);
  for (const root of ROOTS) await tab.untilText(`#${root} button`, '0');
  await tab.markDocument();
  for (const root of ROOTS) {
    await tab.page.click(`#${root} button`);
    await tab.untilText(`#${root} button`, '1');
    await tab.page.fill(`#${root} input`, `typed in ${root}`);
  }
  // From here on, whatever is done to what is in a root.
  await tab.page.evaluate(`globalThis.mutations = [];
    globalThis.observer = new MutationObserver((records) => mutations.push(...records));
    for (const id of ${JSON.stringify(ROOTS)})
      observer.observe(document.getElementById(id), { childList: true, characterData: true, subtree: true });`);
  const touched = (): Promise<unknown> => tab.page.evaluate(`[...mutations, ...observer.takeRecords()].length`);
  for (const [from, to, said] of EDITS) {
    const told = nextOutcomes(server, 1);
    await files.edit('index.html', from, to);
    assert.deepEqual(
      (await told).map(({ text }) => text),
      [said ?? ''],
      String(to),
    );
    assert.equal(await touched(), 0, String(to));
  }
  assert.deepEqual(
    await tab.page.evaluate(
      `${JSON.stringify(ROOTS)}.map((id) => document.getElementById(id)).map(({ className, title, style }) => [className, title, style.margin])`,
    ),
    [
      ['root wide', 'edited', ''],
      ['wide', '', '1px'],
      ['', '', ''],
    ],
  );
  // A root that comes into another element is the same.
  const wrapped = nextOutcomes(server, 1);
  await files.edit(
    'index.html',
    /<div id="react"[^]*<\/main>/,
    `<article>${/<div id="react"[^]*<\/main>/.exec(await files.read('index.html'))?.[0]}</article>`,
  );
  assert.match((await wrapped)[0]?.text ?? '', /^html merged/);
  assert.equal(await tab.page.locator('article form').count(), 3);
  assert.equal(await touched(), 0);
  for (const root of ROOTS) {
    assert.equal(await tab.page.inputValue(`#${root} input`), `typed in ${root}`);
    await tab.page.click(`#${root} button`);
    await tab.untilText(`#${root} button`, '2');
  }
  assert.ok(await tab.isSameDocument());
  assert.deepEqual(tab.errors, []);
  // What is left out of the file goes.
  const removed = nextOutcomes(server, 1);
  await files.edit('index.html', /<div id="react"[^]*?<\/div>/, '');
  await removed;
  assert.equal(await tab.page.locator('article form').count(), 2);
  assert.ok(await tab.isSameDocument());
});

test('a Vue app whose template is the page itself: edits around it are merged, and one of the template reloads', async (t) => {
  const { tab, files, edit, editAndReload } = await openSite(
    t,
    `<h1>one</h1><main id="app" class="a"><p :title="text">{{ text }}</p><button @click="count++">{{ count }}</button></main>
     <script type="module">
       import { createApp } from './vue.js';
       createApp({ data: () => ({ text: 'drawn', count: 0 }) }).mount('#app');
     </script>`,
    '',
    { 'vue.js': await readFile(path.join(REPOSITORY, 'node_modules/vue/dist/vue.esm-browser.prod.js')) },
  );
  await tab.untilText('button', '0');
  await tab.page.click('button');
  await tab.untilText('button', '1');
  assert.equal(await edit('<h1>one', '<h1>two'), 'html merged (1 node)');
  assert.equal(await edit('class="a"', 'class="b"'), 'html merged (1 node)');
  assert.equal(await tab.text('button'), '1');
  assert.ok(await tab.isSameDocument());
  assert.match(await editAndReload('{{ text }}', '{{ text }}, and more'), /the template of a Vue app changed/);
  await tab.untilText('p', 'drawn, and more');
  assert.match(await editAndReload(':title="text"', ':title="count"'), /the template of a Vue app changed/);
  await tab.page.waitForFunction(() => document.querySelector('p')?.title === '0');
  await files.edit('index.html', '<p :', '<b>{{ count }}</b><p :');
  await tab.untilText('b', '0');
  assert.deepEqual(tab.errors, []);
});
