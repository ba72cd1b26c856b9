/** Shapes go through their text unharmed. That real ones do is shown by all other tests of hot-swap. */
import assert from 'node:assert/strict';
import { test } from 'node:test';
import { decodeShape, encodeShape } from '../../src/runtime/swap/shape-text.ts';
import type { Shape } from '../../src/runtime/swap/shape.ts';

const through = (shape: Shape): Shape => decodeShape(encodeShape(shape));

test('a shape with every field of every kind', () => {
  const shape: Shape = {
    level: 'closures',
    refused: 'it calls eval',
    exports: { a: 'a', default: '*default*', 'with space': 'b' },
    requests: ['r1', 'r2'],
    hot: { keeps: ['b'], migrates: { b: { hash: 'h', by: 'a' } } },
    units: [
      {
        kind: 'function',
        name: 'a',
        own: { slot: 0, at: '', hash: 'h1', kind: 'async generator' },
        closures: [
          { slot: 0, at: '', kind: 'arrow', hash: 'h', within: -1 },
          {
            slot: 11,
            at: 'x',
            kind: '',
            hash: 'h',
            within: 0,
            captures: 'a !b',
            needs: '=a',
            hasTarget: true,
            isSelfNamed: true,
            fixed: 'so',
            line: 4,
          },
        ],
        line: 0,
      },
      {
        kind: 'variable',
        names: ['b', 'c'],
        hash: 'h2',
        pure: true,
        isLiteral: true,
        isHarmless: true,
        isConstant: true,
        isPattern: true,
        async: true,
        reads: ['a'],
        imports: ['0 x', '~1 y z'],
        functions: [
          { slot: 4, at: 'b', hash: '', isShelled: true, hasTarget: true, isSelfNamed: true, hasSuper: true, refused: 'no' },
          { slot: 5, at: 'b."quoted"\\[', hash: 'h3', isSetter: true },
        ],
        classes: [{ index: 3, at: 'b', name: '', members: [] }],
        properties: [{ name: 'p', hash: 'h', uses: ['a'], properties: [{ name: '', hash: 'i' }] }],
        line: 12,
      },
      { kind: 'variable', names: [], hash: 'h4', line: 3 },
      { kind: 'statement', hash: 'h5', isHot: true, refused: 'why', functions: [{ slot: 1, at: 'x(y#0', hash: 'h6' }] },
      { kind: 'statement', hash: 'h6', functions: [{ slot: 9, at: '', hash: 'h6' }], classes: [] },
      {
        kind: 'class',
        name: 'C',
        reads: ['b'],
        imports: [],
        own: {
          index: 0,
          at: 'C',
          name: 'C',
          parent: 'hp',
          constructs: 'hc',
          refused: 'a computed name',
          members: [
            { kind: 'method', name: '#m', own: { slot: 2, at: 'C.#m', hash: 'm' } },
            { kind: 'getter', name: '[a.b]', isStatic: true, own: { slot: 3, at: 'C.static.[a.b]', hash: 'm', hasTarget: true } },
            { kind: 'field', name: 'f', hash: 'f', isGuarded: true, own: { slot: 8, at: 'elsewhere', hash: 'm' } },
            { kind: 'block', name: '', hash: 'b', isStatic: true },
            { kind: 'setter', name: 's' },
          ],
        },
      },
    ],
  };
  assert.deepEqual(through(shape), shape);
  assert.deepEqual(through({ level: 'bindings', units: [], exports: {}, requests: [] }), {
    level: 'bindings',
    units: [],
    exports: {},
    requests: [],
  });
});
