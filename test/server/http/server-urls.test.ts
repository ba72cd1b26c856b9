import assert from 'node:assert/strict';
import type { NetworkInterfaceInfo } from 'node:os';
import { describe, test } from 'node:test';
import { serverUrls } from '../../../src/server/http/server-urls.ts';

const rest = { netmask: '', mac: '', cidr: null };
const v4 = (address: string, internal = false): NetworkInterfaceInfo => ({ ...rest, family: 'IPv4', address, internal });
const v6 = (address: string, internal = false): NetworkInterfaceInfo => ({ ...rest, family: 'IPv6', address, internal, scopeid: 0 });
const interfaces = {
  lo: [v4('127.0.0.1', true), v6('::1', true)],
  eth0: [v6('2001:db8::7'), v6('fe80::1'), v4('192.168.1.7')],
  eth1: [v4('10.0.0.7')],
  docker0: [v4('192.168.1.7')],
};

describe('what the banner says', () => {
  const cases: [host: string, port: number, local: string[], network: string[]][] = [
    ['localhost', 3000, ['http://localhost:3000/'], []],
    ['127.0.0.1', 3000, ['http://localhost:3000/'], []],
    ['127.0.0.2', 3000, ['http://127.0.0.2:3000/'], []],
    ['::1', 3000, ['http://localhost:3000/'], []],
    ['app.localhost', 3000, ['http://app.localhost:3000/'], []],
    ['localhost', 80, ['http://localhost/'], []],
    ['192.168.1.7', 8080, [], ['http://192.168.1.7:8080/']],
    ['2001:db8::7', 8080, [], ['http://[2001:db8::7]:8080/']],
    ['my-box', 8080, [], ['http://my-box:8080/']],
    ['0.0.0.0', 3000, ['http://localhost:3000/'], ['http://192.168.1.7:3000/', 'http://10.0.0.7:3000/']],
    ['::', 3000, ['http://localhost:3000/'], ['http://192.168.1.7:3000/', 'http://10.0.0.7:3000/', 'http://[2001:db8::7]:3000/']],
  ];
  for (const [host, port, local, network] of cases) {
    test(`${host} ${port}`, () => assert.deepEqual(serverUrls({ host, port, interfaces }), { local, network }));
  }
  test('over https, where another port goes without saying', () => {
    const local = (port: number): readonly string[] => serverUrls({ host: 'localhost', port, isSecure: true, interfaces }).local;
    assert.deepEqual(
      [local(3000), local(443), local(80)],
      [['https://localhost:3000/'], ['https://localhost/'], ['https://localhost:80/']],
    );
  });
  test('of this machine they are URLs', () => {
    for (const url of Object.values(serverUrls({ host: '::', port: 3000 })).flat()) assert.equal(new URL(url).port, '3000');
  });
});

test('lead to the start page where everything is served under a path', () => {
  const urls = serverUrls({ host: '::1', port: 3000, base: '/app/', interfaces: {} });
  assert.deepEqual(urls, { local: ['http://localhost:3000/app/'], network: [] });
});
