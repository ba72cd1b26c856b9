/** The level that a file asks for itself, and that it holds for what is linked whatever the text is compiled by. */
import assert from 'node:assert/strict';
import { describe, test } from 'node:test';
import { linkSource } from '../../../../src/server/compile/link-source.ts';
import { levelOfFile } from '../../../../src/server/compile/swap/hot-comment.ts';

describe('// @hot', () => {
  test('is found among the comments at the beginning', () => {
    assert.equal(levelOfFile('// @hot off\nlet a;', 'classes'), 'off');
    assert.equal(levelOfFile('#!/usr/bin/env node\n\n/** What it is.\n * @hot closures\n */\nlet a;', 'classes'), 'closures');
    assert.equal(levelOfFile('/* a */ // b\n//@hot bindings: it is large\nlet a;', 'closures'), 'bindings');
    assert.equal(levelOfFile('// @hot closures', 'off'), 'closures');
  });

  test('is nothing behind the first statement, in other words, or with another level', () => {
    assert.equal(levelOfFile('let a;\n// @hot off', 'classes'), 'classes');
    assert.equal(levelOfFile('// see x@hot off', 'classes'), 'classes');
    assert.equal(levelOfFile('// @hot offline\n// @hotter off', 'classes'), 'classes');
    assert.equal(levelOfFile('const a = "// @hot off";', 'classes'), 'classes');
  });

  test('changes nothing where nothing is changed in place', () => {
    assert.equal(levelOfFile('// @hot closures', undefined), undefined);
  });

  for (const loader of ['js', 'ts'] as const) {
    test(`holds for ${loader}`, async () => {
      /** Beginnings of the functions that ask for newer ones. */
      const questionsIn = async (comment: string): Promise<number> => {
        const source = `// @hot ${comment}\nexport const make = () => () => 1; class A { m() {} }`;
        const { linked } = await linkSource(source, { file: '/a.ts', loader, tsconfigRaw: {}, hotswap: 'classes' });
        return linked.factory.match(/\$s\d\?|if\(\$[cs]\d\)/g)?.length ?? 0;
      };
      assert.equal(await questionsIn('off'), 0);
      assert.equal(await questionsIn('bindings'), 1);
      assert.equal(await questionsIn('classes'), 3);
      assert.equal(await questionsIn('closures'), 4);
    });
  }
});
