import assert from 'node:assert/strict';
import { describe, test } from 'node:test';
import { toAlias, toDefine, toPlugins, toPrefixes } from '../../../src/server/config/code-options.ts';
import { HmrError } from '../../../src/server/errors.ts';

const refused = (act: () => unknown, message: RegExp, hint?: RegExp): void => {
  assert.throws(
    act,
    (error) =>
      error instanceof HmrError && error.code === 'OPTION' && message.test(error.message) && (hint?.test(error.hint ?? '') ?? true),
  );
};

describe('define', () => {
  const define = { __A__: '"text"', 'a.b.$c': '{"x":[1]}', B: 'globalThis.name', C: '-1', 'import.meta.env.X': 'null', É: 'undefined' };
  test('JSON, and names', () => assert.deepEqual(toDefine(define), define));
  test('other things', () => {
    refused(
      () => toDefine({ A: 'two words' }),
      /"define" takes JSON or a name as text; that of "A" is neither/,
      /JSON\.stringify\("two words"\)/,
    );
    refused(() => toDefine({ A: '1 + 1' }), /neither/);
    refused(() => toDefine({ A: '' }), /neither/);
    refused(() => toDefine({ 'a-b': '1' }), /"a-b" is neither/);
    refused(() => toDefine({ 'a[0]': '1' }), /"a\[0\]" is neither/);
    refused(() => toDefine({ A: 1 }), /that of "A" is a number/, /JSON\.stringify\(value\)/);
    for (const wrong of [[], null, 'x', 1]) refused(() => toDefine(wrong), /"define" takes an object of texts/);
  });
});

test('alias', () => {
  assert.deepEqual(toAlias({ '@': './src', react: 'preact/compat' }), { '@': './src', react: 'preact/compat' });
  refused(() => toAlias({ '@': 5 }), /"alias" takes texts; that of "@" is a number/);
  refused(() => toAlias([{ find: '@', replacement: '.' }]), /"alias" takes an object of texts/);
  refused(() => toAlias({ '@': '' }), /"alias" takes names and targets that are not empty/);
  refused(() => toAlias({ '': './src' }), /"alias" takes names and targets that are not empty/);
});

test('envPrefix', () => {
  assert.deepEqual(toPrefixes('A_'), ['A_']);
  assert.deepEqual(toPrefixes(['A_', 'B_']), ['A_', 'B_']);
  for (const wrong of ['', ['A_', ''], 5, null]) refused(() => toPrefixes(wrong), /"envPrefix" takes a text that is not empty/);
});

test('plugins', () => {
  const plugin = { name: 'a', setup: () => undefined };
  assert.deepEqual(toPlugins([plugin, false, null, undefined, [plugin, [plugin]]]), [plugin, plugin, plugin]);
  refused(() => toPlugins(plugin), /"plugins" takes a list/);
  refused(() => toPlugins([plugin, () => plugin]), /"plugins" has something at 2 that is no plugin/, /call it/);
  refused(() => toPlugins([{ setup: () => undefined }]), /at 1/, /an object with a name/);
});
