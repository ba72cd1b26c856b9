import assert from 'node:assert/strict';
import { test } from 'node:test';
import { takeInlineMap, withoutCssMap } from '../../../src/server/compile/inline-map.ts';

const comment = (map: unknown): string =>
  `//# sourceMappingURL=data:application/json;base64,${Buffer.from(JSON.stringify(map)).toString('base64')}`;
const MAP = { version: 3, sources: ['App.svelte'], sourcesContent: ['<p>'], names: [], mappings: 'AAAA' };

test('a map is taken off, and lines stay where they were', () => {
  assert.deepEqual(takeInlineMap(`one();\n${comment(MAP)}\ntwo();`), { code: 'one();\n\ntwo();', map: MAP });
  assert.deepEqual(takeInlineMap(`one(); ${comment(MAP)}`), { code: 'one(); ', map: MAP });
});

test('with a charset, and the last of several', () => {
  const other = comment({ ...MAP, sources: ['b.js'] }).replace('json;', 'json;charset=utf-8;');
  const { map } = takeInlineMap(`one();\n${comment(MAP)}\n${other}`);
  assert.deepEqual(map?.sources, ['b.js']);
});

test('what says nothing is no map', () => {
  for (const text of [comment({ mappings: '' }), comment({ ...MAP, sources: [] }), comment(1).replace(/,.*/, ',AAAA')]) {
    assert.equal(takeInlineMap(`one();\n${text}`).map, undefined);
  }
  assert.deepEqual(takeInlineMap('one(); // no map'), { code: 'one(); // no map', map: undefined });
});

test('the map of a sheet is no part of it', () => {
  assert.equal(withoutCssMap('p {}\n/*# sourceMappingURL=data:application/json;base64,AAAA */'), 'p {}\n');
});
