import assert from 'node:assert/strict';
import { IncomingMessage } from 'node:http';
import { Socket } from 'node:net';
import { describe, test } from 'node:test';
import {
  endToEnd,
  isLoop,
  onwardHeaders,
  onwardPath,
  proxyRules,
  type ProxyTarget,
  ruleFor,
} from '../../../src/server/http/proxy-request.ts';

function onlyRule(target: ProxyTarget, prefix = '/api'): ReturnType<typeof proxyRules>[number] {
  const [rule] = proxyRules({ [prefix]: target });
  assert.ok(rule);
  return rule;
}

function request(headers: Record<string, string>): IncomingMessage {
  const req = new IncomingMessage(new Socket());
  Object.assign(req.headers, headers);
  return req;
}

describe('the rule for a request', () => {
  const rules = proxyRules({ '/api': { target: 'http://a' }, '/api/v2/': { target: 'http://b' }, '/a': { target: 'http://c' } });
  const cases: [string, string | undefined][] = [
    ['/api', 'a'],
    ['/api?x=/api/v2', 'a'],
    ['/api/', 'a'],
    ['/api/x', 'a'],
    ['/apix', undefined],
    ['/api/v2', 'b'],
    ['/api/v2/x', 'b'],
    ['/api/v20', 'a'],
    ['/a/x', 'c'],
    ['/API', undefined],
    ['/', undefined],
    ['http://x/api', undefined],
  ];
  for (const [target, host] of cases) test(target, () => assert.equal(ruleFor(rules, target)?.url.host, host));
  test('/ is for everything', () => assert.ok(ruleFor(proxyRules({ '/': { target: 'http://a' } }), '/x')));
});

describe('the path to ask for', () => {
  const cases: [string, ProxyTarget, string][] = [
    ['/api/x?y=1', { target: 'http://a' }, '/api/x?y=1'],
    ['/api/x', { target: 'http://a/base' }, '/base/api/x'],
    ['/api/x', { target: 'http://a/base/' }, '/base/api/x'],
    ['/api//x%2Fy/', { target: 'http://a' }, '/api//x%2Fy/'],
    ['/api/x', { target: 'http://a', rewrite: (path) => path.replace('/api', '') }, '/x'],
    ['/api', { target: 'http://a', rewrite: (path) => path.replace('/api', '') }, '/'],
    ['/api?y', { target: 'http://a/base', rewrite: (path) => path.replace('/api', '') }, '/base/?y'],
  ];
  for (const [given, target, path] of cases) {
    test(`${given} at ${target.target} is ${path}`, () => assert.equal(onwardPath(onlyRule(target), given), path));
  }
});

describe('headers', () => {
  const rule = onlyRule({ target: 'http://a', headers: { Authorization: 'mine' } });
  test('of the connection stay here, also those that it names', () => {
    assert.deepEqual(
      endToEnd({ connection: 'close, X-Here', 'x-here': '1', 'keep-alive': '5', te: 'gzip', upgrade: 'h2c', accept: '*/*' }),
      {
        accept: '*/*',
      },
    );
  });
  test('say where the request came from, and those of the option come last', () => {
    const headers = onwardHeaders(request({ host: 'localhost:1', authorization: 'theirs' }), rule.headers);
    assert.deepEqual(headers, {
      authorization: 'mine',
      'x-forwarded-for': 'unknown',
      'x-forwarded-host': 'localhost:1',
      'x-forwarded-proto': 'http',
    });
  });
  test('of a proxy before us are kept', () => {
    const before = { host: 'x', 'x-forwarded-for': '10.0.0.1', 'x-forwarded-host': 'www', 'x-forwarded-proto': 'https' };
    const { 'x-forwarded-for': from, 'x-forwarded-host': host, 'x-forwarded-proto': proto } = onwardHeaders(request(before), rule.headers);
    assert.deepEqual([from, host, proto], ['10.0.0.1, unknown', 'www', 'https']);
  });
  test('tell a circle', () => {
    assert.equal(isLoop(request({ 'x-forwarded-for': '1, 2' })), false);
    assert.equal(isLoop(request({ 'x-forwarded-for': Array(25).fill('::1').join(', ') })), true);
  });
});
