/**
 * What is not code: JSON, text, addresses, data URLs, pictures. Imported, named by `new URL(…, import.meta.url)`, shown in the page, and
 * level with the folder after a save.
 */
import assert from 'node:assert/strict';
import { test } from 'node:test';
import { openProject, pageOf, svgOf } from './link-support.ts';

test('JSON: default, names, the namespace, with attributes, dynamically, and hot', async (t) => {
  const { result, files, tab, assertAlive, server } = await openProject(t, {
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
  tab.page.on('response', async (r) => console.log(r.status(), r.url(), (await r.text().catch(String)).slice(0, 300)));
  await files.edit('data.json', 'n1', 'n2');
  await new Promise((r) => setTimeout(r, 2000));
  console.log(tab.console.lines, server.log.lines, tab.errors);
  const cdp = await tab.page.context().newCDPSession(tab.page);
  console.log(
    JSON.stringify(
      await tab.page.evaluate(() => {
        const r = globalThis[Symbol.for('hmr-dev')];
        return [...r.records()].map((x) => [
          x.id,
          x.current?.status,
          x.definition?.meta.hash,
          x.current?.definition.meta.hash,
          [...x.dynamicImporters],
        ]);
      }),
    ),
  );

  await tab.waitForConsole(/^strict \[default\] n2$/);
  await assertAlive();
});
