/**
 * Vue's options objects with hot-swap, in plain JavaScript with the full build: methods, watchers, render functions and templates of mounted
 * components are those of now, and so is what they compute; their data stays.
 */
import assert from 'node:assert/strict';
import { test, type TestContext } from 'node:test';
import { fixture } from '../harness/fixture.ts';
import { linkPackages } from './examples-support.ts';
import { html, openFolder, type HotSite } from './hot-page.ts';

/** A page with a component in it. */
async function openApp(t: TestContext, component: string): Promise<HotSite> {
  const files = await fixture({
    'index.html': html('/main.js'),
    'main.js': `import { createApp, h } from 'vue/dist/vue.esm-bundler.js'; import App from './app.js'; createApp({ render: () => h(App) }).mount('main');`,
    'app.js': component,
  });
  t.after(() => files[Symbol.asyncDispose]());
  await linkPackages(files);
  return openFolder(t, files, { hotswap: 'classes,always' });
}

// Of the root component Vue makes a copy, whose own template nobody can reach.
test('methods, watchers, templates and render functions of mounted components; data stays', async (t) => {
  const site = await openApp(
    t,
    `import { defineComponent, h } from 'vue/dist/vue.esm-bundler.js';
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
  );
  const { page, tab, files } = site;
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

test('what components have computed, one of the other, with the setup function and without anything to depend on', async (t) => {
  const site = await openApp(
    t,
    `import { computed, ref } from 'vue/dist/vue.esm-bundler.js';
      const label = (n) => 'setup ' + n;
      export default {
        setup() { const m = ref(1); return { m, made: computed(() => label(m.value)) }; },
        data: () => ({ n: 1 }),
        computed: {
          times() { say('times'); return 'times ' + this.n * 2; },
          nested() { return 'nested ' + this.times; },
          alone() { return 'alone'; },
        },
        template: '<button id="app" @click="n += 1">{{ times }}, {{ nested }}, {{ alone }}, {{ made }}</button>',
      };`,
  );
  const { page, tab, files } = site;
  await tab.markDocument();
  await page.click('#app');
  await tab.untilText('#app', 'times 4, nested times 4, alone, setup 1');
  for (const [from, to, shown] of [
    ['this.n * 2', 'this.n * 3', 'times 6, nested times 6, alone, setup 1'],
    [`'nested '`, `'NESTED '`, 'times 6, NESTED times 6, alone, setup 1'],
    [`return 'alone'`, `return 'ALONE'`, 'times 6, NESTED times 6, ALONE, setup 1'],
    [`'setup '`, `'SETUP '`, 'times 6, NESTED times 6, ALONE, SETUP 1'],
  ] as const) {
    await site.save({ 'app.js': (await files.read('app.js')).replace(from, to) });
    await tab.untilText('#app', shown);
  }
  await site.said();
  await page.click('#app');
  await tab.untilText('#app', 'times 9, NESTED times 9, ALONE, SETUP 1');
  // Once for all who show it, as ever.
  assert.deepEqual(await site.said(), ['times']);

  const thrown = page.waitForEvent('pageerror', ({ message }) => message.includes('not computed'));
  await site.save({ 'app.js': (await files.read('app.js')).replace(`return 'ALONE'`, `throw new Error('not computed')`) });
  await thrown;
  assert.ok(await tab.isSameDocument());
});
