import assert from 'node:assert/strict';
import { once } from 'node:events';
import { createServer } from 'node:http';
import type { AddressInfo } from 'node:net';
import { test, type TestContext } from 'node:test';
import { createStaticFiles } from '../../src/server/http/static-files.ts';
import { OWN_SOURCE } from '../../src/server/compile/own-code.ts';
import { createModuleRequests, type ModuleRequests } from '../../src/server/module-requests.ts';
import type { Project } from '../../src/server/project.ts';
import { openProject } from '../harness/project.ts';
import { fixture, type FixtureFiles } from '../harness/fixture.ts';

interface Requests {
  readonly modules: ModuleRequests;
  readonly project: Project;
  /** As a module script of a page. */
  get(url: string, headers?: Readonly<Record<string, string>>): Promise<string>;
}

async function serve(t: TestContext, content: FixtureFiles): Promise<Requests> {
  const files = await fixture(content);
  t.after(() => files[Symbol.asyncDispose]());
  const root = files.path;
  const project = openProject(root);
  const modules = createModuleRequests({
    ...project,
    root,
    files: createStaticFiles({ root, onError: (error) => assert.fail(String(error)) }),
    isClassic: () => false,
    onWorker: () => undefined,
    checkErrors: () => undefined,
  });
  const server = createServer((req, res) => void modules.handle(req, res).then((isAnswered) => isAnswered || res.writeHead(404).end()));
  await once(server.listen(0, 'localhost'), 'listening');
  t.after(() => server.close());
  const { port } = server.address() as AddressInfo;
  return {
    modules,
    project,
    async get(url, headers = {}) {
      const own = { 'sec-fetch-dest': 'script', connection: 'close', ...headers };
      const response = await fetch(`http://localhost:${port}${url}`, { headers: own });
      return response.text();
    },
  };
}

/** The map that a script names: the author's sources of its sections. */
async function sourcesOf(get: Requests['get'], script: string): Promise<string[]> {
  const [, url = ''] = /^\/\/# sourceMappingURL=(.*)$/m.exec(script) ?? [];
  const { sections } = JSON.parse(await get(url)) as { sections: { map: { sources: string[] } }[] };
  return sections.flatMap(({ map }) => map.sources).filter((source) => source !== OWN_SOURCE);
}

test('many updates take nothing from what is known of the page', async (t) => {
  const names = Array.from({ length: 150 }, (_, index) => `m${index}.js`);
  const { modules, project, get } = await serve(t, {
    'main.js': names.map((name) => `import './${name}';`).join('\n'),
    ...Object.fromEntries(names.map((name, index) => [name, `export const n = ${index};`])),
  });
  const chunk = await get('/main.js');
  const updates = names.map((name) => modules.code([project.graph.node(`/${name}`)].filter((node) => node !== undefined)).code);
  assert.equal((await sourcesOf(get, chunk)).length, 151);
  assert.deepEqual(await sourcesOf(get, updates[0] ?? ''), ['/m0.js']);
  const [, hash = ''] = /\.chunk\("([\w-]+)"\)/.exec(chunk) ?? [];
  assert.doesNotMatch(await get(`/main.js?hmr-define&without=${hash}`), /\$define\(/);
});

test('scripts of one update that end with the same module each have a map of their own', async (t) => {
  const { modules, project, get } = await serve(t, { 'main.js': `import './a.js';`, 'a.js': '' });
  await get('/main.js');
  const [a, main] = ['/a.js', '/main.js'].flatMap((id) => project.graph.node(id) ?? []);
  assert.ok(a && main);
  const both = modules.code([a, main]).code;
  const one = modules.code([main]).code;
  assert.deepEqual(await sourcesOf(get, both), ['/a.js', '/main.js']);
  assert.deepEqual(await sourcesOf(get, one), ['/main.js']);
  const [, url = ''] = /^\/\/# sourceURL=(.*)$/m.exec(both) ?? [];
  assert.deepEqual(modules.locate(url, 3), { id: '/a.js', line: 2, form: 'module' });
});

test('a patch is a script of its own, named and mapped as the file; where the page has an older definition, the newest comes first', async (t) => {
  const { modules, project, get } = await serve(t, { 'main.js': `import './a.js';`, 'a.js': 'export const f = () => 1;' });
  await get('/main.js');
  const node = project.graph.node('/a.js');
  assert.ok(node?.built);
  assert.deepEqual(Object.keys(modules.code([node])), ['code']);
  const { hash } = node.built.meta;
  const patch = await get(`/a.js?hmr-patch=${hash}`);
  assert.match(patch, new RegExp(`^"use strict";.*\n\\$patch\\("/a.js","${hash}",\n`));
  assert.equal(modules.code([node]).patch, patch);
  assert.deepEqual(await sourcesOf(get, patch), ['/a.js']);
  const [, url = ''] = /^\/\/# sourceURL=(.*)$/m.exec(patch) ?? [];
  assert.deepEqual(modules.locate(url, 3), { id: '/a.js', line: 2, form: 'patch' });

  const late = await get('/a.js?hmr-patch=older');
  const [, address = ''] = /^import"([^"]*)";"use strict"/.exec(late) ?? [];
  assert.match(await get(address), new RegExp(`\\$define\\(\\{"id":"/a.js","hash":"${hash}"`));
});

test("no other site may ask for a module; what nobody imports as data is nobody else's error", async (t) => {
  const { project, get } = await serve(t, { 'index.html': '<p>', 'main.js': '' });
  for (const site of ['cross-site', 'same-site'])
    assert.match(
      await get('/index.html?json&hmr-define', { 'sec-fetch-site': site, 'sec-fetch-dest': 'image' }),
      /Only pages of this server/,
    );
  assert.equal(project.graph.node('/index.html?json'), undefined);
  for (const time of ['first', 'second']) {
    await get('/index.html?json&hmr-define', { 'sec-fetch-site': 'same-origin' });
    assert.equal(project.graph.node('/index.html?json')?.error?.code, 'SYNTAX');
    assert.deepEqual(project.graph.errors(), [], time);
  }
});
