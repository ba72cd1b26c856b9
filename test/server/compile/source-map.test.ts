import assert from 'node:assert/strict';
import { after, describe, it } from 'node:test';
import { stopEsbuild } from '../../../src/server/compile/esbuild.ts';
import { link } from '../../../src/server/compile/link.ts';
import { composeMaps, originalPosition, sectionedMap, type RawSourceMap } from '../../../src/server/compile/source-map.ts';
import { lowerSource } from '../../../src/server/compile/transform.ts';
import { placeAt } from '../../../src/server/errors.ts';

after(stopEsbuild);

interface Built {
  /** A definition, as the compiler writes it: one line, then the factory. */
  readonly text: string;
  readonly map: RawSourceMap;
}

async function buildTypeScript(source: string, name: string): Promise<Built> {
  const { code, map } = await lowerSource(source, { filePath: `/site${name}`, loader: 'ts', tsconfigRaw: {}, withMap: true });
  const linked = link(code, { file: `/site${name}` });
  return {
    text: `$define({},\n${linked.factory});\n`,
    map: composeMaps({ link: linked.map(), compile: map, source: name, content: source, linesBefore: 1 }),
  };
}

function buildJavaScript(source: string, name: string): Built {
  const linked = link(source, { file: `/site${name}` });
  return {
    text: `$define({},\n${linked.factory});\n`,
    map: composeMaps({ link: linked.map(), compile: undefined, source: name, content: source, linesBefore: 1 }),
  };
}

/** Where a piece of the emitted text comes from. */
function original({ text, map }: Built, piece: string): unknown {
  const { line, column } = placeAt(text, text.indexOf(piece));
  return originalPosition(map, line, column);
}

const TYPESCRIPT = `import { render } from './view.ts';
interface State {
  count: number;
}
export let state: State = { count: 0 };

export function step(by: number): void {
  state = { count: state.count + by };
  if (by < 0) throw new RangeError('backwards');
  render(state);
}
`;

describe('composeMaps', () => {
  it("leads through both steps to the author's text", async () => {
    const built = await buildTypeScript(TYPESCRIPT, '/src/main.ts');
    for (const piece of ['new RangeError', "'backwards'".replaceAll("'", '"')]) {
      const expected = placeAt(TYPESCRIPT, TYPESCRIPT.indexOf(piece.replaceAll('"', "'")));
      assert.deepEqual(original(built, piece), { source: 'src/main.ts', ...expected });
    }
  });

  it('leads through the link step alone', () => {
    const source = `import { a } from './a.js';\n\nexport const b = () => {\n  throw a.c;\n};\n`;
    assert.deepEqual(original(buildJavaScript(source, '/main.js'), 'throw'), { source: 'main.js', line: 4, column: 3 });
  });

  it('names one source, with its text', async () => {
    const { map } = await buildTypeScript(TYPESCRIPT, '/src/main.ts');
    assert.deepEqual([map.version, map.sources, map.sourcesContent, map.ignoreList], [3, ['/src/main.ts'], [TYPESCRIPT], undefined]);
  });

  it('lets debuggers step over packages', () => {
    const { map } = buildJavaScript('export const a = 1;', '/@outside/1/node_modules/x/index.js');
    assert.deepEqual(map.ignoreList, [0]);
  });

  it('keeps the sources of text that came with a map of its own', () => {
    const linked = link('a();\nb();\n', { file: '/x.js' });
    // Line 1 from one.coffee, line 2 from two.coffee.
    const compile = { sources: ['one.coffee', 'two.coffee'], sourcesContent: ['a', 'b'], names: [], mappings: 'AAAA;ACAA' };
    const map = composeMaps({ link: linked.map(), compile, source: '/x.js', content: 'a();\nb();\n', linesBefore: 0 });
    assert.deepEqual(
      [map.sources, map.sourcesContent],
      [
        ['one.coffee', 'two.coffee'],
        ['a', 'b'],
      ],
    );
  });

  it('is JSON', async () => {
    const { map } = await buildTypeScript(TYPESCRIPT, '/src/main.ts');
    assert.deepEqual(JSON.parse(JSON.stringify(map)), map);
  });
});

describe('originalPosition', () => {
  it('is undefined where nothing of the author stands', async () => {
    const { map } = await buildTypeScript(TYPESCRIPT, '/src/main.ts');
    assert.equal(originalPosition(map, 1, 1), undefined);
    assert.equal(originalPosition(map, 999, 1), undefined);
  });

  it('gives the path as a file, not as an URL', () => {
    const built = buildJavaScript('throw 1;', '/my%20src/m%C3%A9.js');
    assert.deepEqual(original(built, 'throw'), { source: 'my src/mé.js', line: 1, column: 1 });
  });

  it('gives a name that is no URL as it is', () => {
    const map: RawSourceMap = { version: 3, sources: ['100%.coffee'], names: [], mappings: 'AAAA' };
    assert.deepEqual(originalPosition(map, 1, 1), { source: '100%.coffee', line: 1, column: 1 });
  });
});

describe('sectionedMap', () => {
  it('puts each map at the line where its text begins, in order', async () => {
    const one = buildJavaScript('a();\n', '/one.js').map;
    const two = (await buildTypeScript(TYPESCRIPT, '/two.ts')).map;
    const { version, sections } = sectionedMap([
      { line: 40, map: two },
      { line: 2, map: one },
    ]);
    assert.equal(version, 3);
    assert.deepEqual(sections, [
      { offset: { line: 2, column: 0 }, map: one },
      { offset: { line: 40, column: 0 }, map: two },
    ]);
  });

  it('can be empty', () => assert.deepEqual(sectionedMap([]), { version: 3, sections: [] }));
});
