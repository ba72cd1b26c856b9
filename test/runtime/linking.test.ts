import assert from 'node:assert/strict';
import { describe, it } from 'node:test';
import type { ModuleMeta } from '../../src/protocol.ts';
import { exportNames, findMissingExport, missingExportMessage, resolveExport, shapeOf } from '../../src/runtime/linking.ts';

function lookup(modules: Record<string, Partial<ModuleMeta>>): (id: string) => ModuleMeta | undefined {
  return (id) => {
    const facts = modules[id];
    return facts && { id, hash: '', deps: [], imports: [], exports: [], reexports: [], stars: [], async: false, specifiers: {}, ...facts };
  };
}

describe('resolveExport', () => {
  it('follows re-exports, renames and stars to the owner', () => {
    const at = lookup({
      '/a': { deps: ['/b', '/c'], reexports: [['x', 0, 'y']], stars: [1] },
      '/b': { exports: ['y'] },
      '/c': { exports: ['z', 'default'] },
    });
    assert.deepEqual(resolveExport(at, '/a', 'x'), { id: '/b', name: 'y' });
    assert.deepEqual(resolveExport(at, '/a', 'z'), { id: '/c', name: 'z' });
    assert.equal(resolveExport(at, '/a', 'default'), 'missing');
  });

  it('takes a local export before a star, and two stars for ambiguous unless they mean one binding', () => {
    const at = lookup({
      '/a': { deps: ['/b', '/c'], exports: ['own'], stars: [0, 1] },
      '/b': { deps: ['/d'], exports: ['own', 'two'], stars: [0] },
      '/c': { deps: ['/d'], exports: ['two'], stars: [0] },
      '/d': { exports: ['one'] },
    });
    assert.deepEqual(resolveExport(at, '/a', 'own'), { id: '/a', name: 'own' });
    assert.equal(resolveExport(at, '/a', 'two'), 'ambiguous');
    assert.deepEqual(resolveExport(at, '/a', 'one'), { id: '/d', name: 'one' });
  });

  it('ends in a circle, and stops at modules that cannot be known', () => {
    const at = lookup({
      '/a': { deps: ['/b'], reexports: [['x', 0, 'x']] },
      '/b': {
        deps: ['/a', 'https://x/'],
        reexports: [
          ['x', 0, 'x'],
          ['far', 1, 'far'],
          ['all', 1, '*'],
        ],
      },
    });
    assert.equal(resolveExport(at, '/a', 'x'), 'missing');
    assert.deepEqual(resolveExport(at, '/b', 'far'), { id: 'https://x/', name: 'far' });
    assert.deepEqual(resolveExport(at, '/b', 'all'), { id: 'https://x/', name: '*' });
  });
});

it('exportNames lists each name once, without defaults of stars, over cycles', () => {
  const at = lookup({
    '/a': { deps: ['/b', 'https://x/'], exports: ['default', 'a'], stars: [0, 1] },
    '/b': { deps: ['/a'], exports: ['default', 'b'], stars: [0] },
  });
  assert.deepEqual([...exportNames(at, '/a', () => ['far'])].sort(), ['a', 'b', 'default', 'far']);
});

it('findMissingExport names the first import or re-export that means nothing', () => {
  const at = lookup({
    '/a': {
      deps: ['/b'],
      imports: [
        [0, '*'],
        [0, 'b'],
      ],
      reexports: [['x', 0, 'gone']],
    },
    '/b': { exports: ['b'] },
  });
  const meta = at('/a');
  const missing = meta && findMissingExport(at, meta);
  assert.deepEqual(missing, { importer: '/a', dep: 0, name: 'gone', why: 'missing' });
  assert.match(missing ? missingExportMessage(missing, '/b') : '', /'\/b' does not provide an export named 'gone'.*\/a/);
});

it('shapeOf stays when a module imports more for itself, and differs when it hands on something else', () => {
  const shape = (facts: Partial<ModuleMeta>): string => {
    const meta = lookup({ '/a': facts })('/a');
    return meta ? shapeOf(meta) : '';
  };
  const before = shape({ deps: ['/b'], exports: ['own'], reexports: [['x', 0, 'y']] });
  assert.equal(shape({ deps: ['/new', '/b'], imports: [[0, 'n']], exports: ['own'], reexports: [['x', 1, 'y']] }), before);
  assert.notEqual(shape({ deps: ['/c'], exports: ['own'], reexports: [['x', 0, 'y']] }), before);
  assert.notEqual(shape({ deps: ['/b'], exports: [], reexports: [['x', 0, 'y']] }), before);
  assert.notEqual(shape({ deps: ['/b'], exports: ['own'], reexports: [['x', 0, 'y']], stars: [0] }), before);
});
