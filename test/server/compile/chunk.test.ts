import assert from 'node:assert/strict';
import { test } from 'node:test';
import vm from 'node:vm';
import { createChunk, createDefinitions, createFailedChunk, type ChunkOptions } from '../../../src/server/compile/chunk.ts';

const modules = [
  {
    id: '/b.js',
    hash: 'hb',
    text: '$define({"id":"/b.js"},\n(b)\n);\n',
    lineCount: 3,
    externals: [{ url: 'https://x/e.js', attributes: {} }],
  },
  {
    id: '/a.js',
    hash: 'ha',
    text: '$define({"id":"/a.js"},\n(a));\n',
    lineCount: 2,
    externals: [{ url: 'https://x/e.js', attributes: {} }],
  },
];
const options: ChunkOptions = {
  modules,
  entry: '/a.js',
  alias: undefined,
  mode: 'start',
  exportNames: [],
  async: false,
  clientUrl: '/@hmr-dev/client.js',
  mapUrl: (hash) => `/a.js?map=${hash}`,
};

test('the layout says at which line each definition starts', () => {
  const { text, layout } = createChunk(options);
  const lines = text.split('\n');
  for (const { id, line } of layout) assert.ok(lines[line]?.startsWith(`$define({"id":"${id}"`), `${id} at ${line}:\n${text}`);
});

test('other origins are imported once, and handed over before anything is started', () => {
  const { text } = createChunk(options);
  assert.equal(text.match(/^import /gm)?.length, 1);
  assert.ok(text.indexOf('$runtime.external("https://x/e.js"') < text.indexOf('$runtime.start('));
});

test('other origins are asked for what the author asked them for', () => {
  const externals = [{ url: '//x/e.json', attributes: { type: 'json' } }];
  const { text } = createChunk({ ...options, modules: modules.map((module) => ({ ...module, externals })) });
  assert.match(text, /^import \* as \$external0 from "\/\/x\/e\.json" with\{"type":"json"\};$/m);
});

test('it awaits only a graph that awaits, so that scripts after it keep their order', () => {
  assert.match(createChunk(options).text, /^\$runtime\.start\("\/a\.js"\);$/m);
  assert.match(createChunk({ ...options, async: true }).text, /^await \$runtime\.start\("\/a\.js"\);$/m);
});

test('exports of any name are live, for importers that are not linked', () => {
  const { text } = createChunk({ ...options, exportNames: ['default', 'a-b', '__proto__'] });
  assert.match(text, /export\{\$0 as "default",\$1 as "a-b",\$2 as "__proto__"\}/);
  assert.match(text, /\$runtime\.mirror\("\/a\.js",\{__proto__:null,\["default"\]\(v\)\{\$0=v\}/);
});

test('the form that only defines names the entry, and the address that was asked for', () => {
  const { text } = createChunk({ ...options, mode: 'define', alias: '/a' });
  assert.doesNotMatch(text, /\.start\(/);
  assert.match(text, /\$runtime\.alias\("\/a","\/a\.js"\);\nexport const id="\/a\.js";/);
});

test('the hash tells versions apart, and nothing else', () => {
  const { hash } = createChunk(options);
  assert.equal(createChunk({ ...options, mapUrl: () => '' }).hash, hash);
  const [first, second] = modules;
  assert.ok(first && second);
  assert.notEqual(createChunk({ ...options, modules: [first, { ...second, hash: 'other' }] }).hash, hash);
});

test('definitions are strict code that leaves no names behind', () => {
  const text = createDefinitions(['$define({},\n1);\n']);
  assert.match(text, /^"use strict";\{const \$define=/);
  assert.doesNotThrow(() => new vm.Script(text));
});

test('a graph that fails says so to the client and fails as a module would', () => {
  const text = createFailedChunk('/a.js', [{ key: 'k', kind: 'build', title: 'Syntax error', message: 'it "broke"\n' }]);
  const told: unknown[] = [];
  const scope = { [Symbol.for('hmr-dev')]: { failed: (entry: string, errors: unknown) => told.push(entry, errors) } };
  const context = vm.createContext(scope);
  assert.throws(() => vm.runInContext(text, context), { name: 'SyntaxError', message: 'it "broke"\n' });
  assert.equal(told[0], '/a.js');
});
