import assert from 'node:assert/strict';
import { describe, test } from 'node:test';
import { mayNeedRewriting, rewriteForBundle } from '../../../../src/server/compile/bundle/bundle-source.ts';
import { HmrError } from '../../../../src/server/errors.ts';

const rewrite = (code: string, warnings: string[] = []): string | undefined =>
  rewriteForBundle(code, {
    filePath: '/src/main.js',
    assetOf: (specifier, use) =>
      specifier.startsWith('./') ? { id: `/${specifier.slice(2)}${use === 'worker' ? '?worker&url' : ''}`, fragment: '' } : undefined,
    globOf: ({ patterns }) => patterns.map((pattern) => ({ key: pattern, id: `/x${pattern.slice(1)}` })),
    warn: (message) => warnings.push(message),
  })?.code;

describe('what is rewritten', () => {
  const CASES: [string, string, string | undefined][] = [
    ['nothing', `const a = import.meta.url;`, undefined],
    [
      'an address',
      `f(new URL('./a.png', import.meta.url))`,
      `f(new URL($hmrDev0, import.meta.url))\nimport $hmrDev0 from "hmr-dev:id/a.png";\n`,
    ],
    ['not of another URL', `class URL {}\nnew URL('./a.png', import.meta.url)`, undefined],
    ['not what is left to the browser', `new URL('x', import.meta.url)`, undefined],
    [
      'a module worker',
      `new Worker(new URL('./w.js', import.meta.url), { type: 'module' })`,
      `new Worker(new URL($hmrDev0, import.meta.url), { type: 'module' })\nimport $hmrDev0 from "hmr-dev:id/w.js?worker&url";\n`,
    ],
    ['a lazy glob', `x = import.meta.glob('./*.js')`, `x = ({"./*.js":()=>import("hmr-dev:id/x/*.js")})`],
    [
      'an eager glob, and its lines',
      `x = import.meta.glob('./a.js', {\n  eager: true, import: 'b' })`,
      `x = ({get "./a.js"(){return $hmrDev0}})\n\nimport {b as $hmrDev0} from "hmr-dev:id/x/a.js";\n`,
    ],
    [
      'a container',
      `import { container as c } from 'hmr-dev/client'; c({ './a.js': 'a', b: () => 1 }, f)`,
      `import { container as c } from 'hmr-dev/client'; c({ "a":()=>import("./a.js"), b: () => 1 }, f)`,
    ],
    ['no other function of that name', `import 'hmr-dev/client'; const container = f; container({ './a.js': 'a' })`, undefined],
    ['names of a wasm file', `import { add } from './a.wasm'`, `import { add } from "./a.wasm?instance"`],
    ['the address of a wasm file', `import url from './a.wasm'`, undefined],
    ['what cannot be parsed', `const = ; import.meta.glob('./a')`, undefined],
  ];
  for (const [name, code, expected] of CASES) test(name, () => assert.equal(rewrite(code), expected));
});

test('most modules are not looked into', () => {
  assert.equal(mayNeedRewriting(`import './a.js'; import.meta.hot?.accept(); import.meta.env.MODE`), false);
  for (const code of [`import.meta.glob('a')`, `import . meta\n.url`, `from "hmr-dev/client"`, `'./a.wasm'`])
    assert.equal(mayNeedRewriting(code), true, code);
});

test('mistakes have a place, and what cannot be known is a warning', () => {
  const place = (code: string): unknown => {
    try {
      return rewrite(code);
    } catch (error) {
      return error instanceof HmrError ? [error.code, error.location?.line, error.location?.column] : error;
    }
  };
  assert.deepEqual(place(`\nimport.meta.glob(x)`), ['GLOB', 2, 18]);
  assert.deepEqual(place(`import { container } from 'hmr-dev/client';\ncontainer({ [x]: 'a' }, f)`), ['UNSUPPORTED', 2, 13]);
  const warnings: string[] = [];
  rewrite(`import * as api from 'hmr-dev/client';\n api.container(map, f)`, warnings);
  assert.match(warnings.join(), /^\/src\/main\.js:2:2: container\(\) gets a map/);
});
