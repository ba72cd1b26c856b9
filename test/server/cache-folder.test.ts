import assert from 'node:assert/strict';
import os from 'node:os';
import path from 'node:path';
import { describe, test } from 'node:test';
import { cacheFile, cacheFolder } from '../../src/server/cache-folder.ts';

describe('the folder for what can be made again', () => {
  const home = os.homedir();
  const cases: readonly (readonly [what: string, env: NodeJS.ProcessEnv, platform: NodeJS.Platform, folder: string])[] = [
    ['where the environment says', { XDG_CACHE_HOME: path.resolve('/caches') }, 'linux', path.resolve('/caches/hmr-dev')],
    ['not where that is relative', { XDG_CACHE_HOME: 'caches' }, 'linux', path.join(home, '.cache/hmr-dev')],
    ['in the home folder', {}, 'linux', path.join(home, '.cache/hmr-dev')],
    ['as macOS has it', {}, 'darwin', path.join(home, 'Library/Caches/hmr-dev')],
    ['as Windows has it', { LOCALAPPDATA: path.resolve('/local') }, 'win32', path.resolve('/local/hmr-dev/Cache')],
  ];
  for (const [what, env, platform, folder] of cases) test(what, () => assert.equal(cacheFolder(env, platform), folder));

  test('has a file for each served folder, also for two of one name', () => {
    const [one, two] = [cacheFile('/a/site'), cacheFile('/b/site')];
    assert.notEqual(one, two);
    assert.match(path.basename(one), /^site-[\w-]{10}\.txt$/);
  });
});
