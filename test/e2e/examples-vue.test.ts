/**
 * The Vue example: unplugin-vue as it comes from the registry, and the few lines of the example that tell Vue's own runtime of each update.
 */
import { test } from 'node:test';
import { openExample } from './examples-support.ts';

test('vue: template and style keep the state of the component, its script starts it anew, and nothing else', async (t) => {
  const { files, tab, untilStyle, assertAlive } = await openExample(t, 'vue');
  const { page } = tab;
  await tab.untilText('.tea:nth-of-type(1) span', 'Green: 0');
  await page.getByLabel('Order').fill('Three cups');
  for (let n = 0; n < 2; n++) await page.getByRole('button').nth(0).click();
  await tab.untilText('.tea span', 'Green: 2');

  await files.edit('src/Tea.vue', 'background: #42b883', 'background: rgb(1, 2, 3)');
  await untilStyle('.tea button', 'background-color', 'rgb(1, 2, 3)');
  await files.edit('src/Tea.vue', '>Pour<', '>Pour more<');
  await tab.untilText('.tea button', 'Pour more');
  await tab.untilText('.tea span', 'Green: 2');

  await files.edit('src/Tea.vue', 'const step = 1', 'const step = 5');
  await tab.untilText('.tea span', 'Green: 0');
  await page.getByRole('button').nth(0).click();
  await tab.untilText('.tea span', 'Green: 5');
  await tab.untilText('.order', 'Three cups');

  // The first style of the file, which is not scoped, and the template above all others.
  await files.edit('src/App.vue', 'place-items: center', 'place-items: start');
  await untilStyle('body', 'align-items', 'start');
  await files.edit('src/App.vue', '<h1>Tea round</h1>', '<h1>Tea for {{ teas.length }}</h1>');
  await tab.untilText('h1', 'Tea for 3');
  await tab.untilText('.order', 'Three cups');
  await tab.untilText('.tea span', 'Green: 5');
  await assertAlive();
});

test('vue: all three blocks in one save, and an import that only the template uses', async (t) => {
  const { files, tab, untilStyle, assertAlive } = await openExample(t, 'vue');
  await tab.untilText('.tea span', 'Green: 0');
  const text = await files.read('src/Tea.vue');
  await files.write('src/cups.ts', `export const cupsOf = (n: number): string => n + ' cups';\n`);
  await files.write(
    'src/Tea.vue',
    text
      .replace(`from 'vue';`, `from 'vue';\nimport { cupsOf } from './cups.ts';`)
      .replace('ref(0)', 'ref(10)')
      .replace('background: #42b883', 'background: rgb(4, 5, 6)'),
  );
  await untilStyle('.tea button', 'background-color', 'rgb(4, 5, 6)');
  await tab.untilText('.tea span', 'Green: 10');
  await tab.page.getByRole('button').nth(0).click();
  await tab.untilText('.tea span', 'Green: 11');
  // The script hands the template what it uses, so this is a change of the script.
  await files.edit('src/Tea.vue', '{{ cups }}', '{{ cupsOf(cups) }}');
  await tab.untilText('.tea span', 'Green: 10 cups');
  await assertAlive();
});

test('vue: a mistake in the template has its place, and the fix goes on with the state', async (t) => {
  const { tab, breakAndMend, assertAlive } = await openExample(t, 'vue');
  await tab.untilText('.tea span', 'Green: 0');
  await tab.page.getByRole('button').nth(0).click();
  await tab.untilText('.tea span', 'Green: 1');
  await breakAndMend('src/Tea.vue', '<span>{{ name }}: {{ cups }}</span>', '<span>{{ name }}: {{ cups }}</b>', /Tea\.vue:1[01]:\d+/);
  await tab.untilText('.tea span', 'Green: 1');
  await assertAlive(/Tea\.vue/);
});
