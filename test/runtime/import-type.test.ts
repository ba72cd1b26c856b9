import assert from 'node:assert/strict';
import { describe, it } from 'node:test';
import { importType, specifierKey, withType } from '../../src/runtime/import-type.ts';

describe('the type of an import', () => {
  it('names a module of its own', () => {
    assert.equal(withType('/a.json', 'json'), '/a.json?json');
    assert.equal(withType('/a.css', 'css'), '/a.css?sheet');
    assert.equal(withType('/a.json', undefined), '/a.json');
  });

  it("yields to the author's query and to other origins", () => {
    assert.equal(withType('/a.css?raw', 'css'), '/a.css?raw');
    assert.equal(withType('https://cdn.test/a.json', 'json'), 'https://cdn.test/a.json');
  });

  it('tells literal specifiers with and without it apart', () => {
    assert.equal(specifierKey('./a.json', undefined), './a.json');
    assert.notEqual(specifierKey('./a.json', 'json'), specifierKey('./a.json', 'css'));
  });

  it('is read from the second argument of import()', () => {
    for (const none of [undefined, {}, { with: undefined }, { with: {} }]) assert.equal(importType(none), undefined);
    assert.equal(importType({ with: { type: 'json' } }), 'json');
    assert.equal(importType(Object.assign(() => 0, { with: { type: 'css' } })), 'css');
  });

  it('is refused as the standard and browsers do', () => {
    for (const wrong of [
      null,
      1,
      'json',
      { with: null },
      { with: 'json' },
      { with: { type: 1 } },
      { with: { type: 'html' } },
      { with: { kind: 'json' } },
    ]) {
      assert.throws(() => importType(wrong), TypeError, JSON.stringify(wrong));
    }
  });
});
