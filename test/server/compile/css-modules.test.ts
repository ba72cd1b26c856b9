import assert from 'node:assert/strict';
import { after, describe, it } from 'node:test';
import { compileCssModule, type CssModule } from '../../../src/server/compile/css-modules.ts';
import { stopEsbuild } from '../../../src/server/compile/esbuild.ts';
import { HmrError } from '../../../src/server/errors.ts';
import { fixture, type Fixture, type FixtureFiles } from '../../harness/fixture.ts';

after(stopEsbuild);

async function compile(folder: Fixture, name: string): Promise<CssModule> {
  return compileCssModule(await folder.read(name), { filePath: folder.resolve(name), root: folder.path });
}

async function compileOne(source: string, others: FixtureFiles = {}): Promise<CssModule> {
  await using folder = await fixture({ ...others, 'ui/button.module.css': source });
  return await compile(folder, 'ui/button.module.css');
}

async function errorOf(source: string, others: FixtureFiles = {}): Promise<HmrError> {
  const error: unknown = await compileOne(source, others).then(
    ({ css }) => assert.fail(`compiled to ${css}`),
    (reason: unknown) => reason,
  );
  assert.ok(error instanceof HmrError);
  return error;
}

describe('names', () => {
  it('are unlike those of any other file, and readable', async () => {
    const { css, exports } = await compileOne('.primary { color: red } #main { color: blue }');
    assert.match(exports['primary'] ?? '', /^button_[\da-f]{5}_primary$/);
    assert.match(exports['main'] ?? '', /^button_[\da-f]{5}_main$/);
    assert.ok(css.includes(`.${exports['primary']} {`) && css.includes(`#${exports['main']} {`));
  });

  it('are the same in every run, wherever the folder lies', async () => {
    assert.deepEqual((await compileOne('.a {}')).exports, (await compileOne('.a {} ')).exports);
  });

  it('differ for files of one name in two folders', async () => {
    await using folder = await fixture({ 'a/x.module.css': '.c {}', 'b/x.module.css': '.c {}' });
    const [one, two] = [await compile(folder, 'a/x.module.css'), await compile(folder, 'b/x.module.css')];
    assert.notEqual(one.exports['c'], two.exports['c']);
  });

  it('need not be identifiers', async () => {
    const { exports } = await compileOne('.a-b {} .a\\.c {} .default {} .class {} .é {}');
    assert.deepEqual(Object.keys(exports).sort(), ['a-b', 'a.c', 'class', 'default', 'é']);
    assert.match(exports['a.c'] ?? '', /_a\.c$/);
  });

  it('are given to keyframes, and found where they are used', async () => {
    const { css, exports } = await compileOne('.a { animation: spin 1s } @keyframes spin { to { rotate: 1turn } }');
    assert.ok(css.includes(`animation: ${exports['spin']} 1s`) && css.includes(`@keyframes ${exports['spin']} {`));
  });

  it('are none in an empty file', async () => assert.deepEqual((await compileOne('')).exports, {}));
});

describe('scopes', () => {
  it(':global leaves a name alone, :local gives it back', async () => {
    const { css, exports } = await compileOne(':global(.page) .a {} :global .b :local(.c) {}');
    assert.deepEqual(Object.keys(exports), ['a', 'c']);
    assert.ok(css.includes(`.page .${exports['a']}`) && css.includes(`.b .${exports['c']}`));
  });

  it('nesting and conditions are kept for the browser', async () => {
    const { css, exports } = await compileOne('.a { &:hover { color: red } @media print { .b & { color: blue } } }');
    assert.match(css, /&:hover \{/);
    assert.ok(css.includes(`.${exports['b']} & {`));
  });
});

describe('composes', () => {
  it('puts names of the same file together', async () => {
    const { exports } = await compileOne('.base { color: red } .primary { composes: base; top: 0 }');
    assert.equal(exports['primary'], `${exports['base']} ${exports['primary']?.split(' ')[1]}`);
  });

  it('brings in other files, also through others', async () => {
    await using folder = await fixture({
      'ui/button.module.css': `.primary { composes: box from '../shared/box.module.css'; color: red }`,
      'shared/box.module.css': `.box { composes: deep from './deep.module.css'; background: url(box.png) }`,
      'shared/deep.module.css': '.deep { top: 0 }',
    });
    const { css, exports, dependencies } = await compile(folder, 'ui/button.module.css');
    assert.deepEqual([...dependencies].sort(), [folder.resolve('shared/box.module.css'), folder.resolve('shared/deep.module.css')]);
    assert.deepEqual(Object.keys(exports), ['primary']);
    const box = (await compile(folder, 'shared/box.module.css')).exports['box'];
    assert.ok(exports['primary']?.startsWith(`${box} `), `${exports['primary']} begins with the names of ${box}`);
    assert.ok(css.includes('url(/shared/box.png)'));
  });

  it('takes global names as they are', async () => {
    assert.match((await compileOne('.a { composes: page-title from global; top: 0 }')).exports['a'] ?? '', /^page-title button_/);
  });

  it('of a file that is missing says where', async () => {
    const error = await errorOf(`\n.a { composes: b from './nope.module.css' }`);
    assert.deepEqual(
      [error.code, error.message],
      ['RESOLVE', `'./nope.module.css' was not found, which ui/button.module.css composes from`],
    );
    assert.deepEqual([error.location?.line, error.location?.column], [2, 23]);
    assert.match(error.frame ?? '', /> 2 \| \.a/);
  });

  it('of a name that is missing says which', async () => {
    const error = await errorOf(`.a { composes: nope from './b.module.css' }`, { 'ui/b.module.css': '.b {}' });
    assert.deepEqual([error.code, error.message], ['SYNTAX', 'The name "nope" never appears in "b.module.css"']);
    assert.match(error.location?.file ?? '', /ui\/button\.module\.css$/);
  });

  it('where it means nothing is an error and not silence', async () => {
    const error = await errorOf('.é .a { composes: b }');
    assert.equal(error.message, '"composes" only works inside single class selectors');
    assert.deepEqual([error.location?.line, error.location?.column], [1, 9]);
  });
});

describe('URLs', () => {
  it('become absolute in the served root', async () => {
    const { css } = await compileOne(
      '@import "./base.css?v=1"; @import url(../all.css) screen; .a { background: url(a.png?v=2#x), url("../b c.png") }',
    );
    assert.match(css, /@import "\/ui\/base\.css\?v=1";\n@import "\/all\.css" screen;/);
    assert.match(css, /url\(\/ui\/a\.png\?v=2#x\)/);
    assert.match(css, /url\(\/b%20c\.png\)/);
  });

  it('of others stay', async () => {
    const { css } = await compileOne(
      '@import "https://x.y/z.css"; .a { b: url(#c), url(data:image/png;base64,AA==), url(//h/d.png), url(/e.png) }',
    );
    for (const url of ['"https://x.y/z.css"', 'url(#c)', 'url(data:image/png;base64,AA==)', 'url(//h/d.png)', 'url(/e.png)']) {
      assert.ok(css.includes(url), `${url} in ${css}`);
    }
  });

  it('may lead to nothing', async () => assert.match((await compileOne('.a { background: url(gone.png) }')).css, /\/ui\/gone\.png/));
});

describe('the text that is compiled', () => {
  it('is what was handed in, not what is on disk', async () => {
    await using folder = await fixture({ 'a.module.css': '.old {}' });
    const { exports } = await compileCssModule('.new {}', { filePath: folder.resolve('a.module.css'), root: folder.path });
    assert.deepEqual(Object.keys(exports), ['new']);
  });

  it('may have faults that a browser forgives', async () => {
    const { exports } = await compileOne('.a { color: red; *zoom: 1 } .b { colr: red');
    assert.deepEqual(Object.keys(exports), ['a', 'b']);
  });
});
