import assert from 'node:assert/strict';
import { describe, test } from 'node:test';
import { isServableName, resolveRequest } from '../../../src/server/http/resolve-request.ts';
import { encodeSegments } from '../../../src/server/url-path.ts';

const accepted: [target: string, urlPath: string, segments: string[], search: string][] = [
  ['/', '/', [], ''],
  ['/?', '/', [], '?'],
  ['/?a=1', '/', [], '?a=1'],
  ['/view.js', '/view.js', ['view.js'], ''],
  ['/sub/a.js', '/sub/a.js', ['sub', 'a.js'], ''],
  ['/sub/', '/sub/', ['sub'], ''],
  ['/a.svg?raw', '/a.svg', ['a.svg'], '?raw'],
  ['/a?b?c', '/a', ['a'], '?b?c'],
  ['/a?/../../etc/passwd', '/a', ['a'], '?/../../etc/passwd'],
  // A browser encodes it in the path (as a slash) and leaves it in the query (URL Standard, query state).
  ['/a?b\\c', '/a', ['a'], '?b\\c'],
  ['/a?%ff%00%2e%2e', '/a', ['a'], '?%ff%00%2e%2e'],
  ['/a%20b.js', '/a%20b.js', ['a b.js'], ''],
  ['/%76iew.js', '/view.js', ['view.js'], ''],
  ['/%C3%A9t%C3%A9.js', '/%C3%A9t%C3%A9.js', ['été.js'], ''],
  ['/%c3%a9t%c3%a9.js', '/%C3%A9t%C3%A9.js', ['été.js'], ''],
  ['/%F0%9F%8E%89.png', '/%F0%9F%8E%89.png', ['🎉.png'], ''],
  ['/100%25.txt', '/100%25.txt', ['100%.txt'], ''],
  ['/%252e%252e/x', '/%252e%252e/x', ['%2e%2e', 'x'], ''],
  ['/[id].tsx', '/[id].tsx', ['[id].tsx'], ''],
  ['/%5Bid%5D.tsx', '/[id].tsx', ['[id].tsx'], ''],
  ['/@scope/a.js', '/@scope/a.js', ['@scope', 'a.js'], ''],
  ['/%40scope/a.js', '/@scope/a.js', ['@scope', 'a.js'], ''],
  ["/a!$&'()*+,;=~_-.b", "/a!$&'()*+,;=~_-.b", ["a!$&'()*+,;=~_-.b"], ''],
  ['/what%3F%23.txt', '/what%3F%23.txt', ['what?#.txt'], ''],
  ['/.well-known/security.txt', '/.well-known/security.txt', ['.well-known', 'security.txt'], ''],
  ['/a..b', '/a..b', ['a..b'], ''],
  ['/id_rsa.pub.txt', '/id_rsa.pub.txt', ['id_rsa.pub.txt'], ''],
  ['/keyboard.js', '/keyboard.js', ['keyboard.js'], ''],
  ['/cvs/mine.html', '/cvs/mine.html', ['cvs', 'mine.html'], ''],
];

const malformed: string[] = [
  '',
  '*',
  '.',
  '..',
  'view.js',
  '?a',
  'http://evil.test/',
  'https://127.0.0.1/a.js',
  'file:///etc/passwd',
  'evil.test:443',
  '\\a',
  '//',
  '//evil.test',
  '//evil.test/..',
  '/a//b',
  '///etc/passwd',
  '/a//',
  '//etc/passwd?x',
  '/%2Fevil.test',
  '/a/%2f/b',
  '/.',
  '/..',
  '/./a',
  '/../a',
  '/a/..',
  '/a/../b',
  '/a/.',
  '/a/./b',
  '/../../../../etc/passwd',
  '/a/../../etc/passwd',
  '/%2e',
  '/%2E%2E',
  '/%2e%2e/a',
  '/.%2e/a',
  '/%2e./a',
  '/a/%2e%2e/%2e%2e/etc/passwd',
  '/a/%2E%2e/b',
  '/..?x',
  '/%2e%2e/?raw',
  '/a%2fb',
  '/a%2Fb',
  '/..%2fetc',
  '/..%2Fetc%2Fpasswd',
  '/%2e%2e%2fetc',
  '/a%5cb',
  '/..%5c..%5cetc',
  '/%5c%5chost%5cshare',
  '/a%5C..%5Cb',
  '/a\\b',
  '/..\\..\\etc',
  '/\\evil.test',
  '/#',
  '/a#b',
  '/a#/../b',
  '/a?b#c',
  '/a b',
  '/a	b',
  '/a\nb',
  '/a\rb',
  '/a\0b',
  '/',
  '/\x1B[2J',
  '/a?\0',
  '/café',
  '/Ã©',
  '/ÿ',
  '/a?é',
  '/‥/‥',
  '/．．/a',
  '/∕etc',
  '/%00',
  '/a%00.js',
  '/a.js%00.png',
  '/%0a',
  '/%0d%0aSet-Cookie:x',
  '/%09',
  '/%1f',
  '/%7f',
  '/a%0D',
  '/%',
  '/%2',
  '/%zz',
  '/a%',
  '/%g0',
  '/%u002e',
  '/%ff',
  '/%c0%ae%c0%ae/a',
  '/%c0%af',
  '/%e0%80%af',
  '/%f0%80%80%af',
  '/%ed%a0%80',
  '/%c3',
  '/%fe%ff',
  '/%80',
  '/%f4%90%80%80',
  '/%C1%9C',
];

const hidden: string[] = [
  '/.env',
  '/.env.local',
  '/.git/config',
  '/.git/',
  '/a/.git/HEAD',
  '/.ssh/id_rsa',
  '/.npmrc',
  '/.DS_Store',
  '/.htaccess',
  '/.a/b.js',
  '/..a/b',
  '/%2eenv',
  '/%2Egit/config',
  '/a/%2e%67it/x',
  '/...',
  '/.../a',
  '/..../etc',
  '/.vscode/settings.json',
  '/.env?raw',
  '/.env?import',
  '/a/.well-known/x',
  '/.well-known/.env',
  '/.well-known2/x',
  '/.well-knowN/x',
  '/.hg/store',
  '/.svn/entries',
  '/a.js.',
  '/a.js%20',
  '/a.js%2e',
  '/.env.',
  '/a/b.%20',
  '/a.%2e',
  '/a%20/b',
  '/dir./a',
  '/a.js::$DATA',
  '/a.js:stream',
  '/C:/Windows',
  '/c%3A/windows/win.ini',
  '/a%3ab',
  '/:',
  '/a:1',
  '/server.pem',
  '/SERVER.PEM',
  '/tls/privkey.key',
  '/cert.p12',
  '/cert.pfx',
  '/id_rsa',
  '/deep/id_ed25519',
  '/ID_RSA',
  '/release.jks',
  '/passwords.kdbx',
  '/putty.ppk',
  '/my.keystore',
  '/CVS/Root',
  '/_darcs/prefs',
  '/server%2epem',
  '/id_ecdsa_sk',
];

describe('accepted targets', () => {
  for (const [target, urlPath, segments, search] of accepted) {
    test(target, () => {
      const isFolder = segments.length > 0 && urlPath.endsWith('/');
      assert.deepEqual(resolveRequest(target), { kind: 'ok', urlPath, segments, isFolder: isFolder || urlPath === '/', search });
    });
  }
});

describe('hostile targets', () => {
  test('are many', () => assert.ok(malformed.length + hidden.length >= 150, `${malformed.length} + ${hidden.length}`));

  for (const target of malformed) {
    test(`malformed: ${JSON.stringify(target)}`, () => {
      const resolved = resolveRequest(target);
      assert.equal(resolved.kind, 'bad-request');
      assert.match('reason' in resolved ? resolved.reason : '', /^[a-z]/);
    });
  }

  for (const target of hidden) {
    test(`hidden: ${target}`, () => assert.equal(resolveRequest(target).kind, 'not-found'));
  }

  test('whatever the input, a name never leads out of its folder', () => {
    const pieces = [
      '/',
      '.',
      '..',
      '%2e',
      '%2f',
      '%5c',
      '\\',
      ':',
      '%',
      'a',
      '?',
      '#',
      '%00',
      ' ',
      '%20',
      '~',
      '%c0%ae',
      '%25',
      '\xe9',
      '@',
    ];
    let seed = 1;
    const random = (): number => (seed = (seed * 48271) % 2147483647);
    for (let i = 0; i < 20_000; i++) {
      let target = '/';
      for (let n = random() % 8; n >= 0; n--) target += pieces[random() % pieces.length];
      const resolved = resolveRequest(target);
      if (resolved.kind !== 'ok') continue;
      for (const name of resolved.segments) {
        assert.ok(name !== '' && name !== '.' && name !== '..', target);
        assert.doesNotMatch(name, /[/\\:\0]|^\.|[. ]$/, target);
      }
      assert.doesNotMatch(resolved.urlPath, /^\/\//);
    }
  });
});

describe('the canonical path', () => {
  test('is the one that a browser makes of the name', () => {
    for (const name of [
      'a b',
      'été',
      '[id]',
      "it's",
      'a"b',
      '<x>',
      'a?b',
      'a#b',
      'a`b',
      '{x}',
      'a|b',
      '@a',
      '100%',
      '日本',
      'a+b',
      '~a',
      '(x)!*',
    ]) {
      const encoded = encodeSegments([name]);
      assert.equal(new URL(encoded, 'http://localhost').pathname, encoded);
      const resolved = resolveRequest(encoded);
      assert.equal(resolved.kind, 'ok');
      assert.deepEqual(resolved.kind === 'ok' && [resolved.urlPath, resolved.segments], [encoded, [name]]);
    }
  });

  test('replaces half a surrogate pair', () => assert.equal(encodeSegments(['a\ud800']), '/a%EF%BF%BD'));

  test('is the same for every spelling', () => {
    const spellings = ['/src/view.ts', '/%73rc/view.ts', '/src/view%2ets', '/src/%76%69%65%77.ts', '/src/view.ts?v=1'];
    assert.deepEqual(new Set(spellings.map((target) => JSON.stringify({ ...resolveRequest(target), search: '' }))).size, 1);
  });
});

describe('names that listings show', () => {
  for (const name of ['a.js', 'a b', '日本', '100%']) test(`yes: ${name}`, () => assert.equal(isServableName(name, 3), true));
  for (const name of ['.env', 'a.', 'a ', 'a:b', 'a\\b', 'a\nb', 'x.pem'])
    test(`no: ${name}`, () => assert.equal(isServableName(name, 0), false));
  test('.well-known at the top only', () => {
    assert.equal(isServableName('.well-known', 0), true);
    assert.equal(isServableName('.well-known', 1), false);
  });
});
