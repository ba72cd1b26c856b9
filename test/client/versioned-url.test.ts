import assert from 'node:assert/strict';
import { test } from 'node:test';
import { addressMatcher, mapCssUrls, mapSrcset, pathOf, stampOf, stampUrl } from '../../src/client/versioned-url.ts';

const BASE = 'http://localhost:3000/docs/page.html';

test('the path of an address of this origin', () => {
  const cases: [address: string, path: string | undefined][] = [
    ['/a.css', '/a.css'],
    ['a.css', '/docs/a.css'],
    ['../a.css?v=1#x', '/a.css'],
    ['http://localhost:3000/a.css', '/a.css'],
    ['http://localhost:3001/a.css', undefined],
    ['https://localhost:3000/a.css', undefined],
    ['//cdn.example/a.css', undefined],
    ['data:text/css,a', undefined],
    ['http://[', undefined],
  ];
  for (const [address, path] of cases) assert.equal(pathOf(address, BASE), path, address);
});

test('matches the exact path, however it is spelled', () => {
  const matches = addressMatcher('/my styles/é.css', BASE);
  for (const address of [
    '/my styles/é.css',
    '/my%20styles/%C3%A9.css',
    '../my%20styles/é.css?v=abc',
    'http://localhost:3000/my styles/é.css',
  ]) {
    assert.ok(matches(address), address);
  }
  for (const address of ['/é.css', '/x/my styles/é.css', '/my styles/é.css.map', 'http://other/my styles/é.css', '/my%2520styles/é.css']) {
    assert.ok(!matches(address), address);
  }
  assert.ok(addressMatcher('/100%.css', BASE)('/100%.css'));
});

test('a stamp is added to what the author wrote, and replaces an older one', () => {
  const cases: [address: string, stamped: string][] = [
    ['a.css', 'a.css?v=h'],
    ['./a.css?theme=dark', './a.css?theme=dark&v=h'],
    ['/a.css?v=old', '/a.css?v=h'],
    ['/a.css?v=old&x=1', '/a.css?x=1&v=h'],
    ['/a.css?x=1&v=old#f?v=no', '/a.css?x=1&v=h#f?v=no'],
    ['/sprite.svg#icon', '/sprite.svg?v=h#icon'],
    ['/a.css?', '/a.css?v=h'],
    ['/a.css?vv=1', '/a.css?vv=1&v=h'],
  ];
  for (const [address, stamped] of cases) {
    assert.equal(stampUrl(address, 'h'), stamped);
    assert.equal(stampUrl(stamped, 'h'), stamped);
    assert.equal(stampOf(stamped), 'h');
  }
  assert.equal(stampOf('/a.css?vv=1'), undefined);
  assert.equal(stampOf(stampUrl('/a.css', 'a&b=')), 'a&b=');
});

test('srcset: every candidate, descriptors and spacing kept', () => {
  const mark = (address: string): string => `<${address}>`;
  const cases: [srcset: string, mapped: string][] = [
    ['a.png', '<a.png>'],
    ['a.png 1x, b.png 2x', '<a.png> 1x, <b.png> 2x'],
    ['a.png 100w,b.png 200w', '<a.png> 100w,<b.png> 200w'],
    ['a.png, b.png 2x', '<a.png>, <b.png> 2x'],
    ['a,b.png 1x, c.png', '<a,b.png> 1x, <c.png>'],
    ['\n  a.png 1x,\n  b.png 2x\n', '\n  <a.png> 1x,\n  <b.png> 2x\n'],
    ['data:image/png;base64,AA== 1x, b.png 2x', '<data:image/png;base64,AA==> 1x, <b.png> 2x'],
    ['', ''],
  ];
  for (const [srcset, mapped] of cases) assert.equal(mapSrcset(srcset, mark), mapped);
});

test('srcset: time stays linear', () => {
  const long = `${'a.png 1x, '.repeat(20_000)}b.png`;
  assert.equal(
    mapSrcset(long, (address) => address),
    long,
  );
  assert.equal(mapSrcset(','.repeat(20_000), (address) => address).length, 20_000);
});

test('CSS addresses, as browsers serialise them', () => {
  const mark = (address: string): string => `${address}!`;
  assert.equal(mapCssUrls('url("a.png") no-repeat, url("b.png")', mark), 'url("a.png!") no-repeat, url("b.png!")');
  assert.equal(mapCssUrls('url("a\\"b.png")', mark), 'url("a\\"b.png!")');
  assert.equal(mapCssUrls('linear-gradient(red, blue)', mark), 'linear-gradient(red, blue)');
});
