/**
 * Vue's options objects with hot-swap, in plain JavaScript with the full build: methods, watchers, render functions and templates of mounted
 * components are those of now, and their data stays.
 */
import assert from 'node:assert/strict';
import { test } from 'node:test';
import { fixture } from '../harness/fixture.ts';
import { linkPackages } from './examples-support.ts';
import { html, openFolder } from './hot-page.ts';

// Of the root component Vue makes a copy, whose own template nobody can reach.
test('methods, watchers, templates and render functions of mounted components; data stays', async (t) => {
  const files = await fixture({
    'index.html': html('/main.js'),
    'main.js': `import { createApp, h } from 'vue/dist/vue.esm-bundler.js'; import App from './app.js'; createApp({ render: () => h(App) }).mount('main');`,
    'app.js': `import { defineComponent, h } from 'vue/dist/vue.esm-bundler.js';
      const Child = defineComponent({
        props: ['of'], data: () => ({ n: 0 }),
        render() { return h('b', { id: 'child', onClick: () => { this.n += 1; } }, 'child ' + this.of + ' ' + this.n); },
      });
      export default {
        components: { Child },
        data() { return { n: 0 }; },
        watch: { n(now) { say('saw ' + now); } },
        methods: { add() { this.n += 1; } },
        template: '<button id="app" @click="add">app {{ n }}</button><Child :of="n" />',
      };`,
  });
  t.after(() => files[Symbol.asyncDispose]());
  await linkPackages(files);
  const site = await openFolder(t, files, { hotswap: 'classes,always' });
  const { page, tab } = site;
  const edit = async (from: string, to: string): Promise<void> => {
    const before = await files.read('app.js');
    assert.ok(before.includes(from), from);
    await site.save({ 'app.js': before.replace(from, () => to) });
  };
  await tab.untilText('#app', 'app 0');
  await tab.markDocument();
  await page.click('#app');
  await page.click('#child');
  await tab.untilText('#child', 'child 1 1');
  assert.deepEqual(await site.said(1), ['saw 1']);
  await edit('this.n += 1; } },\n        template', 'this.n += 10; } },\n        template');
  await edit(`'saw '`, `'SAW '`);
  await page.click('#app');
  assert.deepEqual(await site.said(1), ['SAW 11']);
  await tab.untilText('#child', 'child 11 1');
  await edit(`'child '`, `'CHILD '`);
  await tab.untilText('#child', 'CHILD 11 1');
  await edit('>app {{', '>APP {{');
  await tab.untilText('#app', 'APP 11');
  await tab.untilText('#child', 'CHILD 11 1');
  assert.ok(await tab.isSameDocument());
  assert.deepEqual(tab.errors, []);
});
