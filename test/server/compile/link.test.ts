/**
 * The emitted form as text, and the facts that go with it. What the form means when it runs is in link-behaviour.test.ts.
 */
import assert from 'node:assert/strict';
import { describe, it } from 'node:test';
import { HmrError } from '../../../src/server/errors.ts';
import { hasModuleSyntax, link, type Linked } from '../../../src/server/compile/link.ts';

const linked = (code: string): Linked => link(code, { file: '/app/x.js' });

/** The body, behind phase 1 and in front of the closing line. */
function body(code: string): string {
  const { factory } = linked(code);
  return factory.slice(factory.indexOf('yield;') + 'yield;'.length, -'\n})'.length);
}

function thrownBy(code: string): HmrError {
  try {
    linked(code);
  } catch (error) {
    assert.ok(error instanceof HmrError);
    return error;
  }
  return assert.fail(`${code} should not link`);
}

describe('form', () => {
  it('is a generator function in parentheses, with phase 1 on the first line', () => {
    const { factory } = linked(`import { a } from './view.ts';\nexport function f() { return a; }\nexport var v;`);
    assert.equal(
      factory,
      `(function*($export,$module,$view){$export("f",f);$export("v",void 0);yield;;\nfunction f() { return $view.a; }\nvar v;\n})`,
    );
  });

  it('yields once for a module that hoists nothing', () => {
    assert.equal(linked('').factory, '(function*($export,$module){yield;\n})');
  });

  it('keeps every line where it was', () => {
    const code = [
      '#!/usr/bin/env node',
      'import {',
      '  a,',
      '  b,',
      `} from './a.js';`,
      'export {',
      '  c as d,',
      '};\r',
      'export',
      '  const',
      '    c = a(await',
      '      b, `two',
      'lines`),',
      '    e = 2;',
      'export default',
      '  // why',
      '  () => LINE17;',
      'for await (const {',
      '  x,',
      '} of c) LINE20;',
      'import.',
      '  meta; LINE22',
    ].join('\n');
    const lines = linked(code).factory.split('\n');
    assert.equal(lines.length, code.split('\n').length + 1);
    assert.equal(lines.at(-1), '})');
    for (const n of [17, 20, 22]) assert.match(lines[n - 1] ?? '', new RegExp(`LINE${n}`));
  });

  it('names parameters after the specifier, apart from every name of the module', () => {
    const names = (code: string): string | undefined => /^\(function\*\((.*?)\)\{/.exec(linked(code).factory)?.[1];
    assert.equal(
      names(`import './a/view.ts'; import 'lodash-es/fp'; import '@x/y.z.js?raw'; import '../'; import 'https://x.y/1.js'`),
      '$export,$module,$view,$fp,$y,$dep,$1',
    );
    assert.equal(names(`import './view.ts'; import './view.js'; import './export.js'`), '$export,$module,$view,$view_2,$export_2');
    assert.equal(names(`import './view.js'; let $view, $module_2 = '$module'`), '$export,$module_3,$view_2');
    assert.equal(names(`import './view.js'; let $vi\\u0065w, \\u{24}export`), '$export_2,$module,$view_2');
  });

  it('maps to the source', () => {
    const map = linked(`import { a } from './a.js';\nlet x = a;`).map();
    assert.deepEqual(map.sources, ['/app/x.js']);
    assert.equal(map.sourcesContent?.[0] ?? undefined, undefined);
    assert.equal(map.mappings.split(';').length, 3);
    assert.match(map.mappings.split(';')[1] ?? '', /^AACA,/);
  });
});

describe('facts', () => {
  it('lists requests in source order, each specifier with its attributes once', () => {
    const code = `export * from './c.js'; import a from './a.js'; import './b.js'; import { x } from './a.js';
import j from './j.json' with { type: 'json' }; import k from './j.json' with { 'type': "json" }; import l from './j.json';`;
    const { requests, imports } = linked(code);
    assert.deepEqual(
      requests.map(({ specifier, attributes }) => [specifier, { ...attributes }]),
      [
        ['./c.js', {}],
        ['./a.js', {}],
        ['./b.js', {}],
        ['./j.json', { type: 'json' }],
        ['./j.json', {}],
      ],
    );
    for (const { specifier, start, end } of requests) assert.equal(code.slice(start, end), `'${specifier}'`);
    assert.deepEqual(
      imports.map(({ dep, name, start }) => [dep, name, code.slice(start, start + 1)]),
      [
        [1, 'default', 'a'],
        [1, 'x', 'x'],
        [3, 'default', 'j'],
        [3, 'default', 'k'],
        [4, 'default', 'l'],
      ],
    );
  });

  it('tells exports, re-exports and stars apart', () => {
    const { exports, reexports, stars, imports } = linked(`
export { imported as again, ns, local as 'a-b' };
import { imported } from './a.js'; import * as ns from './b.js';
export let local, { p, q: [r = 1, ...s] } = {};
export class C {} export function f() {} export default class D {}
export * from './b.js'; export * as all from './c.js'; export { default as dd, y as z, 'q-q' as 'w-w' } from './c.js';`);
    assert.deepEqual(exports, ['a-b', 'local', 'p', 'r', 's', 'C', 'f', 'default']);
    assert.deepEqual(
      reexports.map(({ as, dep, name }) => [as, dep, name]),
      [
        ['all', 2, '*'],
        ['dd', 2, 'default'],
        ['z', 2, 'y'],
        ['w-w', 2, 'q-q'],
        ['again', 0, 'imported'],
        ['ns', 1, '*'],
      ],
    );
    assert.deepEqual(stars, [1]);
    assert.deepEqual(
      imports.map(({ dep, name }) => [dep, name]),
      [
        [0, 'imported'],
        [1, '*'],
      ],
    );
  });

  it('finds literal specifiers in expressions', () => {
    const code = `import('./a.js'); import(\`./b.js\`); import(x); import(\`\${x}\`);
import.meta.hot.accept('./c.js', () => {}); import.meta.hot?.accept(['./d.js', e, './f.js']);
import.meta.hot.accept(() => import('./g.js'));
new URL('./h.png', import.meta.url); new URL('./i.png', base); { class URL {} new URL('./j.png', import.meta.url); }`;
    const { dynamic } = linked(code);
    assert.deepEqual(
      dynamic.map(({ kind, specifier }) => `${kind} ${specifier}`),
      ['import ./a.js', 'import ./b.js', 'accept ./c.js', 'accept ./d.js', 'accept ./f.js', 'import ./g.js', 'url ./h.png'],
    );
  });

  it('is asynchronous only by an await of its own', () => {
    for (const code of ['await 1', 'if (a) { x = [await b] }', 'for await (const x of y);', 'class A { [await 1]() {} }']) {
      assert.equal(linked(code).async, true, code);
    }
    for (const code of ['async () => await 1', 'async function f() { for await (const x of y); }', 'class A { async m() { await 1 } }']) {
      assert.equal(linked(code).async, false, code);
    }
  });
});

describe('references', () => {
  const cases: [code: string, emitted: string][] = [
    ['b;', '$x.b;'],
    ['b();', '(0,$x.b)();'],
    ['b?.();', '(0,$x.b)?.();'],
    ['b`t`;', '(0,$x.b)`t`;'],
    ['b.c();', '$x.b.c();'],
    ['new b();', 'new $x.b();'],
    ['new (b());', 'new ((0,$x.b)());'],
    ['x = { b, c: b, [b]: 1, b() {} };', 'x = { b: $x.b, c: $x.b, [$x.b]: 1, b() {} };'],
    ['x.b = b.b;', 'x.b = $x.b.b;'],
    ['b: for (;;) break b;', 'b: for (;;) break b;'],
    ['d; s;', '$x.default; $x["a-b"];'],
    ['n.a; n?.a; n.a.b(); typeof n.a;', '$x.a; $x?.a; $x.a.b(); typeof $x.a;'],
    [
      'n.a(); (n.a)(); n.a``; n[b]; f(n);',
      '$module.ns(0).a(); ($module.ns(0).a)(); $module.ns(0).a``; $module.ns(0)[$x.b]; f($module.ns(0));',
    ],
    ['n.a = 1; n.a++; delete n.a; [n.a] = [];', '$module.ns(0).a = 1; $module.ns(0).a++; delete $module.ns(0).a; [$module.ns(0).a] = [];'],
    ['new n.A(); new n(); new n[b].C();', 'new $x.A(); new ($module.ns(0))(); new ($module.ns(0))[$x.b].C();'],
    ['foo\nb()', 'foo\n;(0,$x.b)()'],
    ['foo()\n++y\nb`x`.c', 'foo()\n++y\n;(0,$x.b)`x`.c'],
    ['if (y)\nb()\nelse\nb()', 'if (y)\n(0,$x.b)()\nelse\n(0,$x.b)()'],
    ['foo; b()', 'foo; (0,$x.b)()'],
    ['{ foo\nb() }', '{ foo\n;(0,$x.b)() }'],
    ['switch (y) { case 1: foo\nb() }', 'switch (y) { case 1: foo\n;(0,$x.b)() }'],
    ['y<!--b', 'y< !--$module.constant[$x.b,"b"]'],
    ['y\\u0031; \\u0062;', 'y\\u0031; $x.b;'],
  ];
  for (const [code, emitted] of cases) {
    it(JSON.stringify(code), () => {
      const declared = `import d, { b, 'a-b' as s } from './x.js'; import * as n from './x.js'; `;
      assert.equal(body(declared + code).replace(/^; ; /, ''), emitted);
    });
  }
});

describe('exports', () => {
  const cases: [code: string, emitted: string][] = [
    ['export let x;', 'let x;$export("x",x);'],
    ['export const x = 1\nf()', 'const x = 1;$export("x",x);\nf()'],
    ['export const x = 1, y = 2;', 'const x = 1;$export("x",x);const y = 2;$export("y",y);'],
    ['const x = 1/*,*/ , y = 2, z = 3; export { x, z };', 'const x = 1/*,*/ ;$export("x",x);const y = 2, z = 3;$export("z",z); ;'],
    ['export var x = 1, y;', 'var x = 1, x = $export("x",x), y;'],
    ['export class C {}', 'class C {}$export("C",C);'],
    ['export default 1;', '$export("default", 1);'],
    ['export default (1, 2)', '$export("default", (1, 2));'],
    ['export default () => 1;', '$export("default",({default: () => 1}).default);'],
    ['export default class {}', '$export("default",({default: class {}}).default);'],
    ['export default class C {}', 'class C {}$export("default",C);'],
    ['export default function() {}', 'function $default() {}'],
    ['export default async function /**/ * () {}', 'async function /**/ * $default () {}'],
    ['let x; export { x, x as y, x as "z z" };', 'let x;$export("x",$export("y",$export("z z",x))); ;'],
    ['export let x = 0; x = x + 1;', 'let x = 0;$export("x",x); $export("x",x = x + 1);'],
    [
      'export let x = 0; x++; ++x; f(x--, --x);',
      'let x = 0;$export("x",x); x++,$export("x",x); $export("x",++x); f([x--,$export("x",x)][0], $export("x",--x));',
    ],
    ['export let x; [x] = y;', 'let x;$export("x",x); [({set _($value){$export("x",x = $value)}})._] = y;'],
    ['export let x; f({ x } = y);', 'let x;$export("x",x); f({ x: ({set _($value){$export("x",x = $value)}})._ } = y);'],
    ['export let x = 0; for (x of y) z;', 'let x = 0;$export("x",x); for (x of y) {$export("x",x);z;}'],
    ['export let x = 0; (x) => x = 1; { let x; x = 1 }', 'let x = 0;$export("x",x); (x) => x = 1; { let x; x = 1 }'],
  ];
  for (const [code, emitted] of cases) it(JSON.stringify(code), () => assert.equal(body(code), emitted));
});

describe('errors', () => {
  it('has place and frame', () => {
    const error = thrownBy('let a = 1;\nlet b = );\n');
    assert.equal(error.code, 'SYNTAX');
    assert.equal(error.message, 'Unexpected )');
    assert.deepEqual(error.location, { file: '/app/x.js', line: 2, column: 9 });
    assert.match(error.frame ?? '', /> 2 \| let b = \);\n {4}\| {9}\^/);
  });

  it('says what is wrong', () => {
    assert.equal(thrownBy('let a = {').message, 'Unexpected end of file');
    assert.equal(thrownBy('export { a };').message, `'a' is exported, but nothing in this module declares it`);
    assert.equal(thrownBy('export let a; export { a };').message, `Duplicate export 'a'`);
    assert.equal(thrownBy('let a; let a;').message, `Identifier 'a' has already been declared`);
  });

  it('is an error of its own where the stack does not suffice', () => {
    const error = thrownBy(`x${'.a()'.repeat(20_000)}`);
    assert.equal(error.code, 'UNSUPPORTED');
    assert.ok(error.cause instanceof RangeError);
  });

  it('refuses `await using` at top level only', () => {
    const error = thrownBy('let a;\n{ await using b = c; }');
    assert.equal(error.code, 'UNSUPPORTED');
    assert.deepEqual(error.location, { file: '/app/x.js', line: 2, column: 3 });
    assert.ok(error.hint);
    for (const head of ['for (await using b of c)', 'for await (await using b of c)', 'for (await using b = c; ; )'])
      assert.equal(thrownBy(`${head} {}`).code, 'UNSUPPORTED', head);
    linked('async function f() { await using b = c; for (await using d of e) {} }');
  });
});

describe('hasModuleSyntax', () => {
  const modules = [
    `import './a.js'`,
    `import a from 'a'`,
    `var x = 1\nexport { x }`,
    'export default 1',
    'x = import.meta.url',
    'function f() { return import.meta }',
    `await x; import 'y'`,
    `/* import */ export * from 'x'`,
    `import a from './a.js';\nlet b = ;`,
    'a</import/.y\nexport {}',
  ];
  const scripts = [
    '',
    'x = 1',
    `// import a from 'b'\nx`,
    `x = "export default 1"`,
    'x = `\nimport a from "b"\n`',
    `import('x')`,
    'a.import(1); b = { export: 1, import: 2 }',
    'x = /import.meta/',
    'with (a) { b } // export',
    'var await = 1; // import',
    '<!-- import -->',
    'importScripts("x"); exports.x = 1',
    'await x; "import"',
  ];
  for (const code of modules) it(`yes: ${JSON.stringify(code)}`, () => assert.equal(hasModuleSyntax(code), true));
  for (const code of scripts) it(`no: ${JSON.stringify(code)}`, () => assert.equal(hasModuleSyntax(code), false));
});
