import assert from 'node:assert/strict';
import { describe, it } from 'node:test';
import { createFormats } from '../../../src/server/compile/formats.ts';
import { fixture } from '../../harness/fixture.ts';

const UMD = `(function (root, factory) { typeof exports === 'object' ? (module.exports = factory()) : (root.x = factory()); })(this, () => 1);`;

const cases: readonly (readonly [format: string, file: string, text: string])[] = [
  ['commonjs', 'node_modules/a/index.js', 'exports.a = 1;'],
  ['commonjs', 'node_modules/a/umd.js', UMD],
  ['commonjs', 'node_modules/a/polyfill.js', 'globalThis.polyfilled ??= true; return;'],
  ['commonjs', 'node_modules/a/comment.js', '// import x from "y"\n/*\nexport default x;\n*/\nexports.a = 1;'],
  ['commonjs', 'node_modules/a/text.js', 'module.exports = `\nexport default 1;\n`;'],
  ['commonjs', 'node_modules/a/index.cjs', ''],
  ['module', 'node_modules/a/esm/index.js', 'export const a = 1;'],
  ['module', 'node_modules/a/esm/small.js', 'var a=1;export{a as b};'],
  ['module', 'node_modules/a/esm/talks.js', '// as module.exports = a\nexport const a = 1;'],
  ['node', 'node_modules/a/index.mjs', 'export const a = 1;'],
  ['node', 'node_modules/typed/index.js', 'exports.a = 1;'],
  ['commonjs', 'node_modules/typed/cjs/index.js', 'exports.a = 1;'],
  ['module', 'src/main.ts', 'module.exports = 1;'],
  ['module', 'src/main.js', 'globalThis.a = 1;'],
  ['module', 'src/main.mjs', ''],
  ['module', 'src/umd.js', UMD],
  ['commonjs', 'src/old.cjs', `const a = require('a'); module.exports = a;`],
  ['commonjs', 'packages/old/index.js', `const a = require('a'); module.exports = a;`],
  ['module', 'packages/old/page.js', `document.title = 'a';`],
  ['module', 'src/uses.js', `import a from 'a'; a.module.exports = 1;`],
  ['module', 'typed/old.js', 'module.exports = 1;'],
];

describe('the format of a file', () => {
  for (const [format, file, text] of cases) {
    it(`${file} is ${format}: ${text.replaceAll('\n', ' ').slice(0, 60)}`, async () => {
      await using folder = await fixture({
        [file]: text,
        'package.json': '{}',
        'packages/old/package.json': '{}',
        'typed/package.json': '{"type":"module"}',
        'node_modules/typed/package.json': '{"type":"module"}',
        'node_modules/typed/cjs/package.json': '{"type":"commonjs"}',
      });
      assert.equal(createFormats(folder.path).of(folder.resolve(file)), format);
    });
  }
  it('follows the text of a file of a workspace, and is asked anew for packages after they changed', async () => {
    await using folder = await fixture({
      'lib/package.json': '{}',
      'lib/a.js': 'exports.a = 1;',
      'node_modules/a/index.js': 'exports.a = 1;',
    });
    const formats = createFormats(folder.path);
    assert.equal(formats.of(folder.resolve('lib/a.js')), 'commonjs');
    assert.equal(formats.of(folder.resolve('lib/a.js'), 'export const a = 1;'), 'module');
    assert.equal(formats.of(folder.resolve('node_modules/a/index.js')), 'commonjs');
    await folder.write('node_modules/a/index.js', 'export const a = 1;');
    formats.clear();
    assert.equal(formats.of(folder.resolve('node_modules/a/index.js')), 'module');
  });
  it('reads the type of a package once, until files came or went', async () => {
    await using folder = await fixture({
      'node_modules/a/package.json': '{"type":"module"}',
      'node_modules/a/1.js': '',
      'node_modules/a/2.js': '',
    });
    const formats = createFormats(folder.path);
    assert.equal(formats.of(folder.resolve('node_modules/a/1.js')), 'node');
    await folder.write('node_modules/a/package.json', '{}');
    assert.equal(formats.of(folder.resolve('node_modules/a/2.js')), 'node');
    formats.clear();
    assert.equal(formats.of(folder.resolve('node_modules/a/2.js')), 'commonjs');
  });
});

it('tells what a package says of side effects', async () => {
  await using files = await fixture({
    'none/package.json': '{ "name": "none", "sideEffects": false }',
    'none/esm/package.json': '{ "type": "module" }',
    'listed/package.json': '{ "name": "listed", "sideEffects": ["./a.js"] }',
    'unsaid/package.json': '{ "name": "unsaid" }',
  });
  const { effects } = createFormats(files.path);
  const told = ['none/a.js', 'none/esm/a.js', 'listed/b.js', 'unsaid/a.js'].map((name) => effects(files.resolve(name)));
  assert.deepEqual(told, ['none', 'none', 'listed', 'unsaid']);
});
