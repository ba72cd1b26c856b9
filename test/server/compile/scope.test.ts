import assert from 'node:assert/strict';
import { describe, it } from 'node:test';
import { parseModule, type Pattern } from '../../../src/server/compile/parse.ts';
import { blockScope, createScope, forEachBinding, hoist, resolve, varScope } from '../../../src/server/compile/scope.ts';

const statements = (code: string): ReturnType<typeof parseModule>['body'] => parseModule(code, 'x.js').body;

describe('forEachBinding', () => {
  const bound = (pattern: string): string[] => {
    const [declaration] = statements(`let ${pattern} = 0;`);
    assert.ok(declaration?.type === 'VariableDeclaration');
    const names: string[] = [];
    const id: Pattern | undefined = declaration.declarations[0]?.id;
    if (id) forEachBinding(id, ({ name }) => names.push(name));
    return names;
  };
  it('finds every name in source order', () => {
    assert.deepEqual(bound('a'), ['a']);
    assert.deepEqual(bound('{ a, b: c, [d]: e = f, g: [h, , i = () => j, ...[k]], ...l }'), ['a', 'c', 'e', 'h', 'i', 'k', 'l']);
    assert.deepEqual(bound('[]'), []);
  });
  it('passes over targets that are no bindings', () => {
    const [statement] = statements('[a.b, c] = d');
    assert.ok(statement?.type === 'ExpressionStatement' && statement.expression.type === 'AssignmentExpression');
    const names: string[] = [];
    forEachBinding(statement.expression.left, ({ name }) => names.push(name));
    assert.deepEqual(names, ['c']);
  });
});

describe('hoist', () => {
  it('declares what is lexical and imported, each with its kind', () => {
    const scope = createScope('module');
    hoist(
      statements(
        `import a, { b as c } from 'x'; import * as d from 'x'; let { e, f: [g] } = {}; const h = 1; class I {} function j() {} var k;`,
      ),
      scope,
    );
    assert.deepEqual(Object.fromEntries(scope.bindings), {
      a: 'import',
      c: 'import',
      d: 'import',
      e: 'let',
      g: 'let',
      h: 'const',
      I: 'class',
      j: 'function',
    });
  });
  it('does not look into blocks', () => {
    const scope = createScope('module');
    hoist(statements('{ let a; function b() {} } if (c) { class D {} } for (let e;;);'), scope);
    assert.equal(scope.bindings.size, 0);
  });
});

it('blockScope makes a scope only for a list that declares something', () => {
  const outer = createScope('function');
  assert.equal(blockScope(statements('a; var b; if (c) { let d }'), outer), outer);
  const inner = blockScope(statements('a; let b;'), outer);
  assert.deepEqual([inner.kind, inner.parent, [...inner.bindings.keys()]], ['block', outer, ['b']]);
});

it('resolve finds the innermost scope that declares a name', () => {
  const module = createScope('module');
  const fn = createScope('function', module);
  const block = createScope('block', fn);
  module.bindings.set('a', 'import').set('b', 'let');
  fn.bindings.set('a', 'parameter');
  block.bindings.set('c', 'const');
  assert.equal(resolve(block, 'a'), fn);
  assert.equal(resolve(block, 'b'), module);
  assert.equal(resolve(block, 'c'), block);
  assert.equal(resolve(fn, 'c'), undefined);
});

it('varScope is the function around a block, or the module', () => {
  const module = createScope('module');
  const fn = createScope('function', createScope('block', module));
  assert.equal(varScope(createScope('block', createScope('block', fn))), fn);
  assert.equal(varScope(fn), fn);
  assert.equal(varScope(createScope('block', module)), module);
});
