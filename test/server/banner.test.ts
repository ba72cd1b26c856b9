import assert from 'node:assert/strict';
import { describe, test } from 'node:test';
import { renderBanner, renderUrls, urlFromBanner } from '../../src/server/banner.ts';
import { createPaint } from '../../src/server/colors.ts';

const plain = createPaint(false);
const urls = { local: ['http://localhost:4670/'], network: ['http://192.168.1.5:4670/', 'http://10.0.0.2:4670/'] };

describe('banner', () => {
  test('shows version, time, addresses and keys', () => {
    const banner = renderBanner({ version: '0.1.0', urls, readyMs: 84.3, keys: 'r reload · q quit', paint: plain });
    assert.deepEqual(banner.split('\n'), [
      '',
      '  hmr-dev 0.1.0  ready in 84 ms',
      '',
      '  Local:   http://localhost:4670/',
      '  Network: http://192.168.1.5:4670/',
      '  Network: http://10.0.0.2:4670/',
      '',
      '  r reload · q quit',
      '',
    ]);
  });
  test('says nothing about keys where there are none', () => {
    const banner = renderBanner({ version: '1', urls, readyMs: 1, keys: undefined, paint: plain });
    assert.ok(banner.endsWith('http://10.0.0.2:4670/\n'), banner);
  });
  test('tells how to turn the network on', () => {
    assert.match(renderUrls({ local: ['http://localhost:1/'], network: [] }, plain), /Network: off, --host turns it on/);
  });
});

describe('urlFromBanner', () => {
  for (const color of [false, true]) {
    test(`finds the first address, ${color ? 'coloured' : 'plain'}`, () => {
      const banner = renderBanner({ version: '1', urls, readyMs: 1, keys: undefined, paint: createPaint(color) });
      assert.equal(urlFromBanner(banner), 'http://localhost:4670/');
    });
  }
  test('takes the network where nothing is local', () => {
    assert.equal(urlFromBanner(renderUrls({ local: [], network: ['http://10.0.0.2:1/'] }, plain)), 'http://10.0.0.2:1/');
  });
  test('finds none in anything else', () => assert.equal(urlFromBanner('see http://localhost:1/'), undefined));
});
