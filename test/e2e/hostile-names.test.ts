/**
 * Names that nobody's page asks for, in every spelling, with every query and as every kind of request: nothing that is not served is given
 * away, neither as text nor compiled, linked, inlined or mapped.
 */
import assert from 'node:assert/strict';
import path from 'node:path';
import { test } from 'node:test';
import type { Fixture } from '../harness/fixture.ts';
import { SCRIPT } from '../harness/server.ts';
import { CANARY, startTarget } from './hostile-support.ts';

/** Every way to spell a name outside the served folder. */
function outsideTargets(files: Fixture): string[] {
  const names = ['secret.txt', 'secret.ts', 'secret.css', 'secret.json', 'node_modules/reached/b.js'];
  const up = Array.from({ length: files.resolve('src').split(path.sep).length - 1 }, () => '..').join('/');
  const spelled = names.flatMap((name) => [
    `/../${name}`,
    `/..%2f${name}`,
    `/%2e%2e/${name}`,
    `/..%5c${name}`,
    `/x/../../${name}`,
    `/.//../${name}`,
    `/@outside/1/${name}`,
    `/@outside/01/${name}`,
    `/@outside/1/./${name}`,
    `/@outside/1/x/../${name}`,
    `/%40outside/1/${name}`,
    `/@outside/2/${path.basename(files.path)}/${name}`,
    `/@outside//1/${name}`,
    `/@outside/-1/${name}`,
    `/@outside/1e0/${name}`,
    `/@fs${files.resolve(name)}`,
    `/${files.resolve(name)}`,
    `//${name}`,
    `/@outside/1/node_modules/reached/../../${name}`,
    `/@outside/1/node_modules/reached%2f..%2f..%2f${name}`,
    `/@outside/0/../${name}`,
  ]);
  const system = [
    '/etc/passwd',
    '/@outside/99/etc/passwd',
    `/${up}/etc/passwd`,
    '/@outside/3/etc/passwd',
    '/@outside/1',
    '/@outside/',
    '/@outside/x/y',
  ];
  const own = [
    '/.env',
    '/.git/config',
    '/server.key',
    '/.hidden/a.ts',
    '/%2eenv',
    '/linked-secret.ts',
    '/linked-secret.css',
    '/linked-secret.txt',
    '/linked-secret',
  ];
  return [...spelled, ...system, ...own];
}

const QUERIES = [
  '',
  '?raw',
  '?url',
  '?inline',
  '?sheet',
  '?json',
  '?hmr-define',
  '?hmr-define&without=x&try=1',
  '?inline-module=0',
  '?hmr-map=x',
  '?raw&hmr-define',
  '?hmr-update=x',
  '?v=1',
];

test('no spelling of a name, with no query and as no kind of request, gives what is not served', async (t) => {
  const { ask, files, assertWell } = await startTarget(t);
  await assertWell();
  const kinds: Record<string, string>[] = [
    {},
    SCRIPT,
    { 'Sec-Fetch-Dest': 'worker' },
    { 'Sec-Fetch-Dest': 'style' },
    { 'User-Agent': 'Mozilla/5.0' },
  ];
  let asked = 0;
  for (const target of outsideTargets(files)) {
    for (const query of QUERIES) {
      const answers = await Promise.all(kinds.map((headers) => ask(target + query, { headers })));
      for (const { status, text } of answers) {
        asked++;
        assert.ok(status >= 300 && status < 500, `${target}${query}: ${status}`);
        assert.doesNotMatch(text, new RegExp(`${CANARY}|root:`), `${target}${query}`);
      }
    }
  }
  assert.ok(asked > 5000);
  await assertWell();
});

test('of what lies outside, only what the graph has reached is answered, and by the module that was reached', async (t) => {
  const { ask, assertWell } = await startTarget(t);
  const reached = '/@outside/1/node_modules/reached/a.js';
  await assertWell();
  const answer = await ask(reached, { headers: SCRIPT });
  assert.equal(answer.status, 200);
  assert.match(answer.text, /reached/);
  for (const target of [
    '/@outside/1/node_modules/reached/b.js',
    '/@outside/1/node_modules/reached/package.json',
    `${reached}?inline-module=0`,
  ]) {
    assert.equal((await ask(target, { headers: SCRIPT })).status, 404, target);
  }
});
