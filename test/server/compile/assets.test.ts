import assert from 'node:assert/strict';
import { describe, it } from 'node:test';
import {
  classify,
  moduleSourceFor,
  type GeneratedKind,
  type GeneratedModule,
  type ModuleKind,
} from '../../../src/server/compile/assets.ts';
import { link } from '../../../src/server/compile/link.ts';
import { HmrError } from '../../../src/server/errors.ts';

/** Of the generated module, run natively; it has to be linkable as well. */
async function exportsOf(
  kind: GeneratedKind,
  content: string | Buffer,
  more: Partial<GeneratedModule> = {},
): Promise<Record<string, unknown>> {
  const given = { filePath: '/site/ui/a.json', url: '/ui/a.json', mediaType: 'text/plain', content: Buffer.from(content), ...more };
  const code = moduleSourceFor(kind, given);
  link(code, { file: given.filePath });
  const namespace: Record<string, unknown> = await import(`data:text/javascript,${encodeURIComponent(code)}`);
  return { ...namespace };
}

describe('classify', () => {
  const cases: [filePath: string, search: string, kind: ModuleKind][] = [
    ['/a.js', '', 'script'],
    ['/a.mts', '', 'script'],
    ['/a.TSX', '', 'script'],
    ['/a.cjs', '', 'script'],
    ['/a.d.ts', '', 'script'],
    ['/a.json', '', 'json'],
    ['/a.json', '?json', 'json-module'],
    ['/a.css', '', 'css'],
    ['/a.css', '?sheet', 'css-sheet'],
    ['/a.css', '?v=1', 'css'],
    ['/a.module.css', '', 'css-module'],
    ['/a.module.css', '?raw', 'raw'],
    ['/a.module.css', '?sheet', 'css-sheet'],
    ['/a.png', '', 'url'],
    ['/a.WOFF2', '', 'url'],
    ['/a.wasm', '', 'url'],
    ['/a.svg', '?inline', 'inline'],
    ['/a.svg', '?raw', 'raw'],
    ['/a.ts', '?url', 'url'],
    ['/a.ts', '?raw', 'raw'],
    ['/a.ts', '?v=1&raw', 'raw'],
    ['/a.ts', '?rawer', 'script'],
    ['/a.ts', '?t=raw', 'script'],
    ['/index.html', '?inline-module=0', 'inline-module'],
    ['/index.html', '', 'unknown'],
    ['/notes.md', '', 'unknown'],
    ['/notes.txt', '?raw', 'raw'],
    ['/LICENSE', '', 'unknown'],
    ['/.png', '', 'unknown'],
  ];
  for (const [filePath, search, kind] of cases) it(`${filePath}${search} is ${kind}`, () => assert.equal(classify(filePath, search), kind));
});

describe('JSON modules', () => {
  it('export the value and its members', async () => {
    const exports = await exportsOf(
      'json',
      '{"a": 1, "b": {"c": [true, null]}, "default": 2, "x-y": 3, "class": 4, "é": 5, "json": 6, "v0": 7}',
    );
    assert.deepEqual(Object.keys(exports).sort(), ['a', 'b', 'class', 'default', 'json', 'v0', 'é']);
    assert.deepEqual(exports['default'], { a: 1, b: { c: [true, null] }, default: 2, 'x-y': 3, class: 4, é: 5, json: 6, v0: 7 });
    assert.deepEqual([exports['b'], exports['class'], exports['v0']], [{ c: [true, null] }, 4, 7]);
  });

  it('export the value only where the standard says so', async () => {
    assert.deepEqual(await exportsOf('json-module', '{"a": 1}'), { default: { a: 1 } });
  });

  for (const value of ['[1, 2]', '"text"', '3', 'null', 'true', '{}', '"\u2028"']) {
    it(`can be ${JSON.stringify(value)}`, async () =>
      assert.deepEqual(await exportsOf('json', value), { default: JSON.parse(value) as unknown }));
  }

  it('do not set a prototype', async () => {
    const { default: value, __proto__: named } = await exportsOf('json', '{"__proto__": {"polluted": true}, "a": {"__proto__": 1}}');
    assert.ok(typeof value === 'object' && value !== null);
    assert.equal(Object.getPrototypeOf(value), Object.prototype);
    assert.ok(Object.hasOwn(value, '__proto__'));
    assert.equal('polluted' in value, false);
    assert.ok(named);
  });

  it('are parsed and not evaluated when large', async () => {
    const value = { list: Array.from({ length: 5000 }, (_, index) => ({ index, text: 'é"\\\n\u2028' })) };
    const code = moduleSourceFor('json', {
      filePath: '/a.json',
      url: '/a.json',
      mediaType: '',
      content: Buffer.from(JSON.stringify(value)),
    });
    assert.match(code, /^const json = JSON\.parse\("/);
    assert.deepEqual((await exportsOf('json', JSON.stringify(value)))['list'], value.list);
  });

  it('may begin with a byte order mark', async () =>
    assert.deepEqual(await exportsOf('json', '\ufeff{"a":1}'), { default: { a: 1 }, a: 1 }));

  it('that are broken say where', () => {
    assert.throws(
      () => moduleSourceFor('json', { filePath: '/site/a.json', url: '/a.json', mediaType: '', content: Buffer.from('{\n  "a": 1,\n}') }),
      (error: unknown) => {
        assert.ok(error instanceof HmrError);
        assert.deepEqual([error.code, error.message], ['SYNTAX', 'Expected a name in double quotes, found }']);
        assert.deepEqual(error.location, { file: '/site/a.json', line: 3, column: 1 });
        assert.match(error.frame ?? '', /> 3 \| }/);
        return true;
      },
    );
  });
});

describe('other modules', () => {
  it('?raw exports the text', async () => {
    const text = 'const a = `${1}`;\r\n// "quotes" \\ </script> \u2028 é 😀';
    assert.deepEqual(await exportsOf('raw', text), { default: text });
  });

  it('?url and assets export the URL', async () => {
    assert.deepEqual(await exportsOf('url', '', { url: '/img/a%20b.png?v=1' }), { default: '/img/a%20b.png?v=1' });
  });

  it('?inline exports bytes as base64', async () => {
    const bytes = Buffer.from([0, 255, 128, 10]);
    assert.deepEqual(await exportsOf('inline', bytes, { filePath: '/a.png', mediaType: 'image/png' }), {
      default: 'data:image/png;base64,AP+ACg==',
    });
  });

  it('?inline exports an SVG as text that a browser reads back', async () => {
    const svg = `<svg xmlns="http://www.w3.org/2000/svg"><text fill="#f00">100% 'é'</text></svg>`;
    const url = (await exportsOf('inline', svg, { filePath: '/a.svg', mediaType: 'image/svg+xml' }))['default'];
    assert.ok(typeof url === 'string' && url.startsWith('data:image/svg+xml,'));
    assert.equal(await (await fetch(url)).text(), svg);
  });

  it('?inline of a stylesheet exports its text, with URLs that hold anywhere', async () => {
    const css = await exportsOf('inline', 'a { b: url(c.png) }', {
      filePath: '/site/ui/a.css',
      url: '/ui/a.css?v=2',
      mediaType: 'text/css',
    });
    assert.deepEqual(css, { default: 'a { b: url(/ui/c.png) }' });
  });

  it('anything else says what can be done', () => {
    assert.throws(
      () =>
        moduleSourceFor('unknown', {
          filePath: '/site/notes.md',
          url: '/notes.md',
          mediaType: 'text/markdown',
          content: Buffer.from('# a'),
        }),
      (error: unknown) => {
        assert.ok(error instanceof HmrError);
        assert.equal(error.code, 'UNSUPPORTED');
        assert.match(error.hint ?? '', /'notes\.md\?raw'.*'notes\.md\?url'/);
        return true;
      },
    );
  });
});
