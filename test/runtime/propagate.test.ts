import assert from 'node:assert/strict';
import { describe, it, test } from 'node:test';
import { propagate, type GraphView, type Propagation } from '../../src/runtime/propagate.ts';

interface Picture {
  /** importer → what it imports. */
  imports: Record<string, string[]>;
  roots?: string[];
  self?: string[];
  /** importer → dependencies it accepts. */
  accepts?: Record<string, string[]>;
  exports?: Record<string, string[]>;
  used?: Record<string, string[]>;
  declined?: string[];
  page?: string[];
}

function view({
  imports,
  roots = ['main'],
  self = [],
  accepts = {},
  exports = {},
  used = {},
  declined = [],
  page = [],
}: Picture): GraphView {
  return {
    importersOf: (id) => Object.keys(imports).filter((importer) => imports[importer]?.includes(id)),
    dependenciesOf: (id) => imports[id] ?? [],
    isRoot: (id) => roots.includes(id),
    selfAccepts: (id) => self.includes(id),
    acceptedExports: (id) => (exports[id] ? new Set(exports[id]) : undefined),
    namesUsed: (importer, id) => (used[`${importer}>${id}`] ? new Set(used[`${importer}>${id}`]) : undefined),
    accepts: (importer, id) => accepts[importer]?.includes(id) ?? false,
    declined: (id) => declined.includes(id),
    hasRun: () => true,
    isLeftToPage: (id) => page.includes(id),
  };
}

const edges = (result: Propagation): string[] =>
  result.kind === 'accepted'
    ? result.boundaries.map(({ boundary, via }) => `${boundary}<${via}`).sort()
    : [`${result.rule}: ${result.path.join('←')}`];

describe('propagation', () => {
  const cases: [name: string, picture: Picture, changed: string[], expected: string[]][] = [
    ['a self-accepting module is its own boundary', { imports: { main: ['a'] }, self: ['a'] }, ['a'], ['a<a']],
    ['an importer that accepts the dependency', { imports: { main: ['a'] }, accepts: { main: ['a'] } }, ['a'], ['main<a']],
    ['through one that accepts nothing', { imports: { main: ['a'], a: ['b'] }, accepts: { main: ['a'] } }, ['b'], ['main<a']],
    ['nobody accepts', { imports: { main: ['a'], a: ['b'] } }, ['b'], ['accepts-nothing: b←a←main']],
    [
      'one branch without a boundary',
      { imports: { main: ['a', 'b'], a: ['c'], b: ['c'] }, accepts: { main: ['a'] } },
      ['c'],
      ['accepts-nothing: c←b←main'],
    ],
    ['two boundaries', { imports: { main: ['a', 'b'], a: ['c'], b: ['c'] }, self: ['a', 'b'] }, ['c'], ['a<a', 'b<b']],
    [
      'a boundary that is replaced itself does not count',
      { imports: { main: ['a'], a: ['b'] }, self: ['a'], accepts: { a: ['b'] } },
      ['a', 'b'],
      ['a<a'],
    ],
    ['declined, whoever accepts', { imports: { main: ['a'] }, self: ['a'], declined: ['a'] }, ['a'], ['declined: a']],
    [
      'a root that others import and accept',
      { imports: { main: ['a'] }, roots: ['main', 'a'], accepts: { main: ['a'] } },
      ['a'],
      ['root: a'],
    ],
    ['left to the page', { imports: { main: ['a'] }, page: ['a'] }, ['a'], ['a<a']],
    [
      'a cycle: the boundary outside it goes first',
      { imports: { main: ['a'], a: ['b'], b: ['a'] }, self: ['a'], accepts: { main: ['a'] } },
      ['b'],
      ['main<a'],
    ],
    [
      'a cycle: the one inside serves when there is no other',
      { imports: { main: ['a'], a: ['b'], b: ['a'] }, self: ['a'] },
      ['b'],
      ['a<a'],
    ],
    ['accepted exports that suffice', { imports: { main: ['a'] }, exports: { a: ['x'] }, used: { 'main>a': ['x'] } }, ['a'], ['a<a']],
    [
      'accepted exports that do not',
      { imports: { main: ['a'] }, exports: { a: ['x'] }, used: { 'main>a': ['x', 'y'] } },
      ['a'],
      ['accepts-nothing: a←main'],
    ],
    [
      'accepted exports of a module used as a whole',
      { imports: { main: ['a'] }, exports: { a: ['x'] } },
      ['a'],
      ['accepts-nothing: a←main'],
    ],
  ];
  for (const [name, picture, changed, expected] of cases)
    it(name, () => assert.deepEqual(edges(propagate(view(picture), changed)), expected));

  it('passes by a module that invalidated itself', () => {
    const picture = { imports: { main: ['a'] }, self: ['a'], accepts: { main: ['a'] } };
    assert.deepEqual(edges(propagate(view(picture), ['a'], new Set(['a']))), ['main<a']);
  });

  it('names everything that runs again', () => {
    const result = propagate(view({ imports: { main: ['a'], a: ['b'], b: ['c'] }, accepts: { main: ['a'] } }), ['c']);
    assert.deepEqual(result.kind === 'accepted' && [...result.outdated].sort(), ['a', 'b', 'c']);
  });
});

describe('what the host has brought level itself', () => {
  const changed = (picture: Picture, level: string[]): string[] => edges(propagate(view(picture), ['a'], new Set(), new Set(level)));

  it('needs nobody', () => {
    assert.deepEqual(changed({ imports: { main: ['a'] } }, ['a']), ['a<a']);
    assert.deepEqual(changed({ imports: { main: ['a'] } }, ['b']), ['accepts-nothing: a←main']);
  });

  it('is still handed to who accepts it', () => {
    assert.deepEqual(changed({ imports: { main: ['view'], view: ['a'] }, accepts: { main: ['view'] } }, ['a']), ['main<view']);
  });

  it('does not help what declines', () => {
    assert.deepEqual(changed({ imports: { main: ['a'] }, declined: ['main'] }, ['a']), ['declined: a←main']);
  });
});

test('a chain deeper than the stack is walked to its end', () => {
  const depth = 20_000;
  const above = (id: string): string[] => (Number(id) < depth ? [String(Number(id) + 1)] : []);
  const graph = { ...view({ imports: {} }), importersOf: above };
  const result = propagate(graph, ['0']);
  assert.ok(result.kind === 'unaccepted');
  assert.equal(result.path.length, depth + 1);
  assert.equal(edges(propagate({ ...graph, accepts: (importer) => importer === String(depth) }, ['0'])).join(), `${depth}<${depth - 1}`);
});
