import assert from 'node:assert/strict';
import { describe, it } from 'node:test';
import { rewriteCss } from '../../../src/server/compile/css.ts';
import { createCssGraph, withVersion, type CssGraph } from '../../../src/server/hot/css-graph.ts';

function graphOf(files: Record<string, string>): CssGraph {
  return createCssGraph({
    async read(filePath) {
      const text = files[filePath];
      if (text === undefined) throw new Error('ENOENT');
      return Buffer.from(text);
    },
    rewrite: rewriteCss,
    fileOf: (specifier, from) => new URL(specifier, `file://${from}`).pathname,
  });
}

const files = (): Record<string, string> => ({
  '/top.css': '@import "mid.css"; a { color: red }',
  '/mid.css': '@import url(deep/leaf.css);',
  '/deep/leaf.css': 'b { background: url("../img.png") }',
  '/img.png': 'one',
});

describe('the css graph', () => {
  it('leaves a sheet as it is until something that it reaches has changed', async () => {
    const graph = graphOf(files());
    assert.equal(await graph.render('/top.css'), files()['/top.css']);
    assert.deepEqual(await graph.files('/top.css'), ['/top.css', '/mid.css', '/deep/leaf.css', '/img.png']);
  });

  it('tells every sheet above a change, and gives the URLs on the way a version', async () => {
    const content = files();
    const graph = graphOf(content);
    await graph.files('/top.css');
    const before = await graph.hash('/top.css');
    content['/img.png'] = 'two';
    assert.deepEqual([...graph.changed('/img.png')].sort(), ['/deep/leaf.css', '/mid.css', '/top.css']);
    assert.notEqual(await graph.hash('/top.css'), before);
    assert.match(await graph.render('/top.css'), /^@import "mid\.css\?v=[\w-]+"; a/);
    assert.match(await graph.render('/deep/leaf.css'), /url\("\.\.\/img\.png\?v=[\w-]+"\)/);
  });

  it('survives sheets that import each other, and files that are missing', async () => {
    const graph = graphOf({ '/a.css': '@import "b.css";', '/b.css': '@import "a.css"; c { background: url(gone.png) }' });
    assert.equal(typeof (await graph.hash('/a.css')), 'string');
    assert.equal(await graph.hash('/gone.png'), undefined);
    assert.deepEqual([...graph.changed('/gone.png')].sort(), ['/a.css', '/b.css']);
  });
});

it('withVersion keeps query and fragment', () => {
  assert.equal(withVersion('a.svg', '?v=1'), 'a.svg?v=1');
  assert.equal(withVersion('a.svg?x=2#icon', '?v=1'), 'a.svg?x=2&v=1#icon');
});
