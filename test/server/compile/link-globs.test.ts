import assert from 'node:assert/strict';
import { describe, it } from 'node:test';
import { link, type Linked } from '../../../src/server/compile/link.ts';
import { HmrError } from '../../../src/server/errors.ts';

const linkIt = (code: string): Linked =>
  link(code, {
    file: 'x.js',
    globOf: ({ query }) => ['a', 'b c'].map((name) => ({ key: `./${name}.js`, id: `/${encodeURI(name)}.js${query}` })),
  });

/** The body without its frame. */
const bodyOf = ({ factory }: Linked): string => factory.replace(/^.*?yield;/, '').replace(/\n\}\)$/, '');

describe('import.meta.glob in a module', () => {
  it('becomes functions that import', () => {
    const linked = linkIt(`const m = import.meta.glob('./*.js', { query: '?raw' }), n = import.meta.glob('./*.js', { import: 'a-b' });`);
    assert.equal(
      bodyOf(linked),
      'const m = ({"./a.js":()=>$module.import("/a.js?raw"),"./b c.js":()=>$module.import("/b%20c.js?raw")}), ' +
        'n = ({"./a.js":()=>$module.import("/a.js").then((m)=>m["a-b"]),"./b c.js":()=>$module.import("/b%20c.js").then((m)=>m["a-b"])});',
    );
    assert.deepEqual(
      linked.dynamic.map(({ id }) => id),
      ['/a.js?raw', '/b%20c.js?raw', '/a.js', '/b%20c.js'],
    );
    assert.deepEqual(linked.requests, []);
  });

  it('becomes getters of imports behind those of the statements', () => {
    const linked = linkIt(`import './z.js'; export default import.meta.glob('./*.js', { eager: true, import: 'default' });`);
    assert.match(linked.factory, /^\(function\*\(\$export,\$module,\$z,\$glob0,\$glob1\)/);
    assert.match(bodyOf(linked), /\(\{get "\.\/a\.js"\(\)\{return \$glob0\.default\},get "\.\/b c\.js"\(\)\{return \$glob1\.default\}\}\)/);
    assert.deepEqual(
      linked.requests.map(({ id }) => id),
      [undefined, '/a.js', '/b%20c.js'],
    );
    assert.deepEqual(
      linked.imports.map(({ dep, name }) => [dep, name]),
      [
        [1, 'default'],
        [2, 'default'],
      ],
    );
    assert.match(bodyOf(linkIt(`import.meta.glob('./*.js', { eager: true })`)), /return \$module\.ns\(0\)/);
  });

  it('uses names that nothing else has', () => {
    const { factory } = linkIt(`import './$glob0.js'; import './glob1.js'; import.meta.glob('./*.js', { eager: true });`);
    const parameters = /\(\$export,([^)]*)\)/.exec(factory)?.[1]?.split(',') ?? [];
    assert.equal(new Set(parameters).size, 5);
  });

  it('keeps the lines, and does not continue the line before', () => {
    const linked = linkIt(`a\nimport.meta.glob(\n  './*.js',\n);\nimport.meta.glob;\nb`);
    assert.equal(linked.factory.split('\n').length, 7);
    assert.match(linked.factory, /a\n;\(\{/);
    assert.match(linked.factory, /\n\$module\.meta\.glob;\nb/);
  });

  it('is wrong at its place', () => {
    const wrong = (code: string): HmrError => {
      try {
        link(code, {
          file: 'x.js',
          globOf: () => {
            throw new HmrError('GLOB', 'starts nowhere');
          },
        });
      } catch (error) {
        if (error instanceof HmrError) return error;
      }
      throw new Error('is not refused');
    };
    assert.deepEqual(wrong(`\n  x(import.meta.glob(y));`).location, { file: 'x.js', line: 2, column: 22 });
    const nowhere = wrong(`\n  x(import.meta.glob('y'));`);
    assert.deepEqual([nowhere.message, nowhere.location?.line, nowhere.location?.column], ['starts nowhere', 2, 5]);
    assert.match(nowhere.frame ?? '', /> 2 \| +x\(import/);
  });
});
