import assert from 'node:assert/strict';
import { after, describe, it } from 'node:test';
import { originalPositionFor, TraceMap } from '@jridgewell/trace-mapping';
import { stopEsbuild, type TsconfigRaw } from '../../../../src/server/compile/esbuild.ts';
import { linkSource, type LinkSourceOptions } from '../../../../src/server/compile/link-source.ts';
import { composeMaps } from '../../../../src/server/compile/source-map.ts';
import preact from '../../../../src/server/preact.ts';
import react from '../../../../src/server/react.ts';

after(stopEsbuild);

type CompilerOptions = TsconfigRaw['compilerOptions'];

const optionsFor = (
  compilerOptions: CompilerOptions = {},
  plugin = react(),
  loader: LinkSourceOptions['loader'] = 'tsx',
): LinkSourceOptions => ({
  file: `/site/app.${loader}`,
  loader,
  tsconfigRaw: { compilerOptions },
  format: 'module',
  refresh: plugin.refresh,
});

async function requestsOf(source: string, options: LinkSourceOptions): Promise<string[]> {
  const { linked } = await linkSource(source, options);
  return linked.requests.map(({ specifier }) => specifier);
}

const APP = `import React from 'react'; import type { T } from './t';
export function App(props: T) { const [n] = React.useState(0); return <p>{n}</p>; }`;

describe('JSX by tsconfig.json, with state kept', () => {
  const forms: readonly (readonly [string, CompilerOptions, readonly string[]])[] = [
    ['nothing is said', {}, ['react/jsx-dev-runtime']],
    ['react-jsx', { jsx: 'react-jsx' }, ['react/jsx-dev-runtime']],
    ['react-jsxdev', { jsx: 'react-jsxdev' }, ['react/jsx-dev-runtime']],
    ['react', { jsx: 'react' }, ['react']],
    ['another source', { jsxImportSource: 'other' }, ['other/jsx-dev-runtime']],
    ['decorators of TypeScript', { experimentalDecorators: true }, ['react/jsx-dev-runtime']],
    ['fields that are assigned', { useDefineForClassFields: false, jsx: 'react' }, ['react']],
  ];
  for (const [name, compilerOptions, expected] of forms) {
    it(name, async () => {
      const { linked } = await linkSource(APP, optionsFor(compilerOptions));
      assert.deepEqual(
        linked.requests.map(({ specifier }) => specifier).filter((specifier) => expected[0] === 'react' || specifier !== 'react'),
        ['hmr-dev:refresh', ...expected],
      );
      assert.match(linked.factory, /\$RefreshReg\$\(_c, "App"\)/);
    });
  }
  it('says the module itself', async () => {
    const source = `/** @jsxImportSource other */ export const App = () => <p/>;`;
    assert.deepEqual(await requestsOf(source, optionsFor()), ['hmr-dev:refresh', 'other/jsx-dev-runtime']);
  });
  it('is Preact for Preact, without places of elements', async () => {
    assert.deepEqual(await requestsOf(`export const App = () => <p/>;`, optionsFor({}, preact())), [
      'hmr-dev:refresh',
      'preact/jsx-runtime',
    ]);
  });
  it('is the production form where places are not wanted', async () => {
    const plugin = react({ development: false, jsxImportSource: 'theirs' });
    assert.deepEqual(await requestsOf(`export const App = () => <p/>;`, optionsFor({}, plugin)), ['hmr-dev:refresh', 'theirs/jsx-runtime']);
  });
});

describe('what is registered', () => {
  it('JavaScript without components and hooks stays as its author wrote it', async () => {
    const source = `export const add=(a,b)=>a+b // sum\n`;
    const { linked, compiled } = await linkSource(source, optionsFor({}, react(), 'js'));
    assert.equal(compiled, undefined);
    assert.match(linked.factory, /=\(a,b\)=>a\+b;/);
  });
  it('hooks in TypeScript and in JavaScript', async () => {
    const source = `import { useState } from 'react';\nexport function useOne() { return useState(1); }`;
    for (const loader of ['ts', 'js'] as const) {
      const { linked } = await linkSource(source, optionsFor({}, react(), loader));
      assert.match(linked.factory, /\$RefreshSig\$\(\)/);
    }
  });
  it('modules that esbuild has to finish', async () => {
    for (const statement of [
      '@first class A { @second accessor b = 1; }',
      'const mode = process.env.NODE_ENV;',
      'class A { constructor(readonly n: number) {} }',
    ]) {
      const { linked } = await linkSource(`${statement}\n${APP}`, optionsFor());
      assert.match(linked.factory, /\$RefreshReg\$\(_c\d?, "App"\)/, statement);
      assert.doesNotMatch(linked.factory, /process\.env|@first|readonly/);
    }
  });
  it('nothing of a plain TypeScript module', async () => {
    assert.deepEqual(await requestsOf(`export class Point { x: number = 1 }`, optionsFor({}, react(), 'ts')), []);
  });
});

describe('places', () => {
  const source = `import { useState } from 'react';\n\ntype Unused = { a: number };\nexport function App() {\n  const [n] = useState(0);\n  return (\n    <p>{n.toFixed()}</p>\n  );\n}\n`;
  for (const [name, text, compilerOptions] of [
    ['of one step', source, {}],
    ['of two', source, { experimentalDecorators: true }],
  ] as const) {
    it(`are the author's, after the work ${name}`, async () => {
      const { linked, compiled } = await linkSource(text, { ...optionsFor(compilerOptions), withMap: true });
      const map = composeMaps({ link: linked.map(), compile: compiled?.map, source: '/app.tsx', content: text, linesBefore: 0 });
      const lines = linked.factory.split('\n');
      const line = lines.findIndex((one) => one.includes('n.toFixed'));
      const found = originalPositionFor(new TraceMap(map as never), { line: line + 1, column: lines[line]?.indexOf('n.toFixed') ?? 0 });
      assert.deepEqual([found.line, found.column], [7, 8]);
      assert.match(linked.factory, /lineNumber: 7/);
    });
  }
  it('of a mistake too, which only the second step finds', async () => {
    await assert.rejects(
      linkSource(`${source}const once = 1;\nconst once = 2;`, optionsFor({ experimentalDecorators: true })),
      (error: Error) => {
        assert.equal('location' in error && JSON.stringify(error.location), '{"file":"/site/app.tsx","line":11,"column":7}');
        return true;
      },
    );
  });
});

it('a plugin for this server alone: in a build it does nothing', () => {
  for (const plugin of [react(), preact()]) assert.deepEqual(Object.keys(plugin), ['name', 'refresh']);
});
