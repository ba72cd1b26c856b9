/**
 * Bodies that our client never sends, with the token that it sends: nothing foreign is read, nobody's prototype is touched, and the server
 * answers the next request as if nothing had been.
 */
import assert from 'node:assert/strict';
import { test } from 'node:test';
import { CANARY, startTarget } from './hostile-support.ts';

test('a sync with foreign ids learns and reads nothing', async (t) => {
  const { post, server, assertWell } = await startTarget(t);
  await assertWell();
  const ids = [
    '/@outside/3/etc/passwd?raw',
    '/@outside/1/secret.ts',
    '/@outside/1/secret.txt?raw',
    '/../secret.ts',
    '/%2e%2e/secret.ts',
    '/.env?raw',
    '/server.key?raw',
    '/linked-secret.ts',
    '/linked-secret.txt?raw',
    'https://example.test/a.js',
    'file:///etc/passwd',
    '',
    '/',
    '//',
    '?',
    '\0',
    '/main.ts?raw&x',
    '__proto__',
    'constructor',
    '/style.css?inline-module=0',
    '/index.html?inline-module=999999999999',
    '/index.html?inline-module=-1',
    '/nope.ts',
    '/main.ts/',
    '/%',
  ];
  const modules = Object.fromEntries(ids.map((id) => [id, 'x']));
  const answer = await post('/@hmr-dev/sync', {
    modules,
    assets: Object.fromEntries(ids.map((id) => [id, 'x'])),
    page: { file: '/../secret.txt', hash: 'x' },
  });
  assert.equal(answer.status, 200, answer.text);
  assert.doesNotMatch(answer.text, new RegExp(`${CANARY}|root:|secret`));
  const { changes, assets } = JSON.parse(answer.text) as { changes: { id?: string; url?: string }[]; assets: object };
  const told = [...changes.map(({ id, url }) => String(id ?? url)), ...Object.keys(assets)];
  const isServed = (url: string): boolean => /^\/(?:main\.ts|style\.css|index\.html)/.test(url);
  assert.deepEqual(
    told.filter((url) => !isServed(url)),
    [],
  );
  await assertWell();
  // An error that stood would keep every page from being updated.
  assert.deepEqual(
    server.log.lines.filter((line) => /inline module/.test(line)),
    [],
    'an error of what is not there stands',
  );
});

test('bodies of every wrong shape are refused, and prototypes stay as they are', async (t) => {
  const { post, ask, token, assertWell } = await startTarget(t);
  const wrong = [
    '',
    '{',
    'null',
    '[]',
    '1',
    '"x"',
    '{}',
    '{"modules":[],"assets":[],"page":1}',
    '{"modules":{"a":1},"assets":{},"page":null}',
    '{"modules":null,"assets":null,"page":null}',
    '\u0000',
    `${'['.repeat(100_000)}`,
    `{"a":${'['.repeat(50_000)}${']'.repeat(50_000)}}`,
    '{"file":1,"line":"x"}',
    '{"file":"/etc/passwd","line":1,"column":1}',
    '{"file":"../secret.txt","line":1,"column":1}',
    '{"file":".env","line":-1,"column":1e400}',
  ];
  for (const target of ['sync', 'open', 'report', 'send', 'outcome']) {
    for (const body of wrong) {
      const { status } = await post(`/@hmr-dev/${target}`, body);
      assert.ok(status >= 400 && status < 500, `${target} ${body.slice(0, 60)}: ${status}`);
    }
  }
  const polluting =
    '{"__proto__":{"polluted":1},"constructor":{"prototype":{"polluted":1}},"modules":{"__proto__":"x","constructor":"x"},"assets":{"__proto__":null},"page":null,"event":"__proto__","data":{"__proto__":{"polluted":1}},"kind":"error","message":"x","stack":"__proto__","id":"__proto__","text":"x"}';
  for (const target of ['sync', 'send', 'report', 'outcome'])
    assert.ok((await post(`/@hmr-dev/${target}`, polluting)).status < 500, target);
  assert.equal(Reflect.get({}, 'polluted'), undefined);
  const large = await ask('/@hmr-dev/report', {
    method: 'POST',
    headers: { 'x-hmr-dev-token': token },
    body: Buffer.alloc(20 * 1024 * 1024, ' '),
  });
  assert.equal(large.status, 413);
  await assertWell();
});

test('a stack made to be slow, or to name other files, is mapped to nothing', async (t) => {
  const { post, assertWell } = await startTarget(t);
  const stacks = [
    `    at x (${'a'.repeat(200_000)}`,
    Array.from({ length: 50_000 }, (_, index) => `    at f${index} (http://localhost/main.ts:${index}:1)`).join('\n'),
    '    at x (http://localhost/../secret.ts:1:1)\n    at y (http://localhost/%2e%2e/secret.ts:1:1)\n    at z (/@outside/1/secret.ts:1:1)\n    at z (http://localhost/%:1:1)',
    '    at x (http://localhost/.env:1:1)\n    at (http://localhost/main.ts:99999999999999999999:-1)\n@http://[:1:1',
    `${'async '.repeat(50_000)} at (`,
  ];
  for (const stack of stacks) {
    const answer = await post('/@hmr-dev/report', { kind: 'error', message: 'm', stack, page: 'http://localhost/' });
    assert.equal(answer.status, 200);
    assert.doesNotMatch(answer.text, new RegExp(CANARY));
  }
  await assertWell();
});
