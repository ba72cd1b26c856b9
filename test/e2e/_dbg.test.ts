import { test } from 'node:test';
import { openProject, pageOf } from './link-support.ts';
test('x', async (t) => {
  const { result, files, tab, server } = await openProject(t, {
    'index.html': pageOf('/main.ts'),
    'main.ts': `
      import data from './data.json'; import { name } from './data.json';
      import { plain } from './strict';
      globalThis.result = [data, name, plain];
      import.meta.hot?.accept('./data.json', (next) => console.log('now', next.default.name, name));`,
    'strict.ts': `import plain from './data.json' with { type: 'json' }; 
      export { plain }; import.meta.hot?.accept('./data.json', (next) => console.log('strict', Object.keys(next), plain.name));`,
    'data.json': '{ "name": "n1", "list": [1, 2]}',
  });
  console.log(await result());
  tab.page.on('response', async (r) => console.log(r.status(), r.url(), (await r.text().catch(String)).slice(0, 1500)));
  await files.edit('data.json', 'n1', 'n2');
  await new Promise((r) => setTimeout(r, 2000));
  console.log(tab.console.lines, server.log.lines, tab.errors);
});
