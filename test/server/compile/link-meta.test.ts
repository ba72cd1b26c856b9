import assert from 'node:assert/strict';
import { describe, it } from 'node:test';
import { link, type Asset } from '../../../src/server/compile/link.ts';

describe('specifiers in expressions', () => {
  it('imports the address that the literal of a URL names, once', () => {
    const assetOf = (specifier: string): Asset | undefined =>
      specifier.startsWith('./a.svg') ? { id: '/a.svg', fragment: specifier.slice('./a.svg'.length) } : undefined;
    const code = `import x from './x.js'; new URL('./a.svg', import.meta.url); new URL('./b.png', import.meta['url']); () => new URL("./a.svg#i", import.meta.url)`;
    const { factory, requests, imports } = link(code, { file: 'x', assetOf });
    assert.match(factory, /^\(function\*\(\$export,\$module,\$x,\$a\)\{/);
    assert.match(factory, /new URL\(\$a\.default, \$module\.meta\.url\); new URL\('\.\/b\.png', \$module\.meta\['url'\]\)/);
    assert.match(factory, /new URL\(\$a\.default\+"#i", \$module/);
    assert.deepEqual(
      requests.map(({ specifier, id }) => [specifier, id]),
      [
        ['./x.js', undefined],
        ['/a.svg', '/a.svg'],
      ],
    );
    assert.deepEqual(
      imports.map(({ dep, name }) => [dep, name]),
      [
        [0, 'default'],
        [1, 'default'],
      ],
    );
  });

  it('knows the type of a dynamic import where it is literal', () => {
    const { dynamic } = link(
      `import('./a.json', { with: { type: 'json' } }); import('./b.css', { 'with': { 'type': "css" } }); import('./c', options);`,
      { file: 'x' },
    );
    assert.deepEqual(
      dynamic.map(({ specifier, type }) => [specifier, type]),
      [
        ['./a.json', 'json'],
        ['./b.css', 'css'],
        ['./c', undefined],
      ],
    );
  });
});
