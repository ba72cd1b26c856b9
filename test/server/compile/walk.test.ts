/**
 * What the walk reports. Whose name an identifier is, it leaves to the scopes; so these tests write references as
 * `name@kind of the scope that declares it`, with `global` for none.
 */
import assert from 'node:assert/strict';
import { describe, it } from 'node:test';
import { parseModule } from '../../../src/server/compile/parse.ts';
import { resolve, type Scope } from '../../../src/server/compile/scope.ts';
import type { Visitor } from '../../../src/server/compile/visitor.ts';
import { walkModule } from '../../../src/server/compile/walk.ts';

interface Walked {
  readonly reads: string[];
  readonly writes: string[];
  readonly uses: string[];
  readonly scope: Scope;
}

function walk(code: string, hooks: Visitor['hooks'] = {}, follows: Visitor['follows'] = () => undefined): Walked {
  const references: [list: 'reads' | 'writes' | 'uses', name: string, scope: Scope, detail: string][] = [];
  const scope = walkModule(parseModule(code, 'x.js'), {
    hooks,
    follows,
    read(id, _parent, use, state) {
      references.push(['reads', id.name, state.scope, ''], ['uses', id.name, state.scope, use]);
    },
    write: (id, parent, owner, state) => void references.push(['writes', id.name, state.scope, `${owner.type}${shorthand(parent)}`]),
  });
  const walked: Walked = { reads: [], writes: [], uses: [], scope };
  for (const [list, name, from, detail] of references) {
    const place = resolve(from, name)?.kind ?? 'global';
    walked[list].push(list === 'reads' ? `${name}@${place}` : list === 'uses' ? `${name} ${detail}` : `${name}@${place} ${detail}`);
  }
  return walked;
}

const shorthand = (parent: { readonly type: string }): string => ('shorthand' in parent && parent.shorthand === true ? ' shorthand' : '');

describe('reads', () => {
  const cases: [code: string, reads: string[]][] = [
    ['a.b.c; a[b]; a?.b', ['a@global', 'a@global', 'b@global', 'a@global']],
    ['x = { a: b, [c]: d, e, f() {}, get g() { return h } }', ['b@global', 'c@global', 'd@global', 'e@global', 'h@global']],
    ['l: for (;;) { continue l }', []],
    ['import { a } from "x"; export { a }; export * from "y"', []],
    ['let a; export { a as b }; export default a', ['a@module']],
    ['a; var a; { var b } b', ['a@module', 'b@module']],
    ['{ a; let a } a', ['a@block', 'a@global']],
    ['f; function f(a, b = a) { f; a; c; var c }', ['f@module', 'a@function', 'f@module', 'a@function', 'c@function']],
    ['var b; (function (a = b) { var b; b })', ['b@module', 'b@function']],
    ['var b; (a = b, [c = a] = [], { d, ...e }) => { d; e }', ['b@module', 'a@function', 'd@function', 'e@function']],
    ['(function f() { f }); f', ['f@function', 'f@global']],
    [
      'class A extends A { a = b; [c]() { A } static { var d; d } #e = this.#e } A; d',
      ['A@block', 'b@global', 'c@global', 'A@block', 'd@function', 'A@module', 'd@global'],
    ],
    ['x = class A { m() { A } }; A', ['A@block', 'A@global']],
    ['try { a } catch (a) { a } a', ['a@global', 'a@block', 'a@global']],
    [
      'try { a } catch ({ b = a, c: [d] }) { b; d } try {} catch { a } finally { b }',
      ['a@global', 'a@global', 'b@block', 'd@block', 'a@global', 'b@global'],
    ],
    ['for (let i = i; i < a; i++) i; i', ['i@block', 'i@block', 'a@global', 'i@block', 'i@global']],
    ['for (const a of a) { a } for (var b in c) b', ['a@block', 'a@block', 'c@global', 'b@module']],
    ['switch (a) { case b: let a; case a: c }', ['a@global', 'b@global', 'a@block', 'c@global']],
    ['if (a) b; else c; while (d) e; do f; while (g)', ['a', 'b', 'c', 'd', 'e', 'f', 'g'].map((name) => `${name}@global`)],
    ['`${a}${b}`; c`${d}`; [e, ...f]; g ? h : i; (j, k); !l; typeof m', [...'abcdefghijklm'].map((name) => `${name}@global`)],
    ['async function* f() { yield a; await b; return c } throw d', ['a@global', 'b@global', 'c@global', 'd@global']],
    [
      'import(a, b); import.meta.c; new D(e, ...f); g(h)',
      ['a@global', 'b@global', 'D@global', 'e@global', 'f@global', 'g@global', 'h@global'],
    ],
  ];
  for (const [code, reads] of cases) it(JSON.stringify(code), () => assert.deepEqual(walk(code).reads, reads));
});

it('says what becomes of what is read', () => {
  const { uses } = walk(
    `a; b(); c\`t\`; d.x; e.x(); f.x = 1; delete g.x; (h?.x)(); i.x.y(); j.x++; new k(); new l.x();
     for (m.x of []); [n.x] = []; delete (o?.x)`,
  );
  assert.deepEqual(uses, [
    'a value',
    'b callee',
    'c callee',
    'd object',
    'e base',
    'f base',
    'g base',
    'h base',
    'i object',
    'j base',
    'k value',
    'l object',
    'm base',
    'n base',
    'o base',
  ]);
});

describe('writes', () => {
  const cases: [code: string, writes: string[]][] = [
    [
      'a = 1; b += 1; c++; --d; e ??= 1',
      ['a', 'b', 'c', 'd', 'e'].map((n) => `${n}@global ${n === 'c' || n === 'd' ? 'Update' : 'Assignment'}Expression`),
    ],
    ['a.b = 1; a.b++; [a.b] = []; ({ a: b.c } = {})', []],
    [
      '[a, { b, c: d = 1, e = 2, ...f }] = []',
      ['a', 'b shorthand', 'd', 'e shorthand', 'f'].map((n) => n.replace(/\w/, '$&@global AssignmentExpression')),
    ],
    ['let a = 1, b; var c, d = 1; const e = 1', ['a', 'b', 'd', 'e'].map((n) => `${n}@module VariableDeclarator`)],
    [
      'for (a of b); for (var c in d); for (const e of f); for ([g] of h);',
      ['a@global ForOfStatement', 'c@module ForInStatement', 'e@block ForOfStatement', 'g@global ForOfStatement'],
    ],
    ['try {} catch (a) { var a = 1 }', ['a@block VariableDeclarator']],
    ['class A { static { A = 1 } } A = 2', ['A@block AssignmentExpression', 'A@module AssignmentExpression']],
    [
      'function f(a) { a = 1; var b = 2 } f = 3',
      ['a@function AssignmentExpression', 'b@function VariableDeclarator', 'f@module AssignmentExpression'],
    ],
  ];
  for (const [code, writes] of cases) it(JSON.stringify(code), () => assert.deepEqual(walk(code).writes, writes));
});

it('returns the scope of the module, exports included', () => {
  const { scope } = walk(
    'import a from "x"; export let b; export default class C {} export function d() { var no } if (1) { var e } export var [f] = []',
  );
  assert.deepEqual(Object.fromEntries(scope.bindings), { a: 'import', b: 'let', C: 'class', d: 'function', e: 'var', f: 'var' });
});

it('counts the functions around a node', () => {
  const depths: string[] = [];
  const code = `0; () => 1; function f(a = 2) { return () => 3 } class A { a = 4; static { 5 } [6]() { 7 } } (async () => { await 8 })`;
  walk(code, { Literal: (node, { functionDepth, thisDepth }) => void depths.push(`${String(node.value)}: ${functionDepth} ${thisDepth}`) });
  assert.deepEqual(depths, ['0: 0 0', '1: 1 0', '2: 1 1', '3: 2 1', '4: 1 1', '5: 1 1', '6: 0 0', '7: 1 1', '8: 1 0']);
});

it('calls hooks on the way in, in source order', () => {
  const seen: string[] = [];
  const note = ({ type, start }: { readonly type: string; readonly start: number }): void => void seen.push(`${type} ${start}`);
  walk('f(new A(await b)); [c = 1] = d', {
    CallExpression: note,
    NewExpression: note,
    AwaitExpression: note,
    AssignmentPattern: note,
    ExpressionStatement: note,
  });
  assert.deepEqual(seen, [
    'ExpressionStatement 0',
    'CallExpression 0',
    'NewExpression 2',
    'AwaitExpression 8',
    'ExpressionStatement 19',
    'AssignmentPattern 20',
  ]);
});

it('tells which expression statements follow another statement in their list', () => {
  const found: string[] = [];
  const code = 'a; b; if (c) d; else e; { f; g } switch (h) { case 1: i; j; case 2: k } class A { static { l; m } } n';
  walk(code, {}, (statement, previous) => void found.push(`${code.slice(statement.start, statement.end)} after ${previous.type}`));
  assert.deepEqual(found, [
    'b; after ExpressionStatement',
    'g after ExpressionStatement',
    'j; after ExpressionStatement',
    'm after ExpressionStatement',
    'n after ClassDeclaration',
  ]);
});
