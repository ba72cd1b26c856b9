import assert from 'node:assert/strict';
import { test } from 'node:test';
import { createBase, NO_BASE, toBase } from '../../src/server/base.ts';

const wrong = (flag: string, expected: string, value: unknown, hint = ''): Error =>
  new Error(`${flag}: ${expected}, not ${String(value)}. ${hint}`);

test('all spellings of a path are brought to one', () => {
  for (const [value, path] of [
    ['/', '/'],
    ['app', '/app/'],
    ['/app', '/app/'],
    ['app/', '/app/'],
    ['/app/', '/app/'],
    ['/a/b', '/a/b/'],
    ['/café au lait/', '/caf%C3%A9%20au%20lait/'],
    ['/caf%c3%a9', '/caf%C3%A9/'],
    ["it's", "/it's/"],
  ])
    assert.equal(toBase(value, wrong), path, value);
});

test('what is no path of a server is refused', () => {
  const paths = ' . ./ .. ../app /app/../x /./app //app /app// /a//b // https://host/app/ //host/app/ host:80 /app?x /app/?';
  const encoded = '/app#x /a\\b /a%2fb /a%5Cb /%2e%2e/ /%';
  const values = [...paths.split(' '), ...encoded.split(' '), '/a\nb', true, 5];
  for (const value of values) assert.throws(() => toBase(value, wrong), /^Error: base: a path such as \/app\/, not /, String(value));
  assert.throws(() => toBase('C:/Program Files/Git/app/', wrong), /In Git Bash, leave out the first slash: --base app/);
});

test('the path is put on and taken off by the letter', () => {
  const { toUrl, fromUrl, toId } = createBase('/app/');
  assert.equal(toUrl('/src/a.ts?raw'), '/app/src/a.ts?raw');
  assert.equal(toUrl('/'), '/app/');
  assert.equal(fromUrl('/app/'), '/');
  assert.equal(fromUrl('/app/app/a.js'), '/app/a.js');
  for (const address of ['/', '/app', '/apple/a.js', '/APP/a.js', '/app%2fa.js', '/%61pp/a.js', '//app/a.js', 'app/a.js'])
    assert.equal(fromUrl(address), undefined, address);
  assert.deepEqual([toId('/app/a.js'), toId('/a.js')], ['/a.js', '/a.js']);
});

test('without a base, addresses stay as they are', () => {
  assert.deepEqual([NO_BASE.toUrl('/a.js'), NO_BASE.fromUrl('/a.js'), NO_BASE.toId('/a.js')], ['/a.js', '/a.js', '/a.js']);
});
