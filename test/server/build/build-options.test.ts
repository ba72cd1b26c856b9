import assert from 'node:assert/strict';
import fs from 'node:fs';
import path from 'node:path';
import { test } from 'node:test';
import { BUILD_FLAGS, resolveBuildOptions } from '../../../src/server/build/build-options.ts';
import { defaultText } from '../../../src/server/config/config.ts';
import { HmrError } from '../../../src/server/errors.ts';
import { REPOSITORY } from '../../harness/built.ts';

test('without options', () => {
  const { server, outDir, minify, sourcemap } = resolveBuildOptions({});
  assert.deepEqual([server.mode, server.base, outDir, minify, sourcemap], ['production', '/', path.resolve('dist'), true, false]);
});

test('wrong values are told', () => {
  const message = (options: object): unknown => {
    try {
      return resolveBuildOptions(options);
    } catch (error) {
      return error instanceof HmrError ? error.message : error;
    }
  };
  assert.equal(message({ out: '' }), '--out takes the path of a folder; it has no value.');
  assert.equal(message({ minify: 'yes' }), '--minify takes true or false; it is "yes".');
  assert.match(String(message({ base: 'a b?' })), /^--base takes a path/);
});

test('every flag is declared once', () => {
  const names = BUILD_FLAGS.map(({ flag }) => flag);
  assert.deepEqual(names, [...new Set(names)]);
  for (const name of ['out', 'base', 'mode', 'minify', 'sourcemap', 'config']) assert.ok(names.includes(name), name);
});

test('the README shows those of its own', () => {
  const readme = fs.readFileSync(path.join(REPOSITORY, 'README.md'), 'utf8');
  for (const option of BUILD_FLAGS.filter(({ flag }) => ['out', 'minify', 'sourcemap', 'mode'].includes(flag))) {
    const shown = option.default === true ? 'true' : defaultText(option);
    const row = `| \`--${option.flag}\` | ${shown === '' ? '' : `\`${shown}\` `}| ${option.description} |`;
    assert.ok(readme.includes(row), row);
  }
});
