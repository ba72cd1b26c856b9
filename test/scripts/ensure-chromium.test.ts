import assert from 'node:assert/strict';
import fs from 'node:fs';
import path from 'node:path';
import { describe, test } from 'node:test';
import { findChromium } from '../../scripts/ensure-chromium.ts';
import { fixture } from '../harness/fixture.ts';

describe('findChromium', () => {
  test('believes $CHROMIUM', () => assert.equal(findChromium({ CHROMIUM: '/my/chromium', PATH: '' }), '/my/chromium'));
  test('takes the first executable of a known name in $PATH', async () => {
    await using folder = await fixture({
      'one/chromium': 'not executable',
      'two/google-chrome': '#!/bin/sh',
      'three/chromium': '#!/bin/sh',
    });
    for (const name of ['two/google-chrome', 'three/chromium']) fs.chmodSync(folder.resolve(name), 0o755);
    const PATH = ['one', 'two', 'three'].map((name) => folder.resolve(name)).join(path.delimiter);
    assert.equal(findChromium({ PATH }), folder.resolve('three/chromium'));
  });
  test('does not take a folder for a program', async () => {
    await using folder = await fixture({ 'chromium/readme': '' });
    assert.notEqual(findChromium({ PATH: folder.path }), folder.resolve('chromium'));
  });
});
