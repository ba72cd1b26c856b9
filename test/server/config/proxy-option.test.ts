import assert from 'node:assert/strict';
import { describe, test } from 'node:test';
import { optionsOfFlags, resolveOptions } from '../../../src/server/config/config.ts';
import { HmrError } from '../../../src/server/errors.ts';

const API = { target: 'http://localhost:3000' };
const isRefused = (error: unknown): boolean =>
  error instanceof HmrError &&
  /^--proxy takes a path and an address, such as \/api=http:\/\/localhost:3000; it (is|has) /.test(error.message);

describe('--proxy', () => {
  const cases: [unknown, Record<string, { target: string }>][] = [
    ['/api=http://localhost:3000', { '/api': API }],
    ['/api=ws://localhost:3000', { '/api': API }],
    ['/a=http://x, /b=https://y/z?q=1', { '/a': { target: 'http://x' }, '/b': { target: 'https://y/z?q=1' } }],
    [['/api=http://localhost:3000', '/b=http://x/,y,'], { '/api': API, '/b': { target: 'http://x/,y' } }],
  ];
  for (const [given, targets] of cases)
    test(JSON.stringify(given), () => assert.deepEqual(resolveOptions(optionsOfFlags({ proxy: given })).proxy, targets));
  for (const wrong of [
    '',
    '/api',
    '/api=',
    'api=http://x',
    '=http://x',
    '/api=localhost:3000',
    '/api=ftp://x',
    '/a?b=http://x',
    '/a=http://',
    [3],
    true,
  ])
    test(`${JSON.stringify(wrong)} is refused`, () => assert.throws(() => resolveOptions(optionsOfFlags({ proxy: wrong })), isRefused));
});

describe('proxy', () => {
  test('takes addresses and objects, and what it has made of them', () => {
    const rewrite = (path: string): string => path;
    const { proxy } = resolveOptions({ proxy: { '/api': API.target, '/x': { target: 'http://x', rewrite, headers: { a: 'b' } } } });
    assert.deepEqual(proxy, { '/api': API, '/x': { target: 'http://x', rewrite, headers: { a: 'b' } } });
    assert.deepEqual(resolveOptions({ proxy }).proxy, proxy);
  });
  for (const wrong of [
    { api: 'http://x' },
    { '/api': 3 },
    { '/api': {} },
    { '/a': { target: 'http://x', rewrite: 'y' } },
    { '/a': { target: 'http://x', headers: { a: 1 } } },
  ])
    test(`${JSON.stringify(wrong)} is refused`, () =>
      assert.throws(() => resolveOptions(Object.assign({}, { proxy: wrong as {} })), isRefused));
});
