/**
 * TypeScript and JSX as other people's projects write them: what the nearest tsconfig says is what the page runs, with every form of
 * import that TypeScript resolves.
 */
import assert from 'node:assert/strict';
import { test } from 'node:test';
import { openProject, pageOf } from './link-support.ts';

const json = (value: unknown): string => JSON.stringify(value);

test('types, enums, const enums, namespaces, parameter properties and overloads run', async (t) => {
  const { result, assertAlive } = await openProject(t, {
    'index.html': pageOf('/main.ts'),
    'main.ts': `
      import type { Shape } from './shape';
      import { type Size, area, Color } from './shape';
      namespace Geometry {
        export const unit = 2;
        export class Square { constructor(readonly side: number) {} get area() { return this.side ** 2 * unit; } }
        export namespace Inner { export const deep = 'deep'; }
      }
      import shape = Geometry.Square;
      const enum Direction { Up = 'UP', Down = 'DOWN' }
      declare const neverDefined: string;
      abstract class Base { abstract name: string; protected constructor(public readonly id: number, private secret = 'x') {} reveal() { return this.secret + this.id; } }
      class Child extends Base { name = 'child'; constructor() { super(7); } }
      function over(value: string): string;
      function over(value: number): number;
      function over(value: unknown): unknown { return value; }
      const size = <Size>{ width: 3, height: 4 };
      const box: Shape = { size } satisfies Shape;
      globalThis.result = [area(box.size!), Color.Red, Color[1], Color.Mixed, Direction.Down, new shape(3).area, Geometry.Inner.deep,
        new Child().reveal(), over(5), typeof neverDefined, ((x?: number) => x ?? 'none')()];
    `,
    'shape.ts': `
      export interface Size { width: number; height: number }
      export type Shape = { size: Size };
      export enum Color { Red, Green, Mixed = Red | (1 << 4) }
      export const area = ({ width, height }: Size): number => width * height;
    `,
  });
  assert.deepEqual(await result(), [12, 0, 'Green', 16, 'DOWN', 18, 'deep', 'x7', 5, 'undefined', 'none']);
  await assertAlive();
});

test('a type that is imported without `type` vanishes, and one that is re-exported with `type` too', async (t) => {
  const { result, assertAlive } = await openProject(t, {
    'index.html': pageOf('/main.ts'),
    'main.ts': `import { Only, value } from './a'; import Default from './b'; export { type Only } from './a'; export type * from './b';
      const typed: Only & Default = { a: value, b: 2 }; globalThis.result = [typed, globalThis.ranB ?? 'b did not run'];`,
    'a.ts': `export interface Only { a: number } export const value = 1;`,
    'b.ts': `globalThis.ranB = 'b ran'; export default interface Default { b: number }`,
  });
  assert.deepEqual(await result(), [{ a: 1, b: 2 }, 'b did not run']);
  await assertAlive();
});

test('verbatimModuleSyntax keeps the import of a module whose types only are used', async (t) => {
  const { result, assertAlive } = await openProject(t, {
    'tsconfig.json': json({ compilerOptions: { verbatimModuleSyntax: true } }),
    'index.html': pageOf('/main.ts'),
    'main.ts': `import { type B } from './b.ts'; import type { C } from './c.ts'; const b: B | C = 1; globalThis.result = [b, globalThis.ran];`,
    'b.ts': `globalThis.ran = [...(globalThis.ran ?? []), 'b']; export type B = number;`,
    'c.ts': `globalThis.ran = [...(globalThis.ran ?? []), 'c']; export type C = number;`,
  });
  assert.deepEqual(await result(), [1, ['b']]);
  await assertAlive();
});

test('paths and baseUrl, through `extends` of a tsconfig above the served folder', async (t) => {
  const { result, files, tab, assertAlive } = await openProject(
    t,
    {
      'config/base.json': `{ // comments and a trailing comma are fine
        "compilerOptions": { "baseUrl": "../src", "paths": { "@/*": ["*"], "~lib": ["shared/lib.ts"], "#either/*": ["missing/*", "shared/*"] }, } }`,
      'tsconfig.json': json({ extends: './config/base.json', compilerOptions: { strict: true } }),
      'src/index.html': pageOf('./main.ts'),
      'src/main.ts': `import { a } from '@/deep/a'; import lib from '~lib'; import { name } from '#either/name'; import { based } from 'shared/based';
        globalThis.result = [a, lib, name, based, await import('@/deep/later').then((m) => m.default)];
        import.meta.hot?.accept('@/deep/a', (m) => { globalThis.result = m.a; console.log('took', m.a); });`,
      'src/deep/a.ts': `export const a = 'a1';`,
      'src/deep/later.ts': `export default 'later';`,
      'src/shared/lib.ts': `export default 'lib';`,
      'src/shared/name.ts': `export const name = 'second candidate';`,
      'src/shared/based.ts': `export const based = 'by baseUrl';`,
    },
    { root: 'src' },
  );
  assert.deepEqual(await result(), ['a1', 'lib', 'second candidate', 'by baseUrl', 'later']);
  await files.edit('src/deep/a.ts', 'a1', 'a2');
  await tab.waitForConsole(/^took a2$/);
  await assertAlive();
});

test('decorators: standard without a tsconfig, experimental where it says so', async (t) => {
  const standard = {
    'index.html': pageOf('/main.ts'),
    'main.ts': `
      const calls: string[] = [];
      function logged(value: any, context: any) {
        calls.push(context?.kind ?? 'legacy', String(context?.name ?? context));
        if (context?.kind === 'method') return function (this: unknown, ...args: unknown[]) { calls.push('call'); return value.apply(this, args); };
      }
      @logged class A { @logged accessor x = 1; @logged field = 2; @logged method() { return this.field + this.x; } }
      globalThis.result = [new A().method(), calls];`,
  };
  const modern = await openProject(t, standard);
  assert.deepEqual(await modern.result(), [3, ['accessor', 'x', 'method', 'method', 'field', 'field', 'class', 'A', 'call']]);

  const legacy = await openProject(t, {
    'tsconfig.json': json({ compilerOptions: { experimentalDecorators: true, useDefineForClassFields: false } }),
    'index.html': pageOf('/main.ts'),
    'main.ts': `
      const calls: unknown[] = [];
      const mark = (...args: any[]): any => { calls.push([args.length, typeof args[0] === 'function' ? args[0].name : 'prototype', args[1] ?? null]); };
      class A { @mark field = 1; @mark method(@mark parameter: string) { return parameter; } static { calls.push('static'); } }
      @mark class B {}
      globalThis.result = [calls, Object.keys(new A()), new B() instanceof B];`,
  });
  const [calls, keys, isB] = (await legacy.result()) as [unknown[], string[], boolean];
  assert.deepEqual([keys, isB], [['field'], true]);
  assert.deepEqual(
    calls.filter((call) => call !== 'static'),
    [
      [3, 'prototype', 'field'],
      [3, 'prototype', 'method'],
      [3, 'prototype', 'method'],
      [1, 'B', null],
    ],
  );
});

test('decorators in plain JavaScript', async (t) => {
  const { result, assertAlive } = await openProject(t, {
    'index.html': pageOf('/main.js'),
    'main.js': `import { twice } from './twice.js'; class A { @twice value() { return 21; } } globalThis.result = new A().value();`,
    'twice.js': `export const twice = (method) => function (...args) { return method.apply(this, args) * 2; };`,
  });
  assert.equal(await result(), 42);
  await assertAlive();
});

test('JSX: classic factory from tsconfig, from a pragma, and the automatic runtime found through paths', async (t) => {
  const runtime = `export const jsx = (type: unknown, props: object) => typeof type === 'function' ? type(props) : ({ type, ...props });
    export const jsxs = jsx; export const Fragment = 'fragment'; export const jsxDEV = jsx;`;
  const main = `import { Item } from './item'; globalThis.result = <><Item name="a" /><b>{1}{'two'}</b></>;`;
  const automatic = await openProject(t, {
    'tsconfig.json': json({
      compilerOptions: { jsx: 'react-jsx', jsxImportSource: 'tiny', baseUrl: '.', paths: { 'tiny/jsx-runtime': ['lib/tiny.ts'] } },
    }),
    'index.html': pageOf('/main.tsx'),
    'main.tsx': main,
    'item.tsx': `export const Item = <T extends { name: string }>({ name }: T) => <i title={name}>ok</i>;`,
    'lib/tiny.ts': runtime,
  });
  const item = { type: 'i', title: 'a', children: 'ok' };
  assert.deepEqual(await automatic.result(), { type: 'fragment', children: [item, { type: 'b', children: [1, 'two'] }] });
  await automatic.assertAlive();

  const development = await openProject(t, {
    'tsconfig.json': json({
      compilerOptions: { jsx: 'react-jsxdev', jsxImportSource: 'tiny', paths: { 'tiny/*': ['./lib/tiny.ts'] } },
    }),
    'index.html': pageOf('/main.tsx'),
    'main.tsx': main,
    'item.tsx': `export const Item = ({ name }: { name: string }) => <i title={name}>ok</i>;`,
    'lib/tiny.ts': runtime,
  });
  assert.deepEqual(await development.result(), { type: 'fragment', children: [item, { type: 'b', children: [1, 'two'] }] });

  const classic = await openProject(t, {
    'tsconfig.json': json({ compilerOptions: { jsx: 'react', jsxFactory: 'h', jsxFragmentFactory: 'F' } }),
    'index.html': pageOf('/main.tsx'),
    'main.tsx': `import { h, F } from './h'; import { other } from './pragma'; globalThis.result = [<><p class="x">hi</p></>, other];`,
    'h.ts': `export const h = (type: unknown, props: unknown, ...children: unknown[]) => [type, props, children]; export const F = 'F';`,
    'pragma.jsx': `/** @jsx make */ const make = (...args) => args.length; export const other = <a>{1}{2}</a>;`,
  });
  assert.deepEqual(await classic.result(), [['F', null, [['p', { class: 'x' }, ['hi']]]], 4]);
  await classic.assertAlive();
});

test('extensionless, directory and `.js` specifiers find the TypeScript file; `.mts`, `.jsx` and `.mjs` files too', async (t) => {
  const { result, assertAlive } = await openProject(t, {
    'index.html': pageOf('/main'),
    'main.ts': `
      import { a } from './a'; import { b } from './b.js'; import { c } from './folder'; import { d } from './folder/'; import { e } from './e.mjs';
      import { f } from './f.jsx'; import { g } from './g.mjs'; import { h } from '/src/h'; import { i } from './with.dots'; import { j } from './j.js';
      globalThis.result = [a, b, c, d, e, f, g, h, i, j, c === d];`,
    'a.ts': `export const a: string = 'a.ts';`,
    'b.ts': `export const b: string = 'b.ts';`,
    'folder/index.ts': `export const c = ['folder/index.ts']; export { c as d };`,
    'e.mts': `export const e: string = 'e.mts';`,
    'f.tsx': `const React = { createElement: (t: string) => t }; export const f: string = <f-tsx />;`,
    'g.mjs': `export const g = 'g.mjs';`,
    'src/h.jsx': `const React = { createElement: (t) => t }; export const h = <h-jsx />;`,
    'with.dots.ts': `export const i = 'with.dots.ts';`,
    'j.js': `export const j = 'j.js beside j.ts';`,
    'j.ts': `export const j = 'j.ts';`,
  });
  const found = [
    'a.ts',
    'b.ts',
    ['folder/index.ts'],
    ['folder/index.ts'],
    'e.mts',
    'f-tsx',
    'g.mjs',
    'h-jsx',
    'with.dots.ts',
    'j.js beside j.ts',
  ];
  assert.deepEqual(await result(), [...found, true]);
  await assertAlive();
});

test('an edit of tsconfig.json is an update of what it compiles, and a broken one says where', async (t) => {
  const { result, files, tab, server, assertAlive } = await openProject(
    t,
    {
      'tsconfig.json': json({ compilerOptions: { jsx: 'react', jsxFactory: 'one', paths: { '#x': ['./src/x1.ts'] } } }),
      'src/index.html': pageOf('/main.ts'),
      'src/main.ts': `import { view } from './view'; globalThis.result = view; import.meta.hot?.accept('./view', (m) => console.log('view', m.view));`,
      'src/view.tsx': `import { x } from '#x'; const one = () => 'one ' + x; const two = () => 'two ' + x; export const view = <p />;`,
      'src/x1.ts': `export const x = 'x1';`,
      'src/x2.ts': `export const x = 'x2';`,
    },
    { root: 'src' },
  );
  assert.equal(await result(), 'one x1');
  await files.edit('tsconfig.json', '"one"', '"two"');
  await tab.waitForConsole(/^view two x1$/);
  await files.edit('tsconfig.json', 'x1', 'x2');
  await tab.waitForConsole(/^view two x2$/);
  const whole = await files.read('tsconfig.json');
  await files.write('tsconfig.json', '{\n  "compilerOptions": {,\n}');
  await server.log.waitFor(/tsconfig\.json:2:23/);
  await tab.untilText('hmr-dev-overlay', /tsconfig\.json:2:23/);
  await files.write('tsconfig.json', whole.replace('two', 'one'));
  await tab.waitForConsole(/^view one x2$/);
  assert.equal(await tab.page.locator('hmr-dev-overlay').count(), 0);
  await assertAlive();
});
