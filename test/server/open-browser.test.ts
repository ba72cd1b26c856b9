import assert from 'node:assert/strict';
import fs from 'node:fs';
import { describe, test } from 'node:test';
import { browserCommand, openBrowser } from '../../src/server/open-browser.ts';
import { withDeadline } from '../harness/diagnostics.ts';
import { fixture } from '../harness/fixture.ts';

const URL_TEXT = 'http://localhost:4670/';

describe('the command', () => {
  const cases: [string, NodeJS.Platform, NodeJS.ProcessEnv, unknown][] = [
    ['Linux', 'linux', {}, { file: 'xdg-open', args: [URL_TEXT] }],
    ['macOS', 'darwin', {}, { file: 'open', args: [URL_TEXT] }],
    ['Windows', 'win32', {}, { file: 'cmd', args: ['/c', 'start', '""', URL_TEXT] }],
    ['Windows does not read $BROWSER', 'win32', { BROWSER: 'x' }, { file: 'cmd', args: ['/c', 'start', '""', URL_TEXT] }],
    ['$BROWSER', 'linux', { BROWSER: 'firefox' }, { file: 'firefox', args: [URL_TEXT] }],
    ['$BROWSER with arguments', 'darwin', { BROWSER: 'fox --new-tab' }, { file: 'fox', args: ['--new-tab', URL_TEXT] }],
    ['$BROWSER with a place', 'linux', { BROWSER: 'fox --url=%s -x' }, { file: 'fox', args: [`--url=${URL_TEXT}`, '-x'] }],
    ['$BROWSER with a list', 'linux', { BROWSER: 'a:b' }, { file: 'a', args: [URL_TEXT] }],
    ['$BROWSER empty', 'linux', { BROWSER: ' ' }, { file: 'xdg-open', args: [URL_TEXT] }],
    ['none', 'linux', { BROWSER: 'none' }, undefined],
  ];
  for (const [name, platform, env, expected] of cases) {
    test(name, () => assert.deepEqual(browserCommand(URL_TEXT, platform, env), expected));
  }
  test('an ampersand does not end the command on Windows', () => {
    assert.deepEqual(browserCommand('http://x/?a&b', 'win32', {})?.args.at(-1), 'http://x/?a^&b');
  });
});

describe('opening', () => {
  const messages = (env: NodeJS.ProcessEnv): Promise<string> =>
    new Promise((resolve) => openBrowser(URL_TEXT, { platform: 'linux', env, onFailure: resolve }));

  test('starts the command with the address', async () => {
    await using folder = await fixture();
    const out = folder.resolve('out');
    await folder.write('browser', `#!/bin/sh\necho "$1" > ${out}.tmp && mv ${out}.tmp ${out}\n`);
    fs.chmodSync(folder.resolve('browser'), 0o755);
    const written = new Promise<void>((resolve) => {
      const watcher = fs.watch(folder.path, () => {
        if (!fs.existsSync(out)) return;
        watcher.close();
        resolve();
      });
    });
    openBrowser(URL_TEXT, {
      platform: 'linux',
      env: { BROWSER: folder.resolve('browser'), PATH: process.env['PATH'] },
      onFailure: assert.fail,
    });
    await withDeadline(written, 'the browser');
    assert.equal(fs.readFileSync(out, 'utf8').trim(), URL_TEXT);
  });
  test('a missing browser is one warning with the address', async () => {
    const message = await withDeadline(messages({ BROWSER: '/nowhere/fox' }), 'the warning');
    assert.match(message, /"\/nowhere\/fox".*ENOENT.*Open http:\/\/localhost:4670\/ yourself/);
  });
  test('a browser that fails is one too', async () => {
    const message = await withDeadline(messages({ BROWSER: 'false', PATH: process.env['PATH'] }), 'the warning');
    assert.match(message, /exit code 1/);
  });
});
